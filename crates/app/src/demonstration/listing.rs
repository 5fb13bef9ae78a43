//! Cases of listings in a demonstration: scripts of steps, each taken on its day by its person through the same use cases as any
//! other, between the files that arrive; with them go the measures that a decision carries, and between them the repairs. A run that was cut off goes on where it stopped.

use super::measure::carry_out;
use super::officer::hold_to_account;
use super::paper::hand_in_specimen;
use crate::listing::{
    CaseView, Clerk, Doing, Proposing, Stepping, carriers, owner_decides, propose, show, step_citing,
};
use crate::review::rules::reference;
use crate::{AppError, Clock, Result, Writer};
use credence_domain::listing::{Cause, Event};
use credence_domain::objection::Evidence;
use credence_domain::rulebook::Rulebook;
use credence_store::record;
use credence_store::scope::View;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Who speaks for the party.
const PARTY: &str = "demo-organisation";
/// The way of the case of the organisation whose representative has an account.
const OWN: &str = "statement";

/// A case as it is to go.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scripted {
    /// What becomes of it.
    pub way: String,
    list: String,
    criterion: usize,
    /// The organisation.
    pub uscc: String,
    unit: String,
    facts: String,
    /// Number of the document that it rests on.
    document: String,
    by: String,
    on: Date,
    steps: Vec<ScriptedStep>,
}

/// One step of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScriptedStep {
    on: Date,
    by: String,
    step: Scripting,
}

/// What is done: a step of the case, or the whole way of a repair of its entry.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Scripting {
    Repair { repair: String },
    Step(Box<Stepping>),
}

/// The cases of a demonstration on their way.
#[derive(Debug)]
pub struct Cases {
    scripts: Vec<Scripted>,
    /// What is still to be done, last first: day, case, and which of its acts (0 is the proposal).
    waiting: Vec<(Date, usize, usize)>,
    /// Numbers of the cases that were proposed.
    numbers: BTreeMap<usize, String>,
    /// Days on which repairs are worked on, last first.
    repairs: Vec<Date>,
}

impl Cases {
    /// The cases of scripts; what a register has of them already is not done again.
    ///
    /// # Errors
    /// `bad_parameter` for a script that cannot be read, or a fault.
    pub fn read(writer: &mut Writer, scripts: Vec<serde_json::Value>, today: Date) -> Result<Self> {
        let bad = |error: serde_json::Error| AppError::refused("bad_parameter", "listing", error.to_string());
        let scripts: Vec<Scripted> =
            scripts.into_iter().map(serde_json::from_value).collect::<std::result::Result<_, _>>().map_err(bad)?;
        let office = View::office(Date::MAX);
        let standing = credence_store::listing::all(writer.connection())?;
        let (mut waiting, mut numbers) = (Vec::new(), BTreeMap::new());
        for (case, script) in scripts.iter().enumerate() {
            let same = |head: &&credence_store::listing::Head| {
                (head.uscc == script.uscc, head.list == script.list, head.opened_on == script.on) == (true, true, true)
            };
            let mut done = 0;
            if let Some(head) = standing.iter().find(same) {
                let steps = show(writer.connection(), &office, &head.number)?.steps;
                done = steps.iter().filter(|step| step.taken.by != "system").count();
                numbers.insert(case, head.number.clone());
            }
            let days = [script.on].into_iter().chain(script.steps.iter().map(|step| step.on));
            waiting.extend(days.enumerate().skip(done).map(|(act, on)| (on, case, act)));
        }
        waiting.sort_unstable_by(|one, other| other.cmp(one));
        Ok(Self { scripts, waiting, numbers, repairs: super::repair::days(today) })
    }

    /// The organisation of the first case that goes a way.
    #[must_use]
    pub fn organisation_of(&self, way: &str) -> Option<&str> {
        self.scripts.iter().find(|script| script.way == way).map(|script| script.uscc.as_str())
    }

