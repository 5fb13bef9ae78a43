//! Rows are chosen by the scope alone: what a view may see, asked of the database, is what a rule written out row by row
//! says of the same random world.

use crate::world::*;
use credence_domain::directory::{Area, AreaPatch, UnitPatch};
use credence_domain::record::Identity;
use credence_domain::record::value::day_number;
use credence_domain::subject::Uscc;
use credence_store::list::{self, Filter};
use credence_store::scope::{Scope, View};
use credence_store::unit::{self, Unit};
use credence_store::{Writer, area, profile, quality, record};
use credence_testkit::both_stores;
use credence_testkit::province::{self, Chance};
use credence_testkit::stores::TestStore;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Code, name, level, parent, and what took it in before today. The fifth bears the name of the third.
const AREAS: [(&str, &str, &str, &str, &str); 6] = [
    ("01", "甲市", "city", "", ""),
    ("02", "乙市", "city", "", ""),
    ("0101", "中区", "county", "01", ""),
    ("03", "丙市", "city", "", "01"),
    ("0201", "中区", "county", "02", ""),
    ("0301", "丙县", "county", "03", ""),
];
const ITEMS: [&str; 3] = ["penalty", "permit", "inspection"];

/// A unit as the test entered it.
struct Placed {
    uscc: String,
    level: &'static str,
    area: &'static str,
    parent: Option<usize>,
}

/// A record as the test sent it.
struct Sent {
    uscc: String,
    identity: Identity,
    item: &'static str,
    source: String,
    authority: String,
    authority_area: &'static str,
    registered_area: String,
    held: bool,
    from_on: Option<Date>,
    through_on: Date,
}

struct World {
    units: Vec<Placed>,
    records: Vec<Sent>,
    areas: BTreeMap<String, String>,
}

/// Words that a registration or an authority may have for where it is.
const WORDS: [&str; 9] = ["甲市", "01", "0101", "中区", "乙市", "0201", "丙市", "0301", ""];

fn enter_areas(writer: &mut Writer) {
    let text = |text: &str| Some(text.to_owned());
    let mut enter = |code: &str, patch: &AreaPatch| -> Option<Area> {
        area::enter(writer, code, patch, None, (OFFICE, OFFICE), &[0; 32]).unwrap()
    };
    for (code, name, level, parent, _) in AREAS {
        let patch = AreaPatch { name: text(name), level: text(level), parent: text(parent), ..AreaPatch::default() };
        enter(code, &patch).unwrap();
    }
    for (code, .., into) in AREAS.into_iter().filter(|(.., into)| !into.is_empty()) {
        let until_on = Some(today() - 400.days());
        let ended = AreaPatch { until_on, merged_into: text(into), ..AreaPatch::default() };
        assert_eq!(enter(code, &ended).unwrap().merged_into, into);
    }
}

fn enter_units(writer: &mut Writer, chance: &mut Chance) -> Vec<Placed> {
    let mut units: Vec<Placed> = Vec::new();
    for number in 0..9 {
        let level = ["province", "city", "city", "county", ""][chance.below(5)];
        // What was merged long ago takes no new unit.
        let area = ["甲市", "01", "02", "0101", "0201", "0301", ""][chance.below(7)];
        let parent = (number > 0 && chance.percent(50)).then(|| chance.below(number));
        let uscc = province::code("11", 900_000 + number);
        let unit = Unit { uscc: uscc.clone(), name: format!("单位{number}"), ..Unit::default() };
        let text = |text: &str| Some(text.to_owned());
        let patch = UnitPatch {
            level: text(level),
            area: text(area),
            parent: parent.map(|at: usize| units[at].uscc.clone()),
            ..UnitPatch::default()
        };
        unit::enter(writer, &unit, &patch, None, &uscc, &[0; 32]).unwrap();
        units.push(Placed { uscc, level, area, parent });
    }
    units
}

