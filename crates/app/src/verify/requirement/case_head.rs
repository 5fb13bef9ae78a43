//! 十二, 十三, 十四, 十五: a case says of itself what its steps say: which unit acts, on which list, from and until when, and on which
//! records it rests. What lists and queues of cases show is read from these columns.
//!
//! Where a case stands is for the requirement of its room; here is what those leave.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::{Reading, listings};
use crate::verify::measures::measures;
use crate::verify::objections::objections;
use crate::verify::officers::files;
use crate::verify::repairs::{of_organisation, repairs};
use credence_domain::listing::{Case, State};
use credence_domain::record::Identity;
use credence_domain::record::value::day_number;
use credence_store::audit::{self, Columns, Table};
use credence_store::connection::Connection;
use credence_store::step::Committed;
use credence_store::{listing, measure, objection, officer, repair};
use std::collections::{BTreeMap, BTreeSet};

pub const REQUIREMENT: Requirement = Requirement {
    id: "case_head",
    source: FOUNDING,
    article: "十二",
    demand: "unit, list, days and documents of every case are those of its steps, and every step names the record of its case",
    check: Check::Whole(check),
};

/// The record that each case is about, by organisation and number; zeros where there is none.
type About = BTreeMap<(String, String), Identity>;

const NONE: Identity = Identity([0; 16]);

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut about = About::new();
    check_listings(connection, reading, &mut about, tally)?;
    check_measures(connection, reading, &mut about, tally)?;
    check_repairs(connection, reading, &mut about, tally)?;
    for kept in objections(connection, reading)? {
        about.insert((kept.head.uscc, kept.head.number), kept.head.identity);
    }
    for file in files(connection, reading)? {
        let opened = file.folded.as_ref().and_then(|_| first_day(file.bodies.first()?));
        tally.expect(opened.is_none_or(|day| day == day_number(file.head.opened_on)), || {
            file.example("it was opened on another day than its first step")
        });
        if file.folded.is_some() {
            about.insert((file.head.uscc, file.head.number), NONE);
        }
    }
    check_steps(connection, reading, &about, tally)
}

/// The day of a step as it is kept.
fn first_day(body: &str) -> Option<i32> {
    let step: serde_json::Value = serde_json::from_str(body).ok()?;
    Some(day_number(step.get("on")?.as_str()?.parse().ok()?))
}

fn columns_of(
    connection: &mut Connection,
    table: Table,
) -> credence_store::Result<BTreeMap<(String, String), Columns>> {
    let all = audit::columns(connection, table)?;
    Ok(all.into_iter().map(|(uscc, number, columns)| ((uscc, number), columns)).collect())
}

fn check_listings(
    connection: &mut Connection,
    reading: &Reading,
    about: &mut About,
    tally: &mut Tally,
) -> credence_store::Result<()> {
    let columns = columns_of(connection, Table::Listing)?;
    let mut rests: BTreeSet<(String, String, [u8; 16])> =
        audit::bases(connection)?.into_iter().map(|(uscc, number, identity)| (uscc, number, identity.0)).collect();
    listings(connection, reading, |listing| {
        // What does not fold is told by `listing_served`.
        let Ok(case) = Case::fold(&listing.steps) else { return };
        let head = &listing.head;
        let key = (head.uscc.clone(), head.number.clone());
        let bases: Vec<Identity> = case.bases.iter().filter_map(|base| listing::identity_of(base).ok()).collect();
        let named = bases.iter().all(|base| rests.remove(&(key.0.clone(), key.1.clone(), base.0)));
        let stayed = matches!(&case.state, State::Listed(listed) if listed.is_stayed());
        let same = (&case.uscc, &case.unit, &case.list) == (&head.uscc, &head.unit, &head.list)
            && (case.proposed_on, case.last_on) == (head.opened_on, head.moved_on)
            && i64::try_from(listing.steps.len()) == Ok(head.steps)
            && columns.get(&key).is_some_and(|columns| columns.is == stayed)
            && head.identity.is_some() == case.listed().is_some();
        tally.expect(same && named, || {
            let what = if named { "unit, list, days or stay differ" } else { "a document it rests on is not named" };
            listing.example(format!("{what} from its steps"))
        });
        about.insert(key, bases.first().copied().unwrap_or(NONE));
    })?;
    for (uscc, number, _) in rests {
        let problem = format!("listing {number} names a document that it does not rest on");
        tally.fail(of_organisation(reading, uscc, problem));
    }
    Ok(())
}

