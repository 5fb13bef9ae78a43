//! PostgreSQL harmed where it stands: bytes of the copy by SQL, and, in a cluster of the drill's own that holds a copy as well, the
//! end of the write-ahead log and whole pages. The copy's own server is left alone.

use super::Outcome;
use super::place::Place;
use anyhow::Context;
use credence_testkit::cluster::{Cluster, Log};
use credence_testkit::harm::Hand;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

/// Rows of one import whose end is an acknowledgement.
const ROWS: u64 = 150;
/// Imports of one round at most.
const IMPORTS: usize = 12;
/// The most that is cut off what was whole.
const CUT_BYTES: u64 = 512 * 1024;
/// What a checkpoint's own record takes at most: nothing before its end is cut off.
const CHECKPOINT_BYTES: u64 = 1_024;
/// Rounds for each of which one byte more of every kind of place is changed: everything is verified after each.
const ROUNDS_A_BYTE: usize = 5;
/// Pages that are damaged in a round.
const PAGES: usize = 3;

/// A cluster of the drill's own with a copy of what is drilled on.
struct Own {
    cluster: Cluster,
    place: Place,
}

impl Own {
    fn make(of: &Place, name: &str) -> anyhow::Result<Self> {
        let cluster = Cluster::make().context("a cluster of the drill's own")?;
        let folder = of.folder.join(name);
        std::fs::create_dir_all(&folder)?;
        let place = of.copied_to(&folder, &cluster.url())?;
        Ok(Self { cluster, place })
    }
}

/// Whether a cluster can be made here at all.
fn is_missing() -> bool {
    credence_testkit::postgres::programs().is_err()
}

const MISSING: &str = "本机没有 PostgreSQL 服务器程序（initdb），无法另建数据库集群演练";

/// What a round of writing came to.
#[derive(Default)]
struct Written {
    /// Files whose import ended well.
    whole: Vec<PathBuf>,
    /// Of these, how many the kept checkpoints cover.
    witnessed: usize,
}

/// Writes until the server is killed in the middle of it; after each import a checkpoint is kept, as a witness keeps it.
fn write_until_killed(own: &mut Own, kept: &mut usize) -> anyhow::Result<Written> {
    let mut files = Vec::new();
    for _ in 0..IMPORTS {
        files.push(own.place.new_file(ROWS)?);
    }
    let moment = 400_000 + own.place.below(3_000_000);
    let checkpoints = own.place.folder.join("checkpoints");
    std::fs::create_dir_all(&checkpoints)?;
    let (place, cluster) = (&own.place, &mut own.cluster);
    std::thread::scope(|scope| {
        let writing = scope.spawn(move || -> anyhow::Result<Written> {
            let mut written = Written::default();
            for file in files {
                let output = place.import(&file)?.stderr(Stdio::null()).output()?;
                if !matches!(output.status.code(), Some(0 | 3)) {
                    break;
                }
                written.whole.push(file);
                let checkpoint = place.ask(&["log", "checkpoint"])?;
                if !checkpoint.status.success() {
                    break;
                }
                std::fs::write(checkpoints.join(format!("checkpoint-{kept}")), checkpoint.stdout)?;
                *kept += 1;
                written.witnessed = written.whole.len();
            }
            Ok(written)
        });
        std::thread::sleep(Duration::from_micros(moment));
        cluster.kill()?;
        writing.join().map_err(|_| anyhow::anyhow!("the writer failed"))?
    })
}

/// The end of the write-ahead log is torn off after kill -9 of the server and all its processes: in one round what follows its last
/// whole record, in the next some of what was whole. Nothing acknowledged is lost by the first; what the second loses is named.
pub(super) fn torn_log(place: &mut Place) -> anyhow::Result<Outcome> {
    if is_missing() {
        return Ok(Outcome::not_here(MISSING));
    }
    let mut own = Own::make(place, "torn")?;
    let (mut wrong, mut kept) = (Vec::new(), 0);
    let mut counts = BTreeMap::from([("acknowledged", 0), ("behind", 0), ("cut", 0), ("lost", 0), ("not_started", 0)]);
    let mut count = |name, by| *counts.entry(name).or_default() += by;
    for round in 0..place.rounds {
        let written = write_until_killed(&mut own, &mut kept)?;
        count("acknowledged", written.whole.len());
        let Some(Log { checkpoint, end }) = own.cluster.log()? else {
            own.cluster.start()?;
            continue;
        };
        let most = end.saturating_sub(checkpoint + CHECKPOINT_BYTES).min(CUT_BYTES);
        let cuts = round % 2 == 1 && most > 0;
        let at = if cuts { end - 1 - own.place.below(most) } else { end };
        own.cluster.tear(at, &mut own.place.chance)?;
        count(if cuts { "cut" } else { "behind" }, 1);
        if let Err(error) = own.cluster.start() {
            // It says so and serves nobody: named, and never taken for whole.
            count("not_started", 1);
            if !cuts {
                wrong.push(format!("a tear behind the last record, and the server does not start: {error}"));
            }
            own = Own::make(place, &format!("torn-{round}"))?;
            kept = 0;
            continue;
        }
        let folder = own.place.folder.join("checkpoints");
        let told = if kept > 0 {
            own.place.verify(&["--checkpoint", &folder.display().to_string()])?
        } else {
            own.place.verify(&[])?
        };
        let lost = lost_of(&own.place, &written.whole)?;
        let witnessed = lost.iter().filter(|at| **at < written.witnessed).count();
        count("lost", lost.len());
        if !cuts {
            wrong.extend(told);
            if !lost.is_empty() {
                wrong.push(format!("{} acknowledged imports are gone, and nothing was cut off", lost.len()));
            }
        } else if witnessed > 0 && told.is_empty() {
            wrong.push(format!("{witnessed} acknowledged imports were cut off and nobody named it"));
        } else if lost.is_empty() && !told.is_empty() && !told.iter().all(|one| one.starts_with("\"checkpoint\"")) {
            wrong.extend(told);
        }
        if cuts {
            // What was signed is gone: the log goes on under another name, before other witnesses.
            own.place.name_log(&format!("drill-{}-torn-{round}.invalid", own.place.seed))?;
            std::fs::remove_dir_all(&folder)?;
            kept = 0;
        }
        wrong.extend(own.place.verify(&[])?);
    }
    let of = |name| counts.get(name).copied().unwrap_or_default();
    let seen = format!(
        "{} 次导入已确认；{} 次撕在末尾之后，无一丢失；{} 次切掉已落盘的部分，丢失 {} 次，均被指出",
        of("acknowledged"),
        of("behind"),
        of("cut"),
        of("lost")
    );
    Ok(Outcome { rounds: place.rounds, seen, counts, wrong })
}

