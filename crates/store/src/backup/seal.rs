//! Rows into the sealed blocks of a backup's file. Whoever reads the register hands rows on; threads of their own seal them, for every
//! row that an erasure may reach has a key of its own to be computed; another writes what is sealed, in the order in which it was read.

use super::cell;
use super::dump::Sink;
use super::file::{COMMON, OWN, Written, associated, by_key, length_of, nonce};
use super::key::{BackupKey, Label};
use super::shape::{Labelling, Table};
use crate::connection::Value;
use crate::secret::cipher::Cipher;
use crate::{Result, StoreError};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

/// Bytes of rows that are packed together.
const PACKED_BYTES: usize = 1 << 20;
/// Bytes of rows under one label that are sealed together at most.
const ALONE_BYTES: usize = 8 << 20;
/// Bytes of rows that are sealed by one thread at a time.
const PIECE_BYTES: usize = 1 << 20;
/// Pieces that wait for each thread.
const WAITING: usize = 2;
/// The most threads that seal.
const SEALING_MAX: usize = 4;

/// A block before it is sealed.
#[derive(Clone, Copy)]
struct Block {
    table: u16,
    /// Under which it is sealed; none for rows that are packed together.
    label: Option<Label>,
    length: usize,
}

/// Blocks that are sealed by one thread.
#[derive(Default)]
struct Piece {
    /// Number of the first one.
    first: u64,
    blocks: Vec<Block>,
    /// Their rows, one block behind another.
    plain: Vec<u8>,
}

/// Seals rows into a file.
pub(super) struct Sealer {
    key: Arc<BackupKey>,
    sealing: Vec<SyncSender<Piece>>,
    writing: JoinHandle<Result<Written>>,
    /// Whose turn it is to seal.
    turn: usize,
    piece: Piece,
    blocks: u64,
    table: u16,
    labelling: Option<Labelling>,
    together: Vec<u8>,
    alone: Vec<u8>,
    label: Option<Label>,
    /// Nobody takes pieces any more.
    stopped: bool,
}

fn stopped() -> StoreError {
    StoreError::Inconsistent("writing the backup was given up".to_owned())
}

impl Sealer {
    pub(super) fn new(key: &BackupKey, id: [u8; 16], file: File) -> Result<Self> {
        let key = Arc::new(key.clone());
        let threads = thread::available_parallelism().map_or(1, usize::from).min(SEALING_MAX);
        let (mut sealing, mut sealed) = (Vec::new(), Vec::new());
        for _ in 0..threads {
            let (send, pieces) = sync_channel::<Piece>(WAITING);
            let (hand_on, done) = sync_channel(WAITING);
            let sealer = Seal { key: Arc::clone(&key), id, common: by_key(&key.common(&id))? };
            thread::Builder::new().name("seal".to_owned()).spawn(move || {
                for piece in pieces {
                    if hand_on.send(sealer.piece(&piece)).is_err() {
                        return;
                    }
                }
            })?;
            sealing.push(send);
            sealed.push(done);
        }
        let writing = thread::Builder::new().name("write".to_owned()).spawn(move || write(file, &sealed))?;
        Ok(Self {
            key,
            sealing,
            writing,
            turn: 0,
            piece: Piece::default(),
            blocks: 0,
            table: u16::MAX,
            labelling: None,
            together: Vec::new(),
            alone: Vec::new(),
            label: None,
            stopped: false,
        })
    }

    /// Adds a block to the piece; where nobody takes it any more, [`Self::finish`] says why.
    fn block(&mut self, label: Option<Label>, plain: &[u8]) {
        self.piece.blocks.push(Block { table: self.table, label, length: plain.len() });
        self.piece.plain.extend_from_slice(plain);
        self.blocks += 1;
        if self.piece.plain.len() >= PIECE_BYTES {
            self.hand_on();
        }
    }

    fn hand_on(&mut self) {
        let next = Piece { first: self.blocks, ..Piece::default() };
        let piece = std::mem::replace(&mut self.piece, next);
        if let Some(sealing) = self.sealing.get(self.turn) {
            self.stopped |= sealing.send(piece).is_err();
        }
        self.turn = (self.turn + 1) % self.sealing.len().max(1);
    }

