//! The commands, one file each, and what is common to all of them.

mod access;
mod account;
mod area;
mod backup;
mod batch;
mod bench;
mod bulk;
mod calendar;
mod changes;
mod claim;
mod conflict;
mod demo;
mod digest;
mod doctor;
mod drill;
mod erase;
mod evaluate;
mod exchange;
mod explain;
mod impact;
mod import;
mod key;
mod listing;
mod log;
mod mail;
mod measure;
mod national;
mod notice;
mod objection;
mod officer;
mod paper;
mod periods;
mod place;
mod quality;
mod queue;
mod repair;
mod review;
mod routes;
mod rulebook;
mod search;
mod secret;
mod serve;
mod snapshot;
mod unit;
mod uscc;
mod verify;
mod webhook;
mod workday;

use crate::exit::Done;
use crate::output::note;
use clap::{Parser, Subcommand};
use credence_app::{Address, AppError, Clock, StoreError, Writer};
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use jiff::civil::Date;
use std::path::PathBuf;

/// Credence (信用监管平台): credit-based supervision of organisations.
#[derive(Debug, Parser)]
#[command(name = "credence", version, arg_required_else_help = true)]
pub struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// The register where nobody names one.
const DATABASE: &str = "sqlite:credence.db";
/// Names it for every command.
const DATABASE_VARIABLE: &str = "CREDENCE_DATABASE";

/// What every command takes.
#[derive(Clone, Debug, clap::Args)]
pub struct Common {
    /// The register: sqlite:PATH or postgres://…
    #[arg(long, global = true, default_value = DATABASE, env = DATABASE_VARIABLE)]
    database: String,
    /// A rulebook directory instead of the one enacted in the register.
    #[arg(long, global = true)]
    rulebook: Option<PathBuf>,
    /// Valid time: the day for which is asked (Asia/Shanghai).
    #[arg(long, global = true, value_parser = parse_date)]
    as_of: Option<Date>,
    /// The file with the keys of encrypted numbers, instead of the one beside the register.
    #[arg(long, global = true, env = "CREDENCE_KEYS")]
    keys: Option<PathBuf>,
    /// The file with the log's key, instead of the one beside the register.
    #[arg(long, global = true)]
    log_key: Option<PathBuf>,
    /// The socket of the process that holds the log's key (credence log sign), instead of a file.
    #[arg(long, global = true, conflicts_with = "log_key")]
    log_signer: Option<PathBuf>,
    /// The file with the backup key, instead of the one beside the register.
    #[arg(long, global = true, env = "CREDENCE_BACKUP_KEY")]
    backup_key: Option<PathBuf>,
    /// One JSON document on stdout.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// A synthetic province through the real importer, then served.
    Demo(demo::Demo),
    /// Serves pages and API.
    Serve(serve::Serve),
    /// Imports department files.
    Import(import::Import),
    /// Batches that were sent.
    Batch(batch::Batch),
    /// Rights, the access journal, proposals and incidents.
    Access(access::Access),
    /// Accounts of staff, partners, administrators and representatives.
    Account(account::Account),
    /// Exchange by drop folders and by staging tables.
    Exchange(exchange::Exchanging),
    /// The hand-over to national platforms (国家平台对接).
    National(national::National),
    /// Keys with which source units send over HTTP.
    Key(key::Key),
    /// Changes that are brought to receivers.
    Webhook(webhook::Webhook),
    /// Notices of accounts (站内通知).
    Notice(notice::Notice),
    /// The directory of units.
    Unit(unit::Unit),
    /// The directory of areas.
    Area(area::Area),
    /// Names that differ from the one on file.
    Conflict(conflict::Conflict),
    /// Records that wait for a person.
    Review(review::Review),
    /// Claims of commercial secrecy.
    Claim(claim::Claim),
    /// Responsible persons of listings (惩戒到人).
    Officer(officer::Officer),
    /// Cases of listings (列入名单).
    Listing(listing::Listing),
    /// The measures list (失信惩戒措施清单).
    Measure(measure::Measure),
    /// Repairs (信用修复).
    Repair(repair::Repair),
    /// Objections, complaints and replies (异议、投诉、主体申辩).
    Objection(objection::Objection),
    /// Papers of cases as files (附件).
    Paper(paper::Papers),
    /// What waits for an account (待办).
    Queue(queue::Queue),
    /// All about an organisation, for its representative (我的空间).
    Own(queue::Own),
    /// Erases the content of a record by law, and rejected rows whose time is over.
    Erase(erase::Erase),
    /// Checks, lists, compares and enacts rulebooks.
    Rulebook(rulebook::Book),
    /// Publicity and repair periods of a decision.
    Periods(periods::Periods),
    /// Judges unified social credit codes.
    Uscc(uscc::Codes),
    /// The working-day calendar.
    Calendar(calendar::Calendar),
    /// The Nth working day after a date.
    Workday(workday::Workday),
    /// Evaluates whoever is due.
    Evaluate(evaluate::Evaluate),
    /// The grade of an organisation down to record and article.
    Explain(explain::Explain),
    /// A columnar copy of what evaluation sees today, and points from it.
    Snapshot(snapshot::Snapshot),
    /// A month's scorecard of every department, and what is due tomorrow.
    Quality(quality::Quality),
    /// Every route of pages and API.
    Routes(routes::Routes),
    /// The public log: checkpoints, proofs, its key, witnesses.
    Log(log::Log),
    /// Reads everything again and judges it again.
    Verify(verify::Verify),
    /// The derived index of names.
    Search(search::Search),
    /// The keys with which numbers of identity papers are encrypted.
    Secret(secret::Secret),
    /// How the installation fares, with a plain verdict for each part.
    Doctor(doctor::Doctor),
    /// What changed in public, by the order of the log.
    Changes(changes::Changes),
    /// The daily file of all that is public.
    Bulk(bulk::Bulk),
    /// The digest of everything stored.
    Digest(digest::Digest),
    /// Backs the register up while it is in use, and reads the backup again.
    Backup(backup::Backup),
    /// Restores a backup into an empty register of either database.
    Restore(backup::Restore),
    /// Copies the register into an empty one of either database.
    Copy(backup::Copy),
    /// Makes go wrong what can go wrong, on a copy of the register, and looks at what is left.
    Drill(drill::Drill),
    /// The project's own benchmarks, each with its peer where one can be run.
    Bench(bench::Bench),
}

