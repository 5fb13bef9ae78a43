//! A disk without room.

use super::Outcome;
use super::place::{Place, said};
use std::process::Command;

/// The system refuses to let any file of the import grow beyond a limit; then the limit is gone.
pub(super) fn full(place: &mut Place) -> anyhow::Result<Outcome> {
    let Some(register) = place.file() else {
        return Ok(Outcome::not_here("数据库服务器的磁盘不在此演练"));
    };
    let (mut wrong, mut stopped) = (Vec::new(), 0);
    for _ in 0..place.rounds {
        let file = place.new_file(place.rows)?;
        let now = std::fs::metadata(&register)?.len().div_ceil(1_024);
        let limit = now / 4 + place.below(now.max(4_096));
        let program = place.import(&file)?;
        let mut limited = Command::new("bash");
        // A process that ignores the signal gets an error from its write, as on a full disk.
        limited.args(["-c", "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"", "drill", &limit.to_string()]);
        limited.arg(program.get_program()).args(program.get_args());
        let output = limited.output()?;
        if output.stdout.is_empty() {
            stopped += 1;
            let told = said(&output);
            if output.status.code().is_none() || output.status.success() || told.is_empty() {
                wrong.push(format!("an import without room ended with {} and said {told:?}", output.status));
            }
        }
        wrong.extend(place.verify(&[])?);
        wrong.extend(place.import_whole(&file)?);
    }
    Ok(Outcome::of(place.rounds, format!("{stopped} 次写不下而报错退出，有空间后各自续完"), wrong))
}
