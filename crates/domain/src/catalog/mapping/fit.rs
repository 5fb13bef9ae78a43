//! How well one item's edition fits a header.

use super::{Generation, Mapping, NoItem, REJECT_COLUMNS};
use crate::catalog::fold::fold;
use crate::catalog::item::{Item, Role, Version};
use std::collections::BTreeMap;

/// Ending of fields that hold a column of the 2015/2016 form whose values mean something else than today's column of
/// the same name: in a header of the older form the column goes there.
pub(crate) const OLDER_FIELD: &str = "_2015";

/// A header cell as written and as compared.
pub(super) struct Cell<'h> {
    raw: &'h str,
    folded: String,
}

impl<'h> Cell<'h> {
    pub(super) fn all(header: &'h [String]) -> Vec<Self> {
        header.iter().map(|raw| Cell { raw, folded: fold(raw) }).collect()
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Code,
    Name,
    Alias,
}

/// An item's edition held against a header.
pub(super) struct Fit<'r> {
    item: &'r Item,
    version: &'r Version,
    columns: Vec<Option<(usize, Form)>>,
    /// Columns whose field has an earlier one.
    repeated: Vec<usize>,
    keys: usize,
    missing_keys: Vec<String>,
}

impl<'r> Fit<'r> {
    pub(super) fn of(item: &'r Item, version: &'r Version, header: &[Cell<'_>]) -> Self {
        let mut forms: BTreeMap<String, (usize, Form)> = BTreeMap::new();
        for (at, field) in version.fields.iter().enumerate() {
            forms.entry(fold(&field.code)).or_insert((at, Form::Code));
            forms.entry(fold(&field.name)).or_insert((at, Form::Name));
            for alias in &field.aliases {
                forms.entry(fold(alias)).or_insert((at, Form::Alias));
            }
        }
        let mut taken = vec![false; version.fields.len()];
        let mut columns = Vec::with_capacity(header.len());
        let mut repeated = Vec::new();
        for (column, cell) in header.iter().enumerate() {
            let found = forms.get(&cell.folded).copied();
            let free = found.and_then(|(at, _)| taken.get_mut(at)).is_some_and(|taken| !std::mem::replace(taken, true));
            if found.is_some() && !free {
                repeated.push(column);
            }
            columns.push(found.filter(|_| free));
        }
        let has = |at: usize| taken.get(at).copied().unwrap_or_default();
        let keys = version.fields.iter().enumerate().filter(|(_, field)| field.key_column);
        let (present, absent): (Vec<_>, Vec<_>) = keys.partition(|(at, _)| has(*at));
        let missing_keys = absent.into_iter().map(|(_, field)| field.name.clone()).collect();
        Self { item, version, columns, repeated, keys: present.len(), missing_keys }
    }

    /// What is compared: known columns, then whether the key columns are there, then how many they are.
    pub(super) fn rank(&self) -> (usize, bool, usize) {
        (self.columns.iter().flatten().count(), self.is_complete(), self.keys)
    }

    pub(super) fn is_complete(&self) -> bool {
        self.missing_keys.is_empty() && self.keys > 0
    }

    pub(super) fn named(&self) -> (String, String) {
        (self.item.code.clone(), self.item.name.clone())
    }

    pub(super) fn refusal(&self) -> NoItem {
        NoItem {
            nearest: Some(self.named()),
            missing: self.missing_keys.clone(),
            columns_known: self.rank().0,
            ..NoItem::default()
        }
    }

    fn has_field(&self, at: usize) -> bool {
        self.columns.iter().flatten().any(|(field, _)| *field == at)
    }

    fn generation(&self) -> Generation {
        let count = |form| self.columns.iter().flatten().filter(|(_, found)| *found == form).count();
        let authority = self.version.field_of(Role::AuthorityUscc);
        if authority.is_some_and(|(at, field)| field.required && !self.has_field(at)) && count(Form::Alias) > 0 {
            Generation::Older
        } else if count(Form::Code) >= count(Form::Name) + count(Form::Alias) {
            Generation::Codes
        } else {
            Generation::Names
        }
    }

    /// The field that takes a column in a header of the given form.
    fn field_for(&self, at: usize, generation: Generation) -> usize {
        let code = self.version.fields.get(at).map_or("", |field| &field.code);
        let older = self.version.fields.iter().position(|f| f.code.strip_suffix(OLDER_FIELD) == Some(code));
        older.filter(|at| generation == Generation::Older && !self.has_field(*at)).unwrap_or(at)
    }

    pub(super) fn mapping(&self, header: &[Cell<'_>]) -> Mapping {
        let generation = self.generation();
        let columns = self.columns.iter().map(|found| found.map(|(at, _)| self.field_for(at, generation)));
        let required = self.version.fields.iter().enumerate().filter(|(at, f)| f.required && !self.has_field(*at));
        let ours: Vec<String> = REJECT_COLUMNS.iter().map(|name| fold(name)).collect();
        let written = |at: &usize| header.get(*at).map(|cell| cell.raw.trim().to_owned());
        let unknown = (0..header.len()).filter(|at| {
            let cell = header.get(*at);
            self.columns.get(*at).is_none_or(Option::is_none)
                && !self.repeated.contains(at)
                && cell.is_some_and(|cell| !cell.folded.is_empty() && !ours.contains(&cell.folded))
        });
        Mapping {
            item: self.item.code.clone(),
            generation,
            missing_required: required.map(|(_, field)| field.name.clone()).collect(),
            unknown: unknown.filter_map(|at| written(&at)).collect(),
            repeated: self.repeated.iter().filter_map(written).collect(),
            columns: columns.collect(),
        }
    }
}
