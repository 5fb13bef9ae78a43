//! Papers as files: handed in, cited, kept sealed, read through a case alone, gone with their record or unused after a week.

use crate::desk::*;
use crate::erasure::everything;
use crate::repairs::{asked, clerk, code, public, step};
use credence_app::backup::{Persons, check, key_file, restore, write};
use credence_app::erasure::{Request, erase, expire::expire};
use credence_app::objection::{self, Actor, Filing};
use credence_app::paper::{self, File, HandedIn, Handing};
use credence_app::repair::{self, Applying, Doing, RepairView};
use credence_app::review::Decision;
use credence_app::verify::verify;
use credence_app::{AppError, Clock, secret};
use credence_domain::objection::{Contest, Evidence, Matter};
use credence_domain::paper::{CASE_MAX, FILE_MAX_BYTES, WAITING_MAX};
use credence_domain::repair::Paper;
use credence_store::paper as kept;
use credence_store::secret::Keyring;
use credence_store::values;
use credence_testkit::both_stores;
use credence_testkit::paper::{jpeg, ofd, pdf, png, zip};
use credence_testkit::stores::TestStore;
use jiff::ToSpan;
use jiff::civil::date;

const MARK: &str = "标记附件K55Q";
const DECISION: Decision<'static> = Decision { actor: "甲", reason: "处理目的已实现", secrecy_review: "" };

pub fn file(content: &[u8], declared: &str, name: &str) -> File {
    File { content: content.into(), declared: declared.to_owned(), name: name.to_owned() }
}

fn put(desk: &mut Desk<'_>, uscc: &str, file: &File) -> Result<HandedIn, AppError> {
    let handing = Handing { by: "代表人", unit: "" };
    paper::hand_in(&mut desk.writer, &desk.rulebook, handing, uscc, file)
}

fn put_pdf(desk: &mut Desk<'_>, word: &str) -> String {
    put(desk, FIRM, &file(&pdf(word), "application/pdf", "缴款凭证.pdf")).unwrap().paper.digest
}

fn cited(digest: &str) -> Paper {
    Paper { kind: "proof".to_owned(), number: "缴款书".to_owned(), digest: digest.to_owned(), file: true }
}

/// A register on whose day the first penalty may be repaired.
fn ready(store: &TestStore) -> (Desk<'_>, Vec<String>) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号"), penalty(FIRM, "二号")]);
    let records = public(&desk, "penalty");
    desk.clock.move_to(date(2026, 8, 3));
    (desk, records)
}

/// The same with backups: their key is made with the first, which writes.
fn backed_up(store: &TestStore) -> (Desk<'_>, Vec<String>) {
    drop(Desk::new(store));
    write(&store.address, &store.folder.join("first"), None, &Clock::fixed(today())).unwrap();
    ready(store)
}

fn apply(desk: &mut Desk<'_>, record: &str, papers: Vec<Paper>) -> Result<RepairView, AppError> {
    let (by, asked) = (clerk("申请人", desk), Applying { papers, ..asked(desk, record) });
    repair::apply(&mut desk.writer, &desk.rulebook, (&by, ""), &asked)
}

fn object(desk: &mut Desk<'_>, record: &str, evidence: Vec<Evidence>) -> Result<objection::CaseView, AppError> {
    let actor = Actor { clerk: clerk("代表人", desk), unit: String::new() };
    let filing = Filing {
        matter: Matter::Objection,
        record: record.to_owned(),
        ground: "金额有误".to_owned(),
        contested: vec![Contest::Content],
        claims: Vec::new(),
        evidence,
        channel: None,
        received_on: None,
    };
    objection::file(&mut desk.writer, &desk.rulebook, &actor, &filing)
}

fn left(desk: &mut Desk<'_>) -> (usize, usize) {
    let connection = desk.writer.connection();
    (kept::all(connection).unwrap().len(), kept::citations(connection).unwrap().len())
}

