//! The errors that really happen, each at least once: in the cells of rows, between rows, and in the bytes of a file.
//!
//! Also what is lawful but waits for a person (a telephone or identity number in a public field) or is noted (lower
//! case, another name).

use super::file::{DepartmentFile, EXPORT, Row, Sheet};
use super::record::penalty::penalty;
use super::scribe::Scribe;
use super::unit::numbered;
use super::{Chance, Organisation, Plan};
use credence_domain::rulebook::Rulebook;
use jiff::ToSpan;
use jiff::civil::Date;

/// Reject codes that the files of a province bring about, but for the smallest provinces.
pub const REJECTS: [&str; 26] = [
    "authority_unknown",
    "authority_uscc_invalid",
    "amount_missing",
    "bad_encoding",
    "code_unknown",
    "column_count",
    "control_character",
    "date_in_future",
    "date_invalid",
    "date_order",
    "duplicate_in_file",
    "header_repeated",
    "natural_person",
    "number_invalid",
    "owned_by_other_source",
    "record_ended",
    "required_missing",
    "simple_procedure",
    "source_mismatch",
    "too_long",
    "unbalanced_quote",
    "uscc_check",
    "uscc_length",
    "uscc_missing",
    "uscc_region",
    "uscc_symbol",
];

/// A field of a penalty and what a clerk wrote into it. Words in braces are filled in from the row.
const SLIPS: [(&str, &str); 23] = [
    ("CF_XDR_SHXYM", "{another last symbol}"),
    ("CF_XDR_SHXYM", "370100200000010"),
    ("CF_XDR_SHXYM", "91379900MA0TE5TO6G"),
    ("CF_XDR_SHXYM", "9137A900MA0TE5T16G"),
    ("CF_XDR_SHXYM", ""),
    ("CF_XDR_SHXYM", "{lower case}"),
    ("CF_XDR_MC", "{another name}"),
    ("CF_XDR_LB", "自然人"),
    ("CF_JDRQ", "2025-13-01"),
    ("CF_JDRQ", "20250230"),
    ("CF_JDRQ", "2099-12-31"),
    ("CF_CFLB", "打手板"),
    ("CF_NR_FK", ""),
    ("CF_NR_FK", "五万元"),
    ("CF_SY", ""),
    ("CF_SY", "经查，当事人\u{7}违法。"),
    ("CF_SY", "经查，当事人（联系电话13900000000）违法。"),
    ("CF_SY", "经查，当事人法定代表人（身份证号{nobody's number}）违法。"),
    ("CF_XDR_MC", "{too long}"),
    ("CF_CFJGDM", "11379900000000086X"),
    ("CF_SJLYDM", "{another department}"),
    ("BZ", "适用简易程序当场处罚"),
    ("procedure", "简易程序"),
];

/// Rows with one slip each in the penalty file of one department, and wrong rows of other kinds.
pub(super) fn write(scribe: &mut Scribe<'_>, plan: &Plan, organisations: &[Organisation], days: &[Date]) {
    let (Some(first), Some(day)) = (days.get(1).copied(), days.get(15).copied()) else { return };
    let mut chance = Chance::new(plan.seed, "mistakes");
    let (city, county) = (numbered(5), numbered(7));
    let registered = organisations.iter().filter(|o| o.registered && o.uscc.starts_with("91")).step_by(3).take(60);
    for (number, o) in registered.enumerate() {
        let document = |mark: &str| format!("{}{mark}〔{}〕{}号", city.short, day.year(), number + 1);
        let Some(mut row) = penalty(&mut chance, o, city, document("错"), day.saturating_sub(2.days())) else {
            return;
        };
        plain(&mut row);
        let Some((field, slip)) = SLIPS.get(number % SLIPS.len()).copied() else { return };
        // Two rows under one number, the second with another content.
        if number == 0 {
            let mut twice = row.clone();
            twice.insert("CF_WSH", document("重"));
            scribe.put(day, city, "penalty", twice.clone());
            twice.insert("CF_NR", "处以罚款（另一内容）".to_owned());
            scribe.put(day, city, "penalty", twice);
            // The old form has no code of the authority, and its name is not the sender's.
            if let Some(mut foreign) = penalty(&mut chance, o, county, "石执外1号".to_owned(), first) {
                foreign.insert("CF_CFJG", "石泉县城市管理局".to_owned());
                scribe.put(first, county, "penalty", foreign);
            }
            backwards(scribe, o, day);
        }
        row.insert(field, filled(slip, o));
        scribe.put(day, city, "penalty", row);
    }
}

