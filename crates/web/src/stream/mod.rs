//! The change stream over the wire: lines of JSON that end where the log ends, or events that go on (SSE).
//!
//! One hub a process follows the log and makes each line once; whoever is up to date gets the same bytes. Whoever is not
//! reads the database on his own, piece by piece, until he is. Nothing is kept for a reader but the few pieces between him
//! and his connection, and a connection that takes nothing is cut (`crate::stall`).

mod hub;
mod reader;

pub(crate) use hub::Hub;
pub(crate) use reader::{events, lines};

use credence_app::stream::{Filter, Line};

/// How lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A line each (`application/x-ndjson`).
    Lines,
    /// An event each (`text/event-stream`).
    Events,
}

impl Form {
    /// The lines that pass a filter.
    fn write(self, lines: &[Line], filter: &Filter) -> Vec<u8> {
        let mut out = Vec::with_capacity(lines.iter().map(|line| line.text.len() + 8).sum());
        for line in lines.iter().filter(|line| filter.passes(line)) {
            if self == Form::Events {
                out.extend_from_slice(b"data: ");
            }
            out.extend_from_slice(line.text.as_bytes());
            out.extend_from_slice(if self == Form::Events { b"\n\n" } else { b"\n" });
        }
        out
    }
}

/// The event that says where a reader stands; it goes on from its `id`.
fn standing(position: i64, through: &str) -> String {
    format!("id: {position}\nevent: position\ndata: {{\"position\":{position},\"through\":\"{through}\"}}\n\n")
}
