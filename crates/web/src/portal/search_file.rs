//! `GET /search.csv?q=`: the page of results as a file, with cells that a spreadsheet will not run.

use super::error::ErrorPage;
use super::refuse;
use crate::AppState;
use crate::answer::Answer;
use crate::parameter::Parameters;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
pub(super) use credence_app::daily::push_csv_line as line;
use credence_app::query::{OrganisationSummary, SearchRequest};

/// Spreadsheets take a file for UTF-8 only with this mark.
pub(super) const BYTE_ORDER_MARK: char = '\u{feff}';

pub(crate) async fn save(
    State(state): State<AppState>,
    Parameters(request): Parameters<SearchRequest>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let (view, request) = (state.view(), request.map_err(refuse)?);
    let found = state.ask_at_length(move |service| service.search(&view, &request)).await.map_err(refuse)?;
    Ok(Answer::file("text/csv; charset=utf-8", "search.csv", table(&found.items)).to(&asked))
}

fn table(items: &[OrganisationSummary]) -> String {
    let mut out = String::from(BYTE_ORDER_MARK);
    line(&mut out, ["统一社会信用代码", "名称", "登记状态", "是否登记", "区域", "类型", "成立日期"]);
    for item in items {
        let established_on = item.established_on.map(|day| day.to_string()).unwrap_or_default();
        let registered = if item.registered { "已登记" } else { "未登记" };
        line(&mut out, [&item.uscc, &item.name, &item.status, registered, &item.area, &item.kind, &established_on]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_a_formula_or_holds_a_comma_stays_a_text() {
        let mut out = String::new();
        line(&mut out, ["=1+1", "甲,\"乙\"", "", "", "", "", ""]);
        assert_eq!(out, "'=1+1,\"甲,\"\"乙\"\"\",,,,,\r\n");
    }
}
