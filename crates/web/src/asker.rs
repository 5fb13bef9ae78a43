//! Who asks, and whether he may: from the bearer token or the cookie of a request to a person, a department's system or the
//! public. It is settled before anything else of the request is looked at; each key has a quota of its own.

use crate::problem::Problem;
use crate::quota::{self, Quota};
use crate::{AppState, route, workbench};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use credence_app::AppError;
use credence_app::account::Person;
use credence_app::batch::Sender;
use credence_app::key::{Key, unauthorised};
use credence_app::query::BatchView;
use credence_app::query::batch::out_of_scope;
use credence_app::webhook::Holder;
use credence_domain::access::{Action, Role};
use std::sync::Arc;

/// The cookie of a session in a browser.
pub(crate) const COOKIE: &str = "credence_session";
/// How the token of a session begins.
const SESSION_PREFIX: &str = "session_";
/// Requests a second with one key.
const RATE: u32 = 20;
/// Requests at once.
const BURST: u32 = 200;

/// How much one key may ask.
pub(crate) fn key_quota() -> Quota<[u8; 32]> {
    Quota::new(RATE, BURST)
}

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) enum Asker {
    /// Anyone.
    Public,
    /// A department's system with its key.
    Key(Arc<Key>),
    /// A person who is signed in.
    Person(Arc<Person>),
}

impl Asker {
    /// The role in which he asks.
    pub(crate) fn role(&self) -> Role {
        match self {
            Asker::Public => Role::Public,
            Asker::Key(_) => Role::Key,
            Asker::Person(person) => person.role,
        }
    }

    /// The person, where it is one.
    ///
    /// # Errors
    /// `unauthorised`.
    pub(crate) fn person(&self) -> Result<&Arc<Person>, AppError> {
        match self {
            Asker::Person(person) => Ok(person),
            Asker::Public | Asker::Key(_) => Err(unauthorised()),
        }
    }

    /// Who acts for a unit: the person who is signed in, or the unit's own system by its key.
    ///
    /// # Errors
    /// `unauthorised`.
    pub(crate) fn of_unit(&self) -> Result<Person, AppError> {
        match self {
            Asker::Person(person) => Ok((**person).clone()),
            Asker::Key(key) => Ok(Person::system(&key.number, &key.source)),
            Asker::Public => Err(unauthorised()),
        }
    }

    /// The unit whose batches he sees; none for whoever sees those of every unit.
    pub(crate) fn batches_of(&self) -> Option<&str> {
        match self {
            Asker::Public => Some(""),
            Asker::Key(key) => Some(&key.source),
            Asker::Person(person) if matches!(person.role, Role::Office | Role::Auditor) => None,
            Asker::Person(person) => Some(&person.account.unit),
        }
    }

    /// Whether a batch of his unit is of an item that he sees: a key may be narrowed to some.
    pub(crate) fn sees_item_of(&self, batch: &BatchView) -> bool {
        match self {
            Asker::Key(key) => batch.is_within(&key.scope, &key.number),
            Asker::Public | Asker::Person(_) => true,
        }
    }

    /// The same, refused.
    ///
    /// # Errors
    /// `key_scope`.
    pub(crate) fn within_scope(&self, batch: &BatchView) -> Result<(), AppError> {
        match self {
            Asker::Key(key) if !self.sees_item_of(batch) => Err(out_of_scope(&key.scope)),
            _ => Ok(()),
        }
    }

    /// Whether the rejected rows of a batch, whole as they were sent, are shown to him: he sends for its unit. `sends`: his role may
    /// send batches.
    pub(crate) fn may_mend(&self, sends: bool, batch: &BatchView) -> bool {
        let key_sends = match self {
            Asker::Key(key) => key.scope.allows(Action::SendBatch),
            Asker::Public | Asker::Person(_) => true,
        };
        sends && key_sends && self.sender().is_ok_and(|sender| sender.source == batch.source)
    }

    /// In whose name he keeps webhooks.
    ///
    /// # Errors
    /// `unauthorised`.
    pub(crate) fn holder(&self) -> Result<Holder, AppError> {
        let Sender { source, by, .. } = self.sender()?;
        Ok(Holder { unit: source, by, oversees: self.batches_of().is_none() })
    }

