//! The file of a backup: sealed blocks, one after another. A block is its kind (1: rows of a table together, packed; 2: rows
//! under a label of their own), the table's number, its length, and what is sealed (AES-256-GCM). The number of the block is
//! the nonce, so none can be left out, repeated or moved; keys differ from backup to backup.

use super::cell;
use super::dump::Sink;
use super::key::{BackupKey, Label};
use super::shape::Table;
use crate::secret::cipher::{self, NONCE};
use crate::{Result, StoreError};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, Read};

/// Rows of a table together, packed.
pub(super) const COMMON: u8 = 1;
/// Rows under a label of their own.
pub(super) const OWN: u8 = 2;
/// The longest block that is believed.
const BLOCK_MAX_BYTES: u32 = 1 << 30;

pub(super) fn nonce(block: u64) -> [u8; NONCE] {
    let mut nonce = [0; NONCE];
    nonce.iter_mut().skip(4).zip(block.to_be_bytes()).for_each(|(to, from)| *to = from);
    nonce
}

pub(super) fn associated(id: &[u8; 16], kind: u8, table: u16) -> Vec<u8> {
    [&id[..], &[kind], &table.to_be_bytes()].concat()
}

pub(super) fn by_key(key: &[u8; 32]) -> Result<Box<dyn cipher::Cipher>> {
    cipher::by_name(cipher::NEWEST, key).ok_or_else(|| StoreError::Backup("unknown cipher".to_owned()))
}

/// What was written: its length and its SHA-256.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    pub(super) bytes: u64,
    pub(super) sha256: [u8; 32],
    pub(super) blocks: u64,
}

/// A block's length as the file holds it.
///
/// # Errors
/// [`StoreError::Inconsistent`] for a block that nobody would read again.
pub(super) fn length_of(bytes: usize) -> Result<u32> {
    let length = u32::try_from(bytes).ok().filter(|length| *length <= BLOCK_MAX_BYTES);
    length.ok_or_else(|| StoreError::Inconsistent("a row is too long for a backup".to_owned()))
}

/// Opens a backup's file again.
pub(super) struct Opener<'k> {
    key: &'k BackupKey,
    id: [u8; 16],
    common: Box<dyn cipher::Cipher>,
    from: BufReader<File>,
    hash: Sha256,
    bytes: u64,
    blocks: u64,
}

impl<'k> Opener<'k> {
    pub(super) fn new(key: &'k BackupKey, id: [u8; 16], file: File) -> Result<Self> {
        let common = by_key(&key.common(&id))?;
        let from = BufReader::with_capacity(1 << 20, file);
        Ok(Self { key, id, common, from, hash: Sha256::new(), bytes: 0, blocks: 0 })
    }

    fn read(&mut self, into: &mut [u8]) -> Result<()> {
        let at = self.bytes;
        self.from.read_exact(into).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => StoreError::Backup(format!("the file is cut off after byte {at}")),
            _ => StoreError::Io(error),
        })?;
        self.hash.update(&*into);
        self.bytes += into.len() as u64;
        Ok(())
    }

    /// Hands on every row that can be opened; gives what was read and the labels of what was forgotten.
    pub(super) fn open_all(
        mut self,
        tables: &[Table],
        blocks: u64,
        sink: &mut dyn Sink,
    ) -> Result<(Written, BTreeSet<Label>)> {
        let (mut at, mut forgotten) = (None, BTreeSet::new());
        while self.blocks < blocks {
            let begins = self.bytes;
            let mut head = [0; 7];
            self.read(&mut head)?;
            let [kind, t1, t2, l1, l2, l3, l4] = head;
            let (table, length) = (u16::from_be_bytes([t1, t2]), u32::from_be_bytes([l1, l2, l3, l4]));
            let damaged = |what: &str| {
                StoreError::Backup(format!("the block at byte {begins} ({what}) was changed or is damaged"))
            };
            let known = tables.get(usize::from(table)).ok_or_else(|| damaged("of no table"))?;
            if !matches!(kind, COMMON | OWN) || length > BLOCK_MAX_BYTES || at.is_some_and(|at| table < at) {
                return Err(damaged(&known.name));
            }
            while at != Some(table) {
                let next = at.map_or(0, |at: u16| at.saturating_add(1));
                sink.table(tables.get(usize::from(next)).unwrap_or(known))?;
                at = Some(next);
            }
            let mut payload = vec![0; usize::try_from(length).unwrap_or_default()];
            self.read(&mut payload)?;
            let aad = associated(&self.id, kind, table);
            let plain = if kind == COMMON {
                let packed =
                    self.common.open(&nonce(self.blocks), &aad, &payload).ok_or_else(|| damaged(&known.name))?;
                Some(zstd::stream::decode_all(packed.as_slice())?)
            } else {
                let (label, sealed) = payload.split_at_checked(8).ok_or_else(|| damaged(&known.name))?;
                let label = Label(u64::from_be_bytes(label.try_into().unwrap_or_default()));
                match self.key.own(label, &self.id) {
                    None => {
                        forgotten.insert(label);
                        None
                    }
                    Some(key) => {
                        let opened = by_key(&key)?.open(&nonce(self.blocks), &aad, sealed);
                        Some(opened.ok_or_else(|| damaged(&known.name))?)
                    }
                }
            };
            self.blocks += 1;
            if let Some(plain) = plain {
                let (mut rest, mut row) = (plain.as_slice(), Vec::with_capacity(known.columns.len()));
                while !rest.is_empty() {
                    cell::take(&mut rest, &mut row, known.columns.len())?;
                    sink.row(&row)?;
                }
            }
        }
        for table in tables.iter().skip(at.map_or(0, |at| usize::from(at) + 1)) {
            sink.table(table)?;
        }
        let mut more = [0; 1];
        if self.from.read(&mut more)? != 0 {
            return Err(StoreError::Backup(format!("the file goes on after byte {}", self.bytes)));
        }
        Ok((Written { bytes: self.bytes, sha256: self.hash.finalize().into(), blocks: self.blocks }, forgotten))
    }
}
