//! Templates: an empty file for every item, made from the data list in force, which maps to its own item when it is sent.
//!
//! Serves 鲁信用办〔2019〕8号 art. 五 (data standard). Headers are the item's Chinese names in the order of the form, our own
//! additions behind; columns that only an older form has are left out. The workbook explains each field on its second
//! sheet and offers the values of code lists.

use crate::query::data_list::{BasisView, DataListView, EditionView, FieldView, ItemView};
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::catalog::FieldType;
use credence_domain::rulebook::Rulebook;
use jiff::civil::Date;
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};
use std::io;

/// Rows below the header for which values are offered.
const OFFERED_ROWS: u32 = 10_000;
/// Names of the sheets behind the form.
const FIELDS_SHEET: &str = "填报说明";
const CODES_SHEET: &str = "代码表";

/// The fields that a template has.
pub fn fields(item: &ItemView) -> impl Iterator<Item = &FieldView> {
    item.fields.iter().filter(|field| !(field.extension && is_of_an_older_form(&field.code)))
}

/// Our own additions are named in lower case; the columns of the form of 2015/2016 bear its codes.
fn is_of_an_older_form(code: &str) -> bool {
    code.chars().any(|c| c.is_ascii_uppercase())
}

/// The template as CSV: UTF-8 with byte order mark, one line.
#[must_use]
pub fn csv(item: &ItemView) -> String {
    let names: Vec<&str> = fields(item).map(|field| field.name.as_str()).collect();
    format!("\u{feff}{}\r\n", names.join(","))
}

/// The template as a workbook. The same edition gives the same bytes.
///
/// # Errors
/// When the workbook cannot be made.
pub fn xlsx(item: &ItemView, edition: &EditionView) -> io::Result<Vec<u8>> {
    build(item, edition).map_err(io::Error::other)
}

/// How a template is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateForm {
    /// UTF-8 with byte order mark.
    Csv,
    /// A workbook.
    Xlsx,
}

/// The template of an item of the list in force on a day.
///
/// # Errors
/// `not_found` for an item that is not in it; a fault when the workbook cannot be made.
pub fn of(rulebook: &Rulebook, day: Date, item: &str, form: TemplateForm) -> Result<Vec<u8>> {
    let list = DataListView::of(rulebook, day)?;
    let item = list.items.iter().find(|known| known.code == item).ok_or(AppError::NotFound)?;
    Ok(match form {
        TemplateForm::Csv => csv(item).into_bytes(),
        TemplateForm::Xlsx => xlsx(item, &list.edition)?,
    })
}

impl Service {
    /// The template of an item of the list in force on a day.
    ///
    /// # Errors
    /// `not_found` for an item that is not in it; a fault when the workbook cannot be made.
    pub fn template(&self, day: Date, item: &str, form: TemplateForm) -> Result<Vec<u8>> {
        of(self.rulebook(), day, item, form)
    }
}

type Made<T> = std::result::Result<T, XlsxError>;

fn build(item: &ItemView, edition: &EditionView) -> Made<Vec<u8>> {
    let mut book = Workbook::new();
    let from = item.effective_from;
    let part = |value: i8| u8::try_from(value).unwrap_or(1);
    let made = ExcelDateTime::from_ymd(from.year().unsigned_abs(), part(from.month()), part(from.day()))?;
    book.set_properties(&DocProperties::new().set_title(&item.name).set_creation_datetime(&made));
    let looks = Looks::new();
    let lists = codes_sheet(item);
    form(book.add_worksheet(), item, &lists, &looks)?;
    explain(book.add_worksheet(), item, edition, &looks)?;
    let codes = book.add_worksheet().set_name(CODES_SHEET)?;
    for (column, (name, values)) in (0..).zip(&lists) {
        codes.set_column_width(column, 28)?;
        codes.write_string_with_format(0, column, *name, &looks.head)?;
        for (row, value) in (1..).zip(values) {
            codes.write_string(row, column, *value)?;
        }
    }
    book.save_to_buffer()
}

/// The code lists of an item, once each: name in the rulebook and values.
fn codes_sheet(item: &ItemView) -> Vec<(&str, Vec<&str>)> {
    let mut lists: Vec<(&str, Vec<&str>)> = Vec::new();
    for list in fields(item).filter_map(|field| field.code_list.as_ref()) {
        if lists.iter().all(|(name, _)| *name != list.name) {
            lists.push((&list.name, list.values.iter().map(String::as_str).collect()));
        }
    }
    lists
}

struct Looks {
    head: Format,
    required: Format,
    text: Format,
    date: Format,
    wrapped: Format,
}

impl Looks {
    fn new() -> Self {
        let head = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_border(FormatBorder::Thin)
            .set_background_color(Color::RGB(0x00E8_EEF4));
        Self {
            required: head.clone().set_background_color(Color::RGB(0x00FB_E9C6)),
            head,
            text: Format::new().set_num_format("@"),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            wrapped: Format::new().set_text_wrap(),
        }
    }
}