/// A permit that ends before it begins.
fn backwards(scribe: &mut Scribe<'_>, o: &Organisation, day: Date) {
    let at = numbered(9);
    let row: Row = [
        ("XK_XDR_MC", o.name.clone()),
        ("XK_XDR_LB", "法人及非法人组织".to_owned()),
        ("XK_XDR_SHXYM", o.uscc.clone()),
        ("XK_FRDB", o.representative.clone()),
        ("XK_XKWS", "准予行政许可决定书".to_owned()),
        ("XK_WSH", format!("{}许倒〔{}〕1号", at.short, day.year())),
        ("XK_XKLB", "普通".to_owned()),
        ("XK_XKZS", "道路运输经营许可证".to_owned()),
        ("XK_NR", "普通货运".to_owned()),
        ("XK_JDRQ", day.to_string()),
        ("XK_YXQZ", day.to_string()),
        ("XK_YXQZI", day.saturating_sub(1.year()).to_string()),
        ("XK_XKJG", at.name.to_owned()),
        ("XK_XKJGDM", at.uscc()),
        ("XK_ZT", "1".to_owned()),
        ("XK_LYDW", at.name.to_owned()),
        ("XK_LYDWDM", at.uscc()),
    ]
    .into_iter()
    .collect();
    scribe.put(day, at, "permit", row);
}

/// An ordinary fine, so that nothing but the slip is wrong.
fn plain(row: &mut Row) {
    for (field, value) in [
        ("CF_CFLB", "罚款"),
        ("CF_NR", "处以罚款"),
        ("CF_NR_FK", "5.5"),
        ("CF_NR_WFFF", ""),
        ("CF_NR_ZKDX", ""),
        ("procedure", "普通程序"),
        ("term_ends_on", ""),
    ] {
        row.insert(field, value.to_owned());
    }
}

fn filled(slip: &str, o: &Organisation) -> String {
    match slip {
        "{another last symbol}" => {
            let (body, last) = o.uscc.split_at(o.uscc.len().saturating_sub(1));
            format!("{body}{}", if last == "0" { '1' } else { '0' })
        }
        "{lower case}" => o.uscc.to_lowercase(),
        "{another name}" => format!("{}（筹）", o.name),
        "{too long}" => "长".repeat(201),
        "{another department}" => numbered(6).uscc(),
        _ => slip.replace("{nobody's number}", &nobodys_number()),
    }
}

/// An identity number of the unused region 379900 and the first day of 1900: nobody's, and held all the same.
fn nobodys_number() -> String {
    const BODY: &str = "37990019000101001";
    const WEIGHTS: [usize; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = BODY.chars().filter_map(|c| c.to_digit(10));
    let sum: usize = digits.zip(WEIGHTS).map(|(digit, weight)| digit as usize * weight).sum();
    format!("{BODY}{}", "10X98765432".chars().nth(sum % 11).unwrap_or('X'))
}

/// A file whose bytes are broken: good rows between a repeated header, malformed characters, a missing column and an
/// open quotation mark.
pub(super) fn broken_file(
    plan: &Plan,
    rulebook: &Rulebook,
    organisations: &[Organisation],
    days: &[Date],
) -> Vec<DepartmentFile> {
    let (at, mut chance) = (numbered(17), Chance::new(plan.seed, "broken"));
    let Some(day) = days.get(18).copied() else { return Vec::new() };
    let rows = organisations.iter().filter(|o| o.registered && o.trouble > 0).take(8).enumerate();
    let rows = rows.filter_map(|(number, o)| {
        let document = format!("{}损〔{}〕{}号", at.short, day.year(), number + 1);
        let mut row = penalty(&mut chance, o, at, document, day.saturating_sub(3.days()))?;
        plain(&mut row);
        Some(row)
    });
    let sheet = Sheet { rows: rows.collect() };
    let bytes = sheet.write(rulebook, "penalty", EXPORT);
    let mut lines: Vec<Vec<u8>> = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let header = lines.first().cloned().unwrap_or_default();
    if let Some(line) = lines.get_mut(2) {
        // A province with few rows ends before this line.
        let at = line.len().min(4);
        line.splice(at..at, [0xff, 0xff]);
    }
    if let Some(line) = lines.get_mut(4) {
        let cut = line.iter().position(|byte| *byte == b',').map_or(0, |at| at + 1);
        line.drain(..cut);
    }
    if let Some(line) = lines.get_mut(6) {
        line.insert(0, b'"');
    }
    lines.insert(3.min(lines.len()), header);
    vec![DepartmentFile {
        name: format!("{}-penalty-损坏-{day}.csv", at.name),
        source_uscc: at.uscc(),
        item: "penalty".to_owned(),
        received_on: day,
        order: 100,
        rows: lines.len().saturating_sub(2),
        bytes: lines.join(&b'\n'),
    }]
}
