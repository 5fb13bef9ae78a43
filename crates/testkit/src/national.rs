//! A national platform that stands in for the real one: it takes packages out of a folder, over a line that loses, doubles and holds
//! them up, refuses some rows, answers with receipts, of which some are lost, and says what it holds. It knows nothing of the program
//! but the words of its adapter.

use credence_domain::national::PlatformVersion;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};

/// What becomes of a package on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// It arrives.
    Good,
    /// It is lost.
    Lost,
    /// It arrives twice.
    Doubled,
    /// It arrives after the next.
    Late,
    /// It arrives, and its answer is lost.
    Unanswered,
}

/// What the platform holds of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Version.
    pub version: i32,
    /// The cells of the item's own form, by header.
    pub cells: BTreeMap<String, String>,
}

/// The platform.
#[derive(Debug)]
pub struct StandIn {
    folder: PathBuf,
    adapter: PlatformVersion,
    /// What it holds, by the record's public reference.
    pub held: BTreeMap<String, Held>,
    deleted: BTreeMap<String, i32>,
    arrived: VecDeque<(String, String, bool)>,
    /// Packages that were worked off, by item.
    worked_off: BTreeMap<String, i64>,
    /// Records that it refuses, with the code.
    pub refuses: BTreeMap<String, &'static str>,
    /// Rows that it has worked off.
    pub rows: usize,
    /// Every operation that was ever asked.
    pub asked: BTreeSet<String>,
}

impl StandIn {
    /// A platform that looks into a folder of the hand-over.
    #[must_use]
    pub fn new(folder: &Path, adapter: &PlatformVersion) -> Self {
        Self {
            folder: folder.to_owned(),
            adapter: adapter.clone(),
            held: BTreeMap::new(),
            deleted: BTreeMap::new(),
            arrived: VecDeque::new(),
            worked_off: BTreeMap::new(),
            refuses: BTreeMap::new(),
            rows: 0,
            asked: BTreeSet::new(),
        }
    }

    /// Carries away the packages that are complete: what becomes of each the line says. How many there were.
    ///
    /// # Panics
    /// When the folder cannot be read.
    #[allow(clippy::expect_used, reason = "a test whose folder is gone has failed")]
    pub fn carry(&mut self, mut line: impl FnMut(&str) -> Line) -> usize {
        let out = self.folder.join("out");
        let mut names: Vec<String> = fs::read_dir(&out)
            .map(|found| found.flatten().filter_map(|one| one.file_name().into_string().ok()).collect())
            .unwrap_or_default();
        names.sort();
        let mut carried = 0;
        for manifest in names.iter().filter(|name| name.ends_with(".manifest.json")) {
            let name = manifest.trim_end_matches(".manifest.json").to_owned();
            let data = out.join(format!("{name}.csv"));
            let text = fs::read_to_string(&data).expect("data beside a manifest");
            fs::remove_file(&data).expect("a file");
            fs::remove_file(out.join(manifest)).expect("a file");
            carried += 1;
            match line(&name) {
                Line::Lost => {}
                Line::Good => self.arrived.push_back((name, text, true)),
                Line::Unanswered => self.arrived.push_back((name, text, false)),
                Line::Doubled => self.arrived.extend([(name.clone(), text.clone(), true), (name, text, true)]),
                Line::Late => {
                    let at = self.arrived.len().saturating_sub(1);
                    self.arrived.insert(at, (name, text, true));
                    self.arrived.rotate_left(usize::from(self.arrived.len() > 1));
                }
            }
        }
        carried
    }

    /// Works off what has arrived, at most so many packages, and answers.
    pub fn work(&mut self, packages: usize) {
        for _ in 0..packages {
            let Some((name, text, answers)) = self.arrived.pop_front() else { return };
            let (item, number) = name.rsplit_once('-').unwrap_or((&name, "0"));
            let number = number.parse().unwrap_or(0);
            let mut receipt = self.header();
            let rows = table(&text);
            let header = rows.first().cloned().unwrap_or_default();
            for cells in rows.into_iter().skip(1) {
                let row: BTreeMap<String, String> = header.iter().cloned().zip(cells).collect();
                receipt.push_str(&self.take(row));
            }
            let done = self.worked_off.entry(item.to_owned()).or_default();
            *done = (*done).max(number);
            if answers {
                self.write(&format!("receipt-{name}.csv"), &receipt);
            }
        }
    }

    fn header(&self) -> String {
        let form = &self.adapter.receipt;
        format!("{},{},{},{},{},{}\r\n", form.id, form.version, form.operation, form.result, form.code, form.field)
    }

