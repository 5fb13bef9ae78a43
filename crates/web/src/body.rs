//! Large bodies, piece by piece: what comes in is written by a thread that may block, what goes out is read by one.

use axum::body::{Body, Bytes};
use credence_app::batch::Upload;
use credence_app::{AppError, Result};
use hyper::body::{Body as HttpBody, Frame};
use std::fs::File;
use std::future::poll_fn;
use std::io::Read;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc;

/// Pieces on their way between the connection and the disk.
const PIECES: usize = 8;
/// Size of an outgoing piece.
const PIECE_BYTES: usize = 64 << 10;

/// An upload while its pieces come in.
pub(crate) struct Taking {
    send: mpsc::Sender<Bytes>,
    writing: tokio::task::JoinHandle<Result<Upload>>,
}

impl Taking {
    /// Begins to write.
    pub(crate) fn begin(mut upload: Upload) -> Self {
        let (send, mut receive) = mpsc::channel::<Bytes>(PIECES);
        let writing = tokio::task::spawn_blocking(move || {
            while let Some(piece) = receive.blocking_recv() {
                upload.write(&piece)?;
            }
            Ok(upload)
        });
        Self { send, writing }
    }

    /// Takes a piece; false when the writer has given up: its end says why.
    pub(crate) async fn take(&mut self, piece: Bytes) -> bool {
        self.send.send(piece).await.is_ok()
    }

    /// What was written.
    ///
    /// # Errors
    /// `too_large`, or io.
    pub(crate) async fn end(self) -> Result<Upload> {
        drop(self.send);
        self.writing.await.map_err(|error| AppError::from(std::io::Error::other(error)))?
    }
}

/// Takes a whole body into an upload.
pub(crate) async fn take(mut body: Body, upload: Upload) -> Result<Upload> {
    let mut taking = Taking::begin(upload);
    let broken = loop {
        match poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            None => break None,
            Some(Err(error)) => break Some(AppError::refused("bad_parameter", "", format!("请求正文中断：{error}"))),
            Some(Ok(frame)) => {
                let Ok(piece) = frame.into_data() else { continue };
                if !taking.take(piece).await {
                    break None;
                }
            }
        }
    };
    let written = taking.end().await;
    match broken {
        Some(error) => Err(error),
        None => written,
    }
}

/// A body of pieces that are made as it is taken.
pub(crate) struct PieceBody(mpsc::Receiver<std::io::Result<Bytes>>);

impl PieceBody {
    /// A body, and where its pieces come from; so many wait at most.
    pub(crate) fn channel(pieces: usize) -> (mpsc::Sender<std::io::Result<Bytes>>, Self) {
        let (send, receive) = mpsc::channel(pieces);
        (send, Self(receive))
    }

    /// Reads a file from where it stands to its end.
    pub(crate) fn of_file(file: File) -> Self {
        Self::of_file_while(file, || true)
    }

    /// The same while something holds; then the answer breaks off, so that nobody takes it for whole.
    pub(crate) fn of_file_while(mut file: File, holds: impl Fn() -> bool + Send + 'static) -> Self {
        let (send, body) = Self::channel(PIECES);
        tokio::task::spawn_blocking(move || {
            loop {
                let mut piece = vec![0; PIECE_BYTES];
                let read = match file.read(&mut piece) {
                    _ if !holds() => Err(std::io::Error::other("the file is handed out no longer")),
                    Ok(0) => return,
                    Ok(read) => {
                        piece.truncate(read);
                        Ok(Bytes::from(piece))
                    }
                    Err(error) => Err(error),
                };
                let ended = read.is_err();
                if send.blocking_send(read).is_err() || ended {
                    return;
                }
            }
        });
        body
    }
}

impl HttpBody for PieceBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, std::io::Error>>> {
        self.get_mut().0.poll_recv(context).map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}
