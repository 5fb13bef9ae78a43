//! A department's desk: penalty files in any format, sent into a register.

use credence_app::collect::{self, Arrived, Report, Request};
use credence_app::{AppError, Clock, Service, View, Writer};
use credence_domain::rulebook::Rulebook;
use credence_domain::subject::Uscc;
use credence_store::batch::Counts;
use credence_testkit::province::{Format, Row, Sheet};
use credence_testkit::stores::TestStore;
use jiff::civil::Date;

pub const OFFICE: &str = "11379900000000086M";
pub const FIRM: &str = "91379900MA0TE5T16G";
pub const SECOND: &str = "91379900MA0TE0026R";
pub const EXPORT: Format =
    Format { gb18030: true, byte_order_mark: false, tabs: false, codes: true, turned: 0, wide: false, slashes: true };

pub struct Desk<'s> {
    pub store: &'s TestStore,
    pub rulebook: Rulebook,
    pub clock: Clock,
    pub writer: Writer,
    /// Who answers for the secrecy review of what is sent.
    pub secrecy_review: String,
    pub window_bytes: usize,
}

/// The first hundred of a list.
pub const FIRST: credence_app::query::page::Asked<'static> = (None, Some(100));

pub fn today() -> Date {
    Date::new(2026, 5, 6).unwrap()
}

/// A lawful penalty with a number.
pub fn penalty(uscc: &str, number: &str) -> Row {
    [
        ("CF_XDR_MC", "云海市海岳机械制造有限公司"),
        ("CF_XDR_LB", "法人及非法人组织"),
        ("CF_XDR_SHXYM", uscc),
        ("CF_FRDB", "王示一"),
        ("CF_WSH", number),
        ("CF_WFXW", "超标排放污染物"),
        ("CF_SY", "经查，当事人排放口污染物浓度超过排放标准。"),
        ("CF_YJ", "《排污许可管理条例》第三十四条"),
        ("CF_CFLB", "罚款"),
        ("CF_NR", "处以罚款"),
        ("CF_NR_FK", "5.5"),
        ("CF_JDRQ", "2026-04-30"),
        ("CF_YXQ", "2099-12-31"),
        ("CF_CFJG", "云海市生态环境局"),
        ("CF_CFJGDM", OFFICE),
        ("CF_SJLY", "云海市生态环境局"),
        ("CF_SJLYDM", OFFICE),
    ]
    .into_iter()
    .map(|(code, value)| (code, value.to_owned()))
    .collect()
}

