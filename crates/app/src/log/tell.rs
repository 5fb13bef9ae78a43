//! Telling others of checkpoints, and taking their cosignatures.

use crate::{AppError, Result};
use credence_courier::{Courier, Reach};
use credence_ledger::Checkpoint;
use credence_ledger::note::{Note, Signature, VerifierKey};
use credence_store::connection::Connection;
use credence_store::log::checkpoint::{self, Signed};
use credence_store::log::witness::{Kind, Told, Witness};
use std::path::Path;

/// Certificates of the only authorities to be believed, for servers that the web's authorities do not know.
const AUTHORITIES_VARIABLE: &str = "CREDENCE_CA";

/// A courier with this reach, believing the authorities that the operator names.
pub(crate) fn courier(reach: Reach) -> Result<Courier> {
    let bad = |why: String| AppError::refused("bad_parameter", AUTHORITIES_VARIABLE, why);
    Courier::new(reach, authorities()?.as_deref()).map_err(|error| bad(error.to_string()))
}

/// The certificates of the only authorities to be believed, where the operator names a file with some.
pub(crate) fn authorities() -> Result<Option<Vec<u8>>> {
    let bad = |why: String| AppError::refused("bad_parameter", AUTHORITIES_VARIABLE, why);
    let authorities = std::env::var_os(AUTHORITIES_VARIABLE).map(std::fs::read).transpose();
    authorities.map_err(|error| bad(format!("证书文件无法读取：{error}")))
}

/// Tells places of checkpoints.
#[derive(Clone, Debug)]
pub struct Teller {
    courier: Courier,
}

impl Teller {
    /// A teller with this reach.
    ///
    /// # Errors
    /// `bad_parameter` when the certificates named in `CREDENCE_CA` cannot be read.
    pub fn new(reach: Reach) -> Result<Self> {
        Ok(Self { courier: courier(reach)? })
    }

    /// Tells one place; what went wrong is an answer, for the next checkpoint is told all the same.
    pub fn tell(&self, connection: &mut Connection, witness: &Witness, signed: &Signed) -> Told {
        let told = match witness.kind {
            Kind::Folder => keep(Path::new(&witness.target), signed).map(|()| None),
            Kind::Http => self.ask(connection, witness, signed).map(Some),
        };
        match told {
            Ok(line) => Told::Took { size: signed.size, line },
            Err(problem) => Told::Failed(problem),
        }
    }

    /// Asks for a cosignature; when the witness has seen another size than we believe, once more from there.
    fn ask(
        &self,
        connection: &mut Connection,
        witness: &Witness,
        signed: &Signed,
    ) -> std::result::Result<String, String> {
        let key = VerifierKey::parse(&witness.vkey).map_err(|error| error.to_string())?;
        let text = Note::parse(&signed.note).map_err(|error| error.to_string())?.text;
        let told = Checkpoint::parse(&text).map_err(|error| error.to_string())?;
        let address = format!("{}/add-checkpoint", witness.target.trim_end_matches('/'));
        let mut old = witness.size.min(signed.size);
        for _ in 0..2 {
            let request = checkpoint::request(connection, old, &told, Some(&signed.note)).map_err(|e| e.to_string())?;
            let headers = [("content-type", "text/plain; charset=utf-8")];
            let answer = self.courier.post(&address, &headers, request.to_string().as_bytes());
            let answer = answer.map_err(|error| error.to_string())?;
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            match answer.status {
                200 => return cosignature(&body, &key, &text),
                409 => match body.trim().parse::<u64>() {
                    Ok(size) if size <= signed.size => old = size,
                    Ok(size) => {
                        return Err(format!("the witness has seen {size} entries, the log has {}", signed.size));
                    }
                    Err(_) => return Err("the witness names no size".to_owned()),
                },
                422 => return Err("the witness has seen another history".to_owned()),
                status => return Err(format!("the witness answers {status}")),
            }
        }
        Err("the witness is told by another at the same time".to_owned())
    }
}

/// The line of the witness's own key, checked; others are passed over.
fn cosignature(body: &str, key: &VerifierKey, text: &str) -> std::result::Result<String, String> {
    let lines = body.lines().filter_map(|line| Signature::parse(line).ok());
    let own = lines.into_iter().find(|one| one.name == key.name() && one.id == key.id());
    match own {
        Some(one) if key.fits(text, &one.bytes) => Ok(one.to_string()),
        Some(_) => Err("the cosignature does not fit".to_owned()),
        None => Err("the answer holds no cosignature of the witness's key".to_owned()),
    }
}

/// A file a day, and the newest beside them: whoever copies the folder elsewhere has seen every day's log.
fn keep(folder: &Path, signed: &Signed) -> std::result::Result<(), String> {
    let day = credence_store::clock::civil_date(signed.at);
    let write = |name: &str| {
        let (draft, place) = (folder.join(format!("{name}.new")), folder.join(name));
        std::fs::write(&draft, &signed.note)?;
        std::fs::rename(&draft, &place)
    };
    let log = signed.origin.replace('/', "_");
    let done = std::fs::create_dir_all(folder)
        .and_then(|()| write(&format!("{log}-{day}.checkpoint")))
        .and_then(|()| write(&format!("{log}-latest.checkpoint")));
    done.map_err(|error| error.to_string())
}
