//! 信用修复管理办法 十五: what was handed in for a case as a file is there, opens, and is what the step says.

use super::{Check, Requirement};
use crate::verify::case::{Reading, listings};
use crate::verify::objections::objections;
use crate::verify::repairs::{of_organisation, repairs};
use crate::verify::{Example, Tally};
use credence_domain::canonical::{hex, unhex};
use credence_domain::paper::{Kind, files_of_listing, files_of_objection, files_of_papers};
use credence_domain::record::Identity;
use credence_store::StoreError;
use credence_store::connection::Connection;
use credence_store::listing as kept_listing;
use credence_store::paper::{self, Digest, Matter, Paper};
use credence_store::record;
use credence_store::scope::View;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

pub const REQUIREMENT: Requirement = Requirement {
    id: "paper_kept",
    source: "信用修复管理办法",
    article: "十五",
    demand: "every file that a step of a case cites is there, opens and has its digest, until its record is erased; no other is noted as cited",
    check: Check::Whole(check),
};

type Key = (String, Digest);

/// What cases say, and what is noted.
struct Look {
    papers: BTreeMap<Key, Paper>,
    noted: BTreeMap<Key, BTreeSet<(Matter, String)>>,
}

fn check(connection: &mut Connection, reading: &Reading, tally: &mut Tally) -> credence_store::Result<()> {
    let mut look = Look { papers: BTreeMap::new(), noted: BTreeMap::new() };
    for paper in paper::all(connection)? {
        look.papers.insert((paper.uscc.clone(), paper.digest), paper);
    }
    for (uscc, digest, matter, number) in paper::citations(connection)? {
        look.noted.entry((uscc, digest)).or_default().insert((matter, number));
    }
    kept(connection, reading, &look, tally)?;
    for kept in repairs(connection, reading)? {
        let files = kept.case.as_ref().map(|case| files_of_papers(&case.applied.papers)).unwrap_or_default();
        let place = (kept.head.uscc.as_str(), [kept.head.identity], (Matter::Repair, &kept.head.number));
        look.cited(connection, place, &files, tally, |problem| kept.example(problem))?;
    }
    for kept in objections(connection, reading)? {
        let files: Vec<&str> = kept.steps.iter().flat_map(|(step, _)| files_of_objection(&step.event)).collect();
        let place = (kept.head.uscc.as_str(), [kept.head.identity], (Matter::Objection, &kept.head.number));
        look.cited(connection, place, &files, tally, |problem| kept.example(problem))?;
    }
    let mut cases = Vec::new();
    listings(connection, reading, |listing| cases.push(listing))?;
    for listing in cases {
        let files: Vec<&str> = listing.steps.iter().flat_map(files_of_listing).collect();
        // A listing is about its entry and about every document on which it rests.
        let about = [kept_listing::bases(connection, &listing.head)?, Vec::from_iter(listing.head.identity)].concat();
        let place = (listing.head.uscc.as_str(), about, (Matter::Listing, &listing.head.number));
        look.cited(connection, place, &files, tally, |problem| listing.example(problem))?;
    }
    for ((uscc, digest), cases) in look.noted {
        for (matter, number) in cases {
            let problem =
                format!("file {} is noted as cited by {} {number}, whose steps do not", hex(&digest), matter.code());
            tally.expect(false, || of_organisation(reading, uscc.clone(), problem));
        }
    }
    Ok(())
}

/// Every file that is kept opens and is what it says.
fn kept(connection: &mut Connection, reading: &Reading, look: &Look, tally: &mut Tally) -> credence_store::Result<()> {
    for (key, paper) in &look.papers {
        let cases = look.noted.get(key).map_or(0, BTreeSet::len);
        let opened = match &reading.keys {
            Some(keys) => match paper::content(connection, keys, paper) {
                Err(StoreError::Inconsistent(_)) | Ok(None) => Err("was changed"),
                Ok(Some(content)) => Ok(Some(content)),
                Err(other) => return Err(other),
            },
            None => Ok(None),
        };
        let problem = match opened {
            Err(problem) => Some(problem),
            Ok(Some(content)) if Kind::of(&content) != Kind::from_media_type(&paper.media_type) => {
                Some("is of another type than noted")
            }
            Ok(_) if usize::try_from(paper.cases) != Ok(cases) => {
                Some("is cited by another number of cases than noted")
            }
            Ok(_) => None,
        };
        tally.expect(problem.is_none(), || {
            let problem = format!("file {} {}", hex(&paper.digest), problem.unwrap_or_default());
            of_organisation(reading, paper.uscc.clone(), problem)
        });
    }
    Ok(())
}

impl Look {
    /// What a case cites is there and noted; of an erased record nothing is.
    fn cited(
        &mut self,
        connection: &mut Connection,
        (uscc, about, (matter, number)): (&str, impl IntoIterator<Item = Identity>, (Matter, &String)),
        files: &[&str],
        tally: &mut Tally,
        example: impl Fn(String) -> Example,
    ) -> credence_store::Result<()> {
        if files.is_empty() {
            return Ok(());
        }
        let mut erased = false;
        for identity in about {
            erased |= record::find(connection, &View::office(Date::default()), uscc, &identity)?.is_none();
        }
        for file in files.iter().collect::<BTreeSet<_>>() {
            let digest = unhex(file).and_then(|bytes| Digest::try_from(bytes).ok());
            let key = digest.map(|digest| (uscc.to_owned(), digest));
            let noted = key.as_ref().and_then(|key| self.noted.get_mut(key));
            let noted = noted.is_some_and(|cases| cases.remove(&(matter, number.clone())));
            let there = key.is_some_and(|key| self.papers.contains_key(&key));
            let problem = match (erased, there, noted) {
                (true, _, true) => Some("is noted though the record is erased"),
                (false, false, _) => Some("is not there"),
                (false, true, false) => Some("is not noted as cited"),
                (true, _, false) | (false, true, true) => None,
            };
            tally.expect(problem.is_none(), || example(format!("file {file} {}", problem.unwrap_or_default())));
        }
        Ok(())
    }
}
