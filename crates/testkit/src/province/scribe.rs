//! Collects rows into the files of departments: who sends what on which day, in which format, under which number.

use super::file::{CHINESE, DepartmentFile, EXPORT, Format, Row, SPREADSHEET, Sheet, TABBED};
use super::{Chance, Department, Organisation, older, unit};
use credence_domain::rulebook::Rulebook;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The formats that departments are used to.
const FORMATS: [Format; 4] = [EXPORT, SPREADSHEET, TABBED, CHINESE];
/// Days on which a department sends permits and penalties, and on which it sends anything else.
const BUSY_DAYS: usize = 4;
const QUIET_DAYS: usize = 2;

/// Sheets under way.
pub(super) struct Scribe<'a> {
    days: &'a [Date],
    today: Date,
    sheets: BTreeMap<(Date, usize, &'static str), Sheet>,
    numbers: BTreeMap<(usize, i16, &'static str), usize>,
}

impl<'a> Scribe<'a> {
    /// A scribe of nothing yet.
    pub fn new(days: &'a [Date], today: Date) -> Self {
        Self { days, today, sheets: BTreeMap::new(), numbers: BTreeMap::new() }
    }

    /// The last day that anything here may know.
    pub fn today(&self) -> Date {
        self.today
    }

    /// The days on which a department sends an item: a few of all, so that a small province has few files.
    fn sending_days(&self, at: &Department, item: &str) -> Vec<Date> {
        let days = self.days.get(1..).unwrap_or_default();
        let count = if matches!(item, "permit" | "penalty") { BUSY_DAYS } else { QUIET_DAYS };
        let step = (days.len() / count).max(1);
        let first = (at.number * 7 + item.len() * 3) % step;
        days.iter().copied().skip(first).step_by(step).take(count).collect()
    }

    /// A day of decision and the day on which it is received: nine in ten within the working target.
    pub fn dates(&self, chance: &mut Chance, at: &Department, item: &str) -> (Date, Date) {
        let received = chance.one(&self.sending_days(at, item)).copied().unwrap_or(self.today);
        let back = if chance.percent(10) { 15 + chance.below(60) } else { chance.below(6) };
        (received.saturating_sub((back as i64).days()), received)
    }

    /// The next day after `after` on which a department sends an item; any day where its own are over.
    pub fn later(&self, at: &Department, item: &str, after: Date) -> Option<Date> {
        let own = self.sending_days(at, item).into_iter().find(|day| *day > after);
        own.or_else(|| self.days.iter().copied().find(|day| *day > after))
    }

    /// The next document number of a department, kind and year.
    pub fn number(&mut self, at: &Department, kind: &'static str, decided: Date) -> String {
        let number = self.numbers.entry((at.number, decided.year(), kind)).or_default();
        *number += 1;
        format!("{}{kind}〔{}〕{number}号", at.short, decided.year())
    }

    /// A row for the file of a department and day.
    pub fn put(&mut self, received: Date, at: &Department, item: &'static str, row: Row) {
        self.sheets.entry((received, at.number, item)).or_default().rows.push(row);
    }

    /// The files.
    pub fn files(self, rulebook: &Rulebook) -> Vec<DepartmentFile> {
        let newer_form = self.days.get(self.days.len() / 2).copied().unwrap_or(self.today);
        let file = |((received, number, item), sheet): ((Date, usize, &str), Sheet)| {
            let sender = unit::numbered(number);
            let format = FORMATS.get((number + item.len()) % FORMATS.len()).copied().unwrap_or(EXPORT);
            // Counties came to the form of 2018 last.
            let older = (sender.level == "county" && received < newer_form)
                .then(|| older::write(&sheet, item, EXPORT))
                .flatten();
            let tabs = format.tabs && older.is_none();
            DepartmentFile {
                name: format!("{}-{item}-{received}.{}", sender.name, if tabs { "tsv" } else { "csv" }),
                source_uscc: sender.uscc(),
                item: item.to_owned(),
                received_on: received,
                order: 1 + number,
                rows: sheet.rows.len(),
                bytes: older.unwrap_or_else(|| sheet.write(rulebook, item, format)),
            }
        };
        self.sheets.into_iter().filter(|((_, _, item), _)| rulebook.items.contains_key(*item)).map(file).collect()
    }
}

/// The class of an organisation, as forms ask for it.
pub(super) fn subject_class(organisation: &Organisation) -> &'static str {
    if organisation.uscc.starts_with("92") { "个体工商户" } else { "法人及非法人组织" }
}

/// The name by which a department knows an organisation: one in sixty is not quite the registered one.
pub(super) fn name_in_file(chance: &mut Chance, organisation: &Organisation) -> String {
    if chance.below(60) == 0 {
        organisation.name.replace("有限公司", "有限责任公司").replace("商行", "商店")
    } else {
        organisation.name.clone()
    }
}
