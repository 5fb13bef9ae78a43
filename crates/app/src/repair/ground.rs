//! The record that is to be repaired: what the rules say of it today, and what everyone who may see it is told of its repair.

use super::folded;
use crate::listing::{may_return, refused};
use crate::review::rules::{Content, Rules, content_origin, reference};
use crate::{AppError, Result};
use credence_domain::canonical::hex;
use credence_domain::catalog::Role;
use credence_domain::listing::Refusal;
use credence_domain::publicity::{Counted, Restart};
use credence_domain::record::State;
use credence_domain::record::value::{date_of, day_number};
use credence_domain::repair::{Desk, Ground, Notice, notice, rule};
use credence_domain::rulebook::Rulebook;
use credence_store::connection::Connection;
use credence_store::kept_back::SHIELDED;
use credence_store::record::{self, Stored};
use credence_store::repair as kept;
use credence_store::scope::View;
use credence_store::secret::Keyring;
use credence_store::{subject, unit};
use jiff::civil::Date;

/// A record with everything that a repair asks of it.
pub(super) struct Subject {
    pub(super) stored: Stored,
    pub(super) content: Content,
    pub(super) document: String,
    pub(super) organisation: String,
    pub(super) unit_name: String,
    identity: String,
    barred_through_on: Option<Date>,
    restart: Option<Restart>,
    /// Whether the record would stand again, were the repair revoked that ended it.
    pub(super) returns: bool,
}

impl Subject {
    /// Of a record that stands.
    pub(super) fn of(connection: &mut Connection, rules: &mut Rules<'_>, stored: Stored) -> Result<Self> {
        let today = rules.today;
        let version = rules.version(&stored.item)?;
        let content = if stored.packed.is_some() { rules.content(&stored)? } else { Content::default() };
        let organisation = subject::find(connection, &View::office(today), &stored.uscc)?.ok_or(AppError::NotFound)?;
        let unit = unit::find(connection, &stored.authority, today)?;
        let unit = unit.ok_or_else(|| refused(&rule::UNVERIFIED_AUTHORITY.because(&stored.authority)))?;
        let mut barred_through_on = None;
        for head in kept::about(connection, &stored.uscc, &stored.identity)? {
            if head.state == "revoked" {
                barred_through_on = barred_through_on.max(folded(connection, &head)?.barred_through_on());
            }
        }
        let restart = kept::restart(connection, &stored.uscc, &stored.identity)?;
        Ok(Self {
            returns: returns(connection, rules, &stored)?,
            restart,
            document: content.value(version, Role::DocumentNumber).to_owned(),
            organisation: organisation.name,
            unit_name: unit.name,
            identity: hex(&stored.identity.0),
            barred_through_on,
            content,
            stored,
        })
    }

    /// Whether the record is one of those that may be repaired at all, as it is stored; one that is shielded is, by an application that
    /// goes on from its shield.
    pub(super) fn stands(&self, today: Date, shielded: bool) -> std::result::Result<(), Refusal> {
        rule::REPAIRED.demand(self.stored.state != State::Repaired.code())?;
        let over = self.stored.through_on.and_then(date_of).is_some_and(|last| last < today);
        rule::ENDED.demand(!over)?;
        let hidden = self.stored.state == State::Hidden.code() && self.stored.hold == SHIELDED;
        rule::NOT_PUBLIC.demand((shielded && hidden) || self.stored.is_public_on(day_number(today)))
    }

    /// Looks at it as the rules do.
    pub(super) fn with<T>(
        &self,
        rules: &mut Rules<'_>,
        look: impl FnOnce(&Ground<'_>) -> T,
    ) -> credence_store::Result<T> {
        let published_on = self.stored.published_on.and_then(date_of).unwrap_or(rules.today);
        let counted = Counted { published_on, restart: self.restart };
        rules.judge(&self.stored.item, &self.content, (&self.stored.authority, counted), |facts, decision| {
            look(&Ground {
                record: &self.identity,
                item: &self.stored.item,
                uscc: &self.stored.uscc,
                organisation: &self.organisation,
                document: &self.document,
                unit: &self.stored.authority,
                unit_name: &self.unit_name,
                decision,
                facts,
                barred_through_on: self.barred_through_on,
            })
        })
    }
}

/// Whether a repaired record would stand again, were its repair revoked: its batch was not withdrawn meanwhile, and an entry that it
/// publishes left its list by the repair alone.
pub(super) fn returns(
    connection: &mut Connection,
    rules: &mut Rules<'_>,
    stored: &Stored,
) -> credence_store::Result<bool> {
    if stored.state != State::Repaired.code() {
        return Ok(false);
    }
    let withdrawn = content_origin(connection, &rules.view(), stored)?.batch_state == "withdrawn";
    Ok(!withdrawn && may_return(connection, rules, (&stored.uscc, &stored.identity))?)
}

/// The repair notice (信用修复告知) of a record that a view may see: whether, from when and how it may be repaired.
///
/// # Errors
/// `not_found` for a record that the view does not see, `bad_parameter` for what is no reference, or a fault.
pub fn notice_of(
    connection: &mut Connection,
    keyring: Keyring,
    (rulebook, view): (&Rulebook, &View),
    id: &str,
) -> Result<Notice> {
    let found = record::by_reference(connection, view, &reference(id)?)?.ok_or(AppError::NotFound)?;
    let mut rules = Rules::load(connection, keyring, rulebook, view.today)?;
    let adverse = rules.version(&found.item)?.nature == credence_domain::catalog::Nature::Dishonesty;
    if !adverse {
        return Err(refused(&rule::NOT_PUBLIC.because("不是失信信息")));
    }
    told(connection, &mut rules, found)
}

/// What everyone who may see an adverse record is told of its repair.
///
/// # Errors
/// `repair_authority_unknown` where nobody of the directory decided it, or a fault.
pub(super) fn told(connection: &mut Connection, rules: &mut Rules<'_>, stored: Stored) -> Result<Notice> {
    let (rulebook, today) = (rules.rulebook(), rules.today);
    let subject = Subject::of(connection, rules, stored)?;
    let desk = Desk { rulebook, by: "", today };
    let told = subject.with(rules, |ground| notice(&desk, ground))?;
    Ok(match subject.stands(today, false) {
        Err(refusal) if told.eligible => {
            Notice { eligible: false, code: Some(refusal.code()), reason: Some(refusal.told()), ..told }
        }
        _ => told,
    })
}
