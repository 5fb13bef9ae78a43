//! Cases that something outside them ends: a document they rest on has fallen, or the repair of their entry was granted.

use super::publish::Publisher;
use super::refused;
use super::step::{Office, as_store};
use crate::Result;
use crate::review::rules::{Next, Rules};
use credence_domain::listing::{self, Case, Cause, Desk, Event, Refusal};
use credence_domain::publicity::Restart;
use credence_domain::record::Identity;
use credence_domain::rulebook::Rulebook;
use credence_domain::rulebook::letter::LetterKind;
use credence_store::change::Change;
use credence_store::connection::Connection;
use credence_store::listing::{self as kept, Head};
use credence_store::record::Stored;
use credence_store::scope::View;
use credence_store::{StoreError, letter, subject, unit};
use jiff::civil::Date;

impl<'o> Office<'o> {
    /// Puts the entry back that a record publishes, with the measures of its decision that the list still holds, inside the act that
    /// revokes the repair by which it left; whether it stands again.
    pub(super) fn restore(
        &mut self,
        change: &mut Change<'_>,
        rules: &mut Rules<'_>,
        stored: &Stored,
        (document, restart): (&str, Option<Restart>),
    ) -> credence_store::Result<bool> {
        // An entry whose time is over stays off its list.
        let Ok((step, next)) = self.desk.restore(&self.case, document, restart) else { return Ok(false) };
        let head = self.head.clone();
        kept::append(change, (&head.number, head.steps), &step, &next, None)?;
        let content = rules.content(stored)?;
        let content = self.publisher.content(rules.version(&stored.item)?, &next, content).map_err(as_store)?;
        let (source, state) = (stored.source.as_str(), credence_domain::record::State::Accepted);
        rules.settle(change, stored, Next { state, hold: "", source, content: &content, packed: None })?;
        let rules_of_the_day = (self.desk.rulebook, self.desk.by, self.desk.today);
        crate::measure::follow(change, rules_of_the_day, (&head.number, &self.case, &next))?;
        crate::officer::follow(change, rules_of_the_day, (&head.number, &self.case, &next))?;
        Ok(true)
    }

    /// A case that a fallen document ends, by whoever ended the document.
    pub(super) fn of_fallen(
        change: &mut Change<'_>,
        (rulebook, by, today): (&'o Rulebook, &'o str, Date),
        head: &Head,
    ) -> credence_store::Result<Self> {
        let broken = |refusal: Refusal| StoreError::Inconsistent(format!("listing {}: {refusal}", head.number));
        let case = Case::fold(&kept::steps(change.connection, head)?).map_err(broken)?;
        let gone = || StoreError::Inconsistent(format!("unit {} of listing {} is gone", case.unit, head.number));
        // A file that is resumed is judged by the day of its receipt; a case never goes back.
        let today = today.max(case.last_on);
        let keyring = change.keyring();
        let view = View::office(today);
        let organisation = subject::find(change.connection, &view, &case.uscc)?.ok_or_else(gone)?;
        Ok(Self {
            desk: Desk { rulebook, by, today },
            bases: Vec::new(),
            unit: unit::find(change.connection, &case.unit, today)?.ok_or_else(gone)?,
            organisation: organisation.name,
            letters: Vec::new(),
            publisher: Publisher::on(change.connection, keyring, rulebook, &case, today).map_err(as_store)?,
            head: head.clone(),
            case,
            papers: Vec::new(),
            by_party: false,
            known: listing::Known::default(),
        })
    }

    /// Ends the case, for a document it rests on has fallen.
    pub(super) fn fall(
        &mut self,
        change: &mut Change<'_>,
        rules: &mut Rules<'_>,
        (record, document): (String, String),
    ) -> credence_store::Result<()> {
        let head = self.head.clone();
        let broken = |refusal: Refusal| StoreError::Inconsistent(format!("listing {}: {refusal}", head.number));
        let over = self.case.listed().is_some_and(|listed| listed.decided.through_on < self.desk.today);
        if over {
            // What has run out by itself stays as it ended.
            return Ok(());
        }
        if self.case.listed().is_none() {
            let event = Event::BaseRevoked { record, document };
            let (step, next) = self.desk.take(&self.case, event).map_err(broken)?;
            return self.put(change, rules, (&head, &step, &next), None);
        }
        self.end(change, rules, Cause::BaseRevoked { record, document })
    }

