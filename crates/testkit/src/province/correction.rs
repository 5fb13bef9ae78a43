//! What happens to files after they were sent: the same file again, and one with a cell mended.

use super::file::{DepartmentFile, EXPORT, Sheet, row};
use super::{Organisation, Plan, departments};
use credence_domain::rulebook::Rulebook;
use jiff::ToSpan;

/// A penalty file sent in the morning, again at noon, and with one cell mended in the evening of the same day.
pub(super) fn files(plan: &Plan, rulebook: &Rulebook, organisations: &[Organisation]) -> Vec<DepartmentFile> {
    let Some(at) = departments().get(11) else { return Vec::new() };
    let received_on = plan.today.saturating_sub(30.days());
    let decided = received_on.saturating_sub(4.days());
    let sheet = |mended: bool| {
        let troubled = organisations.iter().filter(|o| o.registered && o.trouble > 0).take(12);
        let rows = troubled.enumerate().map(|(number, o)| {
            let content = if mended && number == 3 { "处以罚款（更正文字）" } else { "处以罚款" };
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
                ("CF_NR", content.to_owned()),
                ("CF_NR_FK", "2".to_owned()),
                ("CF_JDRQ", decided.to_string()),
                ("CF_YXQ", "2099-12-31".to_owned()),
                ("CF_CFJG", at.name.to_owned()),
                ("CF_CFJGDM", at.uscc()),
                ("CF_SJLY", at.name.to_owned()),
                ("CF_SJLYDM", at.uscc()),
            ])
        });
        Sheet { rows: rows.collect() }
    };
    let file = |(order, name, mended): (usize, &str, bool)| {
        let sheet = sheet(mended);
        DepartmentFile {
            name: format!("{}-penalty-{name}.csv", at.name),
            source_uscc: at.uscc(),
            item: "penalty".to_owned(),
            received_on,
            order,
            rows: sheet.rows.len(),
            bytes: sheet.write(rulebook, "penalty", EXPORT),
        }
    };
    [(101, "原件", false), (102, "重报", false), (103, "更正", true)].into_iter().map(file).collect()
}
