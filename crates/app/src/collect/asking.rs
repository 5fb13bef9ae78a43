//! What a sender asks to be done with each row's record (操作): by a column, or for the whole file.

use super::file::Incoming as IncomingFile;
use super::judging::Judged;
use super::seen::Mark;
use crate::Result;
use credence_domain::record::judge::Key;
use credence_domain::record::judgement::Reject;
use credence_domain::record::{Instruction, Operation};
use credence_store::arrival::{Dates, Incoming};
use credence_store::body::Parcel;
use std::sync::Arc;

/// The most records that one file takes back: whoever takes back more withdraws the batch, which two persons decide.
pub const WITHDRAWALS_MOST: usize = 100;

/// What is asked of the rows of one file.
#[derive(Clone, Debug, Default)]
pub struct Asking {
    columns: (Option<usize>, Option<usize>),
    /// For rows that say nothing of themselves.
    whole: Option<Instruction>,
    /// More is taken back than one file may.
    too_many: bool,
}

impl Asking {
    /// What a file asks; `whole` is said of all of it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn of_file(file: &IncomingFile, whole: Option<&Instruction>) -> Result<Self> {
        let mut asking = Self { columns: file.asks, whole: whole.cloned(), too_many: false };
        if asking.columns.0.is_none() && asking.whole.is_none() {
            return Ok(asking);
        }
        let (mut rows, mut withdrawals) = (file.rows()?, 0);
        while let Some(row) = rows.next_row()? {
            let cells: Vec<&str> = row.cells().collect();
            withdrawals += usize::from(asking.operation(&cells) == Ok(Some(Operation::Withdraw)));
            if withdrawals > WITHDRAWALS_MOST {
                asking.too_many = true;
                break;
            }
        }
        Ok(asking)
    }

    fn operation(&self, cells: &[&str]) -> std::result::Result<Option<Operation>, ()> {
        let said = self.columns.0.and_then(|at| cells.get(at)).map_or("", |cell| cell.trim());
        match said {
            "" => Ok(self.whole.as_ref().map(|whole| whole.operation)),
            said => Operation::parse(said).map(Some).ok_or(()),
        }
    }

    /// What is asked of one row.
    ///
    /// # Errors
    /// `operation_unknown`, `withdrawal_reason_missing`, `withdrawal_of_many`.
    pub fn of(&self, cells: &[&str]) -> std::result::Result<Option<Instruction>, Reject> {
        let reject = |code| Reject { code, field: String::new(), detail: String::new() };
        let Some(operation) = self.operation(cells).map_err(|()| reject("operation_unknown"))? else { return Ok(None) };
        let said = self.columns.1.and_then(|at| cells.get(at)).map_or("", |cell| cell.trim());
        let whole = self.whole.as_ref().map_or("", |whole| whole.reason.trim());
        let reason = if said.is_empty() { whole } else { said };
        match operation {
            Operation::Withdraw if reason.is_empty() => Err(reject("withdrawal_reason_missing")),
            Operation::Withdraw if self.too_many => Err(reject("withdrawal_of_many")),
            _ => Ok(Some(Instruction { operation, reason: reason.into() })),
        }
    }
}

/// A row by which its owner takes a record back: it brings no content.
pub(super) fn taking_back(Key { uscc, identity, authority }: Key, line: u32, instruction: Instruction) -> Judged {
    let start = identity.0.iter().take(8).fold(0, |value, byte| value << 8 | u64::from(*byte));
    let row = Incoming {
        line,
        uscc,
        identity,
        name: Box::default(),
        authority,
        authority_area: Arc::from(""),
        decided_on: 0,
        hold: "",
        dates: Dates::default(),
        public_digest: [0; 32],
        other_digest: None,
        other_content: Box::default(),
        body: Parcel::Packed(Box::default()),
        registration: None,
        aliases: Vec::new(),
        replaces: Box::default(),
        secrets: None,
        redacted: None,
        revoked: false,
        instruction: Some(Box::new(instruction)),
    };
    Judged::Fact(Box::new(row), Mark { identity: start, line, content: Operation::Withdraw as u32 + 1 })
}
