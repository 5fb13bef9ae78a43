//! Evaluation against its definition, written once more and slowly.

use super::model::Thresholds;
use super::*;
use crate::canonical::hex;
use crate::record::value::{date_of, day_number};
use jiff::civil::{Date, date};
use proptest::prelude::*;

fn model() -> Model {
    let weight = |item: &str, class: Option<&str>, points, bound| Weight {
        item: item.to_owned(),
        class: class.map(str::to_owned),
        points,
        bound,
        article: "示例 一".to_owned(),
    };
    Model {
        id: "demonstration".to_owned(),
        name: "示例".to_owned(),
        notice: "示例".to_owned(),
        regions: vec!["379900".to_owned()],
        versions: vec![ModelVersion {
            effective_from: date(2019, 1, 1),
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

#[derive(Clone, Debug)]
struct Fact {
    identity: [u8; 16],
    item: &'static str,
    class: &'static str,
    from: Date,
    through: Option<Date>,
}

impl Fact {
    fn of(identity: u8, item: &'static str, class: &'static str, through: Date) -> Self {
        Self { identity: [identity; 16], item, class, from: date(2026, 1, 1), through: Some(through) }
    }

    fn input(&self) -> Input<'_> {
        Input {
            reference: &self.identity,
            identity: &self.identity,
            item: self.item,
            class: self.class,
            source: "11379900000000086M",
            public_from_on: day_number(self.from),
            public_through_on: self.through.map(day_number),
        }
    }

    fn is_public_on(&self, day: Date) -> bool {
        self.from <= day && self.through.is_none_or(|last| day <= last)
    }
}

fn evaluated(facts: &[Fact], day: Date) -> Evaluation {
    let inputs: Vec<Input<'_>> = facts.iter().map(Fact::input).collect();
    evaluate(&model(), &inputs, day).unwrap()
}

/// Points by the definition: each record in turn, up to the bound of its weight.
fn slowly(facts: &[Fact], day: Date) -> i64 {
    let version = &model().versions[0];
    let mut sums = [0i64; 3];
    for fact in facts.iter().filter(|fact| fact.is_public_on(day)) {
        let (at, points, bound) = match (fact.item, fact.class) {
            ("penalty", "serious") => (0, -150, i64::MIN),
            ("penalty", _) => (1, -40, -200),
            ("honour", _) => (2, 10, 30),
            _ => continue,
        };
        let sum = sums[at] + points;
        sums[at] = if points < 0 { sum.max(bound) } else { sum.min(bound) };
    }
    version.base_points + sums.iter().sum::<i64>()
}

#[test]
fn points_are_base_and_lines_and_a_record_stops_counting_the_day_after_its_last_public_day() {
    let facts = [
        Fact::of(1, "penalty", "serious", date(2026, 6, 30)),
        Fact::of(2, "honour", "", date(2027, 1, 1)),
        Fact::of(3, "complaint", "", date(2027, 1, 1)),
    ];
    let before = evaluated(&facts, date(2026, 6, 30));
    assert_eq!((before.points, before.grade, before.lines.len()), (860, Grade::B, 2));
    assert_eq!(before.next_change_on, Some(date(2026, 7, 1)));
    let change = |kind, on| Change { kind, on, record: Some(hex(&[1; 16])), grade: Grade::A, points: 1010 };
    let expected = [change(ChangeKind::Date, Some(date(2026, 7, 1))), change(ChangeKind::Record, None)];
    assert_eq!(before.would_change, expected);
    let after = evaluated(&facts, date(2026, 7, 1));
    assert_eq!((after.points, after.grade), (1010, Grade::A));
}

#[test]
fn a_version_that_ends_is_the_next_change_and_nothing_is_foretold_beyond_it() {
    let mut model = model();
    model.versions[0].effective_to = Some(date(2026, 5, 31));
    let fact = Fact::of(1, "penalty", "serious", date(2026, 6, 30));
    let found = evaluate(&model, &[fact.input()], date(2026, 5, 1)).unwrap();
    assert_eq!(found.next_change_on, Some(date(2026, 6, 1)));
    assert!(found.would_change.iter().all(|change| change.kind == ChangeKind::Record), "{found:?}");
    assert_eq!(evaluate(&model, &[fact.input()], date(2026, 6, 1)), None);
}

fn facts() -> impl Strategy<Value = Vec<Fact>> {
    let one = (0u8..5, 1i8..12, proptest::option::of(4i8..12));
    proptest::collection::vec(one, 0..40).prop_map(|kinds| {
        let fact = |(at, (kind, from, through)): (usize, &(u8, i8, Option<i8>))| {
            let (item, class) =
                [("penalty", "serious"), ("penalty", "general"), ("honour", ""), ("permit", ""), ("penalty", "")]
                    [usize::from(*kind)];
            Fact {
                // Neither in the order of the list nor in that of the dates.
                identity: [(at as u8).wrapping_mul(101); 16],
                item,
                class,
                from: date(2026, (*from).min(through.unwrap_or(12)), 1),
                through: through.map(|month| date(2026, month, 15)),
            }
        };
        kinds.iter().enumerate().map(fact).collect()
    })
}

proptest! {
    #[test]
    fn points_are_those_of_the_definition_and_the_lines_add_up(facts in facts()) {
        let day = date(2026, 5, 1);
        let found = evaluated(&facts, day);
        prop_assert_eq!(found.points, slowly(&facts, day));
        prop_assert_eq!(found.points, found.base + found.lines.iter().map(|line| line.points).sum::<i64>());
        prop_assert_eq!(found.grade, model().versions[0].threshold_points.grade(found.points));
    }

    #[test]
    fn points_without_lines_are_those_of_the_explanation(facts in facts(), ends in proptest::option::of(5i8..8)) {
        let mut model = model();
        model.versions[0].effective_to = ends.map(|month| date(2026, month, 20));
        let version = &model.versions[0];
        let day = date(2026, 5, 1);
        let mut summer = Summer::new(version, day);
        // Twice: nothing of one organisation is left for the next.
        for _ in 0..2 {
            let mut scorer = Scorer::new(version, day);
            for fact in &facts {
                let input = fact.input();
                scorer.take(&input);
                if let Some(weight) = version.weight_of(input.item, input.class) {
                    summer.count(weight, input.public_from_on, input.public_through_on);
                }
            }
            let (scored, summed) = (scorer.finish(), summer.finish());
            prop_assert_eq!(
                (scored.grade, scored.points, scored.next_change_on),
                (summed.grade, summed.points, summed.next_change_on)
            );
        }
    }

    #[test]
    fn the_order_of_records_never_matters(facts in facts(), turn in 0usize..40) {
        let day = date(2026, 5, 1);
        let mut turned = facts.clone();
        if !turned.is_empty() {
            let middle = turn % turned.len();
            turned.rotate_left(middle);
        }
        turned.reverse();
        prop_assert_eq!(evaluated(&facts, day), evaluated(&turned, day));
    }

    #[test]
    fn until_the_next_change_nothing_changes_and_what_is_foretold_comes(facts in facts()) {
        let day = date(2026, 5, 1);
        let now = evaluated(&facts, day);
        if let Some(next) = now.next_change_on {
            let eve = evaluated(&facts, next.yesterday().unwrap());
            prop_assert_eq!((eve.points, eve.lines, eve.would_change), (now.points, now.lines.clone(), now.would_change.clone()));
        }
        // Every change of grade in the days to come is foretold, and nothing else is.
        let mut grade = now.grade;
        let mut expected = Vec::new();
        for number in day_number(day) + 1..day_number(date(2027, 1, 2)) {
            let then = date_of(number).unwrap();
            let points = slowly(&facts, then);
            let other = model().versions[0].threshold_points.grade(points);
            if other != grade {
                grade = other;
                expected.push((Some(then), grade, points));
            }
        }
        let by_date = now.would_change.iter().filter(|change| change.kind == ChangeKind::Date);
        let foretold: Vec<_> = by_date.map(|change| (change.on, change.grade, change.points)).collect();
        prop_assert_eq!(foretold, expected);
    }

    #[test]
    fn a_record_is_named_exactly_when_its_end_alone_changes_the_grade(facts in facts()) {
        let day = date(2026, 5, 1);
        let now = evaluated(&facts, day);
        let mut expected = Vec::new();
        for fact in &facts {
            let without: Vec<Fact> = facts.iter().filter(|other| other.identity != fact.identity).cloned().collect();
            let grade = model().versions[0].threshold_points.grade(slowly(&without, day));
            if fact.is_public_on(day) && grade != now.grade {
                expected.push((hex(&fact.identity), grade, slowly(&without, day)));
            }
        }
        expected.sort();
        let by_record = now.would_change.iter().filter(|change| change.kind == ChangeKind::Record);
        let found: Vec<_> = by_record.map(|c| (c.record.clone().unwrap(), c.grade, c.points)).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn an_evaluation_comes_back_from_its_bytes_and_damaged_bytes_are_told(facts in facts(), cut in 1usize..30) {
        let inputs: Vec<Input<'_>> = facts.iter().map(Fact::input).collect();
        let scored = score(&model().versions[0], &inputs, date(2026, 5, 1));
        let bytes = scored.to_bytes();
        let again = Scored::from_bytes(scored.grade, scored.points, scored.next_change_on, &bytes);
        prop_assert_eq!(again.as_ref(), Some(&scored));
        let shorter = &bytes[..bytes.len().saturating_sub(cut)];
        prop_assert_eq!(Scored::from_bytes(scored.grade, scored.points, None, shorter), None);
    }
}
