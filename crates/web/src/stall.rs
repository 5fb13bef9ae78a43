//! A connection whose reader takes nothing for a while is cut: else whoever opens a long answer and reads no further keeps
//! its buffers for ever.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// How long a reader may take nothing.
const STALLED_WITHIN: Duration = Duration::from_secs(30);

/// A connection that fails when it could not be written to for that long.
#[derive(Debug)]
pub(crate) struct Unstalled<S> {
    inner: S,
    timer: Pin<Box<Sleep>>,
    waits: bool,
}

impl<S> Unstalled<S> {
    pub(crate) fn new(inner: S) -> Self {
        Self { inner, timer: Box::pin(sleep(STALLED_WITHIN)), waits: false }
    }

    /// Passes on what writing said, unless it has waited too long.
    fn in_time<T>(&mut self, context: &mut Context<'_>, wrote: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if wrote.is_ready() {
            self.waits = false;
            return wrote;
        }
        if !self.waits {
            self.waits = true;
            self.timer.as_mut().reset(Instant::now() + STALLED_WITHIN);
        }
        ready!(self.timer.as_mut().poll(context));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the reader takes nothing")))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Unstalled<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Unstalled<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.in_time(context, wrote)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.inner).poll_write_vectored(context, pieces);
        self.in_time(context, wrote)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.inner).poll_flush(context);
        self.in_time(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.inner).poll_shutdown(context);
        self.in_time(context, shut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[tokio::test(start_paused = true)]
    async fn a_reader_who_takes_nothing_is_cut_and_one_who_takes_a_little_is_not() {
        let (near, mut far) = duplex(16);
        let mut writing = Unstalled::new(near);
        writing.write_all(&[0; 16]).await.unwrap();
        let write = tokio::spawn(async move {
            let wrote = writing.write_all(&[0; 24]).await;
            (wrote, writing)
        });
        let mut taken = [0; 8];
        for _ in 0..3 {
            tokio::time::sleep(STALLED_WITHIN - Duration::from_secs(1)).await;
            far.read_exact(&mut taken).await.unwrap();
        }
        let (wrote, mut writing) = write.await.unwrap();
        wrote.unwrap();
        let begun = Instant::now();
        assert_eq!(writing.write_all(&[0; 32]).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(begun.elapsed().as_secs(), STALLED_WITHIN.as_secs());
    }
}
