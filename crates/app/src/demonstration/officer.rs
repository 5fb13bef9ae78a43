//! Responsible persons of a demonstration's listings: once an organisation is listed, its legal representative's term is entered and
//! his case goes one of several ways; for one organisation in four the unit says that it is a state enterprise. What rests,
//! ends or is shortened with the listing does so by itself. All names are synthetic.

use crate::listing::{Clerk, show as show_listing};
use crate::officer::{Doing, Entering, Informing, Proposing, enter, inform, propose, step};
use crate::{Result, Writer};
use credence_domain::listing::Delivery;
use credence_domain::objection::Evidence;
use credence_domain::officer::{Because, Role};
use credence_domain::rulebook::Rulebook;
use credence_domain::rulebook::procedure::Above;
use credence_store::officer as kept;
use credence_store::scope::View;
use jiff::ToSpan;
use jiff::civil::Date;

const NAMES: [&str; 6] = ["示甲一", "示乙二", "示丙三", "示丁四", "示戊五", "示己六"];

/// Does what is done about the persons of a listing on the day on which it was decided; what was done already is not done again.
///
/// # Errors
/// What a step refuses, or a fault.
pub(super) fn hold_to_account(
    writer: &mut Writer,
    rulebook: &Rulebook,
    (uscc, listing, turn): (&str, &str, usize),
    on: Date,
) -> Result<()> {
    let view = View::office(on);
    let case = show_listing(writer.connection(), &view, listing)?;
    let grounds = rulebook.liabilities.values().filter_map(|one| Some((one, one.version_on(on)?)));
    let mut grounds = grounds.filter(|(_, version)| version.lists.contains(&case.head.list));
    let found =
        grounds.find(|(_, version)| version.kinds.is_empty() && version.roles.contains(&Role::LegalRepresentative));
    let Some((ground, _)) = found.filter(|_| case.public) else { return Ok(()) };
    if !kept::resting_on(writer.connection(), uscc, listing)?.is_empty() {
        return Ok(());
    }
    let unit = case.head.unit.clone();
    let (proposer, witness, decider) = ("demo-officer-proposer", "demo-officer-clerk", "demo-officer-decider");
    let clerk = |name: &str| Clerk { name: name.to_owned(), view: View::office(on) };
    let ago = |days: i64| case.head.opened_on.saturating_sub(days.days());
    let term = Entering {
        uscc: uscc.to_owned(),
        unit: unit.clone(),
        role: Role::LegalRepresentative,
        name: NAMES.get(turn % NAMES.len()).copied().unwrap_or("示例").to_owned(),
        identity_number: String::new(),
        from_on: ago(2000),
        through_on: None,
        evidence: "登记档案（示例）".to_owned(),
    };
    let term = enter(writer, rulebook, &clerk(proposer), &term)?.head.number;
    let asked = Proposing {
        listing: listing.to_owned(),
        term,
        unit: unit.clone(),
        conduct_from_on: ago(200),
        conduct_through_on: ago(120),
        facts: "决定并组织实施有关行为（示例）".to_owned(),
        ground: ground.code.clone(),
    };
    let number = propose(writer, rulebook, &clerk(proposer), &asked)?.head.number;
    let delivery =
        Delivery {
            mode: "direct".to_owned(), on, proof: "送达回证（示例）".to_owned(), consent: String::new()
        };
    let serve = || Doing::Serve { letter: None, delivery: delivery.clone() };
    let paper = Evidence { name: "放弃声明（示例）.pdf".to_owned(), digest: "0".repeat(63) + "1", file: false };
    let waive = || Doing::Waive { on, proof: "书面声明（示例）".to_owned(), paper: Some(paper.clone()) };
    let decide = || Doing::Decide { reason: "其直接决定有关行为，应当承担责任（示例）".to_owned() };
    let ways = match turn % 5 {
        0 => vec![
            (proposer, serve()),
            (witness, waive()),
            (decider, decide()),
            (proposer, serve()),
            (proposer, Doing::HandOver { number: "示回〔2026〕1号".to_owned(), on }),
        ],
        1 => vec![(proposer, serve()), (witness, waive()), (decider, decide())],
        2 => vec![
            (proposer, serve()),
            (witness, waive()),
            (decider, Doing::Dismiss { reason: "其当时未参与决定（示例）".to_owned() }),
        ],
        3 => vec![(proposer, serve())],
        _ => Vec::new(),
    };
    for (by, doing) in &ways {
        step(writer, rulebook, &clerk(by), &number, doing)?;
    }
    if turn % 4 == 1 {
        let asked = Informing { listing: listing.to_owned(), unit, because: Because::StateEnterprise };
        let duty = inform(writer, rulebook, &clerk(proposer), &asked)?.head.number;
        let done = Doing::Inform {
            to: Above::Superior,
            addressee: "示范国有资产监督管理机构".to_owned(),
            number: "示通〔2026〕1号".to_owned(),
            on,
        };
        step(writer, rulebook, &clerk(proposer), &duty, &done)?;
    }
    Ok(())
}
