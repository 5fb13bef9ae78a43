//! The archive that installs the program: whole, the same twice, laid out where its service looks for it.

use std::path::Path;
use std::process::{Command, Output};

fn ran(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

#[test]
fn the_archive_is_laid_out_for_its_service_keeps_settings_and_refuses_to_install_when_it_is_damaged() {
    let house = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let made = ran(Command::new(house.join("scripts/package.sh")).arg(env!("CARGO_BIN_EXE_credence")));
    let line = String::from_utf8(made.stdout).unwrap();
    let (sum, archive) = line.trim().split_once("  ").unwrap();
    assert_eq!(sum.len(), 64);
    let folder = tempfile::tempdir().unwrap();
    ran(Command::new("tar").arg("xf").arg(house.join("target/package").join(archive)).current_dir(&folder));
    let unpacked = folder.path().join(archive.strip_suffix(".tar.gz").unwrap());
    let root = folder.path().join("root");
    let install = || {
        let mut command = Command::new(unpacked.join("install.sh"));
        command.arg("--root").arg(&root);
        command
    };
    ran(&mut install());
    let settings = root.join("etc/credence/credence.env");
    std::fs::write(&settings, "CREDENCE_DATABASE=sqlite:/mine\n").unwrap();
    ran(&mut install());
    assert_eq!(std::fs::read_to_string(&settings).unwrap(), "CREDENCE_DATABASE=sqlite:/mine\n");
    // What the service starts is there, and its options are options of the program.
    let unit = std::fs::read_to_string(root.join("etc/systemd/system/credence.service")).unwrap();
    let started = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap();
    let mut words = started.split(' ');
    let program = root.join(words.next().unwrap().trim_start_matches('/'));
    let said = ran(Command::new(&program).args(["serve", "--help"])).stdout;
    let said = String::from_utf8(said).unwrap();
    for option in words.filter(|word| word.starts_with("--")) {
        assert!(said.contains(option), "{option}");
    }
    assert!(root.join("usr/local/share/doc/credence/docs/install.md").exists());
    // One byte less.
    let program = unpacked.join("credence");
    let bytes = std::fs::read(&program).unwrap();
    std::fs::write(&program, &bytes[..bytes.len() - 1]).unwrap();
    let refused = install().output().unwrap();
    assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("damaged"));
}
