//! Papers of listings: copies of what a proposal rests on, proofs of service, what the party handed in; read through the case alone, gone
//! with the record that the case is about.

use crate::desk::*;
use crate::papers::{failed, file};
use credence_app::account::Person;
use credence_app::erasure::{Request, erase};
use credence_app::listing::{self, CaseView, Clerk, Doing, Proposing, Stepping};
use credence_app::paper::{Handing, hand_in};
use credence_app::review::Decision;
use credence_app::{AppError, View};
use credence_domain::access::Role;
use credence_domain::listing::Delivery;
use credence_domain::objection::Evidence;
use credence_domain::paper::CASE_MAX;
use credence_testkit::both_stores;
use credence_testkit::paper::pdf;
use credence_testkit::stores::TestStore;

fn put(desk: &mut Desk<'_>, word: &str) -> Evidence {
    let handing = Handing { by: "甲", unit: OFFICE };
    let file = file(&pdf(word), "application/pdf", &format!("{word}.pdf"));
    let kept = hand_in(&mut desk.writer, &desk.rulebook, handing, FIRM, &file).unwrap().paper;
    Evidence { name: kept.name, digest: kept.digest, file: true }
}

fn code<T: std::fmt::Debug>(done: Result<T, AppError>) -> &'static str {
    done.unwrap_err().code()
}

fn clerk(desk: &Desk<'_>) -> Clerk {
    Clerk { name: "甲".to_owned(), view: View::office(desk.clock.today()) }
}

fn propose(desk: &mut Desk<'_>, record: &str, papers: Vec<Evidence>) -> Result<CaseView, AppError> {
    let asked = Proposing { papers, ..crate::listing::asked(vec![record.to_owned()]) };
    let clerk = clerk(desk);
    listing::propose(&mut desk.writer, &desk.rulebook, &clerk, &asked)
}

fn step(desk: &mut Desk<'_>, number: &str, doing: Doing, papers: Vec<Evidence>) -> Result<CaseView, AppError> {
    let (clerk, asked) = (clerk(desk), Stepping { doing, papers });
    listing::step_citing(&mut desk.writer, &desk.rulebook, &clerk, number, &asked)
}

/// A record that may carry a proposal.
fn ground(desk: &mut Desk<'_>) -> String {
    desk.send(vec![changed("一号", &[("CF_CFLB", "责令停产停业"), ("CF_NR", "责令停产停业"), ("CF_NR_FK", "")])]);
    crate::measures::sector(desk, "市场监管");
    crate::repairs::public(desk, "penalty").remove(0)
}

fn served(desk: &Desk<'_>) -> Doing {
    let (on, proof) = (desk.clock.today(), "送达回证".to_owned());
    Doing::Serve { letter: None, delivery: Delivery { mode: "direct".to_owned(), on, proof, consent: String::new() } }
}

/// A case with a copy of its document, a proof of service and a statement with a file.
fn with_papers(desk: &mut Desk<'_>) -> (String, String, [Evidence; 3]) {
    let record = ground(desk);
    let papers = ["决定书副本", "送达回证", "整改照片"].map(|word| put(desk, word));
    let number = propose(desk, &record, vec![papers[0].clone()]).unwrap().head.number;
    let serve = served(desk);
    step(desk, &number, serve, vec![papers[1].clone()]).unwrap();
    let state = Doing::State { on: desk.clock.today(), text: "已经整改".to_owned() };
    step(desk, &number, state, vec![papers[2].clone()]).unwrap();
    (record, number, papers)
}

