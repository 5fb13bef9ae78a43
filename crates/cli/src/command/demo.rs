//! `credence demo`: a synthetic province through the real importer, then served.

use super::Common;
use crate::exit::Done;
use crate::output::{Meter, note};
use anyhow::{Context, bail};
use credence_app::collect::{self, Request};
use credence_app::demonstration::{self, Cases, Objections};
use credence_app::desk::Desk;
use credence_app::query::ListRequest;
use credence_app::{Address, AppError, Clock, Service};
use credence_domain::access::Role;
use credence_domain::subject::Uscc;
use credence_testkit::national::StandIn;
use credence_testkit::province::{self, Plan};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A synthetic province through the real importer, then served.
#[derive(Debug, clap::Args)]
pub struct Demo {
    /// How many organisations, 12 at least.
    #[arg(long, default_value_t = 3000)]
    organisations: usize,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Import only.
    #[arg(long)]
    no_serve: bool,
    /// Where the province is kept.
    #[arg(long, default_value = "credence-demo")]
    dir: PathBuf,
}

/// The fewest organisations among which every file and every account finds the one it needs.
const ORGANISATIONS_LEAST: usize = 12;
const FINISHED: &str = "finished";
/// The way of the case in which the representative with an account has something to say.
const OWN_CASE: &str = "statement";

impl Demo {
    /// Runs the command.
    pub fn run(&self, common: &Common) -> anyhow::Result<Done> {
        if self.organisations < ORGANISATIONS_LEAST {
            let text = format!("演示省至少需要 {ORGANISATIONS_LEAST} 个主体，请加大 --organisations");
            return Err(AppError::refused("bad_parameter", "organisations", text).into());
        }
        let database = self.dir.join("credence.db");
        if common.names_other_database(&format!("sqlite:{}", database.display())) {
            let text = "演示省只写入 --dir 下的 credence.db，不写入 --database 指定的登记库；请去掉 --database，或用 --dir 另选文件夹（其后可用 credence copy --to 复制到 PostgreSQL）";
            return Err(AppError::refused("bad_parameter", "database", text).into());
        }
        let address = Address::Sqlite(database);
        match self.standing(&address)? {
            Standing::Finished => note!("{}: 使用已生成的演示省", self.dir.display()),
            Standing::Unfinished | Standing::None => self.make(&address)?,
        }
        if self.no_serve {
            return Ok(Done::Whole);
        }
        if common.json {
            crate::output::json(&serde_json::json!({ "dir": self.dir }))?;
        }
        let outbound = super::log::reach(false);
        let public = super::serve::Public { listen: self.listen, proxies: &[], security_contact: None };
        let national = self.dir.join("national");
        let folders = super::serve::Folders { national: national.is_dir().then_some(&*national), ..Default::default() };
        super::serve::serve(address, public, None, folders, (Some(outbound), None))?;
        Ok(Done::Whole)
    }

    /// A finished demo is reused, an unfinished one goes on, a foreign folder is refused.
    fn standing(&self, address: &Address) -> anyhow::Result<Standing> {
        if !self.dir.exists() || std::fs::read_dir(&self.dir)?.next().is_none() {
            return Ok(Standing::None);
        }
        match credence_app::demonstration::mark(address) {
            Ok(Some(mark)) if mark == FINISHED => Ok(Standing::Finished),
            Ok(Some(_)) => Ok(Standing::Unfinished),
            _ => bail!("foreign_folder: {} 不是演示文件夹，请另选 --dir", self.dir.display()),
        }
    }

