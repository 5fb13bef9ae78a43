//! The crowd into the tables of an empty register, on either database.

use super::{Crowd, Row, units};
use credence_store::Address;
use credence_store::clock::Clock;
use postgres::binary_copy::BinaryCopyInWriter;
use postgres::types::{ToSql, Type};

pub(super) type Failure = Box<dyn std::error::Error + Send + Sync>;

const SUBJECT: &str = "uscc, name, folded, status, registered, area, type, established_on, first_at, seq";
const RECORD: &str = "uscc, identity, reference, item, source, authority, decided_on, state, class, pack, due_on, \
     due_by_law_on, published_on, from_on, through_on, version, seq, at, salt, salt2, commitment";
/// A content's place: chunks of 4096 rows, as the importer numbers them.
const FIRST_AT: i64 = 200_000_000_000_000 * 4096;

/// Makes a register and fills it.
///
/// # Errors
/// Whatever the database says.
pub fn fill(crowd: &Crowd, address: &Address) -> Result<(), Failure> {
    drop(address.writer(Clock::system())?);
    if let Address::Sqlite(path) = address {
        // Made once and thrown away: a crash here costs a repetition, so nothing waits for the disk.
        rusqlite::Connection::open(path)?.execute_batch("pragma journal_mode = off;")?;
    }
    put(crowd, address)?;
    if let Address::Sqlite(path) = address {
        rusqlite::Connection::open(path)?.execute_batch("pragma journal_mode = wal;")?;
    }
    Ok(())
}

/// Fills an empty register that may be open.
///
/// # Errors
/// Whatever the database says.
pub fn put(crowd: &Crowd, address: &Address) -> Result<(), Failure> {
    let codes: Vec<String> = (0..crowd.organisations).map(|number| crowd.code(number)).collect();
    match address {
        Address::Sqlite(path) => sqlite(crowd, &codes, path),
        Address::Postgres(url) => server(crowd, &codes, url),
    }
}

/// Undoes every sweep: nothing is kept and everyone is due, as after the first imports.
///
/// # Errors
/// Whatever the database says.
pub fn unsweep(address: &Address) -> Result<(), Failure> {
    let sql = "delete from evaluation; update subject set due = 1 where due = 0;";
    match address {
        Address::Sqlite(path) => {
            let connection = rusqlite::Connection::open(path)?;
            connection.execute_batch(&format!("begin; {sql} commit;"))?;
            connection.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))?;
        }
        Address::Postgres(url) => {
            let mut client = postgres::Client::connect(url, postgres::NoTls)?;
            client.batch_execute(sql)?;
            client.batch_execute("vacuum full analyze evaluation")?;
            client.batch_execute("vacuum full analyze subject")?;
            client.batch_execute("checkpoint")?;
        }
    }
    Ok(())
}

/// Marks one organisation in so many due, as a day's changes would; gives how many.
///
/// # Errors
/// Whatever the database says.
pub fn touch(crowd: &Crowd, address: &Address, one_in: usize) -> Result<u64, Failure> {
    let codes = (0..crowd.organisations).step_by(one_in.max(1)).map(|number| crowd.code(number));
    let mut touched = 0;
    match address {
        Address::Sqlite(path) => {
            let mut connection = rusqlite::Connection::open(path)?;
            let all = connection.transaction()?;
            for code in codes {
                touched += all.execute("update subject set due = 1 where uscc = ?", [code])? as u64;
            }
            all.commit()?;
        }
        Address::Postgres(url) => {
            let codes: Vec<String> = codes.collect();
            let mut client = postgres::Client::connect(url, postgres::NoTls)?;
            touched = client.execute("update subject set due = 1 where uscc = any($1)", &[&codes])?;
        }
    }
    Ok(touched)
}

fn name(number: usize) -> String {
    format!("云海市海岳{number}号机械制造有限公司")
}

