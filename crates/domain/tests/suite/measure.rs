//! Measures in force against the shipped rulebook: what may begin one, who may do what, when it ends; and a model.

use crate::chance::Chance;
use crate::files::shipped;
use credence_domain::listing::Refusal;
use credence_domain::measure::{Desk, Done, Event, FromDecision, Measure, Standing, Step, UnitAt, rule};
use credence_domain::rulebook::Rulebook;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use std::collections::BTreeSet;
use std::sync::LazyLock;

static BOOK: LazyLock<Rulebook> = LazyLock::new(shipped);

const FIRM: &str = "91379900MA0TE5T16G";
const BIDDING: &str = "11379900000000086M";
const TODAY: Date = date(2026, 9, 7);

fn unit(uscc: &str, sector: &str) -> UnitAt {
    UnitAt { uscc: uscc.to_owned(), name: format!("示范{sector}部门"), sector: sector.to_owned() }
}

fn desk(today: Date) -> Desk<'static> {
    Desk { rulebook: &BOOK, by: "某人", today }
}

fn asked<'d>(measure: &'d str, behaviour: &'d str, by: &'d UnitAt) -> FromDecision<'d> {
    FromDecision {
        measure,
        behaviour,
        uscc: FIRM,
        unit: by,
        record: "01010101010101010101010101010101",
        item: "penalty",
        kinds: &[],
        entered_by: "",
        document: "示公资罚〔2026〕1号",
        decided_on: date(2026, 9, 1),
        in_force: true,
        record_through: Some(date(2027, 8, 31)),
        through_on: Some(date(2028, 8, 31)),
    }
}

fn refused(done: Result<(Step, Measure), Refusal>, code: &str) {
    assert_eq!(done.map(|(step, _)| step.event.code().to_owned()).unwrap_err().code(), code);
}

fn begun() -> Measure {
    let bidding = unit(BIDDING, "公共资源");
    let units = [bidding.clone(), unit("11379900000000094G", "财政")];
    desk(TODAY).of_decision(&asked("bidding_bar", "bid_rigging", &bidding), &units).unwrap().1
}

#[test]
fn a_measure_begins_only_with_its_own_decision_by_its_own_body_and_within_the_law() {
    let bidding = unit(BIDDING, "公共资源");
    let units = [bidding.clone()];
    let try_it = |change: &dyn Fn(&mut FromDecision<'_>)| {
        let mut asked = asked("bidding_bar", "bid_rigging", &bidding);
        change(&mut asked);
        desk(TODAY).of_decision(&asked, &units)
    };
    assert!(try_it(&|_| {}).is_ok());
    refused(try_it(&|asked| asked.measure = "cancel_everything"), "measure_unlisted");
    refused(try_it(&|asked| asked.behaviour = "being_unpopular"), "behaviour_unknown");
    refused(try_it(&|asked| asked.behaviour = "procurement_violation"), "measure_not_for_case");
    refused(try_it(&|asked| asked.in_force = false), "measure_cause_missing");
    refused(try_it(&|asked| asked.document = " "), "measure_cause_missing");
    refused(try_it(&|asked| asked.item = "inspection"), "measure_cause_not_allowed");
    refused(try_it(&|asked| asked.through_on = Some(date(2028, 9, 1))), "measure_term_too_long");
    refused(try_it(&|asked| asked.through_on = Some(date(2026, 9, 6))), "measure_term_too_short");
    let over = |asked: &mut FromDecision<'_>| {
        (asked.decided_on, asked.through_on) = (date(2025, 9, 1), Some(date(2026, 9, 6)));
    };
    refused(try_it(&over), "measure_term_missing");
    // One day less is within the two years of the clause; nothing typed is not the longest, and a year less a day is too short.
    assert!(try_it(&|asked| asked.through_on = Some(date(2028, 8, 31))).is_ok());
    refused(try_it(&|asked| asked.through_on = None), "measure_term_range");
    assert!(try_it(&|asked| asked.through_on = Some(date(2027, 8, 31))).is_ok());
    refused(try_it(&|asked| asked.through_on = Some(date(2027, 8, 30))), "measure_term_too_short");
    // Whoever entered the decision begins nothing, and an item that was in no list on its day neither.
    refused(try_it(&|asked| asked.entered_by = "某人"), "measure_same_person");
    refused(try_it(&|asked| asked.decided_on = date(2017, 12, 27)), "measure_not_in_force_then");
    let finance = unit("11379900000000094G", "财政");
    refused(desk(TODAY).of_decision(&asked("bidding_bar", "bid_rigging", &finance), &units), "measure_wrong_body");
    // A version that ended starts nothing: before the first day of the item there is none.
    let before = desk(date(2017, 12, 27)).of_decision(&asked("bidding_bar", "bid_rigging", &bidding), &units);
    refused(before, "measure_unlisted");
    // What only informs is no order, what follows a list follows no single decision.
    let court = unit(BIDDING, "司法");
    let informs = FromDecision { item: "judgment_defaulter", ..asked("credit_reference", "judgment_default", &court) };
    refused(desk(TODAY).of_decision(&informs, &units), "measure_only_informs");
    let labour = unit(BIDDING, "税务");
    let of_list = asked("h9_006", "wage_arrears", &labour);
    refused(desk(TODAY).of_decision(&of_list, &units), "measure_not_for_case");
}

