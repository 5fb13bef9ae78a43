//! 十八: any changed content is found: every version gives the commitment that its act holds.

use super::{Check, FOUNDING, Requirement};
use crate::verify::case::{Case, Reading, plain};
use crate::verify::{Example, Tally};
use credence_domain::canonical::hex;
use credence_domain::record::content::other_half;
use credence_store::audit::{self, SourceChange};
use credence_store::body::{Body, Unpacker};
use credence_store::change::{CHUNK_ROWS, commitment};
use credence_store::connection::Connection;
use credence_store::source::{added_statement, withdrawn_statement};
use credence_store::step::Committed;
use credence_store::{listing, measure, objection, officer, repair};
use sha2::{Digest, Sha256};

pub const REQUIREMENT: Requirement = Requirement {
    id: "commitment",
    source: FOUNDING,
    article: "十八",
    demand: "the content of every version, standing or superseded, gives its commitment",
    check: Check::Both(check_versions, check_sources),
};

/// A version whose content is compared with its commitment.
struct Sealed<'a> {
    body: Option<&'a Body>,
    frame: (&'a str, &'a str, &'a str),
    salts: Option<([u8; 16], [u8; 16])>,
    seq: i64,
    commitment: &'a [u8; 32],
}

impl Sealed<'_> {
    fn holds(&self) -> bool {
        let computed = self.body.zip(self.salts).map(|(body, (salt, salt2))| {
            let (hold, source, state) = self.frame;
            let public = Sha256::digest(body.public.as_bytes()).into();
            let other = Sha256::digest(other_half(&body.other_content, hold, source, state).as_bytes()).into();
            commitment(&salt, &salt2, self.seq, &public, &other)
        });
        computed.as_ref() == Some(self.commitment)
    }
}

fn check_versions(case: &Case<'_>, tally: &mut Tally) {
    let stored = case.stored;
    let example = |seq: i64| case.example(format!("content, state or owner of version with number {seq} was changed"));
    if stored.state != "erased" {
        let sealed = Sealed {
            body: case.body,
            frame: (&stored.hold, &stored.source, &stored.state),
            salts: stored.salt.zip(stored.salt2),
            seq: stored.seq,
            commitment: &stored.commitment,
        };
        tally.expect(sealed.holds(), || example(stored.seq));
    }
    for version in case.earlier {
        if version.salts.is_none() && version.packed.is_none() {
            continue;
        }
        let kept = version.packed.as_deref().and_then(|packed| Unpacker::new().ok()?.unpack(packed).ok());
        let body = kept.and_then(|body| plain(body, stored.owner(), case.keys).ok());
        let sealed = Sealed {
            body: body.as_ref(),
            frame: (&version.hold, &version.source, &version.state),
            salts: version.salts,
            seq: version.seq,
            commitment: &version.commitment,
        };
        tally.expect(sealed.holds(), || example(version.seq));
    }
}

fn check_sources(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    audit::each_changed_source(connection, |changed| {
        let Some((salt, salt2)) = changed.salts else { return Ok(()) };
        let statement = match changed.what {
            SourceChange::Added => added_statement(&changed.uscc, &changed.identity, &changed.source),
            SourceChange::Withdrawn => withdrawn_statement(&changed.uscc, &changed.identity, &changed.source),
        };
        let public = Sha256::digest(statement).into();
        let computed = commitment(&salt, &salt2, changed.seq, &public, &Sha256::digest(b"{}").into());
        tally.expect(computed == changed.commitment, || Example {
            uscc: changed.uscc.clone(),
            record: changed.reference.as_ref().map(|reference| hex(reference)),
            act: None,
            problem: format!("source {} with number {} was changed", changed.source, changed.seq),
        });
        Ok(())
    })?;
    check_listings(connection, reading, tally)
}

fn check_listings(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut compare = |step: Committed, of: &str, (public, other): ([u8; 32], [u8; 32])| {
        let computed = commitment(&step.salts.0, &step.salts.1, step.seq, &public, &other);
        tally.expect(computed == step.commitment, || Example {
            uscc: step.uscc.clone(),
            record: None,
            act: reading.chunks.get(&step.at.div_euclid(CHUNK_ROWS as i64)).map(|chunk| hex(&chunk.act)),
            problem: format!("step {} of {of} {} was changed", step.step, step.number),
        });
        Ok(())
    };
    listing::each_step(connection, |step| {
        let halves = listing::halves(&step.number, step.step, &step.body);
        compare(step, "listing", halves)
    })?;
    measure::each_step(connection, |step| {
        let halves = measure::halves(&step.number, step.step, &step.body);
        compare(step, "measure", halves)
    })?;
    officer::each_step(connection, |step| {
        let halves = officer::halves(&step.number, step.step, &step.body);
        compare(step, "responsible person", halves)
    })?;
    repair::each_step(connection, |step| {
        let halves = repair::halves(&step.number, step.step, &step.body);
        compare(step, "repair", halves)
    })?;
    objection::each_step(connection, |step| {
        let halves = objection::halves(&step.number, step.step, &step.body);
        compare(step, "objection", halves)
    })
}
