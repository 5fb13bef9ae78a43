//! The other side's copies: where one has ended there that is public here, it is taken from publicity here in the act that notes the
//! difference, until a person has looked; where one still stands there that has ended here, the platform is asked again to take it
//! down. Nothing becomes public by what another platform says.

use super::receive::reference;
use super::sheet::{self, unreadable};
use super::{NATIONAL, Side};
use crate::evaluation::keep;
use crate::review::rules::Rules;
use crate::rulebook::PLATFORM_UNIT;
use crate::{AppError, Result};
use credence_domain::canonical::hex;
use credence_domain::national::{Difference, There};
use credence_domain::record::State;
use credence_domain::record::value::{date, date_of, day_number};
use credence_domain::rulebook::Rulebook;
use credence_store::act::Draft;
use credence_store::change::Change;
use credence_store::kept_back::NATIONAL_ENDED;
use credence_store::national::difference::{self, Kept};
use credence_store::national::{self, PlatformRow};
use credence_store::record::{self, Stored};
use credence_store::revision::lock;
use credence_store::scope::View;
use jiff::civil::Date;
use serde_json::Map;

impl Side<'_> {
    /// Compares the other side's copies with ours; how many differences were found.
    pub(super) fn copies(&self, bytes: &[u8]) -> Result<u64> {
        let Some(form) = &self.version.copy else {
            let text = "该平台的适配规则没有约定副本公示状态的格式";
            return Err(AppError::refused("national_file_unreadable", "name", text));
        };
        let rows = sheet::read(bytes, &[&form.id, &form.state, &form.through])?;
        let mut told = Vec::with_capacity(rows.len());
        for row in &rows {
            let there = if form.ended.iter().any(|word| word == row.get(1)) {
                There::Ended
            } else if form.public.iter().any(|word| word == row.get(1)) {
                There::Public(match row.get(2) {
                    "" => None,
                    text => Some(date(text).ok_or_else(|| unreadable(row.line, "公示截止日期无法读取"))?),
                })
            } else {
                return Err(unreadable(row.line, "公示状态不是约定的"));
            };
            told.push((reference(row, 0)?, there));
        }
        let mut found = 0;
        for (reference, there) in told {
            found += u64::from(self.compare(reference, there)?);
        }
        Ok(found)
    }

    /// Compares one copy; whether a difference was found that was not known.
    fn compare(&self, reference: [u8; 16], there: There) -> Result<bool> {
        let today = self.service.real_today();
        let view = View::office(today);
        let (stored, open) = self.service.read(|connection| {
            Ok((
                record::by_reference(connection, &view, &reference)?,
                difference::open(connection, self.code, &reference)?,
            ))
        })?;
        // What was never here, or is not given to it, is not its to speak of.
        let given = |stored: &Stored| self.version.items.contains(&stored.item) && self.version.is_given(&stored.uscc);
        let Some(stored) = stored.filter(given) else { return Ok(false) };
        let public = stored.is_public_on(day_number(today));
        let kind = Difference::of(public.then(|| stored.through_on.and_then(date_of)), there);
        match open {
            Some(open) if open.kind == Difference::EndedThere => {
                // It stays hidden until there or here somebody has said otherwise.
                match there {
                    There::Public(_) => self.settle_by_itself(open, Some(stored))?,
                    There::Ended if public => self.hide_again(open, stored)?,
                    There::Ended => {}
                }
                return Ok(false);
            }
            Some(open) if kind == Some(open.kind) => return Ok(false),
            Some(open) => self.settle_by_itself(open, None)?,
            None => {}
        }
        let Some(kind) = kind else { return Ok(false) };
        let theirs_through_on = match there {
            There::Public(last) => last.map(day_number),
            There::Ended => None,
        };
        let kept = Kept {
            uscc: stored.uscc.clone(),
            platform: self.code.to_owned(),
            reference,
            kind,
            theirs_through_on,
            found_on: day_number(today),
            settled_on: None,
        };
        self.act("national_difference", "", kept, move |change, rules, kept| {
            difference::enter(change, kept)?;
            match kept.kind {
                Difference::EndedThere => show(change, rules, &stored, false),
                Difference::StillThere => {
                    change.number_under_unit(PLATFORM_UNIT)?;
                    still_there(change, kept, &stored)
                }
                Difference::OtherLastDay => change.number_under_unit(PLATFORM_UNIT).map(drop),
            }
        })?;
        Ok(true)
    }

    /// The copies agree again, or differ otherwise; what was hidden for it is shown.
    fn settle_by_itself(&self, open: Kept, hidden: Option<Stored>) -> Result<()> {
        self.act("national_settled", "两平台已一致", open, move |change, rules, open| {
            difference::settle(change, open, day_number(rules.today))?;
            match &hidden {
                Some(stored) => show(change, rules, stored, true),
                None => change.number_under_unit(PLATFORM_UNIT).map(drop),
            }
        })
    }

    /// What has ended there became public here by another way.
    fn hide_again(&self, open: Kept, stored: Stored) -> Result<()> {
        self.act("national_difference", "", open, move |change, rules, _| show(change, rules, &stored, false))
    }

    /// An act of the platform itself about a difference.
    fn act(
        &self,
        kind: &'static str,
        reason: &'static str,
        kept: Kept,
        work: impl Fn(&mut Change<'_>, &mut Rules<'_>, &Kept) -> credence_store::Result<()> + Send + 'static,
    ) -> Result<()> {
        let (rulebook, today) = (self.service.shared_rulebook(), self.service.real_today());
        self.desk.act(move |writer| {
            let keyring = writer.keyring();
            let mut rules = Rules::load(writer.connection(), keyring, &rulebook, today)?;
            let draft = draft(kind, (PLATFORM_UNIT, reason), (&kept, &hex(&kept.reference)), &rulebook, today);
            writer.change(&draft, |change| work(change, &mut rules, &kept))?;
            Ok(())
        })
    }
}

