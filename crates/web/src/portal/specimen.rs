//! Invented answers for the tests of pages: a synthetic organisation with a permit, two penalties and a grade.

use credence_app::query::{Content, EvaluationView, FieldView, Law, OrganisationSummary, OrganisationView, RecordView};
use credence_domain::catalog::Nature;
use credence_domain::evaluation::{Change, ChangeKind, Grade, Line};
use credence_domain::provision::{Basis, Level};
use jiff::civil::date;

pub(super) const USCC: &str = "91379900MA0TE5T16G";

fn record(id: &str, item: &str, item_name: &str, number: &str) -> RecordView {
    let field = |code: &str, name: &str, value: &str| FieldView {
        code: code.to_owned(),
        name: name.to_owned(),
        value: value.to_owned(),
    };
    RecordView {
        id: id.to_owned(),
        item: item.to_owned(),
        item_name: item_name.to_owned(),
        nature: if item == "penalty" { Nature::Dishonesty } else { Nature::Basic },
        source: "11379900000000086M".to_owned(),
        source_name: "示范市市场监督管理局".to_owned(),
        sources: vec!["11379900000000086M".to_owned()],
        authority: "11379900000000086M".to_owned(),
        authority_name: "示范市市场监督管理局".to_owned(),
        document_number: Some(number.to_owned()),
        decided_on: Some(date(2026, 4, 10)),
        state: "accepted".to_owned(),
        class: None,
        class_stated: None,
        public_due_on: Some(date(2026, 4, 20)),
        public_due_by_law_on: Some(date(2026, 5, 11)),
        public_due_provisional: false,
        published_on: Some(date(2026, 4, 18)),
        late: false,
        late_by_law: false,
        public_from_on: Some(date(2026, 4, 18)),
        public_through_on: Some(date(2027, 4, 10)),
        days_left: Some(332),
        updated_on: Some(date(2026, 4, 18)),
        repair_from_on: None,
        version: 1,
        versions: 1,
        pack: None,
        basis: Law::from(vec![Basis {
            title: "山东省社会信用条例".to_owned(),
            article: "二十".to_owned(),
            level: Level::LocalRegulation,
            unverified: false,
        }]),
        content: Content::default(),
        withheld: Vec::new(),
        marks: Vec::new(),
        fields: vec![
            field("A", "行政相对人名称", "示范机械制造有限公司"),
            field("B", "决定书文号", number),
            field("C", "违法行为类型", "未按规定标注产品标识"),
            field(
                "D",
                "违法事实",
                "当事人生产的产品未按照规定标注生产日期，货值金额一万二千元，没有违法所得，已自行改正并向机关提交说明。",
            ),
            field("E", "罚款金额（万元）", "1.2"),
        ],
        proof: None,
    }
}

/// The organisation with its records.
pub(super) fn organisation() -> OrganisationView {
    let permit = record("p1", "permit", "行政许可", "示市监许〔2026〕7号");
    let penalty = RecordView {
        class: Some("general".to_owned()),
        class_stated: Some(false),
        late: true,
        late_by_law: true,
        repair_from_on: Some(date(2026, 7, 11)),
        ..record("n1", "penalty", "行政处罚", "示市监罚〔2026〕1号")
    };
    let provisional = RecordView {
        class: Some("minor".to_owned()),
        class_stated: Some(true),
        public_due_provisional: true,
        days_left: Some(0),
        ..record("n2", "penalty", "行政处罚", "示市监罚〔2026〕2号")
    };
    OrganisationView {
        summary: OrganisationSummary {
            uscc: USCC.to_owned(),
            name: "示范机械制造有限公司".to_owned(),
            status: "存续".to_owned(),
            registered: true,
            area: "示范市高新区".to_owned(),
            kind: "有限责任公司".to_owned(),
            established_on: Some(date(2012, 3, 4)),
        },
        former_names: vec!["示范机床厂".to_owned()],
        may_be_evaluated: true,
        as_of: date(2026, 5, 13),
        records: vec![penalty, provisional, permit],
    }
}

/// Its evaluation.
pub(super) fn evaluation() -> EvaluationView {
    EvaluationView {
        uscc: USCC.to_owned(),
        as_of: date(2026, 5, 13),
        model: Some("demonstration".to_owned()),
        notice: Some("演示模型，仅用于虚构主体。".to_owned()),
        disclosure: Some("演示地区公示示例模型的评价".to_owned()),
        rulebook: "00".to_owned(),
        grade: Some("B"),
        word: Some("良"),
        base: Some(100),
        points: Some(88),
        lines: vec![Line {
            record: "n1".to_owned(),
            item: "penalty".to_owned(),
            source: "11379900000000086M".to_owned(),
            article: "一般失信行为".to_owned(),
            points: -12,
        }],
        marks: Vec::new(),
        would_change: vec![Change {
            kind: ChangeKind::Date,
            on: Some(date(2027, 4, 11)),
            record: None,
            grade: Grade::A,
            points: 100,
        }],
        national: None,
        reason: None,
    }
}

/// No evaluation.
pub(super) fn no_evaluation() -> EvaluationView {
    EvaluationView {
        model: None,
        notice: None,
        grade: None,
        word: None,
        base: None,
        points: None,
        lines: Vec::new(),
        would_change: Vec::new(),
        national: None,
        reason: Some("unregistered"),
        ..evaluation()
    }
}
