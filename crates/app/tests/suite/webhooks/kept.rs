//! Who has subscriptions, where they may lead, and how they change.

use super::world::{ANOTHER, World, today};
use crate::stream::world::OFFICE;
use credence_app::log::Reach;
use credence_app::review::Decision;
use credence_app::verify::verify;
use credence_app::webhook::{self, Asked, From, Holder, Messenger};
use credence_app::{Writer, key};
use credence_domain::subject::Uscc;
use credence_testkit::both_stores;
use credence_testkit::stores::TestStore;
use jiff::ToSpan;

both_stores!(
    an_address_must_be_public_and_show_that_it_wants_to_be_told,
    a_subscription_is_its_units_and_shows_its_address_to_nobody_else,
    a_subscription_ends_with_what_made_it_until_another_takes_it_over,
    who_stayed_away_too_long_begins_anew_from_a_daily_file,
    keys_change_without_a_gap_by_the_word_of_two_persons,
    only_so_many_are_kept_of_one_unit,
);

fn an_address_must_be_public_and_show_that_it_wants_to_be_told(store: &TestStore) {
    let world = World::new(store);
    let public = Messenger::new(Reach::Public).unwrap();
    let add = |messenger: &Messenger, url: &str| {
        let asked = Asked { url: url.to_owned(), ..Asked::default() };
        webhook::add(&world.service, &world.desk, messenger, &World::holder(OFFICE), &asked).unwrap_err()
    };
    let port = world.receiver.port;
    for url in [
        "http://93.184.216.34/in",
        "https://127.0.0.1/in",
        "https://10.1.2.3/in",
        "https://192.168.1.1/in",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/in",
        "https://[fe80::1]/in",
        "https://[::ffff:127.0.0.1]/in",
        "https://user:word@example.com/in",
        "https://example.com/in#part",
        "ftp://example.com/in",
        "example.com/in",
        "",
    ] {
        assert_eq!(add(&public, url).code(), "webhook_url", "{url}");
    }
    // A name that leads to this machine is told when it is looked up, and nobody is knocked at.
    assert_eq!(add(&public, &format!("https://localhost:{port}/in")).code(), "webhook_not_proven");
    assert_eq!(add(&World::anywhere(), &format!("http://word@127.0.0.1:{port}/in")).code(), "webhook_url");
    assert_eq!(world.receiver.pings(), 0);
    // Who does not give back the challenge does not want it, whatever else he answers.
    world.receiver.is_deaf_to_pings(true);
    assert_eq!(add(&World::anywhere(), &world.receiver.url()).code(), "webhook_not_proven");
    assert_eq!(world.receiver.pings(), 1);
    assert!(world.service.webhooks(None).unwrap().is_empty());
    world.receiver.is_deaf_to_pings(false);
    let wrong = |change: fn(&mut Asked)| {
        let mut asked = world.asked();
        change(&mut asked);
        world.add(&asked).unwrap_err().code()
    };
    assert_eq!(wrong(|asked| asked.item = "rumour".to_owned()), "bad_parameter");
    assert_eq!(wrong(|asked| asked.after = Some(1_000_000)), "position_ahead");
    assert_eq!(wrong(|asked| asked.after = Some(-2)), "bad_parameter");
    let stranger = World::holder("91379900MA0TE5T16G");
    let added = webhook::add(&world.service, &world.desk, &World::anywhere(), &stranger, &world.asked());
    assert_eq!(added.unwrap_err().code(), "unit_unknown");
}

/// What verification says of subscriptions and keys.
fn stands_as_acts_left_it(store: &TestStore) -> bool {
    let found = verify(&store.address).unwrap();
    let outcome = found.requirements.iter().find(|outcome| outcome.id == "webhook_told").unwrap();
    outcome.checked > 0 && outcome.failed == 0
}

