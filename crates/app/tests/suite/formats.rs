//! XLSX and JSON lines are read like CSV: the same rows are the same records, and rejects come back as what came.

use crate::desk::*;
use calamine::{Data, Reader, Xlsx};
use credence_testkit::both_stores;
use credence_testkit::province::Row;
use credence_testkit::stores::TestStore;
use std::io::Cursor;

fn rows() -> Vec<Row> {
    (1..=12).map(|i| penalty(if i % 2 == 0 { FIRM } else { SECOND }, &format!("云环罚〔2026〕{i}号"))).collect()
}

fn the_same_rows_in_another_format_are_unchanged(store: &TestStore) {
    let mut desk = Desk::new(store);
    assert_eq!(desk.send(rows()).counts.accepted, 12);
    let digest = desk.digest();
    let (book, codes, names) = (desk.workbook(&rows()), desk.lines(&rows(), true), desk.lines(&rows(), false));
    for (name, format, bytes) in [("a.xlsx", "xlsx", book), ("a.jsonl", "jsonl", codes), ("b.bin", "jsonl", names)] {
        let report = desk.send_file(OFFICE, name, &bytes).unwrap();
        assert_eq!((report.format.as_str(), report.counts.read, report.counts.unchanged), (format, 12, 12), "{name}");
    }
    assert_eq!(desk.digest(), digest);
    desk.verify();
}

#[test]
fn a_workbook_on_one_database_and_json_lines_on_the_other_end_in_the_same_state() {
    let (first, second) = (TestStore::sqlite(), TestStore::postgres());
    let mut desk = Desk::new(&first);
    let (book, lines) = (desk.workbook(&rows()), desk.lines(&rows(), true));
    assert_eq!(desk.send_file(OFFICE, "a.xlsx", &book).unwrap().counts.accepted, 12);
    let mut other = Desk::new(&second);
    assert_eq!(other.send_file(OFFICE, "a.jsonl", &lines).unwrap().counts.accepted, 12);
    assert_eq!(desk.digest(), other.digest());
}

fn table(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}

fn a_workbook_comes_back_as_a_workbook_and_is_taken_when_mended(store: &TestStore) {
    let mut desk = Desk::new(store);
    let wrong = [changed("一号", &[]), changed("二号", &[("CF_JDRQ", "45757"), ("CF_SY", "=HYPERLINK(\"x\")")])];
    let book = desk.workbook(&wrong);
    let report = desk.send_file(OFFICE, "a.xlsx", &book).unwrap();
    assert_eq!((report.counts.accepted, report.counts.rejected), (1, 1));
    let mut back = table(&desk.rejects_file());
    let (header, row) = (back[0].clone(), &mut back[1]);
    assert_eq!(header[header.len() - 4..], ["原行号", "字段", "错误代码", "错误原因"]);
    assert_eq!(row[row.len() - 4..row.len() - 1], ["3", "处罚决定日期", "date_invalid"]);
    let day = header.iter().position(|name| name == "处罚决定日期").unwrap();
    row[day] = "2026-04-29".to_owned();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (line, row) in (0..).zip(&back) {
        for (column, cell) in (0..).zip(row) {
            sheet.write_string(line, column, cell).unwrap();
        }
    }
    let mended = desk.send_file(OFFICE, "mended.xlsx", &book.save_to_buffer().unwrap()).unwrap();
    assert_eq!((mended.counts.accepted, mended.counts.rejected), (1, 0));
    let view = credence_app::View::public(today());
    let records = desk.service(today()).organisation(&view, FIRM).unwrap().records;
    assert!(records.iter().any(|record| record.content.get("CF_SY").as_deref() == Some("=HYPERLINK(\"x\")")));
    desk.verify();
}

