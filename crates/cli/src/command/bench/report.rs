//! What every benchmark reports: figures with median and spread, ratios to a peer, the machine. One form for all of them.

use super::machine::Machine;
use crate::output::say;
use serde::Serialize;

/// One thing measured several times.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// Stable name: `sqlite.first`, `duckdb.first`.
    pub name: String,
    /// Unit: `rows/s`, `MiB`, `s`.
    pub unit: &'static str,
    /// The middle one.
    pub median: f64,
    /// The smallest.
    pub low: f64,
    /// The largest.
    pub high: f64,
    /// Each run, in order.
    pub runs: Vec<f64>,
}

/// How far ahead of a peer: the median of the ratios of each run, so that a machine that drifts does not decide.
#[derive(Clone, Debug, Serialize)]
pub struct Ratio {
    /// Our figure.
    pub ours: String,
    /// The peer's, or the one of ours that it is measured by.
    pub peer: String,
    /// Ours by the peer's.
    pub ratio: f64,
    /// What it should be at least; none where nothing was promised.
    pub goal: Option<f64>,
    /// It is.
    pub met: Option<bool>,
}

/// The report of one benchmark.
#[derive(Debug, Serialize)]
pub struct Report {
    /// `import`, `sweep`, `profile`, `start`.
    pub benchmark: &'static str,
    /// What was done, in a sentence.
    pub work: String,
    /// The machine.
    pub machine: Machine,
    /// Versions of the peers.
    pub versions: Vec<String>,
    /// Figures in the order in which they were first measured.
    pub figures: Vec<Figure>,
    /// Ratios.
    pub ratios: Vec<Ratio>,
    /// What a reader must know to judge them.
    pub notes: Vec<String>,
}

impl Report {
    /// An empty report of this machine.
    pub fn new(benchmark: &'static str, work: String) -> Self {
        let machine = Machine::here();
        Self {
            benchmark,
            work,
            machine,
            versions: Vec::new(),
            figures: Vec::new(),
            ratios: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Takes one more run of a figure in.
    pub fn measured(&mut self, name: &str, unit: &'static str, value: f64) {
        let place = match self.figures.iter().position(|figure| figure.name == name) {
            Some(at) => self.figures.get_mut(at),
            None => {
                self.figures.push(Figure {
                    name: name.to_owned(),
                    unit,
                    median: 0.0,
                    low: 0.0,
                    high: 0.0,
                    runs: vec![],
                });
                self.figures.last_mut()
            }
        };
        if let Some(figure) = place {
            figure.runs.push(value);
            figure.median = median(&figure.runs);
            figure.low = figure.runs.iter().copied().fold(f64::INFINITY, f64::min);
            figure.high = figure.runs.iter().copied().fold(0.0, f64::max);
        }
    }

    /// Takes the version of a peer in, once.
    pub fn version(&mut self, version: String) {
        if !self.versions.contains(&version) {
            self.versions.push(version);
        }
    }

    /// Sets one figure against another, run by run; nothing where either was not measured.
    pub fn compare(&mut self, ours: &str, peer: &str, goal: Option<f64>) {
        let runs = |name: &str| self.figures.iter().find(|figure| figure.name == name).map(|figure| &figure.runs);
        let (Some(left), Some(right)) = (runs(ours), runs(peer)) else { return };
        let ratios: Vec<f64> = left.iter().zip(right).map(|(a, b)| a / b.max(f64::MIN_POSITIVE)).collect();
        let ratio = median(&ratios);
        let met = goal.map(|goal| ratio >= goal);
        self.ratios.push(Ratio { ours: ours.to_owned(), peer: peer.to_owned(), ratio, goal, met });
    }

    /// Prints it: with `json` one document, else a table for people.
    ///
    /// # Errors
    /// When stdout is closed.
    pub fn print(&self, json: bool) -> anyhow::Result<()> {
        if json {
            return crate::output::json(self);
        }
        let machine = &self.machine;
        say!("{}: {}", self.benchmark, self.work)?;
        say!(
            "{}, {} cores, {} MiB, load {} at the start, {} build; {}",
            machine.processor,
            machine.cores,
            machine.memory_mib,
            machine.load,
            machine.build,
            self.versions.join(", ")
        )?;
        say!("{:<28} {:>10} {:>10} {:>10}  unit (median, low, high)", "figure", "median", "low", "high")?;
        for figure in &self.figures {
            say!(
                "{:<28} {:>10} {:>10} {:>10}  {}",
                figure.name,
                short(figure.median),
                short(figure.low),
                short(figure.high),
                figure.unit
            )?;
        }
        for ratio in &self.ratios {
            let goal = match (ratio.goal, ratio.met) {
                (Some(goal), Some(true)) => format!("  goal {goal}, met"),
                (Some(goal), _) => format!("  goal {goal}, NOT met"),
                _ => String::new(),
            };
            say!("{} / {} = {:.2}{goal}", ratio.ours, ratio.peer, ratio.ratio)?;
        }
        for note in &self.notes {
            say!("note: {note}")?;
        }
        Ok(())
    }
}

fn short(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// The middle value; the mean of the two middle ones of an even number; 0 of none.
#[must_use]
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let at = |i: usize| sorted.get(i).copied().unwrap_or(0.0);
    if sorted.len().is_multiple_of(2) && middle > 0 { (at(middle - 1) + at(middle)) / 2.0 } else { at(middle) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_the_median_of_the_runs_ratios() {
        let mut report = Report::new("import", String::new());
        for (ours, peer) in [(100.0, 50.0), (50.0, 50.0), (300.0, 100.0)] {
            report.measured("ours", "rows/s", ours);
            report.measured("peer", "rows/s", peer);
        }
        report.compare("ours", "peer", Some(2.0));
        report.compare("ours", "absent", Some(2.0));
        assert_eq!(report.ratios.len(), 1);
        assert_eq!((report.ratios[0].ratio, report.ratios[0].met), (2.0, Some(true)));
        assert_eq!((report.figures[0].median, report.figures[0].low, report.figures[0].high), (100.0, 50.0, 300.0));
        assert_eq!((median(&[]), median(&[4.0, 1.0])), (0.0, 2.5));
    }
}
