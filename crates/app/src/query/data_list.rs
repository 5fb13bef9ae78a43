//! The data list (公共信用信息数据清单) as everyone may read it: its edition, its items with fields and basis, and the
//! difference to the edition before.
//!
//! Serves 鲁信用办〔2019〕8号 art. 五 and 山东省社会信用条例 art. 10: item, nature, subject code, data standard, disclosure,
//! validity, providing units. It is read from the rulebook in force alone; templates are made from the same items.

use crate::rulebook::PLATFORM_UNIT;
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::canonical::hex;
use credence_domain::catalog::codes::{CodeKind, CodeList};
use credence_domain::catalog::edition::{Edition, ListChange};
use credence_domain::catalog::{Disclosure, Field, FieldType, Item, Nature, Version};
use credence_domain::provision::{Basis, Level};
use credence_domain::rulebook::Rulebook;
use credence_store::clock::instant_text;
use jiff::civil::Date;
use serde::Serialize;

/// The whole list on a day.
#[derive(Clone, Debug, Serialize)]
pub struct DataListView {
    /// The edition.
    pub edition: EditionView,
    /// Its items, in order of the directory's classes and their codes.
    pub items: Vec<ItemView>,
    /// What was added, ended or changed since the edition before; empty for the first one.
    pub changes: Vec<ListChange>,
}

/// Which list it is.
#[derive(Clone, Debug, Serialize)]
pub struct EditionView {
    /// The day asked for.
    pub as_of: Date,
    /// First day on which the list stands as it does.
    pub effective_from: Date,
    /// First day of the edition before; `null` for the first one.
    pub previous_from: Option<Date>,
    /// SHA-256 of the items or measures in force.
    pub digest: String,
    /// Digest of the rulebook that holds it.
    pub rulebook: String,
    /// How it was put in force: the act that enacted the rulebook; `null` where the rulebook comes from no register.
    pub approval: Option<Approval>,
    /// The law that asks for the list.
    pub basis: Vec<BasisView>,
    /// Some official text could not be read by those who wrote it down.
    pub unverified: bool,
}

/// The enactment behind an edition.
#[derive(Clone, Debug, Serialize)]
pub struct Approval {
    /// The act.
    pub act: String,
    /// Code of the unit that enacted it.
    pub unit: String,
    /// Its name; empty where the directory knows none.
    pub unit_name: String,
    /// When (RFC 3339, UTC).
    pub enacted_at: String,
}

/// One item.
#[derive(Clone, Debug, Serialize)]
pub struct ItemView {
    /// Code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Class of the national directory, `K1` … .
    pub class: String,
    /// Its Chinese name.
    pub class_name: String,
    /// `basic`, `dishonesty`, `other`.
    pub nature: Nature,
    /// 信息性质 in Chinese.
    pub nature_name: String,
    /// `public`, `shared`, `authorised`.
    pub disclosure: Disclosure,
    /// 披露方式 in Chinese.
    pub disclosure_name: String,
    /// Kind of act: which deadline and period rule it.
    pub act_kind: String,
    /// First day of receipt of this version.
    pub effective_from: Date,
    /// Last day; `null` while it is open.
    pub effective_to: Option<Date>,
    /// Units that provide it.
    pub source_units: Vec<String>,
    /// Update cycle.
    pub update_cycle: String,
    /// Validity.
    pub validity: String,
    /// Codes of the fields that make the identity, in order.
    pub identity: Vec<String>,
    /// The law that names it.
    pub basis: Vec<BasisView>,
    /// Its official text could not be read.
    pub unverified: bool,
    /// Its fields in the order of the form, our own additions behind.
    pub fields: Vec<FieldView>,
}

