//! Feeds a parser: its seeds, mutations of its seeds, and bytes of no meaning.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// What parsers of text trip over.
const TRIPS: [&[u8]; 24] = [
    b"\"",
    b"\"\"",
    b"\r\n",
    b"\n\n",
    b"\0",
    b",",
    b"\t",
    b"{",
    b"[[",
    b"}",
    b"-",
    b"+",
    b".",
    b"=",
    b"%00",
    b"../",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"18446744073709551616",
    b"-9223372036854775808",
    b"1e999",
    "\u{202e}".as_bytes(),
    "\u{3000}".as_bytes(),
];

/// One change: where, what kind, with what.
type Edit = (u32, u8, u32);

fn edited(seed: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for (place, kind, with) in edits {
        let at = *place as usize % (bytes.len() + 1);
        let length = (*with as usize >> 8) % 24;
        let end = (at + length).min(bytes.len());
        match kind % 6 {
            0 if at < bytes.len() => bytes[at] = *with as u8,
            1 => drop(bytes.splice(at..at, TRIPS[*with as usize % TRIPS.len()].iter().copied())),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let again = bytes[at..end].to_vec();
                let from = *with as usize % (bytes.len() + 1);
                bytes.splice(from..from, again);
            }
            4 => bytes.truncate(at),
            _ if at < bytes.len() => bytes[at] ^= 1 << (with % 8),
            _ => {}
        }
    }
    bytes
}

/// Runs a property on every seed, on `cases` mutations of seeds and on a quarter as many pieces of rubbish. A failure prints the
/// smallest input that was found.
pub fn feed(property: impl Fn(&[u8]), seeds: &[Vec<u8>], cases: u32) {
    seeds.iter().for_each(|seed| property(seed));
    let config = |cases| Config { cases, failure_persistence: None, max_shrink_iters: 400, ..Config::default() };
    let edits = vec((any::<u32>(), any::<u8>(), any::<u32>()), 1..8);
    let owned = seeds.to_vec();
    let mutations = (any::<prop::sample::Index>(), edits)
        .prop_map(move |(which, edits)| edited(which.get::<Vec<u8>>(&owned), &edits));
    let run = |strategy: BoxedStrategy<Vec<u8>>, cases| {
        let ended = TestRunner::new(config(cases)).run(&strategy, |bytes| {
            property(&bytes);
            Ok(())
        });
        if let Err(failure) = ended {
            panic!("{failure}");
        }
    };
    run(mutations.boxed(), cases);
    run(vec(any::<u8>(), 0..400).boxed(), cases / 4);
}
