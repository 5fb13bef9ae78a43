//! A draft of an item as TOML, for people to review: the same form as `rulebook/data/<code>.toml`.

use super::Item;

/// The item's file: each comment on a line of its own above it.
///
/// # Errors
/// What the writer of TOML says.
pub fn toml(item: &Item, comments: &[String]) -> Result<String, String> {
    let body = toml::to_string(item).map_err(|error| error.to_string())?;
    let lines = comments.iter().flat_map(|comment| comment.lines());
    let comments: String = lines.map(|line| format!("# {line}\n")).collect();
    Ok(format!("{comments}\n{body}"))
}
