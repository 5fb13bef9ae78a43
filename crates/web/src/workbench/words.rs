//! Chinese words of the workbench for codes of the interface.

use credence_domain::access::{IncidentState, MisuseRule};
use credence_domain::listing::{Event, Outcome};
use credence_domain::objection::{Duty, Found};

/// State of a batch.
pub(crate) fn batch_state(code: &str) -> &'static str {
    match code {
        "queued" => "等待处理",
        "running" => "处理中",
        "done" => "已办结",
        "held" => "待放行",
        "failed" => "无法处理",
        "withdrawn" => "已撤回",
        _ => "未知",
    }
}

/// The way by which a batch came.
pub(crate) fn channel(code: &str) -> &'static str {
    match code {
        "http" => "接口",
        "file" => "文件",
        "database" => "前置库",
        "cli" => "命令行",
        "demo" => "演示",
        _ => "其他",
    }
}

/// Kind of a proposal.
pub(crate) fn proposal_kind(code: &str) -> &'static str {
    match code {
        "account" => "开户授权",
        "account_reset" => "重置密码",
        "key" => "签发密钥",
        "batch_withdrawal" => "撤回批次",
        "merge" => "采用名称",
        "erasure" => "依法删除",
        "enactment" => "启用规则",
        _ => "其他",
    }
}

/// Stored state of a record.
pub(crate) fn record_state(code: &str) -> &'static str {
    match code {
        "accepted" => "已接受",
        "held" => "暂缓公示",
        "hidden" => "停止公示",
        "withdrawn" => "已撤回",
        "repaired" => "已修复",
        "erased" => "已依法删除",
        _ => "未知",
    }
}

/// State of a case of a listing.
pub(crate) fn listing_state(code: &str) -> &'static str {
    match code {
        "proposed" => "已提出",
        "notified" => "已告知",
        "listed" => "已列入",
        "not_listed" => "不予列入",
        "withdrawn" => "已撤回",
        "delisted" => "已移出",
        _ => "未知",
    }
}

/// A step of a case of a listing.
pub(crate) fn listing_step(code: &str) -> &'static str {
    match code {
        "proposed" => "提出列入建议",
        "notice_served" => "送达事先告知书",
        "stated" => "陈述、申辩",
        "answered" => "复核陈述、申辩",
        "waived" => "明确放弃陈述、申辩",
        "hearing_asked" => "要求听证",
        "hearing_notified" => "通知听证",
        "hearing_served" => "送达听证通知书",
        "hearing_held" => "举行听证",
        "listed" => "决定列入并公示",
        "not_listed" => "决定不予列入",
        "withdrawn" => "撤回建议",
        "decision_served" => "送达决定书",
        "base_revoked" => "所依据的文书失效",
        "remedy_filed" => "申请复议、提起诉讼",
        "stayed" => "停止执行",
        "stay_lifted" => "恢复执行",
        "remedy_decided" => "复议、诉讼结果",
        "talk_notified" => "通知约谈",
        "talk_held" => "约谈",
        "removed" => "移出",
        "restored" => "恢复列入",
        _ => "未知",
    }
}

/// State of a measure in force.
pub(crate) fn measure_state(code: &str) -> &'static str {
    match code {
        "running" => "实施中",
        "suspended" => "停止执行",
        "ended" => "已终止",
        _ => "未知",
    }
}

/// How far a unit is with a measure.
pub(crate) fn measure_task(code: &str) -> &'static str {
    match code {
        "dispatched" => "待签收",
        "acknowledged" => "已签收",
        "reported" => "已反馈",
        "lifted" => "已解除",
        _ => "未知",
    }
}

/// A step of a measure.
pub(crate) fn measure_step(code: &str) -> &'static str {
    match code {
        "begun" => "采取措施并派发",
        "acknowledged" => "签收",
        "reported" => "反馈",
        "suspended" => "停止执行",
        "resumed" => "恢复执行",
        "shortened" => "缩短期限",
        "ended" => "终止并告知各实施单位",
        "lifted" => "解除",
        "complained" => "投诉",
        "complaint_answered" => "答复投诉",
        _ => "未知",
    }
}

/// State of a repair.
pub(crate) fn repair_state(code: &str) -> &'static str {
    match code {
        "applied" => "窗口审查中",
        "arrived" => "待受理",
        "wanting" => "待补正",
        "accepted" => "核查中",
        "shielded" => "计划执行期间临时屏蔽",
        "restored" => "计划未执行成功，已恢复",
        "completed" => "计划执行完毕",
        "granted" => "已修复",
        "not_accepted" => "不予受理",
        "refused" => "不予修复",
        "withdrawn" => "已撤回",
        "stopped" => "已终止",
        "revoked" => "已撤销",
        _ => "未知",
    }
}

/// How an application for repair came.
pub(crate) fn repair_channel(code: &str) -> &'static str {
    match code {
        "account" => "主体账户",
        "paper" => "纸质申请，代为录入",
        "national" => "全国窗口",
        _ => "未知",
    }
}

