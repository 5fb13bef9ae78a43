//! Making a step: what the rulebook of the day says goes into it — the item of the list, its law, its longest term, the bodies
//! and the days for them. Nothing of that is typed by anybody.

use super::{Assigned, Begun, Cause, Event, Measure, Standing, Step, rule};
use crate::listing::{Case, MeasureTaken, Refusal, State};
use crate::rulebook::Rulebook;
use crate::rulebook::measure::{Force, MeasureVersion, Term};
use jiff::civil::Date;

/// Code list of the bodies.
const BODIES: &str = "implementing_body";

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

/// A unit of the directory as a measure looks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitAt {
    /// Its code.
    pub uscc: String,
    /// Its name.
    pub name: String,
    /// Its sector.
    pub sector: String,
}

/// A measure that a single decision carries.
#[derive(Clone, Debug)]
pub struct FromDecision<'d> {
    /// Code of the measure.
    pub measure: &'d str,
    /// Code of the behaviour item that the decision establishes.
    pub behaviour: &'d str,
    /// The organisation.
    pub uscc: &'d str,
    /// The unit whose decision it is.
    pub unit: &'d UnitAt,
    /// Identity of the record, in hex.
    pub record: &'d str,
    /// Its item.
    pub item: &'d str,
    /// Kinds of penalty, as written.
    pub kinds: &'d [String],
    /// Who entered or sent the decision; empty where that is not known.
    pub entered_by: &'d str,
    /// Number of the decision.
    pub document: &'d str,
    /// Day of the decision.
    pub decided_on: Date,
    /// Whether the decision is in force and no minor one.
    pub in_force: bool,
    /// Last public day of the record, where it has one: a measure without a term of its own ends with it.
    pub record_through: Option<Date>,
    /// The last day that the decision says. It is asked for where the clause gives a range; else the law's own term counts.
    pub through_on: Option<Date>,
}

