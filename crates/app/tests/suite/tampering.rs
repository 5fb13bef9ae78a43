//! Every requirement of verification finds its failure: each has a specimen of tampering here, and names who is concerned.

mod columns;
mod scene;

use credence_app::verify::{Verification, requirement, verify};
use credence_app::{Address, Clock};
use credence_domain::directory::AreaPatch;
use credence_store::secret::Keyring;
use credence_testkit::intruder::Intruder;
use credence_testkit::stores::TestStore;
use jiff::civil::Date;
use scene::province;
use std::collections::BTreeSet;
use std::path::Path;

type Tampering = fn(&Intruder);

/// What an intruder does, and the requirement that must notice.
const SPECIMENS: &[(&str, Tampering)] = &[
    ("list_item", |file| file.sql("update record set item = 'rumour' where rowid = 5")),
    ("list_item", |file| file.content("penalty", |fields| drop(fields.insert("rumour".into(), "听说".into())))),
    ("subject_code", |file| {
        file.content("penalty", |fields| drop(fields.insert("CF_XDR_SHXYM".into(), "91379900MA0TE5T16G".into())));
    }),
    ("identity", |file| file.sql("update record set identity = randomblob(16) where rowid = 5")),
    ("authority_known", |file| file.sql("update record set source = '91379900MA0TE0026R' where rowid = 5")),
    ("name_on_file", |file| file.sql("update subject set name = '改名公司' where registered = 1 and rowid < 9")),
    ("name_on_file", |file| file.sql("update subject set registered = 1 - registered where rowid = 3")),
    ("deadline", |file| file.sql("update record set due_on = due_on + 30 where item = 'penalty'")),
    ("held_not_public", |file| {
        file.sql("update record set state = 'held', hold = 'personal_number' where from_on is not null and rowid < 99");
    }),
    ("batch_state", |file| file.sql("update batch set state = 'held'")),
    ("batch_state", |file| file.sql("update batch set state = 'withdrawn'")),
    ("batch_state", |file| {
        file.sql(
            "update record set state = 'withdrawn', hold = 'owner_withdrawn' where item = 'penalty' and rowid < 99",
        )
    }),
    ("package_number", |file| file.sql("update batch set sequence = 3 where rowid = 1")),
    ("listing_served", |file| {
        file.sql(
            "update listing_step set body = replace(body, '送达回证（示例）', '') where body like '%notice_served%'",
        );
    }),
    ("listing_served", |file| file.sql("delete from listing_step where body like '%notice_served%'")),
    ("listing_served", |file| file.sql("update listing_case set state = 'delisted' where state = 'listed'")),
    ("listing_anew", |file| {
        file.sql(
            "update listing_step set body = (select body from listing_step where step = 1 order by number limit 1)
             where step = 1",
        );
    }),
    ("listing_removed", |file| {
        file.sql(
            "update listing_step set body = '{\"by\":\"乙\",\"on\":\"2026-05-13\",\"event\":{\"event\":\"removed\",
             \"cause\":{\"cause\":\"objection\",\"document\":\"异1号\"},\"letter\":\"移1号\"}}' where body like '%waived%'",
        );
    }),
    ("listing_decided_apart", |file| {
        file.sql("update listing_step set body = replace(body, '\"by\":\"乙\"', '\"by\":\"甲\"')")
    }),
    ("listing_record", |file| {
        file.sql("update record set through_on = through_on + 1 where item = 'serious_dishonesty'")
    }),
    ("listing_record", |file| {
        file.sql("update record set state = 'hidden' where identity = (select identity from listing_case where state = 'listed')");
    }),
    ("officer_linked", |file| file.sql("update officer set state = 'dismissed' where kind = 'case'")),
    ("officer_linked", |file| {
        file.sql(
            "update officer_step set body = replace(body, '\"from_on\":\"2010-01-01\"', '\"from_on\":\"2015-01-15\"')",
        );
    }),
    ("officer_linked", |file| {
        file.sql("update officer_step set body = replace(body, 'safety_principal_bar', 'tax_exit_bar')");
    }),
    ("officer_linked", |file| file.sql("update officer set through_on = through_on + 400 where kind = 'case'")),
    ("officer_decided", |file| {
        file.sql("update officer_step set body = replace(body, '\"by\":\"乙\"', '\"by\":\"甲\"')");
    }),
    ("officer_decided", |file| file.sql("delete from listing_step where body like '%\"event\":\"listed\"%'")),
    ("officer_told", |file| file.sql("delete from listing_step where body like '%\"event\":\"listed\"%'")),
    ("officer_person", |file| file.sql("update officer_person set name = '别人'")),
    ("officer_person", |file| file.sql("delete from officer_person")),
    ("officer_person", |file| file.sql("update officer_person set sealed = '{\"identity_number\":\"1\"}'")),
    ("commitment", |file| file.sql("update officer_step set body = replace(body, '示例', '示范')")),
    ("number", |file| file.sql("delete from officer_step")),
    ("repair_lawful", |file| file.sql("update repair set state = 'refused' where state = 'granted'")),
    ("repair_lawful", |file| file.sql("update repair_step set body = replace(body, '\"by\":\"丙\"', '\"by\":\"乙\"')")),
    ("repair_lawful", |file| file.sql("update repair_step set body = replace(body, ',\"supervision\"', '')")),
    ("repair_lawful", |file| file.sql("delete from listing_letter where kind = 'repair_grant'")),
    ("repair_lawful", |file| file.sql("update repair set restarted_on = 20000 where state = 'granted'")),
    ("repair_found", |file| {
        file.sql("update repair_step set body = replace(body, '\"code\":\"promise\"', '\"code\":\"nothing\"')");
    }),
    ("repair_revoked", |file| {
        file.sql("update repair_step set body = replace(body, '\"by\":\"戊\"', '\"by\":\"丁\"')")
    }),
    ("repair_revoked", |file| file.sql("delete from listing_letter where kind = 'repair_revocation_notice'")),
    ("repair_lawful", |file| file.sql("update repair set revoking = 1 where state = 'revoked'")),
    ("repair_ends", |file| file.sql("update record set state = 'accepted' where state = 'repaired'")),
    ("repair_lawful", |file| {
        file.sql("update record_mark set through_on = null, text = '修复办理中' where kind = 'repair'");
    }),
    ("repair_shielded", |file| file.sql("update record set state = 'accepted', hold = '' where hold = 'plan_running'")),
    ("repair_shielded", |file| file.sql("delete from repair where state = 'shielded'")),
    ("repair_lawful", |file| file.sql("delete from listing_letter where kind = 'repair_shield'")),
    ("repair_ends", |file| file.sql("delete from repair where state = 'granted'")),
    ("repair_ends", |file| file.sql("update record set item = 'penalty' where item = 'repair_dishonesty'")),
    ("commitment", |file| file.sql("update repair_step set body = replace(body, '已整改', '未整改')")),
    ("number", |file| file.sql("delete from repair_step where step = 2")),
    ("measure_listed", |file| file.sql("delete from listed_measure")),
    ("measure_listed", |file| {
        file.sql("update measure set measure = 'bidding_bar', edition = (select min(edition) from listed_measure)")
    }),
    ("measure_listed", |file| file.sql("update measure set through_on = through_on + 400")),
    ("measure_listed", |file| file.sql("update measure_task set state = 'lifted'")),
    ("measure_cause", |file| file.sql("delete from measure")),
    ("measure_cause", |file| file.sql("delete from listing_step where body like '%\"event\":\"listed\"%'")),
    ("commitment", |file| file.sql("update measure_step set body = replace(body, '安全生产', '生产安全')")),
    ("number", |file| file.sql("delete from measure_step")),
    ("objection_marked", |file| file.sql("delete from record_mark where kind = 'objection'")),
    ("objection_marked", |file| file.sql("update record_mark set text = '别的说明' where kind = 'reply'")),
    ("objection_marked", |file| file.sql("update record_mark set number = 'x'")),
    ("objection_marked", |file| file.sql("update objection_case set state = 'closed' where state = 'filed'")),
    ("objection_marked", |file| {
        file.sql("update objection_step set body = replace(body, '\"unit\":\"1', '\"unit\":\"2')")
    }),
    ("objection_decided", |file| {
        file.sql("update objection_step set body = replace(body, '\"due_on\":\"20', '\"due_on\":\"21')")
    }),
    ("objection_decided", |file| file.sql("update listing_letter set letter = 'x' where kind = 'objection_result'")),
    ("decision_served", |file| {
        file.sql("update repair_step set body = replace(body, '\"mode\":\"direct\"', '\"mode\":\"electronic\"') where body like '%decision_served%'");
    }),
    ("decision_served", |file| {
        file.sql("update repair_step set body = replace(body, '\"delivered_on\":\"2026', '\"delivered_on\":\"2025') where body like '%decision_served%'");
    }),
    ("decision_served", |file| {
        file.sql("update objection_step set body = replace(body, '\"appeal_until\":\"2026', '\"appeal_until\":\"2025') where body like '%decision_served%'");
    }),
    ("decision_served", |file| file.sql("update listing_letter set letter = 'x' where kind = 'objection_result'")),
    ("repair_lawful", |file| file.sql("update repair set unserved = 1 - unserved where state = 'granted'")),
    ("objection_marked", |file| file.sql("update objection_case set unserved = 1 - unserved")),
    ("paper_kept", |file| file.sql("delete from paper_case")),
    ("paper_kept", |file| file.sql("delete from paper")),
    ("paper_kept", |file| file.sql("update paper set digest = randomblob(32)")),
    ("paper_kept", |file| file.sql("update paper set name = 'x.pdf'")),
    ("paper_kept", |file| file.sql("update paper set sealed = cast(sealed || x'00' as blob)")),
    ("objection_corrected", |file| file.sql("update objection_step set body = replace(body, '经复核', '未复核')")),
    ("objection_corrected", |file| file.sql("update objection_step set at = at + 4096000 where step = 2")),
    ("commitment", |file| file.sql("update objection_step set body = replace(body, '示例', '示范')")),
    ("number", |file| file.sql("delete from objection_step")),
    ("letter_number", |file| file.sql("delete from listing_letter where serial = 1")),
    ("letter_number", |file| file.sql("update listing_letter set serial = 9 where serial = 3")),
    ("commitment", |file| file.sql("update listing_step set body = replace(body, '示例', '示范')")),
    ("number", |file| file.sql("delete from listing_step where step = 3")),
    ("ended_there_not_public", |file| {
        file.sql(
            "insert into platform_difference(uscc, platform, reference, kind, found_on, act)
             select uscc, 'credit_china', reference, 'ended_there', 20000, (select id from act limit 1)
             from record where state = 'accepted' limit 1",
        );
    }),
    ("ended_there_not_public", |file| {
        file.sql(
            "insert into platform_difference(uscc, platform, reference, kind, found_on, act)
             select uscc, 'credit_china', reference, 'still_there', 20000, randomblob(16) from record limit 1",
        );
    }),
    ("key_hashed", |file| {
        file.sql(
            "insert into api_key(digest, number, source, issued_at, issued_by)
             select randomblob(32), 'K1', uscc, 0, '' from unit limit 1",
        );
    }),
    ("key_hashed", |file| file.sql("update api_key set items = ''")),
    ("key_hashed", |file| file.sql("update api_key set actions = 'keep_webhook' where actions <> ''")),
    ("key_hashed", |file| file.sql("update api_key set revoked_at = null")),
    ("key_hashed", |file| file.sql("delete from api_key")),
    ("webhook_told", |file| file.sql("update webhook set url = 'https://elsewhere.example/in' where state = 'active'")),
    ("webhook_told", |file| file.sql("update webhook set state = 'active', reason = '' where state = 'paused'")),
    ("webhook_told", |file| file.sql("update webhook set items = 'permit' where state = 'active'")),
    ("webhook_told", |file| file.sql("update webhook set unit = (select min(uscc) from unit)")),
    ("webhook_told", |file| {
        file.sql("insert into webhook_key(vkey, act, since) select 'whpk_AAAA', act, since from webhook_key");
    }),
    ("notice_made", |file| file.sql("delete from notice where kind = 'letter_made'")),
    ("notice_made", |file| file.sql("update notice set event = event || '1' where kind = 'letter_made'")),
    ("notice_made", |file| file.sql("update notice set case_number = 'x' where kind = 'measure_begun'")),
    ("notice_made", |file| {
        file.sql(
            "update notice set account = (select id from account where role = 'auditor') where kind = 'letter_made'",
        );
    }),
    ("notice_made", |file| file.sql("delete from account_organisation")),
    ("notice_made", |file| file.sql("delete from listing_letter where kind = 'decision'")),
    ("notice_made", |file| {
        file.sql(
            "insert into notice(uscc, number, account, kind, edition, matter, case_number, event, act, made_on, made_at)
             select uscc, number || '1', account, kind, edition, matter, case_number, event || '1', act, made_on, made_at
             from notice limit 1",
        );
    }),
    ("access_journal", |file| file.sql("delete from access_journal where at = (select min(at) from access_journal)")),
    ("access_journal", |file| file.sql("update access_journal set purpose = 'supervision'")),
    ("access_journal", |file| {
        file.sql(
            "insert into access_journal(uscc, at, id, account, unit, role, purpose, what)
             select uscc, at + 1, randomblob(16), account, unit, role, purpose, what from access_journal limit 1",
        );
    }),
    ("rights_apart", |file| file.sql("update account set role = 'office' where role = 'clerk'")),
    ("rights_apart", |file| file.sql("update account set granted_by = entered_by where role = 'security_admin'")),
    ("rights_apart", |file| {
        file.sql("update account set staff_number = 'one' where role in ('system_admin', 'audit_admin')");
    }),
    ("second_factor_sealed", |file| {
        file.sql("update account set second_factor = randomblob(20), second_factor_key = null where role = 'auditor'");
    }),
    ("second_factor_sealed", |file| {
        file.sql("update account set second_factor = (select second_factor from account where role = 'clerk') where role = 'auditor'");
    }),
    ("second_factor_sealed", |file| file.sql("update account set second_factor = zeroblob(68) where role = 'auditor'")),
    ("review_recorded", |file| {
        file.content("penalty", |fields| {
            fields.insert("CF_CFLB".into(), "罚款".into());
            fields.insert("CF_NR_FK".into(), "0.1".into());
            fields.remove("procedure");
        });
    }),
    ("published_fields", |file| file.content("penalty", |fields| drop(fields.insert("BZ".into(), "内部".into())))),
    ("period", |file| file.sql("update record set through_on = through_on + 365 where item = 'penalty'")),
    ("counters_agree", |file| file.sql("update count_day set difference = difference + 1 where counted = 'penalty'")),
    ("counters_agree", |file| file.sql("delete from count_day where counted = 'organisation.registered'")),
    ("areas_kept", |file| file.sql("update record set authority_area = '云海市' where authority_area = '青禾市'")),
    ("consent_given", |file| {
        file.sql(
            "update act set header = json_set(header, '$.details', json('{\"on_behalf_of\":\"a\",\"acting\":\"b\",\"consents\":[]}'))
             where kind = 'import'",
        );
    }),
    ("areas_kept", |file| file.sql("update record set registered_area = '' where item = 'penalty'")),
    ("rulebook", |file| file.sql("update rulebook set body = cast(body || ' ' as blob)")),
    ("unit_number", |file| file.sql("update unit set seq = seq + 1 where rowid = 1")),
    ("commitment", |file| file.content("penalty", |fields| drop(fields.insert("CF_NR_FK".into(), "0.1".into())))),
    ("commitment", |file| file.sql("update record_version set hold = 'personal_number'")),
    ("act_root", |file| file.sql("update act set header = replace(header, 'import', 'impart') where kind = 'import'")),
    ("act_root", |file| {
        file.sql("update chunk set commitments = zeroblob(length(commitments)) where no = (select min(no) from chunk)")
    }),
    ("number", |file| file.sql("update subject set seq = seq + 1 where rowid = 1")),
    ("number", |file| file.sql("delete from record where rowid = 5")),
    ("number", |file| file.sql("update record set commitment = randomblob(32) where rowid = 5")),
    ("checkpoint", |file| file.sql("update log_checkpoint set note = replace(note, '=', 'A=') where size > 1")),
    ("checkpoint", |file| file.sql("update log_checkpoint set size = size + 100000")),
    ("checkpoint", |file| file.sql("update log_leaf set root = randomblob(32) where position = 0")),
    ("checkpoint", |file| file.sql("delete from log_leaf where position > 1")),
    ("log", |file| file.sql("delete from log_leaf where position = 2")),
    ("log", |file| file.sql("update log_tile set hashes = zeroblob(length(hashes)) where level = 0")),
    ("log", |file| {
        file.sql("delete from act where id = (select id from act where kind = 'import' order by id limit 1)")
    }),
    ("record_kept", |file| file.sql("update record set version = version + 1 where rowid = 5")),
    ("record_kept", |file| file.sql("update record set decided_on = decided_on + 1 where item = 'penalty'")),
    ("record_kept", |file| file.sql("update record set published_on = published_on - 1 where from_on is not null")),
    ("record_kept", |file| file.sql("delete from record_version")),
    ("version_kept", |file| file.sql("update record_version set until_at = until_at + 1")),
    ("version_kept", |file| file.sql("update record_version set through_on = through_on + 365")),
    ("subject_kept", |file| file.sql("update subject set area = '别处' where registered = 1")),
    ("subject_kept", |file| file.sql("update subject set established_on = established_on + 1")),
    ("name_kept", |file| file.sql("update name_conflict set name = '别名公司', folded = '别名公司'")),
    ("batch_counted", |file| file.sql("update batch set accepted = accepted + 1, read = read + 1")),
    ("batch_counted", |file| file.sql("delete from batch where rowid = 1")),
    ("directory_kept", |file| file.sql("update unit_state set parent = '' where parent <> ''")),
    ("directory_kept", |file| file.sql("update area set name = '别处'")),
    ("directory_kept", |file| file.sql("update unit set entrusts = '[\"113799009100260200\"]'")),
    ("evaluation_kept", |file| file.sql("update evaluation set points = points + 1")),
    ("letter_kept", |file| file.sql("update listing_letter set body = body || '。'")),
    ("letter_kept", |file| file.sql("delete from listing_letter where kind = 'prior_notice'")),
    ("case_head", |file| file.sql("update listing_case set unit = (select min(uscc) from unit)")),
    ("case_head", |file| file.sql("delete from listing_base")),
    ("act_header", |file| file.sql("update act set at = at + 1 where kind = 'import'")),
    ("act_header", |file| file.sql("update act set batch = null where kind = 'import'")),
    ("account_kept", |file| file.sql("update account set unit = (select min(uscc) from unit) where role = 'clerk'")),
    ("account_kept", |file| file.sql("update account set state = 'suspended' where role = 'auditor'")),
    ("account_kept", |file| {
        file.sql("update account_organisation set from_on = from_on - 1, bound_by = '别人'");
    }),
    ("account_kept", |file| file.sql("delete from account where role = 'clerk'")),
    ("proposal_kept", |file| file.sql("delete from proposal")),
    ("proposal_kept", |file| file.sql("update proposal set decided_by = proposed_by")),
    ("proposal_kept", |file| file.sql("update proposal set state = 'open', decided_by = '', decided_at = null")),
    ("mark_kept", |file| file.sql("update record_mark set since_on = since_on - 1")),
    ("log_key_kept", |file| file.sql("update log_key set at = at + 1")),
    ("log_key_kept", |file| {
        file.sql("insert into log_key select 'another', vkey, act, from_size, at + 1 from log_key");
    }),
    ("paper_handed", |file| file.sql("update paper set handed_in_by = '别人'")),
    ("simple_procedure", |file| {
        file.content("penalty", |fields| drop(fields.insert("procedure".into(), "简易".into())));
    }),
    ("natural_person", |file| {
        file.content("penalty", |fields| drop(fields.insert("CF_XDR_LB".into(), "自然人".into())));
    }),
    ("withheld", |file| {
        file.sql(
            "insert into record_withheld(uscc, identity, field, ground, clause, officer, decided_on)
             select uscc, identity, 'CF_SY', 'privacy', '条例 十五', '', 0 from record where item = 'penalty' and state = 'accepted' limit 1",
        );
    }),
    ("erased", |file| {
        file.sql(
            "update record_content set body = (select body from record_content where body is not null limit 1)
             where body is null",
        );
    }),
    ("erased", |file| {
        file.sql("update act set header = json_set(header, '$.details.erased', json('[]')) where kind = 'erasure'");
    }),
    ("erased", |file| file.sql("update act set header = json_remove(header, '$.second') where kind = 'erasure'")),
    ("erased", |file| {
        file.sql("update act set kind = 'import', header = replace(header, '\"erasure\"', '\"import\"')")
    }),
    ("erased", |file| file.sql("update record set source = '11379900000000086M' where state = 'erased'")),
    ("erased", |file| file.sql("update record set salt = null where rowid = 5")),
    ("erased", |file| file.sql("update record set state = 'erased' where rowid = 5")),
    ("erased", |file| file.sql("delete from record_erased")),
    ("erased", |file| file.sql("update record_erased set clause = 'personal_information'")),
    ("erased", |file| file.sql("update act set leaf = randomblob(32) where kind = 'enactment'")),
    ("number_sealed", |file| file.other("penalty", |fields| drop(fields.insert("CF_FR_ZJHM".into(), "370102".into())))),
    ("personal_number", |file| {
        file.content("penalty", |fields| drop(fields.insert("CF_SY".into(), "电话13800138000".into())));
    }),
];

