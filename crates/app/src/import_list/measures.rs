//! An official list of measures (失信惩戒措施清单) becomes drafts of measures in a folder: one draft a row, because one row names one
//! basis, one body and one term.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十三. What the law's rank is, is told from the kind of its title and stays for a person to
//! confirm; a row that no law carries is drafted all the same and named with what the linter will say.

use super::read::{self, ListRow};
use super::{Refused, empty_folder};
use crate::{AppError, Result};
use credence_domain::catalog::codes::CodeValue;
use credence_domain::catalog::fold::fold;
use credence_domain::provision::{Basis, Level};
use credence_domain::rulebook::Rulebook;
use credence_domain::rulebook::measure::{Effect, Force, Kind, Measure, MeasureVersion};
use jiff::civil::Date;
use serde::Serialize;
use std::path::Path;

/// What was drafted, and what could not be.
#[derive(Clone, Debug, Serialize)]
pub struct MeasureDrafts {
    /// The list.
    pub file: String,
    /// Line of its header, from 1.
    pub header_line: u32,
    /// Drafts, in the list's order.
    pub measures: Vec<MeasureDraft>,
    /// Rows about persons alone: they are kept for no organisation.
    pub persons: u32,
    /// Rows whose clause the rulebook holds already.
    pub known: u32,
    /// Columns that mean nothing to the program, as they are headed.
    pub unknown_columns: Vec<String>,
    /// Rows and cells that could not be read.
    pub refused: Vec<Refused>,
}

/// One draft.
#[derive(Clone, Debug, Serialize)]
pub struct MeasureDraft {
    /// Its code: that of its heading and a running number.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Line.
    pub line: u32,
    /// Where it was written.
    pub path: String,
}

/// What a column says, and how it may be headed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Heading,
    Name,
    Content,
    Target,
    Law,
    Article,
    Clause,
    Body,
    Force,
    Term,
    Certainty,
}

const NAMES: [(Says, &[&str]); 11] = [
    (Says::Heading, &["heading", "措施类别", "惩戒类别", "类别"]),
    (Says::Name, &["measure", "惩戒措施", "措施名称", "惩戒措施名称", "措施"]),
    (Says::Content, &["content", "惩戒内容", "措施内容", "内容"]),
    (Says::Target, &["target", "惩戒对象", "适用对象", "对象"]),
    (Says::Law, &["law", "法规政策依据", "法律法规依据", "依据", "法规依据"]),
    (Says::Article, &["article", "条款", "条号"]),
    (Says::Clause, &["clause", "依据原文", "条文", "原文"]),
    (Says::Body, &["body", "实施主体", "实施单位", "实施部门"]),
    (Says::Force, &["binding", "约束力", "实施方式"]),
    (Says::Term, &["max_term", "最长期限", "惩戒期限", "期限"]),
    (Says::Certainty, &["certainty", "核对状态"]),
];

struct Columns {
    says: Vec<Option<Says>>,
    headers: Vec<String>,
}

impl Columns {
    fn find(rows: &[ListRow]) -> Option<(usize, Self)> {
        rows.iter().take(10).enumerate().find_map(|(at, row)| {
            let name = |cell: &String| NAMES.iter().find(|(_, names)| names.iter().any(|n| fold(n) == fold(cell)));
            let says = row.cells.iter().map(|cell| name(cell).map(|(says, _)| *says)).collect();
            let columns = Self { says, headers: row.cells.clone() };
            (columns.has(Says::Name) && columns.has(Says::Law)).then_some((at, columns))
        })
    }

    fn has(&self, says: Says) -> bool {
        self.says.contains(&Some(says))
    }

    fn cell<'r>(&self, row: &'r ListRow, says: Says) -> &'r str {
        let at = self.says.iter().position(|known| *known == Some(says));
        at.and_then(|at| row.cells.get(at)).map_or("", String::as_str)
    }

    fn header(&self, says: Says) -> String {
        let at = self.says.iter().position(|known| *known == Some(says));
        at.and_then(|at| self.headers.get(at)).cloned().unwrap_or_default()
    }

    fn unknown(&self) -> Vec<String> {
        let both = self.says.iter().zip(&self.headers);
        both.filter(|(says, header)| says.is_none() && !header.is_empty()).map(|(_, header)| header.clone()).collect()
    }
}

