//! Who has a file, whose records are public, who is evaluated: by the first two symbols of the code.

use super::Uscc;

/// What kind of organisation a code stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectClass {
    /// 91, 93, 12, 13, 5x, N, Y and the rest: file, publicity, and evaluation where the model names the class.
    Organisation,
    /// 92 个体工商户: file and publicity by trade name; never evaluated, no risk class.
    IndividualBusiness,
    /// 11 机关 and other public bodies: a file without evaluation.
    PublicBody,
}

impl SubjectClass {
    /// The class of a code. Registrar 1 (机构编制) with 12 事业单位 and 13 群众团体 may be evaluated; 11 and 19 are public bodies.
    #[must_use]
    pub fn of(uscc: &Uscc) -> Self {
        match uscc.kind() {
            "92" => SubjectClass::IndividualBusiness,
            "11" | "19" => SubjectClass::PublicBody,
            _ => SubjectClass::Organisation,
        }
    }

    /// False for individual businesses and public bodies: no grade, no points, no risk class.
    #[must_use]
    pub fn may_be_evaluated(self) -> bool {
        self == SubjectClass::Organisation
    }
}
