//! Rows of a list become one draft an item. A row without an item goes on with the one above it, as merged cells do.

use super::Refused;
use super::column::{Columns, Says};
use super::read::ListRow;
use credence_domain::catalog::fold::fold;
use credence_domain::catalog::item::Masking;
use credence_domain::catalog::{Disclosure, Field, FieldType, Item, Nature, Version};
use credence_domain::provision::{Basis, Level};
use credence_domain::rulebook::Rulebook;
use jiff::civil::Date;

/// The rows of one item.
pub(super) struct Group<'r> {
    /// Line on which it begins.
    pub(super) line: u32,
    name: String,
    rows: Vec<&'r ListRow>,
}

/// The rows by item, in the list's order; rows before the first item are refused.
pub(super) fn group<'r>(rows: &'r [ListRow], columns: &Columns, refused: &mut Vec<Refused>) -> Vec<Group<'r>> {
    let mut groups: Vec<Group<'r>> = Vec::new();
    for row in rows {
        let name = columns.cell(row, Says::Item);
        let same = |group: &&mut Group<'_>| name.is_empty() || fold(&group.name) == fold(name);
        match groups.last_mut().filter(same) {
            Some(group) => group.rows.push(row),
            None if name.is_empty() => refused.push(Refused {
                line: row.line,
                column: columns.header(Says::Item),
                reason: "本行没有信息事项，上方也没有".to_owned(),
            }),
            None => groups.push(Group { line: row.line, name: name.to_owned(), rows: vec![row] }),
        }
    }
    groups
}

/// Reads cells, and remembers those that it could not read.
struct Reader<'c, 'o> {
    columns: &'c Columns,
    refused: &'o mut Vec<Refused>,
}

impl Reader<'_, '_> {
    /// The first cell of the group that says this, read; `None` where all are empty or unreadable.
    fn first<T>(&mut self, group: &Group<'_>, says: Says, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let row = group.rows.iter().find(|row| !self.columns.cell(row, says).is_empty())?;
        self.cell(row, says, read)
    }

    fn cell<T>(&mut self, row: &ListRow, says: Says, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.columns.cell(row, says);
        if text.is_empty() {
            return None;
        }
        let found = read(text);
        if found.is_none() {
            let reason = format!("无法识别“{text}”，草稿中留空或取默认值");
            self.refused.push(Refused { line: row.line, column: self.columns.header(says), reason });
        }
        found
    }
}

/// One draft with the comments that stand above it.
pub(super) fn item(
    group: &Group<'_>,
    number: usize,
    columns: &Columns,
    rulebook: &Rulebook,
    today: Date,
    taken: &dyn Fn(&str) -> bool,
    refused: &mut Vec<Refused>,
) -> (Item, Vec<String>) {
    let mut reader = Reader { columns, refused };
    let text = |text: &str| Some(text.to_owned());
    let class = rulebook.codes.list("directory_class");
    let classes = |text: &str| class.and_then(|list| list.find(text)).map(str::to_owned);
    let code = reader.first(group, Says::ItemCode, |text| item_code(text).filter(|code| !taken(code)));
    let known = rulebook.items.values().find(|known| fold(&known.name) == fold(&group.name));
    let code = code
        .or_else(|| known.map(|known| known.code.clone()).filter(|code| !taken(code)))
        .unwrap_or_else(|| format!("draft_{}", letters(number)));
    let disclosures: Vec<Disclosure> =
        group.rows.iter().filter_map(|row| reader.cell(row, Says::Disclosure, disclosure)).collect();
    // Fields may be public one by one; nothing is public that no row calls so.
    let disclosure = disclosures.iter().copied().min_by_key(|way| openness(*way)).unwrap_or(Disclosure::Shared);
    let fields = fields(group, &mut reader, disclosure);
    let version = Version {
        effective_from: today,
        effective_to: None,
        basis: basis(&reader.first(group, Says::Basis, text).unwrap_or_default()),
        nature: reader.first(group, Says::Nature, nature).unwrap_or(Nature::Other),
        disclosure,
        act_kind: "none".to_owned(),
        source_units: reader.first(group, Says::Units, text).map(|units| split(&units)).unwrap_or_default(),
        update_cycle: reader.first(group, Says::Cycle, text).unwrap_or_default(),
        validity: reader.first(group, Says::Validity, text).unwrap_or_default(),
        identity: Vec::new(),
        unverified: true,
        fields,
    };
    let directory_class = reader.first(group, Says::Class, classes).unwrap_or_default();
    let mut comments = vec![
        "审核时须补全：身份字段（identity）、字段含义（role）、行为种类（act_kind）、依据的效力层级（level）。"
            .to_owned(),
    ];
    for row in &group.rows {
        let others: Vec<String> = columns.others(row).map(|(header, cell)| format!("{header}：{cell}")).collect();
        if !others.is_empty() {
            comments.push(format!("第{}行另有 {}", row.line, others.join("；")));
        }
    }
    (Item { code, name: group.name.clone(), directory_class, versions: vec![version] }, comments)
}

