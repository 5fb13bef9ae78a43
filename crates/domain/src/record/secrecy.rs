//! Why a field of a record is not disclosed (不予公开), and what the public half says in its place.
//!
//! Serves 政府信息公开条例 arts. 十四 (state secrets), 十五 (commercial secrets and privacy) and 十七 (review before disclosure).
//! The public half then has a member more, `"withheld":{"FIELD":{"clause":"…","ground":"…"}}`, so that whoever reads it sees
//! that something stands there and by which clause it is not shown, and can check that nobody changed that.

use crate::canonical::to_vec;
use crate::catalog::{Field, Role, Version};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// 国家秘密.
    StateSecret,
    /// 商业秘密.
    CommercialSecret,
    /// 个人隐私.
    Privacy,
}

impl Ground {
    /// Every ground.
    pub const ALL: [Ground; 3] = [Ground::StateSecret, Ground::CommercialSecret, Ground::Privacy];

    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Ground::StateSecret => "state_secret",
            Ground::CommercialSecret => "commercial_secret",
            Ground::Privacy => "privacy",
        }
    }

    /// In Chinese.
    #[must_use]
    pub const fn told(self) -> &'static str {
        match self {
            Ground::StateSecret => "国家秘密",
            Ground::CommercialSecret => "商业秘密",
            Ground::Privacy => "个人隐私",
        }
    }

    /// The ground with a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.code() == code)
    }
}

/// A field that is not disclosed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// Its code.
    pub field: String,
    /// The ground.
    pub ground: Ground,
    /// The clause: title and article.
    pub clause: String,
}

/// Whether a field may be withheld: a published one without which the record is still known for what it is.
#[must_use]
pub fn may_be_withheld(version: &Version, field: &Field) -> bool {
    let needed = matches!(
        field.role,
        Some(
            Role::SubjectName
                | Role::SubjectUscc
                | Role::SubjectClass
                | Role::AuthorityName
                | Role::AuthorityUscc
                | Role::SourceName
                | Role::SourceUscc
                | Role::DecidedOn
        )
    );
    field.public && !needed && !version.identity.contains(&field.code)
}

/// The longest clause.
const CLAUSE_MOST: usize = 100;

/// A clause as people write it: a title and an article, behind a space.
#[must_use]
pub fn is_clause(text: &str) -> bool {
    if text.chars().count() > CLAUSE_MOST || text.trim().chars().any(char::is_control) {
        return false;
    }
    let parts = text.trim().rsplit_once(char::is_whitespace);
    parts.is_some_and(|(title, article)| title.chars().count() >= 2 && !article.trim().is_empty())
}

/// Both halves with exactly these fields withheld: what was withheld before and is not among them is public again. `public`
/// and `other` are canonical; so is what comes back. Nothing where one of them is damaged.
#[must_use]
pub fn withhold(public: &str, other: &str, withheld: &[Withheld]) -> Option<(String, String)> {
    let mut half: Map<String, Value> = serde_json::from_str(public).ok()?;
    let mut rest: Map<String, Value> = serde_json::from_str(other).ok()?;
    let before = match half.remove("withheld") {
        Some(Value::Object(before)) => before,
        _ => Map::new(),
    };
    let content = half.get_mut("content")?.as_object_mut()?;
    for field in before.keys() {
        if let Some(value) = rest.remove(field) {
            content.insert(field.clone(), value);
        }
    }
    let mut said = Map::new();
    for one in withheld {
        if let Some(value) = content.remove(&one.field) {
            rest.insert(one.field.clone(), value);
        }
        said.insert(one.field.clone(), json!({ "clause": one.clause, "ground": one.ground.code() }));
    }
    if !said.is_empty() {
        half.insert("withheld".to_owned(), Value::Object(said));
    }
    let text = |object| String::from_utf8_lossy(&to_vec(&Value::Object(object))).into_owned();
    Some((text(half), text(rest)))
}

/// What a public half says is withheld, in order of fields.
#[must_use]
pub fn withheld_in(public: &str) -> Vec<Withheld> {
    let half: Option<Map<String, Value>> = serde_json::from_str(public).ok();
    let said = half.as_ref().and_then(|half| half.get("withheld")?.as_object());
    let read = |(field, why): (&String, &Value)| {
        let text = |key| why.get(key).and_then(Value::as_str);
        Some(Withheld {
            field: field.clone(),
            ground: Ground::from_code(text("ground")?)?,
            clause: text("clause")?.to_owned(),
        })
    };
    said.map(|said| said.iter().filter_map(read).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLIC: &str =
        r#"{"content":{"CF_NR":"罚款","CF_SY":"配方甲"},"identity":"00","item":"penalty","uscc":"91"}"#;

    fn of(field: &str) -> Withheld {
        Withheld {
            field: field.to_owned(),
            ground: Ground::CommercialSecret,
            clause: "政府信息公开条例 十五".to_owned(),
        }
    }

    #[test]
    fn a_withheld_field_leaves_the_public_half_which_says_so_and_comes_back_to_the_byte() {
        let (public, other) = withhold(PUBLIC, r#"{"BZ":"注"}"#, &[of("CF_SY")]).unwrap();
        assert_eq!(
            public,
            r#"{"content":{"CF_NR":"罚款"},"identity":"00","item":"penalty","uscc":"91","withheld":{"CF_SY":{"clause":"政府信息公开条例 十五","ground":"commercial_secret"}}}"#
        );
        assert_eq!(other, r#"{"BZ":"注","CF_SY":"配方甲"}"#);
        assert_eq!(withheld_in(&public), [of("CF_SY")]);
        assert_eq!(withhold(&public, &other, &[of("CF_SY")]).unwrap(), (public.clone(), other.clone()));
        let (moved, _) = withhold(&public, &other, &[of("CF_NR")]).unwrap();
        assert!(moved.contains("配方甲") && !moved.contains("罚款"), "{moved}");
        assert_eq!(withhold(&public, &other, &[]).unwrap(), (PUBLIC.to_owned(), r#"{"BZ":"注"}"#.to_owned()));
        assert!(withheld_in(PUBLIC).is_empty());
    }

    #[test]
    fn a_clause_names_a_title_and_an_article() {
        assert!(is_clause("政府信息公开条例 十五") && is_clause("《保守国家秘密法》 十三"));
        assert!(!is_clause("") && !is_clause("政府信息公开条例") && !is_clause(" 十五"));
    }
}
