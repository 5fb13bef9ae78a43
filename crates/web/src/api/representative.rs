//! Representatives of organisations: `POST /api/v1/representatives` makes a code that the office hands out or posts to the
//! registered address; `POST …/{account}/end` ends a binding, and what its holder delegated.

use super::{made, nothing};
use crate::asker::Asker;
use crate::received::Received;
use crate::{AppState, problem::Problem};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use credence_app::{AppError, account};
use credence_domain::subject::Uscc;
use serde::Deserialize;

/// Who is to speak for which organisation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    account: String,
    #[serde(default)]
    holder: String,
    uscc: String,
}

/// Which binding ends, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct End {
    uscc: String,
    reason: String,
}

pub(crate) async fn invite(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Received(asked): Received<Asked>,
) -> Result<Response, Problem> {
    let (by, asked) = (asker.person()?.account.name.clone(), asked?);
    let uscc = Uscc::parse(&asked.uscc)
        .map_err(|error| AppError::refused(error.code(), "uscc", format!("统一社会信用代码无效：{error}")))?;
    let invited = state
        .write(move |writer, rulebook| account::invite(writer, rulebook, &asked.account, &asked.holder, uscc, &by));
    made(invited.await)
}

pub(crate) async fn end(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    Path(name): Path<String>,
    Received(asked): Received<End>,
) -> Result<Response, Problem> {
    let (by, asked) = (asker.person()?.account.name.clone(), asked?);
    let ended =
        state.write(move |writer, rulebook| account::unbind(writer, rulebook, &name, &asked.uscc, &by, &asked.reason));
    nothing(ended.await)
}
