//! Access (访问权限): who may do what, decided by the policies of the edition in force; reading a file beyond what is public,
//! which goes to the journal first; what waits for a second person.
//!
//! Serves 鲁信用办〔2019〕8号 art. 八 (查询使用) and 十八. Rows are chosen by the scope of the reader, never here.

mod edition;
mod file;
mod floor;
mod grant;
mod journal;
mod known;
mod lint;
mod misuse;
mod proposal;
mod turn;

use crate::service::Service;
use credence_store::act::Draft;
pub use edition::{
    EDITION_MAX_BYTES, EditionDifference, EditionView, Proposing as ProposingEdition, archive_of, files_of_archive,
    propose_edition,
};
pub(crate) use file::Noted;
pub use file::{FileView, Reason, end_investigation};
pub(crate) use floor::broken as broken_floor;
pub use grant::Granted;
use serde_json::{Map, Value};

pub(crate) use grant::Grants;
pub use journal::{JournalPage, JournalView};
pub use known::{KnownFile, KnownMeasure, KnownRecord, KnownRepair};
pub use lint::lint;
pub use misuse::{IncidentView, Step, step};
pub(crate) use proposal::works_everywhere;
pub use proposal::{
    Answer, Answered, ProposalView, action_of, answer, propose_erasure, propose_key, propose_merge, propose_withdrawal,
};

/// The law behind looking into a file.
pub(crate) const INQUIRY: (&str, &str) = ("inquiry", "鲁信用办〔2019〕8号 八");
/// The law behind rights, second persons and misuse.
const ACCESS: (&str, &str) = ("access", "鲁信用办〔2019〕8号 十八");

/// An act of this room: who, for which purpose and on which basis, why, and what else its header says.
fn draft(
    service: &Service,
    kind: &'static str,
    actor: &str,
    (purpose, basis): (&'static str, &str),
    reason: &str,
    details: &[(&str, &str)],
) -> Draft {
    let said = details.iter().filter(|(_, value)| !value.is_empty());
    Draft {
        kind,
        actor: actor.to_owned(),
        second: None,
        purpose,
        basis: basis.to_owned(),
        reason: reason.to_owned(),
        rulebook: service.rulebook().digest,
        as_of: service.real_today(),
        batch: None,
        details: said.map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect::<Map<_, _>>(),
    }
}