fn failed<'v>(found: &'v Verification, id: &str) -> &'v credence_app::verify::Outcome {
    found.requirements.iter().find(|outcome| outcome.id == id).unwrap()
}

#[test]
fn every_requirement_finds_what_an_intruder_changed_and_names_who_is_concerned() {
    let store = TestStore::sqlite();
    province(&store, 60);
    let Address::Sqlite(whole) = &store.address else { panic!("a file") };
    let clean = verify(&store.address).unwrap();
    assert!(!clean.has_failures(), "{:#?}", clean.requirements);
    for (number, (id, tamper)) in SPECIMENS.iter().enumerate() {
        let copy = store.folder.join(format!("tampered-{number}.db"));
        std::fs::copy(whole, &copy).unwrap();
        let keys = |file: &Path| Keyring::of(&Address::Sqlite(file.to_owned())).place().unwrap().to_owned();
        std::fs::copy(keys(whole), keys(&copy)).unwrap();
        tamper(&Intruder::at(&copy));
        let found = verify(&Address::Sqlite(copy)).unwrap();
        let outcome = failed(&found, id);
        assert!(outcome.failed > 0 && !outcome.examples.is_empty(), "specimen {number} of {id} is not found");
        for example in &outcome.examples {
            let named = example.record.is_some() || example.act.is_some();
            assert!(named && !example.problem.is_empty(), "specimen {number} of {id}: {example:?}");
            assert!(!example.uscc.is_empty() || *id == "act_root" || *id == "log", "{id}: {example:?}");
        }
    }
    let tampered: BTreeSet<&str> = SPECIMENS.iter().map(|(id, _)| *id).collect();
    let all: BTreeSet<&str> = requirement::all().iter().map(|requirement| requirement.id).collect();
    assert_eq!(tampered, all, "a requirement without a specimen may never fail");
}

