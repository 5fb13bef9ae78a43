//! Random steps against a small model that shares no code with the room: whether each step is allowed, and where the case
//! then stands. 1,000,000 steps; each run is the same, for chance is a seed.

use super::reference::{Chance, Hearing, Model, Stage, five_working_days, three_years};
use super::{BOOK, DECIDER, ORGAN, PROPOSER, papers_of, penalty, proposal};
use credence_domain::listing::{
    BaseFacts, Call, Case, Cause, Decide, Delivery, Desk, Event, Filed, Findings, Organ, Outcome, Propose, Refusal,
    RemedyKind, State,
};
use credence_domain::record::state::State as RecordState;
use jiff::ToSpan;
use jiff::civil::{Date, date, time};

const STEPS: u32 = 1_000_000;
const PERSONS: [&str; 3] = [PROPOSER, DECIDER, "third"];
const NUMBERS: [&str; 2] = ["行初1号", "行复1号"];
/// From here on the days to answer would run out of the calendar.
const CALENDAR_END: Date = date(2026, 12, 1);
/// Measures and the first day on which this list may use them; the last three are of other lists or of none.
const MEASURES: [(&str, Option<Date>); 6] = [
    ("key_supervision_market_regulation", Some(date(2021, 9, 1))),
    ("no_commitment_procedure", Some(date(2021, 9, 1))),
    ("restriction_of_listed_enterprises", Some(date(2024, 5, 1))),
    ("tax_grade_d", None),
    ("bidding_bar", None),
    ("made_up", None),
];

/// One world: a case, its model, today, and whether its base document stands.
struct World {
    chance: Chance,
    today: Date,
    case: Case,
    model: Model,
    base: BaseFacts,
    accepted: [u32; 19],
}

type Tried = Result<Case, Refusal>;

impl World {
    fn begin(chance: Chance, accepted: [u32; 19]) -> Self {
        let mut chance = chance;
        let days = i64::try_from(chance.below(1_200)).unwrap();
        let today = date(2023, 1, 5).saturating_add(days.days());
        let mut base = penalty();
        base.base.decided_on = today;
        let bases = [base.clone()];
        let asked = Propose { criterion: 2, facts: "事实", ..proposal(&bases) };
        let case = Desk { rulebook: &BOOK, by: PROPOSER, today }.propose(&asked).unwrap().1;
        Self { chance, today, case, model: Model::new(today), base, accepted }
    }

    /// A day around today: mostly today, sometimes before, rarely ahead.
    fn day(&mut self) -> Date {
        let away = i64::try_from(self.chance.below(12)).unwrap();
        match self.chance.below(8) {
            0 => self.today.saturating_add(away.days()),
            1..4 => self.today.saturating_sub(away.days()),
            _ => self.today,
        }
    }