pub fn failed(store: &TestStore) -> Vec<(&'static str, String)> {
    let report = verify(&store.address).unwrap();
    let failed = report.requirements.into_iter().filter(|one| one.failed > 0);
    failed.map(|one| (one.id, one.examples.first().map(|one| one.problem.clone()).unwrap_or_default())).collect()
}

fn a_file_is_what_its_bytes_say_and_is_kept_once_and_sealed(store: &TestStore) {
    let (mut desk, _) = ready(store);
    for (content, declared, name, wanted) in [
        (pdf(MARK), "application/pdf", "C:\\扫描\\缴款\u{202e}凭证.PDF", "缴款凭证.PDF"),
        (jpeg("照片"), "image/jpeg", "照片.jpg", "照片.jpg"),
        (png("截图"), "image/png", "../../截图", "截图.png"),
        (ofd("证明"), "application/ofd", "证明.ofd", "证明.ofd"),
        (ofd("证明二"), "application/octet-stream", "", "附件.ofd"),
    ] {
        let done = put(&mut desk, FIRM, &file(&content, declared, name)).unwrap();
        assert!(done.is_new && done.paper.bytes == content.len() as u64, "{done:?}");
        assert_eq!(done.paper.name, wanted);
        let again = put(&mut desk, FIRM, &file(&content, declared, "另一个名字")).unwrap();
        assert_eq!((again.is_new, again.paper), (false, done.paper));
    }
    assert_eq!(left(&mut desk), (5, 0));
    let refused = |desk: &mut Desk<'_>, content: &[u8], declared: &str, name: &str| {
        code(put(desk, FIRM, &file(content, declared, name)))
    };
    assert_eq!(refused(&mut desk, &pdf("x"), "image/png", "x.png"), "paper_type_wrong", "a PDF renamed");
    assert_eq!(refused(&mut desk, &pdf("x"), "application/pdf", "x.png"), "paper_type_wrong", "by its name alone");
    assert_eq!(refused(&mut desk, &pdf("x"), "application/octet-stream", "x.pdf"), "paper_type_wrong");
    assert_eq!(refused(&mut desk, &zip(&["word/document.xml"]), "application/ofd", "x.ofd"), "paper_type_unknown");
    assert_eq!(refused(&mut desk, b"<html><script>", "application/pdf", "x.pdf"), "paper_type_unknown");
    assert_eq!(refused(&mut desk, b"", "application/pdf", "x.pdf"), "paper_empty");
    assert_eq!(refused(&mut desk, &pdf("x"), "application/pdf", "379900199001010019.pdf"), "paper_name_wrong");
    let mut large = pdf("大");
    large.resize(FILE_MAX_BYTES, b' ');
    put(&mut desk, FIRM, &file(&large, "application/pdf", "大.pdf")).unwrap();
    large.push(b' ');
    assert_eq!(refused(&mut desk, &large, "application/pdf", "大.pdf"), "paper_too_large");
    assert_eq!(code(put(&mut desk, "91379900MA0TE0026R", &file(&pdf("x"), "application/pdf", "x.pdf"))), "not_found");
    for number in left(&mut desk).0..WAITING_MAX {
        put_pdf(&mut desk, &format!("第{number}"));
    }
    assert_eq!(refused(&mut desk, &pdf("多"), "application/pdf", "x.pdf"), "paper_waiting_too_many");
    desk.verify();
    // Nothing of it lies readable, and the act that took it says its digest alone.
    let readable = |(place, bytes): &(String, Vec<u8>)| {
        bytes.windows(MARK.len()).any(|part| part == MARK.as_bytes()).then(|| place.clone())
    };
    let places: Vec<String> = everything(&store.address).iter().filter_map(readable).collect();
    assert_eq!(places, Vec::<String>::new());
}

