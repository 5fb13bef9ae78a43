//! `GET /measures`: the measures list in force (失信惩戒措施清单), its editions, what changed, and what article 13 of the founding
//! document gives as examples. `/measures/{code}`: one measure. `/behaviours`: behaviour items and memoranda.
//!
//! Serves 鲁信用办〔2019〕8号 art. 十三: what stands in no law stands in no list, and everybody may check it.

use super::error::ErrorPage;
use super::frame::{Frame, Place};
use super::{page, refuse, words};
use crate::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use credence_app::query::measure::{BehaviourView, MeasureListView, MeasurePage, MeasureView, MemorandumView};
use credence_domain::catalog::edition::ChangeKind;
use credence_domain::rulebook::founding::Resolved;
use credence_domain::rulebook::measure::{Effect, Force, Kind};
use credence_domain::rulebook::measure_edition::MeasureChange;
use credence_domain::rulebook::measure_list::Standing;
use jiff::civil::Date;

#[derive(Template)]
#[template(path = "measures.html")]
struct Page {
    frame: Frame,
    list: MeasureListView,
}

#[derive(Template)]
#[template(path = "measure.html")]
struct One {
    frame: Frame,
    page: MeasurePage,
}

#[derive(Template)]
#[template(path = "behaviours.html")]
struct Behaviours {
    frame: Frame,
    behaviours: Vec<BehaviourView>,
    memoranda: Vec<MemorandumView>,
}

/// The measures under one heading.
struct Heading<'a> {
    code: &'a str,
    name: &'a str,
    measures: Vec<&'a MeasureView>,
}

impl Page {
    fn day(&self, day: &Date) -> String {
        words::day(*day)
    }

    fn instant(&self, instant: &str) -> String {
        words::beijing_minute(instant)
    }

    fn headings(&self) -> Vec<Heading<'_>> {
        let mut headings: Vec<Heading<'_>> = Vec::new();
        for measure in &self.list.measures {
            match headings.last_mut().filter(|heading| heading.name == measure.heading) {
                Some(heading) => heading.measures.push(measure),
                None => headings.push(Heading {
                    code: &measure.heading_code,
                    name: &measure.heading,
                    measures: vec![measure],
                }),
            }
        }
        headings
    }

    fn force(&self, force: &Force) -> &'static str {
        force_told(*force)
    }

    fn kind(&self, kind: &Kind) -> &'static str {
        kind_told(*kind)
    }

    fn term(&self, term: &str) -> String {
        term_told(term)
    }

    fn resolved(&self, resolved: &Resolved) -> &'static str {
        match resolved {
            Resolved::InList => "有依据，已列入清单",
            Resolved::Condition => "是其他法律规定的条件，不是惩戒措施",
            Resolved::Informs => "只告知，由对方自主决定",
            Resolved::NoBasis => "对单位没有依据，不列入清单",
        }
    }

    fn standing(&self, standing: &Standing) -> &'static str {
        match standing {
            Standing::Official => "公布的清单",
            Standing::DraftBasis => "条文依据表",
        }
    }

    /// A change in a sentence.
    fn told(&self, change: &MeasureChange) -> String {
        let property = change.property.as_deref().map(property).unwrap_or_default();
        match (change.kind, &change.old, &change.new) {
            (ChangeKind::Added, ..) => format!("增加：{}", change.name),
            (ChangeKind::Ended, ..) => format!("停止：{}", change.name),
            (ChangeKind::Changed, Some(old), Some(new)) if old.len() + new.len() < 200 => {
                format!("修改：{}，{property}由“{old}”改为“{new}”", change.name)
            }
            (ChangeKind::Changed, ..) => format!("修改：{}，{property}", change.name),
        }
    }
}

impl One {
    fn day(&self, day: &Date) -> String {
        words::day(*day)
    }

