//! A register that a newer program has written, and that this one may still read: served for reading, and nothing is written.

use crate::kills::serve;
use crate::{credence, sqlite};
use credence_app::{Address, Clock};
use credence_testkit::intruder::Intruder;
use std::io::{Read, Write};
use std::net::TcpStream;

fn ask(address: &str, head: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "{head} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_register_of_a_newer_program_is_served_for_reading_alone() {
    let folder = tempfile::tempdir().unwrap();
    let database = sqlite(folder.path());
    let address = Address::parse(&database).unwrap();
    let mut writer = address.writer(Clock::system()).unwrap();
    credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
    drop(writer);
    let file = folder.path().join("register.db");
    let says = |key: &str| Intruder::at(&file).sql(&format!("update meta set value = '99' where key = '{key}'"));
    says("schema_version");
    let before = std::fs::read(&file).unwrap();

    let (mut server, at) = serve(&database);
    let home = ask(&at, "GET /api/v1/counters", "");
    assert!(home.starts_with("HTTP/1.1 200"), "{home}");
    let refused = ask(&at, "POST /api/v1/sessions", r#"{"account":"a","password":"b"}"#);
    assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("read_only"), "{refused}");
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(std::fs::read(&file).unwrap() == before, "nothing was written");

    // Where the newer program forbids it, it is refused by name.
    says("minimum_reader");
    let output = credence(&database).args(["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && said.contains("database_newer"), "{said}");
}
