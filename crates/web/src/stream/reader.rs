//! One reader: from where he stands to the end of the log, and on as it grows.
//!
//! What is made for him waits in a channel of a few pieces; when he does not take it nothing more is made.

use super::hub::{Listening, Told};
use super::{Form, standing};
use crate::AppState;
use crate::body::PieceBody;
use axum::body::Bytes;
use credence_app::Result;
use credence_app::stream::{Filter, Replay};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

/// Pieces on their way to a reader.
const PIECES: usize = 2;
/// Lines of a piece, about: acts are told whole.
const PIECE_LINES: usize = 500;
/// How often a reader to whom there is nothing to tell hears that the connection stands.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// What a reader is told, and whether he still takes it.
struct Reader {
    state: AppState,
    filter: Filter,
    form: Form,
    send: mpsc::Sender<std::io::Result<Bytes>>,
    /// Items that were public when he began: when others are, he has to begin anew.
    public: Option<BTreeSet<String>>,
    _admitted: OwnedSemaphorePermit,
}

/// He takes nothing more, or has to begin anew.
struct Over;

/// Everything from a place up to the end that the log has now, or about so many lines of it; the last line says where he
/// stands and how to go on.
pub(crate) fn lines(
    state: AppState,
    admitted: OwnedSemaphorePermit,
    mut replay: Replay,
    (until, limit): (i64, Option<usize>),
    filter: Filter,
) -> PieceBody {
    let (send, body) = PieceBody::channel(PIECES);
    let mut reader = Reader { state, filter, form: Form::Lines, send, public: None, _admitted: admitted };
    tokio::spawn(async move {
        let Ok(is_whole) = reader.catch_up(&mut replay, until, limit).await else { return };
        let next = if is_whole { "null".to_owned() } else { format!("\"{}\"", replay.cursor()) };
        let (position, through) = (replay.position(), replay.through());
        let last = format!("{{\"position\":{position},\"through\":\"{through}\",\"next\":{next}}}\n");
        let _ = reader.tell(last.into()).await;
    });
    body
}

/// Everything from a place on, as events, until he leaves or the server stops.
pub(crate) fn events(state: AppState, admitted: OwnedSemaphorePermit, replay: Replay, filter: Filter) -> PieceBody {
    let (send, body) = PieceBody::channel(PIECES);
    let mut reader = Reader { state, filter, form: Form::Events, send, public: None, _admitted: admitted };
    tokio::spawn(async move {
        let hub = reader.state.stream().clone();
        tokio::select! {
            Over = reader.listen(replay) => {}
            () = hub.is_closed() => {}
        }
    });
    body
}

impl Reader {
    /// Hands on what was made; waits until there is room.
    async fn tell(&self, bytes: Bytes) -> std::result::Result<(), Over> {
        if bytes.is_empty() {
            return if self.send.is_closed() { Err(Over) } else { Ok(()) };
        }
        self.send.send(Ok(bytes)).await.map_err(|_| Over)
    }

    /// What was asked, or the end of the answer: it breaks off, so that nobody takes it for whole.
    async fn taken<T>(&self, asked: Result<T>) -> std::result::Result<T, Over> {
        match asked {
            Ok(found) => Ok(found),
            Err(error) => {
                tracing::warn!(code = error.code(), %error, "a reader of the change stream is let go");
                let _ = self.send.send(Err(std::io::Error::other("the register cannot be read"))).await;
                Err(Over)
            }
        }
    }

    /// Reads from the database up to a position. True when nothing is left of that.
    async fn catch_up(
        &mut self,
        replay: &mut Replay,
        until: i64,
        limit: Option<usize>,
    ) -> std::result::Result<bool, Over> {
        let mut left = limit.unwrap_or(usize::MAX);
        loop {
            let (mut standing, wanted) = (replay.clone(), left.min(PIECE_LINES));
            let asked = self.state.ask_at_length(move |service| {
                let piece = service.read_on(&mut standing, until, wanted)?;
                Ok((service.public_items_now(), standing, piece))
            });
            let (items, behind, piece) = self.taken(asked.await).await?;
            if self.public.get_or_insert_with(|| items.clone()) != &items {
                let _ = self.send.send(Err(std::io::Error::other("other items are public now"))).await;
                return Err(Over);
            }
            *replay = behind;
            self.tell(self.form.write(&piece.lines, &self.filter).into()).await?;
            left = left.saturating_sub(piece.lines.len());
            if piece.is_last || left == 0 {
                return Ok(piece.is_last);
            }
        }
    }

    /// Catches up and listens, and catches up again whenever he has fallen behind.
    async fn listen(&mut self, mut replay: Replay) -> Over {
        if self.tell(Bytes::from_static(b"retry: 3000\n\n")).await.is_err() {
            return Over;
        }
        loop {
            let hub = self.state.stream().clone();
            let listening = hub.listen(&self.state).await;
            let Ok(mut listening) = self.taken(listening).await else { return Over };
            let until = listening.from.position().max(replay.position());
            if self.catch_up(&mut replay, until, None).await.is_err() {
                return Over;
            }
            let stands = standing(replay.position(), &replay.through());
            if self.tell(stands.into()).await.is_err() || self.follow(&mut listening, &mut replay).await.is_err() {
                return Over;
            }
            let behind = replay.clone();
            let resumed = self.state.ask_at_length(move |service| service.changes_resumed(behind)).await;
            replay = match self.taken(resumed).await {
                Ok(resumed) => resumed,
                Err(over) => return over,
            };
        }
    }

    /// Takes what the hub has, until he has fallen behind.
    async fn follow(&self, listening: &mut Listening, replay: &mut Replay) -> std::result::Result<(), Over> {
        loop {
            if listening.has_turned() {
                return Err(Over);
            }
            match listening.next() {
                Told::Batch(batch) => {
                    if !replay.knows(&batch.standing) {
                        self.tell(batch.events(&self.filter)).await?;
                        *replay = batch.standing.clone();
                    }
                }
                Told::Behind => return Ok(()),
                Told::Nothing => {
                    tokio::select! {
                        () = listening.news() => {}
                        () = tokio::time::sleep(HEARTBEAT) => self.tell(Bytes::from_static(b": \n\n")).await?,
                        () = self.send.closed() => return Err(Over),
                    }
                }
            }
        }
    }
}
