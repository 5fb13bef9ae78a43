//! A register with its people, and what is looked at after every step and every so many.

use super::act::{self, Gate};
use super::model::{Key, Model, Said};
use super::rights;
use credence_app::account::Person;
use credence_app::desk::Desk;
use credence_app::stream::{ChangesRequest, Replay};
use credence_app::verify::verify;
use credence_app::{Address, AppError, Clock, Service, View, Writer, directory};
use credence_domain::access::Role;
use credence_domain::record::value::{date_of, day_number};
use credence_domain::rulebook::Rulebook;
use credence_store::audit::snapshot;
use credence_store::{record, sequencer};
use credence_testkit::province::{self, Chance};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The environmental bureau, a city's centre, and a registrar; each sends for itself.
pub const UNITS: [&str; 3] = ["11379900000000086M", "123799000000000510", "91379900MA0TE5T16G"];
pub const FIRMS: usize = 40;
/// Numbers of decisions on one organisation.
pub const NUMBERS: usize = 6;
/// How many steps pass between two looks at everything.
const LOOK_EVERY: usize = 2_500;

pub struct World<'w> {
    pub address: Address,
    pub folder: tempfile::TempDir,
    pub clock: Clock,
    pub rulebook: Arc<Rulebook>,
    pub chance: Chance,
    pub model: Model,
    pub firms: Vec<String>,
    pub people: Vec<Person>,
    pub service: &'w Service,
    pub desk: &'w Desk,
    /// A writer beside the desk's own: both share the right of this process.
    pub writer: &'w mut Writer,
    /// Open proposals that the world knows of: number, who asked, what of, done.
    pub proposals: Vec<act::Asked>,
    pub claims: Vec<String>,
    pub keys: Vec<String>,
    reader: Replay,
    copy: BTreeSet<String>,
    seed: u64,
    done: BTreeMap<String, [usize; 3]>,
}

impl<'w> World<'w> {
    /// Makes the register and its units.
    pub fn found(address: &Address, clock: &Clock) -> Rulebook {
        let mut writer = address.writer(clock.clone()).unwrap();
        let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
        for (number, uscc) in UNITS.iter().enumerate() {
            let unit = directory::Unit {
                uscc: (*uscc).to_owned(),
                name: format!("云海市示例单位{number}"),
                level: "city".to_owned(),
                area: "云海市".to_owned(),
                secrecy_officer: if number == 1 { String::new() } else { "审查员（示例）".to_owned() },
                ..directory::Unit::default()
            };
            directory::set(&mut writer, &unit, &rulebook).unwrap();
        }
        rulebook
    }

    pub fn new(
        (address, clock, rulebook): (Address, Clock, Rulebook),
        (service, desk): (&'w Service, &'w Desk),
        writer: &'w mut Writer,
        seed: u64,
    ) -> Self {
        let people = Role::ALL.iter().flat_map(|role| {
            (0..2).map(|number| {
                let mut person = Person::operator(&format!("{}-{number}", role.code()), *role);
                person.account.unit = match role {
                    Role::Clerk | Role::Approver | Role::Key => UNITS[number].to_owned(),
                    _ => credence_app::rulebook::PLATFORM_UNIT.to_owned(),
                };
                if *role == Role::Organisation {
                    person.organisations = vec![province::code("91", 7_000 + number)];
                }
                person
            })
        });
        let people = people.collect();
        let request = ChangesRequest { after: Some(0), ..ChangesRequest::default() };
        let reader = service.changes_begin(&request).unwrap();
        let folder = tempfile::tempdir().unwrap();
        Self {
            address,
            folder,
            clock,
            rulebook: Arc::new(rulebook),
            chance: Chance::new(seed, "promises"),
            model: Model::default(),
            firms: (0..FIRMS).map(|number| province::code("91", 7_000 + number)).collect(),
            people,
            service,
            desk,
            writer,
            proposals: Vec::new(),
            claims: Vec::new(),
            keys: Vec::new(),
            reader,
            copy: BTreeSet::new(),
            seed,
            done: BTreeMap::new(),
        }
    }

