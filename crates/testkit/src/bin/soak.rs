//! `cargo xtask soak`: a thousand kills, told on one line for the log in docs/evidence.
//!
//! `soak CREDENCE sqlite|postgres KILLS ROWS`

use credence_store::clock::Clock;
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
        return Err("usage: soak CREDENCE sqlite|postgres KILLS ROWS".into());
    };
    let empty = match database.as_str() {
        "sqlite" => TestStore::sqlite,
        "postgres" => TestStore::postgres,
        _ => return Err("sqlite or postgres".into()),
    };
    let seed = Clock::system().now_micros().unsigned_abs();
    let plan = Plan {
        binary: std::path::absolute(binary)?,
        kills: kills.parse()?,
        rows: rows.parse()?,
        verify_every: 10,
        seed,
    };
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
