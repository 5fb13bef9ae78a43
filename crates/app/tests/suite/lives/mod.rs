//! Whole lives of cases: random acts of due process by random persons over listings, measures of listings and of single decisions, repairs,
//! shields and objections on a register, half of them that of a market regulator,
//! beside a small model of what must hold (DESIGN.md, the four promises; 鲁信用办〔2019〕8号 arts. 十二, 十三, 十五).
//!
//! Never a listing without service, never a measure outside the list, never anything public past its end, and every clock of a case
//! ends in exactly one way. An act that succeeds must be one that the model allows; after every act the model says of each record
//! whether it is public and of each measure whether it runs, and the register is held against it. What is refused changes nothing.
//!
//! `CREDENCE_LIVES=SEED:STEPS` runs one sequence again; `cargo xtask soak --lives` runs a million of steps.

mod act;
mod model;
mod objection;
mod revocation;
mod world;

use credence_testkit::stores::TestStore;
use world::World;

/// Steps on SQLite, shared out over sequences that run side by side.
const ON_SQLITE: usize = 20_000;
const ON_POSTGRES: usize = 5_000;
const SIDES: usize = 2;
/// Steps after which a new world begins: the days of one end with the calendar.
const A_WORLD: usize = 500;

/// Worlds one after another until so many steps are taken; `made` makes the register of each.
fn run(made: fn() -> TestStore, seed: u64, steps: usize) {
    let mut taken = [0; act::KINDS];
    for number in 0..steps.div_ceil(A_WORLD) {
        let store = made();
        let mut world = World::new(&store, seed + number as u64);
        for _ in 0..A_WORLD.min(steps - number * A_WORLD) {
            world.step();
        }
        world.end();
        taken.iter_mut().zip(world.taken).for_each(|(all, one)| *all += one);
    }
    println!("{taken:?}");
    // Where the sequence is long enough, nothing is left untried.
    assert!(steps < ON_SQLITE / SIDES || taken.iter().all(|count| *count > 0), "{taken:?}");
}

/// The sequence that somebody asks for, in place of the usual ones.
fn asked() -> Option<(u64, usize)> {
    let said = std::env::var("CREDENCE_LIVES").ok()?;
    let (seed, steps) = said.split_once(':').expect("SEED:STEPS");
    Some((seed.parse().expect("a seed"), steps.parse().expect("a number of steps")))
}

#[test]
fn no_sequence_of_acts_breaks_due_process_on_sqlite() {
    if let Some((seed, steps)) = asked() {
        return run(TestStore::fast, seed, steps);
    }
    std::thread::scope(|scope| {
        for side in 0..SIDES {
            scope.spawn(move || run(TestStore::fast, 10_000 * (side as u64 + 1), ON_SQLITE / SIDES));
        }
    });
}

#[test]
fn no_sequence_of_acts_breaks_due_process_on_postgres() {
    let (seed, steps) = asked().unwrap_or((50_000, ON_POSTGRES));
    run(TestStore::postgres, seed, steps);
}
