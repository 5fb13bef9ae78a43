//! A receiver of webhooks: a real server on this machine that answers as it is told and keeps what came.

use serde_json::Value;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A message as it came.
#[derive(Clone, Debug)]
pub struct Message {
    /// The header `webhook-id`.
    pub id: String,
    /// The header `webhook-timestamp`.
    pub timestamp: String,
    /// The header `webhook-signature`.
    pub signature: String,
    /// The body.
    pub body: Vec<u8>,
    /// What it was answered with.
    pub answer: Answer,
}

impl Message {
    /// The body; null where it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The lines that it brings.
    #[must_use]
    pub fn changes(&self) -> Vec<Value> {
        self.json().get("changes").and_then(Value::as_array).cloned().unwrap_or_default()
    }
}

/// How it answers what is no ping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// With a status.
    Status(u16),
    /// It takes the message and closes the connection.
    Nothing,
}

#[derive(Debug, Default)]
struct Told {
    came: Vec<Message>,
    pings: usize,
    /// Answers to come; the last one stays.
    answers: Vec<Answer>,
    deaf_to_pings: bool,
}

/// The receiver.
#[derive(Clone, Debug)]
pub struct Receiver {
    /// Where it listens on this machine.
    pub port: u16,
    told: Arc<Mutex<Told>>,
}

impl Default for Receiver {
    fn default() -> Self {
        Self::new()
    }
}

impl Receiver {
    /// One that proves what it is asked to prove and acknowledges what it is brought.
    ///
    /// # Panics
    /// When nothing can be listened to.
    #[allow(clippy::expect_used, reason = "a test without a receiver has failed")]
    #[must_use]
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let told = Arc::new(Mutex::new(Told { answers: vec![Answer::Status(204)], ..Told::default() }));
        let shared = Arc::clone(&told);
        // It lives as long as the process: nobody waits for it.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (shared, Ok(stream)) = (Arc::clone(&shared), stream) else { return };
                std::thread::spawn(move || take(stream, &shared));
            }
        });
        Self { port, told }
    }

    /// Where it is brought to: with a secret of its own in the address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/in?token=secret", self.port)
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How it answers from now on: one after the other, the last one always.
    pub fn answers(&self, answers: &[Answer]) {
        self.told().answers = answers.to_vec();
    }

    /// Whether it answers pings without what they ask for.
    pub fn is_deaf_to_pings(&self, deaf: bool) {
        self.told().deaf_to_pings = deaf;
    }

    /// Pings that came.
    #[must_use]
    pub fn pings(&self) -> usize {
        self.told().pings
    }

    /// What came since the last look.
    #[must_use]
    pub fn take(&self) -> Vec<Message> {
        std::mem::take(&mut self.told().came)
    }

    /// The one message that came since the last look.
    ///
    /// # Panics
    /// When it was not one.
    #[must_use]
    pub fn one(&self) -> Message {
        let mut came = self.take();
        assert_eq!(came.len(), 1, "{came:?}");
        came.remove(0)
    }
}

fn take(mut stream: TcpStream, told: &Mutex<Told>) {
    let (mut bytes, mut piece) = (Vec::new(), [0; 8192]);
    let (head, length) = loop {
        let read = stream.read(&mut piece).unwrap_or(0);
        bytes.extend(piece.iter().take(read));
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let rest = bytes.split_off(end + 4);
            let head = String::from_utf8_lossy(&std::mem::replace(&mut bytes, rest)).into_owned();
            let length = header(&head, "content-length").parse().unwrap_or(0);
            break (head, length);
        }
        if read == 0 {
            return;
        }
    };
    while bytes.len() < length {
        let read = stream.read(&mut piece).unwrap_or(0);
        if read == 0 {
            return;
        }
        bytes.extend(piece.iter().take(read));
    }
    let message = Message {
        id: header(&head, "webhook-id"),
        timestamp: header(&head, "webhook-timestamp"),
        signature: header(&head, "webhook-signature"),
        body: bytes,
        answer: Answer::Nothing,
    };
    let said: Value = serde_json::from_slice(&message.body).unwrap_or_default();
    let (answer, body) = {
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        let text = |key: &str| said.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        if text("type") == "ping" {
            told.pings += 1;
            let challenge = text("challenge");
            (Answer::Status(200), if told.deaf_to_pings { String::new() } else { challenge })
        } else {
            let next = told.answers.first().copied().unwrap_or(Answer::Nothing);
            if told.answers.len() > 1 {
                told.answers.remove(0);
            }
            told.came.push(Message { answer: next, ..message });
            (next, "ignored".to_owned())
        }
    };
    if let Answer::Status(status) = answer {
        let body = if status == 204 { String::new() } else { body };
        let text = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
        let _ = stream.write_all(text.as_bytes());
    }
}

fn header(head: &str, name: &str) -> String {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut found = lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned());
    found.next_back().unwrap_or_default()
}
