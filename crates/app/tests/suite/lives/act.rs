//! Acts by chance: tried with the register, and where they are done taken in by the model, which says that they might be.

use super::model::{Fact, Listing, Repair, Single};
use super::world::World;
use super::{objection, revocation};
use crate::desk::{EXPORT, OFFICE, SECOND, with_paper};
use credence_app::AppError;
use credence_app::collect;
use credence_app::listing::{self, Doing as OfListing, Proposing};
use credence_app::measure::{self, Beginning};
use credence_app::repair::{self, Applying, Doing};
use credence_domain::listing::{Delivery, Filed, Findings, Outcome, RemedyKind};
use credence_domain::record::{Instruction, Operation};
use credence_domain::repair::{Applicant, Paper, Plan, PlanKind, Ruling};
use credence_domain::subject::Uscc;
use credence_testkit::province::Chance;
use jiff::civil::{Date, date};

pub const KINDS: usize = 30;

/// Nobody applies before the minimum of a general penalty of 30 April 2026 is over, nor of a serious one before its own.
const REPAIR_FROM: Date = date(2026, 7, 31);
/// What the list of this organ may use; the rest is another's, or nobody's.
const MEASURES: [(&str, bool); 5] = [
    ("no_commitment_procedure", true),
    ("key_supervision_market_regulation", true),
    ("tax_grade_d", false),
    ("bidding_bar", false),
    ("made_up", false),
];

/// What was done: its kind, and the firm.
pub type Done = Option<(usize, usize)>;

/// Tries one act. What is refused must be refused by a rule, never by a fault.
pub fn act(world: &mut World<'_>) -> Done {
    match world.chance.below(24) {
        0 | 1 => propose(world),
        2..=6 => of_listing(world),
        7 => withdraw(world),
        8 => match world.chance.below(4) {
            0 => outside_the_list(world),
            1 => single(world),
            2 => objection::object(world),
            _ => objection::answer(world),
        },
        9..=11 => apply(world),
        20..=23 => revocation::act(world),
        _ => of_repair(world),
    }
}

/// One of them, mostly one that stands.
pub fn choose<T>(chance: &mut Chance, from: &[T], stands: impl Fn(&T) -> bool) -> Option<usize> {
    let standing: Vec<usize> = (0..from.len()).filter(|at| stands(&from[*at])).collect();
    match chance.percent(85) {
        true => chance.one(&standing).copied(),
        false => Some(chance.below(from.len())).filter(|_| !from.is_empty()),
    }
}

pub fn tried<T>(done: Result<T, AppError>) -> Option<T> {
    match done {
        Ok(done) => Some(done),
        Err(AppError::Refused { .. } | AppError::NotFound) => None,
        Err(fault) => panic!("{fault}"),
    }
}

fn propose(world: &mut World<'_>) -> Done {
    let (base, by) = (world.chance.below(world.model.facts.len()), world.chance.below(4));
    let fact = world.model.facts[base].clone();
    let clerk = world.clerk(by);
    let asked = Proposing {
        list: "market_regulation".to_owned(),
        criterion: 3,
        uscc: world.firms[fact.firm].clone(),
        unit: OFFICE.to_owned(),
        facts: "产品质量严重不合格".to_owned(),
        records: vec![fact.id.clone()],
        ordered: String::new(),
        papers: Vec::new(),
    };
    let desk = &mut world.desk;
    let case = tried(listing::propose(&mut desk.writer, &desk.rulebook, &clerk, &asked))?;
    assert!(fact.heavy && !fact.fallen && !fact.repaired, "a listing rests on what may carry it: {fact:?}");
    let used = world.model.listings.iter().find(|one| one.base == base);
    assert!(used.is_none(), "what has carried a case carries no second one: {used:?}");
    world.model.listings.push(Listing {
        number: case.head.number,
        firm: fact.firm,
        base,
        entry: None,
        by,
        served: None,
        waived: false,
        state: "open",
        filed: false,
        filed_by: None,
        stayed: false,
        measures: 0,
    });
    Some((0, fact.firm))
}

