//! Objections, complaints and replies of a demonstration, in every state there is: scripts of steps about penalties that are public
//! when they begin, each step taken on its day through the same use cases as any other. A run that was cut off goes on where it
//! stopped: what a case has already is not done again.

use super::paper::hand_in_specimen;
use crate::listing::Clerk;
use crate::objection::{Actor, Doing, Filing, file, step};
use crate::rulebook::PLATFORM_UNIT;
use crate::{AppError, Clock, Result, Writer};
use credence_domain::canonical::hex;
use credence_domain::objection::{Evidence, Matter};
use credence_domain::record::value::day_number;
use credence_domain::rulebook::Rulebook;
use credence_store::record::Stored;
use credence_store::scope::View;
use credence_store::{objection as kept, record, unit};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Value, json};

/// Who takes a step.
#[derive(Clone, Copy)]
enum Who {
    Party,
    Office,
    Owner,
    Third,
}

/// A step: so many days before today, by whom, what.
type Act = (i64, Who, &'static str);

/// What becomes of a case: its matter, the day of its filing, its steps.
type Way = (Matter, i64, &'static [Act]);

const PUSH: &str = r#"{"act":"push"}"#;
const UNFOUNDED: &str = r#"{"act":"check","found":"unfounded","text":"经核对原件，内容无误（示例）"}"#;
const REJECT: &str = r#"{"act":"decide","outcome":"rejected","reason":"经提供单位核查，内容无误（示例）"}"#;
const SERVE: &str = r#"{"act":"serve","delivery":{"mode":"post","on":"","proof":"邮件回执（示例）"}}"#;
const APPEAL: &str = r#"{"act":"appeal","ground":"未核对缴款凭证（示例）"}"#;

const WAYS: [Way; 15] = [
    (Matter::Objection, 2, &[(2, Who::Office, PUSH), (1, Who::Owner, UNFOUNDED), (1, Who::Office, REJECT)]),
    (Matter::Objection, 1, &[]),
    (Matter::Objection, 3, &[(2, Who::Office, PUSH), (1, Who::Owner, r#"{"act":"accept"}"#)]),
    (Matter::Objection, 20, &[(15, Who::Office, PUSH)]),
    (
        Matter::Objection,
        18,
        &[
            (17, Who::Office, PUSH),
            (15, Who::Owner, r#"{"act":"check","found":"right","text":"录入时遗漏，情况属实（示例）"}"#),
            (
                14,
                Who::Office,
                r#"{"act":"decide","outcome":"upheld","reason":"录入有误（示例）","corrections":[{"field":"CF_SY","value":"经异议核查更正的违法事实（示例）"}]}"#,
            ),
        ],
    ),
    (
        Matter::Objection,
        20,
        &[(19, Who::Office, PUSH), (18, Who::Owner, UNFOUNDED), (17, Who::Office, REJECT), (16, Who::Office, SERVE)],
    ),
    (
        Matter::Objection,
        9,
        &[
            (8, Who::Office, PUSH),
            (6, Who::Owner, UNFOUNDED),
            (5, Who::Office, REJECT),
            (5, Who::Office, SERVE),
            (4, Who::Party, APPEAL),
        ],
    ),
    (
        Matter::Objection,
        19,
        &[
            (18, Who::Office, PUSH),
            (17, Who::Owner, UNFOUNDED),
            (16, Who::Office, REJECT),
            (16, Who::Office, SERVE),
            (15, Who::Party, APPEAL),
            (14, Who::Office, r#"{"act":"refer","unit":""}"#),
            (
                10,
                Who::Third,
                r#"{"act":"decide_appeal","outcome":"partly","reason":"部分事实已经更正（示例）","note":"已在记录旁说明（示例）"}"#,
            ),
            (9, Who::Third, SERVE),
        ],
    ),
    (Matter::Objection, 12, &[(11, Who::Party, r#"{"act":"withdraw","reason":"已核对清楚（示例）"}"#)]),
    (
        Matter::Objection,
        16,
        &[
            (15, Who::Office, PUSH),
            (13, Who::Owner, r#"{"act":"check","found":"right","text":"处罚决定已被撤销（示例）","revoked_on":""}"#),
            (
                12,
                Who::Office,
                r#"{"act":"decide","outcome":"upheld","reason":"所依据的文书已撤销（示例）","withdraw":"撤销决定书（示例）"}"#,
            ),
        ],
    ),
    (Matter::Complaint, 3, &[]),
    (
        Matter::Complaint,
        14,
        &[
            (13, Who::Office, PUSH),
            (10, Who::Owner, r#"{"act":"check","found":"partly_right","text":"办理确有延误（示例）"}"#),
            (
                9,
                Who::Office,
                r#"{"act":"decide","outcome":"partly","reason":"办理确有延误（示例）","note":"已责令改正（示例）"}"#,
            ),
            (8, Who::Office, SERVE),
        ],
    ),
    (Matter::Reply, 10, &[(9, Who::Office, r#"{"act":"print"}"#)]),
    (Matter::Reply, 1, &[]),
    (Matter::Reply, 8, &[(7, Who::Office, r#"{"act":"refuse","reason":"含有对他人的指责（示例）"}"#)]),
];

/// How many cases go each way at least, where there are so many organisations with a penalty.
const EACH_WAY_MIN: usize = 2;
/// One more goes each way for so many such organisations: the cases grow with the province.
const ORGANISATIONS_A_CASE: usize = 100;
/// The first day on which something is filed, before today.
const FIRST_DAYS: i64 = 20;

/// The objections of a demonstration on their way.
pub struct Objections {
    today: Date,
    /// The organisation whose representative has an account: its record comes first.
    own: Option<String>,
    /// What is still to be done, last first: day, case, and which of its acts (0 is the filing).
    waiting: Option<Vec<(Date, usize, usize)>>,
    records: Vec<Stored>,
}

impl Objections {
    /// Of a demonstration that ends today.
    #[must_use]
    pub fn new(today: Date, own: Option<&str>) -> Self {
        Self { today, own: own.map(str::to_owned), waiting: None, records: Vec::new() }
    }

    fn day(&self, before: i64) -> Date {
        self.today.saturating_sub(before.days())
    }

    /// Takes every step that is due before a day, the clock standing on the day of each.
    ///
    /// # Errors
    /// What a step refuses, or a fault.
    pub fn until(&mut self, writer: &mut Writer, rulebook: &Rulebook, clock: &Clock, before: Date) -> Result<()> {
        if before <= self.day(FIRST_DAYS) {
            return Ok(());
        }
        let mut waiting = match self.waiting.take() {
            Some(waiting) => waiting,
            None => self.begin(writer)?,
        };
        while let Some((on, case, act)) = waiting.pop_if(|(on, ..)| *on < before) {
            if clock.today() < on {
                clock.move_to(on);
            }
            self.act(writer, rulebook, case, act)?;
        }
        self.waiting = Some(waiting);
        Ok(())
    }

    /// Chooses the penalties: public, and public for long enough.
    fn begin(&mut self, writer: &mut Writer) -> Result<Vec<(Date, usize, usize)>> {
        let (first, last) = (day_number(self.day(FIRST_DAYS + 30)), day_number(self.today) + 30);
        let mut found = Vec::new();
        record::each(writer.connection(), &View::office(self.today), |stored| {
            let public = stored.state == "accepted" && stored.from_on.is_some_and(|from| from <= first);
            if stored.item == "penalty" && public && stored.through_on.is_some_and(|through| last < through) {
                found.push(Stored { packed: None, ..stored });
            }
            Ok(())
        })?;
        let own = |stored: &Stored| Some(&stored.uscc) == self.own.as_ref();
        found.sort_by_key(|stored| !own(stored));
        // One case an organisation: each shows one thing.
        let mut seen = std::collections::BTreeSet::new();
        found.retain(|stored| stored.source != PLATFORM_UNIT && seen.insert(stored.uscc.clone()));
        let each_way = EACH_WAY_MIN.max(found.len() / ORGANISATIONS_A_CASE);
        found.truncate(WAYS.len() * each_way);
        self.records = found;
        let mut waiting = Vec::new();
        for (case, _) in self.records.iter().enumerate() {
            let Some((_, filed, acts)) = WAYS.get(case % WAYS.len()) else { continue };
            let days = std::iter::once(*filed).chain(acts.iter().map(|(day, ..)| *day));
            waiting.extend(days.enumerate().map(|(act, day)| (self.day(day), case, act)));
        }
        waiting.sort_unstable_by(|one, other| other.cmp(one));
        Ok(waiting)
    }

    fn act(&self, writer: &mut Writer, rulebook: &Rulebook, case: usize, act: usize) -> Result<()> {
        let (Some(stored), Some((matter, _, acts))) = (self.records.get(case), WAYS.get(case % WAYS.len())) else {
            return Ok(());
        };
        let on = writer.clock().today();
        let heads = kept::about(writer.connection(), &stored.uscc, &stored.identity)?;
        let head = heads.into_iter().find(|head| head.matter == *matter);
        let actor = |name: &str, unit: &str| Actor {
            clerk: Clerk { name: name.to_owned(), view: View::office(on) },
            unit: unit.to_owned(),
        };
        let Some((_, who, text)) = act.checked_sub(1).and_then(|at| acts.get(at)) else {
            if head.is_none() {
                let party = actor("demo-organisation", "");
                let mut asked = filing(*matter, stored)?;
                // Every second objection brings what it says as a file.
                if *matter == Matter::Objection && case.is_multiple_of(2) {
                    let (by, word) = (("demo-organisation", stored.uscc.as_str()), hex(&stored.reference));
                    let digest = hand_in_specimen(writer, rulebook, by, ("决定书", &word))?;
                    asked.evidence = vec![Evidence { name: "决定书.pdf".to_owned(), digest, file: true }];
                }
                file(writer, rulebook, &party, &asked)?;
            }
            return Ok(());
        };
        // A step that is there already, or whose case never came, is passed over.
        let Some(head) = head.filter(|head| usize::try_from(head.steps) == Ok(act)) else { return Ok(()) };
        let third = third(writer, &head.owner, on)?;
        let (name, unit) = match who {
            Who::Party => ("demo-organisation", ""),
            Who::Office => ("demo-office", PLATFORM_UNIT),
            Who::Owner => ("demo-clerk", head.owner.as_str()),
            Who::Third => ("demo-approver", third.as_str()),
        };
        let mut asked: Value = serde_json::from_str(text).map_err(bad)?;
        if asked.get("unit").is_some() {
            asked["unit"] = third.as_str().into();
        }
        if asked.get("revoked_on").is_some() {
            asked["revoked_on"] = self.day(30).to_string().into();
        }
        if let Some(delivery) = asked.get_mut("delivery") {
            delivery["on"] = on.to_string().into();
        }
        let doing: Doing = serde_json::from_value(asked).map_err(bad)?;
        match step(writer, rulebook, &actor(name, unit), &head.number, &doing) {
            // What the rules of today no longer take as a row stays as it is.
            Err(AppError::Refused { .. }) if matches!(doing, Doing::Decide(_) | Doing::Serve { .. }) => Ok(()),
            other => other.map(drop),
        }
    }
}

fn bad(error: serde_json::Error) -> AppError {
    AppError::refused("bad_parameter", "objection", error.to_string())
}

fn filing(matter: Matter, stored: &Stored) -> Result<Filing> {
    let (ground, contested) = match matter {
        Matter::Objection => ("违法事实的记载与决定书不一致（示例）", json!(["content"])),
        Matter::Complaint => ("申请核对后迟迟没有答复（示例）", json!(["handling"])),
        Matter::Reply => ("我单位已完成整改，并建立了自查制度（示例）。", json!([])),
    };
    let asked = json!({ "matter": matter, "record": hex(&stored.reference), "ground": ground, "contested": contested });
    serde_json::from_value(asked).map_err(bad)
}

/// A unit that has no part in a case.
fn third(writer: &mut Writer, owner: &str, on: Date) -> Result<String> {
    let units = unit::list(writer.connection(), on)?;
    let free = units.into_iter().find(|unit| unit.uscc != owner && unit.uscc != PLATFORM_UNIT);
    Ok(free.map(|unit| unit.uscc).unwrap_or_default())
}
