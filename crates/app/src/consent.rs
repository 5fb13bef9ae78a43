//! Acting in another unit's name (代为办理): only the owner corrects its records; another unit, the credit office included,
//! only with the owner's recorded consent, and with a second person.
//!
//! A consent is an act of the owner for a unit: for everything, one item or one record, from a day on. What is done with it
//! names both units, the consent and the second person in its act's header; the record's owner stays the owner. Entrusting
//! (`entrusts`) is something else: it lets a unit send for another, and names the sender as the source.

use crate::{AppError, Result, Writer};
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_store::act::Draft;
use credence_store::arrival::Corrects;
use credence_store::clock::instant_text;
use credence_store::connection::Connection;
pub use credence_store::consent::Consent;
use credence_store::record::{self, Stored};
use credence_store::scope::View;
use credence_store::{consent, unit};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a unit consents to.
#[derive(Clone, Debug, Default)]
pub struct Consenting<'a> {
    /// Whose records they are.
    pub owner: &'a str,
    /// Who may act in its name.
    pub acting: &'a str,
    /// Only this item; empty for every item.
    pub item: &'a str,
    /// Only this record, by its public reference; empty for every record.
    pub record: &'a str,
    /// First day; today where none is given.
    pub from_on: Option<Date>,
    /// Last day.
    pub until_on: Option<Date>,
}

/// Who acts for a unit that is not the owner.
#[derive(Clone, Copy, Debug)]
pub struct Acting<'a> {
    /// The unit.
    pub unit: &'a str,
    /// The second person.
    pub second: &'a str,
}

/// A correction in another's name, as the acts of it and its batch keep it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behalf {
    /// The unit that acts.
    pub unit: String,
    /// The unit in whose name.
    pub owner: String,
    /// The person who acts.
    pub actor: String,
    /// The second person.
    pub second: String,
    /// Numbers of the consents.
    pub consents: Vec<String>,
    /// Why.
    pub reason: String,
}

impl Behalf {
    /// Writes both units, the consents and the second person into an act's header.
    pub fn write_into(&self, draft: &mut Draft) {
        draft.second = Some(self.second.clone());
        draft.details.insert("acting".to_owned(), self.unit.clone().into());
        draft.details.insert("on_behalf_of".to_owned(), self.owner.clone().into());
        draft.details.insert("consents".to_owned(), self.consents.clone().into());
    }
}

/// A consent as people see it.
#[derive(Clone, Debug, Serialize)]
pub struct ConsentView {
    /// Its number.
    pub number: String,
    /// Who gave it.
    pub owner: String,
    /// Who may act in its name.
    pub acting: String,
    /// The only item; null for every item.
    pub item: Option<String>,
    /// The only record: its organisation; null for every record.
    pub uscc: Option<String>,
    /// First day.
    pub from_on: Date,
    /// Last day; null: until it is ended.
    pub until_on: Option<Date>,
    /// The person who gave it.
    pub given_by: String,
    /// Why.
    pub reason: String,
    /// Instant at which it was given.
    pub given_at: String,
    /// Instant at which it was ended.
    pub ended_at: Option<String>,
}

impl From<Consent> for ConsentView {
    fn from(consent: Consent) -> Self {
        Self {
            item: Some(consent.item).filter(|item| !item.is_empty()),
            uscc: consent.record.map(|(uscc, _)| uscc),
            given_at: instant_text(consent.given_at),
            ended_at: consent.ended_at.map(instant_text),
            number: consent.number,
            owner: consent.owner,
            acting: consent.acting,
            from_on: consent.from_on,
            until_on: consent.until_on,
            given_by: consent.given_by,
            reason: consent.reason,
        }
    }
}

