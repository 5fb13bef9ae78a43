//! What people try to do.

use super::model::{Batch, Expected, Key, NUMBER, Row, Said};
use super::rights;
use super::world::{FIRMS, NUMBERS, UNITS, World};
use credence_app::access::{self, Answer, Reason};
use credence_app::account::{self, Person};
use credence_app::batch::release;
use credence_app::collect::{self, Request};
use credence_app::consent::{self, Consenting};
use credence_app::review::claim;
use credence_app::review::withhold::{Finding, withhold};
use credence_app::review::{self, Decision};
use credence_app::{AppError, Result, directory, erasure, evaluation, key, subscription};
use credence_domain::access::{Action, Role};
use credence_domain::canonical::hex;
use credence_domain::record::Identity;
use credence_domain::record::claim::Opinion;
use credence_domain::record::secrecy::Ground;
use credence_domain::record::value::day_number;
use credence_domain::subject::Uscc;
use credence_store::batch;
use credence_testkit::province::Chance;
use serde_json::{Value, json};
use std::sync::Arc;

const REASON: &str = "示例理由";
const PURPOSES: [&str; 10] = [
    "approval",
    "supervision",
    "inspection",
    "listing",
    "repair",
    "objection",
    "data_quality",
    "audit",
    "investigation",
    "self",
];

/// A proposal that the world knows of.
#[derive(Clone, Debug)]
pub struct Asked {
    pub id: String,
    pub by: String,
    pub of: Of,
}

/// What was proposed.
#[derive(Clone, Debug)]
pub enum Of {
    Withdrawal(usize),
    Erasure(Key),
    Merge,
    Account,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Send,
    SendRegistration,
    SendWhatIsInNoList,
    ReleaseBatch,
    ReleaseRecord,
    Redact,
    Withhold,
    ProposeWithdrawal,
    ProposeErasure,
    ProposeMerge,
    Answer,
    ReadFile,
    Claim,
    EnterAccount,
    Key,
    Consent,
    Unit,
    Subscribe,
    Evaluate,
    Expire,
    PassDays,
}

/// Each act as often as it stands here.
const ACTS: [(Act, usize); 21] = [
    (Act::Send, 34),
    (Act::SendRegistration, 3),
    (Act::SendWhatIsInNoList, 2),
    (Act::ReleaseBatch, 5),
    (Act::ReleaseRecord, 2),
    (Act::Redact, 4),
    (Act::Withhold, 3),
    (Act::ProposeWithdrawal, 5),
    (Act::ProposeErasure, 1),
    (Act::ProposeMerge, 2),
    (Act::Answer, 9),
    (Act::ReadFile, 10),
    (Act::Claim, 4),
    (Act::EnterAccount, 2),
    (Act::Key, 2),
    (Act::Consent, 1),
    (Act::Unit, 1),
    (Act::Subscribe, 1),
    (Act::Evaluate, 6),
    (Act::Expire, 1),
    (Act::PassDays, 1),
];

/// Who decides whether somebody may.
#[derive(Clone, Copy, Debug)]
pub enum Gate {
    /// The route, by this action.
    Action(Action),
    /// Nobody but the office, at the machine.
    Machine,
    /// The use case itself.
    Itself,
}

pub fn choose(chance: &mut Chance) -> Act {
    let mut at = chance.below(ACTS.iter().map(|(_, weight)| weight).sum());
    for (act, weight) in ACTS {
        match at.checked_sub(weight) {
            Some(rest) => at = rest,
            None => return act,
        }
    }
    Act::Send
}

pub fn identity(authority: &str, number: &str, uscc: &str, decided_on: &str) -> Identity {
    Identity::of("penalty", [authority, number, uscc, decided_on])
}

impl Act {
    pub fn name(self) -> String {
        format!("{self:?}")
    }

    /// Whether it leaves an act whenever it is done: what is so already needs none.
    pub fn leaves_an_act(self) -> bool {
        matches!(
            self,
            Act::Redact
                | Act::ProposeWithdrawal
                | Act::ProposeErasure
                | Act::ProposeMerge
                | Act::Answer
                | Act::ReadFile
                | Act::Claim
                | Act::EnterAccount
                | Act::Key
                | Act::Consent
        )
    }