/// A clock of a repair.
pub(crate) fn repair_clock(code: &str) -> &'static str {
    match code {
        "push" => "窗口推送",
        "accept" => "受理",
        "decide" => "决定",
        "shield" => "临时屏蔽",
        "revoke" => "决定是否撤销",
        "answer" => "窗口答复（一般）",
        _ => "未知",
    }
}

/// How a clock stands.
pub(crate) fn clock_state(code: &str) -> &'static str {
    match code {
        "running" => "办理中",
        "overdue" => "逾期未办",
        "met" => "按期办结",
        "late" => "逾期办结",
        "stopped" => "不再计算",
        _ => "未知",
    }
}

/// Whether a subscriber has followed a repair.
pub(crate) fn follower_state(code: &str) -> &'static str {
    match code {
        "acknowledged" => "已同步",
        "waiting" => "等待确认",
        "late" => "逾期未同步",
        _ => "未知",
    }
}

/// A way of service.
pub(crate) fn service_mode(code: &str) -> &'static str {
    match code {
        "direct" => "直接送达",
        "left" => "留置送达",
        "post" => "邮寄送达",
        "announcement" => "公告送达",
        "electronic" => "电子送达",
        _ => "未知",
    }
}

/// A step of a repair.
pub(crate) fn repair_step(code: &str) -> &'static str {
    match code {
        "applied" => "申请",
        "pushed" => "审查并推送",
        "papers_asked" => "告知补正",
        "supplemented" => "补正材料",
        "accepted" => "受理",
        "not_accepted" => "不予受理",
        "extended" => "延长办理期限",
        "shielded" => "临时屏蔽",
        "plan_failed" => "计划未执行成功，恢复公示",
        "plan_completed" => "计划执行完毕",
        "granted" => "准予修复",
        "refused" => "不予修复",
        "withdrawn" => "撤回申请",
        "stopped" => "终止",
        "revoked" => "撤销修复",
        "decision_served" => "送达决定文书",
        "remedy_filed" => "登记复议、诉讼",
        "remedy_ruled" => "登记复议、诉讼结果",
        "revocation_proposed" => "提出撤销",
        "revocation_served" => "送达撤销告知书",
        "revocation_stated" => "陈述、申辩",
        "revocation_waived" => "明确放弃陈述、申辩",
        "revocation_dropped" => "终止撤销程序",
        _ => "未知",
    }
}

/// Where an objection, complaint or reply stands.
pub(crate) fn objection_state(code: &str) -> &'static str {
    match code {
        "filed" => "已收到",
        "pushed" => "提供单位核查中",
        "checked" => "已核查，待答复",
        "decided" => "已答复，可以申请复核",
        "appealed" => "复核中",
        "closed" => "已办结",
        "withdrawn" => "已撤回",
        "printed" => "已刊登",
        "refused" => "不予刊登",
        _ => "未知",
    }
}

/// A step of an objection, complaint or reply.
pub(crate) fn objection_step(code: &str) -> &'static str {
    match code {
        "filed" => "收到",
        "joined" => "补充，并入本案",
        "pushed" => "转提供单位",
        "accepted" => "受理",
        "extended" => "告知延长",
        "checked" => "核查",
        "decided" => "答复",
        "appealed" => "申请复核",
        "referred" => "移送复核单位",
        "appeal_decided" => "复核决定",
        "decision_served" => "送达答复文书",
        "remedy_filed" => "登记复议、诉讼",
        "remedy_ruled" => "登记复议、诉讼结果",
        "withdrawn" => "撤回",
        "printed" => "刊登",
        "refused" => "不予刊登",
        _ => "未知",
    }
}

/// What a clock waits for.
pub(crate) fn objection_duty(duty: &Duty) -> &'static str {
    match duty {
        Duty::Push => "推送",
        Duty::Handle => "答复",
        Duty::Check => "核查",
        Duty::Report => "报告文书撤销",
        Duty::Appeal => "复核",
        Duty::Review => "审核申辩",
    }
}

/// Where a clock stands.
pub(crate) fn objection_clock(code: &str) -> &'static str {
    match code {
        "running" => "进行中",
        "overdue" => "逾期",
        "met" => "按期",
        "late" => "逾期完成",
        "stopped" => "终止",
        _ => "未知",
    }
}

/// What the owner found.
pub(crate) fn objection_found(found: &Found) -> &'static str {
    match found {
        Found::Right => "属实",
        Found::PartlyRight => "部分属实",
        Found::Unfounded => "不属实",
    }
}

/// What a file about a responsible person is.
pub(crate) fn officer_kind(code: &str) -> &'static str {
    match code {
        "term" => "任职",
        "case" => "责任人员案件",
        "duty" => "通报任务",
        _ => "未知",
    }
}

/// An office.
pub(crate) fn officer_role(code: &str) -> &'static str {
    match code {
        "legal_representative" => "法定代表人",
        "principal" => "主要负责人",
        "actual_controller" => "实际控制人",
        _ => "未知",
    }
}

