//! One row as departments get it wrong, and what the judge says of it.

use crate::files::shipped;
use credence_domain::record::judgement::{Judgement, Note};
use credence_domain::record::text::fold_name;
use credence_domain::record::{Judge, Sender};
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use jiff::civil::date;
use std::collections::BTreeMap;

const OFFICE: &str = "11379900000000086M";
const FIRM: &str = "91379900MA0TE5T16G";

/// What became of a row: the codes of its rejects, or its hold, notes and values.
#[derive(Debug, Default)]
struct Judged {
    rejects: Vec<(String, &'static str)>,
    hold: &'static str,
    notes: Vec<Note>,
    values: BTreeMap<String, String>,
}

fn judge(rulebook: &Rulebook, item: &str, row: &[(&str, &str)]) -> Judged {
    let item = &rulebook.items[item];
    let version = item.version_on(date(2026, 5, 6)).unwrap();
    let column = |code: &str| version.fields.iter().position(|field| field.code == code);
    let columns: Vec<Option<usize>> = row.iter().map(|(code, _)| column(code)).collect();
    assert!(columns.iter().all(Option::is_some), "a column that is no field");
    let sender = Sender { uscc: Uscc::parse(OFFICE).unwrap(), names: Vec::new(), entrusted_by: Vec::new() };
    let judge = Judge::new(rulebook, item, version, &columns, sender, date(2026, 5, 6));
    let cells: Vec<&str> = row.iter().map(|(_, value)| *value).collect();
    match judge.judge(&cells) {
        Judgement::Rejected(rejects) => {
            Judged { rejects: rejects.into_iter().map(|r| (r.field, r.code)).collect(), ..Judged::default() }
        }
        Judgement::Accepted(fact) => {
            let values = version.fields.iter().zip(&fact.values).map(|(f, v)| (f.code.clone(), v.to_string()));
            Judged { hold: fact.hold, values: values.collect(), notes: fact.notes, rejects: Vec::new() }
        }
    }
}

fn penalty<'v>(changes: &[(&'v str, &'v str)]) -> Vec<(&'v str, &'v str)> {
    let mut row = vec![
        ("CF_XDR_MC", "云海市海岳机械制造有限公司"),
        ("CF_XDR_LB", "法人及非法人组织"),
        ("CF_XDR_SHXYM", FIRM),
        ("CF_FRDB", "王示一"),
        ("CF_WSH", "云环罚〔2026〕1号"),
        ("CF_WFXW", "超标排放污染物"),
        ("CF_SY", "经查，当事人排放口污染物浓度超过排放标准。"),
        ("CF_YJ", "《排污许可管理条例》第三十四条"),
        ("CF_CFLB", "罚款"),
        ("CF_NR", "处以罚款"),
        ("CF_NR_FK", "5.5"),
        ("CF_JDRQ", "2026-04-30"),
        ("CF_YXQ", "2099-12-31"),
        ("CF_CFJG", "云海市生态环境局"),
        ("CF_CFJGDM", OFFICE),
        ("CF_SJLY", "云海市生态环境局"),
        ("CF_SJLYDM", OFFICE),
    ];
    for (code, value) in changes {
        row.iter_mut().find(|(known, _)| known == code).unwrap().1 = value;
    }
    row
}

fn notes(judged: &Judged) -> Vec<(&str, &str)> {
    judged.notes.iter().map(|note| (note.code, note.field.as_str())).collect()
}

#[test]
fn a_code_in_lower_case_or_full_width_is_folded_and_the_original_is_kept() {
    let rulebook = shipped();
    for written in ["91379900ma0te5t16g", "９１３７９９００MA0TE5T16G", "91379900 MA0TE5T16G"] {
        let judged = judge(&rulebook, "penalty", &penalty(&[("CF_XDR_SHXYM", written)]));
        assert_eq!(judged.values["CF_XDR_SHXYM"], FIRM);
        let note = &judged.notes[0];
        assert_eq!((note.code, note.original.as_str()), ("normalised", written));
    }
}

