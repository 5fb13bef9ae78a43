//! Making a step: what the rulebook of the day says goes into it — whether the record may be repaired yet, the clocks, the papers,
//! the clauses of the letter, the remedies. Nothing of that is typed by anybody.

use super::{
    Applied, Arrived, Case, Channel, Due, Event, Followed, Granting, Paper, Promise, Step, of_publicity, rule,
};
use crate::listing::Refusal;
use crate::paper;
use crate::publicity::{self, Application, Decision, Eligibility, Facts, Pack, Row};
use crate::rulebook::Rulebook;
use crate::rulebook::commitment::LetterVersion;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

/// Code list of papers.
const PAPERS: &str = "repair_paper";
/// The letter of commitment for a repair.
const LETTER: &str = "repair";

/// Makes steps by one edition of the rulebook.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'r> {
    /// The edition in force.
    pub rulebook: &'r Rulebook,
    /// Who acts.
    pub by: &'r str,
    /// Today.
    pub today: Date,
}

/// The record that is to be repaired, with what the rules say of it.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'g> {
    /// Identity of the record, in hex.
    pub record: &'g str,
    /// Its item.
    pub item: &'g str,
    /// The organisation's code.
    pub uscc: &'g str,
    /// Its name.
    pub organisation: &'g str,
    /// Number of the decision.
    pub document: &'g str,
    /// Code of the unit that decided.
    pub unit: &'g str,
    /// Its name.
    pub unit_name: &'g str,
    /// What the rules say of its publicity.
    pub decision: &'g Decision<'g>,
    /// The facts from which they say it.
    pub facts: &'g Facts<'g>,
    /// No application may be made up to this day.
    pub barred_through_on: Option<Date>,
}

/// An application as it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The record.
    pub ground: Ground<'a>,
    /// How it came.
    pub channel: &'a Channel,
    /// The day on which it reached the authority, where it is there already.
    pub arrived_on: Option<Date>,
    /// How the wrong was put right.
    pub rectified: &'a str,
    /// Papers.
    pub papers: &'a [Paper],
    /// Codes of the clauses of the letter that was signed.
    pub clauses: &'a [String],
    /// The day of its signature.
    pub signed_on: Date,
    /// The shield from which it goes on, where the record was shielded while a plan was carried out.
    pub followed: Option<&'a Followed>,
}

impl<'r> Desk<'r> {
    /// Whether the record could be applied for today by somebody who has done everything.
    ///
    /// # Errors
    /// Why not, with the earliest day where one is known.
    pub fn eligible(&self, ground: &Ground<'_>) -> Result<(), Refusal> {
        let application =
            Application { on: self.today, rectified: true, commitment: true, barred_through: ground.barred_through_on };
        match publicity::repair_eligibility(ground.decision, &application) {
            Eligibility::Admit => Ok(()),
            Eligibility::Reject { reason, earliest } => Err(of_publicity(reason, earliest)),
        }
    }

    /// The kinds of papers that an application for the record must have today.
    ///
    /// # Errors
    /// When nothing in force lets anybody apply.
    pub fn papers(&self, ground: &Ground<'_>) -> Result<&'r [String], Refusal> {
        let (pack, _) = self.procedure(ground)?;
        let class = ground.decision.class_code().unwrap_or_default();
        let demand = self.rulebook.procedure.repair_rules(self.today).and_then(|rules| rules.demand(&pack, class));
        demand.map(|demand| demand.papers.as_slice()).ok_or_else(|| rule::PROCEDURE_UNKNOWN.refuse())
    }

    /// Whether an application for the record that is brought to the authority's own counter is with it at once, and not at the window first.
    #[must_use]
    pub fn is_direct(&self, ground: &Ground<'_>) -> bool {
        let packs = self.rulebook.procedure.repair_rules(self.today).and_then(|rules| rules.direct_packs.as_ref());
        packs.is_none_or(|packs| self.procedure(ground).is_ok_and(|(pack, _)| packs.contains(&pack)))
    }

    /// The letter of commitment in force.
    ///
    /// # Errors
    /// When the rulebook has none.
    pub fn letter(&self) -> Result<&'r LetterVersion, Refusal> {
        let letter = self.rulebook.commitments.get(LETTER).and_then(|letter| letter.version_on(self.today));
        letter.ok_or_else(|| rule::LETTER_UNKNOWN.refuse())
    }

