//! Judges rows of one file against one edition of one item: types, lengths, code lists, cross-field rules.
//!
//! Serves DOMAIN 3.4 (double publicity), 山东省社会信用条例 arts. 10, 13 (simple procedure stays out) and 20 (no natural
//! persons). What meets an existing record is decided later, by `meeting`.

use super::judgement::{Fact, Judgement, Note, Reject};
use super::review::{self, ACT_STATE, REVOKED, Written, may_be_simple_procedure, says_simple_procedure};
use super::text::{mixes_scripts, oddities};
use super::{Identity, personal, value};
use crate::catalog::codes::CodeList;
use crate::catalog::{Disclosure, Field, FieldType, Item, Role, Version};
use crate::rulebook::Rulebook;
use crate::subject::{Uscc, uscc};
use jiff::civil::Date;
use std::borrow::Cow;

/// Who sends the file.
#[derive(Clone, Debug)]
pub struct Sender {
    /// Code of the sending unit.
    pub uscc: Uscc,
    /// The names under which the directory knows it.
    pub names: Vec<String>,
    /// Units that entrusted it with sending for them.
    pub entrusted_by: Vec<Uscc>,
}

/// Judges the rows of one file.
#[derive(Debug)]
pub struct Judge<'r> {
    item: &'r Item,
    version: &'r Version,
    lists: Vec<Option<&'r CodeList>>,
    /// Column of each field, in the file at hand.
    columns: Vec<Option<usize>>,
    roles: Vec<(Role, usize)>,
    /// Fields that make the identity, in their order; none where the edition names a field that it has not.
    identity: Vec<Option<usize>>,
    /// Public texts that are looked through for numbers of persons.
    searched: Vec<usize>,
    /// Fields that only a natural person has.
    personal: Vec<usize>,
    sender: Sender,
    received_on: Date,
    carries: bool,
}

/// Which record a row means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The organisation.
    pub uscc: Uscc,
    /// The record's identity.
    pub identity: Identity,
    /// Deciding authority.
    pub authority: Uscc,
}

/// Values and findings while a row is judged.
struct Row<'a> {
    values: Vec<Cow<'a, str>>,
    dates: Vec<Option<Date>>,
    rejects: Vec<Reject>,
    notes: Vec<Note>,
}

impl Row<'_> {
    /// Notes a value that says 其他 where its list wants to know what.
    fn unnamed(&mut self, list: &CodeList, field: &Field, value: &str) {
        if list.open.as_deref() == Some(value) {
            self.notes.push(Note { code: "other_unnamed", field: field.code.clone(), original: String::new() });
        }
    }
}

impl<'r> Judge<'r> {
    /// A judge for a file whose column `c` holds field `columns[c]`.
    #[must_use]
    pub fn new(
        rulebook: &'r Rulebook,
        item: &'r Item,
        version: &'r Version,
        columns: &[Option<usize>],
        sender: Sender,
        received_on: Date,
    ) -> Self {
        let mut by_field = vec![None; version.fields.len()];
        for (column, field) in columns.iter().enumerate() {
            if let Some(place) = field.and_then(|field| by_field.get_mut(field)) {
                *place = Some(column);
            }
        }
        let lists =
            version.fields.iter().map(|f| f.codes.as_deref().and_then(|name| rulebook.codes.list(name))).collect();
        let roles = version.fields.iter().enumerate().filter_map(|(i, f)| f.role.map(|role| (role, i))).collect();
        let position = |code: &String| version.fields.iter().position(|field| field.code == *code);
        let identity = version.identity.iter().map(position).collect();
        let editions = rulebook.lists.values().flat_map(|list| &list.versions);
        let carries = editions.flat_map(|edition| &edition.base_documents).any(|document| document.item == item.code);
        let fields_where = |is: fn(&Field) -> bool| {
            version.fields.iter().enumerate().filter(|(_, field)| is(field)).map(|(at, _)| at).collect()
        };
        let searched = fields_where(|f| f.public && f.kind == FieldType::Text);
        let personal = fields_where(Field::is_of_persons);
        let columns = by_field;
        Self { item, version, lists, columns, roles, identity, searched, personal, sender, received_on, carries }
    }