/// The head of an act about a difference.
pub(super) fn draft(
    kind: &'static str,
    (actor, reason): (&str, &str),
    (kept, record): (&Kept, &str),
    rulebook: &Rulebook,
    today: Date,
) -> Draft {
    let (purpose, article) = NATIONAL;
    let mut details = Map::new();
    details.insert("platform".to_owned(), kept.platform.as_str().into());
    details.insert("record".to_owned(), record.into());
    details.insert("difference".to_owned(), kept.kind.code().into());
    Draft {
        kind,
        actor: actor.to_owned(),
        second: None,
        purpose,
        basis: format!("鲁信用办〔2019〕8号 {article}"),
        reason: reason.to_owned(),
        rulebook: rulebook.digest,
        as_of: today,
        batch: None,
        details,
    }
}

/// Takes a record from publicity, or gives it back, inside an act. What stands otherwise by now is left as it is.
pub(super) fn show(
    change: &mut Change<'_>,
    rules: &mut Rules<'_>,
    stored: &Stored,
    shown: bool,
) -> credence_store::Result<()> {
    let (view, key) = (rules.view(), (stored.uscc.clone(), stored.identity));
    let Some(standing) = lock(change, &view, &key)? else { return Ok(()) };
    let hidden = standing.state == State::Hidden.code() && standing.hold == NATIONAL_ENDED;
    let speaks = standing.state == State::Accepted.code();
    if !(shown && hidden || !shown && speaks) {
        change.number_under_unit(PLATFORM_UNIT)?;
        return Ok(());
    }
    let (state, hold) = if shown { (State::Accepted, "") } else { (State::Hidden, NATIONAL_ENDED) };
    rules.restate(change, &standing, state, hold)?;
    keep(change, rules.rulebook(), &standing.uscc, rules.today)
}

/// The platform is asked again to take a record down.
fn still_there(change: &mut Change<'_>, kept: &Kept, stored: &Stored) -> credence_store::Result<()> {
    let standing = national::row(change.connection, &kept.platform, &kept.reference)?;
    let mut row = standing.unwrap_or_else(|| PlatformRow {
        uscc: stored.uscc.clone(),
        reference: kept.reference,
        item: stored.item.clone(),
        standing: Default::default(),
    });
    row.standing.is_gone();
    // Whatever was asked of it before has come to nothing.
    row.standing.found(Some(row.standing.held.unwrap_or(stored.version)), i64::MAX);
    national::put(change.connection, &kept.platform, &row)
}
