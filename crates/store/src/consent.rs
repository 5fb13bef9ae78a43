//! Consents (同意代为更正): a unit lets another correct in its name, everything, one item or one record, from a day on. Giving
//! and ending one are acts of the unit that gives it.

use crate::act::Draft;
use crate::change::Writer;
use crate::connection::{Connection, Row};
use crate::{Result, values};
use credence_domain::record::Identity;
use credence_domain::record::value::day_number;
use jiff::civil::Date;
use serde_json::Map;

/// A consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Its number.
    pub number: String,
    /// Who gives it: whose records they are.
    pub owner: String,
    /// Who may act in the owner's name.
    pub acting: String,
    /// Only this item; empty for every item.
    pub item: String,
    /// Only this record: its organisation and identity.
    pub record: Option<(String, Identity)>,
    /// First day.
    pub from_on: Date,
    /// Last day; none: until it is ended.
    pub until_on: Option<Date>,
    /// The person who gave it.
    pub given_by: String,
    /// Why.
    pub reason: String,
    /// Instant at which it was given.
    pub given_at: i64,
    /// Instant at which it was ended.
    pub ended_at: Option<i64>,
}

impl Consent {
    /// Whether it stands on a day.
    #[must_use]
    pub fn stands(&self, day: Date) -> bool {
        self.ended_at.is_none() && self.from_on <= day && self.until_on.is_none_or(|last| day <= last)
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select number, owner, acting, item, uscc, identity, from_on, until_on, given_by, reason, given_at, ",
            "ended_at from consent ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Result<Consent> {
    let uscc = row.string(4)?;
    Ok(Consent {
        number: row.string(0)?,
        owner: row.string(1)?,
        acting: row.string(2)?,
        item: row.string(3)?,
        record: row.opt_array(5)?.map(|identity| (uscc, Identity(identity))),
        from_on: row.opt_date(6)?.unwrap_or_default(),
        until_on: row.opt_date(7)?,
        given_by: row.string(8)?,
        reason: row.string(9)?,
        given_at: row.int(10)?,
        ended_at: row.opt_int(11)?,
    })
}

/// Every consent ever given, of one owner or of all, in order of owners and instants.
///
/// # Errors
/// Whatever the database says.
pub fn list(connection: &mut Connection, owner: Option<&str>) -> Result<Vec<Consent>> {
    connection.rows(
        select!("where $1 = '' or owner = $1 order by owner, given_at, number"),
        values![owner.unwrap_or_default()],
        read,
    )
}

/// The consents of an owner to a unit that stand on a day.
///
/// # Errors
/// Whatever the database says.
pub fn standing(connection: &mut Connection, owner: &str, acting: &str, day: Date) -> Result<Vec<Consent>> {
    let sql = select!("where owner = $1 and acting = $2 order by given_at, number");
    let mut found = connection.rows(sql, values![owner, acting], read)?;
    found.retain(|consent| consent.stands(day));
    Ok(found)
}

fn draft(kind: &'static str, consent: &Consent, actor: &str, reason: &str, rulebook: &[u8; 32], today: Date) -> Draft {
    let mut details = Map::new();
    let mut put = |key: &str, value: &str| drop(details.insert(key.to_owned(), value.into()));
    put("consent", &consent.number);
    put("owner", &consent.owner);
    put("to", &consent.acting);
    put("from", &consent.from_on.to_string());
    if let Some(last) = consent.until_on {
        put("until", &last.to_string());
    }
    if !consent.item.is_empty() {
        put("item", &consent.item);
    }
    if let Some((uscc, identity)) = &consent.record {
        put("organisation", uscc);
        put("record", &identity.to_string());
    }
    Draft {
        kind,
        actor: actor.to_owned(),
        second: None,
        purpose: "directory",
        basis: "鲁信用办〔2019〕8号 十六".to_owned(),
        reason: reason.to_owned(),
        rulebook: *rulebook,
        as_of: today,
        batch: None,
        details,
    }
}

/// Gives a consent; its number and instant are set here.
///
/// # Errors
/// When the owner is not in the directory, or the database fails.
pub fn give(writer: &mut Writer, mut consent: Consent, rulebook: &[u8; 32]) -> Result<Consent> {
    let today = writer.clock.today();
    consent.number = format!("T{}", credence_domain::canonical::hex(&writer.chance.bytes::<8>()?).to_uppercase());
    let draft = draft("consent", &consent, &consent.given_by, &consent.reason, rulebook, today);
    let (given_at, _) = writer.change(&draft, |change| {
        let (uscc, identity) =
            consent.record.as_ref().map_or(("", None), |(uscc, identity)| (uscc.as_str(), Some(&identity.0)));
        change.connection.execute(
            "insert into consent(number, owner, acting, item, uscc, identity, from_on, until_on, given_by, reason,
                    given_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            values![
                consent.number.as_str(),
                consent.owner.as_str(),
                consent.acting.as_str(),
                consent.item.as_str(),
                uscc,
                identity,
                day_number(consent.from_on),
                consent.until_on.map(day_number),
                consent.given_by.as_str(),
                consent.reason.as_str(),
                change.now,
            ],
        )?;
        change.number_under_unit(&consent.owner)?;
        Ok(change.now)
    })?;
    Ok(Consent { given_at, ..consent })
}

/// Ends a consent; false when it was ended before.
///
/// # Errors
/// Whatever the database says.
pub fn end(writer: &mut Writer, consent: &Consent, actor: &str, reason: &str, rulebook: &[u8; 32]) -> Result<bool> {
    let draft = draft("consent_end", consent, actor, reason, rulebook, writer.clock.today());
    let (ended, _) = writer.change(&draft, |change| {
        let now = change.now;
        let ended = change.connection.execute(
            "update consent set ended_at = $2 where number = $1 and ended_at is null",
            values![consent.number.as_str(), now],
        )?;
        if ended > 0 {
            change.number_under_unit(&consent.owner)?;
        }
        Ok(ended > 0)
    })?;
    Ok(ended)
}
