//! The key of backups, which can forget.
//!
//! Every row that an erasure may have to reach is sealed under a key of its own. These keys are the leaves of a tree that is
//! computed from one root (Goldreich, Goldwasser, Micali 1986); forgetting a leaf replaces a node by the siblings on the way
//! down to it, so that the key still opens everything else and nothing gives the leaf back. Copies of backups need not be
//! touched: whoever holds the key forgets, and whoever holds another copy of the key replaces it.
//!
//! The file, which its owner alone may read:
//! ```text
//! labels <64 hex digits>            the key that turns rows into labels
//! rest <64 hex digits>              the key of everything that no erasure reaches
//! node <depth> <16 hex digits> <64 hex digits>
//! note <JSON>                       what stands in place of what was forgotten
//! ```

use super::note::Note;
use crate::clock::Chance;
use crate::secret::{self, private};
use crate::{Address, Result, StoreError};
use credence_domain::canonical::{hex, unhex};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Names the file of the backup key.
const FILE_VARIABLE: &str = "CREDENCE_BACKUP_KEY";
/// Levels of the tree: four bits each.
const DEPTH: u8 = 16;
const HEAD: &str = "# Credence 备份密钥：备份按记录加密所用。请另行保管一份；依法删除后须以新文件替换所有副本。\n";

static NAMED: OnceLock<PathBuf> = OnceLock::new();

/// Names the file with the backup key for this process, before anything is opened. The first one stays.
pub fn use_file(place: PathBuf) {
    let _ = NAMED.set(place);
}

/// Where a register's backup key is: in the file that was named, else beside a SQLite register, for PostgreSQL in the user's
/// folder for data.
#[must_use]
pub fn place(address: &Address) -> PathBuf {
    let named = NAMED.get().cloned().or_else(|| std::env::var_os(FILE_VARIABLE).map(PathBuf::from));
    named.unwrap_or_else(|| secret::place_of(address, "backup-key"))
}

/// What a row is sealed under: a keyed digest of what names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(pub u64);

/// The key.
#[derive(Clone)]
pub struct BackupKey {
    labels: [u8; 32],
    rest: [u8; 32],
    nodes: BTreeMap<(u8, u64), [u8; 32]>,
    notes: Vec<Note>,
    naming: Hmac<Sha256>,
}

impl std::fmt::Debug for BackupKey {
    /// Its id alone.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.id())
    }
}

/// The key one level down. Inputs are of one length, so a hash over them is a pseudo-random function of the key.
fn child(key: &[u8; 32], nibble: u8) -> [u8; 32] {
    Sha256::new().chain_update(key).chain_update([nibble]).finalize().into()
}

/// The first `depth` nibbles of a label, the others zero.
fn prefix(label: u64, depth: u8) -> u64 {
    if depth == 0 { 0 } else { label & (u64::MAX << (64 - 4 * u32::from(depth))) }
}

fn nibble(label: u64, depth: u8) -> u8 {
    ((label >> (60 - 4 * u32::from(depth))) & 0xf) as u8
}

impl BackupKey {
    fn of(labels: [u8; 32], rest: [u8; 32], nodes: BTreeMap<(u8, u64), [u8; 32]>, notes: Vec<Note>) -> Result<Self> {
        let naming = Hmac::new_from_slice(&labels).map_err(|_| bad("labels"))?;
        Ok(Self { labels, rest, nodes, notes, naming })
    }

    /// Makes a key in a file that is not there yet.
    ///
    /// # Errors
    /// When it is there after all, cannot be written, or chance fails.
    pub fn make(place: &Path, chance: &mut Chance) -> Result<Self> {
        let root = BTreeMap::from([((0, 0), chance.bytes()?)]);
        let key = Self::of(chance.bytes()?, chance.bytes()?, root, Vec::new())?;
        private::write_new(place, &key.text()?)?;
        Ok(key)
    }

