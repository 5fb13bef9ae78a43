//! The national side: what is public is handed over, over a bad line; after a comparison both sides hold the same. Copies that differ
//! become tasks, cases of the window come in.

mod ends;

use crate::desk::*;
use credence_app::desk::Desk as Acts;
use credence_app::national::{Done, Handover, Keep, PlatformView, send_again, settle};
use credence_app::{AppError, Service, View};
use credence_testkit::both_stores;
use credence_testkit::national::{Line, StandIn};
use credence_testkit::stores::TestStore;
use jiff::civil::{Date, date};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const CHINA: &str = "credit_china";

struct World<'s> {
    desk: Desk<'s>,
    acts: Arc<Acts>,
    root: PathBuf,
}

impl<'s> World<'s> {
    fn new(store: &'s TestStore) -> Self {
        Self::of(registered(store))
    }

    fn of(desk: Desk<'s>) -> Self {
        let Desk { store, rulebook, clock, writer, secrecy_review, window_bytes } = desk;
        drop(writer);
        let root = store.folder.join("national");
        std::fs::create_dir(&root).unwrap();
        // One process has the right to write: whoever sends and whoever hands over share it.
        let service = Service::open(store.address.clone(), clock.clone(), None).unwrap();
        let acts = Arc::new(Acts::open(&service).unwrap());
        let writer = acts.writer().unwrap();
        Self { desk: Desk { store, rulebook, clock, writer, secrecy_review, window_bytes }, acts, root }
    }

    fn today(&self) -> Date {
        self.desk.clock.today()
    }

    fn look(&self) -> Done {
        self.handover().unwrap().look().unwrap()
    }

    /// Looks; how many rows were made up for the platform.
    fn sends(&self) -> i64 {
        let made = |world: &Self| world.view().packages.iter().map(|package| package.rows).sum::<i64>();
        let before = made(self);
        self.look();
        made(self) - before
    }

    fn handover(&self) -> Result<Handover, AppError> {
        Handover::open(Arc::new(self.desk.service(self.today())), Arc::clone(&self.acts), &self.root)
    }

    fn folder(&self) -> PathBuf {
        self.root.join(CHINA)
    }

    fn stand_in(&self) -> StandIn {
        let adapter = self.desk.rulebook.platforms[CHINA].version_on(self.today()).unwrap();
        StandIn::new(&self.folder(), adapter)
    }

    fn view(&self) -> PlatformView {
        self.desk.service(self.today()).platform(CHINA).unwrap()
    }

    /// The item as it stands: due, sent, held, refused.
    fn penalties(&self) -> [i64; 4] {
        let view = self.view();
        let item = view.items.iter().find(|item| item.item == "penalty").unwrap();
        [item.due, item.sent, item.held, item.refused]
    }

    /// What is public here: reference and version of each penalty.
    fn public(&self) -> BTreeMap<String, i32> {
        let day = self.today();
        let mut found = BTreeMap::new();
        for firm in [FIRM, SECOND] {
            let file = self.desk.service(day).organisation(&View::public(day), firm).unwrap();
            found.extend(file.records.into_iter().filter(|one| one.item == "penalty").map(|one| (one.id, one.version)));
        }
        found
    }

    /// The number of a penalty that is public.
    fn number_of(&self, id: &str) -> usize {
        let day = self.today();
        let service = self.desk.service(day);
        let files = [FIRM, SECOND].map(|firm| service.organisation(&View::public(day), firm).unwrap().records);
        let found = files.into_iter().flatten().find(|one| one.id == id).unwrap();
        let number = found.document_number.unwrap();
        number.trim_start_matches("云环罚〔2026〕").trim_end_matches('号').parse().unwrap()
    }

    /// Sends penalties; they are public from the next day on at the latest.
    fn send(&mut self, rows: impl IntoIterator<Item = usize>, fine: &str) {
        let of = |number: usize| if number.is_multiple_of(2) { FIRM } else { SECOND };
        let rows = rows.into_iter().map(|number| {
            let mut row = penalty(of(number), &format!("云环罚〔2026〕{number}号"));
            row.insert("CF_NR_FK", fine.to_owned());
            row
        });
        let report = self.desk.send(rows.collect());
        assert_eq!(report.counts.rejected, 0, "{report:?}");
    }

