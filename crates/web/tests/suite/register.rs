//! A register of its own for each test, and a way to ask it.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use credence_app::batch::Intake;
use credence_app::collect::{self, Request as Import};
use credence_app::daily::Daily;
use credence_app::desk::Desk;
use credence_app::directory::Unit;
use credence_app::log::Reach;
use credence_app::webhook::Messenger;
use credence_app::{Address, Clock, Service, Writer};
use credence_domain::subject::Uscc;
use credence_testkit::stores::TestStore;
use credence_web::AppState;
use jiff::civil::Date;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;
use tower::ServiceExt;

/// A registered organisation.
pub const KNOWN: &str = "91379900MA0TE5T16G";
/// An organisation that only a penalty names.
pub const UNREGISTERED: &str = "91379900MA0TE0026R";

/// The unit that sends.
pub const AUTHORITY: &str = "11379900000000086M";

const REGISTRATIONS: &str = "\
名称,统一社会信用代码,成立日期,类型,注册资本,经营范围,登记地区,登记状态
云海岳泰机械制造有限公司,91379900MA0TE5T16G,2012-03-04,有限责任公司,,,示范市,存续
";

/// A file of two penalties.
pub const PENALTIES: &str = "\
CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_JDRQ,CF_CFJG,CF_CFJGDM,CF_SJLY,CF_SJLYDM
云海岳泰机械制造有限公司,法人及非法人组织,91379900MA0TE5T16G,示罚〔2026〕1号,未标注日期,\"事实,一\",依据,罚款,罚款五万元,5,2026-04-10,示范局,11379900000000086M,示范局,11379900000000086M
=未来商贸有限公司,法人及非法人组织,91379900MA0TE0026R,示罚〔2026〕2号,未标注日期,事实,依据,罚款,罚款五万元,5,2026-04-13,示范局,11379900000000086M,示范局,11379900000000086M
";

/// A register with the shipped rulebook.
pub struct Register {
    state: AppState,
    service: Arc<Service>,
    clock: Clock,
    dir: TempDir,
    daily: Option<Arc<Daily>>,
}

