//! The function itself.

use super::model::{Model, ModelVersion, Weight};
use jiff::civil::Date;
use serde::Serialize;

/// Grade of the public credit evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Grade {
    /// 优
    A,
    /// 良
    B,
    /// 中
    C,
    /// 差
    D,
}

impl Grade {
    /// The letter.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Grade::A => "A",
            Grade::B => "B",
            Grade::C => "C",
            Grade::D => "D",
        }
    }

    /// The Chinese word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Grade::A => "优",
            Grade::B => "良",
            Grade::C => "中",
            Grade::D => "差",
        }
    }
}

/// A record as evaluation sees it.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The record's public reference.
    pub record: &'a str,
    /// Its identity: what orders records, so that their order in the store does not matter.
    pub identity: &'a [u8; 16],
    /// Item code.
    pub item: &'a str,
    /// Class of misconduct; empty where the item has none.
    pub class: &'a str,
    /// Owner.
    pub source: &'a str,
    /// First public day.
    pub public_from_on: Date,
    /// Last public day.
    pub public_through_on: Option<Date>,
}

impl Input<'_> {
    fn is_public_on(&self, day: Date) -> bool {
        self.public_from_on <= day && self.public_through_on.is_none_or(|last| day <= last)
    }
}

/// What one record adds or takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The record.
    pub record: String,
    /// Its item.
    pub item: String,
    /// Its owner.
    pub source: String,
    /// Why, with its article.
    pub article: String,
    /// Points.
    pub points: i64,
}

/// A grade with everything that it rests on: points = base + sum of the lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evaluation {
    /// Grade.
    pub grade: Grade,
    /// Points before any record.
    pub base: i64,
    /// Points.
    pub points: i64,
    /// A line a record, in order of identities.
    pub lines: Vec<Line>,
    /// The first later day on which the same records give another answer; none when they never do.
    pub next_change_on: Option<Date>,
}