fn a_case_cites_files_that_are_there_and_digests_alone_as_such(store: &TestStore) {
    let (mut desk, records) = ready(store);
    let digest = put_pdf(&mut desk, "一");
    let strange = "ab".repeat(32);
    assert_eq!(code(apply(&mut desk, &records[0], vec![cited(&strange)])), "paper_unknown");
    let bare = Paper { digest: String::new(), ..cited("") };
    assert_eq!(code(apply(&mut desk, &records[0], vec![bare])), "repair_paper_digest_wrong", "a file has a digest");
    let shown = Paper { file: false, ..cited(&strange) };
    let many = vec![cited(&digest); CASE_MAX + 1];
    assert_eq!(code(apply(&mut desk, &records[0], many)), "paper_too_many");
    let case = apply(&mut desk, &records[0], vec![cited(&digest), shown.clone()]).unwrap();
    assert_eq!(case.papers, [cited(&digest), shown], "what was shown on paper is noted by its digest, and is no file");
    assert_eq!(case.files.iter().map(|file| file.digest.as_str()).collect::<Vec<_>>(), [digest.as_str()]);
    assert_eq!(left(&mut desk), (1, 1));
    desk.verify();
    // What was missing comes as a file too; the case takes no more than twenty.
    let number = case.head.number;
    step(&mut desk, ("窗口", SECOND), &number, &Doing::Push { opinion: "材料齐全".to_owned() }).unwrap();
    step(&mut desk, ("受理", OFFICE), &number, &Doing::AskPapers { missing: vec!["原件".to_owned()] }).unwrap();
    let more = put_pdf(&mut desk, "二");
    let supplement = |papers| Doing::Supplement { papers };
    let unknown = step(&mut desk, ("申请人", ""), &number, &supplement(vec![cited(&strange)]));
    assert_eq!(code(unknown), "paper_unknown");
    let many = step(&mut desk, ("申请人", ""), &number, &supplement(vec![cited(&more); CASE_MAX - 1]));
    assert_eq!(code(many), "paper_too_many", "with those that are there already");
    let case = step(&mut desk, ("申请人", ""), &number, &supplement(vec![cited(&more)])).unwrap();
    assert_eq!((case.files.len(), left(&mut desk)), (2, (2, 2)));
    // A file is an organisation's: another cannot cite it, an objection of the same can.
    let one = |digest: &str, file| vec![Evidence { name: "收据".to_owned(), digest: digest.to_owned(), file }];
    assert_eq!(code(object(&mut desk, &records[1], one(&strange, true))), "paper_unknown");
    let many = vec![one(&digest, true).remove(0); CASE_MAX + 1];
    assert_eq!(code(object(&mut desk, &records[1], many)), "paper_too_many");
    let filed = object(&mut desk, &records[1], one(&digest, true)).unwrap();
    assert_eq!((filed.files.len(), filed.evidence[0].file), (1, true));
    let joined = object(&mut desk, &records[1], one(&strange, false)).unwrap();
    assert_eq!((joined.files.len(), joined.evidence.len(), left(&mut desk)), (1, 2, (2, 3)));
    desk.verify();
    let found = paper::take_out(&mut desk.writer, &desk.rulebook, "管理员", FIRM, &digest).unwrap();
    assert_eq!(found.content, pdf("一"));
    let uncited = put_pdf(&mut desk, "三");
    for (uscc, digest) in
        [(FIRM, uncited.as_str()), (SECOND, digest.as_str()), (FIRM, "x"), (FIRM, &digest.to_uppercase())]
    {
        assert_eq!(code(paper::take_out(&mut desk.writer, &desk.rulebook, "管理员", uscc, digest)), "not_found");
    }
    desk.verify();
}

