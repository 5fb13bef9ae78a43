//! Filing: what a party says against a record about it becomes a case, or joins the one that is open, whatever the channel.

use super::view::{CaseView, show};
use super::{OBJECTION, folded, moved};
use crate::evaluation::keep;
use crate::listing::{Clerk, case_draft, refused};
use crate::review::rules::{Rules, reference};
use crate::rulebook::PLATFORM_UNIT;
use crate::{AppError, Result, Writer};
use credence_domain::canonical::hex;
use credence_domain::catalog::Role;
use credence_domain::objection::{
    self, Channel, Claim, Contest, Desk, Evidence, Matter, Office, Standing, Statement, rule,
};
use credence_domain::paper::files_of_objection;
use credence_domain::record::State;
use credence_domain::rulebook::Rulebook;
use credence_store::batch::new_number;
use credence_store::clock::Chance;
use credence_store::objection as kept;
use credence_store::paper;
use credence_store::record::{self, Stored};
use credence_store::scope::Scope;
use credence_store::unit;
use jiff::civil::Date;
use serde::Deserialize;

/// Who acts, and for which unit.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Name and what he sees.
    pub clerk: Clerk,
    /// His unit; empty for the organisation itself.
    pub unit: String,
}

/// What is filed, as a request carries it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filing {
    /// `objection`, `complaint` or `reply`.
    pub matter: Matter,
    /// Public reference of the record.
    pub record: String,
    /// In words.
    pub ground: String,
    /// What is contested.
    #[serde(default)]
    pub contested: Vec<Contest>,
    /// Fields with the values claimed.
    #[serde(default)]
    pub claims: Vec<Claim>,
    /// Documents.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// How it came; online where it is left out.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// The day on which the paper came; today where it is left out.
    #[serde(default)]
    pub received_on: Option<Date>,
}

/// Files, or joins what is open.
///
/// # Errors
/// What the rules refuse, `forbidden` for another's record, `not_found` for one that he does not see, or a fault.
pub fn file(writer: &mut Writer, rulebook: &Rulebook, actor: &Actor, asked: &Filing) -> Result<CaseView> {
    let filed = file_waiting(writer, rulebook, actor, asked)?;
    writer.sequence()?;
    Ok(filed)
}