/// Evaluates the records on a day; `None` when the model has no version then.
#[must_use]
pub fn evaluate(model: &Model, records: &[Input<'_>], day: Date) -> Option<Evaluation> {
    model.version_on(day).map(|version| with_version(version, records, day))
}

pub(super) fn with_version(version: &ModelVersion, records: &[Input<'_>], day: Date) -> Evaluation {
    let mut counted: Vec<(&Input<'_>, usize, &Weight)> =
        records.iter().filter(|record| record.is_public_on(day)).filter_map(|record| weigh(version, record)).collect();
    counted.sort_by_key(|(record, ..)| record.identity);
    let mut sums = vec![0i64; version.weights.len()];
    let mut lines = Vec::with_capacity(counted.len());
    for (record, at, weight) in counted {
        let Some(sum) = sums.get_mut(at) else { continue };
        let points = match weight.bound {
            Some(bound) if weight.points < 0 => weight.points.max(bound - *sum),
            Some(bound) => weight.points.min(bound - *sum),
            None => weight.points,
        };
        *sum += points;
        lines.push(Line {
            record: record.record.to_owned(),
            item: record.item.to_owned(),
            source: record.source.to_owned(),
            article: weight.article.clone(),
            points,
        });
    }
    let points = version.base_points + lines.iter().map(|line| line.points).sum::<i64>();
    let weighed = || records.iter().filter(|record| weigh(version, record).is_some());
    let begins = weighed().map(|record| record.public_from_on).filter(|from| *from > day);
    let ends = weighed()
        .filter(|record| record.is_public_on(day))
        .filter_map(|record| record.public_through_on?.tomorrow().ok());
    let version_ends = version.effective_to.and_then(|to| to.tomorrow().ok());
    Evaluation {
        grade: version.threshold_points.grade(points),
        base: version.base_points,
        points,
        lines,
        next_change_on: begins.chain(ends).chain(version_ends).min(),
    }
}

fn weigh<'m, 'r, 'a>(version: &'m ModelVersion, record: &'r Input<'a>) -> Option<(&'r Input<'a>, usize, &'m Weight)> {
    let fits = |weight: &Weight| {
        weight.item == record.item && weight.class.as_deref().is_none_or(|class| class == record.class)
    };
    version.weights.iter().enumerate().find(|(_, weight)| fits(weight)).map(|(at, weight)| (record, at, weight))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::explain::explain;
    use crate::evaluation::model::Thresholds;
    use proptest::prelude::*;

    fn model() -> Model {
        let weight = |item: &str, class: Option<&str>, points, bound| Weight {
            item: item.to_owned(),
            class: class.map(str::to_owned),
            points,
            bound,
            article: "示例".to_owned(),
        };
        Model {
            id: "demonstration".to_owned(),
            name: "示例".to_owned(),
            notice: "示例".to_owned(),
            regions: vec!["379900".to_owned()],
            versions: vec![ModelVersion {
                effective_from: Date::constant(2019, 1, 1),
                effective_to: None,
                basis: vec![],
                base_points: 1000,
                threshold_points: Thresholds { a: 950, b: 850, c: 650 },
                weights: vec![
                    weight("penalty", Some("serious"), -150, None),
                    weight("penalty", None, -40, Some(-200)),
                    weight("honour", None, 10, Some(30)),
                ],
            }],
        }
    }

    fn record(identity: &[u8; 16], item: &'static str, class: &'static str, through: Date) -> Input<'static> {
        let record = Box::leak(crate::canonical::hex(identity).into_boxed_str());
        let identity = Box::leak(Box::new(*identity));
        Input {
            record,
            identity,
            item,
            class,
            source: "11379900000000086M",
            public_from_on: Date::constant(2026, 1, 1),
            public_through_on: Some(through),
        }
    }

    #[test]
    fn points_are_base_and_lines_and_a_record_stops_counting_the_day_after_its_last_public_day() {
        let records = [
            record(&[1; 16], "penalty", "serious", Date::constant(2026, 6, 30)),
            record(&[2; 16], "honour", "", Date::constant(2027, 1, 1)),
            record(&[3; 16], "complaint", "", Date::constant(2027, 1, 1)),
        ];
        let before = evaluate(&model(), &records, Date::constant(2026, 6, 30)).unwrap();
        assert_eq!((before.points, before.grade, before.lines.len()), (860, Grade::B, 2));
        assert_eq!(before.next_change_on, Some(Date::constant(2026, 7, 1)));
        let after = evaluate(&model(), &records, Date::constant(2026, 7, 1)).unwrap();
        assert_eq!((after.points, after.grade), (1010, Grade::A));
        let changes = explain(&model(), &records, Date::constant(2026, 6, 30));
        assert!(changes.iter().any(|change| change.on == Some(Date::constant(2026, 7, 1)) && change.grade == Grade::A));
    }

    proptest! {
        #[test]
        fn the_order_of_records_never_matters_and_the_lines_always_add_up(
            kinds in proptest::collection::vec((0u8..4, 1i8..12), 0..40), turn in 0usize..40
        ) {
            let mut records: Vec<Input<'static>> = kinds.iter().enumerate().map(|(i, (kind, month))| {
                let (item, class) = [("penalty", "serious"), ("penalty", "general"), ("honour", ""), ("permit", "")][usize::from(*kind)];
                record(&[i as u8; 16], item, class, Date::new(2026, *month, 15).unwrap())
            }).collect();
            let day = Date::constant(2026, 5, 1);
            let one = evaluate(&model(), &records, day).unwrap();
            prop_assert_eq!(one.points, one.base + one.lines.iter().map(|line| line.points).sum::<i64>());
            if !records.is_empty() {
                let middle = turn % records.len();
                records.rotate_left(middle);
            }
            prop_assert_eq!(&one, &evaluate(&model(), &records, day).unwrap());
            // Until the next change nothing changes.
            if let Some(next) = one.next_change_on {
                let eve = evaluate(&model(), &records, next.yesterday().unwrap()).unwrap();
                prop_assert_eq!(one.points, eve.points);
            }
        }
    }
}
