//! A disk that answers nothing for a while, and a clock that jumps.

use super::Outcome;
use super::place::{Place, signal};
use anyhow::anyhow;
use credence_app::collect::{self, Request};
use credence_app::{Address, Clock};
use credence_domain::subject::Uscc;
use credence_testkit::penalties;
use jiff::ToSpan;
use std::time::Duration;

/// The importing process stands still as if the disk did not answer: readers are served meanwhile, and it goes on.
pub(super) fn disk(place: &mut Place) -> anyhow::Result<Outcome> {
    let (mut wrong, mut stood) = (Vec::new(), 0);
    for _ in 0..place.rounds {
        let file = place.new_file(place.rows)?;
        let moment = place.below(400_000);
        let mut running = place.start_import(&file)?;
        std::thread::sleep(Duration::from_micros(moment));
        if running.try_wait()?.is_none() {
            stood += 1;
            signal("-STOP", &running)?;
            let watch = Clock::stopwatch();
            let answer = place.ask(&["batch", "list"])?;
            if !answer.status.success() || watch.elapsed() > Duration::from_secs(10) {
                wrong.push("a reader was kept waiting by a writer that stands still".to_owned());
            }
            signal("-CONT", &running)?;
        }
        if running.wait()?.code().is_none() {
            wrong.push("an import that stood still for a while did not end".to_owned());
        }
        wrong.extend(place.import_whole(&file)?);
    }
    wrong.extend(place.verify(&[])?);
    Ok(Outcome::of(place.rounds, format!("{stood} 次停顿，期间查询照常，其后导完"), wrong))
}

/// Imports by clocks that went back and forth: order is kept by numbers, so nothing is lost.
pub(super) fn clock(place: &mut Place) -> anyhow::Result<Outcome> {
    let address = Address::parse(&place.database).map_err(credence_app::AppError::from)?;
    let today = Clock::system().today();
    let mut wrong = Vec::new();
    for _ in 0..place.rounds {
        let days = i64::try_from(place.below(800))? - 400;
        let file = place.new_file(1_000)?;
        let day = today.checked_add(days.days())?;
        let mut writer = address.writer(Clock::fixed(day)).map_err(credence_app::AppError::from)?;
        let rulebook = credence_app::rulebook::in_force(writer.connection())?;
        let source = Uscc::parse(&penalties::source()).map_err(|reason| anyhow!("{reason:?}"))?;
        let request = Request {
            path: file.clone(),
            source,
            item: None,
            rejects: None,
            dry_run: false,
            secrecy_review: "演练".to_owned(),
            channel: "cli",
            instruction: None,
            window_bytes: credence_app::collect::WINDOW_BYTES,
        };
        collect::import(&mut writer, &rulebook, &request, &mut |_| ())?;
        drop(writer);
        wrong.extend(place.import_whole(&file)?);
    }
    wrong.extend(place.verify(&[])?);
    Ok(Outcome::of(place.rounds, "时钟前后跳变各次，编号连续，校验通过", wrong))
}