#[test]
fn a_bar_after_a_revoked_licence_follows_no_warning_and_no_fine() {
    let market = unit(BIDDING, "市场监管");
    let written = |kinds: &[&str]| kinds.iter().map(|kind| (*kind).to_owned()).collect::<Vec<_>>();
    let after = |kinds: &[&str], decided_on: Date| {
        let kinds = written(kinds);
        let bar = asked("h1_011", "food_licence_revoked", &market);
        let bar = FromDecision { kinds: &kinds, decided_on, through_on: None, ..bar };
        desk(TODAY).of_decision(&bar, &[])
    };
    let day = date(2026, 9, 1);
    refused(after(&["警告", "罚款"], day), "measure_cause_kind");
    refused(after(&[], day), "measure_cause_kind");
    let bar = after(&["罚款", "吊销许可证件"], day).unwrap().1;
    assert_eq!((bar.begun.from_on, bar.through_on), (day, date(2031, 8, 31)), "the clause has one term, and it counts");
    refused(after(&["吊销许可证件"], date(2026, 8, 14)), "measure_not_in_force_then");
}

#[test]
fn the_units_of_its_bodies_are_charged_and_nobody_else() {
    let measure = begun();
    let charged: Vec<(&str, &str)> = measure.tasks.iter().map(|task| (task.unit.as_str(), task.code())).collect();
    assert_eq!(charged, [(BIDDING, "dispatched")]);
    assert_eq!(measure.tasks[0].acknowledge_due_on, Some(date(2026, 9, 10)));
    assert_eq!(measure.through_on, date(2028, 8, 31), "as the decision says");
    assert!(measure.begun.unassigned.is_empty());
    let bidding = unit(BIDDING, "公共资源");
    let nobody = desk(TODAY).of_decision(&asked("bidding_bar", "bid_rigging", &bidding), &[]).unwrap().1;
    assert_eq!((nobody.tasks.len(), nobody.begun.unassigned.len()), (0, 1), "and a body without a unit is named");
}