    /// The edition by which rows are judged.
    #[must_use]
    pub fn version(&self) -> &'r Version {
        self.version
    }

    /// The item.
    #[must_use]
    pub fn item(&self) -> &'r Item {
        self.item
    }

    /// Who sends the file.
    #[must_use]
    pub fn sender(&self) -> &Uscc {
        &self.sender.uscc
    }

    /// The column of a field in the file at hand.
    #[must_use]
    pub fn column_of(&self, field: usize) -> Option<usize> {
        self.columns.get(field).copied().flatten()
    }

    fn at(&self, role: Role) -> Option<usize> {
        self.roles.iter().find(|(found, _)| *found == role).map(|(_, at)| *at)
    }

    /// Whether values say of their act that it was revoked, where a list lets a listing rest on records of the item.
    pub fn says_revoked(&self, values: &[Cow<'_, str>]) -> bool {
        self.carries
            && self.version.fields.iter().zip(&self.lists).zip(values).any(|((field, list), value)| {
                let states = field.codes.as_deref().is_some_and(|name| name.starts_with(ACT_STATE));
                let entry = list.filter(|_| states && !value.is_empty()).and_then(|list| list.entry(value));
                entry.is_some_and(|entry| entry.group.as_deref() == Some(REVOKED))
            })
    }

    /// The value that plays a role; empty when absent.
    #[must_use]
    pub fn value<'v>(&self, values: &'v [Cow<'_, str>], role: Role) -> &'v str {
        self.at(role).and_then(|at| values.get(at)).map_or("", |value| value)
    }

    fn has_column(&self, role: Role) -> bool {
        self.at(role).is_some_and(|at| self.columns.get(at).is_some_and(Option::is_some))
    }

    /// Reads each cell as its field asks.
    fn read<'a>(&self, cells: &[&'a str]) -> Row<'a> {
        let mut row = Row {
            values: Vec::with_capacity(self.version.fields.len()),
            dates: vec![None; self.version.fields.len()],
            rejects: Vec::new(),
            notes: Vec::new(),
        };
        for (at, field) in self.version.fields.iter().enumerate() {
            let cell = self.columns.get(at).copied().flatten().and_then(|c| cells.get(c)).copied().unwrap_or_default();
            let value = self.field(at, field, trim(cell), &mut row);
            row.values.push(value);
        }
        row
    }

    /// Judges one row; `cells` are its columns in the order of the file.
    #[must_use]
    pub fn judge<'a>(&self, cells: &[&'a str]) -> Judgement<'a> {
        let mut row = self.read(cells);
        if let Some(reject) = self.outside_the_list(&row) {
            return Judgement::Rejected(vec![reject]);
        }
        self.required(&mut row);
        let authority = self.authority(&mut row);
        self.cross_fields(&mut row);
        let subject = Uscc::parse(self.value(&row.values, Role::SubjectUscc));
        match (row.rejects.is_empty(), subject, authority) {
            (true, Ok(uscc), Some(authority)) => Judgement::Accepted(Box::new(self.fact(uscc, authority, row))),
            _ => {
                if row.rejects.is_empty() {
                    row.rejects.push(self.reject("uscc_missing", Role::SubjectUscc, ""));
                }
                Judgement::Rejected(row.rejects)
            }
        }
    }

    /// Which record a row means: what is judged of it is its identity alone, so that a row that would be refused today still
    /// names the record that its owner takes back.
    ///
    /// # Errors
    /// Why it names none.
    pub fn key(&self, cells: &[&str]) -> Result<Key, Vec<Reject>> {
        let mut row = self.read(cells);
        if let Some(reject) = self.outside_the_list(&row) {
            return Err(vec![reject]);
        }
        self.required(&mut row);
        let authority = self.authority(&mut row);
        let of_identity = |code: &str| {
            let field = |at: &Option<usize>| at.and_then(|at| self.version.fields.get(at));
            let roles = [Role::SubjectUscc, Role::AuthorityUscc, Role::AuthorityName];
            let roles = roles.into_iter().filter_map(|role| self.at(role));
            code.is_empty()
                || self.identity.iter().filter_map(field).any(|field| field.code == code)
                || roles.filter_map(|at| self.version.fields.get(at)).any(|field| field.code == code)
        };
        row.rejects.retain(|reject| of_identity(&reject.field));
        let subject = Uscc::parse(self.value(&row.values, Role::SubjectUscc));
        match (row.rejects.is_empty(), subject, authority) {
            (true, Ok(uscc), Some(authority)) => Ok(Key { uscc, identity: self.identity_of(&row.values), authority }),
            (true, ..) => Err(vec![self.reject("identity_incomplete", Role::SubjectUscc, "")]),
            (false, ..) => Err(row.rejects),
        }
    }

    fn identity_of(&self, values: &[Cow<'_, str>]) -> Identity {
        let parts = self.identity.iter().map(|at| at.and_then(|at| values.get(at)).map_or("", |value| &**value));
        Identity::of(&self.item.code, parts)
    }

    fn reject(&self, code: &'static str, role: Role, detail: &str) -> Reject {
        let field = self.at(role).and_then(|at| self.version.fields.get(at)).map(|f| f.code.clone());
        Reject { code, field: field.unwrap_or_default(), detail: detail.to_owned() }
    }

    /// One cell: hygiene, length, type.
    fn field<'a>(&self, at: usize, field: &Field, cell: &'a str, row: &mut Row<'a>) -> Cow<'a, str> {
        if cell.is_empty() {
            return Cow::Borrowed("");
        }
        let mut refuse = |code: &'static str, detail: String| {
            row.rejects.push(Reject { code, field: field.code.clone(), detail });
            Cow::Borrowed("")
        };
        let odd = oddities(cell);
        if odd.control {
            return refuse("control_character", String::new());
        }
        if odd.replacement {
            return refuse("bad_encoding", "含有替换字符（�），原文在转码时已损坏".to_owned());
        }
        for (found, code) in [(odd.invisible, "invisible_character"), (odd.bidirectional, "bidirectional_control")] {
            if found {
                row.notes.push(Note { code, field: field.code.clone(), original: String::new() });
            }
        }
        let limit = usize::try_from(field.max_length).unwrap_or(usize::MAX);
        if limit > 0 && cell.len() > limit && cell.chars().count() > limit {
            return refuse("too_long", format!("最长{limit}个字符，实际{}个", cell.chars().count()));
        }
        match field.kind {
            FieldType::Text => {
                if field.role == Some(Role::SubjectName) && mixes_scripts(cell) {
                    row.notes.push(Note { code: "mixed_script", field: field.code.clone(), original: String::new() });
                }
                Cow::Borrowed(cell)
            }
            FieldType::Date => match value::date(cell) {
                Some(date) => {
                    if let Some(place) = row.dates.get_mut(at) {
                        *place = Some(date);
                    }
                    let mut text = String::with_capacity(10);
                    value::push_date(&mut text, date);
                    Cow::Owned(text)
                }
                None => refuse("date_invalid", "应为YYYY/MM/DD形式的有效日期".to_owned()),
            },
            FieldType::Decimal => match value::decimal(cell) {
                Some(number) => Cow::Owned(value::decimal_text(number)),
                None => refuse("number_invalid", "应为不超过六位小数的数字".to_owned()),
            },
            FieldType::Integer => match value::decimal(cell).filter(|n| n % 1_000_000 == 0) {
                Some(number) => Cow::Owned(value::decimal_text(number)),
                None => refuse("number_invalid", "应为整数".to_owned()),
            },
            FieldType::Uscc => self.code_of_unit(field, cell, row),
            FieldType::Code => match self.lists.get(at).copied().flatten() {
                None => Cow::Borrowed(cell),
                Some(list) => match list.find(cell) {
                    Some(found) => {
                        row.unnamed(list, field, found);
                        if found == cell { Cow::Borrowed(cell) } else { Cow::Owned(found.to_owned()) }
                    }
                    None => refuse("code_unknown", format!("可用的值：{}", list.values_text())),
                },
            },
            FieldType::Codes => {
                let Some(list) = self.lists.get(at).copied().flatten() else { return Cow::Borrowed(cell) };
                let mut found: Vec<&str> = Vec::new();
                for part in cell.split([';', '；', '|']).map(trim).filter(|part| !part.is_empty()) {
                    match list.find_all(part) {
                        Some(values) => found.extend(values),
                        None => return refuse("code_unknown", format!("可用的值：{}", list.values_text())),
                    }
                }
                found.iter().for_each(|value| row.unnamed(list, field, value));
                let joined = found.join(";");
                if joined == cell { Cow::Borrowed(cell) } else { Cow::Owned(joined) }
            }
        }
    }

    fn code_of_unit<'a>(&self, field: &Field, cell: &'a str, row: &mut Row<'a>) -> Cow<'a, str> {
        let error = match Uscc::parse(cell) {
            Ok(_) => return Cow::Borrowed(cell),
            Err(error) => error,
        };
        let folded = uscc::fold(cell);
        if Uscc::parse(&folded).is_ok() {
            row.notes.push(Note { code: "normalised", field: field.code.clone(), original: cell.to_owned() });
            return Cow::Owned(folded);
        }
        let subject = field.role == Some(Role::SubjectUscc);
        let suggested =
            if subject && !personal::carries_personal_number(cell) { uscc::suggestions(cell) } else { vec![] };
        let detail = match suggested.as_slice() {
            [] => String::new(),
            found => {
                let found: Vec<&str> = found.iter().take(5).map(Uscc::as_str).collect();
                format!("若只错一位，可能是：{}", found.join("、"))
            }
        };
        let code = if subject { error.code() } else { "authority_uscc_invalid" };
        row.rejects.push(Reject { code, field: field.code.clone(), detail });
        Cow::Borrowed("")
    }

    /// Natural persons and simple procedure: outside the data list whatever else the row says.
    fn outside_the_list(&self, row: &Row<'_>) -> Option<Reject> {
        let class = self.value(&row.values, Role::SubjectClass);
        let no_code = self.value(&row.values, Role::SubjectUscc).is_empty()
            && !row.rejects.iter().any(|reject| reject.code.starts_with("uscc_"));
        let person = self.personal.iter().any(|at| row.values.get(*at).is_some_and(|value| !value.is_empty()));
        if class.contains("自然人") || (no_code && person) {
            return Some(self.reject("natural_person", Role::SubjectClass, ""));
        }
        let procedure = self.value(&row.values, Role::Procedure);
        let remark = self.value(&row.values, Role::Remark);
        if says_simple_procedure(procedure) || says_simple_procedure(remark) {
            let role = if says_simple_procedure(procedure) { Role::Procedure } else { Role::Remark };
            return Some(self.reject("simple_procedure", role, ""));
        }
        None
    }

    fn required(&self, row: &mut Row<'_>) {
        for (at, field) in self.version.fields.iter().enumerate() {
            let empty = row.values.get(at).is_none_or(|value| value.is_empty());
            if !empty || row.rejects.iter().any(|reject| reject.field == field.code) {
                continue;
            }
            let has_column = self.columns.get(at).is_some_and(Option::is_some);
            match field.role {
                Some(Role::SubjectUscc) => {
                    row.rejects.push(Reject { code: "uscc_missing", field: field.code.clone(), detail: String::new() });
                }
                // Older header forms lack whole columns: only a column that is there can be left empty.
                _ if field.required && has_column => {
                    row.rejects.push(Reject {
                        code: "required_missing",
                        field: field.code.clone(),
                        detail: String::new(),
                    });
                }
                _ if field.expected && has_column => {
                    row.notes.push(Note {
                        code: "expected_missing",
                        field: field.code.clone(),
                        original: String::new(),
                    });
                }
                _ => {}
            }
        }
    }

    /// The deciding authority: its code where the form has one, else the sender when it bears the authority's name.
    fn authority(&self, row: &mut Row<'_>) -> Option<Uscc> {
        let Some(at) = self.at(Role::AuthorityUscc) else { return Some(self.sender.uscc) };
        let stated = self.value(&row.values, Role::AuthorityUscc);
        if !stated.is_empty() {
            return Uscc::parse(stated).ok();
        }
        let name = self.value(&row.values, Role::AuthorityName);
        let unstated = name.is_empty() && !self.version.fields.get(at).is_some_and(|field| field.required);
        let known = |known: &String| super::text::fold_name(known) == super::text::fold_name(name);
        if unstated || (!self.has_column(Role::AuthorityUscc) && self.sender.names.iter().any(known)) {
            if let Some(value) = row.values.get_mut(at) {
                *value = Cow::Owned(self.sender.uscc.to_string());
            }
            return Some(self.sender.uscc);
        }
        if row.rejects.is_empty() {
            row.rejects.push(self.reject("authority_unknown", Role::AuthorityName, ""));
        }
        None
    }

    fn date(&self, row: &Row<'_>, role: Role) -> Option<Date> {
        self.at(role).and_then(|at| row.dates.get(at).copied().flatten())
    }

    fn cross_fields(&self, row: &mut Row<'_>) {
        if self.date(row, Role::DecidedOn).is_some_and(|day| day > self.received_on) {
            row.rejects.push(self.reject(
                "date_in_future",
                Role::DecidedOn,
                &format!("晚于接收日{}", self.received_on),
            ));
        }
        if let (Some(from), Some(to)) = (self.date(row, Role::ValidFrom), self.date(row, Role::ValidTo))
            && from > to
        {
            row.rejects.push(self.reject("date_order", Role::ValidTo, "有效期至早于有效期自"));
        }
        // A penalty has no first day of its own: it takes effect when it is decided and cannot have ended before.
        if self.at(Role::PenaltyKinds).is_some()
            && let (Some(decided), Some(to)) = (self.date(row, Role::DecidedOn), self.date(row, Role::ValidTo))
            && to < decided
        {
            row.rejects.push(self.reject("date_order", Role::ValidTo, "处罚有效期早于处罚决定日期"));
        }
        let kinds = self.value(&row.values, Role::PenaltyKinds);
        if kinds.split(';').any(|kind| kind.contains("罚款")) && self.value(&row.values, Role::FineAmount).is_empty()
        {
            self.amount_missing(row, Role::FineAmount, "处罚类别含罚款，须填罚款金额（万元）");
        }
        let kinds = self.value(&row.values, Role::PenaltyKinds);
        if kinds.contains("没收") && self.value(&row.values, Role::ConfiscatedAmount).is_empty() {
            self.amount_missing(row, Role::ConfiscatedAmount, "处罚类别含没收，须填没收金额（万元）");
        }
        for role in [Role::FineAmount, Role::ConfiscatedAmount] {
            if self.value(&row.values, role).starts_with('-') {
                row.rejects.push(self.reject("number_invalid", role, "金额不能为负"));
            }
        }
        let source = self.value(&row.values, Role::SourceUscc);
        let entrusted = || self.sender.entrusted_by.iter().any(|unit| unit.as_str() == source);
        if !source.is_empty() && source != self.sender.uscc.as_str() && !entrusted() {
            row.rejects.push(self.reject("source_mismatch", Role::SourceUscc, ""));
        }
    }

    fn amount_missing(&self, row: &mut Row<'_>, role: Role, detail: &str) {
        let field = self.reject("amount_missing", role, detail);
        // A form without the column cannot state the amount; one whose amount is unreadable was told so already.
        if self.has_column(role) && !row.rejects.iter().any(|reject| reject.field == field.field) {
            row.rejects.push(field);
        }
    }

    fn fact<'a>(&self, uscc: Uscc, authority: Uscc, row: Row<'a>) -> Fact<'a> {
        let identity = self.identity_of(&row.values);
        let hold = self.hold(&row);
        let name = self.at(Role::SubjectName).and_then(|at| row.values.get(at)).cloned().unwrap_or_default();
        let decided_on = self.date(&row, Role::DecidedOn).or_else(|| self.date(&row, Role::EstablishedOn));
        Fact { uscc, name, identity, authority, decided_on, values: row.values, hold, notes: row.notes }
    }

    /// Why a person must look before this becomes public.
    fn hold(&self, row: &Row<'_>) -> &'static str {
        let of = |role| self.value(&row.values, role);
        let (fine, procedure) = (of(Role::FineAmount), of(Role::Procedure));
        if self.at(Role::PenaltyKinds).is_some() && may_be_simple_procedure(of(Role::PenaltyKinds), fine, procedure) {
            return review::MAYBE_SIMPLE_PROCEDURE;
        }
        if self.version.disclosure == Disclosure::Public && self.carries_personal_number(row) {
            return review::PERSONAL_NUMBER;
        }
        ""
    }

    fn carries_personal_number(&self, row: &Row<'_>) -> bool {
        let texts = self.searched.iter().filter_map(|at| self.version.fields.get(*at).zip(row.values.get(*at)));
        let texts = texts.filter(|(_, value)| !value.is_empty());
        let written: Vec<Written<'_>> = texts.map(|(field, value)| Written::of(field, value)).collect();
        written.iter().enumerate().any(|(at, one)| one.carries(&written, at))
    }
}

fn trim(cell: &str) -> &str {
    cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}
