//! Exchange by file: a root with one folder for each sending unit, named by its code, with `in`, `receipts`, `done`, `refused` and
//! `collected`, and `tasks` for the measures that it carries out. The platform looks, takes in what is complete and next, and answers
//! with receipts.
//!
//! What is true of a package is in the register and the spool, never in the folder: a process that is killed anywhere finds the
//! package where it lay, sees its number taken by the same digest, and gives the same receipt. Packages leave `in` last.

use super::manifest::{ENDING, MOST_BYTES, Manifest};
use super::place::{Found, Place};
use super::receipt::Receipt;
use super::tasks::Tasks;
use super::{Passed, refusal};
use crate::batch::intake::Turn;
use crate::batch::{Channel, Intake, Letter, Sender, Upload, package};
use crate::query::BatchView;
use crate::{AppError, Result};
use credence_domain::subject::Uscc;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// How the names of acknowledgements end: `penalty-000001.ack` in `in` says that its receipt was collected.
const ACKNOWLEDGED: &str = ".ack";
const SECONDS_A_DAY: i64 = 24 * 60 * 60;

/// The root of the drop folders.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
}

/// One unit's folder.
struct UnitFolder<'f> {
    unit: &'f str,
    incoming: Place,
    receipts: Place,
    done: Place,
    refused: Place,
    collected: Place,
    tasks: Place,
}

/// What is done with a package now.
enum Step {
    /// Nothing: it is not complete, or under way.
    Leave(Progress),
    /// Its batch has ended.
    Told(Box<BatchView>),
    /// It never becomes one.
    Refuse(AppError),
}

#[derive(Clone, Copy)]
enum Progress {
    Incomplete,
    Taken,
    UnderWay,
    Early(i64),
}

impl Folder {
    /// A root that is there.
    ///
    /// # Errors
    /// When it is no folder.
    pub fn open(root: &Path) -> Result<Self> {
        Place::open(root)?;
        Ok(Self { root: root.to_owned() })
    }

