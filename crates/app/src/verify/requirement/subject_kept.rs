//! 五, 十六: an organisation is what its registration says: name, status, area, kind and day of establishment are those of the last
//! registration that was accepted, and nothing where none stands. The area decides who is answerable for its file.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_domain::catalog::Role;
use credence_domain::record::text::fold_name;
use credence_domain::record::value::{date, day_number};
use credence_store::audit::{self, Subject, Told};
use credence_store::body::Unpacker;
use credence_store::change::CHUNK_ROWS;
use credence_store::connection::Connection;
use credence_store::digest;
use serde_json::Value;

pub const REQUIREMENT: Requirement = Requirement {
    id: "subject_kept",
    source: FOUNDING,
    article: "五",
    demand: "status, area, kind and establishment of every organisation are those of its registration, its file began with its first change, and it counts its open name conflicts",
    check: Check::Whole(check),
};

/// What registrations say of an organisation.
#[derive(Clone, Default, PartialEq, Eq)]
struct Said {
    registered: bool,
    status: String,
    area: String,
    kind: String,
    established_on: Option<i32>,
}

/// One organisation while its registrations are walked along.
struct File {
    subject: Subject,
    said: Said,
    reference: Option<[u8; 16]>,
}

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut unpacker = Unpacker::new()?;
    let mut file: Option<File> = None;
    audit::each_subject(connection, |subject, told| {
        let same = file.as_ref().is_some_and(|file| file.subject.uscc == subject.uscc);
        if !same && let Some(done) = file.take() {
            judge(&done, reading, tally);
        }
        let file = file.get_or_insert_with(|| File { subject, said: Said::default(), reference: None });
        if let Some(told) = told {
            file.reference = Some(told.reference);
            hear(&mut file.said, &told, reading, &mut unpacker);
        }
        Ok(())
    })?;
    if let Some(done) = file {
        judge(&done, reading, tally);
    }
    Ok(())
}

/// What is so after a version: one that waits says nothing until its release, unless the withdrawal of a batch made it wait.
fn hear(said: &mut Said, told: &Told, reading: &Reading, unpacker: &mut Unpacker) {
    let act = reading.chunks.get(&chunk_of(told.at)).and_then(|chunk| reading.acts.get(&chunk.act));
    let undone = act.is_some_and(|act| act.header.kind == "withdrawal");
    match told.state.as_str() {
        "held" if !undone => {}
        "held" | "withdrawn" => *said = Said::default(),
        _ => {
            let content = told.packed.as_deref().and_then(|packed| digest::content(packed, unpacker).ok());
            let edition = act.and_then(|act| {
                let rulebook = reading.rulebooks.get(&act.header.rulebook?)?;
                rulebook.items.get("registration")?.version_on(act.header.as_of?)
            });
            let Some((content, edition)) = content.zip(edition) else { return };
            let of = |role| {
                let field = edition.field_of(role).and_then(|(_, field)| content.get(&field.code));
                field.and_then(Value::as_str).unwrap_or_default().to_owned()
            };
            *said = Said {
                registered: true,
                status: of(Role::Status),
                area: of(Role::Area),
                kind: of(Role::OrganisationType),
                established_on: date(&of(Role::EstablishedOn)).map(day_number),
            };
        }
    }
}

fn judge(file: &File, reading: &Reading, tally: &mut Tally) {
    let subject = &file.subject;
    let kept = Said {
        registered: subject.registered,
        status: subject.status.clone(),
        area: subject.area.clone(),
        kind: subject.kind.clone(),
        established_on: subject.established_on,
    };
    let first = subject.first_change.and_then(|at| reading.chunks.get(&chunk_of(at)));
    let began = first.and_then(|chunk| reading.acts.get(&chunk.act)).map(|act| act.header.at);
    let problem = if kept != file.said {
        Some(format!(
            "status, area, kind or establishment differ: in {:?} {:?} by its registration, kept as {:?} {:?}",
            file.said.area, file.said.status, kept.area, kept.status
        ))
    } else if subject.folded != fold_name(&subject.name) {
        Some(format!("it is found as {:?} and called {:?}", subject.folded, subject.name))
    } else if subject.conflicts != subject.open_conflicts {
        Some(format!("{} open name conflicts, kept as {}", subject.open_conflicts, subject.conflicts))
    } else if began.is_some_and(|began| began != subject.first_at) {
        Some("its file began at another instant than its first change".to_owned())
    } else {
        None
    };
    tally.expect(problem.is_none(), || Example {
        uscc: subject.uscc.clone(),
        record: file.reference.as_ref().map(|reference| hex(reference)),
        act: first.map(|chunk| hex(&chunk.act)),
        problem: problem.unwrap_or_default(),
    });
}

fn chunk_of(at: i64) -> i64 {
    at.div_euclid(CHUNK_ROWS as i64)
}
