//! Serving until told to stop: open requests are finished, then the listener is gone.

use crate::{AppState, router};
use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// How long open requests may take after the signal to stop.
const LEAVE: Duration = Duration::from_secs(10);

/// Serves until `shutdown` ends, then lets open requests finish, ten seconds at most.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (told, stopping) = oneshot::channel();
    let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        shutdown.await;
        let _ = told.send(());
    });
    let last_moment = async {
        if stopping.await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(LEAVE).await;
    };
    tokio::select! {
        ended = serving => ended,
        () = last_moment => Ok(()),
    }
}
