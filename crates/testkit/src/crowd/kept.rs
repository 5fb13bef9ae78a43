//! What a sweep has kept or written, in a form that two programs can compare: a count and a digest of every organisation's
//! result.

use super::fill::Failure;
use credence_store::Address;
use sha2::{Digest, Sha256};

/// Every organisation's code, points and grade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Results {
    /// How many have a grade.
    pub count: u64,
    /// SHA-256 in hex of `code,points,grade` and a line feed each, in order of codes.
    pub digest: String,
}

/// Results as they are read, in order of codes.
#[derive(Debug, Default)]
pub struct Counted {
    count: u64,
    hash: Sha256,
}

impl Counted {
    /// The next organisation's.
    pub fn take(&mut self, uscc: &str, points: i64, grade: &str) {
        self.count += 1;
        self.hash.update(format!("{uscc},{points},{grade}\n"));
    }

    /// All of them.
    #[must_use]
    pub fn results(self) -> Results {
        let digest = self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Results { count: self.count, digest }
    }
}

/// Reads what the register keeps.
///
/// # Errors
/// Whatever the database says.
pub fn results(address: &Address) -> Result<Results, Failure> {
    let sql = "select uscc, points, grade from evaluation order by uscc";
    let mut counted = Counted::default();
    match address {
        Address::Sqlite(path) => {
            let connection = rusqlite::Connection::open(path)?;
            let mut statement = connection.prepare(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                counted.take(row.get_ref(0)?.as_str()?, row.get(1)?, row.get_ref(2)?.as_str()?);
            }
        }
        Address::Postgres(url) => {
            use postgres::fallible_iterator::FallibleIterator as _;
            let mut client = postgres::Client::connect(url, postgres::NoTls)?;
            let mut rows = client.query_raw(sql, std::iter::empty::<i64>())?;
            while let Some(row) = rows.next()? {
                counted.take(row.get(0), row.get(1), row.get(2));
            }
        }
    }
    Ok(counted.results())
}
