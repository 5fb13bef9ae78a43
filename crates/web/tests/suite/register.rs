//! A register of its own for each test, and a way to ask it.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use credence_app::{Address, Clock, Service};
use credence_web::AppState;
use std::sync::Arc;
use tempfile::TempDir;
use tower::ServiceExt;

/// A register with the shipped rulebook and nothing in it.
pub struct Register {
    state: AppState,
    _dir: TempDir,
}

/// An answer.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Register {
    /// An empty register on 2026-05-13.
    pub fn empty() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(jiff::civil::date(2026, 5, 13));
        let address = Address::Sqlite(dir.path().join("register.db"));
        let mut writer = address.writer(clock.clone()).unwrap();
        credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
        drop(writer);
        let service = Service::open(address, clock, None).unwrap();
        Self { state: AppState::new(Arc::new(service)), _dir: dir }
    }

    /// What a server is made of.
    pub fn state(&self) -> AppState {
        self.state.clone()
    }

    /// Asks for an address.
    pub async fn get(&self, address: &str) -> Answer {
        self.ask(Request::get(address).body(Body::empty()).unwrap()).await
    }

    /// Sends a request.
    pub async fn ask(&self, request: Request<Body>) -> Answer {
        let response = credence_web::router(self.state.clone()).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    }
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}
