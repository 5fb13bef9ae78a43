//! A small register beside which subscriptions are told.

use crate::stream::world::{OFFICE, draft, fact, firm, send};
use credence_app::desk::Desk;
use credence_app::log::Reach;
use credence_app::webhook::{self, Asked, Holder, Messenger, Received, Sender, WebhookView};
use credence_app::{Clock, Service, View, Writer};
use credence_domain::record::{Identity, State};
use credence_ledger::MessageKey;
use credence_store::arrival::Dates;
use credence_store::body::Unpacker;
use credence_store::revision::{self, Revision};
use credence_testkit::receiver::{Message, Receiver};
use credence_testkit::stores::TestStore;
use jiff::civil::Date;
use std::sync::Arc;

pub const ANOTHER: &str = "123799000000000510";

pub struct World {
    pub service: Arc<Service>,
    pub desk: Arc<Desk>,
    pub clock: Clock,
    pub writer: Writer,
    pub receiver: Receiver,
}

pub fn today() -> Date {
    Date::new(2026, 5, 6).unwrap()
}

impl World {
    pub fn new(store: &TestStore) -> Self {
        let clock = Clock::fixed(today());
        let mut writer = store.address.writer(clock.clone()).unwrap();
        let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
        for unit in [OFFICE, ANOTHER] {
            let unit = credence_app::directory::Unit {
                uscc: unit.to_owned(),
                name: format!("{unit}（示例）"),
                ..Default::default()
            };
            credence_app::directory::set(&mut writer, &unit, &rulebook).unwrap();
        }
        drop(writer);
        let service = Arc::new(Service::open(store.address.clone(), clock.clone(), None).unwrap());
        let desk = Arc::new(Desk::open(&service).unwrap());
        let mut writer = desk.writer().unwrap();
        send(&mut writer, "registration", vec![fact(&firm(0), "registration", "", "", None)]);
        writer.sequence().unwrap();
        Self { service, desk, clock, writer, receiver: Receiver::new() }
    }

    pub fn anywhere() -> Messenger {
        Messenger::new(Reach::Anywhere).unwrap()
    }

    pub fn sender(&self) -> Sender {
        Sender::new(Arc::clone(&self.service), Arc::clone(&self.desk), Self::anywhere())
    }

    pub fn holder(unit: &str) -> Holder {
        Holder { unit: unit.to_owned(), by: "甲".to_owned(), oversees: false }
    }

    pub fn asked(&self) -> Asked {
        Asked { url: self.receiver.url(), ..Asked::default() }
    }

    /// A subscription of the office's for all that changes from now on.
    pub fn subscribe(&self) -> WebhookView {
        self.add(&self.asked()).unwrap()
    }

    pub fn add(&self, asked: &Asked) -> Result<WebhookView, credence_app::AppError> {
        webhook::add(&self.service, &self.desk, &Self::anywhere(), &Self::holder(OFFICE), asked)
    }

    pub fn hook(&self, id: &str) -> WebhookView {
        self.service.webhook(id, Some(OFFICE)).unwrap()
    }

    /// A penalty that is public through a day.
    pub fn enter(&mut self, number: &str, through: Option<Date>) -> Identity {
        self.enter_and_leave(number, through);
        self.writer.sequence().unwrap();
        Identity::of("penalty", [OFFICE, number, &firm(0)])
    }

    /// The same, waiting for its place in the log.
    pub fn enter_and_leave(&mut self, number: &str, through: Option<Date>) {
        send(&mut self.writer, "penalty", vec![fact(&firm(0), "penalty", number, "事实", through)]);
    }

    pub fn withdraw(&mut self, identity: Identity) {
        let today = self.clock.today();
        self.writer
            .change(&draft("withdrawal", today), |change| {
                let standing = revision::lock(change, &View::office(today), &(firm(0), identity))?.unwrap();
                let body = standing.body(&mut Unpacker::new()?)?.unwrap();
                let dates = Dates { public: true, through_on: None, ..Dates::default() };
                let new = Revision {
                    source: &standing.source,
                    authority: &standing.authority,
                    authority_area: &standing.authority_area,
                    registers_in: None,
                    decided_on: standing.decided_on,
                    state: State::Withdrawn,
                    hold: "",
                    dates: &dates,
                    from_on: None,
                    body: &body,
                    packed: standing.packed.as_deref().unwrap(),
                    secrets: None,
                };
                revision::revise(change, &standing, &new)
            })
            .unwrap();
        self.writer.sequence().unwrap();
    }

    /// Everything that is due now.
    pub fn send_all(&self, sender: &Sender) {
        for _ in 0..100 {
            if !sender.turn().unwrap() {
                return;
            }
        }
        panic!("it does not end");
    }

    pub fn keys(&self) -> Vec<MessageKey> {
        let keys = self.service.webhook_keys().unwrap();
        keys.iter().map(|key| MessageKey::parse(&key.key).unwrap()).collect()
    }

    /// A message as a receiver checks it, now.
    pub fn checked(&self, message: &Message) -> Result<webhook::Checked, credence_app::AppError> {
        let now = self.clock.now_micros() / 1_000_000;
        webhook::check(received(message), &self.keys(), (now, None), None)
    }
}

pub fn received(message: &Message) -> Received<'_> {
    Received { id: &message.id, timestamp: &message.timestamp, signature: &message.signature, body: &message.body }
}
