//! A small register in which acts follow each other at random, and what is public of it by looking at every row.

use credence_app::stream::Filter;
use credence_app::{Clock, Service, View, Writer};
use credence_domain::record::content::{Content, Frame};
use credence_domain::record::value::day_number;
use credence_domain::record::{Identity, State};
use credence_domain::subject::Uscc;
use credence_store::act::Draft;
use credence_store::arrival::{Dates, Incoming, Sending, arrive};
use credence_store::body::{Packer, Parcel, Unpacker};
use credence_store::change::Registration;
use credence_store::erasure::{self, Order};
use credence_store::revision::{self, Revision};
use credence_store::scope::is_public;
use credence_store::{profile, sequencer};
use credence_testkit::province::{self, Chance};
use credence_testkit::stores::TestStore;
use jiff::ToSpan;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

pub const OFFICE: &str = "11379900000000086M";
/// Two that are public and one that is shared among organs of state.
pub const ITEMS: [&str; 3] = ["penalty", "permit", "arrears"];
pub const AREAS: [&str; 2] = ["云海市", "青禾市"];
const FIRMS: usize = 5;

pub struct World<'s> {
    pub store: &'s TestStore,
    pub clock: Clock,
    pub writer: Writer,
    pub chance: Chance,
    records: Vec<(String, Identity, &'static str, String)>,
    sent: usize,
}

pub fn firm(number: usize) -> String {
    province::code("91", 4_000 + number)
}

pub fn draft(kind: &'static str, today: Date) -> Draft {
    Draft {
        kind,
        actor: OFFICE.to_owned(),
        second: None,
        purpose: "collection",
        basis: "鲁信用办〔2019〕8号 五".to_owned(),
        reason: String::new(),
        rulebook: [0; 32],
        as_of: today,
        batch: None,
        details: serde_json::Map::new(),
    }
}

