//! One item of the data list, as it stands in `rulebook/data/<code>.toml`: dated versions with their fields.

use crate::provision::{Basis, holds_on};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Nature of the information (信息性质), 山东省社会信用条例 arts. 11–14.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// 基础信息
    Basic,
    /// 失信信息
    Dishonesty,
    /// 其他信息
    Other,
}

/// Disclosure (披露方式), 山东省社会信用条例 art. 20.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disclosure {
    /// 公开: everyone may see it while it is public.
    Public,
    /// 共享: organs of state with a purpose.
    Shared,
    /// 授权: only with the organisation's authorisation.
    Authorised,
}

impl Disclosure {
    /// Its code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Disclosure::Public => "public",
            Disclosure::Shared => "shared",
            Disclosure::Authorised => "authorised",
        }
    }
}

/// An item of the data list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Stable code, `[a-z_]+`, the same as the file name.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Class of the national directory: `K1` … `K13`.
    pub directory_class: String,
    /// Dated versions, ascending, not overlapping.
    #[serde(rename = "version")]
    pub versions: Vec<Version>,
}

/// One edition of an item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// First day of receipt on which this edition applies.
    pub effective_from: Date,
    /// Last day, inclusive; open when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The law that names the item.
    pub basis: Vec<Basis>,
    /// 信息性质.
    pub nature: Nature,
    /// 披露方式.
    pub disclosure: Disclosure,
    /// Which kind of deadline and period rules it: `permit`, `penalty`, `other_act`, `inspection`, `registration`,
    /// `court_list`, `list`, `abnormal`, `none` … (`[list.act_kind]` in rulebook/codes.toml; rulebook/repair names these).
    pub act_kind: String,
    /// Units that provide it (提供单位), as text for the data list page.
    pub source_units: Vec<String>,
    /// Update cycle as text.
    pub update_cycle: String,
    /// Validity (有效期限) as text for the data list page; the computed periods come from the packs.
    pub validity: String,
    /// Field codes (after mapping) whose values, after the subject's code where listed, make the identity. In the
    /// order of CONTRACT: they are hashed in this order.
    pub identity: Vec<String>,
    /// True where the rulebook's authors could not read the official text of this edition.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
    /// The fields in their official order.
    #[serde(rename = "field")]
    pub fields: Vec<Field>,
}

/// Type of a field's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// Free text.
    Text,
    /// Civil date; written `YYYY-MM-DD` after normalisation.
    Date,
    /// Decimal number with at most 6 decimals; written without trailing zeros after normalisation.
    Decimal,
    /// Whole number.
    Integer,
    /// One value of a code list.
    Code,
    /// Several values of a code list joined by `;` or `；` (also 、 where the list's own values do not hold it).
    Codes,
    /// Unified social credit code.
    Uscc,
}

/// What a field means to the program. At most one field of an item has each role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Name of the organisation.
    SubjectName,
    /// 行政相对人类别: 法人及非法人组织, 自然人, 个体工商户.
    SubjectClass,
    /// The organisation's code.
    SubjectUscc,
    /// 工商注册号: an alias that proposes, never decides.
    OldRegistrationNumber,
    /// 组织机构代码: the same.
    OrganisationCode,
    /// Legal representative.
    LegalRepresentative,
    /// Number or title of the document.
    DocumentNumber,
    /// Day of the decision, listing, check or evaluation that starts the clocks.
    DecidedOn,
    /// Start of validity.
    ValidFrom,
    /// End of validity.
    ValidTo,
    /// Name of the deciding authority or owner.
    AuthorityName,
    /// Its code.
    AuthorityUscc,
    /// Name of the unit that sends.
    SourceName,
    /// Its code.
    SourceUscc,
    /// Kinds of penalty, joined.
    PenaltyKinds,
    /// 罚款金额, in 10,000 yuan.
    FineAmount,
    /// 没收金额, in 10,000 yuan.
    ConfiscatedAmount,
    /// 暂扣或吊销证照名称及编号.
    WithheldLicence,
    /// 简易 or 普通 procedure.
    Procedure,
    /// Class of misconduct as the authority states it.
    ClassStated,
    /// The document that states the class.
    ClassBasis,
    /// Sector flag set by the authority.
    SectorFlag,
    /// Discretion tier (从轻, 减轻, 一般, 从重).
    DiscretionTier,
    /// End of the misconduct (条例 38).
    MisconductEndedOn,
    /// End of the term that a penalty carries.
    TermEndsOn,
    /// Free remark.
    Remark,
    /// Status of a registration.
    Status,
    /// Day of establishment.
    EstablishedOn,
    /// Kind of enterprise.
    OrganisationType,
    /// Area of registration (name or GB/T 2260 code).
    Area,
    /// Address: never public.
    Address,
    /// The grade of an imported evaluation (A–D).
    Grade,
    /// Ground of a list entry.
    Ground,
    /// Day on which a list entry ended at its owner.
    RemovedOn,
    /// Result of an inspection.
    Result,
    /// 公开类型 that the row itself states: it narrows what the item discloses, never widens it.
    DisclosureStated,
    /// The record that this row replaces, where an identity field of it was wrong (CONTRACT §3). Part of no content.
    Replaces,
}