/// Runs a command.
pub fn run(arguments: Arguments) -> anyhow::Result<Done> {
    let Arguments { common, command } = arguments;
    if common.as_of.is_some() && !command.asks_of_a_day() {
        // The option is everybody's; whoever gives it learns that this answer is not of that day.
        note!("本命令只答复今天的情况，不读取 --as-of");
    }
    if let Some(keys) = &common.keys {
        credence_app::secret::use_file(keys.clone());
    }
    if let Some(place) = &common.backup_key {
        credence_app::backup::use_key_file(place.clone());
    }
    if let Some(place) = &common.log_key {
        credence_app::log::use_place(credence_app::log::Place::File(place.clone()));
    } else if let Some(place) = &common.log_signer {
        credence_app::log::use_place(credence_app::log::Place::Socket(place.clone()));
    }
    match command {
        Command::Demo(demo) => demo.run(&common),
        Command::Serve(serve) => serve.run(&common),
        Command::Import(import) => import.run(&common),
        Command::Batch(batch) => batch.run(&common),
        Command::Access(access) => access.run(&common),
        Command::Account(account) => account.run(&common),
        Command::Exchange(exchanging) => exchanging.run(&common),
        Command::National(national) => national.run(&common),
        Command::Key(key) => key.run(&common),
        Command::Webhook(webhook) => webhook.run(&common),
        Command::Notice(notice) => notice.run(&common),
        Command::Unit(unit) => unit.run(&common),
        Command::Area(area) => area.run(&common),
        Command::Conflict(conflict) => conflict.run(&common),
        Command::Review(review) => review.run(&common),
        Command::Claim(claim) => claim.run(&common),
        Command::Officer(officer) => officer.run(&common),
        Command::Listing(listing) => listing.run(&common),
        Command::Measure(measure) => measure.run(&common),
        Command::Repair(repair) => repair.run(&common),
        Command::Objection(objection) => objection.run(&common),
        Command::Paper(papers) => papers.run(&common),
        Command::Queue(queue) => queue.run(&common),
        Command::Own(own) => own.run(&common),
        Command::Erase(erase) => erase.run(&common),
        Command::Rulebook(book) => book.run(&common),
        Command::Periods(periods) => periods.run(&common),
        Command::Uscc(codes) => codes.run(&common),
        Command::Calendar(calendar) => calendar.run(&common),
        Command::Workday(workday) => workday.run(&common),
        Command::Evaluate(evaluate) => evaluate.run(&common),
        Command::Explain(explain) => explain.run(&common),
        Command::Snapshot(snapshot) => snapshot.run(&common),
        Command::Quality(quality) => quality.run(&common),
        Command::Routes(routes) => routes.run(&common),
        Command::Log(log) => log.run(&common),
        Command::Verify(verify) => verify.run(&common),
        Command::Search(search) => search.run(&common),
        Command::Secret(secret) => secret.run(&common),
        Command::Doctor(doctor) => doctor.run(&common),
        Command::Changes(changes) => changes.run(&common),
        Command::Bulk(bulk) => bulk.run(&common),
        Command::Digest(digest) => digest.run(&common),
        Command::Backup(backup) => backup.run(&common),
        Command::Restore(restore) => restore.run(&common),
        Command::Copy(copy) => copy.run(&common),
        Command::Drill(drill) => drill.run(&common),
        Command::Bench(bench) => bench.run(&common),
    }
}

