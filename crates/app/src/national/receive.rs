//! What the other side writes: answers to packages (`receipt-ITEM-NUMBER`), daily counts (`count-…`), what it holds
//! (`holding-ITEM-NUMBER`: having worked off every package up to the number), its copies (`copy-…`) and cases of repair (`case-…`).
//!
//! A file is taken as a whole or not at all; taken again it changes nothing. It is moved away last.

use super::sheet::{self, Cells, MOST_BYTES, unreadable};
use super::{Done, ROWS, Side};
use crate::exchange::place::Found;
use crate::{AppError, Result};
use credence_domain::canonical::{hex, unhex};
use credence_domain::national::{Answer, Verb};
use credence_domain::record::value::{date, day_number};
use credence_store::national::package::{self, Package};
use credence_store::national::{self, Count, PlatformRow};
use credence_store::record;
use credence_store::scope::View;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Read;

/// The longest code of an answer that is kept.
const CODE_MAX: usize = 32;

impl Side<'_> {
    /// Takes in what came.
    pub(super) fn receive(&self) -> Result<Done> {
        let mut done = Done::default();
        for name in self.incoming.names()? {
            let mut bytes = Vec::new();
            let plain = match self.incoming.find(&name)? {
                Found::Plain(file) => {
                    file.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
                    true
                }
                Found::Nothing => continue,
                Found::Other => false,
            };
            let taken = match name.split_once('-') {
                _ if !plain => {
                    Err(AppError::refused("not_plain_file", "file", "须为普通文件，不接受链接、管道或文件夹"))
                }
                _ if bytes.len() as u64 > MOST_BYTES => Err(unreadable(1, "文件超过256 MB")),
                Some(("receipt", rest)) => self.receipt(rest, &bytes),
                Some(("count", _)) => self.counts(&bytes),
                Some(("holding", rest)) => self.holdings(rest, &bytes),
                Some(("copy", _)) => self.copies(&bytes).map(|found| done.differences += found),
                Some(("case", _)) => self.cases(&name, &bytes).map(|came| done.cases += came),
                _ => {
                    let text = "文件名应以 receipt-、count-、holding-、copy- 或 case- 开头";
                    Err(AppError::refused("national_file_unreadable", "name", text))
                }
            };
            match taken {
                Ok(()) => {
                    self.incoming.put_away(&name, &self.finished)?;
                    done.taken += 1;
                }
                Err(AppError::Refused { code, field, detail }) => {
                    tracing::warn!(platform = self.code, code, "a file of the other side was not taken");
                    let problem = json!({ "code": code, "field": field, "detail": detail });
                    let bytes = format!("{problem:#}\n");
                    self.refused.write(&format!("{name}.problem.json"), &mut bytes.as_bytes())?;
                    self.incoming.put_away(&name, &self.refused)?;
                    done.refused += 1;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    /// The item and the number of a file's name.
    fn named(&self, rest: &str) -> Result<(String, i64)> {
        let stem = rest.split('.').next().unwrap_or_default();
        let named = stem.rsplit_once('-').and_then(|(item, number)| Some((item, number.parse::<i64>().ok()?)));
        let known = named.filter(|(item, number)| *number >= 0 && self.version.items.iter().any(|one| one == item));
        let (item, number) = known.ok_or_else(|| {
            AppError::refused(
                "national_file_unreadable",
                "name",
                "文件名应为“种类-事项代码-包序号”，例如 receipt-penalty-000001.csv",
            )
        })?;
        Ok((item.to_owned(), number))
    }

    fn receipt(&self, rest: &str, bytes: &[u8]) -> Result<()> {
        let (item, number) = self.named(rest)?;
        let found = self.service.read(|connection| package::find(connection, self.code, &item, number))?;
        let package = found.ok_or_else(|| {
            let text = format!("没有向该平台发送过 {item} 的第{number}包，请核对回执是否发错");
            AppError::refused("national_package_unknown", "name", text)
        })?;
        let form = &self.version.receipt;
        let headers = [&form.id, &form.version, &form.operation, &form.result, &form.code, &form.field];
        let rows = sheet::read(bytes, &headers.map(String::as_str))?;
        let mut answers = Vec::with_capacity(rows.len());
        for row in &rows {
            answers.push((reference(row, 0)?, self.answer(&item, row)?));
        }
        let refused = answers.iter().filter(|(_, answer)| answer.refused.is_some()).count();
        let counts = [answers.len() - refused, refused].map(|count| i64::try_from(count).unwrap_or(i64::MAX));
        for some in answers.chunks(ROWS) {
            let (code, some) = (self.code.to_owned(), some.to_vec());
            let again: Vec<bool> = some
                .iter()
                .map(|(_, answer)| answer.refused.as_ref().is_some_and(|(code, _)| self.version.sends_again(code)))
                .collect();
            self.desk.act(move |writer| {
                Ok(writer.note(|connection| {
                    for ((reference, answer), again) in some.iter().zip(&again) {
                        let Some(mut row) = national::row(connection, &code, reference)? else { continue };
                        row.standing.answer(answer);
                        if *again {
                            row.standing.send_again();
                        }
                        national::put(connection, &code, &row)?;
                    }
                    Ok(())
                })?)
            })?;
        }
        let [taken, refused] = counts;
        self.answered(&package, (taken, refused))
    }

    /// A package is answered; what its answer does not name is sent again. A second answer adds nothing.
    fn answered(&self, package: &Package, counts: (i64, i64)) -> Result<()> {
        if package.state == "answered" { Ok(()) } else { self.end(package, "answered", counts) }
    }

    fn answer(&self, item: &str, row: &Cells) -> Result<Answer> {
        let (form, words) = (&self.version.receipt, &self.version.operations);
        let version = row.get(1).parse().map_err(|_| unreadable(row.line, "版本号不是整数"))?;
        let verbs = [Verb::Insert, Verb::Update, Verb::Delete];
        let verb = verbs.into_iter().find(|verb| words.word(*verb) == row.get(2));
        let verb = verb.ok_or_else(|| unreadable(row.line, "操作标识不是约定的"))?;
        let result = row.get(3);
        let refused = if form.accepted.iter().any(|word| word == result) {
            None
        } else if form.refused.iter().any(|word| word == result) {
            Some((self.code_of(row.get(4)), self.field_of(item, row.get(5))))
        } else {
            return Err(unreadable(row.line, "处理结果不是约定的"));
        };
        Ok(Answer { verb, version, refused })
    }

    /// The code of a refusal; nothing else that the other side writes is kept.
    fn code_of(&self, code: &str) -> String {
        let plain = code.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
        if code.is_empty() || code.len() > CODE_MAX || !plain { "OTHER".to_owned() } else { code.to_owned() }
    }

    /// The code of the field for which a row was refused, where the item has it.
    fn field_of(&self, item: &str, named: &str) -> String {
        let edition = self.service.rulebook().items.get(item).and_then(|item| item.versions.last());
        let field = edition.and_then(|edition| {
            edition.fields.iter().find(|field| !named.is_empty() && (field.code == named || field.name == named))
        });
        field.map(|field| field.code.clone()).unwrap_or_default()
    }

    fn counts(&self, bytes: &[u8]) -> Result<()> {
        let form = &self.version.count;
        let rows = sheet::read(bytes, &[&form.item, &form.day, &form.count])?;
        let mut counts = Vec::with_capacity(rows.len());
        for row in &rows {
            let item = self.version.items.iter().find(|item| *item == row.get(0));
            let item = item.ok_or_else(|| unreadable(row.line, "没有向该平台提供这个事项"))?;
            let day = date(row.get(1)).ok_or_else(|| unreadable(row.line, "日期无法读取"))?;
            let theirs = row.get(2).parse().map_err(|_| unreadable(row.line, "数量不是整数"))?;
            let ours = self.service.read(|connection| national::held(connection, self.code, item))?;
            counts.push(Count { item: item.clone(), counted_on: day_number(day), theirs, ours });
        }
        let (code, now) = (self.code.to_owned(), self.service.now_micros());
        self.desk.act(move |writer| {
            Ok(writer.note(|connection| {
                counts.iter().try_for_each(|count| national::count(connection, &code, count, now))
            })?)
        })
    }

    /// What the other side holds is what it holds: what is missing is sent again, what is too much is taken down.
    fn holdings(&self, rest: &str, bytes: &[u8]) -> Result<()> {
        let (item, worked_off) = self.named(rest)?;
        let form = &self.version.holding;
        let mut theirs: BTreeMap<[u8; 16], i32> = BTreeMap::new();
        for row in &sheet::read(bytes, &[&form.id, &form.version])? {
            let version = row.get(1).parse().map_err(|_| unreadable(row.line, "版本号不是整数"))?;
            if theirs.insert(reference(row, 0)?, version).is_some() {
                return Err(unreadable(row.line, "同一条数据出现两次"));
            }
        }
        let mut after = None;
        loop {
            let rows = self
                .service
                .read(|connection| national::of_item(connection, (self.code, &item), after.as_ref(), ROWS))?;
            let Some(last) = rows.last() else { break };
            after = Some(last.reference);
            let mut changed = Vec::new();
            for mut row in rows {
                let before = row.standing.clone();
                row.standing.found(theirs.remove(&row.reference), worked_off);
                if row.standing != before {
                    changed.push(row);
                }
            }
            self.put(changed)?;
        }
        // What stands there and is not known as handed over must go.
        let (view, mut surplus) = (View::office(self.service.real_today()), Vec::new());
        for (reference, version) in theirs {
            let found = self.service.read(|connection| record::by_reference(connection, &view, &reference))?;
            let uscc = found.map(|stored| stored.uscc).unwrap_or_default();
            let mut row = PlatformRow { uscc, reference, item: item.clone(), standing: Default::default() };
            row.standing.found(Some(version), worked_off);
            surplus.push(row);
        }
        tracing::info!(platform = self.code, item, surplus = surplus.len(), "compared with what the other side holds");
        self.put(surplus)
    }
}

/// The record that a row names.
pub(super) fn reference(row: &Cells, at: usize) -> Result<[u8; 16]> {
    let bytes = unhex(row.get(at)).and_then(|bytes| <[u8; 16]>::try_from(bytes).ok());
    bytes.filter(|bytes| hex(bytes) == row.get(at)).ok_or_else(|| unreadable(row.line, "数据标识应为32位十六进制"))
}
