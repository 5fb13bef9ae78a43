//! Rates of spot checks: 0 < A ≤ B ≤ C ≤ D ≤ 1 (鲁信用办〔2019〕8号 art. 九: lower, never none).

use super::{Finding, Place, version};
use crate::rulebook::rate::Rates;

/// Judges the tables.
pub(super) fn lint(place: &Place<'_>, rates: &Rates, findings: &mut Vec<Finding>) {
    for (t, table) in rates.tables.iter().enumerate() {
        let at = format!("/table/{t}");
        if rates.tables.iter().take(t).any(|earlier| earlier.code == table.code) {
            findings.push(place.finding(&format!("{at}/code"), "duplicate", format!("比例表{}重复", table.code)));
        }
        let intervals: Vec<_> = table.versions.iter().map(|v| (v.effective_from, v.effective_to)).collect();
        version::intervals(place, &format!("{at}/version"), &intervals, findings);
        for (i, edition) in table.versions.iter().enumerate() {
            let at = format!("{at}/version/{i}");
            version::named(place, &format!("{at}/basis"), &edition.basis, findings);
            if edition.basis.is_empty() {
                findings.push(place.finding(&format!("{at}/basis"), "basis_missing", "比例表没有依据"));
            }
            let (at, rate) = (format!("{at}/permille_a_year"), edition.permille_a_year);
            if rate.a == 0 {
                findings.push(place.finding(&at, "rate_zero", "A级抽查比例不得为零：可以降低，不得免除"));
            }
            if !(rate.a <= rate.b && rate.b <= rate.c && rate.c <= rate.d) {
                let reason = format!("抽查比例须逐级不减：A {} B {} C {} D {}", rate.a, rate.b, rate.c, rate.d);
                findings.push(place.finding(&at, "rates_not_monotone", reason));
            }
            if rate.d > 1000 {
                findings.push(place.finding(&at, "rate_too_high", "抽查比例以千分数计，不得超过1000"));
            }
        }
    }
}