/// An answer.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Register {
    /// An empty register on 2026-05-13.
    pub fn empty() -> Self {
        Self::filled(&[])
    }

    /// A register with two penalties and the registration of one of the two organisations.
    pub fn with_a_penalty() -> Self {
        Self::filled(&[REGISTRATIONS, PENALTIES])
    }

    /// The same in a store of either kind; to be made and dropped outside a runtime.
    pub fn with_a_penalty_in(store: &TestStore) -> Self {
        Self::filled_at(store.address.clone(), tempfile::tempdir().unwrap(), &[REGISTRATIONS, PENALTIES])
    }

    fn filled(files: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self::filled_at(Address::Sqlite(dir.path().join("register.db")), dir, files)
    }

    fn filled_at(address: Address, dir: TempDir, files: &[&str]) -> Self {
        let clock = Clock::fixed(jiff::civil::date(2026, 5, 13));
        let mut writer = address.writer(clock.clone()).unwrap();
        credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
        for (number, text) in files.iter().enumerate() {
            let path = dir.path().join(format!("{number}.csv"));
            std::fs::write(&path, text).unwrap();
            import(&mut writer, path);
        }
        drop(writer);
        let service = Arc::new(Service::open(address, clock.clone(), None).unwrap());
        Self { state: AppState::new(Arc::clone(&service)), service, clock, dir, daily: None }
    }

    /// The same register, taking files in.
    pub fn with_intake(mut self) -> (Self, Arc<Intake>) {
        let intake = Arc::new(self.intake());
        self.state = self.state.with_intake(Arc::clone(&intake));
        (self, intake)
    }

    /// The same register, where people sign in and act.
    pub fn with_desk(mut self) -> (Self, Arc<Desk>) {
        let desk = Arc::new(Desk::open(&self.service).unwrap());
        let messenger = Arc::new(Messenger::new(Reach::Anywhere).unwrap());
        self.state = self.state.with_desk(Arc::clone(&desk)).with_messenger(messenger);
        (self, desk)
    }

    /// The same register, whose operator says where weaknesses are reported.
    pub fn with_security_contact(mut self, contact: &str) -> Self {
        self.state = self.state.with_security_contact(contact);
        self
    }

    /// The same register with the daily file of its day.
    pub fn with_daily(mut self) -> Self {
        let daily = Arc::new(Daily::open(&self.dir.path().join("bulk")).unwrap());
        daily.make(&self.service).unwrap();
        self.state = self.state.with_daily(Arc::clone(&daily));
        self.daily = Some(daily);
        self
    }

    /// Does what the server does every second for its daily file.
    pub fn keep_daily(&self) -> bool {
        self.daily.as_ref().unwrap().keep(&self.service).unwrap()
    }

    /// Names in the folder of the daily file.
    pub fn daily_names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.dir.path().join("bulk")).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    /// Takes a batch back.
    pub fn withdraw(&self, batch: &str) {
        let mut writer = self.writer();
        let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
        let decision = credence_app::review::Decision { actor: "甲", reason: "报送有误", secrecy_review: "" };
        credence_app::batch::withdraw::withdraw(&mut writer, &rulebook, batch, decision, "乙", &mut |_| Ok(()))
            .unwrap();
    }

    /// The file of the register, which stands in SQLite.
    pub fn file(&self) -> PathBuf {
        self.dir.path().join("register.db")
    }

    /// What readers ask.
    pub fn service(&self) -> Arc<Service> {
        Arc::clone(&self.service)
    }

    /// The same register, marked as a synthetic province.
    pub fn marked_as_a_demonstration(self) -> Self {
        credence_app::demonstration::set_mark(&mut self.writer(), "finished").unwrap();
        let address = self.service.address().clone();
        let service = Arc::new(Service::open(address, self.clock.clone(), None).unwrap());
        Self { state: AppState::new(Arc::clone(&service)), service, ..self }
    }

    /// Sends a file in the name of a unit and gives its batch.
    pub fn send(&self, source: &str, text: &str) -> String {
        let mut writer = self.writer();
        let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
        let path = self.dir.path().join(format!("{source}.csv"));
        std::fs::write(&path, text).unwrap();
        let request = Import {
            path,
            source: Uscc::parse(source).unwrap(),
            item: None,
            rejects: None,
            dry_run: false,
            secrecy_review: "测试".to_owned(),
            channel: "cli",
            instruction: None,
            window_bytes: credence_app::collect::WINDOW_BYTES,
        };
        collect::import(&mut writer, &rulebook, &request, &mut |_| {}).unwrap().batch
    }

    /// The same, whose edition of the rulebook is looked up this often.
    pub fn looking_up_the_edition_every(mut self, every: std::time::Duration) -> Self {
        self.state = self.state.with_edition_looked_up_every(every);
        self
    }

    /// The same register after its server has ended.
    pub fn without_intake(self) -> Self {
        Self { state: AppState::new(Arc::clone(&self.service)), ..self }
    }

    /// An intake as a server opens it at its start.
    pub fn intake(&self) -> Intake {
        Intake::open(Arc::clone(&self.service), &self.dir.path().join("spool")).unwrap()
    }

    /// A writer, while nobody else writes.
    pub fn writer(&self) -> Writer {
        self.service.address().writer(self.clock.clone()).unwrap()
    }

    /// A key for a unit, which is entered into the directory where it is not there yet.
    pub fn key(&self, source: &str, expires_on: Option<Date>) -> String {
        let mut writer = self.writer();
        let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
        let unit = Unit { uscc: source.to_owned(), name: "示范局".to_owned(), ..Unit::default() };
        let known = credence_app::directory::find(&mut writer, Uscc::parse(source).unwrap()).unwrap();
        credence_app::directory::set(&mut writer, &known.unwrap_or(unit), &rulebook).unwrap();
        let source = Uscc::parse(source).unwrap();
        {
            let wanted = credence_app::key::Wanted::whole(source, expires_on);
            credence_app::key::issue(&mut writer, &rulebook, &wanted, ("测试", None, "")).unwrap().key
        }
    }

    /// Says what a unit that is in the directory deals with, and at which level.
    pub fn appoint(&self, unit: &str, sector: &str, level: &str) {
        let mut writer = self.writer();
        let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
        let known = credence_app::directory::find(&mut writer, Uscc::parse(unit).unwrap()).unwrap().unwrap();
        let unit = Unit { sector: sector.to_owned(), level: level.to_owned(), ..known };
        credence_app::directory::set(&mut writer, &unit, &rulebook).unwrap();
    }

    /// Everything stored, judged again.
    pub fn verify(&self) {
        let found = credence_app::verify::verify(self.service.address()).unwrap();
        let failed: Vec<_> = found.requirements.iter().filter(|outcome| outcome.failed > 0).collect();
        assert!(failed.is_empty(), "{failed:#?}");
    }

    /// Lets so many seconds pass.
    pub fn go_on(&self, seconds: u32) {
        self.clock.go_on(seconds);
    }

    /// Lets another day come.
    pub fn move_to(&self, day: Date) {
        self.clock.move_to(day);
    }

    /// Lets the last instant of a day come.
    pub fn move_to_last_instant(&self, day: Date) {
        self.clock.move_to_last_instant(day);
    }

    /// What a server is made of.
    pub fn state(&self) -> AppState {
        self.state.clone()
    }

    /// Asks for an address.
    pub async fn get(&self, address: &str) -> Answer {
        self.ask(Request::get(address).body(Body::empty()).unwrap()).await
    }

    /// Sends a request.
    pub async fn ask(&self, request: Request<Body>) -> Answer {
        let response = credence_web::router(self.state.clone()).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = String::from_utf8_lossy(&to_bytes(body, usize::MAX).await.unwrap()).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }
}

/// Sends a file; every row of it is good.
pub fn import(writer: &mut Writer, path: PathBuf) {
    let (rulebook, _) = credence_app::rulebook::in_force_or_first(writer).unwrap();
    let request = Import {
        path,
        source: Uscc::parse(AUTHORITY).unwrap(),
        item: None,
        rejects: None,
        dry_run: false,
        secrecy_review: "测试".to_owned(),
        channel: "cli",
        instruction: None,
        window_bytes: credence_app::collect::WINDOW_BYTES,
    };
    let report = collect::import(writer, &rulebook, &request, &mut |_| {}).unwrap();
    assert_eq!(report.counts.accepted, report.counts.read, "{report:?}");
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}