    pub fn today(&self) -> Date {
        self.clock.today()
    }

    pub fn number(key: &Key) -> String {
        format!("示例罚〔2026〕{}号", key.1 + 1)
    }

    /// The record of a key as it is stored.
    pub fn stored(&mut self, key: &Key) -> Option<record::Stored> {
        let (uscc, office) = (self.firms[key.0].clone(), View::office(self.today()));
        let authority = UNITS[self.model.facts.get(key)?.authority];
        let identity = act::identity(authority, &Self::number(key), &uscc, &act::decided_on(key));
        record::find(self.writer.connection(), &office, &uscc, &identity).unwrap()
    }

    /// How many acts there are: placed, or waiting for their place.
    pub fn acts(&mut self) -> u64 {
        // The desk's own thread may be placing some of them just now.
        let counted = snapshot(self.writer.connection(), |connection| {
            Ok(sequencer::size(connection)? + sequencer::pending(connection)?)
        });
        counted.unwrap()
    }

    pub fn step(&mut self, step: usize) {
        let at = format!("seed {} step {step}", self.seed);
        let act = act::choose(&mut self.chance);
        let person = self.somebody(act);
        let before = self.acts();
        let tally = self.done.entry(act.name()).or_default();
        tally[0] += 1;
        match act.gate() {
            Gate::Action(action) => {
                let allowed = self.service.allows(person.role, action).unwrap();
                assert_eq!(allowed, rights::may(person.role, action), "{at}: {} and {action:?}", person.role.code());
                if !allowed {
                    return;
                }
            }
            // Work that no page offers: only the office does it, at the machine.
            Gate::Machine if person.role != Role::Office => return,
            Gate::Machine | Gate::Itself => {}
        }
        let outcome = act::carry_out(self, act, &person, &at);
        let after = self.acts();
        let tally = self.done.entry(act.name()).or_default();
        match outcome {
            Ok(()) => {
                tally[1] += 1;
                assert!(!act.leaves_an_act() || after > before, "{at}: {act:?} left no act");
            }
            Err(AppError::Refused { code, .. }) => {
                tally[2] += 1;
                assert_eq!(after, before, "{at}: {act:?} was refused ({code}) and left an act");
            }
            Err(AppError::NotFound) => {
                tally[2] += 1;
                assert_eq!(after, before, "{at}: {act:?} found nothing and left an act");
            }
            Err(fault) => panic!("{at}: {act:?}: {fault}"),
        }
        if step % LOOK_EVERY == LOOK_EVERY - 1 {
            self.look(&at);
        }
    }

    /// Anybody; a quarter of the time one whose work it is for certain, so that something is done.
    fn somebody(&mut self, act: act::Act) -> Person {
        let fits = |person: &&Person| match act.gate() {
            Gate::Action(action) => rights::may(person.role, action),
            Gate::Machine => person.role == Role::Office,
            Gate::Itself => true,
        };
        let fitting: Vec<&Person> = self.people.iter().filter(fits).collect();
        if self.chance.percent(25) {
            return fitting[self.chance.below(fitting.len())].clone();
        }
        self.people[self.chance.below(self.people.len())].clone()
    }

