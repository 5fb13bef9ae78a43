//! The columns of which `verify` does not say when they are changed, each with its reason (`unverified.txt`), reviewed by people. The
//! suite of the application changes every other column of every table and expects to be told; a drill on PostgreSQL does the same.

use std::collections::BTreeMap;

const LIST: &str = include_str!("unverified.txt");

/// `TABLE.COLUMN` with the word for its reason, as the list's head explains it.
#[must_use]
pub fn unverified() -> BTreeMap<&'static str, &'static str> {
    let lines = LIST.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(' ')).collect()
}

/// Which rows of a table say something: a day on which nothing was counted counts nothing on another day either.
#[must_use]
pub fn speaking(table: &str) -> &'static str {
    match table {
        "count_day" => "difference <> 0",
        // A file that brought nothing new made no act: nothing is held beside what its row says.
        "batch" => "accepted + corrected > 0",
        _ => "1 = 1",
    }
}

/// The words for reasons that the head of the list explains.
#[must_use]
pub fn reasons() -> Vec<&'static str> {
    let explained = LIST.lines().filter_map(|line| line.strip_prefix("#   ")).filter(|line| !line.starts_with(' '));
    explained.filter_map(|line| line.split_whitespace().next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_a_reason_that_the_head_of_the_list_explains() {
        let reasons = reasons();
        for (column, reason) in unverified() {
            assert!(reasons.contains(&reason), "{column}: {reason} is no reason");
            assert_eq!(column.split('.').count(), 2, "{column}");
        }
        let lines = LIST.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).count();
        assert_eq!(lines, unverified().len(), "a column stands there twice, or a line is none");
    }
}
