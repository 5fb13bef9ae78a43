//! The same crowd in memory, organisation by organisation: what scoring alone is measured on.

use super::{Crowd, Row, units};
use credence_domain::evaluation::Input;

/// All records, those of an organisation beside each other.
#[derive(Debug)]
pub struct Held {
    rows: Vec<Row>,
    /// Where each organisation's records begin, and one past the last.
    starts: Vec<usize>,
    units: Vec<String>,
}

impl Held {
    /// Makes the records of a crowd: 150 bytes each.
    #[must_use]
    pub fn of(crowd: &Crowd) -> Self {
        let mut rows: Vec<Row> = (0..crowd.records).map(|number| crowd.row(number)).collect();
        rows.sort_by_key(|row| row.organisation);
        let starts =
            (0..=crowd.organisations).map(|number| rows.partition_point(|row| row.organisation < number)).collect();
        Self { rows, starts, units: units() }
    }

    /// How many organisations there are.
    #[must_use]
    pub fn organisations(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The accepted records of an organisation.
    pub fn records(&self, organisation: usize) -> impl Iterator<Item = Input<'_>> {
        let bounds = self.starts.get(organisation).zip(self.starts.get(organisation + 1));
        let rows = bounds.and_then(|(from, to)| self.rows.get(*from..*to)).unwrap_or_default();
        rows.iter().filter(|row| row.state == "accepted").filter_map(|row| {
            Some(Input {
                reference: row.bytes.get(16..32)?.try_into().ok()?,
                identity: row.bytes.first_chunk()?,
                item: row.item,
                class: row.class,
                source: self.units.get(row.unit)?,
                public_from_on: row.from_on,
                public_through_on: row.through_on,
            })
        })
    }
}
