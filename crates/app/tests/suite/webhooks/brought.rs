//! What is brought, when, and what is not.

use super::world::{World, today};
use crate::stream::world::{OFFICE, firm};
use credence_app::log::Reach;
use credence_app::webhook::{self, From, Messenger, Outcome, Sender};
use credence_store::connection::Row;
use credence_store::values;
use credence_testkit::both_stores;
use credence_testkit::receiver::Answer;
use credence_testkit::stores::TestStore;
use jiff::ToSpan;
use std::sync::Arc;

both_stores!(
    changes_are_brought_signed_and_in_order,
    what_was_not_acknowledged_comes_again_under_the_same_id,
    what_has_ended_is_brought_as_a_bare_reference,
    what_ended_between_two_attempts_is_not_sent_again,
    a_dead_letter_pauses_the_subscription_and_is_brought_when_it_is_resumed,
    a_receiver_that_is_gone_ends_its_subscription,
    an_act_that_commits_late_is_not_missed,
    two_processes_do_not_bring_the_same_thing_at_once,
    an_address_that_came_to_lead_inside_is_not_gone_to,
);

fn changes_are_brought_signed_and_in_order(store: &TestStore) {
    let mut world = World::new(store);
    world.enter("一号", None);
    let hook = world.subscribe();
    assert_eq!(world.receiver.pings(), 1);
    let sender = world.sender();
    world.send_all(&sender);
    assert!(world.receiver.take().is_empty(), "what was there before is not told");
    let begun_at = world.hook(&hook.id).position;
    world.enter("二号", None);
    world.enter("三号", None);
    world.send_all(&sender);
    let first = world.receiver.one();
    let checked = world.checked(&first).unwrap();
    assert_eq!(
        (checked.kind.as_str(), checked.webhook.as_str(), checked.named, checked.gone),
        ("changes", &*hook.id, 2, 0)
    );
    assert!(checked.after >= Some(begun_at) && checked.position > checked.after);
    // A line is one of the stream's: references and digests, no content.
    let line = &first.changes()[0];
    assert_eq!((line["item"].as_str(), line["uscc"].as_str()), (Some("penalty"), Some(&*firm(0))));
    assert!(line["public_digest"].is_string() && line["content"].is_null());
    assert!(!String::from_utf8_lossy(&first.body).contains("事实"));
    let stands = world.hook(&hook.id);
    assert_eq!((Some(stands.position), stands.behind), (checked.position, 0));
    assert!(stands.acknowledged_at.is_some() && stands.unacknowledged.is_none());
    world.enter("四号", None);
    world.send_all(&sender);
    let second = world.receiver.one();
    assert_eq!(world.checked(&second).unwrap().after, checked.position);
    assert_ne!(second.id, first.id);
    let page = world.service.webhook_deliveries(&hook.id, Some(OFFICE), (None, Some(1))).unwrap();
    assert_eq!((page.items[0].state.as_str(), page.items[0].status), ("acknowledged", Some(204)));
    let next = page.next.unwrap();
    let page = world.service.webhook_deliveries(&hook.id, Some(OFFICE), (Some(&next), None)).unwrap();
    assert_eq!((page.items[0].id.as_str(), page.next), (&*first.id, None));
}

fn what_was_not_acknowledged_comes_again_under_the_same_id(store: &TestStore) {
    let mut world = World::new(store);
    let hook = world.subscribe();
    let sender = world.sender();
    world.enter("一号", None);
    // The process dies between the attempt and its answer.
    let prepared = sender.prepare_next().unwrap().unwrap();
    assert_eq!((prepared.webhook(), sender.bring(&prepared)), (&*hook.id, Outcome::Answered(204)));
    drop((prepared, sender));
    let first = world.receiver.one();
    assert!(world.hook(&hook.id).position < world.checked(&first).unwrap().position.unwrap());
    world.enter("二号", None);
    let sender = world.sender();
    world.send_all(&sender);
    assert!(world.receiver.take().is_empty(), "another may be telling it still");
    world.clock.go_on(61);
    world.send_all(&sender);
    let came = world.receiver.take();
    assert_eq!((came.len(), &came[0].id, &came[0].body), (2, &first.id, &first.body));
    // It is sent now, and signed so.
    assert_ne!(came[0].timestamp, first.timestamp);
    assert!(world.checked(&came[0]).is_ok());
    assert_eq!(world.checked(&came[1]).unwrap().after, world.checked(&came[0]).unwrap().position);
    // The same when the answer is lost, or is no yes.
    for answer in [Answer::Nothing, Answer::Status(500), Answer::Status(302), Answer::Status(404)] {
        world.receiver.answers(&[answer, Answer::Status(200)]);
        world.enter(&format!("{answer:?}"), None);
        world.send_all(&sender);
        let failed = world.receiver.one();
        let waits = world.hook(&hook.id);
        assert!(waits.next_try_at.is_some() && waits.unacknowledged.is_some_and(|one| one.tries == 1), "{answer:?}");
        world.clock.go_on(7);
        world.send_all(&sender);
        let again = world.receiver.one();
        assert_eq!((&again.id, &again.body), (&failed.id, &failed.body), "{answer:?}");
    }
    assert_eq!(world.hook(&hook.id).behind, 0);
}

