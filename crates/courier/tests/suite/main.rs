//! The courier against real sockets: where it goes, and where it does not.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use credence_courier::{Answer, Courier, CourierError, Reach, is_public};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

/// Answers one request after the other with these texts, and gives back what was asked.
fn server(answers: Vec<String>) -> (u16, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = std::thread::spawn(move || {
        let mut asked = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = vec![0; 4096];
            let mut length = 0;
            while !String::from_utf8_lossy(&request[..length]).ends_with("the body") {
                length += stream.read(&mut request[length..]).unwrap();
            }
            asked.push(String::from_utf8_lossy(&request[..length]).into_owned());
            stream.write_all(answer.as_bytes()).unwrap();
        }
        asked
    });
    (port, serving)
}

fn answer(status: &str, header: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{header}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

#[test]
fn an_answer_of_any_status_is_given_back_whole() {
    let (port, serving) = server(vec![answer("409 Conflict", "content-type: text/x.tlog.size\r\n", "7\n")]);
    let courier = Courier::new(Reach::Anywhere, None).unwrap();
    let found = courier.post(&format!("http://127.0.0.1:{port}/add"), &[("x-mark", "one")], b"the body").unwrap();
    let expected = Answer { status: 409, content_type: "text/x.tlog.size".to_owned(), body: b"7\n".to_vec() };
    assert_eq!(found, expected);
    let asked = serving.join().unwrap();
    assert!(asked[0].starts_with("POST /add HTTP/1.1\r\n") && asked[0].contains("x-mark: one"), "{}", asked[0]);
}

#[test]
fn nothing_goes_to_a_private_address_or_without_tls() {
    let courier = Courier::new(Reach::Public, None).unwrap();
    for (address, why) in [
        ("http://example.com/", "only https"),
        ("ftp://example.com/", "only https"),
        ("https://user:word@example.com/", "password"),
        ("https://127.0.0.1/", "not public"),
        ("https://10.1.2.3/", "not public"),
        ("https://169.254.169.254/latest", "not public"),
        ("https://[::1]/", "not public"),
        ("https://[::ffff:10.0.0.1]/", "not public"),
        ("/only/a/path", "no server"),
        ("not an address", "not an address"),
    ] {
        let refused = courier.judge(address).unwrap_err();
        assert!(refused.to_string().contains(why), "{address}: {refused}");
        assert!(matches!(courier.post(address, &[], b""), Err(CourierError::Forbidden(_))), "{address}");
    }
    assert!(courier.judge("https://example.com/hook").is_ok());
}

#[test]
fn a_name_is_judged_by_the_address_that_it_leads_to() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let courier = Courier::new(Reach::Public, None).unwrap();
    let refused = courier.post(&format!("https://localhost:{port}/"), &[], b"the body").unwrap_err();
    assert!(matches!(refused, CourierError::Forbidden(_)), "{refused}");
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err(), "nobody has knocked");
}

#[test]
fn a_redirect_is_judged_like_a_first_address() {
    let courier = Courier::new(Reach::Anywhere, None).unwrap();
    let (port, serving) =
        server(vec![answer("307 Temporary Redirect", "location: /elsewhere\r\n", ""), answer("200 OK", "", "there")]);
    let found = courier.post(&format!("http://127.0.0.1:{port}/here"), &[], b"the body").unwrap();
    assert_eq!((found.status, found.body.as_slice()), (200, b"there".as_slice()));
    assert!(serving.join().unwrap()[1].starts_with("POST /elsewhere "));
    for to in ["file:///etc/passwd", "gopher://127.0.0.1/", "http://user@127.0.0.1/"] {
        let (port, serving) = server(vec![answer("308 Permanent Redirect", &format!("location: {to}\r\n"), "")]);
        let refused = courier.post(&format!("http://127.0.0.1:{port}/"), &[], b"the body").unwrap_err();
        assert!(matches!(refused, CourierError::Forbidden(_)), "{to}: {refused}");
        serving.join().unwrap();
    }
    // A redirect that would change the method is an answer like any other.
    let (port, serving) = server(vec![answer("302 Found", "location: /elsewhere\r\n", "")]);
    assert_eq!(courier.post(&format!("http://127.0.0.1:{port}/"), &[], b"the body").unwrap().status, 302);
    serving.join().unwrap();
}

#[test]
fn an_answer_without_end_is_cut() {
    let long = "x".repeat(3 * 1024 * 1024);
    let (port, serving) = server(vec![answer("200 OK", "", &long)]);
    let courier = Courier::new(Reach::Anywhere, None).unwrap();
    let refused = courier.post(&format!("http://127.0.0.1:{port}/"), &[], b"the body").unwrap_err();
    assert!(matches!(refused, CourierError::NoAnswer(_)), "{refused}");
    // The server may not get rid of all of it.
    let _ = serving.join();
}

#[test]
fn public_addresses_are_told_from_others() {
    for public in ["1.1.1.1", "8.8.8.8", "100.63.0.1", "198.17.0.1", "2400:3200::1", "2606:4700:4700::1111"] {
        assert!(is_public(public.parse().unwrap()), "{public}");
    }
    for other in [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.1.1",
        "172.16.0.1",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.5",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:8.8.8.8",
        "64:ff9b::a00:1",
        "fc00::1",
        "fd12::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2001::1",
        "2001:db8::1",
        "2002:a00:1::1",
        "3fff::1",
        "100::1",
    ] {
        assert!(!is_public(other.parse().unwrap()), "{other}");
    }
}

#[test]
fn only_certificates_make_authorities() {
    for pem in ["", "not pem", "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n"] {
        let made = Courier::new(Reach::Public, Some(pem.as_bytes()));
        assert!(matches!(made, Err(CourierError::Certificates(_))), "{pem}");
    }
}