/// The root is read off the topmost tiles: a full one below them has to be looked at as well.
#[test]
fn a_damaged_tile_of_the_log_is_named_on_whatever_level_it_lies() {
    let store = TestStore::sqlite();
    let mut writer = store.address.writer(Clock::fixed(Date::new(2026, 7, 1).unwrap())).unwrap();
    let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
    for number in 0..600 {
        let area =
            AreaPatch { name: Some(format!("第{number}区")), level: Some("city".to_owned()), ..AreaPatch::default() };
        credence_app::directory::set_area(&mut writer, &format!("{number:06}"), &area, None, &rulebook).unwrap();
    }
    writer.sequence().unwrap();
    writer.checkpoint(true).unwrap();
    drop(writer);
    let Address::Sqlite(whole) = &store.address else { panic!("a file") };
    assert!(!verify(&store.address).unwrap().has_failures());
    let harms = [
        "update log_tile set hashes = randomblob(8192) where level = 0 and number = 0",
        "update log_tile set hashes = randomblob(8192) where level = 0 and number = 1",
        "update log_tile set hashes = randomblob(length(hashes)) where level = 1",
        "update log_tile set inner_roots = randomblob(960) where level = 0 and number = 1",
        "delete from log_tile where level = 0 and number = 1",
        "insert into log_tile(level, number, width, hashes) values (0, 9, 1, randomblob(32))",
    ];
    for (number, harm) in harms.iter().enumerate() {
        let copy = store.folder.join(format!("tile-{number}.db"));
        std::fs::copy(whole, &copy).unwrap();
        Intruder::at(&copy).sql(harm);
        let found = verify(&Address::Sqlite(copy)).unwrap();
        assert_eq!(failed(&found, "log").failed.min(1), 1, "{harm}");
    }
}

