//! The queue of a person who has signed in: a page of it, and the people of his unit to whom a task can go.

use super::gather::Found;
use super::view::{counted, of_every_light};
use super::{QueueView, TaskView, Which};
use crate::Result;
use crate::account::Person;
use crate::query::page;
use crate::service::Service;
use credence_domain::access::Action;

impl Service {
    /// What waits for a person, the most pressing first, in pages. A page goes on from the last task of the one before, whether or
    /// not that still waits.
    ///
    /// # Errors
    /// `bad_cursor`, `bad_parameter`; or a fault.
    pub fn queue(&self, person: &Person, which: &Which, cursor: Option<&str>, limit: Option<u32>) -> Result<QueueView> {
        let limit = page::limit(limit)? as usize;
        let after =
            cursor.filter(|cursor| !cursor.is_empty()).map(|cursor| page::decode_cursor(cursor, 6)).transpose()?;
        let (mut found, more) = self.gathered(person, &of_every_light(which))?;
        let lights = counted(&found);
        found.retain(|one| which.light.is_none_or(|light| light == one.reading.light));
        if let Some(after) = after {
            found.retain(|one| one.place()[..] > after[..]);
        }
        let goes_on = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| goes_on).map(|one| {
            let place = one.place();
            page::encode_cursor(&place.each_ref().map(String::as_str))
        });
        Ok(QueueView { today: self.today(), lights, items: self.shown(&found)?, next, more })
    }

    /// Tasks with the names of their organisations.
    pub(super) fn shown(&self, found: &[Found]) -> Result<Vec<TaskView>> {
        let named = self.organisation_names(found.iter().map(|one| one.waiting.uscc.as_str()))?;
        let name = |found: &Found| named.get(&found.waiting.uscc).cloned().unwrap_or_default();
        Ok(found.iter().map(|one| TaskView::of(one, name(one))).collect())
    }

    /// Names of the accounts of a person's unit that are in use, where he may assign tasks to them.
    ///
    /// # Errors
    /// A fault.
    pub fn queue_colleagues(&self, person: &Person) -> Result<Vec<String>> {
        let worker = self.worker(person)?;
        if !worker.allows(Action::AssignTask) {
            return Ok(Vec::new());
        }
        let in_use = worker.colleagues.values().filter(|account| worker.is_in_use(account));
        Ok(in_use.map(|account| account.name.clone()).collect())
    }
}
