//! A record as a card shows it: what the form says, and what its clocks say in words.

use super::words;
use credence_app::query::{FieldView, MarkView, RecordView};
use jiff::civil::Date;

/// A record on a page.
pub(crate) struct Card<'a> {
    pub(crate) record: &'a RecordView,
    name: &'a str,
    pub(crate) uscc: &'a str,
}

impl<'a> Card<'a> {
    /// The card of a record of this organisation.
    pub(crate) fn new(record: &'a RecordView, name: &'a str, uscc: &'a str) -> Self {
        Self { record, name, uscc }
    }

    /// What the card is called: its document number, else its kind.
    pub(crate) fn title(&self) -> &str {
        self.record.document_number.as_deref().unwrap_or(&self.record.item_name)
    }

    /// The fields that tell what was decided.
    pub(crate) fn leading(&self) -> impl Iterator<Item = &'a FieldView> {
        self.fields().filter(|field| !is_of_form(&field.name))
    }

    /// The fields that the form asks for besides: kind and other numbers of the organisation, who headed it then.
    pub(crate) fn following(&self) -> impl Iterator<Item = &'a FieldView> {
        self.fields().filter(|field| is_of_form(&field.name))
    }

    /// The fields of the form, without what the page and the card say already: who, by whom, number, day.
    fn fields(&self) -> impl Iterator<Item = &'a FieldView> {
        let record = self.record;
        let number = record.document_number.as_deref().unwrap_or_default();
        let said = [self.name, self.uscc, number, &record.authority_name, &record.authority, &record.source];
        let decided_on = record.decided_on.map(|day| day.to_string()).unwrap_or_default();
        let in_head = |name: &str| record.item == "registration" && IN_HEAD.contains(&name);
        record.fields.iter().filter(move |field| !in_head(&field.name)).filter(move |field| {
            let again = field.value == decided_on && (field.name.ends_with("日期") || field.name.ends_with("时间"));
            !field.value.is_empty() && !said.contains(&field.value.as_str()) && !again
        })
    }

    /// A value as a page writes it: a date as people write dates.
    pub(crate) fn value(&self, field: &FieldView) -> String {
        field.value.parse().map_or_else(|_| field.value.clone(), words::day)
    }

    /// What the day of decision is called.
    pub(crate) fn day_name(&self) -> &'static str {
        if self.record.item == "registration" { "登记日期" } else { "决定日期" }
    }

    /// Class of misconduct; 待认定 where the authority has not stated it.
    pub(crate) fn class(&self) -> Option<String> {
        words::class_with_mark(self.record.class.as_deref()?, self.record.class_stated)
    }

    /// First to last public day.
    pub(crate) fn term(&self) -> String {
        words::term(self.record.public_from_on, self.record.public_through_on)
    }

    /// Days left, today not counted.
    pub(crate) fn days_left(&self) -> Option<String> {
        self.record.days_left.map(words::days_left)
    }

    /// How it stands with the deadline for publishing: to the law's deadline, and to the platform's earlier target.
    pub(crate) fn timeliness(&self) -> Option<String> {
        if self.record.public_due_provisional {
            return Some("公示期限待定：所涉年度的工作日安排尚未公布".to_owned());
        }
        let due = self.record.public_due_by_law_on.or(self.record.public_due_on)?;
        Some(if self.record.late_by_law {
            format!("迟于法定公示期限（{}）", words::day(due))
        } else if self.record.late {
            let target = self.record.public_due_on.unwrap_or(due);
            format!("未超法定期限（{}），迟于工作目标（{}）", words::day(due), words::day(target))
        } else {
            format!("按期公示（期限{}）", words::day(due))
        })
    }

    /// Short mark beside the title where it came late.
    pub(crate) fn late_mark(&self) -> Option<&'static str> {
        if self.record.late_by_law {
            Some("公示迟于法定期限")
        } else if self.record.late {
            Some("公示迟于工作目标")
        } else {
            None
        }
    }

    /// What is marked beside the title: 异议处理中 and the like.
    pub(crate) fn short_marks(&self) -> impl Iterator<Item = &'a MarkView> {
        self.record.marks.iter().filter(|mark| mark.kind != REPLY)
    }

    /// What the organisation itself says beside it.
    pub(crate) fn replies(&self) -> impl Iterator<Item = &'a MarkView> {
        self.record.marks.iter().filter(|mark| mark.kind == REPLY)
    }

    /// A day in words, 待定 where there is none.
    pub(crate) fn day(&self, date: &Option<Date>) -> String {
        date.map_or_else(|| "待定".to_owned(), words::day)
    }
}

/// The kind of mark that is the organisation's own words.
const REPLY: &str = "reply";

/// Fields of a registration that the head of the page says.
const IN_HEAD: [&str; 4] = ["成立日期", "类型", "登记地区", "登记状态"];

/// Parts of field names that describe the organisation or the form, not what was decided.
const OF_FORM: [&str; 9] = [
    "行政相对人",
    "被执行人类别",
    "法定代表人",
    "工商注册号",
    "组织机构代码",
    "文书名称",
    "数据来源",
    "是否告知",
    "注册资本",
];

fn is_of_form(name: &str) -> bool {
    OF_FORM.iter().any(|part| name.contains(part))
}
