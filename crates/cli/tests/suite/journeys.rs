//! What people's scripts rely on.

use crate::{credence, json, sqlite};
use credence_app::Address;
use credence_testkit::province::{self, Plan};
use credence_testkit::stores::TestStore;
use std::path::{Path, PathBuf};
use std::process::Command;

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_credence")).args(arguments).env("TZ", "America/New_York").output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn working_days_are_counted_and_never_guessed() {
    assert_eq!(run(&["workday", "2026-04-30", "7"]), (Some(0), "2026-05-13\n".to_owned(), String::new()));
    let (code, _, error) = run(&["workday", "2026-12-28", "7"]);
    assert!(code == Some(3) && error.contains("2027"), "{error}");
}

#[test]
fn periods_of_a_class_follow_the_pack_of_the_day() {
    let (code, out, _) = run(&["--json", "periods", "2026-04-10", "--class", "general"]);
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (code, &found["repair_from_on"], &found["public_through_on"]),
        (Some(0), &"2026-07-11".into(), &"2027-04-10".into())
    );
    assert_eq!(run(&["periods", "2026-04-10", "--class", "five_sectors"]).0, Some(3));
}

#[test]
fn codes_are_judged_exactly_as_given() {
    let (code, out, _) = run(&["uscc", "91379900MA0TE5T16G", "91379900ma0te5t16g"]);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!((code, lines[0]), (Some(3), "91379900MA0TE5T16G\tok"));
    assert!(lines[1].contains("91379900MA0TE5T16G"), "{}", lines[1]);
}

#[test]
fn a_wrong_argument_is_told_in_one_plain_sentence_with_its_code() {
    let folder = tempfile::tempdir().unwrap();
    let database = sqlite(folder.path());
    let file = folder.path().join("file.csv");
    std::fs::write(&file, "name,uscc\n").unwrap();
    let file = file.to_str().unwrap();
    for (source, code) in [("91379900MA0TE5T16H", "uscc_check"), ("12345", "uscc_length")] {
        let done = credence(&database).args(["import", file, "--source", source]).output().unwrap();
        let said = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(3), "{said}");
        assert!(said.starts_with(&format!("{code} [source]: 来源单位代码 {source} 无效：")), "{said}");
        assert!(!["check symbol", "characters"].iter().any(|english| said.contains(english)), "{said}");
    }
    let nowhere = folder.path().join("nowhere");
    let (code, _, said) = run(&["--rulebook", nowhere.to_str().unwrap(), "rulebook", "list"]);
    assert_eq!(code, Some(3));
    assert_eq!(said, format!("bad_parameter [rulebook]: 规则手册 {} 不存在\n", nowhere.display()));
}

#[test]
fn the_shipped_rulebook_passes_and_every_specimen_of_a_bad_rule_fails_with_its_file() {
    assert_eq!(run(&["rulebook", "check"]).0, Some(0));
    let specimens = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/rulebook-bad");
    let mut seen = 0;
    for specimen in
        std::fs::read_dir(specimens).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
    {
        let (code, out, _) = run(&["rulebook", "check", "--overlay", specimen.to_str().unwrap()]);
        assert!(code == Some(3) && out.contains(".toml"), "{}: {out}", specimen.display());
        seen += 1;
    }
    assert!(seen >= 5);
}

#[test]
fn the_impact_of_an_edition_is_told_before_it_is_enacted_and_a_bad_one_is_refused_with_its_findings() {
    for empty in [TestStore::sqlite, TestStore::postgres] {
        let store = empty();
        impact_of(&named(&store.address), &store.folder);
    }
}

/// A register as `--database` names it.
fn named(address: &Address) -> String {
    match address {
        Address::Sqlite(file) => format!("sqlite:{}", file.display()),
        Address::Postgres(url) => url.clone(),
    }
}

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../rulebook");

/// A copy of the shipped rulebook, to be changed.
fn copy_of_shipped(folder: &Path) -> PathBuf {
    let copied = folder.join("edition");
    assert!(Command::new("cp").args(["-r", SHIPPED]).arg(&copied).status().unwrap().success());
    copied
}

/// Changes a file of a copied rulebook.
fn change(edition: &Path, file: &str, from: &str, to: &str) {
    let text = std::fs::read_to_string(edition.join(file)).unwrap();
    assert!(text.contains(from), "{file} says no more {from}");
    std::fs::write(edition.join(file), text.replacen(from, to, 1)).unwrap();
}