    pub fn gate(self) -> Gate {
        Gate::Action(match self {
            Act::Send | Act::SendRegistration | Act::SendWhatIsInNoList => Action::SendBatch,
            Act::ProposeWithdrawal | Act::ProposeMerge => Action::Propose,
            Act::ProposeErasure => Action::ProposeErasure,
            Act::EnterAccount => Action::ManageAccount,
            Act::Answer | Act::ReadFile | Act::PassDays => return Gate::Itself,
            _ => return Gate::Machine,
        })
    }
}

pub fn carry_out(world: &mut World<'_>, act: Act, person: &Person, at: &str) -> Result<()> {
    let today = world.today();
    let rulebook = Arc::clone(&world.rulebook);
    let decision = Decision { actor: &person.account.name, reason: REASON, secrecy_review: "审查员（示例）" };
    let firm = world.chance.below(FIRMS);
    let uscc = world.firms[firm].clone();
    let code = Uscc::parse(&uscc).unwrap();
    let any: Key = (firm, world.chance.below(NUMBERS));
    match act {
        Act::Send => send(world, person, any, at),
        Act::SendRegistration => {
            let name = format!("云海市示例{firm}{}有限公司", world.chance.pick(&["", "新", "旧"]));
            let row = json!({ "name": name, "uscc": uscc, "established": "2020-01-01" });
            import(world, 2, &row, None).map(drop)
        }
        Act::SendWhatIsInNoList => {
            let row = if world.chance.percent(50) {
                json!({ "传闻": "听说", "uscc": uscc })
            } else {
                let key = any;
                let mut row =
                    penalty(world, &Row { key, authority: 0, text: "x".into(), operation: "", reason: "" }, 0);
                row["CF_XDR_LB"] = "自然人".into();
                row
            };
            match import(world, 0, &row, None) {
                Ok((report, _)) => assert_eq!((report.counts.rejected, report.counts.read), (1, 1), "{at}"),
                Err(AppError::Refused { code: "item_not_recognised", .. }) => {}
                Err(error) => return Err(error),
            }
            Ok(())
        }
        Act::ReleaseBatch => {
            let Some(batch) = some_batch(world, |batch| batch.held) else { return Err(AppError::NotFound) };
            let number = world.model.batches[batch].number.clone();
            release::release(world.writer, &rulebook, &number, decision)?;
            assert!(world.model.batches[batch].held, "{at}: released what was not held");
            world.model.batches[batch].held = false;
            Ok(())
        }
        Act::ReleaseRecord => {
            let Some(stored) = world.stored(&any) else { return Err(AppError::NotFound) };
            let released = review::release(world.writer, &rulebook, &[hex(&stored.reference)], decision)?;
            let standing = world.model.facts.get_mut(&any).unwrap().versions.last_mut().unwrap();
            assert!(!standing.number, "{at}: {any:?} was let go with its number");
            assert_eq!(released.released + released.still_held, 1, "{at}");
            // Whoever answers for the secrecy review of the one record was named.
            standing.with_batch = false;
            Ok(())
        }
        Act::Redact => {
            let Some(stored) = world.stored(&any) else { return Err(AppError::NotFound) };
            review::redact(world.writer, &rulebook, &hex(&stored.reference), "CF_NR", decision)?;
            let fact = world.model.facts.get_mut(&any).unwrap();
            let standing = fact.versions.last_mut().unwrap();
            standing.number = false;
            Ok(())
        }
        Act::Withhold => {
            let Some(stored) = world.stored(&any) else { return Err(AppError::NotFound) };
            let fields = ["CF_SY".to_owned()];
            let finding = if world.chance.percent(50) {
                Finding::Lift
            } else {
                Finding::Withhold { ground: Ground::CommercialSecret, clause: "政府信息公开条例 十五" }
            };
            withhold(world.writer, &rulebook, (&hex(&stored.reference), &fields), finding, decision).map(drop)
        }
        Act::ProposeWithdrawal => {
            let Some(batch) = some_batch(world, |batch| !batch.withdrawn) else { return Err(AppError::NotFound) };
            let number = world.model.batches[batch].number.clone();
            let asked = access::propose_withdrawal(world.service, world.desk, person, &number, REASON)?;
            let (source, unit) = (UNITS[world.model.batches[batch].unit], person.account.unit.as_str());
            assert_eq!(source, unit, "{at}: without the owner's consent only its own");
            world.proposals.push(Asked { id: asked.id, by: person.account.name.clone(), of: Of::Withdrawal(batch) });
            Ok(())
        }
        Act::ProposeErasure => {
            let Some(stored) = world.stored(&any) else { return Err(AppError::NotFound) };
            let record = hex(&stored.reference);
            let request = erasure::Request { record: &record, clause: "court_order", uscc: Some(&uscc) };
            let asked = access::propose_erasure(world.service, world.desk, person, request, "生效裁判要求删除")?;
            world.proposals.push(Asked { id: asked.id, by: person.account.name.clone(), of: Of::Erasure(any) });
            Ok(())
        }
        Act::ProposeMerge => {
            let found = world.service.name_conflicts(&credence_app::View::office(today))?;
            let Some(found) = found.first() else { return Err(AppError::NotFound) };
            let asked = access::propose_merge(world.service, world.desk, person, (&found.uscc, &found.sent), REASON)?;
            world.proposals.push(Asked { id: asked.id, by: person.account.name.clone(), of: Of::Merge });
            Ok(())
        }
        Act::Answer => answer(world, person, at),
        Act::ReadFile => read_file(world, person, firm, at),
        Act::Claim => claims(world, any, code, decision),
        Act::EnterAccount => {
            let number = world.chance.number();
            let asked = account::Asked {
                account: format!("new-{number:x}"),
                role: world.chance.pick(&["clerk", "approver", "auditor", "office"]).to_owned(),
                holder: "示例人员".to_owned(),
                staff_number: format!("n{number:x}"),
                unit: UNITS[world.chance.below(2)].to_owned(),
                ends_on: None,
                reason: REASON.to_owned(),
            };
            let entered = account::enter(world.writer, &rulebook, &asked, &person.account.name)?;
            let by = person.account.name.clone();
            world.proposals.push(Asked { id: entered.proposal, by, of: Of::Account });
            Ok(())
        }
        Act::Key => {
            if let Some(number) = world.keys.pop().filter(|_| world.chance.percent(60)) {
                return key::revoke(world.writer, &rulebook, &number, &person.account.name, REASON).map(drop);
            }
            let unit = Uscc::parse(UNITS[world.chance.below(3)]).unwrap();
            let issued = {
                let by = (person.account.name.as_str(), None, REASON);
                key::issue(world.writer, &rulebook, &key::Wanted::whole(unit, None), by)?
            };
            world.keys.push(issued.view.number);
            Ok(())
        }
        Act::Consent => {
            // To a unit that nobody of this world belongs to: what it allows is another suite's.
            let what = Consenting { owner: UNITS[0], acting: UNITS[2], item: "penalty", ..Consenting::default() };
            let given = consent::give(world.writer, &rulebook, &what, &person.account.name, REASON)?;
            if world.chance.percent(50) {
                consent::end(world.writer, &rulebook, &given.number, &person.account.name, REASON)?;
            }
            Ok(())
        }
        Act::Unit => {
            let area = world.chance.pick(&["云海市", "青禾市"]).to_owned();
            let patch = directory::UnitPatch { area: Some(area), ..directory::UnitPatch::default() };
            let found = directory::find(world.writer, Uscc::parse(UNITS[2]).unwrap())?;
            let entry = found.ok_or(AppError::NotFound)?;
            directory::change(world.writer, &entry, &patch, Some(today), &rulebook).map(drop)
        }
        Act::Subscribe => {
            let unit = Uscc::parse(UNITS[1]).unwrap();
            if world.chance.percent(50) {
                subscription::begin(world.writer, &rulebook, unit, &person.account.name).map(drop)
            } else {
                subscription::end(world.writer, &rulebook, unit, &person.account.name).map(drop)
            }
        }
        Act::Evaluate => evaluation::evaluate_one(world.writer, &rulebook, &uscc),
        Act::Expire => erasure::expire::expire(world.writer, &rulebook, &person.account.name, None).map(drop),
        Act::PassDays => {
            world.pass_days();
            Ok(())
        }
    }
}

