//! Single acts for benchmarks: one fact of one organisation, through the one write path with all that an act carries (content,
//! version, salts, commitments, the organisation's number, header, pending row, counters).

use crate::province;
use credence_domain::record::Identity;
use credence_domain::record::content::{Content, Frame};
use credence_domain::record::value::day_number;
use credence_domain::subject::Uscc;
use credence_store::act::Draft;
use credence_store::arrival::{Dates, Incoming, Outcome, Sending, arrive};
use credence_store::body::{Packer, Parcel};
use credence_store::{Result, StoreError, Writer};
use sha2::{Digest, Sha256};

/// The unit that sends.
const OFFICE: &str = "11379900000000086M";
/// Organisations among which acts are spread.
const ORGANISATIONS: usize = 10_000;

/// One act that has not been done.
#[derive(Debug)]
pub struct Single {
    row: Incoming,
    batch: [u8; 16],
}

impl Single {
    /// The act with a number: a penalty of 600 bytes with a document number of its own.
    ///
    /// # Errors
    /// When its content cannot be packed.
    pub fn new(number: u64, packer: &mut Packer) -> Result<Self> {
        let organisation = usize::try_from(number.wrapping_mul(7_919)).unwrap_or_default() % ORGANISATIONS;
        let uscc = province::code("91", 10_000 + organisation);
        let bad = || StoreError::Inconsistent(format!("{uscc} is no code"));
        let document = format!("示罚〔2026〕{number}号");
        let identity = Identity::of("penalty", [OFFICE, &document, &uscc]);
        let hex = identity.to_string();
        let frame = Frame { item: "penalty", uscc: &uscc, identity: &hex };
        let fields = [
            ("CF_CFJG", "云海市生态环境局", true),
            ("CF_NR", "处以罚款五万五千元，责令限期改正，并于改正之日起三十日内书面报告整改情况。", true),
            (
                "CF_SY",
                "经查，当事人于检查之日排放口污染物浓度超过排放标准，且未按规定保存监测记录，事实清楚，证据确凿。",
                true,
            ),
            ("CF_WSH", document.as_str(), true),
            ("CF_YJ", "《排污许可管理条例》第三十四条、《中华人民共和国水污染防治法》第八十三条", true),
        ];
        let Content { public, other } = Content::build(frame, fields.into_iter());
        let row = Incoming {
            line: 2,
            uscc: Uscc::parse(&uscc).map_err(|_| bad())?,
            identity,
            name: "云海海岳机械制造有限公司（示例）".into(),
            authority: Uscc::parse(OFFICE).map_err(|_| bad())?,
            authority_area: "云海市".into(),
            decided_on: 20_600,
            hold: "",
            dates: Dates { public: true, through_on: Some(60_000), ..Dates::default() },
            public_digest: Sha256::digest(public.as_bytes()).into(),
            body: Parcel::Packed(packer.pack(&public, &other, "")?),
            other_digest: None,
            other_content: other.into(),
            registration: None,
            aliases: Vec::new(),
            replaces: "".into(),
            secrets: None,
            redacted: None,
            revoked: false,
            instruction: None,
        };
        Ok(Self { row, batch: [7; 16] })
    }

    /// Does it.
    ///
    /// # Errors
    /// Whatever the database says, or where it was done before.
    pub fn enter(&self, writer: &mut Writer, rulebook: &[u8; 32]) -> Result<()> {
        let today = writer.clock().today();
        let draft = Draft {
            kind: "import",
            actor: OFFICE.to_owned(),
            second: None,
            purpose: "collection",
            basis: "鲁信用办〔2019〕8号 五".to_owned(),
            reason: String::new(),
            rulebook: *rulebook,
            as_of: today,
            batch: None,
            details: serde_json::Map::new(),
        };
        let received_on = day_number(today);
        let sending = Sending { source: OFFICE, item: "penalty", received_on, batch: &self.batch, corrects: None };
        let rows = std::slice::from_ref(&self.row);
        let (outcomes, _) =
            writer.change(&draft, |change| arrive(change, sending, rows, &mut |row, _| Ok(row.dates.clone())))?;
        match outcomes.as_slice() {
            [Outcome::Accepted] => Ok(()),
            other => Err(StoreError::Inconsistent(format!("a single act came to {other:?}"))),
        }
    }
}

/// Packs contents for [`Single::new`], one a thread.
///
/// # Errors
/// When the packer cannot be made.
pub fn packer() -> Result<Packer> {
    Packer::new()
}
