//! The sweep (通知生成): compares what has happened, and which days are near or over, with the notices that were made, and makes those
//! that are missing. Each turn does bounded work; what it made drops out of what it asks, so that it goes on wherever it stopped,
//! in whatever process, and the same event never makes two notices for one account.

use super::{acting, reading};
use crate::current::Current;
use crate::desk::Desk;
use crate::rest::Rest;
use crate::rulebook::PLATFORM_UNIT;
use crate::{AppError, Result, Service};
use credence_domain::access::Role;
use credence_domain::notice::clock::{of_duty, of_listing, of_measure, of_objection, of_repair};
use credence_domain::notice::{Clock, Kind, Matter, Whose};
use credence_domain::rulebook::Rulebook;
use credence_domain::rulebook::notice::NoticeVersion;
use credence_store::account::AccountId;
use credence_store::act::Draft;
use credence_store::batch::new_number;
use credence_store::clock::Chance;
use credence_store::connection::Connection;
use credence_store::notice::event::{self, Happened};
use credence_store::notice::{self as kept, Planned};
use credence_store::{StoreError, listing, measure, objection, officer, repair};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Map, json};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long it rests when it found nothing.
const LOOKS_EVERY: Duration = Duration::from_secs(5);
/// How long it leaves alone what could not be read or written.
const LEAVES_ALONE: Duration = Duration::from_secs(30);
/// Events of one kind that a turn takes.
const EVENTS: usize = 64;
/// Cases whose clocks a turn looks at.
const CASES: usize = 64;
/// Notices of one act.
const OF_ONE_ACT: usize = 64;
/// Rooms with clocks, in the order of the tour.
const ROOMS: [Matter; 5] = [Matter::Listing, Matter::Repair, Matter::Objection, Matter::Measure, Matter::Officer];

/// Makes the notices that are missing, for one process.
#[derive(Debug)]
pub struct Sweeper {
    service: Current,
    desk: Arc<Desk>,
    place: Mutex<Place>,
    rest: Rest,
}

/// Where the tour of the clocks stands: the room, and the last case looked at in it.
#[derive(Clone, Debug, Default)]
struct Place {
    room: usize,
    after: (String, String),
}

/// What a turn has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Notices that were made.
    pub made: usize,
    /// The tour of the clocks has come to its end.
    pub toured: bool,
}

impl Sweeper {
    /// A sweeper that has not begun.
    #[must_use]
    pub fn new(service: Arc<Service>, desk: Arc<Desk>) -> Self {
        Self { service: Current::new(service), desk, place: Mutex::default(), rest: Rest::default() }
    }

    /// Sweeps until [`Sweeper::stop`] is called.
    pub fn work(&self) {
        loop {
            let wait = match self.turn() {
                Ok(swept) if swept.made > 0 => Duration::ZERO,
                Ok(_) => LOOKS_EVERY,
                Err(error) => {
                    tracing::warn!(code = error.code(), %error, "notices wait");
                    LEAVES_ALONE
                }
            };
            if self.rest.ends_within(wait) {
                return;
            }
        }
    }

    /// Ends [`Sweeper::work`].
    pub fn stop(&self) {
        self.rest.end();
    }

    /// Sweeps until a whole tour has found nothing more: for a command, and for tests. Gives how many notices were made.
    ///
    /// # Errors
    /// As [`Sweeper::turn`].
    pub fn sweep(&self) -> Result<usize> {
        let (mut all, mut in_this_tour) = (0, 0);
        loop {
            let swept = self.turn()?;
            all += swept.made;
            in_this_tour += swept.made;
            if swept.toured {
                if in_this_tour == 0 {
                    return Ok(all);
                }
                in_this_tour = 0;
            }
        }
    }