impl Desk<'_> {
    /// Begins a measure that a decision to list names.
    ///
    /// # Errors
    /// When the measure is not in the list in force.
    pub fn of_listing(
        &self,
        (number, case): (&str, &Case),
        taken: &MeasureTaken,
        units: &[UnitAt],
    ) -> Result<(Step, Measure), Refusal> {
        let State::Listed(listed) = &case.state else { return Err(rule::CAUSE_MISSING.because(case.state.code())) };
        let (name, version) = self.version(&taken.code)?;
        rule::NOT_FOR_CASE.demand(version.lists.contains(&case.list))?;
        let term = version.term().ok_or_else(|| rule::UNLISTED.because(&taken.code))?;
        let cause = Cause::Listing {
            number: number.to_owned(),
            list: case.list.clone(),
            document: listed.decided.letter.clone(),
        };
        let (decided_on, through) = (listed.decided.on, listed.decided.through_on);
        // One that comes back with its entry has no more of the law's longest term than was left of it.
        let (from_on, through_on) = (listed.restored_on.unwrap_or(decided_on), term.last_day(decided_on, through));
        rule::TERM_MISSING.demand(listed.restored_on.is_none_or(|day| day <= through_on))?;
        let begun = self.begun((&taken.code, name, version), (&case.uscc, &case.unit), cause, units);
        self.open(Begun { from_on, through_on, ..begun })
    }

    /// Begins a measure that a single decision carries.
    ///
    /// # Errors
    /// When the measure or the behaviour item is not in the list in force, they do not belong together, the decision is not in
    /// force, of another kind or of another kind of penalty, the item was not in the list on its day, the unit is none of the measure's
    /// bodies, whoever entered the decision begins it, the measure only informs, or the term is not that of the clause.
    pub fn of_decision(&self, asked: &FromDecision<'_>, units: &[UnitAt]) -> Result<(Step, Measure), Refusal> {
        // A retired item begins nothing; what was not in the list on the day of the decision neither, and that day's edition counts.
        self.version(asked.measure)?;
        let then = self.rulebook.measures.get(asked.measure);
        let then = then.and_then(|one| Some((one.name.as_str(), one.version_on(asked.decided_on)?)));
        let (name, version) = then.ok_or_else(|| rule::NOT_THEN.because(asked.decided_on.to_string()))?;
        let behaviour = self.rulebook.behaviours.get(asked.behaviour).and_then(|one| one.version_on(self.today));
        let behaviour = behaviour.ok_or_else(|| rule::BEHAVIOUR_UNKNOWN.because(asked.behaviour))?;
        rule::NOT_FOR_CASE.demand(behaviour.measures.iter().any(|code| code == asked.measure))?;
        rule::ONLY_INFORMS.demand(version.force != Force::Informs)?;
        rule::CAUSE_NOT_ALLOWED.demand(behaviour.items.iter().any(|item| item == asked.item))?;
        let of_the_day = self.rulebook.behaviours.get(asked.behaviour).and_then(|one| one.version_on(asked.decided_on));
        rule::NOT_THEN.demand(of_the_day.is_some())?;
        rule::CAUSE_KIND.demand(self.rulebook.publicity.kinds().has_one(asked.kinds, &behaviour.kinds))?;
        rule::CAUSE_MISSING.demand(asked.in_force && !asked.document.trim().is_empty())?;
        // A measure that follows a listing follows no single decision.
        rule::NOT_FOR_CASE.demand(version.lists.is_empty())?;
        rule::WRONG_BODY.demand(self.body_of(version, asked.unit).is_some())?;
        rule::SAME_PERSON.demand(asked.entered_by.is_empty() || asked.entered_by != self.by)?;
        let term = version.term().ok_or_else(|| rule::UNLISTED.because(asked.measure))?;
        let longest = match (term, asked.record_through) {
            (Term::AtMost(_) | Term::Life, _) => term.last_day(asked.decided_on, Date::MAX),
            (Term::WithCause | Term::Elsewhere, Some(through)) => through,
            (Term::WithCause | Term::Elsewhere, None) => return Err(rule::TERM_MISSING.refuse()),
        };
        // Within a range the decision alone says how long: nobody is barred for the longest because nothing was typed.
        let shortest = version.shortest().and_then(|length| length.after(asked.decided_on));
        rule::TERM_RANGE.demand(shortest.is_none() || asked.through_on.is_some())?;
        let through_on = asked.through_on.unwrap_or(longest);
        if let Some(first) = shortest.and_then(|day| day.yesterday().ok()).filter(|first| through_on < *first) {
            return Err(rule::TERM_TOO_SHORT.because(format!("最早{first}")));
        }
        if through_on > longest {
            return Err(rule::TERM_TOO_LONG.because(format!("最晚{longest}")));
        }
        rule::TERM_MISSING.demand(self.today <= through_on)?;
        let cause = Cause::Decision {
            record: asked.record.to_owned(),
            item: asked.item.to_owned(),
            behaviour: asked.behaviour.to_owned(),
            document: asked.document.trim().to_owned(),
            kinds: asked.kinds.to_vec(),
        };
        let begun = self.begun((asked.measure, name, version), (asked.uscc, &asked.unit.uscc), cause, units);
        self.open(Begun { from_on: asked.decided_on, through_on, ..begun })
    }

    /// What must still happen to a measure so that it stands as its listing does; nothing where it does. `shielded` where the entry is
    /// hidden while a plan of a court is carried out, and this measure is lifted for it.
    #[must_use]
    pub fn following(&self, measure: &Measure, case: &Case, shielded: bool) -> Option<Event> {
        if measure.ended_by(self.today).is_some() {
            return None;
        }
        let listed = match &case.state {
            State::Listed(listed) => listed,
            State::Delisted(ended) => return Some(self.end(ended.cause.told())),
            state => return Some(self.end(state.code().to_owned())),
        };
        if listed.decided.measures.iter().all(|taken| taken.code != measure.begun.measure) {
            return Some(self.end("裁判或者复议决定不再适用这一措施".to_owned()));
        }
        let stayed = listed.is_stayed();
        match &measure.standing {
            Standing::Running if stayed => Some(Event::Suspended { reason: "列入决定停止执行".to_owned() }),
            Standing::Suspended if !stayed && !shielded => {
                Some(Event::Resumed { reason: "停止执行已经结束".to_owned() })
            }
            _ if listed.decided.through_on < measure.through_on => {
                Some(Event::Shortened { through_on: listed.decided.through_on })
            }
            _ => None,
        }
    }

    /// The end of a measure.
    #[must_use]
    pub fn end(&self, reason: String) -> Event {
        let lift = self.rulebook.procedure.measure_clocks(self.today).and_then(|clocks| clocks.lift_working_days);
        Event::Ended { reason, lift_due_on: self.due(lift) }
    }

    /// Takes any step into which nothing of the rulebook goes.
    ///
    /// # Errors
    /// When the measure does not allow it.
    pub fn take(&self, measure: &Measure, event: Event) -> Result<(Step, Measure), Refusal> {
        let step = Step { by: self.by.to_owned(), on: self.today, event };
        let measure = measure.clone().take(&step)?;
        Ok((step, measure))
    }

    fn open(&self, begun: Begun) -> Result<(Step, Measure), Refusal> {
        let step = Step { by: self.by.to_owned(), on: self.today, event: Event::Begun(Box::new(begun)) };
        let measure = Measure::begin(&step)?;
        Ok((step, measure))
    }

    fn version(&self, code: &str) -> Result<(&str, &MeasureVersion), Refusal> {
        let measure = self.rulebook.measures.get(code).ok_or_else(|| rule::UNLISTED.because(code))?;
        let version = measure.version_on(self.today).ok_or_else(|| rule::UNLISTED.because(code))?;
        Ok((&measure.name, version))
    }

    /// As which body of a measure a unit may act, by its sector.
    fn body_of<'v>(&self, version: &'v MeasureVersion, unit: &UnitAt) -> Option<&'v String> {
        let list = self.rulebook.codes.list(BODIES)?;
        let acts_as = list.find(&unit.sector)?;
        version.bodies.iter().find(|body| *body == acts_as)
    }

    fn begun(
        &self,
        (code, name, version): (&str, &str, &MeasureVersion),
        (uscc, unit): (&str, &str),
        cause: Cause,
        units: &[UnitAt],
    ) -> Begun {
        let clocks = self.rulebook.procedure.measure_clocks(self.today);
        let (acknowledge, report) =
            clocks.map_or((None, None), |clocks| (clocks.acknowledge_working_days, clocks.report_working_days));
        let ordered = matches!(version.force, Force::Binds | Force::May);
        let assigned: Vec<Assigned> = units
            .iter()
            .filter(|_| ordered)
            .filter_map(|unit| {
                Some(Assigned {
                    unit: unit.uscc.clone(),
                    name: unit.name.clone(),
                    body: self.body_of(version, unit)?.clone(),
                    acknowledge_due_on: self.due(acknowledge),
                    report_due_on: self.due(report),
                })
            })
            .collect();
        let missing = |body: &&String| ordered && assigned.iter().all(|one| one.body != **body);
        let unassigned = version.bodies.iter().filter(missing).cloned().collect();
        let told = |basis: &crate::provision::Basis| match basis.article.as_str() {
            "-" => format!("《{}》", basis.title),
            article => format!("《{}》第{article}条", basis.title),
        };
        Begun {
            measure: code.to_owned(),
            name: name.to_owned(),
            edition: version.effective_from,
            content: version.content.clone(),
            basis: version.basis.iter().map(told).collect::<Vec<_>>().join("、"),
            force: version.force,
            body: version.body.clone(),
            uscc: uscc.to_owned(),
            unit: unit.to_owned(),
            cause,
            from_on: self.today,
            through_on: self.today,
            assigned,
            unassigned,
        }
    }

    /// So many working days from today on.
    fn due(&self, days: Option<u32>) -> Option<Date> {
        days.map(|days| self.rulebook.calendar.due(self.today, days).on)
    }
}
