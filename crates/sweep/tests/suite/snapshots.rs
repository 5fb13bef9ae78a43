//! Snapshots of small made-up registers, with groups so small that organisations meet every edge of one.

use credence_domain::evaluation::model::Thresholds;
use credence_domain::evaluation::{Input, Model, ModelVersion, Scored, Weight, score};
use credence_domain::record::value::day_number;
use credence_domain::subject::Uscc;
use credence_sweep::{Head, SweepError, Writer, each_outcome, head, held, sweep};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::path::Path;

const DAY: Date = date(2026, 11, 30);

fn model(region: &str) -> Model {
    let weight = |item: &str, class: Option<&str>, points, bound| Weight {
        item: item.to_owned(),
        class: class.map(str::to_owned),
        points,
        bound,
        article: "示例 一".to_owned(),
    };
    Model {
        id: format!("of_{region}"),
        name: "示例".to_owned(),
        notice: "示例".to_owned(),
        regions: vec![region.to_owned()],
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
    from_on: i32,
    through_on: Option<i32>,
}

impl Fact {
    fn input(&self) -> Input<'_> {
        Input {
            reference: &self.identity,
            identity: &self.identity,
            item: self.item,
            class: self.class,
            source: "11379900000000086M",
            public_from_on: self.from_on,
            public_through_on: self.through_on,
        }
    }
}

#[derive(Clone, Debug)]
struct Organisation {
    uscc: String,
    registered: bool,
    facts: Vec<Fact>,
}

/// The code of an organisation of one of three kinds: of the model's region, of another, a sole trader.
fn code(number: usize, kind: usize) -> String {
    let head = ["91379900", "91370100", "92379900"][kind];
    let body = format!("{head}MA{number:07}");
    let all = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars();
    all.map(|check| format!("{body}{check}")).find(|code| Uscc::parse(code).is_ok()).unwrap()
}

fn organisations() -> impl Strategy<Value = Vec<Organisation>> {
    let fact = (0usize..5, -400i32..1, proptest::option::of(0i32..900));
    let one = (0usize..3, any::<bool>(), proptest::collection::vec(fact, 0..9));
    proptest::collection::vec(one, 0..40).prop_map(|kinds| {
        let mut all: Vec<Organisation> = kinds
            .iter()
            .enumerate()
            .map(|(number, (kind, registered, facts))| {
                let fact = |(place, (kind, from, through)): (usize, &(usize, i32, Option<i32>))| {
                    let (item, class) = [
                        ("penalty", "serious"),
                        ("penalty", "general"),
                        ("honour", ""),
                        ("permit", ""),
                        ("penalty", ""),
                    ][*kind];
                    let day = day_number(DAY);
                    let identity = [place as u8; 16];
                    Fact { identity, item, class, from_on: day + from, through_on: through.map(|days| day + days) }
                };
                Organisation {
                    uscc: code(number, *kind),
                    registered: *registered,
                    facts: facts.iter().enumerate().map(fact).collect(),
                }
            })
            .collect();
        all.sort_by(|one, other| one.uscc.cmp(&other.uscc));
        all
    })
}

fn write(place: &Path, all: &[Organisation], group: usize) -> Result<(), SweepError> {
    let mut writer = Writer::with_groups(place, &Head::new(DAY, "2026-11-30T04:00:00Z".to_owned(), 7), group)?;
    for organisation in all {
        writer.organisation(&organisation.uscc, organisation.registered)?;
        for fact in &organisation.facts {
            writer.record(&organisation.uscc, &fact.input())?;
        }
    }
    writer.finish()
}

