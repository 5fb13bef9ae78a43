//! 十六: who stands where is what acts say: every state of a unit and of an area was entered by an act with these words, and none
//! beside.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_domain::directory::{Area, UnitState};
use credence_store::audit;
use credence_store::connection::Connection;
use credence_store::unit::{self, Unit};
use jiff::civil::Date;
use serde_json::Value;
use std::collections::BTreeMap;

pub const REQUIREMENT: Requirement = Requirement {
    id: "directory_kept",
    source: FOUNDING,
    article: "十六",
    demand: "every state of every unit and area was entered by an act that says the same, and every such act has its state",
    check: Check::Whole(check),
};

/// An act that enters a unit or an area.
struct Entry {
    id: [u8; 16],
    at: i64,
    set: Value,
    days: Vec<Option<Date>>,
}

/// Entries by code, in the order in which they were made.
type Entries = BTreeMap<String, Vec<Entry>>;

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let (mut units, mut areas) = (Entries::new(), Entries::new());
    audit::each_act(connection, |act| {
        let (entries, code) = match act.kind.as_str() {
            "unit" => (&mut units, "uscc"),
            "area" => (&mut areas, "code"),
            _ => return Ok(()),
        };
        let header: Value = serde_json::from_str(&act.header).unwrap_or_default();
        let Some(set) = header.pointer("/details/set").cloned() else { return Ok(()) };
        let code = set.get(code).and_then(Value::as_str).unwrap_or_default().to_owned();
        let days = header.pointer("/details/from").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let days = days.iter().map(|day| day.as_str().and_then(|day| day.parse().ok())).collect();
        entries.entry(code).or_default().push(Entry { id: act.id, at: act.at, set, days });
        Ok(())
    })?;
    for entries in units.values_mut().chain(areas.values_mut()) {
        entries.sort_by_key(|entry| (entry.at, entry.id));
    }
    check_units(connection, reading, units, tally)?;
    check_areas(reading, &areas, tally);
    Ok(())
}

fn check_units(
    connection: &mut Connection,
    reading: &Reading,
    mut entries: Entries,
    tally: &mut Tally,
) -> credence_store::Result<()> {
    for kept in unit::list(connection, Date::MAX)? {
        let own = entries.remove(&kept.uscc).unwrap_or_default();
        let states = reading.units.units.get(&kept.uscc).map(Vec::as_slice).unwrap_or_default();
        let last = own.last().and_then(said);
        let problem = match last {
            None => Some("no act entered it".to_owned()),
            Some(last)
                if (&last.name, &last.names, &last.entrusts, &last.declared)
                    != (&kept.name, &kept.names, &kept.entrusts, &kept.declared) =>
            {
                Some("name, other names, entrusted units or totals are not those of its last act".to_owned())
            }
            Some(_) => states_differ(states, &own),
        };
        tally.expect(problem.is_none(), || Example {
            uscc: kept.uscc.clone(),
            act: own.last().map(|entry| hex(&entry.id)),
            record: None,
            problem: problem.unwrap_or_default(),
        });
    }
    for (uscc, own) in entries {
        let act = own.last().map(|entry| hex(&entry.id));
        tally.fail(Example { uscc, act, record: None, problem: "the unit that acts entered is gone".to_owned() });
    }
    Ok(())
}

/// The unit as an act says it.
fn said(entry: &Entry) -> Option<Unit> {
    serde_json::from_value(entry.set.clone()).ok()
}

/// Every state has an act of its instant that says its day, and every day of an act a state; the last state of an act is the one that
/// its words give. What was entered before states were dated has the instant 0 and no act of its own.
fn states_differ(states: &[UnitState], entries: &[Entry]) -> Option<String> {
    let dated = states.iter().filter(|state| state.entered_at != 0);
    for state in dated.clone() {
        let entry = entries.iter().find(|entry| entry.at == state.entered_at && entry.days.contains(&state.from_on));
        let Some(entry) = entry else { return Some("a state of it was entered by no act".to_owned()) };
        let words = said(entry);
        let is_last = entry.days.last() == Some(&state.from_on);
        if is_last && words.is_none_or(|words| words != words.clone().with(Some(state))) {
            return Some("a state of it is not what its act says".to_owned());
        }
    }
    let days: usize = entries.iter().map(|entry| entry.days.len()).sum();
    let begun = states.iter().any(|state| state.entered_at == 0);
    (days > dated.count() && !begun).then(|| "a state that an act entered is gone".to_owned())
}

fn check_areas(reading: &Reading, entries: &Entries, tally: &mut Tally) {
    for (code, own) in entries {
        let states = reading.units.areas.by_code.get(code).map(Vec::as_slice).unwrap_or_default();
        let says = |entry: &Entry, state: &Area| {
            entry.at == state.entered_at && serde_json::to_value(state).is_ok_and(|state| state == entry.set)
        };
        let whole = own.len() == states.len() && own.iter().all(|entry| states.iter().any(|state| says(entry, state)));
        tally.expect(whole, || Example {
            uscc: own
                .first()
                .and_then(|entry| reading.acts.get(&entry.id))
                .map(|act| act.uscc.to_string())
                .unwrap_or_default(),
            act: own.last().map(|entry| hex(&entry.id)),
            record: None,
            problem: format!("the states of area {code} are not those that acts entered"),
        });
    }
    for code in reading.units.areas.by_code.keys().filter(|code| !entries.contains_key(*code)) {
        let last = reading.acts.iter().max_by_key(|(_, act)| act.header.at);
        tally.fail(Example {
            uscc: last.map(|(_, act)| act.uscc.to_string()).unwrap_or_default(),
            act: last.map(|(id, _)| hex(id)),
            record: None,
            problem: format!("no act entered area {code}"),
        });
    }
}
