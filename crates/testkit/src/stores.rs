//! The same test on both databases.

use credence_store::Address;
use credence_store::log::signer::Local;
use credence_store::log::{LogKey, Place};
use credence_store::secret::Keyring;
use std::path::{Path, PathBuf};

/// An empty register for one test.
#[derive(Debug)]
pub struct TestStore {
    /// Where it stands.
    pub address: Address,
    /// A folder of the test's own, gone with it.
    pub folder: PathBuf,
    _temporary: tempfile::TempDir,
}

impl TestStore {
    /// An empty SQLite register.
    ///
    /// # Panics
    /// When there is no temporary folder.
    #[allow(clippy::expect_used, reason = "a test without a folder has failed")]
    pub fn sqlite() -> Self {
        Self::sqlite_in(tempfile::tempdir().expect("a temporary folder"))
    }

    /// An empty SQLite register in memory, where the machine has a file system of that kind: the same writes, syncs and checkpoints,
    /// only the disk is faster.
    ///
    /// # Panics
    /// When there is no temporary folder.
    #[allow(clippy::expect_used, reason = "a test without a folder has failed")]
    pub fn fast() -> Self {
        let fast = Path::new("/dev/shm");
        let folder = if fast.is_dir() { tempfile::tempdir_in(fast) } else { tempfile::tempdir() };
        Self::sqlite_in(folder.expect("a temporary folder"))
    }

    fn sqlite_in(temporary: tempfile::TempDir) -> Self {
        let folder = temporary.path().to_owned();
        Self { address: Address::Sqlite(folder.join("register.db")), folder, _temporary: temporary }
    }

    /// An empty register of the same kind.
    #[must_use]
    pub fn twin(&self) -> Self {
        match self.address {
            Address::Sqlite(_) => Self::sqlite(),
            Address::Postgres(_) => Self::postgres(),
        }
    }

    /// An empty PostgreSQL register.
    ///
    /// # Panics
    /// When there is no server or temporary folder.
    #[allow(clippy::expect_used, reason = "a test without a folder has failed")]
    pub fn postgres() -> Self {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let folder = temporary.path().to_owned();
        Self { address: Address::Postgres(crate::postgres::server().database()), folder, _temporary: temporary }
    }
}

impl Drop for TestStore {
    /// Keys of a SQLite register lie in its folder; those of a PostgreSQL one outside.
    fn drop(&mut self) {
        if matches!(self.address, Address::Sqlite(_)) {
            return;
        }
        if let Some(place) = Keyring::of(&self.address).place() {
            let _ = std::fs::remove_file(place);
        }
        let _ = std::fs::remove_file(credence_store::backup::key::place(&self.address));
        let _ = std::fs::remove_file(credence_store::webhook::key::place(&self.address));
        if let Place::File(file) = LogKey::of(&self.address).place() {
            let _ = std::fs::remove_file(Local::memory_of(file));
            let _ = std::fs::remove_file(file);
        }
    }
}

/// Makes a test of each function that takes a [`TestStore`], once for each database:
/// `both_stores!(a_sentence_in_the_fields_words);` where `fn a_sentence_in_the_fields_words(store: &TestStore)`.
#[macro_export]
macro_rules! both_stores {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite { $(#[test] fn $name() { super::$name(&$crate::stores::TestStore::sqlite()); })* }
        mod on_postgres { $(#[test] fn $name() { super::$name(&$crate::stores::TestStore::postgres()); })* }
    };
}

/// Changes a SQLite register behind the program's back, as an intruder would: to show that it is found.
///
/// # Panics
/// When the file cannot be changed.
#[allow(clippy::expect_used, reason = "a test that cannot tamper has failed")]
pub fn tamper(file: &std::path::Path) -> impl Fn(&str) {
    let connection = rusqlite::Connection::open(file).expect("a register");
    move |sql| connection.execute_batch(sql).expect("a statement")
}