    pub(super) fn look(&self, intake: &Intake, tasks: Option<&Tasks>) -> Result<Passed> {
        let root = Place::open(&self.root)?;
        let units = intake.service().units()?;
        let mut passed = Passed::default();
        for name in root.names()? {
            let known = Uscc::parse(&name).is_ok() && units.contains_key(&name);
            let looked = match known {
                true => UnitFolder::find(&root, &name).and_then(|found| match found {
                    Some(folder) => {
                        folder.look(intake, &mut passed)?;
                        if let Some(tasks) = tasks {
                            let places = (&folder.incoming, &folder.receipts, &folder.tasks);
                            match tasks.look(intake.service(), folder.unit, places) {
                                Ok(answered) => passed.answered += answered,
                                // Its packages are taken all the same, and so are those of the others.
                                Err(error) => {
                                    let code = error.code();
                                    tracing::warn!(unit = folder.unit, code, %error, "tasks of a folder wait");
                                }
                            }
                        }
                        Ok(true)
                    }
                    None => Ok(false),
                }),
                false => Ok(false),
            };
            match looked {
                Ok(true) => {}
                Ok(false) => passed.ignored += 1,
                // One unit's folder keeps the others' packages from nobody.
                Err(AppError::Io(error)) => {
                    tracing::warn!(unit = name, %error, "a drop folder cannot be used");
                    passed.ignored += 1;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(passed)
    }
}

impl<'f> UnitFolder<'f> {
    /// The folders of a unit, made where they are missing; nothing where one of them is a link.
    fn find(root: &Place, unit: &'f str) -> Result<Option<Self>> {
        let Some(folder) = root.below(unit)? else { return Ok(None) };
        let names = ["in", "receipts", "done", "refused", "collected", "tasks"];
        let mut found = Vec::with_capacity(names.len());
        for name in names {
            found.extend(folder.made(name)?);
        }
        let Ok([incoming, receipts, done, refused, collected, tasks]) = <[Place; 6]>::try_from(found) else {
            tracing::warn!(unit, "a drop folder is a link or a file: it is not looked into");
            return Ok(None);
        };
        Ok(Some(Self { unit, incoming, receipts, done, refused, collected, tasks }))
    }

    fn look(&self, intake: &Intake, passed: &mut Passed) -> Result<()> {
        let names = self.incoming.names()?;
        self.collect(&names)?;
        self.expire(intake)?;
        let mut packages = Vec::new();
        for name in names.iter().filter(|name| name.ends_with(ENDING)) {
            match self.manifest(name) {
                Ok(Some(manifest)) => packages.push((manifest, name.as_str())),
                Ok(None) => passed.incomplete += 1,
                Err(error) => {
                    self.refuse(name, None, error)?;
                    passed.refused += 1;
                }
            }
        }
        packages.sort_by(|(a, a_name), (b, b_name)| (&a.item, a.sequence, a_name).cmp(&(&b.item, b.sequence, b_name)));
        for (manifest, name) in packages {
            match self.step(intake, &manifest)? {
                Step::Leave(Progress::Incomplete) => passed.incomplete += 1,
                Step::Leave(Progress::Taken) => passed.taken += 1,
                Step::Leave(Progress::UnderWay) => passed.under_way += 1,
                Step::Leave(Progress::Early(next)) => {
                    self.tell_early(&manifest, next)?;
                    passed.waiting += 1;
                }
                Step::Told(batch) => {
                    self.tell(intake, &manifest, name, *batch)?;
                    passed.told += 1;
                }
                Step::Refuse(error) => {
                    self.refuse(name, Some(&manifest), error)?;
                    passed.refused += 1;
                }
            }
        }
        Ok(())
    }

    /// Moves receipts away that their unit says it has collected.
    fn collect(&self, names: &[String]) -> Result<()> {
        for acknowledged in names.iter().filter(|name| name.ends_with(ACKNOWLEDGED)) {
            let of = format!("{}.", acknowledged.trim_end_matches(ACKNOWLEDGED));
            for receipt in self.receipts.names()?.iter().filter(|name| name.starts_with(&of)) {
                self.receipts.rename(receipt, &self.collected, receipt)?;
            }
            self.incoming.remove(acknowledged)?;
        }
        Ok(())
    }

    /// Takes away what was sent, and rejected rows, once the time for which they are kept is over.
    fn expire(&self, intake: &Intake) -> Result<()> {
        let service = intake.service();
        let Some(rule) = service.rulebook().erasure.retention_on(service.real_today()) else { return Ok(()) };
        let before = service.now_micros() / 1_000_000 - i64::from(rule.rejected_days) * SECONDS_A_DAY;
        for place in [&self.done, &self.refused, &self.collected, &self.receipts] {
            for name in place.names()? {
                if place.changed_at(&name)?.is_some_and(|at| at < before) {
                    place.wipe(&name)?;
                }
            }
        }
        Ok(())
    }

    fn manifest(&self, name: &str) -> Result<Option<Manifest>> {
        let file = match self.incoming.find(name)? {
            Found::Plain(file) => file,
            Found::Nothing => return Ok(None),
            Found::Other => return Err(not_plain()),
        };
        let mut bytes = Vec::new();
        file.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MOST_BYTES {
            return Err(AppError::refused("manifest_invalid", "", "清单无法读取：最大64 KB"));
        }
        Manifest::read(&bytes)
    }

    /// What is to be done with a package; what is complete and next is taken in here.
    fn step(&self, intake: &Intake, manifest: &Manifest) -> Result<Step> {
        if manifest.unit != self.unit {
            let text = "清单所写单位不是本文件夹的单位：各单位只能报送自己的数据包";
            return Ok(Step::Refuse(AppError::refused("foreign_package", "unit", text)));
        }
        let said = manifest.sha256.to_ascii_lowercase();
        match intake.turn_of(self.unit, &manifest.item, manifest.sequence)? {
            Turn::Taken(digest, _) if digest != said => Ok(Step::Refuse(package::reused(manifest.sequence))),
            Turn::Taken(_, batch) if matches!(batch.state.as_str(), "queued" | "running") => {
                Ok(Step::Leave(Progress::UnderWay))
            }
            Turn::Taken(_, batch) => Ok(Step::Told(batch)),
            // One after the other: where one fails, those behind it wait.
            Turn::Next if intake.is_under_way(self.unit, &manifest.item) => Ok(Step::Leave(Progress::UnderWay)),
            Turn::Early(next) => Ok(Step::Leave(Progress::Early(next))),
            Turn::Next => match intake.failed_at(self.unit, &manifest.item, manifest.sequence, &said)? {
                Some(batch) => Ok(Step::Told(Box::new(batch))),
                None => self.take(intake, manifest),
            },
        }
    }

    fn take(&self, intake: &Intake, manifest: &Manifest) -> Result<Step> {
        let mut file = match self.incoming.find(&manifest.file)? {
            Found::Plain(file) => file,
            Found::Nothing => return Ok(Step::Leave(Progress::Incomplete)),
            Found::Other => return Ok(Step::Refuse(not_plain())),
        };
        if manifest.bytes.is_some_and(|bytes| file.metadata().is_ok_and(|about| about.len() < bytes)) {
            return Ok(Step::Leave(Progress::Incomplete));
        }
        let sender = Sender::of(self.unit, "folder");
        let letter = Letter {
            item: Some(manifest.item.clone()),
            file: manifest.file.clone(),
            secrecy_review: manifest.secrecy_review.clone(),
            channel: Channel::File,
            sequence: manifest.sequence,
            digest: manifest.sha256.clone(),
            instruction: manifest.instruction(),
            ..Letter::default()
        };
        let acknowledged = copy(&mut file, intake.receive()?)
            .and_then(|upload| intake.check_rows(upload, &manifest.item, manifest.rows))
            .and_then(|upload| intake.acknowledge(&sender, letter, upload));
        match acknowledged {
            Ok(batch) => {
                let Manifest { item, sequence, .. } = manifest;
                tracing::info!(unit = self.unit, item, sequence, batch = batch.batch, "package taken");
                Ok(Step::Leave(Progress::Taken))
            }
            Err(error @ AppError::Refused { .. }) => Ok(Step::Refuse(error)),
            Err(error) => Err(error),
        }
    }

    fn tell_early(&self, manifest: &Manifest, next: i64) -> Result<()> {
        let receipt = Receipt {
            problem: Some(refusal(package::gap(manifest.sequence, next))?),
            expected: Some(next),
            ..Receipt::of(self.unit, Some(manifest), "waiting")
        };
        self.put(&format!("{}.waiting.json", manifest.name()), &receipt)
    }

    /// Gives the receipt of a package whose batch has ended, then puts the package away: the manifest last.
    fn tell(&self, intake: &Intake, manifest: &Manifest, name: &str, batch: BatchView) -> Result<()> {
        let failed = batch.state == "failed";
        let receipt = format!("{}.receipt.json", manifest.name());
        let standing = says(&self.receipts, &receipt, &batch.batch)?;
        if !standing && says(&self.collected, &receipt, &batch.batch)? {
            // Sent again after it was collected: the same receipt once more.
            let of = format!("{}.", manifest.name());
            for again in self.collected.names()?.iter().filter(|name| name.starts_with(&of)) {
                self.collected.rename(again, &self.receipts, again)?;
            }
        } else if !standing {
            let rejects = self.put_rejects(intake, manifest, &batch)?;
            self.put(&receipt, &Receipt::of_batch(self.unit, manifest, batch, rejects))?;
        }
        self.receipts.remove(&format!("{}.waiting.json", manifest.name()))?;
        if failed {
            self.incoming.put_away(&manifest.file, &self.refused)?;
            return self.incoming.put_away(name, &self.refused);
        }
        // What was taken in is on file, and an erasure finds it there: no second copy stays.
        self.incoming.wipe(&manifest.file)?;
        self.incoming.put_away(name, &self.done)
    }

    fn put_rejects(&self, intake: &Intake, manifest: &Manifest, batch: &BatchView) -> Result<Option<String>> {
        let Some(path) = intake.rejects(&batch.batch).filter(|_| batch.counts.rejected > 0) else { return Ok(None) };
        let ending = Path::new(&manifest.file).extension().and_then(|ending| ending.to_str()).unwrap_or("csv");
        let name = format!("{}.rejects.{ending}", manifest.name());
        self.receipts.write(&name, &mut File::open(path)?)?;
        Ok(Some(name))
    }

    /// Refuses what lies under a manifest's name, with a receipt of that name.
    fn refuse(&self, name: &str, manifest: Option<&Manifest>, error: AppError) -> Result<()> {
        let problem = refusal(error)?;
        tracing::info!(unit = self.unit, code = problem.code, "package refused");
        let receipt = Receipt { problem: Some(problem), ..Receipt::of(self.unit, manifest, "refused") };
        self.put(&format!("{}.refused.json", name.trim_end_matches(ENDING)), &receipt)?;
        if let Some(manifest) = manifest {
            self.incoming.put_away(&manifest.file, &self.refused)?;
        }
        self.incoming.put_away(name, &self.refused)
    }

    fn put(&self, name: &str, receipt: &Receipt) -> Result<()> {
        let bytes = receipt.bytes()?;
        if let Found::Plain(mut file) = self.receipts.find(name)? {
            let mut standing = Vec::new();
            file.read_to_end(&mut standing)?;
            if standing == bytes {
                return Ok(());
            }
        }
        self.receipts.write(name, &mut bytes.as_slice())
    }
}

/// Whether a receipt stands there that is of this batch: one that failed is followed by another under the same number.
fn says(place: &Place, receipt: &str, batch: &str) -> Result<bool> {
    let Found::Plain(file) = place.find(receipt)? else { return Ok(false) };
    let said: serde_json::Value = serde_json::from_reader(file.take(MOST_BYTES)).unwrap_or_default();
    Ok(said.get("batch").and_then(serde_json::Value::as_str) == Some(batch))
}

fn copy(file: &mut File, mut upload: Upload) -> Result<Upload> {
    let mut block = vec![0; 1 << 18];
    loop {
        match file.read(&mut block)? {
            0 => return Ok(upload),
            length => upload.write(block.get(..length).unwrap_or_default())?,
        }
    }
}

fn not_plain() -> AppError {
    let text = "数据包须由普通文件组成，不接受链接、管道或文件夹";
    AppError::refused("not_plain_file", "file", text)
}
