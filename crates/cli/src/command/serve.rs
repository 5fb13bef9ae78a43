//! `credence serve`: pages and API.

use super::mail::MailOptions;
use super::{Common, parse_date};
use crate::exit::Done;
use crate::output::{note, say};
use anyhow::{Context, bail};
use credence_app::batch::Intake;
use credence_app::daily::Daily;
use credence_app::desk::Desk;
use credence_app::exchange::Exchange;
use credence_app::exchange::folder::Folder;
use credence_app::exchange::front::Front;
use credence_app::log::{Keeper, Reach, Teller};
use credence_app::national::Handover;
use credence_app::notice::{Post, Postman, Sweeper};
use credence_app::webhook::{Messenger, Sender};
use credence_app::{Address, Clock, Service};
use jiff::civil::Date;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Serves pages and API.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Another day for what reads ask (only a register made by `demo`); writes are refused meanwhile.
    #[arg(long, value_parser = parse_date)]
    today: Option<Date>,
    /// Where files wait that came over HTTP (default: beside the register, or ./credence-spool for PostgreSQL).
    #[arg(long)]
    spool: Option<PathBuf>,
    /// Where the daily file stands (default: beside the register, or ./credence-bulk for PostgreSQL).
    #[arg(long)]
    bulk: Option<PathBuf>,
    /// Takes packages out of the drop folders below this one as well.
    #[arg(long)]
    exchange: Option<PathBuf>,
    /// Hands over to national platforms through this folder as well.
    #[arg(long)]
    national: Option<PathBuf>,
    /// Empties the staging tables at this PostgreSQL address as well.
    #[arg(long, env = "CREDENCE_FRONT", hide_env_values = true)]
    front: Option<String>,
    /// A proxy whose word on who asks is believed (X-Forwarded-For); several, or with commas.
    #[arg(long, env = "CREDENCE_TRUSTED_PROXY", value_delimiter = ',')]
    trusted_proxy: Vec<IpAddr>,
    /// Where a weakness of this installation is reported: mailto:, https: or tel: (/.well-known/security.txt).
    #[arg(long, env = "CREDENCE_SECURITY_CONTACT", value_parser = parse_contact)]
    security_contact: Option<String>,
    /// Allow requests to witnesses and receivers of webhooks over plain http and to private addresses.
    #[arg(long)]
    outbound_anywhere: bool,
    /// Tell nobody: no witness, no receiver of webhooks, no notice. For a copy, or a backup that is looked at.
    #[arg(long, conflicts_with = "outbound_anywhere")]
    outbound_nowhere: bool,
    #[command(flatten)]
    mail: MailOptions,
}

impl Serve {
    /// Runs the command until it is told to stop.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        // The first start makes the register and enacts the shipped rulebook.
        if self.today.is_none() {
            match common.writer() {
                Ok(_) => {}
                Err(error) if is(&error, "database_in_use") => {}
                Err(error) if is(&error, "database_newer") && common.address()?.reader().is_ok() => {
                    note!("note: a newer program has written this register; it is served for reading only");
                }
                Err(error) => return Err(error),
            }
        }
        let folders = Folders {
            spool: self.spool.as_deref(),
            bulk: self.bulk.as_deref(),
            exchange: self.exchange.as_deref(),
            national: self.national.as_deref(),
            front: self.front.as_deref(),
        };
        let public = Public {
            listen: self.listen,
            proxies: &self.trusted_proxy,
            security_contact: self.security_contact.as_deref(),
        };
        let outbound = (!self.outbound_nowhere).then(|| super::log::reach(self.outbound_anywhere));
        // Before anything is served: a password that cannot be read is no matter for later.
        let post = self.mail.post()?.filter(|_| !self.outbound_nowhere);
        serve(common.address()?, public, self.today, folders, (outbound, post))?;
        Ok(Done::Whole)
    }
}

/// Whether nothing can be written while reading goes on: somebody else writes, or a newer program has written.
fn is(error: &anyhow::Error, code: &str) -> bool {
    error.downcast_ref::<credence_app::AppError>().is_some_and(|error| error.code() == code)
}

/// Where files wait and stand; each beside the register where it is not named.
#[derive(Clone, Copy, Debug, Default)]
pub struct Folders<'a> {
    /// Files that came over HTTP.
    pub spool: Option<&'a Path>,
    /// The daily file.
    pub bulk: Option<&'a Path>,
    /// Drop folders of departments.
    pub exchange: Option<&'a Path>,
    /// Files of and for national platforms.
    pub national: Option<&'a Path>,
    /// Address of staging tables.
    pub front: Option<&'a str>,
}

/// How the service meets the network.
#[derive(Clone, Copy, Debug)]
pub struct Public<'a> {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Proxies that are believed on who asks.
    pub proxies: &'a [IpAddr],
    /// Where weaknesses are reported.
    pub security_contact: Option<&'a str>,
}

