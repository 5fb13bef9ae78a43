//! The rules of publicity, read and joined: packs, kinds, deadlines and clocks with an index for a million questions.

use super::{
    ChosenBy, Clock, ClocksFile, Deadline, DeadlinesFile, Facts, KindsFile, Pack, PackRole, Regulator, Row, Table, Use,
};
use jiff::civil::Date;
use std::collections::HashMap;

/// The rules of one edition of the rulebook.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    packs: Vec<Pack>,
    kinds: KindsFile,
    deadlines: Vec<Deadline>,
    clocks: Vec<Clock>,
    acts: HashMap<String, Act>,
    kind_of_name: HashMap<String, usize>,
    stated: HashMap<String, usize>,
}

/// What is known of one kind of act, by [`Regulator::index`].
#[derive(Clone, Debug, Default)]
struct Act {
    slots: [Vec<Slot>; Regulator::ALL.len()],
    deadlines: [Vec<usize>; Regulator::ALL.len()],
}

/// One use of a pack with its days.
#[derive(Clone, Copy, Debug)]
struct Slot {
    pack: usize,
    place: usize,
    from: Option<Date>,
    to: Option<Date>,
}

/// Files that do not fit together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    /// Two packs with one id.
    #[error("pack {pack} is given twice")]
    RepeatedPack {
        /// The id.
        pack: String,
    },
    /// A pack names a table, row or pack that does not exist.
    #[error("pack {pack} names {kind} {name}, which does not exist")]
    Unknown {
        /// The pack.
        pack: String,
        /// What it names: `table`, `row` or `pack`.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// A written form of a kind or a class stands twice.
    #[error("the written form {name} stands twice in kinds.toml")]
    RepeatedName {
        /// The form.
        name: String,
    },
}

/// A pack chosen for a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chosen<'r> {
    pub(super) pack: &'r Pack,
    pub(super) row: Option<&'r Row>,
    /// The record is older than the pack.
    pub(super) reached_back: bool,
}

impl Rules {
    /// Joins the files of `rulebook/repair/`.
    ///
    /// # Errors
    /// [`RulesError`] where a name leads nowhere or stands twice.
    pub fn from_files(
        packs: Vec<Pack>,
        kinds: KindsFile,
        deadlines: DeadlinesFile,
        clocks: ClocksFile,
    ) -> Result<Self, RulesError> {
        check_names(&packs, &kinds)?;
        let kind_of_name = names(kinds.kinds.iter().map(|k| &k.names))?;
        let stated = names(kinds.stated.iter().map(|s| &s.names))?;
        let mut acts: HashMap<String, Act> = HashMap::new();
        for (pack, file) in packs.iter().enumerate() {
            for (place, found) in file.uses.iter().enumerate() {
                let from = found.reach_back.is_none().then_some(file.effective_from);
                let slot = Slot { pack, place, from, to: found.to.or(file.effective_to) };
                let act = acts.entry(found.act.clone()).or_default();
                for regulator in &found.regulators {
                    if let Some(slots) = act.slots.get_mut(regulator.index()) {
                        slots.push(slot);
                    }
                }
            }
        }
        for (place, line) in deadlines.deadlines.iter().enumerate() {
            for name in &line.acts {
                let act = acts.entry(name.clone()).or_default();
                for regulator in &line.regulators {
                    if let Some(lines) = act.deadlines.get_mut(regulator.index()) {
                        lines.push(place);
                    }
                }
            }
        }
        // A use that reaches back comes last: it answers only where no pack was in force.
        for slots in acts.values_mut().flat_map(|a| a.slots.iter_mut()) {
            slots.sort_by_key(|s| s.from.is_none());
        }
        let (deadlines, clocks) = (deadlines.deadlines, clocks.clocks);
        Ok(Self { packs, kinds, deadlines, clocks, acts, kind_of_name, stated })
    }

    /// All packs, in the order given.
    #[must_use]
    pub fn packs(&self) -> &[Pack] {
        &self.packs
    }

    /// A pack by id.
    #[must_use]
    pub fn pack(&self, id: &str) -> Option<&Pack> {
        self.packs.iter().find(|p| p.id == id)
    }

    /// The kinds of penalty and the tables.
    #[must_use]
    pub const fn kinds(&self) -> &KindsFile {
        &self.kinds
    }

    /// All deadlines.
    #[must_use]
    pub fn deadlines(&self) -> &[Deadline] {
        &self.deadlines
    }

    /// A deadline by code.
    #[must_use]
    pub fn deadline(&self, code: &str) -> Option<&Deadline> {
        self.deadlines.iter().find(|d| d.code == code)
    }

    /// All clocks.
    #[must_use]
    pub fn clocks(&self) -> &[Clock] {
        &self.clocks
    }

    /// A clock by code.
    #[must_use]
    pub fn clock(&self, code: &str) -> Option<&Clock> {
        self.clocks.iter().find(|c| c.code == code)
    }

    /// The pack and class row that cap every other pack's periods (山东省社会信用条例 art. 三十八).
    pub(super) fn cap(&self) -> Option<&Row> {
        self.packs.iter().find(|p| p.role == PackRole::Cap).and_then(|p| p.rows.first())
    }

