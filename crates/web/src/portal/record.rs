//! A record as a card shows it: what the form says, and what its clocks say in words.

use super::words;
use credence_app::query::{FieldView, RecordView};
use jiff::civil::Date;

/// A record on a page.
pub(crate) struct Card<'a> {
    pub(crate) record: &'a RecordView,
    name: &'a str,
    uscc: &'a str,
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

    /// The fields of the form, without what the page and the card say already: who, by whom, number, day.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &'a FieldView> {
        let record = self.record;
        let number = record.document_number.as_deref().unwrap_or_default();
        let said = [self.name, self.uscc, number, &record.authority_name, &record.authority, &record.source];
        record.fields.iter().filter(move |field| {
            !field.value.is_empty() && !said.contains(&field.value.as_str()) && !field.name.ends_with("决定日期")
        })
    }

    /// Class of misconduct; 待认定 where the authority has not stated it.
    pub(crate) fn class(&self) -> Option<String> {
        let class = words::class(self.record.class.as_deref()?);
        let mark = if self.record.class_stated == Some(false) { "（待认定）" } else { "" };
        Some(format!("{class}失信{mark}"))
    }

    /// First to last public day.
    pub(crate) fn term(&self) -> String {
        let from = self.record.public_from_on.map_or_else(|| "待定".to_owned(), words::day);
        match self.record.public_through_on {
            Some(last) => format!("{from}至{}", words::day(last)),
            None => format!("{from}起"),
        }
    }

    /// Days left, today not counted.
    pub(crate) fn days_left(&self) -> Option<String> {
        Some(match self.record.days_left? {
            0 => "今天是最后一天".to_owned(),
            left => format!("{left}天"),
        })
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

    /// A day in words, 待定 where there is none.
    pub(crate) fn day(&self, date: &Option<Date>) -> String {
        date.map_or_else(|| "待定".to_owned(), words::day)
    }
}
