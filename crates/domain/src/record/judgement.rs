//! What a judge says of a row: a fact, or the reasons why it is none.

use super::Identity;
use crate::subject::Uscc;
use jiff::civil::Date;
use std::borrow::Cow;

/// One reason against a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Stable code (rulebook/codes.toml, `reject`).
    pub code: &'static str,
    /// Field code of the item; empty for the whole row.
    pub field: String,
    /// What exactly is wrong, in Chinese, never quoting a personal number; empty when the code's text says it all.
    pub detail: String,
}

/// A note on quality: the row is taken, and what was odd is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Stable code (rulebook/codes.toml, `note`).
    pub code: &'static str,
    /// Field code.
    pub field: String,
    /// The value as it was sent, where it was changed.
    pub original: String,
}

/// A row that became a fact. Values are normalised; empty fields are absent.
#[derive(Clone, Debug)]
pub struct Fact<'a> {
    /// The organisation.
    pub uscc: Uscc,
    /// Its name as the row has it.
    pub name: Cow<'a, str>,
    /// Identity of the record.
    pub identity: Identity,
    /// Deciding authority, or the sender where the item has none.
    pub authority: Uscc,
    /// The day that starts the clocks, where the row names one.
    pub decided_on: Option<Date>,
    /// Values by field index, in the order of the item's fields.
    pub values: Vec<Cow<'a, str>>,
    /// Why publicity must wait; empty when it need not.
    pub hold: &'static str,
    /// Notes on quality.
    pub notes: Vec<Note>,
}

/// The judgement on one row.
#[derive(Clone, Debug)]
pub enum Judgement<'a> {
    /// It is a fact.
    Accepted(Box<Fact<'a>>),
    /// It is none; the first reason is the one that counts.
    Rejected(Vec<Reject>),
}
