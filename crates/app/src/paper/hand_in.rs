//! Handing in a file: judged by its own bytes, sealed, kept once for an organisation. It is an act of whoever hands it in.

use super::{PAPER, PaperView, missing};
use crate::account::Person;
use crate::desk::Desk;
use crate::listing::refused;
use crate::review::rules::reference;
use crate::rulebook::PLATFORM_UNIT;
use crate::service::Service;
use crate::{AppError, Result, Writer};
use credence_domain::access::Role;
use credence_domain::canonical::hex;
use credence_domain::paper::{self, WAITING_MAX, rule};
use credence_domain::rulebook::Rulebook;
use credence_store::act::Draft;
use credence_store::clock::Chance;
use credence_store::paper::{self as kept, Paper};
use credence_store::scope::View;
use credence_store::{listing, objection, record, repair, secret, subject};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// A file as it comes.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    /// Its content.
    pub content: Arc<[u8]>,
    /// The media type that its sender declares.
    pub declared: String,
    /// Its name, as the sender calls it.
    pub name: String,
}

impl std::fmt::Debug for File {
    /// Nothing of what it holds.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("File").field("bytes", &self.content.len()).finish_non_exhaustive()
    }
}

/// Who hands in.
#[derive(Clone, Copy, Debug)]
pub struct Handing<'h> {
    /// Name of the account, or of who acts on the command line.
    pub by: &'h str,
    /// For which unit; empty for the organisation itself.
    pub unit: &'h str,
}

/// A file that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandedIn {
    /// The file as it is kept: the name of the first who handed it in.
    #[serde(flatten)]
    pub paper: PaperView,
    /// It was not there before.
    #[serde(skip)]
    pub is_new: bool,
}

/// Hands in a file for an organisation. The same content again is the same file; one that waits for a case waits anew.
///
/// # Errors
/// What `domain::paper` refuses; `paper_waiting_too_many`; `not_found` for an organisation without a file; what the keys say, or a fault.
pub fn hand_in(
    writer: &mut Writer,
    rulebook: &Rulebook,
    handing: Handing<'_>,
    uscc: &str,
    file: &File,
) -> Result<HandedIn> {
    let done = hand_in_waiting(writer, rulebook, handing, uscc, file)?;
    writer.sequence()?;
    Ok(done)
}

/// The same for a writer of many, who places their acts in the log together.
fn hand_in_waiting(
    writer: &mut Writer,
    rulebook: &Rulebook,
    handing: Handing<'_>,
    uscc: &str,
    file: &File,
) -> Result<HandedIn> {
    let accepted = paper::accept(&file.content, &file.declared, &file.name).map_err(|refusal| refused(&refusal))?;
    let today = writer.clock().today();
    missing(subject::find(writer.connection(), &View::office(today), uscc)?)?;
    let digest: kept::Digest = Sha256::digest(&file.content).into();
    let standing = kept::find(writer.connection(), uscc, &digest)?;
    let paper = standing.clone().unwrap_or_else(|| Paper {
        uscc: uscc.to_owned(),
        digest,
        media_type: accepted.kind.media_type().to_owned(),
        name: accepted.name,
        bytes: file.content.len() as u64,
        handed_in_by: handing.by.to_owned(),
        unit: handing.unit.to_owned(),
        handed_in_at: 0,
        cases: 0,
    });
    let told = HandedIn { paper: paper.clone().into(), is_new: standing.is_none() };
    if paper.cases > 0 {
        return Ok(told);
    }
    if told.is_new {
        let waiting = kept::waiting(writer.connection(), uscc)?;
        rule::TOO_MANY_WAITING.demand(waiting < WAITING_MAX as u64).map_err(|refusal| refused(&refusal))?;
    }
    let sealed = match standing {
        Some(_) => None,
        None => {
            let (mark, mut chance) = (secret::index_mark(writer.connection())?, Chance::default());
            let keys = writer.keyring().sealing(mark.as_deref(), &mut chance, today)?;
            Some(kept::seal(&keys, &mut chance, &paper, &file.content)?)
        }
    };
    let details = [("organisation", uscc), ("paper", &hex(&digest)), ("media_type", &paper.media_type)];
    let draft = Draft {
        kind: "paper_handed_in",
        actor: handing.by.to_owned(),
        second: None,
        purpose: PAPER.0,
        basis: PAPER.1.to_owned(),
        reason: String::new(),
        rulebook: rulebook.digest,
        as_of: today,
        batch: None,
        details: details.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect(),
    };
    let unit = if handing.unit.is_empty() { PLATFORM_UNIT } else { handing.unit };
    writer.change(&draft, |change| {
        match &sealed {
            Some(sealed) => kept::keep(change, &paper, sealed)?,
            None => kept::wait_anew(change, uscc, &digest)?,
        }
        change.number_under_unit(unit)
    })?;
    Ok(told)
}

/// Hands in a file in a person's name: for his own organisation, or for whoever brings it to his unit.
///
/// # Errors
/// As [`hand_in`]; `forbidden` for an organisation that is not the representative's.
pub fn hand_in_as(service: &Service, desk: &Desk, person: &Person, uscc: &str, file: &File) -> Result<HandedIn> {
    let own = person.role == Role::Organisation;
    if own && !person.organisations.iter().any(|one| one == uscc) {
        return Err(AppError::refused("forbidden", "uscc", "只能为本账户代表的信用主体上传材料"));
    }
    let unit = if own { String::new() } else { person.account.unit.clone() };
    let (rulebook, by) = (service.shared_rulebook(), person.account.name.clone());
    let (uscc, file) = (uscc.to_owned(), file.clone());
    desk.act(move |writer| hand_in_waiting(writer, &rulebook, Handing { by: &by, unit: &unit }, &uscc, &file))
}

/// The organisation of a record that a view sees, by the record's public reference.
///
/// # Errors
/// `not_found`, `bad_parameter` for what is no reference, or a fault.
pub fn organisation_of(writer: &mut Writer, view: &View, id: &str) -> Result<String> {
    Ok(missing(record::by_reference(writer.connection(), view, &reference(id)?)?)?.uscc)
}

impl Service {
    /// The organisation of a record that a person sees: whose papers come with a form about it.
    ///
    /// # Errors
    /// `not_found`, `bad_parameter` for what is no reference, or a fault.
    pub fn organisation_of_record(&self, person: &Person, id: &str) -> Result<String> {
        let (view, id) = (self.repair_view(person)?, reference(id)?);
        let found = self.read(|connection| record::by_reference(connection, &view, &id))?;
        Ok(missing(found)?.uscc)
    }

    /// The organisation of a repair that a person sees.
    ///
    /// # Errors
    /// `not_found`, or a fault.
    pub fn organisation_of_repair(&self, person: &Person, number: &str) -> Result<String> {
        let view = self.repair_view(person)?;
        Ok(missing(self.read(|connection| repair::find(connection, &view, number))?)?.uscc)
    }

    /// The organisation of a listing that a person sees.
    ///
    /// # Errors
    /// `not_found`, or a fault.
    pub fn organisation_of_listing(&self, person: &Person, number: &str) -> Result<String> {
        let view = self.listing_view(person)?;
        Ok(missing(self.read(|connection| listing::find(connection, &view, number))?)?.uscc)
    }

    /// The organisation of an objection, a complaint or a reply that a person sees.
    ///
    /// # Errors
    /// `not_found`, or a fault.
    pub fn organisation_of_objection(&self, person: &Person, number: &str) -> Result<String> {
        let view = self.objection_view(person)?;
        Ok(missing(self.read(|connection| objection::find(connection, &view, number))?)?.uscc)
    }
}