    /// The table that a pack names.
    pub(super) fn table_of(&self, pack: &Pack) -> Option<&Table> {
        let code = pack.kinds.as_deref()?;
        self.kinds.tables.iter().find(|t| t.code == code)
    }

    /// Code of a kind of penalty and whether it falls on persons only. Unknown texts are `other`.
    pub(super) fn kind(&self, text: &str) -> (&str, bool) {
        let text = text.trim();
        let place = self.kind_of_name.get(text).or_else(|| self.kind_of_name.get(after_other(text)?));
        place.and_then(|p| self.kinds.kinds.get(*p)).map_or(("other", false), |k| (k.code.as_str(), k.person_only))
    }

    /// Code of a class as an authority writes it; a text that is no class is taken for a row's code.
    pub(super) fn stated<'a>(&'a self, text: &'a str) -> &'a str {
        let text = text.trim();
        self.stated.get(text).and_then(|p| self.kinds.stated.get(*p)).map_or(text, |s| s.code.as_str())
    }

    /// Deadlines that name an act of an authority.
    pub(super) fn deadlines_of(&self, act: &str, regulator: Regulator) -> impl Iterator<Item = &Deadline> {
        let places = self.acts.get(act).and_then(|a| a.deadlines.get(regulator.index()));
        places.into_iter().flatten().filter_map(|p| self.deadlines.get(*p))
    }

    /// The pack for a record: the one that its item names, else the one in force for act and authority.
    pub(super) fn choose(&self, facts: &Facts<'_>) -> Option<Chosen<'_>> {
        if let Some(pack) = facts.pack.and_then(|id| self.pack(id)) {
            let stated = facts.class_stated.and_then(|text| pack.row(self.stated(text)));
            let named = stated.or_else(|| facts.ground.and_then(|text| pack.row_of_ground(text)));
            let row = named.or_else(|| pack.rows.iter().find(|r| r.act == facts.act_kind));
            let reached_back = facts.decided_on < pack.effective_from;
            return Some(Chosen { pack, row: row.filter(|_| pack.kinds.is_none()), reached_back });
        }
        let adverse = facts.act_kind == "inspection" && facts.adverse_result;
        let act = self.acts.get(if adverse { "inspection_adverse" } else { facts.act_kind })?;
        let (slot, pack, found) = act.slots.get(facts.regulator.index())?.iter().find_map(|slot| {
            let pack = self.packs.get(slot.pack)?;
            let found = pack.uses.get(slot.place)?;
            slot.holds(day_of(found, facts)).then_some((slot, pack, found))
        })?;
        let named = facts.ground.and_then(|text| pack.row_of_ground(text));
        let row = named.or_else(|| found.row.as_deref().and_then(|code| pack.row(code)));
        let reached_back = slot.from.is_none() && day_of(found, facts) < pack.effective_from;
        Some(Chosen { pack, row, reached_back })
    }
}

impl Slot {
    fn holds(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// The date that chooses.
const fn day_of(found: &Use, facts: &Facts<'_>) -> Date {
    match found.chosen_by {
        ChosenBy::Decision => facts.decided_on,
        ChosenBy::Publication => facts.published_on,
    }
}

/// The part of 其他-xx that names the kind.
fn after_other(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("其他")?;
    Some(rest.trim_start_matches(['-', '－', '—', '–', ':', '：', '(', '（', ' ']).trim_end_matches([')', '）', ' ']))
}

/// Index of written forms.
fn names<'a>(lists: impl Iterator<Item = &'a Vec<String>>) -> Result<HashMap<String, usize>, RulesError> {
    let mut index = HashMap::new();
    for (place, list) in lists.enumerate() {
        for name in list {
            if index.insert(name.clone(), place).is_some() {
                return Err(RulesError::RepeatedName { name: name.clone() });
            }
        }
    }
    Ok(index)
}

/// Every table, row and pack that a pack names exists.
fn check_names(packs: &[Pack], kinds: &KindsFile) -> Result<(), RulesError> {
    for (place, pack) in packs.iter().enumerate() {
        let unknown = |kind, name: &str| RulesError::Unknown { pack: pack.id.clone(), kind, name: name.to_owned() };
        if packs.iter().skip(place + 1).any(|p| p.id == pack.id) {
            return Err(RulesError::RepeatedPack { pack: pack.id.clone() });
        }
        let rows = pack.uses.iter().filter_map(|u| u.row.as_ref()).chain(pack.grounds.iter().map(|g| &g.row));
        for row in rows {
            pack.row(row).ok_or_else(|| unknown("row", row))?;
        }
        for transition in &pack.transitions {
            let to = &transition.to;
            packs.iter().find(|p| p.id == *to).ok_or_else(|| unknown("pack", to))?;
        }
        if let Some(code) = &pack.kinds {
            let table = kinds.tables.iter().find(|t| t.code == *code).ok_or_else(|| unknown("table", code))?;
            for map in &table.maps {
                pack.row(&map.row).ok_or_else(|| unknown("row", &map.row))?;
            }
        }
    }
    Ok(())
}
