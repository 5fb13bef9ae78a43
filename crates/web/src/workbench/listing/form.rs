//! The forms of a case: which fields a step has, in which states it may follow, who sees it; and how what came becomes a step.

use credence_app::listing::Doing;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A form for one step.
pub(crate) struct Form {
    /// Code of the step.
    pub(crate) act: &'static str,
    /// What is done.
    pub(crate) title: &'static str,
    /// States in which it may follow.
    pub(crate) states: &'static [&'static str],
    /// For list deciders alone.
    pub(crate) decides: bool,
    /// The organisation itself may do it.
    pub(crate) of_the_party: bool,
    /// What else the step says without being asked.
    fixed: &'static [(&'static str, &'static str)],
    /// Its fields.
    pub(crate) fields: &'static [Field],
}

impl Form {
    /// Whether files may come with it.
    pub(crate) fn takes_files(&self) -> bool {
        let removal = self.act == "remove" && self.fixed.contains(&("cause.cause", "repair"));
        removal
            || matches!(self.act, "serve" | "state" | "waive" | "file_remedy" | "stay" | "lift_stay" | "decide_remedy")
    }

    /// Whether staff bring a paper with it: a waiver, and what a body ruled.
    pub(crate) fn needs_files(&self) -> bool {
        matches!(self.act, "waive" | "stay" | "lift_stay" | "decide_remedy")
    }
}

/// A field: name in the step, with dots for what lies within; label; form.
pub(crate) struct Field(pub(crate) &'static str, pub(crate) &'static str, pub(crate) Kind);

/// How a field is filled in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One line.
    Text,
    /// Several lines.
    Long,
    /// A date.
    Day,
    /// A tick.
    Yes,
    /// A number.
    Number,
    /// A date that may be left out.
    MayDay,
    /// A time of day.
    Time,
    /// Ticks at measures: those that the list allows, or those that stand.
    Measures(Which),
    /// One of the ways out that the decision names.
    Exit,
    /// One of these.
    Choice(&'static [(&'static str, &'static str)]),
}

/// Which measures are offered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// Those that the list of measures lets follow an entry of this list.
    Possible,
    /// Those of the decision that stand.
    Standing,
}

impl Field {
    /// What one may choose from; nothing for other kinds.
    pub(crate) fn choices(&self) -> &'static [(&'static str, &'static str)] {
        if let Kind::Choice(choices) = self.2 { choices } else { &[] }
    }

    /// Name of the kind, as the page asks.
    pub(crate) fn kind(&self) -> &'static str {
        match self.2 {
            Kind::Text => "text",
            Kind::Long => "long",
            Kind::Day | Kind::MayDay => "date",
            Kind::Time => "time",
            Kind::Measures(Which::Possible) => "possible",
            Kind::Measures(Which::Standing) => "standing",
            Kind::Exit => "exit",
            Kind::Yes => "yes",
            Kind::Number => "number",
            Kind::Choice(_) => "choice",
        }
    }
}

const MODES: Kind = Kind::Choice(&[
    ("direct", "直接送达"),
    ("left", "留置送达"),
    ("post", "邮寄送达"),
    ("announcement", "公告送达"),
    ("electronic", "电子送达"),
    ("prior_publication", "事先公示"),
]);
const OPEN: &[&str] = &["proposed", "notified"];
const NOTIFIED: &[&str] = &["notified"];
const LISTED: &[&str] = &["listed"];

/// What is said of every service.
const DELIVERY: &[Field] = &[
    Field("delivery.mode", "送达方式", MODES),
    Field("delivery.on", "送达或者公告日期", Kind::Day),
    Field("delivery.proof", "凭证", Kind::Text),
    Field("delivery.consent", "同意电子送达的确认书", Kind::Text),
];

/// What nearly every form is: anybody's who takes steps, and nothing that is not asked.
const STEP: Form =
    Form { act: "", title: "", states: &[], decides: false, of_the_party: false, fixed: &[], fields: &[] };

