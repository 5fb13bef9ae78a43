//! HTTP: public pages and their JSON twins (CONTRACT: `/api/v1`, `/`, `/search`, `/organisations/{uscc}`).
//!
//! Rooms: `api` (JSON), `portal` (pages), one file an operation; `route` is the one table from which the router is built
//! and `credence routes` printed. Every request asks for today once, so an answer that spans midnight is of one day.
//! Not here: SQL, rules, the clock. Pages work without JavaScript and load nothing from elsewhere; the only cookies are large
//! type for whoever chose it and the session of whoever signed in.

mod answer;
mod api;
mod asker;
mod asset;
mod body;
mod code;
mod daily;
mod day;
mod edition;
mod escape;
mod guard;
mod handed;
mod kept;
mod metrics;
mod paced;
mod parameter;
mod portal;
mod problem;
mod promised;
mod quota;
mod received;
mod route;
mod serve;
mod stall;
mod state;
mod stream;
mod witness;
mod workbench;

pub use portal::security::is_contact;
pub use route::{Kind, Route, router, routes};
pub use serve::{serve, serve_witness};
pub use state::AppState;
