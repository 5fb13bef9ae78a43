//! What tells a record's content wherever it is quoted: the texts that are its own. Codes, names of units and whatever another
//! record of the organisation says as well are none.

use crate::review::rules::{Content, Rules};
use credence_domain::catalog::{Field, FieldType, Role};
use credence_domain::record::text::fold_name;
use credence_store::connection::Connection;
use credence_store::erasure;
use credence_store::erasure::quote::Words;
use credence_store::record::{self, Stored};
use credence_store::subject;
use serde_json::Value;
use std::collections::BTreeSet;

/// The shortest text that tells a record by itself, in characters.
const TELLS_FROM: usize = 6;

/// What a field's value can tell.
enum Tells {
    Nothing,
    /// The record, wherever it stands.
    Record,
    /// The organisation: its name, an old number.
    Organisation,
}

fn tells(field: Option<&Field>) -> Tells {
    let Some(field) = field else { return Tells::Record };
    if field.kind != FieldType::Text {
        return Tells::Nothing;
    }
    match field.role {
        Some(Role::SubjectName | Role::OldRegistrationNumber | Role::OrganisationCode) => Tells::Organisation,
        Some(Role::SubjectClass | Role::AuthorityName | Role::SourceName | Role::Area | Role::OrganisationType) => {
            Tells::Nothing
        }
        _ => Tells::Record,
    }
}

fn texts(content: &Content) -> impl Iterator<Item = (&String, &str)> {
    content.all.iter().filter_map(|(code, value)| Some((code, value.as_str()?.trim()))).filter(|(_, v)| !v.is_empty())
}

/// Gathers them from every version of a record.
///
/// # Errors
/// What cannot be read or opened, or a fault of the store.
pub(super) fn of(connection: &mut Connection, rules: &mut Rules<'_>, stored: &Stored) -> credence_store::Result<Words> {
    let key = (stored.uscc.clone(), stored.identity);
    let mut elsewhere: BTreeSet<String> = BTreeSet::new();
    for other in record::of_organisation(connection, &rules.view(), &stored.uscc)? {
        if other.identity != stored.identity && other.packed.is_some() {
            let content = rules.content(&other)?;
            elsewhere.extend(texts(&content).map(|(_, value)| value.to_owned()));
        }
    }
    let standing = subject::find(connection, &rules.view(), &stored.uscc)?.map(|found| found.name).unwrap_or_default();
    let version = rules.version(&stored.item)?;
    let (mut own, mut short, mut names) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for packed in erasure::contents(connection, &key)? {
        let content = rules.content_of(stored.owner(), &packed)?;
        for (code, value) in texts(&content) {
            let field = version.fields.iter().find(|field| field.code == *code);
            let is_number = field.is_some_and(|field| field.role == Some(Role::DocumentNumber));
            match tells(field) {
                _ if elsewhere.contains(value) => {}
                Tells::Nothing => {}
                Tells::Record if value.chars().count() >= TELLS_FROM => drop(own.insert(value.to_owned())),
                Tells::Record if is_number => drop(short.insert(value.to_owned())),
                Tells::Record => {}
                Tells::Organisation if fold_name(value) == fold_name(&standing) => {}
                Tells::Organisation => drop(names.insert(value.to_owned())),
            }
        }
    }
    // A name that only this record bore is quoted like its content.
    own.extend(names.iter().filter(|name| name.chars().count() >= TELLS_FROM).cloned());
    Ok(Words {
        sent: own.iter().flat_map(|word| encoded(word)).collect(),
        beside_code: short.iter().flat_map(|word| encoded(word)).collect(),
        own: own.into_iter().collect(),
        names: names.into_iter().collect(),
    })
}

/// A text as departments send it: UTF-8, GB18030, escaped in JSON.
fn encoded(word: &str) -> Vec<Vec<u8>> {
    let mut forms = vec![word.as_bytes().to_vec()];
    let (other, _, lost) = encoding_rs::GB18030.encode(word);
    let json = Value::from(word).to_string();
    let escaped = json.trim_matches('"').as_bytes();
    let quoted = word.replace('"', "\"\"");
    for form in [other.as_ref(), escaped, quoted.as_bytes()] {
        if !lost && !forms.iter().any(|known| known == form) {
            forms.push(form.to_vec());
        }
    }
    forms
}
