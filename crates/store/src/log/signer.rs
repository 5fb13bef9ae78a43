//! Who signs: this process with the key's file, or another that holds the key and is asked over a socket.
//!
//! Both remember the last checkpoint that they signed and sign another only when it continues that one (the rule of
//! `credence_ledger::witness`). The memory lies beside the key and not in the register, so a register that was rolled back
//! cannot make its key sign a second history.

use crate::clock::{instant_text, seconds_after};
use crate::error::LogProblem;
use crate::secret::private;
use crate::{Result, StoreError};
use credence_domain::canonical::hex;
use credence_ledger::note::Signature;
use credence_ledger::promise::WITHIN_SECONDS;
use credence_ledger::witness::{Refusal, Request, Seen};
use credence_ledger::{Checkpoint, Promise, SigningKey, VerifierKey, entry, leaf_hash};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The longest question to the process that holds the key.
const QUESTION_MAX_BYTES: u64 = 256 * 1024;
/// How long either side waits for the other.
const PATIENCE: Duration = Duration::from_secs(5);

/// An act that was acknowledged: what a promise is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promised {
    /// The act.
    pub act: [u8; 16],
    /// Its root.
    pub root: [u8; 32],
    /// Its instant, in microseconds.
    pub at: i64,
}

impl Promised {
    /// The text of the promise that the log called `origin` makes.
    #[must_use]
    pub fn text(&self, origin: &str) -> String {
        let by = instant_text(seconds_after(self.at, WITHIN_SECONDS));
        Promise { origin: origin.to_owned(), act: hex(&self.act), leaf: leaf_hash(&entry(&self.root)), by }.to_string()
    }
}

/// Holds the log's key.
pub trait Signer: Send + Sync + std::fmt::Debug {
    /// The key that checks what it signs.
    fn verifier(&self) -> VerifierKey;

    /// Signs the checkpoint of a request, a bare text, when it continues the last one signed.
    ///
    /// # Errors
    /// [`LogProblem::Refused`] with the reason; a fault of the file or the socket.
    fn checkpoint(&self, request: &Request) -> Result<Signature>;

    /// Signs promises, each a text.
    ///
    /// # Errors
    /// When one is none, or a fault of the socket.
    fn promises(&self, texts: &[String]) -> Result<Vec<Signature>>;
}

/// The key in this process. Several processes may hold it at once: what was signed last is read each time, under a lock.
#[derive(Debug)]
pub struct Local {
    key: SigningKey,
    file: PathBuf,
}

impl Local {
    /// Reads the key's file.
    ///
    /// # Errors
    /// When others may read it, it is no key, or what lies beside it is no memory of this key.
    pub fn read(file: &Path) -> Result<Self> {
        let key = SigningKey::parse(&private::read(file)?).map_err(|error| bad(error.to_string()))?;
        let local = Self { key, file: file.to_owned() };
        local.seen()?;
        Ok(local)
    }

    /// What was signed last; size 0 for nothing yet.
    fn seen(&self) -> Result<Seen> {
        let memory = Self::memory_of(&self.file);
        let text = match std::fs::read_to_string(&memory) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok((0, [0; 32])),
            Err(error) => return Err(error.into()),
        };
        let told = Checkpoint::parse(&text).map_err(|error| bad(format!("{}: {error}", memory.display())))?;
        if told.origin == self.key.name() {
            Ok((told.size, told.root))
        } else {
            Err(bad(format!("{} is of another log", memory.display())))
        }
    }

    /// The file that remembers what was signed last.
    #[must_use]
    pub fn memory_of(file: &Path) -> PathBuf {
        let mut name = file.as_os_str().to_owned();
        name.push(".signed");
        name.into()
    }
}

impl Signer for Local {
    fn verifier(&self) -> VerifierKey {
        self.key.verifier()
    }

    fn checkpoint(&self, request: &Request) -> Result<Signature> {
        let refused = |refusal| StoreError::Log(LogProblem::Refused(refusal));
        let told = Checkpoint::parse(&request.checkpoint).map_err(|_| refused(Refusal::Malformed("no checkpoint")))?;
        if told.origin != self.key.name() || told.to_string() != request.checkpoint {
            return Err(refused(Refusal::Unknown));
        }
        let _held = private::hold(&self.file)?;
        let seen = self.seen()?;
        request.continues(&told, seen).map_err(refused)?;
        if seen != (told.size, told.root) {
            private::replace(&Self::memory_of(&self.file), &request.checkpoint)?;
        }
        Ok(self.key.sign(&request.checkpoint))
    }

    fn promises(&self, texts: &[String]) -> Result<Vec<Signature>> {
        let sign = |text: &String| match Promise::parse(text) {
            Ok(promise) if promise.origin == self.key.name() => Ok(self.key.sign(text)),
            _ => Err(StoreError::Log(LogProblem::Refused(Refusal::Malformed("no promise of this log")))),
        };
        texts.iter().map(sign).collect()
    }
}

/// The key in another process.
#[derive(Debug)]
pub struct Remote {
    socket: PathBuf,
    key: VerifierKey,
}

/// Words of the talk over the socket. A question is its word, a line break and its text; an answer `ok`, `refused STATUS SIZE`
/// or `failed`, a line break and its lines.
mod word {
    pub const KEY: &str = "key";
    pub const CHECKPOINT: &str = "checkpoint";
    pub const PROMISES: &str = "promises";
    pub const OK: &str = "ok";
    pub const REFUSED: &str = "refused";
}

