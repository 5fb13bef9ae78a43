//! Secrets of second factors: sealed where they are kept, bound to their account, and never a way past themselves: without the
//! key an account with a second factor opens for nobody.

use crate::desk::{FIRM, OFFICE, registered};
use credence_app::access::{self, Answer};
use credence_app::account::{self, Credentials, Invited, Person};
use credence_app::desk::Desk;
use credence_app::review::Decision;
use credence_app::verify::verify;
use credence_app::{Address, AppError, Clock, Service, backup, demonstration, secret};
use credence_domain::access::Role;
use credence_domain::subject::Uscc;
use credence_store::secret::{Keyring, private};
use credence_store::{open, values};
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use std::collections::BTreeMap;
use std::path::PathBuf;

const WHO: &str = "demo-auditor";
const DECISION: Decision<'static> = Decision { actor: "甲", reason: "定期轮换", secrecy_review: "" };

/// The code that an authenticator shows.
pub fn code_of(secret: &str, clock: &Clock) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).with_skew(1).with_step_duration(30).build().unwrap();
    totp.generate(u64::try_from(clock.now_micros() / 1_000_000).unwrap()).to_string()
}

/// Gives an account a second factor: its secret in base 32.
pub fn set_up(service: &Service, desk: &Desk, name: &str, clock: &Clock) -> Result<String, AppError> {
    let account = service.holder_of(name)?.account;
    let secret = account::begin_second_factor(desk, &account)?.secret;
    account::confirm_second_factor(service, desk, &account, &secret, &code_of(&secret, clock))?;
    Ok(secret)
}

struct World {
    service: Service,
    desk: Desk,
    clock: Clock,
    passwords: BTreeMap<String, String>,
}

impl World {
    fn new(store: &TestStore) -> Self {
        let mut desk = registered(store);
        demonstration::set_mark(&mut desk.writer, "finished").unwrap();
        let clock = desk.clock.clone();
        drop(desk);
        let mut world = Self::at(store.address.clone(), clock);
        let unit_of = |_: Role| OFFICE.to_owned();
        let opened =
            demonstration::open_accounts(&world.service, &world.desk, &unit_of, Uscc::parse(FIRM).unwrap()).unwrap();
        world.passwords = opened.into_iter().map(|one| (one.account, one.password)).collect();
        world
    }

    fn at(address: Address, clock: Clock) -> Self {
        let service = Service::open(address, clock.clone(), None).unwrap();
        let desk = Desk::open(&service).unwrap();
        Self { service, desk, clock, passwords: BTreeMap::new() }
    }

    fn set_up(&self, name: &str) -> Result<String, AppError> {
        set_up(&self.service, &self.desk, name, &self.clock)
    }

    fn sign_in_with(&self, name: &str, password: &str, code: Option<String>) -> Result<(), AppError> {
        let credentials = Credentials { account: name.to_owned(), password: password.to_owned(), code };
        self.service.sign_in(&self.desk, &credentials, "").map(drop)
    }

    fn sign_in(&self, name: &str, secret: Option<&str>) -> Result<(), AppError> {
        self.sign_in_with(name, &self.passwords[name], secret.map(|secret| code_of(secret, &self.clock)))
    }

    /// A code opens once: half a minute later there is another.
    fn go_on(&self) {
        self.clock.go_on(60);
    }

    fn sql(&self, statement: &str) {
        self.desk.writer().unwrap().connection().batch(statement).unwrap();
    }
}

fn place(address: &Address) -> PathBuf {
    Keyring::of(address).place().unwrap().to_owned()
}

/// Every second factor as it lies in the table, with its key, by account.
fn kept(address: &Address) -> BTreeMap<String, (Vec<u8>, Option<Vec<u8>>)> {
    let rows = address.reader().unwrap().connection().rows(
        "select name, second_factor, second_factor_key from account where second_factor is not null",
        values![],
        |row| Ok((row.string(0)?, (row.blob(1)?.to_vec(), row.opt_blob(2)?.map(<[u8]>::to_vec)))),
    );
    rows.unwrap().into_iter().collect()
}

fn bytes_of(secret: &str) -> Vec<u8> {
    totp_rs::Secret::try_from_base32(secret).unwrap().as_ref().to_vec()
}

fn holds(within: &[u8], what: &[u8]) -> bool {
    within.windows(what.len()).any(|window| window == what)
}

fn failures(address: &Address) -> (usize, u64) {
    let found = verify(address).unwrap();
    let failed: Vec<_> = found.requirements.iter().filter(|one| one.failed > 0).collect();
    assert!(failed.iter().all(|one| one.id == "second_factor_sealed"), "{failed:?}");
    let asked = found.requirements.iter().find(|one| one.id == "second_factor_sealed").unwrap();
    (usize::try_from(asked.checked).unwrap(), asked.failed)
}

