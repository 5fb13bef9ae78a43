//! What a decision on publicity is made from: one value per row, borrowed from it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Kind of authority; it chooses the pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Regulator {
    /// Market regulation (市场监管).
    Market,
    /// Drug regulation (药品监管): follows the market regulators' orders.
    Drug,
    /// Customs (海关).
    Customs,
    /// Tax (税务).
    Tax,
    /// Court (法院).
    Court,
    /// Financial regulation (金融监管).
    Finance,
    /// Every other authority, and an unknown one.
    Other,
}

impl Regulator {
    /// All kinds, in order.
    pub const ALL: [Self; 7] =
        [Self::Market, Self::Drug, Self::Customs, Self::Tax, Self::Court, Self::Finance, Self::Other];

    /// Position in [`Regulator::ALL`].
    pub(super) const fn index(self) -> usize {
        self as usize
    }
}

/// A period that counts anew because the granted repair of its record was revoked (市场监督管理信用修复管理办法 art. 二十三).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restart {
    /// The day of the revocation.
    pub on: Date,
    /// Whether it must run to its end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_early_end: bool,
}

/// The days from which the periods of a record count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// First public day.
    pub published_on: Date,
    /// The period counts anew.
    pub restart: Option<Restart>,
}

impl From<Date> for Counted {
    fn from(published_on: Date) -> Self {
        Self { published_on, restart: None }
    }
}

/// The facts of one record.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Kind of act, as the data list's item names it.
    pub act_kind: &'a str,
    /// Kind of the deciding authority, on the day of the decision.
    pub regulator: Regulator,
    /// Day of the decision, listing, check or creation.
    pub decided_on: Date,
    /// First public day: the day of acceptance, or of release.
    pub published_on: Date,
    /// The subject is a natural person.
    pub natural_person: bool,
    /// The penalty was imposed by simple procedure (简易程序).
    pub simple_procedure: bool,
    /// Kinds of penalty, split, as they stand in the row.
    pub penalty_kinds: &'a [&'a str],
    /// Fine in cents of yuan (分).
    pub fine_cents: Option<u64>,
    /// Tier of discretion (从轻, 减轻, 一般, 从重).
    pub discretion_tier: Option<&'a str>,
    /// The class as the authority states it: 轻微, 一般, 严重, a code, or a row of the pack.
    pub class_stated: Option<&'a str>,
    /// The authority's flag that the penalty falls under a sector with longer publicity.
    pub sector_flag: bool,
    /// The sector's authority finds publicity of a minor record necessary.
    pub sector_orders_publicity: bool,
    /// End of the term that the penalty or entry carries.
    pub term_ends_on: Option<Date>,
    /// End of the misconduct.
    pub misconduct_ended_on: Option<Date>,
    /// The day on which the wrong was put right and all duties were done.
    pub duties_done_on: Option<Date>,
    /// Ground of listing as text.
    pub ground: Option<&'a str>,
    /// An inspection found a violation.
    pub adverse_result: bool,
    /// The pack that the item of a sector's list names; it prevails over the authority's.
    pub pack: Option<&'a str>,
    /// Today, for the transition to newer orders only. None: the old order stands.
    pub as_of: Option<Date>,
    /// The period counts anew.
    pub restart: Option<Restart>,
}

impl<'a> Facts<'a> {
    /// Facts with nothing but the four that every record has.
    #[must_use]
    pub const fn new(act_kind: &'a str, regulator: Regulator, decided_on: Date, published_on: Date) -> Self {
        Self {
            act_kind,
            regulator,
            decided_on,
            published_on,
            natural_person: false,
            simple_procedure: false,
            penalty_kinds: &[],
            fine_cents: None,
            discretion_tier: None,
            class_stated: None,
            sector_flag: false,
            sector_orders_publicity: false,
            term_ends_on: None,
            misconduct_ended_on: None,
            duties_done_on: None,
            ground: None,
            adverse_result: false,
            pack: None,
            as_of: None,
            restart: None,
        }
    }
}
