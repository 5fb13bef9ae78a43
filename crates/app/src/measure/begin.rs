//! A measure that a single decision carries: the unit whose decision it is records it, under an item of the list in force.

use super::view::{MeasureInForce, show};
use super::{MEASURE, moved, units_there};
use crate::evaluation::keep;
use crate::listing::{Clerk, case_draft, is_revoked, refused};
use crate::review::rules::{Content, Rules, content_origin, reference};
use crate::{AppError, Result, Writer};
use credence_domain::canonical::hex;
use credence_domain::catalog::Role;
use credence_domain::measure::{Desk, FromDecision, UnitAt, rule};
use credence_domain::publicity::Class;
use credence_domain::record::State;
use credence_domain::record::value::date_of;
use credence_domain::rulebook::Rulebook;
use credence_store::batch::new_number;
use credence_store::clock::Chance;
use credence_store::measure as kept;
use credence_store::scope::View;
use credence_store::{record, subject, unit};
use jiff::civil::Date;
use serde::Deserialize;

/// A measure as it is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beginning {
    /// Code of the measure.
    pub measure: String,
    /// Code of the behaviour item.
    pub behaviour: String,
    /// Public reference of the decision's record.
    pub record: String,
    /// The unit whose decision it is.
    pub unit: String,
    /// The last day that the decision says: where the clause gives a range it is asked for, else the law's own term counts.
    #[serde(default)]
    pub through_on: Option<Date>,
}

/// Begins a measure.
///
/// # Errors
/// What the rules refuse, `unit_unknown`, `not_found` for a record that he does not see, or a fault.
pub fn begin(writer: &mut Writer, rulebook: &Rulebook, clerk: &Clerk, asked: &Beginning) -> Result<MeasureInForce> {
    let begun = begin_waiting(writer, rulebook, clerk, asked)?;
    writer.sequence()?;
    Ok(begun)
}

/// The same for a writer of many, who places their acts in the log together.
pub(super) fn begin_waiting(
    writer: &mut Writer,
    rulebook: &Rulebook,
    clerk: &Clerk,
    asked: &Beginning,
) -> Result<MeasureInForce> {
    let today = writer.clock().today();
    let unknown = || AppError::refused("unit_unknown", "unit", format!("单位目录中没有{}", asked.unit));
    let unit = unit::find(writer.connection(), &asked.unit, today)?.ok_or_else(unknown)?;
    let found = record::by_reference(writer.connection(), &clerk.view, &reference(&asked.record)?)?;
    let stored = found.ok_or(AppError::NotFound)?;
    // Only the authority itself carries out its decision.
    if stored.authority != unit.uscc {
        let text = "该决定不是本单位作出的，不得据此采取措施";
        return Err(AppError::refused(rule::WRONG_BODY.code, "unit", text));
    }
    let keyring = writer.keyring();
    let mut rules = Rules::load(writer.connection(), keyring, rulebook, today)?;
    let version = rules.version(&stored.item)?;
    let content = if stored.packed.is_some() { rules.content(&stored)? } else { Content::default() };
    let through = stored.through_on.and_then(date_of);
    let speaks = stored.state == State::Accepted.code() && !is_revoked(rulebook, version, &content);
    let minor = Class::from_code(&stored.class) == Some(Class::Minor);
    let identity = hex(&stored.identity.0);
    let acting = UnitAt { uscc: unit.uscc.clone(), name: unit.name.clone(), sector: unit.sector.clone() };
    let kinds = content.value(version, Role::PenaltyKinds).split(';').filter(|kind| !kind.is_empty());
    let kinds: Vec<String> = kinds.map(str::to_owned).collect();
    let origin = content_origin(writer.connection(), &View::office(today), &stored)?;
    let entered_by = serde_json::from_str::<serde_json::Value>(&origin.header).ok();
    let entered_by = entered_by.and_then(|header| Some(header.get("actor")?.as_str()?.to_owned())).unwrap_or_default();
    let from = FromDecision {
        kinds: &kinds,
        entered_by: &entered_by,
        measure: &asked.measure,
        behaviour: &asked.behaviour,
        uscc: &stored.uscc,
        unit: &acting,
        record: &identity,
        item: &stored.item,
        document: content.value(version, Role::DocumentNumber),
        decided_on: date_of(stored.decided_on).unwrap_or(today),
        in_force: speaks && !minor && through.is_none_or(|last| today <= last),
        record_through: through,
        through_on: asked.through_on,
    };
    let desk = Desk { rulebook, by: &clerk.name, today };
    let view = View::office(today);
    let organisation = subject::find(writer.connection(), &view, &stored.uscc)?.ok_or(AppError::NotFound)?;
    let units = units_there(writer.connection(), (&organisation.area, &unit.uscc), today)?;
    let (step, measure) = desk.of_decision(&from, &units).map_err(|refusal| refused(&refusal))?;
    let running =
        |head: &kept::Head| head.measure == asked.measure && head.state != "ended" && today <= head.through_on;
    if kept::resting_on(writer.connection(), &stored.uscc, &identity)?.iter().any(running) {
        return Err(refused(&rule::REPEATED.refuse()));
    }
    let number = new_number(&mut Chance::default(), today)?;
    let draft =
        case_draft("measure_begun", clerk, MEASURE, [("measure", &number), ("item", &asked.measure)], rulebook, today);
    writer.change(&draft, |change| {
        let again = kept::resting_on(change.connection, &stored.uscc, &identity)?;
        if again.iter().any(running) {
            return Err(moved(&number));
        }
        kept::open(change, &number, &step, &measure)?;
        keep(change, rulebook, &stored.uscc, today)
    })?;
    show(writer.connection(), &clerk.view, &number)
}
