//! What every handler shares: the service, and the one place that decides on which thread a question is asked.

use crate::edition::{self, Following};
use crate::kept::Kept;
use crate::metrics::Metrics;
use crate::quota::Quota;
use crate::stream::Hub;
use credence_app::batch::Intake;
use credence_app::daily::Daily;
use credence_app::desk::Desk;
use credence_app::notice::Post;
use credence_app::query::{AreaDetail, Facets, Home, QualityView, quality};
use credence_app::webhook::Messenger;
use credence_app::{Address, AppError, Result, Service, View, Writer};
use credence_domain::access::{Action, Role};
use credence_domain::rulebook::Rulebook;
use jiff::civil::Date;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Long questions (searches, counts) that run at once; more wait. Each holds a thread and a reading connection.
const LONG_QUESTIONS: usize = 8;
/// Short questions to PostgreSQL that run at once; more wait, which is quicker than a connection each.
const SHORT_QUESTIONS: usize = 8;
/// How often one address may try to sign in (CONTRACT §2).
const SIGN_INS_A_SECOND: u32 = 20;
/// Receivers of webhooks that are asked at once whether they want to be told.
const PROOFS_AT_ONCE: usize = 4;
/// Passwords that are checked at once.
const PASSWORDS_AT_ONCE: usize = 2;

/// Kept answers by what named the area.
type KeptAreas = Mutex<HashMap<String, Arc<Kept<AreaDetail>>>>;

/// What every handler shares. It is cloned for every route and every request: one count, not twenty.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Shared>);

/// The parts of what every handler shares.
#[derive(Clone, Debug)]
pub struct Shared {
    following: Arc<Following>,
    long_questions: Arc<Semaphore>,
    short_questions: Arc<Semaphore>,
    home: Arc<Kept<Home>>,
    facets: Arc<Kept<Facets>>,
    quality: Arc<Kept<QualityView>>,
    areas: Arc<KeptAreas>,
    metrics: Arc<Metrics>,
    quota: Arc<Quota<IpAddr>>,
    key_quota: Arc<Quota<[u8; 32]>>,
    intake: Option<Arc<Intake>>,
    desk: Option<Arc<Desk>>,
    sign_ins: Arc<Quota<IpAddr>>,
    hashing: Arc<Semaphore>,
    trusted_proxies: Arc<[IpAddr]>,
    stream: Arc<Hub>,
    daily: Option<Arc<Daily>>,
    messenger: Option<Arc<Messenger>>,
    post: Option<Arc<Post>>,
    proving: Arc<Semaphore>,
    security_contact: Option<Arc<str>>,
}

impl std::ops::Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl AppState {
    /// Serves this service.
    #[must_use]
    pub fn new(service: Arc<Service>) -> Self {
        let long_questions = Arc::new(Semaphore::new(LONG_QUESTIONS));
        Self(Arc::new(Shared {
            following: Arc::new(Following::new(service)),
            long_questions,
            short_questions: Arc::new(Semaphore::new(SHORT_QUESTIONS)),
            home: Arc::default(),
            facets: Arc::default(),
            quality: Arc::default(),
            areas: Arc::default(),
            metrics: Arc::default(),
            quota: Arc::new(crate::quota::of_addresses()),
            key_quota: Arc::new(crate::asker::key_quota()),
            intake: None,
            desk: None,
            sign_ins: Arc::new(Quota::new(SIGN_INS_A_SECOND, SIGN_INS_A_SECOND)),
            hashing: Arc::new(Semaphore::new(PASSWORDS_AT_ONCE)),
            trusted_proxies: Arc::default(),
            stream: Arc::default(),
            daily: None,
            messenger: None,
            post: None,
            proving: Arc::new(Semaphore::new(PROOFS_AT_ONCE)),
            security_contact: None,
        }))
    }

    /// The same with some part put in.
    pub(crate) fn with(self, put: impl FnOnce(&mut Shared)) -> Self {
        let mut shared = Arc::unwrap_or_clone(self.0);
        put(&mut shared);
        Self(Arc::new(shared))
    }

    /// Believes what these proxies say about who asks (`--trusted-proxy`).
    #[must_use]
    pub fn with_trusted_proxies(self, proxies: impl IntoIterator<Item = IpAddr>) -> Self {
        let trusted = proxies.into_iter().map(|proxy| proxy.to_canonical()).collect();
        self.with(|shared| shared.trusted_proxies = trusted)
    }

    /// Says where a weakness of this installation is reported (`--security-contact`).
    #[must_use]
    pub fn with_security_contact(self, contact: &str) -> Self {
        self.with(|shared| shared.security_contact = Some(contact.into()))
    }

    pub(crate) fn security_contact(&self) -> Option<&str> {
        self.security_contact.as_deref()
    }

