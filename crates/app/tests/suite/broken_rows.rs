//! A bad row is named with its code, and the good rows of the same file are kept.

use crate::desk::*;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;

const LONG: usize = 200;

fn each_bad_row_is_refused_by_its_code_and_the_good_ones_are_kept(store: &TestStore) {
    let mut desk = Desk::new(store);
    let long = "长".repeat(LONG + 1);
    let cases: Vec<(&str, Vec<(&'static str, &str)>)> = vec![
        ("uscc_check", vec![("CF_XDR_SHXYM", "91379900MA0TE5T16H")]),
        ("uscc_length", vec![("CF_XDR_SHXYM", "370100200000010")]),
        ("uscc_length", vec![("CF_XDR_SHXYM", "MA0TE5T16-123")]),
        ("date_invalid", vec![("CF_JDRQ", "20250230")]),
        ("date_invalid", vec![("CF_JDRQ", "45757")]),
        ("date_in_future", vec![("CF_JDRQ", "2099-12-31")]),
        ("amount_missing", vec![("CF_NR_FK", "")]),
        ("code_unknown", vec![("CF_CFLB", "打手板")]),
        ("too_long", vec![("CF_XDR_MC", &long)]),
        ("control_character", vec![("CF_SY", "含有\u{0}空字符")]),
        ("natural_person", vec![("CF_XDR_LB", "自然人")]),
        ("simple_procedure", vec![("BZ", "适用简易程序，当场处罚")]),
        ("simple_procedure", vec![("procedure", "简易程序")]),
        ("required_missing", vec![("CF_SY", "")]),
        ("source_mismatch", vec![("CF_SJLYDM", SECOND)]),
        ("authority_uscc_invalid", vec![("CF_CFJGDM", "11379900000000086X")]),
    ];
    let mut rows = vec![penalty(FIRM, "好一号")];
    rows.extend(cases.iter().enumerate().map(|(i, (_, fields))| changed(&format!("坏{i}号"), fields)));
    rows.push(penalty(SECOND, "好二号"));
    let report = desk.send(rows);
    let expected: Vec<(u32, String)> = (3..).zip(cases.iter().map(|(code, _)| (*code).to_owned())).collect();
    assert_eq!(desk.rejected(&report), expected);
    assert_eq!(report.counts.accepted, 2);
    desk.verify();
}

fn lower_case_and_full_width_codes_are_folded(store: &TestStore) {
    let mut desk = Desk::new(store);
    let report = desk.send(vec![
        changed("一号", &[("CF_XDR_SHXYM", "91379900ma0te5t16g")]),
        changed("二号", &[("CF_XDR_SHXYM", "９1379900MA0TE5T16G")]),
    ]);
    assert_eq!((report.counts.accepted, desk.public_records(today())), (2, 2));
}

fn what_may_be_a_simple_procedure_or_carries_a_number_waits_for_a_person(store: &TestStore) {
    let mut desk = Desk::new(store);
    let report = desk.send(vec![
        changed("一号", &[("CF_NR_FK", "0.3")]),
        changed("二号", &[("CF_CFLB", "警告"), ("CF_NR_FK", "")]),
        changed("三号", &[("CF_SY", "当事人联系电话13900000000。")]),
        changed("四号", &[("CF_NR_FK", "0.3"), ("procedure", "普通程序")]),
    ]);
    assert_eq!((report.counts.accepted, report.counts.held), (4, 3));
    assert_eq!(desk.public_records(today()), 1);
    desk.verify();
}

fn the_second_row_of_an_identity_is_unchanged_or_refused_with_both_lines(store: &TestStore) {
    let mut desk = Desk::new(store);
    let report = desk.send(vec![
        penalty(FIRM, "一号"),
        penalty(FIRM, "一号"),
        changed("一号", &[("CF_NR", "另一内容")]),
        penalty(SECOND, "一号"),
    ]);
    let counts = report.counts;
    assert_eq!((counts.read, counts.accepted, counts.unchanged, counts.rejected), (4, 2, 1, 1));
    let reject = &desk.service(today()).batch(&report.batch).unwrap().rejects[0];
    assert_eq!(reject.code, "duplicate_in_file");
    assert!(reject.reason.contains("第2行") && reject.reason.contains("第4行"), "{}", reject.reason);
}

fn broken_bytes_quotes_headers_and_giant_cells_cost_only_their_own_row(store: &TestStore) {
    let mut desk = Desk::new(store);
    let good = desk.sheet(vec![penalty(FIRM, "一号"), penalty(FIRM, "二号")], EXPORT);
    let mut lines: Vec<Vec<u8>> = good.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let header = lines[0].clone();
    let mut giant = b"x".repeat(5 << 20);
    giant.extend(b"\r\n");
    lines.splice(2..2, [header, b"\xff\xff,1\r\n".to_vec(), b"\"open,1\r\n".to_vec(), giant, b"1,2,3\r\n".to_vec()]);
    let report = desk.send_from(OFFICE, &lines.concat()).unwrap();
    let codes: Vec<String> = desk.rejected(&report).into_iter().map(|(_, code)| code).collect();
    assert_eq!(codes, ["header_repeated", "bad_encoding", "unbalanced_quote", "row_too_long", "column_count"]);
    assert_eq!(report.counts.accepted, 2);
    // Nobody mended anything: nothing is taken, and every row comes back again.
    let again = desk.send_from(OFFICE, &desk.rejects_file()).unwrap();
    assert_eq!((again.counts.accepted, again.counts.corrected, again.counts.rejected), (0, 0, 5));
}

/// What is there of a row would pass, filled up with nothing: the sender says what belongs into the cells that were not there.
fn a_row_that_was_cut_short_or_broken_is_taken_only_when_it_is_mended(store: &TestStore) {
    let mut desk = Desk::new(store);
    let utf8 = credence_testkit::province::Format { gb18030: false, ..EXPORT };
    let rows = vec![penalty(FIRM, "一号"), penalty(FIRM, "二号"), changed("三号", &[("CF_SY", "#N/A")])];
    let whole = String::from_utf8(desk.sheet(rows, utf8)).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let (short, last) = lines[1].rsplit_once(',').unwrap();
    assert!(last.is_empty(), "the last column may be left empty");
    let quote = format!("\"{}", lines[2]);
    let file = [lines[0], short, lines[3], &quote].map(|line| format!("{line}\r\n")).concat();
    let report = desk.send_from(OFFICE, file.as_bytes()).unwrap();
    let codes = |desk: &Desk<'_>, report| desk.rejected(report).into_iter().map(|(_, code)| code).collect::<Vec<_>>();
    assert_eq!(codes(&desk, &report), ["column_count", "cell_error", "unbalanced_quote"]);
    let back = desk.rejects_file();
    let again = desk.send_from(OFFICE, &back).unwrap();
    assert_eq!(
        (again.counts.accepted, codes(&desk, &again)),
        (0, codes(&desk, &report)[..2].iter().cloned().chain(["column_count".to_owned()]).collect())
    );
    let text = String::from_utf8(back).unwrap();
    let first = text.lines().next().unwrap();
    let mended = text.lines().nth(1).unwrap().replace("（此格须补齐）", "");
    let taken = desk.send_from(OFFICE, format!("{first}\r\n{mended}\r\n").as_bytes()).unwrap();
    assert_eq!((taken.counts.accepted, taken.counts.rejected), (1, 0));
    // The whole of the broken row stands in the first cell.
    assert!(text.contains(&format!("\"\"\"{}", &lines[2][..40])), "{text}");
    desk.verify();
}

fn a_line_in_the_other_encoding_is_refused_in_a_file_of_either(store: &TestStore) {
    let mut desk = Desk::new(store);
    let rows = |numbers: [&str; 3]| numbers.map(|number| penalty(FIRM, number)).to_vec();
    let utf8 = credence_testkit::province::Format { gb18030: false, ..EXPORT };
    let chinese = credence_testkit::province::Format { codes: false, ..utf8 };
    for (own, other, numbers) in [(EXPORT, utf8, ["一号", "二号", "三号"]), (chinese, EXPORT, ["四号", "五号", "六号"])]
    {
        let (own, other) = (desk.sheet(rows(numbers), own), desk.sheet(rows(numbers), other));
        let line = |bytes: &[u8], at: usize| bytes.split_inclusive(|byte| *byte == b'\n').nth(at).unwrap().to_vec();
        let mixed = [line(&own, 0), line(&own, 1), line(&other, 2), line(&own, 3)].concat();
        let report = desk.send_from(OFFICE, &mixed).unwrap();
        assert_eq!((report.counts.accepted, desk.rejected(&report)), (2, vec![(3, "bad_encoding".to_owned())]));
        let reason = desk.service(today()).batch(&report.batch).unwrap().rejects[0].reason.clone();
        // The offset in the file is that of a byte of this line.
        let offset: usize =
            reason.split_once("文件第").and_then(|(_, rest)| rest.split_once("字节处")).unwrap().0.parse().unwrap();
        let start = line(&own, 0).len() + line(&own, 1).len();
        assert!((start..start + line(&other, 2).len()).contains(&offset), "{reason}: from {start}");
    }
}

fn two_columns_for_one_field_are_refused_in_every_form(store: &TestStore) {
    let mut desk = Desk::new(store);
    let sheet = String::from_utf8(
        desk.sheet(vec![penalty(FIRM, "一号")], credence_testkit::province::Format { gb18030: false, ..EXPORT }),
    );
    let sheet = sheet.unwrap();
    let twice: Vec<String> = sheet
        .lines()
        .enumerate()
        .map(|(at, line)| match at {
            0 => format!("{line},处罚内容\n"),
            _ => format!("{line},另一内容\n"),
        })
        .collect();
    let refused = desk.send_from(OFFICE, twice.concat().as_bytes()).unwrap_err();
    assert_eq!(refused.code(), "item_not_recognised");
    assert!(refused.to_string().contains("处罚内容"), "{refused}");
    assert_eq!(desk.send_from(OFFICE, sheet.as_bytes()).unwrap().counts.accepted, 1);
}

/// What was odd about a row is told to whoever sent it, and to nobody who may not see the record.
fn what_was_odd_about_a_row_is_told_with_its_batch(store: &TestStore) {
    let mut desk = Desk::new(store);
    let utf8 = credence_testkit::province::Format { gb18030: false, ..EXPORT };
    let rows = vec![
        penalty(FIRM, "一号"),
        changed("二号", &[("CF_XDR_SHXYM", "91379900ma0te5t16g"), ("CF_CFLB", "其他")]),
        changed("三号", &[("CF_XDR_MC", "云海市海岳A\u{410}机械制造有限公司"), ("CF_CFLB", "其他-责令改正")]),
        changed("四号", &[("CF_CFLB", "警告"), ("CF_NR_FK", ""), ("CF_XDR_SHXYM", "91379900ma0te5t16g")]),
    ];
    let bytes = desk.sheet(rows, utf8);
    let report = desk.send_from(OFFICE, &bytes).unwrap();
    assert_eq!((report.counts.accepted, report.counts.held), (4, 1));
    let service = desk.service(today());
    let noted = |source: Option<&str>| service.batch_notes((source, &report.batch), (None, 50)).unwrap().items;
    let mut told: Vec<(String, String, Option<String>)> = noted(Some(OFFICE))
        .into_iter()
        .flat_map(|one| one.notes.into_iter().map(|note| (note.code, note.name, note.original)))
        .collect();
    told.sort();
    let names: Vec<&str> = told.iter().map(|(code, ..)| code.as_str()).collect();
    assert_eq!(names, ["mixed_script", "normalised", "normalised", "other_unnamed"]);
    assert_eq!(told[1].2.as_deref(), Some("91379900ma0te5t16g"), "as it was sent");
    assert!(told.iter().all(|(_, name, _)| !name.starts_with("CF_")), "{told:?}");
    // The office sees those of public records unasked; the held one it looks into with a purpose.
    assert_eq!(noted(None).len(), 2);
    let refused = service.batch_notes((Some("123799000000000510"), &report.batch), (None, 50)).unwrap_err();
    assert_eq!(refused.code(), "forbidden");
    // In pages each once.
    let (mut cursor, mut paged) = (None::<String>, Vec::new());
    loop {
        let page = service.batch_notes((Some(OFFICE), &report.batch), (cursor.as_deref(), 1)).unwrap();
        paged.extend(page.items);
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(paged, noted(Some(OFFICE)));
}

/// A name with letters of another alphabet that look like Latin ones is found by whoever types it as it looks.
fn a_name_with_letters_that_look_alike_is_found_as_it_looks(store: &TestStore) {
    let mut desk = Desk::new(store);
    let utf8 = credence_testkit::province::Format { gb18030: false, ..EXPORT };
    let name = "云海市\u{410}\u{412}\u{421}机械有限公司";
    let bytes = desk.sheet(vec![changed("一号", &[("CF_XDR_MC", name)])], utf8);
    assert_eq!(desk.send_from(OFFICE, &bytes).unwrap().counts.accepted, 1);
    let service = desk.service(today());
    service.rebuild_search().unwrap();
    for q in ["abc机械", "ABC", "\u{410}\u{412}\u{421}"] {
        let request = credence_app::query::SearchRequest { q: q.to_owned(), ..Default::default() };
        let found = service.search(&credence_app::View::public(today()), &request).unwrap();
        assert_eq!(found.items.len(), 1, "{q}");
        assert_eq!(found.items[0].name, name, "as it was sent");
    }
}

fn a_name_with_hidden_marks_is_found_by_what_a_person_types(store: &TestStore) {
    let mut desk = Desk::new(store);
    let name = "云海\u{200b}隐\u{202e}身\u{202c}机械（Ａ）有限公司";
    let utf8 = credence_testkit::province::Format { gb18030: false, ..EXPORT };
    let bytes = desk.sheet(vec![changed("一号", &[("CF_XDR_MC", name)])], utf8);
    assert_eq!(desk.send_from(OFFICE, &bytes).unwrap().counts.accepted, 1);
    let request = credence_app::query::SearchRequest { q: "隐身机械(a)".to_owned(), ..Default::default() };
    let found = desk.service(today()).search(&credence_app::View::public(today()), &request).unwrap();
    assert_eq!(found.items.len(), 1);
}

fn a_file_with_the_columns_of_another_item_is_not_taken_for_the_one_that_was_named(store: &TestStore) {
    let mut desk = Desk::new(store);
    let path = store.folder.join("file.csv");
    std::fs::write(&path, desk.sheet(vec![penalty(FIRM, "一号")], EXPORT)).unwrap();
    let request = credence_app::collect::Request {
        path,
        source: credence_domain::subject::Uscc::parse(OFFICE).unwrap(),
        item: Some("permit".to_owned()),
        rejects: None,
        dry_run: false,
        secrecy_review: "审查员（示例）".to_owned(),
        channel: "cli",
        instruction: None,
        window_bytes: credence_app::collect::WINDOW_BYTES,
    };
    let refused = credence_app::collect::import(&mut desk.writer, &desk.rulebook, &request, &mut |_| {}).unwrap_err();
    assert_eq!(refused.code(), "item_not_recognised");
    assert!(refused.to_string().contains("行政许可"), "{refused}");
}

fn the_same_document_for_two_organisations_is_two_records(store: &TestStore) {
    let mut desk = Desk::new(store);
    let report = desk.send(vec![penalty(FIRM, "一号"), penalty(SECOND, "一号")]);
    assert_eq!((report.counts.accepted, report.counts.rejected), (2, 0));
    desk.verify();
}

both_stores!(
    a_line_in_the_other_encoding_is_refused_in_a_file_of_either,
    two_columns_for_one_field_are_refused_in_every_form,
    what_was_odd_about_a_row_is_told_with_its_batch,
    a_name_with_letters_that_look_alike_is_found_as_it_looks,
    a_name_with_hidden_marks_is_found_by_what_a_person_types,
    a_file_with_the_columns_of_another_item_is_not_taken_for_the_one_that_was_named,
    the_same_document_for_two_organisations_is_two_records,
    each_bad_row_is_refused_by_its_code_and_the_good_ones_are_kept,
    lower_case_and_full_width_codes_are_folded,
    what_may_be_a_simple_procedure_or_carries_a_number_waits_for_a_person,
    the_second_row_of_an_identity_is_unchanged_or_refused_with_both_lines,
    broken_bytes_quotes_headers_and_giant_cells_cost_only_their_own_row,
    a_row_that_was_cut_short_or_broken_is_taken_only_when_it_is_mended,
);