fn a_subscription_is_its_units_and_shows_its_address_to_nobody_else(store: &TestStore) {
    let mut world = World::new(store);
    let hook = world.subscribe();
    assert_eq!(hook.url, world.receiver.url());
    let (other, all) = (World::holder(ANOTHER), Holder { oversees: true, ..World::holder(ANOTHER) });
    assert!(world.service.webhooks(other.sees()).unwrap().is_empty());
    let seen = world.service.webhooks(all.sees()).unwrap();
    assert_eq!(seen[0].url, format!("http://127.0.0.1:{}", world.receiver.port));
    let (service, desk, id) = (&world.service, &world.desk, hook.id.as_str());
    let of_another = [
        service.webhook(id, other.sees()).unwrap_err().code(),
        service.webhook_deliveries(id, other.sees(), (None, None)).unwrap_err().code(),
        webhook::pause(service, desk, &other, id, "").unwrap_err().code(),
        webhook::remove(service, desk, &other, id, "").unwrap_err().code(),
        webhook::resume(service, desk, &World::anywhere(), &other, (id, From::default())).unwrap_err().code(),
        service.webhook("W0", all.sees()).unwrap_err().code(),
    ];
    assert_eq!(of_another, ["not_found"; 6]);
    let paused = webhook::pause(service, desk, &all, id, "核查").unwrap();
    assert_eq!((paused.state, paused.halt), ("paused", Some("asked")));
    assert_eq!(webhook::pause(service, desk, &all, id, "").unwrap_err().code(), "webhook_state");
    webhook::remove(service, desk, &World::holder(OFFICE), id, "不用了").unwrap();
    assert_eq!(world.service.webhook(id, None).unwrap_err().code(), "not_found");
    // Each change is an act of the unit; none says the address.
    let (mut kinds, mut headers) = (Vec::new(), String::new());
    credence_store::audit::each_act(world.writer.connection(), |act| {
        if act.kind.starts_with("webhook") {
            kinds.push(act.kind.clone());
            headers.push_str(&act.header);
        }
        Ok(())
    })
    .unwrap();
    kinds.sort();
    assert_eq!(kinds, ["webhook", "webhook_end", "webhook_key", "webhook_pause"]);
    assert!(!headers.contains("token") && headers.contains("核查"));
    assert!(stands_as_acts_left_it(store));
}

fn a_subscription_ends_with_what_made_it_until_another_takes_it_over(store: &TestStore) {
    let mut world = World::new(store);
    let rulebook = world.service.shared_rulebook();
    let issued = {
        let wanted = key::Wanted::whole(Uscc::parse(OFFICE).unwrap(), None);
        key::issue(&mut world.writer, &rulebook, &wanted, ("甲", None, "")).unwrap()
    };
    let by_key = Holder { by: issued.view.number.clone(), ..World::holder(OFFICE) };
    let add = webhook::add(&world.service, &world.desk, &World::anywhere(), &by_key, &world.asked());
    let hook = add.unwrap();
    let sender = world.sender();
    world.enter("一号", None);
    world.send_all(&sender);
    assert_eq!(world.receiver.take().len(), 1);
    key::revoke(&mut world.writer, &rulebook, &issued.view.number, "甲", "失窃").unwrap();
    world.enter("二号", None);
    world.send_all(&sender);
    assert!(world.receiver.take().is_empty(), "nothing goes where a stolen key wanted it");
    assert_eq!(world.hook(&hook.id).halt, Some("maker_gone"));
    let asked = (hook.id.as_str(), From::default());
    webhook::resume(&world.service, &world.desk, &World::anywhere(), &World::holder(OFFICE), asked).unwrap();
    world.send_all(&sender);
    assert_eq!(world.receiver.one().changes().len(), 1);
    assert_eq!(world.hook(&hook.id).maker, "甲");
}