fn some_batch(world: &mut World<'_>, fits: impl Fn(&Batch) -> bool) -> Option<usize> {
    // Mostly a late one: early ones have long been settled.
    let all = world.model.batches.len();
    let from = if world.chance.percent(70) { all.saturating_sub(30) } else { 0 };
    let found: Vec<usize> = (from..all).filter(|at| fits(&world.model.batches[*at])).collect();
    world.chance.one(&found).copied()
}

/// Decisions of each number of a year ago and later, so that some of them end while the world goes on.
pub fn decided_on(key: &Key) -> String {
    format!("2025-{:02}-10", 5 + key.1)
}

fn penalty(world: &World<'_>, row: &Row, unit: usize) -> Value {
    let (uscc, authority) = (&world.firms[row.key.0], UNITS[row.authority]);
    let name = |unit: usize| format!("云海市示例单位{unit}");
    // Some departments do not know an organisation by its right name.
    let firm = match row.key {
        (firm, number) if firm % 4 == 0 => format!("云海市示例{firm}第{number}公司"),
        (firm, _) => format!("云海市示例{firm}有限公司"),
    };
    json!({
        "CF_XDR_MC": firm, "CF_XDR_LB": "法人及非法人组织", "CF_XDR_SHXYM": uscc,
        "CF_FRDB": "王示一", "CF_WSH": World::number(&row.key), "CF_WFXW": "超标排放污染物", "CF_SY": "排放口超过标准",
        "CF_YJ": "《排污许可管理条例》第三十四条", "CF_CFLB": "罚款", "CF_NR": row.text, "CF_NR_FK": "5.5",
        "CF_JDRQ": decided_on(&row.key), "CF_YXQ": "2099-12-31", "CF_CFJG": name(row.authority), "CF_CFJGDM": authority,
        "CF_SJLY": name(unit), "CF_SJLYDM": UNITS[unit], "操作": row.operation, "操作理由": row.reason,
    })
}