#[test]
fn every_way_of_getting_one_cell_wrong_is_told_by_field_and_code() {
    let rulebook = shipped();
    let long = "长".repeat(129);
    for (field, value, code) in [
        ("CF_XDR_SHXYM", "91379900MA0TE5T16H", "uscc_check"),
        ("CF_XDR_SHXYM", "370100200000010", "uscc_length"),
        ("CF_XDR_SHXYM", "913799000TE5T", "uscc_length"),
        ("CF_JDRQ", "2025-13-01", "date_invalid"),
        ("CF_JDRQ", "20250230", "date_invalid"),
        ("CF_JDRQ", "45757", "date_invalid"),
        ("CF_JDRQ", "45757.5", "date_invalid"),
        ("CF_JDRQ", "2099/12/31", "date_in_future"),
        ("CF_YXQ", "2026-04-29", "date_order"),
        ("CF_NR_FK", "1.0E+5", "number_invalid"),
        ("CF_NR_FK", "五万", "number_invalid"),
        ("CF_NR_FK", "-5", "number_invalid"),
        ("CF_NR_FK", "", "amount_missing"),
        ("CF_CFLB", "打手板", "code_unknown"),
        ("CF_WSH", &long, "too_long"),
        ("CF_SY", "含有\u{0}空字符", "control_character"),
        ("CF_SY", "响铃\u{7}", "control_character"),
        ("CF_SY", "C1\u{85}控制", "control_character"),
        ("CF_SY", "已损坏\u{fffd}", "bad_encoding"),
    ] {
        let judged = judge(&rulebook, "penalty", &penalty(&[(field, value)]));
        assert_eq!(judged.rejects, [(field.to_owned(), code)], "{value}");
    }
}

#[test]
fn a_term_that_ends_before_it_begins_is_refused() {
    let rulebook = shipped();
    let row = [
        ("XK_XDR_MC", "云海市海岳机械制造有限公司"),
        ("XK_XDR_LB", "法人及非法人组织"),
        ("XK_XDR_SHXYM", FIRM),
        ("XK_YXQZ", "2026-04-30"),
        ("XK_YXQZI", "2026-04-29"),
    ];
    let judged = judge(&rulebook, "permit", &row);
    assert!(judged.rejects.contains(&("XK_YXQZI".to_owned(), "date_order")), "{judged:?}");
}

#[test]
fn hidden_marks_and_look_alike_letters_in_a_name_are_flagged_and_folded_for_search() {
    let rulebook = shipped();
    for (name, code) in [
        ("云海\u{200b}机械有限公司", "invisible_character"),
        ("云海\u{feff}机械有限公司", "invisible_character"),
        ("云海\u{202e}机械\u{202c}有限公司", "bidirectional_control"),
        ("云海\u{2066}机械\u{2069}有限公司", "bidirectional_control"),
    ] {
        let judged = judge(&rulebook, "penalty", &penalty(&[("CF_XDR_MC", name)]));
        assert_eq!(notes(&judged), [(code, "CF_XDR_MC")], "{name:?}");
        assert_eq!(fold_name(name), "云海机械有限公司");
    }
    let mixed = judge(&rulebook, "penalty", &penalty(&[("CF_XDR_MC", "云海Аlpha有限公司")]));
    assert_eq!(notes(&mixed), [("mixed_script", "CF_XDR_MC")]);
}

#[test]
fn an_identity_number_split_over_two_fields_waits_for_a_person() {
    let rulebook = shipped();
    // Built for this test in the unused region 379900: nobody's number.
    let stem = "37990019900101001";
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = stem.chars().zip(weights).map(|(digit, weight)| digit.to_digit(10).unwrap() * weight).sum();
    let check = "10X98765432".chars().nth((sum % 11) as usize).unwrap();
    let (left, right) = (format!("当事人证件号{}", &stem[..9]), format!("{}{check}，经查", &stem[9..]));
    let split = judge(&rulebook, "penalty", &penalty(&[("CF_WFXW", &left), ("CF_SY", &right)]));
    assert_eq!(split.hold, "personal_number");
    let whole = judge(&rulebook, "penalty", &penalty(&[("CF_SY", &format!("证件号{stem}{check}"))]));
    assert_eq!(whole.hold, "personal_number");
    assert_eq!(judge(&rulebook, "penalty", &penalty(&[])).hold, "");
}
