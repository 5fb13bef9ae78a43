//! An edition of the rulebook by two people who have signed in: one proposes, another enacts or refuses, and nothing else puts one in force.

use crate::desk::*;
use crate::queue::{Account, peopled_with};
use credence_app::AppError;
use credence_app::access::{self, Answer, ProposingEdition, files_of_archive, propose_edition};
use credence_app::rulebook::{self, PLATFORM_UNIT, shipped_files};
use credence_domain::access::Role;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use std::collections::BTreeMap;

const ACCOUNTS: [Account; 4] = [
    ("a.office", Role::Office, PLATFORM_UNIT, "1"),
    ("b.office", Role::Office, PLATFORM_UNIT, "2"),
    // The same person with another account.
    ("c.office", Role::Office, PLATFORM_UNIT, "1"),
    ("a.reviewer", Role::Reviewer, PLATFORM_UNIT, "3"),
];

/// One file with a word changed, to be laid over what is in force.
fn asked(word: &str) -> ProposingEdition {
    let (path, text) = shipped_files().into_iter().find(|(path, _)| path == "codes.toml").unwrap();
    let changed = text.replace("重复的表头行（请删除）", &format!("重复的表头行（{word}）"));
    assert_ne!(changed, text);
    ProposingEdition { files: BTreeMap::from([(path, changed)]), overlay: true, reason: "用语统一".to_owned() }
}

fn said(approve: bool, reason: &str) -> Answer {
    Answer { approve, reason: reason.to_owned() }
}

fn code<T: std::fmt::Debug>(done: Result<T, AppError>) -> &'static str {
    done.unwrap_err().code()
}

fn two_persons_put_an_edition_in_force(store: &TestStore) {
    let mut desk = peopled_with(store, &ACCOUNTS);
    let person = |desk: &Served<'_>, name: &str| desk.service.acting_as(name).unwrap();
    let (first, second) = (person(&desk, "a.office"), person(&desk, "b.office"));
    let before = desk.service.rulebook().digest;
    let proposed = propose_edition(&desk.service, &desk.working, &first, &asked("请予删除")).unwrap();
    assert_eq!((proposed.kind.as_str(), proposed.proposed_by.as_str()), ("enactment", "a.office"));
    let again = propose_edition(&desk.service, &desk.working, &second, &asked("请予删除"));
    assert_eq!(code(again), "already_proposed");
    // What differs is told before anybody agrees.
    let found = desk.service.edition_difference(&proposed.subject).unwrap();
    assert_eq!((found.edition.state, found.changes.len()), ("proposed", 1));
    assert!(found.changes[0].new.as_deref().unwrap().contains("请予删除"), "{:?}", found.changes);
    let answer = |desk: &Served<'_>, name: &str, approve, why: &str| {
        access::answer(&desk.service, &desk.working, &person(desk, name), &proposed.id, &said(approve, why))
    };
    for (name, expected) in [("a.office", "four_eyes"), ("c.office", "four_eyes"), ("a.reviewer", "forbidden")] {
        assert_eq!(code(answer(&desk, name, true, "")), expected, "{name}");
    }
    assert_eq!(code(answer(&desk, "b.office", false, " ")), "reason_missing");
    desk.verify();
    let done = answer(&desk, "b.office", true, "").unwrap();
    assert_eq!(done.proposal.state, "approved");
    let in_force = rulebook::in_force(desk.writer.connection()).unwrap();
    assert_eq!(credence_domain::canonical::hex(&in_force.digest), proposed.subject);
    assert_ne!(in_force.digest, before);
    let states: Vec<_> = desk.service.editions().unwrap().iter().map(|one| one.state).collect();
    assert_eq!(states, ["in_force", "earlier"]);
    assert_eq!(code(answer(&desk, "b.office", true, "")), "already_answered");
    // What an archive of the edition holds is the edition.
    let archive = desk.service.edition_archive(&proposed.subject).unwrap();
    let files = files_of_archive(&archive).unwrap();
    assert_eq!(rulebook::read(files.into_iter().collect()).unwrap().digest, in_force.digest);
    desk.rulebook = in_force;
    desk.verify();
}

