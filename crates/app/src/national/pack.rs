//! Packages for a platform: what is due, read as it is public at this moment, under the item's own form.
//!
//! The data file is written first, then the package is entered with the rows in it, then its manifest is put beside the data: whoever
//! carries files takes none without a manifest. A process that is killed between leaves data without a manifest, which the next look
//! completes, if it is the package's, or writes over.

use super::sheet::{header_of, push_cells};
use super::{Done, Side, damaged};
use crate::Result;
use crate::exchange::place::Found;
use credence_domain::canonical::hex;
use credence_domain::national::{Sent, State, Verb};
use credence_domain::record::value::{date_of, day_number};
use credence_store::body::Unpacker;
use credence_store::national::package::{self, Package};
use credence_store::national::{self, PlatformRow};
use credence_store::record;
use credence_store::scope::View;
use credence_store::{StoreError, clock::civil_date};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::io::Read;

/// How a package's files are named.
pub(super) fn name_of(item: &str, number: i64) -> String {
    format!("{item}-{number:06}")
}

impl Side<'_> {
    /// Sends what is due; how many packages with how many rows.
    pub(super) fn pack(&self) -> Result<(u64, u64)> {
        self.complete()?;
        let mut done = Done::default();
        for item in &self.version.items {
            loop {
                let limit = self.version.package_rows as usize;
                let due = self
                    .service
                    .read(|connection| national::in_state(connection, (self.code, item, State::Due), None, limit))?;
                if due.is_empty() {
                    break;
                }
                let rows = self.pack_one(item, due)?;
                done.packages += u64::from(rows > 0);
                done.rows += rows;
            }
        }
        Ok((done.packages, done.rows))
    }

    /// One package of these rows; how many of them are still due by now and went into it.
    fn pack_one(&self, item: &str, due: Vec<PlatformRow>) -> Result<u64> {
        let today = self.service.real_today();
        let last = self.service.read(|connection| package::last(connection, self.code, item))?;
        let number = last.as_ref().map_or(1, |last| last.number + 1);
        let (text, sent, settled) = self.lines(item, number, due)?;
        if sent.is_empty() {
            self.put(settled)?;
            return Ok(0);
        }
        let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        let name = name_of(item, number);
        self.out.write(&format!("{name}.csv"), &mut text.as_bytes())?;
        let day = day_number(today);
        let entered = Package {
            item: item.to_owned(),
            number,
            digest,
            lines: i64::try_from(sent.len()).unwrap_or(i64::MAX),
            from_on: last.map_or(day, |last| last.through_on.saturating_add(1).min(day)),
            through_on: day,
            made_at: self.service.now_micros(),
            state: "sent".to_owned(),
            answered_at: None,
            taken: 0,
            refused: 0,
        };
        let rows = sent.len() as u64;
        let (code, kept) = (self.code.to_owned(), entered.clone());
        self.desk.act(move |writer| {
            Ok(writer.note(|connection| {
                package::enter(connection, &code, &kept)?;
                for row in sent.iter().chain(&settled) {
                    national::put(connection, &code, row)?;
                }
                Ok(())
            })?)
        })?;
        self.tell(&entered)?;
        Ok(rows)
    }

    /// The file of a package, the rows that are in it, and those that need not be sent any more.
    #[allow(clippy::type_complexity, reason = "three lists that are made in one pass")]
    fn lines(
        &self,
        item: &str,
        number: i64,
        due: Vec<PlatformRow>,
    ) -> Result<(String, Vec<PlatformRow>, Vec<PlatformRow>)> {
        let view = View::public(self.service.real_today());
        let edition = self.service.rulebook().items.get(item);
        let edition = edition.and_then(|item| item.version_on(view.today).or_else(|| item.versions.last()));
        let edition = edition.ok_or_else(|| StoreError::Inconsistent(format!("no item {item}")))?;
        let open = self.service.public_items_now().contains(item);
        let fields: Vec<_> = edition.fields.iter().filter(|field| field.public && !field.extension).collect();
        let mut text = header_of(&self.version.sent, &fields);
        let (mut sent, mut settled) = (Vec::new(), Vec::new());
        self.service.read_by_key(|connection, unpacker| {
            for mut row in due {
                let found = match row.standing.wanted {
                    Some(_) if open => record::by_reference(connection, &view, &row.reference)?,
                    _ => None,
                };
                match &found {
                    Some(stored) => row.standing.is_public(stored.version),
                    None => row.standing.is_gone(),
                }
                let Some((verb, version)) = row.standing.next() else {
                    settled.push(row);
                    continue;
                };
                let line = i64::try_from(sent.len()).unwrap_or(i64::MAX - 1) + 1;
                let content = match (verb, &found) {
                    (Verb::Delete, _) | (_, None) => Value::Null,
                    (_, Some(stored)) => content_of(stored, unpacker)?,
                };
                let word = self.version.operations.word(verb);
                let head = [line.to_string(), word.to_owned(), hex(&row.reference), version.to_string()];
                let cells = fields.iter().map(|field| content.get(&field.code).and_then(Value::as_str).unwrap_or(""));
                push_cells(&mut text, head.iter().map(String::as_str).chain(cells));
                row.standing.was_sent(Sent { verb, version, package: number, line });
                sent.push(row);
            }
            Ok(())
        })?;
        Ok((text, sent, settled))
    }

    /// Puts the manifest beside a package's data.
    fn tell(&self, package: &Package) -> Result<()> {
        let name = name_of(&package.item, package.number);
        let day = |day| date_of(day).map(|day| day.to_string());
        let manifest = json!({
            "platform": self.code,
            "item": package.item,
            "sequence": package.number,
            "file": format!("{name}.csv"),
            "sha256": hex(&package.digest),
            "rows": package.lines,
            "from": day(package.from_on),
            "through": day(package.through_on),
        });
        let mut bytes = serde_json::to_vec_pretty(&manifest).map_err(damaged)?;
        bytes.push(b'\n');
        self.out.write(&format!("{name}.manifest.json"), &mut bytes.as_slice())
    }

    /// Completes packages that were entered while their manifests were not written any more; where their data is gone too, they count
    /// as lost when their time is over.
    fn complete(&self) -> Result<()> {
        for package in self.service.read(|connection| package::waiting(connection, self.code))? {
            let name = name_of(&package.item, package.number);
            if self.out.has(&format!("{name}.manifest.json"))? {
                continue;
            }
            if let Found::Plain(mut file) = self.out.find(&format!("{name}.csv"))? {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes)?;
                if <[u8; 32]>::from(Sha256::digest(&bytes)) == package.digest {
                    self.tell(&package)?;
                }
            }
        }
        Ok(())
    }

    /// Takes packages back that nobody has carried away and in which a record stands that is public no longer; how many. The rows
    /// that still must go are sent in another.
    pub(super) fn recall(&self) -> Result<u64> {
        let mut recalled = 0;
        for package in self.service.read(|connection| package::waiting(connection, self.code))? {
            if !self.out.has(&format!("{}.manifest.json", name_of(&package.item, package.number)))? {
                continue;
            }
            let of = (self.code, package.item.as_str(), package.number);
            let rows = self.service.read(|connection| national::of_package(connection, of))?;
            let shows = |row: &PlatformRow| row.standing.sent.is_some_and(|sent| sent.verb != Verb::Delete);
            if rows.iter().any(|row| row.standing.wanted.is_none() && shows(row)) {
                self.end(&package, "lost", (0, 0))?;
                recalled += 1;
            }
        }
        Ok(recalled)
    }

    /// Gives up packages that nobody has answered within the working days of the adapter; how many.
    pub(super) fn lose(&self) -> Result<u64> {
        let (today, mut lost) = (self.service.real_today(), 0);
        for package in self.service.read(|connection| package::waiting(connection, self.code))? {
            let due = self.service.rulebook().calendar.due(civil_date(package.made_at), self.version.answer_days);
            if due.on >= today {
                continue;
            }
            self.end(&package, "lost", (0, 0))?;
            lost += 1;
        }
        Ok(lost)
    }

    /// Ends a package: what of it was not answered is sent again, and its file goes.
    pub(super) fn end(&self, package: &Package, state: &str, (taken, refused): (i64, i64)) -> Result<()> {
        let settled = Package {
            state: state.to_owned(),
            answered_at: Some(self.service.now_micros()),
            taken,
            refused,
            ..package.clone()
        };
        // Whoever carries takes nothing without a manifest.
        self.out.wipe(&format!("{}.manifest.json", name_of(&package.item, package.number)))?;
        let code = self.code.to_owned();
        self.desk.act(move |writer| {
            Ok(writer.note(|connection| {
                for mut row in national::of_package(connection, (&code, &settled.item, settled.number))? {
                    row.standing.was_lost(settled.number);
                    national::put(connection, &code, &row)?;
                }
                package::settle(connection, &code, &settled)
            })?)
        })?;
        let name = name_of(&package.item, package.number);
        self.out.wipe(&format!("{name}.csv"))
    }
}

/// The public content of a record, by the codes of its fields.
fn content_of(stored: &record::Stored, unpacker: &mut Unpacker) -> credence_store::Result<Value> {
    let Some(parts) = stored.parts(unpacker)? else { return Ok(Value::Null) };
    let mut public: Value = serde_json::from_str(parts.public).map_err(damaged)?;
    Ok(public.get_mut("content").map(Value::take).unwrap_or_default())
}