fn parse_contact(text: &str) -> Result<String, String> {
    if credence_web::is_contact(text) {
        Ok(text.to_owned())
    } else {
        Err("须为 mailto:、https:// 或 tel: 开头的一个地址".to_owned())
    }
}

/// Listens and serves until interrupted or terminated.
pub fn serve(
    address: Address,
    Public { listen, proxies, security_contact }: Public<'_>,
    today: Option<Date>,
    folders: Folders<'_>,
    (outbound, post): (Option<Reach>, Option<Arc<Post>>),
) -> anyhow::Result<()> {
    let spool = folders.spool.map_or_else(|| beside(&address, "spool"), Path::to_owned);
    let bulk = folders.bulk.map_or_else(|| beside(&address, "bulk"), Path::to_owned);
    if address.shows_no_change() {
        bail!(
            "read_only: 不能对外提供服务：本用户无权写入数据库所在文件夹，因而看不到以后的变更；请改用有写权限的用户，或把文件复制到可写的文件夹"
        );
    }
    let service = Arc::new(Service::open(address, Clock::system(), today)?);
    // Where reads were moved to another day nothing is written, and nobody signs in; nor where a newer program has written.
    let reads_only = service.is_moved() || service.address().is_of_newer().map_err(credence_app::AppError::from)?;
    let intake = if reads_only { None } else { open_intake(&service, &spool) };
    // A batch under way at the end is cut short like any killed import: the next start goes on behind it.
    if let Some(intake) = intake.clone() {
        std::thread::Builder::new().name("intake".to_owned()).spawn(move || intake.work())?;
    }
    let desk = if reads_only { None } else { Some(Arc::new(Desk::open(&service)?)) };
    let exchange = open_exchange((intake.as_ref(), desk.as_ref()), folders)?;
    if !reads_only {
        keep_periods(&service)?;
    }
    service.keep_search();
    let keeper = if reads_only { None } else { Some(keep_log(&service, outbound)?) };
    let handover = match (&desk, folders.national) {
        (Some(desk), Some(folder)) => Some(hand_over(&service, desk, folder)?),
        _ => None,
    };
    let messenger = Messenger::new(outbound.unwrap_or(Reach::Public))?;
    let sender = match &desk {
        Some(desk) if outbound.is_some() => Some(send_webhooks(&service, desk, messenger.clone())?),
        _ => None,
    };
    let notices = match &desk {
        Some(desk) if outbound.is_some() => Some(tell_accounts(&service, desk, post.as_ref())?),
        _ => None,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener =
            tokio::net::TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
        say!("listening on http://{}", listener.local_addr()?)?;
        let state = credence_web::AppState::new(service).with_trusted_proxies(proxies.iter().copied());
        let state = match security_contact {
            Some(contact) => state.with_security_contact(contact),
            None => state,
        };
        let state = match intake.clone() {
            Some(intake) => state.with_intake(intake),
            None => state,
        };
        let state = match open_daily(today, &bulk) {
            Some(daily) => state.with_daily(Arc::new(daily)),
            None => state,
        };
        let state = match desk {
            Some(desk) => state.with_desk(desk).with_messenger(Arc::new(messenger)),
            None => state,
        };
        let state = match post {
            Some(post) => state.with_post(post),
            None => state,
        };
        credence_web::serve(listener, state, stop()).await?;
        if let Some(exchange) = &exchange {
            exchange.stop();
        }
        if let Some(intake) = &intake {
            intake.stop();
        }
        if let Some(keeper) = &keeper {
            keeper.stop();
        }
        if let Some(sender) = &sender {
            sender.stop();
        }
        if let Some(handover) = &handover {
            handover.stop();
        }
        if let Some((sweeper, postman)) = &notices {
            sweeper.stop();
            postman.iter().for_each(|postman| postman.stop());
        }
        Ok(())
    })
}

/// Looks after the log: one thread places and signs what others have left, another tells the witnesses.
fn keep_log(service: &Arc<Service>, outbound: Option<Reach>) -> anyhow::Result<Arc<Keeper>> {
    let keeper = Arc::new(Keeper::new(Arc::clone(service), Teller::new(outbound.unwrap_or(Reach::Public))?));
    let (placing, telling) = (Arc::clone(&keeper), Arc::clone(&keeper));
    std::thread::Builder::new().name("log".to_owned()).spawn(move || placing.place())?;
    if outbound.is_some() {
        std::thread::Builder::new().name("witnesses".to_owned()).spawn(move || telling.tell())?;
    }
    Ok(keeper)
}

/// Threads that bring webhooks: so many receivers may be slow before the others wait.
const SENDERS: usize = 8;