/// Gives a consent.
///
/// # Errors
/// `unit_unknown`, `bad_parameter`, `date_order`, `not_found` and `consent_not_owner` for a record, or a fault.
pub fn give(
    writer: &mut Writer,
    rulebook: &Rulebook,
    what: &Consenting<'_>,
    actor: &str,
    reason: &str,
) -> Result<ConsentView> {
    let today = writer.clock().today();
    for (code, field) in [(what.owner, "owner"), (what.acting, "to")] {
        if Uscc::parse(code).is_err() || unit::find(writer.connection(), code, today)?.is_none() {
            return Err(AppError::refused("unit_unknown", field, format!("单位目录中没有{code}，请先登记该单位")));
        }
    }
    let bad = |field: &str, text: &str| Err(AppError::refused("bad_parameter", field, text));
    if what.owner == what.acting {
        return bad("to", "单位无须同意自己，请填写代为办理的其他单位");
    }
    if actor.trim().is_empty() || reason.trim().is_empty() {
        return bad("reason", "同意须写明办理人（--as）和理由（--reason）");
    }
    if !what.item.is_empty() && !rulebook.items.contains_key(what.item) {
        return bad("item", "数据清单中没有该事项");
    }
    let from_on = what.from_on.unwrap_or(today);
    if what.until_on.is_some_and(|last| last < from_on) {
        return Err(AppError::refused("date_order", "until", "截止日早于起始日，请核对"));
    }
    let mut record = None;
    if !what.record.is_empty() {
        let reference = crate::review::rules::reference(what.record)?;
        let found = record::by_reference(writer.connection(), &View::office(today), &reference)?;
        let found = found.ok_or(AppError::NotFound)?;
        if !owns(what.owner, &found) {
            let text = format!("记录{}由{}负责，请由其同意", what.record, found.source);
            return Err(AppError::refused("consent_not_owner", "record", text));
        }
        record = Some((found.uscc, found.identity));
    }
    let consent = Consent {
        number: String::new(),
        owner: what.owner.to_owned(),
        acting: what.acting.to_owned(),
        item: what.item.to_owned(),
        record,
        from_on,
        until_on: what.until_on,
        given_by: actor.to_owned(),
        reason: reason.to_owned(),
        given_at: 0,
        ended_at: None,
    };
    let given = consent::give(writer, consent, &rulebook.digest)?;
    writer.sequence()?;
    Ok(given.into())
}

/// Ends a consent; false when it was ended before.
///
/// # Errors
/// `not_found`, or a fault.
pub fn end(writer: &mut Writer, rulebook: &Rulebook, number: &str, actor: &str, reason: &str) -> Result<bool> {
    let known = consent::list(writer.connection(), None)?.into_iter().find(|consent| consent.number == number);
    let ended = consent::end(writer, &known.ok_or(AppError::NotFound)?, actor, reason, &rulebook.digest)?;
    writer.sequence()?;
    Ok(ended)
}

/// Ends a consent of a unit's own; false when it was ended before.
///
/// # Errors
/// `not_found`, also for another unit's, `reason_missing`, or a fault.
pub fn end_own(
    writer: &mut Writer,
    rulebook: &Rulebook,
    (unit, number): (&str, &str),
    actor: &str,
    reason: &str,
) -> Result<bool> {
    let reason = crate::account::reason(reason)?;
    let of_unit = consent::list(writer.connection(), Some(unit))?;
    if !of_unit.iter().any(|consent| consent.number == number) {
        return Err(AppError::NotFound);
    }
    end(writer, rulebook, number, actor, reason)
}

impl crate::Service {
    /// Consents that a unit gave, and those by which it may act for others; every one for whoever sees those of all units.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn consents_concerning(&self, unit: Option<&str>) -> Result<Vec<ConsentView>> {
        let mut found = self.consents(None)?;
        found.retain(|consent| unit.is_none_or(|unit| consent.owner == unit || consent.acting == unit));
        Ok(found)
    }

    /// Every consent ever given, of one owner or of all.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn consents(&self, owner: Option<&str>) -> Result<Vec<ConsentView>> {
        let found = self.read(|connection| consent::list(connection, owner))?;
        Ok(found.into_iter().map(ConsentView::from).collect())
    }
}

/// Whether a record is a unit's to correct: its owner's, or that of the authority that decided it.
fn owns(unit: &str, stored: &Stored) -> bool {
    unit == stored.source || unit == stored.authority
}

