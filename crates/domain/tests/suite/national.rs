//! A platform that gets our packages over a bad line: some are lost, some doubled, some late, some rows refused, some answers lost.
//! Whatever happened, after it said what it holds and what is due was sent, both sides hold the same.

use crate::chance::Chance;
use credence_domain::national::{Answer, Sent, Standing, State, Verb};
use std::collections::{BTreeMap, VecDeque};

/// What is asked of the platform for one record.
#[derive(Clone, Copy, Debug)]
struct Row {
    record: usize,
    verb: Verb,
    version: i32,
}

/// The platform: it holds versions, and remembers through which one a record was deleted.
#[derive(Default)]
struct There {
    held: BTreeMap<usize, i32>,
    deleted: BTreeMap<usize, i32>,
    worked_off: i64,
}

impl There {
    fn take(&mut self, row: Row, refuses: bool) -> Option<(String, String)> {
        let (held, deleted) = (self.held.get(&row.record).copied(), self.deleted.get(&row.record).copied());
        match row.verb {
            Verb::Delete => {
                if held.is_none_or(|held| held <= row.version) {
                    self.held.remove(&row.record);
                    self.deleted.insert(row.record, deleted.max(Some(row.version)).unwrap_or_default());
                }
                None
            }
            _ if refuses => Some(("FIELD".to_owned(), "CF_NR".to_owned())),
            _ => {
                if held.is_none_or(|held| held <= row.version) && deleted.is_none_or(|gone| gone < row.version) {
                    self.held.insert(row.record, row.version);
                }
                None
            }
        }
    }
}

/// A record as it is here: its newest version, and whether it is public.
#[derive(Clone, Copy)]
struct Here {
    version: i32,
    public: bool,
}

struct World {
    here: Vec<Here>,
    rows: BTreeMap<usize, Standing>,
    there: There,
    packages: i64,
    on_the_way: VecDeque<(i64, Vec<Row>)>,
    answers: VecDeque<(usize, Answer)>,
    unanswered: Vec<i64>,
    /// Records that the platform refuses until somebody mends them there.
    refused: usize,
    seen: u64,
}

impl World {
    fn new(records: usize) -> Self {
        Self {
            here: vec![Here { version: 0, public: false }; records],
            rows: BTreeMap::new(),
            there: There::default(),
            packages: 0,
            on_the_way: VecDeque::new(),
            answers: VecDeque::new(),
            unanswered: Vec::new(),
            refused: usize::MAX,
            seen: 0,
        }
    }

    fn change(&mut self, record: usize, ends: bool) {
        let here = &mut self.here[record];
        here.version += 1;
        here.public = !ends;
        match (here.public, self.rows.get_mut(&record)) {
            (true, Some(row)) => row.is_public(here.version),
            (true, None) => {
                self.rows.insert(record, Standing::new(here.version));
            }
            (false, Some(row)) => row.is_gone(),
            (false, None) => {}
        }
        self.forget(record);
    }

    fn forget(&mut self, record: usize) {
        if self.rows.get(&record).is_some_and(Standing::is_over) {
            self.rows.remove(&record);
        }
    }

    /// A package of what is due; the line may lose it, double it, or hold it up behind the next.
    fn pack(&mut self, chance: &mut Chance, badly: bool) {
        let mut rows = Vec::new();
        for (record, row) in &mut self.rows {
            if let Some((verb, version)) = row.next() {
                let line = rows.len() as i64 + 1;
                row.was_sent(Sent { verb, version, package: self.packages + 1, line });
                rows.push(Row { record: *record, verb, version });
            }
        }
        if rows.is_empty() {
            return;
        }
        self.packages += 1;
        self.unanswered.push(self.packages);
        match if badly { chance.below(5) } else { 4 } {
            0 => {}
            1 => self.on_the_way.extend([(self.packages, rows.clone()), (self.packages, rows)]),
            2 => self.on_the_way.push_front((self.packages, rows)),
            _ => self.on_the_way.push_back((self.packages, rows)),
        }
    }

    fn arrive(&mut self, chance: &mut Chance, badly: bool) {
        let Some((number, rows)) = self.on_the_way.pop_front() else { return };
        for row in rows {
            let refused = self.there.take(row, row.record == self.refused);
            if !(badly && chance.below(6) == 0) {
                self.answers.push_back((row.record, Answer { verb: row.verb, version: row.version, refused }));
            }
        }
        self.there.worked_off = self.there.worked_off.max(number);
    }

    fn answer(&mut self) {
        let Some((record, answer)) = self.answers.pop_front() else { return };
        if let Some(row) = self.rows.get_mut(&record) {
            row.answer(&answer);
            self.seen += 1;
        }
        self.forget(record);
    }

    /// Packages that nobody answers count as lost.
    fn lose(&mut self) {
        for number in std::mem::take(&mut self.unanswered) {
            for row in self.rows.values_mut() {
                row.was_lost(number);
            }
            self.rows.retain(|_, row| !row.is_over());
        }
    }