fn import(world: &mut World<'_>, unit: usize, row: &Value, item: Option<&str>) -> Result<(collect::Report, usize)> {
    let path = world.folder.path().join("row.jsonl");
    std::fs::write(&path, format!("{row}\n"))?;
    let request = Request {
        path,
        source: Uscc::parse(UNITS[unit]).unwrap(),
        item: item.map(str::to_owned),
        rejects: None,
        dry_run: false,
        secrecy_review: String::new(),
        channel: "cli",
        instruction: None,
        window_bytes: credence_app::collect::WINDOW_BYTES,
    };
    let rulebook = Arc::clone(&world.rulebook);
    let report = collect::import(world.writer, &rulebook, &request, &mut |_| {})?;
    let found = batch::find(world.writer.connection(), &report.batch)?.expect("the batch");
    let held = found.state == "held";
    assert_eq!(held, unit == 1, "a unit without a declaration waits");
    world.model.batches.push(Batch { number: report.batch.clone(), unit, held, withdrawn: false });
    Ok((report, world.model.batches.len() - 1))
}

fn send(world: &mut World<'_>, person: &Person, key: Key, at: &str) -> Result<()> {
    let unit = UNITS.iter().position(|unit| *unit == person.account.unit).expect("a sending unit");
    let (operation, reason) = match world.chance.below(10) {
        0..5 => ("", ""),
        5 => ("i", ""),
        6..8 => ("u", ""),
        8 => ("d", REASON),
        _ => ("d", ""),
    };
    let number = if world.chance.percent(12) { format!("，电话{NUMBER}") } else { String::new() };
    let text = format!("处以罚款{}{number}", world.chance.below(4));
    let row = Row { key, authority: key.1 % 2, text, operation, reason };
    let now = day_number(world.today());
    let over = world.stored(&key).and_then(|stored| stored.through_on).is_some_and(|last| last < now);
    let expected = world.model.expect(unit, &row, over);
    let sheet = penalty(world, &row, unit);
    let before = world.acts();
    let (report, batch) = import(world, unit, &sheet, Some("penalty"))?;
    let grew = world.acts() > before;
    let counts = report.counts;
    let found = match (counts.accepted, counts.withdrawn, counts.corrected, counts.unchanged) {
        (1, 0, 0, 0) => Expected::Accepted,
        (0, 1, 1, 0) => Expected::Withdrawn,
        (0, 0, 1, 0) => Expected::Corrected,
        (0, 0, 0, 1) => Expected::Unchanged,
        _ => {
            let mut codes = Vec::new();
            let id = batch::find(world.writer.connection(), &report.batch)?.expect("the batch").id;
            batch::each_rejected(world.writer.connection(), &id, |one| {
                codes.push(one.code);
                Ok(())
            })?;
            assert_eq!((counts.read, counts.rejected, codes.len()), (1, 1, 1), "{at}: {row:?}");
            match &expected {
                Expected::Rejected(code) if codes[0] == *code => expected.clone(),
                other => {
                    let fact = world.model.facts.get(&key);
                    panic!("{at}: {row:?} of unit {unit}: rejected {codes:?}, expected {other:?}: {fact:?}")
                }
            }
        }
    };
    assert_eq!(found, expected, "{at}: {row:?} of unit {unit}, over {over}: {:?}", world.model.facts.get(&key));
    let changes = matches!(found, Expected::Accepted | Expected::Corrected | Expected::Withdrawn);
    assert!(grew || !changes, "{at}: {row:?} came to {found:?} without an act");
    world.model.take(unit, batch, &row, over);
    Ok(())
}

