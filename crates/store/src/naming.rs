//! What an organisation is called while its rows arrive: the first row names it, a registration renames it, any other name
//! is a conflict for a person. Nothing is matched by name here.

use crate::Result;
use crate::arrival::{Incoming, Sending};
use crate::bulk::Head;
use crate::bulk::name::{self, Alias, Conflict, Former, KnownName};
use crate::change::Registration;
use crate::connection::Connection;
use credence_domain::record::text::fold_name;
use credence_domain::subject::Uscc;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

/// An organisation while its rows arrive.
pub(crate) struct Subject<'a> {
    /// Its name.
    pub(crate) name: String,
    /// The name folded.
    pub(crate) folded: String,
    /// It was on file before.
    pub(crate) known: bool,
    /// Somebody has named it.
    pub(crate) named: bool,
    /// Its registration has arrived.
    pub(crate) registered: bool,
    /// Where it is registered.
    pub(crate) area: Cow<'a, str>,
    /// Number of its last change.
    pub(crate) seq: i64,
    /// Name conflicts found in this chunk.
    pub(crate) conflicts: i64,
    /// What a registration says of it.
    pub(crate) registration: Option<&'a Registration>,
}

impl<'a> Subject<'a> {
    pub(crate) fn new(head: &'a Head) -> Self {
        Self {
            name: head.name.clone(),
            folded: head.folded.clone(),
            known: head.known,
            named: !head.name.is_empty(),
            registered: head.registered,
            area: Cow::Borrowed(&head.area),
            seq: head.seq,
            conflicts: 0,
            registration: None,
        }
    }

    /// Takes the name of a row: the first names the organisation, a registration renames it, any other difference is a
    /// conflict for a person and never a reason to refuse the row. A row that waits for a person names nobody: what it says may be
    /// somebody's number, or wrong, and its release names ([`crate::subject::name`]).
    pub(crate) fn name(&mut self, naming: &mut Naming<'a>, row: &'a Incoming) {
        let is_first = !self.named;
        if is_first && !row.hold.is_empty() {
            return;
        }
        // Folding costs more than comparing, and nearly every row has the name on file.
        let folded = if self.named && *self.name == *row.name { self.folded.clone() } else { fold_name(&row.name) };
        // A registration that waits renames nobody: its release does (`crate::subject::register`).
        let registration = row.registration.as_ref().filter(|_| row.hold.is_empty());
        if let Some(registration) = registration {
            if self.named && self.folded != folded {
                naming.give_up(row.uscc, std::mem::take(&mut self.folded), std::mem::take(&mut self.name));
            }
            (self.name, self.folded) = (row.name.to_string(), folded);
            (self.named, self.registered, self.registration) = (true, true, Some(&**registration));
            self.area = Cow::Borrowed(&registration.area);
        } else if !self.named {
            (self.name, self.folded, self.named) = (row.name.to_string(), folded, true);
        } else if self.folded != folded && row.registration.is_none() && naming.contradict(row, folded) {
            self.conflicts += 1;
        }
        if is_first || row.registration.is_some() {
            naming.aliases.extend(row.aliases.iter().map(|(kind, value)| (row.uscc, *kind, &**value)));
        }
    }
}

/// Names that a chunk looks up and leaves to be written.
#[derive(Default)]
pub(crate) struct Naming<'a> {
    known: HashMap<(Uscc, String), KnownName>,
    former: Vec<Former>,
    conflicts: Vec<Conflict<'a>>,
    aliases: Vec<Alias<'a>>,
}

impl<'a> Naming<'a> {
    /// Looks up every name in the chunk that is not the one on file. `heads` are those of `usccs`, both in the order of
    /// the rows.
    pub(crate) fn look(connection: &mut Connection, rows: &[Incoming], usccs: &[Uscc], heads: &[Head]) -> Result<Self> {
        let mut names = BTreeSet::new();
        let mut rest = rows.iter().peekable();
        for (uscc, head) in usccs.iter().zip(heads) {
            while let Some(row) = rest.next_if(|row| row.uscc == *uscc) {
                if head.known && *head.name != *row.name {
                    names.insert((*uscc, fold_name(&row.name)));
                }
            }
        }
        let names: Vec<(Uscc, String)> = names.into_iter().collect();
        let known = name::known(connection, &names)?;
        Ok(Self { known: names.into_iter().zip(known).collect(), ..Self::default() })
    }

    fn give_up(&mut self, uscc: Uscc, folded: String, name: String) {
        self.known.entry((uscc, folded.clone())).or_default().former = true;
        self.former.push(Former { uscc, folded, name });
    }

    /// True when this is a conflict that was not there before.
    fn contradict(&mut self, row: &'a Incoming, folded: String) -> bool {
        let known = self.known.entry((row.uscc, folded.clone())).or_default();
        if known.former || known.conflict {
            return false;
        }
        known.conflict = true;
        self.conflicts.push(Conflict { uscc: row.uscc, folded, name: &row.name });
        true
    }

    /// Writes what the chunk left.
    pub(crate) fn flush(&self, connection: &mut Connection, sending: Sending<'_>, now: i64) -> Result<()> {
        name::insert_former(connection, &self.former, now)?;
        name::insert_conflicts(connection, &self.conflicts, sending.source, sending.batch, now)?;
        name::insert_aliases(connection, &self.aliases)
    }
}