/// Which of these imports are not there whole any more: sent again, something of them is new.
fn lost_of(place: &Place, files: &[PathBuf]) -> anyhow::Result<Vec<usize>> {
    let mut lost = Vec::new();
    for (at, file) in files.iter().enumerate() {
        let again = super::place::report(&place.import(file)?.output()?)?;
        if again["accepted"].as_u64() != Some(0) {
            lost.push(at);
        }
    }
    Ok(lost)
}

/// One byte of every column in which `verify` names a change, by SQL on the copy; then flipped bits and torn pages in a cluster whose pages
/// have checksums.
pub(super) fn flipped(place: &mut Place) -> anyhow::Result<Outcome> {
    // Whatever the register holds, there is something of every kind of fact.
    let file = place.new_file(ROWS)?;
    let mut wrong = place.import_whole(&file)?;
    wrong.extend(place.verify(&[])?);
    let mut hand = Hand::at(&place.database)?;
    let (mut named, mut empty) = (0, Vec::new());
    // A short drill looks at some of the places, by chance, a long one at all of them.
    let spots = hand.spots()?;
    let step = spots.len().div_ceil(SPOTS_A_ROUND.saturating_mul(place.rounds.max(1))).max(1);
    let first = place.chance.below(step);
    for spot in spots.iter().skip(first).step_by(step) {
        for _ in 0..place.rounds.div_ceil(ROUNDS_A_BYTE) {
            let Some(harm) = hand.harm(spot, &mut place.chance)? else {
                empty.push(format!("{}.{}", spot.table, spot.column));
                break;
            };
            if place.verify(&[])?.is_empty() {
                wrong.push(format!("a byte of {}.{} was changed and verify did not find it", spot.table, spot.column));
            } else {
                named += 1;
            }
            hand.mend(&harm)?;
        }
    }
    wrong.extend(place.verify(&[])?);
    let mut counts = BTreeMap::from([("named", named), ("empty", empty.len())]);
    let pages = if is_missing() { MISSING.to_owned() } else { pages(place, &mut counts, &mut wrong)? };
    let left = if empty.is_empty() { String::new() } else { format!("（登记库没有 {}）", empty.join("、")) };
    let seen = format!("{named} 处字节改动均被 verify 指出{left}；{pages}");
    Ok(Outcome { rounds: place.rounds, seen, counts, wrong })
}

/// Places at which a round changes a byte.
const SPOTS_A_ROUND: usize = 12;

/// Pages of a cluster of the drill's own, damaged while it stands still.
fn pages(
    place: &mut Place,
    counts: &mut BTreeMap<&'static str, usize>,
    wrong: &mut Vec<String>,
) -> anyhow::Result<String> {
    let mut own = Own::make(place, "pages")?;
    own.cluster.stop()?;
    let pages = own.cluster.pages()?;
    let (mut found, mut damaged) = (0, 0);
    for round in 0..place.rounds {
        let torn = round % 2 == 1;
        let mut held = Vec::new();
        for _ in 0..PAGES {
            let Some(page) = pages.get(usize::try_from(place.below(pages.len() as u64))?) else { continue };
            let before = own.cluster.damage(page, torn, &mut place.chance)?;
            damaged += 1;
            if own.cluster.finds_damage()? {
                found += 1;
            } else {
                wrong.push(format!("a damaged page and its checksum was right: {page:?}"));
            }
            held.push((page, before));
        }
        // In the order in which they lie over one another.
        for (page, before) in held.iter().rev() {
            own.cluster.mend(page, before)?;
        }
        if own.cluster.finds_damage()? {
            wrong.push("a page that was put back is not what it was".to_owned());
        }
    }
    own.cluster.start()?;
    wrong.extend(own.place.verify(&[])?);
    counts.extend([("pages", damaged), ("pages_found", found)]);
    Ok(format!("另建集群 {damaged} 页损坏或写了一半，校验和指出 {found} 页"))
}