fn of_listing(world: &mut World<'_>) -> Done {
    let standing = |listing: &Listing| listing.state != "over";
    let at = choose(&mut world.chance, &world.model.listings, standing)?;
    let listing = world.model.listings[at].clone();
    let (by, on) = (world.chance.below(4), world.today());
    let number = "复1号".to_owned();
    // Mostly what comes next, so that lives are long; sometimes anything.
    let next: &[usize] = match listing.state {
        "open" if listing.served.is_none() => &[1],
        "open" => &[2, 3, 4, 9],
        _ if !listing.filed => &[5],
        _ if listing.stayed => &[7, 8],
        _ => &[6, 8],
    };
    let kind = if world.chance.percent(70) { next[world.chance.below(next.len())] } else { 1 + world.chance.below(9) };
    let mut measures = Vec::new();
    let doing = match kind {
        1 => {
            let proof = "送达回证（示例）".to_owned();
            let delivery = Delivery { mode: "direct".to_owned(), on, proof, consent: String::new() };
            OfListing::Serve { letter: None, delivery }
        }
        2 => OfListing::Waive { on, proof: "放弃声明（示例）".to_owned() },
        3 | 4 => {
            measures = MEASURES.into_iter().filter(|_| world.chance.percent(35)).collect::<Vec<_>>();
            let harm = if world.chance.percent(10) { " " } else { "多人受害" };
            let [nature, circumstances, harm] = ["明知故犯", "持续半年", harm].map(str::to_owned);
            let findings = Findings { nature, circumstances, harm };
            let codes = measures.iter().map(|(code, _)| (*code).to_owned()).collect();
            OfListing::List { findings, measures: codes, consent: String::new() }
        }
        5 => {
            let filed = Filed { kind: RemedyKind::Reconsideration, number, body: "示例人民政府".to_owned(), on };
            OfListing::FileRemedy { filed }
        }
        6 => OfListing::Stay { number, on },
        7 => OfListing::LiftStay { number, on },
        // The ends are rare, or nothing else would ever be tried.
        8 if world.chance.percent(10) => OfListing::DecideRemedy { number, on, outcome: Outcome::Revoked },
        9 if world.chance.percent(20) => OfListing::Dismiss { reason: "证据不足（示例）".to_owned() },
        _ => return None,
    };
    let clerk = world.clerk(by);
    let bare = world.chance.percent(10);
    let (desk, firm) = (&mut world.desk, listing.firm);
    let mut taken = with_paper(&doing);
    // A paper is forgotten now and then.
    if bare {
        taken.papers.clear();
    }
    let case = tried(listing::step_citing(&mut desk.writer, &desk.rulebook, &clerk, &listing.number, &taken))?;
    assert!(
        !bare || with_paper(&doing).papers.is_empty(),
        "staff enter no ruling and no waiver without its paper: {doing:?}"
    );
    let of_filing = doing.ruled_on().is_some();
    assert!(!of_filing || listing.filed_by != Some(by), "whoever filed does not say what was ruled: {listing:?}");
    let model = &mut world.model;
    // The letter of the end is served too, and who was listed may still ask whether that was right; what was pending then goes on.
    let after = match doing {
        OfListing::Serve { .. } => true,
        OfListing::FileRemedy { .. } | OfListing::LiftStay { .. } | OfListing::DecideRemedy { .. } => {
            listing.entry.is_some()
        }
        _ => false,
    };
    assert!(after || listing.state != "over", "what is over is not opened again: {listing:?} {doing:?}");
    match doing {
        OfListing::Serve { .. } => {
            model.listings[at].served.get_or_insert(on);
        }
        OfListing::Waive { .. } => {
            assert!(listing.served.is_some(), "nobody gives up what he was not told: {listing:?}");
            assert!(by != listing.by, "his own proposal: {listing:?}");
            model.listings[at].waived = true;
        }
        OfListing::List { findings, .. } => {
            let served = listing.served.expect("never a listing without service");
            let days = (on - served).get_days();
            assert!(listing.waived || days > 5, "decided while there was time to answer: {listing:?}");
            assert!(by != listing.by, "his own proposal: {listing:?}");
            assert!(
                measures.iter().all(|(_, of_the_list)| *of_the_list),
                "never a measure outside the list: {measures:?}"
            );
            assert!(!findings.harm.trim().is_empty(), "each of the three findings");
            let (id, through_on) = (case.record.expect("an entry"), case.public_through_on.expect("an end"));
            assert!(on < through_on && (through_on - on).get_days() <= 3 * 366, "a term: {through_on}");
            model.facts.push(Fact {
                id,
                firm,
                number: String::new(),
                heavy: false,
                through_on,
                fallen: false,
                repaired: false,
            });
            let entry = Some(model.facts.len() - 1);
            let listing = &mut model.listings[at];
            (listing.state, listing.entry, listing.measures) = ("listed", entry, measures.len());
        }
        OfListing::FileRemedy { .. } => (model.listings[at].filed, model.listings[at].filed_by) = (true, Some(by)),
        OfListing::Stay { .. } => {
            assert!(listing.filed && listing.state == "listed" && !listing.stayed, "{listing:?}");
            model.listings[at].stayed = true;
        }
        OfListing::LiftStay { .. } => {
            assert!(listing.stayed || listing.state == "over", "{listing:?}");
            model.listings[at].stayed = false;
        }
        OfListing::DecideRemedy { .. } => {
            assert!(listing.filed, "{listing:?}");
            model.delist(at);
        }
        _ => {
            assert!(by != listing.by && listing.state == "open", "{listing:?}");
            model.delist(at);
        }
    }
    Some((kind, firm))
}

