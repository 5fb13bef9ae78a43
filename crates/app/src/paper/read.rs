//! Reading a file: for the organisation itself, for the units that work on a case that cites it, for the office and its auditors; for
//! nobody else, whatever he knows of it. A look by anybody but the organisation is in the access journal before anything is shown.

use super::{PaperView, digest_of, missing};
use crate::access::{INQUIRY, Noted};
use crate::account::Person;
use crate::desk::Desk;
use crate::objection::acting_unit;
use crate::rulebook::PLATFORM_UNIT;
use crate::service::Service;
use crate::{Result, Writer};
use credence_domain::access::{Action, Role};
use credence_domain::rulebook::Rulebook;
use credence_store::act::Draft;
use credence_store::paper::{self, Digest, Matter};
use credence_store::{journal, listing, objection, repair};

/// A file with its content.
#[derive(Clone, PartialEq, Eq)]
pub struct PaperFile {
    /// What it is.
    pub paper: PaperView,
    /// Its content.
    pub content: Vec<u8>,
}

impl std::fmt::Debug for PaperFile {
    /// Nothing of what it holds.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PaperFile").field("bytes", &self.content.len()).finish_non_exhaustive()
    }
}

/// A case through which somebody sees a file.
struct Through {
    matter: Matter,
    number: String,
    /// His unit works on it.
    works: bool,
}

impl Service {
    /// Reads a file, through a case that cites it and that the person sees.
    ///
    /// # Errors
    /// `not_found` for one that is not there, that no case cites, or whose cases he does not see; or a fault: then nothing is shown.
    pub fn read_paper(&self, desk: &Desk, person: &Person, uscc: &str, digest: &str) -> Result<PaperFile> {
        let digest = missing(digest_of(digest))?;
        let through = missing(self.through(person, uscc, &digest)?)?;
        let keys = self.keyring().opening()?;
        let found = self.read(|connection| {
            let Some(paper) = paper::find(connection, uscc, &digest)? else { return Ok(None) };
            let content = paper::content(connection, &keys, &paper)?;
            Ok(content.map(|content| PaperFile { paper: paper.into(), content }))
        })?;
        let found = missing(found)?;
        if person.role != Role::Organisation {
            let purpose = if person.role == Role::Auditor { "audit" } else { through.matter.code() };
            let look = Noted { uscc, purpose, case: &through.number, what: "paper" };
            self.note(desk, person, &look, Some(self.real_today()))?;
            if !through.works {
                self.watch(desk, person, false, uscc)?;
            }
        }
        Ok(found)
    }

    /// The first case that cites a file and that a person sees; one on which his unit works before others.
    fn through(&self, person: &Person, uscc: &str, digest: &Digest) -> Result<Option<Through>> {
        let reads_repairs = self.allows(person.role, Action::ReadRepair)?;
        let reads_objections = self.allows(person.role, Action::ReadObjection)?;
        let reads_listings = self.allows(person.role, Action::ReadListing)?;
        let (repairs, objections) = (self.repair_view(person)?, self.objection_view(person)?);
        let listings = self.listing_view(person)?;
        let (unit, acting) = (&person.account.unit, acting_unit(person));
        self.read(|connection| {
            let mut found: Option<Through> = None;
            for (matter, number) in paper::cases(connection, uscc, digest)? {
                let works = match matter {
                    Matter::Repair if reads_repairs => repair::find(connection, &repairs, &number)?
                        .map(|head| head.unit == *unit || person.role == Role::Office),
                    Matter::Objection if reads_objections => objection::find(connection, &objections, &number)?
                        .map(|head| [&head.owner, &head.handler, &head.referred].contains(&&acting)),
                    Matter::Listing if reads_listings => {
                        listing::find(connection, &listings, &number)?.map(|head| head.unit == *unit)
                    }
                    Matter::Repair | Matter::Objection | Matter::Listing => None,
                };
                let Some(works) = works else { continue };
                if found.as_ref().is_none_or(|found| works && !found.works) {
                    found = Some(Through { matter, number, works });
                }
            }
            Ok(found)
        })
    }
}

/// A file that a case cites, for whoever runs commands where the register is: the access journal has his look as that of the office.
///
/// # Errors
/// `not_found` for one that is not there or that no case cites, what the keys say, or a fault: then nothing is given.
pub fn take_out(writer: &mut Writer, rulebook: &Rulebook, by: &str, uscc: &str, digest: &str) -> Result<PaperFile> {
    let digest = missing(digest_of(digest))?;
    let keys = writer.keyring().opening()?;
    let today = writer.clock().today();
    let paper = missing(paper::find(writer.connection(), uscc, &digest)?)?;
    let (matter, case) = missing(paper::cases(writer.connection(), uscc, &digest)?.into_iter().next())?;
    let content = missing(paper::content(writer.connection(), &keys, &paper)?)?;
    let (role, what) = (Role::Office.code(), "paper");
    let unit = PLATFORM_UNIT;
    let details = [
        ("organisation", uscc),
        ("for", matter.code()),
        ("case", &case),
        ("role", role),
        ("what", what),
        ("reader_unit", unit),
    ];
    let draft = Draft {
        kind: "file_read",
        actor: by.to_owned(),
        second: None,
        purpose: INQUIRY.0,
        basis: INQUIRY.1.to_owned(),
        reason: String::new(),
        rulebook: rulebook.digest,
        as_of: today,
        batch: None,
        details: details.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect(),
    };
    let reading = journal::Reading {
        uscc,
        account: by,
        unit,
        role,
        purpose: matter.code(),
        case_number: &case,
        what,
        shown_from: Some(today),
    };
    journal::note(writer, &draft, unit, &reading)?;
    writer.sequence()?;
    Ok(PaperFile { paper: paper.into(), content })
}