#[test]
fn periods_working_days_and_the_list_follow_the_edition_enacted_in_the_register() {
    for empty in [TestStore::sqlite, TestStore::postgres] {
        let store = empty();
        enacted_edition_answers(&named(&store.address), &store.folder);
        if let Address::Sqlite(file) = &store.address {
            let other = file.with_file_name("other.db");
            std::fs::write(&other, "not a database at all, but long enough to be looked at").unwrap();
            let broken =
                credence(&format!("sqlite:{}", other.display())).args(["workday", "2026-04-30", "7"]).output().unwrap();
            assert_eq!((broken.status.code(), broken.stdout.as_slice()), (Some(1), &b""[..]), "no silent fallback");
        }
    }
}

fn enacted_edition_answers(database: &str, folder: &Path) {
    let printed = |arguments: &[&str]| {
        let done = credence(database).args(arguments).output().unwrap();
        assert_eq!(done.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    };
    let answers = |more: &[&str]| {
        let periods = printed(&[more, &["periods", "2026-04-10", "--class", "general"]].concat());
        let listed = printed(&[more, &["rulebook", "list"]].concat()).contains("另一版示例评价模型");
        (printed(&[more, &["workday", "2026-04-30", "7"]].concat()), periods.contains("2027-03-10"), listed)
    };
    let shipped = ("2026-05-13\n".to_owned(), false, false);
    assert_eq!(answers(&[]), shipped, "no register yet");
    assert!(!folder.join("register.db").exists(), "whoever asks makes no register");
    let edition = copy_of_shipped(folder);
    change(&edition, "calendar/2026.toml", "  { date = \"2026-05-04\", name = \"劳动节\", off = true },\n", "");
    let [from, to] = ["min_months = 3\nmax_months = 12", "min_months = 3\nmax_months = 11"];
    change(&edition, "repair/packs/ndrc-36-2025.toml", from, to);
    change(&edition, "evaluation/demonstration.toml", "name = \"示例评价模型\"", "name = \"另一版示例评价模型\"");
    let edition = edition.to_str().unwrap();
    printed(&["rulebook", "enact", edition, "--as", "甲", "--second", "乙"]);
    assert_eq!(answers(&[]), ("2026-05-12\n".to_owned(), true, true));
    assert_eq!(answers(&["--rulebook", SHIPPED]), shipped, "what the command line names comes first");
}

#[test]
fn a_rulebook_that_fails_the_linter_is_refused_with_its_findings_before_a_register_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let database = sqlite(folder.path());
    let edition = copy_of_shipped(folder.path());
    change(&edition, "evaluation/demonstration.toml", "base_points = 1000", "base_point = 1000");
    let names = folder.path().join("names.csv");
    std::fs::write(&names, "name,uscc\n云海公司,91379900MA0TE5T16G\n").unwrap();
    let (edition, names) = (edition.to_str().unwrap(), names.to_str().unwrap());
    for (told_on_stdout, arguments) in [
        (true, vec!["rulebook", "enact", edition, "--as", "甲", "--second", "乙"]),
        (false, vec!["--rulebook", edition, "import", names, "--source", "11379900000000086M"]),
        (false, vec!["--rulebook", edition, "serve", "--listen", "127.0.0.1:0"]),
        (false, vec!["--rulebook", edition, "periods", "2026-04-10", "--class", "general"]),
        (false, vec!["--rulebook", edition, "workday", "2026-04-30", "7"]),
        (false, vec!["rulebook", "diff", "shipped", edition]),
    ] {
        let done = credence(&database).args(&arguments).output().unwrap();
        let [out, said] = [&done.stdout, &done.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        assert_eq!(done.status.code(), Some(3), "{arguments:?}: {said}");
        assert!(said.starts_with("rulebook_invalid [rulebook]: "), "{arguments:?}: {said}");
        let findings = if told_on_stdout { &out } else { &said };
        assert!(findings.contains("evaluation/demonstration.toml:"), "{arguments:?}: {findings}");
    }
    let enact = ["--json", "rulebook", "enact", edition, "--as", "甲", "--second", "乙"];
    let document = json(&credence(&database).args(enact).output().unwrap());
    assert!(document["findings"].to_string().contains("evaluation/demonstration.toml"), "{document}");
    assert!(!folder.path().join("register.db").exists());
}

#[test]
fn a_rejects_file_that_is_the_senders_or_cannot_be_written_is_refused_before_anything_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let database = sqlite(folder.path());
    let at = |name: &str| folder.path().join(name);
    let sent = "name,uscc\n云海公司,91379900MA0TE5T16G\n坏,91379900MA0TE5T16H\n";
    let (file, second) = (at("sent.csv"), at("back-2.csv"));
    std::fs::write(&file, sent).unwrap();
    std::fs::write(&second, sent).unwrap();
    std::os::unix::fs::symlink(&file, at("link.csv")).unwrap();
    std::fs::hard_link(&file, at("hard.csv")).unwrap();
    std::fs::create_dir(at("folder")).unwrap();
    let refused = |rejects: &Path, files: &[&PathBuf]| {
        for more in [None, Some("--dry-run")] {
            let mut command = credence(&database);
            command.args(["import", "--source", "11379900000000086M", "--rejects"]).arg(rejects).args(more);
            let done = command.args(files).output().unwrap();
            let said = String::from_utf8_lossy(&done.stderr);
            assert_eq!(done.status.code(), Some(3), "{}: {said}", rejects.display());
            assert!(said.starts_with("bad_parameter [rejects]: "), "{said}");
        }
    };
    for same in ["sent.csv", "folder/../sent.csv", "link.csv", "hard.csv"] {
        refused(&at(same), &[&file]);
    }
    // With several files the second's is back-2.csv.
    refused(&at("back.csv"), &[&file, &second]);
    for unwritable in ["nowhere/back.csv", "folder", "sent.csv/back.csv"] {
        refused(&at(unwritable), &[&file]);
    }
    assert!([&file, &second].iter().all(|file| std::fs::read_to_string(file).unwrap() == sent));
    assert!(["register.db", "back.csv", "back-1.csv", "nowhere"].iter().all(|made| !at(made).exists()));
}