fn what_was_refused_is_not_kept_and_what_is_broken_not_taken(store: &TestStore) {
    let mut desk = peopled_with(store, &ACCOUNTS);
    let first = desk.service.acting_as("a.office").unwrap();
    let second = desk.service.acting_as("b.office").unwrap();
    let propose = |asked: &ProposingEdition| propose_edition(&desk.service, &desk.working, &first, asked);
    let mut broken = asked("请予删除");
    broken.files.insert("data/none.toml".to_owned(), "code = ".to_owned());
    let refused = propose(&broken).unwrap_err();
    assert!(refused.code() == "edition_refused" && refused.to_string().contains("data/none.toml:1"), "{refused}");
    for path in ["../codes.toml", "/codes.toml", "codes.txt", "data//x.toml"] {
        let mut wrong = asked("请予删除");
        wrong.files.insert(path.to_owned(), String::new());
        assert_eq!(code(propose(&wrong)), "bad_parameter", "{path}");
    }
    let none = ProposingEdition { files: BTreeMap::new(), overlay: true, reason: "空".to_owned() };
    assert_eq!(code(propose(&none)), "bad_parameter");
    assert_eq!(code(propose(&ProposingEdition { overlay: false, ..asked("请予删除") })), "edition_refused");
    let standing: BTreeMap<_, _> = shipped_files().into_iter().collect();
    let same = ProposingEdition { files: standing, overlay: false, reason: "没有变化".to_owned() };
    assert_eq!(code(propose(&same)), "edition_in_force");
    assert_eq!(code(propose(&ProposingEdition { reason: " ".to_owned(), ..asked("请予删除") })), "reason_missing");
    assert_eq!(code(files_of_archive(b"no archive")), "bad_parameter");

    let proposed = propose(&asked("请予删除")).unwrap();
    let no = said(false, "改由下一版一并调整");
    let answered = access::answer(&desk.service, &desk.working, &second, &proposed.id, &no).unwrap();
    assert_eq!(answered.proposal.state, "refused");
    assert_eq!(code(desk.service.edition_difference(&proposed.subject)), "not_found");
    assert_eq!(desk.service.editions().unwrap().len(), 1);
    // It may be asked for again.
    let again = propose(&asked("请予删除")).unwrap();
    assert_ne!(again.id, proposed.id);
    desk.verify();
    // Bytes that were changed while they waited are told, and never put in force.
    desk.writer.connection().execute("update rulebook_proposed set body = $1", &[b"{}".as_slice().into()]).unwrap();
    let found = credence_app::verify::verify(&store.address).unwrap();
    let failing: Vec<_> = found.requirements.iter().filter(|one| one.failed > 0).map(|one| one.id).collect();
    assert_eq!(failing, ["rulebook"]);
    let yes = access::answer(&desk.service, &desk.working, &second, &again.id, &said(true, ""));
    assert!(yes.is_err());
    assert_eq!(rulebook::in_force(desk.writer.connection()).unwrap().digest, desk.rulebook.digest);
}

fn an_answer_is_given_once_and_an_edition_overtakes_none(store: &TestStore) {
    let mut desk = peopled_with(store, &ACCOUNTS);
    let first = desk.service.acting_as("a.office").unwrap();
    let second = desk.service.acting_as("b.office").unwrap();
    let propose = |word: &str| propose_edition(&desk.service, &desk.working, &first, &asked(word)).unwrap();
    let (one, other) = (propose("请予删除"), propose("应予删除"));
    // Two answers at once: what is carried out is what stands.
    let answers: Vec<_> = std::thread::scope(|scope| {
        let answer = |approve: bool| {
            let (service, working, second, one) = (&desk.service, &desk.working, &second, &one);
            scope.spawn(move || access::answer(service, working, second, &one.id, &said(approve, "再议")))
        };
        [answer(true), answer(false)].map(|thread| thread.join().unwrap()).into_iter().collect()
    });
    let given: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().ok()).collect();
    assert_eq!(given.len(), 1, "one of them was first");
    let stands = credence_domain::canonical::hex(&rulebook::in_force(desk.writer.connection()).unwrap().digest);
    assert_eq!(given[0].proposal.state == "approved", stands == one.subject);
    // The other was written over what stood before.
    let late = access::answer(&desk.service, &desk.working, &second, &other.id, &said(true, ""));
    match given[0].proposal.state.as_str() {
        "approved" => assert_eq!(code(late), "edition_base_moved"),
        _ => assert_eq!(late.unwrap().proposal.state, "approved"),
    }
    desk.rulebook = rulebook::in_force(desk.writer.connection()).unwrap();
    desk.verify();
}

fn no_edition_gives_up_what_keeps_people_apart(store: &TestStore) {
    let desk = peopled_with(store, &ACCOUNTS);
    let first = desk.service.acting_as("a.office").unwrap();
    let policy = |text: &str| {
        let file = format!(
            "code = \"zz\"\nname = \"试\"\n\n[[version]]\neffective_from = \"2019-12-10\"\nbasis = [{{ title = \"鲁信用办〔2019〕8号\", article = \"十八\", level = \"normative_document\" }}]\npolicy = '''\n{text}\n'''\n"
        );
        let files = BTreeMap::from([("access/zz.toml".to_owned(), file)]);
        propose_edition(
            &desk.service,
            &desk.working,
            &first,
            &ProposingEdition { files, overlay: true, reason: "试".to_owned() },
        )
    };
    let deep = format!(
        "@id(\"a\") permit(principal, action, resource) when {{ {}true{} }};",
        "(".repeat(900),
        ")".repeat(900)
    );
    for (text, told) in [
        ("@id(\"a\") permit(principal, action, resource);", "未登录的公众不得"),
        (
            "@id(\"a\") permit(principal == Role::\"partner\", action == Action::\"second_erasure\", resource);",
            "不得second_erasure",
        ),
        (deep.as_str(), "过深"),
    ] {
        let refused = policy(text).unwrap_err();
        assert!(refused.code() == "edition_refused" && refused.to_string().contains(told), "{told}: {refused}");
    }
    // Without the policies of everyone nobody could read anything.
    let mut files: BTreeMap<_, _> = shipped_files().into_iter().collect();
    assert!(rulebook::read(files.clone().into_iter().collect()).is_ok(), "the shipped one keeps to it");
    files.remove("access/everyone.toml");
    let asked = ProposingEdition { files, overlay: false, reason: "试".to_owned() };
    let refused = propose_edition(&desk.service, &desk.working, &first, &asked).unwrap_err();
    assert!(refused.to_string().contains("须能查询公开信息"), "{refused}");
}

both_stores!(
    an_answer_is_given_once_and_an_edition_overtakes_none,
    no_edition_gives_up_what_keeps_people_apart,
    two_persons_put_an_edition_in_force,
    what_was_refused_is_not_kept_and_what_is_broken_not_taken,
);
