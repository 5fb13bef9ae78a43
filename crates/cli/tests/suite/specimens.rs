//! The specimens of `examples/`: a person may look at them, and the importer does with them what `examples/README.md` says.

use crate::{credence, json, sqlite};
use std::path::{Path, PathBuf};
use std::process::Output;

const SENDER: &str = "113799009100156128";

fn specimen(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)
}

fn import(database: &str, name: &str) -> Output {
    let mut command = credence(database);
    command.args(["--json", "import", "--secrecy-review", "测试", "--source", SENDER]).arg(specimen(name));
    command.output().unwrap()
}

#[test]
fn the_same_penalties_as_delimited_text_json_lines_and_workbook_are_the_same_records() {
    let folder = tempfile::tempdir().unwrap();
    let database = sqlite(folder.path());
    let forms = [
        "files/079-青禾市交通运输局-penalty-原件.csv",
        "formats/青禾市交通运输局-penalty.jsonl",
        "formats/青禾市交通运输局-penalty.xlsx",
    ];
    for (form, count) in forms.into_iter().zip(["accepted", "unchanged", "unchanged"]) {
        let output = import(&database, form);
        let found = json(&output);
        assert_eq!((output.status.code(), &found["read"], &found[count]), (Some(0), &12.into(), &12.into()), "{form}");
    }
}

#[test]
fn bad_specimens_are_refused_with_their_code_and_the_good_rows_of_a_bad_file_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let database = sqlite(folder.path());
    for (form, code) in [("formats/实体-penalty.xlsx", "xlsx_entities"), ("formats/空文件-penalty.csv", "empty_file")]
    {
        let output = import(&database, form);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(3) && said.starts_with(code), "{form}: {said}");
    }
    let found = json(&import(&database, "formats/损坏-penalty.jsonl"));
    assert_eq!((&found["read"], &found["accepted"], &found["rejected"]), (&3.into(), &1.into(), &2.into()), "{found}");
}
