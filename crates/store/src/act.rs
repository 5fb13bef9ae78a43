//! Acts: who did what, for which purpose and on what basis, with the root of all that it changed.
//!
//! An act's header is canonical JSON; its tree is RFC 6962 over the salted header and the commitments of the changes
//! (docs/design/0001-formats.md). Nothing is written without one: see [`crate::change`].

use crate::clock::instant_text;
use crate::connection::Connection;
use crate::{Result, values};
use credence_domain::canonical::{hex, to_vec};
use jiff::civil::Date;
use serde_json::{Map, Value};

/// Identity of an act: 16 random bytes.
pub type ActId = [u8; 16];

/// What is known of an act before it is done.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What kind of act: `import`, `enactment`, `unit`, `release`, `withdrawal`, ….
    pub kind: &'static str,
    /// Who acts: a unit's code or an account.
    pub actor: String,
    /// The second person where four eyes are needed.
    pub second: Option<String>,
    /// For which purpose.
    pub purpose: &'static str,
    /// On what basis: title and article.
    pub basis: String,
    /// Reason as given by the actor.
    pub reason: String,
    /// Digest of the rulebook that decided.
    pub rulebook: [u8; 32],
    /// Valid time of the decision.
    pub as_of: Date,
    /// The batch it belongs to.
    pub batch: Option<[u8; 16]>,
    /// What else the header says.
    pub details: Map<String, Value>,
}

impl Draft {
    /// The canonical header.
    #[must_use]
    pub fn header(&self, id: &ActId, at_micros: i64) -> Vec<u8> {
        let mut header = Map::new();
        let mut put = |key: &str, value: Value| header.insert(key.to_owned(), value);
        put("act", hex(id).into());
        put("actor", self.actor.clone().into());
        put("as_of", self.as_of.to_string().into());
        put("at", instant_text(at_micros).into());
        put("basis", self.basis.clone().into());
        put("kind", self.kind.into());
        put("purpose", self.purpose.into());
        put("rulebook", hex(&self.rulebook).into());
        if let Some(batch) = &self.batch {
            put("batch", hex(batch).into());
        }
        if let Some(second) = &self.second {
            put("second", second.clone().into());
        }
        if !self.reason.is_empty() {
            put("reason", self.reason.clone().into());
        }
        if !self.details.is_empty() {
            put("details", self.details.clone().into());
        }
        to_vec(&Value::Object(header))
    }
}

/// What is written with an act.
pub(crate) struct Made<'a> {
    /// The first organisation touched, else the acting unit.
    pub(crate) uscc: &'a str,
    /// The act.
    pub(crate) id: &'a ActId,
    /// Its instant, in microseconds.
    pub(crate) at: i64,
    /// What salts its header.
    pub(crate) salt: &'a [u8; 16],
    /// Its chunk.
    pub(crate) chunk: i64,
    /// What it commits to, by position in the chunk.
    pub(crate) commitments: &'a [[u8; 32]],
    /// What it leaves of counters to the sequencer.
    pub(crate) counts: Option<&'a str>,
}

/// Writes the act of a change with its pending row, its chunk and what it leaves of counters; gives its root.
pub(crate) fn insert(connection: &mut Connection, draft: &Draft, made: &Made<'_>) -> Result<[u8; 32]> {
    let Made { uscc, id, at: at_micros, salt, chunk, commitments, counts } = *made;
    let header = draft.header(id, at_micros);
    let root = credence_ledger::act_root(salt, &header, commitments);
    let header = String::from_utf8_lossy(&header);
    let changes = i64::try_from(commitments.len()).unwrap_or(i64::MAX);
    if let Connection::Postgres(_) = connection {
        // One step to the server and back for all of them.
        connection.execute(
            "with pending as (insert into act_pending(id, uscc, root, at) values ($2, $1, $8, $4)),
                  chunk as (insert into chunk(no, uscc, act, commitments)
                            select $10::int8, $1, $2, $11::bytea where $9::int8 > 0),
                  counted as (insert into count_pending(id, uscc, differences)
                              select $2, $1, $12::text where $12::text is not null)
             insert into act(uscc, id, kind, at, batch, salt, header, root, changes)
             values ($1::text, $2::bytea, $3::text, $4::int8, $5::bytea, $6::bytea, $7::text, $8::bytea, $9::int8)",
            values![
                uscc,
                id,
                draft.kind,
                at_micros,
                draft.batch.as_ref(),
                salt,
                &*header,
                &root,
                changes,
                chunk,
                commitments.as_flattened(),
                counts,
            ],
        )?;
        return Ok(root);
    }
    connection.execute(
        "insert into act(uscc, id, kind, at, batch, salt, header, root, changes)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![uscc, id, draft.kind, at_micros, draft.batch.as_ref(), salt, &*header, &root, changes],
    )?;
    connection.execute(
        "insert into act_pending(id, uscc, root, at) values ($1, $2, $3, $4)",
        values![id, uscc, &root, at_micros],
    )?;
    if let Some(counts) = counts {
        connection.execute(
            "insert into count_pending(id, uscc, differences) values ($1, $2, $3)",
            values![id, uscc, counts],
        )?;
    }
    if !commitments.is_empty() {
        connection.execute(
            "insert into chunk(no, uscc, act, commitments) values ($1, $2, $3, $4)",
            values![chunk, uscc, id, commitments.as_flattened()],
        )?;
    }
    Ok(root)
}
