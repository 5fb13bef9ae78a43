//! Access (访问权限): who may do what, decided by the policies of the edition in force; reading a file beyond what is public,
//! which goes to the journal first; what waits for a second person.
//!
//! Serves 鲁信用办〔2019〕8号 art. 八 (查询使用) and 十八. Rows are chosen by the scope of the reader, never here.

mod file;
mod grant;
mod journal;
mod lint;
mod misuse;
mod proposal;

pub use file::{FileView, Reason, end_investigation};
pub use grant::Granted;
pub(crate) use grant::Grants;
pub use journal::{JournalPage, JournalView};
pub use lint::lint;
pub use misuse::{IncidentView, Step, step};
pub use proposal::{Answer, Answered, ProposalView, action_of, answer, propose_merge, propose_withdrawal};