fn answer(world: &mut World<'_>, person: &Person, at: &str) -> Result<()> {
    if world.proposals.is_empty() {
        return Err(AppError::NotFound);
    }
    let open = world.proposals.len();
    let number = world.chance.below(open);
    let asked = world.proposals[number].clone();
    let approve = world.chance.percent(80);
    let said = Answer { approve, reason: REASON.to_owned() };
    access::answer(world.service, world.desk, person, &asked.id, &said)?;
    assert_ne!(asked.by, person.account.name, "{at}: one person alone");
    let needed = match asked.of {
        Of::Account => Action::SecondRight,
        Of::Erasure(_) => Action::SecondErasure,
        _ => Action::SecondRecord,
    };
    assert!(rights::may(person.role, needed), "{at}: {} answered {asked:?}", person.role.code());
    world.proposals.swap_remove(number);
    match asked.of {
        Of::Withdrawal(batch) if approve => world.model.withdraw(batch),
        Of::Erasure(key) if approve => world.model.facts.get_mut(&key).expect("a fact").erased = true,
        _ => {}
    }
    Ok(())
}

fn read_file(world: &mut World<'_>, person: &Person, firm: usize, at: &str) -> Result<()> {
    // A representative asks for his own half of the time.
    let firm = if person.role == Role::Organisation && world.chance.percent(50) { firm % 2 } else { firm };
    let uscc = world.firms[firm].clone();
    let case_number = if world.chance.percent(60) { "案〔2026〕1号".to_owned() } else { String::new() };
    let purpose = world.chance.pick(&PURPOSES).to_owned();
    let may = rights::may_read(person.role, &purpose, !case_number.is_empty());
    let his = person.role != Role::Organisation || person.organisations.contains(&uscc);
    let reason = Reason { purpose: purpose.clone(), case_number };
    let read = world.service.read_file(world.desk, person, &uscc, &reason);
    let who = format!("{at}: {} for {purpose} of {uscc}", person.role.code());
    match &read {
        Ok(_) => assert!(may && his, "{who} was shown something"),
        Err(AppError::Refused { code: "forbidden" | "case_required", .. }) => {
            assert!(!may || !his, "{who} was refused")
        }
        Err(AppError::NotFound) => assert!(may && his, "{who} was told something"),
        Err(error) => panic!("{who}: {error}"),
    }
    read.map(drop)
}

fn claims(world: &mut World<'_>, key: Key, claimant: Uscc, decision: Decision<'_>) -> Result<()> {
    let rulebook = Arc::clone(&world.rulebook);
    let some = world.chance.below(world.claims.len().max(1));
    let Some(number) = world.claims.get(some).cloned().filter(|_| world.chance.percent(70)) else {
        let Some(stored) = world.stored(&key) else { return Err(AppError::NotFound) };
        let standing = matches!(world.model.facts[&key].standing().said, Said::Text(_));
        let fields = ["CF_SY".to_owned()];
        let filed = claim::file(world.writer, &rulebook, (&hex(&stored.reference), &fields), claimant, decision)?;
        assert!(standing, "a claim on what does not stand");
        world.claims.push(filed.number);
        return Ok(());
    };
    match world.chance.below(3) {
        0 => claim::seek(world.writer, &rulebook, &number, "某协作单位", decision).map(drop),
        1 => claim::hear(world.writer, &rulebook, &number, Opinion::Objects, decision).map(drop),
        _ => {
            let upheld = world.chance.percent(50).then_some("政府信息公开条例 十五");
            claim::decide(world.writer, &rulebook, &number, upheld, decision)?;
            world.claims.swap_remove(some);
            Ok(())
        }
    }
}
