//! Why a step is refused: one line a rule, with the field to look at and the law behind it.

use std::fmt;

/// A rule that a step can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable code.
    pub code: &'static str,
    /// The field of the request that breaks it.
    pub field: &'static str,
    /// What it asks, in Chinese, with its basis.
    pub text: &'static str,
}

/// A step that the rules do not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The rule.
    pub rule: &'static Rule,
    /// What is special here: a day, a name; empty where the rule says it all.
    pub detail: String,
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.rule.code
    }

    /// The field.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        self.rule.field
    }

    /// What to do, in Chinese.
    #[must_use]
    pub fn told(&self) -> String {
        if self.detail.is_empty() { self.rule.text.to_owned() } else { format!("{}：{}", self.rule.text, self.detail) }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.told())
    }
}

impl Rule {
    /// A refusal by this rule.
    #[must_use]
    pub const fn refuse(&'static self) -> Refusal {
        Refusal { rule: self, detail: String::new() }
    }

    /// A refusal by this rule, with what is special here.
    #[must_use]
    pub fn because(&'static self, detail: impl Into<String>) -> Refusal {
        Refusal { rule: self, detail: detail.into() }
    }

    /// Refuses unless something holds.
    ///
    /// # Errors
    /// When it does not hold.
    pub const fn demand(&'static self, holds: bool) -> Result<(), Refusal> {
        if holds { Ok(()) } else { Err(self.refuse()) }
    }
}

/// The rules themselves.
pub mod rule {
    use super::Rule;

