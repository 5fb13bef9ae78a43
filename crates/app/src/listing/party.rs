//! A case as the party sees it: the unit that acted, and no name of an account of its staff. Whoever presides over the hearing
//! is told, for the party may ask for his recusal (行政处罚法 art. 六十四).

use super::view::CaseView;
use crate::Result;
use crate::account::Person;
use crate::service::Service;
use credence_domain::access::Role;
use credence_store::{account, unit};
use std::collections::BTreeMap;

impl Service {
    /// The case with the unit in the place of its staff, where the organisation itself looks.
    pub(super) fn as_seen_by(&self, person: &Person, mut case: CaseView) -> Result<CaseView> {
        if person.role != Role::Organisation {
            return Ok(case);
        }
        let today = self.today();
        let named = self.read(|connection| {
            let unit = unit::find(connection, &case.head.unit, today)?;
            let unit = unit.map_or_else(|| case.head.unit.clone(), |unit| unit.name);
            let mut named = BTreeMap::new();
            for step in &case.steps {
                let by = &step.taken.by;
                if !named.contains_key(by) {
                    // What representatives of the party did stays theirs.
                    let own = account::find(connection, by)?.is_some_and(|one| one.role == Role::Organisation.code());
                    named.insert(by.clone(), if own { by.clone() } else { unit.clone() });
                }
            }
            Ok(named)
        })?;
        let seen = |by: &mut String| *by = named.get(by.as_str()).cloned().unwrap_or_default();
        seen(&mut case.proposed_by);
        case.decided_by.iter_mut().for_each(seen);
        case.steps.iter_mut().for_each(|step| seen(&mut step.taken.by));
        Ok(case)
    }
}
