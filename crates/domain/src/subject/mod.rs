//! Who has a credit file: organisations and their unified social credit code (统一社会信用代码).
//!
//! Natural persons are never subjects (山东省社会信用条例 art. 20); there is no type for them here.

pub mod class;
pub mod uscc;

pub use class::SubjectClass;
pub use uscc::Uscc;
