//! A term of office is entered: by a unit, with its evidence. The name and the number of the paper go into a row of their own, the
//! number sealed; the step holds their digest.

use super::view::{OfficerView, show};
use super::{OFFICER, names_nobody};
use crate::evaluation::keep;
use crate::listing::{Clerk, case_draft, refused};
use crate::{AppError, Result, Writer};
use credence_domain::officer::{Desk, Entering as Asked, Role, rule};
use credence_domain::record::personal::{carries_personal_number, carries_whole_identity_number};
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_store::batch::new_number;
use credence_store::clock::Chance;
use credence_store::officer::person::{Entered, digest, keep as keep_person};
use credence_store::officer::{self as kept, Stand};
use credence_store::scope::View;
use credence_store::{secret, subject, unit};
use jiff::civil::Date;
use serde::Deserialize;

/// The longest name that is taken.
const NAME_CHARACTERS_MAX: usize = 50;

/// A term of office as it is asked for.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entering {
    /// The organisation.
    pub uscc: String,
    /// The unit that enters it.
    pub unit: String,
    /// The office.
    pub role: Role,
    /// The name.
    pub name: String,
    /// The number of the identity card, where it is known.
    #[serde(default)]
    pub identity_number: String,
    /// First day in office.
    pub from_on: Date,
    /// Last day in office; left out while it lasts.
    #[serde(default)]
    pub through_on: Option<Date>,
    /// What proves it.
    pub evidence: String,
}

impl std::fmt::Debug for Entering {
    /// Nothing of the person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entering").field("uscc", &self.uscc).field("role", &self.role).finish_non_exhaustive()
    }
}

/// Enters a term of office.
///
/// # Errors
/// What the rules refuse, `unit_unknown`, `not_found` for an organisation without a file, or a fault.
pub fn enter(writer: &mut Writer, rulebook: &Rulebook, clerk: &Clerk, asked: &Entering) -> Result<OfficerView> {
    let entered = enter_waiting(writer, rulebook, clerk, asked)?;
    writer.sequence()?;
    Ok(entered)
}

/// The same for a writer of many, who places their acts in the log together.
pub(super) fn enter_waiting(
    writer: &mut Writer,
    rulebook: &Rulebook,
    clerk: &Clerk,
    asked: &Entering,
) -> Result<OfficerView> {
    let today = writer.clock().today();
    let unknown = || AppError::refused("unit_unknown", "unit", format!("单位目录中没有{}", asked.unit));
    unit::find(writer.connection(), &asked.unit, today)?.ok_or_else(unknown)?;
    let bad = |_| AppError::refused("bad_parameter", "uscc", format!("{}不是统一社会信用代码", asked.uscc));
    let uscc = Uscc::parse(&asked.uscc).map_err(bad)?;
    subject::find(writer.connection(), &View::office(today), uscc.as_str())?.ok_or(AppError::NotFound)?;
    let name = asked.name.trim();
    let paper = asked.identity_number.trim().to_uppercase();
    judge(name, &paper).map_err(|refusal| refused(&refusal))?;
    names_nobody(&[&asked.evidence], name).map_err(|refusal| refused(&refusal))?;
    let mut chance = Chance::default();
    let number = new_number(&mut chance, today)?;
    let keys = match paper.as_str() {
        "" => None,
        _ => {
            let mark = secret::index_mark(writer.connection())?;
            Some(writer.keyring().sealing(mark.as_deref(), &mut chance, today)?)
        }
    };
    let person = Entered { uscc: uscc.as_str(), number: &number, name, identity_number: &paper, salt: chance.bytes()? };
    let told = digest(keys.as_deref(), &person);
    let desk = Desk { rulebook, by: &clerk.name, today };
    let entering = Asked {
        uscc: uscc.as_str(),
        unit: &asked.unit,
        role: asked.role,
        person: &told,
        from_on: asked.from_on,
        through_on: asked.through_on,
        evidence: &asked.evidence,
    };
    let (step, term) = desk.enter(&entering).map_err(|refusal| refused(&refusal))?;
    let named = [("officer", number.as_str()), ("role", asked.role.code())];
    let draft = case_draft("officer_entered", clerk, OFFICER, named, rulebook, today);
    writer.change(&draft, |change| {
        kept::open(change, &number, &step, &Stand::from(&term))?;
        keep_person(change, keys.as_deref(), &person)?;
        keep(change, rulebook, uscc.as_str(), today)
    })?;
    show(writer.connection(), &clerk.view, &number)
}

fn judge(name: &str, paper: &str) -> std::result::Result<(), credence_domain::listing::Refusal> {
    let sound = !name.is_empty() && name.chars().count() <= NAME_CHARACTERS_MAX && !carries_personal_number(name);
    // The place of a name in a letter is written with braces.
    rule::NAME_MISSING.demand(sound && !name.contains(['{', '}']))?;
    let known = match paper.len() {
        0 => true,
        15 => carries_personal_number(paper),
        18 => carries_whole_identity_number(paper),
        _ => false,
    };
    rule::NUMBER_WRONG.demand(known)
}
