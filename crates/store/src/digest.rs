//! The state digest: one number that two databases share when they hold the same facts.
//!
//! RFC 6962 root over the sorted SHA-256 values, one a record, of canonical JSON
//! `[item, identity, content of every version, stored state, due, from, through]`; an erased one `[item, "erased"]`.
//! No ids, instants or batches.

use crate::audit::{self, Superseded};
use crate::body::{Body, Unpacker};
use crate::connection::Connection;
use crate::record::Stored;
use crate::secret::{Keys, field};
use crate::{Result, StoreError, values};
use credence_domain::canonical;
use credence_domain::record::value::date_of;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// The digest while records are added, in any order: 32 bytes a record are held.
#[derive(Debug)]
pub struct StateDigest {
    hashes: Vec<[u8; 32]>,
    unpacker: Unpacker,
    keys: Arc<Keys>,
}

impl StateDigest {
    /// Of no record yet; with room for as many as the register holds.
    ///
    /// # Errors
    /// Whatever the database says.
    pub fn begin(connection: &mut Connection, keys: Arc<Keys>) -> Result<Self> {
        let records = connection.first("select count(*) from record", values![], |row| row.int(0))?.unwrap_or_default();
        let hashes = Vec::with_capacity(usize::try_from(records).unwrap_or_default());
        Ok(Self { hashes, unpacker: Unpacker::new()?, keys })
    }

    /// Adds a record with its superseded versions, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when a content is damaged.
    pub fn add(&mut self, record: &Stored, earlier: &[Superseded]) -> Result<()> {
        self.hashes.push(of_record(record, earlier, &mut self.unpacker, &self.keys)?);
        Ok(())
    }

    /// The digest.
    #[must_use]
    pub fn root(mut self) -> [u8; 32] {
        self.hashes.sort_unstable();
        credence_ledger::root(&self.hashes)
    }
}

/// Computes the digest of everything stored, of plain contents: it is the same under whatever keys numbers are sealed.
///
/// # Errors
/// When something stored cannot be read or opened, or the database fails.
pub fn state(connection: &mut Connection, keys: Arc<Keys>) -> Result<[u8; 32]> {
    let mut whole = StateDigest::begin(connection, Arc::clone(&keys))?;
    let hashing = thread::available_parallelism().map_or(1, usize::from).min(HASHING_MAX);
    // One thread reads, the others hash: which of them has a record does not matter, for hashes are sorted in the end.
    let (send, receive) = sync_channel::<audit::Page>(hashing);
    let receive = Arc::new(Mutex::new(receive));
    thread::scope(|scope| {
        let begin = |_| {
            let (receive, keys) = (Arc::clone(&receive), Arc::clone(&keys));
            scope.spawn(move || hash_pages(&receive, keys))
        };
        let parts: Vec<_> = (0..hashing).map(begin).collect();
        drop(receive);
        let stopped = || StoreError::Inconsistent("the state digest was given up".to_owned());
        let read = audit::each_page(connection, |page| send.send(page).map_err(|_| stopped()));
        drop(send);
        for part in parts {
            whole.hashes.extend(part.join().map_err(|_| stopped())??);
        }
        read?;
        Ok(whole.root())
    })
}

/// The most threads that hash: what one thread reads keeps no more of them busy.
const HASHING_MAX: usize = 4;

/// The hashes of the records of the pages that this thread gets; what comes after a fault is let go.
fn hash_pages(pages: &Mutex<Receiver<audit::Page>>, keys: Arc<Keys>) -> Result<Vec<[u8; 32]>> {
    let mut part = StateDigest { hashes: Vec::new(), unpacker: Unpacker::new()?, keys };
    let next = || pages.lock().unwrap_or_else(PoisonError::into_inner).recv();
    let mut done = Ok(());
    while let Ok(page) = next() {
        if done.is_ok() {
            done = page.each(|record, earlier| part.add(record, earlier));
        }
    }
    done.map(|()| part.hashes)
}

fn of_record(record: &Stored, earlier: &[Superseded], unpacker: &mut Unpacker, keys: &Keys) -> Result<[u8; 32]> {
    let value = if record.state == "erased" {
        Value::from(vec![record.item.as_str(), "erased"])
    } else {
        let mut versions = Vec::with_capacity(earlier.len() + 1);
        let packed = earlier.iter().map(|version| version.packed.as_deref().unwrap_or_default());
        for packed in packed.chain(record.packed.as_deref()) {
            let mut body = unpacker.unpack(packed)?;
            if let (Cow::Owned(plain), _) = field::open(keys, record.owner(), &body.other_content)? {
                body.other_content = plain;
            }
            versions.push(Value::Object(fields(&body)?));
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
    fields(&unpacker.unpack(packed)?)
}

/// All fields of a content, of both halves.
///
/// # Errors
/// [`StoreError::Inconsistent`] when it is damaged.
pub fn fields(body: &Body) -> Result<Map<String, Value>> {
    let damaged = |_| StoreError::Inconsistent("a record's content is no JSON".to_owned());
    let mut public: Value = serde_json::from_str(&body.public).map_err(damaged)?;
    let mut fields: Map<String, Value> = serde_json::from_str(&body.other_content).map_err(damaged)?;
    if let Some(Value::Object(public)) = public.get_mut("content") {
        fields.extend(std::mem::take(public));
    }
    Ok(fields)
}