/// Brings changes to whoever has subscribed, as long as the process lives.
fn send_webhooks(service: &Arc<Service>, desk: &Arc<Desk>, messenger: Messenger) -> anyhow::Result<Arc<Sender>> {
    let sender = Arc::new(Sender::new(Arc::clone(service), Arc::clone(desk), messenger));
    for number in 1..=SENDERS {
        let sender = Arc::clone(&sender);
        std::thread::Builder::new().name(format!("webhook-{number}")).spawn(move || sender.work())?;
    }
    Ok(sender)
}

/// Hands over to national platforms, as long as the process lives.
fn hand_over(service: &Arc<Service>, desk: &Arc<Desk>, folder: &Path) -> anyhow::Result<Arc<Handover>> {
    let handover = Arc::new(super::national::open(service, desk, folder)?);
    let working = Arc::clone(&handover);
    std::thread::Builder::new().name("national".to_owned()).spawn(move || working.work())?;
    Ok(handover)
}

/// Threads that bring mail: so many messages may wait for the mail server at once.
const POSTMEN: usize = 2;

/// Makes notices and brings them by mail, as long as the process lives.
fn tell_accounts(
    service: &Arc<Service>,
    desk: &Arc<Desk>,
    post: Option<&Arc<Post>>,
) -> anyhow::Result<(Arc<Sweeper>, Option<Arc<Postman>>)> {
    let sweeper = Arc::new(Sweeper::new(Arc::clone(service), Arc::clone(desk)));
    let sweeping = Arc::clone(&sweeper);
    std::thread::Builder::new().name("notices".to_owned()).spawn(move || sweeping.work())?;
    let Some(post) = post else { return Ok((sweeper, None)) };
    let postman = Arc::new(Postman::new(Arc::clone(service), Arc::clone(desk), Arc::clone(post)));
    for number in 1..=POSTMEN {
        let postman = Arc::clone(&postman);
        std::thread::Builder::new().name(format!("mail-{number}")).spawn(move || postman.work())?;
    }
    Ok((sweeper, Some(postman)))
}

/// How often a server looks for rejected rows whose time is over.
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Takes away what is over, now and once a day, as long as the process lives.
fn keep_periods(service: &Arc<Service>) -> anyhow::Result<()> {
    let service = Arc::clone(service);
    std::thread::Builder::new().name("retention".to_owned()).spawn(move || {
        loop {
            let edition = service.succeeded().ok().flatten();
            match edition.as_ref().unwrap_or(&service).expire() {
                Ok(done) if done.rows + done.files > 0 => {
                    tracing::info!(rows = done.rows, files = done.files, "rejected rows went: their time was over");
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(code = error.code(), %error, "rejected rows stay"),
            }
            std::thread::sleep(A_DAY);
        }
    })?;
    Ok(())
}

/// A folder of the register's, where none is named.
pub(super) fn beside(address: &Address, what: &str) -> PathBuf {
    match address {
        Address::Sqlite(path) => {
            let mut name = path.as_os_str().to_owned();
            name.push(format!(".{what}"));
            name.into()
        }
        Address::Postgres(_) => PathBuf::from(format!("credence-{what}")),
    }
}

/// The daily file, unless its folder cannot be written. Where reads were moved to another day it stands apart from the real one.
fn open_daily(today: Option<Date>, folder: &Path) -> Option<Daily> {
    let folder = if today.is_some() { folder.join("moved") } else { folder.to_owned() };
    match Daily::open(&folder) {
        Ok(daily) => Some(daily),
        Err(error) => {
            note!("note: serving without a daily file, {}: {error}", folder.display());
            None
        }
    }
}

/// The intake, unless its folder cannot be written or another server has it.
fn open_intake(service: &Arc<Service>, spool: &Path) -> Option<Arc<Intake>> {
    match Intake::open(Arc::clone(service), spool) {
        Ok(intake) => Some(Arc::new(intake)),
        Err(error) => {
            note!("note: serving for reading only, {}: {error}", spool.display());
            None
        }
    }
}

/// The exchange of a server, where folders or staging tables are named: its own intake takes in what comes.
fn open_exchange(
    (intake, desk): (Option<&Arc<Intake>>, Option<&Arc<Desk>>),
    folders: Folders<'_>,
) -> anyhow::Result<Option<Arc<Exchange>>> {
    let Some(intake) = intake.filter(|_| folders.exchange.is_some() || folders.front.is_some()) else {
        return Ok(None);
    };
    let open = |root: &Path| Folder::open(root).with_context(|| root.display().to_string());
    let (folder, front) = (folders.exchange.map(open).transpose()?, folders.front.map(Front::at).transpose()?);
    let exchange = Exchange::new(Arc::clone(intake), folder, front);
    let exchange = Arc::new(match desk {
        Some(desk) => exchange.with_tasks(Arc::clone(desk)),
        None => exchange,
    });
    super::exchange::start(&exchange)?;
    Ok(Some(exchange))
}

pub(super) async fn stop() {
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
