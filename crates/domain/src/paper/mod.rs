//! Papers as files (附件、证明材料): what an organisation hands in for a case, read by whoever decides it. Here is which files are taken
//! and under which names, and which files a step cites.
//!
//! Serves 信用修复管理办法 arts. 十五 and 十八 (材料), 山东省社会信用条例 art. 三十九 (证据) and 行政处罚法 arts. 四十五 and 六十一 (陈述、申辩, 送达). What a file is, is said by its own first
//! bytes: a name or a declared type that says otherwise is refused. Deliberately not here: what the files say. They are shown to people
//! and judged by people; nothing reads their content.

mod kind;
mod name;

pub use kind::Kind;
pub use name::kept_name;

use crate::listing::Refusal;
use crate::{listing, objection, repair};

/// The largest file, in bytes: 10 MB, some twenty scanned pages.
pub const FILE_MAX_BYTES: usize = 10 << 20;
/// The most papers of one case, whether files or not.
pub const CASE_MAX: usize = 20;
/// The longest name of a file, in characters.
pub const NAME_MAX_CHARS: usize = 120;
/// Days for which a file that no case cites is kept.
pub const WAITING_DAYS: i32 = 7;
/// The most files of one organisation that no case cites yet.
pub const WAITING_MAX: usize = 2 * CASE_MAX;

/// Why a file is refused.
pub mod rule {
    use crate::listing::{Rule, rule::rules};

    rules! {
        EMPTY = "paper_empty", "file", "文件为空，请重新选择要上传的文件";
        TOO_LARGE = "paper_too_large", "file", "每个文件最大10 MB，请降低扫描分辨率、压缩或者拆分后再上传";
        TYPE_UNKNOWN = "paper_type_unknown", "file", "只接受PDF、JPEG、PNG、OFD文件，请转换格式后再上传";
        TYPE_WRONG = "paper_type_wrong", "file", "文件内容与所声明的类型或者扩展名不符，请按文件的实际格式命名后再上传";
        NAME_WRONG = "paper_name_wrong", "name", "文件名不得含有证件号码或者电话号码，请改名后再上传";
        TOO_MANY = "paper_too_many", "papers", "一个案件最多20份材料，请合并后再提交";
        TOO_MANY_WAITING = "paper_waiting_too_many", "uscc", "该主体已有40个文件未被案件引用，请先在案件中引用，或者待其满7日自动删除后再上传";
        UNKNOWN = "paper_unknown", "papers", "没有这一文件（未上传，或者满7日未被引用已删除），请先上传再引用；只交纸质材料的不写file";
    }
}

/// A file that may be kept: what it is, and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// What it is.
    pub kind: Kind,
    /// The name under which it is kept.
    pub name: String,
}

/// Judges a file that is handed in: its bytes, the type that its sender declares, and its name.
///
/// # Errors
/// When it is empty, too large, of another kind than the four, another than its type or name say, or its name tells a person's
/// number.
pub fn accept(content: &[u8], declared: &str, name: &str) -> Result<Accepted, Refusal> {
    rule::EMPTY.demand(!content.is_empty())?;
    rule::TOO_LARGE.demand(content.len() <= FILE_MAX_BYTES)?;
    let kind = Kind::of(content).ok_or_else(|| rule::TYPE_UNKNOWN.refuse())?;
    rule::TYPE_WRONG.demand(kind.is_declared_as(declared))?;
    Ok(Accepted { kind, name: kept_name(name, kind)? })
}

/// Refuses more papers than a case takes.
///
/// # Errors
/// When there are more than [`CASE_MAX`].
pub fn fit(standing: usize, more: usize) -> Result<(), Refusal> {
    rule::TOO_MANY.demand(standing.saturating_add(more) <= CASE_MAX)
}

/// Digests of the files that a step of a repair cites.
#[must_use]
pub fn files_of_repair(event: &repair::Event) -> Vec<&str> {
    let papers = match event {
        repair::Event::Applied(applied) => applied.papers.as_slice(),
        repair::Event::Supplemented { papers, .. }
        | repair::Event::RevocationStated { papers, .. }
        | repair::Event::RevocationWaived { papers, .. } => papers,
        repair::Event::RemedyFiled { papers, .. } => return files_of_evidence(papers),
        repair::Event::RemedyRuled { ruled, .. } => return files_of_evidence(&ruled.papers),
        _ => &[],
    };
    files_of_papers(papers)
}

/// Digests of the files among papers of a repair.
#[must_use]
pub fn files_of_papers(papers: &[repair::Paper]) -> Vec<&str> {
    papers.iter().filter(|paper| paper.file).map(|paper| paper.digest.as_str()).collect()
}

/// Digests of the files that a step of an objection, a complaint or a reply cites.
#[must_use]
pub fn files_of_objection(event: &objection::Event) -> Vec<&str> {
    files_of_evidence(evidence_of(event))
}

/// Digests of the files that a step of a listing cites.
#[must_use]
pub fn files_of_listing(step: &listing::Step) -> Vec<&str> {
    files_of_evidence(&step.papers)
}

/// Digests of the files among documents of an objection or a listing.
#[must_use]
pub fn files_of_evidence(evidence: &[objection::Evidence]) -> Vec<&str> {
    evidence.iter().filter(|one| one.file).map(|one| one.digest.as_str()).collect()
}

/// The documents that a step of an objection brings.
#[must_use]
pub fn evidence_of(event: &objection::Event) -> &[objection::Evidence] {
    match event {
        objection::Event::Filed(filed) => &filed.statement.evidence,
        objection::Event::Joined { statement } => &statement.evidence,
        objection::Event::Checked { evidence, .. } => evidence,
        objection::Event::RemedyFiled { papers, .. } => papers,
        objection::Event::RemedyRuled { ruled, .. } => &ruled.papers,
        _ => &[],
    }
}
