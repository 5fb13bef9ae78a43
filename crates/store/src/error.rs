//! What can go wrong in the store, in the three kinds of the house: refusals, conflicts, faults.

/// An error of the store. Only [`StoreError::Fault`] variants hide their detail from users.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process writes to this database.
    #[error("database is in use by process {holder}")]
    InUse {
        /// Process id and command of the holder, as it wrote them.
        holder: String,
    },
    /// The database was written by a newer version that this one may not read.
    #[error("database has schema {found}, readable from version {minimum} on; this program knows {known}")]
    Newer {
        /// Schema version of the database.
        found: u32,
        /// Smallest reader version that it allows.
        minimum: u32,
        /// What this program knows.
        known: u32,
    },
    /// Read by a newer program's leave, but not to be written by this one.
    #[error("database has the newer schema {found}: this program may read it, not write it")]
    ReadOnlyVersion {
        /// Schema version of the database.
        found: u32,
    },
    /// The database was written by an older version: a writing command brings it up to this one.
    #[error(
        "database has the older schema {found}, this program reads {known}: run a writing command once (credence serve)"
    )]
    Older {
        /// Schema version of the database.
        found: u32,
        /// What this program knows.
        known: u32,
    },
    /// A number was sealed with a key that is not among those at hand.
    #[error("a number was encrypted with key {0}, which is not in the keys at hand: name its file with --keys")]
    KeyMissing(crate::secret::KeyId),
    /// The register has sealed numbers and there are no keys.
    #[error("the register holds encrypted numbers and its keys are not there: name their file with --keys")]
    KeysGone,
    /// The keys at hand are another register's.
    #[error("the keys at hand are not this register's")]
    KeysOther,
    /// Others may read the file with the keys.
    #[error("{} may be read by others: chmod 600", .0.display())]
    KeysExposed(std::path::PathBuf),
    /// The file with the keys cannot be read as such. Never says what it holds.
    #[error("the file with the keys: {0}")]
    KeysBad(String),
    /// The database or its folder cannot be written.
    #[error("database is read-only")]
    ReadOnly,
    /// No space left on the device.
    #[error("disk is full")]
    DiskFull,
    /// The address of the database is not understood.
    #[error("unknown database address {0:?}")]
    Address(String),
    /// The file is no database of this program.
    #[error("not a Credence database: {0}")]
    Foreign(String),
    /// What was loaded into the register is not all in.
    #[error("{0} was not loaded to its end: restore it again")]
    Loading(String),
    /// Something is to be loaded into a register that holds something.
    #[error("the register is not empty: name another")]
    NotEmpty,
    /// The backup key is not there.
    #[error("the backup key is not there: name its file with --backup-key")]
    BackupKeyGone,
    /// The backup key is not the one under which this was sealed.
    #[error("sealed under the backup key {0}, which is not the one at hand")]
    BackupKeyOther(String),
    /// A backup, or its key, is damaged or cut off: says what.
    #[error("backup: {0}")]
    Backup(String),
    /// What is stored contradicts itself: named, never guessed around.
    #[error("inconsistent: {0}")]
    Inconsistent(String),
    /// The log cannot be signed.
    #[error(transparent)]
    Log(LogProblem),
    /// The directory of units and areas cannot be changed so.
    #[error("{}: {}", .0.code, .0.detail)]
    Refused(credence_domain::directory::Refusal),
    /// Two writers met; the whole is tried again by whoever began it.
    #[error("write conflict: {0}")]
    Conflict(String),
    /// SQLite failed.
    #[error("sqlite: {0}")]
    Sqlite(rusqlite::Error),
    /// PostgreSQL failed.
    #[error("postgres: {0}")]
    Postgres(postgres::Error),
    /// The operating system failed.
    #[error("io: {0}")]
    Io(#[from] std::io::Error),
}

