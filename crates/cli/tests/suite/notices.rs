//! Notices with the processes that an installation has: a server over a synthetic province, a real mail server that goes down and
//! refuses, and the command line beside them.

use crate::log::{Running, ran, start, text};
use crate::{credence, json};
use credence_testkit::mailbox::Mailbox;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

const OPTIONS: [&str; 4] = ["--mail-from", "notice@platform.example", "--site", "https://credit.example"];

fn serve(database: &str, mailbox: &Mailbox) -> Running {
    let line = ["serve", "--listen", "127.0.0.1:0", "--smtp", &mailbox.address()];
    start(credence(database).args(line).args(OPTIONS)).0
}

/// A small synthetic province with people.
fn province(folder: &Path) -> String {
    let dir = folder.join("province");
    let line = ["demo", "--organisations", "30", "--no-serve", "--dir", dir.to_str().unwrap()];
    ran(credence("sqlite:unused.db").args(line));
    format!("sqlite:{}", dir.join("credence.db").display())
}

fn notices(database: &str, account: &str) -> Vec<Value> {
    let line = ["--json", "notice", "list", "--as", account, "--limit", "100"];
    json(&ran(credence(database).args(line)))["items"].as_array().unwrap().clone()
}

/// How many notices of an account have mail in a state.
fn mailed(database: &str, account: &str, state: &str) -> usize {
    notices(database, account).iter().filter(|one| one["mail"] == state).count()
}

/// Waits until something holds.
fn wait_for(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..900 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("{what}: in vain");
}

fn confirm(database: &str, mailbox: &Mailbox, account: &str, address: &str) {
    let ask = ["notice", "mail", "--as", account, "--ask", address, "--smtp", &mailbox.address()];
    ran(credence(database).args(ask).args(OPTIONS));
    let code = mailbox.code(address).unwrap();
    let done = ran(credence(database).args(["--json", "notice", "mail", "--as", account, "--confirm", &code]));
    assert_eq!(json(&done)["state"], "confirmed");
}

#[test]
fn each_notice_comes_by_mail_once_whatever_goes_down_and_says_nothing_of_its_case() {
    let folder = tempfile::tempdir().unwrap();
    let database = province(folder.path());
    let mut mailbox = Mailbox::begin(&folder.path().join("mail")).unwrap();
    let people = [
        ("demo-organisation", "rep@mail.example"),
        ("demo-office", "office@mail.example"),
        ("demo-reviewer", "gone@mail.example"),
    ];
    for (account, address) in people {
        confirm(&database, &mailbox, account, address);
    }
    // Without the server's port nothing is asked for, and a wrong one is told in words.
    let line = ["notice", "mail", "--as", "demo-clerk", "--ask", "a@b.example", "--smtp", "http://127.0.0.1"];
    let refused = credence(&database).args(line).args(OPTIONS).output().unwrap();
    assert!(refused.status.code() == Some(3) && text(&refused).contains("smtp"), "{}", text(&refused));
    mailbox.refuse("gone@mail.example").unwrap();
    mailbox.put_off("office@mail.example").unwrap();
    let server = serve(&database, &mailbox);
    wait_for("the first mail", || mailed(&database, "demo-organisation", "sent") > 0);
    // The mail server goes down and comes back; so does ours, killed where it stands.
    mailbox.stop();
    // What was under way is written down as failed: no lease of the dead keeps the next one waiting.
    std::thread::sleep(Duration::from_secs(1));
    drop(server);
    mailbox.put_off("").unwrap();
    mailbox.resume().unwrap();
    let _server = serve(&database, &mailbox);
    for account in ["demo-organisation", "demo-office", "demo-reviewer"] {
        wait_for(account, || !notices(&database, account).is_empty() && mailed(&database, account, "waiting") == 0);
    }
    for (account, address) in &people[..2] {
        let came = mailbox.of(address).unwrap();
        let ids: BTreeSet<&str> = came.iter().map(|one| one["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), came.len(), "{address}: nothing came twice");
        assert_eq!(came.len() - 1, mailed(&database, account, "sent"), "{address}: beside its code");
        assert!(came.len() > 1, "{address}");
    }
    let refused = notices(&database, "demo-reviewer");
    assert_eq!(mailed(&database, "demo-reviewer", "dead"), refused.len());
    assert_eq!(mailbox.of("gone@mail.example").unwrap().len(), 1, "its code alone");
    let own = notices(&database, "demo-organisation");
    let case = own[0]["case_number"].as_str().unwrap();
    let came = mailbox.of("rep@mail.example").unwrap();
    assert!(came.iter().any(|one| one["subject"].as_str().unwrap().contains(&format!("案号{case}"))), "{case}");
    for one in came.iter().skip(1) {
        let whole = format!("{}{}{}", one["subject"], one["text"], one["raw"]);
        assert!(one["subject"].as_str().unwrap().starts_with("信用监管平台："), "{one}");
        for word in ["有限公司", own[0]["uscc"].as_str().unwrap(), "名单", "处罚", "修复", "异议", "措施"]
        {
            assert!(!whole.contains(word), "{word}: {whole}");
        }
    }
    ran(credence(&database).args(["verify"]));
}
