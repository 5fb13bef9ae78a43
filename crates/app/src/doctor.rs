//! How an installation fares: each part with a plain verdict, and what a person should do where one is needed.
//!
//! Reading only; it runs beside a writer. Nothing is mended here. Serves 鲁信用办〔2019〕8号 art. 十六: whoever runs the
//! platform sees what is left undone.

use crate::{Address, Clock, Result, rulebook};
use credence_domain::canonical::hex;
use credence_domain::rulebook::Rulebook;
use credence_store::clock::instant_text;
use credence_store::connection::Connection;
use credence_store::health::{self, Batches, Place};
use credence_store::log::witness;
use credence_store::quality;
use credence_store::scope::View;
use credence_store::sequencer;
use jiff::civil::Date;
use serde::Serialize;

/// A write-ahead log beyond this was not moved into the file for a long time.
const WAL_LARGE_BYTES: u64 = 1 << 30;
/// Less free space than this, or than a tenth of the file, stops the next large import.
const FREE_SMALL_BYTES: u64 = 2 << 30;
/// An act finds its place within seconds where a sequencer runs.
const PENDING_LONG_MICROS: i64 = 60_000_000;
/// A batch that runs longer than this without a writer was interrupted.
const RUNNING_LONG_MICROS: i64 = 60_000_000;
/// From this day of the year on the next year's working days should be known.
const CALENDAR_MONTH: i8 = 11;

/// What was found about one part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// In order.
    Good,
    /// Needs a person.
    Attention,
}

/// One part of the installation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable name of the part.
    pub id: &'static str,
    /// How it fares.
    pub verdict: Verdict,
    /// What was found, in Chinese.
    pub said: String,
    /// What to do; empty where nothing is needed.
    pub advice: &'static str,
}

/// The whole examination.
#[derive(Clone, Debug, Serialize)]
pub struct Examination {
    /// Instant (RFC 3339, UTC).
    pub at: String,
    /// Civil day (Asia/Shanghai, whatever the machine's zone is).
    pub today: Date,
    /// Every part.
    pub findings: Vec<Finding>,
}

impl Examination {
    /// Something needs a person.
    #[must_use]
    pub fn needs_a_person(&self) -> bool {
        self.findings.iter().any(|finding| finding.verdict == Verdict::Attention)
    }

    fn note(&mut self, id: &'static str, good: bool, said: impl Into<String>, advice: &'static str) {
        let verdict = if good { Verdict::Good } else { Verdict::Attention };
        self.findings.push(Finding { id, verdict, said: said.into(), advice: if good { "" } else { advice } });
    }
}

/// Examines an installation. What cannot be reached is a finding, not an error.
#[must_use]
pub fn examine(address: &Address, clock: &Clock) -> Examination {
    let now = clock.now_micros();
    let today = credence_store::clock::civil_date(now);
    let mut found = Examination { at: instant_text(now), today, findings: Vec::new() };
    let place = match health::place(address) {
        Ok(Some(place)) => {
            look_at_place(&mut found, &place);
            Some(place)
        }
        Ok(None) => None,
        Err(error) => {
            found.note("disk", false, format!("无法读取数据库所在磁盘：{error}"), "请检查数据库路径和权限");
            None
        }
    };
    let writes = place.as_ref().is_none_or(|place| place.holder.is_some());
    match address.reader() {
        Ok(mut reader) => {
            if let Err(error) = look_inside(&mut found, reader.connection(), today, now, writes) {
                found.note("database", false, format!("读取数据库时出错：{error}"), "请查看日志并执行 credence verify");
            }
        }
        Err(error) => found.note(
            "database",
            false,
            format!("无法打开数据库（{}）：{error}", error.code()),
            "请检查 --database，数据库由更新的程序写成时请升级程序，由旧程序写成时请先执行一次写入命令（例如启动 serve）",
        ),
    }
    found
}

fn look_at_place(found: &mut Examination, place: &Place) {
    let holder = place.holder.as_deref().map_or_else(|| "没有进程在写".to_owned(), |who| format!("进程{who}正在写"));
    found.note("writer", true, holder, "");
    let wal = format!("预写日志{}", size(place.wal_bytes));
    found.note(
        "write_ahead_log",
        place.wal_bytes <= WAL_LARGE_BYTES,
        wal,
        "请确认没有长时间不结束的读取，然后重启 serve",
    );
    let needed = FREE_SMALL_BYTES.max(place.file_bytes / 10);
    let disk = format!("数据库{}，磁盘余{}", size(place.file_bytes), size(place.free_bytes));
    found.note("disk", place.free_bytes >= needed, disk, "请腾出磁盘空间：磁盘写满时导入会停下");
}