/// The sheet to be filled.
fn form(sheet: &mut Worksheet, item: &ItemView, lists: &[(&str, Vec<&str>)], looks: &Looks) -> Made<()> {
    sheet.set_name(sheet_name(&item.name))?.set_freeze_panes(1, 0)?;
    for (column, field) in (0..).zip(fields(item)) {
        // Numbers of documents and codes stay what was typed only in cells of text.
        match field.kind {
            FieldType::Date => sheet.set_column_format(column, &looks.date)?,
            FieldType::Decimal | FieldType::Integer => sheet,
            _ => sheet.set_column_format(column, &looks.text)?,
        };
        let looks = if field.required { &looks.required } else { &looks.head };
        sheet.set_column_width(column, 20)?.write_string_with_format(0, column, &field.name, looks)?;
        let list = field.code_list.as_ref().filter(|_| field.kind == FieldType::Code);
        if let Some((at, (_, values))) =
            list.and_then(|list| (0..).zip(lists).find(|(_, (name, _))| *name == list.name))
        {
            let letter = column_letters(at);
            let source = format!("='{CODES_SHEET}'!${letter}$2:${letter}${}", values.len() + 1);
            let open = list.is_some_and(|list| list.open.is_some());
            let offer = DataValidation::new().allow_list_formula(Formula::new(source)).show_error_message(!open);
            sheet.add_data_validation(1, column, OFFERED_ROWS, column, &offer)?;
        }
    }
    Ok(())
}

/// The sheet that says what each field is.
fn explain(sheet: &mut Worksheet, item: &ItemView, edition: &EditionView, looks: &Looks) -> Made<()> {
    sheet.set_name(FIELDS_SHEET)?;
    let basis: Vec<String> = item.basis.iter().map(basis_text).collect();
    let about = [
        ("信息事项", format!("{}（{}）", item.name, item.code)),
        ("信息类别", format!("{} {}", item.class, item.class_name)),
        ("信息性质", item.nature_name.clone()),
        ("披露方式", item.disclosure_name.clone()),
        ("提供单位", item.source_units.join("、")),
        ("更新周期", item.update_cycle.clone()),
        ("有效期限", item.validity.clone()),
        ("依据", basis.join("；")),
        ("数据清单", format!("{}起施行，摘要{}", edition.effective_from, edition.digest)),
    ];
    let mut row = 0;
    for (name, text) in about {
        sheet.write_string_with_format(row, 0, name, &looks.head)?;
        sheet.write_string(row, 1, text)?;
        row += 1;
    }
    row += 1;
    let heads = ["字段名称", "字段代码", "类型", "长度", "必填", "公示", "识别字段", "可用的值", "说明"];
    for (column, head) in (0..).zip(heads) {
        sheet.write_string_with_format(row, column, head, &looks.head)?;
    }
    for field in fields(item) {
        row += 1;
        let yes = |flag: bool| if flag { "是" } else { "" };
        let cells = [
            field.name.clone(),
            field.code.clone(),
            field.type_name.to_owned(),
            field.max_length.map_or_else(String::new, |length| length.to_string()),
            if field.expected { "应填".to_owned() } else { yes(field.required).to_owned() },
            yes(field.public).to_owned(),
            yes(field.identity).to_owned(),
            values_text(field),
            remark(field),
        ];
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string_with_format(row, column, cell, &looks.wrapped)?;
        }
    }
    for (column, width) in (0..).zip([32, 24, 22, 8, 8, 8, 10, 60, 40]) {
        sheet.set_column_width(column, width)?;
    }
    Ok(())
}

fn basis_text(basis: &BasisView) -> String {
    let article = if basis.article == "-" { String::new() } else { format!("第{}条", basis.article) };
    let unverified = if basis.unverified { "（原文未核）" } else { "" };
    format!("{}{article}{unverified}", basis.title)
}

fn values_text(field: &FieldView) -> String {
    let Some(list) = &field.code_list else { return String::new() };
    let open = list.open.as_ref().map_or_else(String::new, |open| format!("；另可填写以“{open}”开头的内容"));
    format!("{}{open}", list.values.join("、"))
}

fn remark(field: &FieldView) -> String {
    let mut said = Vec::new();
    match field.kind {
        FieldType::Date => said.push("按YYYY-MM-DD填写"),
        FieldType::Decimal => said.push("最多六位小数"),
        FieldType::Uscc => said.push("18位代码，单元格设为文本"),
        _ => {}
    }
    if field.extension {
        said.push("本平台扩展字段，可不填");
    }
    said.join("；")
}

/// A sheet's name: at most 31 characters and none that a spreadsheet refuses.
fn sheet_name(name: &str) -> String {
    let kept = name.chars().filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\''));
    kept.take(31).collect()
}

/// `A`, `B`, …, `Z`, `AA`.
fn column_letters(at: usize) -> String {
    let letter = |value: usize| char::from(b'A' + u8::try_from(value % 26).unwrap_or(0));
    if at < 26 { letter(at).to_string() } else { format!("{}{}", letter(at / 26 - 1), letter(at)) }
}
