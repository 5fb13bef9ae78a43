//! Staging tables in a real PostgreSQL, for a register of either kind.

use super::{OTHER, Province};
use crate::desk::*;
use credence_app::Service;
use credence_app::exchange::front::Front;
use credence_domain::rulebook::Rulebook;
use credence_testkit::both_stores;
use credence_testkit::postgres::{as_role, server};
use credence_testkit::province::Row;
use credence_testkit::stores::TestStore;

const COLUMNS: &str = "cr_row::text, cr_state, coalesce(cr_code, ''), coalesce(cr_record, ''), coalesce(cr_batch, ''), \
                       coalesce(cr_received_at::text, '')";

/// A province with staging tables and a login role for each unit.
fn with_front(store: &TestStore) -> (Province<'_>, [String; 2]) {
    let mut province = Province::new(store);
    let url = server().database();
    let front = Front::at(&url).unwrap();
    let desk = province.desk();
    let (tables, columns) = front.install(&desk.rulebook, today()).unwrap();
    assert!(tables > 15 && columns > 200, "{tables} {columns}");
    let service = desk.service(today());
    let roles = [("office", OFFICE), ("other", OTHER)].map(|(name, unit)| {
        let role = server().role(name);
        front.admit(&service, &role, unit).unwrap();
        role
    });
    province.front = Some(url);
    (province, roles)
}

impl Province<'_> {
    fn front(&self) -> &str {
        self.front.as_deref().unwrap()
    }

    /// Inserts a row as a department's system does, logged in as its role.
    fn stage(&self, role: &str, operation: &str, row: &Row) -> Result<(), String> {
        let (columns, values): (Vec<String>, Vec<String>) =
            row.iter().map(|(code, value)| (code.to_ascii_lowercase(), format!("'{value}'"))).unzip();
        let sql = format!(
            "insert into credence_front.penalty(cr_operation, cr_reason, {}) values ('{operation}', '误报', {})",
            columns.join(", "),
            values.join(", ")
        );
        as_role(self.front(), role, &sql).map(drop)
    }

    fn receipts(&self, role: &str) -> Vec<Vec<String>> {
        as_role(self.front(), role, &format!("select {COLUMNS} from credence_front.penalty order by cr_row")).unwrap()
    }

    fn states(&self, role: &str) -> Vec<(String, String)> {
        self.receipts(role).into_iter().map(|row| (row[1].clone(), row[2].clone())).collect()
    }
}

fn told(states: &[(&str, &str)]) -> Vec<(String, String)> {
    states.iter().map(|(state, code)| ((*state).to_owned(), (*code).to_owned())).collect()
}

fn rows_are_taken_in_their_order_and_each_is_answered(store: &TestStore) {
    let (province, [office, _]) = with_front(store);
    let other = |number: &str| changed(number, &[("CF_NR", "另一内容")]);
    for (operation, row) in [
        ("i", penalty(FIRM, "一号")),
        ("u", other("一号")),
        ("i", penalty(FIRM, "一号")),
        ("i", penalty(FIRM, "二号")),
        ("u", penalty(FIRM, "三号")),
        ("i", changed("四号", &[("CF_JDRQ", "没有日期")])),
        ("d", penalty(FIRM, "二号")),
        ("", penalty(FIRM, "五号")),
        ("", penalty(FIRM, "五号")),
    ] {
        province.stage(&office, operation, &row).unwrap();
    }
    let passed = province.run();
    assert_eq!(passed.taken, passed.told);
    let expected = [
        ("held", ""),
        ("held", ""),
        ("rejected", "record_exists"),
        ("held", ""),
        ("rejected", "record_unknown"),
        ("rejected", "date_invalid"),
        ("withdrawn", ""),
        ("held", ""),
        ("unchanged", ""),
    ];
    assert_eq!(province.states(&office), told(&expected), "a unit's first batches wait for a person");
    let receipts = province.receipts(&office);
    assert_eq!(receipts[0][3], receipts[1][3], "the same record");
    assert_eq!((receipts[0][3].len(), receipts[2][3].len()), (32, 0));
    assert!(receipts.iter().all(|row| !row[4].is_empty() && row[5].starts_with("2026-05-06")), "{receipts:?}");
    assert!(province.batches().iter().all(|batch| batch.channel == "database" && batch.source == OFFICE));
    assert_eq!(province.run().taken, 0);
    assert_eq!(province.receipts(&office), receipts);
    province.desk().verify();
}

