//! Reading on from a position, piece by piece: what ended by its date first, then what acts changed, act by act.
//!
//! A reader copies what it is told. At position P its copy holds no record but those told by leaves up to P, and each of
//! them was public when it was told. So a record that is public no longer is told as gone where it may have been told:
//! where it was first public at or before P, and ended after what the reader knew. A reader that begins knows nothing of
//! before: what ended before it began is not told at all.

use super::{Line, day_text};
use crate::query::page::{bad_cursor, decode_cursor, encode_cursor};
use crate::{Result, Service};
use credence_domain::canonical::unhex;
use credence_domain::record::Identity;
use credence_domain::record::value::day_number;
use credence_store::body::Unpacker;
use credence_store::connection::Connection;
use credence_store::scope::View;
use credence_store::stream::{self, Leaf, Touched};

/// Leaves that are read at a time: a piece is short work, however little of it is told.
const LEAVES: usize = 256;
/// Ends of one day that are looked up at a time.
const ENDS: usize = 2_000;

/// How far a reader has read. It goes on from here, in the same request or with it as a cursor in the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// The position from which it resumed; -1 from the beginning.
    from: i64,
    /// Size of the log when it did.
    size: i64,
    /// The day on which it did.
    begun_on: i32,
    /// The position read last.
    position: i64,
    /// Ends before this day are told.
    told_on: i32,
    /// The last end that was told of a day of which there are more.
    ended: Option<(i32, (String, Identity))>,
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Lines in order.
    pub lines: Vec<Line>,
    /// Nothing is left as far as was asked.
    pub is_last: bool,
}

impl Replay {
    /// A reader that resumes from a position, with what it must be told of ends.
    pub(super) fn new(from: i64, size: i64, begun_on: i32, told_on: i32) -> Self {
        Self { from, size, begun_on, position: from, told_on, ended: None }
    }

    /// The same reader, who knows all that he has read, resuming while the log has a size, on a day.
    pub(super) fn resumed(self, size: i64, today: i32) -> Self {
        let told_on = self.told_on.min(today);
        Self { ended: self.ended, ..Self::new(self.position, size, today, told_on) }
    }

    /// A reader whose place is kept by position and day, and who may have been told already what stands up to another
    /// position: what ended of that is told as gone, too.
    pub(crate) fn kept((position, told_on): (i64, i32), may_know: i64, size: i64, today: i32) -> Self {
        Self { position, ..Self::new(position.max(may_know), size, today, told_on.min(today)) }
    }

    /// Ends before this day are told.
    pub(crate) fn told_on(&self) -> i32 {
        self.told_on
    }

    /// Whether it stands in the middle of what ended on a day.
    pub(crate) fn is_within_a_day(&self) -> bool {
        self.ended.is_some()
    }

    /// Whether nothing is left to be told while the log has a size, on a day.
    pub(super) fn is_up_to(&self, size: i64, today: i32) -> bool {
        self.position + 1 >= size && self.told_on >= today
    }

    /// Whether what another reader was told is known to this one.
    #[must_use]
    pub fn knows(&self, other: &Self) -> bool {
        let (own, others) = ((self.position, self.told_on), (other.position, other.told_on));
        own.0 >= others.0 && own.1 >= others.1 && other.ended.is_none()
    }

    /// The position read last.
    #[must_use]
    pub fn position(&self) -> i64 {
        self.position
    }

    /// The day through which was read.
    #[must_use]
    pub fn through(&self) -> String {
        day_text(self.told_on)
    }

    /// As the next request takes it.
    #[must_use]
    pub fn cursor(&self) -> String {
        let numbers = [self.from, self.size, i64::from(self.begun_on), self.position, i64::from(self.told_on)]
            .map(|n| n.to_string());
        let (day, uscc, identity) = match &self.ended {
            Some((day, (uscc, identity))) => (day.to_string(), uscc.clone(), identity.to_string()),
            None => Default::default(),
        };
        let mut parts: Vec<&str> = numbers.iter().map(String::as_str).collect();
        parts.extend([day.as_str(), &uscc, &identity]);
        encode_cursor(&parts)
    }

