//! The hearing (听证): asked for by the party, called by a letter that was served seven working days before, presided over by
//! somebody who did not propose (行政处罚法 arts. 六十三, 六十四). When it is held, its day, its presiding officer and the day on
//! which the party was told come from that letter and its service; nobody types them.

use super::{Case, Delivery, Desk, Event, Notified, Refusal, Service, State, Step, rule};
use crate::calendar::Due;
use jiff::civil::{Date, Time};

/// The clock of telling the party of the hearing.
const NOTICE_CLOCK: &str = "penalty-law-hearing-notice";

/// A hearing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hearing {
    /// The day on which it was asked for.
    pub asked_on: Date,
    /// The notice that counts: the last one; none while nobody has called the hearing.
    pub notice: Option<Box<HearingNotice>>,
    /// The day on which it was held and its minutes; none while it was not.
    pub held: Option<(Date, String)>,
}

/// A notice of a hearing (听证通知书).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HearingNotice {
    /// Number of the letter.
    pub letter: String,
    /// The day on which it was written.
    pub made_on: Date,
    /// Day of the hearing.
    pub hearing_on: Date,
    /// Its time.
    pub time: Time,
    /// Where.
    pub place: String,
    /// Who presides.
    pub presided_by: String,
    /// Service of the letter.
    pub served: Option<Service>,
}

/// A hearing as it is called.
#[derive(Clone, Copy, Debug)]
pub struct Call<'c> {
    /// Number of the letter.
    pub letter: &'c str,
    /// Day of the hearing.
    pub hearing_on: Date,
    /// Its time.
    pub time: Time,
    /// Where.
    pub place: &'c str,
    /// Who presides.
    pub presided_by: &'c str,
}

impl Desk<'_> {
    /// Calls a hearing. A second call (another day, or another presiding officer after a recusal) takes the place of the first
    /// and must be served anew.
    ///
    /// # Errors
    /// When none was asked for or it was held, the days until it are too few, or whoever proposed is to preside.
    pub fn notify_hearing(&self, case: &Case, call: &Call<'_>) -> Result<(Step, Case), Refusal> {
        let called = Event::HearingNotified {
            letter: call.letter.trim().to_owned(),
            hearing_on: call.hearing_on,
            time: call.time,
            place: call.place.trim().to_owned(),
            presided_by: call.presided_by.trim().to_owned(),
        };
        let next = self.take(case, called)?;
        let latest = self.latest_notice(call.hearing_on).on;
        if self.today > latest {
            return Err(rule::HEARING_NOTICE_SHORT.because(format!("最迟{latest}送达")));
        }
        Ok(next)
    }

    /// Records that the notice of a hearing was served.
    ///
    /// # Errors
    /// When the service does not count, or there is no such notice to serve.
    pub fn serve_hearing_notice(
        &self,
        case: &Case,
        letter: &str,
        delivery: &Delivery,
    ) -> Result<(Step, Case), Refusal> {
        let service = Service::of(&self.rulebook.procedure, false, letter, delivery, self.today)?;
        self.take(case, Event::HearingServed { service })
    }

    /// Records that the hearing was held, or that the party stayed away from it.
    ///
    /// # Errors
    /// When it was not called, its notice was not served in time, its day has not come, or there are no minutes.
    pub fn hold_hearing(&self, case: &Case, minutes: &str, attended: bool) -> Result<(Step, Case), Refusal> {
        let State::Notified(notified) = &case.state else {
            return Err(rule::STATE_WRONG.because(case.state.code()));
        };
        let (notice, service) = notified.called()?;
        let latest = self.latest_notice(notice.hearing_on);
        if latest.provisional {
            return Err(rule::HEARING_NOTICE_SHORT.because("工作日历尚未公布"));
        }
        if service.served_on > latest.on {
            return Err(rule::HEARING_NOTICE_SHORT.because(format!("最迟{}，请另行通知举行日期", latest.on)));
        }
        let held = Event::HearingHeld {
            notified_on: service.served_on,
            on: notice.hearing_on,
            presided_by: notice.presided_by.clone(),
            minutes: minutes.trim().to_owned(),
            attended,
        };
        self.take(case, held)
    }

    /// The last day on which the party may be told of a hearing; provisional beyond the calendar.
    #[must_use]
    pub fn latest_notice(&self, hearing_on: Date) -> Due {
        let clock = self.rulebook.publicity.clock(NOTICE_CLOCK);
        let none = Due { on: hearing_on, provisional: false };
        clock.map_or(none, |clock| clock.due(&self.rulebook.calendar, hearing_on))
    }
}

