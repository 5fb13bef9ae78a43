//! The facts of a window, gathered in the order of the file and handed on in order of (code, identity).
//!
//! Beyond a few megabytes they lie in a temporary file without a name, gone with the window: so a window is as large as sorting
//! it well asks, and memory stays small. Rows that carry numbers of persons are not in it (`bundle`).

use super::bundle::Bundle;
use credence_domain::record::Identity;
use credence_domain::subject::Uscc;
use credence_store::StoreError;
use credence_store::arrival::Incoming;
use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;

/// Bytes of facts that a window keeps in memory.
const IN_MEMORY: usize = 8 << 20;

/// Text of facts that become rows again at once: rows of a few lines meet the bound on their number long before.
const CHUNK_TEXT: usize = 16 << 20;

/// The facts of a window: those that end no record, then the others, each in order of (code, identity).
#[derive(Debug, Default)]
pub struct Facts {
    gathered: Vec<Gathered>,
    order: Vec<Fact>,
    in_memory: usize,
    file: Option<File>,
    in_file: u64,
}

/// Rows that were gathered together.
#[derive(Debug)]
struct Gathered {
    bundle: Bundle,
    /// Where its bytes lie in the file; `None` = they are in memory.
    lies_at: Option<u64>,
}

/// One fact by its order, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    stands_alone: bool,
    uscc: Uscc,
    identity: Identity,
    /// Line in the sender's file.
    pub line: u32,
    /// Bytes of its text there.
    text: u32,
    bundle: u32,
    start: u32,
    end: u32,
}

/// Rows of one thread before they join the others.
#[derive(Debug, Default)]
pub struct Gathering {
    bundle: Bundle,
    order: Vec<Fact>,
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl Gathering {
    /// Takes a row of so many bytes of text in; true when it weighs on memory: it is kept as it is, or is an act of its own.
    pub fn put(&mut self, row: Incoming, text: usize) -> bool {
        let before = self.bundle.kept_whole();
        let (stands_alone, uscc, identity, line) = (row.stands_alone(), row.uscc, row.identity, row.line);
        let start = number(self.bundle.bytes.len());
        self.bundle.put(row);
        let end = number(self.bundle.bytes.len());
        self.order.push(Fact { stands_alone, uscc, identity, line, text: number(text), bundle: 0, start, end });
        stands_alone || self.bundle.kept_whole() > before
    }
}

impl Facts {
    /// Takes gathered rows in, behind the others.
    ///
    /// # Errors
    /// When there is no room for temporary files.
    pub fn take(&mut self, Gathering { mut bundle, mut order }: Gathering) -> std::io::Result<()> {
        bundle.close();
        let mut lies_at = None;
        if self.in_memory + bundle.bytes.len() > IN_MEMORY {
            let file = match self.file.take() {
                Some(file) => file,
                None => tempfile::tempfile()?,
            };
            file.write_all_at(&bundle.bytes, self.in_file)?;
            lies_at = Some(self.in_file);
            self.in_file += bundle.bytes.len() as u64;
            bundle.bytes = Vec::new();
            self.file = Some(file);
        } else {
            bundle.bytes.shrink_to_fit();
            self.in_memory += bundle.bytes.len();
        }
        let at = number(self.gathered.len());
        order.iter_mut().for_each(|fact| fact.bundle = at);
        self.gathered.push(Gathered { bundle, lies_at });
        self.order.extend(order);
        Ok(())
    }

    /// Drops facts, in the order in which they were taken in.
    pub fn retain(&mut self, keep: impl FnMut(&Fact) -> bool) {
        self.order.retain(keep);
    }

    /// Puts them into their order.
    pub fn sort(&mut self) {
        self.order.sort_unstable();
    }

    /// How many.
    #[must_use]
    pub fn count(&self) -> usize {
        self.order.len()
    }

    /// How many end no record: they stand before the others.
    #[must_use]
    pub fn plain(&self) -> usize {
        self.order.partition_point(|fact| !fact.stands_alone)
    }