    pub(super) fn read(cursor: &str) -> Result<Self> {
        let parts = decode_cursor(cursor, 8)?;
        let [from, size, begun_on, position, told_on, day, uscc, identity] = parts.as_slice() else {
            return Err(bad_cursor());
        };
        let number = |text: &str| text.parse::<i64>().map_err(|_| bad_cursor());
        let small = |text: &str| text.parse::<i32>().map_err(|_| bad_cursor());
        let ended = match day.as_str() {
            "" => None,
            day => {
                let identity = unhex(identity).and_then(|bytes| bytes.try_into().ok()).ok_or_else(bad_cursor)?;
                Some((small(day)?, (uscc.clone(), Identity(identity))))
            }
        };
        let replay = Self {
            from: number(from)?,
            size: number(size)?,
            begun_on: small(begun_on)?,
            position: number(position)?,
            told_on: small(told_on)?,
            ended,
        };
        if replay.from < -1 || replay.position < replay.from || replay.size <= replay.from {
            return Err(bad_cursor());
        }
        Ok(replay)
    }

    /// Whether it was last told of ends before a day.
    pub(super) fn told_before(&self, day: i32) -> bool {
        self.told_on < day
    }

    /// Whether a record that ended by an act at a leaf may have been told.
    fn knew_before(&self, first: Option<i64>, leaf: i64) -> bool {
        first.is_some_and(|first| first <= self.from || leaf >= self.size && first < leaf)
    }

    /// Whether a record whose last public day is over may have been told.
    fn knew_on(&self, first: Option<i64>, last_day: i32) -> bool {
        let told = if last_day >= self.begun_on { self.position } else { self.from };
        first.is_some_and(|first| first <= told)
    }
}

impl Service {
    /// Reads a piece on, up to a position and about so many lines; acts whole. It may tell nothing and not be the last.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn read_on(&self, replay: &mut Replay, until: i64, wanted: usize) -> Result<Piece> {
        let view = View::public(self.today());
        self.read_by_key(|connection, unpacker| {
            let mut piece = Piece { lines: Vec::new(), is_last: false };
            if !self.tell_ends(&view, connection, replay, &mut piece.lines, wanted)? {
                return Ok(piece);
            }
            let leaves = stream::leaves(connection, replay.position, until, LEAVES)?;
            let more = leaves.len() == LEAVES;
            for leaf in leaves {
                self.tell(&view, connection, unpacker, &leaf, replay, &mut piece.lines)?;
                replay.position = leaf.position;
                if piece.lines.len() >= wanted {
                    return Ok(piece);
                }
            }
            piece.is_last = !more;
            Ok(piece)
        })
    }

    /// What an act changed.
    fn tell(
        &self,
        view: &View,
        connection: &mut Connection,
        unpacker: &mut Unpacker,
        leaf: &Leaf,
        replay: &Replay,
        lines: &mut Vec<Line>,
    ) -> credence_store::Result<()> {
        let Some(chunk) = leaf.chunk else { return Ok(()) };
        for touched in stream::touched(connection, view, chunk)? {
            match touched {
                Touched::Shown(shown) if self.is_disclosed(view, &shown.item) => {
                    lines.push(Line::of(leaf, *shown, unpacker)?);
                }
                Touched::Gone { reference, item, first }
                    if self.is_disclosed(view, &item) && replay.knew_before(first, leaf.position) =>
                {
                    lines.push(Line::gone(&reference)?);
                }
                // Nothing was ever told of an item that is not public; when one ceases to be, readers begin anew.
                Touched::Shown(_) | Touched::Gone { .. } => {}
            }
        }
        Ok(())
    }

    /// What ended by its date since the reader was told last. False when there is more than was wanted.
    fn tell_ends(
        &self,
        view: &View,
        connection: &mut Connection,
        replay: &mut Replay,
        lines: &mut Vec<Line>,
        wanted: usize,
    ) -> credence_store::Result<bool> {
        let today = day_number(view.today);
        while replay.told_on < today {
            let (day, after) = match replay.ended.take() {
                Some((day, key)) => (day, Some(key)),
                None => match stream::next_end(connection, view, replay.told_on)? {
                    Some(day) => (day, None),
                    None => {
                        replay.told_on = today;
                        break;
                    }
                },
            };
            let found = stream::ended(connection, view, day, after.as_ref(), ENDS.min(wanted))?;
            let last = found.last().map(|ended| ended.key.clone());
            let more = found.len() == ENDS.min(wanted);
            for ended in found {
                if self.is_disclosed(view, &ended.item) && replay.knew_on(ended.first, day) {
                    lines.push(Line::gone(&ended.reference)?);
                }
            }
            match last.filter(|_| more) {
                Some(key) => replay.ended = Some((day, key)),
                None => replay.told_on = day.saturating_add(1),
            }
            if lines.len() >= wanted {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
