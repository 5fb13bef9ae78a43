//! What must hold, kept apart from the register: for every key of the world what was said of it, by which batch, and whether a
//! promise keeps it from the public.

use std::collections::{BTreeMap, BTreeSet};

/// Organisation and document number.
pub type Key = (usize, usize);

/// What stands of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// This text, in the words of this batch.
    Text(String),
    /// Its owner has taken it back.
    TakenBack,
    /// Its batch was withdrawn, and nothing stood before it: it may be sent again.
    BatchWithdrawn,
}

/// A version of a record.
#[derive(Clone, Debug)]
pub struct Version {
    pub said: Said,
    /// Who owns the record by it.
    pub owner: usize,
    pub batch: usize,
    /// It carries a number that keeps it back, and nobody has taken that out.
    pub number: bool,
    /// Reason of the whole batch for which it waited when it was made.
    pub with_batch: bool,
}

/// A record of the world.
#[derive(Clone, Debug)]
pub struct Fact {
    pub authority: usize,
    pub versions: Vec<Version>,
    pub erased: bool,
}

/// A batch of the world.
#[derive(Clone, Debug)]
pub struct Batch {
    pub number: String,
    pub unit: usize,
    pub held: bool,
    pub withdrawn: bool,
}

/// What an act should answer to a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    Accepted,
    Corrected,
    Withdrawn,
    Unchanged,
    Rejected(&'static str),
}

#[derive(Debug, Default)]
pub struct Model {
    pub facts: BTreeMap<Key, Fact>,
    pub batches: Vec<Batch>,
}

/// A row as somebody sends it.
#[derive(Clone, Debug)]
pub struct Row {
    pub key: Key,
    pub authority: usize,
    pub text: String,
    pub operation: &'static str,
    pub reason: &'static str,
}

pub const NUMBER: &str = "13800138000";

impl Fact {
    pub fn standing(&self) -> &Version {
        self.versions.last().expect("a version")
    }
}

impl Model {
    /// Whether the standing version waits for a person.
    fn waits(&self, version: &Version) -> bool {
        version.number || (version.with_batch && self.batches[version.batch].held)
    }

    /// Whether the public may see it today; its own days are asked of the register.
    pub fn may_be_public(&self, key: &Key) -> bool {
        let Some(fact) = self.facts.get(key) else { return false };
        let version = fact.standing();
        !fact.erased && matches!(version.said, Said::Text(_)) && !self.waits(version)
    }

    /// What a row of a unit must come to; `over` says that its publicity has run out.
    pub fn expect(&self, unit: usize, row: &Row, over: bool) -> Expected {
        use Expected::{Corrected, Rejected, Unchanged};
        if row.operation == "d" && row.reason.is_empty() {
            return Rejected("withdrawal_reason_missing");
        }
        let Some(fact) = self.facts.get(&row.key) else {
            return match row.operation {
                "u" | "d" => Rejected("record_unknown"),
                _ => Expected::Accepted,
            };
        };
        let standing = fact.standing();
        let may = unit == standing.owner || unit == fact.authority;
        if row.operation == "d" {
            return match &standing.said {
                _ if fact.erased => Rejected("erased"),
                _ if !may => Rejected("owned_by_other_source"),
                Said::TakenBack | Said::BatchWithdrawn => Unchanged,
                Said::Text(_) if over => Rejected("record_ended"),
                Said::Text(_) => Expected::Withdrawn,
            };
        }
        if fact.erased {
            return Rejected("erased");
        }
        let equal = |said: &Said| matches!(said, Said::Text(text) if *text == row.text);
        match &standing.said {
            Said::TakenBack => {
                let before = fact.versions.iter().rev().find(|version| matches!(version.said, Said::Text(_)));
                if before.is_some_and(|version| equal(&version.said)) { Unchanged } else { Rejected("record_ended") }
            }
            Said::BatchWithdrawn if row.operation == "u" => Rejected("record_unknown"),
            Said::BatchWithdrawn => Corrected,
            said if equal(said) => Unchanged,
            Said::Text(_) if over => Rejected("record_ended"),
            Said::Text(_) if !may => Rejected("owned_by_other_source"),
            Said::Text(_) if row.operation == "i" => Rejected("record_exists"),
            Said::Text(_) => Corrected,
        }
    }

    /// Takes a row in as it was expected.
    pub fn take(&mut self, unit: usize, batch: usize, row: &Row, over: bool) {
        let with_batch = self.batches[batch].held;
        let number = row.text.contains(NUMBER);
        match self.expect(unit, row, over) {
            Expected::Accepted => {
                let said = Said::Text(row.text.clone());
                let version = Version { said, owner: unit, batch, number, with_batch };
                let fact = Fact { authority: row.authority, versions: vec![version], erased: false };
                self.facts.insert(row.key, fact);
            }
            Expected::Corrected => {
                let fact = self.facts.get_mut(&row.key).expect("a fact");
                let said = Said::Text(row.text.clone());
                fact.versions.push(Version { said, owner: unit, batch, number, with_batch });
            }
            Expected::Withdrawn => {
                let fact = self.facts.get_mut(&row.key).expect("a fact");
                let owner = fact.standing().owner;
                fact.versions.push(Version { said: Said::TakenBack, owner, batch, number: false, with_batch: false });
            }
            Expected::Unchanged if !over => {
                // The authority itself says what another has sent and becomes the owner: what waited waits for its own batch
                // now, and what a reviewer has taken out it has said again.
                let fact = self.facts.get(&row.key).expect("a fact");
                let standing = fact.standing();
                let takes_over = unit == fact.authority && unit != standing.owner && row.operation != "d";
                if takes_over && matches!(standing.said, Said::Text(_)) {
                    let said_again = self.waits(standing) || number;
                    let next = Version {
                        said: standing.said.clone(),
                        owner: unit,
                        batch,
                        number: said_again && number,
                        with_batch: said_again && with_batch,
                    };
                    let fact = self.facts.get_mut(&row.key).expect("a fact");
                    fact.versions.push(next);
                }
            }
            Expected::Unchanged | Expected::Rejected(_) => {}
        }
    }

    /// A batch is withdrawn: what stood before stands again.
    pub fn withdraw(&mut self, batch: usize) {
        let gone: BTreeSet<usize> =
            (0..self.batches.len()).filter(|at| *at == batch || self.batches[*at].withdrawn).collect();
        for fact in self.facts.values_mut().filter(|fact| !fact.erased) {
            let standing = fact.standing();
            if standing.batch != batch || standing.said == Said::BatchWithdrawn {
                continue;
            }
            let earlier = fact.versions.iter().rev().skip(1).find(|version| !gone.contains(&version.batch)).cloned();
            let owner = standing.owner;
            let next = earlier.unwrap_or(Version {
                said: Said::BatchWithdrawn,
                owner,
                batch,
                number: false,
                with_batch: false,
            });
            fact.versions.push(next);
        }
        self.batches[batch].withdrawn = true;
        self.batches[batch].held = false;
    }
}
