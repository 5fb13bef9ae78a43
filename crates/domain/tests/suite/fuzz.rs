//! The parsers of this crate given rubbish and mutations of what they expect: the properties are those of `fuzz/`.

use crate::files::{shipped, shipped_files};

#[path = "../../../../fuzz/src/mutate.rs"]
mod mutate;
#[path = "../../../../fuzz/src/domain.rs"]
mod targets;

use mutate::feed;

fn seeds(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

#[test]
fn codes() {
    let spelled =
        ["91379900MA0TE5T16G", " 91379900ma0te5t16g", "９１３７９９００ＭＡ０ＴＥ５Ｔ１６Ｇ", "91379900MA0TE5T16", ""];
    feed(targets::uscc, &seeds(&spelled), 2_000);
}

#[test]
fn values() {
    let spelled =
        ["2026-04-10", "2026/4/9", "20260410", "2026年4月10日", "-12.345678", "1,234.5", "00ff", "9999-12-31"];
    feed(targets::value, &seeds(&spelled), 4_000);
}

#[test]
fn canonical_json() {
    let spelled = [r#"{"b":[1,-2,null,true],"a":{"行":"\u0001\ud83d\ude00"}}"#, "[]", "1.5e300", r#"{"a":1,"a":2}"#];
    feed(targets::canonical, &seeds(&spelled), 4_000);
}

#[test]
fn headers() {
    let rulebook = shipped();
    let headers =
        ["CF_XDR_MC,CF_XDR_SHXYM,CF_WSH,CF_JDRQ,CF_CFJG", "行政相对人名称,行政处罚决定书文号,处罚机关（全称）"];
    feed(|data| targets::header(&rulebook, data), &seeds(&headers), 1_000);
}

#[test]
fn files_of_rules() {
    let files = shipped_files();
    let texts: Vec<Vec<u8>> = files.iter().map(|(path, text)| format!("{path}\n{text}").into_bytes()).collect();
    feed(targets::rules, &texts, 600);
}

#[test]
fn editions() {
    feed(targets::edition, &[shipped().canonical(), b"{}".to_vec()], 150);
}
