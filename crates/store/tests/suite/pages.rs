//! Lists of cases by the page: what the pages of a reader hold together is, row by row, what he may see, in order and none twice,
//! however long a page is and wherever it ends.

use crate::world::*;
use credence_domain::record::value::day_number;
use credence_store::connection::Connection;
use credence_store::page::{Asked, Place};
use credence_store::scope::View;
use credence_store::{Result, claim, incident, listing, measure, objection, officer, repair, values};
use credence_testkit::both_stores;
use credence_testkit::province::Chance;
use credence_testkit::stores::TestStore;
use std::fmt::Debug;

const ORGANISATIONS: [&str; 4] = [FIRM, SECOND_FIRM, "91379900MA0TE7001A", "91379900MA0TE7002B"];
const UNITS: [&str; 3] = [OFFICE, OTHER, "11379900000000094G"];
const LISTINGS: [&str; 3] = ["proposed", "notified", "listed"];
const REPAIRS: [&str; 3] = ["refused", "granted", "withdrawn"];
const OBJECTIONS: [&str; 3] = ["filed", "checked", "closed"];
const MEASURES: [&str; 3] = ["running", "suspended", "ended"];
const CASES: usize = 160;

fn one<'a>(chance: &mut Chance, of: &[&'a str]) -> &'a str {
    chance.pick(of)
}

/// Cases of every room on a few days, so that many share one.
fn cases(connection: &mut Connection, chance: &mut Chance) {
    let first = day_number(today()) - 9;
    connection.batch("insert into listed_measure(measure, edition) values ('bar', 20000)").unwrap();
    for case in 0..CASES {
        let (uscc, unit) = (one(chance, &ORGANISATIONS), one(chance, &UNITS));
        let day = first + i32::try_from(chance.below(6)).unwrap();
        let number = format!("N{:04}{case:03}", chance.below(10_000));
        let (number, identity) = (number.as_str(), u128::try_from(case).unwrap().to_be_bytes());
        let state = one(chance, &LISTINGS);
        connection
            .execute(
                "insert into listing_case(uscc, number, list, unit, state, steps, opened_on, moved_on)
                 values ($1, $2, 'list', $3, $4, 1, $5, $5)",
                values![uscc, number, unit, state, day],
            )
            .unwrap();
        let state = one(chance, &REPAIRS);
        connection
            .execute(
                "insert into repair(uscc, number, identity, unit, channel, reference, state, steps, opened_on, moved_on)
                 values ($1, $2, $3, $4, 'online', '', $5, 1, $6, $6)",
                values![uscc, number, &identity, unit, state, day],
            )
            .unwrap();
        let (state, matter) = (one(chance, &OBJECTIONS), one(chance, &["objection", "complaint", "reply"]));
        let (handler, referred) = (one(chance, &UNITS), one(chance, &["", "", OTHER]));
        connection
            .execute(
                "insert into objection_case(uscc, number, matter, identity, owner, handler, referred, state, steps, filed_on, moved_on)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9)",
                values![uscc, number, matter, &identity, unit, handler, referred, state, day],
            )
            .unwrap();
        let kind = one(chance, &["term", "case", "duty"]);
        let state = match kind {
            "term" => "in_office",
            "case" => "proposed",
            _ => "open",
        };
        connection
            .execute(
                "insert into officer(uscc, number, kind, unit, listing, term, state, steps, opened_on, moved_on)
                 values ($1, $2, $3, $4, '', '', $5, 1, $6, $6)",
                values![uscc, number, kind, unit, state, day],
            )
            .unwrap();
        let state = one(chance, &MEASURES);
        connection
            .execute(
                "insert into measure(uscc, number, measure, edition, unit, cause, state, steps, from_on, through_on, moved_on)
                 values ($1, $2, 'bar', 20000, $3, '', $4, 1, $5, $5, $5)",
                values![uscc, number, unit, state, day],
            )
            .unwrap();
        if chance.below(3) == 0 {
            connection
                .execute(
                    "insert into measure_task(uscc, number, unit, state) values ($1, $2, $3, 'dispatched')",
                    values![uscc, number, one(chance, &UNITS)],
                )
                .unwrap();
        }
        let decided = (chance.below(2) == 0).then_some(day + 1);
        connection
            .execute(
                "insert into secrecy_claim(number, uscc, identity, fields, claimant, reason, filed_on, state, decided_on)
                 values ($1, $2, $3, '[]', $2, '', $4, $5, $6)",
                values![
                    number,
                    uscc,
                    &identity,
                    day,
                    if decided.is_some() { "rejected" } else { "filed" },
                    decided
                ],
            )
            .unwrap();
        connection
            .execute(
                "insert into incident(id, rule, account, unit, day, facts, state, opened_at)
                 values ($1, 'bulk', $2, '', 0, '{}', 'open', $3)",
                values![number, number, i64::from(day)],
            )
            .unwrap();
    }
}

fn views() -> Vec<View> {
    let sight = credence_domain::directory::Sight::default();
    let mut views = vec![View::office(today()), View::public(today())];
    views.extend(UNITS.iter().map(|unit| View::unit(unit, &sight, today())));
    views.extend(ORGANISATIONS.iter().map(|uscc| View::organisation([*uscc], today())));
    views.push(View::organisation([FIRM, SECOND_FIRM], today()));
    views.push(View::organisation([], today()));
    views
}