fn an_erasure_takes_the_files_of_the_records_cases_and_of_no_others(store: &TestStore) {
    let (mut desk, records) = backed_up(store);
    let (mine, shared) = (put_pdf(&mut desk, "甲"), put_pdf(&mut desk, "共用"));
    let number = apply(&mut desk, &records[0], vec![cited(&mine), cited(&shared)]).unwrap().head.number;
    step(&mut desk, ("申请人", ""), &number, &Doing::Withdraw { reason: String::new() }).unwrap();
    apply(&mut desk, &records[1], vec![cited(&shared)]).unwrap();
    let folder = store.folder.join("backup");
    write(&store.address, &folder, None, &desk.clock).unwrap();
    let request = Request { record: &records[0], clause: "court_order", uscc: None };
    let done = erase(&mut desk.writer, &desk.rulebook, request, DECISION, "乙", None).unwrap();
    assert_eq!((done.papers, left(&mut desk)), (1, (1, 1)), "one that another case cites stays for it");
    desk.verify();
    let view = credence_app::View::office(desk.clock.today());
    let case = repair::show(desk.writer.connection(), &view, &number).unwrap();
    assert_eq!((case.papers.len(), case.files.len()), (2, 0), "the case names its papers and has no file of them");
    assert_eq!(code(paper::take_out(&mut desk.writer, &desk.rulebook, "管理员", FIRM, &mine)), "not_found");
    // The backup that was made before gives it back to nobody.
    assert!(check(&folder, &key_file(&store.address)).unwrap().forgotten > 0);
    let other = TestStore::sqlite();
    let place = |store: &TestStore| Keyring::of(&store.address).place().unwrap().to_owned();
    std::fs::copy(place(store), place(&other)).unwrap();
    let persons = Some(Persons { actor: "甲", second: "乙" });
    restore((&folder, &key_file(&store.address)), &other.address, None, persons, &desk.clock).unwrap();
    let mut restored = other.address.writer(desk.clock.clone()).unwrap();
    let digests: Vec<String> = kept::all(restored.connection())
        .unwrap()
        .iter()
        .map(|one| credence_domain::canonical::hex(&one.digest))
        .collect();
    assert_eq!(digests, [shared]);
    drop(restored);
    let found: Vec<_> = failed(&other).into_iter().filter(|(id, _)| *id == "paper_kept").collect();
    assert_eq!(found, []);
}

fn a_file_that_no_case_cites_goes_after_a_week(store: &TestStore) {
    let (mut desk, records) = backed_up(store);
    let (used, unused) = (put_pdf(&mut desk, "用"), put_pdf(&mut desk, "不用"));
    apply(&mut desk, &records[0], vec![cited(&used)]).unwrap();
    let folder = store.folder.join("backup");
    write(&store.address, &folder, None, &desk.clock).unwrap();
    let expired = |desk: &mut Desk<'_>| expire(&mut desk.writer, &desk.rulebook, OFFICE, None).unwrap().papers;
    let first = desk.clock.today();
    desk.clock.move_to(first.checked_add(7.days()).unwrap());
    assert_eq!(expired(&mut desk), 0, "seven days are whole");
    // Handed in again it waits anew.
    assert_eq!(put_pdf(&mut desk, "不用"), unused);
    desk.clock.move_to(first.checked_add(8.days()).unwrap());
    assert_eq!(expired(&mut desk), 0);
    desk.clock.move_to(first.checked_add(15.days()).unwrap());
    assert_eq!((expired(&mut desk), left(&mut desk)), (1, (1, 1)), "what a case cites stays");
    assert_eq!(expired(&mut desk), 0);
    desk.verify();
    assert_eq!(code(apply(&mut desk, &records[1], vec![cited(&unused)])), "paper_unknown");
    assert_eq!(check(&folder, &key_file(&store.address)).unwrap().forgotten, 1);
}

