//! What a requirement looks at: a record with its content, its act, and the rules by which it was judged.

use super::Example;
use crate::collect::clocks::Clocks;
use crate::consent::Behalf;
use crate::log::Shown;
use credence_domain::canonical::{hex, unhex};
use credence_domain::catalog::{Item, Role, Version};
use credence_domain::directory::Directory;
use credence_domain::erasure::Listed;
use credence_domain::listing::Step;
use credence_domain::publicity::Restart;
use credence_domain::record::secrecy::Withheld;
use credence_domain::rulebook::Rulebook;
use credence_store::StoreError;
use credence_store::audit::{self, Superseded};
use credence_store::body::{Body, Unpacker};
use credence_store::change::CHUNK_ROWS;
use credence_store::connection::Connection;
use credence_store::letter::{self, KeptLetter};
use credence_store::listing::{self, Head};
use credence_store::record::Stored;
use credence_store::repair;
use credence_store::revision::{Origin, RecordKey};
use credence_store::secret::{Keys, Owner, field};
use credence_store::unit;
use credence_store::withheld::{self, ByRecord};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a header says, as far as verification needs it.
#[derive(Clone, Debug)]
pub struct ActHeader {
    /// Digest of the rulebook.
    pub rulebook: Option<[u8; 32]>,
    /// Valid time: the day of receipt for an import.
    pub as_of: Option<Date>,
    /// Instant of the act.
    pub at: i64,
    /// In whose name it was done, where that is another unit.
    pub behalf: Option<Behalf>,
    /// Kind of the act.
    pub kind: String,
    /// Who acts.
    pub actor: Box<str>,
    /// The batch that it names.
    pub batch: Option<[u8; 16]>,
    /// Number of an act on no organisation: unit and number.
    pub numbered: Option<(String, i64)>,
    /// The edition that an enactment puts in force.
    pub enacted: Option<[u8; 32]>,
    /// What an erasing act says that it empties.
    pub erasure: Option<ErasureHeader>,
}

/// What the header of an erasing act says.
#[derive(Clone, Debug, Default)]
pub struct ErasureHeader {
    /// Code of the clause.
    pub clause: String,
    /// Title and article of the law.
    pub basis: String,
    /// Public reference of the record.
    pub record: String,
    /// Its item and how many versions it had; acts from before that was said say nothing of it.
    pub kept: Option<(String, i64)>,
    /// Every change that it emptied.
    pub listed: Vec<Listed>,
    /// Acts whose headers quoted the record, with the hash that each had.
    pub heads: BTreeMap<[u8; 16], [u8; 32]>,
    /// The second person is another than the first.
    pub by_two: bool,
}

