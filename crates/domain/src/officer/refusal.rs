//! Why a step about a responsible person is refused.

/// The rules themselves; what is the same in a listing (service, statement, remedy, order of days) is refused by its rules.
pub mod rule {
    use crate::listing::{Rule, rule::rules};

    rules! {
        ROLE_UNKNOWN = "officer_role_unknown", "role", "只及于法定代表人、主要负责人、实际控制人（鲁信用办〔2019〕8号 十四）";
        NAME_MISSING = "officer_name_missing", "name", "须写明姓名";
        NUMBER_WRONG = "officer_identity_number_wrong", "identity_number", "不是居民身份证号码；没有时不填";
        EVIDENCE_MISSING = "officer_evidence_missing", "evidence", "任职须有凭据（登记档案、任免文件等）";
        DAYS_WRONG = "officer_days_wrong", "through_on", "终止日期不得早于开始日期，开始日期不得晚于今天";
        TERM_CLOSED = "officer_term_closed", "state", "该任职已经终止或者已经撤销";
        TERM_WITHDRAWN = "officer_term_withdrawn", "term", "该任职记录已经撤销，不得据以认定责任人员";
        TERM_IN_USE = "officer_term_in_use", "state", "有责任人员案件以该任职为据，须先结案";
        TERM_OF_ANOTHER = "officer_term_of_another", "term", "该任职不属于这一主体（鲁信用办〔2019〕8号 十四）";
        LISTING_MISSING = "officer_listing_missing", "listing", "该主体没有有效的列入决定，不得认定责任人员（鲁信用办〔2019〕8号 十四）";
        LISTING_ENDED = "officer_listing_ended", "listing", "列入已经终止，不得再追究责任人员（鲁信用办〔2019〕8号 十四；信用修复管理办法 三）";
        LISTING_STAYED = "officer_listing_stayed", "listing", "列入决定停止执行期间不得追究责任人员（行政处罚法 七十三）";
        WRONG_UNIT = "officer_wrong_unit", "unit", "由作出列入决定的单位办理（鲁信用办〔2019〕8号 十四）";
        CONDUCT_DAYS = "officer_conduct_days_wrong", "conduct_through_on", "行为的起止日期颠倒，或者晚于列入所依据的文书";
        APPOINTED_AFTER = "officer_appointed_after", "term", "行为发生后才任职的人员不承担责任（鲁信用办〔2019〕8号 十四）";
        NOT_IN_OFFICE = "officer_not_in_office", "term", "只能认定行为发生期间在任的人员（鲁信用办〔2019〕8号 十四）";
        GROUND_MISSING = "liability_missing", "ground", "没有法律、行政法规或者国家规定作为依据，不得追究个人（山东省社会信用条例 三十一）";
        GROUND_NOT_FOR_ROLE = "liability_not_for_role", "ground", "该依据不及于这一类责任人员（山东省社会信用条例 三十一）";
        GROUND_NOT_FOR_PENALTY = "liability_not_for_penalty", "ground", "列入所依据的处罚没有该依据所要求的处罚种类，不得追究个人（鲁信用办〔2019〕8号 十四）";
        GROUND_NOT_FOR_LIST = "liability_not_for_list", "ground", "该依据不适用于这一名单（山东省社会信用条例 三十一）";
        REPEATED = "officer_case_running", "term", "对同一人、同一列入、同一依据已有案件，不得重复追究";
        RULES_MISSING = "officer_rules_missing", "state", "规则库没有当日有效的责任人员程序";
        NAMES_PERSON = "officer_text_names_person", "text", "文字中不得写姓名或者证件号码，请以“本人”“其”代称（个人信息保护法 六）";
        NUMBER_IN_TEXT = "officer_text_has_number", "text", "文字中不得写证件号码或者电话号码（个人信息保护法 六）";
        STATE_WRONG = "officer_state_wrong", "state", "案件当前状态不允许这一步骤，程序不得跳越（行政处罚法 六十二）";
        ENDED = "officer_ended", "state", "对个人的后果已随名单或者自行终止（鲁信用办〔2019〕8号 十四）";
        OUTLASTS = "officer_outlasts_listing", "through_on", "对个人的后果不得长于名单和法定期限（鲁信用办〔2019〕8号 十四）";
        RECEIPT_MISSING = "officer_receipt_missing", "number", "移送须写明回执文号和日期（鲁信用办〔2019〕8号 十四）";
        NOTHING_TO_HAND_OVER = "officer_nothing_to_hand_over", "state", "没有待移送的事项";
        DUTY_UNKNOWN = "officer_duty_unknown", "to", "没有向其通报的任务";
        DUTY_DONE = "officer_duty_done", "to", "该项通报已经办结";
        DUTY_UNPROVED = "officer_duty_unproved", "number", "通报须写明受文单位、文号和日期（鲁信用办〔2019〕8号 十四）";
        DUTY_REPEATED = "officer_duty_repeated", "listing", "该列入已有通报任务";
        DUTY_UNFOUNDED = "officer_duty_unfounded", "because", "只通报机关事业单位、国有企业及其工作人员（鲁信用办〔2019〕8号 十四）";
        PERSON_ERASED = "officer_person_erased", "term", "该任职人员的信息已依法删除";
    }
}
