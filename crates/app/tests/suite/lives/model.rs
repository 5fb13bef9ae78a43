//! What must hold, in as few words as possible and in none of the program's: for each record whether something ends it or keeps it
//! back, for each case who did what.

use jiff::civil::Date;

/// Persons of the units; which of them acts is chance.
pub const PERSONS: [&str; 4] = ["甲", "乙", "丙", "丁"];

/// A penalty, or the entry of a listing.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Public reference of its record.
    pub id: String,
    pub firm: usize,
    /// Number of the decision; empty for an entry.
    pub number: String,
    /// It may carry a listing.
    pub heavy: bool,
    /// Last public day, as it was told when it was published.
    pub through_on: Date,
    pub fallen: bool,
    pub repaired: bool,
}

/// A listing.
#[derive(Clone, Debug)]
pub struct Listing {
    pub number: String,
    pub firm: usize,
    /// The penalty on which it rests, and its entry, in the model's list of facts.
    pub base: usize,
    pub entry: Option<usize>,
    pub by: usize,
    pub served: Option<Date>,
    pub waived: bool,
    /// `open`, `listed`, `over`.
    pub state: &'static str,
    pub filed: bool,
    pub filed_by: Option<usize>,
    pub stayed: bool,
    pub measures: usize,
}

/// An application for a repair or a shield.
#[derive(Clone, Debug)]
pub struct Repair {
    pub number: String,
    pub fact: usize,
    pub plan: bool,
    /// It took a shield over.
    pub followed: bool,
    /// As the register says it.
    pub state: &'static str,
    pub parts: Vec<usize>,
    pub asked: bool,
    /// Its revocation is proposed.
    pub revoking: Option<Revoking>,
}

/// A revocation that is proposed.
#[derive(Clone, Debug)]
pub struct Revoking {
    pub by: usize,
    pub served: Option<Date>,
    /// A grant was got by deceit.
    pub deceived: bool,
}

/// A measure that a single decision carries.
#[derive(Clone, Debug)]
pub struct Single {
    pub number: String,
    pub fact: usize,
    pub ended: bool,
}

/// An objection of the organisation's.
#[derive(Clone, Debug)]
pub struct Objection {
    pub number: String,
    pub fact: usize,
    /// `filed`, `decided`, `over`.
    pub state: &'static str,
    /// Last day on which the answer may be appealed.
    pub appeal_until: Option<Date>,
}

#[derive(Debug, Default)]
pub struct Model {
    /// The organ is a market regulator: what is revoked for deceit counts anew, a year, and cannot end early.
    pub market: bool,
    pub singles: Vec<Single>,
    pub objections: Vec<Objection>,
    pub facts: Vec<Fact>,
    pub listings: Vec<Listing>,
    pub repairs: Vec<Repair>,
}

impl Repair {
    pub fn is_open(&self) -> bool {
        matches!(self.state, "applied" | "arrived" | "wanting" | "accepted" | "shielded")
    }

    pub fn shields(&self) -> bool {
        self.state == "shielded" || (self.followed && self.is_open())
    }
}

impl Model {
    /// The open case about a record.
    pub fn open(&self, fact: usize) -> Option<usize> {
        self.repairs.iter().position(|repair| repair.fact == fact && repair.is_open())
    }

    fn shielded(&self, fact: usize) -> bool {
        self.repairs.iter().any(|repair| repair.fact == fact && repair.shields())
    }

    /// Whether the public sees a record on a day.
    pub fn is_public(&self, at: usize, day: Date) -> bool {
        let fact = &self.facts[at];
        let kept_back = self.listings.iter().any(|listing| listing.entry == Some(at) && listing.stayed);
        day <= fact.through_on && !fact.fallen && !fact.repaired && !kept_back && !self.shielded(at)
    }

    /// How the measures of a listing stand.
    pub fn measures_of(&self, listing: &Listing) -> &'static str {
        match listing.state {
            "over" => "ended",
            _ if listing.stayed || listing.entry.is_some_and(|entry| self.shielded(entry)) => "suspended",
            _ => "running",
        }
    }

    /// How a measure of a single decision stands.
    pub fn stands(&self, single: &Single) -> &'static str {
        match single.ended {
            true => "ended",
            false if self.shielded(single.fact) => "suspended",
            false => "running",
        }
    }

    /// What a decision carries ends with it.
    pub fn end_singles(&mut self, fact: usize) {
        self.singles.iter_mut().filter(|one| one.fact == fact).for_each(|one| one.ended = true);
    }

    /// A penalty falls: what rests on it ends, what was asked for about it stops.
    pub fn fall(&mut self, at: usize) {
        self.facts[at].fallen = true;
        self.end_singles(at);
        self.stop(at);
        for number in 0..self.listings.len() {
            if self.listings[number].base == at && self.listings[number].state != "over" {
                self.delist(number);
            }
        }
    }

    /// A listing ends, with its entry and its measures.
    pub fn delist(&mut self, number: usize) {
        let listing = &mut self.listings[number];
        (listing.state, listing.stayed) = ("over", false);
        if let Some(entry) = listing.entry {
            self.facts[entry].fallen = true;
            self.stop(entry);
        }
    }

    fn stop(&mut self, fact: usize) {
        for repair in self.repairs.iter_mut().filter(|repair| repair.fact == fact && repair.is_open()) {
            (repair.state, repair.revoking) = ("stopped", None);
        }
    }
}