impl ErasureHeader {
    fn read(header: &Value) -> Option<Self> {
        let text = |key: &str| header.get(key).and_then(Value::as_str).unwrap_or_default();
        if text("kind") != "erasure" {
            return None;
        }
        let detail = |key: &str| header.get("details").and_then(|details| details.get(key));
        let said = |key: &str| detail(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let all = |key: &str| detail(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let head = |head: &Value| {
            let of = |key: &str| unhex(head.get(key)?.as_str()?);
            Some((of("act")?.try_into().ok()?, of("leaf")?.try_into().ok()?))
        };
        Some(Self {
            clause: said("clause"),
            basis: text("basis").to_owned(),
            record: said("record"),
            kept: detail("item")
                .and_then(Value::as_str)
                .map(str::to_owned)
                .zip(detail("versions").and_then(Value::as_i64)),
            listed: all("erased").iter().filter_map(Listed::read).collect(),
            heads: all("heads").iter().filter_map(head).collect(),
            by_two: !text("second").is_empty() && text("second") != text("actor"),
        })
    }
}

/// An act as far as others refer to it.
#[derive(Clone, Debug)]
pub struct Act {
    /// Organisation or unit under which it is kept.
    pub uscc: Box<str>,
    /// Root of its tree.
    pub root: [u8; 32],
    /// What its header says.
    pub header: ActHeader,
}

/// A chunk as far as records refer to it: its leaves are known by their number and the sum of their fingerprints, so that
/// the commitments of the whole register need not be held.
#[derive(Clone, Copy, Debug)]
pub struct Chunk {
    /// The act.
    pub act: [u8; 16],
    /// How many leaves it has.
    pub leaves: u64,
    /// Sum of the [`fingerprint`]s of its leaves.
    pub sum: u128,
}

/// What is read once and held: an entry an act, never one a record.
pub struct Reading {
    /// Acts by id.
    pub acts: BTreeMap<[u8; 16], Act>,
    /// Chunks by number.
    pub chunks: BTreeMap<i64, Chunk>,
    /// State and instant of receipt of batches by id.
    pub batches: BTreeMap<[u8; 16], (String, i64)>,
    /// Editions of the rulebook that can be read, by digest.
    pub rulebooks: BTreeMap<[u8; 32], Rulebook>,
    /// Editions that are stored but do not have their digest or cannot be read.
    pub broken_rulebooks: Vec<[u8; 32]>,
    /// What is withheld of records.
    pub withheld: ByRecord,
    /// The directory of units and areas.
    pub units: Arc<Directory>,
    /// Records that publish listings.
    pub listed: BTreeSet<RecordKey>,
    /// From when periods count anew, by record.
    pub restarts: BTreeMap<RecordKey, Restart>,
    /// The first chunk whose facts keep the areas of their own day.
    pub areas_kept_from: i64,
    /// Checkpoints that others hold.
    pub shown: Vec<Shown>,
    /// The last checkpoint that the log's key signed, a bare text, where its memory is at hand.
    pub signed: Option<String>,
    /// The keys of what is sealed; none where nothing sealed is opened.
    pub keys: Option<Arc<Keys>>,
}

/// A commitment at its place, as a number that can be summed: two sums that agree hold the same leaves at the same places.
pub fn fingerprint(at: i64, commitment: &[u8; 32]) -> u128 {
    let digest: [u8; 32] = Sha256::new().chain_update(at.to_be_bytes()).chain_update(commitment).finalize().into();
    digest.iter().take(16).fold(0, |sum, byte| sum << 8 | u128::from(*byte))
}

/// A record under verification.
pub struct Case<'a> {
    /// What was read once.
    pub reading: &'a Reading,
    /// As it is stored.
    pub stored: &'a Stored,
    /// Its superseded versions, oldest first.
    pub earlier: &'a [Superseded],
    /// Its content, plain; none when erased or damaged.
    pub body: Option<&'a Body>,
    /// The other half as it is kept, its numbers sealed.
    pub kept_other: &'a str,
    /// What is withheld of it, in order of fields.
    pub withheld: &'a [Withheld],
    /// The keys that open sealed numbers; none where nothing is opened.
    pub keys: Option<&'a Keys>,
    /// It publishes a listing.
    pub of_listing: bool,
    /// From when its period counts anew.
    pub restart: Option<Restart>,
    /// Published fields.
    pub public: &'a Map<String, Value>,
    /// All fields.
    pub fields: &'a Map<String, Value>,
    /// The act's header.
    pub header: Option<&'a ActHeader>,
    /// Where the standing content comes from.
    pub origin: Option<&'a Origin>,
    /// The rulebook by which it was judged.
    pub rulebook: Option<&'a Rulebook>,
    /// Item and edition of that rulebook on the day of receipt.
    pub edition: Option<(&'a Item, &'a Version)>,
    /// The directory of units and areas.
    pub units: &'a Arc<Directory>,
    /// Instant as of which the directory was known to whoever decided: of a batch its receipt, else that of the act.
    pub known_at: i64,
    /// The first chunk whose facts keep the areas of their own day.
    pub areas_kept_from: i64,
}

impl Case<'_> {
    /// The value that plays a role; empty when absent.
    pub fn value(&self, role: Role) -> &str {
        let field = self.edition.and_then(|(_, version)| version.field_of(role));
        field.map_or("", |(_, field)| self.text(&field.code))
    }

    /// The value of a field; empty when absent.
    pub fn text(&self, code: &str) -> &str {
        self.fields.get(code).and_then(Value::as_str).unwrap_or_default()
    }

    /// This record as an example of what fails.
    pub fn example(&self, problem: impl Into<String>) -> Example {
        Example {
            uscc: self.stored.uscc.clone(),
            record: Some(hex(&self.stored.reference)),
            act: None,
            problem: problem.into(),
        }
    }

    /// Clocks by the rules of the day of receipt.
    pub fn clocks(&self) -> Option<Clocks<'_>> {
        let (rulebook, (_, version)) = self.rulebook.zip(self.edition)?;
        let clocks = Clocks::new(rulebook, version, Arc::clone(self.units), self.header?.as_of?);
        Some(clocks.known_at(self.known_at))
    }
}

