//! Organisations under both editions: what is told of their grade before, on enactment, and once their records are judged
//! again.

use super::record::{Days, Judged};
use super::{OrganisationImpact, OrganisationMove, Told, Transition};
use crate::evaluation::{Facts, National, national, tell};
use crate::verify::case::Case;
use credence_domain::evaluation::{Input, ModelVersion, Scored, Scorer};
use credence_domain::record::State;
use credence_domain::record::value::day_number;
use credence_domain::rulebook::Rulebook;
use credence_store::body::Body;
use credence_store::{Result, StoreError, scope};
use jiff::civil::Date;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The file of one organisation: its records that have not ended, in order of identities.
#[derive(Default)]
pub(super) struct File {
    pub(super) uscc: String,
    registered: bool,
    records: Vec<Record>,
}

struct Record {
    identity: [u8; 16],
    reference: [u8; 16],
    item: String,
    source: String,
    decided_on: i32,
    /// Of the national result alone.
    body: Option<Body>,
    judged: Judged,
}

/// Which of a record's days are looked at.
#[derive(Clone, Copy)]
enum Side {
    Before,
    After,
}

impl File {
    pub(super) fn of(uscc: &str) -> Self {
        Self { uscc: uscc.to_owned(), ..Self::default() }
    }

    pub(super) fn take(&mut self, case: &Case<'_>, judged: Judged) {
        let stored = case.stored;
        self.registered |= stored.item == "registration" && stored.state == State::Accepted.code();
        self.records.push(Record {
            identity: stored.identity.0,
            reference: stored.reference,
            item: stored.item.clone(),
            source: stored.source.clone(),
            decided_on: stored.decided_on,
            body: case.body.filter(|_| stored.item == national::ITEM).cloned(),
            judged,
        });
    }

    /// The records that are public on a day, with their days.
    fn public(&self, side: Side, day: i32) -> impl Iterator<Item = (&Record, &Days)> {
        self.records.iter().filter_map(move |record| {
            let days = match side {
                Side::Before => &record.judged.before,
                Side::After => &record.judged.after,
            };
            // Only accepted records have a first public day.
            let public = scope::is_public(State::Accepted.code(), days.from_on, days.through_on, day);
            public.then_some((record, days))
        })
    }
}

/// The facts of a file on one side, as one edition reads them.
struct Sided<'a> {
    file: &'a File,
    side: Side,
    rulebook: &'a Rulebook,
    day: Date,
}

impl Facts for Sided<'_> {
    fn national(&mut self) -> Result<Option<National>> {
        let public = self.file.public(self.side, day_number(self.day));
        let mut results: Vec<(&Record, &Body)> =
            public.filter_map(|(record, _)| Some((record, record.body.as_ref()?))).collect();
        results.sort_by_key(|(record, _)| (Reverse(record.decided_on), record.identity));
        let read = |(record, body): &(&Record, &Body)| {
            National::read(self.rulebook, &record.reference, &record.source, body, self.day)
        };
        Ok(results.iter().find_map(read))
    }

    fn score(&mut self, version: &ModelVersion) -> Result<Scored> {
        let mut scorer = Scorer::new(version, self.day);
        for (record, days) in self.file.public(self.side, day_number(self.day)) {
            scorer.take(&Input {
                reference: &record.reference,
                identity: &record.identity,
                item: &record.item,
                class: &days.class,
                source: &record.source,
                public_from_on: days.from_on.unwrap_or_default(),
                public_through_on: days.through_on,
            });
        }
        Ok(scorer.finish())
    }
}

/// Grades one organisation after another.
pub(super) struct Grades<'r> {
    enacted: &'r Rulebook,
    new: &'r Rulebook,
    day: Date,
    examples: usize,
    transitions: BTreeMap<(Option<&'static str>, Option<&'static str>), u64>,
    done: OrganisationImpact,
    failed: Option<StoreError>,
}

impl<'r> Grades<'r> {
    pub(super) fn new(enacted: &'r Rulebook, new: &'r Rulebook, day: Date, examples: usize) -> Self {
        let (transitions, done) = (BTreeMap::new(), OrganisationImpact::default());
        Self { enacted, new, day, examples, transitions, done, failed: None }
    }

    /// Looks at an organisation whose records are all taken.
    pub(super) fn look(&mut self, file: &File) {
        if file.records.is_empty() || self.failed.is_some() {
            return;
        }
        if let Err(error) = self.compare(file) {
            self.failed = Some(error);
        }
    }

    fn compare(&mut self, file: &File) -> Result<()> {
        self.done.examined += 1;
        let before = self.told(self.enacted, file, Side::Before)?;
        let at_once = self.told(self.new, file, Side::Before)?;
        let after = self.told(self.new, file, Side::After)?;
        self.done.at_once += u64::from(at_once != before);
        if before == after && before == at_once {
            return Ok(());
        }
        self.done.moved += 1;
        *self.transitions.entry((before.grade, after.grade)).or_default() += 1;
        if self.done.examples.len() < self.examples {
            self.done.examples.push(OrganisationMove { uscc: file.uscc.clone(), before, after, at_once });
        }
        Ok(())
    }

    fn told(&self, rulebook: &Rulebook, file: &File, side: Side) -> Result<Told> {
        let mut facts = Sided { file, side, rulebook, day: self.day };
        let told = tell(rulebook, &file.uscc, file.registered, self.day, &mut facts)?;
        Ok(Told { model: told.model, grade: told.grade, points: told.points })
    }

    /// The totals.
    pub(super) fn finish(self) -> Result<OrganisationImpact> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let of = |((from, to), organisations)| Transition { from, to, organisations };
        Ok(OrganisationImpact { transitions: self.transitions.into_iter().map(of).collect(), ..self.done })
    }
}