/// Why the log cannot be signed. Acts are done all the same and wait for a checkpoint that covers them.
#[derive(Debug, thiserror::Error)]
pub enum LogProblem {
    /// No key where it should be.
    #[error("the log's key is not there: name its file with --log-key")]
    Gone,
    /// The key at hand is not the one that the register names.
    #[error("the key at hand is not this log's: the register names {0}")]
    Other(String),
    /// The file is no key, or what lies beside it is no memory of it.
    #[error("the log's key: {0}")]
    Bad(String),
    /// The process that holds the key does not answer.
    #[error("the keeper of the log's key does not answer: {0}")]
    Away(String),
    /// The key has signed a tree that this register does not have: it was rolled back, or it is another one.
    #[error(
        "the key has signed {signed} entries that this log of {size} does not begin with: the register was rolled back, or another uses the same key"
    )]
    RolledBack {
        /// Size that was signed last.
        signed: u64,
        /// Size of the log now.
        size: u64,
    },
    /// The keeper of the key does not sign this.
    #[error("the keeper of the log's key refuses: {0}")]
    Refused(credence_ledger::witness::Refusal),
}

impl LogProblem {
    /// The stable code (rulebook/codes.toml, `error`).
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Gone => "log_key_gone",
            Self::Other(_) => "log_key_other",
            Self::Bad(_) => "log_key_bad",
            Self::Away(_) => "log_signer_away",
            Self::RolledBack { .. } => "log_rolled_back",
            Self::Refused(_) => "log_not_signed",
        }
    }
}

/// Result of the store.
pub type Result<T> = std::result::Result<T, StoreError>;

impl StoreError {
    /// The stable code of the error (rulebook/codes.toml, `error`).
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            StoreError::InUse { .. } => "database_in_use",
            StoreError::Newer { .. } | StoreError::ReadOnlyVersion { .. } => "database_newer",
            StoreError::Older { .. } => "database_older",
            StoreError::KeyMissing(_) => "secret_key_missing",
            StoreError::KeysGone => "secret_keys_gone",
            StoreError::KeysOther => "secret_keys_other",
            StoreError::KeysExposed(_) => "secret_keys_exposed",
            StoreError::KeysBad(_) => "secret_keys_bad",
            StoreError::Loading(_) => "restore_unfinished",
            StoreError::NotEmpty => "register_not_empty",
            StoreError::BackupKeyGone => "backup_key_gone",
            StoreError::BackupKeyOther(_) => "backup_key_other",
            StoreError::Backup(_) => "backup_damaged",
            StoreError::ReadOnly => "read_only",
            StoreError::DiskFull => "disk_full",
            StoreError::Address(_) | StoreError::Foreign(_) => "bad_parameter",
            StoreError::Log(problem) => problem.code(),
            StoreError::Refused(refusal) => refusal.code,
            StoreError::Conflict(_) => "changed_meanwhile",
            _ => "fault",
        }
    }
}

impl From<credence_domain::directory::Refusal> for StoreError {
    fn from(refusal: credence_domain::directory::Refusal) -> Self {
        StoreError::Refused(refusal)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        match error.sqlite_error_code() {
            Some(Code::DiskFull) => StoreError::DiskFull,
            Some(Code::ReadOnly | Code::CannotOpen) => StoreError::ReadOnly,
            Some(Code::NotADatabase) => StoreError::Foreign(error.to_string()),
            _ => StoreError::Sqlite(error),
        }
    }
}

impl From<postgres::Error> for StoreError {
    fn from(error: postgres::Error) -> Self {
        use postgres::error::SqlState;
        match error.code() {
            Some(code)
                if *code == SqlState::T_R_SERIALIZATION_FAILURE
                    || *code == SqlState::T_R_DEADLOCK_DETECTED
                    || *code == SqlState::UNIQUE_VIOLATION =>
            {
                StoreError::Conflict(error.to_string())
            }
            Some(code) if *code == SqlState::DISK_FULL => StoreError::DiskFull,
            Some(code) if *code == SqlState::READ_ONLY_SQL_TRANSACTION => StoreError::ReadOnly,
            _ => StoreError::Postgres(error),
        }
    }
}