/// Every form, in the order of a case's life.
pub(crate) static FORMS: &[Form] = &[
    Form {
        act: "serve",
        title: "登记送达",
        states: &["proposed", "listed", "not_listed", "delisted"],
        fields: DELIVERY,
        ..STEP
    },
    Form {
        act: "state",
        title: "登记陈述、申辩",
        states: NOTIFIED,
        of_the_party: true,
        fields: &[Field("on", "提出日期", Kind::Day), Field("text", "内容", Kind::Long)],
        ..STEP
    },
    Form {
        act: "answer",
        title: "复核陈述、申辩",
        states: NOTIFIED,
        fields: &[
            Field("statement", "第几次陈述", Kind::Number),
            Field("accepted", "予以采纳", Kind::Yes),
            Field("reason", "理由", Kind::Long),
        ],
        ..STEP
    },
    Form {
        act: "waive",
        title: "登记明确放弃陈述、申辩",
        states: NOTIFIED,
        of_the_party: true,
        fields: &[Field("on", "日期", Kind::Day), Field("proof", "凭证", Kind::Text)],
        ..STEP
    },
    Form {
        act: "ask_hearing",
        title: "登记要求听证",
        states: NOTIFIED,
        of_the_party: true,
        fields: &[Field("on", "要求日期", Kind::Day)],
        ..STEP
    },
    Form {
        act: "notify_hearing",
        title: "通知听证",
        states: NOTIFIED,
        fields: &[
            Field("hearing_on", "举行日期", Kind::Day),
            Field("time", "时间", Kind::Time),
            Field("place", "地点", Kind::Text),
            Field("presided_by", "主持人", Kind::Text),
        ],
        ..STEP
    },
    Form { act: "serve", title: "登记听证通知书送达", states: NOTIFIED, fields: DELIVERY, ..STEP },
    Form {
        act: "hold_hearing",
        title: "登记听证",
        states: NOTIFIED,
        fields: &[Field("minutes", "笔录", Kind::Long), Field("attended", "当事人到场", Kind::Yes)],
        ..STEP
    },
    Form {
        act: "list",
        title: "决定列入",
        states: NOTIFIED,
        decides: true,
        fields: &[
            Field("findings.nature", "行为性质", Kind::Long),
            Field("findings.circumstances", "情节", Kind::Long),
            Field("findings.harm", "危害后果", Kind::Long),
            Field("measures", "惩戒措施", Kind::Measures(Which::Possible)),
            Field("consent", "上级同意的文书号", Kind::Text),
        ],
        ..STEP
    },
    Form {
        act: "dismiss",
        title: "决定不予列入",
        states: NOTIFIED,
        decides: true,
        fields: &[Field("reason", "理由", Kind::Long)],
        ..STEP
    },
    Form {
        act: "withdraw", title: "撤回建议", states: OPEN, fields: &[Field("reason", "理由", Kind::Long)], ..STEP
    },
    Form {
        act: "file_remedy",
        title: "登记复议、诉讼",
        states: &["listed", "delisted"],
        of_the_party: true,
        fields: &[
            Field("filed.kind", "种类", Kind::Choice(&[("reconsideration", "行政复议"), ("litigation", "行政诉讼")])),
            Field("filed.number", "案号", Kind::Text),
            Field("filed.body", "受理机关", Kind::Text),
            Field("filed.on", "日期", Kind::Day),
        ],
        ..STEP
    },
    Form {
        act: "stay",
        title: "登记停止执行",
        states: LISTED,
        decides: true,
        fields: &[Field("number", "案号", Kind::Text), Field("on", "日期", Kind::Day)],
        ..STEP
    },
    Form {
        act: "lift_stay",
        title: "登记恢复执行",
        states: LISTED,
        decides: true,
        fields: &[Field("number", "案号", Kind::Text), Field("on", "日期", Kind::Day)],
        ..STEP
    },
    Form {
        act: "decide_remedy",
        title: "登记复议、诉讼结果",
        states: &["listed", "delisted"],
        decides: true,
        fields: &[
            Field("number", "案号", Kind::Text),
            Field("on", "日期", Kind::Day),
            Field(
                "outcome.outcome",
                "结果",
                Kind::Choice(&[("upheld", "维持"), ("changed", "变更"), ("revoked", "撤销")]),
            ),
            Field("outcome.measures", "变更后保留的措施", Kind::Measures(Which::Standing)),
            Field("outcome.through_on", "变更后的公示截止日期", Kind::MayDay),
        ],
        ..STEP
    },
    Form {
        act: "notify_talk",
        title: "通知约谈",
        states: &["proposed", "notified", "listed"],
        fields: &[
            Field("kind", "种类", Kind::Choice(&[("reminder", "提示约谈"), ("warning", "警示约谈")])),
            Field("talk_on", "约谈日期", Kind::Day),
            Field("place", "地点", Kind::Text),
            Field("matter", "事由", Kind::Long),
        ],
        ..STEP
    },
    Form {
        act: "hold_talk",
        title: "登记约谈",
        states: &["proposed", "notified", "listed"],
        fields: &[
            Field("letter", "通知书文号", Kind::Text),
            Field("on", "日期", Kind::Day),
            Field("minutes", "笔录", Kind::Long),
            Field("attended", "当事人到场", Kind::Yes),
            Field("undertaking", "承诺", Kind::Long),
        ],
        ..STEP
    },
    Form {
        act: "remove",
        title: "按移出条件移出",
        states: LISTED,
        decides: true,
        fixed: &[("cause.cause", "repair")],
        fields: &[
            Field("cause.exit", "移出方式", Kind::Exit),
            Field("cause.document", "准予修复的案件号，或者本机关移出决定的文号", Kind::Text),
        ],
        ..STEP
    },
    Form {
        act: "remove",
        title: "异议成立移出",
        states: LISTED,
        decides: true,
        fixed: &[("cause.cause", "objection")],
        fields: &[Field("cause.document", "成立的异议案件号", Kind::Text)],
        ..STEP
    },
    Form {
        act: "remove", title: "期满移出", states: LISTED, decides: true, fixed: &[("cause.cause", "term")], ..STEP
    },
];

