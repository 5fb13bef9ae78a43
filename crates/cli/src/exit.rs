//! Exit codes: 0 done, 1 a fault, 2 wrong usage, 3 done but something was refused (details printed).

use crate::output::note;
use credence_app::AppError;
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// All of it.
    Whole,
    /// Rows, codes, dates or checks were refused.
    WithRefusals,
}

impl From<Done> for ExitCode {
    fn from(done: Done) -> Self {
        match done {
            Done::Whole => ExitCode::SUCCESS,
            Done::WithRefusals => ExitCode::from(3),
        }
    }
}

/// An error in one sentence: its code, the field where it has one, and what to do.
pub fn told(error: &AppError) -> String {
    match error {
        AppError::Refused { code, field, detail } if field.is_empty() => format!("{code}: {detail}"),
        AppError::Refused { code, field, detail } => format!("{code} [{field}]: {detail}"),
        other => format!("{}: {other}", other.code()),
    }
}

/// Prints an error; a refusal exits with 3, everything else with 1.
pub fn failed(error: &anyhow::Error) -> ExitCode {
    match error.downcast_ref::<AppError>() {
        Some(refused @ AppError::Refused { .. }) => {
            note!("{}", told(refused));
            ExitCode::from(3)
        }
        Some(AppError::NotFound) => {
            note!("not_found: 没有找到");
            ExitCode::from(3)
        }
        Some(other) => {
            note!("{}", told(other));
            ExitCode::FAILURE
        }
        None => {
            note!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