fn json_lines_come_back_as_json_lines_and_are_taken_when_mended(store: &TestStore) {
    let mut desk = Desk::new(store);
    let mut bytes = desk.lines(&[changed("一号", &[]), changed("二号", &[("CF_JDRQ", "2025-13-01")])], true);
    bytes.extend(b"[1,2]\n");
    bytes.extend(desk.lines(&[changed("三号", &[("CF_NR_FK", "@")])], true));
    let bytes = String::from_utf8(bytes).unwrap().replace("\"@\"", "{\"yuan\":1}");
    let report = desk.send_file(OFFICE, "a.jsonl", bytes.as_bytes()).unwrap();
    let codes: Vec<(u32, String)> = desk.rejected(&report);
    let named: Vec<(u32, &str)> = codes.iter().map(|(line, code)| (*line, code.as_str())).collect();
    assert_eq!(named, [(2, "date_invalid"), (3, "json_invalid"), (4, "nested_value")]);
    assert_eq!(report.counts.accepted, 1);
    let back = String::from_utf8(desk.rejects_file()).unwrap();
    let lines: Vec<serde_json::Value> = back.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["原行号"], &lines[0]["字段"]), (&"2".into(), &"CF_JDRQ".into()));
    assert_eq!((&lines[1]["原行"], &lines[2]["字段"]), (&"[1,2]".into(), &"CF_NR_FK".into()));
    let mended = back.replace("2025-13-01", "2026-04-29").replace("{\"yuan\":1}", "1.5");
    let again = desk.send_file(OFFICE, "mended.jsonl", mended.as_bytes()).unwrap();
    assert_eq!((again.counts.accepted, again.counts.rejected), (2, 1));
    // What is rejected a second time bears our columns once.
    let back = String::from_utf8(desk.rejects_file()).unwrap();
    assert_eq!((back.lines().count(), back.matches("原行号").count()), (1, 1));
    desk.verify();
}

fn a_json_array_and_keys_that_name_one_field_twice_are_refused(store: &TestStore) {
    let mut desk = Desk::new(store);
    let array = desk.send_file(OFFICE, "a.json", b"[\n{\"CF_WSH\":\"1\"}\n]").unwrap_err();
    assert_eq!(array.code(), "json_not_lines");
    let mut mixed = desk.lines(&[penalty(FIRM, "一号")], true);
    mixed.extend(desk.lines(&[penalty(FIRM, "二号")], false));
    let refused = desk.send_file(OFFICE, "a.jsonl", &mixed).unwrap_err();
    assert_eq!(refused.code(), "item_not_recognised");
    let nothing = desk.send_file(OFFICE, "a.jsonl", b"not json\n").unwrap_err();
    assert_eq!(nothing.code(), "item_not_recognised");
}

fn a_mended_rejects_file_loses_the_apostrophes_that_made_its_cells_harmless(store: &TestStore) {
    let mut desk = Desk::new(store);
    let fields = [("CF_JDRQ", "2025-13-01"), ("CF_SY", "=1+1"), ("CF_NR", "'@x"), ("CF_YJ", "-第三条")];
    let report = desk.send(vec![changed("二号", &fields)]);
    assert_eq!(report.counts.rejected, 1);
    let text = encoding_rs::GB18030.decode(&desk.rejects_file()).0.into_owned();
    for harmless in [",'=1+1,", ",''@x,", ",'-第三条,"] {
        assert!(text.contains(harmless), "{harmless} in {text}");
    }
    let mended = encoding_rs::GB18030.encode(&text.replace("2025/13/01", "2026/04/29")).0.into_owned();
    assert_eq!(desk.send_from(OFFICE, &mended).unwrap().counts.accepted, 1);
    let view = credence_app::View::public(today());
    let content = desk.service(today()).organisation(&view, FIRM).unwrap().records[0].content.clone();
    assert_eq!(["CF_SY", "CF_NR", "CF_YJ"].map(|code| content.get(code).unwrap()), ["=1+1", "'@x", "-第三条"]);
}

both_stores!(
    the_same_rows_in_another_format_are_unchanged,
    a_workbook_comes_back_as_a_workbook_and_is_taken_when_mended,
    json_lines_come_back_as_json_lines_and_are_taken_when_mended,
    a_json_array_and_keys_that_name_one_field_twice_are_refused,
    a_mended_rejects_file_loses_the_apostrophes_that_made_its_cells_harmless,
);