/// How much of a value the public sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Masking {
    /// As it stands.
    #[default]
    None,
    /// An identity number: never public, masked for staff.
    IdentityNumber,
}

/// A field of an item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// ASCII code, e.g. `CF_WSH`.
    pub code: String,
    /// Chinese name = the first header form.
    pub name: String,
    /// Other header forms (Chinese or ASCII, older generations). Width of brackets, spaces and case are folded before
    /// comparison, so only really different forms stand here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Type of the values.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Longest value in characters; 0 = no limit of its own.
    #[serde(default)]
    pub max_length: u32,
    /// A row without it is rejected (`required_missing`).
    #[serde(default)]
    pub required: bool,
    /// Missing is a note on quality, not a reject (a requirement known from memory only).
    #[serde(default)]
    pub expected: bool,
    /// Code list that holds its values (rulebook/codes.toml, `[list.<name>]`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codes: Option<String>,
    /// Part of what the item publishes.
    #[serde(default)]
    pub public: bool,
    /// Masking.
    #[serde(default)]
    pub masking: Masking,
    /// Meaning to the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// In our template only: not part of the official form, so its absence from a header is normal.
    #[serde(default)]
    pub extension: bool,
    /// The field's column must be present in a header for the header to map to this item.
    #[serde(default)]
    pub key_column: bool,
}

impl Field {
    /// Whether it holds old registration, tax or certificate numbers, which are runs of digits by nature.
    #[must_use]
    pub fn is_number_of_registration(&self) -> bool {
        matches!(self.role, Some(Role::OldRegistrationNumber | Role::OrganisationCode))
            || ["代码_4", "代码_5", "代码_6", "编号"].iter().any(|part| self.name.contains(part))
    }

    /// Whether a row that fills it is about a natural person: his own number, not that of whoever represents or inspects.
    #[must_use]
    pub fn is_of_persons(&self) -> bool {
        self.masking == Masking::IdentityNumber && !["法定代表人", "执法"].iter().any(|part| self.name.contains(part))
    }
}

impl Item {
    /// The edition in force on a day of receipt.
    #[must_use]
    pub fn version_on(&self, day: Date) -> Option<&Version> {
        self.versions.iter().find(|v| holds_on(day, (v.effective_from, v.effective_to)))
    }
}

impl Version {
    /// The field that plays a role.
    #[must_use]
    pub fn field_of(&self, role: Role) -> Option<(usize, &Field)> {
        self.fields.iter().enumerate().find(|(_, f)| f.role == Some(role))
    }

    /// Fields that hold the number of a natural person's paper: sealed at rest, masked for whoever may see them.
    pub fn secret_fields(&self) -> impl Iterator<Item = (usize, &Field)> {
        self.fields.iter().enumerate().filter(|(_, field)| field.masking == Masking::IdentityNumber)
    }
}
