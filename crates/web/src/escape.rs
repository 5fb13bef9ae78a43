//! What pages write of a text: HTML's signs escaped, and without marks that turn the direction of writing, by which a name could be
//! made to look like another.

use askama::filters::{Escaper, Html};
use credence_domain::record::text::shown;
use std::fmt::{self, Write};

/// The escaper of all pages (`askama.toml`).
#[derive(Clone, Copy, Debug, Default)]
pub struct Shown;

impl Escaper for Shown {
    fn write_escaped_str<W: Write>(&self, dest: W, string: &str) -> fmt::Result {
        Html.write_escaped_str(dest, &shown(string))
    }
}
