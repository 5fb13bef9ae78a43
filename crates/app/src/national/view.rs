//! Where the hand-over stands, as people see it: the office and its auditors.

use crate::{AppError, Result, Service};
use credence_domain::canonical::hex;
use credence_domain::national::{Difference, Platform, PlatformVersion, State};
use credence_domain::record::value::date_of;
use credence_store::clock::instant_text;
use credence_store::national::{self, Count, PlatformRow, Tally, difference, package};
use jiff::civil::Date;
use serde::Serialize;

/// Packages, refused rows and differences that are shown.
const SHOWN: usize = 100;

/// A platform and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlatformView {
    /// Its code.
    pub platform: String,
    /// Its name.
    pub name: String,
    /// Its forms could not be verified.
    pub unverified: bool,
    /// Places of the log that it has not been given yet; `null` where nothing was ever handed over.
    pub behind: Option<i64>,
    /// Item by item.
    pub items: Vec<ItemView>,
    /// The newest packages, at most 100.
    pub packages: Vec<PackageView>,
    /// Rows that it refused, at most 100.
    pub refused: Vec<RowView>,
    /// Copies that differ, at most 100.
    pub differences: Vec<DifferenceView>,
}

/// An item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ItemView {
    /// Its code.
    pub item: String,
    /// Its name.
    pub name: String,
    /// Records that have to be sent.
    pub due: i64,
    /// On their way.
    pub sent: i64,
    /// Stand there as they must.
    pub held: i64,
    /// Refused.
    pub refused: i64,
    /// Known to stand there, in whatever version.
    pub there: i64,
    /// The day of its last count.
    pub counted_on: Option<Date>,
    /// How many it counted.
    pub theirs: Option<i64>,
    /// How many were known here then.
    pub ours: Option<i64>,
}

/// A package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PackageView {
    /// Item.
    pub item: String,
    /// Its number.
    pub sequence: i64,
    /// Digest of its file.
    pub sha256: String,
    /// Rows.
    pub rows: i64,
    /// First day of its period.
    pub from: Option<Date>,
    /// Last day of its period.
    pub through: Option<Date>,
    /// When it was made.
    pub made_at: String,
    /// `sent`, `answered` or `lost`.
    pub state: String,
    /// When it was answered or given up.
    pub answered_at: Option<String>,
    /// Rows taken.
    pub taken: i64,
    /// Rows refused.
    pub refused: i64,
}

/// A row that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowView {
    /// Public reference of the record.
    pub record: String,
    /// The organisation; empty for what was never public here.
    pub uscc: String,
    /// Item.
    pub item: String,
    /// Its name.
    pub item_name: String,
    /// The version that must stand there; `null` where none must.
    pub version: Option<i32>,
    /// The version that stands there.
    pub there: Option<i32>,
    /// Why it was refused.
    pub code: String,
    /// The same in words.
    pub text: String,
    /// The field for which it was.
    pub field: String,
    /// Its name; empty where no field was named.
    pub field_name: String,
}

/// Copies that differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DifferenceView {
    /// Public reference of the record.
    pub record: String,
    /// The organisation.
    pub uscc: String,
    /// `ended_there`, `still_there` or `other_last_day`.
    pub kind: &'static str,
    /// The same in words.
    pub text: &'static str,
    /// Last public day there, where it says one.
    pub theirs_through: Option<Date>,
    /// The day on which it was found.
    pub found_on: Option<Date>,
}

impl Service {
    /// Every platform and how it stands.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn platforms(&self) -> Result<Vec<PlatformView>> {
        let today = self.today();
        let found = self.rulebook().platforms.values().filter_map(|one| Some((one, one.version_on(today)?)));
        found.map(|(platform, version)| self.platform_of(platform, version)).collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// `not_found`, or a fault of the store.
    pub fn platform(&self, code: &str) -> Result<PlatformView> {
        let platform = self.rulebook().platforms.get(code).ok_or(AppError::NotFound)?;
        let version = platform.version_on(self.today()).ok_or(AppError::NotFound)?;
        self.platform_of(platform, version)
    }

