//! The state digest: one number that two databases share when they hold the same facts.
//!
//! RFC 6962 root over the sorted SHA-256 values, one a record, of canonical JSON
//! `[item, identity, content of every version, stored state, due, from, through]`; an erased one `[item, "erased"]`.
//! No ids, instants or batches.

use crate::body::Unpacker;
use crate::connection::Connection;
use crate::record::Stored;
use crate::scope::View;
use crate::{Result, StoreError, values};
use credence_domain::canonical;
use credence_domain::record::value::date_of;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Contents of superseded versions by (code, identity), oldest first.
type Earlier = BTreeMap<(String, [u8; 16]), Vec<Vec<u8>>>;

/// Computes the digest of everything stored.
///
/// # Errors
/// When something stored cannot be read, or the database fails.
pub fn state(connection: &mut Connection) -> Result<[u8; 32]> {
    let earlier = earlier_contents(connection)?;
    let mut unpacker = Unpacker::new()?;
    let mut hashes = Vec::new();
    // The day does not matter to whoever sees everything.
    crate::record::each(connection, &View::office(jiff::civil::Date::ZERO), |record| {
        let versions = earlier.get(&(record.uscc.clone(), record.identity.0));
        hashes.push(of_record(&record, versions.map_or(&[][..], Vec::as_slice), &mut unpacker)?);
        Ok(())
    })?;
    hashes.sort_unstable();
    Ok(credence_ledger::root(&hashes))
}

fn earlier_contents(connection: &mut Connection) -> Result<Earlier> {
    let mut earlier = Earlier::new();
    connection.each(
        "select v.uscc, v.identity, c.body from record_version v
         left join record_content c on c.at = v.at and c.uscc = v.uscc order by v.uscc, v.identity, v.version",
        values![],
        |row| {
            let key = (row.string(0)?, row.array(1)?);
            earlier.entry(key).or_default().push(row.opt_blob(2)?.map(<[u8]>::to_vec).unwrap_or_default());
            Ok(())
        },
    )?;
    Ok(earlier)
}

fn of_record(record: &Stored, earlier: &[Vec<u8>], unpacker: &mut Unpacker) -> Result<[u8; 32]> {
    let value = if record.state == "erased" {
        Value::from(vec![record.item.as_str(), "erased"])
    } else {
        let mut versions = Vec::with_capacity(earlier.len() + 1);
        for packed in earlier.iter().map(Vec::as_slice).chain(record.packed.as_deref()) {
            versions.push(Value::Object(content(packed, unpacker)?));
        }
        let day = |day: Option<i32>| day.and_then(date_of).map_or(Value::Null, |date| date.to_string().into());
        Value::from(vec![
            record.item.as_str().into(),
            record.identity.to_string().into(),
            Value::from(versions),
            record.state.as_str().into(),
            day(record.due_on),
            day(record.from_on),
            day(record.through_on),
        ])
    };
    Ok(Sha256::digest(canonical::to_vec(&value)).into())
}

/// All fields of a packed content, of both halves.
///
/// # Errors
/// [`StoreError::Inconsistent`] when it is damaged.
pub fn content(packed: &[u8], unpacker: &mut Unpacker) -> Result<Map<String, Value>> {
    let damaged = |_| StoreError::Inconsistent("a record's content is no JSON".to_owned());
    let body = unpacker.unpack(packed)?;
    let public: Value = serde_json::from_str(&body.public).map_err(damaged)?;
    let mut fields: Map<String, Value> = serde_json::from_str(&body.other_content).map_err(damaged)?;
    if let Some(Value::Object(public)) = public.get("content") {
        fields.extend(public.clone());
    }
    Ok(fields)
}
