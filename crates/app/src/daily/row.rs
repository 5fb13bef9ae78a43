//! One record in the file: what its item publishes and a list shows. The name of a legal representative is shown inside the
//! organisation's page only, so it stands in no file in which one could look for it.

use crate::Service;
use crate::query::{Detail, MarkView};
use credence_domain::canonical::hex;
use credence_domain::catalog::Role;
use credence_domain::record::text::harmless_cell;
use credence_store::body::Unpacker;
use credence_store::connection::Connection;
use credence_store::list::Entry;
use credence_store::scope::View;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// The columns of the CSV.
pub(super) const HEADER: [&str; 19] = [
    "记录编号",
    "统一社会信用代码",
    "名称",
    "是否登记",
    "登记地区",
    "事项",
    "事项名称",
    "决定机关代码",
    "决定机关",
    "文书号",
    "决定日期",
    "失信分类",
    "分类是否由机关认定",
    "公示起始日",
    "公示截止日",
    "版本",
    "承诺值",
    "公开内容（JSON）",
    "标记",
];

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    uscc: &'a str,
    name: &'a str,
    registered: bool,
    area: &'a str,
    item: &'a str,
    item_name: &'a str,
    authority: &'a str,
    authority_name: &'a str,
    document_number: Option<&'a str>,
    decided_on: Option<Date>,
    class: Option<&'a str>,
    class_stated: Option<bool>,
    public_from_on: Option<Date>,
    public_through_on: Option<Date>,
    version: i32,
    commitment: &'a str,
    content: &'a BTreeMap<&'a str, &'a str>,
    marks: &'a [MarkView],
}

impl Service {
    /// A record as a line of JSON and a line of CSV.
    pub(super) fn daily_row(
        &self,
        view: &View,
        connection: &mut Connection,
        unpacker: &mut Unpacker,
        entry: Entry,
        (json, cells): (&mut String, &mut String),
    ) -> credence_store::Result<()> {
        let Entry { shown, name, registered, area } = entry;
        let (uscc, commitment) = (shown.record.uscc.clone(), hex(&shown.record.commitment));
        let shown = self.show(view, connection, unpacker, shown, (&area, Detail::Form))?;
        let edition = self.edition(&shown.item, view.today);
        let person = edition.and_then(|edition| edition.field_of(Role::LegalRepresentative));
        let told = shown.fields.iter().filter(|field| person.is_none_or(|(_, person)| person.code != field.code));
        let content: BTreeMap<&str, &str> = told.map(|field| (field.code.as_str(), field.value.as_str())).collect();
        let row = Row {
            id: &shown.id,
            uscc: &uscc,
            name: &name,
            registered,
            area: &area,
            item: &shown.item,
            item_name: &shown.item_name,
            authority: &shown.authority,
            authority_name: &shown.authority_name,
            document_number: shown.document_number.as_deref(),
            decided_on: shown.decided_on,
            class: shown.class.as_deref(),
            class_stated: shown.class_stated,
            public_from_on: shown.public_from_on,
            public_through_on: shown.public_through_on,
            version: shown.version,
            commitment: &commitment,
            content: &content,
            marks: &shown.marks,
        };
        let no_text = |error: serde_json::Error| credence_store::StoreError::Inconsistent(error.to_string());
        json.push_str(&serde_json::to_string(&row).map_err(no_text)?);
        json.push('\n');
        let content = serde_json::to_string(&content).map_err(no_text)?;
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let stated = shown.class_stated.map(|stated| if stated { "是" } else { "否" });
        push_csv_line(
            cells,
            [
                row.id,
                row.uscc,
                row.name,
                if registered { "已登记" } else { "未登记" },
                row.area,
                row.item,
                row.item_name,
                row.authority,
                row.authority_name,
                row.document_number.unwrap_or_default(),
                &day(row.decided_on),
                row.class.unwrap_or_default(),
                stated.unwrap_or_default(),
                &day(row.public_from_on),
                &day(row.public_through_on),
                &row.version.to_string(),
                row.commitment,
                &content,
                &told_marks(row.marks),
            ],
        );
        Ok(())
    }
}

/// What stands beside a record, in one cell.
#[must_use]
pub fn told_marks(marks: &[MarkView]) -> String {
    let told = marks.iter().map(|mark| match mark.kind.as_str() {
        "reply" => format!("主体申辩：{}", mark.text),
        _ => format!("{}（自{}）", mark.text, mark.since_on),
    });
    told.collect::<Vec<_>>().join("；")
}

/// One line by RFC 4180, of cells that a spreadsheet will not run.
pub fn push_csv_line<const CELLS: usize>(out: &mut String, cells: [&str; CELLS]) {
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        let cell = harmless_cell(cell);
        if cell.contains(['"', ',', '\n', '\r']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}
