//! A source unit sends over HTTP: with its key, acknowledged once, imported when the writer is free, looked into by itself
//! alone.

use crate::openapi::{compare, document};
use crate::people::People;
use crate::register::{AUTHORITY, Answer, KNOWN, PENALTIES, Register};
use crate::sessions::block;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderValue, Method, Request, StatusCode};
use credence_app::key::Wanted;
use credence_app::review::Decision;
use credence_domain::access::Role;
use credence_domain::subject::Uscc;
use hyper::body::Frame;
use jiff::civil::date;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc;

const OTHER: &str = "123799000000000510";

fn request(method: Method, address: &str, key: &str) -> axum::http::request::Builder {
    let request = Request::builder().method(method).uri(address).header("content-type", "text/csv");
    if key.is_empty() { request } else { request.header("authorization", format!("Bearer {key}")) }
}

async fn send(register: &Register, key: &str, idempotency: &str, file: &str) -> Answer {
    let address = "/api/v1/batches?filename=penalties.csv&secrecy_review=%E5%AE%A1%E6%9F%A5%E5%91%98";
    let request = request(Method::POST, address, key).header("idempotency-key", idempotency);
    register.ask(request.body(Body::from(file.to_owned())).unwrap()).await
}

async fn get(register: &Register, key: &str, address: &str) -> Answer {
    register.ask(request(Method::GET, address, key).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn every_write_answers_401_without_a_valid_key_before_anything_else_is_looked_at() {
    let (register, _intake) = Register::empty().with_intake();
    for key in ["", "credence_made_up"] {
        let answer = send(&register, key, "", PENALTIES).await;
        assert_eq!((answer.status, answer.json()["code"].as_str()), (StatusCode::UNAUTHORIZED, Some("unauthorised")));
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    let key = register.key(AUTHORITY, Some(date(2026, 5, 13)));
    let wrong = request(Method::POST, "/api/v1/batches?limit=x", "x").header("content-type", "image/png");
    assert_eq!(register.ask(wrong.body(Body::empty()).unwrap()).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(get(&register, &key, "/api/v1/batches").await.status, StatusCode::OK);
    register.move_to(date(2026, 5, 14));
    assert_eq!(get(&register, &key, "/api/v1/batches").await.status, StatusCode::UNAUTHORIZED, "expired");
}

#[tokio::test]
async fn a_file_is_acknowledged_imported_and_seen_by_its_sender_alone() {
    let (register, intake) = Register::empty().with_intake();
    let (key, other) = (register.key(AUTHORITY, None), register.key(OTHER, None));
    let broken = PENALTIES.replace("2026-04-13", "2026-13-01");
    let answer = send(&register, &key, "", &broken).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    let place = answer.header("location").to_owned();
    assert_eq!((&answer.json()["state"], &answer.json()["read"]), (&"queued".into(), &0.into()));
    assert_eq!(get(&register, &key, &place).await.json()["state"], "queued");
    assert_eq!(get(&register, &other, &place).await.status, StatusCode::FORBIDDEN);
    assert_eq!(get(&register, &key, &format!("{place}/rejects")).await.status, StatusCode::CONFLICT);
    assert_eq!(get(&register, &key, "/api/v1/batches").await.json()["items"].as_array().unwrap().len(), 1);

    assert_eq!(intake.work_off().unwrap(), 1);
    let batch = get(&register, &key, &place).await.json();
    assert_eq!(
        (&batch["item"], &batch["file"], &batch["source"]),
        (&"penalty".into(), &"penalties.csv".into(), &AUTHORITY.into())
    );
    assert_eq!((&batch["read"], &batch["accepted"], &batch["rejected"]), (&2.into(), &1.into(), &1.into()));
    // A unit's first batch over HTTP waits for the office.
    assert_eq!(
        (&batch["state"], &batch["hold"], &batch["held"]),
        (&"held".into(), &"first_http_batch".into(), &1.into())
    );
    assert_eq!(get(&register, &other, &place).await.status, StatusCode::FORBIDDEN);
    assert_eq!(register.get(&place).await.status, StatusCode::UNAUTHORIZED);
    let rejects = get(&register, &key, &format!("{place}/rejects")).await;
    assert_eq!((rejects.status, rejects.header("content-type")), (StatusCode::OK, "text/csv"));
    assert!(rejects.text.contains("date_invalid") && rejects.text.contains("2026-13-01"), "{}", rejects.text);
    assert_eq!(register.get(&format!("/api/v1/organisations/{KNOWN}")).await.json()["records"], serde_json::json!([]));

    let page = get(&register, &key, "/api/v1/batches").await.json();
    assert_eq!((page["items"].as_array().unwrap().len(), &page["items"][0]), (1, &batch));
    assert_eq!(get(&register, &other, "/api/v1/batches").await.json()["items"], serde_json::json!([]));
    let document = document();
    compare(&document, &document["components"]["schemas"]["Batch"], &batch, "batch");
    compare(&document, &document["components"]["schemas"]["BatchPage"], &page, "batches");
    register.verify();
}

#[tokio::test]
async fn the_same_key_of_repetition_is_the_same_batch_and_another_file_is_refused() {
    let (register, intake) = Register::empty().with_intake();
    let key = register.key(AUTHORITY, None);
    let first = send(&register, &key, "may-2026", PENALTIES).await.json();
    assert_eq!(send(&register, &key, "may-2026", PENALTIES).await.json()["batch"], first["batch"]);
    intake.work_off().unwrap();
    let again = send(&register, &key, "may-2026", PENALTIES).await;
    assert_eq!((again.status, &again.json()["batch"]), (StatusCode::ACCEPTED, &first["batch"]));
    let other = send(&register, &key, "may-2026", "another").await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.json()["code"], "idempotency_key_reused");
    assert_eq!(intake.work_off().unwrap(), 0);
    // The same file as another item, or as a numbered package, is another letter.
    for more in ["item=permit", "item=penalty&sequence=1"] {
        let request = request(Method::POST, &format!("/api/v1/batches?{more}"), &key);
        let request = request.header("idempotency-key", "may-2026").body(Body::from(PENALTIES)).unwrap();
        assert_eq!(register.ask(request).await.json()["code"], "idempotency_key_reused", "{more}");
    }
    let named = request(Method::POST, "/api/v1/batches?item=penalty", &key).header("idempotency-key", "may-2026");
    let named = register.ask(named.body(Body::from(PENALTIES)).unwrap()).await.json();
    assert_eq!(named["batch"], first["batch"]);
}

#[tokio::test]
async fn a_key_of_repetition_that_cannot_be_read_is_refused_and_not_passed_over() {
    let (register, intake) = Register::empty().with_intake();
    let key = register.key(AUTHORITY, None);
    let bare = || request(Method::POST, "/api/v1/batches?item=penalty", &key);
    let unreadable = HeaderValue::from_bytes("五月".as_bytes()).unwrap();
    let twice = bare().header("idempotency-key", "a").header("idempotency-key", "b");
    for wrong in [bare().header("idempotency-key", unreadable), twice] {
        let answer = register.ask(wrong.body(Body::from(PENALTIES)).unwrap()).await;
        assert_eq!((answer.status, &answer.json()["field"]), (StatusCode::BAD_REQUEST, &"idempotency-key".into()));
    }
    assert_eq!(intake.work_off().unwrap(), 0);
}

#[tokio::test]
async fn what_was_acknowledged_is_imported_by_the_next_start() {
    let (register, intake) = Register::empty().with_intake();
    let key = register.key(AUTHORITY, None);
    let first = send(&register, &key, "", PENALTIES).await.json();
    let second = send(&register, &key, "", PENALTIES).await.json();
    assert_ne!(first["batch"], second["batch"]);
    // The process ends before it has begun.
    let register = register.without_intake();
    drop(intake);
    let (register, intake) = register.with_intake();
    assert_eq!(intake.work_off().unwrap(), 2);
    for (batch, count) in [(first, "accepted"), (second, "unchanged")] {
        let found = get(&register, &key, &format!("/api/v1/batches/{}", batch["batch"].as_str().unwrap())).await.json();
        assert_eq!(found[count], 2, "{found}");
    }
    register.verify();
}

#[tokio::test]
async fn a_file_that_is_no_item_fails_with_the_nearest_item_and_the_columns_that_it_lacks() {
    let (register, intake) = Register::empty().with_intake();
    let key = register.key(AUTHORITY, None);
    let answer = send(&register, &key, "", "CF_WSH,CF_SY\n1,2\n").await;
    intake.work_off().unwrap();
    let batch = get(&register, &key, answer.header("location")).await.json();
    assert_eq!((&batch["state"], &batch["problem"]["code"]), (&"failed".into(), &"item_not_recognised".into()));
    assert!(batch["problem"]["detail"].as_str().unwrap().contains("行政处罚"), "{batch}");
    let document = document();
    compare(&document, &document["components"]["schemas"]["Batch"], &batch, "batch");
    let rejects = get(&register, &key, &format!("{}/rejects", answer.header("location"))).await;
    assert_eq!((rejects.status, rejects.json()["code"].as_str()), (StatusCode::NOT_FOUND, Some("rejects_gone")));
}

#[tokio::test]
async fn batches_wait_until_one_is_released_and_later_ones_when_they_are_far_above_the_usual_size() {
    let (register, intake) = Register::empty().with_intake();
    let key = register.key(AUTHORITY, None);
    let (header, row) =
        PENALTIES.split_once('\n').map(|(header, rows)| (header, rows.lines().next().unwrap())).unwrap();
    let file = |from: usize, rows: usize| {
        let rows = (from..from + rows).map(|number| row.replace("〔2026〕1号", &format!("〔2026〕{number}号")));
        std::iter::once(header.to_owned()).chain(rows).collect::<Vec<_>>().join("\n")
    };
    let mut first = None;
    for (from, rows, state) in [(0, 2, "held"), (10, 3, "held"), (20, 20, "done"), (100, 31, "held")] {
        if state == "done" {
            // Somebody has looked at what came first.
            let (mut writer, number): (_, String) = (register.writer(), first.take().unwrap());
            let rulebook = credence_app::rulebook::in_force(writer.connection()).unwrap();
            let decision = Decision { actor: "甲", reason: "已核对", secrecy_review: "审查员" };
            credence_app::batch::release::release(&mut writer, &rulebook, &number, decision).unwrap();
        }
        let answer = send(&register, &key, "", &file(from, rows)).await;
        intake.work_off().unwrap();
        let batch = get(&register, &key, answer.header("location")).await.json();
        assert_eq!((&batch["state"], &batch["read"]), (&state.into(), &rows.into()), "{batch}");
        first.get_or_insert_with(|| batch["batch"].as_str().unwrap().to_owned());
    }
    register.verify();
}

#[tokio::test]
async fn what_cannot_be_taken_is_told_at_the_door() {
    let (register, intake) = Register::empty().with_intake();
    let key = register.key(AUTHORITY, None);
    let post = |kind: &'static str, length: &'static str| {
        let request = Request::post("/api/v1/batches").header("authorization", format!("bearer {key}"));
        request.header("content-type", kind).header("content-length", length).body(Body::from("x")).unwrap()
    };
    for (kind, length, status) in [
        ("application/pdf", "1", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("text/csv; charset=utf-8", "536870913", StatusCode::PAYLOAD_TOO_LARGE),
        ("text/csv; charset=utf-8", "1", StatusCode::ACCEPTED),
    ] {
        let answer = register.ask(post(kind, length)).await;
        assert_eq!(answer.status, status, "{}", answer.text);
    }
    let empty = send(&register, &key, "", "").await;
    assert_eq!(empty.json()["code"], "empty_file");
    intake.work_off().unwrap();
}

/// The shipped edition with one item more, the same as another under another code.
fn enact_with_another_item(register: &Register) {
    let mut files = credence_app::rulebook::shipped_files();
    let (_, honour) = files.iter().find(|(path, _)| path == "data/honour.toml").unwrap();
    let more = honour.replacen("code = \"honour\"", "code = \"honour_trial\"", 1);
    files.push(("data/honour_trial.toml".to_owned(), more));
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let file = dir.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    credence_app::rulebook::enact(&mut register.writer(), dir.path(), "甲", "乙", "增加事项").unwrap();
}

#[tokio::test]
async fn an_item_that_no_data_list_knows_is_refused_and_one_that_was_enacted_meanwhile_is_taken() {
    let (register, intake) = Register::empty().with_intake();
    let key = register.key(AUTHORITY, None);
    let post = async |item: &str| {
        let address = format!("/api/v1/batches?filename=a.csv&item={item}&secrecy_review=x");
        register.ask(request(Method::POST, &address, &key).body(Body::from(PENALTIES)).unwrap()).await
    };
    assert_eq!(post("penalty").await.status, StatusCode::ACCEPTED);
    let refused = post("honour_trial").await;
    assert_eq!((&refused.json()["code"], &refused.json()["field"]), (&"item_not_in_list".into(), &"item".into()));
    assert!(refused.status.is_client_error(), "{}", refused.text);
    intake.work_off().unwrap();
    enact_with_another_item(&register);
    // The same server: its intake knows the edition of its start.
    let taken = post("honour_trial").await;
    assert_eq!(taken.status, StatusCode::ACCEPTED, "{}", taken.text);
    assert_eq!(post("nothing").await.json()["code"], "item_not_in_list");
    intake.work_off().unwrap();
}

#[tokio::test]
async fn each_key_has_its_own_quota() {
    let (register, _intake) = Register::empty().with_intake();
    let (key, other) = (register.key(AUTHORITY, None), register.key(OTHER, None));
    let mut refused = None;
    for _ in 0..400 {
        let answer = get(&register, &key, "/api/v1/batches").await;
        if answer.status != StatusCode::OK {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("a quota");
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
    assert_eq!((refused.header("ratelimit-limit"), refused.header("ratelimit-remaining")), ("200", "0"));
    assert_eq!(get(&register, &other, "/api/v1/batches").await.status, StatusCode::OK);
}

#[test]
fn rejected_rows_go_to_whoever_sends_for_the_unit_and_to_nobody_else() {
    let mut people = People::new();
    let (register, intake) = people.register.with_intake();
    people.register = register;
    let register = &people.register;
    let ask = |key: &str, address: &str| block(get(register, key, address));
    let clerk = people.token(Role::Clerk).unwrap();
    let sent = block(send(register, clerk, "", &PENALTIES.replace("2026-04-13", "2026-13-01")));
    intake.work_off().unwrap();
    let number = sent.json()["batch"].as_str().unwrap().to_owned();
    let (rejects, page) = (format!("/api/v1/batches/{number}/rejects"), format!("/workbench/batches/{number}"));
    for role in [Role::Clerk, Role::Key] {
        let answer = ask(people.token(role).unwrap(), &rejects);
        assert_eq!(answer.status, StatusCode::OK, "{role}");
        assert!(answer.text.contains("未来商贸有限公司"), "{role}: {}", answer.text);
        assert!(ask(people.token(role).unwrap(), &page).text.contains("未来商贸有限公司"), "{role}");
    }
    let actions = vec!["read_batch".to_owned()];
    let wanted = Wanted { actions, ..Wanted::whole(Uscc::parse(AUTHORITY).unwrap(), None) };
    let (mut writer, rulebook) = (register.writer(), register.service().rulebook().clone());
    let reader = credence_app::key::issue(&mut writer, &rulebook, &wanted, ("甲", Some("乙"), "")).unwrap().key;
    drop(writer);
    let others = [Role::Approver, Role::Office, Role::Auditor].map(|role| people.token(role).unwrap());
    for token in others.into_iter().chain([reader.as_str()]) {
        let answer = ask(token, &rejects);
        assert_eq!((answer.status, &answer.json()["code"]), (StatusCode::FORBIDDEN, &"forbidden".into()));
        let shown = ask(token, &page);
        assert_eq!(shown.status, StatusCode::OK);
        assert!(!shown.text.contains("未来商贸有限公司"), "{}", shown.text);
    }
}

/// A body whose pieces come when they are sent.
struct Coming(mpsc::Receiver<Bytes>);

impl HttpBody for Coming {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.get_mut().0.poll_recv(context).map(|piece| piece.map(|piece| Ok(Frame::data(piece))))
    }
}

/// Sends a body of which all but the last piece is on its way before something happens.
async fn ask_while(
    register: &Register,
    request: axum::http::request::Builder,
    pieces: [&str; 3],
    meanwhile: impl AsyncFnOnce(),
) -> Answer {
    let (send, receive) = mpsc::channel(1);
    let [first, second, last] = pieces.map(|piece| Bytes::from(piece.to_owned()));
    let come = async move {
        send.send(first).await.unwrap();
        // There is room for it only when the first is being taken, so the request is admitted.
        send.send(second).await.unwrap();
        meanwhile().await;
        send.send(last).await.unwrap();
    };
    tokio::join!(register.ask(request.body(Body::new(Coming(receive))).unwrap()), come).0
}

#[tokio::test]
async fn what_comes_with_a_key_that_is_revoked_meanwhile_is_not_taken() {
    let (register, intake) = Register::empty().with_intake();
    let (key, other) = (register.key(AUTHORITY, None), register.key(OTHER, None));
    let pieces = [&PENALTIES[..9], &PENALTIES[9..18], &PENALTIES[18..]];
    let post = |key: &str| request(Method::POST, "/api/v1/batches", key);
    let taken = ask_while(&register, post(&key), pieces, async || {}).await;
    assert_eq!(taken.status, StatusCode::ACCEPTED, "{}", taken.text);
    let refused = ask_while(&register, post(&key), pieces, async || {
        let keys = register.service().keys().unwrap();
        let number = &keys.iter().find(|one| one.source == AUTHORITY).unwrap().number;
        let (mut writer, rulebook) = (register.writer(), register.service().rulebook().clone());
        assert!(credence_app::key::revoke(&mut writer, &rulebook, number, "甲", "泄露").unwrap());
    });
    let refused = refused.await;
    assert_eq!((refused.status, &refused.json()["code"]), (StatusCode::UNAUTHORIZED, &"unauthorised".into()));
    assert_eq!(intake.queued_by(None).len(), 1, "nothing of it waits");
    assert_eq!(get(&register, &other, "/api/v1/batches").await.status, StatusCode::OK);
    assert_eq!(intake.work_off().unwrap(), 1);
}

#[test]
fn what_a_clerk_uploads_whose_account_is_suspended_meanwhile_is_not_taken() {
    let mut people = People::new();
    let (register, intake) = people.register.with_intake();
    people.register = register;
    let head = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n";
    let last = format!("{}\r\n--x--\r\n", &PENALTIES[9..]);
    let mut post = request(Method::POST, "/workbench/upload", people.token(Role::Clerk).unwrap());
    post.headers_mut().unwrap().insert("content-type", HeaderValue::from_static("multipart/form-data; boundary=x"));
    let address = format!("/api/v1/accounts/{}/suspension", people.passwords[&Role::Clerk].0);
    let refused = block(ask_while(&people.register, post, [head, &PENALTIES[..9], &last], async || {
        let why = serde_json::json!({ "reason": "离职" });
        let done = crate::people::ask(&people, Role::SystemAdmin, Method::POST, &address, why).await;
        assert!(done.0.is_success(), "{done:?}");
    }));
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{}", refused.text);
    assert_eq!(intake.queued_by(None).len(), 0);
}
