//! Receivers that fail, lose answers and die keep copies that come out as what is public.

use super::world::World as Subscriptions;
use crate::stream::world::{OFFICE, World, filters};
use credence_app::desk::Desk;
use credence_app::webhook::{self, Asked, Sender};
use credence_app::{Clock, Service};
use credence_testkit::both_stores;
use credence_testkit::province::Chance;
use credence_testkit::receiver::{Answer, Receiver};
use credence_testkit::stores::TestStore;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

both_stores!(receivers_that_fail_and_die_keep_what_is_public);

/// What a receiver keeps: by reference its line, and the ids of what it has taken.
#[derive(Default)]
struct Copy {
    held: BTreeMap<String, Value>,
    seen: BTreeSet<String>,
}

impl Copy {
    /// Takes what came: what was not acknowledged was perhaps taken all the same.
    fn take(&mut self, receiver: &Receiver, chance: &mut Chance) {
        for message in receiver.take() {
            let acknowledged = matches!(message.answer, Answer::Status(200 | 204));
            if self.seen.contains(&message.id) || (!acknowledged && chance.percent(50)) {
                continue;
            }
            self.seen.insert(message.id.clone());
            for line in message.changes() {
                match line["gone"].as_str() {
                    Some(gone) => drop(self.held.remove(gone)),
                    None => drop(self.held.insert(line["id"].as_str().unwrap().to_owned(), line)),
                }
            }
        }
    }
}

fn receivers_that_fail_and_die_keep_what_is_public(store: &TestStore) {
    let steps = if matches!(store.address, credence_app::Address::Sqlite(_)) { 400 } else { 120 };
    let clock = Clock::fixed(super::world::today());
    let mut writer = store.address.writer(clock.clone()).unwrap();
    let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
    let unit = credence_app::directory::Unit {
        uscc: OFFICE.to_owned(),
        name: "云海市生态环境局（示例）".to_owned(),
        ..Default::default()
    };
    credence_app::directory::set(&mut writer, &unit, &rulebook).unwrap();
    drop(writer);
    let service = Arc::new(Service::open(store.address.clone(), clock.clone(), None).unwrap());
    let desk = Arc::new(Desk::open(&service).unwrap());
    let mut world = World::with(store, 17, clock.clone(), desk.writer().unwrap());
    let sender = || Sender::new(Arc::clone(&service), Arc::clone(&desk), Subscriptions::anywhere());
    let mut readers: Vec<(Receiver, Copy)> = Vec::new();
    for (item, area) in filters() {
        let receiver = Receiver::new();
        let asked = Asked {
            url: receiver.url(),
            item: item.to_owned(),
            area: area.to_owned(),
            after: Some(-1),
            ..Asked::default()
        };
        let holder = Subscriptions::holder(OFFICE);
        webhook::add(&service, &desk, &Subscriptions::anywhere(), &holder, &asked).unwrap();
        readers.push((receiver, Copy::default()));
    }
    let mut present = sender();
    for _ in 0..steps {
        match world.chance.below(20) {
            0..6 => world.enter(),
            6..9 => world.correct(),
            9..12 => world.decide(),
            12 => drop(world.erase()),
            13 => world.next_day(),
            14..17 => world.sequence(),
            17 => {
                // The process dies between an attempt and its answer, and another begins.
                if let Some(prepared) = present.prepare_next().unwrap() {
                    let _ = present.bring(&prepared);
                }
                present = sender();
                clock.go_on(61);
            }
            _ => {
                for (receiver, _) in &readers {
                    let answers = [Answer::Status(200), Answer::Status(500), Answer::Nothing];
                    receiver.answers(&[*world.chance.one(&answers).unwrap(), Answer::Status(200)]);
                }
                for _ in 0..6 {
                    present.turn().unwrap();
                }
                clock.go_on(20);
            }
        }
        for (receiver, copy) in &mut readers {
            copy.take(receiver, &mut world.chance);
        }
    }
    world.sequence();
    for (receiver, _) in &readers {
        receiver.answers(&[Answer::Status(200)]);
    }
    clock.go_on(7 * 3_600);
    while present.turn().unwrap() {}
    let public = world.public();
    assert!(public.len() > 5, "the world is empty");
    for ((receiver, copy), (item, area)) in readers.iter_mut().zip(filters()) {
        copy.take(receiver, &mut world.chance);
        let passes = |words: &str, word: &str| words.is_empty() || words.split(',').any(|one| one == word);
        let wanted: BTreeMap<_, _> = public
            .iter()
            .filter(|(_, (_, _, of_item, of_area))| passes(item, of_item) && passes(area, of_area))
            .map(|(id, (version, commitment, ..))| (id.clone(), (*version, commitment.clone())))
            .collect();
        let held: BTreeMap<_, _> = copy
            .held
            .iter()
            .map(|(id, line)| {
                let commitment = line["commitment"].as_str().unwrap().to_owned();
                (id.clone(), (line["version"].as_i64().unwrap(), commitment))
            })
            .collect();
        assert_eq!(held, wanted, "{item:?} {area:?}");
    }
}
