//! `GET /organisations/{uscc}`: who it is, its public records by item with their clocks, and all in order of time.

use super::error::ErrorPage;
use super::frame::{Frame, Place};
use super::record::Card;
use super::{page, refuse, words};
use crate::{AppState, code};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use credence_app::query::{EvaluationView, OrganisationView, RecordView};
use credence_domain::catalog::Nature;
use jiff::civil::Date;

#[derive(Template)]
#[template(path = "organisation.html")]
struct Page {
    frame: Frame,
    found: OrganisationView,
    evaluation: EvaluationView,
}

/// An evaluation that gives a grade; where there is none the page says nothing of it.
struct Shown<'a> {
    evaluation: &'a EvaluationView,
    model: &'a str,
    letter: &'a str,
    word: &'a str,
    /// The national result has a grade and no points.
    points: Option<(i64, i64)>,
}

/// The records of one item.
struct Group<'a> {
    item: &'a str,
    name: &'a str,
    nature: Nature,
    cards: Vec<Card<'a>>,
}

impl Group<'_> {
    /// Names of the units that sent them, each once.
    fn sources(&self) -> String {
        let mut names: Vec<&str> = self.cards.iter().map(|card| card.record.source_name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names.join("、")
    }

    /// The latest day on which one of them came or was corrected.
    fn updated_on(&self) -> Option<Date> {
        self.cards.iter().filter_map(|card| card.record.updated_on).max()
    }
}

impl Page {
    fn groups(&self) -> Vec<Group<'_>> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        for record in &self.found.records {
            let card = self.card(record);
            match groups.iter_mut().find(|group| group.item == record.item) {
                Some(group) => group.cards.push(card),
                None => {
                    let (item, name) = (&record.item, &record.item_name);
                    groups.push(Group { item, name, nature: record.nature, cards: vec![card] });
                }
            }
        }
        groups.sort_by_key(|group| (rank(group), group.item));
        groups
    }

    /// The groups below their natures.
    fn by_nature<'g>(&self, groups: &'g [Group<'g>]) -> Vec<(Nature, Vec<&'g Group<'g>>)> {
        let of = |nature: Nature| groups.iter().filter(|group| group.nature == nature).collect::<Vec<_>>();
        let all = words::NATURES.iter().map(|(nature, _)| (*nature, of(*nature)));
        all.filter(|(_, found)| !found.is_empty()).collect()
    }

    /// What the registrar says today, where its registration is public.
    fn registered(&self, field: &str) -> Option<&str> {
        let registration = self.found.records.iter().find(|record| record.item == "registration")?;
        let field = registration.fields.iter().find(|known| known.code == field)?;
        Some(field.value.as_str()).filter(|value| !value.is_empty())
    }

    fn registrar(&self) -> Option<&str> {
        let registration = self.found.records.iter().find(|record| record.item == "registration")?;
        Some(registration.authority_name.as_str()).filter(|name| !name.is_empty())
    }

    fn shown(&self) -> Option<Shown<'_>> {
        let evaluation = &self.evaluation;
        Some(Shown {
            evaluation,
            model: evaluation.model.as_deref()?,
            letter: evaluation.grade?,
            word: evaluation.word?,
            points: evaluation.base.zip(evaluation.points),
        })
    }

    /// What a record is called in a sentence.
    fn name_of(&self, record: &str) -> String {
        let found = self.found.records.iter().find(|found| found.id == record);
        found.map_or_else(String::new, |found| match &found.document_number {
            Some(number) => format!("{} {number}", found.item_name),
            None => found.item_name.clone(),
        })
    }

    fn signed(&self, points: &i64) -> String {
        format!("{points:+}")
    }

    fn card<'a>(&'a self, record: &'a RecordView) -> Card<'a> {
        Card::new(record, self.found.summary.called(), &self.found.summary.uscc)
    }

    fn code_groups(&self) -> Vec<&str> {
        words::code_groups(&self.found.summary.uscc)
    }

    fn kind(&self) -> &str {
        let written = self.found.summary.kind.as_str();
        if written.is_empty() { words::kind_of(&self.found.summary.uscc).unwrap_or_default() } else { written }
    }

    fn day(&self, date: &Date) -> String {
        words::day(*date)
    }
}

/// Who it is stands first, then the natures in their order; permits and penalties lead theirs.
fn rank(group: &Group<'_>) -> (usize, u8) {
    let nature = words::NATURES.iter().position(|(nature, _)| *nature == group.nature).unwrap_or_default();
    let item = match group.item {
        "registration" => 0,
        "permit" | "penalty" => 1,
        _ => 2,
    };
    (nature, item)
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Path(uscc): Path<String>,
    at: Uri,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    if let Some(there) = code::canonical(&at, &uscc) {
        return Ok(there);
    }
    let view = state.view();
    let frame = Frame::of(&state, view.today, &asked, Place::Search);
    let both = state.ask(move |service| Ok((service.organisation(&view, &uscc)?, service.evaluation(&view, &uscc)?)));
    let (found, evaluation) = both.await.map_err(refuse)?;
    page(&Page { frame, found, evaluation }, &asked)
}

#[cfg(test)]
mod tests {
    use super::super::specimen;
    use super::*;

    fn render(found: OrganisationView, evaluation: EvaluationView) -> String {
        let frame = Frame { demonstration: true, ..Frame::bare() };
        Page { frame, found, evaluation }.render().unwrap()
    }

    #[test]
    fn a_grade_is_marked_where_one_is_given_and_nothing_is_said_where_none_is() {
        let with = render(specimen::organisation(), specimen::evaluation());
        assert!(with.contains("data-grade=\"B\" data-points=\"88\""), "{with}");
        assert!(with.contains("2027年4月11日起：变为<strong>优</strong>，100分"), "{with}");
        let without = render(specimen::organisation(), specimen::no_evaluation());
        for word in ["data-grade", "data-points", "综合评价", "等级"] {
            assert!(!without.contains(word), "{word}");
        }
    }

    #[test]
    fn clocks_and_marks_are_told_in_words() {
        let page = render(specimen::organisation(), specimen::no_evaluation());
        for said in [
            "一般失信（待认定）",
            "轻微失信<",
            "公示迟于法定期限",
            "公示期限待定",
            "今天是最后一天",
            "2026年4月18日至2027年4月10日",
            "<dd>还剩332天</dd>",
            "2026年7月11日",
        ] {
            assert!(page.contains(said), "{said}");
        }
    }

    #[test]
    fn an_unregistered_organisation_is_marked() {
        let mut found = specimen::organisation();
        found.summary.registered = false;
        found.records.clear();
        let page = render(found, specimen::no_evaluation());
        assert!(page.contains("未登记") && page.contains("今天没有公示中的记录"), "{page}");
    }
}
