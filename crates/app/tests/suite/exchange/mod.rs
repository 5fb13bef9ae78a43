//! Exchange by file and by database, with real folders and a real front database.

mod folder;
mod front;
mod tasks;

use crate::desk::*;
use credence_app::batch::Intake;
use credence_app::directory::{self, Unit};
use credence_app::exchange::folder::Folder;
use credence_app::exchange::front::Front;
use credence_app::exchange::{Exchange, Passed};
use credence_app::{Clock, Service};
use credence_testkit::stores::TestStore;
use std::path::PathBuf;
use std::sync::Arc;

/// A unit beside the office of the desk, with a standing declaration like it.
pub const OTHER: &str = "123799000000000510";

/// A register with two units that may send.
pub struct Province<'s> {
    pub store: &'s TestStore,
    pub clock: Clock,
    pub root: PathBuf,
    pub front: Option<String>,
}

impl<'s> Province<'s> {
    pub fn new(store: &'s TestStore) -> Self {
        let mut desk = Desk::new(store);
        for (uscc, name) in [(OFFICE, "云海市生态环境局"), (OTHER, "青禾市社会信用中心")] {
            let unit = Unit {
                uscc: uscc.to_owned(),
                name: name.to_owned(),
                secrecy_officer: "审查员（示例）".to_owned(),
                ..Unit::default()
            };
            directory::set(&mut desk.writer, &unit, &desk.rulebook).unwrap();
        }
        let root = store.folder.join("exchange");
        for unit in [OFFICE, OTHER] {
            std::fs::create_dir_all(root.join(unit).join("in")).unwrap();
        }
        Self { store, clock: Clock::fixed(today()), root, front: None }
    }

    /// A process of its own: it opens the spool and everything else anew.
    pub fn exchange(&self) -> (Arc<Intake>, Exchange) {
        let service = Service::open(self.store.address.clone(), self.clock.clone(), None).unwrap();
        let intake = Arc::new(Intake::open(Arc::new(service), &self.store.folder.join("spool")).unwrap());
        let folder = Some(Folder::open(&self.root).unwrap());
        let front = self.front.as_deref().map(|url| Front::at(url).unwrap());
        (Arc::clone(&intake), Exchange::new(intake, folder, front))
    }

    pub fn run(&self) -> Passed {
        self.exchange().1.run_once().unwrap()
    }

    pub fn desk(&self) -> Desk<'s> {
        Desk::new(self.store)
    }

    /// Number of batches in the register.
    pub fn batches(&self) -> Vec<credence_app::query::BatchView> {
        self.desk().service(today()).batches(100).unwrap()
    }
}