fn check_measures(
    connection: &mut Connection,
    reading: &Reading,
    about: &mut About,
    tally: &mut Tally,
) -> credence_store::Result<()> {
    let columns = columns_of(connection, Table::Measure)?;
    for kept in measures(connection, reading)? {
        let Some(folded) = &kept.measure else { continue };
        let (head, identity) = (&kept.head, measure::identity_of(folded));
        let key = (head.uscc.clone(), head.number.clone());
        let same = head.unit == folded.begun.unit
            && head.cause == measure::cause_of(folded)
            && head.moved_on == folded.last_on
            && columns.get(&key).is_some_and(|columns| columns.identity == identity);
        tally.expect(same, || kept.example("unit, cause or days differ from its steps"));
        about.insert(key, identity.unwrap_or(NONE));
    }
    Ok(())
}

fn check_repairs(
    connection: &mut Connection,
    reading: &Reading,
    about: &mut About,
    tally: &mut Tally,
) -> credence_store::Result<()> {
    let columns = columns_of(connection, Table::Repair)?;
    let mut rows: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (uscc, number, identity, restarted_on, no_early_end) in audit::related(connection)? {
        rows.entry((uscc, number)).or_default().insert((identity, restarted_on, no_early_end));
    }
    for kept in repairs(connection, reading)? {
        let Some(case) = &kept.case else { continue };
        let (head, restart) = (&kept.head, case.restart());
        let key = (head.uscc.clone(), head.number.clone());
        let counts = columns.get(&key).is_some_and(|columns| {
            columns.restarted_on == restart.map(|restart| day_number(restart.on))
                && columns.is == restart.is_some_and(|restart| restart.no_early_end)
        });
        let same = counts && (head.opened_on, head.moved_on) == (case.applied_on, case.last_on);
        tally.expect(same, || kept.example("its days or what it does to the period differ from its steps"));
        let day = restart.map(|restart| day_number(restart.on));
        let early = restart.is_some_and(|restart| restart.no_early_end);
        let mut wanted = BTreeSet::new();
        for one in case.related() {
            wanted.insert((repair::related_identity(one)?, day, early));
        }
        let found = rows.remove(&key).unwrap_or_default();
        tally.expect(found == wanted, || kept.example("the penalties that end with it differ from its steps"));
        about.insert(key, head.identity);
    }
    for (uscc, number) in rows.into_keys() {
        tally.fail(of_organisation(reading, uscc, format!("a penalty ended with repair {number} that is not there")));
    }
    Ok(())
}

/// Every step names the record of its case: by that column an erasure and the change stream find it.
fn check_steps(
    connection: &mut Connection,
    reading: &Reading,
    about: &About,
    tally: &mut Tally,
) -> credence_store::Result<()> {
    let mut look = |step: Committed| {
        let wanted = about.get(&(step.uscc.clone(), step.number.clone()));
        tally.expect(wanted.is_none_or(|wanted| *wanted == step.identity), || {
            let problem = format!("step {} of {} names another record", step.step, step.number);
            of_organisation(reading, step.uscc.clone(), problem)
        });
        Ok(())
    };
    listing::each_step(connection, &mut look)?;
    measure::each_step(connection, &mut look)?;
    officer::each_step(connection, &mut look)?;
    repair::each_step(connection, &mut look)?;
    objection::each_step(connection, &mut look)
}