fn look_inside(
    found: &mut Examination,
    connection: &mut Connection,
    today: Date,
    now: i64,
    writes: bool,
) -> Result<()> {
    let (stored, known) = health::versions(connection)?;
    let said = format!("数据库结构第{stored}版，本程序第{known}版");
    found.note("database", stored == known, said, "版本不同：由写入命令升级旧库，或升级旧程序");
    look_at_clock(found, health::last_change(connection)?, now, today);
    match rulebook::in_force(connection) {
        Ok(enacted) => look_at_rules(found, &enacted, today)?,
        Err(error) => {
            found.note("rulebook", false, format!("没有可用的规则手册：{error}"), "请执行 credence rulebook enact")
        }
    }
    let (count, oldest) = health::pending(connection)?;
    let waits = oldest.map_or(0, |oldest| now.saturating_sub(oldest));
    let said = format!("待入日志的行为{count}个，最久{}秒", waits / 1_000_000);
    found.note(
        "log",
        waits <= PENDING_LONG_MICROS,
        said,
        "没有进程在为行为排入日志：请启动 serve 或再执行一次写入命令",
    );
    look_at_signatures(found, connection)?;
    look_at_batches(found, &health::batches(connection)?, now, writes);
    let undeclared = health::undeclared(connection, today)?;
    let said = format!("报送单位中未作保密审查常设声明的{}个{}", undeclared.len(), some_of(&undeclared));
    found.note(
        "secrecy",
        undeclared.is_empty(),
        said,
        "请用 credence unit set --secrecy-officer 登记，或逐批注明 --secrecy-review",
    );
    let conflicts: u64 = quality::name_conflicts(connection)?.iter().map(|(_, count)| count).sum();
    let said = format!("待处理的名称冲突{conflicts}个");
    found.note("name_conflicts", conflicts == 0, said, "请用 credence conflict list 查看并处理");
    let held = health::held(connection)?;
    let tomorrow = today.tomorrow().unwrap_or(today);
    let due = quality::waiting(connection, &View::office(today), None, tomorrow)?.len();
    let said = format!("暂缓公示的记录{held}条，其中明日到期或已逾期{due}条");
    found.note("review", due == 0, said, "请用 credence quality --due 和 credence review list 查看并处理");
    Ok(())
}

/// Whether outsiders can check all that there is, and whether those who are told of it take it.
fn look_at_signatures(found: &mut Examination, connection: &mut Connection) -> Result<()> {
    let placed = sequencer::size(connection)?;
    let signed = crate::log::newest(connection)?.map_or(0, |(signed, _)| signed.size);
    let said = format!("日志共{placed}个条目，已签署{signed}个");
    let advice = "日志没有签到最新：请检查签名密钥（--log-key）或签名进程（credence log sign）；恢复旧副本后请用 credence log new-name";
    found.note("log_signed", signed == placed, said, advice);
    let told = witness::list(connection)?;
    let failing: Vec<String> = told.iter().filter(|one| !one.problem.is_empty()).map(|one| one.name.clone()).collect();
    let said = format!("接收检查点的见证方{}个，最近一次未送达{}个{}", told.len(), failing.len(), some_of(&failing));
    found.note("witnesses", failing.is_empty(), said, "请检查见证方的地址和网络，再执行 credence log witness tell");
    Ok(())
}

fn look_at_clock(found: &mut Examination, last_change: Option<i64>, now: i64, today: Date) {
    let behind = last_change.is_some_and(|last| now < last);
    let last = last_change.map_or_else(|| "尚无写入".to_owned(), |last| format!("最后一次写入{}", instant_text(last)));
    let said = format!("今天是{today}（北京时间，与本机时区无关），{last}");
    found.note("clock", !behind, said, "本机时钟早于最后一次写入：请校准时钟后再写入");
}

fn look_at_rules(found: &mut Examination, enacted: &Rulebook, today: Date) -> Result<()> {
    let shipped = rulebook::shipped()?;
    let short = |rulebook: &Rulebook| hex(&rulebook.digest).chars().take(12).collect::<String>();
    let said = if shipped.digest == enacted.digest {
        format!("启用的规则手册{}就是随程序发布的一版", short(enacted))
    } else {
        format!("启用的是{}，随程序发布的是{}", short(enacted), short(&shipped))
    };
    let advice = "启用的一版继续有效；请比较两版（rulebook diff）后由两人决定是否启用新版";
    found.note("rulebook", shipped.digest == enacted.digest, said, advice);
    let (last, year) = (enacted.calendar.last_year(), today.year());
    let good = last > year || (last == year && today.month() < CALENDAR_MONTH);
    let said = format!("工作日安排已载入至{last}年");
    found.note("calendar", good, said, "请载入次年的工作日安排（rulebook/calendar/），此前跨年的期限一律待定");
    Ok(())
}

fn look_at_batches(found: &mut Examination, batches: &[Batches], now: i64, writes: bool) {
    let of = |state: &str| batches.iter().find(|batches| batches.state == state);
    let count = |state: &str| of(state).map_or(0, |batches| batches.count);
    let [running, queued, held, failed] = ["running", "queued", "held", "failed"].map(count);
    let stuck = of("running").is_some_and(|batches| now.saturating_sub(batches.oldest_at) > RUNNING_LONG_MICROS);
    let said = format!("批次：进行中{running}，排队{queued}，暂缓{held}，失败{failed}");
    let interrupted = stuck && !writes;
    let advice = if interrupted {
        "有批次中断：请把同一文件再导入一次，将从断点继续"
    } else {
        "有批次暂缓公示或失败：请用 credence batch list 查看，用 batch release 放行"
    };
    found.note("batches", !interrupted && held == 0 && failed == 0, said, advice);
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_048_576 => format!("{} KiB", bytes >> 10),
        1_048_576..1_073_741_824 => format!("{} MiB", bytes >> 20),
        _ => format!("{} GiB", bytes >> 30),
    }
}

fn some_of(codes: &[String]) -> String {
    let first: Vec<&str> = codes.iter().take(3).map(String::as_str).collect();
    if first.is_empty() {
        String::new()
    } else {
        format!("（{}{}）", first.join("、"), if codes.len() > 3 { "……" } else { "" })
    }
}