fn sqlite(crowd: &Crowd, codes: &[String], path: &std::path::Path) -> Result<(), Failure> {
    let mut connection = rusqlite::Connection::open(path)?;
    connection.execute_batch(
        "pragma synchronous = off; pragma cache_size = -2000000;
         drop index record_by_authority; drop index record_by_item;",
    )?;
    let units = units();
    let all = connection.transaction()?;
    {
        let marks = |count: usize| vec!["?"; count].join(",");
        let mut subject = all.prepare(&format!("insert into subject({SUBJECT}) values ({})", marks(10)))?;
        for (number, code) in codes.iter().enumerate() {
            let name = name(number);
            let registered = crowd.is_registered(number as u64);
            let line = (
                code,
                &name,
                &name,
                "存续",
                registered,
                "379901",
                "有限责任公司",
                15_000 + (number % 4_000) as i64,
                1,
                20,
            );
            subject.execute(line)?;
        }
        let mut record = all.prepare(&format!("insert into record({RECORD}) values ({})", marks(21)))?;
        for number in 0..crowd.records {
            let row = crowd.row(number);
            let code = codes.get(row.organisation as usize);
            let unit = units.get(row.unit);
            record.execute(rusqlite::params![
                code,
                bytes(&row, 0, 16),
                bytes(&row, 16, 32),
                row.item,
                unit,
                unit,
                row.from_on - 5,
                row.state,
                row.class,
                "general_2025",
                row.from_on,
                row.from_on,
                row.from_on,
                row.from_on,
                row.through_on,
                1,
                1 + (number % 20) as i64,
                FIRST_AT + number as i64,
                bytes(&row, 32, 48),
                bytes(&row, 48, 64),
                bytes(&row, 64, 96),
            ])?;
        }
    }
    all.commit()?;
    connection.execute_batch(
        "create index record_by_authority on record(authority, decided_on);
         create index record_by_item on record(item, decided_on, through_on);",
    )?;
    Ok(())
}

fn bytes(row: &Row, from: usize, to: usize) -> &[u8] {
    row.bytes.get(from..to).unwrap_or_default()
}

fn server(crowd: &Crowd, codes: &[String], url: &str) -> Result<(), Failure> {
    let mut client = postgres::Client::connect(url, postgres::NoTls)?;
    client.batch_execute(
        "drop index record_by_authority; drop index record_by_item; alter table record drop constraint record_pkey",
    )?;
    let units = units();
    const TEXT: Type = Type::TEXT;
    const SUBJECT_TYPES: [Type; 10] =
        [TEXT, TEXT, TEXT, TEXT, Type::INT2, TEXT, TEXT, Type::INT4, Type::INT8, Type::INT8];
    let mut sink = BinaryCopyInWriter::new(
        client.copy_in(&*format!("copy subject({SUBJECT}) from stdin binary"))?,
        &SUBJECT_TYPES,
    );
    for (number, code) in codes.iter().enumerate() {
        let name = name(number);
        let registered = i16::from(crowd.is_registered(number as u64));
        let established = 15_000 + (number % 4_000) as i32;
        let line: [&(dyn ToSql + Sync); 10] =
            [code, &name, &name, &"存续", &registered, &"379901", &"有限责任公司", &established, &1i64, &20i64];
        sink.write(&line)?;
    }
    sink.finish()?;
    const DAY: Type = Type::INT4;
    const BYTES: Type = Type::BYTEA;
    const RECORD_TYPES: [Type; 21] = [
        TEXT,
        BYTES,
        BYTES,
        TEXT,
        TEXT,
        TEXT,
        DAY,
        TEXT,
        TEXT,
        TEXT,
        DAY,
        DAY,
        DAY,
        DAY,
        DAY,
        DAY,
        Type::INT8,
        Type::INT8,
        BYTES,
        BYTES,
        BYTES,
    ];
    let mut sink =
        BinaryCopyInWriter::new(client.copy_in(&*format!("copy record({RECORD}) from stdin binary"))?, &RECORD_TYPES);
    for number in 0..crowd.records {
        let row = crowd.row(number);
        let code = codes.get(row.organisation as usize);
        let unit = units.get(row.unit);
        let decided = row.from_on - 5;
        let seq = 1 + (number % 20) as i64;
        let at = FIRST_AT + number as i64;
        let line: [&(dyn ToSql + Sync); 21] = [
            &code,
            &bytes(&row, 0, 16),
            &bytes(&row, 16, 32),
            &row.item,
            &unit,
            &unit,
            &decided,
            &row.state,
            &row.class,
            &"general_2025",
            &row.from_on,
            &row.from_on,
            &row.from_on,
            &row.from_on,
            &row.through_on,
            &1i32,
            &seq,
            &at,
            &bytes(&row, 32, 48),
            &bytes(&row, 48, 64),
            &bytes(&row, 64, 96),
        ];
        sink.write(&line)?;
    }
    sink.finish()?;
    client.batch_execute(
        "alter table record add primary key (uscc, identity);
         create index record_by_authority on record(authority, decided_on);
         create index record_by_item on record(item, decided_on, through_on);",
    )?;
    client.batch_execute("vacuum analyze")?;
    Ok(())
}
