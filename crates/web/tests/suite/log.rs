//! The log over HTTP: what C2SP asks for, promises of what was acknowledged, and a witness that cosigns.

use crate::openapi::{compare, document};
use crate::people::People;
use crate::register::{KNOWN, Register};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credence_app::log::{self, Host, Keeper, Kind, Reach, Teller, VerifierKey, judge_file};
use credence_app::review::Decision;
use credence_app::{Clock, Service};
use credence_domain::access::Role;
use serde_json::json;
use std::sync::Arc;

#[tokio::test]
async fn key_checkpoint_tiles_and_proofs_are_served_and_fit_together() {
    let register = Register::with_a_penalty();
    let key = register.get("/api/v1/log/key").await.text;
    let keys = [VerifierKey::parse(key.trim()).unwrap()];
    let checkpoint = register.get("/api/v1/log/checkpoint").await;
    assert_eq!(checkpoint.header("content-type"), "text/plain; charset=utf-8");
    let size = judge_file(&checkpoint.text, &keys).unwrap().tree_size.unwrap();
    let log = register.get("/api/v1/log").await.json();
    assert_eq!((&log["size"], log["key"].as_str()), (&json!(size), Some(key.trim())));
    let tile = register.get(&format!("/api/v1/log/tile/0/000.p/{size}")).await;
    assert_eq!(tile.header("content-type"), "application/octet-stream");
    assert!(tile.header("cache-control").contains("immutable"));
    let entries = register.get(&format!("/api/v1/log/tile/entries/000.p/{size}")).await;
    assert_eq!(entries.text.matches(r#"{"root":""#).count() as u64, size, "an entry is a root and nothing else");
    assert!(!entries.text.contains(KNOWN));
    for missing in ["0/000", "0/001.p/1", "1/000.p/1", "9/000", "0/0", "entries/000", "..%2f0/000"] {
        let answer = register.get(&format!("/api/v1/log/tile/{missing}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{missing}");
    }
    assert_eq!(register.get("/api/v1/log/cosigned").await.status, StatusCode::NOT_FOUND);
    let records = register.get(&format!("/api/v1/organisations/{KNOWN}/records")).await.json();
    let record = &records["items"][0];
    let act = record["proof"]["act"].as_str().unwrap();
    let proof = register.get(&format!("/api/v1/log/proof/{act}")).await.json();
    let (document, path) = (document(), "/api/v1/log/proof/{act}");
    let schema = &document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
    compare(&document, schema, &proof, path);
    let entry = STANDARD.decode(proof["entry"].as_str().unwrap()).unwrap();
    assert!(entry.starts_with(br#"{"root":""#) && entry.ends_with(br#"","v":1}"#), "{entry:?}");
    // The files of the pages prove the same.
    let file = format!("/organisations/{KNOWN}/records/{}/proof", record["id"].as_str().unwrap());
    let page = register.get(&format!("/organisations/{KNOWN}")).await;
    assert!(page.text.contains(&file));
    let file = register.get(&file).await;
    assert!(file.header("content-disposition").ends_with(".tlog-proof\""));
    let judged = judge_file(&file.text, &keys).unwrap();
    assert_eq!(judged.public.unwrap()["uscc"], KNOWN);
    assert!(judge_file(&register.get(&format!("/log/proofs/{act}")).await.text, &keys).is_ok());
    let page = register.get("/log").await;
    assert!(page.text.contains(key.trim()) && page.text.contains("/log/verify.py"));
    assert!(register.get("/log/verify.py").await.text.starts_with("#!/usr/bin/env python3"));
    for unknown in ["zz", &"0".repeat(32)] {
        assert_eq!(register.get(&format!("/api/v1/log/proof/{unknown}")).await.status, StatusCode::NOT_FOUND);
    }
}

#[test]
fn whoever_acts_is_promised_a_place_in_the_log() {
    let people = People::new();
    let register = &people.register;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let token = people.token(Role::Auditor).unwrap().to_owned();
    let answer = runtime.block_on(async {
        let request = Request::builder()
            .method(Method::GET)
            .uri(format!("/api/v1/organisations/{KNOWN}/file?purpose=audit&case=S-1"))
            .header("authorization", format!("Bearer {token}"));
        register.ask(request.body(Body::empty()).unwrap()).await
    });
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let note = String::from_utf8(STANDARD.decode(answer.header("log-promise")).unwrap()).unwrap();
    let service = register.service();
    let keys = [VerifierKey::parse(&service.log_key().unwrap()).unwrap()];
    let promise = judge_file(&note, &keys).unwrap();
    assert_eq!((promise.kind, promise.by.as_deref().map(|by| &by[..10])), ("promise", Some("2026-05-13")));
    // The promise is kept at once: the desk places and signs what it acknowledged.
    register.writer().sequence().unwrap();
    assert!(service.log_proof(&promise.act.unwrap()).is_ok());
    let read = runtime.block_on(register.get("/"));
    assert!(read.headers.get("log-promise").is_none(), "a read that is no act is promised nothing");
}

/// A witness that serves until it is dropped, and where.
fn witness(folder: &std::path::Path, keys: Vec<VerifierKey>) -> (Arc<Host>, String) {
    let clock = Clock::fixed(jiff::civil::date(2026, 5, 13));
    let host = Arc::new(Host::open(folder, Some("city.example/w"), keys, clock).unwrap());
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let serving = Arc::clone(&host);
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            credence_web::serve_witness(listener, serving, std::future::pending()).await.unwrap();
        });
    });
    (host, address)
}

/// Posts to a witness as any program does; gives the whole answer.
fn post(address: &str, body: &[u8]) -> String {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(address.strip_prefix("http://").unwrap()).unwrap();
    write!(stream, "POST /add-checkpoint HTTP/1.1\r\nhost: witness\r\nconnection: close\r\n").unwrap();
    write!(stream, "content-length: {}\r\n\r\n", body.len()).unwrap();
    // A body that is too long may not be taken to its end.
    let _ = stream.write_all(body);
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn told(service: &Arc<Service>) -> usize {
    Keeper::new(Arc::clone(service), Teller::new(Reach::Anywhere).unwrap()).tell_now().unwrap()
}

#[test]
fn a_witness_cosigns_what_continues_and_refuses_what_does_not() {
    let register = Register::with_a_penalty();
    let service = register.service();
    let log_key = VerifierKey::parse(&service.log_key().unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (host, address) = witness(folder.path(), vec![log_key.clone()]);
    let mut writer = register.writer();
    let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
    let decision = Decision { actor: "甲", reason: "市级见证", secrecy_review: "" };
    let place = || log::place(Kind::Http, "", &address, &host.verifier().to_string());
    let refused = log::add_witness(&mut writer, &rulebook, place(), decision, "乙", Reach::Public).unwrap_err();
    assert_eq!(refused.code(), "bad_parameter", "plain http on this machine: only by the operator's word");
    log::add_witness(&mut writer, &rulebook, place(), decision, "乙", Reach::Anywhere).unwrap();
    drop(writer);
    assert_eq!(told(&service), 1);
    let keys = [log_key, host.verifier()];
    let cosigned = service.log_cosigned().unwrap();
    assert_eq!(judge_file(&cosigned, &keys).unwrap().witnesses, ["city.example/w"]);
    assert_eq!(service.log_checkpoint().unwrap(), cosigned, "the newest has it too");
    // The log grows: the witness is told from where it stands, even when we have forgotten where that is.
    register.key(crate::register::AUTHORITY, None);
    register.writer().connection().batch("update log_witness set size = 0").unwrap();
    assert_eq!(told(&service), 1);
    let grown = judge_file(&service.log_cosigned().unwrap(), &keys).unwrap();
    assert!(grown.tree_size > judge_file(&cosigned, &keys).unwrap().tree_size);
    // Proofs lead to the cosigned checkpoint.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let records = runtime.block_on(register.get(&format!("/api/v1/organisations/{KNOWN}/records"))).json();
    let act = records["items"][0]["proof"]["act"].as_str().unwrap();
    let judged = judge_file(&service.log_proof_file(act, None).unwrap(), &keys).unwrap();
    assert_eq!(judged.witnesses, ["city.example/w"]);
    // What is not proved to continue gets nothing.
    let before = std::fs::read_dir(folder.path()).unwrap().count();
    register.key(crate::register::AUTHORITY, None);
    let forged = service.log_checkpoint().unwrap();
    let request = format!("old {}\n\n{forged}", grown.tree_size.unwrap());
    assert!(post(&address, request.as_bytes()).starts_with("HTTP/1.1 422"), "no proof that it continues");
    assert!(post(&address, b"\xff\xfe").starts_with("HTTP/1.1 400"));
    let conflict = post(&address, format!("old 0\n\n{forged}").as_bytes());
    assert!(
        conflict.starts_with("HTTP/1.1 409") && conflict.contains("content-type: text/x.tlog.size\r\n"),
        "{conflict}"
    );
    assert!(conflict.ends_with(&format!("\r\n\r\n{}\n", grown.tree_size.unwrap())), "{conflict}");
    assert!(post(&address, &[b'x'; 80_000]).starts_with("HTTP/1.1 413"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), before);
    // A witness that is gone is shown as failing, and the log goes on.
    let mut writer = register.writer();
    let gone = log::place(Kind::Http, "", "http://127.0.0.1:1", &host.verifier().to_string());
    log::add_witness(&mut writer, &rulebook, gone, decision, "乙", Reach::Anywhere).unwrap();
    drop(writer);
    assert_eq!(told(&service), 0);
    assert!(service.log_view().unwrap().witnesses[0].failing);
    assert!(runtime.block_on(register.get("/log")).text.contains("最近一次未送达"));
}