    /// One bounded look.
    ///
    /// # Errors
    /// `database_in_use`, or a fault of the store.
    pub fn turn(&self) -> Result<Swept> {
        let service = self.service.look_up()?;
        let today = service.real_today();
        let mut planned = news(&service, today)?;
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner).clone();
        planned.extend(clocks(&service, today, &mut place)?);
        let toured = place.room >= ROOMS.len();
        if toured {
            place = Place::default();
        }
        planned.sort();
        planned.dedup();
        let made = self.make(&service, &planned, today)?;
        *self.place.lock().unwrap_or_else(PoisonError::into_inner) = place;
        Ok(Swept { made, toured })
    }

    fn make(&self, service: &Service, planned: &[Planned], today: Date) -> Result<usize> {
        let mut made = 0;
        for chunk in planned.chunks(OF_ONE_ACT) {
            let mut numbered = Vec::with_capacity(chunk.len());
            for one in chunk {
                numbered.push((new_number(&mut Chance::default(), today)?, one.clone()));
            }
            let draft = draft(service.rulebook(), &numbered, today);
            let count = numbered.len();
            let done = self.desk.act(move |writer| {
                writer.change(&draft, |change| {
                    for (number, planned) in &numbered {
                        kept::make(change, number, planned, today)?;
                    }
                    change.number_under_unit(PLATFORM_UNIT)
                })?;
                Ok(())
            });
            match done {
                Ok(()) => made += count,
                // Another process sweeps too: what it has made is no more asked for at the next turn.
                Err(AppError::Store(StoreError::Conflict(_))) => tracing::debug!("notices were made meanwhile"),
                Err(error) => return Err(error),
            }
        }
        Ok(made)
    }
}

/// The act that makes notices: it names each by its number and digest, and nobody who is told.
fn draft(rulebook: &Rulebook, numbered: &[(String, Planned)], today: Date) -> Draft {
    let mut details = Map::new();
    let told =
        numbered.iter().map(|(number, planned)| json!({ "number": number, "digest": kept::digest(number, planned) }));
    details.insert("notices".to_owned(), told.collect());
    Draft {
        kind: "notice",
        actor: PLATFORM_UNIT.to_owned(),
        second: None,
        purpose: "notice",
        basis: "鲁信用办〔2019〕8号 十八".to_owned(),
        reason: String::new(),
        rulebook: rulebook.digest,
        as_of: today,
        batch: None,
        details,
    }
}

fn rule(rulebook: &Rulebook, kind: Kind, today: Date) -> Option<&NoticeVersion> {
    rulebook.notices.get(kind.code())?.version_on(today)
}

/// The first day of what is still news.
fn news_from(rule: &NoticeVersion, today: Date) -> Date {
    today.checked_sub(i64::from(rule.news_days).days()).unwrap_or(Date::MIN)
}

/// What has happened to organisations of which a representative was not told.
fn news(service: &Service, today: Date) -> Result<Vec<Planned>> {
    type Ask = fn(&mut Connection, (Date, Date), usize) -> credence_store::Result<Vec<Happened>>;
    let kinds: [(Kind, Ask, Option<Matter>); 4] = [
        (Kind::LetterMade, event::letters, None),
        (Kind::SupplementAsked, event::supplements, Some(Matter::Repair)),
        (Kind::MeasureBegun, event::measures_begun, Some(Matter::Measure)),
        (Kind::MeasureEnded, event::measures_ended, Some(Matter::Measure)),
    ];
    let granted = service.granted()?;
    let mut planned = Vec::new();
    for (kind, ask, matter) in kinds {
        let Some(rule) = rule(service.rulebook(), kind, today) else { continue };
        let found = service.read(|connection| ask(connection, (news_from(rule, today), today), EVENTS))?;
        for one in found {
            let matter = matter.unwrap_or_else(|| Matter::of_letter(&one.letter));
            if !granted.allows(Role::Organisation, reading(matter)) {
                continue;
            }
            planned.push(Planned {
                uscc: one.uscc,
                account: one.account,
                kind,
                edition: rule.effective_from,
                matter,
                case_number: one.case_number,
                event: one.event,
                due_on: None,
            });
        }
    }
    Ok(planned)
}

/// A case with the clocks that run in it.
struct Ticking {
    uscc: String,
    number: String,
    clocks: Vec<Clock>,
}

/// Looks at the next cases of the tour and moves the place on.
fn clocks(service: &Service, today: Date, place: &mut Place) -> Result<Vec<Planned>> {
    let Some(matter) = ROOMS.get(place.room).copied() else { return Ok(Vec::new()) };
    let (uscc, number) = place.after.clone();
    let found = service.read(|connection| ticking(connection, matter, (&uscc, &number), today))?;
    match found.last().filter(|_| found.len() >= CASES) {
        Some(last) => place.after = (last.uscc.clone(), last.number.clone()),
        None => *place = Place { room: place.room + 1, ..Place::default() },
    }
    let rulebook = service.rulebook();
    let mut planned = Vec::new();
    for case in found {
        for clock in &case.clocks {
            let Some((kind, rule)) = told_of(rulebook, clock, today) else { continue };
            for account in told(service, &clock.whose, (&case.uscc, matter), today)? {
                planned.push(Planned {
                    uscc: case.uscc.clone(),
                    account,
                    kind,
                    edition: rule.effective_from,
                    matter,
                    case_number: case.number.clone(),
                    event: clock.event(),
                    due_on: Some(clock.due_on),
                });
            }
        }
    }
    let mut missing = Vec::new();
    for one in planned {
        if !service.read(|connection| kept::is_made(connection, &one))? {
            missing.push(one);
        }
    }
    Ok(missing)
}