/// The step that a form says; nothing where it is none.
pub(crate) fn doing(form: &BTreeMap<String, String>) -> Option<Doing> {
    let number: usize = form.get("form")?.parse().ok()?;
    let of = FORMS.get(number.checked_sub(1)?)?;
    let mut step = Map::from_iter([("act".to_owned(), Value::from(of.act))]);
    for (name, value) in of.fixed {
        put(&mut step, name, Value::from(*value));
    }
    for Field(name, _, kind) in of.fields {
        let said = form.get(*name).map_or("", |value| value.trim());
        let value = match kind {
            Kind::MayDay if said.is_empty() => continue,
            Kind::Yes => Value::from(!said.is_empty()),
            Kind::Number => Value::from(said.parse::<u32>().ok()?),
            Kind::Measures(_) => ticked(form, name),
            Kind::Text | Kind::Long | Kind::Day | Kind::MayDay | Kind::Time | Kind::Exit | Kind::Choice(_) => {
                Value::from(said)
            }
        };
        put(&mut step, name, value);
    }
    serde_json::from_value(Value::Object(step)).ok()
}

/// What was ticked of a field: `NAME:CODE`, for each of its codes.
fn ticked(form: &BTreeMap<String, String>, name: &str) -> Value {
    form.keys().filter_map(|key| key.strip_prefix(name)?.strip_prefix(':')).collect()
}

fn put(step: &mut Map<String, Value>, name: &str, value: Value) {
    match name.split_once('.') {
        None => drop(step.insert(name.to_owned(), value)),
        Some((outer, inner)) => {
            let within = step.entry(outer).or_insert_with(|| Value::Object(Map::new()));
            if let Some(within) = within.as_object_mut() {
                put(within, inner, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use credence_domain::listing::Outcome;

    #[test]
    fn every_form_says_a_step_that_can_be_read() {
        for (at, form) in FORMS.iter().enumerate() {
            let filled = form.fields.iter().map(|field| {
                let value = match field.2 {
                    Kind::Day | Kind::MayDay => "2026-05-06".to_owned(),
                    Kind::Time => "09:30".to_owned(),
                    Kind::Number => "1".to_owned(),
                    Kind::Choice(choices) => choices[0].0.to_owned(),
                    _ => "内容".to_owned(),
                };
                (field.0.to_owned(), value)
            });
            let mut sent: BTreeMap<String, String> = filled.collect();
            sent.insert("form".to_owned(), (at + 1).to_string());
            let step = doing(&sent).unwrap_or_else(|| panic!("{}", form.title));
            assert_eq!(step.decides(), form.decides, "{}", form.title);
            assert_eq!(step.is_of_the_party(), form.of_the_party, "{}", form.title);
        }
        assert!(doing(&BTreeMap::new()).is_none());
    }

    #[test]
    fn a_ruling_that_changes_keeps_what_is_ticked_and_may_bring_the_end_forward() {
        let at = FORMS.iter().position(|form| form.act == "decide_remedy").unwrap() + 1;
        let said =
            [("number", "复1号"), ("on", "2026-05-06"), ("outcome.outcome", "changed"), ("outcome.measures:a", "yes")];
        let mut sent: BTreeMap<String, String> = said.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        sent.insert("form".to_owned(), at.to_string());
        for through in [None, Some("2027-05-06")] {
            sent.insert("outcome.through_on".to_owned(), through.unwrap_or_default().to_owned());
            let Some(Doing::DecideRemedy { outcome: Outcome::Changed { measures, through_on }, .. }) = doing(&sent)
            else {
                panic!("{sent:?}");
            };
            assert_eq!((measures, through_on.map(|day| day.to_string()).as_deref()), (vec!["a".to_owned()], through));
        }
    }
}
