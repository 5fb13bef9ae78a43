//! Workbooks as spreadsheets really write them, and workbooks that nobody should open.

use crate::desk::*;
use credence_testkit::stores::TestStore;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

#[test]
fn titles_above_the_header_and_other_sheets_are_passed_over_and_named() {
    let store = TestStore::sqlite();
    let mut desk = Desk::new(&store);
    let mut book = Workbook::new();
    book.add_worksheet().set_name("说明").unwrap().write_string(0, 0, "填报说明").unwrap();
    let sheet = book.add_worksheet().set_name("处罚").unwrap();
    sheet.write_string(0, 0, "行政处罚信息报送表").unwrap();
    for (column, (code, value)) in (0..).zip(penalty(FIRM, "一号")) {
        sheet.write_string(2, column, code).unwrap();
        sheet.write_string(4, column, value).unwrap();
    }
    book.add_worksheet().set_name("代码").unwrap().write_string(0, 0, "罚款").unwrap();
    let report = desk.send_file(OFFICE, "a.xlsx", &book.save_to_buffer().unwrap()).unwrap();
    assert_eq!((report.counts.accepted, report.sheet.as_deref()), (1, Some("处罚")));
    assert_eq!(report.other_sheets, ["说明", "代码"]);
}

#[test]
fn cells_that_are_no_text_are_understood_or_refused_with_a_reason() {
    let store = TestStore::sqlite();
    let mut desk = Desk::new(&store);
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("yyyy/m/d");
    let sheet = book.add_worksheet();
    let codes: Vec<&str> = penalty(FIRM, "").into_keys().collect();
    let column = |code: &str| u16::try_from(codes.iter().position(|known| *known == code).unwrap()).unwrap();
    for line in 0..=8 {
        for (column, (code, value)) in (0..).zip(penalty(FIRM, &format!("{line}号"))) {
            sheet.write_string(line, column, if line == 0 { code } else { &value }).unwrap();
        }
    }
    let day = ExcelDateTime::from_ymd(2026, 4, 30).unwrap();
    sheet.write_datetime_with_format(1, column("CF_JDRQ"), &day, &date).unwrap();
    sheet.write_number(2, column("CF_JDRQ"), 46142).unwrap();
    sheet.write_number(3, column("CF_NR_FK"), 1.0e5).unwrap();
    sheet.write_formula(4, column("CF_NR_FK"), Formula::new("2+3.5").set_result("5.5")).unwrap();
    sheet.write_formula(5, column("CF_SY"), Formula::new("NA()").set_result("#N/A")).unwrap();
    sheet.write_number(6, column("CF_XDR_SHXYM"), 123_799_000_000_000_510.0).unwrap();
    sheet.write_datetime_with_format(7, column("CF_WSH"), &day, &date).unwrap();
    sheet.write_boolean(8, column("CF_NR_FK"), true).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let report = desk.send_file(OFFICE, "a.xlsx", &bytes).unwrap();
    let rejected = desk.rejected(&report);
    let named: Vec<(u32, &str)> = rejected.iter().map(|(line, code)| (*line, code.as_str())).collect();
    let expected =
        [(3, "date_invalid"), (6, "cell_error"), (7, "number_imprecise"), (8, "cell_is_date"), (9, "number_invalid")];
    assert_eq!(named, expected);
    let view = credence_app::View::public(today());
    let records = desk.service(today()).organisation(&view, FIRM).unwrap().records;
    let fines: Vec<String> = records.iter().map(|record| record.content.get("CF_NR_FK").unwrap()).collect();
    assert_eq!(fines.len(), 3);
    assert!(fines.iter().any(|fine| fine == "100000"), "{fines:?}");
    // Sent back untouched the rows are what they were.
    let again = desk.send_file(OFFICE, "rejects.xlsx", &desk.rejects_file()).unwrap();
    let codes: Vec<String> = desk.rejected(&again).into_iter().map(|(_, code)| code).collect();
    assert_eq!((again.counts.accepted, codes), (0, expected.map(|(_, code)| code.to_owned()).to_vec()));
}

/// A workbook with one member's text changed.
fn rewritten(bytes: &[u8], name: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut member = archive.by_index(at).unwrap();
        let own = member.name().unwrap().into_owned();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut member, &mut content).unwrap();
        if own == name {
            let text = String::from_utf8(content).unwrap();
            let changed = change(text.clone());
            assert!(text != changed, "nothing to change in {name}");
            content = changed.into_bytes();
        }
        out.start_file(own, SimpleFileOptions::default()).unwrap();
        out.write_all(&content).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// A workbook with another member.
