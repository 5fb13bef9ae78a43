//! Actions (操作): what a route, a page or a command does, as the access policies name it.

use serde::{Deserialize, Serialize};

/// Something that may be allowed or not. Default: not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Reads what is public today (公开查询).
    ReadPublic,
    /// Signs in, or takes up an invitation (登录).
    SignIn,
    /// Sees and ends one's own sessions, changes one's own password and second factor (本人账户).
    KeepOwnAccount,
    /// Is bound to an organisation, and lets another speak for it (代表与委托).
    SpeakForOrganisation,
    /// Opens the workbench (工作台).
    OpenWorkbench,
    /// Says who of a unit does what waits for it (分派、转办).
    AssignTask,
    /// Sees all that there is about one's organisation in one place (我的空间).
    ReadOwn,
    /// Sends a file of records (报送).
    SendBatch,
    /// Looks into batches of one's unit (查看批次).
    ReadBatch,
    /// Sees what one's unit must have published by tomorrow (到期提醒).
    ReadDue,
    /// Follows the changes of the areas to which one's unit has subscribed (数据回流).
    ReadChanges,
    /// Lets other units act in one's unit's name, and subscribes to the changes of its areas (授权代为办理、订阅数据回流).
    KeepConsent,
    /// Sees the webhooks of one's unit and what became of their deliveries (查看推送订阅).
    ReadWebhook,
    /// Begins, pauses, resumes and ends webhooks of one's unit (办理推送订阅).
    KeepWebhook,
    /// Reads an organisation's file beyond what is public, for a purpose (查询信用档案).
    ReadFile,
    /// Sees who looked at an organisation's file, for what, and when (查询记录).
    ReadJournal,
    /// Settles names that differ from the one on file (名称冲突).
    SettleConflict,
    /// Asks for something that needs a second person: a withdrawal, a merge, a correction on behalf (提请).
    Propose,
    /// Is the second person for what concerns records (复核).
    SecondRecord,
    /// Looks at what is held before it becomes public: lets it go, takes a personal number out of it, keeps a field from the public
    /// (审核暂缓公示的记录).
    ReviewRecord,
    /// Sees the claims of commercial secrecy, or those of one's organisation (查看商业秘密主张).
    ReadClaim,
    /// Claims that a published field tells a commercial secret, or enters a paper claim (主张商业秘密).
    FileClaim,
    /// Asks the third party, takes its opinion, decides on a claim (办理商业秘密主张).
    StepClaim,
    /// Asks that the content of a record be erased by law (提请依法删除).
    ProposeErasure,
    /// Is the second person for an erasure (删除复核).
    SecondErasure,
    /// Sees the editions of the rulebook, and those that wait for a second person (查看规则版本).
    ReadEdition,
    /// Asks that an edition of the rulebook be enacted (提请启用规则).
    ProposeEdition,
    /// Is the second person for the rulebook (规则复核).
    SecondRulebook,
    /// Is the second person for rights (权限复核).
    SecondRight,
    /// Enters and ends accounts, without deciding on their rights (账户管理).
    ManageAccount,
    /// Sees accounts and their rights (查看账户).
    ReadAccount,
    /// Binds an organisation's representative, and hands out his code (代表人核验).
    BindRepresentative,
    /// Sees and works off incidents of misuse (滥用查处).
    HandleIncident,
    /// Sees the listing cases of one's unit or organisation (查看名单案件).
    ReadListing,
    /// Proposes a listing (提请列入).
    ProposeListing,
    /// Takes a step of a case that decides nothing: service, statement, hearing, remedy, talk (办理名单案件).
    StepListing,
    /// Decides on an entry (名单认定).
    DecideListing,
    /// Sees the measures that one's unit decided or carries out, or that are on one's organisation (查看惩戒措施).
    ReadMeasure,
    /// Records a measure that a decision of one's unit carries (采取惩戒措施).
    BeginMeasure,
    /// Takes a step of a measure: acknowledgement, report, lifting, complaint (实施惩戒措施).
    StepMeasure,
    /// Sees the repairs of one's unit or organisation (查看信用修复).
    ReadRepair,
    /// Applies for a repair, or enters an application on behalf (申请信用修复).
    ApplyRepair,
    /// Takes a step of a repair that decides nothing: passing on, papers, acceptance (办理信用修复).
    StepRepair,
    /// Grants, refuses or revokes a repair (信用修复决定).
    DecideRepair,
    /// Sees the objections, complaints and replies of one's unit or organisation (查看异议).
    ReadObjection,
    /// Files an objection, a complaint or a reply, or enters a paper one (提出异议).
    FileObjection,
    /// Takes a step of such a case that decides nothing (办理异议).
    StepObjection,
    /// Decides on an objection, a complaint or an appeal, and lets a reply be printed (答复异议).
    DecideObjection,
    /// Sees the responsible persons of the listings of one's unit, or of one's organisation (查看责任人员).
    ReadOfficer,
    /// Enters a term of office, proposes to hold a person to account, says that those above are to be informed (登记责任人员).
    EnterOfficer,
    /// Takes a step about a responsible person that decides nothing (办理责任人员案件).
    StepOfficer,
    /// Decides on a responsible person (认定责任人员).
    DecideOfficer,
    /// Hands in a paper as a file, for one's organisation or for whoever brings it to one's unit (上传材料).
    HandInPaper,
    /// Reads a paper that a case cites which one may see (查阅材料).
    ReadPaper,
    /// See where the hand-over to national platforms stands (国家平台对接).
    ReadNational,
    /// Have refused rows sent again and settle differences between copies.
    KeepNational,
    /// Reads acts with their headers (审计).
    ReadActs,
}

