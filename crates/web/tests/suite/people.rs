//! A register with two penalties and one person for every role, each signed in.

use crate::register::{AUTHORITY, KNOWN, PENALTIES, Register};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use credence_app::account::Credentials;
use credence_app::demonstration;
use credence_domain::access::Role;
use credence_domain::subject::Uscc;
use serde_json::Value;
use std::collections::BTreeMap;

/// The unit in which nobody of the people works.
pub const OTHER: &str = "123799000000000510";

pub struct People {
    pub register: Register,
    tokens: BTreeMap<Role, String>,
    /// What each signs in with.
    pub passwords: BTreeMap<Role, (String, String)>,
    own_batch: String,
    /// A batch of a unit in which none of them works.
    pub foreign_batch: String,
}

impl People {
    /// To be made outside a runtime.
    pub fn new() -> Self {
        let register = Register::with_a_penalty().marked_as_a_demonstration();
        let foreign_batch = register.send(OTHER, &PENALTIES.replace("〔2026〕", "〔2025〕").replace(AUTHORITY, OTHER));
        let own_batch = register.send(AUTHORITY, &PENALTIES.replace("〔2026〕", "〔2024〕"));
        let (register, desk) = register.with_desk();
        let service = register.service();
        let unit_of = |_: Role| AUTHORITY.to_owned();
        let printed = demonstration::open_accounts(&service, &desk, &unit_of, Uscc::parse(KNOWN).unwrap()).unwrap();
        let mut tokens = BTreeMap::from([(Role::Key, register.key(AUTHORITY, None))]);
        let mut passwords = BTreeMap::new();
        for one in printed {
            let credentials = Credentials { account: one.account.clone(), password: one.password.clone(), code: None };
            tokens.insert(one.role, service.sign_in(&desk, &credentials, "suite").unwrap().token);
            passwords.insert(one.role, (one.account, one.password));
        }
        Self { register, tokens, passwords, own_batch, foreign_batch }
    }

    /// What a role brings with it.
    pub fn token(&self, role: Role) -> Option<&str> {
        self.tokens.get(&role).map(String::as_str)
    }

    /// A batch that a role sees as its own.
    pub fn own_batch_of(&self, _: Role) -> String {
        self.own_batch.clone()
    }
}

/// What a role is answered: the status, and the body as JSON; a page as a string.
pub async fn ask(people: &People, role: Role, method: Method, address: &str, body: Value) -> (StatusCode, Value) {
    let request = Request::builder().method(method).uri(address).header("content-type", "application/json");
    let request = match people.token(role) {
        Some(token) => request.header("authorization", format!("Bearer {token}")),
        None => request,
    };
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let answer = people.register.ask(request.body(body).unwrap()).await;
    (answer.status, serde_json::from_str(&answer.text).unwrap_or(Value::String(answer.text)))
}
