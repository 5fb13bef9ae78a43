//! Registration files: everybody at the beginning, changes of name later.

use super::file::{DepartmentFile, EXPORT, Format, Row, SPREADSHEET, Sheet, row};
use super::{Organisation, Plan, departments};
use credence_domain::rulebook::Rulebook;
use jiff::civil::Date;

fn registration(organisation: &Organisation, name: &str) -> Row {
    row([
        ("name", name.to_owned()),
        ("uscc", organisation.uscc.clone()),
        ("established", organisation.established.to_string()),
        ("type", organisation.kind.to_owned()),
        ("capital", organisation.capital.clone()),
        ("scope", organisation.scope.to_owned()),
        ("city", organisation.area.to_owned()),
        ("status", organisation.status.to_owned()),
        ("legal_representative", organisation.representative.clone()),
    ])
}

pub(super) fn files(
    _plan: &Plan,
    rulebook: &Rulebook,
    organisations: &[Organisation],
    days: &[Date],
) -> Vec<DepartmentFile> {
    let (Some(registrar), Some(first), Some(later)) = (departments().get(1), days.first(), days.get(10)) else {
        return Vec::new();
    };
    let mut files = Vec::new();
    let mut add = |name: &str, day: Date, order, rows: Vec<Row>, format: Format| {
        let sheet = Sheet { rows };
        files.push(DepartmentFile {
            name: format!("{name}-{day}.csv"),
            source_uscc: registrar.uscc(),
            item: "registration".to_owned(),
            received_on: day,
            order,
            rows: sheet.rows.len(),
            bytes: sheet.write(rulebook, "registration", format),
        });
    };
    let registered: Vec<&Organisation> = organisations.iter().filter(|o| o.registered).collect();
    add("登记注册", *first, 0, registered.iter().map(|o| registration(o, &o.name)).collect(), EXPORT);
    let renamed = registered.iter().filter_map(|o| Some(registration(o, o.renamed.as_deref()?))).collect();
    add("登记变更", *later, 0, renamed, SPREADSHEET);
    files
}
