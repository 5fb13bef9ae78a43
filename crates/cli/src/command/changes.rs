//! `credence changes`: what changed in public, by the order of the log; the twin of `GET /api/v1/changes`.

use super::{Common, parse_date};
use crate::exit::Done;
use crate::output::say;
use credence_app::stream::ChangesRequest;
use credence_app::{Clock, Service};
use jiff::civil::Date;

/// Lines read at a time, about.
const PIECE_LINES: usize = 1_000;

/// What changed in public.
#[derive(Debug, clap::Args)]
pub struct Changes {
    /// Behind this position of the log; 0 or nothing from the beginning.
    #[arg(long)]
    after: Option<i64>,
    /// The day through which was read then, where it is known.
    #[arg(long, value_parser = parse_date)]
    through: Option<Date>,
    /// Items, between commas.
    #[arg(long, default_value = "")]
    item: String,
    /// Areas of registration, between commas.
    #[arg(long, default_value = "")]
    area: String,
}

impl Changes {
    /// Runs the command: a line each as the stream has it, the last one saying where one stands.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        let service = Service::open(common.address()?, Clock::system(), None)?;
        let request = ChangesRequest {
            after: self.after,
            through: self.through,
            item: self.item.clone(),
            area: self.area.clone(),
            ..ChangesRequest::default()
        };
        let (filter, until) = (service.changes_filter(&request)?, service.log_size()? - 1);
        let mut replay = service.changes_begin(&request)?;
        loop {
            let piece = service.read_on(&mut replay, until, PIECE_LINES)?;
            for line in piece.lines.iter().filter(|line| filter.passes(line)) {
                say!("{}", line.text)?;
            }
            if piece.is_last {
                break;
            }
        }
        let (position, through) = (replay.position(), replay.through());
        if common.json {
            say!("{{\"position\":{position},\"through\":\"{through}\",\"next\":null}}")?;
        } else {
            say!("读到位置 {position}，至{through}")?;
        }
        Ok(Done::Whole)
    }
}