impl World {
    fn make(writer: &mut Writer, seed: u64) -> Self {
        let mut chance = Chance::new(seed, "scope");
        enter_areas(writer);
        let units = enter_units(writer, &mut chance);
        let mut world = World { units, records: Vec::new(), areas: BTreeMap::new() };
        let days = [today() - 300.days(), today() - 20.days(), today()];
        for (round, day) in days.into_iter().enumerate() {
            writer.clock().move_to(day);
            for number in 0..12 {
                let uscc = province::code("91", 5_000 + number);
                if chance.percent(40) {
                    let area = WORDS[chance.below(WORDS.len())];
                    let mut row = registration(&uscc, &format!("第{number}{round}有限公司"));
                    row.registration.as_mut().unwrap().area = area.to_owned();
                    send(writer, OFFICE, "registration", vec![row.clone()]);
                    world.note(&row, "registration", OFFICE, area, day);
                    world.areas.insert(uscc.clone(), area.to_owned());
                }
                for item in ITEMS {
                    for copy in 0..chance.below(3) {
                        world.send(writer, &mut chance, &uscc, item, (round, copy), day);
                    }
                }
            }
        }
        world
    }

    fn send(
        &mut self,
        writer: &mut Writer,
        chance: &mut Chance,
        uscc: &str,
        item: &'static str,
        (round, copy): (usize, usize),
        day: Date,
    ) {
        let source = self.units[chance.below(self.units.len())].uscc.clone();
        let authority = self.units[chance.below(self.units.len())].uscc.clone();
        let last = [today() - 30.days(), today() - 1.days(), today(), today() + 400.days()][chance.below(4)];
        let mut row = fact(uscc, &format!("{round}-{copy}号"), "甲", last);
        row.identity = Identity::of(item, [authority.as_str(), &format!("{round}-{copy}"), uscc, ""]);
        row.authority = Uscc::parse(&authority).unwrap();
        row.authority_area = WORDS[chance.below(WORDS.len())].into();
        row.decided_on = day_number(day) - i32::try_from(chance.below(90)).unwrap();
        row.hold = if chance.percent(20) { "personal_number" } else { "" };
        row.dates.public = chance.percent(80);
        send(writer, &source, item, vec![row.clone()]);
        let area = self.areas.get(uscc).cloned().unwrap_or_default();
        self.note(&row, item, &source, &area, day);
    }

    /// Keeps what was sent; a registration that comes again changes the one that stands.
    fn note(
        &mut self,
        row: &credence_store::arrival::Incoming,
        item: &'static str,
        source: &str,
        registered_area: &str,
        day: Date,
    ) {
        let through_on = credence_domain::record::value::date_of(row.dates.through_on.unwrap()).unwrap();
        let uscc = row.uscc.to_string();
        let standing = self.records.iter().position(|sent| (&sent.uscc, sent.identity) == (&uscc, row.identity));
        let before = standing.map(|at| self.records.remove(at));
        let kept = before.as_ref().map(|sent| sent.registered_area.clone()).filter(|area| !area.is_empty());
        let shown = row.hold.is_empty() && row.dates.public && through_on >= day;
        self.records.push(Sent {
            uscc,
            identity: row.identity,
            item,
            source: source.to_owned(),
            authority: row.authority.to_string(),
            authority_area: WORDS.into_iter().find(|word| **word == *row.authority_area).unwrap(),
            registered_area: kept.unwrap_or_else(|| registered_area.to_owned()),
            held: !row.hold.is_empty(),
            from_on: before.and_then(|sent| sent.from_on).or(shown.then_some(day)),
            through_on,
        });
    }

    /// Whether a word for a place lies in an area, found by walking up from it.
    fn lies_in(word: &str, area: &str) -> bool {
        let code = |word: &str| {
            let named: Vec<_> = AREAS.iter().filter(|(code, name, ..)| [*code, *name].contains(&word)).collect();
            if named.len() == 1 { Some(named[0].0) } else { None }
        };
        let (Some(mut at), Some(top)) = (code(word), code(area)) else { return false };
        loop {
            if at == top {
                return true;
            }
            let (.., parent, into) = AREAS.iter().find(|(code, ..)| *code == at).unwrap();
            match (*into, *parent) {
                ("", "") => return false,
                ("", above) => at = above,
                (into, _) => at = into,
            }
        }
    }

