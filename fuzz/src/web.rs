//! Requests: method, address, one header and a body, in one text as they stand on the wire.

use axum::body::Body;
use axum::http::{Request, StatusCode};

/// Reads `METHOD ADDRESS\ncontent-type\n\nbody`; nothing where a server would not even get to see it as a request.
pub fn request(data: &[u8], token: Option<&str>) -> Option<Request<Body>> {
    let at = data.windows(2).position(|two| two == b"\n\n").unwrap_or(data.len());
    let (head, body) = data.split_at(at);
    let body = body.get(2..).unwrap_or_default().to_vec();
    let head = String::from_utf8_lossy(head);
    let (first, kind) = head.split_once('\n').unwrap_or((&head, ""));
    let (method, address) = first.split_once(' ')?;
    let mut request = Request::builder().method(method).uri(address);
    if !kind.is_empty() {
        request = request.header("content-type", kind.as_bytes());
    }
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    request.body(Body::from(body)).ok()
}

/// No answer is a fault of ours; one that refuses a program says why in a form that a program reads.
pub fn judge(asked: &str, status: StatusCode, content_type: &str, body: &str) {
    assert!(!status.is_server_error() || status == StatusCode::SERVICE_UNAVAILABLE, "{asked}: {status} {body}");
    let to_a_program = asked.split(' ').nth(1).is_some_and(|address| address.starts_with("/api/"));
    if status.is_client_error() && to_a_program {
        assert_eq!(content_type, "application/problem+json", "{asked}: {status}");
        let problem: serde_json::Value = serde_json::from_str(body).expect("a problem is JSON");
        assert!(problem["code"].is_string() && problem["detail"].is_string(), "{asked}: {problem}");
    }
}
