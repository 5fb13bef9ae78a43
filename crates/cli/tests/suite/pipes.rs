//! Who reads what a command prints may go away: the command ends without a word and with its own exit code.

use crate::{credence, sqlite};
use std::io::pipe;
use std::process::{Command, Stdio};

/// A pipe whose reader is gone.
fn unread() -> Stdio {
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    writer.into()
}

/// The exit code of a command that nobody listens to, after it was seen to say nothing.
fn quietly(mut command: Command) -> Option<i32> {
    let output = command.stdout(unread()).stderr(Stdio::piped()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.is_empty(), "{command:?}: {said}");
    output.status.code()
}

#[test]
fn a_command_whose_reader_goes_away_ends_without_a_word_and_with_its_own_code() {
    let folder = tempfile::tempdir().unwrap();
    let database = sqlite(folder.path());
    let file = folder.path().join("registry.csv");
    std::fs::write(&file, "name,uscc\n云海公司,91379900MA0TE5T16G\n坏,91379900MA0TE5T16H\n").unwrap();
    let said = |arguments: &[&str]| {
        let mut command = credence(&database);
        command.args(arguments);
        command
    };
    let import = ["import", "--source", "11379900000000086M", file.to_str().unwrap()];
    assert_eq!(quietly(said(&import)), Some(3), "a row was refused, and the import is whole");
    for arguments in [
        &["batch", "list"][..],
        &["verify"],
        &["explain", "91379900MA0TE5T16G"],
        &["quality"],
        &["doctor"],
        &["rulebook", "list"],
        &["rulebook", "template", "penalty"],
        &["routes"],
        &["uscc", "91379900MA0TE5T16H"],
        &["periods", "2026-04-10", "--class", "general"],
    ] {
        for arguments in [arguments.to_vec(), [&["--json"], arguments].concat()] {
            let heard = said(&arguments).output().unwrap();
            assert!(!heard.stdout.is_empty(), "{arguments:?} says something to who listens");
            assert_eq!(quietly(said(&arguments)), heard.status.code(), "{arguments:?}");
        }
    }
}

#[test]
fn codes_without_end_are_judged_until_nobody_reads_the_answers() {
    let (codes, mut endless) = pipe().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_credence"));
    command.arg("uscc").stdin(codes).stdout(unread()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    drop(command);
    // Ends because the command has closed its end; else this test would never end.
    while std::io::Write::write_all(&mut endless, b"91379900MA0TE5T16G\n").is_ok() {}
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

#[test]
fn a_message_that_nobody_reads_is_no_fault_either() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_credence"));
    command.args(["workday", "2026-12-28", "7"]).stdout(Stdio::null()).stderr(unread());
    assert_eq!(command.status().unwrap().code(), Some(3));
}
