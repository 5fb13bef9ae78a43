//! `cargo xtask soak`: a thousand kills, told on one line for the log in docs/evidence.
//!
//! `soak CREDENCE sqlite|postgres KILLS ROWS` kills imports; `serving` in the place of rows kills servers.

use credence_store::clock::Clock;
use credence_testkit::serving;
use credence_testkit::soak::{self, Plan};
use credence_testkit::stores::TestStore;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("soak: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<String, Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [binary, database, kills, rows] = arguments.as_slice() else {
        return Err("usage: soak CREDENCE sqlite|postgres KILLS ROWS|serving".into());
    };
    let empty = match database.as_str() {
        "sqlite" => TestStore::sqlite,
        "postgres" => TestStore::postgres,
        _ => return Err("sqlite or postgres".into()),
    };
    let seed = Clock::system().now_micros().unsigned_abs();
    let (binary, kills) = (std::path::absolute(binary)?, kills.parse()?);
    if rows == "serving" {
        let done = serving::run(&binary, kills, empty, seed, &mut |so_far| {
            eprintln!("{} servers killed, {} batches acknowledged", so_far.kills, so_far.acknowledged);
        })?;
        let serving::Outcome { kills, acknowledged, checkpoints, verified } = done;
        let today = Clock::system().today();
        return Ok(format!(
            "| {today} | {database} | {kills} | {acknowledged} | {checkpoints} | {verified} | all there |"
        ));
    }
    let plan = Plan { binary, kills, rows: rows.parse()?, verify_every: 10, seed };
    let undisturbed = soak::undisturbed(&plan)?;
    let done = soak::run(&plan, &undisturbed, empty, &mut |so_far| {
        if so_far.kills.is_multiple_of(50) {
            eprintln!("{} kills, {} imports, {} verified", so_far.kills, so_far.imports, so_far.verified);
        }
    })?;
    Ok(format!(
        "| {} | {database} | {rows} | {} | {} | {} | `{}` | equal |",
        Clock::system().today(),
        done.kills,
        done.imports,
        done.verified,
        done.digest
    ))
}
