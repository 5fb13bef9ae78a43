//! kill -9 where a file is no delimited text, and where a server has just acknowledged one.

use crate::{credence, json, sqlite};
use credence_app::{Address, Clock};
use credence_testkit::penalties;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};

/// More than one commit of an import on SQLite.
const ROWS: u64 = 60_000;

/// The cells of a file of penalties, header first.
fn cells(folder: &Path) -> Vec<Vec<String>> {
    let file = folder.join("penalties.csv");
    penalties::write(&file, ROWS, 7).unwrap();
    let bytes = std::fs::read(file).unwrap();
    let text = encoding_rs::GB18030.decode(&bytes).0.into_owned();
    // Rows with quoted cells are left out: then every comma parts two cells.
    let plain = text.lines().filter(|line| !line.contains('"'));
    plain.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn lines(file: &Path, rows: &[Vec<String>]) {
    let (header, rows) = rows.split_first().unwrap();
    let mut out = std::io::BufWriter::new(std::fs::File::create(file).unwrap());
    for row in rows {
        let members = header.iter().cloned().zip(row.iter().map(|cell| Value::from(cell.as_str())));
        writeln!(out, "{}", Value::Object(members.collect())).unwrap();
    }
    out.flush().unwrap();
}

fn workbook(file: &Path, rows: &[Vec<String>]) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory().unwrap();
    for (line, row) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(line, column, cell).unwrap();
        }
    }
    book.save(file).unwrap();
}

fn import(database: &str, file: &Path) -> std::process::Command {
    let mut command = credence(database);
    command.args(["--json", "import", "--secrecy-review", "测试", "--source", &penalties::source()]).arg(file);
    command
}

fn state_digest(database: &str) -> Value {
    let found = json(&credence(database).args(["--json", "verify"]).output().unwrap());
    let failed: Vec<&Value> =
        found["requirements"].as_array().unwrap().iter().filter(|one| one["failed"] != 0).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    found["state_digest"].clone()
}

/// The newest batch of a register, which may not have been made yet.
fn newest_batch(database: &str) -> Option<Value> {
    let output = credence(database).args(["--json", "batch", "list"]).output().unwrap();
    serde_json::from_slice::<Value>(&output.stdout).ok()?.get(0).cloned()
}

/// Kills an import when its first rows stand; false when it had ended by then.
fn kill_when_rows_stand(database: &str, file: &Path) -> bool {
    let mut running: Child = import(database, file).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while running.try_wait().unwrap().is_none() {
        if newest_batch(database).is_some_and(|batch| batch["accepted"].as_u64() > Some(0)) {
            running.kill().unwrap();
            break;
        }
    }
    running.wait().unwrap().code().is_none()
}

#[test]
fn an_import_of_a_workbook_or_of_json_lines_is_killed_resumed_and_ends_as_an_undisturbed_one() {
    let folder = tempfile::tempdir().unwrap();
    let rows = cells(folder.path());
    for name in ["penalties.jsonl", "penalties.xlsx"] {
        let file = folder.path().join(name);
        if name.ends_with("xlsx") {
            workbook(&file, &rows)
        } else {
            lines(&file, &rows)
        }
        let undisturbed = tempfile::tempdir().unwrap();
        let whole = json(&import(&sqlite(undisturbed.path()), &file).output().unwrap());
        assert_eq!(whole["read"], rows.len() - 1, "{whole}");
        // A machine under load may look too late: then on another register.
        let registers: Vec<_> = (0..5).map(|_| tempfile::tempdir().unwrap()).collect();
        let hit = registers.iter().find(|register| kill_when_rows_stand(&sqlite(register.path()), &file));
        let database = sqlite(hit.unwrap().path());
        assert_eq!(newest_batch(&database).unwrap()["state"], "running", "{name}");
        let resumed = json(&import(&database, &file).output().unwrap());
        for count in ["read", "accepted", "unchanged", "corrected", "rejected", "held"] {
            assert_eq!(resumed[count], whole[count], "{name}: {count}");
        }
        assert_eq!(state_digest(&database), state_digest(&sqlite(undisturbed.path())), "{name}");
    }
}

/// A server on a port of its own, and its address.
pub fn serve(database: &str) -> (Child, String) {
    let mut command = credence(database);
    command.args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped());
    let mut server = command.spawn().unwrap();
    let mut said = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut said).unwrap();
    (server, said.trim().strip_prefix("listening on http://").unwrap().to_owned())
}

/// Sends a file as a source unit does; gives the answer's head.
fn send(address: &str, key: &str, file: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST /api/v1/batches?filename=penalties.csv&secrecy_review=test HTTP/1.1\r\nHost: {address}\r\nContent-Type: text/csv\r\n\
         Authorization: Bearer {key}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        file.len()
    )
    .unwrap();
    stream.write_all(file).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_batch_that_a_server_acknowledged_before_it_was_killed_is_finished_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let database = sqlite(folder.path());
    let file = folder.path().join("penalties.csv");
    let expected = penalties::write(&file, 500, 7).unwrap();
    let ready = |arguments: &[&str]| {
        let output = credence(&database).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let source = penalties::source();
    ready(&["unit", "set", &source, "--name", "示范局"]);
    let key = ready(&["key", "issue", "--source", &source]);

    let (mut server, address) = serve(&database);
    // Somebody else writes, so the server can only acknowledge.
    let writer = Address::Sqlite(folder.path().join("register.db")).writer(Clock::system()).unwrap();
    let answer = send(&address, key.trim(), &std::fs::read(&file).unwrap());
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(answer.starts_with("HTTP/1.1 202 "), "{answer}");
    let place = answer.lines().find_map(|line| line.strip_prefix("location: /api/v1/batches/")).unwrap().to_owned();
    assert!(newest_batch(&database).is_none(), "nothing of it is in the register yet");
    drop(writer);

    let (mut server, _) = serve(&database);
    let ended = |batch: &Value| !matches!(batch["state"].as_str(), Some("queued" | "running"));
    let batch = loop {
        assert!(server.try_wait().unwrap().is_none());
        if let Some(batch) = newest_batch(&database).filter(ended) {
            break batch;
        }
    };
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!((&batch["batch"], &batch["state"]), (&place.into(), &"held".into()), "a unit's first over HTTP waits");
    let counts = ["read", "accepted", "unchanged", "rejected"].map(|count| batch[count].as_u64().unwrap());
    assert_eq!(counts, [expected.rows, expected.accepted, expected.unchanged, expected.rejected]);
    state_digest(&database);
}