fn a_listing_cites_files_with_its_proposal_its_services_and_what_the_party_says(store: &TestStore) {
    let mut desk = Desk::new(store);
    let record = ground(&mut desk);
    let strange = Evidence { name: "不存在.pdf".to_owned(), digest: "ab".repeat(32), file: true };
    assert_eq!(code(propose(&mut desk, &record, vec![strange.clone()])), "paper_unknown");
    let unnamed = Evidence { name: " ".to_owned(), file: false, ..strange.clone() };
    assert_eq!(code(propose(&mut desk, &record, vec![unnamed])), "objection_evidence_invalid");
    let many = vec![Evidence { file: false, ..strange.clone() }; CASE_MAX + 1];
    assert_eq!(code(propose(&mut desk, &record, many)), "paper_too_many");
    let (_, number, papers) = with_papers(&mut desk);
    let view = View::office(desk.clock.today());
    let case = listing::show(desk.writer.connection(), &view, &number).unwrap();
    assert_eq!(case.files.len(), 3);
    let said: Vec<_> = case.steps.iter().map(|step| (step.kind, step.taken.papers.len())).collect();
    assert_eq!(said, [("proposed", 1), ("notice_served", 1), ("stated", 1)]);
    desk.verify();
    // What is noted by its digest alone is no file; a step that only answers takes none; a case takes twenty.
    let answer = Doing::Answer { statement: 1, accepted: false, reason: "不影响性质".to_owned() };
    assert_eq!(code(step(&mut desk, &number, answer, vec![papers[0].clone()])), "bad_parameter");
    let again = || Doing::State { on: today(), text: "补充".to_owned() };
    let noted = Evidence { file: false, ..strange.clone() };
    assert_eq!(code(step(&mut desk, &number, again(), vec![noted.clone(); CASE_MAX - 2])), "paper_too_many");
    let case = step(&mut desk, &number, again(), vec![noted, papers[2].clone()]).unwrap();
    assert_eq!(case.files.len(), 3, "the same file twice is one");
    desk.verify();
    for (sql, problem) in [
        ("delete from paper_case where matter = 'listing'", "is not noted as cited"),
        ("update listing_step set body = replace(body, ',\"file\":true', '')", "is noted as cited by listing"),
    ] {
        let sealed = failed(store);
        assert!(sealed.is_empty(), "{sealed:?}");
        let undo = desk.writer.connection().rows(
            "select uscc, digest, number from paper_case where matter = 'listing'",
            &[],
            |row| Ok((row.string(0)?, row.array::<32>(1)?, row.string(2)?)),
        );
        let steps = desk
            .writer
            .connection()
            .rows("select body, step from listing_step", &[], |row| Ok((row.string(0)?, row.int(1)?)));
        desk.writer.connection().execute(sql, &[]).unwrap();
        let report = credence_app::verify::verify(&store.address).unwrap();
        let kept = report.requirements.into_iter().find(|one| one.id == "paper_kept").unwrap();
        assert!(kept.examples.iter().any(|one| one.problem.contains(problem)), "{:?}", kept.examples);
        desk.writer.connection().execute("delete from paper_case where matter = 'listing'", &[]).unwrap();
        for (uscc, digest, number) in undo.unwrap() {
            let put = "insert into paper_case(uscc, digest, matter, number) values ($1, $2, 'listing', $3)";
            let values = credence_store::values![uscc.as_str(), &digest, number.as_str()];
            desk.writer.connection().execute(put, values).unwrap();
        }
        for (body, step) in steps.unwrap() {
            let values = credence_store::values![body.as_str(), step];
            desk.writer.connection().execute("update listing_step set body = $1 where step = $2", values).unwrap();
        }
    }
    desk.verify();
}

fn a_paper_of_a_listing_is_read_by_those_who_see_the_case(store: &TestStore) {
    let mut desk = Served::new(store);
    let (_, number, papers) = with_papers(&mut desk.desk);
    let person = |name: &str, role: Role, unit: &str| {
        let mut person = Person::operator(name, role);
        person.account.unit = unit.to_owned();
        person
    };
    let mut own = person("代表人", Role::Organisation, "");
    own.organisations = vec![FIRM.to_owned()];
    let mut other = own.clone();
    other.organisations = vec![SECOND.to_owned()];
    let read = |person: &Person| desk.service.read_paper(&desk.working, person, FIRM, &papers[2].digest);
    assert_eq!(read(&own).unwrap().content, pdf("整改照片"));
    assert_eq!(read(&person("经办", Role::Clerk, OFFICE)).unwrap().paper.name, "整改照片.pdf");
    assert!(read(&person("认定", Role::ListDecider, OFFICE)).is_ok(), "who decides reads what was handed in");
    assert!(read(&person("审计", Role::Auditor, "")).is_ok());
    assert_eq!(code(read(&other)), "not_found");
    assert_eq!(code(read(&person("外单位", Role::Clerk, "123799000000000510"))), "not_found");
    assert_eq!(code(read(&person("检查", Role::Inspector, OFFICE))), "not_found", "he does not read listings");
    let looks = desk.service.journal(Role::Auditor, FIRM, None, 100).unwrap().items;
    let noted: Vec<_> = looks.iter().map(|look| (look.what.as_str(), look.case_number.as_str())).collect();
    assert_eq!(noted, [("paper", number.as_str()); 3], "each look but the organisation's");
    desk.verify();
}

fn the_papers_of_a_listing_go_with_the_document_on_which_it_rests(store: &TestStore) {
    let mut desk = Desk::new(store);
    let (record, number, papers) = with_papers(&mut desk);
    let decision = Decision { actor: "甲", reason: "处理目的已实现", secrecy_review: "" };
    let request = Request { record: &record, clause: "court_order", uscc: None };
    let done = erase(&mut desk.writer, &desk.rulebook, request, decision, "乙", None).unwrap();
    assert_eq!(done.papers, 3);
    let view = View::office(desk.clock.today());
    let case = listing::show(desk.writer.connection(), &view, &number).unwrap();
    assert_eq!((case.head.state.as_str(), case.files.len()), ("withdrawn", 0), "the case ends and keeps its steps");
    assert_eq!(case.steps[0].taken.papers, [papers[0].clone()]);
    desk.verify();
}

both_stores!(
    a_listing_cites_files_with_its_proposal_its_services_and_what_the_party_says,
    a_paper_of_a_listing_is_read_by_those_who_see_the_case,
    the_papers_of_a_listing_go_with_the_document_on_which_it_rests,
);