    /// Applies.
    ///
    /// # Errors
    /// When the record may not be repaired yet or at all, a paper or a clause is missing, or nothing tells how the wrong was put
    /// right.
    pub fn apply(&self, asked: &Ask<'_>) -> Result<(Step, Case), Refusal> {
        let ground = &asked.ground;
        rule::NOT_RECTIFIED.demand(!asked.rectified.trim().is_empty())?;
        self.eligible(ground)?;
        let promise = self.promise(asked)?;
        self.attached(ground, asked.papers)?;
        let window_on = self.window(asked.channel, asked.arrived_on)?;
        let (pack, row) = self.procedure(ground)?;
        let decision = ground.decision;
        let conditions = row.conditions.clone().or_else(|| decision.row.and_then(|row| row.conditions.clone()));
        let national = matches!(asked.channel, Channel::National { .. });
        let answer = publicity::window_answer(&self.rulebook.publicity, self.today)
            .filter(|_| asked.arrived_on.is_none() || national)
            .map(|clock| clock.due(&self.rulebook.calendar, window_on).into());
        let push = self.rulebook.procedure.repair_rules(self.today).and_then(|rules| rules.push_working_days);
        let applied = Applied {
            record: ground.record.to_owned(),
            item: ground.item.to_owned(),
            uscc: ground.uscc.to_owned(),
            document: ground.document.to_owned(),
            unit: ground.unit.to_owned(),
            class: decision.class_code().unwrap_or_default().to_owned(),
            pack: named(decision.pack_id().unwrap_or_default(), decision.row_code().unwrap_or_default()),
            procedure: named(&pack, &row.code),
            conditions: conditions.unwrap_or_default(),
            min_end_on: decision.min_end_on,
            repair_from_on: decision.repair_from_on,
            through_on: decision.through_on,
            channel: asked.channel.clone(),
            rectified: asked.rectified.trim().to_owned(),
            papers: asked.papers.to_vec(),
            promise: Some(promise),
            plan: None,
            shield: None,
            followed: asked.followed.cloned(),
            push: asked.arrived_on.is_none().then(|| self.due(self.today, push)).flatten(),
            answer,
            arrived: asked.arrived_on.map(|on| Arrived { on, accept: self.due(on, row.accept_working_days) }),
        };
        let step = self.step(Event::Applied(Box::new(applied)));
        let case = Case::open(&step)?;
        Ok((step, case))
    }

    /// Passes an application from the window to the authority, whose clock begins.
    ///
    /// # Errors
    /// When the case is not at the window, or nothing says what the window found.
    pub fn push(&self, case: &Case, opinion: &str) -> Result<(Step, Case), Refusal> {
        let accept = match &case.applied.plan {
            Some(_) => None,
            None => self.due(self.today, self.row(case)?.accept_working_days),
        };
        let arrived = Arrived { on: self.today, accept };
        self.take(case, Event::Pushed { opinion: opinion.trim().to_owned(), arrived })
    }

    /// Adds what was missing.
    ///
    /// # Errors
    /// When nothing was, or a paper is of no known kind.
    pub fn supplement(&self, case: &Case, papers: &[Paper]) -> Result<(Step, Case), Refusal> {
        paper::fit(case.applied.papers.len(), papers.len())?;
        papers.iter().try_for_each(|paper| self.known(paper))?;
        let accept = match &case.applied.plan {
            Some(_) => self.shield_due(case),
            None => self.due(self.today, self.row(case)?.accept_working_days),
        };
        self.take(case, Event::Supplemented { papers: papers.to_vec(), accept })
    }

    /// Accepts an application.
    ///
    /// # Errors
    /// When the case does not wait for that.
    pub fn accept(&self, case: &Case) -> Result<(Step, Case), Refusal> {
        rule::PLAN_WRONG.demand(case.applied.plan.is_none())?;
        let decide = self.due(self.today, self.row(case)?.decide_working_days);
        self.take(case, Event::Accepted { decide })
    }