/// A lawful penalty with some fields changed.
pub fn changed(number: &str, fields: &[(&'static str, &str)]) -> Row {
    let mut row = penalty(FIRM, number);
    row.extend(fields.iter().map(|(code, value)| (*code, (*value).to_owned())));
    row
}

impl<'s> Desk<'s> {
    pub fn new(store: &'s TestStore) -> Self {
        let clock = Clock::fixed(today());
        let mut writer = store.address.writer(clock.clone()).unwrap();
        let (rulebook, _) = credence_app::rulebook::in_force_or_first(&mut writer).unwrap();
        let secrecy_review = "审查员（示例）".to_owned();
        Self { store, rulebook, clock, writer, secrecy_review, window_bytes: credence_app::collect::WINDOW_BYTES }
    }

    pub fn sheet(&self, rows: Vec<Row>, format: Format) -> Vec<u8> {
        Sheet { rows }.write(&self.rulebook, "penalty", format)
    }

    pub fn send_from(&mut self, source: &str, bytes: &[u8]) -> Result<Report, AppError> {
        self.send_file(source, "file.csv", bytes)
    }

    /// Sends a file under a name; what is rejected comes back as `rejects.csv`, whatever it is.
    pub fn send_file(&mut self, source: &str, name: &str, bytes: &[u8]) -> Result<Report, AppError> {
        self.take(source, name, bytes, false)
    }

    /// The counts of a dry run, which leaves nothing behind, and then those of the import itself.
    pub fn try_and_send(&mut self, source: &str, bytes: &[u8]) -> [Counts; 2] {
        let before = self.digest();
        let tried = self.take(source, "file.csv", bytes, true).unwrap();
        assert_eq!(self.digest(), before);
        self.verify();
        [tried.counts, self.send_from(source, bytes).unwrap().counts]
    }

    fn take(&mut self, source: &str, name: &str, bytes: &[u8], dry_run: bool) -> Result<Report, AppError> {
        let path = self.store.folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        let request = Request {
            path,
            source: Uscc::parse(source).unwrap(),
            item: None,
            rejects: Some(self.store.folder.join("rejects.csv")),
            dry_run,
            secrecy_review: self.secrecy_review.clone(),
            channel: "cli",
            instruction: None,
            window_bytes: self.window_bytes,
        };
        collect::import(&mut self.writer, &self.rulebook, &request, &mut |_| {})
    }

    /// Sends rows as a file that arrived over HTTP.
    pub fn send_over_http(&mut self, rows: Vec<Row>, number: &str) -> Report {
        let path = self.store.folder.join("arrived.csv");
        std::fs::write(&path, self.sheet(rows, EXPORT)).unwrap();
        let request = Request {
            path,
            source: Uscc::parse(OFFICE).unwrap(),
            item: None,
            rejects: None,
            dry_run: false,
            secrecy_review: self.secrecy_review.clone(),
            channel: "http",
            instruction: None,
            window_bytes: credence_app::collect::WINDOW_BYTES,
        };
        let arrived = Arrived {
            number: number.to_owned(),
            received_at: self.clock.now_micros(),
            received_on: self.clock.today(),
            file: "arrived.csv".to_owned(),
            key: "K1".to_owned(),
            idempotency: String::new(),
            sequence: 0,
        };
        collect::import_arrived(&mut self.writer, &self.rulebook, &request, Some(&arrived), &mut |_| {}).unwrap()
    }

    pub fn send(&mut self, rows: Vec<Row>) -> Report {
        let bytes = self.sheet(rows, EXPORT);
        self.send_from(OFFICE, &bytes).unwrap()
    }

    /// The same rows as JSON lines.
    pub fn lines(&self, rows: &[Row], codes: bool) -> Vec<u8> {
        let key = |code: &str| if codes { code.to_owned() } else { self.name_of(code) };
        let object = |row: &Row| -> String {
            let members: serde_json::Map<_, _> =
                row.iter().map(|(code, value)| (key(code), value.as_str().into())).collect();
            format!("{}\n", serde_json::Value::Object(members))
        };
        rows.iter().map(object).collect::<String>().into_bytes()
    }

    /// The same rows as a workbook with Chinese headers; dates are real dates, amounts numbers.
    pub fn workbook(&self, rows: &[Row]) -> Vec<u8> {
        let mut book = rust_xlsxwriter::Workbook::new();
        let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
        let sheet = book.add_worksheet();
        let codes: Vec<&str> = rows[0].keys().copied().collect();
        for (column, code) in (0..).zip(&codes) {
            sheet.write_string(0, column, self.name_of(code)).unwrap();
            for (line, row) in (1..).zip(rows) {
                let value = row.get(code).map_or("", String::as_str);
                match (*code, value.parse::<Date>()) {
                    ("CF_JDRQ" | "CF_YXQ", Ok(day)) => {
                        let (year, month, day) = (day.year() as u16, day.month() as u8, day.day() as u8);
                        let day = rust_xlsxwriter::ExcelDateTime::from_ymd(year, month, day).unwrap();
                        sheet.write_datetime_with_format(line, column, day, &date).unwrap();
                    }
                    ("CF_NR_FK", _) if value.parse::<f64>().is_ok() => {
                        sheet.write_number(line, column, value.parse::<f64>().unwrap()).unwrap();
                    }
                    _ => drop(sheet.write_string(line, column, value).unwrap()),
                }
            }
        }
        book.save_to_buffer().unwrap()
    }

    fn name_of(&self, code: &str) -> String {
        let fields = &self.rulebook.items["penalty"].versions[0].fields;
        fields.iter().find(|field| field.code == code).unwrap().name.clone()
    }

    /// The code of each rejected row, by line.
    pub fn rejected(&self, report: &Report) -> Vec<(u32, String)> {
        let rejects = self.service(today()).batch(&report.batch).unwrap().rejects;
        rejects.into_iter().map(|reject| (reject.line, reject.code)).collect()
    }

    pub fn rejects_file(&self) -> Vec<u8> {
        std::fs::read(self.store.folder.join("rejects.csv")).unwrap()
    }

    /// The register as its readers meet it on a day.
    pub fn service(&self, day: Date) -> Service {
        Service::open(self.store.address.clone(), Clock::fixed(day), None).unwrap()
    }

    pub fn public_records(&self, day: Date) -> usize {
        self.service(day).organisation(&View::public(day), FIRM).unwrap().records.len()
    }

    pub fn digest(&self) -> String {
        credence_app::verify::state_digest(&self.store.address).unwrap()
    }

    pub fn verify(&self) {
        let found = credence_app::verify::verify(&self.store.address).unwrap();
        let failed: Vec<_> = found.requirements.iter().filter(|outcome| outcome.failed > 0).collect();
        assert!(failed.is_empty() && found.state_digest.is_some(), "{failed:#?}");
    }
}

/// A department's desk beside the desk of a server, in one process: they share the right to write.
pub struct Served<'s> {
    pub desk: Desk<'s>,
    pub service: Service,
    pub working: credence_app::desk::Desk,
}

impl<'s> Served<'s> {
    pub fn new(store: &'s TestStore) -> Self {
        let Desk { rulebook, clock, writer, secrecy_review, window_bytes, .. } = Desk::new(store);
        drop(writer);
        let service = Service::open(store.address.clone(), clock.clone(), None).unwrap();
        let working = credence_app::desk::Desk::open(&service).unwrap();
        let writer = working.writer().unwrap();
        Self { desk: Desk { store, rulebook, clock, writer, secrecy_review, window_bytes }, service, working }
    }
}

impl<'s> std::ops::Deref for Served<'s> {
    type Target = Desk<'s>;

    fn deref(&self) -> &Self::Target {
        &self.desk
    }
}

impl std::ops::DerefMut for Served<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.desk
    }
}

/// A desk whose register holds the two organisations.
pub fn registered<'s>(store: &'s TestStore) -> Desk<'s> {
    let mut desk = Desk::new(store);
    let names = format!(
        "name,uscc,established\n云海市海岳机械制造有限公司,{FIRM},2020-01-01\n云海第二商贸有限公司,{SECOND},2020-01-01\n"
    );
    desk.send_from(OFFICE, names.as_bytes()).unwrap();
    desk
}

/// A paper that is noted by its digest.
pub fn noted(name: &str) -> credence_domain::objection::Evidence {
    credence_domain::objection::Evidence { name: name.to_owned(), digest: "ab".repeat(32), file: false }
}

/// A step of a listing with the paper without which staff do not enter it: a ruling, or a waiver.
pub fn with_paper(doing: &credence_app::listing::Doing) -> credence_app::listing::Stepping {
    let waives = matches!(doing, credence_app::listing::Doing::Waive { .. });
    let papers = if waives || doing.ruled_on().is_some() { vec![noted("文书.pdf")] } else { Vec::new() };
    credence_app::listing::Stepping { doing: doing.clone(), papers }
}