    fn take_back(&mut self, numbers: impl IntoIterator<Item = usize>) {
        let rows: Vec<_> = numbers
            .into_iter()
            .map(|number| {
                let firm = if number.is_multiple_of(2) { FIRM } else { SECOND };
                let mut row = penalty(firm, &format!("云环罚〔2026〕{number}号"));
                row.insert("CF_NR_FK", "5".to_owned());
                row
            })
            .collect();
        let path = self.desk.store.folder.join("back.csv");
        std::fs::write(&path, self.desk.sheet(rows, EXPORT)).unwrap();
        let request = credence_app::collect::Request {
            path,
            source: credence_domain::subject::Uscc::parse(OFFICE).unwrap(),
            item: None,
            rejects: None,
            dry_run: false,
            secrecy_review: self.desk.secrecy_review.clone(),
            channel: "cli",
            instruction: Some(credence_domain::record::Instruction {
                operation: credence_domain::record::Operation::Withdraw,
                reason: "处罚决定已撤销".into(),
            }),
            window_bytes: credence_app::collect::WINDOW_BYTES,
        };
        let (writer, rulebook) = (&mut self.desk.writer, &self.desk.rulebook);
        let report = credence_app::collect::import(writer, rulebook, &request, &mut |_| {}).unwrap();
        assert_eq!(report.counts.rejected, 0, "{report:?}");
    }
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|one| one.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn a_thousand_rows_over_a_bad_line_end_the_same_on_both_sides(store: &TestStore) {
    let mut world = World::new(store);
    world.look();
    let mut platform = world.stand_in();
    let lines = [Line::Good, Line::Lost, Line::Doubled, Line::Late, Line::Unanswered, Line::Good];
    for round in 0..20 {
        let first = round * 50;
        world.send(first..first + 50, "5");
        if round == 0 {
            world.look();
            // Some of what comes is refused: for a field, and for being busy, which is sent again by itself.
            for (at, id) in world.public().into_keys().enumerate() {
                if at < 6 {
                    platform.refuses.insert(id, if at < 3 { "FIELD" } else { "BUSY" });
                }
            }
        }
        if round > 3 {
            // What was sent before is corrected or taken back while it is on its way.
            world.send(first - 150..first - 140, "6.5");
            world.take_back(first - 140..first - 135);
        }
        world.look();
        assert_eq!(platform.carry(|_| lines[(round * 7 + 3) % lines.len()]), 1);
        platform.work(1);
    }
    assert_eq!(platform.asked.len(), 3, "all three operations were asked");
    platform.work(usize::MAX);
    world.look();
    let [due, sent, held, refused] = world.penalties();
    assert!(sent > 0 && held > 0 && refused == 3, "{due} {sent} {held} {refused}");
    assert!(world.view().refused.iter().all(|row| row.text == "字段不符合填报要求"));
    let told = world.view().refused;
    let named = |row: &credence_app::national::RowView| {
        row.item_name == "行政处罚" && row.field.is_empty() == row.field_name.is_empty()
    };
    assert!(told.iter().all(named), "{told:?}");
    // Nobody answers for what was lost: after the days of the adapter it is sent again, and only that.
    world.desk.clock.move_to(date(2026, 5, 20));
    platform.refuses.retain(|_, code| *code == "FIELD");
    let again = world.sends();
    assert!(again > 0 && again < 600, "{again}");
    platform.carry(|name| if name.ends_with('2') { Line::Unanswered } else { Line::Good });
    platform.work(usize::MAX);
    world.look();
    // The daily count tells that something differs, the list of what is held which.
    platform.held.remove(world.public().keys().last().unwrap());
    let held = platform.held.len();
    platform.tell_count("penalty", "2026-05-20", held);
    world.look();
    let item = world.view().items.into_iter().find(|item| item.item == "penalty").unwrap();
    assert_eq!(item.theirs, Some(i64::try_from(held).unwrap()));
    assert_ne!(item.theirs, item.ours);
    platform.tell_holdings("penalty", |_| true);
    world.look();
    platform.carry(|_| Line::Good);
    platform.work(usize::MAX);
    world.look();
    let (ours, theirs) = (world.public(), &platform.held);
    let there: BTreeMap<String, i32> = theirs.iter().map(|(id, held)| (id.clone(), held.version)).collect();
    let wanting: Vec<&String> = ours.keys().filter(|id| !there.contains_key(*id)).collect();
    assert!(wanting.iter().all(|id| platform.refuses.contains_key(*id)) && wanting.len() <= 3, "{wanting:?}");
    assert!(there.iter().all(|(id, version)| ours.get(id) == Some(version)), "nothing stands there that ended here");
    assert_eq!(world.penalties()[..2], [0, 0]);
    platform.tell_count("penalty", "2026-05-21", theirs.len());
    world.look();
    let item = world.view().items.into_iter().find(|item| item.item == "penalty").unwrap();
    assert_eq!(item.theirs, item.ours);
    // What was refused is mended there and sent again by a person; then nothing differs any more.
    platform.refuses.clear();
    for id in wanting {
        let service = world.desk.service(world.today());
        send_again(&service, &world.acts, CHINA, id).unwrap();
        assert_eq!(send_again(&service, &world.acts, CHINA, id).unwrap_err().code(), "not_refused");
    }
    world.look();
    platform.carry(|_| Line::Doubled);
    platform.work(usize::MAX);
    world.look();
    assert_eq!(platform.held.len(), ours.len());
    assert_eq!(world.penalties(), [0, 0, i64::try_from(ours.len()).unwrap(), 0]);
    // What was handed over is the public half: nothing that the item does not publish.
    let cells: Vec<_> = platform.held.values().flat_map(|held| held.cells.iter()).collect();
    assert!(cells.iter().any(|(header, value)| *header == "处罚内容" && !value.is_empty()));
    assert!(cells.iter().all(|(header, _)| *header != "证件号码"));
    assert!(files(&world.folder().join("out")).iter().all(|name| !name.starts_with("penalty")), "nothing lies about");
    world.desk.verify();
}

fn what_ends_by_its_date_is_taken_down_there(store: &TestStore) {
    let mut world = World::new(store);
    world.send(0..4, "5");
    world.look();
    let mut platform = world.stand_in();
    platform.carry(|_| Line::Good);
    platform.work(usize::MAX);
    world.look();
    assert_eq!((platform.held.len(), world.penalties()), (4, [0, 0, 4, 0]));
    world.desk.clock.move_to(date(2027, 4, 30));
    assert_eq!(world.sends(), 0, "the last public day");
    world.desk.clock.move_to(date(2027, 5, 1));
    assert_eq!(world.sends(), 4);
    let (name, text) = {
        let out = world.folder().join("out");
        let name = files(&out).into_iter().find(|name| name.ends_with(".csv")).unwrap();
        let text = std::fs::read_to_string(out.join(&name)).unwrap();
        (name, text)
    };
    assert!(!text.contains(FIRM) && !text.contains("云环罚"), "{name}: what has ended is told by its reference alone");
    platform.carry(|_| Line::Good);
    platform.work(usize::MAX);
    world.look();
    assert!(platform.held.is_empty());
    assert_eq!(world.penalties(), [0; 4], "and nothing is kept of it here");
}

fn a_process_that_dies_between_leaves_a_package_that_the_next_completes(store: &TestStore) {
    let mut world = World::new(store);
    world.send(0..3, "5");
    world.look();
    let out = world.folder().join("out");
    let manifest = out.join("penalty-000001.manifest.json");
    let before = std::fs::read(&manifest).unwrap();
    // Killed after the package was entered, before its manifest was there.
    std::fs::remove_file(&manifest).unwrap();
    assert_eq!(world.sends(), 0);
    assert_eq!(std::fs::read(&manifest).unwrap(), before);
    // Killed before it was entered: what lies there is no package's, and is written over by the next.
    std::fs::write(out.join("penalty-000002.csv"), "half a fi").unwrap();
    world.send(3..5, "5");
    assert_eq!(world.sends(), 2);
    let text = std::fs::read_to_string(out.join("penalty-000002.csv")).unwrap();
    assert_eq!(text.lines().count(), 3);
    assert_eq!(credence_testkit::national::table(&text).len(), 3);
    // One process hands over through a folder.
    let one = world.handover().unwrap();
    assert_eq!(world.handover().unwrap_err().code(), "national_in_use");
    drop(one);
    world.handover().unwrap();
}

fn a_file_that_cannot_be_read_is_told_and_changes_nothing(store: &TestStore) {
    let mut world = World::new(store);
    world.send(0..2, "5");
    world.look();
    let platform = world.stand_in();
    let before = world.view();
    for (name, text, told) in [
        ("receipt-penalty-000009.csv", "数据标识,版本号\n", "没有向该平台发送过"),
        ("answer.csv", "x\n", "文件名应以"),
        ("receipt-other-000001.csv", "x\n", "文件名应为"),
        ("receipt-penalty-000001.csv", "数据标识,版本号\n", "缺少“操作标识”列"),
        ("holding-penalty-000001.csv", "数据标识,版本号\nxyz,1\n", "第2行：数据标识应为32位十六进制"),
        ("count-1.csv", "事项代码,统计日期,记录数\npenalty,2026-05-06,很多\n", "第2行：数量不是整数"),
        ("copy-1.csv", "数据标识,公示状态,公示截止日期\n00,消失,\n", "第2行：公示状态不是约定的"),
    ] {
        platform.write(name, text);
        let done = world.look();
        assert_eq!((done.taken, done.refused), (0, 1), "{name}");
        let problem = world.folder().join("refused").join(format!("{name}.problem.json"));
        let said = std::fs::read_to_string(problem).unwrap();
        assert!(said.contains(told), "{name}: {said}");
    }
    std::os::unix::fs::symlink("/etc/hostname", world.folder().join("in/count-2.csv")).unwrap();
    assert_eq!(world.look().refused, 1, "a link leads nowhere");
    assert_eq!(world.view(), before);
}

fn copies_that_differ_hide_what_has_ended_there_and_become_tasks(store: &TestStore) {
    let mut world = World::new(store);
    world.send(0..4, "5");
    world.look();
    let mut platform = world.stand_in();
    platform.carry(|_| Line::Good);
    platform.work(usize::MAX);
    world.look();
    let ids: Vec<String> = world.public().into_keys().collect();
    let [first, second, third, fourth] = <[String; 4]>::try_from(ids).unwrap();
    let copies = |rows: &[(&str, &str, &str)]| {
        let lines = rows.iter().map(|(id, state, through)| format!("{id},{state},{through}\n"));
        platform.write("copy-1.csv", &format!("数据标识,公示状态,公示截止日期\n{}", lines.collect::<String>()));
    };
    let told = [(first.as_str(), "已修复", ""), (&second, "公示中", "2028-01-31"), (&third, "公示中", "2027-04-30")];
    copies(&told);
    assert_eq!(world.look().differences, 2);
    assert!(!world.public().contains_key(&first), "what has ended there is not public here");
    assert!(world.public().contains_key(&second) && world.public().contains_key(&third));
    let kinds: Vec<_> = world.view().differences.iter().map(|one| one.kind).collect();
    assert_eq!(kinds.len(), 2);
    assert!(kinds.contains(&"ended_there") && kinds.contains(&"other_last_day"), "{kinds:?}");
    copies(&told);
    assert_eq!(world.look().differences, 0, "told again it is the same");
    world.desk.verify();
    let settle_it = |world: &World<'_>, id: &str, keep, reason: &str| {
        settle(&world.desk.service(world.today()), &world.acts, "核对人", (CHINA, id), (keep, reason))
    };
    assert_eq!(settle_it(&world, &first, Keep::Ours, " ").unwrap_err().code(), "reason_missing");
    assert_eq!(settle_it(&world, &fourth, Keep::Ours, "一致").unwrap_err().code(), "not_found");
    // Theirs was wrong: it is public again and goes there again.
    settle_it(&world, &first, Keep::Ours, "对方误撤，经电话核实（函2026-1）").unwrap();
    assert!(world.public().contains_key(&first));
    world.look();
    platform.held.remove(&first);
    platform.carry(|_| Line::Good);
    platform.work(usize::MAX);
    world.look();
    assert_eq!(platform.held.len(), 4);
    // Theirs was right: it has ended here too, and no file brings it back.
    let told = [(fourth.as_str(), "已撤下", "")];
    let lines: String = told.iter().map(|(id, state, through)| format!("{id},{state},{through}\n")).collect();
    platform.write("copy-1.csv", &format!("数据标识,公示状态,公示截止日期\n{lines}"));
    assert_eq!(world.look().differences, 1);
    settle_it(&world, &fourth, Keep::Theirs, "原处罚决定已撤销（函2026-2）").unwrap();
    assert_eq!(world.public().len(), 3);
    world.send(0..4, "5");
    assert_eq!(world.public().len(), 3);
    world.desk.verify();
    // What ended here and stands there is asked down again.
    world.take_back([world.number_of(&third)]);
    assert_eq!(world.public().len(), 2);
    world.look();
    platform.carry(|_| Line::Lost);
    platform.write("copy-1.csv", &format!("数据标识,公示状态,公示截止日期\n{third},公示中,\n"));
    assert_eq!(world.look().differences, 1);
    assert_eq!(world.view().differences.iter().filter(|one| one.kind == "still_there").count(), 1);
    platform.carry(|_| Line::Good);
    platform.work(usize::MAX);
    world.look();
    assert!(!platform.held.contains_key(&third));
    world.desk.verify();
}

