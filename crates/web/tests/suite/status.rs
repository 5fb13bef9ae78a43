//! What whoever runs the platform sees of it: standing and measurements, without a trace of a subject.

use crate::register::Register;

#[tokio::test]
async fn requests_are_counted_by_route_and_no_subject_is_named() {
    let register = Register::with_a_penalty();
    register.get("/organisations/91379900MA0TE5T16G").await;
    register.get("/organisations/91379900MA0TE0034X").await;
    let status = register.get("/status").await.json();
    assert_eq!((&status["batches"], &status["rows_read"], &status["pending"]), (&2.into(), &3.into(), &0.into()));
    assert!(status["log_size"].as_u64() > Some(2) && status["calendar_through"] == "2026-12-31", "{status}");
    let metrics = register.get("/metrics").await;
    assert!(metrics.header("content-type").starts_with("text/plain; version=0.0.4"));
    let text = metrics.text;
    for line in [
        "credence_requests_total{route=\"/organisations/{uscc}\",status=\"200\"} 1",
        "credence_requests_total{route=\"/organisations/{uscc}\",status=\"404\"} 1",
        "credence_request_seconds_bucket{route=\"/organisations/{uscc}\",le=\"+Inf\"} 2",
        "credence_rows_read_total 3",
        "credence_acts_pending 0",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(!text.contains("91379900"), "{text}");
}