/// The same for a writer of many, who places their acts in the log together.
pub(super) fn file_waiting(
    writer: &mut Writer,
    rulebook: &Rulebook,
    actor: &Actor,
    asked: &Filing,
) -> Result<CaseView> {
    let today = writer.clock().today();
    let found = record::by_reference(writer.connection(), &actor.clerk.view, &reference(&asked.record)?)?;
    let stored = found.filter(|one| one.state != State::Erased.code() && one.packed.is_some());
    let stored = stored.ok_or(AppError::NotFound)?;
    let handler = handler(actor, &stored, asked)?;
    let keyring = writer.keyring();
    let mut rules = Rules::load(writer.connection(), keyring, rulebook, today)?;
    let version = rules.version(&stored.item)?;
    let unknown = |claim: &&Claim| !version.fields.iter().any(|field| field.code == claim.field);
    if let Some(claim) = asked.claims.iter().find(unknown) {
        return Err(refused(&rule::FIELD_UNKNOWN.because(&claim.field)));
    }
    let number = rules.content(&stored)?.value(version, Role::DocumentNumber).to_owned();
    let item_name = rulebook.items.get(&stored.item).map_or(stored.item.as_str(), |item| item.name.as_str());
    let title = if number.is_empty() { item_name.to_owned() } else { number };
    let (owner_name, handler_name) = (named(writer, &stored.source, today)?, named(writer, &handler, today)?);
    let statement = Statement {
        channel: asked.channel.clone().unwrap_or(Channel::Online {}),
        received_on: asked.received_on.unwrap_or(today),
        ground: asked.ground.trim().to_owned(),
        contested: asked.contested.clone(),
        claims: asked.claims.clone(),
        evidence: asked.evidence.clone(),
    };
    let desk = Desk { rulebook, by: &actor.clerk.name, unit: &actor.unit, today };
    let named = |number: &str, kind| {
        let details = [("objection", number), ("matter", asked.matter.code())];
        case_draft(kind, &actor.clerk, OBJECTION, details, rulebook, today)
    };
    for head in kept::about(writer.connection(), &stored.uscc, &stored.identity)? {
        let case = folded(writer.connection(), &head)?;
        if head.matter == Matter::Reply && asked.matter == Matter::Reply {
            let over = matches!(case.standing, Standing::Withdrawn | Standing::Refused);
            rule::REPLY_STANDING.demand(over).map_err(|refusal| refused(&refusal))?;
        }
        if head.matter != asked.matter || head.matter == Matter::Reply || !case.is_open_on(today) {
            continue;
        }
        let (step, next) = desk.join(&case, &statement).map_err(|refusal| refused(&refusal))?;
        let files = crate::paper::known(writer.connection(), &head.uscc, &files_of_objection(&step.event))?;
        writer.change(&named(&head.number, "objection_joined"), |change| {
            let standing = kept::lock(change, &head.uscc, &head.number)?;
            let standing = standing.filter(|one| one.steps == head.steps).ok_or_else(|| moved(&head.number))?;
            kept::append(change, (&head.number, standing.steps), &step, &next)?;
            paper::cite(change, &head.uscc, (paper::Matter::Objection, &head.number), &files)?;
            keep(change, rulebook, &head.uscc, today)
        })?;
        return show(writer.connection(), &actor.clerk.view, &head.number);
    }
    let record = hex(&stored.identity.0);
    let filing = objection::Filing {
        matter: asked.matter,
        uscc: &stored.uscc,
        record: &record,
        item: &stored.item,
        title: &title,
        owner: Office { unit: &stored.source, name: &owner_name },
        handler: Office { unit: &handler, name: &handler_name },
    };
    let (step, case) = desk.file(&filing, &statement).map_err(|refusal| refused(&refusal))?;
    let files = crate::paper::known(writer.connection(), &stored.uscc, &files_of_objection(&step.event))?;
    let number = new_number(&mut Chance::default(), today)?;
    let known = kept::about(writer.connection(), &stored.uscc, &stored.identity)?.len();
    writer.change(&named(&number, "objection_filed"), |change| {
        // Whoever came first is joined, not doubled.
        kept::lock(change, &stored.uscc, &number)?;
        if kept::about(change.connection, &stored.uscc, &stored.identity)?.len() != known {
            return Err(moved(&number));
        }
        kept::open(change, &number, &step, &case)?;
        paper::cite(change, &stored.uscc, (paper::Matter::Objection, &number), &files)?;
        keep(change, rulebook, &stored.uscc, today)
    })?;
    show(writer.connection(), &actor.clerk.view, &number)
}

/// The unit that handles what this person files: an objection on paper the owner to whom it was brought, everything else the
/// office.
fn handler(actor: &Actor, stored: &Stored, asked: &Filing) -> Result<String> {
    let forbidden = |text: &str| Err(AppError::refused("forbidden", "record", text));
    let online = matches!(asked.channel, None | Some(Channel::Online {}));
    if let Scope::Organisation { usccs } = &actor.clerk.view.scope
        && !usccs.contains(&stored.uscc)
    {
        return forbidden("只能就本单位的记录提出异议、投诉和申辩");
    }
    if actor.unit.is_empty() {
        return if online { Ok(PLATFORM_UNIT.to_owned()) } else { forbidden("纸质材料由单位登记") };
    }
    let (office, owner) = (actor.unit == PLATFORM_UNIT, actor.unit == stored.source);
    if online || !(office || owner) {
        return forbidden(
            "单位只登记所收到的纸质材料和国家网站推送的异议，且该记录须由本单位提供，或者本单位为信用工作机构",
        );
    }
    if matches!(asked.channel, Some(Channel::National { .. })) && !office {
        return forbidden("国家网站推送的异议由信用工作机构登记");
    }
    let own = owner && asked.matter == Matter::Objection;
    Ok(if own { actor.unit.clone() } else { PLATFORM_UNIT.to_owned() })
}

/// A unit's name in the directory; its code where it stands in none.
pub(super) fn named(writer: &mut Writer, code: &str, today: Date) -> Result<String> {
    let found = unit::find(writer.connection(), code, today)?;
    Ok(found.map_or_else(|| code.to_owned(), |unit| unit.name))
}