/// What every page of a list holds, page after page.
fn paged<T>(
    limit: u32,
    key: impl Fn(&T) -> Place,
    mut ask: impl FnMut(Option<&Place>, u32) -> Result<Vec<T>>,
) -> Vec<T> {
    let (mut all, mut behind): (Vec<T>, Option<Place>) = (Vec::new(), None);
    loop {
        let found = ask(behind.as_ref(), limit).unwrap();
        assert!(found.len() <= limit as usize);
        let over = found.len() < limit as usize;
        behind = found.last().map(&key);
        all.extend(found);
        if over {
            return all;
        }
    }
}

type Rows<H> = fn(&mut Connection) -> Result<Vec<H>>;
type Find<H> = fn(&mut Connection, &View, &str) -> Result<Option<H>>;
type State<H> = fn(&H) -> (&str, &str);
type List<H> = fn(&mut Connection, &View, &Asked<'_>) -> Result<Vec<H>>;

/// Every page of every view against the rule that judges one row.
fn hold<H: Debug + PartialEq>(
    connection: &mut Connection,
    (all, find, list): (Rows<H>, Find<H>, List<H>),
    key: fn(&H) -> Place,
    (state, asked): (State<H>, &[(&str, &str)]),
) {
    let rows = all(connection).unwrap();
    assert_eq!(rows.len(), CASES);
    let mut seen = 0;
    for view in views() {
        for (of_state, of_sort) in asked {
            let mut right = Vec::new();
            for row in all(connection).unwrap() {
                let (its_state, its_sort) = state(&row);
                let asked =
                    (of_state.is_empty() || its_state == *of_state) && (of_sort.is_empty() || its_sort == *of_sort);
                if asked && find(connection, &view, &key(&row).number).unwrap().is_some() {
                    right.push(row);
                }
            }
            right.sort_by(|a, b| key(b).on.cmp(&key(a).on).then_with(|| key(a).number.cmp(&key(b).number)));
            seen += right.len();
            for limit in [1, 7, 1_000] {
                let found = paged(limit, key, |after, limit| {
                    list(connection, &view, &Asked { state: of_state, sort: of_sort, after, limit })
                });
                assert_eq!(found, right, "{view:?}, pages of {limit}, {of_state:?} {of_sort:?}");
            }
        }
    }
    assert!(seen > CASES * 2, "{seen}");
}

fn the_pages_of_every_view_are_the_rows_that_it_may_see(store: &TestStore) {
    let mut writer = writer(&store.address);
    let mut chance = Chance::new(20_260_501, "pages");
    let connection = writer.connection();
    cases(connection, &mut chance);
    hold(
        connection,
        (listing::all, listing::find, listing::list),
        |head| Place { on: head.opened_on, number: head.number.clone() },
        (|head| (&head.state, ""), &[("", ""), ("listed", "")]),
    );
    hold(
        connection,
        (repair::all, repair::find, repair::list),
        |head| Place { on: head.moved_on, number: head.number.clone() },
        (|head| (&head.state, ""), &[("", ""), ("granted", "")]),
    );
    hold(
        connection,
        (measure::all, measure::find, measure::list),
        measure::Head::place,
        (|head| (&head.state, ""), &[("", ""), ("ended", "")]),
    );
    hold(
        connection,
        (objection::all, objection::find, objection::list),
        objection::Head::place,
        (|head| (&head.state, head.matter.code()), &[("", ""), ("filed", ""), ("", "reply"), ("closed", "objection")]),
    );
    hold(
        connection,
        (officer::all, officer::find, officer::list),
        officer::Head::place,
        (|head| (&head.state, head.kind.code()), &[("", ""), ("open", ""), ("", "case")]),
    );
}

fn claims_and_incidents_come_whole_by_the_page(store: &TestStore) {
    let mut writer = writer(&store.address);
    let connection = writer.connection();
    cases(connection, &mut Chance::new(7, "pages"));
    for claimant in ["", FIRM, SECOND_FIRM] {
        let right = claim::list(connection, claimant, None, 1_000).unwrap();
        assert!(right.len() > 20 && right.iter().all(|one| claimant.is_empty() || one.claimant == claimant));
        assert!(right.is_sorted_by_key(claim::Filed::place));
        for limit in [1_usize, 7, 100] {
            let (mut all, mut behind): (Vec<claim::Filed>, Option<claim::Place>) = (Vec::new(), None);
            loop {
                let found = claim::list(connection, claimant, behind.as_ref(), u32::try_from(limit).unwrap()).unwrap();
                let over = found.len() < limit;
                behind = found.last().map(claim::Filed::place);
                all.extend(found);
                if over {
                    break;
                }
            }
            assert_eq!(all, right);
        }
    }
    let right = incident::list(connection, None, 1_000).unwrap();
    assert_eq!(right.len(), CASES);
    for limit in [1_u32, 7, 100] {
        let (mut all, mut behind): (Vec<incident::Incident>, Option<(i64, String)>) = (Vec::new(), None);
        loop {
            let after = behind.as_ref().map(|(at, id)| (*at, id.as_str()));
            let found = incident::list(connection, after, limit).unwrap();
            let over = found.len() < limit as usize;
            behind = found.last().map(|last| (last.opened_at, last.id.clone()));
            all.extend(found);
            if over {
                break;
            }
        }
        assert_eq!(all, right);
    }
}

both_stores!(the_pages_of_every_view_are_the_rows_that_it_may_see, claims_and_incidents_come_whole_by_the_page);
