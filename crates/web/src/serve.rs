//! Serving until told to stop: nothing new is taken then, and what is open is finished.
//!
//! The accept loop is our own because `axum::serve` sets no time for reading a request's head: whoever opens connections
//! and says nothing would keep them for ever. Nor has hyper a time for a reader who takes nothing: see `crate::stall`.

use crate::paced::Paced;
use crate::stall::Unstalled;
use crate::{AppState, daily, router, witness};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use credence_app::log::Host;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

/// How long a connection may take to send a request's head, and stay without one.
const HEAD_WITHIN: Duration = Duration::from_secs(30);
/// How long open requests may take after the signal to stop.
const LEAVE_WITHIN: Duration = Duration::from_secs(10);
/// The longest head of a request.
const HEAD_MAX_BYTES: usize = 64 * 1024;

/// Serves until `shutdown` ends, then lets open requests finish, ten seconds at most.
///
/// # Errors
/// When the listener has no address any more.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let stream = Arc::clone(state.stream());
    let kept = tokio::spawn(daily::keep(state.clone()));
    let ending = move || {
        stream.close();
        kept.abort();
    };
    serve_router(listener, router(state), shutdown, ending).await
}

/// Is a witness for other logs until `shutdown` ends.
///
/// # Errors
/// When the listener has no address any more.
pub async fn serve_witness(
    listener: TcpListener,
    host: Arc<Host>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    serve_router(listener, witness::router(host), shutdown, || {}).await
}

/// Serves until `shutdown` ends; `ending` then lets go of what would keep connections open.
async fn serve_router(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
    ending: impl FnOnce(),
) -> std::io::Result<()> {
    let address = listener.local_addr()?;
    let open = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_WITHIN).max_buf_size(HEAD_MAX_BYTES);
    tokio::pin!(shutdown);
    tracing::info!(%address, "serving");
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        match accepted {
            Ok((stream, peer)) => answer(&http, &open, stream, peer, router.clone()),
            // Too many open files, a connection gone before it was taken: the next may be better.
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    ending();
    if tokio::time::timeout(LEAVE_WITHIN, open.shutdown()).await.is_err() {
        tracing::warn!("stopped with requests still open");
    }
    Ok(())
}

/// Answers the requests of one connection.
fn answer(http: &http1::Builder, open: &GracefulShutdown, stream: TcpStream, peer: SocketAddr, router: Router) {
    // An answer is written at once: there is nothing to wait for.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(|body| Body::new(Paced::new(body)));
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let connection = open.watch(http.serve_connection(TokioIo::new(Unstalled::new(stream)), service));
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, %peer, "connection ended early");
        }
    });
}
