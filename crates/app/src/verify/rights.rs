//! Accounts, the organisations they speak for and what was asked of a second person, as their acts have made them: replayed from the
//! headers alone, to be held against what is kept.

use credence_domain::access::{AccountState, Event, Role};
use credence_domain::record::value::day_number;
use credence_store::audit::{self, StoredAct};
use credence_store::connection::Connection;
use jiff::civil::Date;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// An act on accounts or proposals.
pub struct Act {
    /// The act.
    pub id: [u8; 16],
    /// Its instant.
    pub at: i64,
    /// Its kind.
    pub kind: String,
    /// Its header.
    pub header: Value,
    /// An erasure took out of the header what it quoted.
    pub is_erased: bool,
}

impl Act {
    fn read(act: StoredAct) -> Self {
        let header = serde_json::from_str(&act.header).unwrap_or_default();
        Self { id: act.id, at: act.at, kind: act.kind, header, is_erased: act.leaf.is_some() }
    }

    /// A text of its header; empty when absent.
    pub fn text(&self, key: &str) -> &str {
        self.header.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// A text of its details; empty when absent.
    pub fn detail(&self, key: &str) -> &str {
        self.said(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// Anything of its details.
    pub fn said(&self, key: &str) -> Option<&Value> {
        self.header.get("details")?.get(key)
    }

    fn day(&self, key: &str) -> Option<i32> {
        self.detail(key).parse::<Date>().ok().map(day_number)
    }
}

/// Kinds of acts that this reads.
const KINDS: [&str; 14] = [
    "account_entry",
    "account_end",
    "account_resumption",
    "account_suspension",
    "account_take_up",
    "deputy",
    "password_change",
    "proposal",
    "proposal_answer",
    "representative_binding",
    "representative_code",
    "representative_delegation",
    "representative_end",
    "second_factor",
];

/// The acts on accounts and proposals, in the order in which they were done.
///
/// # Errors
/// Whatever the database says.
pub fn acts(connection: &mut Connection) -> credence_store::Result<Vec<Act>> {
    let mut acts = Vec::new();
    audit::each_act(connection, |act| {
        if KINDS.contains(&act.kind.as_str()) {
            acts.push(Act::read(act));
        }
        Ok(())
    })?;
    acts.sort_by_key(|act| (act.at, act.id));
    Ok(acts)
}

/// An account as its acts have made it.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// The act that entered it.
    pub entry: [u8; 16],
    /// Its unit; empty for a representative.
    pub unit: String,
    /// It speaks for organisations.
    pub represents: bool,
    /// Where it stands; none where no step led there.
    pub state: Option<AccountState>,
    /// When it was entered.
    pub entered_at: i64,
    /// Who entered it.
    pub entered_by: String,
    /// When its role was granted or refused.
    pub granted_at: Option<i64>,
    /// Its last day, where its act says whether it has one.
    pub ends_on: Option<Option<i32>>,
    /// Who stands in for its holder: account, first and last day.
    pub deputy: Option<(String, i32, i32)>,
    /// Organisations that codes named.
    offered: BTreeSet<String>,
}

/// What binds an account to an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The act.
    pub act: [u8; 16],
    /// Who bound it.
    pub by: String,
    /// When.
    pub at: i64,
    /// First day.
    pub from_on: i32,
    /// Last day.
    pub through_on: Option<i32>,
    /// When it was ended.
    pub ended_at: Option<i64>,
}

/// Accounts and bindings as their acts have made them.
#[derive(Clone, Debug, Default)]
pub struct Rights {
    /// Accounts by name.
    pub accounts: BTreeMap<String, Account>,
    /// Bindings by organisation and name of the account.
    pub bindings: BTreeMap<(String, String), Binding>,
    /// Accounts of which an act of an older program does not say to which organisation it bound them.
    pub unsaid: BTreeSet<String>,
}

impl Rights {
    /// Replays acts.
    pub fn of(acts: &[Act]) -> Self {
        let mut rights = Self::default();
        for act in acts {
            rights.take(act);
        }
        rights
    }

