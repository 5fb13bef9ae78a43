//! The linter of the publicity rules: what a rule must never be.
//!
//! Every rule has a basis; periods in force do not overlap; a class that can be repaired has a minimum, one that
//! cannot has a reason; publicity ends by a date or by a named event; every act of every authority has one pack on
//! every day. Names that lead nowhere are refused earlier, by [`Rules::from_files`].

use super::{Pack, Regulator, Repair, Row, Rules, Sure};
use jiff::civil::Date;

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// File under `rulebook/`.
    pub file: String,
    /// What is wrong.
    pub reason: String,
}

/// Judges the rules. Empty: they may be enacted.
#[must_use]
pub fn lint(rules: &Rules) -> Vec<Problem> {
    let mut problems = Vec::new();
    for pack in rules.packs() {
        lint_pack(pack, &mut problems);
    }
    lint_uses(rules, &mut problems);
    lint_kinds(rules, &mut problems);
    for line in rules.deadlines() {
        if line.basis.is_empty() {
            report(&mut problems, "repair/deadlines.toml", format!("deadline {} has no basis", line.code));
        }
    }
    lint_clocks(rules, &mut problems);
    problems
}

fn report(problems: &mut Vec<Problem>, file: &str, reason: String) {
    problems.push(Problem { file: file.to_owned(), reason });
}

fn file_of(pack: &Pack) -> String {
    format!("repair/packs/{}.toml", pack.id)
}

fn lint_pack(pack: &Pack, problems: &mut Vec<Problem>) {
    let file = file_of(pack);
    let mut say = |reason| report(problems, &file, reason);
    if pack.basis.is_empty() {
        say(format!("pack {} has no basis", pack.id));
    }
    if pack.sure == Sure::M && !pack.unverified {
        say(format!("pack {} is known from memory only and must be unverified", pack.id));
    }
    if pack.effective_to.is_some_and(|to| to < pack.effective_from) {
        say(format!("pack {} ends before it begins", pack.id));
    }
    if pack.related.as_ref().is_some_and(|related| related.basis.is_empty()) {
        say("the rule on related penalties has no basis".to_owned());
    }
    if pack.restart.as_ref().is_some_and(|restart| restart.basis.is_empty()) {
        say(format!("pack {} lets a period count anew without a basis", pack.id));
    }
    if pack.rows.is_empty() {
        say(format!("pack {} has no class", pack.id));
    }
    for transition in pack.transitions.iter().filter(|t| t.basis.is_empty()) {
        say(format!("the transition to {} has no basis", transition.to));
    }
    for (place, row) in pack.rows.iter().enumerate() {
        if pack.rows.iter().skip(place + 1).any(|other| other.code == row.code) {
            say(format!("overlapping versions: class {} stands twice", row.code));
        }
        for reason in row_faults(row) {
            say(format!("class {} {reason}", row.code));
        }
    }
}

/// What is wrong with one class.
fn row_faults(row: &Row) -> impl Iterator<Item = &'static str> {
    let repairable = row.repair == Repair::Application;
    let faults = [
        (row.basis.is_empty(), "has no basis"),
        (row.max_months.is_none() && row.open_until.is_none(), "has no exit: neither a maximum nor an event ends it"),
        (repairable && row.min_months.is_none(), "can be repaired but has no minimum"),
        (!repairable && row.repair_reason.is_none(), "cannot be repaired on application and gives no reason"),
        (row.min_months > row.max_months && row.max_months.is_some(), "has a minimum beyond its maximum"),
        (row.sure == Sure::M && !row.unverified, "is known from memory only and must be unverified"),
    ];
    faults.into_iter().filter_map(|(wrong, reason)| wrong.then_some(reason))
}

/// One use of a pack by one authority, with its days.
struct Span<'r> {
    pack: &'r Pack,
    from: Option<Date>,
    to: Option<Date>,
    reaches_back: bool,
}

/// For every act and authority: one pack on every day, from the beginning to the open end.
fn lint_uses(rules: &Rules, problems: &mut Vec<Problem>) {
    let uses = || rules.packs().iter().flat_map(|pack| pack.uses.iter().map(move |u| (pack, u)));
    let mut acts: Vec<&str> = uses().map(|(_, u)| u.act.as_str()).collect();
    acts.sort_unstable();
    acts.dedup();
    for act in acts {
        for regulator in Regulator::ALL {
            let mut spans: Vec<Span<'_>> = uses()
                .filter(|(_, u)| u.act == act && u.regulators.contains(&regulator))
                .map(|(pack, u)| Span {
                    pack,
                    from: Some(pack.effective_from),
                    to: u.to.or(pack.effective_to),
                    reaches_back: u.reach_back.is_some(),
                })
                .collect();
            spans.sort_by_key(|s| s.from);
            lint_spans(act, regulator, &spans, problems);
        }
    }
}

fn lint_spans(act: &str, regulator: Regulator, spans: &[Span<'_>], problems: &mut Vec<Problem>) {
    let who = format!("{act} of {regulator:?}").to_lowercase();
    for pair in spans.windows(2) {
        let [earlier, later] = pair else { continue };
        let next = earlier.to.and_then(|d| d.tomorrow().ok());
        let file = file_of(later.pack);
        if next.is_none() || next > later.from {
            report(problems, &file, format!("overlapping versions: {} and this pack both rule {who}", earlier.pack.id));
        } else if next < later.from && !later.reaches_back {
            report(problems, &file, format!("a gap before this pack: no pack rules {who} from {}", show(next)));
        }
    }
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return };
    if !spans.iter().any(|s| s.reaches_back) {
        let reason = format!("no pack rules {who} before {}", first.pack.effective_from);
        report(problems, &file_of(first.pack), reason);
    }
    if last.to.is_some() {
        report(problems, &file_of(last.pack), format!("no pack rules {who} after {}", show(last.to)));
    }
}

fn show(day: Option<Date>) -> String {
    day.map(|d| d.to_string()).unwrap_or_default()
}

fn lint_kinds(rules: &Rules, problems: &mut Vec<Problem>) {
    let file = "repair/kinds.toml";
    for table in &rules.kinds().tables {
        for map in table.maps.iter().filter(|m| m.basis.is_empty()) {
            report(problems, file, format!("table {} maps {} without basis", table.code, map.kinds.join(", ")));
        }
        if !table.maps.last().is_some_and(|m| m.kinds.iter().any(|k| k == "*") && !m.sector && m.tiers.is_empty()) {
            report(problems, file, format!("table {} has no last line for all other kinds", table.code));
        }
    }
}

fn lint_clocks(rules: &Rules, problems: &mut Vec<Problem>) {
    let file = "repair/clocks.toml";
    for clock in rules.clocks() {
        let lengths = [clock.working_days, clock.calendar_days, clock.months].into_iter().flatten().count();
        if lengths != 1 {
            report(problems, file, format!("clock {} has {lengths} lengths, not one", clock.code));
        }
        if clock.basis.is_empty() {
            report(problems, file, format!("clock {} has no basis", clock.code));
        }
        if rules.clocks().iter().filter(|c| c.code == clock.code).count() > 1 {
            report(problems, file, format!("clock {} stands twice", clock.code));
        }
    }
}
