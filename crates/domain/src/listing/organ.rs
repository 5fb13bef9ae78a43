//! The organ that decides (认定机关): the unit that acts, as the directory has it on the day, held against the list's definition.

use super::{BaseFacts, Refusal, rule};
use crate::rulebook::listing::{ANY_SECTOR, DefinitionVersion};

/// The unit that acts.
#[derive(Clone, Copy, Debug)]
pub struct Organ<'o> {
    /// Its code.
    pub uscc: &'o str,
    /// Its sector in the directory; empty where none is entered.
    pub sector: &'o str,
    /// Its level there.
    pub level: &'o str,
}

impl Organ<'_> {
    /// Whether this unit decides on an edition's list, with these documents.
    ///
    /// # Errors
    /// When its sector or its level is not the list's, or the list leaves the decision to whoever made the document and that
    /// was another.
    pub(super) fn may_decide(&self, edition: &DefinitionVersion, bases: &[BaseFacts]) -> Result<(), Refusal> {
        let sector = edition.sectors.iter().any(|sector| sector == self.sector || sector == ANY_SECTOR);
        let level = edition.levels.iter().any(|level| level == self.level);
        let made = !edition.maker_decides || bases.iter().any(|facts| facts.made_by == self.uscc);
        if sector && level && made {
            return Ok(());
        }
        let basis = edition.criteria_basis.first().map(|basis| match basis.article.as_str() {
            "-" => format!("（《{}》）", basis.title),
            article => format!("（《{}》第{article}条）", basis.title),
        });
        let organ = &edition.deciding_organ;
        Err(rule::ORGAN_WRONG.because(format!("认定机关为{organ}{}", basis.unwrap_or_default())))
    }
}