    /// For which unit he sends, and by what right.
    ///
    /// # Errors
    /// `unauthorised`.
    pub(crate) fn sender(&self) -> Result<Sender, AppError> {
        match self {
            Asker::Public => Err(unauthorised()),
            Asker::Key(key) => {
                Ok(Sender { source: key.source.clone(), by: key.number.clone(), scope: key.scope.clone() })
            }
            Asker::Person(person) => Ok(Sender::of(&person.account.unit, &person.account.name)),
        }
    }
}

/// Lets a request through whose asker may do what the route does, with the asker beside it.
pub(crate) async fn admit(
    State((state, action)): State<(AppState, Action)>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let brought = Brought::of(&request);
    let (asker, lost) = match resolve(&state, brought).await {
        Ok(found) => found,
        Err(error) => return refuse(&state, &path, &request, error.into()),
    };
    let role = asker.role();
    match state.allows(role, action).await {
        Ok(true) => {}
        Ok(false) if role == Role::Public => return refuse(&state, &path, &request, unauthorised().into()),
        Ok(false) => {
            let text = format!("{}不能这样办理", role.name());
            return refuse(&state, &path, &request, AppError::refused("forbidden", "", text).into());
        }
        Err(error) => return refuse(&state, &path, &request, error.into()),
    }
    if let Asker::Key(key) = &asker
        && !key.scope.allows(action)
    {
        let text = "这把密钥没有这项权限；需要的，请向信用管理部门申请另一把";
        return refuse(&state, &path, &request, AppError::refused("key_scope", "", text).into());
    }
    let stand = match &asker {
        Asker::Key(key) => Some(state.key_quota().take(key.digest)),
        Asker::Public | Asker::Person(_) => None,
    };
    if let Some(stand) = stand.filter(|stand| !stand.admitted) {
        let text = format!("同一密钥每秒{RATE}次、短时{BURST}次以内，请在稍后重试。");
        let refused = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", text);
        return quota::say(Problem { retry_after: Some(1), ..refused }.into_response(), stand);
    }
    let signed_in = matches!(asker, Asker::Person(_));
    request.extensions_mut().insert(asker);
    let mut response = next.run(request).await;
    if signed_in && action != Action::ReadPublic {
        // What a person sees by his rights is kept by nobody.
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if lost {
        forget(&mut response);
    }
    match stand {
        Some(stand) => quota::say(response, stand),
        None => response,
    }
}

/// What a request brings with it to say who asks.
enum Brought {
    Nothing,
    /// The value of `Authorization`; empty where it is no text, or not the only one.
    Bearer(String),
    /// The cookie of a session.
    Cookie(String),
    /// A request that changes something with it and does not come from a page of ours; or one of a form that says it comes from
    /// another site, which could sign somebody in as somebody else.
    Foreign,
}

impl Brought {
    fn of(request: &Request) -> Self {
        let headers = request.headers();
        let changes = is_unsafe(request.method());
        match Self::read(headers) {
            Brought::Nothing
                if changes && !route::is_for_programs(request.uri().path()) && comes_from_elsewhere(headers) =>
            {
                Brought::Foreign
            }
            Brought::Cookie(_) if changes && !comes_from_us(headers) => Brought::Foreign,
            brought => brought,
        }
    }

    /// What is brought, wherever it comes from.
    fn read(headers: &HeaderMap) -> Self {
        let mut given = headers.get_all(header::AUTHORIZATION).iter();
        if let Some(first) = given.next() {
            // Of two, a proxy may have judged the other.
            let only = given.next().is_none().then(|| first.to_str().ok()).flatten();
            return Brought::Bearer(only.unwrap_or_default().to_owned());
        }
        cookie(headers).map_or(Brought::Nothing, |token| Brought::Cookie(token.to_owned()))
    }
}

/// Who asks; and whether a cookie was brought that opens nothing any more.
async fn resolve(state: &AppState, brought: Brought) -> Result<(Asker, bool), AppError> {
    let token = match brought {
        Brought::Nothing => return Ok((Asker::Public, false)),
        Brought::Bearer(given) => return Ok((by_bearer(state, &given).await?, false)),
        Brought::Foreign => {
            let text = "请求不是从本网站的页面发出的，为防止冒用已拒绝";
            return Err(AppError::refused("foreign_origin", "origin", text));
        }
        Brought::Cookie(token) => token,
    };
    match state.ask(move |service| service.person(&token)).await {
        Ok(person) => Ok((Asker::Person(Arc::new(person)), false)),
        Err(AppError::Refused { code: "unauthorised", .. }) => Ok((Asker::Public, true)),
        Err(error) => Err(error),
    }
}

/// Looks again whether what a request brought still opens what it did when the request came: a body may take long, and meanwhile a key
/// be revoked or an account suspended.
///
/// # Errors
/// `unauthorised` where it opens nothing any more, may send no longer, or sends for another; or a fault.
pub(crate) async fn still_sends(state: &AppState, headers: &HeaderMap, sender: &Sender) -> Result<(), AppError> {
    let (asker, _) = resolve(state, Brought::read(headers)).await?;
    let sends = state.allows(asker.role(), Action::SendBatch).await?;
    if sends && asker.sender()? == *sender { Ok(()) } else { Err(unauthorised()) }
}

async fn by_bearer(state: &AppState, given: &str) -> Result<Asker, AppError> {
    let (scheme, secret) = given.split_once(' ').ok_or_else(unauthorised)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(unauthorised());
    }
    let secret = secret.trim().to_owned();
    if secret.starts_with(SESSION_PREFIX) {
        let person = state.ask(move |service| service.person(&secret)).await?;
        return Ok(Asker::Person(Arc::new(person)));
    }
    let key = state.ask(move |service| service.authenticate(&secret)).await?;
    Ok(Asker::Key(Arc::new(key)))
}

