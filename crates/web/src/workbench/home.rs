//! `GET /workbench`: what waits for this person today, by light, with the pages on which it is done.

use super::queue::Start;
use super::{page, refuse};
use crate::AppState;
use crate::asker::Asker;
use crate::portal::{ErrorPage, Frame, Place};
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use credence_app::View;
use credence_app::access::ProposalView;
use credence_app::account::Person;
use credence_app::query::{BatchView, DueView, ListedItem};
use credence_app::queue::Which;
use credence_domain::access::{Action, Role};
use std::sync::Arc;

/// Batches shown at the start.
const BATCHES: u32 = 5;
/// Tasks shown at the start.
const TASKS: u32 = 20;

#[derive(Template)]
#[template(path = "workbench/home.html")]
struct Page {
    frame: Frame,
    person: Arc<Person>,
    unit: String,
    area: String,
    start: Start,
    /// Notices that were not read.
    unread: u64,
    proposals: Vec<ProposalView>,
    batches: Option<Vec<BatchView>>,
    due: Option<DueView>,
    conflicts: Option<usize>,
    rights: Vec<Action>,
    items: Vec<ListedItem>,
}

impl Page {
    /// The name of an item; its code where the list of today does not name it.
    fn item_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.items.iter().find(|item| item.item == code).map_or(code, |item| item.name.as_str())
    }

    /// Whether this person is a second person for such a proposal: others see it and answer nothing.
    fn may_answer(&self, kind: &str) -> bool {
        self.rights.contains(&credence_app::access::action_of(kind))
    }

    fn reads_editions(&self) -> bool {
        self.rights.contains(&Action::ReadEdition)
    }

    /// The pages on which this person works.
    fn links(&self) -> Vec<(&'static str, String)> {
        let conflicts = self.conflicts.unwrap_or_default();
        let all = [
            (Action::SendBatch, "/workbench/upload", "报送文件".to_owned()),
            (Action::SendBatch, "/workbench/entry", "单条录入".to_owned()),
            (Action::SettleConflict, "/workbench/conflicts", format!("名称冲突（{conflicts}）")),
            (Action::ReviewRecord, "/workbench/reviews", "暂缓公示的审核".to_owned()),
            (Action::ReadClaim, "/workbench/claims", "商业秘密主张".to_owned()),
            (Action::ReadFile, "/workbench/file", "查询信用档案".to_owned()),
            (Action::ReadListing, "/workbench/listings", "名单案件".to_owned()),
            (Action::ReadMeasure, "/workbench/measures", "惩戒措施".to_owned()),
            (Action::ReadOfficer, "/workbench/officers", "责任人员".to_owned()),
            (Action::ReadRepair, "/workbench/repairs", "信用修复".to_owned()),
            (Action::ReadObjection, "/workbench/objections", "异议、投诉和申辩".to_owned()),
            (Action::ReadEdition, "/workbench/editions", "规则版本".to_owned()),
            (Action::ReadNational, "/workbench/national", "国家平台对接".to_owned()),
            (Action::ReadWebhook, "/workbench/webhooks", "推送订阅".to_owned()),
            (Action::ReadChanges, "/workbench/unit", "本单位的授权和订阅".to_owned()),
            (Action::ReadAccount, "/workbench/accounts", "账户".to_owned()),
            (Action::ReadAccount, "/workbench/keys", "报送密钥".to_owned()),
            (Action::HandleIncident, "/workbench/incidents", "查询滥用线索".to_owned()),
        ];
        all.into_iter().filter(|(action, ..)| self.rights.contains(action)).map(|(_, to, name)| (to, name)).collect()
    }
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Extension(asker): Extension<Asker>,
    asked: HeaderMap,
) -> Result<Response, ErrorPage> {
    let person = asker.person().map_err(refuse)?.clone();
    let today = state.view().today;
    let frame = Frame::of(&state, today, &asked, Place::Elsewhere);
    let queued = state.intake().map(|intake| intake.queued_by(asker.batches_of())).unwrap_or_default();
    let (of, office) = (Arc::clone(&person), View::office(today));
    let found = state.ask_at_length(move |service| {
        let granted = service.granted()?;
        let may = |action| granted.allows(of.role, action);
        let batches = if may(Action::ReadBatch) {
            Some(service.batches_of(asker.batches_of(), queued, None, BATCHES)?.items)
        } else {
            None
        };
        let due = match asker.batches_of() {
            _ if !may(Action::ReadDue) => None,
            Some(unit) => Some(service.due_tomorrow(&service.unit_view(unit)?, Some(unit))?),
            None => Some(service.due_tomorrow(&office, None)?),
        };
        let conflicts = if may(Action::SettleConflict) {
            let mut found = service.name_conflicts(&office)?;
            found.retain(|conflict| of.role != Role::Clerk || conflict.source == of.account.unit);
            Some(found.len())
        } else {
            None
        };
        let rights: Vec<Action> = Action::ALL.into_iter().filter(|action| may(*action)).collect();
        let start = Start { queue: service.queue(&of, &Which::default(), None, Some(TASKS))? };
        let shown = (service.items_today()?, service.proposals(&of, "open")?);
        Ok((rights, start, shown, batches, due, conflicts, service.unread_notices(&of)?, service.units()?))
    });
    let (rights, start, (items, proposals), batches, due, conflicts, unread, units) = found.await.map_err(refuse)?;
    let unit = units.get(&person.account.unit);
    let (unit, area) = unit.map(|unit| (unit.name.clone(), unit.area.clone())).unwrap_or_default();
    let shown = Page { frame, person, unit, area, start, unread, proposals, batches, due, conflicts, rights, items };
    page(StatusCode::OK, &shown)
}
