//! One list: its records, newest decision first, with filters in its address.

use super::address::Address;
use crate::AppState;
use crate::parameter::Parameters;
use crate::portal::error::ErrorPage;
use crate::portal::frame::{Frame, Place};
use crate::portal::{page, refuse, words};
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::AppError;
use credence_app::query::{Facets, ListEntry, ListRequest, ListedItem, Page as Found};

#[derive(Template)]
#[template(path = "list.html")]
struct Page {
    frame: Frame,
    request: ListRequest,
    items: Vec<ListedItem>,
    facets: Facets,
    /// Units of the directory: code and name.
    authorities: Vec<(String, String)>,
    found: Found<ListEntry>,
    /// Which field is wrong and what to do.
    refusal: Option<(String, String)>,
}

impl Page {
    fn name(&self) -> String {
        let item = self.items.iter().find(|item| item.item == self.request.item);
        item.map_or_else(|| "公示中的记录".to_owned(), |item| item.name.clone())
    }

    /// The same as a list, with that word once.
    fn title(&self) -> String {
        let name = self.name();
        format!("{}名单", name.strip_suffix("名单").unwrap_or(&name))
    }

    /// What narrows the list, in words.
    fn narrowed(&self) -> String {
        let mut words = Vec::new();
        if let Some((_, name)) = self.authorities.iter().find(|(code, _)| *code == self.request.authority) {
            words.push(name.clone());
        } else if !self.request.authority.is_empty() {
            words.push(self.request.authority.clone());
        }
        if !self.request.area.is_empty() {
            words.push(format!("登记在{}", self.request.area));
        }
        if !self.request.class.is_empty() {
            words.push(format!("{}失信", words::class(&self.request.class)));
        }
        match (self.request.from.as_str(), self.request.to.as_str()) {
            ("", "") => {}
            (from, "") => words.push(format!("{from}起决定")),
            ("", to) => words.push(format!("{to}以前决定")),
            (from, to) => words.push(format!("{from}至{to}决定")),
        }
        words.join("，")
    }

    fn address(&self) -> Address<'_> {
        Address(&self.request)
    }

    fn next_address(&self) -> Option<String> {
        self.found.next.as_deref().map(|next| self.address().with_cursor("/lists", Some(next)))
    }

    fn is_first(&self) -> bool {
        self.request.cursor.as_deref().unwrap_or_default().is_empty()
    }

    fn is_filtered(&self) -> bool {
        let request = &self.request;
        ![&request.authority, &request.area, &request.class, &request.from, &request.to].iter().all(|f| f.is_empty())
    }

    fn whole(&self) -> String {
        Address(&ListRequest { item: self.request.item.clone(), ..Default::default() }).first("/lists")
    }

    /// A class of misconduct means something on this list.
    fn has_classes(&self) -> bool {
        !self.request.class.is_empty() || self.found.items.iter().any(|entry| entry.class.is_some())
    }

    fn class(&self, entry: &ListEntry) -> Option<String> {
        words::class_with_mark(entry.class.as_deref()?, entry.class_stated)
    }

    fn term(&self, entry: &ListEntry) -> String {
        words::term(entry.public_from_on, entry.public_through_on)
    }

    fn left(&self, entry: &ListEntry) -> Option<String> {
        entry.days_left.map(words::days_left)
    }

    fn refused(&self, field: &str) -> Option<&str> {
        self.refusal.as_ref().filter(|(found, _)| found == field).map(|(_, detail)| detail.as_str())
    }
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Parameters(request): Parameters<ListRequest>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let mut request = request.map_err(refuse)?;
    let view = state.view();
    // A form sends what was left empty too.
    for field in [&mut request.item, &mut request.authority, &mut request.area, &mut request.class] {
        *field = field.trim().to_owned();
    }
    let all = [&request.item, &request.authority, &request.area, &request.class, &request.from, &request.to];
    if all.iter().all(|field| field.is_empty()) && request.cursor.is_none() && request.limit.is_none() {
        return super::overview::show(&state, view, &asked).await;
    }
    let frame = Frame::of(&state, view.today, &asked, Place::Lists);
    let facets = state.facets(view.clone()).await.map_err(refuse)?;
    let question = request.clone();
    let answered = state.ask_at_length(move |service| {
        let authorities = service.units()?.into_values().map(|unit| (unit.uscc, unit.name)).collect::<Vec<_>>();
        Ok((service.listed_items(&view), authorities, service.list(&view, &question)))
    });
    let (items, mut authorities, found) = answered.await.map_err(refuse)?;
    authorities.sort_by(|a, b| a.1.cmp(&b.1));
    let (found, refusal) = match found {
        Ok(found) => (found, None),
        // A wrong date is no error of the page: it says which field to change.
        Err(AppError::Refused { field, detail, .. }) if matches!(field.as_str(), "from" | "to") => {
            (Found { items: Vec::new(), next: None }, Some((field, detail)))
        }
        Err(error) => return Err(refuse(error)),
    };
    page(&Page { frame, request, items, facets, authorities, found, refusal }, &asked)
}
