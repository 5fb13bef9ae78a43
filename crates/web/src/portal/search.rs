//! `GET /search?q=`: results with filters, in pages with addresses that stay; when nothing is found, why and what to try.

use super::error::ErrorPage;
use super::frame::{Frame, Place};
use super::results::Address;
use super::{page, refuse, words};
use crate::AppState;
use crate::parameter::Parameters;
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::query::{Facets, OrganisationSummary, SearchRequest};
use credence_app::{AppError, Service, View};
use credence_domain::subject::Uscc;
use credence_domain::subject::uscc;

#[derive(Template)]
#[template(path = "search.html")]
struct Page {
    frame: Frame,
    request: SearchRequest,
    facets: Facets,
    items: Vec<OrganisationSummary>,
    next: Option<String>,
    /// How many match in all, where that was counted.
    total: Option<u64>,
    /// More than so many match, where counting ended before them.
    more_than: Option<u64>,
    /// Why the question could not be asked as it stands.
    refusal: Option<String>,
    /// Why nothing was found and what to try.
    advice: Vec<String>,
    /// Something matches and the filters leave it out.
    left_out: bool,
    /// Organisations whose codes differ from the one asked for in one character.
    suggestions: Vec<OrganisationSummary>,
}

impl Page {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &words::KINDS
    }

    fn address(&self) -> Address<'_> {
        Address(&self.request)
    }

    fn next_address(&self) -> Option<String> {
        self.next.as_deref().map(|next| self.address().with_cursor("/search", Some(next)))
    }

    fn is_first(&self) -> bool {
        self.request.cursor.as_deref().unwrap_or_default().is_empty()
    }

    fn is_filtered(&self) -> bool {
        ![&self.request.area, &self.request.status, &self.request.kind].iter().all(|filter| filter.is_empty())
    }

    fn unfiltered(&self) -> String {
        Address(&SearchRequest { q: self.request.q.clone(), ..Default::default() }).first("/search")
    }
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Parameters(request): Parameters<SearchRequest>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let request = request.map_err(refuse)?;
    let view = state.view();
    let frame = Frame::of(&state, view.today, &asked, Place::Search).with_own_search();
    let (question, of_search) = (SearchRequest { count: true, ..request.clone() }, view.clone());
    let facets = state.facets(view.clone()).await.map_err(refuse)?;
    let mut shown = Page {
        frame,
        request,
        facets,
        items: Vec::new(),
        next: None,
        total: None,
        more_than: None,
        refusal: None,
        advice: Vec::new(),
        left_out: false,
        suggestions: Vec::new(),
    };
    match state.ask_at_length(move |service| service.search(&of_search, &question)).await {
        Ok(found) => {
            shown.items = found.items;
            shown.next = found.next;
            (shown.total, shown.more_than) = (found.total, found.more_than);
        }
        // A question that is too short is no error of the page: it says what to type.
        Err(AppError::Refused { field, detail, code }) if field == "q" => {
            if code == "person_not_searchable" {
                shown.request.q.clear();
            }
            shown.refusal = Some(detail);
        }
        Err(error) => return Err(refuse(error)),
    }
    if shown.items.is_empty() && shown.refusal.is_none() {
        if shown.is_filtered() && shown.is_first() {
            let (of_unfiltered, q) = (view.clone(), shown.request.q.clone());
            let unfiltered = SearchRequest { q, limit: Some(1), ..Default::default() };
            let found = state.ask_at_length(move |service| service.search(&of_unfiltered, &unfiltered)).await;
            shown.left_out = !found.map_err(refuse)?.items.is_empty();
        }
        shown.advice = advise(&shown);
        let mistyped = shown.request.q.clone();
        shown.suggestions = state.ask(move |service| suggest(service, &view, &mistyped)).await.map_err(refuse)?;
    }
    page(&shown, &asked)
}

/// Organisations on file whose code the one asked for may have been meant to be: one character is different.
fn suggest(service: &Service, view: &View, mistyped: &str) -> Result<Vec<OrganisationSummary>, AppError> {
    let mut found = Vec::new();
    for code in uscc::suggestions(mistyped) {
        match service.organisation(view, code.as_str()) {
            Ok(organisation) => found.push(organisation.summary),
            Err(AppError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// Why nothing was found and what to try, the likeliest first.
fn advise(page: &Page) -> Vec<String> {
    let mut advice = Vec::new();
    if page.left_out {
        return advice;
    }
    let folded = uscc::fold(&page.request.q);
    if looks_like_code(&folded) {
        advice.extend(advise_on_code(&folded));
    } else {
        advice.push("请核对用字：查询按原文逐字比对，“有限公司”与“有限责任公司”是不同的文字。".to_owned());
        advice.push("只输入名称中最特别的两三个字（字号），省去地名、行业和组织形式。".to_owned());
        advice.push("也可以输入统一社会信用代码，或其中任意连续的几位。".to_owned());
    }
    if !page.is_first() {
        advice.insert(0, "这一页之后已没有结果，请回到第一页。".to_owned());
    }
    advice.push("刚登记的主体，须待登记机关把登记信息送达本平台后才能查到。".to_owned());
    advice
}

/// Letters and digits only, and long enough to be meant as a code.
fn looks_like_code(folded: &str) -> bool {
    folded.len() >= 8 && folded.bytes().all(|b| b.is_ascii_alphanumeric()) && folded.bytes().any(|b| b.is_ascii_digit())
}

fn advise_on_code(folded: &str) -> Option<String> {
    match Uscc::parse(folded) {
        Ok(_) => Some("这个代码符合编码规则，但本平台没有它的信用档案。".to_owned()),
        Err(error) => Some(format!("{}。", error.told())),
    }
}
