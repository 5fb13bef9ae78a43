//! The record that publishes an entry: a row of the data list like any other, judged by the same judge, entered, ended or hidden
//! inside the act that decides.

use crate::collect::single::Single;
use crate::review::rules::{Content, Rules, text};
use crate::{AppError, Result, Writer};
use credence_domain::catalog::Version;
use credence_domain::listing::{Case, Listed, Outcome as Shortened, State};
use credence_domain::record::{Identity, State as RecordState};
use credence_domain::rulebook::Rulebook;
use credence_domain::rulebook::listing::Nature;
use credence_store::arrival::{Incoming, Outcome};
use credence_store::change::Change;
use credence_store::kept_back::LISTING_STAYED;
use credence_store::revision::lock;
use credence_store::{StoreError, subject, unit};
use jiff::civil::Date;

/// Makes and ends the record of one case.
pub(super) struct Publisher<'r> {
    single: Single<'r>,
    nature: Nature,
    organisation: String,
    unit: String,
    basis: String,
}

impl<'r> Publisher<'r> {
    /// For a case, by the rules of the day.
    pub(super) fn new(writer: &mut Writer, rulebook: &'r Rulebook, case: &Case, today: Date) -> Result<Self> {
        let keyring = writer.keyring();
        Self::on(writer.connection(), keyring, rulebook, case, today)
    }

    /// The same inside a change.
    pub(super) fn on(
        connection: &mut credence_store::connection::Connection,
        keyring: credence_store::secret::Keyring,
        rulebook: &'r Rulebook,
        case: &Case,
        today: Date,
    ) -> Result<Self> {
        let unknown = || AppError::refused("unit_unknown", "unit", format!("单位目录中没有{}", case.unit));
        let unit = unit::find(connection, &case.unit, today)?.ok_or_else(unknown)?;
        let view = credence_store::scope::View::office(today);
        let organisation = subject::find(connection, &view, &case.uscc)?.ok_or(AppError::NotFound)?;
        let edition = rulebook.lists.get(&case.list).and_then(|list| list.version_on(case.proposed_on));
        let basis = edition.map(|edition| {
            let named = edition.basis.iter().map(|basis| match basis.article.as_str() {
                "-" => format!("《{}》", basis.title),
                article => format!("《{}》第{article}条", basis.title),
            });
            named.collect::<Vec<_>>().join("、")
        });
        Ok(Self {
            single: Single::new(connection, keyring, (rulebook, case.nature.item()), &unit, today)?,
            nature: case.nature,
            organisation: organisation.name,
            unit: unit.name,
            basis: basis.unwrap_or_default(),
        })
    }

    /// The row that says the entry as it stands, or as it has ended.
    pub(super) fn row(&mut self, case: &Case) -> Result<Incoming> {
        let none = || AppError::refused("listing_state_wrong", "state", "案件尚未作出列入决定");
        let listed = case.listed().ok_or_else(none)?;
        let decided = &listed.decided;
        let (listed_on, through_on) = (decided.on.to_string(), decided.through_on.to_string());
        let ended = match &case.state {
            State::Delisted(ended) => Some((ended.on.to_string(), ended.letter.clone())),
            _ => None,
        };
        // An end that a ruling brought forward is told as the day of leaving: the pack's own end would come later.
        let shortened = listed
            .remedies
            .iter()
            .any(|remedy| matches!(&remedy.outcome, Some((Shortened::Changed { through_on: Some(_), .. }, _))));
        let early = decided.through_on.tomorrow().ok().filter(|_| shortened);
        let early = early.map(|day| (day.to_string(), String::new()));
        let (removed_on, removal_number) = ended.or(early).unwrap_or_default();
        let ground = format!("{}；依据{}", case.facts, case.criterion);
        let exits = decided.exits.iter().map(|way| format!("{}：{}", way.name, way.conditions.join("，")));
        let exits = exits.collect::<Vec<_>>().join("；");
        let mark = mark(listed);
        let mut values: Vec<(&str, &str)> = vec![
            ("name", &self.organisation),
            ("uscc", &case.uscc),
            ("entry_number", &decided.letter),
            ("owner_name", &self.unit),
            ("owner_uscc", &case.unit),
            ("source_name", &self.unit),
            ("source_uscc", &case.unit),
        ];
        match self.nature {
            Nature::Adverse => values.extend([
                ("list_name", case.list_name.as_str()),
                ("ground", &ground),
                ("legal_basis", &self.basis),
                ("listed_on", &listed_on),
                ("term_ends_on", &through_on),
                ("exit_conditions", &exits),
                ("removed_on", &removed_on),
                ("removal_number", &removal_number),
                ("remedy_mark", &mark),
            ]),
            Nature::Incentive => values.extend([
                ("honour_name", case.list_name.as_str()),
                ("reason", &ground),
                ("awarded_on", &listed_on),
                ("valid_to", &through_on),
                ("removed_on", &removed_on),
            ]),
        }
        self.single.judge(&values)
    }

    /// The content of the record once the entry stands as the case says: that of its row, in what it had.
    pub(super) fn content(&mut self, version: &Version, case: &Case, mut content: Content) -> Result<Content> {
        let row = self.row(case)?;
        let values = self.single.values(&row)?;
        for field in &version.fields {
            content.put(&field.code, text(&values, &field.code), field.public)?;
        }
        Ok(content)
    }

    /// Enters or corrects the record, inside the act. Gives its identity.
    pub(super) fn enter(&mut self, change: &mut Change<'_>, row: &Incoming) -> credence_store::Result<Identity> {
        match self.single.arrive(change, row)? {
            Outcome::Accepted | Outcome::Corrected | Outcome::Unchanged => Ok(row.identity),
            Outcome::Withdrawn | Outcome::Refused(_) => {
                Err(StoreError::Inconsistent(format!("the entry of {} cannot be published", row.uscc)))
            }
        }
    }
}

/// What is marked beside an entry while a remedy is pending; nothing where none is.
pub(super) fn mark(listed: &Listed) -> String {
    let pending = listed.remedies.iter().filter(|remedy| remedy.outcome.is_none());
    let told = pending.map(|remedy| format!("{}（{}）审理中", remedy.filed.kind.name(), remedy.filed.number));
    told.collect::<Vec<_>>().join("；")
}

/// Hides the record of an entry that is stayed, or shows it again.
pub(super) fn hide(
    change: &mut Change<'_>,
    rules: &mut Rules<'_>,
    (uscc, identity): (&str, &Identity),
    stayed: bool,
) -> credence_store::Result<()> {
    let view = rules.view();
    let gone = || StoreError::Inconsistent(format!("the record of a listing of {uscc} is missing"));
    let stored = lock(change, &view, &(uscc.to_owned(), *identity))?.ok_or_else(gone)?;
    let hidden = stored.state == RecordState::Hidden.code();
    let speaks = hidden || stored.state == RecordState::Accepted.code();
    if hidden == stayed || !speaks {
        return Ok(());
    }
    let (state, hold) = if stayed { (RecordState::Hidden, LISTING_STAYED) } else { (RecordState::Accepted, "") };
    rules.restate(change, &stored, state, hold).map(drop)
}
