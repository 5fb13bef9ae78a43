//! What units do about the measures of a demonstration's cases: one in three carries out and reports, one takes note, one does
//! nothing and is late; who took note says so when the measure has ended.

use crate::listing::Clerk;
use crate::measure::{Doing, show, step};
use crate::{Result, Writer};
use credence_domain::measure::Done;
use credence_domain::rulebook::Rulebook;
use credence_store::measure as kept;
use credence_store::scope::View;
use jiff::civil::Date;

/// Takes the steps that the units of a case's measures take on a day; what they did already is not done again.
///
/// # Errors
/// What a step refuses, or a fault.
pub(super) fn carry_out(
    writer: &mut Writer,
    rulebook: &Rulebook,
    (uscc, case, turn): (&str, &str, usize),
    on: Date,
) -> Result<()> {
    let clerk = Clerk { name: "demo-inspector".to_owned(), view: View::office(on) };
    for head in kept::resting_on(writer.connection(), uscc, case)? {
        let measure = show(writer.connection(), &clerk.view, &head.number)?;
        for (place, task) in measure.tasks.iter().enumerate() {
            let diligence = (turn + place) % 3;
            let doings = match (measure.head.state, task.state) {
                ("running", "dispatched") if diligence == 0 => {
                    let effect = "已在有关事项中实施，当事人已经整改（示例）".to_owned();
                    vec![Doing::Acknowledge {}, Doing::Report { done_on: on, done: Done::CarriedOut, effect }]
                }
                ("running", "dispatched") if diligence == 1 => vec![Doing::Acknowledge {}],
                ("ended", "acknowledged" | "reported") => {
                    vec![Doing::Lift { note: "已停止实施，恢复正常办理（示例）".to_owned() }]
                }
                _ => Vec::new(),
            };
            for doing in &doings {
                step(writer, rulebook, (&clerk, &task.unit), &head.number, doing)?;
            }
        }
    }
    Ok(())
}