    fn desk<'d>(&self, by: &'d str) -> Desk<'d> {
        Desk { rulebook: &BOOK, by, today: self.today }
    }

    fn step(&mut self) {
        let ahead = match self.chance.below(200) {
            0 => 400,
            n => i64::try_from(n % 4).unwrap(),
        };
        self.today = self.today.saturating_add(ahead.days());
        let mut act = usize::try_from(self.chance.below(19)).unwrap();
        // A hearing of which the party was told is held more often than chance would have it, mostly when its day has come.
        let told = self.model.hearing.filter(|hearing| hearing.told.is_some() && !hearing.held);
        if let Some(called) = told.and_then(|hearing| hearing.called).filter(|_| self.chance.below(3) > 0) {
            act = 6;
            self.today = if self.chance.often() { self.today.max(called) } else { self.today };
        }
        let by = self.chance.pick(&PERSONS);
        let before = self.model.clone();
        let (tried, allowed) = match act {
            0 => self.serve(by),
            1..=6 => self.answer(act, by),
            7 | 8 => self.decide(act, by),
            9 => self.serve_decision(by),
            10..=13 => self.remedy(act, by),
            14 => self.fall(by),
            15 => self.withdraw(by),
            16 => self.remove(by),
            17 => self.call(by),
            _ => self.serve_call(by),
        };
        assert_eq!(tried.is_ok(), allowed, "act {act} by {by} on {}: {before:?} {tried:?}", self.today);
        if let Ok(case) = tried {
            self.case = case;
            self.accepted[act] += 1;
        } else {
            self.model = before;
        }
        self.hold();
    }

    /// What must hold of every case at any time.
    fn hold(&self) {
        assert_eq!(self.case.state.code(), self.model.code());
        assert_eq!(State::CODES.iter().filter(|code| **code == self.case.state.code()).count(), 1);
        let public = self.case.is_public_on(self.today);
        let stands = self.model.stage == Stage::Listed && !self.model.stayed() && self.today <= self.model.through;
        assert_eq!(public, stands);
        if let Some(listed) = self.case.listed() {
            assert_ne!(listed.decided.by, PROPOSER);
            assert!(
                listed.notified.service.served_on <= listed.decided.on && !listed.notified.service.proof.is_empty()
            );
            assert!(listed.decided.measures.len() <= self.model.measures);
            let lawful = |code: &str| {
                MEASURES.iter().any(|(c, from)| *c == code && from.is_some_and(|d| d <= listed.decided.on))
            };
            assert!(listed.decided.measures.iter().all(|measure| lawful(&measure.code)));
            assert!(!listed.decided.findings.nature.trim().is_empty());
        }
    }

    fn serve(&mut self, by: &str) -> (Tried, bool) {
        let on = self.day();
        let mut mode = self.chance.pick(&["direct", "post", "announcement", "electronic", "telephone"]);
        if on.saturating_add(30.days()) >= CALENDAR_END {
            // The calendar ends with the year: no lawful service is tried so late.
            mode = "telephone";
        }
        let proof = self.chance.text("回证");
        let consent = self.chance.text("确认书");
        let served = if mode == "announcement" { on.saturating_add(30.days()) } else { on };
        let lawful = mode != "telephone" && (mode != "electronic" || consent != " ") && proof != " ";
        let allowed = self.model.stage == Stage::Proposed
            && lawful
            && on >= self.model.began
            && on <= self.today
            && served <= self.today;
        let delivery = Delivery { mode: mode.to_owned(), on, proof, consent };
        let tried = self.desk(by).serve_notice(&self.case, "告1号", &delivery).map(|(_, case)| case);
        if allowed {
            (self.model.stage, self.model.served) = (Stage::Notified, served);
            self.model.due = five_working_days(served);
        }
        (tried, allowed)
    }

    fn answer(&mut self, act: usize, by: &str) -> (Tried, bool) {
        let on = self.day();
        let text = self.chance.text("内容");
        let said = text != " ";
        let notified = self.model.stage == Stage::Notified;
        let timely = self.model.served <= on && on <= self.today;
        let (event, allowed) = match act {
            1 => (Event::Stated { on, text }, notified && said && timely && on <= self.model.due),
            2 | 3 => {
                let n = u32::try_from(self.chance.below(3)).unwrap();
                let waits = n > 0 && self.model.statements.get(n as usize - 1) == Some(&false);
                (Event::Answered { statement: n, accepted: false, reason: text }, notified && said && waits)
            }
            4 => {
                let by_party = by == "third" && self.chance.often();
                let lawful = by_party || by != PROPOSER;
                let event = Event::Waived { on, proof: text, by_party };
                (event, notified && said && timely && !self.model.waived && lawful)
            }
            5 => {
                let asked = self.model.hearing.is_none() && timely && on <= self.model.due;
                (Event::HearingAsked { on }, notified && asked)
            }
            _ => {
                let allowed = notified
                    && said
                    && self.model.hearing.is_some_and(|hearing| {
                        let called = hearing.called.zip(hearing.told);
                        let timely = |(on, told): (Date, Date)| on <= self.today && workdays(told, on) >= 7;
                        !hearing.held && called.is_some_and(timely)
                    });
                if let Some(hearing) = self.model.hearing.as_mut().filter(|_| allowed) {
                    hearing.held = true;
                }
                let tried = self.desk(by).hold_hearing(&self.case, &text, true).map(|(_, case)| case);
                return (tried, allowed);
            }
        };
        if allowed {
            match &event {
                Event::Stated { .. } => self.model.statements.push(false),
                Event::Answered { statement, .. } => self.model.statements[*statement as usize - 1] = true,
                Event::Waived { .. } => self.model.waived = true,
                _ => self.model.hearing = Some(Hearing::default()),
            }
        }
        let papers = papers_of(&event);
        (self.desk(by).take_citing(&self.case, event, &papers).map(|(_, case)| case), allowed)
    }

    fn call(&mut self, by: &str) -> (Tried, bool) {
        let ahead = i64::try_from(self.chance.below(30)).unwrap();
        // No hearing is called for a day beyond the calendar.
        let on = self.today.saturating_add(ahead.days()).min(date(2026, 12, 31));
        let (letter, place) = (self.chance.text("听1号"), self.chance.text("大厅"));
        let presided_by = self.chance.pick(&[PROPOSER, DECIDER, "third", " "]);
        let said = letter != " " && place != " " && presided_by != " " && presided_by != PROPOSER;
        let waits = self.model.stage == Stage::Notified && self.model.hearing.is_some_and(|hearing| !hearing.held);
        let allowed = waits && said && self.today < on && workdays(self.today, on) >= 7;
        let call = Call { letter: &letter, hearing_on: on, time: time(9, 0, 0, 0), place: &place, presided_by };
        let tried = self.desk(by).notify_hearing(&self.case, &call).map(|(_, case)| case);
        if let Some(hearing) = self.model.hearing.as_mut().filter(|_| allowed) {
            (hearing.called, hearing.made, hearing.told) = (Some(on), Some(self.today), None);
        }
        (tried, allowed)
    }

    fn serve_call(&mut self, by: &str) -> (Tried, bool) {
        let on = self.day();
        let letter = self.chance.pick(&["听1号", "听1号", "告1号"]);
        let waits = self.model.hearing.is_some_and(|hearing| {
            !hearing.held && hearing.told.is_none() && hearing.made.is_some_and(|made| made <= on)
        });
        let allowed = self.model.stage == Stage::Notified && waits && letter == "听1号" && on <= self.today;
        let delivery = Delivery { mode: "post".to_owned(), on, proof: "回执".to_owned(), consent: String::new() };
        let tried = self.desk(by).serve_hearing_notice(&self.case, letter, &delivery).map(|(_, case)| case);
        if let Some(hearing) = self.model.hearing.as_mut().filter(|_| allowed) {
            hearing.told = Some(on);
        }
        (tried, allowed)
    }

    fn decide(&mut self, act: usize, by: &str) -> (Tried, bool) {
        let ripe = self.model.ripe(by, self.today);
        if act == 8 {
            let reason = self.chance.text("理由");
            let allowed = ripe && reason != " ";
            let tried = self.desk(by).dismiss(&self.case, "不1号", &reason).map(|(_, case)| case);
            if allowed {
                self.model.stage = Stage::NotListed;
            }
            return (tried, allowed);
        }
        let mut words = ["性质", "情节", "危害"].map(|text| self.chance.text(text));
        if !self.chance.often() {
            words[2] = words[0].clone();
        }
        let [nature, circumstances, harm] = words;
        let sound = [&nature, &circumstances, &harm].iter().all(|text| **text != " ")
            && nature != circumstances
            && nature != harm;
        let many = usize::try_from(self.chance.below(3)).unwrap();
        let chosen: Vec<_> = (0..many)
            .map(|_| {
                if self.chance.often() { MEASURES[self.chance.below(3) as usize] } else { self.chance.pick(&MEASURES) }
            })
            .collect();
        let lawful = chosen.iter().all(|(_, from)| from.is_some_and(|day| day <= self.today))
            && (chosen.len() < 2 || chosen[0].0 != chosen[1].0);
        let level = self.chance.pick(&["province", "city", "county"]);
        let sector = if self.chance.often() { "市场监管" } else { "税务" };
        let consent = self.chance.text("同意书");
        let consented = level == "province" || consent != " ";
        let mut base = self.base.clone();
        if self.chance.below(20) == 0 {
            base.state = RecordState::Withdrawn;
        }
        let competent = sector == "市场监管";
        let allowed = ripe && sound && lawful && consented && competent && base.state == RecordState::Accepted;
        let (bases, measures) = ([base], chosen.iter().map(|(code, _)| (*code).to_owned()).collect::<Vec<_>>());
        let findings = Findings { nature, circumstances, harm };
        let asked = Decide {
            letter: "决1号",
            findings,
            measures: &measures,
            unit: Organ { sector, level, ..ORGAN },
            consent: &consent,
            bases: &bases,
        };
        let tried = self.desk(by).list(&self.case, &asked).map(|(_, case)| case);
        if allowed {
            (self.model.stage, self.model.listed) = (Stage::Listed, self.today);
            (self.model.through, self.model.measures) = (three_years(self.today), chosen.len());
        }
        (tried, allowed)
    }

    fn serve_decision(&mut self, by: &str) -> (Tried, bool) {
        let on = self.day();
        let letter = self.chance.pick(&["决1号", "不1号", "移1号", "他1号"]);
        let since = match (self.model.stage, letter) {
            (Stage::Listed | Stage::Delisted, "决1号") if !self.model.decision_served => Some(self.model.listed),
            (Stage::NotListed, "不1号") if !self.model.decision_served => Some(self.case.last_on),
            (Stage::Delisted, "移1号") if !self.model.removal_served => Some(self.case.last_on),
            _ => None,
        };
        let ended = match &self.case.state {
            State::NotListed(dismissed) => Some(dismissed.on),
            State::Delisted(ended) if letter == "移1号" => Some(ended.on),
            _ => since,
        };
        let allowed = since.is_some() && ended.is_some_and(|day| day <= on) && on <= self.today;
        let delivery = Delivery { mode: "post".to_owned(), on, proof: "回执".to_owned(), consent: String::new() };
        let tried = self.desk(by).serve_decision(&self.case, letter, &delivery).map(|(_, case)| case);
        if allowed {
            if letter == "移1号" { self.model.removal_served = true } else { self.model.decision_served = true }
        }
        (tried, allowed)
    }

    fn remedy(&mut self, act: usize, by: &str) -> (Tried, bool) {
        let on = self.day();
        let which = usize::try_from(self.chance.below(2)).unwrap();
        let number = NUMBERS[which].to_owned();
        // Mostly it is another person who enters a ruling, or a stay would hardly ever be lifted.
        let filer = self.model.filed_by[which].filter(|filer| act != 10 && *filer == by && self.chance.often());
        let by = PERSONS.iter().copied().find(|person| filer.is_some_and(|filer| filer != *person)).unwrap_or(by);
        let listed = matches!(self.model.stage, Stage::Listed | Stage::Delisted);
        let timely = self.model.listed <= on && on <= self.today;
        let known = self.model.remedies[which];
        let papers =
            if self.chance.often() { papers_of(&Event::Stayed { number: number.clone(), on }) } else { Vec::new() };
        let another = self.model.filed_by[which].is_some_and(|filer| filer != by);
        let proved = another && !papers.is_empty();
        let waits = known.is_some_and(|(filed, _, decided)| !decided && filed <= on);
        let pending = listed && timely && proved && waits;
        let standing = self.model.stage == Stage::Listed;
        let (event, allowed) = match act {
            10 => {
                let body = self.chance.text("示范法院");
                let allowed = listed && timely && known.is_none() && body != " ";
                let filed = Filed { kind: RemedyKind::Litigation, number, body, on };
                (Event::RemedyFiled { filed }, allowed)
            }
            11 => {
                let free = known.is_some_and(|(_, since, _)| since.is_none());
                (Event::Stayed { number, on }, pending && standing && free && self.today <= self.model.through)
            }
            12 => {
                let held = known.is_some_and(|(_, since, _)| since.is_some_and(|day| day <= on));
                (Event::StayLifted { number, on }, pending && held)
            }
            _ => {
                let outcome = match self.chance.below(8) {
                    0 => Outcome::Revoked,
                    1 => Outcome::Changed { measures: vec!["made_up".to_owned()], through_on: None },
                    2 => Outcome::Changed { measures: Vec::new(), through_on: self.model.through.tomorrow().ok() },
                    3 => Outcome::Changed { measures: Vec::new(), through_on: self.model.through.yesterday().ok() },
                    _ => Outcome::Upheld,
                };
                let shorter = self.model.through.yesterday().is_ok_and(|day| self.model.listed <= day);
                let fits = match &outcome {
                    Outcome::Changed { measures, .. } if !measures.is_empty() => false,
                    Outcome::Changed { through_on, .. } => *through_on < Some(self.model.through) && shorter,
                    _ => true,
                };
                (Event::RemedyDecided { number, on, outcome, letter: "移1号".to_owned() }, pending && fits)
            }
        };
        if allowed {
            if act == 10 {
                self.model.filed_by[which] = PERSONS.iter().copied().find(|person| *person == by);
            }
            self.follow(&event, which, on);
        }
        let papers = if act == 10 { Vec::new() } else { papers };
        (self.desk(by).take_citing(&self.case, event, &papers).map(|(_, case)| case), allowed)
    }

    fn follow(&mut self, event: &Event, which: usize, on: Date) {
        let slot = &mut self.model.remedies[which];
        match (event, slot.as_mut()) {
            (Event::Stayed { .. }, Some(remedy)) => remedy.1 = Some(on),
            (Event::StayLifted { .. }, Some(remedy)) => remedy.1 = None,
            (Event::RemedyDecided { outcome, .. }, Some(remedy)) => {
                (remedy.1, remedy.2) = (None, true);
                match outcome {
                    Outcome::Revoked => self.model.stage = Stage::Delisted,
                    Outcome::Changed { through_on, .. } => {
                        self.model.through = through_on.unwrap_or(self.model.through);
                        self.model.measures = 0;
                    }
                    Outcome::Upheld => {}
                }
            }
            _ => *slot = Some((on, None, false)),
        }
    }

    fn fall(&mut self, by: &str) -> (Tried, bool) {
        let record = if self.chance.below(6) == 0 { self.base.base.record.clone() } else { "ff".to_owned() };
        let document = self.chance.text("复决1号");
        let allowed = self.model.open() && record != "ff" && document != " ";
        if allowed {
            self.model.stage = Stage::Withdrawn;
        }
        (self.desk(by).take(&self.case, Event::BaseRevoked { record, document }).map(|(_, case)| case), allowed)
    }

    fn withdraw(&mut self, by: &str) -> (Tried, bool) {
        let reason = if self.chance.below(6) == 0 { "撤回".to_owned() } else { " ".to_owned() };
        let allowed = self.model.open() && reason != " ";
        if allowed {
            self.model.stage = Stage::Withdrawn;
        }
        (self.desk(by).take(&self.case, Event::Withdrawn { reason }).map(|(_, case)| case), allowed)
    }

    fn remove(&mut self, by: &str) -> (Tried, bool) {
        let over = self.today > self.model.through;
        let document = self.chance.text("文书");
        let proved = document != " ";
        let (cause, fits) = match self.chance.below(5) {
            0 => (Cause::Term, over),
            1 => {
                let exit = self.chance.pick(&["提前移出", "撤销列入", "交钱移出"]);
                let opened = match exit {
                    "提前移出" => self.today > year_after(self.model.listed),
                    "撤销列入" => true,
                    _ => false,
                };
                (Cause::Repair { exit: exit.to_owned(), document }, !over && proved && by != PROPOSER && opened)
            }
            2 => {
                let record = if self.chance.often() { self.base.base.record.clone() } else { "ff".to_owned() };
                let known = record != "ff";
                (Cause::BaseRevoked { record, document }, !over && proved && known)
            }
            3 => (Cause::Objection { document }, !over && proved && by != PROPOSER),
            _ => (Cause::Remedy { number: NUMBERS[0].to_owned() }, false),
        };
        let allowed = self.model.stage == Stage::Listed && fits;
        if allowed {
            self.model.stage = Stage::Delisted;
        }
        let event = Event::Removed { cause, letter: "移1号".to_owned() };
        (self.desk(by).take(&self.case, event).map(|(_, case)| case), allowed)
    }
}

/// Working days from the first day on and before the second.
fn workdays(from: Date, until: Date) -> u32 {
    let (mut found, mut day) = (0, from);
    while day < until {
        found += u32::from(BOOK.calendar.is_working_day(day).unwrap());
        day = day.tomorrow().unwrap();
    }
    found
}

/// The same day a year on, the last of February for a leap day.
fn year_after(from: Date) -> Date {
    Date::new(from.year() + 1, from.month(), from.day()).unwrap_or_else(|_| date(from.year() + 1, 2, 28))
}

#[test]
fn a_million_random_steps_agree_with_the_model() {
    let mut world = World::begin(Chance(20_261_129), [0; 19]);
    let mut in_case = 0;
    for _ in 0..STEPS {
        world.step();
        in_case += 1;
        let over = matches!(world.model.stage, Stage::NotListed | Stage::Withdrawn | Stage::Delisted);
        if in_case > 90 || (over && world.chance.below(8) == 0) {
            world = World::begin(world.chance, world.accepted);
            in_case = 0;
        }
    }
    assert!(world.accepted.iter().all(|n| *n > 100), "every act was taken: {:?}", world.accepted);
}
