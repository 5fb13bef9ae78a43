//! A register, its model, and what is looked at after every act.

use super::act;
use super::model::{Fact, Model};
use crate::desk::{Desk, OFFICE, penalty};
use credence_app::listing::Clerk;
use credence_app::{View, directory, repair};
use credence_domain::canonical::hex;
use credence_domain::record::value::date_of;
use credence_store::{measure, record};
use credence_testkit::province::{Chance, code};
use credence_testkit::stores::TestStore;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use std::collections::BTreeSet;

const FIRMS: usize = 4;
/// Penalties on each; every other may carry a listing.
const PENALTIES: usize = 6;
/// Beyond it the days of answers would run out of the calendar.
const LAST_DAY: Date = date(2026, 11, 20);

pub struct World<'s> {
    pub desk: Desk<'s>,
    pub chance: Chance,
    pub model: Model,
    pub firms: Vec<String>,
    /// How often each kind of act was done.
    pub taken: [usize; act::KINDS],
    /// Licences were revoked meanwhile.
    revoked: bool,
    seed: u64,
    step: usize,
}

/// From then on the bar after a revoked licence stands in the list of measures.
const REVOKED_ON: Date = date(2026, 8, 18);

impl<'s> World<'s> {
    pub fn new(store: &'s TestStore, seed: u64) -> Self {
        let mut desk = Desk::new(store);
        let market = seed % 2 == 1;
        let unit = directory::Unit {
            regulator: if market { "market" } else { "" }.to_owned(),
            uscc: OFFICE.to_owned(),
            name: "云海市示例局".to_owned(),
            level: "province".to_owned(),
            sector: "市场监管".to_owned(),
            ..directory::Unit::default()
        };
        directory::change(&mut desk.writer, &unit, &unit.patch(), Some(date(2020, 1, 1)), &desk.rulebook).unwrap();
        let firms: Vec<String> = (0..FIRMS).map(|number| code("91", 9_100 + number)).collect();
        let mut rows = Vec::new();
        for (at, firm) in firms.iter().enumerate() {
            for number in 0..PENALTIES {
                let mut row = penalty(firm, &format!("示罚〔2026〕{at}{number}号"));
                row.insert("CF_XDR_MC", format!("云海市示例{at}有限公司"));
                if number % 2 == 0 {
                    row.extend(
                        [("CF_CFLB", "责令停产停业"), ("CF_NR", "责令停产停业"), ("CF_NR_FK", "")]
                            .map(|(field, value)| (field, value.to_owned())),
                    );
                }
                rows.push(row);
            }
        }
        let sent = desk.send(rows);
        assert_eq!(sent.counts.rejected, 0, "{sent:?}");
        let mut world = Self {
            desk,
            chance: Chance::new(seed, "lives"),
            model: Model { market, ..Model::default() },
            firms,
            taken: [0; act::KINDS],
            revoked: false,
            seed,
            step: 0,
        };
        for firm in 0..FIRMS {
            for (id, through_on) in world.shown(firm) {
                let number = world.number_of(firm, &id);
                let heavy = number.trim_end_matches('号').ends_with(['0', '2', '4']);
                world.model.facts.push(Fact { id, firm, number, heavy, through_on, fallen: false, repaired: false });
            }
        }
        assert_eq!(world.model.facts.len(), FIRMS * PENALTIES);
        world
    }

    pub fn today(&self) -> Date {
        self.desk.clock.today()
    }

    pub fn clerk(&self, person: usize) -> Clerk {
        Clerk { name: super::model::PERSONS[person].to_owned(), view: View::office(self.today()) }
    }

    /// The penalties and entries that the public sees of a firm today, each with its last day.
    pub fn shown(&mut self, firm: usize) -> Vec<(String, Date)> {
        let view = View::public(self.today());
        let held = record::of_organisation(self.desk.writer.connection(), &view, &self.firms[firm]).unwrap();
        let held = held.into_iter().filter(|one| matches!(one.item.as_str(), "penalty" | "serious_dishonesty"));
        held.map(|one| (hex(&one.reference), one.through_on.and_then(date_of).unwrap_or(Date::MAX))).collect()
    }

    fn number_of(&mut self, firm: usize, id: &str) -> String {
        let view = View::public(self.today());
        let service = self.desk.service(view.today);
        let records = service.organisation(&view, &self.firms[firm]).unwrap().records;
        records.into_iter().find(|one| one.id == id).and_then(|one| one.document_number).unwrap()
    }

    /// One act; some days pass between them.
    pub fn step(&mut self) {
        self.step += 1;
        if self.chance.percent(9) && self.today() < LAST_DAY {
            let days = 1 + self.chance.below(8) as i64;
            self.desk.clock.move_to(self.today().saturating_add(days.days()).min(LAST_DAY));
            if !self.revoked && REVOKED_ON < self.today() {
                self.revoke_licences();
            }
            (0..FIRMS).for_each(|firm| self.compare(firm));
        }
        if let Some((kind, firm)) = act::act(self) {
            self.taken[kind] += 1;
            self.compare(firm);
        }
    }

