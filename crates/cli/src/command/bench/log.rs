//! W7, the log by itself: leaves appended in bulk to the tree with its tiles, and proofs from the tiles, without a database.

use super::report::Report;
use crate::exit::Done;
use anyhow::{Context, ensure};
use credence_app::Clock;
use credence_testkit::leaves::{Leaves, leaf};

/// Leaves appended at a time: what the sequencer places in one transaction.
const AT_ONCE: u64 = 10_000;

/// Leaves appended in bulk, and proofs (W7).
#[derive(Debug, clap::Args)]
pub struct Log {
    /// Leaves.
    #[arg(long, default_value_t = 4_000_000)]
    leaves: u64,
    /// Proofs.
    #[arg(long, default_value_t = 20_000)]
    proofs: u64,
    /// How often each is measured.
    #[arg(long, default_value_t = 5)]
    runs: usize,
}

impl Log {
    /// Runs the benchmark.
    pub fn run(&self, json: bool) -> anyhow::Result<Done> {
        ensure!(self.leaves >= AT_ONCE && self.proofs > 0 && self.runs > 0, "nothing to measure");
        let work =
            format!("{} leaves in pieces of {AT_ONCE}, then {} proofs of random leaves", self.leaves, self.proofs);
        let mut report = Report::new("log", work);
        for _ in 0..self.runs {
            self.measure(&mut report)?;
        }
        report.notes.push("goals: 4,000,000 leaves/s appended in bulk, 10 µs a proof".to_owned());
        report
            .notes
            .push("one thread, tiles in memory; leaves are hashes already, as the sequencer has them".to_owned());
        report.notes.push(
            "a proof reads its tiles anew and hashes within them: what a question costs that came alone".to_owned(),
        );
        report
            .notes
            .push("no peer: the other logs that we know of are measured with their network and disk".to_owned());
        report.print(json)?;
        Ok(Done::Whole)
    }

    fn measure(&self, report: &mut Report) -> anyhow::Result<()> {
        let watch = Clock::stopwatch();
        let hashes: Vec<_> = (0..self.leaves).map(leaf).collect();
        report.measured("log.leaf_hash", "leaves/s", self.leaves as f64 / watch.elapsed().as_secs_f64());
        let mut log = Leaves::default();
        let watch = Clock::stopwatch();
        for piece in hashes.chunks(usize::try_from(AT_ONCE)?) {
            ensure!(log.append(piece), "a tile is missing");
        }
        report.measured("log.append", "leaves/s", self.leaves as f64 / watch.elapsed().as_secs_f64());
        let asked: Vec<u64> = (0..self.proofs).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) % self.leaves).collect();
        let watch = Clock::stopwatch();
        let proofs: Vec<_> = asked.iter().map(|number| log.prove(*number)).collect();
        report.measured("log.proof", "µs", watch.elapsed().as_secs_f64() * 1e6 / self.proofs as f64);
        let root = log.root().context("a tile is missing")?;
        let watch = Clock::stopwatch();
        let held = asked
            .iter()
            .zip(&proofs)
            .filter(|(number, path)| path.as_ref().is_some_and(|path| log.holds(**number, path, &root)));
        ensure!(held.count() == asked.len(), "a proof does not hold");
        report.measured("log.proof_checked", "µs", watch.elapsed().as_secs_f64() * 1e6 / self.proofs as f64);
        Ok(())
    }
}
