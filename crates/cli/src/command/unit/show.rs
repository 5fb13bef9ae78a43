//! `credence unit show`: a unit as it stands today, with every state that it had or will have.

use crate::command::Common;
use crate::output::say;
use credence_app::{Clock, Service};

pub(super) fn run(common: &Common, uscc: &str) -> anyhow::Result<()> {
    let uscc = super::parse_code(uscc)?;
    let service = Service::open(common.address()?, Clock::system(), None)?;
    let found = service.unit(uscc.as_str())?;
    if common.json {
        return crate::output::json(&found);
    }
    let unit = &found.unit;
    say!("{}\t{}", unit.uscc, unit.name)?;
    if !unit.names.is_empty() {
        say!("  其他名称\t{}", unit.names.join("、"))?;
    }
    for state in &found.history {
        let day = |day: Option<jiff::civil::Date>, none: &str| day.map_or_else(|| none.to_owned(), |d| d.to_string());
        let (from, until) = (day(state.from_on, "始"), day(state.until_on, "今"));
        let (level, area, parent) = (&state.level, &state.area, &state.parent);
        say!("  {from} 至 {until}\t{level}\t{area}\t上级 {parent}\t{}\t{}", state.sector, state.regulator)?;
    }
    Ok(())
}
