//! Migrations: forward only, the same names on both databases, with the version that readers must know.

use crate::connection::Connection;
use crate::{Result, StoreError, open, values};

/// A step of the schema: name, text for SQLite, text for PostgreSQL.
type Step = (&'static str, &'static str, &'static str);

const STEPS: &[Step] = &[
    (
        "0001_register",
        include_str!("../migrations/sqlite/0001_register.sql"),
        include_str!("../migrations/postgres/0001_register.sql"),
    ),
    (
        "0002_counters",
        include_str!("../migrations/sqlite/0002_counters.sql"),
        include_str!("../migrations/postgres/0002_counters.sql"),
    ),
    (
        "0003_batches",
        include_str!("../migrations/sqlite/0003_batches.sql"),
        include_str!("../migrations/postgres/0003_batches.sql"),
    ),
    (
        "0004_evaluation",
        include_str!("../migrations/sqlite/0004_evaluation.sql"),
        include_str!("../migrations/postgres/0004_evaluation.sql"),
    ),
    (
        "0005_lists",
        include_str!("../migrations/sqlite/0005_lists.sql"),
        include_str!("../migrations/postgres/0005_lists.sql"),
    ),
    (
        "0006_batch_window",
        include_str!("../migrations/sqlite/0006_batch_window.sql"),
        include_str!("../migrations/postgres/0006_batch_window.sql"),
    ),
    (
        "0007_window_bytes",
        include_str!("../migrations/sqlite/0007_window_bytes.sql"),
        include_str!("../migrations/postgres/0007_window_bytes.sql"),
    ),
    (
        "0010_source_withdrawal",
        include_str!("../migrations/sqlite/0010_source_withdrawal.sql"),
        include_str!("../migrations/postgres/0010_source_withdrawal.sql"),
    ),
    (
        "0011_enactments",
        include_str!("../migrations/sqlite/0011_enactments.sql"),
        include_str!("../migrations/postgres/0011_enactments.sql"),
    ),
    (
        "0012_areas_and_scope",
        include_str!("../migrations/sqlite/0012_areas_and_scope.sql"),
        include_str!("../migrations/postgres/0012_areas_and_scope.sql"),
    ),
    (
        "0013_secrets",
        include_str!("../migrations/sqlite/0013_secrets.sql"),
        include_str!("../migrations/postgres/0013_secrets.sql"),
    ),
    (
        "0014_accounts",
        include_str!("../migrations/sqlite/0014_accounts.sql"),
        include_str!("../migrations/postgres/0014_accounts.sql"),
    ),
    (
        "0015_withheld",
        include_str!("../migrations/sqlite/0015_withheld.sql"),
        include_str!("../migrations/postgres/0015_withheld.sql"),
    ),
    (
        "0016_secrecy_claim",
        include_str!("../migrations/sqlite/0016_secrecy_claim.sql"),
        include_str!("../migrations/postgres/0016_secrecy_claim.sql"),
    ),
    (
        "0017_log_signing",
        include_str!("../migrations/sqlite/0017_log_signing.sql"),
        include_str!("../migrations/postgres/0017_log_signing.sql"),
    ),
    (
        "0018_erasure",
        include_str!("../migrations/sqlite/0018_erasure.sql"),
        include_str!("../migrations/postgres/0018_erasure.sql"),
    ),
    (
        "0019_stream",
        include_str!("../migrations/sqlite/0019_stream.sql"),
        include_str!("../migrations/postgres/0019_stream.sql"),
    ),
    (
        "0020_webhooks",
        include_str!("../migrations/sqlite/0020_webhooks.sql"),
        include_str!("../migrations/postgres/0020_webhooks.sql"),
    ),
    (
        "0021_exchange",
        include_str!("../migrations/sqlite/0021_exchange.sql"),
        include_str!("../migrations/postgres/0021_exchange.sql"),
    ),
    (
        "0022_listing",
        include_str!("../migrations/sqlite/0022_listing.sql"),
        include_str!("../migrations/postgres/0022_listing.sql"),
    ),
    (
        "0023_measure",
        include_str!("../migrations/sqlite/0023_measure.sql"),
        include_str!("../migrations/postgres/0023_measure.sql"),
    ),
    (
        "0025_repair",
        include_str!("../migrations/sqlite/0025_repair.sql"),
        include_str!("../migrations/postgres/0025_repair.sql"),
    ),
    (
        "0026_objection",
        include_str!("../migrations/sqlite/0026_objection.sql"),
        include_str!("../migrations/postgres/0026_objection.sql"),
    ),
    (
        "0024_officer",
        include_str!("../migrations/sqlite/0024_officer.sql"),
        include_str!("../migrations/postgres/0024_officer.sql"),
    ),
    (
        "0027_national",
        include_str!("../migrations/sqlite/0027_national.sql"),
        include_str!("../migrations/postgres/0027_national.sql"),
    ),
    (
        "0029_notice",
        include_str!("../migrations/sqlite/0029_notice.sql"),
        include_str!("../migrations/postgres/0029_notice.sql"),
    ),
    (
        "0028_queue",
        include_str!("../migrations/sqlite/0028_queue.sql"),
        include_str!("../migrations/postgres/0028_queue.sql"),
    ),
    (
        "0030_shield",
        include_str!("../migrations/sqlite/0030_shield.sql"),
        include_str!("../migrations/postgres/0030_shield.sql"),
    ),
    (
        "0031_webhook_tasks",
        include_str!("../migrations/sqlite/0031_webhook_tasks.sql"),
        include_str!("../migrations/postgres/0031_webhook_tasks.sql"),
    ),
    (
        "0032_restart",
        include_str!("../migrations/sqlite/0032_restart.sql"),
        include_str!("../migrations/postgres/0032_restart.sql"),
    ),
    (
        "0033_paper",
        include_str!("../migrations/sqlite/0033_paper.sql"),
        include_str!("../migrations/postgres/0033_paper.sql"),
    ),
    (
        "0034_second_factor",
        include_str!("../migrations/sqlite/0034_second_factor.sql"),
        include_str!("../migrations/postgres/0034_second_factor.sql"),
    ),
    (
        "0035_pages",
        include_str!("../migrations/sqlite/0035_pages.sql"),
        include_str!("../migrations/postgres/0035_pages.sql"),
    ),
    (
        "0036_listing_paper",
        include_str!("../migrations/sqlite/0036_listing_paper.sql"),
        include_str!("../migrations/postgres/0036_listing_paper.sql"),
    ),
    (
        "0037_inner_roots",
        include_str!("../migrations/sqlite/0037_inner_roots.sql"),
        include_str!("../migrations/postgres/0037_inner_roots.sql"),
    ),
    (
        "0038_key_scope",
        include_str!("../migrations/sqlite/0038_key_scope.sql"),
        include_str!("../migrations/postgres/0038_key_scope.sql"),
    ),
    (
        "0040_repair_revocation",
        include_str!("../migrations/sqlite/0040_repair_revocation.sql"),
        include_str!("../migrations/postgres/0040_repair_revocation.sql"),
    ),
    (
        "0041_repair_related",
        include_str!("../migrations/sqlite/0041_repair_related.sql"),
        include_str!("../migrations/postgres/0041_repair_related.sql"),
    ),
    (
        "0042_decision_service",
        include_str!("../migrations/sqlite/0042_decision_service.sql"),
        include_str!("../migrations/postgres/0042_decision_service.sql"),
    ),
    (
        "0043_proposed_edition",
        include_str!("../migrations/sqlite/0043_proposed_edition.sql"),
        include_str!("../migrations/postgres/0043_proposed_edition.sql"),
    ),
    (
        "0044_remedy_ruled",
        include_str!("../migrations/sqlite/0044_remedy_ruled.sql"),
        include_str!("../migrations/postgres/0044_remedy_ruled.sql"),
    ),
];

/// The schema that this program writes.
pub const VERSION: u32 = STEPS.len() as u32;
/// The oldest program version (in schema numbers) that can read what this one writes: an older one would not know that
/// units are dated (`0012_areas_and_scope`), nor which edition of the rulebook was enacted last (`0011_enactments`), and would
/// take a sealed number for the number (`0013_secrets`), or what an erasure emptied for something lost (`0018_erasure`), nor
/// that a repair can stand at a shield (`0030_shield`), nor a step by which a period counts anew (`0032_restart`) or that cites a file
/// (`0033_paper`), and would take a sealed second factor for the secret (`0034_second_factor`), nor that a step of a listing cites a file
/// (`0036_listing_paper`), nor the steps by which a revocation is proposed, told and answered (`0040_repair_revocation`), nor that a
/// repair ends the publicity of penalties besides its own record (`0041_repair_related`), nor the steps by which a decision is served and a
/// remedy filed against it (`0042_decision_service`), and would let a key do what it was not issued for (`0038_key_scope`) and approve an edition without putting it
/// in force, nor read a removal with its paper (`0043_proposed_edition`), nor what came of a remedy against a decision of a repair or an
/// objection (`0044_remedy_ruled`).
pub const MINIMUM_READER: u32 = 41;

fn number(connection: &mut Connection, key: &str) -> Result<Option<u32>> {
    let text = connection.first("select value from meta where key = $1", values![key], |row| row.string(0))?;
    Ok(text.and_then(|text| text.parse().ok()))
}

fn has_meta(connection: &mut Connection) -> Result<bool> {
    let found = match connection {
        Connection::Sqlite(_) => {
            connection.first("select 1 from sqlite_master where name = 'meta'", &[], |row| row.int(0))?
        }
        Connection::Postgres(_) => connection.first(
            "select 1::int8 from pg_tables where tablename = 'meta' and schemaname = current_schema()",
            &[],
            |row| row.int(0),
        )?,
    };
    Ok(found.is_some())
}

/// Whether this program may read the database as it stands.
///
/// # Errors
/// [`StoreError::Newer`] when it may not, [`StoreError::Older`] when it must be brought up first,
/// [`StoreError::Foreign`] when this is no database of ours.
pub fn check_readable(connection: &mut Connection) -> Result<u32> {
    let found = check_known(connection)?;
    if found < VERSION { Err(StoreError::Older { found, known: VERSION }) } else { Ok(found) }
}

fn check_known(connection: &mut Connection) -> Result<u32> {
    if !has_meta(connection)? {
        return Err(StoreError::Foreign("it holds no register; import or demo makes one".to_owned()));
    }
    if let Some(name) = open::mark(connection, LOADING)? {
        return Err(StoreError::Loading(name));
    }
    let found = number(connection, "schema_version")?
        .ok_or_else(|| StoreError::Foreign("it names no schema version".to_owned()))?;
    let minimum = number(connection, "minimum_reader")?.unwrap_or(found);
    if minimum > VERSION {
        return Err(StoreError::Newer { found, minimum, known: VERSION });
    }
    Ok(found)
}

/// "schema" as an advisory lock: one process at a time brings a database up.
const LOCK: i64 = 0x7363_6865_6d61;

/// Whether a file without our marks has tables all the same. A PostgreSQL database may hold other schemas and tables beside ours.
fn holds_something_else(connection: &mut Connection) -> Result<bool> {
    let Connection::Sqlite(_) = connection else { return Ok(false) };
    let sql = "select 1 from sqlite_master where type = 'table' and name not like 'sqlite_%' limit 1";
    Ok(connection.first(sql, &[], |row| row.int(0))?.is_some())
}

fn found(connection: &mut Connection) -> Result<u32> {
    let from = if has_meta(connection)? { check_known(connection)? } else { 0 };
    if from == 0 && holds_something_else(connection)? {
        return Err(StoreError::Foreign("it holds tables of another program".to_owned()));
    }
    if from > VERSION { Err(StoreError::ReadOnlyVersion { found: from }) } else { Ok(from) }
}

/// Names what is being loaded into a register, until all of it is in.
pub(crate) const LOADING: &str = "loading";

/// Whether something is in the database that is no load which was cut off.
pub(crate) fn is_filled(connection: &mut Connection) -> Result<bool> {
    if !has_meta(connection)? || open::mark(connection, LOADING)?.is_some() {
        return Ok(false);
    }
    check_known(connection)?;
    Ok(connection.first("select 1 from act limit 1", &[], |row| row.int(0))?.is_some())
}

/// Brings the database to this program's schema: every step and the version that names them, or nothing. A process killed
/// in the middle leaves what it found, and of two that begin together the second finds the work done.
///
/// # Errors
/// [`StoreError::Newer`] or [`StoreError::ReadOnlyVersion`] when a newer program has written it.
pub fn migrate(connection: &mut Connection) -> Result<()> {
    if found(connection)? == VERSION { Ok(()) } else { go_to(connection, VERSION, found, &[]) }
}

/// Makes the schema of an earlier version for what is loaded into it, and marks the register as unfinished in the same
/// transaction: a process killed behind it leaves nothing that opens as an empty register.
pub(crate) fn bring_to(connection: &mut Connection, version: u32, name: &str) -> Result<()> {
    let stands = |connection: &mut Connection| {
        Ok(if has_meta(connection)? { number(connection, "schema_version")?.unwrap_or(0) } else { 0 })
    };
    if stands(connection)? > version {
        return Err(StoreError::NotEmpty);
    }
    go_to(connection, version, stands, &[(LOADING, name)])
}

fn go_to(
    connection: &mut Connection,
    version: u32,
    stands: impl FnOnce(&mut Connection) -> Result<u32>,
    marks: &[(&str, &str)],
) -> Result<()> {
    connection.transaction(|connection| {
        if matches!(connection, Connection::Postgres(_)) {
            connection.execute("select pg_advisory_xact_lock($1)", values![LOCK])?;
        }
        let from = stands(connection)?;
        for (_, sqlite, postgres) in STEPS.iter().take(version as usize).skip(from as usize) {
            connection.batch(match connection {
                Connection::Sqlite(_) => sqlite,
                Connection::Postgres(_) => postgres,
            })?;
        }
        for (key, value) in [("schema_version", version), ("minimum_reader", MINIMUM_READER.min(version))] {
            open::set_mark(connection, key, &value.to_string())?;
        }
        marks.iter().try_for_each(|(key, value)| open::set_mark(connection, key, value))
    })
}
