//! A claim of commercial secrecy (商业秘密主张): an organisation says that a published field tells its secret. The third
//! party whom disclosure concerns is asked in writing; then a person decides, with a reason, either way.
//!
//! Serves 政府信息公开条例 arts. 十五 and 三十二. The days that the third party has are the rulebook's
//! (`repair/clocks.toml`, `disclosure-third-party-opinion`). What a decision does to the record is `secrecy`.

use crate::calendar::Due;
use jiff::civil::Date;

/// The clock of the third party's opinion.
pub const OPINION_CLOCK: &str = "disclosure-third-party-opinion";

/// What the third party says of disclosure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opinion {
    /// It may be disclosed.
    Agrees,
    /// It is a secret.
    Objects,
}

impl Opinion {
    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Opinion::Agrees => "agrees",
            Opinion::Objects => "objects",
        }
    }

    /// The opinion with a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Opinion::Agrees, Opinion::Objects].into_iter().find(|opinion| opinion.code() == code)
    }
}

/// How a claim is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The fields are not disclosed.
    Upheld,
    /// They stay public.
    Rejected,
}

/// A claim in one of its states; each has only what there is then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It was filed.
    Filed {
        /// The day.
        on: Date,
    },
    /// The third party has been asked.
    OpinionSought {
        /// Who is asked.
        third_party: String,
        /// The day.
        on: Date,
        /// The last day for the answer.
        due: Due,
    },
    /// The third party has answered.
    OpinionGiven {
        /// Who answered.
        third_party: String,
        /// What it says.
        opinion: Opinion,
        /// The day.
        on: Date,
    },
    /// Decided.
    Decided {
        /// How.
        outcome: Outcome,
        /// The day.
        on: Date,
    },
}

/// Why an act does not fit a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It was decided.
    ClaimDecided,
    /// The third party was asked already.
    OpinionAlreadySought,
    /// The third party was not asked yet.
    OpinionNotSought,
    /// The third party still has time: until this day.
    OpinionAwaited(Date),
    /// The third party is the claimant.
    ThirdPartyIsClaimant,
}

impl Refusal {
    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Refusal::ClaimDecided => "claim_decided",
            Refusal::OpinionAlreadySought => "opinion_already_sought",
            Refusal::OpinionNotSought => "opinion_not_sought",
            Refusal::OpinionAwaited(_) => "opinion_awaited",
            Refusal::ThirdPartyIsClaimant => "third_party_is_claimant",
        }
    }

    /// What to do, in Chinese.
    #[must_use]
    pub fn told(self) -> String {
        match self {
            Refusal::ClaimDecided => "该主张已作出决定".to_owned(),
            Refusal::OpinionAlreadySought => "已征求过第三方意见".to_owned(),
            Refusal::OpinionNotSought => "须先书面征求第三方意见（政府信息公开条例 三十二）".to_owned(),
            Refusal::OpinionAwaited(due) => format!("第三方可在{due}前提出意见，期满前须待其答复"),
            Refusal::ThirdPartyIsClaimant => "第三方不得是主张人自己".to_owned(),
        }
    }
}

