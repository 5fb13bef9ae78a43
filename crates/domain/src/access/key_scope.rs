//! What a key of a department's system opens (密钥权限): items that it may send and things that it may do, never more than the
//! rights of such systems.

use super::Action;

/// The scope of a key. What is empty narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyScope {
    /// Codes of the items that it may send.
    pub items: Vec<String>,
    /// Codes of the actions that it may do.
    pub actions: Vec<String>,
}

impl KeyScope {
    /// What a key can be narrowed to, each with what it is called.
    pub const ACTIONS: [(Action, &'static str); 8] = [
        (Action::SendBatch, "报送数据"),
        (Action::ReadBatch, "查看批次"),
        (Action::ReadDue, "查看到期"),
        (Action::ReadChanges, "读取数据回流"),
        (Action::ReadMeasure, "查看惩戒措施"),
        (Action::StepMeasure, "反馈惩戒措施"),
        (Action::ReadWebhook, "查看推送"),
        (Action::KeepWebhook, "管理推送"),
    ];

    /// Whether it may send records of an item.
    #[must_use]
    pub fn sends(&self, item: &str) -> bool {
        self.items.is_empty() || self.items.iter().any(|one| one == item)
    }

    /// Whether it may do something; what is public is everyone's.
    #[must_use]
    pub fn allows(&self, action: Action) -> bool {
        action == Action::ReadPublic || self.actions.is_empty() || self.actions.iter().any(|one| one == action.code())
    }

    /// The first named action to which no key can be narrowed.
    #[must_use]
    pub fn unknown_action(&self) -> Option<&str> {
        let known = |code: &str| Self::ACTIONS.iter().any(|(action, _)| action.code() == code);
        self.actions.iter().map(String::as_str).find(|code| !known(code))
    }

    /// As it is kept: codes between commas.
    #[must_use]
    pub fn written(&self) -> (String, String) {
        (self.items.join(","), self.actions.join(","))
    }

    /// What was kept.
    #[must_use]
    pub fn read(items: &str, actions: &str) -> Self {
        Self { items: codes(items), actions: codes(actions) }
    }
}

/// Codes between commas, without repetitions, in their order.
fn codes(text: &str) -> Vec<String> {
    let mut found: Vec<String> = text.split(',').map(|code| code.trim().to_owned()).collect();
    found.retain(|code| !code.is_empty());
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_narrows_and_an_empty_one_does_not() {
        let whole = KeyScope::default();
        assert!(whole.sends("penalty") && whole.allows(Action::KeepWebhook));
        let narrow = KeyScope::read("permit, penalty,penalty", "send_batch");
        assert_eq!(narrow.written(), ("penalty,permit".to_owned(), "send_batch".to_owned()));
        assert!(narrow.sends("penalty") && !narrow.sends("registration"));
        assert!(narrow.allows(Action::SendBatch) && narrow.allows(Action::ReadPublic));
        assert!(!narrow.allows(Action::ReadBatch) && !narrow.allows(Action::KeepWebhook));
    }

    #[test]
    fn a_key_can_be_narrowed_to_what_its_role_does_and_to_nothing_else() {
        assert_eq!(KeyScope::read("", "send_batch,second_right").unknown_action(), Some("second_right"));
        assert_eq!(KeyScope::read("", "read_due,send_batch").unknown_action(), None);
    }
}