/// Drafts the measures of a list into a folder that must be new or empty. The drafts hold from `from` on.
///
/// # Errors
/// `list_not_recognised` without columns of measures and laws, `foreign_folder`, what the reader of the file refuses, io.
pub fn import_measures(path: &Path, folder: &Path, rulebook: &Rulebook, from: Date) -> Result<MeasureDrafts> {
    empty_folder(folder)?;
    let rows = read::rows(path)?;
    let (at, columns) = Columns::find(&rows).ok_or_else(|| {
        let text = "未找到表头：至少要有“惩戒措施”和“依据”两列，可参照 examples/lists";
        AppError::refused("list_not_recognised", "header", text)
    })?;
    let file = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    std::fs::create_dir_all(folder)?;
    let mut drafts = MeasureDrafts {
        file,
        header_line: rows.get(at).map_or(0, |row| row.line),
        measures: Vec::new(),
        persons: 0,
        known: 0,
        unknown_columns: columns.unknown(),
        refused: Vec::new(),
    };
    let mut reader = Reader { columns: &columns, rulebook, from, heading: String::new(), numbers: Vec::new() };
    for row in rows.get(at + 1..).unwrap_or_default() {
        reader.enter(row);
        if reader.is_of_persons(row) {
            drafts.persons += 1;
            continue;
        }
        if reader.holds(columns.cell(row, Says::Clause)) {
            drafts.known += 1;
            continue;
        }
        let Some(measure) = reader.measure(row, &mut drafts.refused) else { continue };
        let about = format!("# 草稿：由{}第{}行生成，须经核对；不会自行启用。\n\n", drafts.file, row.line);
        let body = toml::to_string(&measure).map_err(|error| AppError::Rulebook(error.to_string()))?;
        let written = folder.join(format!("{}.toml", measure.code));
        std::fs::write(&written, about + &body)?;
        drafts.measures.push(MeasureDraft {
            code: measure.code,
            name: measure.name,
            line: row.line,
            path: written.display().to_string(),
        });
    }
    Ok(drafts)
}

struct Reader<'r> {
    columns: &'r Columns,
    rulebook: &'r Rulebook,
    from: Date,
    /// The heading of the row above: merged cells leave the next ones empty.
    heading: String,
    numbers: Vec<(String, u32)>,
}

/// Headings whose measures bind natural persons: occupation, office, leaving the country, schooling.
const PERSONS: [&str; 4] = ["H2", "H3", "H5", "H6"];

impl Reader<'_> {
    /// Takes a row's heading; where it has none, that of the row above goes on.
    fn enter(&mut self, row: &ListRow) {
        let heading = self.columns.cell(row, Says::Heading);
        if !heading.is_empty() {
            heading.clone_into(&mut self.heading);
        }
    }

    fn heading(&self) -> Option<&CodeValue> {
        let list = self.rulebook.codes.list("measure_heading")?;
        list.entry(list.find(&self.heading)?)
    }

    /// Whether a row is about natural persons alone: those measures are kept for no organisation.
    fn is_of_persons(&self, row: &ListRow) -> bool {
        let target = self.columns.cell(row, Says::Target);
        let code = self.heading().and_then(|heading| heading.code.as_deref()).unwrap_or_default();
        let named = ["个人", "自然人", "公民", "直接责任人"].iter().any(|word| target.contains(word));
        PERSONS.contains(&code) || (named && !target.contains("组织") && !target.contains("单位"))
    }

    /// Whether a measure in force quotes this very clause.
    fn holds(&self, clause: &str) -> bool {
        let in_force = |measure: &Measure| measure.version_on(self.from).is_some_and(|v| v.clause == clause);
        !clause.is_empty() && self.rulebook.measures.values().any(in_force)
    }

    fn measure(&mut self, row: &ListRow, refused: &mut Vec<Refused>) -> Option<Measure> {
        let columns = self.columns;
        let mut refuse = |says: Says, reason: String| {
            refused.push(Refused { line: row.line, column: columns.header(says), reason });
        };
        let text = |says| columns.cell(row, says);
        let (name, law) = (text(Says::Name), text(Says::Law));
        if name.is_empty() || law.is_empty() {
            refuse(Says::Law, "没有措施名称或者没有依据，未生成草稿".to_owned());
            return None;
        }
        let Some(heading) = self.heading().cloned() else {
            refuse(Says::Heading, format!("措施类别“{}”不在代码表measure_heading内，未生成草稿", self.heading));
            return None;
        };
        let class = heading.code.clone().unwrap_or_default().to_lowercase();
        let (force, known) = force(text(Says::Force));
        if !known {
            refuse(Says::Force, format!("无法识别“{}”，草稿中按可以实施处理", text(Says::Force)));
        }
        let bodies = self.bodies(text(Says::Body)).unwrap_or_else(|unknown| {
            refuse(Says::Body, format!("“{unknown}”不在代码表implementing_body内，草稿中留空"));
            Vec::new()
        });
        let (title, of_year) = without_year(law);
        let article = article(text(Says::Article));
        let level = rank(&title);
        let basis = Basis { title: title.clone(), article: article.clone(), level, unverified: false };
        let told = if article == "-" { String::new() } else { format!("第{article}条") };
        let version = MeasureVersion {
            effective_from: self.from,
            effective_to: None,
            heading: heading.value.clone(),
            kind: kind(&class, text(Says::Body)),
            effect: effect(&class, force),
            force,
            content: match text(Says::Content) {
                "" => format!("{name}（依照《{title}》{of_year}{told}）"),
                content => content.to_owned(),
            },
            applies_to: text(Says::Target).to_owned(),
            lists: Vec::new(),
            basis: vec![basis],
            clause: text(Says::Clause).to_owned(),
            body: text(Says::Body).to_owned(),
            bodies,
            maximum_term: if text(Says::Term).is_empty() { "open".to_owned() } else { text(Says::Term).to_owned() },
            unverified: text(Says::Certainty) != "T",
        };
        let code = self.next(&class);
        Some(Measure { code, name: format!("{name}（《{title}》{told}）"), versions: vec![version] })
    }

    /// The bodies that a text names; several are divided by a semicolon.
    fn bodies(&self, text: &str) -> std::result::Result<Vec<String>, String> {
        let Some(list) = self.rulebook.codes.list("implementing_body") else { return Ok(Vec::new()) };
        let plain = text.split(['（', '(']).next().unwrap_or(text);
        let parts = plain.split(['；', ';']).map(str::trim).filter(|part| !part.is_empty());
        parts.map(|part| list.find(part).map(str::to_owned).ok_or_else(|| part.to_owned())).collect()
    }

    /// The next free code of a heading.
    fn next(&mut self, class: &str) -> String {
        let at = self.numbers.iter().position(|(known, _)| known == class).unwrap_or_else(|| {
            self.numbers.push((class.to_owned(), 0));
            self.numbers.len() - 1
        });
        loop {
            let Some((_, number)) = self.numbers.get_mut(at) else { return class.to_owned() };
            *number += 1;
            let code = format!("{class}_{number:03}");
            if !self.rulebook.measures.contains_key(&code) {
                return code;
            }
        }
    }
}

