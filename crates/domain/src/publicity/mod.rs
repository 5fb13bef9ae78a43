//! Publicity (公示): which class a fact has, from when to when it is public, until when it must be published and from
//! when its repair may be applied for.
//!
//! Serves 鲁信用办〔2019〕8号 arts. 六 and 十五, 山东省社会信用条例 arts. 十三, 二十, 三十八 to 四十, and the packs
//! (规则包) of the authorities: 信用修复管理办法, 市场监督管理信用修复管理办法 and what they replaced. The law is dated
//! data; [`decide`] is a pure function of rules, calendar and facts.
//!
//! | file under `rulebook/repair/` | type |
//! |---|---|
//! | `packs/<id>.toml` | [`Pack`] |
//! | `kinds.toml` | [`KindsFile`] |
//! | `deadlines.toml` | [`DeadlinesFile`] |
//! | `clocks.toml` | [`ClocksFile`] |
//!
//! How it goes: the act and the kind of authority choose a pack (`[[use]]` of a pack, by the date of the decision or
//! of publication); the authority's statement, else the table of kinds, chooses a class (a row of the pack); the row
//! gives the dates; the five years of 条例 art. 三十八 cap them; a newer order may shorten them ([`Transition`]).
//!
//! Deliberately not here: disclosure of the item (公开, 共享, 授权), states of a record (held, hidden, withdrawn,
//! repaired, erased), the procedure of a repair, and today: whether a record *is* public on a day is asked of the
//! dates. A sender's own end of publicity is no input.

mod class;
mod clock;
mod deadline;
mod decide;
mod facts;
mod kind;
mod lint;
mod pack;
mod periods;
mod procedure;
mod repair;
mod rules;
mod span;

pub use clock::{Clock, ClocksFile, Duty};
pub use deadline::{Deadline, DeadlineKind, DeadlinesFile};
pub use decide::{Decision, Silence, decide};
pub use facts::{Counted, Facts, Regulator, Restart};
pub use kind::{By, Kind, KindsFile, Mapping, Stated, Table};
pub use lint::{Problem, lint};
pub use pack::{
    Change, ChosenBy, Class, Ground, Pack, PackRole, Repair, RestartRule, Row, Showing, Start, Sure, Term, Transition,
    Use,
};
pub use periods::{Periods, PeriodsQuery, PeriodsRefusal, periods};
pub use procedure::{bankruptcy_shield, repair_procedure, window_answer};
pub use repair::{
    Application, Eligibility, Refusal, Sanction, SanctionLaw, ends_with_entry, repair_eligibility, restart, sanction,
    sanction_law,
};
pub use rules::{Rules, RulesError};