    /// The platform says what it holds. What it holds of a record that is not known here must go.
    fn reconcile(&mut self) {
        let known: Vec<usize> = self.rows.keys().chain(self.there.held.keys()).copied().collect();
        for record in known {
            let theirs = self.there.held.get(&record).copied();
            let row = self.rows.entry(record).or_default();
            row.found(theirs, self.there.worked_off);
            self.forget(record);
        }
    }

    fn check(&self) {
        for (record, row) in &self.rows {
            // Exactly one state, and a package to send just where it is due.
            assert_eq!(row.next().is_some(), row.state() == State::Due, "record {record}: {row:?}");
            assert_eq!(row.wanted, self.here[*record].public.then_some(self.here[*record].version));
            assert!(!row.is_over());
        }
    }
}

#[test]
fn after_any_losses_doubles_and_delays_both_sides_hold_the_same() {
    let mut answered = 0;
    for run in 0..400 {
        let mut chance = Chance(0x9e37_79b9 + run);
        let mut world = World::new(12);
        world.refused = chance.below(24) as usize;
        for _ in 0..400 {
            match chance.below(10) {
                0..3 => {
                    let (record, ends) = (chance.below(12) as usize, chance.below(3) == 0);
                    world.change(record, ends);
                }
                3..5 => world.pack(&mut chance, true),
                5..7 => world.arrive(&mut chance, true),
                7..9 => world.answer(),
                _ if chance.below(20) == 0 => world.lose(),
                _ if chance.below(20) == 0 => world.reconcile(),
                _ => {}
            }
            world.check();
        }
        // The line becomes good: what is on the way arrives, the platform says what it holds, what is due is sent.
        while !world.on_the_way.is_empty() {
            world.arrive(&mut chance, false);
        }
        world.lose();
        world.reconcile();
        world.pack(&mut chance, false);
        world.arrive(&mut chance, false);
        while !world.answers.is_empty() {
            world.answer();
        }
        world.check();
        for (record, here) in world.here.iter().enumerate() {
            let (theirs, known) = (world.there.held.get(&record), world.rows.get(&record));
            let refused = known.is_some_and(|row| row.state() == State::Refused);
            assert!(!refused || record == world.refused, "run {run}: only what it refuses is refused");
            if !refused {
                let ours = here.public.then_some(here.version);
                assert_eq!(theirs.copied(), ours, "run {run}, record {record}: {known:?}");
                assert_eq!(known.map(Standing::state), ours.map(|_| State::Held), "run {run}, record {record}");
            }
        }
        answered += world.seen;
    }
    assert!(answered > 10_000, "{answered}");
}

#[test]
fn an_answer_that_is_older_than_the_newest_changes_nothing() {
    let mut row = Standing::new(1);
    row.was_sent(Sent { verb: Verb::Insert, version: 1, package: 1, line: 1 });
    row.is_public(2);
    assert_eq!(row.next(), Some((Verb::Update, 2)));
    row.was_sent(Sent { verb: Verb::Update, version: 2, package: 2, line: 1 });
    let taken = |verb, version| Answer { verb, version, refused: None };
    row.answer(&taken(Verb::Update, 2));
    assert_eq!((row.held, row.state()), (Some(2), State::Held));
    row.answer(&Answer { refused: Some(("FIELD".to_owned(), String::new())), ..taken(Verb::Insert, 1) });
    assert_eq!((row.held, row.state()), (Some(2), State::Held));
    row.is_gone();
    assert_eq!(row.next(), Some((Verb::Delete, 2)));
    row.was_sent(Sent { verb: Verb::Delete, version: 2, package: 3, line: 1 });
    row.answer(&taken(Verb::Delete, 2));
    assert!(row.is_over());
}

#[test]
fn what_may_have_arrived_is_taken_down_though_nobody_answered() {
    let mut row = Standing::new(1);
    row.was_sent(Sent { verb: Verb::Insert, version: 1, package: 1, line: 1 });
    row.was_lost(1);
    assert_eq!(row.next(), Some((Verb::Update, 1)), "it is sent again as what may stand there");
    row.is_gone();
    assert!(!row.is_over());
    assert_eq!(row.next(), Some((Verb::Delete, 1)));
}

#[test]
fn what_was_refused_waits_for_a_person_or_for_another_version() {
    let mut row = Standing::new(1);
    row.was_sent(Sent { verb: Verb::Insert, version: 1, package: 1, line: 1 });
    row.answer(&Answer { verb: Verb::Insert, version: 1, refused: Some(("FIELD".to_owned(), "CF_NR".to_owned())) });
    assert_eq!((row.state(), row.next()), (State::Refused, None));
    let mut again = row.clone();
    again.send_again();
    assert_eq!(again.next(), Some((Verb::Insert, 1)));
    row.is_public(1);
    assert_eq!(row.state(), State::Refused, "the same version is refused again");
    row.is_public(2);
    assert_eq!(row.next(), Some((Verb::Insert, 2)));
}
