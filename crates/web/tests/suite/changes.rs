//! The change stream over the wire: lines that end, events that go on, readers that are cut off, come back or stall.

use crate::register::{AUTHORITY, PENALTIES, Register};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test]
async fn a_position_that_cannot_be_read_is_refused_whatever_form_is_asked_for() {
    let register = Register::with_a_penalty();
    for accepted in ["*/*", "application/x-ndjson", "text/event-stream"] {
        let request = Request::get("/api/v1/changes?after=0").header("last-event-id", "{}").header("accept", accepted);
        let answer = register.ask(request.body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status, &answer.json()["field"]), (StatusCode::BAD_REQUEST, &"last-event-id".into()));
    }
}

#[tokio::test]
async fn lines_end_with_where_one_stands_and_go_on_from_there() {
    let register = Register::with_a_penalty();
    let all = register.get("/api/v1/changes?after=0").await;
    assert_eq!((all.status, all.header("content-type")), (StatusCode::OK, "application/x-ndjson"));
    let last: Value = serde_json::from_str(all.text.lines().last().unwrap()).unwrap();
    assert_eq!((last["through"].as_str(), last["next"].is_null()), (Some("2026-05-13"), true), "{last}");
    let again = register.get(&format!("/api/v1/changes?after={}", last["position"])).await.text;
    assert_eq!(again.lines().count(), 1);
    // In pieces, act by act: the same lines.
    let (mut cursor, mut lines) = (String::new(), Vec::new());
    loop {
        let piece = register.get(&format!("/api/v1/changes?limit=1&cursor={cursor}")).await.text;
        let mut told: Vec<String> = piece.lines().map(str::to_owned).collect();
        let last: Value = serde_json::from_str(&told.pop().unwrap()).unwrap();
        lines.extend(told);
        match last["next"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert_eq!(lines, all.text.lines().take(lines.len()).collect::<Vec<_>>());
    assert_eq!(lines.len() + 1, all.text.lines().count());
    let penalties = register.get("/api/v1/changes?after=0&item=penalty").await.text;
    assert_eq!(penalties.lines().count(), 3);
    assert_eq!(register.get("/api/v1/changes?area=nowhere").await.text.lines().count(), 1);
    for (address, status, code) in [
        ("/api/v1/changes?after=99", 409, "position_ahead"),
        ("/api/v1/changes?after=-2", 400, "bad_parameter"),
        ("/api/v1/changes?after=x", 400, "bad_parameter"),
        ("/api/v1/changes?limit=0", 400, "bad_parameter"),
        ("/api/v1/changes?item=x", 400, "bad_parameter"),
        ("/api/v1/changes?cursor=zz", 400, "bad_cursor"),
        ("/api/v1/changes?as_of=2026-05-13", 400, "bad_parameter"),
    ] {
        let refused = register.get(address).await;
        assert_eq!((refused.status.as_u16(), refused.json()["code"].as_str().unwrap()), (status, code), "{address}");
    }
    assert!(register.get("/api/v1/changes?after=99").await.header("link").contains("/api/v1/bulk"));
}

/// A server on a socket, until it is dropped.
struct Server {
    address: std::net::SocketAddr,
    register: Arc<Register>,
    _stop: tokio::sync::oneshot::Sender<()>,
}

impl Server {
    async fn start() -> Self {
        let register = Arc::new(Register::with_a_penalty());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        tokio::spawn(credence_web::serve(listener, register.state(), async {
            let _ = stopped.await;
        }));
        Self { address, register, _stop: stop }
    }

    async fn listen(&self, after: i64) -> Events {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let head = format!(
            "GET /api/v1/changes HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\nlast-event-id: {after}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        Events { stream, unread: String::new() }
    }

    /// Sends so many penalties with numbers of this kind.
    async fn send(&self, kind: &str, count: usize) {
        let (header, row) = PENALTIES.split_once('\n').unwrap();
        let row = row.lines().next().unwrap();
        let rows: String = (0..count).map(|number| row.replace("1号", &format!("{kind}{number}号")) + "\n").collect();
        let (register, text) = (Arc::clone(&self.register), format!("{header}\n{rows}"));
        tokio::task::spawn_blocking(move || register.send(AUTHORITY, &text)).await.unwrap();
    }
}

struct Events {
    stream: TcpStream,
    unread: String,
}

impl Events {
    /// Reads events until so many records were told; gives their references and the position behind them.
    async fn take(&mut self, count: usize) -> (Vec<String>, i64) {
        let (mut found, mut position) = (Vec::new(), -1);
        loop {
            while let Some(end) = self.unread.find("\n\n") {
                let event: String = self.unread.drain(..end + 2).collect();
                for line in event.lines() {
                    if let Some(id) = line.strip_prefix("id: ") {
                        position = id.parse().unwrap();
                    }
                    if let Some(data) = line.strip_prefix("data: ")
                        && let Some(id) = serde_json::from_str::<Value>(data).unwrap()["id"].as_str()
                    {
                        found.push(id.to_owned());
                    }
                }
                if found.len() >= count && position >= 0 && event.starts_with("id: ") {
                    return (found, position);
                }
            }
            let mut piece = [0; 64 * 1024];
            let read = tokio::time::timeout(Duration::from_secs(20), self.stream.read(&mut piece));
            let read = read.await.unwrap().unwrap();
            assert!(read > 0, "the server has let go");
            // The sizes of chunks stand on lines of their own; no line of an event looks so.
            let text = String::from_utf8_lossy(&piece[..read]).replace("\r\n", "\u{0}");
            self.unread.push_str(&unchunked(&text));
        }
    }
}

/// Takes the sizes of chunks out of what was read, as far as they stand whole in it.
fn unchunked(text: &str) -> String {
    let is_size = |part: &&str| !part.is_empty() && part.len() < 8 && part.bytes().all(|b| b.is_ascii_hexdigit());
    text.split('\u{0}').filter(|part| !is_size(part)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_was_cut_off_comes_back_without_a_gap() {
    let server = Server::start().await;
    let mut events = server.listen(0).await;
    let (begun, _) = events.take(3).await;
    server.send("甲", 2).await;
    let (told, position) = events.take(2).await;
    drop(events);
    server.send("乙", 3).await;
    let mut events = server.listen(position).await;
    let (missed, _) = events.take(3).await;
    server.send("丙", 1).await;
    let (live, _) = events.take(1).await;
    let mut all = [begun, told, missed, live].concat();
    assert_eq!(all.len(), 9);
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 9, "each of them once");
    let lines = server.register.get("/api/v1/changes?after=0").await.text;
    assert!(all.iter().all(|id| lines.contains(id)) && lines.lines().count() == 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_takes_nothing_keeps_nobody_waiting() {
    let server = Server::start().await;
    // They read their first bytes and then no more, while far more comes than any buffer between holds.
    let mut stalled = Vec::new();
    for _ in 0..8 {
        let mut events = server.listen(0).await;
        events.take(3).await;
        stalled.push(events);
    }
    let mut reader = server.listen(0).await;
    reader.take(3).await;
    let mut told = 0;
    for round in 0..4 {
        server.send(&format!("丁{round}之"), 1_500).await;
        told += reader.take(1_500).await.0.len();
    }
    assert_eq!(told, 6_000);
    // Who stalled reads on, and nothing is missing: what it has not taken was not kept for it, but read again.
    let (late, _) = stalled.pop().unwrap().take(6_000).await;
    assert_eq!(late.len(), 6_000);
}