fn cases_of_the_window_come_in_once_with_their_number_there(store: &TestStore) {
    let mut world = World::new(store);
    world.send(0..2, "5");
    world.look();
    let platform = world.stand_in();
    let ids: Vec<String> = world.public().into_keys().collect();
    world.desk.clock.move_to(date(2026, 8, 6));
    let header = "受理编号,网站受理日期,数据标识,整改情况,承诺条款,承诺日期,证明材料";
    let clauses = "performed;truth;lawful;supervision;punishment";
    let case = |number: &str, id: &str, clauses: &str| {
        format!("{number},2026-08-04,{id},罚款已缴清,{clauses},2026-08-04,proof|缴款书1号|\n")
    };
    let text = format!("{header}\n{}{}", case("GJ1", &ids[0], clauses), case("GJ2", &ids[1], "truth"));
    platform.write("case-1.csv", &text);
    let came = world.look().cases;
    let out = world.folder().join("out");
    let reply = std::fs::read_to_string(out.join("case-1.reply.csv")).unwrap();
    assert_eq!(came, 1, "{reply}");
    let rows = credence_testkit::national::table(&reply);
    assert_eq!((rows[1][1].as_str(), rows[2][1].as_str()), ("已接收", "未接收"));
    assert_eq!(rows[2][3], "repair_letter_clause_missing");
    // Delivered twice it is one case; where it stands is told back.
    platform.write("case-2.csv", &text);
    world.look();
    let again = std::fs::read_to_string(out.join("case-2.reply.csv")).unwrap();
    assert_eq!(credence_testkit::national::table(&again)[1][2], rows[1][2]);
    let cases = std::fs::read_to_string(out.join("cases.csv")).unwrap();
    let cases = credence_testkit::national::table(&cases);
    assert_eq!((cases.len(), cases[1][0].as_str(), cases[1][2].as_str()), (2, "GJ1", "arrived"));
    world.desk.verify();
}

/// What the platform says of one copy.
fn copy(world: &World<'_>, platform: &StandIn, id: &str, state: &str) -> u64 {
    platform.write("copy-1.csv", &format!("数据标识,公示状态,公示截止日期\n{id},{state},\n"));
    world.look().differences
}

fn settled(world: &World<'_>, id: &str, keep: Keep) -> Result<(), AppError> {
    settle(&world.desk.service(world.today()), &world.acts, "核对人", (CHINA, id), (keep, "函2026-1"))
}

both_stores!(
    a_thousand_rows_over_a_bad_line_end_the_same_on_both_sides,
    what_ends_by_its_date_is_taken_down_there,
    a_process_that_dies_between_leaves_a_package_that_the_next_completes,
    a_file_that_cannot_be_read_is_told_and_changes_nothing,
    copies_that_differ_hide_what_has_ended_there_and_become_tasks,
    cases_of_the_window_come_in_once_with_their_number_there,
);
