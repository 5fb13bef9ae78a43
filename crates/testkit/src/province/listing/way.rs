//! The ways that cases go: which steps are taken how many days before today. Every state is among them, and every way out.

use super::Case;
use credence_domain::rulebook::Rulebook;
use serde_json::{Value, json};

/// A way.
pub(super) struct Way {
    /// What becomes of the case.
    pub(super) name: &'static str,
    /// Days before today on which its document arrives; it was made three days earlier.
    pub(super) ground: i64,
    /// Days before today of the proposal.
    pub(super) proposed: i64,
    /// Days before today on which the document is revoked.
    pub(super) falls: Option<i64>,
    /// Happens in these days: nothing of it is moved back.
    pub(super) recent: bool,
    /// Lasts through a whole term.
    pub(super) longest: bool,
    /// Leaves its list by a repair, which the lists of market regulators know.
    pub(super) by_repair: bool,
    /// Honours.
    pub(super) incentive: bool,
    /// The steps after the proposal.
    pub(super) steps: fn(&Case<'_>, &Rulebook) -> Vec<Value>,
}

const WAY: Way = Way {
    name: "",
    ground: 0,
    proposed: 0,
    falls: None,
    recent: false,
    longest: false,
    by_repair: false,
    incentive: false,
    steps: |_, _| Vec::new(),
};

/// Every way; a small province has the first ones.
pub(super) static WAYS: [Way; 16] = [
    Way { name: "listed", ground: 220, proposed: 210, steps: listed_and_warned, ..WAY },
    Way { name: "statement", ground: 12, proposed: 4, recent: true, steps: statement, ..WAY },
    Way { name: "proposed", ground: 9, proposed: 2, recent: true, steps: reminded, ..WAY },
    Way { name: "contested", ground: 130, proposed: 125, steps: contested, ..WAY },
    Way { name: "hearing_asked", ground: 20, proposed: 6, recent: true, steps: hearing_asked, ..WAY },
    Way { name: "stayed", ground: 240, proposed: 232, steps: stayed, ..WAY },
    Way { name: "not_listed", ground: 160, proposed: 150, steps: not_listed, ..WAY },
    Way { name: "ground_fell", ground: 100, proposed: 95, falls: Some(91), steps: |c, _| served(c, 94), ..WAY },
    Way { name: "term", ground: 1165, proposed: 1160, longest: true, steps: term, ..WAY },
    Way { name: "repair", ground: 470, proposed: 462, by_repair: true, steps: repaired, ..WAY },
    Way { name: "remedy", ground: 320, proposed: 312, steps: revoked, ..WAY },
    Way { name: "honoured", ground: 90, proposed: 80, incentive: true, steps: honoured, ..WAY },
    Way { name: "hearing_held", ground: 280, proposed: 272, steps: heard, ..WAY },
    Way {
        name: "listed_ground_fell",
        ground: 400,
        proposed: 392,
        falls: Some(310),
        steps: |c, r| decided(c, r, 391),
        ..WAY
    },
    Way { name: "changed", ground: 350, proposed: 342, steps: changed, ..WAY },
    Way { name: "taken_back", ground: 70, proposed: 62, steps: taken_back, ..WAY },
];

/// Who speaks for the party.
const PARTY: &str = "demo-organisation";

/// A step of somebody on a day.
fn step(case: &Case<'_>, back: i64, by: &str, step: Value) -> Value {
    json!({ "on": case.day(back).to_string(), "by": by, "step": step })
}

fn serve(case: &Case<'_>, back: i64) -> Value {
    let mode = if case.way.incentive { "prior_publication" } else { "direct" };
    let delivery = json!({ "mode": mode, "on": case.day(back).to_string(), "proof": "送达回证（示例）" });
    step(case, back, &case.proposer(), json!({ "act": "serve", "delivery": delivery }))
}

/// Service of a letter after the first: to the party itself.
fn serve_letter(case: &Case<'_>, back: i64) -> Value {
    let delivery = json!({ "mode": "post", "on": case.day(back).to_string(), "proof": "邮寄回执（示例）" });
    step(case, back, &case.proposer(), json!({ "act": "serve", "delivery": delivery }))
}

fn served(case: &Case<'_>, back: i64) -> Vec<Value> {
    vec![serve(case, back)]
}

/// Where the days to answer are not known yet, the party gives its statement up: else nobody could decide.
fn waived(case: &Case<'_>, rulebook: &Rulebook, back: i64) -> Option<Value> {
    let provisional = rulebook.calendar.due(case.day(back), 5).provisional;
    let waive = json!({ "act": "waive", "on": case.day(back).to_string(), "proof": "书面声明（示例）" });
    provisional.then(|| step(case, back, PARTY, waive))
}

fn list(case: &Case<'_>, back: i64) -> Value {
    let day = case.day(back);
    let findings = if case.way.incentive {
        json!({ "nature": "长期守信（示例）", "circumstances": "多年无失信记录（示例）", "harm": "无危害，示范作用明显（示例）" })
    } else {
        json!({ "nature": "明知违法仍然实施（示例）", "circumstances": "持续时间长、数额大（示例）", "harm": "社会影响较大（示例）" })
    };
    let consent = format!("上级机关同意〔{}〕{}号（示例）", day.year(), case.number + 1);
    let list = json!({ "act": "list", "findings": findings, "measures": case.matter.measures, "consent": consent });
    step(case, back, &case.decider(), list)
}

/// Served, decided twenty days later, and the decision served.
fn decided(case: &Case<'_>, rulebook: &Rulebook, back: i64) -> Vec<Value> {
    let mut steps = served(case, back);
    steps.extend(waived(case, rulebook, back));
    steps.extend([list(case, back - 20), serve_letter(case, back - 21)]);
    steps
}

fn state(case: &Case<'_>, back: i64) -> Value {
    let state =
        json!({ "act": "state", "on": case.day(back).to_string(), "text": "已停止违法行为并主动消除影响（示例）" });
    step(case, back, PARTY, state)
}

fn answer(case: &Case<'_>, back: i64, accepted: bool, reason: &str) -> Value {
    let answer = json!({ "act": "answer", "statement": 1, "accepted": accepted, "reason": reason });
    step(case, back, &case.proposer(), answer)
}

fn file(case: &Case<'_>, back: i64, kind: &str) -> (String, Value) {
    let day = case.day(back);
    let number = format!(
        "{}〔{}〕{}号（示例）",
        if kind == "litigation" { "行初" } else { "行复" },
        day.year(),
        case.number + 1
    );
    let body = if kind == "litigation" { "云海市中级人民法院" } else { "云海市人民政府（示例）" };
    let filed = json!({ "kind": kind, "number": number, "body": body, "on": day.to_string() });
    (number, step(case, back, PARTY, json!({ "act": "file_remedy", "filed": filed })))
}

fn ruling(case: &Case<'_>, back: i64, number: &str, outcome: &Value) -> Value {
    let ruling =
        json!({ "act": "decide_remedy", "number": number, "on": case.day(back).to_string(), "outcome": outcome });
    step(case, back, &case.decider(), with_paper(case, ruling))
}

/// The same step with the paper of the body that ruled, by its digest.
fn with_paper(case: &Case<'_>, mut step: Value) -> Value {
    if let Some(said) = step.as_object_mut() {
        let digest = format!("{:064x}", case.number + 1);
        said.insert("papers".to_owned(), json!([{ "name": "裁判文书（示例）.pdf", "digest": digest }]));
    }
    step
}

fn talk(case: &Case<'_>, back: i64, kind: &str, talk_back: i64) -> Value {
    let talk_on = case.day(talk_back).to_string();
    let talk = json!({ "act": "notify_talk", "kind": kind, "talk_on": talk_on, "place": "示范大厅二楼",
                       "matter": "督促履行义务、消除不良影响" });
    step(case, back, &case.proposer(), talk)
}

fn listed_and_warned(case: &Case<'_>, rulebook: &Rulebook) -> Vec<Value> {
    let mut steps = decided(case, rulebook, 209);
    steps.push(talk(case, 120, "warning", 110));
    let held = json!({ "act": "hold_talk", "letter": "", "on": case.day(110).to_string(), "minutes": "约谈笔录（示例）",
                       "attended": true, "undertaking": "三十日内整改到位（示例）" });
    steps.push(step(case, 110, &case.proposer(), held));
    steps
}

fn statement(case: &Case<'_>, _: &Rulebook) -> Vec<Value> {
    vec![serve(case, 3), state(case, 1)]
}

fn reminded(case: &Case<'_>, _: &Rulebook) -> Vec<Value> {
    vec![talk(case, 1, "reminder", -3)]
}

fn contested(case: &Case<'_>, rulebook: &Rulebook) -> Vec<Value> {
    let mut steps = vec![serve(case, 124), state(case, 122)];
    steps.extend(waived(case, rulebook, 121));
    steps.extend([
        answer(case, 115, false, "不影响对行为性质的认定（示例）"),
        list(case, 104),
        serve_letter(case, 100),
    ]);
    steps.push(file(case, 60, "reconsideration").1);
    steps
}

fn hearing_asked(case: &Case<'_>, _: &Rulebook) -> Vec<Value> {
    let asked = json!({ "act": "ask_hearing", "on": case.day(2).to_string() });
    vec![serve(case, 5), step(case, 2, PARTY, asked)]
}

fn stayed(case: &Case<'_>, rulebook: &Rulebook) -> Vec<Value> {
    let mut steps = decided(case, rulebook, 231);
    let (number, filed) = file(case, 90, "litigation");
    let stay = json!({ "act": "stay", "number": number, "on": case.day(80).to_string() });
    steps.extend([filed, step(case, 80, &case.decider(), with_paper(case, stay))]);
    steps
}

fn not_listed(case: &Case<'_>, rulebook: &Rulebook) -> Vec<Value> {
    let mut steps = vec![serve(case, 149), state(case, 146)];
    steps.extend(waived(case, rulebook, 145));
    steps.push(answer(case, 140, true, "证据充分（示例）"));
    let dismiss = json!({ "act": "dismiss", "reason": "有证据足以证明没有主观故意（示例）" });
    steps.extend([step(case, 129, &case.decider(), dismiss), serve_letter(case, 127)]);
    steps
}

fn removed(case: &Case<'_>, back: i64, cause: &Value) -> [Value; 2] {
    let remove = json!({ "act": "remove", "cause": cause });
    [step(case, back, &case.decider(), remove), serve_letter(case, back - 2)]
}

fn term(case: &Case<'_>, rulebook: &Rulebook) -> Vec<Value> {
    let mut steps = decided(case, rulebook, 1159);
    steps.extend(removed(case, 30, &json!({ "cause": "term" })));
    steps
}

fn repaired(case: &Case<'_>, rulebook: &Rulebook) -> Vec<Value> {
    let mut steps = decided(case, rulebook, 461);
    // The repair of its entry is applied for, accepted and granted: that removes it.
    steps.extend([
        step(
            case,
            60,
            "demo-approver",
            json!({ "repair": format!("示窗〔{}〕{}号（示例）", case.day(60).year(), case.number + 1) }),
        ),
        serve_letter(case, 58),
    ]);
    steps
}

fn revoked(case: &Case<'_>, rulebook: &Rulebook) -> Vec<Value> {
    let mut steps = decided(case, rulebook, 311);
    let (number, filed) = file(case, 250, "litigation");
    steps.extend([filed, ruling(case, 150, &number, &json!({ "outcome": "revoked" })), serve_letter(case, 148)]);
    steps
}

fn changed(case: &Case<'_>, rulebook: &Rulebook) -> Vec<Value> {
    let mut steps = decided(case, rulebook, 341);
    let (number, filed) = file(case, 280, "reconsideration");
    let kept: Vec<&str> = case.matter.measures.iter().copied().take(1).collect();
    let through = case.day(-200).to_string();
    let outcome = json!({ "outcome": "changed", "measures": kept, "through_on": through });
    steps.extend([filed, ruling(case, 180, &number, &outcome)]);
    steps
}

fn honoured(case: &Case<'_>, rulebook: &Rulebook) -> Vec<Value> {
    decided(case, rulebook, 79)
}

fn heard(case: &Case<'_>, rulebook: &Rulebook) -> Vec<Value> {
    let asked = json!({ "act": "ask_hearing", "on": case.day(269).to_string() });
    let call = json!({ "act": "notify_hearing", "hearing_on": case.day(243).to_string(), "time": "09:30",
                       "place": "示范大厅三楼", "presided_by": "听证主持人（示例）" });
    let held = json!({ "act": "hold_hearing", "minutes": "听证笔录（示例）", "attended": true });
    let mut steps = vec![serve(case, 271), step(case, 269, PARTY, asked), step(case, 268, &case.proposer(), call)];
    steps.extend([serve_letter(case, 267), step(case, 243, &case.proposer(), held)]);
    steps.extend(waived(case, rulebook, 242));
    steps.extend([list(case, 240), serve_letter(case, 238)]);
    steps
}

fn taken_back(case: &Case<'_>, _: &Rulebook) -> Vec<Value> {
    let withdraw = json!({ "act": "withdraw", "reason": "当事人已自行纠正，撤回建议（示例）" });
    vec![serve(case, 61), step(case, 50, &case.proposer(), withdraw)]
}
