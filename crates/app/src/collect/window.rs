//! A window of a file: as many rows as fit a bound in bytes, judged, dated, packed and sorted by (code, identity).
//!
//! Rows and not bytes would not bound memory. Sorting is worth more than half of the speed of writing, and the larger a
//! window, the more of its rows meet on a page.

use super::facts::{Facts, Gathering};
use super::judging::{Desk, Judged, Reading};
use super::seen::{Mark, Perhaps, Seen};
use super::source::Rows;
use super::table::RawRow;
use credence_domain::catalog::codes::Codes;
use credence_domain::record::judgement::Reject;
use credence_domain::record::value::push_date;
use credence_store::batch::{Counts, Rejected};
use jiff::civil::Date;
use std::collections::HashMap;

/// What a window may weigh: a row weighs its text and [`ROW_BYTES`]; one that stays in memory weighs [`in_memory`] besides.
pub const WINDOW_BYTES: usize = 256 << 20;
/// What a row takes beside its text, however short it is: digests, dates, its place in the order.
const ROW_BYTES: usize = 512;

/// What a row weighs that stays in memory as it is: it was rejected, may repeat another, carries numbers of persons or an instruction,
/// or is an act of its own. Some 25 MB of text fill a window by themselves.
const fn in_memory(text: usize) -> usize {
    (8 << 10) + 10 * text
}

/// One window, ready to be written.
#[derive(Debug, Default)]
pub struct Window {
    /// Its facts.
    pub facts: Facts,
    /// Rows that are none, or that repeat a row with other content.
    pub rejected: Vec<Rejected>,
    /// What is already decided: rows read, rejected, unchanged because they repeat a row.
    pub counts: Counts,
    /// Bytes of the file read so far.
    pub bytes: u64,
}

/// Bytes of text in a block that is judged at once: what two threads share out, and what is read ahead of it.
const BLOCK_BYTES: usize = 2 << 20;
/// Rows for which a second thread is worth its start.
const WORTH_SHARING: usize = 256;

/// Makes windows of a file.
pub struct Windows<'r> {
    rows: Rows,
    reading: Reading<'r>,
    /// One for each thread that judges.
    desks: [Desk<'r>; 2],
    codes: &'r Codes,
    seen: Seen,
    perhaps: Perhaps,
    /// Rows of the window under way that may repeat an earlier one, by line.
    kept: Vec<(u32, Vec<u8>)>,
    ended: bool,
    bytes: u64,
    room: usize,
}

/// Rows that were read and are not judged yet, with the bytes of those that are damaged.
#[derive(Default)]
struct Block {
    rows: Vec<RawRow>,
    damaged: HashMap<u32, Vec<u8>>,
    bytes: usize,
}

impl Block {
    /// What it counts for in a window.
    fn weight(&self) -> usize {
        self.bytes + self.rows.len() * ROW_BYTES
    }
}

/// What became of a row of a block.
enum Told {
    /// A fact.
    Fact {
        /// How to tell that another row repeats it.
        mark: Mark,
        /// It weighs on memory.
        stays: bool,
    },
    /// The reasons why it is none.
    Rejected(Vec<Reject>),
}

/// Judges rows in their order.
fn gather<'r>(
    desk: &mut Desk<'r>,
    reading: &Reading<'r>,
    rows: &[RawRow],
) -> credence_store::Result<(Gathering, Vec<Told>)> {
    let (mut gathering, mut told) = (Gathering::default(), Vec::with_capacity(rows.len()));
    for row in rows {
        told.push(match desk.judge(reading, row)? {
            Judged::Rejected(rejects) => Told::Rejected(rejects),
            Judged::Fact(fact, mark) => {
                let stays = gathering.put(*fact, row.text.len());
                Told::Fact { mark, stays }
            }
        });
    }
    Ok((gathering, told))
}

