//! Which order's procedure a repair follows: that of the day of the application, not that of the decision (DESIGN §4).

use super::{Class, Clock, Decision, Duty, Facts, Pack, Repair, Row, Rules, Showing};
use jiff::civil::Date;

/// The pack and row whose clocks an application on a day follows; none where nothing in force lets anybody apply.
///
/// A sector's list that names its pack follows that pack; everything else follows the order in force for the act and its
/// authority, in the row of the record's class where it has one.
#[must_use]
pub fn repair_procedure<'r>(
    rules: &'r Rules,
    facts: &Facts<'_>,
    decision: &Decision<'r>,
    on: Date,
) -> Option<(&'r Pack, &'r Row)> {
    let own = decision.pack.zip(decision.row);
    let then = Facts { decided_on: on, published_on: on, ..*facts };
    let chosen = rules.choose(&then).filter(|_| facts.pack.is_none());
    let found = chosen.and_then(|chosen| {
        let open = |row: &&'r Row| row.repair == Repair::Application && row.act == facts.act_kind;
        // A record whose own order knew no classes is public, so the row of one that is public rules its procedure.
        let shown = |row: &&'r Row| open(row) && row.publicity == Showing::Public;
        let of_class = |class: Option<Class>| chosen.pack.rows.iter().filter(open).find(|row| row.class == class);
        let row = chosen.row.filter(|row| row.repair == Repair::Application);
        let row = row.or_else(|| decision.class.and_then(|class| of_class(Some(class))));
        Some((chosen.pack, row.or_else(|| chosen.pack.rows.iter().find(shown))?))
    });
    found.or(own).filter(|(_, row)| row.repair == Repair::Application)
}

/// The clock of a shield while a plan of a court is carried out: that of the order whose procedure the record follows, or the general
/// one that binds everybody; none where no order in force knows it.
#[must_use]
pub fn bankruptcy_shield<'r>(rules: &'r Rules, pack: &str, on: Date) -> Option<&'r Clock> {
    let holds = |clock: &&Clock| crate::provision::holds_on(on, (clock.effective_from, clock.effective_to));
    let shield = |clock: &&Clock| clock.code.ends_with("-bankruptcy-shield");
    let known = || rules.clocks().iter().filter(holds).filter(shield);
    known().find(|clock| clock.pack == pack).or_else(|| known().find(|clock| clock.duty == Duty::Must))
}

/// The clock of the window's answer to an application on a day.
#[must_use]
pub fn window_answer(rules: &Rules, on: Date) -> Option<&Clock> {
    let holds = |clock: &&Clock| crate::provision::holds_on(on, (clock.effective_from, clock.effective_to));
    rules.clocks().iter().filter(holds).find(|clock| clock.code.ends_with("-site-answer"))
}