    /// One row, and the line of the receipt.
    fn take(&mut self, mut row: BTreeMap<String, String>) -> String {
        self.rows += 1;
        let sent = &self.adapter.sent;
        let mut own = |header: &str| row.remove(header).unwrap_or_default();
        let (operation, id, version) = (own(&sent.operation), own(&sent.id), own(&sent.version));
        drop(own(&sent.line));
        self.asked.insert(operation.clone());
        let number: i32 = version.parse().unwrap_or(0);
        let held = self.held.get(&id).map(|held| held.version);
        let refused = self.refuses.get(&id).copied().filter(|_| operation != self.adapter.operations.delete);
        if refused.is_none() {
            if operation == self.adapter.operations.delete {
                if held.is_none_or(|held| held <= number) {
                    self.held.remove(&id);
                    let gone = self.deleted.entry(id.clone()).or_default();
                    *gone = (*gone).max(number);
                }
            } else if held.is_none_or(|held| held <= number) && self.deleted.get(&id).is_none_or(|gone| *gone < number)
            {
                self.held.insert(id.clone(), Held { version: number, cells: row });
            }
        }
        let (accepted, refusal) = (&self.adapter.receipt.accepted, &self.adapter.receipt.refused);
        let result = if refused.is_some() { refusal } else { accepted };
        let result = result.first().map(String::as_str).unwrap_or_default();
        format!("{id},{version},{operation},{result},{},\r\n", refused.unwrap_or_default())
    }

    /// Says what it holds of an item, as of every package that it has worked off.
    pub fn tell_holdings(&mut self, item: &str, of_item: impl Fn(&str) -> bool) {
        let form = &self.adapter.holding;
        let mut text = format!("{},{}\r\n", form.id, form.version);
        for (id, held) in self.held.iter().filter(|(id, _)| of_item(id)) {
            text.push_str(&format!("{id},{}\r\n", held.version));
        }
        let number = self.worked_off.get(item).copied().unwrap_or_default();
        self.write(&format!("holding-{item}-{number:06}.csv"), &text);
    }

    /// Says how many records of an item it holds on a day.
    pub fn tell_count(&self, item: &str, day: &str, count: usize) {
        let form = &self.adapter.count;
        self.write("count-1.csv", &format!("{},{},{}\r\n{item},{day},{count}\r\n", form.item, form.day, form.count));
    }

    /// What a demonstration shows: a few rows are refused, one copy has ended and two have another last day.
    pub fn demonstrate(&mut self) {
        const REFUSED: usize = 5;
        self.carry(|_| Line::Good);
        let penalties: Vec<String> = self
            .arrived
            .iter()
            .filter(|(name, ..)| name.starts_with("penalty"))
            .flat_map(|(_, text, _)| table(text).into_iter().skip(1).filter_map(|row| row.get(2).cloned()))
            .take(REFUSED + 2)
            .collect();
        let other_day = penalties.iter().skip(REFUSED).map(|id| (id.clone(), true));
        self.refuses.extend(penalties.iter().take(REFUSED).map(|id| (id.clone(), "FIELD")));
        let permit = self.arrived.iter().find(|(name, ..)| name.starts_with("permit"));
        let ended = permit.and_then(|(_, text, _)| Some((table(text).last()?.get(2)?.clone(), false)));
        let differing: Vec<(String, bool)> = other_day.chain(ended).collect();
        self.work(usize::MAX);
        let Some(form) = self.adapter.copy.clone() else { return };
        let word = |words: &[String]| words.first().cloned().unwrap_or_default();
        let mut text = format!("{},{},{}\r\n", form.id, form.state, form.through);
        for (id, public) in differing {
            let (state, through) = if public { (word(&form.public), "2027-01-31") } else { (word(&form.ended), "") };
            text.push_str(&format!("{id},{state},{through}\r\n"));
        }
        self.write("copy-1.csv", &text);
    }

    /// Writes a file for the other side.
    ///
    /// # Panics
    /// When it cannot be written.
    #[allow(clippy::expect_used, reason = "a test whose folder is gone has failed")]
    pub fn write(&self, name: &str, text: &str) {
        let incoming = self.folder.join("in");
        let part = incoming.join(format!(".{name}"));
        fs::write(&part, text).expect("a file");
        fs::rename(part, incoming.join(name)).expect("a file");
    }
}

/// The rows of comma-separated text (RFC 4180).
#[must_use]
pub fn table(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut letters) = (false, text.chars().peekable());
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            other => cell.push(other),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push(row);
    }
    rows
}