fn what_has_ended_is_brought_as_a_bare_reference(store: &TestStore) {
    let mut world = World::new(store);
    world.subscribe();
    let sender = world.sender();
    let withdrawn = world.enter("一号", None);
    world.enter("二号", Some(today()));
    world.send_all(&sender);
    let told: Vec<String> =
        world.receiver.one().changes().iter().map(|line| line["id"].as_str().unwrap().to_owned()).collect();
    world.withdraw(withdrawn);
    world.send_all(&sender);
    let message = world.receiver.one();
    assert_eq!(message.changes(), [serde_json::json!({ "gone": told[0] })]);
    assert!(!String::from_utf8_lossy(&message.body).contains(&firm(0)));
    // By its date, without any act.
    world.clock.move_to(today() + 1.days());
    world.send_all(&sender);
    assert_eq!(world.receiver.one().changes(), [serde_json::json!({ "gone": told[1] })]);
    world.send_all(&sender);
    assert!(world.receiver.take().is_empty());
}

fn what_ended_between_two_attempts_is_not_sent_again(store: &TestStore) {
    let mut world = World::new(store);
    world.subscribe();
    let sender = world.sender();
    world.receiver.answers(&[Answer::Nothing, Answer::Status(200)]);
    let withdrawn = world.enter("一号", None);
    world.enter("二号", None);
    world.send_all(&sender);
    let first = world.receiver.one();
    let told = first.changes()[0]["id"].as_str().unwrap().to_owned();
    world.withdraw(withdrawn);
    world.clock.go_on(10);
    world.send_all(&sender);
    let came = world.receiver.take();
    // Another message, for it says something else; whoever took the first one learns that the record is gone.
    assert_ne!(came[0].id, first.id);
    let lines: Vec<_> = came.iter().flat_map(|message| message.changes()).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines.contains(&serde_json::json!({ "gone": told })) && lines.iter().all(|line| line["id"] != told.as_str())
    );
    // And by its date: tried on its last day, tried again on the next.
    world.receiver.answers(&[Answer::Nothing, Answer::Status(200)]);
    world.enter("三号", Some(today()));
    world.send_all(&sender);
    let first = world.receiver.one();
    let told = first.changes()[0]["id"].as_str().unwrap().to_owned();
    world.clock.move_to(today() + 1.days());
    world.send_all(&sender);
    let came = world.receiver.take();
    assert_ne!(came[0].id, first.id);
    let lines: Vec<_> = came.iter().flat_map(|message| message.changes()).collect();
    assert!(!lines.is_empty() && lines.iter().all(|line| *line == serde_json::json!({ "gone": told })), "{lines:?}");
}

fn a_dead_letter_pauses_the_subscription_and_is_brought_when_it_is_resumed(store: &TestStore) {
    let mut world = World::new(store);
    let hook = world.subscribe();
    let sender = world.sender();
    world.receiver.answers(&[Answer::Status(503)]);
    world.enter("一号", None);
    let mut waits = Vec::new();
    loop {
        world.send_all(&sender);
        let standing = world.hook(&hook.id);
        let tried = standing.unacknowledged.unwrap();
        assert_eq!((tried.status, tried.problem.as_deref()), (Some(503), Some("status")));
        if standing.state == "paused" {
            assert_eq!((standing.halt, tried.state.as_str(), tried.tries), (Some("unanswered"), "dead", 20));
            break;
        }
        let waited = (1..).map(|n| n * 5).find(|seconds| {
            world.clock.go_on(5);
            sender.turn().unwrap() || *seconds > 40_000
        });
        waits.push(waited.unwrap());
    }
    let came = world.receiver.take();
    assert_eq!(came.len(), 20);
    assert!(came.iter().all(|message| message.id == came[0].id || message.body != came[0].body));
    assert!(waits[0] <= 10 && waits[4] > waits[2] && *waits.last().unwrap() > 4 * 3_600, "{waits:?}");
    // Nothing is brought while it is paused.
    world.clock.go_on(86_400);
    world.send_all(&sender);
    assert!(world.receiver.take().is_empty());
    // Resumed when the receiver shows again that it wants it, from where it stood.
    let resume = |world: &World| {
        let asked = (hook.id.as_str(), From::default());
        webhook::resume(&world.service, &world.desk, &World::anywhere(), &World::holder(OFFICE), asked)
    };
    world.receiver.is_deaf_to_pings(true);
    assert_eq!(resume(&world).unwrap_err().code(), "webhook_not_proven");
    world.receiver.is_deaf_to_pings(false);
    world.receiver.answers(&[Answer::Status(200)]);
    let resumed = resume(&world).unwrap();
    assert_eq!((resumed.state, resumed.halt, resumed.position), ("active", None, hook.position));
    assert_eq!(resume(&world).unwrap_err().code(), "webhook_state");
    world.send_all(&sender);
    let lines = world.receiver.one().changes();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["id"], came[0].changes()[0]["id"]);
    assert_eq!(world.hook(&hook.id).behind, 0);
}

