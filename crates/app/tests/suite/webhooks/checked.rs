//! What a receiver believes.

use super::world::{World, received};
use credence_app::webhook::{Seen, check};
use credence_ledger::MessageSigner;
use credence_testkit::both_stores;
use credence_testkit::receiver::Message;
use credence_testkit::stores::TestStore;

both_stores!(a_message_is_believed_once_in_its_time_and_as_it_was_signed);

fn a_message_is_believed_once_in_its_time_and_as_it_was_signed(store: &TestStore) {
    let mut world = World::new(store);
    world.subscribe();
    world.enter("一号", None);
    world.send_all(&world.sender());
    let message = world.receiver.one();
    let (keys, sent) = (world.keys(), message.timestamp.parse::<i64>().unwrap());
    let judge = |message: &Message, now: i64, tolerance: Option<i64>| {
        check(received(message), &keys, (now, tolerance), None).map_err(|error| error.code())
    };
    assert_eq!(judge(&message, sent, None).unwrap().named, 1);
    assert!(judge(&message, sent + 300, None).is_ok());
    assert_eq!(judge(&message, sent + 301, None), Err("webhook_untimely"));
    assert_eq!(judge(&message, sent - 301, None), Err("webhook_untimely"));
    assert_eq!(judge(&message, sent + 2, Some(1)), Err("webhook_untimely"));
    let changed = |change: fn(&mut Message)| {
        let mut forged = message.clone();
        change(&mut forged);
        judge(&forged, sent, None).unwrap_err()
    };
    assert_eq!(changed(|message| message.body.push(b' ')), "webhook_invalid");
    assert_eq!(changed(|message| message.id.push('0')), "webhook_invalid");
    assert_eq!(changed(|message| message.id.clear()), "webhook_invalid");
    assert_eq!(changed(|message| message.id = "msg.1".to_owned()), "webhook_invalid");
    // A later time would make an old message young again.
    assert_eq!(changed(|message| message.timestamp = "1999999999".to_owned()), "webhook_invalid");
    assert_eq!(changed(|message| message.timestamp = "now".to_owned()), "webhook_invalid");
    assert_eq!(changed(|message| message.signature.clear()), "webhook_invalid");
    assert_eq!(changed(|message| message.signature = message.signature.replace("v1a,", "v1,")), "webhook_invalid");
    let stranger = [MessageSigner::from_seed(&[1; 32]).verifier()];
    let judged = check(received(&message), &stranger, (sent, None), None);
    assert_eq!(judged.unwrap_err().code(), "webhook_invalid");
    // Once: what was refused does not count, what was believed does, also for another process and after days.
    let mut file = store.folder.join("seen");
    let mut once = |message: &Message, now: i64| {
        check(received(message), &keys, (now, None), Some(&mut file as &mut dyn Seen)).map_err(|error| error.code())
    };
    let mut forged = message.clone();
    forged.body.push(b' ');
    assert_eq!(once(&forged, sent).unwrap_err(), "webhook_invalid");
    assert!(once(&message, sent).is_ok());
    assert_eq!(once(&message, sent).unwrap_err(), "webhook_repeated");
    let mut again = store.folder.join("seen");
    assert!(again.remember("msg_other", sent, sent).unwrap());
    assert!(!again.remember(&message.id, sent + 4 * 86_400, sent + 4 * 86_400).unwrap());
    assert!(again.remember(&message.id, sent + 6 * 86_400, sent + 6 * 86_400).unwrap(), "not for ever");
}
