//! Small builders for these tests.

use credence_domain::record::Identity;
use credence_domain::record::content::{Content, Frame};
use credence_domain::record::value::day_number;
use credence_domain::subject::Uscc;
use credence_store::act::Draft;
use credence_store::arrival::{Dates, Incoming, Outcome, Sending, arrive};
use credence_store::body::{Packer, Parcel};
use credence_store::change::Registration;
use credence_store::clock::Clock;
use credence_store::unit::Unit;
use credence_store::{Address, Writer, digest, sequencer, unit};
use jiff::civil::Date;
use sha2::{Digest, Sha256};

pub const OFFICE: &str = "11379900000000086M";
pub const OTHER: &str = "123799000000000510";
pub const FIRM: &str = "91379900MA0TE5T16G";
pub const SECOND_FIRM: &str = "91379900MA0TE0026R";

pub fn today() -> Date {
    Date::new(2026, 11, 24).unwrap()
}

pub fn writer(address: &Address) -> Writer {
    let mut writer = address.writer(Clock::fixed(today())).unwrap();
    for (uscc, name) in [(OFFICE, "云海市生态环境局"), (OTHER, "云海市信用中心")] {
        let unit = Unit { uscc: uscc.to_owned(), name: name.to_owned(), ..Unit::default() };
        unit::set(&mut writer, &unit, uscc, &[0; 32]).unwrap();
    }
    writer
}

/// A penalty of `uscc` with a number and a text, public until a day.
pub fn fact(uscc: &str, number: &str, text: &str, through: Date) -> Incoming {
    let identity = Identity::of("penalty", [OFFICE, number, uscc, "2026-04-10"]);
    let hex = identity.to_string();
    let frame = Frame { item: "penalty", uscc, identity: &hex };
    let Content { public, other } =
        Content::build(frame, [("BZ", "内部", false), ("CF_SY", text, true), ("CF_WSH", number, true)].into_iter());
    Incoming {
        line: 2,
        uscc: Uscc::parse(uscc).unwrap(),
        identity,
        name: "云海市海岳机械制造有限公司".into(),
        authority: Uscc::parse(OFFICE).unwrap(),
        authority_area: "".into(),
        decided_on: day_number(Date::new(2026, 4, 10).unwrap()),
        hold: "",
        dates: Dates {
            class: "general".into(),
            pack: "ndrc-36-2025".into(),
            public: true,
            through_on: Some(day_number(through)),
            ..Dates::default()
        },
        public_digest: Sha256::digest(public.as_bytes()).into(),
        body: Parcel::Packed(Packer::new().unwrap().pack(&public, &other, "").unwrap()),
        other_digest: None,
        other_content: other.into(),
        registration: None,
        aliases: Vec::new(),
        replaces: "".into(),
        secrets: None,
        redacted: None,
        revoked: false,
        instruction: None,
    }
}

pub fn registration(uscc: &str, name: &str) -> Incoming {
    let mut row = fact(uscc, "", name, Date::new(2099, 1, 1).unwrap());
    row.identity = Identity::of("registration", [uscc]);
    row.name = name.into();
    row.registration = Some(Box::new(Registration {
        status: "存续".to_owned(),
        area: "云海市".to_owned(),
        kind: "有限责任公司".to_owned(),
        established_on: None,
    }));
    row
}

pub fn draft(actor: &str) -> Draft {
    Draft {
        kind: "import",
        actor: actor.to_owned(),
        second: None,
        purpose: "collection",
        basis: "鲁信用办〔2019〕8号 五".to_owned(),
        reason: String::new(),
        rulebook: [0; 32],
        as_of: today(),
        batch: Some([7; 16]),
        details: serde_json::Map::new(),
    }
}

pub fn send(writer: &mut Writer, source: &str, item: &str, mut rows: Vec<Incoming>) -> Vec<Outcome> {
    rows.sort_by_key(|row| (row.uscc, row.identity));
    let received_on = day_number(writer.clock().today());
    let sending = Sending { source, item, received_on, batch: &[7; 16], corrects: None };
    let (outcomes, _) = writer
        .change(&draft(source), |change| arrive(change, sending, &rows, &mut |row, _| Ok(row.dates.clone())))
        .unwrap();
    sequencer::run(writer.connection()).unwrap();
    outcomes
}

pub fn state(writer: &mut Writer) -> [u8; 32] {
    let keys = writer.keyring().opening().unwrap();
    digest::state(writer.connection(), keys).unwrap()
}
