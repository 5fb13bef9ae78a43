//! Random sequences of acts by random roles: none breaks a promise of DESIGN.md.
//!
//! A step is one act that one of fifteen roles tries: what its role may not do is refused and must change nothing; what it may is
//! done by the use cases of `app`, as pages and commands do them. Beside the register runs a small model that shares no code
//! with it: who may do what, which records must be public no longer, what every key of the world may say. Every so many
//! steps the register is held against it, and at the end all of it is verified.
//!
//! A failure prints seed and step: `CREDENCE_PROMISES=SEED:STEPS` runs that sequence again.

mod act;
mod model;
mod rights;
mod world;

use credence_app::desk::Desk;
use credence_app::{Address, Clock, Service};
use credence_testkit::postgres::server;
use credence_testkit::stores::TestStore;
use jiff::civil::Date;
use world::World;

/// Steps on SQLite, shared out over worlds of their own that run side by side.
const ON_SQLITE: usize = 100_000;
const ON_POSTGRES: usize = 5_000;
const WORLDS: usize = 4;

fn run(address: Address, seed: u64, steps: usize) {
    let clock = Clock::fixed(Date::new(2026, 4, 8).unwrap());
    let rulebook = World::found(&address, &clock);
    let service = Service::open(address.clone(), clock.clone(), None).unwrap();
    let desk = Desk::open(&service).unwrap();
    let done = desk.at_length(|writer| {
        let mut world = World::new((address, clock, rulebook), (&service, &desk), writer, seed);
        for step in 0..steps {
            world.step(step);
        }
        world.end();
        Ok(())
    });
    done.unwrap();
}

/// The sequence that somebody asks for, instead of the usual ones.
fn asked() -> Option<(u64, usize)> {
    let said = std::env::var("CREDENCE_PROMISES").ok()?;
    let (seed, steps) = said.split_once(':').expect("SEED:STEPS");
    Some((seed.parse().expect("a seed"), steps.parse().expect("a number of steps")))
}

fn on_sqlite(seed: u64, steps: usize) {
    run(TestStore::fast().address.clone(), seed, steps);
}

#[test]
fn no_sequence_of_acts_breaks_a_promise_on_sqlite() {
    if let Some((seed, steps)) = asked() {
        return on_sqlite(seed, steps);
    }
    std::thread::scope(|scope| {
        for seed in 0..WORLDS as u64 {
            scope.spawn(move || on_sqlite(1_000 + seed, ON_SQLITE / WORLDS));
        }
    });
}

#[test]
fn no_sequence_of_acts_breaks_a_promise_on_postgres() {
    let (seed, steps) = asked().unwrap_or((2_000, ON_POSTGRES));
    run(Address::Postgres(server().database()), seed, steps);
}