#[test]
fn a_file_that_cannot_be_read_is_told_with_its_code_and_does_not_keep_the_others_out() {
    let folder = tempfile::tempdir().unwrap();
    let database = sqlite(folder.path());
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("names.csv"), "name,uscc\n云海公司,91379900MA0TE5T16G\n").unwrap();
    std::fs::create_dir(at("folder")).unwrap();
    let import = |names: &[&str]| {
        let mut command = credence(&database);
        command.args(["--json", "import", "--source", "11379900000000086M"]);
        command.args(names.iter().map(|name| at(name))).output().unwrap()
    };
    for name in ["nofile.csv", "folder"] {
        let done = import(&[name]);
        let said = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(3), "{said}");
        assert!(said.starts_with("bad_parameter [file]: ") && said.contains(name), "{said}");
    }
    assert!(!at("register.db").exists());
    let done = import(&["nofile.csv", "names.csv", "folder"]);
    let batches = json(&done)["batches"].clone();
    assert_eq!((done.status.code(), batches.as_array().unwrap().len()), (Some(3), 1), "{batches}");
    assert_eq!(batches[0]["accepted"], 1);
    assert_eq!(String::from_utf8_lossy(&done.stderr).matches("bad_parameter [file]: ").count(), 2);
}

#[test]
fn a_day_that_a_command_does_not_ask_for_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let database = sqlite(folder.path());
    for command in [&["rulebook", "list"][..], &["rulebook", "check"]] {
        let done = credence(&database).args(["--as-of", "2026-04-10"]).args(command).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.code() == Some(0) && said.contains("--as-of"), "{command:?}: {said}");
    }
    assert!(!folder.path().join("register.db").exists());
    assert_eq!(run(&["--as-of", "2026-04-10", "periods", "2026-04-10", "--class", "general"]).0, Some(0));
    assert_eq!(run(&["--as-of", "2026-04-10", "measure", "list"]).0, Some(0));
}

#[test]
fn a_province_too_small_is_refused_before_a_folder_is_made_and_breaks_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("demo");
    for few in ["0", "1", "3", "6", "11"] {
        let (code, _, said) = run(&["demo", "--organisations", few, "--no-serve", "--dir", dir.to_str().unwrap()]);
        assert_eq!(code, Some(3), "{few}: {said}");
        assert!(said.starts_with("bad_parameter [organisations]: ") && said.contains("12"), "{few}: {said}");
        assert!(!dir.exists());
    }
    let rulebook = credence_app::rulebook::shipped().unwrap();
    for organisations in 0..=12 {
        let plan = Plan { organisations, seed: 2019, today: jiff::civil::date(2026, 11, 2) };
        assert!(!province::files(&plan, &rulebook).is_empty(), "{organisations}");
    }
}

