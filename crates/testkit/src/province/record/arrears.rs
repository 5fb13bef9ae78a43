//! Taxes, premiums and fees that were due and not paid; some are paid later, which ends the record.

use super::turn;
use crate::province::file::row;
use crate::province::scribe::{Scribe, name_in_file};
use crate::province::unit::competent;
use crate::province::{Chance, Organisation};

/// Once in seven of those in trouble.
pub(super) fn write(scribe: &mut Scribe<'_>, chance: &mut Chance, o: &Organisation, troubled: usize) {
    const KINDS: [(&str, &str, &str); 4] = [
        ("税务", "税款", "增值税"),
        ("税务", "社会保险费", "企业职工基本养老保险费"),
        ("水利", "行政事业性收费", "水土保持补偿费"),
        ("财政", "政府性基金", "文化事业建设费"),
    ];
    if !turn(troubled, 7, 6) {
        return;
    }
    let Some((sector, kind, levy)) = chance.one(&KINDS).copied() else { return };
    let at = competent(sector, o.area);
    let (decided, received) = scribe.dates(chance, at, "arrears");
    let mut filled = row([
        ("name", name_in_file(chance, o)),
        ("uscc", o.uscc.clone()),
        ("kind", kind.to_owned()),
        ("period", format!("{}-{:02}", decided.year(), decided.month())),
        ("levy_name", levy.to_owned()),
        ("amount", format!("{}.5", 1 + chance.below(200))),
        ("decided_on", decided.to_string()),
        ("document_number", scribe.number(at, "责缴", decided)),
        ("owner_name", at.name.to_owned()),
        ("owner_uscc", at.uscc()),
        ("source_name", at.name.to_owned()),
        ("source_uscc", at.uscc()),
    ]);
    scribe.put(received, at, "arrears", filled.clone());
    if chance.percent(40)
        && let Some(day) = scribe.later(at, "arrears", received)
    {
        filled.insert("removed_on", day.to_string());
        scribe.put(day, at, "arrears", filled);
    }
}
