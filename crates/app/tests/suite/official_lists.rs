//! An official list becomes drafts that nobody can enact by accident, and what could not be read is listed.

use credence_app::import_list::{Drafts, import_list, import_measures};
use credence_app::rulebook::{shipped, shipped_files};
use credence_domain::rulebook::Rulebook;
use jiff::civil::date;
use std::path::{Path, PathBuf};

fn specimen() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/lists/公共信用信息数据清单-示例.csv")
}

fn drafts(path: &Path, out: &Path) -> Drafts {
    import_list(path, out, &shipped().unwrap(), date(2026, 5, 6)).unwrap()
}

#[test]
fn a_list_is_drafted_item_by_item_and_what_could_not_be_read_is_listed() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("drafts");
    let found = drafts(&specimen(), &out);
    let items: Vec<(&str, usize, bool)> =
        found.items.iter().map(|item| (item.code.as_str(), item.fields, item.known)).collect();
    assert_eq!(items, [("permit", 3, true), ("draft_b", 4, false), ("draft_c", 1, false)]);
    assert_eq!((found.header_line, &found.unknown_columns), (2, &vec!["办理层级".to_owned()]));
    let refused: Vec<(u32, &str)> = found.refused.iter().map(|r| (r.line, r.column.as_str())).collect();
    assert_eq!(refused, [(9, "字段类型"), (10, "信息类别"), (10, "披露方式"), (10, "是否必填")]);
    let permit = std::fs::read_to_string(out.join("permit.toml")).unwrap();
    assert!(permit.starts_with("# 草稿："), "{permit}");
    for line in ["unverified = true", "type = \"uscc\"", "article = \"十\"", "directory_class = \"K3\""] {
        assert!(permit.contains(line), "{line} in {permit}");
    }
    let draft = std::fs::read_to_string(out.join("draft_b.toml")).unwrap();
    assert!(draft.contains("办理层级：市县") && draft.contains("title = \"网络安全法\""), "{draft}");
    assert!(!draft.contains("public = true"), "{draft}");
}

#[test]
fn a_draft_has_the_form_of_an_item_and_the_linter_refuses_it_until_it_is_completed() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("drafts");
    for item in drafts(&specimen(), &out).items {
        let path = format!("data/{}.toml", item.code);
        let mut files = shipped_files();
        files.retain(|(known, _)| *known != path);
        files.push((path.clone(), std::fs::read_to_string(&item.path).unwrap()));
        let findings = Rulebook::from_toml(files).unwrap_err();
        assert!(
            findings
                .iter()
                .all(|finding| finding.file == path && !["toml_invalid", "form_invalid"].contains(&finding.code)),
            "{findings:?}"
        );
        for code in ["basis_too_low", "role_missing"] {
            assert!(findings.iter().any(|finding| finding.code == code), "{code}: {findings:?}");
        }
    }
}

#[test]
fn a_workbook_gives_the_same_drafts_as_the_text() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let text = std::fs::read_to_string(specimen()).unwrap();
    for (row, line) in (0..).zip(text.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    let path = folder.path().join("list.xlsx");
    book.save(&path).unwrap();
    let (first, second) = (folder.path().join("a"), folder.path().join("b"));
    let (text, book) = (drafts(&specimen(), &first), drafts(&path, &second));
    assert_eq!((text.items.len(), &text.refused), (book.items.len(), &book.refused));
    let body = |folder: &Path| std::fs::read_to_string(folder.join("permit.toml")).unwrap();
    let fields = |text: String| text.split_once("[[version]]").unwrap().1.to_owned();
    assert_eq!(fields(body(&first)), fields(body(&second)));
}

#[test]
fn a_file_that_is_no_list_and_a_folder_in_use_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    std::fs::write(&path, "甲,乙\n1,2\n").unwrap();
    let rulebook = shipped().unwrap();
    let refused = |path: &Path, out: &Path| import_list(path, out, &rulebook, date(2026, 5, 6)).unwrap_err().code();
    assert_eq!(refused(&path, &folder.path().join("drafts")), "list_not_recognised");
    assert_eq!(refused(&specimen(), folder.path()), "foreign_folder");
}

#[test]
fn a_list_of_measures_is_drafted_row_by_row_without_persons_and_without_what_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("drafts");
    let list = specimen().with_file_name("失信惩戒措施清单-示例.csv");
    let found = import_measures(&list, &out, &shipped().unwrap(), date(2026, 9, 1)).unwrap();
    let codes: Vec<(&str, u32)> = found.measures.iter().map(|one| (one.code.as_str(), one.line)).collect();
    assert_eq!((codes.len(), found.persons, found.known, found.header_line), (2, 1, 1, 2), "{found:?}");
    assert_eq!(found.unknown_columns, ["序号"]);
    let refused: Vec<(u32, &str)> = found.refused.iter().map(|r| (r.line, r.column.as_str())).collect();
    assert_eq!(refused, [(6, "措施类别"), (7, "实施主体")]);
    let written = std::fs::read_to_string(&found.measures[0].path).unwrap();
    for line in [
        "# 草稿：",
        "unverified = true",
        "level = \"administrative_regulation\"",
        "article = \"七十三\"",
        "bodies = [\"财政部门\"]",
        "maximum_term = \"P1Y..P3Y\"",
    ] {
        assert!(written.contains(line), "{line} in {written}");
    }
    // The first may be enacted when a person has confirmed it; what rests on a paper of a province is refused.
    let judged = |at: usize| {
        let path = format!("measure/{}.toml", found.measures[at].code);
        let own = (path.clone(), std::fs::read_to_string(&found.measures[at].path).unwrap());
        Rulebook::from_toml(shipped_files().into_iter().chain([own]))
    };
    assert!(judged(0).is_ok());
    let findings = judged(1).unwrap_err();
    for code in ["basis_too_low", "term_missing", "body_missing"] {
        assert!(findings.iter().any(|finding| finding.code == code), "{code}: {findings:?}");
    }
    let again = import_measures(&list, &out, &shipped().unwrap(), date(2026, 9, 1)).unwrap_err();
    assert_eq!(again.code(), "foreign_folder");
    let none = import_measures(&specimen(), &folder.path().join("other"), &shipped().unwrap(), date(2026, 9, 1));
    assert_eq!(none.unwrap_err().code(), "list_not_recognised");
}