/// The token that the cookie carries.
pub(crate) fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|value| value.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == COOKIE && value.starts_with(SESSION_PREFIX)).then_some(value)
    })
}

fn is_unsafe(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether a browser says that a request comes from a page of ours.
fn comes_from_us(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(&HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin";
    }
    let Some((origin, host)) = text(&header::ORIGIN).zip(text(&header::HOST)) else { return false };
    origin.split_once("://").is_some_and(|(_, from)| from == host)
}

/// Whether a browser says that a request does not come from a page of ours; one that says nothing is no browser of today.
fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    let says = headers.contains_key("sec-fetch-site") || headers.contains_key(header::ORIGIN);
    says && !comes_from_us(headers)
}

/// Takes the cookie back.
pub(crate) fn forget(response: &mut Response) {
    let gone = format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    if let Ok(value) = HeaderValue::from_str(&gone) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Programs get problem+json; people who are not signed in get the page on which they can.
fn refuse(state: &AppState, path: &str, request: &Request, problem: Problem) -> Response {
    let mut response = if problem.status == StatusCode::UNAUTHORIZED && !route::is_for_programs(path) {
        workbench::sign_in::ask(state, request.method(), request.uri(), request.headers())
    } else {
        route::refuse(path, problem)
    };
    if response.status() == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_a_page_of_ours_may_send_with_a_cookie() {
        assert!(comes_from_us(&headers(&[("sec-fetch-site", "same-origin")])));
        assert!(!comes_from_us(&headers(&[("sec-fetch-site", "same-site")])));
        assert!(comes_from_us(&headers(&[("origin", "https://a.example"), ("host", "a.example")])));
        assert!(!comes_from_us(&headers(&[("origin", "https://a.example.evil"), ("host", "a.example")])));
        assert!(
            !comes_from_us(&headers(&[("origin", "null"), ("host", "a.example")])) && !comes_from_us(&headers(&[]))
        );
    }

    #[test]
    fn a_form_that_says_it_comes_from_another_site_comes_from_elsewhere() {
        assert!(comes_from_elsewhere(&headers(&[("sec-fetch-site", "cross-site"), ("origin", "http://evil.example")])));
        assert!(comes_from_elsewhere(&headers(&[("origin", "http://evil.example"), ("host", "a.example")])));
        assert!(!comes_from_elsewhere(&headers(&[("origin", "https://a.example"), ("host", "a.example")])));
        assert!(!comes_from_elsewhere(&headers(&[])), "a command line says nothing");
    }

    #[test]
    fn the_cookie_of_a_session_is_found_among_others() {
        let brought = headers(&[("cookie", "type=large; credence_session=session_ab")]);
        assert_eq!(cookie(&brought), Some("session_ab"));
        assert_eq!(cookie(&headers(&[("cookie", "credence_session=else; xcredence_session=session_ab")])), None);
    }
}