impl Claim {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Claim::Filed { .. } => "filed",
            Claim::OpinionSought { .. } => "opinion_sought",
            Claim::OpinionGiven { .. } => "opinion_given",
            Claim::Decided { outcome: Outcome::Upheld, .. } => "upheld",
            Claim::Decided { outcome: Outcome::Rejected, .. } => "rejected",
        }
    }

    /// Asks the third party, who has until `due`.
    ///
    /// # Errors
    /// When it was asked or everything is decided, or it is the claimant.
    pub fn seek(self, claimant: &str, third_party: &str, on: Date, due: Due) -> Result<Self, Refusal> {
        match self {
            Claim::Filed { .. } if third_party.trim() == claimant => Err(Refusal::ThirdPartyIsClaimant),
            Claim::Filed { .. } => Ok(Claim::OpinionSought { third_party: third_party.trim().to_owned(), on, due }),
            Claim::OpinionSought { .. } | Claim::OpinionGiven { .. } => Err(Refusal::OpinionAlreadySought),
            Claim::Decided { .. } => Err(Refusal::ClaimDecided),
        }
    }

    /// Takes the third party's opinion; one that comes late is taken as long as nothing is decided.
    ///
    /// # Errors
    /// When it was not asked, has answered, or everything is decided.
    pub fn hear(self, opinion: Opinion, on: Date) -> Result<Self, Refusal> {
        match self {
            Claim::OpinionSought { third_party, .. } => Ok(Claim::OpinionGiven { third_party, opinion, on }),
            Claim::Filed { .. } => Err(Refusal::OpinionNotSought),
            Claim::OpinionGiven { .. } => Err(Refusal::OpinionAlreadySought),
            Claim::Decided { .. } => Err(Refusal::ClaimDecided),
        }
    }

    /// Decides, either way, whatever the third party says; without its answer only after its last day, which a provisional
    /// date does not tell.
    ///
    /// # Errors
    /// When the third party was not asked or still has time, or it is decided.
    pub fn decide(self, outcome: Outcome, on: Date) -> Result<Self, Refusal> {
        match self {
            Claim::Filed { .. } => Err(Refusal::OpinionNotSought),
            Claim::OpinionSought { due, .. } if due.provisional || on <= due.on => Err(Refusal::OpinionAwaited(due.on)),
            Claim::OpinionSought { .. } | Claim::OpinionGiven { .. } => Ok(Claim::Decided { outcome, on }),
            Claim::Decided { .. } => Err(Refusal::ClaimDecided),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const FIRM: &str = "91379900MA0TE5T16G";

    fn filed() -> Claim {
        Claim::Filed { on: date(2026, 5, 6) }
    }

    fn sought() -> Claim {
        let due = Due { on: date(2026, 5, 27), provisional: false };
        filed().seek(FIRM, "示范配方研究院", date(2026, 5, 6), due).unwrap()
    }

    #[test]
    fn nobody_decides_before_the_third_party_was_heard_or_has_let_its_time_pass() {
        assert_eq!(filed().decide(Outcome::Upheld, date(2026, 5, 7)), Err(Refusal::OpinionNotSought));
        assert_eq!(filed().hear(Opinion::Agrees, date(2026, 5, 7)), Err(Refusal::OpinionNotSought));
        let last = date(2026, 5, 27);
        assert_eq!(sought().decide(Outcome::Upheld, last), Err(Refusal::OpinionAwaited(last)));
        assert_eq!(sought().decide(Outcome::Rejected, date(2026, 5, 28)).unwrap().code(), "rejected");
        let due = Due { on: date(2027, 1, 4), provisional: true };
        let beyond = filed().seek(FIRM, "示范配方研究院", date(2026, 12, 30), due).unwrap();
        assert!(matches!(beyond.decide(Outcome::Upheld, date(2027, 2, 1)), Err(Refusal::OpinionAwaited(_))));
    }

    #[test]
    fn an_opinion_binds_nobody_and_a_decision_is_made_once() {
        for (opinion, outcome, code) in [
            (Opinion::Agrees, Outcome::Upheld, "upheld"),
            (Opinion::Agrees, Outcome::Rejected, "rejected"),
            (Opinion::Objects, Outcome::Upheld, "upheld"),
            (Opinion::Objects, Outcome::Rejected, "rejected"),
        ] {
            let heard = sought().hear(opinion, date(2026, 6, 30)).unwrap();
            assert_eq!(heard.clone().hear(opinion, date(2026, 6, 30)), Err(Refusal::OpinionAlreadySought));
            let decided = heard.decide(outcome, date(2026, 6, 30)).unwrap();
            assert_eq!(decided.code(), code);
            assert_eq!(decided.clone().decide(outcome, date(2026, 7, 1)), Err(Refusal::ClaimDecided));
            assert_eq!(decided.hear(opinion, date(2026, 7, 1)), Err(Refusal::ClaimDecided));
        }
    }

    #[test]
    fn who_claims_is_not_asked_as_the_third_party_and_nobody_is_asked_twice() {
        let due = Due { on: date(2026, 5, 27), provisional: false };
        let own = filed().seek(FIRM, " 91379900MA0TE5T16G ", date(2026, 5, 6), due);
        assert_eq!(own, Err(Refusal::ThirdPartyIsClaimant));
        assert_eq!(sought().seek(FIRM, "他人", date(2026, 5, 6), due), Err(Refusal::OpinionAlreadySought));
    }
}