    /// Takes every step that is due before a day, the clock standing on the day of each; repairs are worked on at the end of theirs.
    ///
    /// # Errors
    /// What a step refuses, `not_found` for a document that has not come, or a fault.
    pub fn until(&mut self, writer: &mut Writer, rulebook: &Rulebook, clock: &Clock, before: Date) -> Result<()> {
        loop {
            let case_on = self.waiting.last().map(|(on, ..)| *on).filter(|on| *on < before);
            let first = |on: &Date| *on < before && case_on.is_none_or(|case_on| *on < case_on);
            if let Some(on) = self.repairs.pop_if(|on| first(on)) {
                clock.move_to(on);
                let own = self.organisation_of(OWN).map(str::to_owned);
                super::repair::work(writer, rulebook, own.as_deref(), on)?;
                continue;
            }
            let Some((on, case, act)) = self.waiting.pop_if(|(on, ..)| *on < before) else { return Ok(()) };
            let Some(script) = self.scripts.get(case) else { continue };
            clock.move_to(on);
            let view = |name: &str| match name {
                PARTY => View::organisation([script.uscc.as_str()], on),
                _ => View::office(on),
            };
            let clerk = |name: &str| Clerk { name: name.to_owned(), view: view(name) };
            let number = match (act.checked_sub(1).and_then(|at| script.steps.get(at)), self.numbers.get(&case)) {
                (Some(asked), Some(number)) => match &asked.step {
                    Scripting::Step(taken) => {
                        let taken = with_letter(writer, number, taken)?;
                        step_citing(writer, rulebook, &clerk(&asked.by), number, &taken)?.head.number
                    }
                    Scripting::Repair { repair } => {
                        let case = show(writer.connection(), &View::office(on), number)?;
                        let record = case.record.clone().ok_or(AppError::NotFound)?;
                        match removed_by_its_unit(writer, rulebook, (&case, &record), repair, on)? {
                            Some((by, taken)) => {
                                step_citing(writer, rulebook, &clerk(&by), number, &taken)?;
                            }
                            None => {
                                let about = (record.as_str(), script.unit.as_str(), asked.by.as_str(), repair.as_str());
                                super::repair::whole(writer, rulebook, about, on)?;
                            }
                        }
                        number.clone()
                    }
                },
                _ => {
                    let mut asked = proposal(writer, rulebook, script, on)?;
                    // Every second proposal brings a copy of its document.
                    if case.is_multiple_of(2) {
                        let (of, word) = ((script.by.as_str(), script.uscc.as_str()), script.document.as_str());
                        let digest = hand_in_specimen(writer, rulebook, of, ("决定书副本", word))?;
                        asked.papers = vec![Evidence { name: "决定书副本.pdf".to_owned(), digest, file: true }];
                    }
                    propose(writer, rulebook, &clerk(&script.by), &asked)?.head.number
                }
            };
            carry_out(writer, rulebook, (&script.uscc, &number, case), on)?;
            hold_to_account(writer, rulebook, (&script.uscc, &number, case), on)?;
            self.numbers.insert(case, number);
        }
    }
}

fn proposal(writer: &mut Writer, rulebook: &Rulebook, script: &Scripted, on: Date) -> Result<Proposing> {
    let (keyring, view) = (writer.keyring(), View::office(on));
    let about = (script.list.as_str(), script.uscc.as_str());
    let (_, found) = carriers(writer.connection(), keyring, (rulebook, &view), &script.unit, about)?;
    let ground = found.into_iter().find(|one| one.number == script.document).ok_or(AppError::NotFound)?;
    Ok(Proposing {
        list: script.list.clone(),
        criterion: script.criterion,
        uscc: script.uscc.clone(),
        unit: script.unit.clone(),
        facts: script.facts.clone(),
        records: vec![ground.id],
        ordered: String::new(),
        papers: Vec::new(),
    })
}

/// The removal of an entry that nobody can apply for, for its order leaves that to the unit of the list: by whoever decided to list, with a
/// paper. Nothing where there is a repair to apply for.
fn removed_by_its_unit(
    writer: &mut Writer,
    rulebook: &Rulebook,
    (case, record): (&CaseView, &str),
    document: &str,
    on: Date,
) -> Result<Option<(String, Stepping)>> {
    let stored = record::by_reference(writer.connection(), &View::office(on), &reference(record)?)?;
    let owner = stored.is_some_and(|entry| owner_decides(rulebook, &entry.pack));
    let open = case.steps.iter().find_map(|step| match &step.taken.event {
        Event::Listed { exits, .. } => exits.iter().find(|way| way.from_on <= on),
        _ => None,
    });
    let (Some(by), Some(way)) = (case.decided_by.clone().filter(|_| owner), open) else { return Ok(None) };
    let digest = hand_in_specimen(writer, rulebook, (&by, &case.head.uscc), ("移出决定", document))?;
    let cause = Cause::Repair { exit: way.name.clone(), document: document.to_owned() };
    let papers = vec![Evidence { name: "移出决定.pdf".to_owned(), digest, file: true }];
    Ok(Some((by, Stepping { doing: Doing::Remove { cause }, papers })))
}

/// A script does not know the numbers of letters: a talk that is held is the last that was called.
fn with_letter(writer: &mut Writer, number: &str, taken: &Stepping) -> Result<Stepping> {
    let mut taken = taken.clone();
    if let Doing::HoldTalk { letter, .. } = &mut taken.doing {
        let letters = show(writer.connection(), &View::office(Date::MAX), number)?.letters;
        let notice = letters.into_iter().rev().find(|one| one.kind == "talk_notice");
        *letter = notice.map(|one| one.letter).unwrap_or_default();
    }
    Ok(taken)
}