/// A fact of an organisation with a number, public through a day.
pub fn fact(uscc: &str, item: &str, number: &str, text: &str, through: Option<Date>) -> Incoming {
    let identity = Identity::of(item, [OFFICE, number, uscc]);
    let hex = identity.to_string();
    let frame = Frame { item, uscc, identity: &hex };
    let Content { public, other } =
        Content::build(frame, [("CF_SY", text, true), ("CF_WSH", number, true)].into_iter());
    Incoming {
        line: 2,
        uscc: Uscc::parse(uscc).unwrap(),
        identity,
        name: "云海市海岳机械制造有限公司".into(),
        authority: Uscc::parse(OFFICE).unwrap(),
        authority_area: "".into(),
        decided_on: day_number(Date::new(2026, 4, 10).unwrap()),
        hold: "",
        dates: Dates { public: true, through_on: through.map(day_number), ..Dates::default() },
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

/// Sends rows as one act, which has no place in the log yet.
pub fn send(writer: &mut Writer, item: &'static str, mut rows: Vec<Incoming>) {
    rows.sort_by_key(|row| (row.uscc, row.identity));
    let today = writer.clock().today();
    let sending = Sending { source: OFFICE, item, received_on: day_number(today), batch: &[7; 16], corrects: None };
    writer
        .change(&draft("import", today), |change| arrive(change, sending, &rows, &mut |row, _| Ok(row.dates.clone())))
        .unwrap();
}

impl<'s> World<'s> {
    pub fn new(store: &'s TestStore, seed: u64) -> Self {
        let clock = Clock::fixed(Date::new(2026, 5, 6).unwrap());
        let mut writer = store.address.writer(clock.clone()).unwrap();
        credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
        Self::with(store, seed, clock, writer)
    }

    /// The same with a writer that somebody else's connections stand beside.
    pub fn with(store: &'s TestStore, seed: u64, clock: Clock, mut writer: Writer) -> Self {
        for number in 0..FIRMS {
            let mut row = fact(&firm(number), "registration", "", "", None);
            row.registration = Some(Box::new(Registration {
                // Of the last nobody knows where it is.
                area: AREAS.get(number % 3).copied().unwrap_or_default().to_owned(),
                ..Registration::default()
            }));
            send(&mut writer, "registration", vec![row]);
        }
        sequencer::run(writer.connection()).unwrap();
        Self { store, clock, writer, chance: Chance::new(seed, "stream"), records: Vec::new(), sent: 0 }
    }

    pub fn today(&self) -> Date {
        self.clock.today()
    }

    pub fn service(&self) -> Service {
        Service::open(self.store.address.clone(), self.clock.clone(), None).unwrap()
    }

    pub fn sequence(&mut self) {
        sequencer::run(self.writer.connection()).unwrap();
    }

    pub fn next_day(&mut self) {
        self.clock.move_to(self.today() + 1.days());
    }

    fn some_end(&mut self) -> Option<Date> {
        let today = self.today();
        (!self.chance.percent(20)).then(|| today + i64::try_from(self.chance.below(4)).unwrap().days())
    }

    /// New facts in one act.
    pub fn enter(&mut self) {
        let item = *self.chance.one(&ITEMS).unwrap();
        let mut rows = Vec::new();
        for _ in 0..=self.chance.below(3) {
            self.sent += 1;
            let (uscc, number) = (firm(self.chance.below(FIRMS)), self.sent.to_string());
            let end = self.some_end();
            let mut row = fact(&uscc, item, &number, "事实", end);
            if self.chance.percent(20) {
                row.hold = "personal_number";
            }
            self.records.push((uscc, row.identity, item, number));
            rows.push(row);
        }
        send(&mut self.writer, item, rows);
    }

    /// Another text, and perhaps another end, for one that stands.
    pub fn correct(&mut self) {
        let Some((uscc, _, item, number)) = self.chance.one(&self.records).cloned() else { return };
        self.sent += 1;
        let (text, end) = (self.sent.to_string(), self.some_end());
        send(&mut self.writer, item, vec![fact(&uscc, item, &number, &text, end)]);
    }

    /// What a person does with one that stands.
    pub fn decide(&mut self) {
        let Some((uscc, identity, ..)) = self.chance.one(&self.records).cloned() else { return };
        let states = [State::Accepted, State::Held, State::Hidden, State::Withdrawn, State::Repaired];
        let (state, today) = (*self.chance.one(&states).unwrap(), self.today());
        let end = self.some_end().map(day_number);
        self.writer
            .change(&draft("review", today), |change| {
                let view = View::office(today);
                let standing = revision::lock(change, &view, &(uscc.clone(), identity))?.unwrap();
                let body = standing.body(&mut Unpacker::new()?)?.unwrap();
                let dates = Dates { public: true, through_on: end, ..Dates::default() };
                let new = Revision {
                    source: &standing.source,
                    authority: &standing.authority,
                    authority_area: &standing.authority_area,
                    registers_in: None,
                    decided_on: standing.decided_on,
                    state,
                    hold: "",
                    dates: &dates,
                    from_on: (state == State::Accepted).then_some(day_number(today)),
                    body: &body,
                    packed: standing.packed.as_deref().unwrap(),
                    secrets: None,
                };
                revision::revise(change, &standing, &new)
            })
            .unwrap();
    }

    /// Erases one that stands; gives its reference.
    pub fn erase(&mut self) -> Option<String> {
        if self.records.is_empty() {
            return None;
        }
        let (uscc, identity, ..) = self.records.swap_remove(self.chance.below(self.records.len()));
        let (key, today) = ((uscc, identity), self.today());
        let keys = self.writer.keyring().sealing(None, &mut credence_store::clock::Chance::default(), today).unwrap();
        let listed = erasure::changes_listed(self.writer.connection(), &key).unwrap();
        let order = Order { clause: "personal_information", on: today, listed: &listed };
        let (reference, _) = self
            .writer
            .change(&draft("erasure", today), |change| {
                let standing = revision::lock(change, &View::office(today), &key)?.unwrap();
                erasure::erase(change, &standing, &keys, order)?;
                Ok(credence_domain::canonical::hex(&standing.reference))
            })
            .unwrap();
        Some(reference)
    }

    /// What is public today by looking at every row: version, commitment, item and area of each reference.
    pub fn public(&mut self) -> BTreeMap<String, (i64, String, String, String)> {
        let (today, mut found) = (self.today(), BTreeMap::new());
        for number in 0..FIRMS {
            let view = View::office(today);
            let profile = profile::find(self.writer.connection(), &view, &firm(number)).unwrap().unwrap();
            for record in profile.entries.into_iter().map(|entry| entry.record) {
                let shown = is_public(&record.state, record.from_on, record.through_on, day_number(today));
                if shown && record.item != "arrears" {
                    let hex = credence_domain::canonical::hex;
                    let told =
                        (i64::from(record.version), hex(&record.commitment), record.item, record.registered_area);
                    found.insert(hex(&record.reference), told);
                }
            }
        }
        found
    }
}

/// One of the filters that readers have: which items and areas, as a request says it.
pub fn filters() -> [(&'static str, &'static str); 4] {
    [("", ""), ("permit", ""), ("", AREAS[1]), ("penalty,permit", AREAS[0])]
}

/// The filter of a request.
pub fn filter(service: &Service, (item, area): (&str, &str)) -> Filter {
    let request = credence_app::stream::ChangesRequest { item: item.into(), area: area.into(), ..Default::default() };
    service.changes_filter(&request).unwrap()
}