impl Remote {
    /// Asks the process behind a socket for its key.
    ///
    /// # Errors
    /// [`LogProblem::Away`] when nobody answers there.
    pub fn at(socket: &Path) -> Result<Self> {
        let answer = ask(socket, word::KEY, "")?;
        let key = VerifierKey::parse(answer.trim()).map_err(|error| away(socket, &error.to_string()))?;
        Ok(Self { socket: socket.to_owned(), key })
    }
}

fn bad(why: String) -> StoreError {
    StoreError::Log(LogProblem::Bad(why))
}

fn away(socket: &Path, why: &str) -> StoreError {
    StoreError::Log(LogProblem::Away(format!("{}: {why}", socket.display())))
}

fn ask(socket: &Path, word: &str, text: &str) -> Result<String> {
    let talk = || {
        let mut stream = UnixStream::connect(socket)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.write_all(format!("{word}\n{text}").as_bytes())?;
        stream.shutdown(std::net::Shutdown::Write)?;
        let mut answer = String::new();
        stream.take(QUESTION_MAX_BYTES).read_to_string(&mut answer)?;
        Ok::<_, std::io::Error>(answer)
    };
    let answer = talk().map_err(|error| away(socket, &error.to_string()))?;
    let (first, rest) = answer.split_once('\n').ok_or_else(|| away(socket, "no answer"))?;
    let mut words = first.split(' ');
    match (words.next(), words.next(), words.next()) {
        (Some(word::OK), None, None) => Ok(rest.to_owned()),
        (Some(word::REFUSED), Some(status), size) => Err(StoreError::Log(LogProblem::Refused(match status {
            "409" => Refusal::Conflict(size.and_then(|size| size.parse().ok()).unwrap_or_default()),
            "422" => Refusal::Inconsistent,
            "404" => Refusal::Unknown,
            _ => Refusal::Malformed("the keeper of the key could not read it"),
        }))),
        _ => Err(away(socket, rest.trim())),
    }
}

fn signatures(socket: &Path, lines: &str) -> Result<Vec<Signature>> {
    let read = |line: &str| Signature::parse(line).map_err(|error| away(socket, &error.to_string()));
    lines.lines().map(read).collect()
}

impl Signer for Remote {
    fn verifier(&self) -> VerifierKey {
        self.key.clone()
    }

    fn checkpoint(&self, request: &Request) -> Result<Signature> {
        let answer = ask(&self.socket, word::CHECKPOINT, &request.to_string())?;
        let signature = signatures(&self.socket, &answer)?.pop().ok_or_else(|| away(&self.socket, "no signature"))?;
        // Whoever sits behind the socket now: only the registered key's word is taken.
        let fits = signature.id == self.key.id() && self.key.fits(&request.checkpoint, &signature.bytes);
        if fits { Ok(signature) } else { Err(away(&self.socket, "the signature does not fit")) }
    }

    fn promises(&self, texts: &[String]) -> Result<Vec<Signature>> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let found = signatures(&self.socket, &ask(&self.socket, word::PROMISES, &texts.join("\n"))?)?;
        let fits = |(text, one): (&String, &Signature)| one.id == self.key.id() && self.key.fits(text, &one.bytes);
        if found.len() == texts.len() && texts.iter().zip(&found).all(fits) {
            Ok(found)
        } else {
            Err(away(&self.socket, "the signatures do not fit"))
        }
    }
}

/// Signs what comes over a socket, until the process ends; a socket file left by an earlier one is taken away. One question
/// after the other: whoever stalls is cut off.
///
/// # Errors
/// When the socket cannot be made, or somebody answers there already.
pub fn serve(socket: &Path, key: &Local, ready: impl FnOnce() -> Result<()>) -> Result<()> {
    if socket.exists() {
        if UnixStream::connect(socket).is_ok() {
            return Err(away(socket, "somebody answers there already"));
        }
        std::fs::remove_file(socket)?;
    }
    let listener = UnixListener::bind(socket)?;
    std::fs::set_permissions(socket, std::fs::Permissions::from_mode(0o660))?;
    ready()?;
    for stream in listener.incoming() {
        if let Err(error) = stream.map_err(StoreError::from).and_then(|stream| answer(stream, key)) {
            tracing::warn!(%error, "a question for a signature was not answered");
        }
    }
    Ok(())
}

fn answer(mut stream: UnixStream, key: &Local) -> Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut question = String::new();
    (&stream).take(QUESTION_MAX_BYTES).read_to_string(&mut question)?;
    let said = match question.split_once('\n') {
        Some((word::KEY, _)) => Ok(vec![key.verifier().to_string()]),
        Some((word::CHECKPOINT, text)) => {
            let signed = Request::parse(text).map_err(|refusal| StoreError::Log(LogProblem::Refused(refusal)));
            signed.and_then(|request| key.checkpoint(&request)).map(|one| vec![one.to_string()])
        }
        Some((word::PROMISES, text)) => {
            // A promise ends with its line break and has no empty line: one parts it from the next.
            let texts: Vec<String> =
                text.split("\n\n").map(|text| format!("{}\n", text.trim_end_matches('\n'))).collect();
            key.promises(&texts).map(|all| all.iter().map(ToString::to_string).collect())
        }
        _ => Err(StoreError::Log(LogProblem::Refused(Refusal::Malformed("no known word")))),
    };
    let text = match said {
        Ok(lines) => format!("{}\n{}\n", word::OK, lines.join("\n")),
        Err(StoreError::Log(LogProblem::Refused(refusal))) => match refusal {
            Refusal::Conflict(size) => format!("{} 409 {size}\n", word::REFUSED),
            other => format!("{} {}\n", word::REFUSED, other.status()),
        },
        Err(error) => format!("failed\n{error}\n"),
    };
    stream.write_all(text.as_bytes())?;
    Ok(())
}