fn impact_of(database: &str, folder: &Path) {
    let demand =
        |arguments: &[&str]| credence(database).args(["--json", "rulebook", "impact"]).args(arguments).output();
    assert_eq!(demand(&["shipped"]).unwrap().status.code(), Some(1), "no register yet");
    let names = folder.join("names.csv");
    std::fs::write(&names, "name,uscc,established\n云海市海岳机械制造有限公司,91379900MA0TE5T16G,2020-01-01\n")
        .unwrap();
    let import = ["import", names.to_str().unwrap(), "--source", "11379900000000086M"];
    assert_eq!(credence(database).args(import).output().unwrap().status.code(), Some(0));

    let same = demand(&[SHIPPED]).unwrap();
    assert_eq!((same.status.code(), json(&same)["organisations"]["moved"].as_u64()), (Some(0), Some(0)));

    let copied = copy_of_shipped(folder);
    let model = copied.join("evaluation/demonstration.toml");
    let text = std::fs::read_to_string(&model).unwrap();
    std::fs::write(&model, text.replace("base_points = 1000", "base_points = 980")).unwrap();
    let other = demand(&[copied.to_str().unwrap()]).unwrap();
    let found = json(&other);
    assert_eq!((other.status.code(), &found["organisations"]["at_once"]), (Some(0), &1.into()));
    assert_eq!(
        found["organisations"]["transitions"],
        serde_json::json!([{ "from": "A", "to": "A", "organisations": 1 }])
    );

    std::fs::write(&model, text.replace("base_points = 1000", "base_point = 1000")).unwrap();
    let bad = demand(&[copied.to_str().unwrap()]).unwrap();
    assert_eq!(bad.status.code(), Some(3));
    let findings = json(&bad)["findings"].to_string();
    assert!(findings.contains("evaluation/demonstration.toml"), "{findings}");
}

/// A small province has one case of each way, and not every way under every order.
#[test]
fn a_larger_demonstration_goes_every_way_under_every_order() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("demo");
    let made = run(&["demo", "--organisations", "800", "--no-serve", "--dir", dir.to_str().unwrap()]);
    assert_eq!(made.0, Some(0), "{}", made.2);
    let database = format!("sqlite:{}/credence.db", dir.display());
    let verified = json(&credence(&database).args(["--json", "verify"]).output().unwrap());
    let requirements = verified["requirements"].as_array().unwrap();
    let failed: Vec<_> = requirements.iter().filter(|one| one["failed"] != 0).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let removed = requirements.iter().find(|one| one["id"] == "listing_removed").unwrap();
    assert!(removed["checked"].as_u64() >= Some(20), "{removed:#}");
}

