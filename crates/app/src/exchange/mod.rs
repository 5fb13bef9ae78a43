//! Exchange (信息资源共享交换) as departments do it, in the three ways that GB/T 39443-2020 names: by service (the API and
//! [`crate::batch`]), by file (drop folders, [`folder`]) and by database (staging tables that a department's system fills,
//! [`front`]). Whatever way a row takes, the one importer judges it, and its sender is told what became of it.
//!
//! Serves 鲁信用办〔2019〕8号 art. 五 and docs/design/0017-exchange.md.

pub mod folder;
pub mod front;
pub mod manifest;
pub(crate) mod place;
pub mod receipt;
mod staged;
mod tasks;

use crate::batch::Intake;
use crate::desk::Desk;
use crate::rest::Rest;
use crate::{AppError, Result};
use folder::Folder;
use front::Front;
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use tasks::Tasks;

/// How often a server looks whether something came.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How soon it looks again while there is something to go on with.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// What one look found and did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Passed {
    /// Packages taken in, or batches taken out of staging tables.
    pub taken: u64,
    /// Receipts given.
    pub told: u64,
    /// Packages refused: they have a receipt that says why.
    pub refused: u64,
    /// Packages or batches whose import has not ended.
    pub under_way: u64,
    /// Packages that wait for an earlier one.
    pub waiting: u64,
    /// Packages that are not complete yet: left alone.
    pub incomplete: u64,
    /// Answers to tasks that were done.
    pub answered: u64,
    /// Names in the folder that are no unit of the directory, or no plain folder: not looked into.
    pub ignored: u64,
}

impl Passed {
    /// Adds another look to this one: what waits is what waits now.
    pub fn follow(&mut self, next: Self) {
        let before = *self;
        *self = Self { taken: before.taken + next.taken, told: before.told + next.told, ..next };
        self.refused += before.refused;
        self.answered += before.answered;
    }

    fn beside(mut self, other: Self) -> Self {
        self.taken += other.taken;
        self.told += other.told;
        self.refused += other.refused;
        self.under_way += other.under_way;
        self.waiting += other.waiting;
        self.incomplete += other.incomplete;
        self.ignored += other.ignored;
        self.answered += other.answered;
        self
    }
}

/// The exchange of one process, over its intake.
#[derive(Debug)]
pub struct Exchange {
    intake: Arc<Intake>,
    folder: Option<Folder>,
    front: Option<Front>,
    tasks: Option<Tasks>,
    rest: Rest,
}

impl Exchange {
    /// An exchange over a drop folder, staging tables, or both.
    #[must_use]
    pub fn new(intake: Arc<Intake>, folder: Option<Folder>, front: Option<Front>) -> Self {
        Self { intake, folder, front, tasks: None, rest: Rest::default() }
    }

    /// The same, with the tasks of units in their folders and answers to them taken from there.
    #[must_use]
    pub fn with_tasks(self, desk: Arc<Desk>) -> Self {
        Self { tasks: Some(Tasks::new(desk)), ..self }
    }

    /// Looks once: takes in what came, and tells what became of what was taken in before.
    ///
    /// # Errors
    /// A fault; what was done stays, and the next look goes on.
    pub fn look(&self) -> Result<Passed> {
        let folder = self
            .folder
            .as_ref()
            .map_or(Ok(Passed::default()), |folder| folder.look(&self.intake, self.tasks.as_ref()))?;
        let front = self.front.as_ref().map_or(Ok(Passed::default()), |front| front.look(&self.intake))?;
        Ok(folder.beside(front))
    }

    /// Looks, imports and tells until nothing more is to be done now: for a command.
    ///
    /// # Errors
    /// A fault.
    pub fn run_once(&self) -> Result<Passed> {
        let mut all = Passed::default();
        loop {
            let passed = self.look()?;
            all.follow(passed);
            let imported = self.intake.work_off()?;
            if passed.taken == 0 && imported == 0 {
                return Ok(all);
            }
        }
    }

    /// Looks again and again until [`Exchange::stop`]: for a thread of its own beside the intake's.
    pub fn work(&self) {
        loop {
            let wait = match self.look() {
                Ok(passed) if passed.taken + passed.told + passed.refused + passed.answered > 0 => {
                    tracing::info!(passed.taken, passed.told, passed.refused, passed.waiting, "exchanged");
                    LOOK_AGAIN
                }
                Ok(passed) if passed.under_way > 0 => LOOK_AGAIN,
                Ok(_) => LOOK_EVERY,
                Err(error) => {
                    tracing::warn!(code = error.code(), %error, "the exchange waits");
                    LOOK_EVERY
                }
            };
            if self.rest.ends_within(wait) {
                return;
            }
        }
    }

    /// Ends [`Exchange::work`].
    pub fn stop(&self) {
        self.rest.end();
    }
}

/// The code, field and text of a refusal; a fault is passed on.
fn refusal(error: AppError) -> Result<receipt::Problem> {
    match error {
        AppError::Refused { code, field, detail } => Ok(receipt::Problem { code: code.to_owned(), field, detail }),
        other => Err(other),
    }
}
