//! A row on its way into the register: judged, dated, digested and packed; and what became of it.

use crate::body::Parcel;
use crate::change::Registration;
use crate::dates::Dates;
use crate::secret::Secrets;
use credence_domain::record::{Identity, Instruction, Operation};
use credence_domain::subject::Uscc;
use std::sync::Arc;

/// A judged row on its way into the register.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// Line in the sender's file.
    pub line: u32,
    /// The organisation.
    pub uscc: Uscc,
    /// The record's identity.
    pub identity: Identity,
    /// The organisation's name as the row has it.
    pub name: Box<str>,
    /// Deciding authority.
    pub authority: Uscc,
    /// Area of the authority, else of the sender, on the day of decision; empty where it is not known.
    pub authority_area: Arc<str>,
    /// Day of decision.
    pub decided_on: i32,
    /// Why publicity must wait; empty when it need not.
    pub hold: &'static str,
    /// Clocks, counted as if first public today.
    pub dates: Dates,
    /// SHA-256 of the public half.
    pub public_digest: [u8; 32],
    /// Digest of the other half as a new record from the sender has it ([`crate::arrival::new_digest`]), where whoever made the row had time
    /// to compute it: the writer has the least.
    pub other_digest: Option<[u8; 32]>,
    /// The `content` object of the other half.
    pub other_content: Box<str>,
    /// Content.
    pub body: Parcel,
    /// What a registration says.
    pub registration: Option<Box<Registration>>,
    /// Old registration number or organisation code, as (kind, value): they propose, never decide.
    pub aliases: Vec<(&'static str, Box<str>)>,
    /// The record that it replaces, as the sender names it; empty for nearly every row.
    pub replaces: Box<str>,
    /// What is sealed in the packed content; nothing for nearly every row. Everything else here is plain.
    pub secrets: Option<Box<Secrets>>,
    /// The public half and the other `content`, had a reviewer taken its personal numbers out of what is public: the same row
    /// is then still the same record. Only where it waits for them.
    pub redacted: Option<Box<(Box<str>, Box<str>)>>,
    /// It says of its act that it was revoked, and its item may carry listings: whatever rests on it ends with it.
    pub revoked: bool,
    /// What the sender asks to be done with the record; nothing for nearly every row.
    pub instruction: Option<Box<Instruction>>,
}

impl Incoming {
    /// The operation that the sender asks for.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        self.instruction.as_ref().map(|instruction| instruction.operation)
    }

    /// Whether it is an act of its own: it ends a record, perhaps of another organisation, or with a reason of its own.
    #[must_use]
    pub fn stands_alone(&self) -> bool {
        !self.replaces.is_empty() || self.revoked || self.operation() == Some(Operation::Withdraw)
    }
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A new record.
    Accepted,
    /// Nothing new; perhaps one more source.
    Unchanged,
    /// A new version.
    Corrected,
    /// Taken back by its owner.
    Withdrawn,
    /// Refused with this code.
    Refused(&'static str),
}