    fn take(&mut self, act: &Act) {
        let name = act.detail("account").to_owned();
        match act.kind.as_str() {
            "account_entry" => {
                let entered = Account {
                    entry: act.id,
                    unit: act.detail("unit").to_owned(),
                    state: Some(AccountState::Proposed),
                    entered_at: act.at,
                    entered_by: act.text("actor").to_owned(),
                    ends_on: act.said("ends_on").map(|_| act.day("ends_on")),
                    ..Account::default()
                };
                self.accounts.insert(name, entered);
            }
            "proposal_answer" => self.answer(act),
            "representative_code" => self.offer(act, name),
            "representative_binding" => {
                let by = self.accounts.get(&name).map(|account| account.entered_by.clone()).unwrap_or_default();
                self.bind(act, name, by, None);
            }
            "representative_delegation" => {
                self.bind(act, name, act.text("actor").to_owned(), act.day("through_on"));
            }
            "representative_end" => {
                let key = (act.detail("organisation").to_owned(), name);
                if let Some(binding) = self.bindings.get_mut(&key) {
                    binding.ended_at = binding.ended_at.or(Some(act.at));
                }
            }
            "account_take_up" => {
                self.step(&name, Event::TakeUp);
                self.take_up(act, name);
            }
            "password_change" => self.step(&name, Event::TakeUp),
            "account_suspension" => self.step(&name, Event::Suspend),
            "account_resumption" => self.step(&name, Event::Resume),
            "account_end" => self.step(&name, Event::End),
            "deputy" => {
                let days = act.day("from_on").zip(act.day("through_on"));
                let deputy = days.map(|(from, through)| (act.detail("deputy").to_owned(), from, through));
                if let Some(account) = self.accounts.get_mut(&name) {
                    account.deputy = deputy;
                }
            }
            _ => {}
        }
    }

    fn step(&mut self, name: &str, event: Event) {
        if let Some(account) = self.accounts.get_mut(name) {
            account.state = account.state.and_then(|state| state.after(event).ok());
        }
    }

    /// The second person's word on an account that waits for it; on any other it lets a new password be set and moves nothing.
    fn answer(&mut self, act: &Act) {
        let event = if act.detail("answer") == "approved" { Event::Grant } else { Event::Refuse };
        let Some(account) = self.accounts.get_mut(act.detail("subject")) else { return };
        if account.state == Some(AccountState::Proposed) {
            account.state = AccountState::Proposed.after(event).ok();
            account.granted_at = Some(act.at);
        }
    }

    fn offer(&mut self, act: &Act, name: String) {
        if act.said("entered") == Some(&Value::Bool(true)) {
            let entered = Account {
                entry: act.id,
                represents: true,
                state: Some(AccountState::Invited),
                entered_at: act.at,
                entered_by: act.text("actor").to_owned(),
                granted_at: Some(act.at),
                // An account of a representative never has a last day.
                ends_on: Some(None),
                ..Account::default()
            };
            self.accounts.insert(name.clone(), entered);
        }
        if let Some(account) = self.accounts.get_mut(&name) {
            account.offered.insert(act.detail("organisation").to_owned());
        }
    }

    fn take_up(&mut self, act: &Act, name: String) {
        let Some(account) = self.accounts.get(&name).filter(|account| account.represents) else { return };
        let by = account.entered_by.clone();
        match (act.detail("organisation"), account.offered.len()) {
            ("", 1) => {
                let only = account.offered.first().cloned().unwrap_or_default();
                self.bind_to(act, (only, name), by, None);
            }
            ("", _) => drop(self.unsaid.insert(name)),
            _ => self.bind(act, name, by, None),
        }
    }

    /// What one takes up or is bound to is what a code named; what one hands on needs none.
    fn bind(&mut self, act: &Act, name: String, by: String, through_on: Option<i32>) {
        let offered = |account: &Account| account.offered.contains(act.detail("organisation"));
        if act.kind != "representative_delegation" && !self.accounts.get(&name).is_some_and(offered) {
            return;
        }
        self.bind_to(act, (act.detail("organisation").to_owned(), name), by, through_on);
    }

    fn bind_to(&mut self, act: &Act, key: (String, String), by: String, through_on: Option<i32>) {
        let from_on = act.text("as_of").parse::<Date>().map_or(i32::MAX, day_number);
        self.bindings.insert(key, Binding { act: act.id, by, at: act.at, from_on, through_on, ended_at: None });
    }
}

/// The code of the role of whoever speaks for organisations.
pub fn representative() -> &'static str {
    Role::Organisation.code()
}
