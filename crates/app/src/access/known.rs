//! The file as it was known at an instant (`known_at`, transaction time): which records, measures and repairs stood then, whether each
//! was public, and the grade. For auditors and the organisation itself, with a purpose; the public sees of the past only what is
//! public today.
//!
//! Serves 鲁信用办〔2019〕8号 arts. 十 (过程可追溯) and 十五: what a grant ended, it ended in one act, and this shows it a moment before and
//! after.

use super::Reason;
use crate::account::Person;
use crate::desk::Desk;
use crate::evaluation::Moment;
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::canonical::hex;
use credence_domain::measure::Measure;
use credence_domain::record::value::{date_of, day_number};
use credence_domain::repair::Case;
use credence_store::clock::{civil_date, instant_text};
use credence_store::scope::View;
use credence_store::{evaluation, measure, repair, rulebook};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

/// A record as it was known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KnownRecord {
    /// Its public reference.
    pub id: String,
    /// Item.
    pub item: String,
    /// Stored state then.
    pub state: String,
    /// Whether it was public on the day of the instant.
    pub public: bool,
    /// First public day then.
    pub public_from_on: Option<Date>,
    /// Last public day then.
    pub public_through_on: Option<Date>,
}

/// A measure as it was known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KnownMeasure {
    /// Its number.
    pub number: String,
    /// Code in the measures list.
    pub measure: String,
    /// `running`, `suspended` or `ended`.
    pub state: &'static str,
}

/// A repair as it was known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KnownRepair {
    /// Its number.
    pub number: String,
    /// Where it stood.
    pub state: &'static str,
}

/// A file as it was known at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KnownFile {
    /// The organisation.
    pub uscc: String,
    /// The instant.
    pub known_at: String,
    /// The number of its last change by then.
    pub number: i64,
    /// The grade as it was told then; none where none was, or where what it rested on was erased since.
    pub grade: Option<&'static str>,
    /// Its points.
    pub points: Option<i64>,
    /// Records, in order of identities.
    pub records: Vec<KnownRecord>,
    /// Measures, in order of numbers.
    pub measures: Vec<KnownMeasure>,
    /// Repairs, in order of numbers.
    pub repairs: Vec<KnownRepair>,
}

impl Service {
    /// The file of an organisation as it was known at an instant, noted in the access journal like any look into a file.
    ///
    /// # Errors
    /// As [`Service::read_file`]; `forbidden` for roles that see nothing of what has ended; `bad_parameter` for what is no instant, or
    /// one that is still to come; `not_found` where there was no file yet.
    pub fn file_as_known(
        &self,
        desk: &Desk,
        person: &Person,
        uscc: &str,
        (reason, known_at): (&Reason, &str),
    ) -> Result<KnownFile> {
        if !person.role.sees_what_has_ended() {
            return Err(AppError::refused(
                "forbidden",
                "known_at",
                "只有审计人员和信用主体本身可以查看过去某一时刻的档案",
            ));
        }
        let wrong = |text: &str| AppError::refused("bad_parameter", "known_at", text.to_owned());
        let instant: Timestamp = known_at.parse().map_err(|_| wrong("时刻须写成 2026-11-29T08:00:00Z 的形式"))?;
        let instant = instant.as_microsecond();
        if instant > self.now_micros() {
            return Err(wrong("时刻不得晚于现在"));
        }
        // Purpose, rights, journal and the rules over it are those of any look.
        let now = self.read_file(desk, person, uscc, reason)?;
        self.file_at(uscc, instant, &now.withheld)
    }

    fn file_at(&self, uscc: &str, instant: i64, withheld: &[String]) -> Result<KnownFile> {
        let day = civil_date(instant);
        let office = View::office(day);
        let (number, past, measures, repairs, edition) = self.read(|connection| {
            let seq = evaluation::number_at(connection, &office, uscc, instant)?;
            let past = evaluation::past_records(connection, &office, uscc, seq)?;
            let mut measures = Vec::new();
            for (number, steps) in measure::known_steps(connection, uscc, seq)? {
                measures.extend(Measure::fold(&steps).ok().map(|measure| (number, measure)));
            }
            let mut repairs = Vec::new();
            for (number, steps) in repair::known_steps(connection, uscc, seq)? {
                repairs.extend(Case::fold(&steps).ok().map(|case| (number, case)));
            }
            let editions = rulebook::enactments(connection)?;
            let edition = editions.into_iter().rev().find(|one| one.at <= instant).map(|one| one.digest);
            Ok((seq, past, measures, repairs, edition))
        })?;
        if number == 0 {
            return Err(AppError::NotFound);
        }
        let told = edition.map(|edition| self.replay(uscc, day, &edition, Moment::Instant(instant)));
        let (grade, points) = match told {
            Some(Ok(told)) => (told.grade, told.points),
            Some(Err(AppError::Refused { .. } | AppError::NotFound)) | None => (None, None),
            Some(Err(error)) => return Err(error),
        };
        // What was erased since is told by its tombstone, and of items that the purpose does not open nothing is told.
        let opened = past.iter().filter(|record| !record.is_erased && !withheld.contains(&record.item));
        let records = opened.map(|record| KnownRecord {
            id: hex(record.reference()),
            item: record.item.clone(),
            state: record.state().to_owned(),
            public: record.was_public_on(day_number(day)),
            public_from_on: record.days().0.and_then(date_of),
            public_through_on: record.days().1.and_then(date_of),
        });
        Ok(KnownFile {
            uscc: uscc.to_owned(),
            known_at: instant_text(instant),
            number,
            grade,
            points,
            records: records.collect(),
            measures: measures
                .into_iter()
                .map(|(number, measure)| {
                    let state = measure.code_on(day);
                    KnownMeasure { number, measure: measure.begun.measure, state }
                })
                .collect(),
            repairs: repairs
                .into_iter()
                .map(|(number, case)| KnownRepair { number, state: case.state.code() })
                .collect(),
        })
    }
}
