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

/// Writes the act of a change with its pending row; gives its root. `uscc` is the first organisation touched, else the acting unit.
pub(crate) fn insert(
    connection: &mut Connection,
    uscc: &str,
    id: &ActId,
    draft: &Draft,
    at_micros: i64,
    salt: &[u8; 16],
    commitments: &[[u8; 32]],
) -> Result<[u8; 32]> {
    let header = draft.header(id, at_micros);
    let root = credence_ledger::act_root(salt, &header, commitments);
    let header = String::from_utf8_lossy(&header);
    let changes = i64::try_from(commitments.len()).unwrap_or(i64::MAX);
    connection.execute(
        "insert into act(uscc, id, kind, at, batch, salt, header, root, changes)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![uscc, id, draft.kind, at_micros, draft.batch.as_ref(), salt, &*header, &root, changes],
    )?;
    connection.execute(
        "insert into act_pending(id, uscc, root, at) values ($1, $2, $3, $4)",
        values![id, uscc, &root, at_micros],
    )?;
    Ok(root)
}
