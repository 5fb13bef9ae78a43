//! The one table of routes: the router is built from it and `credence routes` prints it, so the list cannot lie.

use crate::api::account::{notice, own, stand};
use crate::{
    AppState, api, asker, asset, daily, day, edition, guard, metrics, portal, problem::Problem, promised, quota,
    workbench,
};
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, delete, get, post, put};
use credence_domain::access::Action;
use serde::Serialize;
use std::collections::BTreeMap;
use tower_http::catch_panic::CatchPanicLayer;

/// What a route answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A page for people.
    Page,
    /// A file for people: the data of a page.
    File,
    /// JSON for programs.
    Api,
    /// Style sheet, script, icon.
    Asset,
    /// For whoever runs the platform.
    Operation,
}

/// One route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Route {
    /// Method.
    pub method: &'static str,
    /// Path with its parameters in braces.
    pub path: &'static str,
    /// What it answers with.
    pub kind: Kind,
    /// What it does, as the access policies name it.
    pub action: Action,
}

type Handler = MethodRouter<AppState>;

fn table() -> Vec<(Route, Handler)> {
    let read = |path, kind, handler| (Route { method: "GET", path, kind, action: Action::ReadPublic }, handler);
    let api = |method, path, action, handler| (Route { method, path, kind: Kind::Api, action }, handler);
    let page = |method, path, action, handler| (Route { method, path, kind: Kind::Page, action }, handler);
    vec![
        read("/", Kind::Page, get(portal::home::show)),
        read("/search", Kind::Page, get(portal::search::show)),
        read("/search.csv", Kind::File, get(portal::search_file::save)),
        read("/lists", Kind::Page, get(portal::list::show::show)),
        read("/lists.csv", Kind::File, get(portal::list::file::save)),
        read("/lists.atom", Kind::File, get(portal::list::feed::read)),
        read("/lists.rss", Kind::File, get(portal::list::rss::read)),
        read("/open-data", Kind::Page, get(portal::open_data::show)),
        read("/bulk/{name}", Kind::File, get(daily::file)),
        read("/lists/definitions", Kind::Page, get(portal::list_definition::show)),
        read("/lists/definitions/{code}", Kind::Page, get(portal::list_definition::show_one)),
        read("/data-list", Kind::Page, get(portal::data_list::show)),
        read("/data-list/{item}", Kind::Page, get(portal::data_list::show_item)),
        read("/measures", Kind::Page, get(portal::measure::show)),
        read("/measures/{code}", Kind::Page, get(portal::measure::show_one)),
        read("/repairs", Kind::Page, get(portal::repair::list)),
        read("/repairs/{number}", Kind::Page, get(portal::repair::show)),
        read("/repair-notices/{record}", Kind::Page, get(portal::repair::notice)),
        read("/behaviours", Kind::Page, get(portal::measure::behaviours)),
        read("/method", Kind::Page, get(portal::method::show)),
        read("/about", Kind::Page, get(portal::about::show)),
        read("/accessibility", Kind::Page, get(portal::accessibility::show)),
        read("/data-list/{item}/template.csv", Kind::File, get(portal::template::csv)),
        read("/data-list/{item}/template.xlsx", Kind::File, get(portal::template::xlsx)),
        read("/organisations/{uscc}", Kind::Page, get(portal::organisation::show)),
        read("/organisations/{uscc}/records/{id}/proof", Kind::File, get(portal::log::record_proof)),
        read("/log", Kind::Page, get(portal::log::show)),
        read("/log/verify.py", Kind::File, get(portal::log::verifier)),
        read("/log/proofs/{act}", Kind::File, get(portal::log::proof)),
        read("/units", Kind::Page, get(portal::units::show)),
        read("/areas/{area}", Kind::Page, get(portal::area::show)),
        read("/quality", Kind::Page, get(portal::quality::show)),
        read("/design", Kind::Page, get(portal::design::show)),
        read("/assets/{name}", Kind::Asset, get(asset::read)),
        read("/.well-known/security.txt", Kind::File, get(portal::security::contact)),
        read("/healthz", Kind::Operation, get(api::health::live)),
        read("/status", Kind::Operation, get(api::status::read)),
        read("/metrics", Kind::Operation, get(api::status::metrics)),
        read("/readyz", Kind::Operation, get(api::health::ready)),
        read("/api/openapi.json", Kind::Api, get(api::openapi::read)),
        read("/api/v1/counters", Kind::Api, get(api::counters::read)),
        read("/api/v1/models", Kind::Api, get(api::models::list)),
        read("/api/v1/lists/definitions", Kind::Api, get(api::list_definition::list)),
        read("/api/v1/lists/definitions/{code}", Kind::Api, get(api::list_definition::read)),
        read("/api/v1/data-list", Kind::Api, get(api::data_list::list)),
        read("/api/v1/data-list/{item}", Kind::Api, get(api::data_list::read)),
        read("/api/v1/measures", Kind::Api, get(api::measure::list)),
        read("/api/v1/measures/{code}", Kind::Api, get(api::measure::read)),
        read("/api/v1/behaviours", Kind::Api, get(api::measure::behaviours)),
        read("/api/v1/memoranda", Kind::Api, get(api::measure::memoranda)),
        read("/api/v1/repair-notices/{record}", Kind::Api, get(api::repair::notice)),
        read("/api/v1/repairs/{number}/progress", Kind::Api, get(api::repair::progress)),
        read("/api/v1/lists", Kind::Api, get(api::list::list)),
        read("/api/v1/bulk", Kind::Api, get(daily::current)),
        read("/api/v1/changes", Kind::Api, get(api::changes::read)),
        read("/api/v1/webhooks/key", Kind::Api, get(api::webhook::keys)),
        read("/api/v1/organisations", Kind::Api, get(api::organisation::list::list)),
        read("/api/v1/organisations/{uscc}", Kind::Api, get(api::organisation::read::read)),
        read("/api/v1/organisations/{uscc}/records", Kind::Api, get(api::organisation::records::list)),
        read("/api/v1/organisations/{uscc}/evaluation", Kind::Api, get(api::organisation::evaluation::read)),
        read("/api/v1/units", Kind::Api, get(api::unit::list::list)),
        read("/api/v1/units/{uscc}", Kind::Api, get(api::unit::read::read)),
        read("/api/v1/areas", Kind::Api, get(api::area::list)),
        read("/api/v1/areas/{area}", Kind::Api, get(api::area::read)),
        read("/api/v1/log", Kind::Api, get(api::log::read)),
        read("/api/v1/log/key", Kind::Api, get(api::log::key)),
        read("/api/v1/log/checkpoint", Kind::Api, get(api::log::checkpoint)),
        read("/api/v1/log/cosigned", Kind::Api, get(api::log::cosigned)),
        read("/api/v1/log/tile/{*path}", Kind::Api, get(api::log::tile)),
        read("/api/v1/log/proof/{act}", Kind::Api, get(api::log::proof)),
        read("/api/v1/quality", Kind::Api, get(api::quality::read)),
        api("GET", "/api/v1/quality/due", Action::ReadDue, get(api::quality::due)),
        api("GET", "/api/v1/units/{uscc}/changes", Action::ReadChanges, get(api::unit::changes::read)),
        api("GET", "/api/v1/webhooks", Action::ReadWebhook, get(api::webhook::list)),
        api("POST", "/api/v1/webhooks", Action::KeepWebhook, post(api::webhook::add)),
        api("GET", "/api/v1/webhooks/{webhook}", Action::ReadWebhook, get(api::webhook::read)),
        api("DELETE", "/api/v1/webhooks/{webhook}", Action::KeepWebhook, delete(api::webhook::remove)),
        api("POST", "/api/v1/webhooks/{webhook}/pause", Action::KeepWebhook, post(api::webhook::pause)),
        api("POST", "/api/v1/webhooks/{webhook}/resume", Action::KeepWebhook, post(api::webhook::resume)),
        api("GET", "/api/v1/webhooks/{webhook}/deliveries", Action::ReadWebhook, get(api::webhook::deliveries)),
        api("POST", "/api/v1/batches", Action::SendBatch, post(api::batch::send::send)),
        api("GET", "/api/v1/batches", Action::ReadBatch, get(api::batch::list::list)),
        api("GET", "/api/v1/batches/{id}", Action::ReadBatch, get(api::batch::read::read)),
        api("GET", "/api/v1/batches/{id}/notes", Action::ReadBatch, get(api::batch::notes::read)),
        api("GET", "/api/v1/batches/{id}/repair-notices", Action::ReadBatch, get(api::batch::notices::read)),
        api("GET", "/api/v1/batches/{id}/rejects", Action::ReadBatch, get(api::batch::rejects::read)),
        api("POST", "/api/v1/batches/{id}/withdrawal", Action::Propose, post(api::proposal::withdraw_batch)),
        api("GET", "/api/v1/organisations/{uscc}/file", Action::ReadFile, get(api::organisation::file::read)),
        api("GET", "/api/v1/organisations/{uscc}/access", Action::ReadJournal, get(api::organisation::file::looks)),
        api("POST", "/api/v1/organisations/{uscc}/erasures", Action::ProposeErasure, post(api::proposal::erase)),
        api("POST", "/api/v1/sessions", Action::SignIn, post(api::session::begin)),
        api("GET", "/api/v1/sessions", Action::KeepOwnAccount, get(api::session::list)),
        api("DELETE", "/api/v1/sessions/{number}", Action::KeepOwnAccount, delete(api::session::end)),
        api("POST", "/api/v1/invitations", Action::SignIn, post(api::invitation::use_up)),
        api("GET", "/api/v1/account", Action::KeepOwnAccount, get(own::read)),
        api("POST", "/api/v1/account/password", Action::KeepOwnAccount, post(own::change_password)),
        api("POST", "/api/v1/account/second-factor", Action::KeepOwnAccount, post(own::begin_second_factor)),
        api("PUT", "/api/v1/account/second-factor", Action::KeepOwnAccount, put(own::confirm_second_factor)),
        api("DELETE", "/api/v1/account/second-factor", Action::KeepOwnAccount, delete(own::drop_second_factor)),
        api("GET", "/api/v1/account/notices", Action::KeepOwnAccount, get(notice::list)),
        api("POST", "/api/v1/account/notices/{number}/read", Action::KeepOwnAccount, post(notice::mark_read)),
        api("GET", "/api/v1/account/mail", Action::KeepOwnAccount, get(notice::read_address)),
        api("PUT", "/api/v1/account/mail", Action::KeepOwnAccount, put(notice::ask_address)),
        api("DELETE", "/api/v1/account/mail", Action::KeepOwnAccount, delete(notice::drop_address)),
        api("POST", "/api/v1/account/mail/confirmation", Action::KeepOwnAccount, post(notice::confirm_address)),
        api("POST", "/api/v1/account/organisations", Action::SpeakForOrganisation, post(own::bind)),
        api("POST", "/api/v1/account/delegations", Action::SpeakForOrganisation, post(own::delegate)),
        api("GET", "/api/v1/accounts", Action::ReadAccount, get(stand::list)),
        api("POST", "/api/v1/accounts", Action::ManageAccount, post(stand::enter)),
        api("POST", "/api/v1/accounts/{account}/reset", Action::ManageAccount, post(stand::reset)),
        api("POST", "/api/v1/accounts/{account}/suspension", Action::ManageAccount, post(stand::suspend)),
        api("POST", "/api/v1/accounts/{account}/resumption", Action::ManageAccount, post(stand::resume)),
        api("POST", "/api/v1/accounts/{account}/end", Action::ManageAccount, post(stand::end)),
        api("POST", "/api/v1/accounts/{account}/deputy", Action::ManageAccount, post(stand::set_deputy)),
        api("POST", "/api/v1/representatives", Action::BindRepresentative, post(api::representative::invite)),
        api(
            "POST",
            "/api/v1/representatives/{account}/end",
            Action::BindRepresentative,
            post(api::representative::end),
        ),
        api("GET", "/api/v1/queue", Action::OpenWorkbench, get(api::queue::list)),
        api("POST", "/api/v1/queue/assignments", Action::AssignTask, post(api::queue::assign)),
        api("GET", "/api/v1/organisations/{uscc}/own", Action::ReadOwn, get(api::organisation::own::read)),
        api("GET", "/api/v1/consents", Action::ReadChanges, get(api::consent::list)),
        api("POST", "/api/v1/consents", Action::KeepConsent, post(api::consent::give)),
        api("POST", "/api/v1/consents/{number}/end", Action::KeepConsent, post(api::consent::end)),
        api("GET", "/api/v1/subscription", Action::ReadChanges, get(api::consent::subscription)),
        api("PUT", "/api/v1/subscription", Action::KeepConsent, put(api::consent::subscribe)),
        api("DELETE", "/api/v1/subscription", Action::KeepConsent, delete(api::consent::unsubscribe)),
        api("GET", "/api/v1/editions", Action::ReadEdition, get(api::edition::list)),
        api("POST", "/api/v1/editions", Action::ProposeEdition, post(api::edition::propose).layer(long_body())),
        api("GET", "/api/v1/editions/{digest}", Action::ReadEdition, get(api::edition::show)),
        api("GET", "/api/v1/editions/{digest}/archive", Action::ReadEdition, get(api::edition::archive)),
        api("GET", "/api/v1/keys", Action::ReadAccount, get(api::key::list)),
        api("POST", "/api/v1/keys", Action::ManageAccount, post(api::key::propose)),
        api("POST", "/api/v1/keys/{number}/revocation", Action::ManageAccount, post(api::key::revoke)),
        api("GET", "/api/v1/proposals", Action::OpenWorkbench, get(api::proposal::list)),
        api("POST", "/api/v1/proposals/{id}/answer", Action::OpenWorkbench, post(api::proposal::answer)),
        api("POST", "/api/v1/investigations/end", Action::ReadFile, post(api::organisation::file::end_investigation)),
        api("GET", "/api/v1/incidents", Action::HandleIncident, get(api::incident::list)),
        api("POST", "/api/v1/incidents/{id}/step", Action::HandleIncident, post(api::incident::step)),
        api("GET", "/api/v1/officers", Action::ReadOfficer, get(api::officer::list)),
        api("POST", "/api/v1/officers", Action::EnterOfficer, post(api::officer::propose)),
        api("POST", "/api/v1/officers/terms", Action::EnterOfficer, post(api::officer::enter)),
        api("POST", "/api/v1/officers/duties", Action::EnterOfficer, post(api::officer::inform)),
        api("GET", "/api/v1/officers/{number}", Action::ReadOfficer, get(api::officer::show)),
        api("POST", "/api/v1/officers/{number}/steps", Action::StepOfficer, post(api::officer::step)),
        api("GET", "/api/v1/measures-in-force", Action::ReadMeasure, get(api::measure_in_force::list)),
        api("POST", "/api/v1/measures-in-force", Action::BeginMeasure, post(api::measure_in_force::begin)),
        api("GET", "/api/v1/measures-in-force/board", Action::ReadMeasure, get(api::measure_in_force::board)),
        api("GET", "/api/v1/measures-in-force/{number}", Action::ReadMeasure, get(api::measure_in_force::show)),
        api("POST", "/api/v1/measures-in-force/{number}/steps", Action::StepMeasure, post(api::measure_in_force::step)),
        api("GET", "/api/v1/repairs", Action::ReadRepair, get(api::repair::list)),
        api("POST", "/api/v1/repairs", Action::ApplyRepair, post(api::repair::apply)),
        api("GET", "/api/v1/repairs/{number}", Action::ReadRepair, get(api::repair::show)),
        api("POST", "/api/v1/repairs/{number}/steps", Action::StepRepair, post(api::repair::step)),
        api("POST", "/api/v1/papers", Action::HandInPaper, post(api::paper::hand_in).layer(long_body())),
        api("GET", "/api/v1/papers/{digest}", Action::ReadPaper, get(api::paper::read)),
        api("GET", "/api/v1/objections", Action::ReadObjection, get(api::objection::list)),
        api("POST", "/api/v1/objections", Action::FileObjection, post(api::objection::file)),
        api("GET", "/api/v1/objections/{number}", Action::ReadObjection, get(api::objection::show)),
        api("POST", "/api/v1/objections/{number}/steps", Action::StepObjection, post(api::objection::step)),
        api("GET", "/api/v1/national", Action::ReadNational, get(api::national::list)),
        api("GET", "/api/v1/national/{platform}", Action::ReadNational, get(api::national::show)),
        api("POST", "/api/v1/national/{platform}/again", Action::KeepNational, post(api::national::again)),
        api("POST", "/api/v1/national/{platform}/differences", Action::KeepNational, post(api::national::settle)),
        api("GET", "/api/v1/listings", Action::ReadListing, get(api::listing::list)),
        api("POST", "/api/v1/listings", Action::ProposeListing, post(api::listing::propose)),
        api("GET", "/api/v1/listings/{number}", Action::ReadListing, get(api::listing::show)),
        api("POST", "/api/v1/listings/{number}/steps", Action::StepListing, post(api::listing::step)),
        api("GET", "/api/v1/reviews", Action::ReviewRecord, get(api::review::list)),
        api("POST", "/api/v1/reviews", Action::ReviewRecord, post(api::review::decide)),
        api("GET", "/api/v1/claims", Action::ReadClaim, get(api::claim::list)),
        api("POST", "/api/v1/claims", Action::FileClaim, post(api::claim::file)),
        api("POST", "/api/v1/claims/{number}/steps", Action::StepClaim, post(api::claim::step)),
        api("GET", "/api/v1/conflicts", Action::SettleConflict, get(api::conflict::list)),
        api("POST", "/api/v1/conflicts/merge", Action::Propose, post(api::proposal::merge)),
        page("GET", "/sign-in", Action::SignIn, get(workbench::sign_in::show)),
        page("POST", "/sign-in", Action::SignIn, post(workbench::sign_in::sign_in)),
        page("POST", "/sign-out", Action::KeepOwnAccount, post(workbench::sign_in::sign_out)),
        page("GET", "/invitation", Action::SignIn, get(workbench::invitation::show)),
        page("POST", "/invitation", Action::SignIn, post(workbench::invitation::use_up)),
        page("GET", "/account", Action::KeepOwnAccount, get(workbench::account::show)),
        page("POST", "/account/password", Action::KeepOwnAccount, post(workbench::account::change_password)),
        page("POST", "/account/second-factor", Action::KeepOwnAccount, post(workbench::account::second_factor)),
        page("POST", "/account/sessions", Action::KeepOwnAccount, post(workbench::account::end_session)),
        page("GET", "/account/notices", Action::KeepOwnAccount, get(workbench::notice::show)),
        page("POST", "/account/notices", Action::KeepOwnAccount, post(workbench::notice::mark_read)),
        page("POST", "/account/mail", Action::KeepOwnAccount, post(workbench::notice::step_mail)),
        page("GET", "/workbench", Action::OpenWorkbench, get(workbench::home::show)),
        page("GET", "/workbench/queue", Action::OpenWorkbench, get(workbench::queue::list)),
        page("GET", "/workbench/queue/calendar", Action::OpenWorkbench, get(workbench::queue::month)),
        page("POST", "/workbench/queue/assignments", Action::AssignTask, post(workbench::queue::assign)),
        page("GET", "/workbench/own", Action::ReadOwn, get(workbench::own::show)),
        page("GET", "/workbench/own/letter", Action::ReadOwn, get(workbench::own::letter)),
        page("GET", "/workbench/upload", Action::SendBatch, get(workbench::upload::show)),
        page("POST", "/workbench/upload", Action::SendBatch, post(workbench::upload::send).layer(long_body())),
        page("GET", "/workbench/entry", Action::SendBatch, get(workbench::entry::show)),
        page("POST", "/workbench/entry", Action::SendBatch, post(workbench::entry::enter)),
        page("GET", "/workbench/batches/{id}", Action::ReadBatch, get(workbench::batch::show)),
        page("GET", "/workbench/batches/{id}/repair-notices", Action::ReadBatch, get(workbench::batch_notices::show)),
        page("POST", "/workbench/batches/{id}/mend", Action::SendBatch, post(workbench::batch::mend)),
        page("POST", "/workbench/batches/{id}/withdrawal", Action::Propose, post(workbench::batch::withdraw)),
        page("POST", "/workbench/proposals/{id}", Action::OpenWorkbench, post(workbench::proposal::answer)),
        page("GET", "/workbench/reviews", Action::ReviewRecord, get(workbench::review::list)),
        page("POST", "/workbench/reviews", Action::ReviewRecord, post(workbench::review::decide)),
        page("GET", "/workbench/claims", Action::ReadClaim, get(workbench::claim::list)),
        page("POST", "/workbench/claims", Action::FileClaim, post(workbench::claim::file)),
        page("POST", "/workbench/claims/{number}", Action::StepClaim, post(workbench::claim::step)),
        page("GET", "/workbench/conflicts", Action::SettleConflict, get(workbench::proposal::conflicts)),
        page("POST", "/workbench/conflicts", Action::Propose, post(workbench::proposal::merge)),
        page("GET", "/workbench/file", Action::ReadFile, get(workbench::file::show)),
        page("POST", "/workbench/file", Action::ReadFile, post(workbench::file::read)),
        page("POST", "/workbench/erasures", Action::ProposeErasure, post(workbench::file::erase)),
        page("GET", "/workbench/measures", Action::ReadMeasure, get(workbench::measure::list)),
        page("POST", "/workbench/measures", Action::BeginMeasure, post(workbench::measure::begin)),
        page("GET", "/workbench/measures/{number}", Action::ReadMeasure, get(workbench::measure::show)),
        page("POST", "/workbench/measures/{number}", Action::StepMeasure, post(workbench::measure::step)),
        page("GET", "/workbench/officers", Action::ReadOfficer, get(workbench::officer::list)),
        page("POST", "/workbench/officers", Action::EnterOfficer, post(workbench::officer::enter)),
        page("GET", "/workbench/officers/{number}", Action::ReadOfficer, get(workbench::officer::show)),
        page("POST", "/workbench/officers/{number}", Action::StepOfficer, post(workbench::officer::step)),
        page("GET", "/workbench/measure-board", Action::ReadMeasure, get(workbench::measure::board)),
        page("GET", "/workbench/repairs", Action::ReadRepair, get(workbench::repair::list)),
        page("POST", "/workbench/repairs", Action::ApplyRepair, post(workbench::repair::apply).layer(long_body())),
        page("GET", "/workbench/repairs/{number}", Action::ReadRepair, get(workbench::repair::show)),
        page(
            "POST",
            "/workbench/repairs/{number}",
            Action::StepRepair,
            post(workbench::repair::step).layer(long_body()),
        ),
        page("GET", "/workbench/objections", Action::ReadObjection, get(workbench::objection::list)),
        page(
            "POST",
            "/workbench/objections",
            Action::FileObjection,
            post(workbench::objection::file).layer(long_body()),
        ),
        page("GET", "/workbench/objections/{number}", Action::ReadObjection, get(workbench::objection::show)),
        page(
            "POST",
            "/workbench/objections/{number}",
            Action::StepObjection,
            post(workbench::objection::step).layer(long_body()),
        ),
        page("GET", "/workbench/national", Action::ReadNational, get(workbench::national::show)),
        page("POST", "/workbench/national", Action::KeepNational, post(workbench::national::step)),
        page("GET", "/workbench/listings", Action::ReadListing, get(workbench::listing::list)),
        page(
            "POST",
            "/workbench/listings",
            Action::ProposeListing,
            post(workbench::listing::propose).layer(long_body()),
        ),
        page("GET", "/workbench/listings/{number}", Action::ReadListing, get(workbench::listing::show)),
        page(
            "POST",
            "/workbench/listings/{number}",
            Action::StepListing,
            post(workbench::listing::step).layer(long_body()),
        ),
        page("GET", "/workbench/webhooks", Action::ReadWebhook, get(workbench::webhook::show)),
        page("POST", "/workbench/webhooks", Action::KeepWebhook, post(workbench::webhook::add)),
        page("POST", "/workbench/webhooks/{webhook}", Action::KeepWebhook, post(workbench::webhook::step)),
        page("GET", "/workbench/accounts", Action::ReadAccount, get(workbench::administration::accounts)),
        page("POST", "/workbench/accounts", Action::ManageAccount, post(workbench::administration::enter)),
        page("POST", "/workbench/accounts/{account}", Action::ManageAccount, post(workbench::administration::stand)),
        page("GET", "/workbench/unit", Action::ReadChanges, get(workbench::unit::show)),
        page("POST", "/workbench/unit", Action::KeepConsent, post(workbench::unit::step)),
        page("GET", "/workbench/keys", Action::ReadAccount, get(workbench::key::show)),
        page("POST", "/workbench/keys", Action::ManageAccount, post(workbench::key::propose)),
        page("POST", "/workbench/keys/{number}", Action::ManageAccount, post(workbench::key::revoke)),
        page("GET", "/workbench/editions", Action::ReadEdition, get(workbench::edition::list)),
        page(
            "POST",
            "/workbench/editions",
            Action::ProposeEdition,
            post(workbench::edition::propose).layer(long_body()),
        ),
        page("GET", "/workbench/editions/{digest}", Action::ReadEdition, get(workbench::edition::show)),
        page("GET", "/workbench/incidents", Action::HandleIncident, get(workbench::administration::incidents)),
        page("POST", "/workbench/incidents/{id}", Action::HandleIncident, post(workbench::administration::step)),
    ]
}

