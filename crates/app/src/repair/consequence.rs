//! What follows from a grant, all of it in the act that grants: the record ends in every channel, what rested on it ends, the
//! commitment is published. What follows from its revocation: the record stands again, and what was done is recorded for three years.

use super::ground::{Subject, returns};
use super::{folded, moved, related};
use crate::collect::single::Single;
use crate::listing;
use crate::review::rules::{Rules, content_origin};
use crate::{AppError, Result, Writer};
use credence_domain::canonical::hex;
use credence_domain::record::State as RecordState;
use credence_domain::record::meeting::WITHDRAWN_WITH_BATCH;
use credence_domain::repair::{Case, Desk, Event, Fault, State};
use credence_domain::rulebook::Rulebook;
use credence_store::arrival::{Incoming, Outcome};
use credence_store::change::Change;
use credence_store::repair as kept;
use credence_store::revision::lock;
use credence_store::{StoreError, unit};
use jiff::civil::Date;

/// Item of the record of a commitment.
const COMMITMENT: &str = "commitment";
/// Item of the record of false papers and broken promises.
const DISHONESTY: &str = "repair_dishonesty";

/// The rows that a grant or a revocation enters, judged before anything is written.
pub(super) struct Consequence<'r> {
    commitment: Option<Single<'r>>,
    dishonesty: Option<Single<'r>>,
    about: About,
}

/// What the rows say.
struct About {
    number: String,
    organisation: String,
    unit_name: String,
    today: Date,
    letter_text: String,
    liability: String,
}

impl<'r> Consequence<'r> {
    /// Prepares what follows from a case as it will stand.
    pub(super) fn prepare(
        writer: &mut Writer,
        rulebook: &'r Rulebook,
        (subject, number, today): (&Subject, &str, Date),
        (event, next): (&Event, &Case),
    ) -> Result<Self> {
        let (granted, revoked) = match &next.state {
            State::Granted { .. } => (matches!(event, Event::Granted { .. }), false),
            State::Revoked { was_granted, .. } if matches!(event, Event::Revoked { .. }) => (*was_granted, true),
            _ => (false, false),
        };
        let applied = &next.applied;
        let unknown = || AppError::refused("unit_unknown", "unit", format!("单位目录中没有{}", applied.unit));
        let unit = unit::find(writer.connection(), &applied.unit, today)?.ok_or_else(unknown)?;
        let promise = applied.promise.as_ref();
        let letters = rulebook.commitments.get("repair");
        let edition = promise.and_then(|promise| letters.and_then(|letter| letter.version_on(promise.edition)));
        let letter_text = edition.zip(promise).map(|(edition, promise)| {
            edition.text(&subject.organisation, &applied.uscc, &subject.unit_name, promise.signed_on)
        });
        let about = About {
            number: number.to_owned(),
            organisation: subject.organisation.clone(),
            unit_name: unit.name.clone(),
            today,
            letter_text: letter_text.unwrap_or_default(),
            liability: edition.map(|edition| edition.liability.clone()).unwrap_or_default(),
        };
        let keyring = writer.keyring();
        let mut single = |item: &str| Single::new(writer.connection(), keyring.clone(), (rulebook, item), &unit, today);
        let commitment = if granted { Some(single(COMMITMENT)?) } else { None };
        let dishonesty = if revoked { Some(single(DISHONESTY)?) } else { None };
        let mut prepared = Self { commitment, dishonesty, about };
        prepared.commitment_row(next)?;
        prepared.dishonesty_row(next)?;
        Ok(prepared)
    }

    /// The commitment as it is published, or as what became of it.
    fn commitment_row(&mut self, case: &Case) -> Result<Option<Incoming>> {
        let Some(single) = &mut self.commitment else { return Ok(None) };
        let (about, applied) = (&self.about, &case.applied);
        let signed_on = applied.promise.as_ref().map(|promise| promise.signed_on.to_string()).unwrap_or_default();
        let mut values = vec![
            ("name", about.organisation.as_str()),
            ("uscc", &applied.uscc),
            ("number", &about.number),
            ("kind", "4"),
            ("reason", "信用修复"),
            ("content", &about.letter_text),
            ("liability", &about.liability),
            ("decided_on", &signed_on),
            ("owner_name", &about.unit_name),
            ("owner_uscc", &applied.unit),
            ("disclosure_stated", "1"),
            ("source_name", &about.unit_name),
            ("source_uscc", &applied.unit),
        ];
        let checked_on = about.today.to_string();
        match &case.state {
            State::Revoked { ended, fault, .. } => {
                let kept = if *fault == Fault::BrokenPromise { "broken" } else { "false" };
                values.extend([
                    ("fulfilment", kept),
                    ("checked_on", checked_on.as_str()),
                    ("finding_number", &ended.letter),
                ]);
            }
            _ => values.push(("fulfilment", "open")),
        }
        single.judge(&values).map(Some)
    }

