//! Letters are filled from the case and say what the law asks.

use super::{DECIDER, PROPOSER, desk, listed, notified, penalty, proposal, proposed};
use credence_domain::listing::{Call, Case, Cause, Event, LetterFacts, Propose, TalkKind, number, write};
use credence_domain::rulebook::letter::LetterKind;
use jiff::civil::{date, time};

const FACTS: LetterFacts<'_> =
    LetterFacts { unit: "示范市市场监督管理局", organisation: "示范食品有限公司", serial: 7 };

fn of(case: &Case, kind: LetterKind) -> String {
    let desk = desk(DECIDER, date(2026, 4, 13));
    let letter = write(&desk, kind, case, &FACTS).unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(letter.number, number(&desk, kind, &FACTS).unwrap());
    assert!(letter.number.contains("〔2026〕7号"), "{}", letter.number);
    assert!(!letter.text.contains(['{', '}']), "{}", letter.text);
    letter.text
}

#[test]
fn a_notice_tells_grounds_basis_consequences_and_rights() {
    let text = of(&proposed(), LetterKind::PriorNotice);
    for part in [
        "示范食品有限公司（统一社会信用代码：91379900MA0TE5T16G）",
        "销售不符合食品安全标准的食品",
        "《市场监督管理严重违法失信名单管理办法》第五条",
        "示市监罚〔2026〕1号（2026年3月2日）",
        "《企业信息公示暂行条例》第十八条",
        "不适用告知承诺制",
        "5个工作日",
        "听证",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn a_decision_tells_its_three_findings_measures_ways_out_and_remedies() {
    let text = of(&listed(), LetterKind::Decision);
    for part in [
        "2026年4月2日以直接送达方式",
        "未提出陈述、申辩",
        "主观恶意明显",
        "货值较大",
        "社会影响较大",
        "列为重点监管对象",
        "提前移出（2027年4月14日起）",
        "至2029年4月13日止",
        "60日内申请行政复议",
        "6个月内提起行政诉讼",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn the_other_letters_are_filled_too_and_none_is_written_for_a_case_that_is_elsewhere() {
    let desk = desk(DECIDER, date(2026, 4, 13));
    let dismissed = desk.dismiss(&notified(), "不1号", "证据证明没有主观故意").unwrap().1;
    assert!(of(&dismissed, LetterKind::NoListing).contains("没有主观故意"));
    let cause = Cause::Objection { document: "异议1号".to_owned() };
    let removed = desk.take(&listed(), Event::Removed { cause, letter: "移1号".to_owned() }).unwrap().1;
    assert!(of(&removed, LetterKind::Removal).contains("异议成立（异议1号）"));
    let talk = Event::TalkNotified {
        kind: TalkKind::Reminder,
        letter: "谈1号".to_owned(),
        talk_on: date(2026, 4, 20),
        place: "示范大厅".to_owned(),
        matter: "尚未缴纳罚款".to_owned(),
    };
    let case = super::desk(PROPOSER, date(2026, 4, 13)).take(&proposed(), talk).unwrap().1;
    let text = of(&case, LetterKind::TalkNotice);
    assert!(text.contains("2026年4月20日在示范大厅对你单位进行提示约谈"), "{text}");
    let asked = Event::HearingAsked { on: date(2026, 4, 8) };
    let case = super::desk(PROPOSER, date(2026, 4, 8)).take(&notified(), asked).unwrap().1;
    assert_eq!(write(&desk, LetterKind::HearingNotice, &case, &FACTS).unwrap_err().code(), "listing_state_wrong");
    let call = Call {
        letter: "听1号",
        hearing_on: date(2026, 4, 22),
        time: time(9, 5, 0, 0),
        place: "示范大厅",
        presided_by: "主持人",
    };
    let case = super::desk(PROPOSER, date(2026, 4, 9)).notify_hearing(&case, &call).unwrap().1;
    let text = of(&case, LetterKind::HearingNotice);
    for part in
        ["2026年4月8日要求听证", "2026年4月22日9时05分在示范大厅", "由主持人主持", "申请回避", "委托一至二人代理"]
    {
        assert!(text.contains(part), "{part}\n{text}");
    }
    for (case, kind) in
        [(proposed(), LetterKind::Decision), (listed(), LetterKind::Removal), (listed(), LetterKind::PriorNotice)]
    {
        assert_eq!(write(&desk, kind, &case, &FACTS).unwrap_err().code(), "listing_state_wrong");
    }
    let nameless = LetterFacts { organisation: " ", ..FACTS };
    assert_eq!(write(&desk, LetterKind::Decision, &listed(), &nameless).unwrap_err().code(), "letter_place_empty");
}

#[test]
fn a_word_before_a_place_is_said_once_and_an_end_by_term_is_the_day_after_the_last() {
    let bases = [penalty()];
    let asked = Propose { facts: "因销售不符合食品安全标准的食品", ..proposal(&bases) };
    let case = desk(PROPOSER, date(2026, 4, 1)).propose(&asked).unwrap().1;
    let text = of(&case, LetterKind::PriorNotice);
    assert!(text.contains("因销售不符合食品安全标准的食品") && !text.contains("因因"), "{text}");
    let ended = Event::Removed { cause: Cause::Term, letter: "移1号".to_owned() };
    let case = desk("system", date(2029, 6, 30)).take(&listed(), ended).unwrap().1;
    let text = of(&case, LetterKind::Removal);
    assert!(text.contains("自2029年4月14日起移出该名单"), "{text}");
}
