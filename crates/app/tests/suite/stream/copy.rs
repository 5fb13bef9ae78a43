//! Readers come and go at random; each holds, whenever it has read to the end, just what is public under its filter.

use super::world::{World, filter, filters};
use credence_app::Service;
use credence_app::stream::{ChangesRequest, Replay};
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A reader with its copy.
struct Reader {
    filter: (&'static str, &'static str),
    copy: BTreeMap<String, (i64, String)>,
    /// Position and day that the last answer named.
    stands: Option<(i64, jiff::civil::Date)>,
    /// Where an answer was cut off.
    cursor: Option<String>,
}

impl Reader {
    fn new(filter: (&'static str, &'static str)) -> Self {
        Self { filter, copy: BTreeMap::new(), stands: None, cursor: None }
    }

    /// Takes lines over. Gives the references that were told as gone.
    fn take(&mut self, service: &Service, lines: &[credence_app::stream::Line]) -> Vec<String> {
        let (wanted, mut gone) = (filter(service, self.filter), Vec::new());
        for line in lines.iter().filter(|line| wanted.passes(line)) {
            let told: Value = serde_json::from_str(&line.text).unwrap();
            if let Some(reference) = told["gone"].as_str() {
                assert_eq!(told.as_object().unwrap().len(), 1, "a reference and nothing else");
                self.copy.remove(reference);
                gone.push(reference.to_owned());
                continue;
            }
            let text = |member: &str| told[member].as_str().unwrap().to_owned();
            self.copy.insert(text("id"), (told["version"].as_i64().unwrap(), text("commitment")));
        }
        gone
    }

    /// Asks once, for about so many lines; true when that was all.
    fn ask(&mut self, service: &Service, limit: usize, says_day: bool) -> (bool, Vec<String>) {
        let request = ChangesRequest {
            after: self.stands.map(|(position, _)| position),
            through: self.stands.map(|(_, day)| day).filter(|_| says_day),
            cursor: self.cursor.take(),
            ..ChangesRequest::default()
        };
        let mut replay: Replay = service.changes_begin(&request).unwrap();
        let (until, mut left, mut gone) = (service.log_size().unwrap() - 1, limit, Vec::new());
        loop {
            let piece = service.read_on(&mut replay, until, left).unwrap();
            gone.extend(self.take(service, &piece.lines));
            left = left.saturating_sub(piece.lines.len());
            if piece.is_last || left == 0 {
                self.stands = Some((replay.position(), replay.through().parse().unwrap()));
                self.cursor = (!piece.is_last).then(|| replay.cursor());
                return (piece.is_last, gone);
            }
        }
    }
}

/// What is public under a filter, by looking at every row.
fn expected(world: &mut World<'_>, (item, area): (&str, &str)) -> BTreeMap<String, (i64, String)> {
    let all = world.public().into_iter();
    let wanted = all.filter(|(_, (_, _, of_item, of_area))| {
        (item.is_empty() || item.split(',').any(|one| one == of_item)) && (area.is_empty() || area == of_area)
    });
    wanted.map(|(reference, (version, commitment, ..))| (reference, (version, commitment))).collect()
}

fn run(store: &TestStore, seed: u64, steps: usize) {
    let mut world = World::new(store, seed);
    let service = world.service();
    let mut readers: Vec<Reader> = filters().into_iter().chain(filters()).map(Reader::new).collect();
    let mut ever: BTreeSet<String> = world.public().into_keys().collect();
    let (mut tombstones, mut compared) = (0, 0);
    for _ in 0..steps {
        match world.chance.below(12) {
            0..=2 => world.enter(),
            3..=4 => world.correct(),
            // Of what was erased nothing says any more whether it was public.
            5 if world.chance.percent(15) => ever.extend(world.erase()),
            5..=6 => world.decide(),
            7 => world.next_day(),
            8..=9 => world.sequence(),
            _ => {
                let (which, limit) = (world.chance.below(readers.len()), 1 + world.chance.below(6));
                let says_day = world.chance.percent(50);
                // Some are cut off in the middle and go on later, with what came in between.
                let patient = world.chance.percent(60);
                let reader = readers.get_mut(which).unwrap();
                let (mut is_last, mut gone) = reader.ask(&service, limit, says_day);
                while patient && !is_last {
                    let (last, more) = reader.ask(&service, limit, says_day);
                    is_last = last;
                    gone.extend(more);
                }
                assert!(gone.iter().all(|reference| ever.contains(reference)), "only what was public is told as gone");
                tombstones += gone.len();
            }
        }
        ever.extend(world.public().into_keys());
        if world.chance.percent(10) {
            world.sequence();
            let all = readers.len();
            let reader = readers.get_mut(world.chance.below(all)).unwrap();
            while !reader.ask(&service, 3, true).0 {}
            assert_eq!(reader.copy, expected(&mut world, reader.filter), "seed {seed}, {:?}", reader.filter);
            compared += 1;
            // From the beginning: what is public, each record once, and nothing of what has ended.
            for after in [None, Some(0)] {
                let mut fresh = Reader::new(reader.filter);
                fresh.stands = after.map(|position| (position, world.today()));
                let (is_last, gone) = fresh.ask(&service, usize::MAX, false);
                assert!(is_last && gone.is_empty(), "seed {seed}: a replay tells of nothing that has ended");
                assert_eq!(fresh.copy, reader.copy, "seed {seed}");
            }
        }
    }
    assert!(compared > steps / 20 && tombstones > 0, "{compared} comparisons, {tombstones} ends told");
}

fn whoever_reads_on_holds_what_is_public_whenever_it_comes_back(store: &TestStore) {
    run(store, 1, 400);
    for seed in 2..6 {
        run(&store.twin(), seed, 250);
    }
}

both_stores!(whoever_reads_on_holds_what_is_public_whenever_it_comes_back);