    /// Looks up which edition of the rulebook is in force this often, instead of once a second.
    #[must_use]
    pub fn with_edition_looked_up_every(self, every: Duration) -> Self {
        self.with(|shared| shared.following = Arc::new(shared.following.every(every)))
    }

    /// Takes files in; without an intake nothing is written.
    #[must_use]
    pub fn with_intake(self, intake: Arc<Intake>) -> Self {
        self.with(|shared| shared.intake = Some(intake))
    }

    /// Does single acts; without a desk nobody signs in.
    #[must_use]
    pub fn with_desk(self, desk: Arc<Desk>) -> Self {
        self.with(|shared| shared.desk = Some(desk))
    }

    /// Does something that writes: an act, or a session. Never on a thread that serves connections.
    pub(crate) async fn act<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Service, &Desk) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        if self.is_moved() {
            let text = "演示日期已移动，期间不接受写入，请去掉 --today 后重新启动";
            return Err(AppError::refused("today_is_moved", "", text));
        }
        let desk = self
            .desk
            .clone()
            .ok_or_else(|| AppError::refused("read_only", "", "本服务当前只读，不能登录和办理，请稍后再试"))?;
        let service = self.service().await;
        let done = Self::ask_aside(service, move |service| {
            let desk = desk.for_one();
            let done = work(service, &desk);
            Ok((done, service.promises(&desk.take_done())))
        });
        let (done, promises) = done.await?;
        crate::promised::keep(promises);
        done
    }

    /// Does a single act under the rulebook in force.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Writer, &Rulebook) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.act(move |service, desk| {
            let rulebook = service.shared_rulebook();
            desk.act(move |writer| work(writer, &rulebook))
        })
        .await
    }

    /// The same for acts that place themselves in the log, as the command line does them: with a writer of their own.
    pub(crate) async fn write_alone<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writer, &Rulebook) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.act(move |service, desk| desk.at_length(|writer| work(writer, service.rulebook()))).await
    }

    /// The same for what checks a password: it takes a core and 19 MiB for a while, so few run at once.
    pub(crate) async fn act_with_password<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Service, &Desk) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let _turn = self.hashing.acquire().await.map_err(std::io::Error::other)?;
        self.act(work).await
    }

    /// Brings messages to receivers; without it no webhook is begun.
    #[must_use]
    pub fn with_messenger(self, messenger: Arc<Messenger>) -> Self {
        self.with(|shared| shared.messenger = Some(messenger))
    }

    /// Does something for which a receiver is asked first whether it wants to be told: it may take its time, so few are
    /// asked at once.
    pub(crate) async fn prove<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Service, &Desk, &Messenger) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let messenger = self
            .messenger
            .clone()
            .ok_or_else(|| AppError::refused("read_only", "", "本服务当前不办理推送订阅，请稍后再试"))?;
        let _turn = self.proving.acquire().await.map_err(std::io::Error::other)?;
        self.act(move |service, desk| work(service, desk, &messenger)).await
    }

    /// Sends mail; without it no address is asked for.
    #[must_use]
    pub fn with_post(self, post: Arc<Post>) -> Self {
        self.with(|shared| shared.post = Some(post))
    }

    /// Whether mail goes out at all.
    pub(crate) fn sends_mail(&self) -> bool {
        self.post.is_some()
    }

    /// Does something for which mail is sent at once: the mail server may take its time, so few are at it together.
    pub(crate) async fn post_by_mail<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Service, &Desk, &Post) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let post =
            self.post.clone().ok_or_else(|| AppError::refused("mail_unavailable", "", "本平台当前不发送邮件"))?;
        let _turn = self.proving.acquire().await.map_err(std::io::Error::other)?;
        self.act(move |service, desk| work(service, desk, &post)).await
    }

    /// How often one address may try to sign in.
    pub(crate) fn sign_ins(&self) -> &Quota<IpAddr> {
        &self.sign_ins
    }

    /// Hands out the daily file and keeps it up; without it there is none.
    #[must_use]
    pub fn with_daily(self, daily: Arc<Daily>) -> Self {
        self.with(|shared| shared.daily = Some(daily))
    }

    pub(crate) fn daily(&self) -> Option<&Arc<Daily>> {
        self.daily.as_ref()
    }

    /// Today, whenever it is asked: for what goes on past a request.
    pub(crate) fn today(&self) -> Date {
        self.following.standing().today()
    }

    /// Who follows the log for all who read changes.
    pub(crate) fn stream(&self) -> &Arc<Hub> {
        &self.stream
    }

    /// Asks what is asked for all readers of the stream: it waits for nobody's turn.
    pub(crate) async fn follow<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Service) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        Self::ask_aside(self.service().await, question).await
    }

    pub(crate) fn intake(&self) -> Option<&Arc<Intake>> {
        self.intake.as_ref()
    }

    pub(crate) fn key_quota(&self) -> &Quota<[u8; 32]> {
        &self.key_quota
    }

    pub(crate) fn trusted_proxies(&self) -> &[IpAddr] {
        &self.trusted_proxies
    }

    pub(crate) fn quota(&self) -> &Quota<IpAddr> {
        &self.quota
    }

    /// What anyone may see today. Called once a request, so that one answer is of one day.
    pub(crate) fn view(&self) -> View {
        View::public(edition::day(|| self.following.standing().today()))
    }

    /// Whether a role may do something. Nothing is asked of the database, so this needs no other thread.
    pub(crate) async fn allows(&self, role: Role, action: Action) -> Result<bool> {
        let service = self.service().await;
        Ok(service.granted_on(self.day_of_rights())?.allows(role, action))
    }

    /// The day by which it is judged who may do what: today, wherever reads were moved to.
    fn day_of_rights(&self) -> Date {
        let standing = self.following.standing();
        if standing.is_moved() { standing.real_today() } else { self.view().today }
    }

    /// The register is a synthetic province.
    pub(crate) fn is_demonstration(&self) -> bool {
        self.following.standing().is_demonstration()
    }

    /// Reads were moved to another day.
    pub(crate) fn is_moved(&self) -> bool {
        self.following.standing().is_moved()
    }

    /// The home page's counters.
    pub(crate) async fn home(&self, view: View) -> Result<Home> {
        let of = (view.today, self.service().await.rulebook().digest);
        self.home.get(of, self.ask_at_length(move |service| service.home(&view))).await
    }

    /// What the filters of a search can be set to.
    pub(crate) async fn facets(&self, view: View) -> Result<Facets> {
        let of = (view.today, self.service().await.rulebook().digest);
        self.facets.get(of, self.ask_at_length(move |service| service.facets(&view))).await
    }

    /// What is public of an area, kept for a while.
    pub(crate) async fn area(&self, view: View, text: String) -> Result<AreaDetail> {
        let of = (view.today, self.service().await.rulebook().digest);
        let kept =
            Arc::clone(self.areas.lock().unwrap_or_else(PoisonError::into_inner).entry(text.clone()).or_default());
        let made = kept.get(of, self.ask_at_length(move |service| service.area(&view, &text))).await;
        if matches!(made, Err(AppError::NotFound)) {
            // Only what there is takes room.
            self.areas.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, one| !Arc::ptr_eq(one, &kept));
        }
        made
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The scorecard of a month: the latest is kept for a while, another is counted when it is asked for.
    pub(crate) async fn quality(&self, view: View, month: Option<&str>) -> Result<QualityView> {
        let (today, asked) = (view.today, month.map(str::to_owned));
        let months = self.ask_at_length(move |service| {
            let latest = service.latest_month(today)?;
            Ok((quality::month(asked.as_deref(), latest)?, latest))
        });
        let (month, latest) = months.await?;
        let count = || {
            let view = view.clone();
            self.ask_at_length(move |service| service.quality(&view, month))
        };
        if month == latest {
            let of = (today, self.service().await.rulebook().digest);
            let kept = self.quality.get(of, count()).await?;
            // A batch of a new month may have come since.
            if kept.month == month.to_string() {
                return Ok(kept);
            }
        }
        count().await
    }

    /// Asks something short. A read by code takes microseconds on SQLite, less than a hop to another thread; the driver
    /// of PostgreSQL blocks and refuses to run on a thread of the runtime.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Service) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let service = self.service().await;
        match service.address() {
            Address::Sqlite(_) => question(&service),
            Address::Postgres(_) => {
                let _turn = self.short_questions.acquire().await.map_err(std::io::Error::other)?;
                Self::ask_aside(service, question).await
            }
        }
    }

    /// Asks something that may look at the whole register: never on a thread that serves connections.
    pub(crate) async fn ask_at_length<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Service) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let service = self.service().await;
        let _turn = self.long_questions.acquire().await.map_err(std::io::Error::other)?;
        Self::ask_aside(service, question).await
    }

    /// The service under the edition that the request under way holds, from its first question on.
    pub(crate) async fn service(&self) -> Arc<Service> {
        if let Some(held) = edition::held() {
            return held;
        }
        let standing = self.following.standing();
        let service = match standing.address() {
            _ if !self.following.is_due() => standing,
            Address::Sqlite(_) => self.following.look_up(),
            Address::Postgres(_) => {
                let following = Arc::clone(&self.following);
                tokio::task::spawn_blocking(move || following.look_up()).await.unwrap_or(standing)
            }
        };
        edition::keep(&service);
        service
    }

    async fn ask_aside<T: Send + 'static>(
        service: Arc<Service>,
        question: impl FnOnce(&Service) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let answered = tokio::task::spawn_blocking(move || question(&service)).await;
        answered.map_err(|error| AppError::from(std::io::Error::other(error)))?
    }
}
