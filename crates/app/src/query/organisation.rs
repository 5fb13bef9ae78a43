//! An organisation as everyone may see it.

use super::record::{Detail, RecordView};
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::subject::{SubjectClass, Uscc};
use credence_store::profile;
use credence_store::scope::View;
use credence_store::subject::Organisation;
use jiff::civil::Date;
use serde::Serialize;

/// One line of a list of organisations.
#[derive(Clone, Debug, Serialize)]
pub struct OrganisationSummary {
    /// Unified social credit code.
    pub uscc: String,
    /// Name; empty where the reader may not know it: only records that he does not see name the organisation.
    pub name: String,
    /// Registration status as the registrar writes it; empty while unregistered.
    pub status: String,
    /// False: only named by a record so far (未登记).
    pub registered: bool,
    /// Area of registration.
    pub area: String,
    /// Kind of organisation as the registrar writes it.
    #[serde(rename = "type")]
    pub kind: String,
    /// Day of establishment.
    pub established_on: Option<Date>,
}

impl OrganisationSummary {
    /// What to call it on a page: its code where no name of it is public.
    #[must_use]
    pub fn called(&self) -> &str {
        if self.name.is_empty() { &self.uscc } else { &self.name }
    }
}

impl From<Organisation> for OrganisationSummary {
    fn from(found: Organisation) -> Self {
        Self {
            uscc: found.uscc,
            name: found.name,
            status: found.status,
            registered: found.registered,
            area: found.area,
            kind: found.kind,
            established_on: found.established_on,
        }
    }
}

/// An organisation's page.
#[derive(Clone, Debug, Serialize)]
pub struct OrganisationView {
    /// Who it is.
    #[serde(flatten)]
    pub summary: OrganisationSummary,
    /// Former names, latest first.
    pub former_names: Vec<String>,
    /// 个体工商户 and public bodies are never evaluated; neither is an unregistered organisation.
    pub may_be_evaluated: bool,
    /// Day for which this answer was made.
    pub as_of: Date,
    /// Its public records, newest decision first.
    pub records: Vec<RecordView>,
}

impl Service {
    /// An organisation with its public records, without their proofs: what a page shows.
    ///
    /// # Errors
    /// `not_found` for a code without a file; or a fault.
    pub fn organisation(&self, view: &View, uscc: &str) -> Result<OrganisationView> {
        self.organisation_with(view, uscc, Detail::Form)
    }

    /// An organisation with its public records.
    ///
    /// # Errors
    /// `not_found` for a code without a file; or a fault.
    pub fn organisation_with(&self, view: &View, uscc: &str, detail: Detail) -> Result<OrganisationView> {
        let found = self.read_by_key(|connection, unpacker| {
            let Some(found) = profile::find(connection, view, uscc)? else { return Ok(None) };
            let area = &found.organisation.area;
            let records = self.show_all(view, connection, unpacker, found.entries, (area, detail))?;
            Ok(Some((found.organisation, found.former_names, records)))
        })?;
        let (found, former_names, records) = found.ok_or(AppError::NotFound)?;
        let class = Uscc::parse(&found.uscc).map(|uscc| SubjectClass::of(&uscc));
        Ok(OrganisationView {
            may_be_evaluated: found.registered && class.is_ok_and(SubjectClass::may_be_evaluated),
            former_names,
            as_of: view.as_of,
            records,
            summary: found.into(),
        })
    }
}