/// Why those above are informed.
pub(crate) fn officer_because(code: &str) -> &'static str {
    match code {
        "public_body" => "机关事业单位",
        "state_enterprise" => "国有企业",
        "official" => "机关事业单位、国有企业工作人员",
        _ => "未知",
    }
}

/// State of a file about a responsible person.
pub(crate) fn officer_state(code: &str) -> &'static str {
    match code {
        "in_office" => "在任",
        "left" => "已离任",
        "withdrawn" => "已撤销",
        "proposed" => "已提出建议",
        "notified" => "已告知",
        "decided" => "已决定",
        "suspended" => "停止执行",
        "dismissed" => "不予追究",
        "ended" => "已终止",
        "open" => "待通报",
        "closed" => "已办结",
        _ => "未知",
    }
}

/// A step about a responsible person.
pub(crate) fn officer_step(code: &str) -> &'static str {
    match code {
        "entered" => "登记任职",
        "left" => "离任",
        "withdrawn" => "撤销",
        "erased" => "依法删除个人信息",
        "proposed" => "提出建议",
        "notice_served" => "送达事先告知书",
        "stated" => "陈述、申辩",
        "answered" => "复核陈述、申辩",
        "waived" => "明确放弃陈述、申辩",
        "decided" => "决定追究",
        "dismissed" => "决定不予追究",
        "decision_served" => "送达决定书",
        "handed_over" => "移送并收到回执",
        "remedy_filed" => "申请复议、提起诉讼",
        "stayed" => "停止执行",
        "stay_lifted" => "恢复执行",
        "remedy_decided" => "复议、诉讼结果",
        "rested" => "随名单停止执行",
        "resumed" => "随名单恢复执行",
        "shortened" => "缩短期限",
        "ended" => "终止",
        "arose" => "登记通报任务",
        "informed" => "通报",
        _ => "未知",
    }
}

/// What was said or written in a step, for whoever works on it; nothing where its name says all.
pub(crate) fn listing_said(event: &Event) -> String {
    let came = |attended: bool| if attended { "当事人到场" } else { "当事人未到场" };
    match event {
        Event::NoticeServed { service, .. } | Event::HearingServed { service } | Event::DecisionServed { service } => {
            format!("{}，{}，凭证：{}", service.letter, service.served_on, service.proof)
        }
        Event::Stated { text, .. } => text.clone(),
        Event::Answered { statement, accepted, reason } => {
            let taken = if *accepted { "采纳" } else { "不采纳" };
            format!("对第{statement}次陈述：{taken}。{reason}")
        }
        Event::Waived { proof, .. } => format!("凭证：{proof}"),
        Event::HearingNotified { letter, hearing_on, time, place, presided_by } => {
            let time = format!("{}时{:02}分", time.hour(), time.minute());
            format!("{letter}，{hearing_on} {time}，{place}，主持人{presided_by}")
        }
        Event::HearingHeld { presided_by, minutes, attended, .. } => {
            format!("主持人{presided_by}，{}。{minutes}", came(*attended))
        }
        Event::Listed { letter, .. } | Event::Removed { letter, .. } => letter.clone(),
        Event::Restored { document, through_on, .. } => format!("修复已撤销（{document}），公示至{through_on}"),
        Event::NotListed { letter, reason, .. } => format!("{letter}。{reason}"),
        Event::Withdrawn { reason } => reason.clone(),
        Event::BaseRevoked { document, .. } => document.clone(),
        Event::RemedyFiled { filed } => format!("{}，{}，{}", filed.kind.name(), filed.number, filed.body),
        Event::Stayed { number, .. } | Event::StayLifted { number, .. } => number.clone(),
        Event::RemedyDecided { number, outcome, .. } => {
            let ended = match outcome {
                Outcome::Upheld => "维持",
                Outcome::Changed { .. } => "变更",
                Outcome::Revoked => "撤销",
            };
            format!("{number}：{ended}")
        }
        Event::TalkNotified { letter, talk_on, place, matter, .. } => format!("{letter}，{talk_on}，{place}。{matter}"),
        Event::TalkHeld { letter, minutes, attended, undertaking, .. } => {
            let undertaken = if undertaking.is_empty() { String::new() } else { format!("。承诺：{undertaking}") };
            format!("{letter}，{}。{minutes}{undertaken}", came(*attended))
        }
        Event::Proposed { .. } | Event::HearingAsked { .. } => String::new(),
    }
}

/// Rule of an incident.
pub(crate) fn misuse_rule(code: &str) -> &'static str {
    MisuseRule::from_code(code).map_or("其他", MisuseRule::name)
}

/// State of an incident.
pub(crate) fn incident_state(state: &IncidentState) -> &'static str {
    match state {
        IncidentState::Open => "待接办",
        IncidentState::Taken => "办理中",
        IncidentState::HandedOver => "已移送",
        IncidentState::Dismissed => "不属滥用",
        IncidentState::Closed => "已办结",
    }
}
