//! `credence uscc [CODE…]`: judges each code exactly as given.

use super::Common;
use crate::exit::Done;
use credence_domain::subject::uscc::{self, Uscc};
use std::io::{BufRead, ErrorKind, Write};

/// Judges unified social credit codes.
#[derive(Debug, clap::Args)]
pub struct Codes {
    /// The codes; without any, one a line on stdin.
    codes: Vec<String>,
}

impl Codes {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        let mut refused = false;
        let mut answers = Vec::new();
        let mut judge = |code: &str| -> std::io::Result<()> {
            let reason = reason(code);
            refused |= reason.is_some();
            if common.json {
                answers.push(serde_json::json!({
                    "code": code, "ok": reason.is_none(), "reason": reason,
                    "suggestions": if reason.is_some() { suggestions(code) } else { vec![] },
                }));
            } else {
                writeln!(out, "{code}\t{}", reason.as_deref().unwrap_or("ok"))?;
            }
            Ok(())
        };
        let judged = if self.codes.is_empty() {
            std::io::stdin().lock().lines().try_for_each(|line| judge(line?.trim_end_matches(['\r', '\n'])))
        } else {
            self.codes.iter().try_for_each(|code| judge(code))
        };
        // Codes may come without end: who has stopped reading ends them.
        match judged.and_then(|()| out.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => return Err(error.into()),
            _ => {}
        }
        if common.json {
            crate::output::json(&answers)?;
        }
        Ok(if refused { Done::WithRefusals } else { Done::Whole })
    }
}

/// Why a code is none: the reason, the folded form where folding mends it, suggestions for one mistyped character.
fn reason(code: &str) -> Option<String> {
    let error = Uscc::parse(code).err()?;
    let mut reason = format!("{}: {error}", error.code());
    let folded = uscc::fold(code);
    if folded != code && Uscc::parse(&folded).is_ok() {
        reason.push_str(&format!("; folded {folded} is valid"));
    } else {
        let found = suggestions(code);
        if !found.is_empty() {
            reason.push_str(&format!("; one character off: {}", found.join(" ")));
        }
    }
    Some(reason)
}

fn suggestions(code: &str) -> Vec<String> {
    uscc::suggestions(code).iter().map(ToString::to_string).collect()
}
