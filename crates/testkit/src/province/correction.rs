//! What happens to files after they were sent: the same file again, one with a cell mended, and the same decisions from
//! another department, once equal (one more source) and once not (the owner keeps its word).

use super::file::{DepartmentFile, EXPORT, Row, Sheet, row};
use super::unit::numbered;
use super::{Department, Organisation, Plan};
use credence_domain::rulebook::Rulebook;
use jiff::ToSpan;
use jiff::civil::Date;

/// A penalty file sent in the morning, again at noon, with one cell mended in the evening of the same day, and two of its
/// rows by another department afterwards.
pub(super) fn files(plan: &Plan, rulebook: &Rulebook, organisations: &[Organisation]) -> Vec<DepartmentFile> {
    let (at, other) = (numbered(12), numbered(7));
    let received_on = plan.today.saturating_sub(30.days());
    let decided = received_on.saturating_sub(4.days());
    let troubled: Vec<&Organisation> =
        organisations.iter().filter(|o| o.registered && o.trouble > 0).take(12).collect();
    let rows = |sender: &Department, mended: Option<usize>| -> Vec<Row> {
        let rows = troubled.iter().enumerate();
        rows.map(|(number, o)| decision(o, at, sender, decided, number, mended == Some(number))).collect()
    };
    let file = |order: usize, name: &str, sender: &Department, rows: Vec<Row>| {
        let sheet = Sheet { rows };
        DepartmentFile {
            name: format!("{}-penalty-{name}.csv", sender.name),
            source_uscc: sender.uscc(),
            item: "penalty".to_owned(),
            received_on,
            order,
            rows: sheet.rows.len(),
            bytes: sheet.write(rulebook, "penalty", EXPORT),
        }
    };
    let mut copied = rows(other, Some(1));
    copied.truncate(2);
    vec![
        file(101, "原件", at, rows(at, None)),
        file(102, "重报", at, rows(at, None)),
        file(103, "更正", at, rows(at, Some(3))),
        file(104, "转报", other, copied),
    ]
}

fn decision(o: &Organisation, at: &Department, sender: &Department, decided: Date, number: usize, mended: bool) -> Row {
    row([
        ("CF_XDR_MC", o.name.clone()),
        ("CF_XDR_LB", "法人及非法人组织".to_owned()),
        ("CF_XDR_SHXYM", o.uscc.clone()),
        ("CF_FRDB", o.representative.clone()),
        ("CF_WSH", format!("{}更〔{}〕{}号", at.short, decided.year(), number + 1)),
        ("CF_WFXW", "擅自占道施工".to_owned()),
        ("CF_SY", "经查，当事人未经批准占用道路施工。".to_owned()),
        ("CF_YJ", "《城市道路管理条例》第四十二条".to_owned()),
        ("CF_CFLB", "罚款".to_owned()),
        ("CF_NR", if mended { "处以罚款（更正文字）" } else { "处以罚款" }.to_owned()),
        ("CF_NR_FK", "2".to_owned()),
        ("CF_JDRQ", decided.to_string()),
        ("CF_YXQ", "2099-12-31".to_owned()),
        ("CF_CFJG", at.name.to_owned()),
        ("CF_CFJGDM", at.uscc()),
        ("CF_SJLY", sender.name.to_owned()),
        ("CF_SJLYDM", sender.uscc()),
    ])
}