    fn is_local(level: &str) -> bool {
        level == "city" || level == "county"
    }

    /// Whether a unit is another's by area or by the units above it.
    fn belongs(&self, unit: &Placed, to: &Placed) -> bool {
        let there =
            |unit: &Placed| Self::is_local(to.level) && Self::is_local(unit.level) && Self::lies_in(unit.area, to.area);
        let mut at = Some(unit);
        while let Some(unit) = at {
            if unit.uscc == to.uscc || there(unit) {
                return true;
            }
            at = unit.parent.map(|parent| &self.units[parent]);
        }
        false
    }

    /// What the law of scopes says, row by row.
    fn sees(&self, view: &View, sent: &Sent) -> bool {
        let public = !sent.held && sent.from_on.is_some_and(|from| from <= view.today) && view.today <= sent.through_on;
        let whole = match &view.scope {
            Scope::Office => true,
            Scope::Public | Scope::Partner { .. } => false,
            Scope::Organisation { usccs } => usccs.contains(&sent.uscc),
            Scope::Unit { uscc, .. } => {
                let own = self.units.iter().find(|unit| unit.uscc == *uscc).unwrap();
                let theirs = |code: &str| self.units.iter().any(|unit| unit.uscc == code && self.belongs(unit, own));
                let present = self.areas.get(&sent.uscc).map(String::as_str).unwrap_or_default();
                let areas = [sent.authority_area, &sent.registered_area, present];
                let concerns = theirs(&sent.source)
                    || theirs(&sent.authority)
                    || Self::is_local(own.level) && areas.iter().any(|area| Self::lies_in(area, own.area));
                // What has ended is used by no unit any more.
                concerns && view.today <= sent.through_on
            }
        };
        whole || public
    }

    fn keys<'w>(&'w self, view: &View, which: impl Fn(&Sent) -> bool) -> BTreeSet<(&'w str, [u8; 16])> {
        let seen = self.records.iter().filter(|sent| which(sent) && self.sees(view, sent));
        seen.map(|sent| (sent.uscc.as_str(), sent.identity.0)).collect()
    }
}

fn views(writer: &mut Writer, world: &World) -> Vec<View> {
    let directory = unit::directory(writer.connection()).unwrap();
    let mut views = vec![View::public(today()), View::office(today())];
    views.push(View::of(Scope::Partner { uscc: OTHER.to_owned() }, today()));
    views.extend(world.units.iter().map(|unit| View::unit(&unit.uscc, &directory.sight(&unit.uscc, today()), today())));
    let mut usccs: Vec<&str> = world.records.iter().map(|sent| sent.uscc.as_str()).collect();
    usccs.sort_unstable();
    usccs.dedup();
    views.push(View::organisation(usccs.iter().take(1).copied(), today()));
    views.push(View::organisation(usccs.iter().skip(2).take(3).copied(), today()));
    views
}

fn what_a_view_may_see_is_what_the_rule_says_row_by_row(store: &TestStore) {
    for seed in [20_261_124, 2_019, 8] {
        compare(&store.twin(), seed);
    }
}