fn a_rotation_seals_files_anew(store: &TestStore) {
    let (mut desk, records) = ready(store);
    let digests: Vec<String> = (0..9).map(|number| put_pdf(&mut desk, &format!("{MARK}{number}"))).collect();
    apply(&mut desk, &records[0], digests.iter().map(|digest| cited(digest)).collect()).unwrap();
    let before = everything(&store.address);
    let done = secret::rotate(&mut desk.writer, &desk.rulebook, DECISION, &mut |_| Ok(())).unwrap();
    assert_eq!(done.contents, 9);
    let status = secret::status(&store.address).unwrap();
    assert_eq!((status.waiting, status.keys[0].contents, status.keys[1].contents), (0, 0, 9));
    let sealed = |all: &[(String, Vec<u8>)]| {
        all.iter().filter(|(place, _)| place == "paper.sealed").map(|(_, bytes)| bytes.clone()).collect::<Vec<_>>()
    };
    assert!(sealed(&everything(&store.address)).iter().all(|bytes| !sealed(&before).contains(bytes)));
    // The old key may go.
    let place = Keyring::of(&store.address).place().unwrap().to_owned();
    let text = std::fs::read_to_string(&place).unwrap();
    let without: Vec<&str> = text.lines().enumerate().filter(|(line, _)| *line != 2).map(|(_, line)| line).collect();
    std::fs::write(&place, without.join("\n")).unwrap();
    desk.verify();
    let found = paper::take_out(&mut desk.writer, &desk.rulebook, "管理员", FIRM, &digests[4]).unwrap();
    assert_eq!(found.content, pdf(&format!("{MARK}4")));
}

fn verification_names_a_file_that_was_changed_taken_away_or_slipped_in(store: &TestStore) {
    let (mut desk, records) = ready(store);
    let digest = put_pdf(&mut desk, "一");
    apply(&mut desk, &records[0], vec![cited(&digest)]).unwrap();
    desk.verify();
    let bytes: kept::Digest = credence_domain::canonical::unhex(&digest).unwrap().try_into().unwrap();
    let sealed = |desk: &mut Desk<'_>| {
        let all = desk.writer.connection().rows("select sealed from paper", &[], |row| Ok(row.blob(0)?.to_vec()));
        all.unwrap().remove(0)
    };
    let whole = sealed(&mut desk);
    let change = |desk: &mut Desk<'_>, sealed: &[u8]| {
        let sql = "update paper set sealed = $2 where digest = $1";
        desk.writer.connection().execute(sql, values![&bytes, sealed]).unwrap();
    };
    for place in [0, 12, whole.len() / 2, whole.len() - 1] {
        let mut flipped = whole.clone();
        flipped[place] ^= 1;
        change(&mut desk, &flipped);
        let found = failed(store);
        assert!(matches!(found.as_slice(), [("paper_kept", problem)] if problem.contains(&digest)), "{found:?}");
        assert_eq!(code(paper::take_out(&mut desk.writer, &desk.rulebook, "管理员", FIRM, &digest)), "fault");
    }
    change(&mut desk, &whole);
    desk.verify();
    for (tampering, back) in [
        ("update paper set name = 'x.pdf'", "update paper set name = '缴款凭证.pdf'"),
        ("update paper set media_type = 'image/png'", "update paper set media_type = 'application/pdf'"),
        ("update paper set cases = 0", "update paper set cases = 1"),
        ("update paper_case set number = number || 'x'", "update paper_case set number = replace(number, 'x', '')"),
    ] {
        desk.writer.connection().execute(tampering, &[]).unwrap();
        let found = failed(store);
        assert!(found.iter().all(|(id, _)| *id == "paper_kept") && !found.is_empty(), "{tampering}: {found:?}");
        desk.writer.connection().execute(back, &[]).unwrap();
        desk.verify();
    }
    for gone in ["delete from paper", "delete from paper_case"] {
        desk.writer.connection().execute(gone, &[]).unwrap();
        let found = failed(store);
        assert!(matches!(found.as_slice(), [("paper_kept", _)]), "{gone}: {found:?}");
    }
}

both_stores!(
    a_file_is_what_its_bytes_say_and_is_kept_once_and_sealed,
    a_case_cites_files_that_are_there_and_digests_alone_as_such,
    an_erasure_takes_the_files_of_the_records_cases_and_of_no_others,
    a_file_that_no_case_cites_goes_after_a_week,
    a_rotation_seals_files_anew,
    verification_names_a_file_that_was_changed_taken_away_or_slipped_in,
);