    fn make(&self, address: &Address) -> anyhow::Result<()> {
        let files = self.dir.join("files");
        std::fs::create_dir_all(&files).with_context(|| format!("cannot write {}", self.dir.display()))?;
        let clock = Clock::system();
        let today = clock.today();
        let plan = Plan { organisations: self.organisations, seed: 2019, today };
        // The files arrive on the days on which they were sent: the register's clock stands on each in turn.
        let first = province::receipt_days(&plan).first().copied().unwrap_or(today);
        let clock = Clock::replayed(first);
        let mut writer = address.writer(clock.clone()).map_err(credence_app::AppError::from)?;
        let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer)?;
        credence_app::demonstration::set_mark(&mut writer, "begun")?;
        for (code, area) in province::areas() {
            credence_app::directory::set_area(&mut writer, code, &area, None, &rulebook)?;
        }
        credence_app::directory::set_all(&mut writer, &province::units(), &rulebook)?;
        let (mut rows, mut rejected) = (0, 0);
        let mut sent = province::files(&plan, &rulebook);
        sent.extend(province::grounds(&plan, &rulebook));
        sent.sort_by_key(|file| (file.received_on, file.order));
        let mut cases = Cases::read(&mut writer, province::listings(&plan, &rulebook), today)?;
        let mut objections = Objections::new(today, cases.organisation_of(OWN_CASE));
        for file in sent {
            // Between the files people work: each step of a case is taken on its day.
            cases.until(&mut writer, &rulebook, &clock, file.received_on)?;
            objections.until(&mut writer, &rulebook, &clock, file.received_on)?;
            clock.move_to(file.received_on);
            let path = files.join(&file.name);
            std::fs::write(&path, &file.bytes)?;
            let report = self.import(&mut writer, &rulebook, &path, &file.source_uscc, &files)?;
            rows += report.counts.read;
            rejected += report.counts.rejected;
        }
        cases.until(&mut writer, &rulebook, &clock, today.tomorrow()?)?;
        objections.until(&mut writer, &rulebook, &clock, today.tomorrow()?)?;
        drop(writer);
        let accounts = self.open_accounts(address, cases.organisation_of(OWN_CASE))?;
        let mut writer = address.writer(Clock::system()).map_err(credence_app::AppError::from)?;
        credence_app::demonstration::set_mark(&mut writer, FINISHED)?;
        note!(
            "演示省：{} 个主体，{rows} 行数据，退回 {rejected} 行（有意含错），见 {}；{accounts} 个演示账户见 {}",
            self.organisations,
            files.display(),
            self.dir.join("accounts.json").display()
        );
        Ok(())
    }

    /// One account for every role, printed into the folder: nobody else has accounts whose passwords are known. Some further ones have a
    /// second factor and are printed nowhere.
    fn open_accounts(&self, address: &Address, with_a_case: Option<&str>) -> anyhow::Result<usize> {
        let service = Arc::new(Service::open(address.clone(), Clock::system(), None)?);
        let desk = Desk::open(&service)?;
        let request = ListRequest { item: "penalty".to_owned(), limit: Some(1), ..ListRequest::default() };
        let penalty = service.list(&service.public_view(), &request)?.items.into_iter().next();
        let uscc = penalty.as_ref().map(|penalty| penalty.uscc.as_str());
        let represented = with_a_case.or(uscc).context("no organisation has a public penalty")?;
        let represented = Uscc::parse(represented).context("no organisation has a public penalty")?;
        let unit_of = |role: Role| province::unit_of_role(role);
        let accounts = demonstration::open_accounts(&service, &desk, &unit_of, represented)?;
        demonstration::open_guarded_accounts(&service, &desk, &unit_of, guarded(self.organisations))?;
        drop(desk);
        service.sequence()?;
        hand_over(&service, &self.dir)?;
        let path = self.dir.join("accounts.json");
        let text = serde_json::to_string_pretty(&accounts)?;
        write_private(&path, &text).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(accounts.len())
    }

    fn import(
        &self,
        writer: &mut credence_app::Writer,
        rulebook: &credence_domain::rulebook::Rulebook,
        path: &Path,
        source: &str,
        files: &Path,
    ) -> anyhow::Result<collect::Report> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let rejects = files.join("rejects");
        std::fs::create_dir_all(&rejects)?;
        let request = Request {
            path: path.to_owned(),
            source: Uscc::parse(source).with_context(|| format!("{name}: source {source}"))?,
            item: None,
            rejects: Some(rejects.join(&*name)),
            dry_run: false,
            secrecy_review: String::new(),
            channel: "demo",
            instruction: None,
            window_bytes: credence_app::collect::WINDOW_BYTES,
        };
        let mut meter = Meter::new();
        let report = collect::import(writer, rulebook, &request, &mut |progress| meter.show(progress))
            .with_context(|| name.clone().into_owned())?;
        meter.end();
        if report.counts.rejected == 0 {
            std::fs::remove_file(rejects.join(&*name))?;
        }
        Ok(report)
    }
}

/// Accounts with a second factor: more in a larger province.
const fn guarded(organisations: usize) -> usize {
    2 + organisations / 1000
}

/// Hands over what is public to a platform that stands in for the national one, through a folder of the demonstration: it refuses
/// some rows, and some of its copies differ.
fn hand_over(service: &Arc<Service>, dir: &Path) -> anyhow::Result<()> {
    let root = dir.join("national");
    std::fs::create_dir_all(&root)?;
    let desk = Arc::new(Desk::open(service)?);
    let handover = super::national::open(service, &desk, &root)?;
    handover.look()?;
    let today = service.today();
    for (code, platform) in &service.rulebook().platforms {
        let Some(adapter) = platform.version_on(today) else { continue };
        StandIn::new(&root.join(code), adapter).demonstrate();
    }
    handover.look()?;
    drop(handover);
    drop(desk);
    service.sequence()?;
    Ok(())
}

/// Writes a file that only its owner reads.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

enum Standing {
    None,
    Unfinished,
    Finished,
}
