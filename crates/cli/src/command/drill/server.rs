//! A server that is killed while departments send: what it acknowledged is there afterwards, and every checkpoint that it gave
//! out is the beginning of the log that stands in the end.

use super::Outcome;
use super::place::Place;
use crate::command::bench::served::{Served, ask, free_port};
use anyhow::{Context, ensure};
use credence_app::Clock;
use credence_testkit::penalties;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Rows of one batch.
const BATCH_ROWS: u64 = 40;
/// Batches of one round at most, and how many senders there are.
const SENT: u64 = 24;
const SENDERS: usize = 4;
/// Every so many rounds everything is verified; what a verification costs grows with the register.
const VERIFIED_EVERY: usize = 10;
/// How long an acknowledged batch may take when those acknowledged before it are done.
const DONE_WITHIN: Duration = Duration::from_secs(120);

fn serve(place: &Place, port: u16) -> anyhow::Result<Served> {
    let mut command = place.program()?;
    command.args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--spool"]).arg(place.folder.join("spool"));
    // The copy has the register's receivers and witnesses: none of them hears of a drill.
    command.arg("--outbound-nowhere").arg("--bulk").arg(place.folder.join("bulk"));
    Served::start(command, port, "/readyz")
}

/// Sends a file; gives the path of its batch when it was acknowledged.
fn send(port: u16, key: &str, body: &[u8]) -> anyhow::Result<Option<String>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    write!(
        stream,
        "POST /api/v1/batches?filename=drill.csv&secrecy_review=drill HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/csv\r\n\
         Authorization: Bearer {key}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(body)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    if !answer.starts_with("HTTP/1.1 202") {
        return Ok(None);
    }
    let location = answer.lines().find_map(|line| line.strip_prefix("location: ").or(line.strip_prefix("Location: ")));
    Ok(Some(location.context("an acknowledgement without a place")?.trim().to_owned()))
}

fn asked_with_key(port: u16, key: &str, path: &str) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// The checkpoint that a server gives out just now, in a file.
fn keep_checkpoint(port: u16, folder: &Path, number: usize) -> anyhow::Result<bool> {
    let Ok(answer) = ask(port, "/api/v1/log/checkpoint") else { return Ok(false) };
    let Some((head, body)) = answer.split_once("\r\n\r\n") else { return Ok(false) };
    let whole = head.starts_with("HTTP/1.1 200") && body.ends_with('\n');
    if whole {
        std::fs::write(folder.join(format!("checkpoint-{number}")), body)?;
    }
    Ok(whole)
}

/// What `verify` finds wrong, holding against the log what was given out of it.
fn verified_with(place: &Place, checkpoints: &Path, kept: usize) -> anyhow::Result<Vec<String>> {
    let folder = checkpoints.display().to_string();
    if kept > 0 { place.verify(&["--checkpoint", &folder]) } else { place.verify(&[]) }
}

/// kill -9 of a server while it acknowledges.
pub(super) fn killed(place: &mut Place) -> anyhow::Result<Outcome> {
    let source = penalties::source();
    place.done(&["unit", "set", &source, "--name", "演练局"])?;
    let issued = place.done(&["key", "issue", "--source", &source, "--as", "演练"])?;
    let key = issued["key"].as_str().context("no key")?.to_owned();
    let (mut acknowledged, mut wrong) = (Vec::new(), Vec::new());
    let (mut kept, mut verified) = (0, 0);
    // Every checkpoint that was ever given out: the log must begin with each, whatever came after.
    let checkpoints = place.folder.join("checkpoints");
    std::fs::create_dir_all(&checkpoints)?;
    for round in 0..place.rounds {
        let mut bodies = Vec::new();
        for _ in 0..SENT {
            bodies.push(std::fs::read(place.new_file(BATCH_ROWS)?)?);
        }
        let port = free_port()?;
        let server = serve(place, port)?;
        let moment = place.below(900_000);
        let (told, ended, waiting) = (Mutex::new(Vec::new()), AtomicBool::new(false), Mutex::new(bodies));
        std::thread::scope(|scope| {
            for _ in 0..SENDERS {
                scope.spawn(|| {
                    while !ended.load(Ordering::Relaxed) {
                        let Some(body) = waiting.lock().ok().and_then(|mut waiting| waiting.pop()) else { break };
                        // Whatever breaks off here was acknowledged to nobody.
                        if let (Ok(Some(place)), Ok(mut told)) = (send(port, &key, &body), told.lock()) {
                            told.push(place);
                        }
                    }
                });
            }
            std::thread::sleep(Duration::from_micros(moment));
            if let Ok(true) = keep_checkpoint(port, &checkpoints, round) {
                kept += 1;
            }
            drop(server);
            ended.store(true, Ordering::Relaxed);
        });
        acknowledged.extend(told.into_inner().unwrap_or_default());
        if round % VERIFIED_EVERY == 0 {
            wrong.extend(verified_with(place, &checkpoints, kept)?);
            verified += 1;
        }
    }
    let port = free_port()?;
    let server = serve(place, port)?;
    for batch in &acknowledged {
        // Each may take its time from the one before on: how long all of them take says how slow the machine is.
        let watch = Clock::stopwatch();
        loop {
            let answer = asked_with_key(port, &key, batch)?;
            let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
            if head.starts_with("HTTP/1.1 429") && watch.elapsed() < DONE_WITHIN {
                // Every key has a quota, this one too.
                std::thread::sleep(Duration::from_millis(100));
                continue;
            }
            let state = serde_json::from_str::<serde_json::Value>(body).unwrap_or_default()["state"].clone();
            match state.as_str() {
                // The first batch of a unit waits for a person: imported all the same.
                Some("done" | "held") => break,
                Some("queued" | "running") if watch.elapsed() < DONE_WITHIN => {
                    std::thread::sleep(Duration::from_millis(20))
                }
                _ => {
                    let line = head.lines().next().unwrap_or_default();
                    wrong.push(format!("{batch} was acknowledged and is {state} ({line})"));
                    break;
                }
            }
        }
    }
    drop(server);
    wrong.extend(verified_with(place, &checkpoints, kept)?);
    ensure!(place.rounds < 3 || !acknowledged.is_empty(), "nothing was ever acknowledged");
    let counts =
        BTreeMap::from([("acknowledged", acknowledged.len()), ("checkpoints", kept), ("verified", verified + 1)]);
    let seen = format!("{} 个批次已确认，全部在册；{kept} 个检查点都是日志的前段", acknowledged.len());
    Ok(Outcome { rounds: place.rounds, seen, counts, wrong })
}
