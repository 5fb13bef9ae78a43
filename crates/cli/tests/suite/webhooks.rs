//! Webhooks with the processes that an installation has: a server that is killed and begun again, the command line beside it, and
//! a receiver that checks what it is brought with the command alone.

use crate::log::{Running, ran, start, text};
use crate::{credence, json};
use credence_testkit::receiver::{Answer, Message, Receiver};
use serde_json::Value;
use std::path::Path;
use std::process::Output;
use std::time::Duration;

/// The unit of the penalties in the example file.
const UNIT: &str = "11379900000000086M";

fn serve(database: &str) -> Running {
    start(credence(database).args(["serve", "--listen", "127.0.0.1:0", "--outbound-anywhere"])).0
}

/// A penalty that nobody has sent before.
fn send(database: &str, folder: &Path, number: u32) {
    let text = format!(
        "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_JDRQ,CF_CFJG,CF_CFJGDM,CF_SJLY,CF_SJLYDM\n\
         云海岳泰机械制造有限公司,法人及非法人组织,91379900MA0TE5T16G,示罚〔2026〕{number}号,未标注日期,事实,依据,罚款,罚款五万元,5,2026-04-10,示范局,{UNIT},示范局,{UNIT}\n"
    );
    let file = folder.join(format!("{number}.csv"));
    std::fs::write(&file, text).unwrap();
    let report = json(&ran(credence(database)
        .args(["--json", "import", "--source", UNIT, "--secrecy-review", "示例"])
        .arg(&file)));
    assert_eq!(report["accepted"], 1, "{report}");
}

/// What came once so many messages did. A server that was killed before it wrote down what became of an attempt has left a lease of
/// a minute behind.
fn wait_for(receiver: &Receiver, count: usize) -> Vec<Message> {
    let mut came = Vec::new();
    for _ in 0..900 {
        came.extend(receiver.take());
        if came.len() >= count {
            return came;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{} of {count} messages came", came.len());
}

/// Checks a message with the command.
fn check(message: &Message, folder: &Path, key: &str, more: &[&str]) -> Output {
    let body = folder.join("body");
    std::fs::write(&body, &message.body).unwrap();
    let mut command = credence("sqlite:unused.db");
    command.args(["--json", "webhook", "check"]).arg(&body).args(["--id", &message.id]);
    command.args(["--timestamp", &message.timestamp, "--signature", &message.signature, "--key", key]);
    command.args(more).output().unwrap()
}

#[test]
fn nothing_is_missed_when_the_server_is_killed_and_the_command_checks_what_comes() {
    let folder = tempfile::tempdir().unwrap();
    let database = crate::sqlite(folder.path());
    send(&database, folder.path(), 1);
    let receiver = Receiver::new();
    let server = serve(&database);
    let url = receiver.url();
    // Without the operator's word nothing goes to an address of this machine.
    let refused = credence(&database).args(["webhook", "add", &url, "--unit", UNIT]).output().unwrap();
    assert!(refused.status.code() == Some(3) && text(&refused).contains("webhook_url"), "{}", text(&refused));
    let add = ["--json", "webhook", "add", &url, "--unit", UNIT, "--as", "甲", "--after", "-1", "--outbound-anywhere"];
    let added = json(&ran(credence(&database).args(add)));
    let id = added[0]["id"].as_str().unwrap().to_owned();
    let keys = json(&ran(credence(&database).args(["--json", "webhook", "key"])));
    let key = keys[0]["key"].as_str().unwrap();
    let first = wait_for(&receiver, 1).remove(0);
    let seen = folder.path().join("seen");
    let seen = ["--seen", seen.to_str().unwrap()];
    let checked = check(&first, folder.path(), key, &seen);
    assert!(checked.status.success(), "{}", text(&checked));
    assert_eq!((json(&checked)["webhook"].as_str(), json(&checked)["named"].as_u64()), (Some(&*id), Some(1)));
    let again = check(&first, folder.path(), key, &seen);
    assert!(again.status.code() == Some(3) && text(&again).contains("webhook_repeated"), "{}", text(&again));
    let late = check(&first, folder.path(), key, &["--tolerance=-1"]);
    assert!(late.status.code() == Some(3) && text(&late).contains("webhook_untimely"), "{}", text(&late));
    let mut forged = first.clone();
    forged.body = String::from_utf8(forged.body).unwrap().replace("\"version\":1", "\"version\":2").into_bytes();
    let forged = check(&forged, folder.path(), key, &seen);
    assert!(forged.status.code() == Some(3) && text(&forged).contains("webhook_invalid"), "{}", text(&forged));
    // The receiver takes the next message, gives no answer, and the server is killed before it can ask again.
    receiver.answers(&[Answer::Nothing, Answer::Status(200)]);
    send(&database, folder.path(), 2);
    let lost = wait_for(&receiver, 1).remove(0);
    drop(server);
    send(&database, folder.path(), 3);
    let _server = serve(&database);
    let came = wait_for(&receiver, 2);
    assert_eq!((&came[0].id, &came[0].body), (&lost.id, &lost.body));
    let position = |message: &Message, which: &str| message.json()[which].clone();
    assert_eq!(position(&first, "position"), position(&came[0], "after"));
    assert_eq!(position(&came[0], "position"), position(&came[1], "after"));
    let named: Vec<Value> = [&first, &came[0], &came[1]].iter().flat_map(|message| message.changes()).collect();
    assert_eq!(named.len(), 3);
    let list = || json(&ran(credence(&database).args(["--json", "webhook", "list"])));
    assert_eq!(list()[0]["state"], "active");
    let deliveries = json(&ran(credence(&database).args(["--json", "webhook", "deliveries", &id])));
    assert!(deliveries["items"].as_array().unwrap().iter().all(|one| one["state"] == "acknowledged"), "{deliveries}");
    ran(credence(&database).args(["webhook", "pause", &id, "--as", "甲", "--reason", "检修"]));
    assert_eq!(list()[0]["state"], "paused");
    ran(credence(&database).args(["webhook", "resume", &id, "--as", "甲", "--outbound-anywhere"]));
    let new = ["--json", "webhook", "key", "--new", "--as", "甲", "--second", "乙", "--reason", "更换"];
    assert_eq!(json(&ran(credence(&database).args(new))).as_array().unwrap().len(), 2);
    send(&database, folder.path(), 4);
    assert_eq!(wait_for(&receiver, 1)[0].signature.split(' ').count(), 2);
    ran(credence(&database).args(["webhook", "remove", &id, "--as", "甲"]));
    assert_eq!(list(), serde_json::json!([]));
    ran(credence(&database).args(["verify"]));
}
