//! The derived index answers as SQL does, keeps up with every import, and is never needed.

use crate::desk::*;
use credence_app::conflict::{Resolution, resolve};
use credence_app::query::search::SearchRequest;
use credence_app::review::Decision;
use credence_app::{Address, Clock, Service, View};
use credence_domain::subject::Uscc;
use credence_testkit::both_stores;
use credence_testkit::province::{Chance, code};
use credence_testkit::stores::TestStore;

const PIECES: [&str; 22] = [
    "云海",
    "海",
    "云",
    "机械",
    "有限",
    "公司",
    "（中国）",
    "(中国)",
    "ＡＢ",
    "ab",
    "Ab",
    "𠀀",
    "🏭",
    "%",
    "_",
    "!",
    "'",
    "\"",
    "\\",
    "1",
    "省",
    "三棵树",
];
const STATUSES: [&str; 2] = ["存续", "注销"];
const AREAS: [&str; 2] = ["云海市", "青禾市"];

fn text(chance: &mut Chance, most: usize) -> String {
    (0..=chance.below(most)).map(|_| chance.pick(&PIECES)).collect()
}

/// A registration file: a name, area and status for each of the numbers.
fn registry(chance: &mut Chance, numbers: impl Iterator<Item = usize>) -> String {
    let mut file = "name,uscc,city,status,old_registration_number\n".to_owned();
    for number in numbers {
        let kind = if number % 5 == 0 { "92" } else { "91" };
        let name = format!("甲{}", text(chance, 5)).replace('"', "\"\"");
        let old = if number % 7 == 0 { format!("3799000000{number:05}") } else { String::new() };
        let (area, status) = (chance.pick(&AREAS), chance.pick(&STATUSES));
        file.push_str(&format!("\"{name}\",{},{area},{status},{old}\n", code(kind, number)));
    }
    file
}

/// Every page of an answer: codes in order.
fn pages(service: &Service, request: &SearchRequest) -> Vec<String> {
    let view = View::public(today());
    let (mut codes, mut request) = (Vec::new(), request.clone());
    loop {
        let page = service.search(&view, &request).unwrap();
        codes.extend(page.items.into_iter().map(|one| one.uscc));
        match page.next {
            Some(next) => request.cursor = Some(next),
            None => return codes,
        }
    }
}

/// The index answers what has two characters as a code and one as a name.
fn only_sql_answers(q: &str) -> bool {
    credence_domain::subject::uscc::fold(q).chars().count() < 2
        || credence_domain::record::text::fold_name(q).is_empty()
}

fn questions(chance: &mut Chance, count: usize) -> Vec<SearchRequest> {
    let fixed =
        ["有限公司", "甲云", "%_", "'\"", "！％", "𠀀🏭", "3799", "91379900", "379900000000007", "（中", "ａｂ", "\\%"];
    let mut questions: Vec<SearchRequest> =
        fixed.iter().map(|q| SearchRequest { q: (*q).to_owned(), limit: Some(3), ..Default::default() }).collect();
    for _ in 0..count {
        let q = if chance.percent(30) {
            let whole = code("91", chance.below(60));
            let from = chance.below(15);
            whole[from..from + 2 + chance.below(2)].to_lowercase()
        } else {
            text(chance, 3)
        };
        // Marks alone are refused.
        if q.chars().count() < 2 || credence_domain::record::text::fold_name(&q).is_empty() {
            continue;
        }
        questions.push(SearchRequest {
            q,
            area: if chance.percent(25) { chance.pick(&AREAS).to_owned() } else { String::new() },
            status: if chance.percent(25) { chance.pick(&STATUSES).to_owned() } else { String::new() },
            kind: if chance.percent(25) { chance.pick(&["91", "92"]).to_owned() } else { String::new() },
            limit: Some(1 + chance.below(7) as u32),
            ..Default::default()
        });
    }
    questions
}

fn an_answer_from_the_index_is_the_answer_of_sql_page_by_page_and_after_changes_of_name(store: &TestStore) {
    let mut desk = Desk::new(store);
    let mut chance = Chance::new(4, "search");
    desk.send_from(OFFICE, registry(&mut chance, 0..60).as_bytes()).unwrap();
    let (sql, index) = (desk.service(today()), desk.service(today()));
    assert_eq!(index.rebuild_search().unwrap().entries, 60);
    for round in 0..3 {
        let before = index.answered_by_index();
        for question in questions(&mut chance, 60) {
            let all = pages(&index, &question);
            assert_eq!(all, pages(&sql, &question), "round {round}: {question:?}");
            let counted = SearchRequest { count: true, ..question.clone() };
            let counted = index.search(&View::public(today()), &counted).unwrap();
            let known = (counted.total, counted.more_than);
            // A question that only SQL can answer is counted where its first page holds all of it.
            let uncounted = known == (None, None) && counted.next.is_some() && only_sql_answers(&question.q);
            assert!(known == (Some(all.len() as u64), None) || uncounted, "{question:?}: {known:?} of {}", all.len());
        }
        assert!(index.answered_by_index() > before + 40 && sql.answered_by_index() == 0);
        // New names for some, new organisations, and one that is known by a penalty only.
        desk.send_from(
            OFFICE,
            registry(&mut chance, (round * 11..round * 11 + 20).chain(60 + round..63 + round)).as_bytes(),
        )
        .unwrap();
        desk.send(vec![changed(&format!("{round}号"), &[("CF_XDR_MC", "未登记云海公司"), ("CF_XDR_SHXYM", SECOND)])]);
    }
}