    fn force(&self) -> &'static str {
        force_told(self.page.measure.force)
    }

    fn kind(&self) -> &'static str {
        kind_told(self.page.measure.kind)
    }

    fn effect(&self) -> &'static str {
        match self.page.measure.effect {
            Effect::ReducesRights => "减损权利或者增加义务",
            Effect::Manages => "管理措施，不减损权利",
            Effect::Informs => "只告知信息",
        }
    }

    fn term(&self) -> String {
        term_told(&self.page.measure.maximum_term)
    }
}

impl Behaviours {
    fn day(&self, day: &Date) -> String {
        words::day(*day)
    }
}

fn force_told(force: Force) -> &'static str {
    match force {
        Force::Binds => "应当实施",
        Force::May => "可以实施",
        Force::Record => "记录、公示",
        Force::Informs => "告知，自主决定",
    }
}

fn kind_told(kind: Kind) -> &'static str {
    match kind {
        Kind::Administrative => "行政性",
        Kind::Market => "市场性",
        Kind::Industry => "行业性",
    }
}

/// A term in words.
fn term_told(term: &str) -> String {
    let period = |text: &str| {
        let rest = text.strip_prefix('P').unwrap_or(text);
        rest.replace('Y', "年").replace('M', "个月").replace('D', "日")
    };
    match term {
        "life" => "终身".to_owned(),
        "open" => "随所依据的决定或者列入终止".to_owned(),
        "none" => "没有期限".to_owned(),
        "per charter" => "依照章程".to_owned(),
        "by contract" => "依照合同".to_owned(),
        "until delisted" => "至移出名单".to_owned(),
        "until performed" => "至履行义务".to_owned(),
        "until repaired" => "至信用修复".to_owned(),
        "until cured" => "至情形消除".to_owned(),
        _ => match term.split_once("..") {
            Some((from, "life")) => format!("{}直至终身", period(from)),
            Some((from, to)) => format!("{}至{}", period(from), period(to)),
            None => period(term),
        },
    }
}

/// A property of a measure in words.
fn property(code: &str) -> &str {
    match code {
        "heading" => "类别",
        "kind" => "种类",
        "effect" => "性质",
        "force" => "约束力",
        "content" => "内容",
        "applies_to" => "适用对象",
        "lists" => "适用名单",
        "basis" => "依据",
        "clause" => "条文",
        "body" | "bodies" => "实施主体",
        "maximum_term" => "最长期限",
        "unverified" => "核对状态",
        other => other,
    }
}

pub(crate) async fn show(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, ErrorPage> {
    let today = state.view().today;
    let frame = Frame::of(&state, today, &asked, Place::DataList);
    let list = state.ask(move |service| service.measure_list(today)).await.map_err(refuse)?;
    page(&Page { frame, list }, &asked)
}

pub(crate) async fn show_one(
    State(state): State<AppState>,
    Path(code): Path<String>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let today = state.view().today;
    let frame = Frame::of(&state, today, &asked, Place::DataList);
    let found = state.ask(move |service| service.measure(today, &code)).await.map_err(refuse)?;
    page(&One { frame, page: found }, &asked)
}

pub(crate) async fn behaviours(State(state): State<AppState>, asked: HeaderMap) -> Result<Response, ErrorPage> {
    let today = state.view().today;
    let frame = Frame::of(&state, today, &asked, Place::DataList);
    let both = state.ask(move |service| Ok((service.behaviours(today), service.memoranda(today)))).await;
    let (behaviours, memoranda) = both.map_err(refuse)?;
    page(&Behaviours { frame, behaviours, memoranda }, &asked)
}

#[cfg(test)]
mod tests {
    use super::term_told;

    #[test]
    fn a_term_is_told_in_words() {
        for (term, told) in [
            ("P1Y..P3Y", "1年至3年"),
            ("P6M", "6个月"),
            ("P5Y..life", "5年直至终身"),
            ("until delisted", "至移出名单"),
            ("open", "随所依据的决定或者列入终止"),
        ] {
            assert_eq!(term_told(term), told);
        }
    }
}