fn expected(models: &[Model], organisation: &Organisation) -> Option<(String, Scored)> {
    let uscc = Uscc::parse(&organisation.uscc).unwrap();
    let (model, version) = credence_domain::evaluation::choose(models, &uscc, organisation.registered, DAY).ok()?;
    let inputs: Vec<Input<'_>> = organisation.facts.iter().map(Fact::input).collect();
    Some((model.id.clone(), score(version, &inputs, DAY)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn everyone_has_the_points_that_evaluation_computes_whatever_the_groups(
        all in organisations(), group in 1usize..60, two in any::<bool>()
    ) {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("snapshot");
        write(&place, &all, group).unwrap();
        let mut models = vec![model("379900")];
        if two {
            models.push(model("370100"));
        }
        let out = folder.path().join("results.parquet");
        let swept = sweep(&place, &models, DAY, &out).unwrap();
        let records: usize = all.iter().map(|organisation| organisation.facts.len()).sum();
        prop_assert_eq!((swept.organisations, swept.records), (all.len() as u64, records as u64));

        let mut found = Vec::new();
        each_outcome(&out, |one| {
            let model = one.model.to_owned();
            found.push((one.uscc.to_owned(), model, one.grade.to_owned(), one.points, one.next_change_on));
        }).unwrap();
        let wanted: Vec<_> = all.iter().filter_map(|organisation| {
            let (model, scored) = expected(&models, organisation)?;
            let grade = scored.grade.letter().to_owned();
            Some((organisation.uscc.clone(), model, grade, scored.points, scored.next_change_on))
        }).collect();
        prop_assert_eq!(swept.grades.values().sum::<u64>(), wanted.len() as u64);
        prop_assert_eq!(found, wanted);

        for organisation in &all {
            let held = held(&place, &organisation.uscc).unwrap().unwrap();
            prop_assert_eq!(held.registered, organisation.registered);
            if let Some((_, wanted)) = expected(&models, organisation) {
                let inputs: Vec<Input<'_>> = held.inputs().collect();
                let uscc = Uscc::parse(&organisation.uscc).unwrap();
                let model = models.iter().find(|model| model.speaks_of(&uscc)).unwrap();
                prop_assert_eq!(score(&model.versions[0], &inputs, DAY), wanted);
            }
        }
    }
}

fn some() -> Vec<Organisation> {
    let day = day_number(DAY);
    let facts = |count: u8| {
        (0..count).map(|at| Fact { identity: [at; 16], item: "penalty", class: "", from_on: day, through_on: None })
    };
    let mut all: Vec<Organisation> = (0..20)
        .map(|number| Organisation { uscc: code(number, 0), registered: true, facts: facts(3).collect() })
        .collect();
    all.sort_by(|one, other| one.uscc.cmp(&other.uscc));
    all
}

#[test]
fn a_snapshot_is_asked_about_its_own_day_only_and_leaves_no_file_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("snapshot");
    write(&place, &some(), 7).unwrap();
    assert_eq!((head(&place).unwrap().as_of, head(&place).unwrap().log_size), (DAY, 7));
    let out = folder.path().join("results.parquet");
    let tomorrow = DAY.tomorrow().unwrap();
    let refused = sweep(&place, &[model("379900")], tomorrow, &out).unwrap_err();
    assert!(matches!(refused, SweepError::OtherDay { of: DAY, asked } if asked == tomorrow), "{refused:?}");
    assert!(!out.exists());
    assert_eq!(held(&place, "91379900MA9999999X").unwrap(), None);
}

#[test]
fn what_stands_in_the_place_stays_and_an_unfinished_snapshot_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("snapshot");
    write(&place, &some(), 7).unwrap();
    assert!(matches!(write(&place, &[], 7), Err(SweepError::Io(_))));
    assert_eq!(held(&place, &some()[0].uscc).unwrap().unwrap().inputs().count(), 3);

    let other = folder.path().join("other");
    let mut writer = Writer::create(&other, &head(&place).unwrap()).unwrap();
    writer.organisation(&some()[0].uscc, true).unwrap();
    drop(writer);
    assert!(!other.exists());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing lies beside");
}

#[test]
fn damaged_files_and_files_of_two_snapshots_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let (place, other) = (folder.path().join("one"), folder.path().join("other"));
    write(&place, &some(), 7).unwrap();
    write(&other, &some(), 1_000).unwrap();
    let records = place.join("records.parquet");
    let whole = std::fs::read(&records).unwrap();
    let out = folder.path().join("results.parquet");
    let told = || sweep(&place, &[model("379900")], DAY, &out);
    assert_eq!(told().unwrap().grades.values().sum::<u64>(), 20);
    std::fs::remove_file(&out).unwrap();

    std::fs::write(&records, &whole[..whole.len() / 2]).unwrap();
    assert!(matches!(told(), Err(SweepError::Parquet(_))));
    std::fs::copy(other.join("records.parquet"), &records).unwrap();
    assert!(matches!(told(), Err(SweepError::NoSnapshot(_))));
    std::fs::copy(place.join("organisations.parquet"), &records).unwrap();
    assert!(matches!(told(), Err(SweepError::NoSnapshot(_))));
    std::fs::remove_file(&records).unwrap();
    assert!(matches!(told(), Err(SweepError::Io(_))));
    assert!(!out.exists());

    // Records of an organisation that the other file does not name.
    let mut strays = some();
    let place = folder.path().join("strays");
    let mut writer = Writer::create(&place, &head(&other).unwrap()).unwrap();
    let stray = strays.pop().unwrap();
    for organisation in &strays {
        writer.organisation(&organisation.uscc, true).unwrap();
    }
    writer.record(&stray.uscc, &stray.facts[0].input()).unwrap();
    writer.finish().unwrap();
    assert!(matches!(sweep(&place, &[model("379900")], DAY, &out), Err(SweepError::NoSnapshot(_))));
}

#[cfg(unix)]
#[test]
fn only_its_owner_reads_a_snapshot() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("snapshot");
    write(&place, &some(), 7).unwrap();
    for file in std::fs::read_dir(&place).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", file.path());
    }
    assert_eq!(std::fs::metadata(&place).unwrap().permissions().mode() & 0o077, 0);
}
