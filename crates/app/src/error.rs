//! What a use case answers when it cannot do what was asked: a refusal by a rule, something missing, or a fault of ours.

use credence_store::StoreError;

/// An error of a use case.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A rule or the form of the request refuses: code, field and what to do, in Chinese.
    #[error("{code}: {detail}")]
    Refused {
        /// Stable code (rulebook/codes.toml).
        code: &'static str,
        /// Field or parameter; empty for the whole.
        field: String,
        /// What is wrong and what to do.
        detail: String,
    },
    /// There is no such thing, or not for this reader: the same answer for both.
    #[error("not found")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
    /// The operating system failed.
    #[error("io: {0}")]
    Io(#[from] std::io::Error),
    /// The rulebook is broken.
    #[error("rulebook: {0}")]
    Rulebook(String),
}

/// Result of a use case.
pub type Result<T> = std::result::Result<T, AppError>;

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(refusal) => AppError::refused(refusal.code, refusal.field, refusal.detail),
            other => AppError::Store(other),
        }
    }
}

impl AppError {
    /// A refusal.
    pub fn refused(code: &'static str, field: impl Into<String>, detail: impl Into<String>) -> Self {
        AppError::Refused { code, field: field.into(), detail: detail.into() }
    }

    /// The stable code of the error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            AppError::Refused { code, .. } => code,
            AppError::NotFound => "not_found",
            AppError::Store(error) => error.code(),
            AppError::Io(_) | AppError::Rulebook(_) => "fault",
        }
    }
}
