//! The server on a real socket: it answers, and it stops when told to, finishing what is open.

use crate::register::Register;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

#[tokio::test]
async fn it_answers_until_told_to_stop_and_then_the_port_is_free() {
    let register = Register::empty();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(credence_web::serve(listener, register.state(), async {
        let _ = stopped.await;
    }));

    let mut connection = TcpStream::connect(address).await.unwrap();
    let forwarded = "GET /healthz HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 192.0.2.1\r\n\r\n";
    connection.write_all(forwarded.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let read = connection.read(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("ratelimit-remaining: 999"), "{answer}");

    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn where_weaknesses_are_reported_is_what_the_operator_says() {
    let register = Register::empty();
    assert_eq!(register.get("/.well-known/security.txt").await.status, 404);
    let register = register.with_security_contact("mailto:security@credit.example");
    let answer = register.get("/.well-known/security.txt").await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "text/plain; charset=utf-8"));
    let lines: Vec<&str> = answer.text.lines().collect();
    assert_eq!(
        lines,
        ["Contact: mailto:security@credit.example", "Expires: 2026-11-09T00:00:00Z", "Preferred-Languages: zh, en"]
    );
}