/// A register that was rolled back as a whole agrees with itself; what its key remembers having signed does not agree with it.
#[test]
fn a_log_shorter_than_what_its_key_signed_is_named() {
    let store = TestStore::sqlite();
    let Address::Sqlite(file) = &store.address else { panic!("a file") };
    let enter = |area: &str| {
        let mut writer = store.address.writer(Clock::fixed(Date::new(2026, 7, 1).unwrap())).unwrap();
        let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
        let patch =
            AreaPatch { name: Some("示例区".to_owned()), level: Some("city".to_owned()), ..AreaPatch::default() };
        credence_app::directory::set_area(&mut writer, area, &patch, None, &rulebook).unwrap();
        writer.sequence().unwrap();
        writer.checkpoint(true).unwrap();
    };
    enter("000001");
    let earlier = std::fs::read(file).unwrap();
    enter("000002");
    assert!(!verify(&store.address).unwrap().has_failures());
    std::fs::write(file, earlier).unwrap();
    let found = verify(&store.address).unwrap();
    let failing: Vec<_> = found.requirements.iter().filter(|outcome| outcome.failed > 0).collect();
    assert_eq!(failing.iter().map(|outcome| outcome.id).collect::<Vec<_>>(), ["checkpoint"]);
    assert!(failing[0].examples[0].problem.contains("rolled back together"), "{:?}", failing[0].examples);
}

#[test]
fn most_requirements_have_cases_that_grow_with_the_province_and_each_cites_an_article() {
    let checked = [20, 60].map(|organisations| {
        let store = TestStore::sqlite();
        province(&store, organisations);
        let found = verify(&store.address).unwrap();
        assert_eq!(found.acts, found.pending + found.leaves);
        found.requirements.into_iter().map(|outcome| outcome.checked).collect::<Vec<_>>()
    });
    let [small, large] = &checked;
    assert!(large.len() >= 12 && large.iter().filter(|cases| **cases > 0).count() >= 10, "{large:?}");
    assert!(small.iter().zip(large).filter(|(small, large)| large > small).count() >= 8, "{checked:?}");
    for requirement in requirement::all() {
        let numeral = requirement.article.chars().all(|c| "一二三四五六七八九十百".contains(c));
        assert!(numeral && !requirement.article.is_empty() && !requirement.source.is_empty(), "{}", requirement.id);
    }
}