    /// Each firm loses a licence, by a decision of its own.
    fn revoke_licences(&mut self) {
        self.revoked = true;
        let kind = "吊销许可证件";
        let row = |at: usize, firm: &String| {
            let mut row = penalty(firm, &format!("示罚〔2026〕{at}8号"));
            let said = [("CF_CFLB", kind), ("CF_NR", kind), ("CF_NR_FK", "")];
            row.extend(said.map(|(field, value)| (field, value.to_owned())));
            row.insert("CF_XDR_MC", format!("云海市示例{at}有限公司"));
            row.insert("CF_JDRQ", REVOKED_ON.to_string());
            row
        };
        let rows = self.firms.iter().enumerate().map(|(at, firm)| row(at, firm)).collect();
        let sent = self.desk.send(rows);
        assert_eq!(sent.counts.rejected, 0, "{sent:?}");
        for firm in 0..FIRMS {
            for (id, through_on) in self.shown(firm) {
                if self.model.facts.iter().all(|fact| fact.id != id) {
                    let number = self.number_of(firm, &id);
                    let heavy = true;
                    self.model.facts.push(Fact { id, firm, number, heavy, through_on, fallen: false, repaired: false });
                }
            }
        }
    }

    /// What the register says is what the model says.
    fn compare(&mut self, firm: usize) {
        let (day, place) = (self.today(), format!("seed {}, step {}", self.seed, self.step));
        let shown: BTreeSet<String> = self.shown(firm).into_iter().map(|(id, _)| id).collect();
        for at in (0..self.model.facts.len()).filter(|at| self.model.facts[*at].firm == firm) {
            let fact = &self.model.facts[at];
            let public = shown.contains(&fact.id);
            assert_eq!(public, self.model.is_public(at, day), "{place}: {fact:?} on {day}: {:#?}", self.model.repairs);
        }
        let known = self.model.facts.iter().filter(|fact| fact.firm == firm);
        let known: BTreeSet<&String> = known.map(|fact| &fact.id).collect();
        assert!(shown.iter().all(|id| known.contains(id)), "{place}: something is public that nobody decided");
        let view = View::office(day);
        for listing in self.model.listings.iter().filter(|listing| listing.firm == firm) {
            let writer = &mut self.desk.writer;
            let resting = measure::resting_on(writer.connection(), &self.firms[firm], &listing.number).unwrap();
            assert_eq!(resting.len(), listing.measures, "{place}: {listing:?}");
            let must = self.model.measures_of(listing);
            assert!(resting.iter().all(|one| one.state == must), "{place}: {listing:?} {must} {resting:?}");
        }
        for single in self.model.singles.iter().filter(|one| self.model.facts[one.fact].firm == firm) {
            let kept = credence_app::measure::show(self.desk.writer.connection(), &view, &single.number).unwrap();
            assert_eq!(kept.head.state, self.model.stands(single), "{place}: {single:?}");
        }
        for case in self.model.objections.iter().filter(|case| self.model.facts[case.fact].firm == firm) {
            let kept = credence_app::objection::show(self.desk.writer.connection(), &view, &case.number).unwrap();
            let waits = case.state == "filed" || case.appeal_until.is_some_and(|last| day <= last);
            assert_eq!(kept.head.marked, waits, "{place}: {case:?} {}", kept.head.state);
        }
        for case in self.model.repairs.iter().filter(|case| self.model.facts[case.fact].firm == firm) {
            let kept = repair::show(self.desk.writer.connection(), &view, &case.number).unwrap();
            assert_eq!(kept.head.state, case.state, "{place}: {case:?}");
            // Every clock ends in exactly one way: what is over leaves none that runs.
            let running = kept.clocks.iter().filter(|clock| matches!(clock.state, "running" | "overdue")).count();
            let heard = case.revoking.as_ref().is_some_and(|proposed| proposed.served.is_some());
            let may_run = heard || (case.is_open() && !matches!(case.state, "shielded"));
            assert_eq!(kept.head.revoking, case.revoking.is_some(), "{place}: {case:?}");
            assert!(running == 0 || may_run, "{place}: {case:?} {:?}", kept.clocks);
        }
    }

    /// At the end everything is verified, and nothing is public past its end on any later day.
    pub fn end(&mut self) {
        let found = credence_app::verify::verify(&self.desk.store.address).unwrap();
        let failed: Vec<_> = found.requirements.iter().filter(|outcome| outcome.failed > 0).collect();
        assert!(failed.is_empty(), "seed {}: {failed:#?}", self.seed);
        let ends: BTreeSet<Date> = self.model.facts.iter().map(|fact| fact.through_on).collect();
        let today = self.today();
        for end in ends {
            for day in [end, end.saturating_add(1.day())].into_iter().filter(|day| today <= *day) {
                let view = View::public(day);
                for firm in 0..FIRMS {
                    let held =
                        record::of_organisation(self.desk.writer.connection(), &view, &self.firms[firm]).unwrap();
                    let shown: BTreeSet<String> = held.iter().map(|one| hex(&one.reference)).collect();
                    for at in (0..self.model.facts.len()).filter(|at| self.model.facts[*at].firm == firm) {
                        let fact = &self.model.facts[at];
                        assert_eq!(
                            shown.contains(&fact.id),
                            self.model.is_public(at, day),
                            "{}: {fact:?} on {day}",
                            self.seed
                        );
                    }
                }
            }
        }
    }
}
