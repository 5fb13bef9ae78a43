//! Steps (of listings, of measures) as they are kept: each a numbered and committed change of the organisation's file, of which
//! nothing is public. What a step says is for the rooms that take it.

use crate::change::Change;
use crate::connection::Connection;
use crate::revision::next_number;
use crate::{Result, StoreError, values};
use credence_domain::canonical;
use credence_domain::record::Identity;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A step with what commits to it, for audit.
#[derive(Clone, Debug)]
pub struct Committed {
    /// The organisation.
    pub uscc: String,
    /// Number of the case or measure.
    pub number: String,
    /// Number of the step, from 1.
    pub step: i64,
    /// The record that it concerns; zeros where there is none.
    pub identity: Identity,
    /// Number in the organisation's file.
    pub seq: i64,
    /// Its place.
    pub at: i64,
    /// Salts.
    pub salts: ([u8; 16], [u8; 16]),
    /// The commitment.
    pub commitment: [u8; 32],
    /// The step as JSON.
    pub body: String,
}

/// The steps of one kind: how the kind is called in what is committed to, and the statements over its table.
pub(crate) struct Steps {
    pub(crate) named: &'static str,
    pub(crate) of_one: &'static str,
    pub(crate) known: &'static str,
    pub(crate) all: &'static str,
    pub(crate) add: &'static str,
}

/// The steps that a table keeps.
macro_rules! steps {
    ($named:literal, $table:literal) => {
        $crate::step::Steps {
            named: $named,
            of_one: concat!("select body from ", $table, " where uscc = $1 and number = $2 order by step"),
            known: concat!("select number, body from ", $table, " where uscc = $1 and seq <= $2 order by number, step"),
            all: concat!(
                "select uscc, number, step, seq, salt, salt2, commitment, body, at, identity from ",
                $table,
                " order by uscc, number, step"
            ),
            add: concat!(
                "insert into ",
                $table,
                "(uscc, number, step, identity, seq, at, salt, salt2, commitment, body)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
            ),
        }
    };
}
pub(crate) use steps;

impl Steps {
    /// The steps of one case, in order.
    pub(crate) fn of<T: DeserializeOwned>(
        &self,
        connection: &mut Connection,
        (uscc, number): (&str, &str),
    ) -> Result<Vec<T>> {
        let found = connection.rows(self.of_one, values![uscc, number], |row| row.string(0))?;
        let damaged = |_| StoreError::Inconsistent(format!("a step of {} {number} is damaged", self.named));
        found.iter().map(|body| serde_json::from_str(body).map_err(damaged)).collect()
    }

    /// The steps of an organisation's cases that were taken when its file had number `seq`, by number of the case.
    pub(crate) fn known<T: DeserializeOwned>(
        &self,
        connection: &mut Connection,
        uscc: &str,
        seq: i64,
    ) -> Result<BTreeMap<String, Vec<T>>> {
        let found = connection.rows(self.known, values![uscc, seq], |row| Ok((row.string(0)?, row.string(1)?)))?;
        let mut known: BTreeMap<String, Vec<T>> = BTreeMap::new();
        for (number, body) in found {
            let damaged = |_| StoreError::Inconsistent(format!("a step of {} {number} is damaged", self.named));
            let step = serde_json::from_str(&body).map_err(damaged)?;
            known.entry(number).or_default().push(step);
        }
        Ok(known)
    }

    /// Every step, in order of (code, case, step).
    pub(crate) fn each(
        &self,
        connection: &mut Connection,
        mut look: impl FnMut(Committed) -> Result<()>,
    ) -> Result<()> {
        connection.each(self.all, &[], |row| {
            look(Committed {
                uscc: row.string(0)?,
                number: row.string(1)?,
                step: row.int(2)?,
                seq: row.int(3)?,
                salts: (row.array(4)?, row.array(5)?),
                commitment: row.array(6)?,
                body: row.string(7)?,
                at: row.int(8)?,
                identity: Identity(row.array(9)?),
            })
        })
    }

    /// The digests of both halves of a step.
    pub(crate) fn halves(&self, number: &str, step: i64, body: &str) -> ([u8; 32], [u8; 32]) {
        let mut told = String::new();
        canonical::write_string(&mut told, number);
        let statement = format!("{{\"{}\":{told},\"step\":{step},\"what\":{body}}}", self.named);
        (Sha256::digest(b"{}").into(), Sha256::digest(statement.as_bytes()).into())
    }

    /// Keeps a step under the organisation's next number. `identity` is the record that it concerns, where there is one.
    pub(crate) fn keep(
        &self,
        change: &mut Change<'_>,
        (uscc, number, at): (&str, &str, i64),
        step: &impl Serialize,
        identity: Option<Identity>,
    ) -> Result<()> {
        let value = serde_json::to_value(step).map_err(|error| StoreError::Inconsistent(error.to_string()))?;
        let body = String::from_utf8_lossy(&canonical::to_vec(&value)).into_owned();
        let seq = next_number(change, uscc)?;
        let (public, other) = self.halves(number, at, &body);
        let sealed = change.seal(uscc, seq, &public, &other)?;
        let identity = identity.unwrap_or(Identity([0; 16]));
        change.connection.execute(
            self.add,
            values![
                uscc,
                number,
                at,
                &identity.0,
                seq,
                sealed.at,
                &sealed.salt,
                &sealed.salt2,
                &sealed.commitment,
                body.as_str()
            ],
        )?;
        Ok(())
    }
}