    /// Reads a key.
    ///
    /// # Errors
    /// [`StoreError::BackupKeyGone`] where there is no such file; [`StoreError::KeysExposed`] when others may read it;
    /// [`StoreError::Backup`] when it is none, without naming what it read.
    pub fn read(place: &Path) -> Result<Self> {
        if !place.exists() {
            return Err(StoreError::BackupKeyGone);
        }
        let (mut labels, mut rest, mut nodes, mut notes) = (None, None, BTreeMap::new(), Vec::new());
        for line in private::read(place)?.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let (kind, text) = line.split_once(' ').ok_or_else(|| bad("a line"))?;
            match kind {
                "labels" => labels = Some(bytes(text)?),
                "rest" => rest = Some(bytes(text)?),
                "note" => notes.push(serde_json::from_str(text).map_err(|_| bad("a note"))?),
                "node" => {
                    let mut parts = text.split(' ');
                    let depth = parts.next().and_then(|depth| depth.parse().ok()).filter(|depth| *depth <= DEPTH);
                    let at = parts.next().and_then(|prefix| u64::from_str_radix(prefix, 16).ok());
                    let node = (depth.ok_or_else(|| bad("a node"))?, at.ok_or_else(|| bad("a node"))?);
                    nodes.insert(node, bytes(parts.next().unwrap_or_default())?);
                }
                _ => return Err(bad("a line")),
            }
        }
        let (labels, rest) = (labels.ok_or_else(|| bad("labels"))?, rest.ok_or_else(|| bad("rest"))?);
        Self::of(labels, rest, nodes, notes)
    }

    fn text(&self) -> Result<String> {
        let mut text = format!("{HEAD}labels {}\nrest {}\n", hex(&self.labels), hex(&self.rest));
        for ((depth, prefix), key) in &self.nodes {
            text.push_str(&format!("node {depth} {prefix:016x} {}\n", hex(key)));
        }
        for note in &self.notes {
            let note = serde_json::to_string(note).map_err(|_| bad("a note"))?;
            text.push_str(&format!("note {note}\n"));
        }
        Ok(text)
    }

    /// Its id: the same before and after it has forgotten something.
    #[must_use]
    pub fn id(&self) -> String {
        let digest =
            Sha256::new().chain_update(b"credence backup key\0").chain_update(self.labels).chain_update(self.rest);
        hex(digest.finalize().get(..8).unwrap_or_default())
    }

    /// The label of what is named by these parts.
    #[must_use]
    pub fn label(&self, kind: &str, parts: &[&[u8]]) -> Label {
        let mut mac = self.naming.clone();
        mac.update(kind.as_bytes());
        for part in parts {
            mac.update(&[0]);
            mac.update(&(part.len() as u32).to_be_bytes());
            mac.update(part);
        }
        let digest = mac.finalize().into_bytes();
        let mut first = [0; 8];
        first.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        Label(u64::from_be_bytes(first))
    }

    fn leaf(&self, Label(label): Label) -> Option<[u8; 32]> {
        let (depth, mut key) =
            (0..=DEPTH).find_map(|depth| self.nodes.get(&(depth, prefix(label, depth))).map(|key| (depth, *key)))?;
        for level in depth..DEPTH {
            key = child(&key, nibble(label, level));
        }
        Some(key)
    }

    /// Whether it opens nothing under a label any more.
    #[must_use]
    pub fn has_forgotten(&self, Label(label): Label) -> bool {
        !(0..=DEPTH).any(|depth| self.nodes.contains_key(&(depth, prefix(label, depth))))
    }

    /// The key for a label in one backup; nothing where it was forgotten.
    #[must_use]
    pub fn own(&self, label: Label, backup: &[u8; 16]) -> Option<[u8; 32]> {
        let leaf = self.leaf(label)?;
        Some(Sha256::new().chain_update(leaf).chain_update(backup).finalize().into())
    }

    /// The key of everything in one backup that no erasure reaches.
    #[must_use]
    pub fn common(&self, backup: &[u8; 16]) -> [u8; 32] {
        Sha256::new().chain_update(self.rest).chain_update(b"rest").chain_update(backup).finalize().into()
    }

    /// What stands in place of what was forgotten, oldest first.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    fn puncture(&mut self, Label(label): Label) {
        let found = (0..=DEPTH).find(|depth| self.nodes.contains_key(&(*depth, prefix(label, *depth))));
        let Some(mut key) = found.and_then(|depth| self.nodes.remove(&(depth, prefix(label, depth)))) else { return };
        for level in found.unwrap_or(DEPTH)..DEPTH {
            let own = nibble(label, level);
            for sibling in (0..16).filter(|sibling| *sibling != own) {
                let at = prefix(label, level) | (u64::from(sibling) << (60 - 4 * u32::from(level)));
                self.nodes.insert((level + 1, at), child(&key, sibling));
            }
            key = child(&key, own);
        }
    }

    /// Forgets for good, in the file too, and keeps a note of it.
    ///
    /// # Errors
    /// Io; then the file is as it was.
    pub fn forget(place: &Path, labels: &[Label], note: Option<Note>) -> Result<()> {
        let _held = private::hold(place)?;
        let mut key = Self::read(place)?;
        labels.iter().for_each(|label| key.puncture(*label));
        key.notes.extend(note);
        private::replace(place, &key.text()?)
    }
}

fn bytes(text: &str) -> Result<[u8; 32]> {
    unhex(text).and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| bad("a key"))
}

fn bad(what: &str) -> StoreError {
    StoreError::Backup(format!("the file with the backup key cannot be read: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_forgotten_is_gone_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("key");
        let first = BackupKey::make(&place, &mut Chance::default()).unwrap();
        let labels: Vec<Label> = (0..200_u32).map(|n| first.label("record", &[&n.to_be_bytes()])).collect();
        let id = [7; 16];
        let before: Vec<_> = labels.iter().map(|label| first.own(*label, &id)).collect();
        assert!(before.iter().all(Option::is_some));
        let (gone, kept) = labels.split_at(20);
        BackupKey::forget(&place, gone, None).unwrap();
        // Again changes nothing.
        BackupKey::forget(&place, gone, None).unwrap();
        let after = BackupKey::read(&place).unwrap();
        assert_eq!((after.id(), after.common(&id)), (first.id(), first.common(&id)));
        assert!(gone.iter().all(|label| after.own(*label, &id).is_none() && after.has_forgotten(*label)));
        assert!(!kept.iter().any(|label| after.has_forgotten(*label)));
        assert!(kept.iter().zip(&before[20..]).all(|(label, key)| after.own(*label, &id) == *key));
        // No node that is left leads to what is gone: none is a prefix of its label.
        for Label(label) in gone {
            assert!((0..=DEPTH).all(|depth| !after.nodes.contains_key(&(depth, prefix(*label, depth)))));
        }
        assert!(!std::fs::read_to_string(&place).unwrap().contains(&hex(&first.nodes[&(0, 0)])));
    }

    #[test]
    fn a_file_that_is_no_key_is_refused_without_being_quoted() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("key");
        assert!(matches!(BackupKey::read(&place), Err(StoreError::BackupKeyGone)));
        for text in ["labels 00\n", "secret\n", "node 99 0 0\n", "note {}\n", ""] {
            let _ = std::fs::remove_file(&place);
            private::write_new(&place, text).unwrap();
            let refused = BackupKey::read(&place).unwrap_err();
            assert!(matches!(refused, StoreError::Backup(_)), "{refused}");
            assert!(!refused.to_string().contains("secret"));
        }
    }
}
