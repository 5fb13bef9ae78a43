//! A fact on a credit file: what a department's row becomes once it is judged.
//!
//! Serves 鲁信用办〔2019〕8号 arts. 五 and 六, CONTRACT §3. A row is judged against one edition of one data-list item;
//! nothing here knows where a record is kept or who may see it.

pub mod claim;
pub mod content;
pub mod identity;
pub mod judge;
pub mod judgement;
pub mod meeting;
pub mod operation;
pub mod personal;
pub mod review;
pub mod secrecy;
pub mod state;
pub mod text;
pub mod value;

pub use content::Content;
pub use identity::Identity;
pub use judge::{Judge, Sender};
pub use judgement::{Fact, Judgement, Note, Reject};
pub use operation::{Instruction, Operation};
pub use state::State;