impl Command {
    /// Whether the command looks at the day that `--as-of` names.
    fn asks_of_a_day(&self) -> bool {
        match self {
            Command::Periods(_) | Command::Explain(_) => true,
            Command::Rulebook(book) => book.asks_of_a_day(),
            Command::Measure(measure) => measure.asks_of_a_day(),
            _ => false,
        }
    }
}

/// A civil date as arguments carry it.
pub fn parse_date(text: &str) -> Result<Date, String> {
    credence_domain::record::value::date(text).ok_or_else(|| format!("{text:?} is no date (YYYY-MM-DD)"))
}

/// A code as arguments carry it, or one plain message that says what is wrong with it.
fn parse_code(text: &str, field: &str, whose: &str) -> Result<Uscc, AppError> {
    Uscc::parse(text)
        .map_err(|error| AppError::refused(error.code(), field, format!("{whose} {text} 无效：{}", error.told())))
}

impl Common {
    /// Whether the command line itself names another register than this one; what the environment names is everybody's.
    fn names_other_database(&self, own: &str) -> bool {
        let everybodys = std::env::var(DATABASE_VARIABLE).is_ok_and(|named| named == self.database);
        ![DATABASE, own].contains(&self.database.as_str()) && !everybodys
    }

    fn address(&self) -> anyhow::Result<Address> {
        Ok(Address::parse(&self.database).map_err(credence_app::AppError::from)?)
    }

    /// Opens the register for writing with the rulebook in force; the first start enacts the shipped one. A directory
    /// given by `--rulebook` must be the edition that is enacted.
    fn writer(&self) -> anyhow::Result<(Writer, Rulebook)> {
        self.writer_of(&self.address()?)
    }

    /// The same at an address.
    fn writer_of(&self, address: &Address) -> anyhow::Result<(Writer, Rulebook)> {
        // Before a register is made or waited for: a directory that fails the linter.
        if let Some(dir) = &self.rulebook {
            rulebook::edition_of(dir)?;
        }
        let mut writer = address.writer(Clock::system()).map_err(credence_app::AppError::from)?;
        let (rulebook, newer) = credence_app::rulebook::in_force_or_first(&mut writer)?;
        if newer {
            note!("note: the program ships another rulebook than the enacted one; the enacted one stays in force");
        }
        if let Some(dir) = &self.rulebook {
            credence_app::rulebook::require_enacted(dir, &rulebook)?;
        }
        Ok((writer, rulebook))
    }

    /// The rulebook for commands that need no register: `--rulebook`, else the one enacted in the register, else (where there is no
    /// register) the shipped one. Never makes a register.
    fn rules(&self) -> anyhow::Result<Rulebook> {
        if let Some(dir) = &self.rulebook {
            return Ok(rulebook::edition_of(dir)?);
        }
        Ok(match enacted(&self.address()?)? {
            Some(rulebook) => rulebook,
            None => credence_app::rulebook::shipped()?,
        })
    }
}

/// The edition in force in a register; `None` where there is no register, or one whose first start has enacted nothing yet.
fn enacted(address: &Address) -> Result<Option<Rulebook>, AppError> {
    if let Address::Sqlite(file) = address
        && !file.try_exists()?
    {
        return Ok(None);
    }
    let mut reader = match address.reader() {
        Ok(reader) => reader,
        // A database of PostgreSQL that answers and holds no register is one that nobody made yet.
        Err(StoreError::Foreign(_)) if matches!(address, Address::Postgres(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    match credence_app::rulebook::in_force(reader.connection()) {
        Ok(rulebook) => Ok(Some(rulebook)),
        Err(error) if error.code() == "rulebook_not_enacted" => Ok(None),
        Err(error) => Err(error),
    }
}
