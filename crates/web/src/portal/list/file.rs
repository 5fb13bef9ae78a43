//! `GET /lists.csv?item=…`: the page of a list as a file, with cells that a spreadsheet will not run.

use crate::AppState;
use crate::answer::Answer;
use crate::parameter::Parameters;
use crate::portal::error::ErrorPage;
use crate::portal::search_file::{BYTE_ORDER_MARK, line};
use crate::portal::{refuse, words};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::daily::told_marks;
use credence_app::query::{ListEntry, ListRequest};

const HEADER: [&str; 13] = [
    "统一社会信用代码",
    "名称",
    "事项",
    "文书号",
    "决定机关",
    "决定机关代码",
    "决定日期",
    "内容",
    "失信分类",
    "公示起始日",
    "公示截止日",
    "登记地区",
    "标记",
];

pub(crate) async fn save(
    State(state): State<AppState>,
    Parameters(request): Parameters<ListRequest>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let (view, request) = (state.view(), request.map_err(refuse)?);
    let found = state.ask_at_length(move |service| service.list(&view, &request)).await.map_err(refuse)?;
    Ok(Answer::file("text/csv; charset=utf-8", "list.csv", table(&found.items)).to(&asked))
}

fn table(entries: &[ListEntry]) -> String {
    let mut out = String::from(BYTE_ORDER_MARK);
    line(&mut out, HEADER);
    for entry in entries {
        let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let (decided_on, from, through) =
            (day(entry.decided_on), day(entry.public_from_on), day(entry.public_through_on));
        let class = entry.class.as_deref().and_then(|class| words::class_with_mark(class, entry.class_stated));
        line(
            &mut out,
            [
                &entry.uscc,
                &entry.name,
                &entry.item_name,
                entry.document_number.as_deref().unwrap_or_default(),
                &entry.authority_name,
                &entry.authority,
                &decided_on,
                entry.gist.as_deref().unwrap_or_default(),
                class.as_deref().unwrap_or_default(),
                &from,
                &through,
                &entry.area,
                &told_marks(&entry.marks),
            ],
        );
    }
    out
}
