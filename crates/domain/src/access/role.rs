//! Roles (角色), as sessions and the reviewed matrix name them (CONTRACT §2).

use serde::{Deserialize, Serialize};
use std::fmt;

/// What somebody is to the platform. An account has one role; who holds two offices has two accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Anyone.
    Public,
    /// An organisation's own representative (信用主体).
    Organisation,
    /// An association or credit agency (合作机构).
    Partner,
    /// Reporting clerk (报送员).
    Clerk,
    /// Approving officer (审批人).
    Approver,
    /// Window clerk (窗口人员).
    Window,
    /// Reviewer (审核员).
    Reviewer,
    /// Inspector (检查人员).
    Inspector,
    /// Who decides on listings (名单认定人).
    ListDecider,
    /// Credit office (信用管理部门).
    Office,
    /// Auditor (审计员).
    Auditor,
    /// System administrator (系统管理员).
    SystemAdmin,
    /// Security administrator (安全管理员).
    SecurityAdmin,
    /// Audit administrator (审计管理员).
    AuditAdmin,
    /// A department's system with its key (密钥).
    Key,
}

impl Role {
    /// Every role, in the order of the contract.
    pub const ALL: [Role; 15] = [
        Role::Public,
        Role::Organisation,
        Role::Partner,
        Role::Clerk,
        Role::Approver,
        Role::Window,
        Role::Reviewer,
        Role::Inspector,
        Role::ListDecider,
        Role::Office,
        Role::Auditor,
        Role::SystemAdmin,
        Role::SecurityAdmin,
        Role::AuditAdmin,
        Role::Key,
    ];

    /// Its code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Role::Public => "public",
            Role::Organisation => "organisation",
            Role::Partner => "partner",
            Role::Clerk => "clerk",
            Role::Approver => "approver",
            Role::Window => "window",
            Role::Reviewer => "reviewer",
            Role::Inspector => "inspector",
            Role::ListDecider => "list_decider",
            Role::Office => "office",
            Role::Auditor => "auditor",
            Role::SystemAdmin => "system_admin",
            Role::SecurityAdmin => "security_admin",
            Role::AuditAdmin => "audit_admin",
            Role::Key => "key",
        }
    }

    /// Its Chinese name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Role::Public => "公众",
            Role::Organisation => "信用主体代表",
            Role::Partner => "合作机构",
            Role::Clerk => "报送员",
            Role::Approver => "审批人",
            Role::Window => "窗口人员",
            Role::Reviewer => "审核员",
            Role::Inspector => "检查人员",
            Role::ListDecider => "名单认定人",
            Role::Office => "信用管理部门",
            Role::Auditor => "审计员",
            Role::SystemAdmin => "系统管理员",
            Role::SecurityAdmin => "安全管理员",
            Role::AuditAdmin => "审计管理员",
            Role::Key => "报送系统",
        }
    }

    /// The role with a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.code() == code)
    }

    /// One of the three administrators (三员), of whom nobody may be two.
    #[must_use]
    pub fn is_administrator(self) -> bool {
        matches!(self, Role::SystemAdmin | Role::SecurityAdmin | Role::AuditAdmin)
    }

    /// Sees what has ended, with a purpose: the organisation itself and its auditors, and nobody else.
    #[must_use]
    pub fn sees_what_has_ended(self) -> bool {
        matches!(self, Role::Organisation | Role::Auditor)
    }

    /// Signs in with an account: everyone but the public and a department's system.
    #[must_use]
    pub fn has_account(self) -> bool {
        !matches!(self, Role::Public | Role::Key)
    }

    /// Works in a unit of the directory; a representative works in an organisation.
    #[must_use]
    pub fn works_in_a_unit(self) -> bool {
        self.has_account() && self != Role::Organisation
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn every_role_is_found_by_its_code_and_only_by_it() {
        for role in Role::ALL {
            assert_eq!(Role::from_code(role.code()), Some(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.code());
        }
        assert_eq!(Role::from_code("Office"), None);
    }

    #[test]
    fn there_are_three_administrators_and_each_has_an_account() {
        let three: Vec<_> = Role::ALL.into_iter().filter(|role| role.is_administrator()).collect();
        assert_eq!(three, [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin]);
        assert!(three.iter().all(|role| role.works_in_a_unit()));
        assert!(!Role::Public.has_account() && !Role::Key.has_account() && !Role::Organisation.works_in_a_unit());
    }
}
