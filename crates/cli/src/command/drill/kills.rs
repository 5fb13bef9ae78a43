//! Processes and connections that end in the middle of an import.

use super::Outcome;
use super::place::Place;
use credence_app::{Address, Clock, drill};
use std::time::Duration;

/// How long an import of the drill's file takes, about: moments lie within it.
fn duration(place: &mut Place) -> anyhow::Result<u64> {
    let file = place.new_file(place.rows)?;
    let watch = Clock::stopwatch();
    place.start_import(&file)?.wait()?;
    Ok(u64::try_from(watch.elapsed().as_micros())?)
}

/// kill -9 at random moments; each time the import goes on where it stood.
pub(super) fn in_an_import(place: &mut Place) -> anyhow::Result<Outcome> {
    let within = duration(place)?;
    let (mut wrong, mut hit) = (Vec::new(), 0);
    for _ in 0..place.rounds {
        let file = place.new_file(place.rows)?;
        let moment = place.below(within);
        let mut running = place.start_import(&file)?;
        std::thread::sleep(Duration::from_micros(moment));
        running.kill()?;
        hit += usize::from(running.wait()?.code().is_none());
        wrong.extend(place.verify(&[])?);
        wrong.extend(place.import_whole(&file)?);
    }
    wrong.extend(place.verify(&[])?);
    Ok(Outcome::of(place.rounds, format!("{hit} 次正在导入，其后各自续完，再报无新增"), wrong))
}

/// Every connection to the copy is cut at random moments.
pub(super) fn connections(place: &mut Place) -> anyhow::Result<Outcome> {
    if place.file().is_some() {
        return Ok(Outcome::not_here("SQLite 没有连接"));
    }
    let address = Address::parse(&place.database).map_err(credence_app::AppError::from)?;
    let within = duration(place)?;
    let (mut wrong, mut hit) = (Vec::new(), 0);
    for _ in 0..place.rounds {
        let file = place.new_file(place.rows)?;
        let moment = place.below(within);
        let running =
            place.import(&file)?.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn()?;
        std::thread::sleep(Duration::from_micros(moment));
        drill::cut_connections(&address)?;
        let output = running.wait_with_output()?;
        if output.stdout.is_empty() {
            hit += 1;
            if output.status.success() || super::place::said(&output).is_empty() {
                wrong.push("an import whose connection was cut said nothing".to_owned());
            }
        }
        wrong.extend(place.verify(&[])?);
        wrong.extend(place.import_whole(&file)?);
    }
    Ok(Outcome::of(place.rounds, format!("{hit} 次导入报错退出，其后各自续完"), wrong))
}
