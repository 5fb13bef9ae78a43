//! Why a step of a measure is refused.

/// The rules themselves.
pub mod rule {
    use crate::listing::{Rule, rule::rules};

    rules! {
        UNLISTED = "measure_unlisted", "measure", "措施不在当日有效的清单内，严禁自行增加（鲁信用办〔2019〕8号 十三）";
        BEHAVIOUR_UNKNOWN = "behaviour_unknown", "behaviour", "清单当日没有这一行为事项（鲁信用办〔2019〕8号 十三）";
        NOT_FOR_CASE = "measure_not_for_case", "measure", "清单没有将该措施用于这一行为事项（鲁信用办〔2019〕8号 十三）";
        WRONG_BODY = "measure_wrong_body", "unit", "本单位不是清单规定的实施主体（鲁信用办〔2019〕8号 十三）";
        ONLY_INFORMS = "measure_only_informs", "measure", "该项只供自主参考，不得要求实施（国办发〔2020〕49号）";
        CAUSE_MISSING = "measure_cause_missing", "record", "没有有效的决定文书，不得采取措施（国办发〔2020〕49号）";
        CAUSE_NOT_ALLOWED = "measure_cause_not_allowed", "record", "该类文书不能认定这一行为事项";
        CAUSE_KIND = "measure_cause_kind", "record", "该决定没有作出这一行为事项所要求的处罚种类（鲁信用办〔2019〕8号 十三）";
        NOT_THEN = "measure_not_in_force_then", "measure", "作出决定之日，该措施或者行为事项尚不在有效的清单内（鲁信用办〔2019〕8号 十三）";
        SAME_PERSON = "measure_same_person", "by", "录入该决定的人不得据以决定措施（国办发〔2020〕49号 八）";
        REPEATED = "measure_running", "measure", "据同一文书已经采取这一措施，严禁叠加（国办发〔2020〕49号）";
        TERM_TOO_LONG = "measure_term_too_long", "through_on", "超过法律规定的最长期限（鲁信用办〔2019〕8号 十三）";
        TERM_RANGE = "measure_term_range", "through_on", "依据规定的是期限幅度，须写明决定所定的终止日期（鲁信用办〔2019〕8号 十三）";
        TERM_TOO_SHORT = "measure_term_too_short", "through_on", "短于依据规定的最短期限（鲁信用办〔2019〕8号 十三）";
        TERM_MISSING = "measure_term_missing", "through_on", "须写明终止日期，且不早于开始日期";
        STATE_WRONG = "measure_state_wrong", "state", "措施当前状态不允许这一步骤";
        ENDED = "measure_ended", "state", "措施已终止，不得继续实施（信用修复管理办法 三）";
        SUSPENDED = "measure_suspended", "state", "停止执行期间不得实施（行政处罚法 七十三）";
        NOT_ENDED = "measure_not_ended", "state", "措施尚未终止";
        TASK_UNKNOWN = "measure_task_unknown", "unit", "本单位没有这一措施的任务";
        ACKNOWLEDGED = "measure_acknowledged", "unit", "本单位已经签收";
        NOT_ACKNOWLEDGED = "measure_not_acknowledged", "unit", "须先签收，再反馈";
        LIFTED = "measure_lifted", "unit", "本单位已经反馈解除";
        EFFECT_MISSING = "measure_effect_missing", "effect", "须写明实施情况和效果（鲁信用办〔2019〕8号 十三）";
        NOTE_MISSING = "measure_note_missing", "note", "须写明如何解除";
        COMPLAINT_MISSING = "measure_complaint_missing", "text", "须写明投诉内容";
        COMPLAINT_UNKNOWN = "measure_complaint_unknown", "complaint", "没有这一投诉";
        COMPLAINT_ANSWERED = "measure_complaint_answered", "complaint", "该投诉已经答复";
        REASON_MISSING = "measure_reason_missing", "reason", "须写明理由";
        DAY_IN_FUTURE = "measure_day_in_future", "done_on", "日期不得晚于今天";
        DAY_TOO_EARLY = "measure_day_too_early", "done_on", "日期不得早于措施开始或者上一步骤";
    }
}
