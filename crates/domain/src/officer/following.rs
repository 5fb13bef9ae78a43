//! What must still happen to a person's case so that it stands as its listing does.

use super::case::{Case, Ending, State};
use super::desk::Desk;
use super::step::CaseEvent;
use crate::listing;

impl Desk<'_> {
    /// What must still happen; nothing where it stands as its listing does, or where nothing can follow any more.
    #[must_use]
    pub fn following(&self, case: &Case, listing: &listing::Case) -> Option<CaseEvent> {
        if case.is_over_on(self.today) {
            return None;
        }
        let entry = match &listing.state {
            listing::State::Listed(listed) => listed,
            listing::State::Delisted(ended) => return Some(self.gone(case, ended.cause.told())),
            state => return Some(self.gone(case, state.code().to_owned())),
        };
        let State::Decided(decided) = &case.state else { return None };
        let stayed = entry.is_stayed();
        match decided.rests {
            false if stayed => Some(CaseEvent::Rested { reason: "列入决定停止执行".to_owned() }),
            true if !stayed => Some(CaseEvent::Resumed { reason: "停止执行已经结束".to_owned() }),
            _ if entry.decided.through_on < decided.through_on => {
                Some(CaseEvent::Shortened { through_on: entry.decided.through_on })
            }
            _ => None,
        }
    }

    fn gone(&self, case: &Case, told: String) -> CaseEvent {
        match &case.state {
            State::Decided(_) => self.end(case, Ending::Listing { told }),
            _ => CaseEvent::Withdrawn { reason: format!("列入已经终止：{told}") },
        }
    }
}
