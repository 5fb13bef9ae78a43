//! The template of every item maps to its own item, and a filled one is taken.

use crate::desk::*;
use calamine::{Data, Reader, Xlsx};
use credence_app::query::DataListView;
use credence_app::template::{self, TemplateForm};
use credence_testkit::stores::TestStore;
use std::io::Cursor;

#[test]
fn the_template_of_every_item_maps_to_it_in_both_forms() {
    let store = TestStore::sqlite();
    let mut desk = Desk::new(&store);
    let list = DataListView::of(&desk.rulebook, today()).unwrap();
    assert!(list.items.len() >= 22);
    for item in &list.items {
        for (name, form) in [("a.csv", TemplateForm::Csv), ("a.xlsx", TemplateForm::Xlsx)] {
            let body = template::of(&desk.rulebook, today(), &item.code, form).unwrap();
            let report = desk.send_file(OFFICE, name, &body).unwrap();
            assert_eq!((report.item.as_str(), report.counts.read), (item.code.as_str(), 0), "{name}");
            assert!(report.missing.is_empty(), "{}: {:?}", item.code, report.missing);
            assert!(report.columns.iter().all(|column| column.field.is_some()), "{}", item.code);
        }
    }
}

#[test]
fn a_filled_template_is_taken_and_its_second_sheet_explains_every_column() {
    let store = TestStore::sqlite();
    let mut desk = Desk::new(&store);
    let body = template::of(&desk.rulebook, today(), "penalty", TemplateForm::Xlsx).unwrap();
    assert_eq!(body, template::of(&desk.rulebook, today(), "penalty", TemplateForm::Xlsx).unwrap());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(&body)).unwrap();
    assert_eq!(book.sheet_names(), ["行政处罚", "填报说明", "代码表"]);
    let form = book.worksheet_range("行政处罚").unwrap();
    let names: Vec<String> = form.rows().next().unwrap().iter().map(Data::to_string).collect();
    // The thirty fields of the form in their order, then our own; no column of the older form.
    assert_eq!((names[0].as_str(), names[29].as_str(), names[30].as_str()), ("行政相对人名称", "备注", "处罚程序"));
    assert!(!names.contains(&"处罚名称".to_owned()) && names.contains(&"是否告知救济途径".to_owned()));
    let explained: Vec<String> =
        book.worksheet_range("填报说明").unwrap().rows().map(|row| row[0].to_string()).collect();
    assert!(names.iter().all(|name| explained.contains(name)));

    let csv = String::from_utf8(template::of(&desk.rulebook, today(), "penalty", TemplateForm::Csv).unwrap()).unwrap();
    let fields = &desk.rulebook.items["penalty"].versions[0].fields;
    let row = changed("一号", &[("procedure", "普通"), ("class_stated", "一般")]);
    let cells: Vec<&str> = names
        .iter()
        .map(|name| fields.iter().find(|field| field.name == *name).unwrap().code.as_str())
        .map(|code| row.get(code).map_or("", String::as_str))
        .collect();
    let filled = format!("{csv}{}\n", cells.join(","));
    let report = desk.send_file(OFFICE, "a.csv", filled.as_bytes()).unwrap();
    assert_eq!((report.counts.accepted, report.counts.held), (1, 0), "{:?}", desk.rejected(&report));
}

#[test]
fn an_item_that_the_list_does_not_hold_has_no_template() {
    let store = TestStore::sqlite();
    let desk = Desk::new(&store);
    let missing = template::of(&desk.rulebook, today(), "gossip", TemplateForm::Csv).unwrap_err();
    assert_eq!(missing.code(), "not_found");
}