#[test]
fn a_unit_acknowledges_reports_and_lifts_in_that_order() {
    let desk = desk(TODAY);
    let unit = || BIDDING.to_owned();
    let report = |done_on, effect: &str| Event::Reported {
        unit: unit(),
        done_on,
        done: Done::CarriedOut,
        effect: effect.to_owned(),
    };
    let measure = begun();
    refused(desk.take(&measure, report(TODAY, "已取消")), "measure_not_acknowledged");
    refused(desk.take(&measure, Event::Acknowledged { unit: "别处".to_owned() }), "measure_task_unknown");
    refused(desk.take(&measure, Event::Lifted { unit: unit(), note: "解除".to_owned() }), "measure_not_ended");
    let measure = desk.take(&measure, Event::Acknowledged { unit: unit() }).unwrap().1;
    refused(desk.take(&measure, Event::Acknowledged { unit: unit() }), "measure_acknowledged");
    refused(desk.take(&measure, report(TODAY, " ")), "measure_effect_missing");
    refused(desk.take(&measure, report(date(2026, 9, 8), "已取消")), "measure_day_in_future");
    refused(desk.take(&measure, report(date(2026, 8, 31), "已取消")), "measure_day_too_early");
    let suspended = desk.take(&measure, Event::Suspended { reason: "停止执行".to_owned() }).unwrap().1;
    assert!(!suspended.is_in_force_on(TODAY));
    refused(desk.take(&suspended, report(TODAY, "已取消")), "measure_suspended");
    let measure = desk.take(&measure, report(TODAY, "已取消")).unwrap().1;
    assert_eq!(measure.tasks[0].code(), "reported");
    let ended = desk.take(&measure, desk.end("决定被撤销".to_owned())).unwrap().1;
    assert!(matches!(&ended.standing, Standing::Ended { lift_due_on: Some(due), .. } if *due == date(2026, 9, 8)));
    refused(desk.take(&ended, report(TODAY, "又取消")), "measure_ended");
    refused(desk.take(&ended, Event::Resumed { reason: "恢复".to_owned() }), "measure_ended");
    let lifted = desk.take(&ended, Event::Lifted { unit: unit(), note: "已恢复投标资格".to_owned() }).unwrap().1;
    assert_eq!(lifted.tasks[0].code(), "lifted");
}

#[test]
fn its_own_last_day_ends_it_without_anybody() {
    let measure = begun();
    assert!(measure.is_in_force_on(date(2028, 8, 31)));
    let after = date(2028, 9, 1);
    assert_eq!((measure.is_in_force_on(after), measure.code_on(after)), (false, "ended"));
    refused(desk(after).take(&measure, Event::Acknowledged { unit: BIDDING.to_owned() }), "measure_ended");
}

#[test]
fn late_units_are_told_from_those_in_time() {
    let measure = begun();
    let task = &measure.tasks[0];
    assert!(!task.is_overdue(None, date(2026, 9, 10)) && task.is_overdue(None, date(2026, 9, 11)));
    let ended = Some(Some(date(2026, 9, 8)));
    assert!(!task.is_overdue(ended, date(2026, 9, 8)) && task.is_overdue(ended, date(2026, 9, 9)));
}

#[test]
fn every_rule_has_a_code_of_its_own_and_a_chinese_text() {
    let codes: BTreeSet<_> = rule::ALL.iter().map(|rule| rule.code).collect();
    assert_eq!(codes.len(), rule::ALL.len());
    let error = |code: &str| BOOK.codes.error.contains_key(code);
    assert!(rule::ALL.iter().all(|rule| error(rule.code)), "each stands in the code book");
}

/// What must hold, in as few words as possible: three flags a unit, one state, one last day.
#[derive(Clone, Debug)]
struct Model {
    suspended: bool,
    ended: bool,
    through: Date,
    acknowledged: [bool; 2],
    lifted: [bool; 2],
    complaints: u32,
    answered: BTreeSet<u32>,
}