    /// Lengthens the time to decide.
    ///
    /// # Errors
    /// When the order knows no longer time, it was lengthened before, or no reason is given.
    pub fn extend(&self, case: &Case, reason: &str) -> Result<(Step, Case), Refusal> {
        let row = self.row(case)?;
        let (Some(usual), Some(more)) = (row.decide_working_days, row.decide_extension_working_days) else {
            return Err(rule::EXTENSION_UNKNOWN.refuse());
        };
        let (_, accepted_on) = case.accepted.as_ref().ok_or_else(|| rule::STATE_WRONG.because(case.state.code()))?;
        let decide = self.rulebook.calendar.due(*accepted_on, usual.saturating_add(more)).into();
        self.take(case, Event::Extended { reason: reason.trim().to_owned(), decide })
    }

    /// Does not accept an application, or refuses it, with reasons and remedies.
    ///
    /// # Errors
    /// When the case does not wait for that, no reason is given, or the same person reviewed it before.
    pub fn refuse(&self, case: &Case, letter: &str, reason: &str) -> Result<(Step, Case), Refusal> {
        let (letter, reason, remedies) = (letter.to_owned(), reason.trim().to_owned(), self.remedies());
        let event = if case.accepted.is_some() {
            Event::Refused { letter, reason, remedies }
        } else {
            Event::NotAccepted { letter, reason, remedies }
        };
        self.take(case, event)
    }

    /// Grants a repair.
    ///
    /// # Errors
    /// When the case does not wait for that, the record may not be repaired today, nothing says what was found or a condition was not found
    /// met, or the same person reviewed it before.
    pub fn grant(&self, case: &Case, ground: &Ground<'_>, asked: &Granting<'_>) -> Result<(Step, Case), Refusal> {
        self.eligible(ground)?;
        let conditions = self.found(case, asked.conditions)?;
        let own = self.rulebook.procedure.repair_rules(self.today).and_then(|rules| rules.follow_working_days);
        let sync = self.due(self.today, self.row(case)?.sync_working_days.or(own));
        let (letter, findings) = (asked.letter.to_owned(), asked.findings.trim().to_owned());
        self.take(case, Event::Granted { letter, findings, sync, related: asked.related.to_vec(), conditions })
    }

    /// Takes any step, into which nothing of the rulebook goes.
    ///
    /// # Errors
    /// When the case does not allow it.
    pub fn take(&self, case: &Case, event: Event) -> Result<(Step, Case), Refusal> {
        Self::not_revoking(case, &event)?;
        let step = self.step(event);
        let case = case.clone().take(&step)?;
        Ok((step, case))
    }

    /// The day from which the window's own clock runs, with what a channel must say.
    pub(super) fn window(&self, channel: &Channel, arrived_on: Option<Date>) -> Result<Date, Refusal> {
        let window_on = match channel {
            Channel::Account | Channel::Paper { .. } => self.today,
            Channel::National { window_on, .. } => *window_on,
        };
        rule::WINDOW_DAY.demand(window_on <= self.today && arrived_on.is_none_or(|on| on <= self.today))?;
        let referenced = matches!(channel, Channel::Account) || !channel.reference().trim().is_empty();
        rule::REFERENCE_MISSING.demand(referenced)?;
        Ok(window_on)
    }

    pub(super) fn step(&self, event: Event) -> Step {
        Step { by: self.by.to_owned(), on: self.today, event }
    }