/// The owner takes a penalty back: everything that rests on it falls in the same act.
fn withdraw(world: &mut World<'_>) -> Done {
    let at = world.chance.below(world.model.facts.len());
    let fact = world.model.facts[at].clone();
    if fact.number.is_empty() || world.chance.percent(70) {
        return None;
    }
    let mut row = crate::desk::penalty(&world.firms[fact.firm], &fact.number);
    row.insert("CF_XDR_MC", format!("云海市示例{}有限公司", fact.firm));
    let desk = &mut world.desk;
    let path = desk.store.folder.join("back.csv");
    std::fs::write(&path, desk.sheet(vec![row], EXPORT)).unwrap();
    let request = collect::Request {
        path,
        source: Uscc::parse(OFFICE).unwrap(),
        item: None,
        rejects: None,
        dry_run: false,
        secrecy_review: desk.secrecy_review.clone(),
        channel: "cli",
        instruction: Some(Instruction { operation: Operation::Withdraw, reason: "处罚决定已撤销".into() }),
        window_bytes: credence_app::collect::WINDOW_BYTES,
    };
    let report = collect::import(&mut desk.writer, &desk.rulebook, &request, &mut |_| {}).unwrap();
    if report.counts.withdrawn == 0 {
        return None;
    }
    assert!(!fact.fallen && !fact.repaired, "{fact:?}");
    world.model.fall(at);
    Some((10, fact.firm))
}

/// A measure that no decision of this body carries is begun by nobody.
fn outside_the_list(world: &mut World<'_>) -> Done {
    let at = world.chance.below(world.model.facts.len());
    let (code, _) = MEASURES[world.chance.below(MEASURES.len())];
    let beginning = Beginning {
        measure: code.to_owned(),
        behaviour: "bid_rigging".to_owned(),
        record: world.model.facts[at].id.clone(),
        unit: OFFICE.to_owned(),
        through_on: None,
    };
    let clerk = world.clerk(0);
    let desk = &mut world.desk;
    let done = tried(measure::begin(&mut desk.writer, &desk.rulebook, &clerk, &beginning));
    assert!(done.is_none(), "{code} is of another body, of a listing, or of no list");
    Some((11, world.model.facts[at].firm))
}

/// A measure that a decision of this body carries, under its own law.
fn single(world: &mut World<'_>) -> Done {
    let revokes = |fact: &Fact| fact.number.ends_with("8号");
    let at = choose(&mut world.chance, &world.model.facts, revokes)?;
    let fact = world.model.facts[at].clone();
    let beginning = Beginning {
        measure: "h1_011".to_owned(),
        behaviour: "food_licence_revoked".to_owned(),
        record: fact.id.clone(),
        unit: OFFICE.to_owned(),
        through_on: None,
    };
    let (clerk, on) = (world.clerk(0), world.today());
    let public = world.model.is_public(at, on);
    let desk = &mut world.desk;
    let begun = tried(measure::begin(&mut desk.writer, &desk.rulebook, &clerk, &beginning))?;
    let model = &mut world.model;
    assert!(public && revokes(&fact), "a decision in force that revoked a licence: {fact:?}");
    assert!(!model.singles.iter().any(|one| one.fact == at && !one.ended), "twice the same measure: {fact:?}");
    model.singles.push(Single { number: begun.head.number, fact: at, ended: false });
    Some((23, fact.firm))
}