/// Two persons, and not the same.
fn check_four_eyes(actor: &str, second: &str) -> Result<()> {
    if second.trim().is_empty() || actor.trim().to_lowercase() == second.trim().to_lowercase() {
        return Err(AppError::refused("four_eyes", "second", "代为办理须由两人办理，且不得为同一人"));
    }
    Ok(())
}

pub(crate) fn needed(owner: &str, unit: &str) -> AppError {
    let text = format!("该记录由{owner}负责，{unit}未经其同意不得代为办理，请先执行 unit consent give");
    AppError::refused("consent_needed", "unit", text)
}

/// Whether a unit may act on a record, and in whose name; nothing where it is the unit's own.
///
/// # Errors
/// `consent_needed`, `four_eyes`, or a fault.
pub(crate) fn on_record(
    connection: &mut Connection,
    stored: &Stored,
    acting: Acting<'_>,
    (actor, reason): (&str, &str),
    today: Date,
) -> Result<Option<Behalf>> {
    if owns(acting.unit, stored) {
        return Ok(None);
    }
    let key = (stored.uscc.clone(), stored.identity);
    let mut found = consent::standing(connection, &stored.source, acting.unit, today)?;
    found.retain(|one| {
        (one.item.is_empty() || one.item == stored.item) && one.record.as_ref().is_none_or(|only| *only == key)
    });
    behalf(found, &stored.source, acting, (actor, reason)).map(Some)
}

/// Whether a unit may act on everything that an owner has of an item: its own, or with the owner's consent.
pub(crate) fn covers(
    connection: &mut Connection,
    (owner, item): (&str, &str),
    unit: &str,
    today: Date,
) -> credence_store::Result<bool> {
    let on_item = |one: &Consent| one.record.is_none() && (one.item.is_empty() || one.item == item);
    Ok(owner == unit || consent::standing(connection, owner, unit, today)?.iter().any(on_item))
}

/// Whether a unit may act on everything that another owns of an item; nothing where they are the same.
///
/// # Errors
/// `consent_needed`, `four_eyes`, or a fault.
pub(crate) fn on_item(
    connection: &mut Connection,
    (owner, item): (&str, &str),
    acting: Acting<'_>,
    (actor, reason): (&str, &str),
    today: Date,
) -> Result<Option<Behalf>> {
    if owner == acting.unit {
        return Ok(None);
    }
    let mut found = consent::standing(connection, owner, acting.unit, today)?;
    found.retain(|one| one.record.is_none() && (one.item.is_empty() || one.item == item));
    behalf(found, owner, acting, (actor, reason)).map(Some)
}

/// Whether a unit may correct records of an item by a file, and which.
///
/// # Errors
/// `consent_needed`, `four_eyes`, or a fault.
pub(crate) fn on_file(
    connection: &mut Connection,
    (owner, item): (&str, &str),
    acting: Acting<'_>,
    (actor, reason): (&str, &str),
    today: Date,
) -> Result<(Behalf, Corrects)> {
    let mut found = consent::standing(connection, owner, acting.unit, today)?;
    found.retain(|one| one.item.is_empty() || one.item == item);
    let corrects = if found.iter().any(|one| one.record.is_none()) {
        Corrects::All
    } else {
        Corrects::Only(found.iter().filter_map(|one| one.record.clone()).collect())
    };
    Ok((behalf(found, owner, acting, (actor, reason))?, corrects))
}

fn behalf(found: Vec<Consent>, owner: &str, acting: Acting<'_>, (actor, reason): (&str, &str)) -> Result<Behalf> {
    if found.is_empty() {
        return Err(needed(owner, acting.unit));
    }
    check_four_eyes(actor, acting.second)?;
    if reason.trim().is_empty() {
        return Err(AppError::refused("bad_parameter", "reason", "代为办理须写明理由（--reason）"));
    }
    Ok(Behalf {
        unit: acting.unit.to_owned(),
        owner: owner.to_owned(),
        actor: actor.to_owned(),
        second: acting.second.to_owned(),
        consents: found.into_iter().map(|one| one.number).collect(),
        reason: reason.to_owned(),
    })
}
