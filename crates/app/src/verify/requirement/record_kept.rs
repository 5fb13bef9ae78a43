//! 五, 六: what is extracted of a record is what its content and its acts say: the day of decision, the first public day, and the
//! number of its version. Everything that reads by these columns reads what the content says.

use super::{Check, FOUNDING, Requirement};
use crate::verify::Tally;
use crate::verify::case::Case;
use crate::verify::version::{Version, versions};
use credence_domain::record::value::{date_of, day_number};
use credence_store::record::Stored;
use serde_json::Value;

pub const REQUIREMENT: Requirement = Requirement {
    id: "record_kept",
    source: FOUNDING,
    article: "五",
    demand: "item, day of decision, first public day and version of every record are those of its content and its acts",
    check: Check::Record(check),
};

fn check(case: &Case<'_>, tally: &mut Tally) {
    if case.stored.state == "erased" {
        let holds = is_empty(case.stored);
        return tally.expect(holds, || case.example("it was erased and says something again"));
    }
    let versions = versions(case);
    let problem = framed(case)
        .or_else(|| numbered(case, &versions))
        .or_else(|| decided(case, &versions))
        .or_else(|| public(case, &versions));
    tally.expect(problem.is_none(), || case.example(problem.unwrap_or_default()));
}

/// What was erased keeps its place and nothing that it said.
fn is_empty(stored: &Stored) -> bool {
    let days = [
        stored.due_on,
        stored.due_by_law_on,
        stored.published_on,
        stored.from_on,
        stored.through_on,
        stored.repair_from_on,
    ];
    let texts = [
        &stored.source,
        &stored.authority,
        &stored.hold,
        &stored.class,
        &stored.pack,
        &stored.authority_area,
        &stored.registered_area,
    ];
    days.iter().all(Option::is_none)
        && texts.iter().all(|text| text.is_empty())
        && stored.decided_on == 0
        && !stored.class_stated
        && !stored.due_provisional
        && stored.version > 0
}

/// Its item, organisation and identity are those that its content was committed to with.
fn framed(case: &Case<'_>) -> Option<String> {
    let frame: Value = serde_json::from_str(&case.body?.public).ok()?;
    let said = |key: &str| frame.get(key).and_then(Value::as_str);
    let stored = case.stored;
    let identity = stored.identity.to_string();
    let kept = [("item", &stored.item), ("uscc", &stored.uscc), ("identity", &identity)];
    let wrong = kept.into_iter().find(|(key, kept)| said(key) != Some(kept.as_str()))?;
    Some(format!("its content is of {} {:?}, kept as {:?}", wrong.0, said(wrong.0), wrong.1))
}

/// Its versions are 1, 2, 3, …, in the order of the numbers of its file.
fn numbered(case: &Case<'_>, versions: &[Version<'_>]) -> Option<String> {
    let whole = versions.iter().map(|version| version.number).eq((1..).take(versions.len()));
    let rising = versions.is_sorted_by(|one, next| one.seq < next.seq);
    (!whole || !rising)
        .then(|| format!("version {} of {} kept, or in another order", case.stored.version, versions.len()))
}

fn decided(case: &Case<'_>, versions: &[Version<'_>]) -> Option<String> {
    let said = case.clocks()?.decided_on(|code| case.text(code));
    let kept = case.stored.decided_on;
    let holds = match said {
        Some(said) => day_number(said) == kept,
        // A content without a day was decided on the day on which it came.
        None => {
            versions.iter().any(|version| version.header.and_then(|header| header.as_of).map(day_number) == Some(kept))
        }
    };
    (!holds).then(|| format!("decided on {said:?}, kept as {:?}", date_of(kept)))
}

/// A version of a record that was public stays so without a gap; any other is public from the day of its act, if at all.
fn public(case: &Case<'_>, versions: &[Version<'_>]) -> Option<String> {
    let mut ever = None;
    let mut before: Option<&Version<'_>> = None;
    for version in versions {
        let today = version.header?.as_of?;
        let since = before.filter(|before| before.state == "accepted").and_then(|before| before.from_on);
        let from = since.unwrap_or_else(|| day_number(today));
        let lasts = version.through_on.is_none_or(|last| last >= day_number(today));
        let may = lasts && version.state == "accepted" && version.hold.is_empty();
        let holds = match version.from_on {
            // Whether the rules show it at all is for `period`.
            Some(kept) => may && kept == from,
            None => !may || version.dates(case, ever).is_none_or(|dates| !dates.public),
        };
        if !holds {
            return Some(format!(
                "version {} would be public from {:?} on, kept as {:?}",
                version.number,
                date_of(from),
                version.from_on.and_then(date_of)
            ));
        }
        ever = ever.or(version.from_on);
        before = Some(version);
    }
    let kept = case.stored.published_on;
    (kept != ever).then(|| format!("first public {:?}, kept as {:?}", ever.and_then(date_of), kept.and_then(date_of)))
}