#[test]
fn a_demonstration_is_made_verified_reused_and_moved_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("demo");
    let dir = dir.to_str().unwrap();
    let demo = ["demo", "--organisations", "120", "--no-serve", "--dir", dir];
    let first = run(&demo);
    assert_eq!(first.0, Some(0), "{}", first.2);
    assert_eq!(run(&demo).0, Some(0));
    let database = format!("sqlite:{dir}/credence.db");
    let verified = json(&credence(&database).args(["--json", "verify"]).output().unwrap());
    let requirements = verified["requirements"].as_array().unwrap();
    assert!(requirements.len() >= 12 && requirements.iter().all(|one| one["failed"] == 0), "{verified:#}");
    assert!(requirements.iter().filter(|one| one["checked"].as_u64() > Some(0)).count() >= 10);
    // One organisation in eighteen has a case of a listing.
    let checked = |id: &str| requirements.iter().find(|one| one["id"] == id).unwrap()["checked"].as_u64().unwrap();
    assert_eq!((checked("listing_served"), checked("listing_decided_apart")), (7, 7));
    assert!(checked("listing_record") >= 3 && checked("letter_number") >= 1);
    // Papers came as files, and accounts that are printed nowhere have a second factor.
    assert!(checked("paper_kept") >= 3 && checked("second_factor_sealed") >= 2, "{verified:#}");
    assert!(checked("repair_lawful") >= 1 && checked("repair_ends") >= 1);
    let ask = |arguments: &[&str]| json(&credence(&database).arg("--json").args(arguments).output().unwrap());
    let revoked = ask(&["repair", "list", "--state", "revoked"]);
    let numbers = revoked.as_array().unwrap().iter().map(|head| head["number"].as_str().unwrap());
    let anew = numbers.filter(|number| !ask(&["repair", "show", number])["restart"].is_null()).count();
    assert!(anew >= 1, "no period counts anew: {revoked:#}");
    let granted = ask(&["repair", "list", "--state", "granted"]);
    assert!(granted.as_array().unwrap().iter().any(|head| head["revoking"] == true), "none waits: {granted:#}");
    assert!(checked("repair_revoked") >= 2, "{verified:#}");
    let printed = std::fs::read_to_string(std::path::Path::new(dir).join("accounts.json")).unwrap();
    assert!(!printed.contains("demo-guarded"), "{printed}");
    assert_eq!(verified["acts"], verified["leaves"]);
    crate::queue::of_a_demonstration(&database, dir);
    let foreign = folder.path().join("foreign");
    std::fs::create_dir(&foreign).unwrap();
    std::fs::write(foreign.join("letter.txt"), "mine").unwrap();
    assert_eq!(run(&["demo", "--no-serve", "--dir", foreign.to_str().unwrap()]).0, Some(1));
    // It writes nowhere else, and says so instead of passing over what was named.
    let elsewhere = ["--database", "postgres://localhost/elsewhere"];
    let named = run(&[&elsewhere[..], &demo[..]].concat());
    assert!(named.0 == Some(3) && named.2.contains("--dir"), "{}", named.2);
    assert_eq!(run(&[&["--database", &database][..], &demo[..]].concat()).0, Some(0));
}

#[test]
fn a_record_is_erased_by_two_persons_and_the_register_verifies() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("demo");
    run(&["demo", "--organisations", "60", "--no-serve", "--dir", dir.to_str().unwrap()]);
    let database = format!("sqlite:{}", dir.join("credence.db").display());
    let ask = |arguments: &[&str]| credence(&database).arg("--json").args(arguments).output().unwrap();
    let waiting = json(&ask(&["review", "list"]));
    let id = waiting[0]["id"].as_str().unwrap();
    let told = |second: &str| {
        ask(&["erase", id, "--clause", "court_order", "--reason", "判决已生效", "--as", "甲", "--second", second])
    };
    let alone = told("甲");
    assert_eq!(alone.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&alone.stderr).contains("four_eyes"));
    assert_eq!(ask(&["erase", id, "--as", "甲", "--second", "乙"]).status.code(), Some(2), "no clause, no erasure");
    let done = json(&told("乙"));
    assert_eq!(
        (&done["id"], &done["basis"], &done["cleared"]),
        (&waiting[0]["id"], &"行政诉讼法 九十四".into(), &true.into())
    );
    let verified = json(&ask(&["verify"]));
    let requirements = verified["requirements"].as_array().unwrap();
    assert!(requirements.iter().all(|one| one["failed"] == 0), "{verified:#}");
    let erased = requirements.iter().find(|one| one["id"] == "erased").unwrap();
    assert!(erased["checked"].as_u64() > Some(0));
    // The demonstration's oldest rejected rows are over; then none is.
    let over = json(&ask(&["erase", "expired"]));
    assert!(over["rows"].as_u64() > Some(0) && over["days"] == 90, "{over}");
    assert_eq!(json(&ask(&["erase", "expired"]))["rows"], 0);
    assert_eq!(ask(&["verify"]).status.code(), Some(0));
    let rules = String::from_utf8(credence(&database).args(["rulebook", "list"]).output().unwrap().stdout).unwrap();
    assert!(rules.contains("erasure/clauses.toml") && rules.contains("erasure/retention.toml"), "{rules}");
}

