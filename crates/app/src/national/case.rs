//! Cases of repair that began at the other side's window (信用中国 is the one window): each keeps its number there and the day on which it
//! was made there; the authority's clocks start with its arrival. What becomes of them is told back as a list of where each stands.

use super::Side;
use super::sheet::{self, push_cells, unreadable};
use crate::exchange::place::Found;
use crate::listing::Clerk;
use crate::repair::{Applying, apply_waiting};
use crate::rulebook::PLATFORM_UNIT;
use crate::{AppError, Result};
use credence_domain::record::value::{date, date_of, day_number};
use credence_domain::repair::Paper;
use credence_store::repair as kept;
use credence_store::scope::View;
use std::io::Read;

/// Cases that moved within so many days are told.
const TOLD_DAYS: i32 = 90;

impl Side<'_> {
    /// Enters the cases of a file; how many stand here now. What the rules refuse is told back, each with its reason; the others stand.
    pub(super) fn cases(&self, name: &str, bytes: &[u8]) -> Result<u64> {
        let Some(form) = &self.version.case else {
            let text = "该平台的适配规则没有约定修复申请的格式";
            return Err(AppError::refused("national_file_unreadable", "name", text));
        };
        let headers =
            [&form.reference, &form.window_on, &form.id, &form.rectified, &form.clauses, &form.signed_on, &form.papers];
        let rows = sheet::read(bytes, &headers.map(String::as_str))?;
        let mut asked = Vec::with_capacity(rows.len());
        for row in &rows {
            let day = |at| date(row.get(at)).ok_or_else(|| unreadable(row.line, "日期无法读取"));
            let mut papers = Vec::new();
            for paper in row.get(6).split([';', '；']).filter(|paper| !paper.trim().is_empty()) {
                papers.push(
                    paper_of(paper)
                        .ok_or_else(|| unreadable(row.line, "证明材料应为“种类|编号|摘要”，摘要可以不填"))?,
                );
            }
            asked.push(Applying {
                record: row.get(2).to_owned(),
                channel: "national".to_owned(),
                reference: row.get(0).to_owned(),
                window_on: Some(day(1)?),
                arrived_on: None,
                rectified: row.get(3).to_owned(),
                papers,
                clauses: row.get(4).split([';', '；']).map(|code| code.trim().to_owned()).collect(),
                signed_on: Some(day(5)?),
                plan: None,
                completed: None,
            });
        }
        let clerk = Clerk { name: self.code.to_owned(), view: View::office(self.service.real_today()) };
        let (mut came, mut reply) = (0, String::new());
        push_cells(&mut reply, [form.reference.as_str(), "结果", "本省编号", "错误代码", "说明"].into_iter());
        for one in asked {
            let (rulebook, clerk, number) = (self.service.shared_rulebook(), clerk.clone(), one.reference.clone());
            let applied = self.desk.act(move |writer| apply_waiting(writer, &rulebook, (&clerk, PLATFORM_UNIT), &one));
            match applied {
                Ok(view) => {
                    push_cells(&mut reply, [&number, "已接收", view.head.number.as_str(), "", ""].into_iter());
                    came += 1;
                }
                Err(AppError::Refused { code, detail, .. }) => {
                    push_cells(&mut reply, [&number, "未接收", "", code, detail.as_str()].into_iter());
                }
                Err(AppError::NotFound) => {
                    push_cells(&mut reply, [&number, "未接收", "", "not_found", "没有这条记录"].into_iter());
                }
                Err(error) => return Err(error),
            }
        }
        let name = name.trim_end_matches(".csv");
        self.out.write(&format!("{name}.reply.csv"), &mut reply.as_bytes())?;
        Ok(came)
    }

    /// Tells where each case of the other side's window stands.
    pub(super) fn tell_cases(&self) -> Result<()> {
        if self.version.case.is_none() {
            return Ok(());
        }
        let since = day_number(self.service.real_today()).saturating_sub(TOLD_DAYS);
        let heads = self.service.read(|connection| kept::of_national_window(connection, since))?;
        if heads.is_empty() {
            return Ok(());
        }
        let mut text = String::new();
        push_cells(&mut text, ["受理编号", "本省编号", "状态", "最近办理日期"].into_iter());
        for (reference, number, state, moved_on) in heads {
            let day = date_of(moved_on).map(|day| day.to_string()).unwrap_or_default();
            push_cells(&mut text, [reference.as_str(), &number, &state, &day].into_iter());
        }
        if let Found::Plain(mut file) = self.out.find("cases.csv")? {
            let mut standing = String::new();
            file.read_to_string(&mut standing)?;
            if standing == text {
                return Ok(());
            }
        }
        self.out.write("cases.csv", &mut text.as_bytes())
    }
}

fn paper_of(text: &str) -> Option<Paper> {
    let mut parts = text.split('|').map(|part| part.trim().to_owned());
    let (kind, number) = (parts.next()?, parts.next()?);
    Some(Paper { kind, number, digest: parts.next().unwrap_or_default(), file: false })
}
