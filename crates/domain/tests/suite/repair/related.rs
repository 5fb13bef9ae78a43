//! Which penalties end with the entry of a market regulator's list that rests on them (市场监督管理信用修复管理办法 art. 十三).

use super::*;
use credence_domain::publicity::ends_with_entry;

#[test]
fn a_penalty_ends_with_the_entry_unless_the_order_rules_its_period_otherwise() {
    let published = date(2026, 1, 12);
    let of = |kinds: &'static [&'static str], term: Option<Date>, on: Date| {
        let mut facts = Facts::new("penalty", Regulator::Market, published, published);
        (facts.penalty_kinds, facts.term_ends_on, facts.as_of) = (kinds, term, Some(on));
        ends_with_entry(&judged(&facts), on)
    };
    let (eve, day) = (date(2027, 1, 12), date(2027, 1, 13));
    assert!(of(&["责令停产停业"], None, day), "its own minimum is over");
    assert!(!of(&["责令停产停业"], None, eve), "a minimum that runs is ruled otherwise");
    assert!(!of(&["责令停产停业"], Some(date(2028, 6, 30)), day), "a term that runs is");
    assert!(of(&["责令停产停业"], Some(date(2028, 6, 30)), date(2028, 7, 1)));
    assert!(!of(&["吊销许可证件"], None, date(2028, 12, 1)), "what is public for three years is");
    assert!(!of(&["责令停产停业"], None, date(2029, 1, 13)), "what has ended ends by nothing else");
    let pack = |id: &str| BOOK.publicity.pack(id).unwrap().related.is_some();
    assert!(pack("samr-107-2025") && !pack("samr-44-2021") && !pack("ndrc-36-2025"), "one order alone says so");
}