#[test]
fn random_steps_are_allowed_exactly_where_a_small_model_allows_them() {
    let bidding = unit(BIDDING, "公共资源");
    let second = unit("11379900000000094G", "公共资源");
    let usccs = [BIDDING, "11379900000000094G", "别处"];
    let mut chance = Chance(2019);
    let mut taken = [0_u32; 9];
    for _ in 0..20_000 {
        let mut today = TODAY;
        let mut request = asked("bidding_bar", "bid_rigging", &bidding);
        (request.decided_on, request.through_on) = (date(2025, 9, 21), Some(date(2026, 9, 20)));
        let (first, mut measure) = desk(today).of_decision(&request, &[bidding.clone(), second.clone()]).unwrap();
        let mut steps = vec![first];
        let mut model = Model {
            suspended: false,
            ended: false,
            through: measure.through_on,
            acknowledged: [false; 2],
            lifted: [false; 2],
            complaints: 0,
            answered: BTreeSet::new(),
        };
        for _ in 0..50 {
            if chance.below(6) == 0 {
                today = today.saturating_add(1.day());
            }
            let at = usize::try_from(chance.below(3)).unwrap();
            let unit = usccs[at].to_owned();
            let over = model.ended || model.through < today;
            let known = at < 2;
            let kind = usize::try_from(chance.below(9)).unwrap();
            let (event, allowed) = match kind {
                0 => (Event::Acknowledged { unit }, !over && known && !model.acknowledged[at]),
                1 => {
                    let report = Event::Reported {
                        unit,
                        done_on: today,
                        done: Done::NothingToDo,
                        effect: "没有投标".to_owned(),
                    };
                    (report, !over && !model.suspended && known && model.acknowledged[at])
                }
                2 => (Event::Suspended { reason: "停止".to_owned() }, !over && !model.suspended),
                3 => (Event::Resumed { reason: "恢复".to_owned() }, !over && model.suspended),
                4 => {
                    let back = i64::try_from(chance.below(4)).unwrap();
                    let day = model.through.saturating_sub(back.days());
                    let sooner = day < model.through && date(2025, 9, 21) <= day;
                    (Event::Shortened { through_on: day }, !over && sooner)
                }
                5 => (desk(today).end("决定被撤销".to_owned()), !model.ended),
                6 => (Event::Lifted { unit, note: "恢复".to_owned() }, over && known && !model.lifted[at]),
                7 => (Event::Complained { text: "期限有误".to_owned() }, true),
                _ => {
                    let complaint = u32::try_from(chance.below(4)).unwrap();
                    let open = (1..=model.complaints).contains(&complaint) && !model.answered.contains(&complaint);
                    let answer =
                        Event::ComplaintAnswered { complaint, upheld: false, reason: "期限无误".to_owned() };
                    (answer, open)
                }
            };
            // An end is rare, or nothing else would ever be tried.
            if kind == 5 && chance.below(12) != 0 {
                continue;
            }
            let done = desk(today).take(&measure, event.clone());
            assert_eq!(done.is_ok(), allowed, "{event:?} on {today} at {model:?}: {done:?}");
            let Ok((step, next)) = done else { continue };
            taken[kind] += 1;
            match &step.event {
                Event::Acknowledged { .. } => model.acknowledged[at] = true,
                Event::Suspended { .. } => model.suspended = true,
                Event::Resumed { .. } => model.suspended = false,
                Event::Shortened { through_on } => model.through = *through_on,
                Event::Ended { .. } => model.ended = true,
                Event::Lifted { .. } => model.lifted[at] = true,
                Event::Complained { .. } => model.complaints += 1,
                Event::ComplaintAnswered { complaint, .. } => drop(model.answered.insert(*complaint)),
                _ => {}
            }
            steps.push(step);
            measure = next;
            let force = !model.ended && !model.suspended && today <= model.through;
            assert_eq!(measure.is_in_force_on(today), force);
        }
        // What was kept folds to what it was, also from JSON.
        let kept = serde_json::to_string(&steps).unwrap();
        let read: Vec<Step> = serde_json::from_str(&kept).unwrap();
        assert_eq!(Measure::fold(&read).unwrap(), measure);
    }
    assert!(taken.iter().all(|count| *count > 1_000), "{taken:?}");
}
