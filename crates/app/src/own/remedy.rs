//! Until when the organisation may go to a reviewing body or to court, over each decision of its cases; of a person's case whose
//! listing it is, the person may, who is not named.

use super::case::{OFFICER, Told};
use super::view::{OwnDeadline, OwnRemedy};
use credence_domain::queue::read;
use credence_domain::remedy::{Contestable, against_officer};
use credence_domain::rulebook::Rulebook;
use credence_store::Result;
use credence_store::connection::Connection;
use credence_store::officer::{self as officers, Kind};
use jiff::civil::Date;

impl Told {
    /// The last days of the remedies against a decision; what is over is no deadline any more.
    pub(super) fn remedies(
        &mut self,
        (rulebook, today): (&Rulebook, Date),
        (kind, number): (&'static str, &str),
        decision: Option<Contestable<'_>>,
    ) {
        let Some(decision) = decision else { return };
        // A person's decision that was not served was told to nobody.
        if decision.is_unserved() && kind != OFFICER {
            let asked = format!("行政复议、行政诉讼：{}尚未登记送达，期限尚未起算", decision.letter);
            let reading = read(&rulebook.calendar, None, today);
            self.deadlines.push(OwnDeadline::of((kind, number), ("await_service", &asked), None, reading));
        }
        let last_days = decision.last_days(&rulebook.procedure, &rulebook.calendar).into_iter();
        for last in last_days.filter(|last| last.due.provisional || today <= last.due.on) {
            let reading = read(&rulebook.calendar, Some(last.due), today);
            let asked = if kind == OFFICER { format!("责任人员本人{}", last.asked()) } else { last.asked() };
            let step = (last.code.as_str(), asked.as_str());
            let mut made = OwnDeadline::of((kind, number), step, Some(last.due.on), reading);
            made.remedy = Some(OwnRemedy::of(decision.letter, &last));
            self.deadlines.push(made);
        }
    }

    /// The same of those persons who were held to account for a listing of the organisation.
    pub(super) fn remedies_of_persons(
        &mut self,
        connection: &mut Connection,
        (uscc, listing): (&str, &str),
        day: (&Rulebook, Date),
    ) -> Result<()> {
        for head in officers::resting_on(connection, uscc, listing)? {
            if head.kind == Kind::Case {
                let case = crate::officer::case_of(connection, &head)?;
                self.remedies(day, (OFFICER, &head.number), against_officer(&case));
            }
        }
        Ok(())
    }
}
