//! Files that a form brings beside what was typed: each is kept, and cited by its digest.

use credence_app::account::Person;
use credence_app::desk::Desk;
use credence_app::paper::{File, PaperView, hand_in_as};
use credence_app::{Result, Service};
use credence_domain::objection::Evidence;
use credence_domain::paper::Kind;
use credence_domain::repair::Paper;

/// What a file input takes, as browsers filter by it.
pub(crate) fn accepted() -> String {
    let endings = Kind::ALL.iter().flat_map(|kind| kind.endings()).map(|ending| format!(".{ending}"));
    endings.collect::<Vec<_>>().join(",")
}

/// A paper of a repair as a form names it: kind, number or name, and the input of its file.
pub(super) struct Row {
    pub(super) kind: String,
    pub(super) number: String,
    pub(super) input: String,
}

/// Hands in what came with a form.
pub(super) struct Keeping<'k> {
    pub(super) service: &'k Service,
    pub(super) desk: &'k Desk,
    pub(super) person: &'k Person,
    pub(super) files: &'k [(String, File)],
}

impl Keeping<'_> {
    fn keep(&self, uscc: &str, file: &File) -> Result<PaperView> {
        Ok(hand_in_as(self.service, self.desk, self.person, uscc, file)?.paper)
    }

    /// Papers of a repair of an organisation: a row without number and file is none.
    pub(super) fn papers(&self, uscc: impl Fn() -> Result<String>, rows: Vec<Row>) -> Result<Vec<Paper>> {
        let mut papers = Vec::new();
        for Row { kind, number, input } in rows {
            let number = number.trim().to_owned();
            match self.files.iter().find(|(of, _)| *of == input) {
                Some((_, file)) => {
                    let kept = self.keep(&uscc()?, file)?;
                    let number = if number.is_empty() { kept.name } else { number };
                    papers.push(Paper { kind, number, digest: kept.digest, file: true });
                }
                None if number.is_empty() => {}
                None => papers.push(Paper { kind, number, digest: String::new(), file: false }),
            }
        }
        Ok(papers)
    }

    /// Documents of an objection: each file by its name.
    pub(super) fn evidence(&self, uscc: impl Fn() -> Result<String>) -> Result<Vec<Evidence>> {
        let keep = |(_, file): &(String, File)| {
            let kept = self.keep(&uscc()?, file)?;
            Ok(Evidence { name: kept.name, digest: kept.digest, file: true })
        };
        self.files.iter().map(keep).collect()
    }
}