impl<'r> Windows<'r> {
    /// Begins at the first row.
    #[must_use]
    pub fn new(rows: Rows, reading: Reading<'r>, desks: [Desk<'r>; 2], codes: &'r Codes) -> Self {
        Self {
            rows,
            reading,
            desks,
            codes,
            seen: Seen::default(),
            perhaps: Perhaps::default(),
            kept: Vec::new(),
            ended: false,
            bytes: 0,
            room: WINDOW_BYTES,
        }
    }

    /// Windows of another size: two imports of a file cut it alike only where they have the same.
    pub fn weigh_at_most(&mut self, bytes: usize) {
        self.room = bytes.max(BLOCK_BYTES);
    }

    /// Whether the next window's contents are packed as they are judged, or only by who finds them new.
    pub fn pack_ahead(&mut self, ahead: bool) {
        self.reading.packs_ahead = ahead;
    }

    /// The next window; `None` at the end.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_window(&mut self) -> crate::Result<Option<Window>> {
        let mut window = Window::default();
        let mut marks = Vec::new();
        let (mut taken, mut weight) = (0, 0);
        while weight < self.room && !self.ended {
            let mut block = self.next_block(self.room - weight)?;
            taken += block.bytes;
            weight += block.weight();
            let judged = self.judge(&block.rows, &mut window.facts)?;
            for (row, judged) in block.rows.iter().zip(judged) {
                window.counts.read += 1;
                match judged {
                    Told::Fact { mark, stays } => {
                        let may_repeat = self.perhaps.insert(mark.identity);
                        if stays || may_repeat {
                            weight += in_memory(row.text.len());
                        }
                        // What may repeat an earlier row is kept as it stands until it is known.
                        if may_repeat {
                            self.kept.push((row.line, self.rows.original_bytes(row, self.reading.encoding)));
                        }
                        marks.push(mark);
                    }
                    Told::Rejected(rejects) => {
                        window.counts.rejected += 1;
                        weight += in_memory(row.text.len());
                        let damaged = block.damaged.remove(&row.line);
                        let raw = damaged.unwrap_or_else(|| self.rows.original_bytes(row, self.reading.encoding));
                        window.rejected.push(self.rejected(row.line, &rejects, raw));
                    }
                }
            }
        }
        self.bytes += taken as u64;
        window.bytes = self.bytes;
        if window.counts.read == 0 {
            return Ok(None);
        }
        self.drop_repeated(&mut window, &marks)?;
        window.facts.sort();
        Ok(Some(window))
    }

    fn next_block(&mut self, room: usize) -> crate::Result<Block> {
        let mut block = Block::default();
        while block.weight() < room.min(BLOCK_BYTES) {
            let Some(row) = self.rows.next_row()? else {
                self.ended = true;
                break;
            };
            block.bytes += row.text.len() + 1;
            if row.defect.is_some() {
                // Damaged bytes are at hand only while their row is the last one read.
                block.damaged.insert(row.line, self.rows.original_bytes(&row, self.reading.encoding));
            }
            block.rows.push(row);
        }
        Ok(block)
    }

    /// Judges a block, on two threads when it is large enough; its facts join those of the window.
    fn judge(&mut self, rows: &[RawRow], facts: &mut Facts) -> crate::Result<Vec<Told>> {
        let (reading, [here, beside]) = (&self.reading, &mut self.desks);
        if rows.len() < WORTH_SHARING {
            let (gathering, told) = gather(here, reading, rows)?;
            facts.take(gathering)?;
            return Ok(told);
        }
        let (first, second) = rows.split_at(rows.len() / 2);
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().name("judge".to_owned());
            let second = thread.spawn_scoped(scope, || gather(beside, reading, second))?;
            let first = gather(here, reading, first);
            let second = second.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            let ((first, mut told), (second, told_second)) = (first?, second?);
            facts.take(first)?;
            facts.take(second)?;
            told.extend(told_second);
            Ok(told)
        })
    }

    /// The sender's own header for a field code, so that he finds the column.
    fn header_of(&self, field: &str) -> String {
        let fields = &self.reading.judge.version().fields;
        let at = fields.iter().position(|f| f.code == field);
        let column = at.and_then(|at| self.reading.judge.column_of(at));
        column.and_then(|c| self.reading.header.get(c)).map_or_else(|| field.to_owned(), Clone::clone)
    }

    fn rejected(&self, line: u32, rejects: &[Reject], raw: Vec<u8>) -> Rejected {
        let reasons: Vec<String> = rejects
            .iter()
            .map(|reject| {
                let text = self.codes.reject_text(reject.code);
                let text =
                    if reject.detail.is_empty() { text.to_owned() } else { format!("{text}（{}）", reject.detail) };
                // Of several each says of which column it speaks.
                let is_of_one = rejects.len() == 1 || reject.field.is_empty();
                if is_of_one { text } else { format!("{}：{text}", self.header_of(&reject.field)) }
            })
            .collect();
        let first = rejects.first();
        Rejected {
            line,
            field: first
                .map(|reject| reject.field.as_str())
                .filter(|f| !f.is_empty())
                .map_or_else(String::new, |f| self.header_of(f)),
            code: first.map_or("", |reject| reject.code).to_owned(),
            reason: reasons.join("；"),
            raw,
        }
    }

    fn drop_repeated(&mut self, window: &mut Window, marks: &[Mark]) -> std::io::Result<()> {
        let may_repeat = |line: u32| self.kept.binary_search_by_key(&line, |(kept, _)| *kept).is_ok();
        let mut repeats = self.seen.take(marks, may_repeat)?.into_iter();
        window.facts.retain(|fact| {
            let repeats = repeats.next().flatten();
            match repeats {
                None => {}
                Some(repeats) if repeats.equal => window.counts.unchanged += 1,
                Some(repeats) => {
                    window.counts.rejected += 1;
                    let text = self.codes.reject_text("duplicate_in_file");
                    window.rejected.push(Rejected {
                        line: fact.line,
                        field: String::new(),
                        code: "duplicate_in_file".to_owned(),
                        reason: format!("{text}（第{}行与第{}行）", repeats.first_line, fact.line),
                        raw: self
                            .kept
                            .iter()
                            .find(|(line, _)| *line == fact.line)
                            .map_or_else(Vec::new, |k| k.1.clone()),
                    });
                }
            }
            repeats.is_none()
        });
        self.kept.clear();
        Ok(())
    }
}

/// A date as content holds it.
#[must_use]
pub fn iso(date: Date) -> String {
    let mut out = String::with_capacity(10);
    push_date(&mut out, date);
    out
}
