//! A crowd for the benchmark of the sweep: many registered organisations with many records each, put straight into the
//! tables.
//!
//! The importer would need minutes for what is measured in seconds, so the rows are written as it would leave them, in
//! order of arrival, with acts, content and log left out: evaluation reads none of these. The same numbers and seed give
//! the same rows on either database. All organisations are made up, in region 379900.

mod fill;
mod held;
mod kept;

pub use fill::{fill, put, touch, unsweep};
pub use held::Held;
pub use kept::{Counted, Results, results};

use crate::province::{Chance, code, departments};
use credence_domain::record::value::day_number;
use jiff::civil::date;

/// Items, their share of a thousand records, and the classes that they come in.
const ITEMS: [(&str, u64, &[&str]); 11] = [
    ("permit", 450, &[""]),
    ("inspection", 250, &[""]),
    ("penalty", 160, &["general", "general", "general", "minor", "minor", "serious"]),
    ("honour", 40, &[""]),
    ("contract", 30, &[""]),
    ("coercion", 20, &[""]),
    ("arrears", 20, &[""]),
    ("abnormal_operation", 15, &[""]),
    ("judgment_defaulter", 8, &[""]),
    ("serious_dishonesty", 5, &[""]),
    ("false_litigation", 2, &[""]),
];
/// How unequal organisations are: the smaller, the more records the first of them have.
const SKEW: f64 = 0.02;

/// How many there are of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crowd {
    /// Organisations.
    pub organisations: u64,
    /// Records.
    pub records: u64,
    /// Seed of everything.
    pub seed: u64,
}

/// A record of the crowd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) organisation: u64,
    pub(crate) item: &'static str,
    pub(crate) class: &'static str,
    pub(crate) state: &'static str,
    pub(crate) unit: usize,
    pub(crate) from_on: i32,
    pub(crate) through_on: Option<i32>,
    /// Identity, reference and what else is random in a row.
    pub(crate) bytes: [u8; 96],
}

impl Crowd {
    /// The code of an organisation: most are companies, one in ten an individual business, which nobody evaluates.
    pub(crate) fn code(&self, organisation: u64) -> String {
        let kind = if organisation % 10 == 7 { "92" } else { "91" };
        code(kind, organisation as usize)
    }

    /// Whether the registrar has told of it: all but one in fifty.
    pub(crate) fn is_registered(&self, organisation: u64) -> bool {
        organisation % 50 != 13
    }

    /// A record by its place in the order of arrival. A few organisations have thousands, half of them fewer than ten.
    pub(crate) fn row(&self, number: u64) -> Row {
        let mut chance = Chance::new(self.seed ^ number << 17, "crowd");
        let share = (chance.number() >> 11) as f64 / (1u64 << 53) as f64;
        let low = SKEW.powi(3);
        let place = ((share + SKEW).powi(3) - low) / ((1.0 + SKEW).powi(3) - low);
        let organisation = ((place * self.organisations as f64) as u64).min(self.organisations.saturating_sub(1));
        let mut at = chance.number() % 1000;
        let mut kind = ITEMS[0];
        for item in ITEMS {
            kind = item;
            if at < item.1 {
                break;
            }
            at -= item.1;
        }
        let from_on = day_number(date(2023, 1, 1)) + chance.below(1_400) as i32;
        let through_on = (!chance.percent(15)).then(|| from_on + [90, 365, 1_095][chance.below(3)]);
        let mut bytes = [0; 96];
        for eight in bytes.chunks_exact_mut(8) {
            eight.copy_from_slice(&chance.number().to_be_bytes());
        }
        Row {
            organisation,
            item: kind.0,
            class: chance.pick(kind.2),
            state: if chance.percent(3) { "withdrawn" } else { "accepted" },
            unit: chance.below(departments().len()),
            from_on,
            through_on,
            bytes,
        }
    }
}

/// The codes of the units that send and decide.
pub(crate) fn units() -> Vec<String> {
    departments().iter().map(crate::province::Department::uscc).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_is_skewed_and_every_kind_of_record_is_in_it() {
        let crowd = Crowd { organisations: 1_000, records: 19_000, seed: 1 };
        let mut counts = vec![0; 1_000];
        let mut items = std::collections::BTreeSet::new();
        for number in 0..crowd.records {
            let row = crowd.row(number);
            assert_eq!(row, crowd.row(number));
            counts[row.organisation as usize] += 1;
            items.insert(row.item);
        }
        assert_eq!(items.len(), ITEMS.len());
        assert_eq!(ITEMS.iter().map(|item| item.1).sum::<u64>(), 1000);
        counts.sort_unstable();
        assert!(counts[500] < 15 && counts[999] > 1_000, "{} {}", counts[500], counts[999]);
    }
}