impl Reading {
    /// Reads acts, chunks, rulebooks and units.
    pub fn load(connection: &mut Connection) -> credence_store::Result<Self> {
        let mut acts = BTreeMap::new();
        audit::each_act(connection, |act| {
            let header = read_header(&act.header);
            acts.insert(act.id, Act { uscc: act.uscc.into(), root: act.root, header });
            Ok(())
        })?;
        let mut chunks = BTreeMap::new();
        audit::each_chunk(connection, |number, act, commitments, _| {
            let mut chunk = Chunk { act, leaves: 0, sum: 0 };
            for (commitment, at) in commitments.chunks_exact(32).zip(number.saturating_mul(CHUNK_ROWS as i64)..) {
                let commitment = commitment.try_into().unwrap_or(&[0; 32]);
                chunk.leaves += 1;
                chunk.sum = chunk.sum.wrapping_add(fingerprint(at, commitment));
            }
            chunks.insert(number, chunk);
            Ok(())
        })?;
        let batches = credence_store::batch::states(connection)?;
        let mut rulebooks = BTreeMap::new();
        let mut broken_rulebooks = Vec::new();
        for (digest, _) in credence_store::rulebook::editions(connection)? {
            let body = credence_store::rulebook::by_digest(connection, &digest)?.unwrap_or_default();
            match Rulebook::from_canonical(&body) {
                Ok(rulebook) if rulebook.digest == digest && rulebook.canonical() == body => {
                    rulebooks.insert(digest, rulebook);
                }
                _ => broken_rulebooks.push(digest),
            }
        }
        let units = Arc::new(unit::directory(connection)?);
        let areas_kept_from = audit::areas_kept_from(connection)?;
        let withheld = withheld::between(connection, "", "~")?;
        let listed = listing::published(connection)?;
        let restarts = repair::restarts(connection, ("", "~"))?.into_iter().collect();
        Ok(Self {
            acts,
            chunks,
            batches,
            rulebooks,
            broken_rulebooks,
            withheld,
            units,
            listed,
            restarts,
            areas_kept_from,
            shown: Vec::new(),
            signed: None,
            keys: None,
        })
    }

    /// The edition by which a change at a place was made.
    pub fn rulebook_at(&self, at: i64) -> Option<&Rulebook> {
        let chunk = self.chunks.get(&at.div_euclid(CHUNK_ROWS as i64))?;
        self.rulebooks.get(&self.acts.get(&chunk.act)?.header.rulebook?)
    }