/// One field.
#[derive(Clone, Debug, Serialize)]
pub struct FieldView {
    /// Code.
    pub code: String,
    /// Chinese name: the header of the template.
    pub name: String,
    /// Other headers that are understood.
    pub aliases: Vec<String>,
    /// `text`, `date`, `decimal`, `integer`, `code`, `codes`, `uscc`.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// The type in Chinese.
    pub type_name: &'static str,
    /// Longest value in characters; `null` = no limit of its own.
    pub max_length: Option<u32>,
    /// A row without it is rejected.
    pub required: bool,
    /// Missing is a note on quality.
    pub expected: bool,
    /// Part of what the item publishes.
    pub public: bool,
    /// Part of the record's identity.
    pub identity: bool,
    /// Our own addition to the official form.
    pub extension: bool,
    /// The values that it may take; `null` where it is free.
    pub code_list: Option<CodeListView>,
}

/// A code list.
#[derive(Clone, Debug, Serialize)]
pub struct CodeListView {
    /// Name in the rulebook.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Its values in their order.
    pub values: Vec<String>,
    /// Values that begin with this text are accepted too.
    pub open: Option<String>,
    /// The official list could not be read.
    pub unverified: bool,
}

/// A reference into the law.
#[derive(Clone, Debug, Serialize)]
pub struct BasisView {
    /// Exact title or number.
    pub title: String,
    /// Article numeral; `-` for the whole text.
    pub article: String,
    /// Rank.
    pub level: Level,
    /// The text itself could not be read.
    pub unverified: bool,
}

impl BasisView {
    /// A reference whose text was read.
    pub(super) fn of(title: &str, article: &str, level: Level) -> Self {
        Self { title: title.to_owned(), article: article.to_owned(), level, unverified: false }
    }
}

impl From<&Basis> for BasisView {
    fn from(basis: &Basis) -> Self {
        Self {
            title: basis.title.clone(),
            article: basis.article.clone(),
            level: basis.level,
            unverified: basis.unverified,
        }
    }
}

impl DataListView {
    /// The list of a rulebook on a day.
    ///
    /// # Errors
    /// `not_found` before the first edition.
    pub fn of(rulebook: &Rulebook, day: Date) -> Result<Self> {
        let edition = Edition::on(&rulebook.items, day).ok_or(AppError::NotFound)?;
        let before = edition.before(&rulebook.items);
        let mut items: Vec<ItemView> =
            edition.items.iter().map(|(item, version)| ItemView::of(rulebook, item, version)).collect();
        items.sort_by_key(|item| (class_order(&item.class), item.code.clone()));
        Ok(Self {
            edition: EditionView {
                as_of: day,
                effective_from: edition.effective_from,
                previous_from: before.as_ref().map(|before| before.effective_from),
                digest: hex(&edition.digest()),
                rulebook: hex(&rulebook.digest),
                approval: None,
                basis: list_basis(),
                unverified: items.iter().any(|item| item.unverified),
            },
            items,
            changes: before.map(|before| edition.changes_since(&before)).unwrap_or_default(),
        })
    }
}

impl ItemView {
    /// One item with a version.
    #[must_use]
    pub fn of(rulebook: &Rulebook, item: &Item, version: &Version) -> Self {
        let codes = &rulebook.codes;
        let word = |kind, value: &str| codes.text(kind, value).map_or_else(|| value.to_owned(), |w| w.text.clone());
        let nature = match version.nature {
            Nature::Basic => "basic",
            Nature::Dishonesty => "dishonesty",
            Nature::Other => "other",
        };
        let disclosure = match version.disclosure {
            Disclosure::Public => "public",
            Disclosure::Shared => "shared",
            Disclosure::Authorised => "authorised",
        };
        let class = codes.list("directory_class").and_then(|list| list.entry(&item.directory_class));
        let class_name = class.and_then(|class| class.aliases.first());
        Self {
            code: item.code.clone(),
            name: item.name.clone(),
            class: item.directory_class.clone(),
            class_name: class_name.unwrap_or(&item.directory_class).clone(),
            nature: version.nature,
            nature_name: word(CodeKind::Nature, nature),
            disclosure: version.disclosure,
            disclosure_name: word(CodeKind::Disclosure, disclosure),
            act_kind: version.act_kind.clone(),
            effective_from: version.effective_from,
            effective_to: version.effective_to,
            source_units: version.source_units.clone(),
            update_cycle: version.update_cycle.clone(),
            validity: version.validity.clone(),
            identity: version.identity.clone(),
            basis: version.basis.iter().map(BasisView::from).collect(),
            unverified: version.unverified || version.basis.iter().any(|basis| basis.unverified),
            fields: version.fields.iter().map(|field| field_view(rulebook, version, field)).collect(),
        }
    }
}