fn compare(store: &TestStore, seed: u64) {
    let mut writer = writer(&store.address);
    let world = World::make(&mut writer, seed);
    let usccs: BTreeSet<&str> = world.records.iter().map(|sent| sent.uscc.as_str()).collect();
    let mut sizes = BTreeSet::new();
    for view in views(&mut writer, &world) {
        let connection = writer.connection();
        let key = |stored: &record::Stored| (stored.uscc.clone(), stored.identity.0);
        let same = |found: BTreeSet<(String, [u8; 16])>, expected: BTreeSet<(&str, [u8; 16])>, at: &str| {
            let found: BTreeSet<(&str, [u8; 16])> = found.iter().map(|(uscc, id)| (uscc.as_str(), *id)).collect();
            assert_eq!(found, expected, "{at} {view:?}");
        };
        for uscc in &usccs {
            let expected = || world.keys(&view, |sent| sent.uscc == *uscc);
            let records = record::of_organisation(connection, &view, uscc).unwrap();
            same(records.iter().map(key).collect(), expected(), "records");
            let found = profile::find(connection, &view, uscc).unwrap().unwrap();
            same(found.entries.iter().map(|entry| key(&entry.record)).collect(), expected(), "profile");
            for stored in &records {
                assert!(view.sees(&stored.seen(&found.organisation.area)), "a row already read {view:?}");
            }
        }
        for sent in &world.records {
            let found = record::find(connection, &view, &sent.uscc, &sent.identity).unwrap();
            assert_eq!(found.is_some(), world.sees(&view, sent), "find {view:?}");
        }
        let mut all = BTreeSet::new();
        record::each(connection, &view, |stored| {
            all.insert(key(&stored));
            Ok(())
        })
        .unwrap();
        sizes.insert(all.len());
        same(all, world.keys(&view, |_| true), "each");
        same(
            record::held(connection, &view).unwrap().iter().map(key).collect(),
            world.keys(&view, |sent| sent.held),
            "held",
        );
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for sent in world.records.iter().filter(|sent| world.sees(&view, sent)) {
            *counts.entry(sent.item).or_default() += 1;
        }
        let counted = record::count_by_item(connection, &view).unwrap();
        assert_eq!(counted.iter().map(|(item, n)| (item.as_str(), *n)).collect::<BTreeMap<_, _>>(), counts);
        for authority in ["", world.units[3].uscc.as_str()] {
            let filter = Filter {
                items: ITEMS.map(str::to_owned).to_vec(),
                authority: authority.to_owned(),
                from: 0,
                to: day_number(today()),
                ..Filter::default()
            };
            let listed = list::records(connection, &view, &filter, None, 10_000).unwrap();
            let of = |sent: &Sent| ITEMS.contains(&sent.item) && (authority.is_empty() || sent.authority == authority);
            same(listed.iter().map(|entry| key(&entry.shown.record)).collect(), world.keys(&view, of), "list");
        }
        let waiting = quality::waiting(connection, &view, None, today()).unwrap();
        assert!(waiting.is_empty(), "these records have no deadline");
    }
    assert!(sizes.len() > 6, "the world tells its readers apart: {sizes:?}");
    assert!(world.records.len() > 60);
}

fn an_organisation_sees_what_ended_on_its_own_file_and_on_no_other(store: &TestStore) {
    let mut writer = writer(&store.address);
    for uscc in [FIRM, SECOND_FIRM] {
        send(&mut writer, OFFICE, "penalty", vec![fact(uscc, "一号", "甲", today())]);
    }
    let tomorrow = today().tomorrow().unwrap();
    let own = View::organisation([FIRM], tomorrow);
    let mut seen = |uscc: &str, view: &View| record::of_organisation(writer.connection(), view, uscc).unwrap().len();
    assert_eq!([seen(FIRM, &own), seen(SECOND_FIRM, &own)], [1, 0]);
    assert_eq!(seen(FIRM, &View::public(tomorrow)), 0);
    let directory = credence_store::unit::directory(writer.connection()).unwrap();
    let [on_the_day, after] = [today(), tomorrow].map(|day| View::unit(OFFICE, &directory.sight(OFFICE, day), day));
    let mut seen = |uscc: &str, view: &View| record::of_organisation(writer.connection(), view, uscc).unwrap().len();
    assert_eq!([seen(FIRM, &on_the_day), seen(FIRM, &after)], [1, 0], "not even the unit that decided");
    let partner = View::of(Scope::Partner { uscc: OTHER.to_owned() }, tomorrow);
    assert_eq!(seen(FIRM, &partner), 0);
}

both_stores!(
    what_a_view_may_see_is_what_the_rule_says_row_by_row,
    an_organisation_sees_what_ended_on_its_own_file_and_on_no_other,
);