    /// Those that end no record, cut into what becomes rows again at once: so many facts at most, and not much more text than
    /// [`CHUNK_TEXT`]. Cut by the file alone, so that a resume cuts it alike.
    #[must_use]
    pub fn chunks(&self, most: usize) -> Vec<Range<usize>> {
        let (mut chunks, mut start, mut text) = (Vec::new(), 0, 0);
        for (at, fact) in self.order.iter().take(self.plain()).enumerate() {
            if at > start && (at - start == most || text >= CHUNK_TEXT) {
                chunks.push(start..at);
                (start, text) = (at, 0);
            }
            text += fact.text as usize;
        }
        if start < self.plain() {
            chunks.push(start..self.plain());
        }
        chunks
    }

    /// Some of them.
    ///
    /// # Errors
    /// When the temporary file cannot be read, or is not what was written.
    pub fn rows(&self, range: Range<usize>) -> credence_store::Result<Vec<Incoming>> {
        let mut bytes = Vec::new();
        self.order.get(range).unwrap_or_default().iter().map(|fact| self.row(*fact, &mut bytes)).collect()
    }

    fn row(&self, fact: Fact, bytes: &mut Vec<u8>) -> credence_store::Result<Incoming> {
        let lost = || StoreError::Inconsistent(format!("line {} of the window is lost", fact.line));
        let gathered = self.gathered.get(fact.bundle as usize).ok_or_else(lost)?;
        let row = match (gathered.lies_at, &self.file) {
            (Some(start), Some(file)) => {
                bytes.resize(fact.end.saturating_sub(fact.start) as usize, 0);
                file.read_exact_at(bytes, start + u64::from(fact.start))?;
                gathered.bundle.row(bytes)
            }
            _ => gathered
                .bundle
                .bytes
                .get(fact.start as usize..fact.end as usize)
                .and_then(|row| gathered.bundle.row(row)),
        };
        row.ok_or_else(lost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use credence_domain::record::{Instruction, Operation};
    use credence_store::arrival::Dates;
    use credence_store::body::Parcel;
    use credence_store::change::Registration;
    use proptest::prelude::*;

    const CODES: [&str; 3] = ["91379900MAFYG6FL01", "91379900MAP0G3GA0T", "11379900910001301E"];

    /// A row of some numbers: each bit of `has` says whether it has one of what a row may have.
    fn row(line: u32, chance: u64, text: &str, has: u16) -> Incoming {
        let is = |bit: u16| has >> bit & 1 == 1;
        let day = |bit: u16| is(bit).then_some(i32::try_from(chance % 40_000).unwrap());
        let mut identity = [0; 16];
        identity[..8].copy_from_slice(&chance.to_be_bytes());
        let code = |at: u64| Uscc::parse(CODES[usize::try_from(at % 3).unwrap()]).unwrap();
        Incoming {
            line,
            uscc: code(chance >> 8),
            identity: Identity(identity),
            name: text.into(),
            authority: code(chance >> 16),
            authority_area: if is(0) { "379901".into() } else { "".into() },
            decided_on: i32::try_from(chance % 30_000).unwrap() - 9_000,
            hold: if is(1) { "maybe_simple_procedure" } else { "" },
            dates: Dates {
                class: if is(2) { "serious".into() } else { "".into() },
                class_stated: is(3),
                pack: "pack/row".into(),
                due_on: day(4),
                due_by_law_on: day(5),
                due_provisional: is(6),
                public: is(7),
                through_on: day(8),
                repair_from_on: day(9),
            },
            public_digest: [line as u8; 32],
            other_digest: is(10).then_some([chance as u8; 32]),
            other_content: format!("{{\"{text}\":1}}").into(),
            body: match is(11) {
                true => Parcel::Loose { public: text.into(), notes: "".into() },
                false => Parcel::Packed(text.as_bytes().into()),
            },
            registration: is(12).then(|| {
                Box::new(Registration {
                    status: text.to_owned(),
                    area: "379901".to_owned(),
                    kind: String::new(),
                    established_on: day(4),
                })
            }),
            aliases: if is(13) {
                vec![("registration_number", text.into()), ("organisation_code", "1".into())]
            } else {
                vec![]
            },
            replaces: if is(14) { text.into() } else { "".into() },
            secrets: None,
            redacted: None,
            revoked: is(15),
            instruction: chance
                .is_multiple_of(7)
                .then(|| Box::new(Instruction { operation: Operation::Update, reason: text.into() })),
        }
    }

    proptest! {
        #[test]
        fn rows_come_back_whole_and_in_their_order(rows in proptest::collection::vec((any::<u64>(), "[a云]{0,200}", any::<u16>()), 0..60), each in 1usize..9) {
            let rows: Vec<Incoming> = rows.iter().enumerate()
                .map(|(at, (chance, text, has))| row(u32::try_from(at).unwrap() + 2, *chance, text, *has)).collect();
            let mut facts = Facts::default();
            for some in rows.chunks(each) {
                let mut gathering = Gathering::default();
                some.iter().cloned().for_each(|row| {
                    gathering.put(row, 100);
                });
                facts.take(gathering).unwrap();
            }
            facts.sort();
            let mut expected = rows;
            expected.sort_by_key(|row| (row.stands_alone(), row.uscc, row.identity, row.line));
            prop_assert_eq!(facts.plain(), expected.iter().filter(|row| !row.stands_alone()).count());
            let found = facts.rows(0..facts.count()).unwrap();
            prop_assert_eq!(format!("{found:?}"), format!("{expected:?}"));
        }
    }

    #[test]
    fn what_lies_in_the_file_comes_back_too_and_holds_no_number_of_a_person() {
        let text = "云海市".repeat(400);
        let mut rows: Vec<Incoming> =
            (0..6_000u32).map(|at| row(at, (u64::from(at) * 7_919 + 1) << 20 | 1, &text, at as u16 & 0x7fff)).collect();
        rows[5_000].redacted = Some(Box::new(("37990019900101123X".into(), "".into())));
        rows[5_000].other_content = "{\"number\":\"37990019900101123X\"}".into();
        let mut facts = Facts::default();
        for some in rows.chunks(500) {
            let mut gathering = Gathering::default();
            some.iter().cloned().for_each(|row| {
                gathering.put(row, 100);
            });
            facts.take(gathering).unwrap();
        }
        let file = facts.file.as_ref().expect("more than stays in memory").try_clone().unwrap();
        let mut bytes = vec![0; usize::try_from(facts.in_file).unwrap()];
        file.read_exact_at(&mut bytes, 0).unwrap();
        assert!(bytes.len() > 4 << 20 && facts.in_memory > 4 << 20);
        assert!(memchr::memmem::find(&bytes, "云海市".as_bytes()).is_some());
        assert!(memchr::memmem::find(&bytes, b"37990019900101123X").is_none());
        facts.sort();
        rows.sort_by_key(|row| (row.stands_alone(), row.uscc, row.identity, row.line));
        for range in [0..100, 2_900..3_100, 5_900..6_000, 5_999..7_000] {
            let expected = rows.get(range.start..range.end.min(rows.len())).unwrap();
            if range.end <= rows.len() {
                assert_eq!(format!("{:?}", facts.rows(range).unwrap()), format!("{expected:?}"));
            }
        }
        file.set_len(facts.in_file / 2).unwrap();
        assert!(facts.rows(0..facts.count()).is_err(), "a file that lost its end is told");
    }

    #[test]
    fn long_rows_become_rows_again_a_few_at_a_time() {
        let mut facts = Facts::default();
        let mut gathering = Gathering::default();
        for at in 0..100 {
            // One in twenty ends a record and stands behind the others.
            let has = if at % 20 == 0 { 1 << 15 } else { 0 };
            let alone = gathering.put(row(at, u64::from(at) * 7 + 1, "长", has), if at < 60 { 1 << 20 } else { 10 });
            assert_eq!(alone, at % 20 == 0);
        }
        facts.take(gathering).unwrap();
        facts.sort();
        let chunks = facts.chunks(30);
        assert_eq!((facts.plain(), chunks.first().unwrap().start, chunks.last().unwrap().end), (95, 0, 95));
        for (chunk, next) in chunks.iter().zip(chunks.iter().skip(1)) {
            assert_eq!(chunk.end, next.start);
        }
        for chunk in chunks {
            let text: usize = facts.order[chunk.clone()].iter().map(|fact| fact.text as usize).sum();
            assert!(!chunk.is_empty() && chunk.len() <= 30 && text <= CHUNK_TEXT + (1 << 20), "{chunk:?} {text}");
        }
        assert!(Facts::default().chunks(30).is_empty());
    }
}
