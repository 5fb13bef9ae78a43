//! A body that hardly comes is given up: else whoever sends a byte now and then keeps a request, and what is held for it, for as long as
//! the longest upload may take.

use axum::body::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep_until};

/// How long no piece may come.
const SILENT_WITHIN: Duration = Duration::from_secs(60);
/// Bytes a second that come in the long run, once [`SILENT_WITHIN`] is over.
const SLOWEST: u64 = 1024;

/// A body that fails when it comes too slowly.
pub(crate) struct Paced<B> {
    inner: B,
    bytes: u64,
    /// How long was waited for what came.
    waited: Duration,
    /// Since when the next piece is waited for.
    since: Option<Instant>,
    timer: Pin<Box<Sleep>>,
}

impl<B> Paced<B> {
    pub(crate) fn new(inner: B) -> Self {
        let timer = Box::pin(sleep_until(Instant::now()));
        Self { inner, bytes: 0, waited: Duration::ZERO, since: None, timer }
    }

    /// How long the next piece may be waited for. What the server itself takes to put pieces away does not count.
    fn patience(&self) -> Duration {
        let paced = SILENT_WITHIN + Duration::from_secs(self.bytes / SLOWEST);
        paced.saturating_sub(self.waited).min(SILENT_WITHIN)
    }
}

impl<B> Body for Paced<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let Poll::Ready(frame) = Pin::new(&mut self.inner).poll_frame(context) else {
            if self.since.is_none() {
                let (now, patience) = (Instant::now(), self.patience());
                self.since = Some(now);
                self.timer.as_mut().reset(now + patience);
            }
            return self
                .timer
                .as_mut()
                .poll(context)
                .map(|()| Some(Err(io::Error::new(io::ErrorKind::TimedOut, "the body comes too slowly").into())));
        };
        if let Some(since) = self.since.take() {
            self.waited += since.elapsed();
        }
        if let Some(piece) = frame.as_ref().and_then(|frame| frame.as_ref().ok()).and_then(Frame::data_ref) {
            self.bytes += piece.len() as u64;
        }
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::PieceBody;
    use std::future::poll_fn;

    /// Pieces of some bytes with a pause before each; how many are taken before the body is given up, and after how long.
    async fn taken(pieces: usize, bytes: usize, pause: u64) -> (usize, u64) {
        let (send, body) = PieceBody::channel(1);
        tokio::spawn(async move {
            for _ in 0..pieces {
                tokio::time::sleep(Duration::from_secs(pause)).await;
                if send.send(Ok(Bytes::from(vec![0; bytes]))).await.is_err() {
                    return;
                }
            }
        });
        let (begun, mut body, mut taken) = (Instant::now(), Paced::new(body), 0);
        while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            if frame.is_err() {
                break;
            }
            taken += 1;
        }
        (taken, begun.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_comes_in_is_taken_whole_and_one_that_hardly_comes_is_given_up() {
        assert_eq!(taken(100, 64 << 10, 50).await.0, 100);
        assert_eq!(taken(3, 1, 59).await, (1, 60));
        assert_eq!(taken(2, 1 << 20, 61).await, (0, 60));
        let (pieces, seconds) = taken(1000, 10, 1).await;
        assert!((60..=61).contains(&seconds) && pieces >= 59, "{pieces} pieces, {seconds} s");
    }
}
