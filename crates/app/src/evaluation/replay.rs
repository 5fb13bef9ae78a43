//! Replay: any grade ever told, computed again to the byte from the edition by its digest, the day, and the file as it
//! stood then, as long as its inputs are lawfully held.
//!
//! Serves 鲁信用办〔2019〕8号 arts. 七 and 十七. For the office: records that have ended since are among the inputs.

use super::tell::{Facts, tell};
use super::{National, national};
use crate::query::EvaluationView;
use crate::rulebook::describe;
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::canonical::hex;
use credence_domain::evaluation::{ModelVersion, Scored, Scorer};
use credence_domain::record::value::{date_of, day_number};
use credence_domain::rulebook::Rulebook;
use credence_store::body::Unpacker;
use credence_store::connection::Connection;
use credence_store::evaluation::{self, Kept, Past};
use credence_store::record;
use credence_store::scope::View;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// At which moment the file is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// At the end of the day for which is asked.
    EndOfDay,
    /// At an instant, in microseconds.
    Instant(i64),
}

/// What replaying every kept evaluation found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Replayed {
    /// Evaluations computed again.
    pub replayed: u64,
    /// Evaluations that rest on a record that was erased since.
    pub inputs_erased: u64,
    /// Organisations for which another answer came; none is expected.
    pub differ: Vec<String>,
}

impl Service {
    /// The evaluation of an organisation as it was told on a day under an edition.
    ///
    /// # Errors
    /// `rulebook_unknown`, `inputs_erased`, `not_found` for a code that had no file; or a fault.
    pub fn replay(&self, uscc: &str, day: Date, rulebook: &[u8; 32], moment: Moment) -> Result<EvaluationView> {
        let rulebook = self.edition_of(rulebook)?;
        let office = View::office(day);
        let instant = match moment {
            Moment::Instant(instant) => instant,
            Moment::EndOfDay => credence_store::clock::day_begins(day.tomorrow().unwrap_or(day)) - 1,
        };
        let number = self.read(|connection| evaluation::number_at(connection, &office, uscc, instant))?;
        if number == 0 {
            return Err(AppError::NotFound);
        }
        let records = self.read(|connection| evaluation::past_records(connection, &office, uscc, number))?;
        if records.iter().any(|record| record.is_erased) {
            return Err(AppError::refused("inputs_erased", "uscc", format!("{uscc} 的评价所依据的记录已依法删除")));
        }
        let registered = records.iter().any(|record| record.item == "registration");
        self.read_by_key(|connection, unpacker| {
            let mut facts = Then { connection, unpacker, records: &records, rulebook: &rulebook, day };
            tell(&rulebook, uscc, registered, day, &mut facts)
        })
    }

    /// Computes every kept evaluation again from its number, edition and day, and compares to the byte.
    ///
    /// # Errors
    /// `rulebook_unknown` when an edition is missing; or a fault.
    pub fn replay_kept(&self) -> Result<Replayed> {
        let office = View::office(self.today());
        let mut kept = Vec::new();
        self.read(|connection| {
            evaluation::each(connection, &office, |one| {
                kept.push(one);
                Ok(())
            })
        })?;
        let mut editions: BTreeMap<[u8; 32], Rulebook> = BTreeMap::new();
        let mut found = Replayed::default();
        for one in &kept {
            let rulebook = match editions.entry(one.rulebook) {
                Entry::Occupied(known) => &*known.into_mut(),
                Entry::Vacant(new) => &*new.insert(self.edition_of(&one.rulebook)?),
            };
            let records = self.read(|connection| evaluation::past_records(connection, &office, &one.uscc, one.seq))?;
            if records.iter().any(|record| record.is_erased) {
                found.inputs_erased += 1;
                continue;
            }
            found.replayed += 1;
            if again(rulebook, one, &records).is_none_or(|again| again != one.scored) {
                found.differ.push(one.uscc.clone());
            }
        }
        Ok(found)
    }

    fn edition_of(&self, digest: &[u8; 32]) -> Result<Rulebook> {
        if self.rulebook().digest == *digest {
            return Ok(self.rulebook().clone());
        }
        let body =
            self.read(|connection| credence_store::rulebook::by_digest(connection, digest))?.ok_or_else(|| {
                AppError::refused(
                    "rulebook_unknown",
                    "rulebook",
                    format!("登记库中没有摘要为 {} 的规则手册", hex(digest)),
                )
            })?;
        Rulebook::from_canonical(&body).map_err(|findings| AppError::Rulebook(describe(&findings)))
    }
}

/// A kept evaluation computed again; nothing where the edition does not evaluate as it says.
pub(crate) fn again(rulebook: &Rulebook, kept: &Kept, records: &[Past]) -> Option<Scored> {
    let day = date_of(kept.as_of)?;
    let version = rulebook.models.get(&kept.model)?.version_on(day)?;
    (rulebook.evaluation_digest() == kept.rules).then(|| score(version, records, day))
}

fn score(version: &ModelVersion, records: &[Past], day: Date) -> Scored {
    let mut scorer = Scorer::new(version, day);
    for input in records.iter().filter_map(Past::input) {
        // What began later was not known to be public that day.
        if input.public_from_on <= day_number(day) {
            scorer.take(&input);
        }
    }
    scorer.finish()
}

/// The facts as they stood.
struct Then<'a> {
    connection: &'a mut Connection,
    unpacker: &'a mut Unpacker,
    records: &'a [Past],
    rulebook: &'a Rulebook,
    day: Date,
}

impl Facts for Then<'_> {
    fn national(&mut self) -> credence_store::Result<Option<National>> {
        let day = day_number(self.day);
        let mut public: Vec<&Past> =
            self.records.iter().filter(|record| record.item == national::ITEM && record.was_public_on(day)).collect();
        public.sort_by_key(|record| (std::cmp::Reverse(record.decided_on), *record.identity()));
        for past in public {
            let Some(packed) = record::packed_at(self.connection, past.at)? else { continue };
            let body = self.unpacker.unpack(&packed)?;
            let found = National::read(self.rulebook, past.reference(), &past.source, &body, self.day);
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    fn score(&mut self, version: &ModelVersion) -> credence_store::Result<Scored> {
        Ok(score(version, self.records, self.day))
    }
}
