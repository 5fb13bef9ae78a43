//! The shipped definitions: fifteen lists, one of them mirrored, one an incentive, none from a draft or of persons only.

use super::{BOOK, FIRM, PROPOSER, UNIT, desk, penalty, proposal};
use credence_domain::listing::{Decide, Organ, Propose};
use credence_domain::rulebook::listing::Nature;
use jiff::civil::date;

#[test]
fn every_list_names_its_law_its_method_its_way_out_and_a_pack_that_exists() {
    assert_eq!(BOOK.lists.len(), 15);
    for list in BOOK.lists.values() {
        for edition in &list.versions {
            let method = edition.method.as_ref().unwrap();
            assert!(method.unverified || method.comment_from.is_some(), "{}", list.code);
            assert!(BOOK.publicity.pack(edition.pack.as_deref().unwrap()).is_some(), "{}", list.code);
            assert!(!edition.exits.is_empty() && !edition.procedure.is_empty(), "{}", list.code);
            assert!(
                edition.basis.iter().all(|basis| basis.level >= credence_domain::provision::Level::LocalRegulation)
            );
        }
    }
    let incentives: Vec<_> = BOOK.lists.values().filter(|list| list.nature == Nature::Incentive).collect();
    assert_eq!(incentives.iter().map(|list| list.code.as_str()).collect::<Vec<_>>(), ["honesty_model"]);
}

#[test]
fn lists_of_persons_drafts_databases_and_lists_on_normative_documents_are_not_shipped() {
    for name in ["国防", "网络", "互联网", "科研", "超限", "招标"] {
        assert!(BOOK.lists.values().all(|list| !list.name.contains(name)), "{name}");
    }
}

#[test]
fn every_list_that_is_decided_here_gives_a_last_public_day_that_its_pack_knows() {
    let today = date(2026, 11, 2);
    for list in BOOK.lists.values() {
        let edition = list.version_on(today).unwrap();
        let document = &edition.base_documents[0];
        let mut base = penalty();
        base.base.item = document.item.clone();
        let bases = [base];
        let sector = edition.sectors.first().map_or("", String::as_str);
        let unit = Organ { uscc: UNIT, sector, level: "province" };
        let asked = Propose { list: &list.code, criterion: 1, facts: "事实", uscc: FIRM, unit, ..proposal(&bases) };
        let proposed = desk(PROPOSER, today).propose(&asked);
        if !edition.mirrored.is_empty() {
            assert_eq!(proposed.unwrap_err().code(), "list_mirrored");
            continue;
        }
        let case = proposed.unwrap().1;
        let mut delivery = super::by_hand(today);
        if list.nature == Nature::Incentive {
            delivery.mode = "prior_publication".to_owned();
        }
        let case = desk(PROPOSER, today).serve_notice(&case, "告1号", &delivery).unwrap().1;
        let later = date(2026, 11, 27);
        let decision = Decide { unit, ..super::decision(&[], &bases) };
        let listed = desk(super::DECIDER, later).list(&case, &decision).unwrap().1;
        let through = listed.listed().unwrap().decided.through_on;
        assert!(through > later && through <= date(2031, 11, 27), "{}: {through}", list.code);
    }
}
