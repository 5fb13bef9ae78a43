//! An edition of the measures list: the versions in force on one day, and what changed since the edition before.
//!
//! Serves 山东省社会信用条例 art. 25 (the list is dynamic and public) and 鲁信用办〔2019〕8号 art. 十三. As in the data list, an edition
//! begins on a day on which any measure's version begins or the day after one ends.

use super::measure::{Measure, MeasureVersion};
use crate::canonical;
use crate::catalog::edition::{ChangeKind, days_of_change, properties};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The measures in force on a day.
#[derive(Clone, Debug)]
pub struct MeasureEdition<'r> {
    /// First day on which the list stands as it does.
    pub effective_from: Date,
    /// Measures with their version, in order of their codes.
    pub measures: Vec<(&'r Measure, &'r MeasureVersion)>,
}

/// One difference between two editions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MeasureChange {
    /// What became of it.
    pub kind: ChangeKind,
    /// Code of the measure.
    pub measure: String,
    /// Its Chinese name.
    pub name: String,
    /// Which property changed; `null` where the whole was added or ended.
    pub property: Option<String>,
    /// The older value.
    pub old: Option<String>,
    /// The newer value.
    pub new: Option<String>,
}

impl<'r> MeasureEdition<'r> {
    /// The edition in force on a day; `None` before the first one.
    #[must_use]
    pub fn on(measures: &'r BTreeMap<String, Measure>, day: Date) -> Option<Self> {
        let versions = measures.values().flat_map(|measure| &measure.versions);
        let starts = days_of_change(versions.map(|v| (v.effective_from, v.effective_to)));
        let effective_from = starts.into_iter().rev().find(|start| *start <= day)?;
        let measures = measures.values().filter_map(|one| Some((one, one.version_on(day)?))).collect();
        Some(Self { effective_from, measures })
    }

    /// The edition that this one followed.
    #[must_use]
    pub fn before(&self, measures: &'r BTreeMap<String, Measure>) -> Option<Self> {
        Self::on(measures, self.effective_from.yesterday().ok()?)
    }

    /// SHA-256 over the canonical JSON of its measures with their versions.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let stated = |(measure, version): &(&Measure, &MeasureVersion)| {
            let version = serde_json::to_value(version).unwrap_or_default();
            (measure.code.clone(), serde_json::json!({ "name": measure.name, "version": version }))
        };
        let whole: Map<String, Value> = self.measures.iter().map(stated).collect();
        Sha256::digest(canonical::to_vec(&Value::Object(whole))).into()
    }

    /// What was added, ended or changed since an older edition, in order of codes.
    #[must_use]
    pub fn changes_since(&self, older: &MeasureEdition<'_>) -> Vec<MeasureChange> {
        let named = |edition: &[(&Measure, &MeasureVersion)]| -> BTreeSet<String> {
            edition.iter().map(|(measure, _)| measure.code.clone()).collect()
        };
        let codes: BTreeSet<String> = named(&self.measures).union(&named(&older.measures)).cloned().collect();
        let mut changes = Vec::new();
        for code in &codes {
            let now = self.measures.iter().find(|(measure, _)| measure.code == *code);
            let then = older.measures.iter().find(|(measure, _)| measure.code == *code);
            match (then, now) {
                (None, Some((measure, _))) => changes.push(whole(ChangeKind::Added, measure)),
                (Some((measure, _)), None) => changes.push(whole(ChangeKind::Ended, measure)),
                (Some((_, then)), Some((measure, now))) if *then != *now => {
                    properties(*then, *now, &["effective_from", "effective_to"], |property, old, new| {
                        let changed = whole(ChangeKind::Changed, measure);
                        changes.push(MeasureChange { property: Some(property), old, new, ..changed });
                    });
                }
                _ => {}
            }
        }
        changes
    }
}

fn whole(kind: ChangeKind, measure: &Measure) -> MeasureChange {
    MeasureChange {
        kind,
        measure: measure.code.clone(),
        name: measure.name.clone(),
        property: None,
        old: None,
        new: None,
    }
}
