//! What changed since a platform was given it last: read from the change stream, noted row by row.

use super::{ROWS, Side};
use crate::Result;
use crate::stream::{Line, Replay};
use credence_domain::national::Standing;
use credence_domain::record::value::day_number;
use credence_store::connection::Connection;
use credence_store::national::{self, Place, PlatformRow};
use credence_store::record;
use credence_store::scope::View;
use std::collections::BTreeSet;

impl Side<'_> {
    /// Notes what changed; how many changes concern the platform.
    pub(super) fn note(&self) -> Result<u64> {
        let (today, size) = (day_number(self.service.real_today()), self.service.log_size()?);
        let open_items = self.service.open_items();
        let kept = self.service.read(|connection| national::place(connection, self.code))?;
        // Whoever stayed away too long, or for whom other items are public now, begins anew and looks at what he knows.
        let stands = kept.as_ref().filter(|place| {
            place.open_items == open_items && place.told_on >= self.service.kept_from() && place.position < size
        });
        let begins_anew = kept.is_some() && stands.is_none();
        let from = stands.map_or((-1, today), |place| (place.position, place.told_on));
        let mut reader = Replay::kept(from, from.0, size, today);
        let (mut noted, mut at) = (0, kept);
        loop {
            let piece = self.service.read_on(&mut reader, size - 1, ROWS)?;
            noted += self.note_lines(&piece.lines)?;
            if !reader.is_within_a_day() {
                let to =
                    Place { position: reader.position(), told_on: reader.told_on(), open_items: open_items.clone() };
                if at.as_ref() != Some(&to) {
                    let (code, before, after) = (self.code.to_owned(), at.clone(), to.clone());
                    self.desk.act(move |writer| {
                        Ok(writer.note(|connection| national::move_on(connection, &code, before.as_ref(), &after))?)
                    })?;
                    at = Some(to);
                }
            }
            if piece.is_last {
                break;
            }
        }
        if begins_anew {
            noted += self.note_what_ended()?;
        }
        Ok(noted)
    }

    fn note_lines(&self, lines: &[Line]) -> Result<u64> {
        let items: BTreeSet<&str> = self.version.items.iter().map(String::as_str).collect();
        let mut told = Vec::new();
        for line in lines {
            let shown = line.shown().filter(|shown| items.contains(shown.item) && self.version.is_given(shown.uscc));
            match shown {
                Some(shown) => {
                    told.push((*line.reference(), Some((shown.uscc.to_owned(), shown.item.to_owned(), shown.version))))
                }
                None => told.push((*line.reference(), None)),
            }
        }
        let mut noted = 0;
        for some in told.chunks(ROWS) {
            let (code, some) = (self.code.to_owned(), some.to_vec());
            noted += self.desk.act(move |writer| {
                Ok(writer.note(|connection| {
                    let mut noted = 0;
                    for (reference, shown) in &some {
                        noted += u64::from(note_one(connection, &code, reference, shown.as_ref())?);
                    }
                    Ok(noted)
                })?)
            })?;
        }
        Ok(noted)
    }

    /// After a beginning anew: what the platform was given and is public no longer.
    fn note_what_ended(&self) -> Result<u64> {
        let (view, mut noted) = (View::public(self.service.real_today()), 0);
        let open = self.service.public_items_now();
        for item in &self.version.items {
            let mut after = None;
            loop {
                let rows = self
                    .service
                    .read(|connection| national::of_item(connection, (self.code, item), after.as_ref(), ROWS))?;
                let Some(last) = rows.last() else { break };
                after = Some(last.reference);
                let mut ended = Vec::new();
                for row in rows.into_iter().filter(|row| row.standing.wanted.is_some()) {
                    let found = match open.contains(item) {
                        true => {
                            self.service.read(|connection| record::by_reference(connection, &view, &row.reference))?
                        }
                        false => None,
                    };
                    if found.is_none() {
                        ended.push(row);
                    }
                }
                noted += ended.len() as u64;
                for row in &mut ended {
                    row.standing.is_gone();
                }
                self.put(ended)?;
            }
        }
        Ok(noted)
    }

    /// Writes rows as they stand now.
    pub(super) fn put(&self, rows: Vec<PlatformRow>) -> Result<()> {
        let mut rows = rows;
        while !rows.is_empty() {
            let some: Vec<PlatformRow> = rows.drain(..rows.len().min(ROWS)).collect();
            let code = self.code.to_owned();
            self.desk.act(move |writer| {
                Ok(writer.note(|connection| some.iter().try_for_each(|row| national::put(connection, &code, row)))?)
            })?;
        }
        Ok(())
    }
}

/// Notes one line; whether it concerns the platform.
fn note_one(
    connection: &mut Connection,
    platform: &str,
    reference: &[u8; 16],
    shown: Option<&(String, String, i32)>,
) -> credence_store::Result<bool> {
    let standing = national::row(connection, platform, reference)?;
    let row = match (standing, shown) {
        (Some(mut row), Some((.., version))) => {
            row.standing.is_public(*version);
            row
        }
        (Some(mut row), None) => {
            row.standing.is_gone();
            row
        }
        (None, Some((uscc, item, version))) => PlatformRow {
            uscc: uscc.clone(),
            reference: *reference,
            item: item.clone(),
            standing: Standing::new(*version),
        },
        (None, None) => return Ok(false),
    };
    national::put(connection, platform, &row)?;
    Ok(true)
}