fn a_process_that_dies_between_import_and_receipts_gives_the_same_receipts(store: &TestStore) {
    let (province, [office, _]) = with_front(store);
    for number in ["一号", "二号"] {
        province.stage(&office, "i", &penalty(FIRM, number)).unwrap();
    }
    // Dies after the rows were taken under their number, before the intake has them.
    {
        let (_, exchange) = province.exchange();
        assert_eq!(exchange.look().unwrap().taken, 1);
    }
    for entry in std::fs::read_dir(store.folder.join("spool")).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    assert_eq!(province.states(&office), told(&[("taken", ""); 2]));
    {
        let (intake, exchange) = province.exchange();
        assert_eq!(exchange.look().unwrap().taken, 1, "the same batch again");
        assert_eq!(exchange.look().unwrap().under_way, 1);
        // Dies after the import, before the receipts.
        assert_eq!(intake.work_off().unwrap(), 1);
    }
    assert_eq!(province.states(&office), told(&[("taken", ""); 2]));
    assert_eq!(province.run().told, 1);
    let first = province.receipts(&office);
    assert_eq!(province.states(&office), told(&[("held", ""); 2]));
    // Dies while it writes the receipts: none of them is there, and the next look writes the same, whatever came since.
    let undo = "update credence_front.penalty set cr_state = 'taken', cr_record = null, cr_received_at = null; \
                update credence_front.batch set told_at = null";
    as_role(province.front(), "credence", undo).unwrap();
    let mut desk = province.desk();
    desk.send(vec![changed("一号", &[("CF_NR", "后来的更正")])]);
    drop(desk);
    assert_eq!(province.run().told, 1);
    assert_eq!(province.receipts(&office), first);
    assert_eq!(province.batches().len(), 2);
    province.desk().verify();
}

fn a_role_names_no_other_unit_and_changes_nothing_that_it_sent(store: &TestStore) {
    let (province, [office, other]) = with_front(store);
    province.stage(&office, "i", &penalty(FIRM, "一号")).unwrap();
    let refused = |role: &str, sql: &str| as_role(province.front(), role, sql).unwrap_err();
    for sql in [
        format!("insert into credence_front.penalty(cr_unit, cf_wsh) values ('{OFFICE}', '二号')"),
        "insert into credence_front.penalty(cf_wsh, cr_state) values ('二号', 'accepted')".to_owned(),
        "update credence_front.penalty set cf_wsh = '三号'".to_owned(),
        "delete from credence_front.penalty".to_owned(),
        "select * from credence_front.sender".to_owned(),
        format!("insert into credence_front.sender values ('x', '{OFFICE}')"),
        "select * from credence_front.batch".to_owned(),
        "alter table credence_front.penalty disable row level security".to_owned(),
    ] {
        for role in [&office, &other] {
            assert!(refused(role, &sql).contains("denied") || refused(role, &sql).contains("owner"), "{sql}");
        }
    }
    assert!(province.receipts(&other).is_empty(), "another unit's rows are not seen");
    // A role that nobody has admitted, and one that is granted the tables but stands for no unit.
    let stranger = server().role("stranger");
    assert!(province.stage(&stranger, "i", &penalty(FIRM, "二号")).unwrap_err().contains("denied"));
    as_role(province.front(), "credence", &format!("grant \"{office}\" to \"{stranger}\"")).unwrap();
    let taken_on = format!("set role \"{office}\"; insert into credence_front.penalty(cf_wsh) values ('二号')");
    assert!(refused(&stranger, &taken_on).contains("violates"), "the unit is that of whoever is logged in");
    province.run();
    assert_eq!(province.batches().iter().map(|batch| batch.source.as_str()).collect::<Vec<_>>(), [OFFICE]);
    let service = Service::open(store.address.clone(), province.clock.clone(), None).unwrap();
    let front = Front::at(province.front()).unwrap();
    assert_eq!(front.admit(&service, "nobody_at_all", OFFICE).unwrap_err().code(), "role_unknown");
    assert_eq!(front.admit(&service, &stranger, FIRM).unwrap_err().code(), "unit_unknown");
}

fn a_later_edition_adds_columns_and_takes_none_away(store: &TestStore) {
    let (province, [office, _]) = with_front(store);
    province.stage(&office, "i", &penalty(FIRM, "一号")).unwrap();
    let desk = province.desk();
    let front = Front::at(province.front()).unwrap();
    assert_eq!(front.install(&desk.rulebook, today()).unwrap().1, 0, "again it adds nothing");
    let mut later: Rulebook = desk.rulebook.clone();
    drop(desk);
    let fields = &mut later.items.get_mut("penalty").unwrap().versions[0].fields;
    let mut field = fields[0].clone();
    field.code = "CF_XZ".to_owned();
    fields.push(field);
    fields.retain(|field| field.code != "CF_YJ");
    assert_eq!(front.install(&later, today()).unwrap().1, 1);
    let insert = "insert into credence_front.penalty(cf_xz, cf_yj) values ('新', '旧')";
    as_role(province.front(), &office, insert).unwrap();
    province.run();
    assert_eq!(province.states(&office)[0], ("held".to_owned(), String::new()));
    assert_eq!(province.states(&office)[1].0, "rejected");
}

fn rows_go_when_their_time_is_over(store: &TestStore) {
    let (province, [office, _]) = with_front(store);
    province.stage(&office, "i", &penalty(FIRM, "一号")).unwrap();
    province.run();
    assert_eq!(province.receipts(&office).len(), 1);
    province.clock.move_to(jiff::civil::Date::new(2027, 12, 1).unwrap());
    province.stage(&office, "i", &penalty(FIRM, "二号")).unwrap();
    province.run();
    let left = province.receipts(&office);
    assert_eq!((left.len(), left[0][1].as_str()), (1, "held"));
}

both_stores!(
    rows_are_taken_in_their_order_and_each_is_answered,
    a_process_that_dies_between_import_and_receipts_gives_the_same_receipts,
    a_role_names_no_other_unit_and_changes_nothing_that_it_sent,
    a_later_edition_adds_columns_and_takes_none_away,
    rows_go_when_their_time_is_over
);
