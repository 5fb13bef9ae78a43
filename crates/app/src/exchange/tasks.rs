//! Tasks by file: the measures that a unit has to carry out stand in its folder as `tasks/tasks.jsonl`, and what it answers is taken
//! from `in/NAME.tasks.jsonl` and replied to in `receipts/NAME.reply.jsonl`, line by line.
//!
//! An answer is a step of the measure like any other: a process killed between the step and the reply finds the file again, and what
//! was done already is refused as done. Serves 鲁信用办〔2019〕8号 art. 十三.

use super::place::{Found, Place};
use crate::account::Person;
use crate::desk::Desk;
use crate::measure::{Doing, step_as};
use crate::service::Service;
use crate::{AppError, Result};
use credence_domain::access::{Action, Role};
use credence_store::measure as kept;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

/// How the names of answers end.
pub(super) const ANSWERS: &str = ".tasks.jsonl";
/// Where the tasks stand.
const LIST: &str = "tasks.jsonl";
/// How long a file of answers may be.
const MOST_BYTES: u64 = 1 << 20;

/// Tasks of every unit that has a folder.
#[derive(Debug)]
pub(super) struct Tasks {
    desk: Arc<Desk>,
    /// The log's size and the day at which each unit's list was written last.
    written: Mutex<BTreeMap<String, (u64, String)>>,
}

impl Tasks {
    pub(super) fn new(desk: Arc<Desk>) -> Self {
        Self { desk, written: Mutex::default() }
    }

    /// Takes a unit's answers in and puts its tasks where it finds them; how many answers were done.
    pub(super) fn look(
        &self,
        service: &Service,
        unit: &str,
        (incoming, receipts, list): (&Place, &Place, &Place),
    ) -> Result<u64> {
        let system = Person::system("folder", unit);
        // A folder is a unit's system like one with a key: what that may not do is not done here.
        if !service.allows(Role::Key, Action::StepMeasure)? || !service.allows(Role::Key, Action::ReadMeasure)? {
            return Ok(0);
        }
        let mut done = 0;
        for name in incoming.names()?.iter().filter(|name| name.ends_with(ANSWERS)) {
            let answered = format!("{}.reply.jsonl", name.trim_end_matches(ANSWERS));
            let (reply, taken) = match incoming.find(name)? {
                Found::Plain(file) => self.answers(service, &system, file)?,
                Found::Nothing => continue,
                // A folder cannot be taken away: it is told once.
                Found::Other if receipts.has(&answered)? => continue,
                Found::Other => (line(0, "", "refused", Some(&not_plain())), 0),
            };
            done += taken;
            receipts.write(&answered, &mut reply.as_bytes())?;
            incoming.wipe(name)?;
        }
        self.list(service, &system, list)?;
        Ok(done)
    }

    /// Does what a file of answers says; the reply, and how many were done.
    fn answers(&self, service: &Service, system: &Person, file: std::fs::File) -> Result<(String, u64)> {
        let mut bytes = Vec::new();
        file.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MOST_BYTES {
            let long = AppError::refused("too_large", "file", "任务反馈文件最大1 MB，请分为几个文件");
            return Ok((line(0, "", "refused", Some(&long)), 0));
        }
        let (mut reply, mut done) = (String::new(), 0);
        for (number, text) in String::from_utf8_lossy(&bytes).lines().enumerate() {
            if text.trim().is_empty() {
                continue;
            }
            let told = match answer(text) {
                Err(error) => line(number + 1, "", "refused", Some(&error)),
                Ok((measure, doing)) => match step_as(service, &self.desk, system, &measure, &doing) {
                    Ok(_) => {
                        done += 1;
                        line(number + 1, &measure, "done", None)
                    }
                    Err(error @ (AppError::Refused { .. } | AppError::NotFound)) => {
                        line(number + 1, &measure, "refused", Some(&error))
                    }
                    Err(fault) => return Err(fault),
                },
            };
            reply.push_str(&told);
        }
        Ok((reply, done))
    }

    /// Writes a unit's tasks where something has moved since: every measure in which it has still to do something.
    fn list(&self, service: &Service, system: &Person, list: &Place) -> Result<()> {
        let unit = system.account.unit.as_str();
        // What waits for its place counts too: an answer is told before its act is placed.
        let stands = (service.acts_done()?, service.today().to_string());
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if written.get(unit) == Some(&stands) {
            return Ok(());
        }
        let mut text = String::new();
        for head in service.read(|connection| kept::tasked(connection, unit))? {
            let measure = service.measure_in_force(&self.desk, system, &head.number)?;
            let head = &measure.head;
            let own = measure.tasks.iter().find(|task| task.unit == unit);
            let Some(task) =
                own.filter(|task| task.state != "lifted" && (head.state != "ended" || started(task.state)))
            else {
                continue;
            };
            let told = json!({
                "measure": head.number, "uscc": head.uscc, "code": head.measure, "name": head.name, "state": head.state,
                "content": measure.content, "basis": measure.basis, "from_on": head.from_on, "through_on": head.through_on,
                "task": task.state, "acknowledge_due_on": task.acknowledge_due_on,
                "report_due_on": task.report_due_on, "lift_due_on": measure.lift_due_on,
            });
            text.push_str(&told.to_string());
            text.push('\n');
        }
        let standing = match list.find(LIST)? {
            Found::Plain(mut file) => {
                let mut standing = String::new();
                file.read_to_string(&mut standing)?;
                Some(standing)
            }
            Found::Nothing | Found::Other => None,
        };
        if standing.as_deref() != Some(text.as_str()) {
            list.write(LIST, &mut text.as_bytes())?;
        }
        written.insert(unit.to_owned(), stands);
        Ok(())
    }
}

/// Whether a unit has begun with its task, so that it has to say that it has stopped.
fn started(state: &str) -> bool {
    matches!(state, "acknowledged" | "reported")
}

/// One answer: the number of the measure beside the step, as the API takes it.
fn answer(text: &str) -> Result<(String, Doing)> {
    let unreadable = || {
        let text =
            "应为一行一个JSON对象：measure（措施编号）、act（acknowledge、report、lift）及其字段，见 docs/exchange.md";
        AppError::refused("bad_parameter", "act", text)
    };
    let mut said: Map<String, Value> = serde_json::from_str(text).map_err(|_| unreadable())?;
    let measure = said.remove("measure").and_then(|measure| measure.as_str().map(str::to_owned));
    let doing = serde_json::from_value(Value::Object(said)).map_err(|_| unreadable())?;
    let number = |text: &String| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    Ok((measure.filter(number).ok_or_else(unreadable)?, doing))
}

fn line(number: usize, measure: &str, state: &str, problem: Option<&AppError>) -> String {
    let mut told = json!({ "line": number, "measure": measure, "state": state });
    if let Some(problem) = problem {
        let (code, field, detail) = match problem {
            AppError::Refused { code, field, detail } => (*code, field.as_str(), detail.clone()),
            other => (other.code(), "measure", "没有这一措施，或者不由本单位办理".to_owned()),
        };
        told["problem"] = json!({ "code": code, "field": field, "detail": detail });
    }
    format!("{told}\n")
}

fn not_plain() -> AppError {
    AppError::refused("not_plain_file", "file", "任务反馈须为普通文件，不接受链接、管道或文件夹")
}
