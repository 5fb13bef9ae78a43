//! Notices by command over a synthetic province, with a real mail server. What goes down on the way is `app … notices`.

use crate::log::{ran, text};
use crate::{credence, json};
use credence_testkit::mailbox::Mailbox;
use serde_json::Value;
use std::path::Path;

const OPTIONS: [&str; 4] = ["--mail-from", "notice@platform.example", "--site", "https://credit.example"];

/// A small synthetic province with people.
fn province(folder: &Path) -> String {
    let dir = folder.join("province");
    let line = ["demo", "--organisations", "30", "--no-serve", "--dir", dir.to_str().unwrap()];
    let database = format!("sqlite:{}", dir.join("credence.db").display());
    ran(credence(&database).args(line));
    database
}

fn notices(database: &str, account: &str) -> Vec<Value> {
    let line = ["--json", "notice", "list", "--as", account, "--limit", "100"];
    json(&ran(credence(database).args(line)))["items"].as_array().unwrap().clone()
}

#[test]
fn an_address_is_confirmed_by_the_code_that_comes_and_what_is_wrong_is_told_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let database = province(folder.path());
    let mailbox = Mailbox::begin(&folder.path().join("mail")).unwrap();
    let (account, address) = ("demo-organisation", "rep@mail.example");
    let ask = ["notice", "mail", "--as", account, "--ask", address, "--smtp", &mailbox.address()];
    ran(credence(&database).args(ask).args(OPTIONS));
    let code = mailbox.code(address).unwrap();
    let wrong = credence(&database).args(["notice", "mail", "--as", account, "--confirm", "000000"]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(3), "{}", text(&wrong));
    let done = ran(credence(&database).args(["--json", "notice", "mail", "--as", account, "--confirm", &code]));
    assert_eq!(json(&done)["state"], "confirmed");
    // Without the server's port nothing is asked for, and a wrong one is told in words.
    let line = ["notice", "mail", "--as", "demo-clerk", "--ask", "a@b.example", "--smtp", "http://127.0.0.1"];
    let refused = credence(&database).args(line).args(OPTIONS).output().unwrap();
    assert!(refused.status.code() == Some(3) && text(&refused).contains("smtp"), "{}", text(&refused));
    assert!(notices(&database, account).iter().all(|one| one["case_number"].is_string()));
    ran(credence(&database).args(["verify"]));
}