fn field_view(rulebook: &Rulebook, version: &Version, field: &Field) -> FieldView {
    let list = |name: &String| rulebook.codes.list(name).map(|list| code_list(name, list));
    FieldView {
        code: field.code.clone(),
        name: field.name.clone(),
        aliases: field.aliases.clone(),
        kind: field.kind,
        type_name: type_name(field.kind),
        max_length: (field.max_length > 0).then_some(field.max_length),
        required: field.required,
        expected: field.expected,
        public: field.public,
        identity: version.identity.contains(&field.code),
        extension: field.extension,
        code_list: field.codes.as_ref().and_then(list),
    }
}

fn code_list(code: &str, list: &CodeList) -> CodeListView {
    CodeListView {
        code: code.to_owned(),
        name: list.name.clone(),
        values: list.values.iter().map(|value| value.value.clone()).collect(),
        open: list.open.clone(),
        unverified: list.unverified,
    }
}

fn type_name(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text => "文本",
        FieldType::Date => "日期",
        FieldType::Decimal => "数值",
        FieldType::Integer => "整数",
        FieldType::Code => "代码（单选）",
        FieldType::Codes => "代码（可多选，以分号分隔）",
        FieldType::Uscc => "统一社会信用代码",
    }
}

/// `K2` before `K10`.
pub(super) fn class_order(class: &str) -> u32 {
    class.trim_start_matches('K').parse().unwrap_or(u32::MAX)
}

fn list_basis() -> Vec<BasisView> {
    vec![
        BasisView::of("山东省社会信用条例", "十", Level::LocalRegulation),
        BasisView::of("鲁信用办〔2019〕8号", "五", Level::NormativeDocument),
    ]
}

impl Service {
    /// The data list in force on a day.
    ///
    /// # Errors
    /// `not_found` before the first edition; or a fault.
    pub fn data_list(&self, day: Date) -> Result<DataListView> {
        let mut list = DataListView::of(self.rulebook(), day)?;
        list.edition.approval = self.approval()?;
        Ok(list)
    }

    /// One item of the list in force on a day.
    ///
    /// # Errors
    /// `not_found` for an item that is not in it.
    pub fn data_list_item(&self, day: Date, code: &str) -> Result<ItemView> {
        let found = self.rulebook().items.get(code).and_then(|item| Some((item, item.version_on(day)?)));
        let (item, version) = found.ok_or(AppError::NotFound)?;
        Ok(ItemView::of(self.rulebook(), item, version))
    }

    pub(super) fn approval(&self) -> Result<Option<Approval>> {
        let digest = self.rulebook().digest;
        let found = self.read(|connection| credence_store::rulebook::enactment(connection, &digest))?;
        let Some((act, at_micros)) = found else { return Ok(None) };
        // Every edition is enacted in the platform's own name.
        let unit = self.read(|connection| credence_store::unit::find(connection, PLATFORM_UNIT, self.today()))?;
        Ok(Some(Approval {
            act: hex(&act),
            unit: PLATFORM_UNIT.to_owned(),
            unit_name: unit.map(|unit| unit.name).unwrap_or_default(),
            enacted_at: instant_text(at_micros),
        }))
    }
}
