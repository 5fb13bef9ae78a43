//! The log on the command line, with the processes that an installation has: a server, the keeper of the key, a witness, and a
//! verifier that shares no code with any of them.

use crate::{credence, json, sqlite};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// A process that is stopped with the test.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a command and waits for the line that says that it is ready.
pub fn start(command: &mut Command) -> (Running, String) {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
    (Running(child), said.trim().to_owned())
}

/// The verifier, as whoever downloaded it runs it.
fn verifier(arguments: &[&str]) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../verifier/credence_verify.py");
    Command::new("python3").arg(script).args(arguments).output().unwrap()
}

pub fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

pub fn ran(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    output
}

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn a_stranger_checks_the_log_with_a_program_that_shares_no_code_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let demo = folder.path().join("demo");
    let made = ["demo", "--organisations", "12", "--no-serve", "--dir"];
    let database = format!("sqlite:{}", demo.join("credence.db").display());
    ran(credence(&database).args(made).arg(&demo));
    let key_file = folder.path().join("log.key");

    // The key lives in another process; the server never has it.
    let socket = folder.path().join("signer");
    let mut keeper = credence(&database);
    keeper.args(["log", "sign", "--name", "credit.example/log", "--socket"]).arg(&socket).arg("--key").arg(&key_file);
    let (_keeper, said) = start(&mut keeper);
    assert!(said.contains("credit.example/log+"), "{said}");
    let by_socket = ["--log-signer", socket.to_str().unwrap()];
    let mut begin = credence(&database);
    begin.args(by_socket).args(["log", "new-name", "-", "--as", "甲", "--second", "乙", "--reason", "密钥移出平台"]);
    ran(&mut begin);
    let shown = json(&ran(credence(&database).args(["--json", "log", "show"])));
    let key = shown["key"].as_str().unwrap();
    assert!(key.starts_with("credit.example/log+"));
    let mut server = credence(&database);
    let (_server, said) =
        start(server.args(by_socket).args(["serve", "--listen", "127.0.0.1:0", "--outbound-anywhere"]));
    let address = said.strip_prefix("listening on ").unwrap().to_owned();
    let log = format!("{address}/api/v1/log");

    // The whole log, from its tiles.
    let old = ran(credence(&database).args(["log", "checkpoint"])).stdout;
    let old = written(folder.path(), "old.checkpoint", &old);
    let old = old.to_str().unwrap();
    let whole = verifier(&["--key", key, "--log", &log]);
    assert!(whole.status.success(), "{}", text(&whole));

    // One record, from what is published to the checkpoint, and by our own verifier too.
    let page = ran(Command::new("python3").args([
        "-c",
        "import json,sys,urllib.request as u; a=sys.argv[1]; l=json.load(u.urlopen(a+'/api/v1/lists?item=penalty&limit=1'))['items'][0]; \
         print(l['uscc']); print(l['id'])",
        &address,
    ]));
    let page = String::from_utf8(page.stdout).unwrap();
    let (uscc, id) = page.trim().split_once('\n').unwrap();
    let proof = folder.path().join("record.tlog-proof");
    ran(credence(&database).args(["log", "prove", id, "--organisation", uscc, "--out"]).arg(&proof));
    let proof = proof.to_str().unwrap();
    let proved = verifier(&["--key", key, proof]);
    assert!(proved.status.success() && text(&proved).contains(uscc), "{}", text(&proved));
    ran(credence(&database).args(["log", "verify", "--key", key, proof]));
    let forged = std::fs::read_to_string(proof).unwrap();
    let at = forged.find("\nindex ").unwrap() - 30;
    let other = if forged.as_bytes()[at] == b'A' { "B" } else { "A" };
    let forged = written(
        folder.path(),
        "forged.tlog-proof",
        format!("{}{other}{}", &forged[..at], &forged[at + 1..]).as_bytes(),
    );
    let forged = forged.to_str().unwrap();
    assert_eq!(verifier(&["--key", key, forged]).status.code(), Some(1));
    assert!(!credence(&database).args(["log", "verify", "--key", key, forged]).output().unwrap().status.success());

    // A witness of a city cosigns.
    let witness_folder = folder.path().join("witness");
    let mut witness = credence("sqlite:unused.db");
    witness.args(["log", "witness", "serve", "--listen", "127.0.0.1:0", "--name", "city.example/w", "--log", key]);
    let (_witness, said) = start(witness.arg("--folder").arg(&witness_folder));
    let (witness_key, witness_at) = said.split_once(" on ").unwrap();
    let mut add = credence(&database);
    add.args(by_socket).args([
        "log",
        "witness",
        "add",
        "--outbound-anywhere",
        "--url",
        witness_at,
        "--key",
        witness_key,
    ]);
    ran(add.args(["--as", "甲", "--second", "乙", "--reason", "市级见证"]));
    let cosigned = (0..100).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        let output = credence(&database).args(["log", "checkpoint", "--cosigned"]).output().unwrap();
        output.status.success().then_some(output.stdout)
    });
    let cosigned = written(folder.path(), "cosigned.checkpoint", &cosigned.expect("the server tells the witness"));
    let cosigned = cosigned.to_str().unwrap();
    let both = ["--key", key, "--key", witness_key, "--witnesses", "1"];
    assert!(verifier(&[&both[..], &[cosigned]].concat()).status.success());
    assert_eq!(verifier(&[&both[..], &[old]].concat()).status.code(), Some(1), "nobody cosigned that one");

    // After more acts the older checkpoint is still a prefix, for the stranger and for us.
    let whole = verifier(&["--key", key, "--log", &log, "--old", old]);
    assert!(whole.status.success() && text(&whole).contains("begins with"), "{}", text(&whole));
    ran(credence(&database).args(["verify", "--checkpoint", old, "--checkpoint", cosigned]));
    let wrong_key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    assert_eq!(verifier(&["--key", wrong_key, old]).status.code(), Some(1));
    assert_eq!(verifier(&["--key", key, "--log", "http://127.0.0.1:1"]).status.code(), Some(2));
    let nowhere = credence(&sqlite(folder.path())).args(["log", "checkpoint"]).output().unwrap();
    assert!(!nowhere.status.success());
}