fn a_receiver_that_is_gone_ends_its_subscription(store: &TestStore) {
    let mut world = World::new(store);
    let hook = world.subscribe();
    let sender = world.sender();
    world.receiver.answers(&[Answer::Status(410)]);
    world.enter("一号", None);
    world.send_all(&sender);
    assert_eq!(world.receiver.take().len(), 1);
    let standing = world.hook(&hook.id);
    assert_eq!((standing.state, standing.halt), ("ended", Some("receiver_gone")));
    world.enter("二号", None);
    world.send_all(&sender);
    assert!(world.receiver.take().is_empty());
    let asked = (hook.id.as_str(), From::default());
    let resumed = webhook::resume(&world.service, &world.desk, &World::anywhere(), &World::holder(OFFICE), asked);
    assert_eq!(resumed.unwrap_err().code(), "webhook_state");
    webhook::remove(&world.service, &world.desk, &World::holder(OFFICE), &hook.id, "").unwrap();
    assert!(world.service.webhooks(None).unwrap().is_empty());
}

fn an_act_that_commits_late_is_not_missed(store: &TestStore) {
    let mut world = World::new(store);
    world.subscribe();
    let sender = world.sender();
    // What came before has its place, whoever gives places beside us; the one that is begun first now gets its place last.
    world.writer.sequence().unwrap();
    world.enter_and_leave("一号", None);
    let sql = "select id, uscc, root, at from act_pending";
    let read = |row: &Row<'_>| Ok((row.array::<16>(0)?, row.string(1)?, row.array::<32>(2)?, row.int(3)?));
    let (act, uscc, root, at) = world.writer.connection().first(sql, &[], read).unwrap().unwrap();
    world.writer.note(|connection| connection.execute("delete from act_pending", &[])).unwrap();
    world.enter("二号", None);
    world.send_all(&sender);
    assert_eq!(world.receiver.one().changes().len(), 1);
    let sql = "insert into act_pending(id, uscc, root, at) values ($1, $2, $3, $4)";
    world.writer.note(|connection| connection.execute(sql, values![&act, uscc.as_str(), &root, at])).unwrap();
    world.writer.sequence().unwrap();
    world.send_all(&sender);
    let act = credence_domain::canonical::hex(&act);
    assert_eq!(world.receiver.one().changes()[0]["act"], act.as_str());
}

fn two_processes_do_not_bring_the_same_thing_at_once(store: &TestStore) {
    let mut world = World::new(store);
    world.subscribe();
    let senders = [world.sender(), world.sender()];
    world.enter("一号", None);
    let prepared = senders[0].prepare_next().unwrap().unwrap();
    assert!(senders[1].prepare_next().unwrap().is_none(), "it is taken");
    // One that comes back after its time has lost it, and the other tells it again.
    world.clock.go_on(61);
    let again = senders[1].prepare_next().unwrap().unwrap();
    let outcome = senders[0].bring(&prepared);
    senders[0].settle(prepared, outcome).unwrap();
    let outcome = senders[1].bring(&again);
    senders[1].settle(again, outcome).unwrap();
    let came = world.receiver.take();
    assert_eq!((came.len(), &came[0].id), (2, &came[1].id));
    world.send_all(&senders[0]);
    assert!(world.receiver.take().is_empty());
}

fn an_address_that_came_to_lead_inside_is_not_gone_to(store: &TestStore) {
    let mut world = World::new(store);
    // It was proven while it led elsewhere; now its name leads to this machine.
    let mut asked = world.asked();
    asked.url = format!("http://localhost:{}/in", world.receiver.port);
    let hook = world.add(&asked).unwrap();
    world.enter("一号", None);
    let public = Messenger::new(Reach::Public).unwrap();
    let sender = Sender::new(Arc::clone(&world.service), Arc::clone(&world.desk), public);
    world.send_all(&sender);
    assert!(world.receiver.take().is_empty());
    let tried = world.hook(&hook.id).unacknowledged.unwrap();
    assert_eq!((tried.problem.as_deref(), tried.status), (Some("forbidden_address"), None));
}