fn ruling(made_on: Date) -> Ruling {
    Ruling { court: "示例市中级人民法院".to_owned(), number: "（2026）示破1号".to_owned(), made_on }
}

fn apply(world: &mut World<'_>) -> Done {
    // Shielded ones are among them more often, or nobody would go on from a shield.
    let shielded = world.model.repairs.iter().filter(|one| one.state == "shielded").map(|one| one.fact);
    let shielded: Vec<usize> = shielded.collect();
    let any = world.chance.below(world.model.facts.len());
    let fact = world.chance.one(&shielded).copied().filter(|_| any.is_multiple_of(3)).unwrap_or(any);
    let (by, on) = (world.chance.below(4), world.today());
    let goes_on = if shielded.contains(&fact) { 60 } else { 10 };
    let [plan, completed, paper] = [40, goes_on, 50].map(|share| world.chance.percent(share));
    let plan_of = |kind| Plan { kind, approved: ruling(on), applicant: Applicant::Enterprise };
    let clauses: &[&str] = match world.chance.percent(90) {
        true => &["performed", "truth", "lawful", "supervision", "punishment"],
        false => &["performed", "truth"],
    };
    let asked = Applying {
        record: world.model.facts[fact].id.clone(),
        channel: if paper { "paper" } else { "" }.to_owned(),
        reference: if paper { "窗1号".to_owned() } else { String::new() },
        window_on: None,
        arrived_on: None,
        rectified: "已整改（示例）".to_owned(),
        papers: vec![Paper {
            kind: "proof".to_owned(),
            number: "凭证（示例）".to_owned(),
            digest: String::new(),
            file: false,
        }],
        clauses: clauses.iter().map(|code| (*code).to_owned()).collect(),
        signed_on: Some(on),
        plan: plan.then(|| plan_of(PlanKind::Settlement)),
        completed: (completed && !plan).then(|| ruling(on)),
    };
    let unit = if paper { OFFICE } else { "" };
    let (clerk, public, open) = (world.clerk(by), world.model.is_public(fact, on), world.model.open(fact));
    let desk = &mut world.desk;
    let case = tried(repair::apply(&mut desk.writer, &desk.rulebook, (&clerk, unit), &asked))?;
    let model = &mut world.model;
    let (shield, about) = (open.filter(|at| model.repairs[*at].state == "shielded"), &model.facts[fact]);
    let barred = model.repairs.iter().any(|one| one.fact == fact && one.state == "revoked");
    assert!(!barred, "nobody applies within three years of false papers");
    let kind = if plan {
        assert!(public && open.is_none(), "what nobody sees needs no shield: {about:?}");
        13
    } else if completed {
        let shield = shield.expect("a shield from which it goes on");
        assert!(model.repairs[shield].revoking.is_none(), "nothing goes on while it is to be revoked");
        model.repairs[shield].state = "completed";
        14
    } else {
        assert!(public && open.is_none(), "{about:?}");
        12
    };
    assert!(plan || (REPAIR_FROM <= on && clauses.len() == 5 && !about.number.is_empty()), "{about:?} on {on}");
    // What came on paper goes over the window too, but at a market regulator and for a shield.
    let state = if paper && (plan || model.market) { "arrived" } else { "applied" };
    let parts = vec![by];
    let number = case.head.number;
    let firm = about.firm;
    model.repairs.push(Repair {
        number,
        fact,
        plan,
        followed: completed && !plan,
        state,
        parts,
        asked: false,
        revoking: None,
    });
    Some((kind, firm))
}