fn with_member(bytes: &[u8], name: &str, content: &mut dyn Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut out = ZipWriter::new_append(Cursor::new(bytes.to_vec())).unwrap();
    out.start_file(name, SimpleFileOptions::default().compression_level(Some(1))).unwrap();
    for part in content {
        out.write_all(&part).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_that_is_not_safe_to_open_is_refused_by_its_own_code() {
    let store = TestStore::sqlite();
    let mut desk = Desk::new(&store);
    let good = desk.workbook(&[penalty(FIRM, "一号")]);
    let strings = "xl/sharedStrings.xml";
    let zeros = |megabytes: usize| vec![vec![b' '; 1 << 20]; megabytes].into_iter();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("xlsx_too_large", with_member(&good, "xl/media/bomb.bin", &mut zeros(513))),
        ("xlsx_too_large", rewritten(&good, strings, |text| text + &" ".repeat(129 << 20))),
        ("xlsx_external_link", with_member(&good, "xl/externalLinks/externalLink1.xml", &mut std::iter::empty())),
        (
            "xlsx_entities",
            rewritten(&good, strings, |text| {
                text.replace("<sst ", "<!DOCTYPE sst [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><sst ")
            }),
        ),
        ("xlsx_invalid", rewritten(&good, strings, |text| text.replace("uniqueCount=\"", "uniqueCount=\"99999999999"))),
        (
            "xlsx_invalid",
            rewritten(&good, "xl/worksheets/sheet1.xml", |text| text.replace("r=\"A2\"", "r=\"ZZZZZZZZ2\"")),
        ),
        ("xlsx_invalid", good[..good.len() / 2].to_vec()),
        ("xlsx_invalid", b"PK\x03\x04 and nothing else".to_vec()),
        ("empty_file", Workbook::new().save_to_buffer().unwrap()),
        ("xls_not_supported", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook".to_vec()),
    ];
    for (code, bytes) in cases {
        let refused = desk.send_file(OFFICE, "a.xlsx", &bytes).unwrap_err();
        assert_eq!(refused.code(), code, "{refused}");
    }
    assert_eq!(desk.send_file(OFFICE, "a.xlsx", &good).unwrap().counts.accepted, 1);
}

#[test]
fn a_size_that_the_archive_lies_about_is_found_by_unpacking() {
    let store = TestStore::sqlite();
    let mut desk = Desk::new(&store);
    let good = desk.workbook(&[penalty(FIRM, "一号")]);
    let mut bomb = with_member(&good, "xl/media/bomb.bin", &mut vec![vec![b' '; 1 << 20]; 600].into_iter());
    // Both records of the member say that it holds ten bytes.
    let size = u32::to_le_bytes(600 << 20);
    let places: Vec<usize> = (0..bomb.len() - 4).filter(|at| bomb[*at..*at + 4] == size).collect();
    assert!(!places.is_empty());
    for at in places {
        bomb[at..at + 4].copy_from_slice(&10u32.to_le_bytes());
    }
    let refused = desk.send_file(OFFICE, "a.xlsx", &bomb).unwrap_err();
    assert!(["xlsx_too_large", "xlsx_invalid"].contains(&refused.code()), "{refused}");
}

#[test]
fn a_million_members_are_refused_before_anyone_makes_room_for_them() {
    let store = TestStore::sqlite();
    let mut desk = Desk::new(&store);
    let mut bytes = Vec::with_capacity(80 << 20);
    let members = 1_000_000u32;
    let name = |at: u32| format!("xl/{at:07}");
    for at in 0..members {
        // Local header: stored, empty.
        bytes.extend(b"PK\x03\x04\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0a\0\0\0");
        bytes.extend(name(at).as_bytes());
    }
    let start = u32::try_from(bytes.len()).unwrap();
    for at in 0..members {
        bytes.extend(b"PK\x01\x02\x0a\0\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0");
        bytes.extend((at * 40).to_le_bytes());
        bytes.extend(name(at).as_bytes());
    }
    let size = u32::try_from(bytes.len()).unwrap() - start;
    bytes.extend(b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff");
    bytes.extend(size.to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0, 0]);
    let refused = desk.send_file(OFFICE, "a.xlsx", &bytes).unwrap_err();
    assert_eq!(refused.code(), "xlsx_too_many_members");
}

#[test]
fn a_cell_of_fifty_megabytes_costs_its_own_row_in_every_format() {
    let store = TestStore::sqlite();
    let mut desk = Desk::new(&store);
    let giant = "x".repeat(50 << 20);
    let good = desk.workbook(&[penalty(FIRM, "一号"), penalty(FIRM, "二号")]);
    let book = rewritten(&good, "xl/sharedStrings.xml", |text| text.replacen("超标排放污染物", &giant, 1));
    let report = desk.send_file(OFFICE, "a.xlsx", &book).unwrap();
    // Both rows share the string.
    assert_eq!(desk.rejected(&report), [(2, "row_too_long".to_owned()), (3, "row_too_long".to_owned())]);
    let mut rows = vec![penalty(FIRM, "一号"), penalty(FIRM, "二号")];
    rows[0].insert("CF_SY", giant.clone());
    let (lines, text) = (desk.lines(&rows, true), desk.sheet(rows, EXPORT));
    for (name, bytes) in [("a.jsonl", lines), ("a.csv", text)] {
        let report = desk.send_file(OFFICE, name, &bytes).unwrap();
        let rejected = desk.rejected(&report);
        assert_eq!((rejected.len(), rejected[0].1.as_str()), (1, "row_too_long"), "{name}");
        assert_eq!(report.counts.accepted + report.counts.unchanged, 1, "{name}");
    }
}
