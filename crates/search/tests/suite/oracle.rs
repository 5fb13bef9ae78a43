//! Random registers and questions: the index answers as looking at every organisation does, page by page, before and after
//! changes.

use super::index;
use credence_domain::record::text::fold_name;
use credence_search::{Entry, Hit, Index, Query};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Few pieces, so that they meet: brackets in both widths, both cases, a character beyond the first plane, an emoji, what
/// SQL patterns give meaning to, and quotes.
const PIECES: [&str; 20] = [
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
    "1",
    "省",
];
const AREAS: [&str; 3] = ["云海市", "青禾市", ""];
const SYMBOLS: &[u8] = b"0123456789ABCDEFGH";

fn text(pieces: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(&PIECES[..]), pieces).prop_map(|pieces| pieces.concat())
}

fn entry() -> impl Strategy<Value = Entry> {
    let code = proptest::collection::vec(proptest::sample::select(SYMBOLS), 4);
    let names = proptest::collection::vec(text(1..6), 1..4);
    (code, proptest::sample::select(vec!["91", "92"]), names, any::<bool>(), 0..3usize).prop_map(
        |(code, kind, names, old, area)| {
            let code = String::from_utf8(code).unwrap();
            Entry {
                uscc: format!("{kind}379900MA0000{code}"),
                names: names.iter().map(|name| fold_name(name)).collect(),
                aliases: if old { vec![format!("37990{}", &code[..2])] } else { Vec::new() },
                area: AREAS[area].to_owned(),
                status: if old { "存续" } else { "注销" }.to_owned(),
            }
        },
    )
}

fn register(most: usize) -> impl Strategy<Value = BTreeMap<String, Entry>> {
    proptest::collection::vec(entry(), 0..most)
        .prop_map(|entries| entries.into_iter().map(|entry| (entry.uscc.clone(), entry)).collect())
}

fn question() -> impl Strategy<Value = Query> {
    let texts = prop_oneof![
        text(1..4),
        Just("（云".to_owned()),
        Just("海)".to_owned()),
        "[0-9A-H]{2,3}",
        "37990[0-9A-H]{2}",
        Just("00AB".to_owned())
    ];
    (texts, 0..3usize, any::<bool>(), proptest::sample::select(vec!["", "91", "92"])).prop_filter_map(
        "too short",
        |(text, area, filtered, kind)| {
            let query = Query::new(&text, 3)?;
            let area = if filtered { AREAS[area] } else { "" };
            let status = if filtered && area.is_empty() { "存续" } else { "" };
            Some(Query { area: area.to_owned(), status: status.to_owned(), kind: kind.to_owned(), ..query })
        },
    )
}

/// Looking at every organisation, as SQL does.
fn looked_at_one_by_one(register: &BTreeMap<String, Entry>, query: &Query) -> Vec<Hit> {
    let mut hits: Vec<Hit> = register
        .values()
        .filter(|entry| {
            (query.area.is_empty() || entry.area == query.area)
                && (query.status.is_empty() || entry.status == query.status)
                && entry.uscc.starts_with(&query.kind)
        })
        .filter(|entry| {
            entry.uscc.contains(&query.code)
                || entry.names.iter().any(|name| name.contains(&query.name))
                || entry.aliases.contains(&query.code)
        })
        .map(|entry| (i64::from(entry.uscc != query.code && entry.names[0] != query.name), entry.uscc.clone()))
        .collect();
    hits.sort();
    hits
}

fn page_by_page(index: &Index, query: &Query) -> Vec<Hit> {
    let (mut hits, mut query) = (Vec::new(), query.clone());
    loop {
        let page = index.search(&query).unwrap();
        assert!(page.len() <= query.limit);
        query.after = page.last().cloned();
        let last = page.len() < query.limit;
        hits.extend(page);
        if last {
            return hits;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn pages_together_are_what_looking_at_every_organisation_finds(
        before in register(40),
        later in proptest::collection::vec((entry(), 0..4u8), 0..12),
        questions in proptest::collection::vec(question(), 1..12),
    ) {
        let entries: Vec<Entry> = before.values().cloned().collect();
        let mut index = index(7, &entries);
        let mut register = before;
        for query in &questions {
            prop_assert_eq!(page_by_page(&index, query), looked_at_one_by_one(&register, query), "{:?}", query);
        }
        for (entry, fate) in later {
            let uscc = entry.uscc.clone();
            let now = (fate > 0).then_some(entry);
            index.apply(&uscc, now.clone()).unwrap();
            match now {
                Some(entry) => register.insert(uscc, entry),
                None => register.remove(&uscc),
            };
        }
        for query in &questions {
            prop_assert_eq!(page_by_page(&index, query), looked_at_one_by_one(&register, query), "{:?}", query);
        }
    }
}

#[test]
fn what_stands_as_before_is_no_change() {
    let entry = Entry {
        uscc: "91379900MA00000001".to_owned(),
        names: vec!["云海公司".to_owned(), "旧名二".to_owned(), "旧名一".to_owned()],
        aliases: vec!["370100".to_owned()],
        ..Entry::default()
    };
    let mut index = index(7, std::slice::from_ref(&entry));
    let mut turned = entry.clone();
    turned.names.swap(1, 2);
    index.apply(&entry.uscc, Some(turned)).unwrap();
    assert_eq!(index.changed(), 0);
    index.apply(&entry.uscc, Some(Entry { area: "云海市".to_owned(), ..entry.clone() })).unwrap();
    assert_eq!(index.changed(), 1);
    let uscc = entry.uscc.clone();
    index.apply(&uscc, Some(entry)).unwrap();
    assert_eq!(index.changed(), 0);
}