    /// Everything that is public is what the model says may be, in its days, in its words; and nothing of that is missing.
    fn look(&mut self, at: &str) {
        let (today, now) = (self.today(), day_number(self.today()));
        let mut ids = BTreeSet::new();
        for firm in 0..self.firms.len() {
            let uscc = self.firms[firm].clone();
            let found = self.service.organisation(&View::public(today), &uscc);
            let records = match found {
                Ok(found) => found.records,
                Err(AppError::NotFound) => Vec::new(),
                Err(error) => panic!("{at}: {error}"),
            };
            let mut shown: BTreeMap<String, String> = BTreeMap::new();
            for one in records.iter().filter(|one| one.item == "penalty") {
                assert_eq!(one.state, "accepted", "{at}: {uscc}");
                let through = one.public_through_on.expect("a last public day");
                assert!(one.public_from_on.is_some_and(|from| from <= today) && today <= through, "{at}: {uscc}");
                let text = one.content.get("CF_NR").unwrap_or_default();
                assert!(!text.contains(super::model::NUMBER), "{at}: a number of {uscc} is public");
                shown.insert(one.document_number.clone().unwrap_or_default(), text);
                ids.insert(one.id.clone());
            }
            ids.extend(records.iter().filter(|one| one.item != "penalty").map(|one| one.id.clone()));
            let listed: BTreeSet<&str> = records.iter().map(|one| one.item.as_str()).collect();
            assert!(listed.iter().all(|item| ["penalty", "registration"].contains(item)), "{at}: {listed:?}");
            for number in 0..NUMBERS {
                let key = (firm, number);
                let name = Self::number(&key);
                let stored = self.stored(&key);
                let lasts = stored.as_ref().and_then(|stored| stored.through_on).is_none_or(|last| last >= now);
                let expected = self.model.may_be_public(&key) && lasts;
                assert_eq!(
                    shown.contains_key(&name),
                    expected,
                    "{at}: {uscc} {name}: {:?} {stored:?}",
                    self.model.facts.get(&key)
                );
                if let (Some(text), Some(fact)) = (shown.get(&name), self.model.facts.get(&key)) {
                    let Said::Text(said) = &fact.standing().said else { panic!("{at}") };
                    // A field that a review keeps from the public is not shown: nothing else is, in its place.
                    assert!(text == said || text.is_empty(), "{at}: {uscc} {name} says {text}, not {said}");
                }
            }
            // A past day shows nothing that is not public today.
            let past = date_of(now - self.chance.below(200) as i32).unwrap();
            if let Ok(found) = self.service.organisation(&View::public(today).at(past), &uscc) {
                let then: BTreeSet<_> = found.records.iter().map(|one| one.id.clone()).collect();
                let here: BTreeSet<_> = records.iter().map(|one| one.id.clone()).collect();
                assert!(then.is_subset(&here), "{at}: {past} shows more of {uscc} than today");
            }
            // The grade rests on what is public and on nothing else.
            if let Ok(found) = self.service.evaluation(&View::public(today), &uscc) {
                assert!(found.lines.iter().all(|line| ids.contains(&line.record)), "{at}: {uscc} is graded by more");
            }
        }
        self.follow(at, &ids);
    }

    /// Whoever keeps a copy by the change stream has exactly what is public.
    fn follow(&mut self, at: &str, public: &BTreeSet<String>) {
        while let Some(piece) = self.service.changes_since(&mut self.reader, 500).unwrap() {
            for line in &piece.lines {
                let said: serde_json::Value = serde_json::from_str(&line.text).unwrap();
                match (said["gone"].as_str(), said["id"].as_str()) {
                    (Some(gone), _) => drop(self.copy.remove(gone)),
                    (None, Some(id)) => drop(self.copy.insert(id.to_owned())),
                    other => panic!("{at}: {other:?}"),
                }
            }
        }
        assert_eq!(&self.copy, public, "{at}: a copy kept by the stream");
    }

    pub fn pass_days(&mut self) {
        let next = self.today().saturating_add((1 + self.chance.below(9) as i64).days());
        // The published calendar ends with the year.
        if next < Date::new(2026, 12, 20).unwrap() {
            self.clock.move_to(next);
        }
    }

    pub fn end(mut self) {
        let at = format!("seed {} at the end", self.seed);
        self.look(&at);
        let found = verify(&self.address).unwrap();
        let failed: Vec<_> = found.requirements.iter().filter(|outcome| outcome.failed > 0).collect();
        assert!(failed.is_empty() && found.state_digest.is_some(), "{at}: {failed:#?}");
        assert_eq!(found.acts, found.leaves + found.pending, "{at}: every act has its place or waits for it");
        // A world in which nothing happens shows nothing.
        for (name, [tried, done, _]) in &self.done {
            assert!(*tried < 500 || *done > 0, "{at}: {name} was tried {tried} times and never done");
        }
        if std::env::var_os("CREDENCE_PROMISES").is_some() {
            eprintln!("{at}: {:#?}", self.done);
        }
    }
}
