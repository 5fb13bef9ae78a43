//! Why a step of a case is refused.

/// The rules themselves.
pub mod rule {
    use crate::listing::{Rule, rule::rules};

    rules! {
        GROUND_MISSING = "objection_ground_missing", "ground", "须写明异议、投诉或者申辩的内容（山东省社会信用条例 三十九）";
        GROUND_TOO_LONG = "objection_ground_too_long", "ground", "内容超过规定的字数";
        CONTESTED_MISSING = "objection_contested_missing", "contested", "须写明对什么有异议：内容、公示和期限、不予修复、归属，投诉写明办理（信用修复管理办法 十八）";
        FIELD_UNKNOWN = "objection_field_unknown", "claims", "该记录没有这一字段";
        EVIDENCE_INVALID = "objection_evidence_invalid", "evidence", "证据须写明名称和文件摘要（SHA-256，64位十六进制）";
        REFERENCE_MISSING = "objection_reference_missing", "channel", "代为登记的须写明纸质材料编号或者国家网站编号";
        PERSONAL_TEXT = "objection_personal_text", "ground", "公开的申辩不得含有身份证号、电话号码等个人信息（山东省社会信用条例 四十二）";
        REPLY_STANDING = "objection_reply_standing", "record", "该记录已有申辩，须先撤下";
        APPEAL_INSTEAD = "objection_appeal_instead", "record", "该异议已经答复，不服答复的请在期限内申请复核";
        STATE_WRONG = "objection_state_wrong", "state", "案件当前状态不允许这一步骤";
        CLOSED = "objection_closed", "state", "案件已经办结";
        NOT_OTHERS = "objection_not_others", "unit", "该记录属于本单位，无须转办";
        WRONG_UNIT = "objection_wrong_unit", "unit", "这一步骤由其他单位办理（山东省社会信用条例 三十九）";
        ACCEPTED = "objection_accepted", "state", "本单位已经受理";
        NOT_ACCEPTED = "objection_not_accepted", "state", "须先受理，方可延长核查（信用修复管理办法 十八）";
        EXTENDED = "objection_extended", "state", "核查已经延长过一次";
        EXTENSION_LATE = "objection_extension_late", "until_on", "延长须在期限届满前告知（信用修复管理办法 十八）";
        EXTENSION_SHORT = "objection_extension_short", "until_on", "延长后的期限须晚于原期限";
        FINDING_MISSING = "objection_finding_missing", "text", "须写明核查情况（山东省社会信用条例 三十九）";
        DAY_IN_FUTURE = "objection_day_in_future", "received_on", "日期不得晚于今天";
        DAY_TOO_EARLY = "objection_day_too_early", "on", "日期不得早于上一步骤";
        NOT_CHECKED = "objection_not_checked", "state", "提供单位尚未核查，不得作出答复（山东省社会信用条例 三十九）";
        AGAINST_FINDING = "objection_against_finding", "remedies", "提供单位核查不属实，未经其同意不得更正（鲁信用办〔2019〕8号 十八）";
        SAME_PERSON = "objection_same_person", "by", "核查人不得作出答复";
        REASON_MISSING = "objection_reason_missing", "reason", "须写明理由";
        REMEDY_MISSING = "objection_remedy_missing", "remedies", "异议成立或者部分成立的，须写明如何更正";
        REMEDY_NOT_ALLOWED = "objection_remedy_not_allowed", "remedies", "不成立的不得更正，投诉不更正记录";
        CHANGE_EMPTY = "objection_change_empty", "remedies", "更正后的内容与原内容相同，或者没有字段";
        IDENTITY_FIELD = "objection_identity_field", "remedies", "该字段决定记录的归属，不能更正，应当撤回后重新报送";
        RECORD_NOT_CORRECTABLE = "objection_record_not_correctable", "remedies", "该记录由名单案件公示或者已经终止，只能撤下，不能更正";
        APPEAL_LATE = "objection_appeal_late", "state", "申请复核的期限已过";
        INVOLVED = "objection_involved", "by", "复核由未参与本案办理的人员和单位作出（鲁信用办〔2019〕8号 十八）";
        NOT_REFERRED = "objection_not_referred", "state", "复核尚未移送未参与本案的单位";
    }
}