    /// Seals what waits; a row whose label was forgotten holds nothing any more and goes with the others of its table.
    fn seal_alone(&mut self) {
        let Some(label) = self.label.take() else { return };
        let mut alone = std::mem::take(&mut self.alone);
        if self.key.has_forgotten(label) {
            self.together.extend_from_slice(&alone);
        } else {
            self.block(Some(label), &alone);
        }
        alone.clear();
        self.alone = alone;
    }

    fn seal_together(&mut self) {
        if !self.together.is_empty() {
            let together = std::mem::take(&mut self.together);
            self.block(None, &together);
        }
    }

    /// Everything is in the file and on the disk.
    pub(super) fn finish(mut self) -> Result<Written> {
        self.seal_alone();
        self.seal_together();
        self.hand_on();
        self.sealing.clear();
        let written = self.writing.join().map_err(|_| stopped())??;
        if written.blocks == self.blocks { Ok(written) } else { Err(stopped()) }
    }
}

impl Sink for Sealer {
    fn table(&mut self, table: &Table) -> Result<()> {
        self.seal_alone();
        self.seal_together();
        self.table = self.table.wrapping_add(1);
        self.labelling = Labelling::of(table);
        Ok(())
    }

    fn row(&mut self, row: &[Value<'_>]) -> Result<()> {
        if self.stopped {
            return Err(stopped());
        }
        let Some(labelling) = &self.labelling else {
            cell::put(&mut self.together, row);
            if self.together.len() >= PACKED_BYTES {
                self.seal_together();
            }
            return Ok(());
        };
        let label = labelling.label(&self.key, row);
        if self.label != Some(label) {
            self.seal_alone();
            self.label = Some(label);
        }
        cell::put(&mut self.alone, row);
        // A file that waits comes in many rows under one label: several blocks may bear it.
        if self.alone.len() >= ALONE_BYTES {
            self.seal_alone();
        }
        Ok(())
    }
}

/// What one thread seals with.
struct Seal {
    key: Arc<BackupKey>,
    id: [u8; 16],
    common: Box<dyn Cipher>,
}

/// Sealed blocks as they lie in the file.
struct Sealed {
    bytes: Vec<u8>,
    blocks: u64,
}

impl Seal {
    fn piece(&self, piece: &Piece) -> Result<Sealed> {
        let mut bytes = Vec::with_capacity(piece.plain.len() + 64 * piece.blocks.len());
        let mut rest = piece.plain.as_slice();
        for (number, block) in (piece.first..).zip(&piece.blocks) {
            let (plain, behind) = rest.split_at_checked(block.length).unwrap_or((rest, &[]));
            rest = behind;
            let kind = if block.label.is_some() { OWN } else { COMMON };
            let aad = associated(&self.id, kind, block.table);
            let sealed = match block.label {
                None => self.common.seal(&nonce(number), &aad, &zstd::bulk::compress(plain, 1)?)?,
                Some(label) => {
                    let gone = || StoreError::Inconsistent("a label was forgotten meanwhile".to_owned());
                    by_key(&self.key.own(label, &self.id).ok_or_else(gone)?)?.seal(&nonce(number), &aad, plain)?
                }
            };
            let label = block.label.map(|Label(label)| label.to_be_bytes());
            let label = label.as_ref().map_or(&[][..], |label| &label[..]);
            bytes.push(kind);
            bytes.extend(block.table.to_be_bytes());
            bytes.extend(length_of(label.len() + sealed.len())?.to_be_bytes());
            bytes.extend_from_slice(label);
            bytes.extend_from_slice(&sealed);
        }
        Ok(Sealed { bytes, blocks: piece.blocks.len() as u64 })
    }
}

/// Writes what is sealed, piece by piece from one thread after the other, until there is no more.
fn write(file: File, sealed: &[Receiver<Result<Sealed>>]) -> Result<Written> {
    let mut out = BufWriter::with_capacity(1 << 20, file);
    let (mut hash, mut bytes, mut blocks) = (Sha256::new(), 0, 0);
    for from in sealed.iter().cycle() {
        let Ok(piece) = from.recv() else { break };
        let piece = piece?;
        hash.update(&piece.bytes);
        out.write_all(&piece.bytes)?;
        bytes += piece.bytes.len() as u64;
        blocks += piece.blocks;
    }
    let file = out.into_inner().map_err(|error| StoreError::Io(error.into_error()))?;
    file.sync_all()?;
    Ok(Written { bytes, sha256: hash.finalize().into(), blocks })
}