fn whoever_types_a_bracket_finds_first_what_has_one(store: &TestStore) {
    let mut desk = Desk::new(store);
    let name = |at: usize| match at {
        37 => "云海集团〔有限〕公司".to_owned(),
        59 => "云海集团（有限）责任公司".to_owned(),
        _ => format!("云海集团有限公司第{at}厂"),
    };
    let rows: String = (0..60).map(|at| format!("{},{}\n", name(at), code("91", at))).collect();
    desk.send_from(OFFICE, format!("name,uscc\n{rows}").as_bytes()).unwrap();
    let (sql, index) = (desk.service(today()), desk.service(today()));
    index.rebuild_search().unwrap();
    for q in ["集团(有限", "集团（有", "团 （有限）"] {
        let request = SearchRequest { q: q.to_owned(), limit: Some(7), ..Default::default() };
        let all = pages(&index, &request);
        assert_eq!(all.len(), 60, "{q}: the others follow");
        let first: std::collections::BTreeSet<&String> = all.iter().take(2).collect();
        assert_eq!(first, [code("91", 37), code("91", 59)].iter().collect(), "{q}");
        assert_eq!(all, pages(&sql, &request), "{q}");
    }
    let marks = SearchRequest { q: "（）".to_owned(), ..Default::default() };
    assert_eq!(index.search(&View::public(today()), &marks).unwrap_err().code(), "bad_parameter");
}

fn a_name_that_an_import_brings_is_found_at_once_among_the_first(store: &TestStore) {
    let mut desk = Desk::new(store);
    let mut chance = Chance::new(5, "search");
    desk.send_from(OFFICE, registry(&mut chance, 0..40).as_bytes()).unwrap();
    let service = desk.service(today());
    service.rebuild_search().unwrap();
    let find = |q: &str| pages(&service, &SearchRequest { q: q.to_owned(), ..Default::default() });
    assert!(find("罕见罕见").is_empty());
    let send = |desk: &mut Desk<'_>, name: &str| {
        desk.send_from(OFFICE, format!("name,uscc\n{name},{FIRM}\n").as_bytes()).unwrap();
    };
    send(&mut desk, "云海罕见罕见（中国）厂");
    assert_eq!(find("罕见罕见"), [FIRM]);
    assert_eq!(find("见(中国"), [FIRM]);
    send(&mut desk, "云海改名后厂");
    assert_eq!(find("改名后"), [FIRM], "the new name");
    assert_eq!(find("罕见罕见"), [FIRM], "and the former one");
    assert_eq!(service.answered_by_index(), 5, "every question by the index");
}

fn a_name_that_a_person_takes_from_a_conflict_is_found_at_once(store: &TestStore) {
    let mut desk = Desk::new(store);
    desk.send(vec![penalty(FIRM, "一号")]);
    let service = desk.service(today());
    service.rebuild_search().unwrap();
    desk.send(vec![changed("二号", &[("CF_XDR_MC", "云海市罕见机械有限公司")])]);
    let find = || pages(&service, &SearchRequest { q: "罕见".to_owned(), ..Default::default() });
    assert!(find().is_empty(), "a name in conflict is nobody's yet");
    let (firm, decision) =
        (Uscc::parse(FIRM).unwrap(), Decision { actor: OFFICE, reason: "核对营业执照", secrecy_review: "" });
    let second = Some("第二人");
    resolve(&mut desk.writer, &desk.rulebook, firm, "云海市罕见机械有限公司", Resolution::Taken, decision, second)
        .unwrap();
    assert_eq!(find(), [FIRM]);
    assert_eq!(service.answered_by_index(), 2);
}

both_stores!(
    whoever_types_a_bracket_finds_first_what_has_one,
    a_name_that_a_person_takes_from_a_conflict_is_found_at_once,
    an_answer_from_the_index_is_the_answer_of_sql_page_by_page_and_after_changes_of_name,
    a_name_that_an_import_brings_is_found_at_once_among_the_first,
);

#[test]
fn a_missing_damaged_or_foreign_index_is_built_again_and_never_answers() {
    let (store, other) = (TestStore::sqlite(), TestStore::sqlite());
    let file = |store: &TestStore| match &store.address {
        Address::Sqlite(path) => path.with_file_name("register.db.search"),
        Address::Postgres(_) => unreachable!("this test is about a file beside a file"),
    };
    for (store, name) in [(&store, "这里"), (&other, "别处")] {
        let mut desk = Desk::new(store);
        desk.send_from(OFFICE, format!("name,uscc\n{name}公司,{FIRM}\n").as_bytes()).unwrap();
        desk.service(today()).rebuild_search().unwrap();
    }
    let whole = std::fs::read(file(&store)).unwrap();
    let mut damaged = whole.clone();
    damaged[40] ^= 1;
    let foreign = std::fs::read(file(&other)).unwrap();
    for (what, bytes) in [("damaged", Some(damaged)), ("foreign", Some(foreign)), ("missing", None)] {
        match bytes {
            Some(bytes) => std::fs::write(file(&store), bytes).unwrap(),
            None => std::fs::remove_file(file(&store)).unwrap(),
        }
        let service = Service::open(store.address.clone(), Clock::fixed(today()), None).unwrap();
        service.keep_search();
        let here = SearchRequest { q: "这里".to_owned(), ..Default::default() };
        let there = SearchRequest { q: "别处".to_owned(), ..Default::default() };
        // Until it is ready SQL answers, then the index: the same.
        while !service.search_is_ready() {
            assert_eq!(pages(&service, &here), [FIRM], "{what}");
            std::thread::yield_now();
        }
        let before = service.answered_by_index();
        assert_eq!(pages(&service, &here), [FIRM], "{what}");
        assert_eq!(service.answered_by_index(), before + 1, "{what}");
        assert!(pages(&service, &there).is_empty(), "{what}");
        service.rebuild_search().unwrap();
    }
}
