//! Who may do what, written down once more by hand: not read from the policies that it is held against.

use credence_domain::access::{Action, Role};

/// Whether a role may do an action, as the law behind the platform has it.
pub fn may(role: Role, action: Action) -> bool {
    use Action::*;
    use Role::*;
    let roles: &[Role] = match action {
        SendBatch => &[Key, Clerk],
        SettleConflict => &[Clerk, Office, Reviewer],
        Propose => &[Clerk, Approver, Office, Reviewer],
        SecondRecord => &[Approver, Office, Reviewer],
        ProposeErasure => &[Office],
        SecondErasure => &[Office, Reviewer],
        ManageAccount => &[SystemAdmin],
        SecondRight => &[SecurityAdmin],
        BindRepresentative => &[Office],
        ReadActs => &[Auditor, AuditAdmin],
        HandleIncident => &[AuditAdmin],
        SpeakForOrganisation => &[Organisation],
        ReadPublic => return true,
        other => panic!("no act of this world is {other:?}"),
    };
    roles.contains(&role)
}

/// Whether a role may read a file beyond what is public for a purpose.
pub fn may_read(role: Role, purpose: &str, has_case: bool) -> bool {
    match (role, purpose) {
        (Role::Clerk | Role::Reviewer | Role::Approver | Role::Office, "data_quality") => true,
        (Role::Inspector | Role::Office, "supervision" | "inspection") => true,
        (Role::Window | Role::Approver | Role::Office, "approval") => has_case,
        (Role::ListDecider | Role::Office, "listing") => has_case,
        (Role::Reviewer | Role::Office, "repair" | "objection") => has_case,
        (Role::Office | Role::Auditor, "investigation") => has_case,
        (Role::Auditor, "audit") => true,
        (Role::Organisation, "self") => true,
        _ => false,
    }
}
