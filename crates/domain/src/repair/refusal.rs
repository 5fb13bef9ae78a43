//! Why a step of a repair is refused.

use crate::listing::{Refusal, Rule};
use crate::publicity;
use jiff::civil::Date;

/// The rules themselves.
pub mod rule {
    use crate::listing::{Rule, rule::rules};

    rules! {
        NOT_PUBLIC = "repair_not_public", "record", "该记录不公示，无需修复（信用修复管理办法 三）";
        BARRED = "repair_barred", "record", "该类处罚不予修复，公示期届满自行停止（市场监督管理信用修复管理办法 八）";
        NO_APPLICATION = "repair_no_application", "record", "该记录到期自行停止公示或者由名单认定机关移出，不需申请（市场监督管理信用修复管理办法 七）";
        ENDED = "repair_ended", "record", "公示期已届满，公示已自行停止（信用修复管理办法 十二）";
        NO_EARLY_END = "repair_no_early_end", "record", "准予的修复已被撤销，公示期自撤销之日重新计算，不得提前停止公示（市场监督管理信用修复管理办法 二十三）";
        BARRED_AFTER_FAULT = "repair_barred_after_fault", "record", "曾提供虚假材料或者违背承诺，三年内不得申请修复（信用修复管理办法 二十五）";
        TOO_EARLY = "repair_too_early", "record", "最短公示期尚未届满（信用修复管理办法 十二、十四）";
        BEFORE_TERM_END = "repair_before_term_end", "record", "处罚规定的期限尚未届满，不得提前停止公示（信用修复管理办法 十二）";
        NOT_RECTIFIED = "repair_not_rectified", "rectified", "须已纠正失信行为并履行全部义务，写明如何履行（信用修复管理办法 十四）";
        NO_COMMITMENT = "repair_no_commitment", "letter", "须公开作出信用承诺（信用修复管理办法 十四；鲁信用办〔2019〕8号 四）";
        PROCEDURE_UNKNOWN = "repair_procedure_unknown", "record", "申请之日没有适用于该记录的修复程序";
        RUNNING = "repair_running", "record", "该记录已有修复申请正在办理";
        REPAIRED = "repair_done", "record", "该记录已经修复，不得再次申请";
        UNVERIFIED_AUTHORITY = "repair_authority_unknown", "record", "作出决定的机关不在单位目录中，不能办理（谁认定、谁修复）";
        LETTER_UNKNOWN = "repair_letter_unknown", "letter", "规则库没有当日有效的信用修复承诺书";
        LETTER_CLAUSE_MISSING = "repair_letter_clause_missing", "letter", "承诺书缺少必备条款（鲁信用办〔2019〕8号 四）";
        LETTER_CLAUSE_UNKNOWN = "repair_letter_clause_unknown", "letter", "承诺书没有这一条款";
        LETTER_DAY = "repair_letter_day_wrong", "letter", "承诺书的签署日期不得晚于申请日期";
        PAPER_MISSING = "repair_paper_missing", "papers", "缺少必备材料（信用修复管理办法 十五）";
        PAPER_UNKNOWN = "repair_paper_unknown", "papers", "没有这一种材料";
        PAPER_DIGEST = "repair_paper_digest_wrong", "papers", "材料摘要须是64位十六进制的SHA-256";
        REFERENCE_MISSING = "repair_reference_missing", "reference", "代为录入须写明纸质申请编号或者全国窗口的编号";
        WINDOW_DAY = "repair_window_day_wrong", "window_on", "窗口收到申请的日期不得晚于今天";
        OPINION_MISSING = "repair_opinion_missing", "opinion", "须写明审查意见";
        MISSING_TWICE = "repair_missing_named_twice", "missing", "需要补正的内容应当一次告知（信用修复管理办法 十六）";
        MISSING_UNNAMED = "repair_missing_unnamed", "missing", "须写明需要补正的内容";
        WRONG_UNIT = "repair_wrong_unit", "unit", "由作出决定的机关办理修复（信用修复管理办法 十三：谁认定、谁修复）";
        WRONG_WINDOW = "repair_wrong_window", "unit", "由信用工作机构的窗口审查并推送";
        SAME_PERSON = "repair_same_person", "by", "录入、审查、受理和决定须由不同人员办理（鲁信用办〔2019〕8号 十五）";
        EXTENDED_TWICE = "repair_extended_twice", "state", "办理期限只能延长一次（信用修复管理办法 十六）";
        EXTENSION_UNKNOWN = "repair_extension_unknown", "state", "该程序没有延长办理期限的规定";
        REASON_MISSING = "repair_reason_missing", "reason", "须说明理由（信用修复管理办法 十六）";
        REMEDY_MISSING = "repair_remedy_missing", "remedies", "须告知救济途径（信用修复管理办法 十八、十九）";
        FINDINGS_MISSING = "repair_findings_missing", "findings", "须写明核查情况";
        CONDITION_MISSING = "repair_condition_missing", "conditions", "准予修复须逐项核查各项条件，没有核查的不得准予（信用修复管理办法 十四）";
        CONDITION_UNKNOWN = "repair_condition_unknown", "conditions", "没有这一项条件";
        FACTS_MISSING = "repair_facts_missing", "facts", "须写明查明的事实";
        FAULT_WRONG = "repair_fault_wrong", "fault", "该情形与案件状态不符";
        SANCTION_UNKNOWN = "repair_sanction_unknown", "fault", "申请之日适用的规定没有撤销修复的后果";
        REVOCATION_MISSING = "repair_revocation_missing", "state", "没有提出撤销：须先提出并书面告知拟作出的决定、事实、理由和依据（行政处罚法 四十四、六十二）";
        REVOCATION_RUNNING = "repair_revocation_running", "state", "已经提出撤销，在决定撤销或者终止之前不办理其他事项";
        REVOCATION_SAME_PERSON = "repair_revocation_by_proposer", "by", "提出撤销的人不得决定撤销或者终止（鲁信用办〔2019〕8号 十五）";
        RULING_MISSING = "repair_ruling_missing", "ruling", "须写明人民法院和裁定书案号（信用修复管理办法 二十）";
        RULING_DAY = "repair_ruling_day_wrong", "ruling", "裁定书的日期不得晚于今天，执行结果的裁定不得早于批准、认可的裁定";
        PLAN_UNKNOWN = "repair_plan_unknown", "plan", "申请之日没有重整、和解期间临时屏蔽的规定（信用修复管理办法 二十，2026年4月1日起）";
        PLAN_WRONG = "repair_plan_wrong", "plan", "重整、和解期间的申请只办理临时屏蔽，不予受理为普通修复；普通申请不办理临时屏蔽（信用修复管理办法 二十）";
        PLAN_RUNNING = "repair_plan_running", "completed", "该记录在重整计划或者和解协议执行期间临时屏蔽；执行完毕后，凭人民法院确认执行完毕的裁定申请修复（信用修复管理办法 二十）";
        NO_SHIELD = "repair_no_shield", "completed", "该记录没有临时屏蔽";
        MEASURE_OTHER = "repair_measure_other", "kept", "该措施不是据这一记录采取的";
        STATE_WRONG = "repair_state_wrong", "state", "案件当前状态不允许这一步骤，程序不得跳越";
        DAY_TOO_EARLY = "repair_day_too_early", "on", "日期不得早于上一步骤";
    }
}

/// A refusal of [`publicity::repair_eligibility`] as a step's; the earliest day is named where one is known.
#[must_use]
pub fn of_publicity(reason: publicity::Refusal, earliest: Option<Date>) -> Refusal {
    use publicity::Refusal as Reason;
    let rule: &'static Rule = match reason {
        Reason::NotPublic => &rule::NOT_PUBLIC,
        Reason::KindNotRepairable => &rule::BARRED,
        Reason::NoApplication => &rule::NO_APPLICATION,
        Reason::AlreadyEnded => &rule::ENDED,
        Reason::NoEarlyEnd => &rule::NO_EARLY_END,
        Reason::BarredAfterFalsePapers => &rule::BARRED_AFTER_FAULT,
        Reason::BeforeMinEnd => &rule::TOO_EARLY,
        Reason::BeforeTermEnd => &rule::BEFORE_TERM_END,
        Reason::NotRectified => &rule::NOT_RECTIFIED,
        Reason::NoCommitment => &rule::NO_COMMITMENT,
    };
    earliest.map_or_else(|| rule.refuse(), |day| rule.because(format!("最早{day}")))
}