#[test]
fn a_changed_byte_is_found_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("demo");
    run(&["demo", "--organisations", "60", "--no-serve", "--dir", dir.to_str().unwrap()]);
    let file = dir.join("credence.db");
    let connect = || credence_testkit::stores::tamper(&file);
    let database = format!("sqlite:{}", file.display());
    for (sql, requirement) in [
        ("update record set state = 'withdrawn' where rowid = 3", "commitment"),
        ("update act set header = replace(header, 'import', 'impart') where kind = 'import'", "act_root"),
        ("update record set through_on = through_on + 1 where item = 'penalty'", "period"),
        ("delete from log_leaf where position = 2", "log"),
        ("update subject set seq = seq + 1 where rowid = 1", "number"),
    ] {
        connect()(sql);
        let output = credence(&database).args(["--json", "verify"]).output().unwrap();
        let found = json(&output);
        let outcome =
            found["requirements"].as_array().unwrap().iter().find(|one| one["id"] == requirement).unwrap().clone();
        assert!(output.status.code() == Some(3) && outcome["failed"].as_u64() > Some(0), "{sql}: {outcome}");
        assert!(!outcome["examples"].as_array().unwrap().is_empty());
    }
}

#[test]
fn a_dry_run_writes_nothing_and_a_register_that_is_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let database = sqlite(folder.path());
    let file = folder.path().join("registry.csv");
    std::fs::write(&file, "name,uscc\n云海公司,91379900MA0TE5T16G\n坏,91379900MA0TE5T16H\n").unwrap();
    let import = |extra: &[&str]| {
        let mut command = credence(&database);
        command.args(["--json", "import", "--source", "11379900000000086M"]).args(extra).arg(&file);
        command.output().unwrap()
    };
    let rejects = |name: &str| folder.path().join(name).display().to_string();
    let dry = import(&["--dry-run", "--rejects", &rejects("tried.csv")]);
    let told = &json(&dry)["rejected_rows"][0];
    assert_eq!((&told["line"], told["code"].as_str()), (&3.into(), Some("uscc_check")), "{told}");
    assert_eq!((dry.status.code(), &json(&dry)["accepted"], &json(&dry)["batch"]), (Some(3), &1.into(), &"".into()));
    let wet = json(&import(&["--rejects", &rejects("done.csv")]));
    let [tried, done] = ["tried.csv", "done.csv"].map(|name| std::fs::read(folder.path().join(name)).unwrap());
    assert!(tried == done && !done.is_empty(), "the same rows with the same reasons");
    assert_eq!((&wet["read"], &wet["accepted"], &wet["rejected"]), (&2.into(), &1.into(), &1.into()));
    std::fs::write(folder.path().join("other.db"), "not a database at all, but long enough to be looked at").unwrap();
    let other = format!("sqlite:{}", folder.path().join("other.db").display());
    assert_eq!(credence(&other).arg("verify").output().unwrap().status.code(), Some(1));
}

#[test]
fn a_copy_that_cannot_be_written_is_read_and_a_write_is_refused_by_name() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    let folder = tempfile::tempdir().unwrap();
    let mode = |path: &std::path::Path, mode| std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    let kept = folder.path().join("kept 100%?#");
    std::fs::create_dir(&kept).unwrap();
    let database = sqlite(&kept);
    let file = folder.path().join("registry.csv");
    std::fs::write(&file, "name,uscc\n云海公司,91379900MA0TE5T16G\n").unwrap();
    let import = ["import", "--source", "11379900000000086M", file.to_str().unwrap()];
    assert!(credence(&database).args(import).status().unwrap().success());
    std::fs::copy(env!("CARGO_BIN_EXE_credence"), folder.path().join("credence")).unwrap();
    mode(folder.path(), 0o755);
    mode(&kept, 0o555);
    for entry in std::fs::read_dir(&kept).unwrap() {
        mode(&entry.unwrap().path(), 0o444);
    }
    let run = |arguments: &[&str]| {
        let mut command = Command::new(folder.path().join("credence"));
        command.args(["--database", &database, "--json"]).args(arguments);
        // Root may write whatever a mode says, so as root somebody else reads.
        if std::fs::metadata("/proc/self").unwrap().uid() == 0 {
            command.uid(65_534).gid(65_534);
        }
        command.output().unwrap()
    };
    let verified = run(&["verify"]);
    // The edition, the unit, the import.
    assert_eq!((verified.status.code(), &json(&verified)["acts"]), (Some(0), &4.into()));
    let refused = run(&import);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("read_only"));
    // A server would not hear of what is written later.
    let served = run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(served.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&served.stderr).contains("read_only"));
    mode(&kept, 0o755);
}