/// A body of the largest file that is taken: it is written piece by piece, and bounded there.
fn long_body() -> axum::extract::DefaultBodyLimit {
    axum::extract::DefaultBodyLimit::disable()
}

/// The table as a router needs it: methods of one path together, each admitting by its own action.
fn admitting(state: &AppState) -> Vec<(&'static str, Handler)> {
    let mut paths: Vec<(&'static str, Handler)> = Vec::new();
    for (route, handler) in table() {
        let reads_a_day = day::is_read_by(route.path);
        let handler = if reads_a_day { handler } else { handler.layer(axum::middleware::from_fn(day::refuse)) };
        let asked = (state.clone(), route.action);
        // Before anything else of the request is looked at.
        let handler = handler.layer(axum::middleware::from_fn_with_state(asked, asker::admit));
        match paths.iter_mut().find(|(path, _)| *path == route.path) {
            Some((_, standing)) => *standing = std::mem::take(standing).merge(handler),
            None => paths.push((route.path, handler)),
        }
    }
    paths
}

/// Every route that is served.
#[must_use]
pub fn routes() -> Vec<Route> {
    table().into_iter().map(|(route, _)| route).collect()
}

/// The router.
pub fn router(state: AppState) -> Router {
    let kinds: BTreeMap<&str, Kind> = routes().iter().map(|route| (route.path, route.kind)).collect();
    admitting(&state)
        .into_iter()
        .fold(Router::new(), |router, (path, handler)| {
            let counted = (state.clone(), path, kinds.get(path).copied().unwrap_or(Kind::Page));
            router.route(path, handler.layer(axum::middleware::from_fn_with_state(counted, metrics::count)))
        })
        .fallback(missing)
        .method_not_allowed_fallback(wrong_method)
        .layer(CatchPanicLayer::custom(|panic: Box<dyn std::any::Any + Send>| {
            let said = panic.downcast_ref::<String>().map(String::as_str);
            let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("panic");
            Problem::fault(&said).into_response()
        }))
        .layer(axum::middleware::from_fn(promised::carry))
        .layer(axum::middleware::from_fn(edition::hold))
        .layer(axum::middleware::from_fn(guard::refuse_unreadable))
        .layer(axum::middleware::from_fn(guard::end_in_time))
        .layer(axum::middleware::from_fn_with_state(state.clone(), quota::limit))
        .layer(axum::middleware::from_fn(guard::add_headers))
        .with_state(state)
}

async fn missing(request: Request) -> Response {
    refuse(request.uri().path(), Problem::not_found())
}

async fn wrong_method(request: Request) -> Response {
    let text = "这个地址不接受这种请求方法，可用的方法见 Allow。";
    refuse(request.uri().path(), Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", text))
}

/// Addresses outside `/api/` that programs ask.
const OPERATIONS: [&str; 4] = ["/healthz", "/readyz", "/status", "/metrics"];

/// Whether programs ask an address.
pub(crate) fn is_for_programs(path: &str) -> bool {
    path.starts_with("/api/") || OPERATIONS.contains(&path)
}

/// Programs get problem+json, people a page.
pub(crate) fn refuse(path: &str, problem: Problem) -> Response {
    if is_for_programs(path) { problem.into_response() } else { portal::error::ErrorPage(problem).into_response() }
}
