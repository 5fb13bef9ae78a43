//! A name that differs from the one on file waits for a person, who takes it or keeps the one on file.

use crate::desk::*;
use credence_app::View;
use credence_app::conflict::{Resolution, resolve};
use credence_app::review::Decision;
use credence_domain::subject::Uscc;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;

const DECISION: Decision<'static> = Decision { actor: "办事员", reason: "核对营业执照", secrecy_review: "" };
const SENT: &str = "云海市海岳重工有限公司";

fn conflicts(desk: &Desk<'_>) -> usize {
    desk.service(today()).name_conflicts(&View::office(today())).unwrap().len()
}

fn names(desk: &Desk<'_>) -> (String, Vec<String>) {
    let found = desk.service(today()).organisation(&View::public(today()), FIRM).unwrap();
    (found.summary.name, found.former_names)
}

fn a_person_takes_the_sent_name_or_keeps_the_one_on_file(store: &TestStore) {
    let mut desk = Desk::new(store);
    let firm = Uscc::parse(FIRM).unwrap();
    desk.send(vec![penalty(FIRM, "一号"), changed("二号", &[("CF_XDR_MC", SENT)])]);
    desk.send(vec![changed("三号", &[("CF_XDR_MC", "云海市另名有限公司")])]);
    let (first, _) = names(&desk);
    let other = if first == SENT { "云海市海岳机械制造有限公司" } else { SENT };
    assert_eq!(conflicts(&desk), 2);
    resolve(&mut desk.writer, &desk.rulebook, firm, "云海市另名有限公司", Resolution::Kept, DECISION, None).unwrap();
    assert_eq!((conflicts(&desk), names(&desk).0), (1, first.clone()));
    for second in [None, Some(""), Some(DECISION.actor)] {
        let alone = resolve(&mut desk.writer, &desk.rulebook, firm, other, Resolution::Taken, DECISION, second);
        assert_eq!(alone.unwrap_err().code(), "second_person_needed", "{second:?}");
    }
    resolve(&mut desk.writer, &desk.rulebook, firm, other, Resolution::Taken, DECISION, Some("第二人")).unwrap();
    assert_eq!((conflicts(&desk), names(&desk)), (0, (other.to_owned(), vec![first])));
    let again = resolve(&mut desk.writer, &desk.rulebook, firm, other, Resolution::Taken, DECISION, Some("第二人"));
    assert_eq!(again.unwrap_err().code(), "not_found");
    desk.verify();
}

fn a_registered_organisation_is_renamed_by_a_registration_alone(store: &TestStore) {
    let mut desk = Desk::new(store);
    let registry = format!("name,uscc,established\n云海市正名有限公司,{FIRM},2020-01-01\n");
    desk.send_from(OFFICE, registry.as_bytes()).unwrap();
    desk.send(vec![changed("二号", &[("CF_XDR_MC", SENT)])]);
    let firm = Uscc::parse(FIRM).unwrap();
    let taken = resolve(&mut desk.writer, &desk.rulebook, firm, SENT, Resolution::Taken, DECISION, Some("第二人"));
    assert_eq!(taken.unwrap_err().code(), "name_registered");
    resolve(&mut desk.writer, &desk.rulebook, firm, SENT, Resolution::Kept, DECISION, None).unwrap();
    assert_eq!((conflicts(&desk), names(&desk).0.as_str()), (0, "云海市正名有限公司"));
    desk.verify();
}

both_stores!(
    a_person_takes_the_sent_name_or_keeps_the_one_on_file,
    a_registered_organisation_is_renamed_by_a_registration_alone,
);
