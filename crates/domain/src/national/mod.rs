//! The national side (国家平台): what is handed over to another platform that publishes the same records, what it said of it, and
//! what it must hold now. Pure; the platforms' own forms are adapters of the rulebook ([`Platform`]).
//!
//! Serves 鲁信用办〔2019〕8号 arts. 四 (信用中国（山东）, 国家企业信用信息公示系统（山东）), 六 and 十五.

mod copy;
mod platform;
mod standing;

pub use copy::{Difference, There};
pub use platform::{
    AnswerCode, CaseForm, CopyForm, CountForm, HoldingForm, OperationWords, Platform, PlatformVersion, ReceiptForm,
    SentColumns,
};
pub use standing::{Answer, Sent, Standing, State, Verb};
