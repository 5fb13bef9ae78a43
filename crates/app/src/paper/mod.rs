//! Papers as files (附件、证明材料) as a use case: handed in for an organisation, cited by its cases, read by whoever sees such a case.
//!
//! Serves 信用修复管理办法 arts. 十五 and 十八 and 山东省社会信用条例 art. 三十九. Which files are taken is `domain::paper`. A file is handed in
//! first and cited by its digest then; one that no case cites is removed after some days ([`crate::erasure::expire`]), one of an erased
//! record with it ([`crate::erasure`]). Deliberately not here: any look into what a file holds.

mod hand_in;
mod read;

pub use hand_in::{File, HandedIn, Handing, hand_in, hand_in_as, organisation_of};
pub use read::{PaperFile, take_out};

use crate::listing::refused;
use crate::{AppError, Result};
use credence_domain::canonical::{hex, unhex};
use credence_domain::paper::rule;
use credence_store::connection::Connection;
use credence_store::paper::{self, Digest, Matter, Paper};
use serde::Serialize;

/// What an act about a file is for, and the law behind it.
const PAPER: (&str, &str) = ("paper", "信用修复管理办法 十五");

/// A file as people are told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PaperView {
    /// SHA-256 of its content, in hexadecimal.
    pub digest: String,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Bytes of its content.
    pub bytes: u64,
}

impl From<Paper> for PaperView {
    fn from(paper: Paper) -> Self {
        Self { digest: hex(&paper.digest), name: paper.name, media_type: paper.media_type, bytes: paper.bytes }
    }
}

impl PaperView {
    /// Its size as people read it: in KB, from a tenth of a MB on in MB.
    #[must_use]
    pub fn size(&self) -> String {
        let kb = self.bytes.div_ceil(1 << 10);
        if kb < 100 { format!("{kb} KB") } else { format!("{}.{} MB", kb / 1024, kb % 1024 * 10 / 1024) }
    }
}

/// The digest that a text names.
fn digest_of(text: &str) -> Option<Digest> {
    unhex(text).filter(|bytes| hex(bytes) == text).and_then(|bytes| bytes.try_into().ok())
}

/// The files that a step says it cites, when each of them is kept for the organisation.
///
/// # Errors
/// `paper_unknown` naming the first that is not there.
pub(crate) fn known(connection: &mut Connection, uscc: &str, files: &[&str]) -> Result<Vec<Digest>> {
    let mut found = Vec::new();
    for file in files {
        let unknown = || refused(&rule::UNKNOWN.because(*file));
        let digest = digest_of(file).ok_or_else(unknown)?;
        paper::find(connection, uscc, &digest)?.ok_or_else(unknown)?;
        found.push(digest);
    }
    Ok(found)
}

/// The files that a case cites, for whoever may see the case.
pub(crate) fn of_case(
    connection: &mut Connection,
    uscc: &str,
    case: (Matter, &str),
) -> credence_store::Result<Vec<PaperView>> {
    Ok(paper::of_case(connection, uscc, case)?.into_iter().map(PaperView::from).collect())
}

fn missing<T>(found: Option<T>) -> Result<T> {
    found.ok_or(AppError::NotFound)
}