impl Notified {
    /// The hearing that waits to be held: asked for, and not over.
    fn waiting(&mut self) -> Result<&mut Hearing, Refusal> {
        let hearing = self.hearing.as_mut().ok_or_else(|| rule::HEARING_NOT_ASKED.refuse())?;
        rule::HEARING_HELD.demand(hearing.held.is_none())?;
        Ok(hearing)
    }

    /// The notice of the hearing with its service.
    fn called(&self) -> Result<(&HearingNotice, &Service), Refusal> {
        let hearing = self.hearing.as_ref().ok_or_else(|| rule::HEARING_NOT_ASKED.refuse())?;
        rule::HEARING_HELD.demand(hearing.held.is_none())?;
        let notice = hearing.notice.as_deref().ok_or_else(|| rule::HEARING_NOT_CALLED.refuse())?;
        let served = notice.served.as_ref().ok_or_else(|| rule::HEARING_NOT_CALLED.because("听证通知书尚未送达"))?;
        Ok((notice, served))
    }
}

/// Takes a step of a hearing that was asked for.
pub(super) fn take(case: &Case, notified: &mut Notified, event: &Event, today: Date) -> Result<(), Refusal> {
    match event {
        Event::HearingNotified { letter, hearing_on, time, place, presided_by } => {
            let hearing = notified.waiting()?;
            rule::LETTER_MISSING.demand(!letter.trim().is_empty())?;
            rule::HEARING_PLACE_MISSING.demand(!place.trim().is_empty())?;
            rule::HEARING_PERSON.demand(!presided_by.trim().is_empty() && *presided_by != case.proposed_by)?;
            rule::HEARING_NOTICE_SHORT.demand(today < *hearing_on)?;
            hearing.notice = Some(Box::new(HearingNotice {
                letter: letter.clone(),
                made_on: today,
                hearing_on: *hearing_on,
                time: *time,
                place: place.clone(),
                presided_by: presided_by.clone(),
                served: None,
            }));
        }
        Event::HearingServed { service } => {
            service.check(today)?;
            let notice = notified.waiting()?.notice.as_mut().ok_or_else(|| rule::HEARING_NOT_CALLED.refuse())?;
            rule::LETTER_MISSING.demand(notice.letter == service.letter)?;
            rule::SERVED_ALREADY.demand(notice.served.is_none())?;
            rule::DAY_TOO_EARLY.demand(notice.made_on <= service.delivered_on)?;
            notice.served = Some(service.clone());
        }
        Event::HearingHeld { notified_on, on, presided_by, minutes, .. } => {
            let (notice, service) = notified.called()?;
            let as_called = (notice.hearing_on, service.served_on) == (*on, *notified_on);
            rule::HEARING_DIFFERS.demand(as_called && notice.presided_by == *presided_by)?;
            rule::HEARING_NOTICE_SHORT.demand(notified_on < on)?;
            rule::DAY_IN_FUTURE.demand(*on <= today)?;
            rule::MINUTES_MISSING.demand(!minutes.trim().is_empty())?;
            notified.waiting()?.held = Some((*on, minutes.clone()));
        }
        _ => return Err(rule::STATE_WRONG.because("notified")),
    }
    Ok(())
}
