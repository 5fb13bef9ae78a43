//! 十八: any changed content is found: every version gives the commitment that its act holds.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::Reading;
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_domain::record::Identity;
use credence_domain::record::content::other_half;
use credence_store::StoreError;
use credence_store::arrival::source_statement;
use credence_store::audit;
use credence_store::body::Unpacker;
use credence_store::change::commitment;
use credence_store::connection::Connection;
use credence_store::record;
use credence_store::scope::View;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

pub const REQUIREMENT: Requirement = Requirement {
    id: "commitment",
    source: FOUNDING,
    article: "十八",
    demand: "the content of every version, standing or superseded, gives its commitment",
    check: Check::Whole(check),
};

/// One version, wherever it stands.
struct Sealed<'a> {
    uscc: &'a str,
    identity: &'a Identity,
    reference: Option<&'a [u8; 16]>,
    packed: Option<&'a [u8]>,
    frame: (&'a str, &'a str, &'a str),
    salts: Option<([u8; 16], [u8; 16])>,
    seq: i64,
    commitment: &'a [u8; 32],
}

fn check(connection: &mut Connection, _: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut unpacker = Unpacker::new()?;
    record::each(connection, &View::office(Date::ZERO), |stored| {
        let sealed = Sealed {
            uscc: &stored.uscc,
            identity: &stored.identity,
            reference: Some(&stored.reference),
            packed: stored.packed.as_deref(),
            frame: (&stored.hold, &stored.source, &stored.state),
            salts: stored.salt.zip(stored.salt2),
            seq: stored.seq,
            commitment: &stored.commitment,
        };
        let erased = stored.state == "erased";
        judge(&sealed, erased, &mut unpacker, tally)
    })?;
    audit::each_superseded(connection, |version| {
        let sealed = Sealed {
            uscc: &version.uscc,
            identity: &version.identity,
            reference: None,
            packed: version.packed.as_deref(),
            frame: (&version.hold, &version.source, &version.state),
            salts: version.salts,
            seq: version.seq,
            commitment: &version.commitment,
        };
        judge(&sealed, version.salts.is_none() && version.packed.is_none(), &mut unpacker, tally)
    })?;
    for added in audit::added_sources(connection)? {
        let Some((salt, salt2)) = added.salts else { continue };
        let public = Sha256::digest(source_statement(&added.uscc, &added.identity, &added.source)).into();
        let computed = commitment(&salt, &salt2, added.seq, &public, &Sha256::digest(b"{}").into());
        tally.expect(computed == added.commitment, || Example {
            uscc: added.uscc.clone(),
            problem: format!("source {} of record {} was changed", added.source, added.identity),
            ..Example::default()
        });
    }
    Ok(())
}

fn judge(sealed: &Sealed<'_>, erased: bool, unpacker: &mut Unpacker, tally: &mut Tally) -> credence_store::Result<()> {
    if erased {
        return Ok(());
    }
    let body = match sealed.packed.map(|packed| unpacker.unpack(packed)).transpose() {
        Ok(body) => body,
        Err(StoreError::Inconsistent(_)) => None,
        Err(error) => return Err(error),
    };
    let computed = body.zip(sealed.salts).map(|(body, (salt, salt2))| {
        let (hold, source, state) = sealed.frame;
        let public = Sha256::digest(body.public.as_bytes()).into();
        let other = Sha256::digest(other_half(&body.other_content, hold, source, state).as_bytes()).into();
        commitment(&salt, &salt2, sealed.seq, &public, &other)
    });
    tally.expect(computed.as_ref() == Some(sealed.commitment), || Example {
        uscc: sealed.uscc.to_owned(),
        record: sealed.reference.map(|reference| hex(reference)),
        act: None,
        problem: format!("content, state or owner of record {} was changed", sealed.identity),
    });
    Ok(())
}