impl Action {
    /// Every action.
    pub const ALL: [Action; 57] = [
        Action::ReadPublic,
        Action::SignIn,
        Action::KeepOwnAccount,
        Action::SpeakForOrganisation,
        Action::OpenWorkbench,
        Action::AssignTask,
        Action::ReadOwn,
        Action::SendBatch,
        Action::ReadBatch,
        Action::ReadDue,
        Action::ReadChanges,
        Action::KeepConsent,
        Action::ReadWebhook,
        Action::KeepWebhook,
        Action::ReadFile,
        Action::ReadJournal,
        Action::SettleConflict,
        Action::Propose,
        Action::ReadOfficer,
        Action::EnterOfficer,
        Action::StepOfficer,
        Action::DecideOfficer,
        Action::SecondRecord,
        Action::ReviewRecord,
        Action::ReadClaim,
        Action::FileClaim,
        Action::StepClaim,
        Action::ProposeErasure,
        Action::SecondErasure,
        Action::ReadEdition,
        Action::ProposeEdition,
        Action::SecondRulebook,
        Action::SecondRight,
        Action::ManageAccount,
        Action::ReadAccount,
        Action::BindRepresentative,
        Action::HandleIncident,
        Action::ReadListing,
        Action::ProposeListing,
        Action::StepListing,
        Action::DecideListing,
        Action::ReadMeasure,
        Action::BeginMeasure,
        Action::StepMeasure,
        Action::ReadRepair,
        Action::ApplyRepair,
        Action::StepRepair,
        Action::DecideRepair,
        Action::ReadObjection,
        Action::FileObjection,
        Action::StepObjection,
        Action::DecideObjection,
        Action::HandInPaper,
        Action::ReadPaper,
        Action::ReadNational,
        Action::KeepNational,
        Action::ReadActs,
    ];

    /// Its code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Action::ReadPublic => "read_public",
            Action::SignIn => "sign_in",
            Action::KeepOwnAccount => "keep_own_account",
            Action::SpeakForOrganisation => "speak_for_organisation",
            Action::OpenWorkbench => "open_workbench",
            Action::AssignTask => "assign_task",
            Action::ReadOwn => "read_own",
            Action::SendBatch => "send_batch",
            Action::ReadBatch => "read_batch",
            Action::ReadOfficer => "read_officer",
            Action::EnterOfficer => "enter_officer",
            Action::StepOfficer => "step_officer",
            Action::DecideOfficer => "decide_officer",
            Action::ReadDue => "read_due",
            Action::ReadChanges => "read_changes",
            Action::KeepConsent => "keep_consent",
            Action::ReadWebhook => "read_webhook",
            Action::KeepWebhook => "keep_webhook",
            Action::ReadFile => "read_file",
            Action::ReadJournal => "read_journal",
            Action::SettleConflict => "settle_conflict",
            Action::Propose => "propose",
            Action::SecondRecord => "second_record",
            Action::ReviewRecord => "review_record",
            Action::ReadClaim => "read_claim",
            Action::FileClaim => "file_claim",
            Action::StepClaim => "step_claim",
            Action::ProposeErasure => "propose_erasure",
            Action::SecondErasure => "second_erasure",
            Action::ReadEdition => "read_edition",
            Action::ProposeEdition => "propose_edition",
            Action::SecondRulebook => "second_rulebook",
            Action::SecondRight => "second_right",
            Action::ManageAccount => "manage_account",
            Action::ReadAccount => "read_account",
            Action::BindRepresentative => "bind_representative",
            Action::HandleIncident => "handle_incident",
            Action::ReadListing => "read_listing",
            Action::ProposeListing => "propose_listing",
            Action::StepListing => "step_listing",
            Action::DecideListing => "decide_listing",
            Action::ReadMeasure => "read_measure",
            Action::BeginMeasure => "begin_measure",
            Action::StepMeasure => "step_measure",
            Action::ReadRepair => "read_repair",
            Action::ApplyRepair => "apply_repair",
            Action::StepRepair => "step_repair",
            Action::DecideRepair => "decide_repair",
            Action::ReadObjection => "read_objection",
            Action::FileObjection => "file_objection",
            Action::StepObjection => "step_objection",
            Action::DecideObjection => "decide_objection",
            Action::HandInPaper => "hand_in_paper",
            Action::ReadPaper => "read_paper",
            Action::ReadNational => "read_national",
            Action::KeepNational => "keep_national",
            Action::ReadActs => "read_acts",
        }
    }

    /// Whether it is asked of one item of the data list: what is allowed may differ from item to item.
    #[must_use]
    pub fn is_about_an_item(self) -> bool {
        self == Action::ReadFile
    }

    /// Whether it needs a purpose, which goes to the access journal.
    #[must_use]
    pub fn needs_a_purpose(self) -> bool {
        self == Action::ReadFile
    }
}

#[cfg(test)]
mod tests {
    use super::Action;

    #[test]
    fn every_action_has_a_code_of_its_own() {
        let codes: std::collections::BTreeSet<_> = Action::ALL.into_iter().map(Action::code).collect();
        assert_eq!(codes.len(), Action::ALL.len());
        for action in Action::ALL {
            assert_eq!(serde_json::to_value(action).unwrap(), action.code());
        }
    }
}