fn of_repair(world: &mut World<'_>) -> Done {
    let at = choose(&mut world.chance, &world.model.repairs, Repair::is_open)?;
    let case = world.model.repairs[at].clone();
    let (by, on) = (world.chance.below(4), world.today());
    let next: &[usize] = match case.state {
        "applied" => &[0],
        "arrived" if case.plan => &[7],
        "arrived" => &[2, 4, 4],
        "wanting" => &[3],
        "accepted" => &[5],
        _ => &[8],
    };
    let chosen = if world.chance.percent(70) { next[world.chance.below(next.len())] } else { world.chance.below(10) };
    let (kind, doing, next) = match chosen {
        0 | 1 => (15, Doing::Push { opinion: "材料齐全".to_owned() }, "arrived"),
        2 => (16, Doing::AskPapers { missing: vec!["凭证原件".to_owned()] }, "wanting"),
        3 => {
            let paper =
                Paper { kind: "proof".to_owned(), number: "原件".to_owned(), digest: String::new(), file: false };
            (16, Doing::Supplement { papers: vec![paper] }, "arrived")
        }
        4 => (17, Doing::Accept {}, "accepted"),
        5 | 6 => (
            18,
            Doing::Grant { findings: "属实（示例）".to_owned(), conditions: crate::repairs::every_condition() },
            "granted",
        ),
        7 => (19, Doing::Shield { findings: "影响重整融资（示例）".to_owned(), kept: Vec::new() }, "shielded"),
        8 => match world.chance.below(4) {
            0 => (20, Doing::PlanFailed { ruling: ruling(on) }, "restored"),
            1 => (20, Doing::PlanCompleted { ruling: ruling(on) }, "completed"),
            2 => (21, Doing::Withdraw { reason: String::new() }, "withdrawn"),
            _ => {
                let next = if case.state == "accepted" { "refused" } else { "not_accepted" };
                (21, Doing::Refuse { reason: "尚未履行（示例）".to_owned() }, next)
            }
        },
        _ => return None,
    };
    let unit = match &doing {
        Doing::Supplement { .. } | Doing::Withdraw { .. } => "",
        _ if world.chance.percent(8) => SECOND,
        _ => OFFICE,
    };
    let clerk = world.clerk(by);
    let desk = &mut world.desk;
    tried(repair::step(&mut desk.writer, &desk.rulebook, (&clerk, unit), &case.number, &doing))?;
    let apart = !case.parts.contains(&by);
    let model = &mut world.model;
    let fact = &mut model.facts[case.fact];
    let allowed = match &doing {
        Doing::Push { .. } => case.state == "applied",
        Doing::AskPapers { .. } => case.state == "arrived" && !case.asked,
        Doing::Supplement { .. } => case.state == "wanting",
        Doing::Accept {} => case.state == "arrived" && !case.plan,
        Doing::Grant { .. } => case.state == "accepted" && apart && on <= fact.through_on,
        Doing::Shield { .. } => case.state == "arrived" && case.plan && apart,
        Doing::PlanFailed { .. } | Doing::PlanCompleted { .. } => case.state == "shielded",
        Doing::Refuse { .. } => matches!(case.state, "arrived" | "wanting" | "accepted") && apart,
        Doing::Withdraw { .. } => case.is_open(),
        // Those of a revocation are tried elsewhere.
        _ => false,
    };
    assert!(allowed, "{doing:?} by {by} on {on}: {case:?}");
    let goes_on = matches!(
        doing,
        Doing::Push { .. }
            | Doing::AskPapers { .. }
            | Doing::Supplement { .. }
            | Doing::Accept {}
            | Doing::Extend { .. }
    );
    assert!(goes_on || case.revoking.is_none(), "nothing is decided while it is to be revoked: {doing:?}");
    let of_another = unit == SECOND && !matches!(doing, Doing::Push { .. });
    assert!(!of_another, "who decided repairs, and nobody else: {doing:?}");
    fact.repaired |= matches!(doing, Doing::Grant { .. });
    let firm = fact.firm;
    if matches!(doing, Doing::Grant { .. }) {
        model.end_singles(case.fact);
    }
    let case = &mut model.repairs[at];
    case.asked |= matches!(doing, Doing::AskPapers { .. });
    if matches!(doing, Doing::Push { .. } | Doing::Accept {}) {
        case.parts.push(by);
    }
    case.state = next;
    if next == "granted" {
        // An entry leaves its list with its repair, and its measures end.
        let entry = model.repairs[at].fact;
        if let Some(listing) = model.listings.iter().position(|listing| listing.entry == Some(entry)) {
            model.listings[listing].state = "over";
        }
    }
    Some((kind, firm))
}