/// What is told of a clock today, by which rule.
fn told_of<'r>(rulebook: &'r Rulebook, clock: &Clock, today: Date) -> Option<(Kind, &'r NoticeVersion)> {
    let (near, over) = match clock.whose {
        Whose::Organisation => (Kind::DeadlineNear, Kind::DeadlinePassed),
        Whose::Unit(_) => (Kind::CaseNear, Kind::CaseLate),
    };
    let lead = rule(rulebook, near, today).and_then(|rule| rule.lead_working_days).unwrap_or_default();
    let from = rule(rulebook, over, today).map_or(today, |rule| news_from(rule, today));
    let kind = clock.kind_on(today, &rulebook.calendar, lead, from)?;
    Some((kind, rule(rulebook, kind, today)?))
}

/// The accounts that are told of a clock: the representatives who may see such cases, or the unit's staff who may act in them.
fn told(service: &Service, whose: &Whose, (uscc, matter): (&str, Matter), today: Date) -> Result<Vec<AccountId>> {
    let granted = service.granted()?;
    match whose {
        Whose::Organisation if !granted.allows(Role::Organisation, reading(matter)) => Ok(Vec::new()),
        Whose::Organisation => service.read(|connection| event::representatives(connection, uscc, today)),
        Whose::Unit(unit) => {
            let staff = service.read(|connection| event::staff(connection, unit, today))?;
            let may = |code: &str| Role::from_code(code).is_some_and(|role| granted.allows(role, acting(matter)));
            Ok(staff.into_iter().filter(|(_, role)| may(role)).map(|(account, _)| account).collect())
        }
    }
}

/// The next cases of a room with the clocks that run in them.
fn ticking(
    connection: &mut Connection,
    matter: Matter,
    after: (&str, &str),
    today: Date,
) -> credence_store::Result<Vec<Ticking>> {
    let broken = |number: &str| StoreError::Inconsistent(format!("the steps of {number} are no lawful sequence"));
    let mut found = Vec::new();
    let mut put = |uscc: String, number: String, clocks: Vec<Clock>| found.push(Ticking { uscc, number, clocks });
    match matter {
        Matter::Listing => {
            for head in listing::answerable_after(connection, after, CASES)? {
                let case = credence_domain::listing::Case::fold(&listing::steps(connection, &head)?);
                let clocks = of_listing(&case.map_err(|_| broken(&head.number))?);
                put(head.uscc, head.number, clocks);
            }
        }
        Matter::Repair => {
            for head in repair::running_after(connection, after, CASES)? {
                let case = credence_domain::repair::Case::fold(&repair::steps(connection, &head)?);
                let clocks = of_repair(&case.map_err(|_| broken(&head.number))?);
                put(head.uscc, head.number, clocks);
            }
        }
        Matter::Objection => {
            // A case whose last day to appeal is over is told as over for as long as that is news.
            let since = today.checked_sub(90.days()).unwrap_or(Date::MIN);
            for head in objection::open_after(connection, after, since, CASES)? {
                let case = credence_domain::objection::Case::fold(&objection::steps(connection, &head)?);
                let clocks = of_objection(&case.map_err(|_| broken(&head.number))?);
                put(head.uscc, head.number, clocks);
            }
        }
        Matter::Measure => {
            for head in measure::tasked_after(connection, after, CASES)? {
                let folded = credence_domain::measure::Measure::fold(&measure::steps(connection, &head)?);
                let clocks = of_measure(&folded.map_err(|_| broken(&head.number))?, today);
                put(head.uscc, head.number, clocks);
            }
        }
        Matter::Officer => {
            for head in officer::owed_after(connection, after, CASES)? {
                let duty = credence_domain::officer::Duty::fold(&officer::steps(connection, &head)?);
                let clocks = of_duty(&duty.map_err(|_| broken(&head.number))?);
                put(head.uscc, head.number, clocks);
            }
        }
    }
    Ok(found)
}