    /// Removes the entry for a cause that is not a person's choice.
    pub(super) fn end(
        &mut self,
        change: &mut Change<'_>,
        rules: &mut Rules<'_>,
        cause: Cause,
    ) -> credence_store::Result<()> {
        let head = self.head.clone();
        let broken = |refusal: Refusal| StoreError::Inconsistent(format!("listing {}: {refusal}", head.number));
        let serial = letter::next_serial(change, &self.case.unit, self.desk.today.year())?;
        let (step, next, _) = self.remove(&cause, serial).map_err(broken)?;
        self.put(change, rules, (&head, &step, &next), Some((LetterKind::Removal, serial)))
    }

    /// Ends the entry by the way out that is open today, for its repair was granted.
    pub(super) fn repair(
        &mut self,
        change: &mut Change<'_>,
        rules: &mut Rules<'_>,
        document: &str,
    ) -> credence_store::Result<()> {
        let number = self.head.number.clone();
        let broken = |refusal: Refusal| StoreError::Inconsistent(format!("listing {number}: {refusal}"));
        let cause = way_out(&self.case, document, self.desk.today).map_err(broken)?;
        self.end(change, rules, cause)
    }
}

/// Whether the entry that a record publishes could stand again, were the repair revoked by which it left its list; true of a record that
/// publishes none.
///
/// # Errors
/// Whatever the database says.
pub(crate) fn may_return(
    connection: &mut Connection,
    rules: &mut Rules<'_>,
    (uscc, identity): (&str, &Identity),
) -> credence_store::Result<bool> {
    let Some(head) = kept::published_by(connection, uscc, identity)? else { return Ok(true) };
    let broken = |refusal: Refusal| StoreError::Inconsistent(format!("listing {}: {refusal}", head.number));
    let case = Case::fold(&kept::steps(connection, &head)?).map_err(broken)?;
    // What the file says of the documents of a case is not looked at while its entry is off the list.
    Ok(case.may_return() && super::known::fallen(connection, rules, &case)?.is_empty())
}

/// The way out that is open on a day.
fn way_out(case: &Case, document: &str, today: Date) -> std::result::Result<Cause, Refusal> {
    let listed = case.listed().ok_or_else(|| listing::rule::STATE_WRONG.because(case.state.code()))?;
    let open = listed.decided.exits.iter().find(|way| way.from_on <= today);
    let first = listed.decided.exits.iter().map(|way| way.from_on).min();
    let early = || listing::rule::EXIT_TOO_EARLY.because(first.map(|day| format!("最早{day}")).unwrap_or_default());
    let way = open.ok_or_else(early)?;
    Ok(Cause::Repair { exit: way.name.clone(), document: document.to_owned() })
}

/// Whether the entry that a record publishes, where it publishes one, may end today by a repair that this person grants.
///
/// # Errors
/// What the rules of listing refuse, so a way out that is not open yet or whoever proposed the listing himself; or a fault.
pub(crate) fn may_be_repaired(
    connection: &mut Connection,
    (rulebook, by, today): (&Rulebook, &str, Date),
    (uscc, identity): (&str, &Identity),
) -> Result<()> {
    let Some(head) = kept::published_by(connection, uscc, identity)? else { return Ok(()) };
    let broken = |refusal: Refusal| StoreError::Inconsistent(format!("listing {}: {refusal}", head.number));
    let case = Case::fold(&kept::steps(connection, &head)?).map_err(broken)?;
    let cause = way_out(&case, "0", today).map_err(|refusal| refused(&refusal))?;
    let event = Event::Removed { cause, letter: "0".to_owned() };
    let desk = Desk { rulebook, by, today };
    desk.take(&case, event).map_err(|refusal| refused(&refusal))?;
    Ok(())
}
