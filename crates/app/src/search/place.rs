//! Where the index of a register lies: beside a SQLite file; for PostgreSQL in the user's cache folder. Where neither can be
//! written it is kept in memory.

use credence_domain::canonical::hex;
use credence_store::Address;
use sha2::{Digest, Sha256};
use std::path::PathBuf;

/// The file of a register's index; `None` = in memory.
pub(super) fn file(address: &Address) -> Option<PathBuf> {
    match address {
        Address::Sqlite(path) => {
            let mut name = path.file_name()?.to_owned();
            name.push(".search");
            Some(path.with_file_name(name))
        }
        Address::Postgres(url) => {
            let folder = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
            let folder = folder.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))?;
            // The name tells the register apart and says nothing of its address.
            let digest: [u8; 32] = Sha256::digest(url.as_bytes()).into();
            Some(folder.join("credence").join(format!("{}.search", hex(digest.get(..12)?))))
        }
    }
}
