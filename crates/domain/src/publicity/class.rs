//! The class of a record: what the authority states, else what the order's table of kinds proposes.
//!
//! A higher class is never guessed from an amount, a sector or a count. Several kinds in one decision: the highest.

use super::rules::Chosen;
use super::{By, Class, Facts, Pack, Row, Rules};

/// A record's class.
#[derive(Clone, Copy, Debug)]
pub(super) struct Classified<'r> {
    pub(super) row: &'r Row,
    pub(super) class: Option<Class>,
    pub(super) by: By,
    /// A kind that falls on persons only is among the kinds.
    pub(super) person_only: bool,
}

/// Finds the row of the chosen pack. None where the pack has neither a fixed row nor a table that fits.
pub(super) fn classify<'r>(rules: &'r Rules, chosen: &Chosen<'r>, facts: &Facts<'_>) -> Option<Classified<'r>> {
    if let Some(row) = chosen.row {
        return Some(Classified { row, class: row.class, by: By::Text, person_only: false });
    }
    let (proposed, by, person_only) = propose(rules, chosen.pack, facts)?;
    let stated = facts.class_stated.map(|text| rules.stated(text));
    let Some(code) = stated else {
        return Some(Classified { row: proposed, class: proposed.class, by, person_only });
    };
    let class = Class::from_code(code);
    let row = stated_row(chosen.pack, code, class, proposed);
    match (row, class) {
        (Some(row), _) => Some(Classified { row, class: row.class.or(class), by: By::Stated, person_only }),
        // The order knows no such classes: its own row gives the period, the statement stays the class.
        (None, Some(_)) => Some(Classified { row: proposed, class, by: By::Stated, person_only }),
        (None, None) => Some(Classified { row: proposed, class: proposed.class, by, person_only }),
    }
}

/// The row of a stated class: the row of that name, else the proposed one if it has the class, else the mildest that
/// has it.
pub(super) fn stated_row<'r>(pack: &'r Pack, code: &str, class: Option<Class>, proposed: &'r Row) -> Option<&'r Row> {
    let same_act = || pack.rows.iter().filter(|r| r.act == proposed.act);
    same_act()
        .find(|r| r.code == code)
        .or_else(|| Some(proposed).filter(|r| class.is_some() && r.class == class))
        .or_else(|| same_act().filter(|r| class.is_some() && r.class == class).min_by_key(|r| r.severity))
}

/// What the table of kinds says.
pub(super) fn propose<'r>(rules: &'r Rules, pack: &'r Pack, facts: &Facts<'_>) -> Option<(&'r Row, By, bool)> {
    let table = rules.table_of(pack)?;
    let one = |text: &str| {
        let (kind, person_only) = rules.kind(text);
        let map = table.maps.iter().find(|m| m.fits(kind, facts))?;
        Some((pack.row(&map.row)?, map.by, person_only))
    };
    if facts.penalty_kinds.is_empty() {
        return one("");
    }
    let mut best: Option<(&'r Row, By, bool)> = None;
    for found in facts.penalty_kinds.iter().filter_map(|text| one(text)) {
        let person_only = found.2 || best.is_some_and(|b| b.2);
        let (row, by, _) = match best {
            Some(b) if b.0.severity > found.0.severity => b,
            // Of two kinds in the same row the one that the order names gives the reason.
            Some(b) if b.0.severity == found.0.severity && b.1 == By::Text => b,
            _ => found,
        };
        best = Some((row, by, person_only));
    }
    best
}