fn who_stayed_away_too_long_begins_anew_from_a_daily_file(store: &TestStore) {
    let mut world = World::new(store);
    let hook = world.subscribe();
    let sender = world.sender();
    world.enter("一号", None);
    // Nobody served for longer than the stream tells what ended.
    world.clock.move_to(today() + 60.days());
    world.send_all(&sender);
    assert!(world.receiver.take().is_empty());
    assert_eq!(world.hook(&hook.id).halt, Some("too_late"));
    let resume = |from: From| {
        let holder = World::holder(OFFICE);
        webhook::resume(&world.service, &world.desk, &World::anywhere(), &holder, (&hook.id, from))
    };
    assert_eq!(resume(From::default()).unwrap_err().code(), "position_too_old");
    let last = world.service.log_size().unwrap() - 1;
    let resumed = resume(From { after: Some(last), through: None }).unwrap();
    assert_eq!((resumed.state, resumed.position), ("active", last));
    world.enter("二号", None);
    world.send_all(&sender);
    assert_eq!(world.receiver.one().changes().len(), 1);
}

fn decided(writer: &mut Writer, world: &credence_app::Service, second: &str) -> Result<String, credence_app::AppError> {
    let decision = Decision { actor: "甲", reason: "定期更换", secrecy_review: "" };
    webhook::new_key(writer, &world.shared_rulebook(), decision, second)
}

fn keys_change_without_a_gap_by_the_word_of_two_persons(store: &TestStore) {
    let mut world = World::new(store);
    world.subscribe();
    let sender = world.sender();
    let old = world.keys();
    assert_eq!(old.len(), 1);
    assert_eq!(decided(&mut world.writer, &world.service, "甲").unwrap_err().code(), "second_person_needed");
    let new = decided(&mut world.writer, &world.service, "乙").unwrap();
    assert_eq!(world.keys().len(), 2);
    world.enter("一号", None);
    world.send_all(&sender);
    let message = world.receiver.one();
    assert_eq!(message.signature.split(' ').count(), 2);
    // Whoever still knows the old key alone, and whoever knows the new one.
    let sent = message.timestamp.parse().unwrap();
    let new = credence_ledger::MessageKey::parse(&new).unwrap();
    assert!([&old[0], &new].iter().all(|key| key.fits(&message.signature, &message.id, sent, &message.body)));
    let decision = Decision { actor: "甲", reason: "更换完毕", secrecy_review: "" };
    let rulebook = world.service.shared_rulebook();
    let retired = old[0].to_string();
    webhook::retire_key(&mut world.writer, &rulebook, &retired, decision, "乙").unwrap();
    assert_eq!(world.keys().iter().collect::<Vec<_>>(), [&new]);
    world.enter("二号", None);
    world.send_all(&sender);
    let message = world.receiver.one();
    assert!(world.checked(&message).is_ok() && message.signature.split(' ').count() == 1);
    let last = webhook::retire_key(&mut world.writer, &rulebook, &new.to_string(), decision, "乙");
    assert_eq!(last.unwrap_err().code(), "bad_parameter");
    assert!(stands_as_acts_left_it(store));
    // Without the file nothing goes out unsigned, and the subscription waits.
    let place = credence_store::webhook::key::place(&store.address);
    let aside = place.with_extension("aside");
    std::fs::rename(&place, &aside).unwrap();
    world.enter("三号", None);
    assert_eq!(sender.turn().unwrap_err().code(), "webhook_key_gone");
    assert!(world.receiver.take().is_empty());
    std::fs::rename(&aside, &place).unwrap();
    world.send_all(&sender);
    assert_eq!(world.receiver.one().changes().len(), 1);
}

fn only_so_many_are_kept_of_one_unit(store: &TestStore) {
    let world = World::new(store);
    let first = world.subscribe();
    for _ in 1..credence_domain::webhook::PER_UNIT_MAX {
        world.subscribe();
    }
    assert_eq!(world.add(&world.asked()).unwrap_err().code(), "too_many_webhooks");
    webhook::remove(&world.service, &world.desk, &World::holder(OFFICE), &first.id, "").unwrap();
    assert!(world.add(&world.asked()).is_ok());
}
