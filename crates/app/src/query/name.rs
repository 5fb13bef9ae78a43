//! Names of organisations by their codes, as anybody sees them: of one whose name is not public its code.

use crate::Result;
use crate::service::Service;
use credence_store::subject::{self, Organisation};
use std::collections::BTreeMap;

impl Service {
    /// The names of these organisations; empty for a code under which there is none.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn organisation_names<'c>(&self, codes: impl Iterator<Item = &'c str>) -> Result<BTreeMap<String, String>> {
        let view = self.public_view();
        let codes: Vec<&str> = codes.filter(|code| !code.is_empty()).collect();
        self.read(|connection| {
            let mut named: BTreeMap<String, String> = BTreeMap::new();
            for code in &codes {
                if !named.contains_key(*code) {
                    let organisation = subject::find(connection, &view, code)?;
                    let called = |one: Organisation| if one.name.is_empty() { one.uscc } else { one.name };
                    named.insert((*code).to_owned(), organisation.map(called).unwrap_or_default());
                }
            }
            Ok(named)
        })
    }
}