    fn platform_of(&self, platform: &Platform, version: &PlatformVersion) -> Result<PlatformView> {
        let (code, size) = (platform.code.as_str(), self.log_size()?);
        self.read(|connection| {
            let place = national::place(connection, code)?;
            let (tallies, counts) = (national::tallies(connection, code)?, national::counts(connection, code)?);
            let mut refused = Vec::new();
            for item in &version.items {
                let limit = SHOWN.saturating_sub(refused.len());
                refused.extend(national::in_state(connection, (code, item, State::Refused), None, limit)?);
            }
            let differences = difference::all_open(connection, code, SHOWN)?;
            let packages = package::newest(connection, code, SHOWN)?;
            let item = |item: &String| self.item_of(item, &tallies, &counts);
            Ok(PlatformView {
                platform: code.to_owned(),
                name: platform.name.clone(),
                unverified: version.unverified,
                behind: place.map(|place| size - 1 - place.position),
                items: version.items.iter().map(item).collect(),
                packages: packages.into_iter().map(PackageView::from).collect(),
                refused: refused.into_iter().map(|row| self.refused_row(version, row)).collect(),
                differences: differences.into_iter().map(DifferenceView::from).collect(),
            })
        })
    }

    fn item_of(&self, item: &str, tallies: &[Tally], counts: &[Count]) -> ItemView {
        let [due, sent, held, refused] =
            tallies.iter().find(|tally| tally.item == item).map_or([0; 4], |tally| tally.states);
        let count = counts.iter().find(|count| count.item == item);
        ItemView {
            item: item.to_owned(),
            name: self.rulebook().items.get(item).map(|item| item.name.clone()).unwrap_or_default(),
            due,
            sent,
            held,
            refused,
            there: tallies.iter().find(|tally| tally.item == item).map_or(0, |tally| tally.held),
            counted_on: count.and_then(|count| date_of(count.counted_on)),
            theirs: count.map(|count| count.theirs),
            ours: count.map(|count| count.ours),
        }
    }

    fn refused_row(&self, version: &PlatformVersion, row: PlatformRow) -> RowView {
        let (code, field) = row.standing.refused.unwrap_or_default();
        let item = self.rulebook().items.get(&row.item);
        let fields = item.and_then(|item| item.versions.last()).map(|edition| edition.fields.as_slice());
        let named = fields.unwrap_or_default().iter().find(|one| one.code == field);
        RowView {
            record: hex(&row.reference),
            uscc: row.uscc,
            item_name: item.map(|item| item.name.clone()).unwrap_or_default(),
            item: row.item,
            version: row.standing.wanted,
            there: row.standing.held,
            text: version.answer_name(&code).to_owned(),
            code,
            field_name: named.map(|field| field.name.clone()).unwrap_or_default(),
            field,
        }
    }
}

impl From<package::Package> for PackageView {
    fn from(kept: package::Package) -> Self {
        Self {
            item: kept.item,
            sequence: kept.number,
            sha256: hex(&kept.digest),
            rows: kept.lines,
            from: date_of(kept.from_on),
            through: date_of(kept.through_on),
            made_at: instant_text(kept.made_at),
            state: kept.state,
            answered_at: kept.answered_at.map(instant_text),
            taken: kept.taken,
            refused: kept.refused,
        }
    }
}

impl From<difference::Kept> for DifferenceView {
    fn from(kept: difference::Kept) -> Self {
        let kind: Difference = kept.kind;
        Self {
            record: hex(&kept.reference),
            uscc: kept.uscc,
            kind: kind.code(),
            text: kind.name(),
            theirs_through: kept.theirs_through_on.and_then(date_of),
            found_on: date_of(kept.found_on),
        }
    }
}