    /// The letter as it was signed; every clause of the edition must be in it, and no other.
    fn promise(&self, asked: &Ask<'_>) -> Result<Promise, Refusal> {
        rule::NO_COMMITMENT.demand(!asked.clauses.is_empty())?;
        let letter = self.letter()?;
        if let Some(unknown) = asked.clauses.iter().find(|code| letter.clause(code).is_none()) {
            return Err(rule::LETTER_CLAUSE_UNKNOWN.because(unknown));
        }
        if let Some(missing) = letter.clauses.iter().find(|clause| !asked.clauses.contains(&clause.code)) {
            return Err(rule::LETTER_CLAUSE_MISSING.because(format!("{}（{}）", missing.text, missing.code)));
        }
        let text = letter.text(asked.ground.organisation, asked.ground.uscc, asked.ground.unit_name, asked.signed_on);
        Ok(Promise {
            edition: letter.effective_from,
            clauses: letter.clauses.iter().map(|clause| clause.code.clone()).collect(),
            signed_on: asked.signed_on,
            digest: crate::canonical::hex(&Sha256::digest(text.as_bytes())),
        })
    }

    fn attached(&self, ground: &Ground<'_>, papers: &[Paper]) -> Result<(), Refusal> {
        paper::fit(0, papers.len())?;
        papers.iter().try_for_each(|paper| self.known(paper))?;
        let missing = self.papers(ground)?.iter().find(|kind| papers.iter().all(|paper| paper.kind != **kind));
        match missing {
            None => Ok(()),
            Some(kind) => Err(rule::PAPER_MISSING.because(self.paper_name(kind))),
        }
    }

    /// A paper of a known kind, with a number or name; a digest where it was handed in as a file.
    pub(super) fn known(&self, paper: &Paper) -> Result<(), Refusal> {
        let list = self.rulebook.codes.list(PAPERS);
        let known = list.is_some_and(|list| list.values.iter().any(|entry| entry.code.as_deref() == Some(&paper.kind)));
        if !known {
            return Err(rule::PAPER_UNKNOWN.because(&paper.kind));
        }
        if paper.number.trim().is_empty() {
            return Err(rule::PAPER_MISSING.because(self.paper_name(&paper.kind)));
        }
        let hex =
            |text: &str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        rule::PAPER_DIGEST.demand(hex(&paper.digest) || (paper.digest.is_empty() && !paper.file))
    }

    /// A kind of paper in words.
    #[must_use]
    pub fn paper_name(&self, kind: &str) -> String {
        let entry = self
            .rulebook
            .codes
            .list(PAPERS)
            .and_then(|list| list.values.iter().find(|one| one.code.as_deref() == Some(kind)));
        entry.map_or_else(|| kind.to_owned(), |entry| entry.value.clone())
    }

    pub(super) fn procedure(&self, ground: &Ground<'_>) -> Result<(String, Row), Refusal> {
        let rules = &self.rulebook.publicity;
        let found = publicity::repair_procedure(rules, ground.facts, ground.decision, self.today);
        found.map(|(pack, row)| (pack.id.clone(), row.clone())).ok_or_else(|| rule::PROCEDURE_UNKNOWN.refuse())
    }

    /// The row whose clocks a case follows: that of its application.
    pub(super) fn row(&self, case: &Case) -> Result<&'r Row, Refusal> {
        let (id, code) = case.applied.procedure.split_once('/').unwrap_or((&case.applied.procedure, ""));
        let row = self.rulebook.publicity.pack(id).and_then(|pack: &Pack| pack.row(code));
        row.ok_or_else(|| rule::PROCEDURE_UNKNOWN.because(&case.applied.procedure))
    }

    fn remedies(&self) -> Vec<String> {
        let rules = self.rulebook.procedure.repair_rules(self.today);
        let names = rules.map(|rules| rules.remedies.as_slice()).unwrap_or_default();
        let told = |name: &String| {
            let rule = self.rulebook.procedure.remedy(name, self.today);
            rule.map_or_else(|| name.clone(), crate::rulebook::procedure::RemedyRule::told)
        };
        names.iter().map(told).collect()
    }

    pub(super) fn due(&self, from: Date, days: Option<u32>) -> Option<Due> {
        days.map(|days| self.rulebook.calendar.due(from, days).into())
    }
}

pub(super) fn named(pack: &str, row: &str) -> String {
    if row.is_empty() { pack.to_owned() } else { format!("{pack}/{row}") }
}

pub(super) fn first(named: &str) -> &str {
    named.split_once('/').map_or(named, |(pack, _)| pack)
}
