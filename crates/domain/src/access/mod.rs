//! Access (访问权限): who may do what, and for which purpose.
//!
//! Serves 鲁信用办〔2019〕8号 art. 八 (查询使用机制) and 十八 (主体权益保护): rights are dated rules of the rulebook, a read of what
//! is not public has a purpose, and administrators are kept apart (三员分立). Which *rows* a reader sees is decided by the
//! store's `Scope` alone and never here; the engine that reads the policies lives above.

mod account;
mod action;
mod key_scope;
mod misuse;
mod purpose;
mod role;
mod rules;
mod sign_in;

pub use account::{AccountState, Event, Refusal};
pub use action::Action;
pub use key_scope::KeyScope;
pub use misuse::{IncidentState, IncidentStep, Look, Misuse, MisuseRule, MisuseVersion};
pub use purpose::{Purpose, Purposes, PurposesVersion};
pub use role::Role;
pub use rules::{Access, PolicyFile, PolicyVersion};
pub use sign_in::{Attempt, PasswordFault, SignIn, SignInVersion};