fn a_secret_lies_sealed_and_opens_as_before(store: &TestStore) {
    let world = World::new(store);
    let secret = world.set_up(WHO).unwrap();
    let other = world.set_up("demo-clerk").unwrap();
    let lies = kept(&store.address);
    assert_eq!(lies.len(), 2);
    for (kept, key) in lies.values() {
        assert_eq!((kept.len(), key.as_ref().map(Vec::len)), (12 + 40 + 16, Some(8)));
        for secret in [&secret, &other] {
            let raw = bytes_of(secret);
            let hex = credence_domain::canonical::hex(&raw);
            assert!(![secret.as_bytes(), &raw, hex.as_bytes()].iter().any(|plain| holds(kept, plain)));
        }
    }
    world.go_on();
    assert_eq!(world.sign_in(WHO, None).unwrap_err().code(), "sign_in_refused");
    assert_eq!(world.sign_in(WHO, Some(&other)).unwrap_err().code(), "sign_in_refused");
    world.sign_in(WHO, Some(&secret)).unwrap();
    assert_eq!(failures(&store.address), (2, 0));
    if let Address::Sqlite(path) = &store.address {
        world.desk.writer().unwrap().checkpoint(true).unwrap();
        for file in [path.clone(), PathBuf::from(format!("{}-wal", path.display()))] {
            let bytes = std::fs::read(file).unwrap_or_default();
            assert!(!holds(&bytes, &bytes_of(&secret)) && !holds(&bytes, secret.as_bytes()));
        }
    }
    // It is given up with a code of it, and nothing of it stays.
    world.go_on();
    let account = world.service.holder_of(WHO).unwrap().account;
    account::drop_second_factor(&world.service, &world.desk, &account, &code_of(&secret, &world.clock)).unwrap();
    assert_eq!(kept(&store.address).len(), 1);
    world.sign_in(WHO, None).unwrap();
}

/// As a register of an earlier program holds it.
fn lay_readable(world: &World, secret: &str) {
    let hex = credence_domain::canonical::hex(&bytes_of(secret));
    let bytes = match world.service.address() {
        Address::Sqlite(_) => format!("x'{hex}'"),
        Address::Postgres(_) => format!("decode('{hex}', 'hex')"),
    };
    world.sql(&format!("update account set second_factor = {bytes}, second_factor_key = null where name = '{WHO}'"));
}

fn what_lay_readable_is_named_and_sealed_by_the_next_writer(store: &TestStore) {
    let world = World::new(store);
    let secret = world.set_up(WHO).unwrap();
    // A register that has sealed nothing yet has no keys.
    world.sql("delete from meta where key = 'secret_index'");
    std::fs::remove_file(place(&store.address)).unwrap();
    lay_readable(&world, &secret);
    assert_eq!(failures(&store.address), (1, 1));
    drop(world.desk.writer().unwrap());
    assert!(place(&store.address).exists(), "keys were made for it");
    let lies = kept(&store.address);
    assert!(lies[WHO].1.is_some() && !holds(&lies[WHO].0, &bytes_of(&secret)));
    assert_eq!(failures(&store.address), (1, 0));
    world.go_on();
    assert_eq!(world.sign_in(WHO, None).unwrap_err().code(), "sign_in_refused");
    world.sign_in(WHO, Some(&secret)).unwrap();
    // Where the register's keys are not at hand it stays as it lies, everything else goes on, and no other keys are made.
    let keys = place(&store.address);
    let away = keys.with_extension("away");
    std::fs::rename(&keys, &away).unwrap();
    lay_readable(&world, &secret);
    drop(world.desk.writer().unwrap());
    assert!(kept(&store.address)[WHO].1.is_none() && !keys.exists());
    assert_eq!(failures(&store.address), (1, 1));
    world.go_on();
    assert_eq!(world.sign_in(WHO, None).unwrap_err().code(), "sign_in_refused");
    world.sign_in(WHO, Some(&secret)).unwrap();
    std::fs::rename(&away, &keys).unwrap();
    drop(world.desk.writer().unwrap());
    assert!(kept(&store.address)[WHO].1.is_some());
    assert_eq!(failures(&store.address), (1, 0));
}

fn a_rotation_seals_it_anew(store: &TestStore) {
    let world = World::new(store);
    let secret = world.set_up(WHO).unwrap();
    let before = kept(&store.address);
    assert_eq!(secret::status(&store.address).unwrap().keys[0].contents, 1);
    let mut writer = world.desk.writer().unwrap();
    let done = secret::rotate(&mut writer, world.service.rulebook(), DECISION, &mut |_| Ok(())).unwrap();
    drop(writer);
    assert_eq!(done.contents, 1);
    let after = kept(&store.address);
    assert!(before[WHO].0 != after[WHO].0 && before[WHO].1 != after[WHO].1);
    let text = std::fs::read_to_string(place(&store.address)).unwrap();
    let without: Vec<&str> = text.lines().enumerate().filter(|(line, _)| *line != 2).map(|(_, line)| line).collect();
    std::fs::write(place(&store.address), without.join("\n")).unwrap();
    world.go_on();
    world.sign_in(WHO, Some(&secret)).unwrap();
    assert_eq!(failures(&store.address), (1, 0));
}