    /// A table of rules: a line each, and all of them in order.
    macro_rules! rules {
        ($($name:ident = $code:literal, $field:literal, $text:literal;)*) => {
            $(#[doc = $text] pub static $name: Rule = Rule { code: $code, field: $field, text: $text };)*
            /// Every rule, in order.
            pub static ALL: &[&Rule] = &[$(&$name),*];
        };
    }
    pub(crate) use rules;

    rules! {
        LIST_UNKNOWN = "list_unknown", "list", "规则库没有当日有效的该名单（信用修复管理办法 四）";
        LIST_MIRRORED = "list_mirrored", "list", "该名单由其他机关认定，本平台不作认定";
        CRITERION_UNKNOWN = "criterion_unknown", "criterion", "名单没有这一列入标准（国办发〔2020〕49号 七）";
        FACTS_MISSING = "facts_missing", "facts", "须写明列入事由的事实（国办发〔2020〕49号 八）";
        BASE_MISSING = "base_document_missing", "bases", "须有发生法律效力的文书，不得仅凭次数累计列入（国办发〔2020〕49号 八）";
        BASE_REPEATED = "base_document_repeated", "bases", "同一文书列举了两次";
        BASE_NOT_ALLOWED = "base_document_not_allowed", "bases", "该类文书不是本名单的列入依据（名单管理办法）";
        BASE_OF_ANOTHER = "base_document_of_another", "bases", "该文书不属于这一主体";
        BASE_MINOR = "base_document_minor", "bases", "轻微失信信息无论多少都不得作为列入依据（信用修复管理办法 七、八；国办发〔2020〕49号 八）";
        BASE_TOO_LIGHT = "base_document_too_light", "bases", "该处罚不属于本名单规定的较重行政处罚（名单管理办法）";
        BASE_NOT_IN_FORCE = "base_document_not_in_force", "bases", "该文书已被撤销、撤回、修复或者停止执行，不得作为列入依据（国办发〔2020〕49号 八）";
        BASE_NOT_OF_CASE = "base_document_not_of_case", "base", "该文书不是本案的列入依据";
        BASE_USED = "listing_base_used", "bases", "同一文书已经据以作出过列入处理，不得再次据此列入；须有新的文书并重新告知（国办发〔2020〕49号 八；行政复议法 六十四；行政诉讼法 七十一）";
        ORDER_UNPROVED = "listing_order_unproved", "ordered", "依复议、裁判重新作出的，须写明撤销原列入决定的案号并附该文书（行政复议法 六十四；行政诉讼法 七十）";
        ORGAN_WRONG = "deciding_organ_wrong", "unit", "本单位不是该名单的认定机关，不得提出建议或者作出决定（国办发〔2020〕49号 七）";
        STATE_WRONG = "listing_state_wrong", "state", "案件当前状态不允许这一步骤，程序不得跳越（行政处罚法 六十二）";
        DELISTED = "listing_removed", "state", "已移出名单，不得恢复；须有新的文书并重新告知（国办发〔2020〕49号 八）";
        ENDED = "listing_ended", "state", "名单期限已届满，公示和措施已自行终止（信用修复管理办法 十二）";
        TERM_RUNNING = "listing_term_running", "cause", "名单期限尚未届满（信用修复管理办法 十二）";
        NOT_SERVED = "notice_not_served", "state", "事先告知书尚未送达，不得作出决定（行政处罚法 四十四、六十二）";
        SERVICE_MODE_UNKNOWN = "service_mode_unknown", "mode", "不是法定的送达方式（行政处罚法 六十一）";
        SERVICE_PROOF_MISSING = "service_proof_missing", "proof", "送达须有凭证（民事诉讼法；行政处罚法 六十一）";
        SERVICE_CONSENT_MISSING = "service_consent_missing", "consent", "电子送达须经当事人同意并签订确认书（行政处罚法 六十一）";
        SERVICE_NOT_COUNTED = "service_not_counted", "on", "公告期满方视为送达（民事诉讼法；行政处罚法 六十一）";
        SERVED_ALREADY = "served_already", "letter", "该文书已经送达";
        LETTER_MISSING = "letter_missing", "letter", "须写明文书号";
        DAY_IN_FUTURE = "day_in_future", "on", "日期不得晚于今天";
        DAY_TOO_EARLY = "day_too_early", "on", "日期不得早于此前的步骤";
        DAY_NOT_WRITTEN = "day_out_of_order", "on", "步骤的日期早于上一步骤";
        STATEMENT_MISSING = "statement_missing", "statement", "须写明陈述、申辩的内容（行政处罚法 四十五）";
        STATEMENT_LATE = "statement_late", "on", "陈述、申辩期限已过，视为放弃（名单管理办法）";
        STATEMENT_UNKNOWN = "statement_unknown", "statement", "没有这一陈述、申辩";
        STATEMENT_ANSWERED = "statement_answered", "statement", "该陈述、申辩已经答复";
        STATEMENT_OPEN = "statement_open", "statement", "陈述、申辩尚未复核答复，不得作出决定（行政处罚法 四十五、六十二）";
        ANSWER_MISSING = "answer_missing", "reason", "复核须写明是否采纳及理由（行政处罚法 四十五）";
        ANSWER_PERIOD_RUNNING = "answer_period_running", "state", "陈述、申辩期限尚未届满，当事人也未明确放弃（行政处罚法 六十二）";
        WAIVED_ALREADY = "waived_already", "state", "当事人已明确放弃陈述、申辩";
        WAIVER_UNFOUNDED = "waiver_unfounded", "proof", "放弃陈述、申辩须由当事人明确表示并留存凭证（行政处罚法 六十二）";
        WAIVER_PAPER_MISSING = "waiver_paper_missing", "papers", "由工作人员登记放弃的，须附当事人声明的文件或者摘要值（行政处罚法 六十二）";
        WAIVER_BY_PROPOSER = "waiver_by_proposer", "by", "提出建议的人不得登记当事人放弃陈述、申辩（行政处罚法 六十二；国办发〔2020〕49号 八）";
        HEARING_ASKED = "hearing_asked_already", "state", "已要求听证";
        HEARING_NOT_ASKED = "hearing_not_asked", "state", "当事人没有要求听证（行政处罚法 六十四）";
        HEARING_LATE = "hearing_late", "on", "要求听证的期限已过（行政处罚法 六十四）";
        HEARING_HELD = "hearing_held_already", "state", "听证已经举行";
        HEARING_OPEN = "hearing_open", "state", "当事人要求听证，听证尚未举行，不得作出决定（行政处罚法 六十三至六十五）";
        HEARING_PERSON = "hearing_by_proposer", "by", "听证须由提出列入建议以外的人员主持（行政处罚法 六十四）";
        HEARING_NOTICE_SHORT = "hearing_notice_short", "notified_on", "举行听证的七个工作日前须通知当事人（行政处罚法 六十四、八十五）";
        HEARING_NOT_CALLED = "hearing_not_called", "state", "听证通知书送达后才能举行听证（行政处罚法 六十四）";
        HEARING_PLACE_MISSING = "hearing_place_missing", "place", "听证通知书须写明时间、地点（行政处罚法 六十四）";
        HEARING_DIFFERS = "hearing_differs", "on", "听证的日期、主持人与通知书不符（行政处罚法 六十四）";
        MINUTES_MISSING = "minutes_missing", "minutes", "须有笔录（行政处罚法 六十四；山东省社会信用条例 四十一）";
        SAME_PERSON = "decider_is_proposer", "by", "提出列入建议的人不得作出决定（国办发〔2020〕49号 八）";
        NATURE_MISSING = "finding_nature_missing", "nature", "决定须认定行为性质并说明理由（鲁信用办〔2019〕8号 十二）";
        CIRCUMSTANCES_MISSING = "finding_circumstances_missing", "circumstances", "决定须认定情节并说明理由（鲁信用办〔2019〕8号 十二）";
        HARM_MISSING = "finding_harm_missing", "harm", "决定须认定危害后果并说明理由（鲁信用办〔2019〕8号 十二）";
        FINDING_REPEATED = "finding_repeated", "harm", "性质、情节、危害须分别认定，不得照抄（鲁信用办〔2019〕8号 十二）";
        REASON_MISSING = "reason_missing", "reason", "须写明理由";
        MEASURE_NOT_IN_LIST = "measure_not_in_list", "measures", "措施不在清单内，或者清单当日没有将其用于本名单，严禁自行增加（鲁信用办〔2019〕8号 十三）";
        MEASURE_REPEATED = "measure_repeated", "measures", "同一措施列举了两次，严禁叠加（国办发〔2020〕49号）";
        CONSENT_MISSING = "consent_missing", "consent", "该级单位作出决定须经上一级机关同意并写明文书号（名单管理办法）";
        EXIT_MISSING = "exit_missing_in_decision", "exits", "决定须写明移出条件和程序（国办发〔2020〕49号 七）";
        REMEDY_MISSING = "remedy_missing_in_decision", "remedies", "决定须写明救济措施（国办发〔2020〕49号 七）";
        TERM_UNKNOWN = "term_unknown", "list", "规则包没有给出公示期限，不得公示";
        EXIT_UNKNOWN = "exit_unknown", "exit", "决定书没有写明这一移出方式";
        EXIT_TOO_EARLY = "exit_too_early", "on", "尚未到可以移出的日期";
        CAUSE_UNPROVED = "cause_unproved", "document", "移出须写明所依据的文书号";
        NOT_REPAIRED = "removal_without_repair", "document", "该名单记录没有准予信用修复的案件，不得按修复移出（信用修复管理办法 十六）";
        REMOVAL_PAPER_MISSING = "removal_paper_missing", "papers", "该名单记录由认定机关决定移出，须附移出决定或者核查材料的文件或者摘要值（失信行为纠正后的信用信息修复管理办法（试行））";
        NOT_UPHELD = "removal_without_objection", "document", "该名单记录没有成立的异议案件，不得按异议移出（信用修复管理办法 十八；山东省社会信用条例 三十九）";
        BASE_STANDS = "base_document_stands", "record", "该文书仍然有效，没有被撤销、撤回，不得据此移出（国办发〔2020〕49号 八）";
        REMOVAL_BY_PROPOSER = "remover_is_proposer", "by", "提出列入建议的人不得决定修复和异议（国办发〔2020〕49号）";
        REMEDY_NUMBER_MISSING = "remedy_number_missing", "number", "须写明复议、诉讼的案号和受理机关";
        REMEDY_PAPER_MISSING = "remedy_paper_missing", "papers", "登记停止执行、恢复执行和复议、诉讼结果，须附该裁判、决定的文件或者摘要值（行政复议法 四十二、七十五；行政诉讼法 五十六）";
        REMEDY_SAME_PERSON = "remedy_by_filer", "by", "登记复议、诉讼的人不得登记其停止执行和结果（国办发〔2020〕49号 八）";
        REMEDY_REPEATED = "remedy_repeated", "number", "该复议、诉讼已经登记";
        REMEDY_UNKNOWN = "remedy_unknown", "number", "没有登记这一复议、诉讼";
        RULING_NUMBER_MISSING = "remedy_ruling_number_missing", "document", "须写明复议决定书、裁判文书的文号";
        REMEDY_DECIDED = "remedy_decided", "number", "该复议、诉讼已有结果";
        STAYED_ALREADY = "stayed_already", "number", "已经停止执行";
        NOT_STAYED = "not_stayed", "number", "没有停止执行";
        STAY_IGNORED = "stay_in_force", "state", "停止执行期间不得公示或者采取措施（行政处罚法 七十三；信用修复管理办法 十九）";
        OUTCOME_WIDENS = "outcome_widens", "measures", "变更只能减轻：不得增加措施或者延长期限（行政复议法 六十三）";
        TALK_UNKNOWN = "talk_unknown", "talk", "没有通知过这一约谈";
        TALK_HELD = "talk_held_already", "talk", "该约谈已经举行";
        TALK_PLACE_MISSING = "talk_place_missing", "place", "约谈须写明事由和地点（山东省社会信用条例 四十一）";
        LETTER_PLACE_EMPTY = "letter_place_empty", "letter", "文书缺少应当写明的内容";
        LETTER_TEMPLATE_MISSING = "letter_template_missing", "letter", "规则库没有当日有效的文书模板";
    }
}
