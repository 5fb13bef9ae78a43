//! What weighs of the records of a slice of the register, gathered in the order in which they lie and sorted by code.
//!
//! A record is 72 bytes here: texts that repeat (item, class, owner) stand once beside them.

use crate::{AppError, Result};
use credence_domain::evaluation::Input;
use credence_store::connection::Connection;
use credence_store::evaluation::{InputRow, Part, each_in};
use credence_store::scope::View;
use credence_store::{Reader, StoreError};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// Parts into which the register is cut, so that readers end together.
const PARTS: u64 = 64;
/// No last public day.
const NEVER: i32 = i32::MAX;

/// The records of a slice.
#[derive(Debug)]
pub(super) struct Gathered {
    /// What each reader found, sorted by code.
    runs: Vec<Run>,
}

#[derive(Debug, Default)]
struct Run {
    records: Vec<Gist>,
    texts: Vec<Box<str>>,
    places: HashMap<Box<str>, u32>,
}

/// A record as scoring needs it.
#[derive(Debug)]
struct Gist {
    uscc: [u8; 18],
    identity: [u8; 16],
    reference: [u8; 16],
    item: u32,
    class: u32,
    source: u32,
    from_on: i32,
    through_on: i32,
}

/// What a slice is: places of all records, codes of its organisations, items that weigh.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slice<'a> {
    pub(super) extent: u64,
    pub(super) after: &'a str,
    pub(super) through: &'a str,
    /// Items that can weigh anything; every item when absent.
    pub(super) items: Option<&'a [&'a str]>,
}

impl Gathered {
    /// Reads a slice, each reader on a thread of its own.
    pub(super) fn read(readers: &mut [Reader], view: &View, slice: Slice<'_>) -> Result<Self> {
        let next = AtomicU64::new(0);
        let runs = std::thread::scope(|scope| {
            let next = &next;
            let one = |reader: &'_ mut Reader| Run::read(reader.connection(), view, slice, next);
            let running: Vec<_> = readers.iter_mut().map(|reader| scope.spawn(move || one(reader))).collect();
            let lost = || StoreError::Inconsistent("a reader ended".to_owned());
            running.into_iter().map(|one| one.join().map_err(|_| lost())?).collect::<credence_store::Result<Vec<_>>>()
        });
        runs.map(|runs| Self { runs }).map_err(AppError::from)
    }

    /// Reads a slice over one connection, in the state that it sees.
    pub(super) fn read_by(connection: &mut Connection, view: &View, slice: Slice<'_>) -> credence_store::Result<Self> {
        let mut run = Run::read(connection, view, slice, &AtomicU64::new(0))?;
        run.records.sort_unstable_by_key(|record| (record.uscc, record.identity));
        Ok(Self { runs: vec![run] })
    }

    /// A place from which records are handed on, organisation by organisation, beginning with this one.
    pub(super) fn cursor(&self, first: &str) -> Cursor<'_> {
        let behind = |run: &'_ Run| run.records.partition_point(|record| record.uscc.as_slice() < first.as_bytes());
        Cursor { at: self.runs.iter().map(|run| (run, behind(run))).collect() }
    }
}

impl Run {
    fn read(
        connection: &mut Connection,
        view: &View,
        slice: Slice<'_>,
        next: &AtomicU64,
    ) -> credence_store::Result<Self> {
        let mut run = Self::default();
        let width = slice.extent.div_ceil(PARTS).max(1);
        loop {
            let from = next.fetch_add(1, Ordering::Relaxed).saturating_mul(width);
            if from >= slice.extent {
                break;
            }
            let Slice { after, through, items, .. } = slice;
            let part = Part { from, to: from + width, after, through, items };
            each_in(connection, view, part, |row| run.push(row))?;
        }
        run.records.sort_unstable_by_key(|record| record.uscc);
        Ok(run)
    }

    fn push(&mut self, row: &InputRow<'_>) -> credence_store::Result<()> {
        let wrong = |_| StoreError::Inconsistent(format!("a record under the code {}", row.uscc));
        let uscc = row.uscc.as_bytes().try_into().map_err(wrong)?;
        let input = row.input();
        let (item, class, source) = (self.place(input.item), self.place(input.class), self.place(input.source));
        self.records.push(Gist {
            uscc,
            identity: *input.identity,
            reference: *input.reference,
            item,
            class,
            source,
            from_on: input.public_from_on,
            through_on: input.public_through_on.unwrap_or(NEVER),
        });
        Ok(())
    }

    fn place(&mut self, text: &str) -> u32 {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = self.texts.len() as u32;
        self.texts.push(text.into());
        self.places.insert(text.into(), place);
        place
    }

    fn text(&self, place: u32) -> &str {
        self.texts.get(place as usize).map_or("", |text| text)
    }
}

/// Where reading has come to in each run.
#[derive(Debug)]
pub(super) struct Cursor<'g> {
    at: Vec<(&'g Run, usize)>,
}

impl Cursor<'_> {
    /// Hands on the records of an organisation; organisations are asked for in order of codes.
    pub(super) fn each(&mut self, uscc: &str, mut look: impl FnMut(&Input<'_>)) {
        for (run, at) in &mut self.at {
            while let Some(record) = run.records.get(*at).filter(|record| record.uscc.as_slice() <= uscc.as_bytes()) {
                *at += 1;
                if record.uscc.as_slice() == uscc.as_bytes() {
                    look(&Input {
                        reference: &record.reference,
                        identity: &record.identity,
                        item: run.text(record.item),
                        class: run.text(record.class),
                        source: run.text(record.source),
                        public_from_on: record.from_on,
                        public_through_on: (record.through_on != NEVER).then_some(record.through_on),
                    });
                }
            }
        }
    }
}