fn without_its_key_an_account_with_a_second_factor_opens_for_nobody(store: &TestStore) {
    let world = World::new(store);
    let secret = world.set_up(WHO).unwrap();
    world.go_on();
    let keys = place(&store.address);
    let right = std::fs::read_to_string(&keys).unwrap();
    let twin = store.twin();
    World::new(&twin).set_up(WHO).unwrap();
    let other = std::fs::read_to_string(place(&twin.address)).unwrap();
    for text in [None, Some(&other)] {
        match text {
            Some(text) => private::write_new(&keys, text).unwrap(),
            None => std::fs::remove_file(&keys).unwrap(),
        }
        assert_eq!(world.sign_in(WHO, Some(&secret)).unwrap_err().code(), "secret_key_missing");
        assert_eq!(world.sign_in(WHO, None).unwrap_err().code(), "secret_key_missing");
        // Without the password nobody is told that there is something sealed.
        let guessed = world.sign_in_with(WHO, "Caice-Mima-12345", Some(code_of(&secret, &world.clock)));
        assert_eq!(guessed.unwrap_err().code(), "sign_in_refused");
        let account = world.service.holder_of(WHO).unwrap().account;
        let dropped =
            account::drop_second_factor(&world.service, &world.desk, &account, &code_of(&secret, &world.clock));
        assert_eq!(dropped.unwrap_err().code(), "secret_key_missing");
        assert_eq!(failures(&store.address), (1, 0), "it is seen to be sealed");
        assert!(!secret::status(&store.address).unwrap().usable);
        let set = world.set_up("demo-clerk").unwrap_err();
        assert_eq!(set.code(), if text.is_some() { "secret_keys_other" } else { "secret_keys_gone" });
        world.sign_in("demo-clerk", None).unwrap();
    }
    private::replace(&keys, &right).unwrap();
    // What was sealed for one account opens no other.
    world.set_up("demo-clerk").unwrap();
    world.sql(
        "update account set second_factor = (select second_factor from account where name = 'demo-clerk'),
         second_factor_key = (select second_factor_key from account where name = 'demo-clerk') where name = 'demo-auditor'",
    );
    assert_eq!(world.sign_in(WHO, Some(&secret)).unwrap_err().code(), "fault");
    assert_eq!(failures(&store.address), (2, 1));
    // Two administrators reset the account: its second factor goes with its password.
    let mut writer = world.desk.writer().unwrap();
    let entered = account::reset(&mut writer, world.service.rulebook(), WHO, "密钥遗失", "demo-system-admin").unwrap();
    drop(writer);
    let second = Person::operator("demo-security-admin", Role::SecurityAdmin);
    let said = Answer { approve: true, reason: String::new() };
    let answered = access::answer(&world.service, &world.desk, &second, &entered.proposal, &said).unwrap();
    let password = "Chongzhi-Mima-12345".to_owned();
    let invited = Invited {
        code: answered.second_half.unwrap_or_default(),
        first_half: entered.first_half,
        password: password.clone(),
    };
    account::take_up(&world.service, &world.desk, &invited).unwrap();
    world.sign_in_with(WHO, &password, None).unwrap();
    assert_eq!(failures(&store.address), (1, 0));
}

fn backups_and_copies_carry_it_sealed(store: &TestStore) {
    let world = World::new(store);
    let secret = world.set_up(WHO).unwrap();
    let folder = store.folder.join("backup");
    backup::write(&store.address, &folder, None, &world.clock).unwrap();
    let other = match store.address {
        Address::Sqlite(_) => TestStore::postgres(),
        Address::Postgres(_) => TestStore::sqlite(),
    };
    backup::copy(&store.address, &other.address).unwrap();
    let restored = store.twin();
    backup::restore((&folder, &backup::key_file(&store.address)), &restored.address, None, None, &world.clock).unwrap();
    world.go_on();
    for (address, has_keys) in [(&other.address, true), (&restored.address, false)] {
        assert_eq!(kept(address), kept(&store.address));
        let mut there = World::at(address.clone(), world.clock.clone());
        there.passwords.clone_from(&world.passwords);
        if !has_keys {
            assert_eq!(there.sign_in(WHO, Some(&secret)).unwrap_err().code(), "secret_key_missing");
            std::fs::copy(place(&store.address), place(address)).unwrap();
        }
        assert_eq!(there.sign_in(WHO, None).unwrap_err().code(), "sign_in_refused");
        there.sign_in(WHO, Some(&secret)).unwrap();
        assert_eq!(failures(address), (1, 0));
        assert!(open::mark(address.reader().unwrap().connection(), "secret_index").unwrap().is_some());
    }
}

both_stores!(
    a_secret_lies_sealed_and_opens_as_before,
    what_lay_readable_is_named_and_sealed_by_the_next_writer,
    a_rotation_seals_it_anew,
    without_its_key_an_account_with_a_second_factor_opens_for_nobody,
    backups_and_copies_carry_it_sealed,
);