    /// Hands on each record as a case; without keys what is sealed in its content stays so.
    ///
    /// # Errors
    /// [`StoreError::KeyMissing`] where a key is not there: what cannot be opened cannot be judged.
    pub fn each_case(
        &self,
        connection: &mut Connection,
        keys: Option<&Keys>,
        mut look: impl FnMut(&Case<'_>),
    ) -> credence_store::Result<()> {
        let mut unpacker = Unpacker::new()?;
        audit::each_record(connection, |stored, earlier| {
            let kept = match stored.body(&mut unpacker) {
                Ok(body) => body,
                Err(StoreError::Inconsistent(_)) => None,
                Err(error) => return Err(error),
            };
            let kept_other = kept.as_ref().map(|body| body.other_content.clone()).unwrap_or_default();
            let body = match kept.map(|body| plain(body, stored.owner(), keys)).transpose() {
                Ok(body) => body,
                Err(StoreError::Inconsistent(_)) => None,
                Err(error) => return Err(error),
            };
            let mut public = Map::new();
            let mut fields = Map::new();
            if let Some(body) = &body {
                if let Ok(Value::Object(half)) = serde_json::from_str(&body.public)
                    && let Some(Value::Object(content)) = half.get("content")
                {
                    public.clone_from(content);
                    fields.clone_from(content);
                }
                if let Ok(Value::Object(other)) = serde_json::from_str(&body.other_content) {
                    fields.extend(other);
                }
            }
            let chunk = self.chunks.get(&stored.at.div_euclid(CHUNK_ROWS as i64));
            let header = chunk.and_then(|chunk| self.acts.get(&chunk.act)).map(|act| &act.header);
            let origin = header.map(|header| Origin {
                kind: header.kind.clone(),
                batch: header.batch,
                batch_state: header
                    .batch
                    .and_then(|id| self.batches.get(&id))
                    .map(|(state, _)| state.clone())
                    .unwrap_or_default(),
                header: String::new(),
            });
            let rulebook = header.and_then(|header| self.rulebooks.get(&header.rulebook?));
            let edition = rulebook.zip(header).and_then(|(rulebook, header)| {
                let item = rulebook.items.get(&stored.item)?;
                Some((item, item.version_on(header.as_of?)?))
            });
            let withheld = match self.withheld.is_empty() {
                true => None,
                false => self.withheld.get(&(stored.uscc.clone(), stored.identity)),
            };
            look(&Case {
                reading: self,
                stored,
                earlier,
                body: body.as_ref(),
                kept_other: &kept_other,
                withheld: withheld.map_or(&[], Vec::as_slice),
                keys,
                of_listing: self.listed.contains(&(stored.uscc.clone(), stored.identity)),
                restart: self.restarts.get(&(stored.uscc.clone(), stored.identity)).copied(),
                public: &public,
                fields: &fields,
                header,
                origin: origin.as_ref(),
                rulebook,
                edition,
                units: &self.units,
                areas_kept_from: self.areas_kept_from,
                known_at: header.map_or(i64::MAX, |header| self.known_at(header)),
            });
            Ok(())
        })
    }
}

/// A content with what is sealed in it opened, as far as there are keys.
pub fn plain(mut body: Body, owner: Owner<'_>, keys: Option<&Keys>) -> credence_store::Result<Body> {
    if let Some(keys) = keys
        && let (Cow::Owned(plain), _) = field::open(keys, owner, &body.other_content)?
    {
        body.other_content = plain;
    }
    Ok(body)
}

impl Reading {
    /// The instant as of which the directory was known to an act.
    pub fn known_at(&self, header: &ActHeader) -> i64 {
        let batch = header.batch.filter(|_| header.kind == "import").and_then(|id| self.batches.get(&id));
        batch.map_or(header.at, |(_, received_at)| *received_at)
    }
}

fn read_header(header: &str) -> ActHeader {
    let header: Value = serde_json::from_str(header).unwrap_or_default();
    let text = |key: &str| header.get(key).and_then(Value::as_str);
    let details = header.get("details");
    let numbered = details
        .and_then(|details| Some((details.get("unit")?.as_str()?.to_owned(), details.get("unit_seq")?.as_i64()?)));
    let enacted = details.and_then(|details| details.get("enacted")?.as_str());
    ActHeader {
        rulebook: text("rulebook").and_then(unhex).and_then(|digest| digest.try_into().ok()),
        enacted: enacted.and_then(unhex).and_then(|digest| digest.try_into().ok()),
        behalf: details.and_then(|details| {
            let of = |key: &str| details.get(key)?.as_str().map(str::to_owned);
            let given = |key: &str| text(key).unwrap_or_default().to_owned();
            Some(Behalf {
                owner: of("on_behalf_of")?,
                unit: of("acting").unwrap_or_default(),
                actor: given("actor"),
                second: given("second"),
                consents: serde_json::from_value(details.get("consents")?.clone()).unwrap_or_default(),
                reason: given("reason"),
            })
        }),
        at: text("at").and_then(|at| at.parse::<Timestamp>().ok()).map_or(i64::MAX, Timestamp::as_microsecond),
        kind: text("kind").unwrap_or_default().to_owned(),
        actor: text("actor").unwrap_or_default().into(),
        batch: text("batch").and_then(unhex).and_then(|id| id.try_into().ok()),
        as_of: text("as_of").and_then(|day| day.parse().ok()),
        numbered,
        erasure: ErasureHeader::read(&header),
    }
}

/// A listing with its steps and letters.
pub struct Listing {
    /// The case.
    pub head: Head,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// Their places.
    pub places: Vec<i64>,
    /// Its letters.
    pub letters: Vec<KeptLetter>,
    /// The act of its last step.
    pub act: Option<[u8; 16]>,
}

impl Listing {
    /// This listing as an example of what fails.
    pub fn example(&self, problem: impl Into<String>) -> Example {
        let problem = format!("listing {}: {}", self.head.number, problem.into());
        Example { uscc: self.head.uscc.clone(), act: self.act.map(|act| hex(&act)), record: None, problem }
    }
}

/// Hands on every listing. One whose steps cannot be read has none, which no rule allows.
///
/// # Errors
/// Whatever the database says.
pub fn listings(
    connection: &mut Connection,
    reading: &Reading,
    mut look: impl FnMut(Listing),
) -> credence_store::Result<()> {
    let mut letters: BTreeMap<String, Vec<KeptLetter>> = BTreeMap::new();
    letter::each(connection, |letter| {
        letters.entry(letter.number.clone()).or_default().push(letter);
        Ok(())
    })?;
    let mut steps: BTreeMap<String, (Vec<Step>, Vec<i64>)> = BTreeMap::new();
    listing::each_step(connection, |step| {
        let (read, places) = steps.entry(step.number).or_default();
        read.extend(serde_json::from_str(&step.body).ok());
        places.push(step.at);
        Ok(())
    })?;
    for head in listing::all(connection)? {
        let (steps, places) = steps.remove(&head.number).unwrap_or_default();
        let last = places.last().copied().unwrap_or_default();
        let act = reading.chunks.get(&last.div_euclid(CHUNK_ROWS as i64)).map(|chunk| chunk.act);
        // A case that has lost all its steps is named with an act that speaks of its organisation.
        let act = act.or_else(|| reading.acts.iter().find(|(_, act)| *act.uscc == *head.uscc).map(|(id, _)| *id));
        let letters = letters.remove(&head.number).unwrap_or_default();
        look(Listing { head, steps, places, letters, act });
    }
    Ok(())
}