    /// The record of false papers or of a broken promise.
    fn dishonesty_row(&mut self, case: &Case) -> Result<Option<Incoming>> {
        let Some(single) = &mut self.dishonesty else { return Ok(None) };
        let State::Revoked { ended, fault, .. } = &case.state else { return Ok(None) };
        let (about, applied) = (&self.about, &case.applied);
        let decided_on = ended.on.to_string();
        let values = [
            ("name", about.organisation.as_str()),
            ("uscc", &applied.uscc),
            ("document_number", &ended.letter),
            ("fault", fault.code()),
            ("facts", &ended.reason),
            ("decided_on", &decided_on),
            ("owner_name", &about.unit_name),
            ("owner_uscc", &applied.unit),
            ("source_name", &about.unit_name),
            ("source_uscc", &applied.unit),
        ];
        single.judge(&values).map(Some)
    }

    fn enter(&mut self, change: &mut Change<'_>, case: &Case) -> credence_store::Result<()> {
        let rows = [self.commitment_row(case).map_err(as_store)?, self.dishonesty_row(case).map_err(as_store)?];
        let singles = [self.commitment.as_mut(), self.dishonesty.as_mut()];
        for (single, row) in singles.into_iter().zip(rows) {
            let (Some(single), Some(row)) = (single, row) else { continue };
            if let Outcome::Refused(code) = single.arrive(change, &row)? {
                return Err(StoreError::Inconsistent(format!(
                    "what follows from repair {}: {code}",
                    self.about.number
                )));
            }
        }
        Ok(())
    }
}

/// Ends the record and everything that rests on it, and publishes the commitment.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub(super) fn grant(
    change: &mut Change<'_>,
    rules: &mut Rules<'_>,
    (desk, number): (&Desk<'_>, &str),
    case: &Case,
    consequence: &mut Consequence<'_>,
) -> credence_store::Result<()> {
    let State::Granted { ended, .. } = &case.state else { return Ok(()) };
    let (uscc, identity) = (case.applied.uscc.as_str(), kept::identity_of(case)?);
    let view = rules.view();
    let gone = || StoreError::Inconsistent(format!("the record of repair {number} is missing"));
    // The entry of a listing ends by its own case, with its measures; its record says when it left the list.
    let listed = listing::repaired(change, rules, (uscc, &identity), (desk.by, &ended.letter))?;
    let stored = lock(change, &view, &(uscc.to_owned(), identity))?.ok_or_else(gone)?;
    rules.restate(change, &stored, RecordState::Repaired, "")?;
    if listed {
        related::end(change, rules, case, &format!("随移出名单停止公示（{}）", ended.letter))?;
    } else {
        let how = format!("已信用修复（{}）", ended.letter);
        crate::measure::fallen(change, (rules.rulebook(), rules.today), (uscc, &hex(&identity.0), &how))?;
    }
    consequence.enter(change, case)
}

/// Lets the record stand again, where a granted repair is taken back and its batch still stands, for the rest of its time or for one that
/// counts anew; an entry goes back on its list. Records what was done.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub(super) fn revoke(
    change: &mut Change<'_>,
    rules: &mut Rules<'_>,
    (desk, number): (&Desk<'_>, &str),
    case: &Case,
    consequence: &mut Consequence<'_>,
) -> credence_store::Result<()> {
    let State::Revoked { was_granted, ended, restart, .. } = &case.state else { return Ok(()) };
    let (uscc, identity) = (case.applied.uscc.as_str(), kept::identity_of(case)?);
    let view = rules.view();
    let gone = || StoreError::Inconsistent(format!("the record of repair {number} is missing"));
    let stored = lock(change, &view, &(uscc.to_owned(), identity))?.ok_or_else(gone)?;
    // What was read before the file was locked may have moved.
    if restart.is_some() && !returns(change.connection, rules, &stored)? {
        return Err(moved(number));
    }
    related::restore(change, rules, case)?;
    if *was_granted && stored.state == RecordState::Repaired.code() {
        // A batch that was withdrawn while the record was repaired takes it along now: it does not come back.
        if content_origin(change.connection, &view, &stored)?.batch_state == "withdrawn" {
            rules.withdraw(change, &stored, WITHDRAWN_WITH_BATCH)?;
            return consequence.enter(change, case);
        }
        if !listing::restored(change, rules, &stored, (desk.by, &ended.letter, *restart))? {
            rules.restate(change, &stored, RecordState::Accepted, "")?;
        }
    }
    consequence.enter(change, case)
}

/// Stops the open application for a record that has fallen: there is nothing left to repair.
///
/// # Errors
/// Whatever the database says; the caller's transaction is then lost as a whole.
pub(crate) fn fallen(
    change: &mut Change<'_>,
    (rulebook, today): (&Rulebook, Date),
    (uscc, identity, how): (&str, &credence_domain::record::Identity, &str),
) -> credence_store::Result<bool> {
    let about = kept::about(change.connection, uscc, identity)?;
    for head in &about {
        let case = folded(change.connection, head)?;
        if !case.state.is_open() {
            continue;
        }
        // A file that is resumed is judged by the day of its receipt; a case never goes back.
        let desk = Desk { rulebook, by: "system", today: today.max(case.last_on) };
        let stopped = desk.take(&case, Event::Stopped { reason: format!("失信信息：{how}") });
        let (step, next) = stopped.map_err(|_| moved(&head.number))?;
        kept::append(change, (&head.number, head.steps), &step, &next)?;
    }
    Ok(!about.is_empty())
}

fn as_store(error: AppError) -> StoreError {
    match error {
        AppError::Store(error) => error,
        other => StoreError::Inconsistent(other.to_string()),
    }
}
