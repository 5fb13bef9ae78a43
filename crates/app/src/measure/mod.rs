//! Measures in force (惩戒措施实例) as a use case: begun with a listing or a decision, dispatched, acknowledged, reported on, suspended
//! and ended with their cause.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十三. Every step is an act on the organisation, numbered and committed like a record. The measures of
//! a listing begin, rest and end in the act of the listing's own step; nobody begins or ends them by hand. Whether a step is
//! lawful is `domain::measure`; who holds which office is [`crate::access`].

mod begin;
mod board;
mod doing;
mod follow;
mod person;
mod step;
mod view;

pub use begin::{Beginning, begin};
pub use board::{Board, BoardLine, board};
pub use doing::Doing;
pub use person::{begin_as, step_as};
pub use step::step;
pub use view::{HeadView, MeasureInForce, StepView, TaskView, list, show};

pub(crate) use follow::{fallen, follow, rest};

use credence_domain::directory::LATEST;
use credence_domain::listing::Refusal;
use credence_domain::measure::{Measure, UnitAt};
use credence_store::connection::Connection;
use credence_store::measure::{self as kept, Head};
use credence_store::{StoreError, unit};
use jiff::civil::Date;

/// What an act of a measure is for, and the article that asks for it.
const MEASURE: (&str, &str) = ("measure", "十三");

/// The measure that its steps have made.
pub(crate) fn folded(connection: &mut Connection, head: &Head) -> credence_store::Result<Measure> {
    let broken = |refusal: Refusal| StoreError::Inconsistent(format!("measure {}: {refusal}", head.number));
    Measure::fold(&kept::steps(connection, head)?).map_err(broken)
}

/// The units that may be charged with a measure on an organisation registered in an area: the one whose decision it is, those of
/// the province, and those of the city and county in which it is registered.
fn units_there(
    connection: &mut Connection,
    (area, own): (&str, &str),
    today: Date,
) -> credence_store::Result<Vec<UnitAt>> {
    let directory = unit::directory(connection)?;
    let there = |unit: &unit::Unit| {
        if unit.uscc == own {
            return true;
        }
        let Some(state) = directory.unit(&unit.uscc, today, LATEST) else { return false };
        match state.level.as_str() {
            "city" | "county" => directory.texts_within(&state.area, today).contains(area),
            _ => true,
        }
    };
    let found = unit::list(connection, today)?.into_iter().filter(there);
    Ok(found.map(|unit| UnitAt { uscc: unit.uscc, name: unit.name, sector: unit.sector }).collect())
}

fn moved(number: &str) -> StoreError {
    StoreError::Conflict(format!("measure {number} has moved"))
}
