//! What has ended on one side: shown, hidden and taken back.

use super::*;
use crate::listing as lists;
use credence_app::batch::withdraw::withdraw;
use credence_app::listing::Doing;
use credence_app::review::Decision;
use credence_domain::listing::{Filed, RemedyKind};

fn an_entry_is_shown_again_when_neither_a_stay_nor_a_platform_keeps_it_back(store: &TestStore) {
    let mut desk = lists::desk(store);
    desk.send(vec![lists::heavy("一号")]);
    let ids = lists::public(&desk, "penalty");
    let number = lists::listed(&mut desk, ids).head.number;
    let entry = lists::public(&desk, "serious_dishonesty").remove(0);
    let mut world = World::of(desk);
    world.look();
    let platform = world.stand_in();
    let on = world.today();
    let filed =
        Filed { kind: RemedyKind::Reconsideration, number: "复1号".to_owned(), body: "市政府".to_owned(), on };
    lists::step(&mut world.desk, "丙", &number, &Doing::FileRemedy { filed }).unwrap();
    let (stay, lift) =
        (Doing::Stay { number: "复1号".to_owned(), on }, Doing::LiftStay { number: "复1号".to_owned(), on });
    // Hidden for the platform, then stayed: what a person settles with the platform does not end the stay.
    assert_eq!(copy(&world, &platform, &entry, "已撤下"), 1);
    world.desk.verify();
    let case = lists::step(&mut world.desk, "乙", &number, &stay).unwrap();
    assert!(!case.public && !lists::shown(&world.desk));
    settled(&world, &entry, Keep::Ours).unwrap();
    assert!(!lists::shown(&world.desk), "a stay is not ignored");
    world.desk.verify();
    // And the other way round: the end of the stay says nothing of the platform.
    assert_eq!(copy(&world, &platform, &entry, "已撤下"), 0, "it is not shown here either");
    lists::step(&mut world.desk, "乙", &number, &lift).unwrap();
    assert!(lists::shown(&world.desk));
    assert_eq!(copy(&world, &platform, &entry, "已撤下"), 1);
    lists::step(&mut world.desk, "乙", &number, &stay).unwrap();
    let case = lists::step(&mut world.desk, "乙", &number, &lift).unwrap();
    assert!(!case.public && !lists::shown(&world.desk), "it has ended there");
    world.desk.verify();
    assert_eq!(settled(&world, &entry, Keep::Theirs).unwrap_err().code(), "listing_case");
    settled(&world, &entry, Keep::Ours).unwrap();
    assert!(lists::shown(&world.desk));
    world.desk.verify();
}

fn what_is_hidden_for_a_platform_falls_with_its_batch_and_stays_gone(store: &TestStore) {
    let mut world = World::new(store);
    let take_back = |world: &mut World<'_>, batch: &str| {
        let decision = Decision { actor: "甲", reason: "整批有误", secrecy_review: "" };
        let (writer, rulebook) = (&mut world.desk.writer, &world.desk.rulebook);
        withdraw(writer, rulebook, batch, decision, "乙", &mut |_| Ok(())).unwrap();
    };
    let batch = world.desk.send(vec![penalty(FIRM, "云环罚〔2026〕1号")]).batch;
    world.look();
    let platform = world.stand_in();
    let id = world.public().into_keys().next().unwrap();
    assert_eq!(copy(&world, &platform, &id, "已修复"), 1);
    take_back(&mut world, &batch);
    world.desk.verify();
    settled(&world, &id, Keep::Ours).unwrap();
    assert!(world.public().is_empty(), "its batch was withdrawn");
    // A correction that is taken back leaves what was corrected hidden as it was.
    world.desk.send(vec![penalty(FIRM, "云环罚〔2026〕2号")]);
    let id = world.public().into_keys().next().unwrap();
    let corrected = world.desk.send(vec![changed("云环罚〔2026〕2号", &[("CF_NR_FK", "6.5")])]).batch;
    assert_eq!(copy(&world, &platform, &id, "已修复"), 1);
    take_back(&mut world, &corrected);
    assert!(world.public().is_empty());
    world.desk.verify();
    settled(&world, &id, Keep::Ours).unwrap();
    assert_eq!(world.public().into_keys().collect::<Vec<_>>(), std::slice::from_ref(&id));
    // What a person has settled as ended comes back by no batch.
    assert_eq!(copy(&world, &platform, &id, "已修复"), 1);
    settled(&world, &id, Keep::Theirs).unwrap();
    world.desk.send(vec![changed("云环罚〔2026〕2号", &[("CF_NR_FK", "7.5")])]);
    assert!(world.public().is_empty());
    world.desk.verify();
}

fn a_package_that_nobody_has_carried_is_taken_back_when_something_in_it_ends(store: &TestStore) {
    let mut world = World::new(store);
    world.send(0..3, "5");
    world.look();
    let out = world.folder().join("out");
    let ended = world.public().into_keys().next().unwrap();
    let number = world.number_of(&ended);
    let all = |name: &str| std::fs::read_to_string(out.join(name)).unwrap();
    assert!(all("penalty-000001.csv").contains(&format!("云环罚〔2026〕{number}号")));
    world.take_back([number]);
    assert_eq!(world.sends(), 3);
    let names = files(&out).into_iter().filter(|name| name.starts_with("penalty")).collect::<Vec<_>>();
    assert_eq!(names, ["penalty-000002.csv", "penalty-000002.manifest.json"], "what has ended lies nowhere");
    let text = all("penalty-000002.csv");
    assert!(
        !text.contains(&format!("云环罚〔2026〕{number}号")) && text.contains(&ended),
        "it is asked down all the same"
    );
    let mut platform = world.stand_in();
    platform.carry(|_| Line::Good);
    platform.work(usize::MAX);
    world.look();
    assert_eq!((platform.held.len(), world.penalties()), (2, [0, 0, 2, 0]));
}

both_stores!(
    an_entry_is_shown_again_when_neither_a_stay_nor_a_platform_keeps_it_back,
    what_is_hidden_for_a_platform_falls_with_its_batch_and_stays_gone,
    a_package_that_nobody_has_carried_is_taken_back_when_something_in_it_ends,
);
