//! `credence serve`: pages and API.

use super::{Common, parse_date};
use crate::exit::Done;
use anyhow::Context;
use credence_app::{Address, Clock, Service};
use jiff::civil::Date;
use std::net::SocketAddr;
use std::sync::Arc;

/// Serves pages and API.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Another day for what reads ask (only a register made by `demo`); writes are refused meanwhile.
    #[arg(long, value_parser = parse_date)]
    today: Option<Date>,
}

impl Serve {
    /// Runs the command until it is told to stop.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        // The first start makes the register and enacts the shipped rulebook.
        if self.today.is_none() {
            match common.writer() {
                Ok(_) => {}
                Err(error) if is_in_use(&error) => {}
                Err(error) => return Err(error),
            }
        }
        serve(common.address()?, self.listen, self.today)?;
        Ok(Done::Whole)
    }
}

/// Somebody else writes: reading goes on.
fn is_in_use(error: &anyhow::Error) -> bool {
    error.downcast_ref::<credence_app::AppError>().is_some_and(|error| error.code() == "database_in_use")
}

/// Listens and serves until interrupted or terminated.
pub fn serve(address: Address, listen: SocketAddr, today: Option<Date>) -> anyhow::Result<()> {
    let service = Arc::new(Service::open(address, Clock::system(), today)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener =
            tokio::net::TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
        println!("listening on http://{}", listener.local_addr()?);
        credence_web::serve(listener, credence_web::AppState::new(service), stop()).await?;
        Ok(())
    })
}

async fn stop() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}
