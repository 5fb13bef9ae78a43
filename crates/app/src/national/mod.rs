//! The national side (国家平台) as a use case: what is public here is handed over to the platforms that the rulebook names, their answers
//! are taken in, what they hold is compared with what they must hold, and cases of repair that began at their window come in.
//!
//! Serves 鲁信用办〔2019〕8号 arts. 四, 六 and 十五. A platform is a reader of the change stream with a memory: for each record it is known
//! what must stand there, what is on its way and what it said (`domain::national`). Nothing that is not public is ever written into a
//! package, and content is read at that moment; what has ended is told by its reference alone. A folder carries files both ways:
//! `ROOT/PLATFORM/{out,in,done,refused}` (docs/national.md).

mod case;
mod copy;
mod note;
mod pack;
mod receive;
mod settle;
mod sheet;
mod view;

pub use settle::{Keep, send_again, settle};
pub use view::{DifferenceView, ItemView, PackageView, PlatformView, RowView};

use crate::current::Current;
use crate::desk::Desk;
use crate::exchange::place::Place;
use crate::rest::Rest;
use crate::{AppError, Result, Service};
use credence_domain::national::PlatformVersion;
use credence_store::StoreError;
use serde::Serialize;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How often a server looks.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// What the acts of the hand-over are for, and the article that asks for them.
const NATIONAL: (&str, &str) = ("sharing", "六");
/// Rows that are written in one transaction.
const ROWS: usize = 500;

/// What one look did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Done {
    /// Files of the other side that were taken in.
    pub taken: u64,
    /// Files of the other side that could not be read: beside each lies why.
    pub refused: u64,
    /// Changes of records that were noted.
    pub noted: u64,
    /// Packages made.
    pub packages: u64,
    /// Rows in them.
    pub rows: u64,
    /// Packages that nobody answered in time, or in which something has ended before they were carried away: what still must go is
    /// sent again.
    pub lost: u64,
    /// Differences found.
    pub differences: u64,
    /// Cases of repair that came in.
    pub cases: u64,
}

impl Done {
    fn beside(mut self, other: Self) -> Self {
        self.taken += other.taken;
        self.refused += other.refused;
        self.noted += other.noted;
        self.packages += other.packages;
        self.rows += other.rows;
        self.lost += other.lost;
        self.differences += other.differences;
        self.cases += other.cases;
        self
    }
}

/// The hand-over of one process, through one folder.
#[derive(Debug)]
pub struct Handover {
    service: Current,
    desk: Arc<Desk>,
    root: PathBuf,
    /// Held as long as this process hands over: two would make packages of the same rows.
    _lock: File,
    rest: Rest,
}

/// One platform in one look.
struct Side<'h> {
    service: &'h Service,
    desk: &'h Desk,
    code: &'h str,
    version: &'h PlatformVersion,
    out: Place,
    incoming: Place,
    finished: Place,
    refused: Place,
}

impl Handover {
    /// A hand-over through a folder that is there.
    ///
    /// # Errors
    /// When it is no folder; `national_in_use` where another process hands over through it.
    pub fn open(service: Arc<Service>, desk: Arc<Desk>, root: &Path) -> Result<Self> {
        Place::open(root)?;
        let lock = File::create(root.join(".lock"))?;
        if lock.try_lock().is_err() {
            let text = "另一进程正在使用这个文件夹与国家平台交换，请先停止它";
            return Err(AppError::refused("national_in_use", "folder", text));
        }
        let service = Current::new(service);
        Ok(Self { service, desk, root: root.to_owned(), _lock: lock, rest: Rest::default() })
    }

    /// Looks once: takes in what came, notes what changed, sends what is due.
    ///
    /// # Errors
    /// A fault; what was done stays, and the next look goes on.
    pub fn look(&self) -> Result<Done> {
        let service = self.service.look_up()?;
        if service.is_moved() {
            let text = "日期已移动的演示服务不与国家平台交换";
            return Err(AppError::refused("today_is_moved", "today", text));
        }
        let root = Place::open(&self.root)?;
        let mut done = Done::default();
        let rulebook = service.shared_rulebook();
        for platform in rulebook.platforms.values() {
            let Some(version) = platform.version_on(service.real_today()) else { continue };
            let Some(folder) = root.made(&platform.code)? else { return Err(no_folder(&platform.code)) };
            let mut places = Vec::with_capacity(4);
            for name in ["out", "in", "done", "refused"] {
                places.extend(folder.made(name)?);
            }
            let Ok([out, incoming, finished, refused]) = <[Place; 4]>::try_from(places) else {
                return Err(no_folder(&platform.code));
            };
            let (desk, code) = (&*self.desk, platform.code.as_str());
            let side = Side { service: &service, desk, code, version, out, incoming, finished, refused };
            done = done.beside(side.look()?);
        }
        Ok(done)
    }

    /// Looks again and again until [`Handover::stop`]: for a thread of its own.
    pub fn work(&self) {
        loop {
            match self.look() {
                Ok(done) if done != Done::default() => {
                    tracing::info!(done.taken, done.refused, done.packages, done.rows, done.lost, "handed over");
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(code = error.code(), %error, "the hand-over waits"),
            }
            if self.rest.ends_within(LOOK_EVERY) {
                return;
            }
        }
    }

    /// Ends [`Handover::work`].
    pub fn stop(&self) {
        self.rest.end();
    }
}

impl Side<'_> {
    fn look(&self) -> Result<Done> {
        let mut done = self.receive()?;
        done.noted = self.note()?;
        done.lost = self.recall()? + self.lose()?;
        let (packages, rows) = self.pack()?;
        (done.packages, done.rows) = (packages, rows);
        self.tell_cases()?;
        self.expire()?;
        Ok(done)
    }

    /// Takes away what came, once the time for which rejected rows are kept is over.
    fn expire(&self) -> Result<()> {
        let Some(rule) = self.service.rulebook().erasure.retention_on(self.service.real_today()) else { return Ok(()) };
        let before = self.service.now_micros() / 1_000_000 - i64::from(rule.rejected_days) * 24 * 60 * 60;
        for place in [&self.finished, &self.refused] {
            for name in place.names()? {
                if place.changed_at(&name)?.is_some_and(|at| at < before) {
                    place.wipe(&name)?;
                }
            }
        }
        Ok(())
    }
}

fn no_folder(code: &str) -> AppError {
    let text = format!("{code} 的文件夹不能使用：须为普通文件夹，不接受链接");
    AppError::refused("not_plain_file", "folder", text)
}

fn damaged(error: impl std::fmt::Display) -> StoreError {
    StoreError::Inconsistent(error.to_string())
}