fn fields(group: &Group<'_>, reader: &mut Reader<'_, '_>, disclosure_of_item: Disclosure) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for row in &group.rows {
        let name = reader.columns.cell(row, Says::Field);
        if name.is_empty() {
            continue;
        }
        if fields.iter().any(|field| fold(&field.name) == fold(name)) {
            let reason = format!("字段“{name}”在本事项中重复，未再列入");
            reader.refused.push(Refused { line: row.line, column: reader.columns.header(Says::Field), reason });
            continue;
        }
        let code = reader.cell(row, Says::FieldCode, field_code);
        let code = code.filter(|code| fields.iter().all(|field| field.code != *code));
        let stated = disclosure(reader.columns.cell(row, Says::Disclosure)).unwrap_or(disclosure_of_item);
        let kind = reader.cell(row, Says::Type, field_type).unwrap_or(FieldType::Text);
        fields.push(Field {
            code: code.unwrap_or_else(|| format!("F{:02}", fields.len() + 1)),
            name: name.to_owned(),
            aliases: Vec::new(),
            kind: if fold(name).contains("统一社会信用代码") { FieldType::Uscc } else { kind },
            max_length: reader.cell(row, Says::Length, length).unwrap_or(0),
            required: reader.cell(row, Says::Required, yes).unwrap_or(false),
            expected: false,
            codes: None,
            // A number of an identity paper is never public, whatever the list says.
            public: stated == Disclosure::Public && !name.contains("证件号") && !name.contains("身份证"),
            masking: if name.contains("证件号") || name.contains("身份证") {
                Masking::IdentityNumber
            } else {
                Masking::None
            },
            role: None,
            extension: false,
            key_column: false,
        });
    }
    fields
}

fn openness(disclosure: Disclosure) -> u8 {
    match disclosure {
        Disclosure::Public => 0,
        Disclosure::Shared => 1,
        Disclosure::Authorised => 2,
    }
}

/// 披露方式; of several in one cell the narrowest.
fn disclosure(text: &str) -> Option<Disclosure> {
    let one = |part: &str| match part {
        "公开" | "社会公开" | "主动公开" | "公示" | "公开公示" | "向社会公开" => {
            Some(Disclosure::Public)
        }
        "共享" | "政务共享" | "政府共享" | "无条件共享" | "有条件共享" | "内部共享" => {
            Some(Disclosure::Shared)
        }
        "授权" | "授权查询" | "依授权查询" | "依申请查询" => Some(Disclosure::Authorised),
        _ => None,
    };
    let parts: Option<Vec<Disclosure>> = split(text).iter().map(|part| one(part)).collect();
    parts?.into_iter().max_by_key(|way| openness(*way))
}

fn nature(text: &str) -> Option<Nature> {
    match text.trim_end_matches("信息") {
        "基础" | "基本" => Some(Nature::Basic),
        "失信" => Some(Nature::Dishonesty),
        "其他" | "守信" | "良好" => Some(Nature::Other),
        _ => None,
    }
}

fn field_type(text: &str) -> Option<FieldType> {
    let word: String = text.chars().take_while(|c| !matches!(c, '(' | '（' | '.' | '0'..='9')).collect();
    match word.trim().trim_end_matches('型') {
        "文本" | "字符" | "字符串" | "C" | "VARCHAR" | "varchar" | "String" | "string" => Some(FieldType::Text),
        "日期" | "D" | "DATE" | "date" => Some(FieldType::Date),
        "数值" | "数字" | "金额" | "N" | "NUMBER" | "number" => Some(FieldType::Decimal),
        "整数" | "INT" | "int" => Some(FieldType::Integer),
        _ => None,
    }
}

fn length(text: &str) -> Option<u32> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn yes(text: &str) -> Option<bool> {
    match text {
        "是" | "必填" | "必选" | "必须" | "Y" | "M" | "√" => Some(true),
        "否" | "选填" | "可选" | "非必填" | "N" | "O" => Some(false),
        _ => None,
    }
}

fn item_code(text: &str) -> Option<String> {
    let code = text.to_ascii_lowercase();
    let fits =
        code.starts_with(|c: char| c.is_ascii_lowercase()) && code.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    fits.then_some(code)
}

fn field_code(text: &str) -> Option<String> {
    let fits = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    fits.then(|| text.to_owned())
}

/// `a` … `z`, `aa` …: codes of items have letters only.
fn letters(number: usize) -> String {
    let letter = char::from(b'a' + u8::try_from(number % 26).unwrap_or(0));
    if number < 26 { letter.to_string() } else { format!("{}{letter}", letters(number / 26 - 1)) }
}

fn split(text: &str) -> Vec<String> {
    let parts = text.split(['、', '，', ',', ';', '；', '/', '\n']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Laws by their 《》 with the article behind each; the whole text where it has none. Their rank is for a person to say.
fn basis(text: &str) -> Vec<Basis> {
    let of = |title: &str, article: &str| Basis {
        title: title.trim().to_owned(),
        article: article.to_owned(),
        level: Level::Setting,
        unverified: true,
    };
    let named: Vec<Basis> = text
        .split('《')
        .skip(1)
        .filter_map(|part| {
            let (title, behind) = part.split_once('》')?;
            let article = behind.split_once('第').and_then(|(_, rest)| rest.split_once('条'));
            Some(of(title, article.map_or("-", |(article, _)| article.trim())))
        })
        .collect();
    if named.is_empty() && !text.trim().is_empty() { vec![of(text, "-")] } else { named }
}