fn force(text: &str) -> (Force, bool) {
    match text {
        "binds" | "应当" | "应当实施" => (Force::Binds, true),
        "record" | "记录" | "公示" => (Force::Record, true),
        "informs" | "告知" | "参考" => (Force::Informs, true),
        "may" | "可以" | "可以实施" | "" => (Force::May, true),
        _ => (Force::May, false),
    }
}

/// The first six headings reduce rights, the next six manage, the last two inform (LISTS of the national table).
fn effect(class: &str, force: Force) -> Effect {
    let number: u32 = class.trim_start_matches('h').parse().unwrap_or(0);
    match (force, number) {
        (Force::Informs, _) | (_, 13..) => Effect::Informs,
        (_, 1..=6) => Effect::ReducesRights,
        _ => Effect::Manages,
    }
}

fn kind(class: &str, body: &str) -> Kind {
    if body.contains("协会") || body.contains("行业组织") {
        Kind::Industry
    } else if matches!(class, "h13" | "h14") {
        Kind::Market
    } else {
        Kind::Administrative
    }
}

/// The rank that a title's own form tells: laws end in 法 or 法典, regulations in 条例, those of a place name it, courts' texts
/// name the court; what ends in 办法 or 细则, and whatever else a ministry calls it, is a department rule. A few 办法 are of the
/// State Council: a person raises them.
fn rank(title: &str) -> Level {
    let of_a_place = ["省", "自治区", "市"]
        .iter()
        .any(|word| title.split_once(word).is_some_and(|(place, _)| (2..=3).contains(&place.chars().count())));
    match title {
        _ if title.contains("最高人民法院") => Level::JudicialInterpretation,
        _ if title.ends_with("办法") || title.ends_with("细则") => Level::DepartmentRule,
        _ if title.ends_with('法') || title.ends_with("法典") => Level::Law,
        _ if title.contains("条例") && of_a_place => Level::LocalRegulation,
        _ if title.contains("条例") => Level::AdministrativeRegulation,
        _ => Level::DepartmentRule,
    }
}

/// A title without the year of the version that was read.
fn without_year(law: &str) -> (String, String) {
    let trimmed = law.trim().trim_start_matches('《').trim_end_matches('》');
    match trimmed.rsplit_once('(') {
        Some((title, rest)) if rest.trim_end_matches(')').bytes().all(|b| b.is_ascii_digit()) => {
            (title.to_owned(), format!("（{}）", rest.trim_end_matches(')')))
        }
        _ => (trimmed.to_owned(), String::new()),
    }
}

/// `第五十三条` as `五十三`, with what stands behind it; the whole text where nothing is named.
fn article(text: &str) -> String {
    let text = text.trim().trim_start_matches('第');
    let (number, behind) = text.split_once('条').unwrap_or((text, ""));
    let whole = format!("{number}{behind}");
    if whole.is_empty() { "-".to_owned() } else { whole }
}
