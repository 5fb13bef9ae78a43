//! The national result (全国公共信用综合评价结果) as it was imported: mirrored, never computed.

use credence_domain::canonical::hex;
use credence_domain::catalog::Role;
use credence_domain::evaluation::{Grade, Line};
use credence_domain::provision::Basis;
use credence_domain::record::value::{date, day_number};
use credence_domain::rulebook::Rulebook;
use credence_store::body::Body;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value};

/// Its item in the data list.
pub(crate) const ITEM: &str = "evaluation_national";

/// The national result of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct National {
    /// The record that carries it.
    pub record: String,
    /// Its grade.
    pub grade: Grade,
    /// Who evaluated, as the record names it.
    pub owner_name: String,
    /// Who sent it.
    pub source: String,
    /// Day of the evaluation.
    pub evaluated_on: Option<Date>,
    /// Last day for which it was given; null where none is stated.
    pub valid_to: Option<Date>,
    /// The law behind the item.
    #[serde(skip)]
    pub article: String,
}

impl National {
    /// Reads a record's content; nothing where it carries no grade or its validity has run out on the day.
    pub(crate) fn read(
        rulebook: &Rulebook,
        reference: &[u8; 16],
        source: &str,
        body: &Body,
        day: Date,
    ) -> Option<Self> {
        let item = rulebook.items.get(ITEM)?;
        let version = item.version_on(day).or_else(|| item.versions.last())?;
        let public: Value = serde_json::from_str(&body.public).ok()?;
        let content: &Map<String, Value> = public.get("content")?.as_object()?;
        let text = |role| content.get(&version.field_of(role)?.1.code)?.as_str();
        let valid_to = text(Role::ValidTo).and_then(date);
        if valid_to.is_some_and(|last| day_number(last) < day_number(day)) {
            return None;
        }
        Some(Self {
            record: hex(reference),
            grade: Grade::from_letter(text(Role::Grade)?)?,
            owner_name: text(Role::AuthorityName).unwrap_or_default().to_owned(),
            source: source.to_owned(),
            evaluated_on: text(Role::DecidedOn).and_then(date),
            valid_to,
            article: version.basis.iter().max_by_key(|basis| basis.level).map(cite).unwrap_or_default(),
        })
    }

    /// Its line: it gives the grade and no points.
    pub(crate) fn line(&self) -> Line {
        Line {
            record: self.record.clone(),
            item: ITEM.to_owned(),
            source: self.source.clone(),
            article: self.article.clone(),
            points: 0,
        }
    }

    /// What everyone must know before reading the grade.
    pub(crate) fn notice(&self) -> String {
        let on = self.evaluated_on.map_or_else(String::new, |on| format!("（{on}）"));
        format!("全国公共信用综合评价结果，由{}作出{on}，本平台按报送内容转载，不作计算，不含分数。", self.owner_name)
    }
}

fn cite(basis: &Basis) -> String {
    format!("{} {}", basis.title, basis.article)
}
