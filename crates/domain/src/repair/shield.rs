//! Shielding while a plan is carried out (重整计划、和解协议执行期间的临时屏蔽): on the ruling of a court that approved it, whatever
//! minimum runs; for as long as the plan is carried out, and no longer (信用修复管理办法 art. 二十, 市场监督管理信用修复管理办法 art. 二十二).

use super::desk::named;
use super::{Applied, Arrived, Case, Channel, Desk, Event, Ground, Paper, Plan, Ruling, Step, rule};
use crate::listing::Refusal;
use crate::paper;
use crate::publicity;
use jiff::civil::Date;

/// An application for a shield as it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct AskShield<'a> {
    /// The record.
    pub ground: Ground<'a>,
    /// How it came.
    pub channel: &'a Channel,
    /// The day on which it reached the authority, where it is there already.
    pub arrived_on: Option<Date>,
    /// The plan and the ruling that approved it.
    pub plan: &'a Plan,
    /// Papers besides the ruling.
    pub papers: &'a [Paper],
}

impl Desk<'_> {
    /// Applies for a shield. No minimum, no letter of commitment and no training is asked for: the ruling is enough.
    ///
    /// # Errors
    /// When no order in force knows a shield, the ruling is not named as a whole, or papers were false within three years.
    pub fn apply_shield(&self, asked: &AskShield<'_>) -> Result<(Step, Case), Refusal> {
        let ground = &asked.ground;
        if let Some(last) = ground.barred_through_on.filter(|last| self.today <= *last) {
            return Err(rule::BARRED_AFTER_FAULT.because(format!("至{last}")));
        }
        paper::fit(0, asked.papers.len())?;
        asked.papers.iter().try_for_each(|paper| self.known(paper))?;
        let window_on = self.window(asked.channel, asked.arrived_on)?;
        let procedure = self.procedure(ground).map(|(pack, row)| (pack, row.code)).unwrap_or_default();
        let clock = publicity::bankruptcy_shield(&self.rulebook.publicity, &procedure.0, self.today);
        let clock = clock.ok_or_else(|| rule::PLAN_UNKNOWN.refuse())?;
        let national = matches!(asked.channel, Channel::National { .. });
        let answer = publicity::window_answer(&self.rulebook.publicity, self.today)
            .filter(|_| asked.arrived_on.is_none() || national)
            .map(|clock| clock.due(&self.rulebook.calendar, window_on).into());
        let push = self.rulebook.procedure.repair_rules(self.today).and_then(|rules| rules.push_working_days);
        let decision = ground.decision;
        let basis = clock.basis.iter().map(|basis| format!("{}第{}条", basis.title, basis.article));
        let applied = Applied {
            record: ground.record.to_owned(),
            item: ground.item.to_owned(),
            uscc: ground.uscc.to_owned(),
            document: ground.document.to_owned(),
            unit: ground.unit.to_owned(),
            class: decision.class_code().unwrap_or_default().to_owned(),
            pack: named(decision.pack_id().unwrap_or_default(), decision.row_code().unwrap_or_default()),
            procedure: named(&clock.pack, &procedure.1),
            conditions: format!("{}执行期间（{}）", asked.plan.kind.name(), basis.collect::<Vec<_>>().join("、")),
            min_end_on: decision.min_end_on,
            repair_from_on: decision.repair_from_on,
            through_on: decision.through_on,
            channel: asked.channel.clone(),
            rectified: String::new(),
            papers: asked.papers.to_vec(),
            promise: None,
            plan: Some(asked.plan.clone()),
            shield: Some(clock.due(&self.rulebook.calendar, asked.arrived_on.unwrap_or(self.today)).into()),
            followed: None,
            push: asked.arrived_on.is_none().then(|| self.due(self.today, push)).flatten(),
            answer,
            arrived: asked.arrived_on.map(|on| Arrived { on, accept: None }),
        };
        let step = self.step(Event::Applied(Box::new(applied)));
        let case = Case::open(&step)?;
        Ok((step, case))
    }

    /// Shields the record; `kept` are the measures on it that do not stand in the way of the plan (最小必要).
    ///
    /// # Errors
    /// When the case asks for none, does not wait for that, nothing says what was found, or the same person passed it on.
    pub fn shield(&self, case: &Case, letter: &str, findings: &str, kept: &[String]) -> Result<(Step, Case), Refusal> {
        let findings = findings.trim().to_owned();
        self.take(case, Event::Shielded { letter: letter.to_owned(), findings, kept: kept.to_vec() })
    }

    /// Ends the shield of a plan that was not carried out.
    ///
    /// # Errors
    /// When the case shields nothing, or the ruling is not named as a whole.
    pub fn plan_failed(&self, case: &Case, letter: &str, ruling: &Ruling) -> Result<(Step, Case), Refusal> {
        self.take(case, Event::PlanFailed { letter: letter.to_owned(), ruling: ruling.clone() })
    }

    /// Ends the shield of a plan that is carried out; `followed_by` is the application that goes on from here.
    ///
    /// # Errors
    /// When the case shields nothing, or the ruling is not named as a whole.
    pub fn plan_completed(
        &self,
        case: &Case,
        ruling: &Ruling,
        followed_by: Option<&str>,
    ) -> Result<(Step, Case), Refusal> {
        let followed_by = followed_by.map(str::to_owned);
        self.take(case, Event::PlanCompleted { ruling: ruling.clone(), followed_by })
    }

    /// Last day to shield, from today.
    pub(super) fn shield_due(&self, case: &Case) -> Option<super::Due> {
        let clock = publicity::bankruptcy_shield(
            &self.rulebook.publicity,
            super::desk::first(&case.applied.procedure),
            self.today,
        )?;
        Some(clock.due(&self.rulebook.calendar, self.today).into())
    }
}
