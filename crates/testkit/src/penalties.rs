//! A large file of penalties for benchmarks: the same number of rows and seed give the same bytes.
//!
//! Thirty columns in GB18030, about 600 bytes a row, about 290,000 organisations in a million rows, one row in a hundred
//! wrong (each kind of mistake in turn), one in 400 a repetition: half of these equal, half with another remark. All
//! organisations are made up, in the unused region 379900.

use crate::province::{Chance, code, departments};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// The columns, in the order of the form of 2018.
pub const COLUMNS: [&str; 30] = [
    "CF_XDR_MC",
    "CF_XDR_LB",
    "CF_XDR_SHXYM",
    "CF_XDR_GSZC",
    "CF_XDR_ZZJG",
    "CF_XDR_SWDJ",
    "CF_XDR_SYDW",
    "CF_XDR_SHZZ",
    "CF_FRDB",
    "CF_FR_ZJLX",
    "CF_FR_ZJHM",
    "CF_XDR_ZJLX",
    "CF_XDR_ZJHM",
    "CF_WSH",
    "CF_WFXW",
    "CF_SY",
    "CF_YJ",
    "CF_CFLB",
    "CF_NR",
    "CF_NR_FK",
    "CF_NR_WFFF",
    "CF_NR_ZKDX",
    "CF_JDRQ",
    "CF_YXQ",
    "CF_GSJZQ",
    "CF_CFJG",
    "CF_CFJGDM",
    "CF_SJLY",
    "CF_SJLYDM",
    "BZ",
];

/// What the importer has to find in a file of so many rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// Rows.
    pub rows: u64,
    /// New records in an empty register.
    pub accepted: u64,
    /// Rows that repeat an earlier one to the letter.
    pub unchanged: u64,
    /// Wrong rows and repetitions that differ.
    pub rejected: u64,
}

impl Expected {
    /// What must become of the file when it is sent the first time (`first`), or again (anything else).
    #[must_use]
    pub fn in_pass(self, pass: &str) -> Self {
        if pass == "first" { self } else { Self { accepted: 0, unchanged: self.accepted + self.unchanged, ..self } }
    }
}

const STREETS: [&str; 8] = ["建设路", "人民东路", "振兴街", "滨河大道", "工业北路", "文化西街", "解放路", "经十二路"];
const AREAS: [&str; 5] = ["云海市", "青禾市", "石泉县", "云海市高新区", "青禾市经开区"];
const TRADES: [&str; 10] =
    ["机械制造", "食品", "建筑工程", "化工", "物流", "环保科技", "餐饮管理", "纺织", "医药", "农业发展"];
const WORDS: [&str; 12] =
    ["海岳", "云帆", "远澜", "嘉穗", "恒朴", "明澈", "博野", "瑞松", "启宸", "和筑", "盛麓", "安沐"];
const FACTS: [(&str, &str, &str); 6] = [
    (
        "超标排放污染物",
        "现场监测人员对其总排放口采样监测，监测报告显示化学需氧量浓度超过排放标准",
        "《排污许可管理条例》第十七条第二款、第三十四条第一项",
    ),
    (
        "未按规定公示信息",
        "执法人员通过公示系统核查，发现其未在规定期限内公示年度报告和即时信息",
        "《企业信息公示暂行条例》第十条、第十八条",
    ),
    (
        "未按规定开展安全生产教育培训",
        "执法人员查阅培训档案，发现其未如实记录从业人员安全生产教育和培训情况",
        "《安全生产法》第二十八条第四款、第九十七条第四项",
    ),
    (
        "销售不合格产品",
        "经抽样检验，其销售的产品不符合国家标准的要求，检验报告已送达当事人",
        "《产品质量法》第三十九条、第四十九条、第五十条",
    ),
    (
        "擅自占用城市道路施工",
        "巡查时发现其未经批准占用城市道路堆放建筑材料，占用面积经测量确认",
        "《城市道路管理条例》第三十一条、第四十二条",
    ),
    (
        "发布违法广告",
        "接到举报后核查，其经营场所内的广告使用了绝对化用语，已拍照取证",
        "《广告法》第九条第三项、第五十七条第一项",
    ),
];
/// Kinds, what the decision says, whether it fines, whether it confiscates.
const KINDS: [(&str, &str, bool, bool); 5] = [
    ("罚款", "责令改正上述违法行为，处以罚款", true, false),
    ("罚款;没收违法所得", "责令改正，没收违法所得，并处罚款", true, true),
    ("警告;罚款", "给予警告，责令限期改正，并处罚款", true, false),
    ("警告", "责令限期改正，给予警告", false, false),
    ("责令停产停业;罚款", "责令停产停业整顿，并处罚款", true, false),
];
/// Kinds of mistakes, in turn.
const MISTAKES: u64 = 12;

/// Code of the unit that sends the file.
#[must_use]
pub fn source() -> String {
    departments().first().map(crate::province::Department::uscc).unwrap_or_default()
}

/// How many organisations a file of so many rows draws from.
#[must_use]
pub fn organisations(rows: u64) -> u64 {
    (rows * 3 / 10).max(1)
}

/// Writes the file; gives what must become of it.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, rows: u64, seed: u64) -> std::io::Result<Expected> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut text = String::with_capacity(1 << 20);
    text.push_str(&COLUMNS.join(","));
    text.push_str("\r\n");
    let mut expected = Expected { rows, ..Expected::default() };
    let units: Vec<(String, &str, &str)> =
        departments().iter().map(|unit| (unit.uscc(), unit.name, unit.short)).collect();
    for number in 0..rows {
        match Fate::of(number) {
            Fate::Good => {
                expected.accepted += 1;
                push_row(&mut text, &units, rows, seed, number, None, false);
            }
            Fate::Wrong(mistake) => {
                expected.rejected += 1;
                push_row(&mut text, &units, rows, seed, number, Some(mistake), false);
            }
            Fate::Repeats { first, equal } => {
                if equal {
                    expected.unchanged += 1;
                } else {
                    expected.rejected += 1;
                }
                push_row(&mut text, &units, rows, seed, first, None, !equal);
            }
        }
        if text.len() > 900_000 {
            out.write_all(&encoding_rs::GB18030.encode(&text).0)?;
            text.clear();
        }
    }
    out.write_all(&encoding_rs::GB18030.encode(&text).0)?;
    out.flush()?;
    Ok(expected)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Good,
    Wrong(u64),
    /// The second row of an identity, near to the first or far behind it.
    Repeats {
        first: u64,
        equal: bool,
    },
}

impl Fate {
    fn of(number: u64) -> Self {
        let round = number / 400;
        match (number % 400, number % 100) {
            (399, _) => Self::Repeats {
                first: if round % 4 < 2 { number - 200 } else { round / 2 * 400 + 199 },
                equal: round.is_multiple_of(2),
            },
            (_, 37) => Self::Wrong(number / 100 % MISTAKES),
            _ => Self::Good,
        }
    }
}

fn push_row(
    text: &mut String,
    units: &[(String, &str, &str)],
    rows: u64,
    seed: u64,
    number: u64,
    mistake: Option<u64>,
    corrected: bool,
) {
    let mut chance = Chance::new(seed ^ number << 17, "penalty");
    let subject = (chance.number() % organisations(rows)) as usize;
    let mut of_subject = Chance::new(seed ^ (subject as u64) << 21, "subject");
    let (area, word, trade) = (of_subject.pick(&AREAS), of_subject.pick(&WORDS), of_subject.pick(&TRADES));
    let name = format!("{area}{word}{}号{trade}有限公司", subject);
    let mut uscc = code("91", subject);
    let at = chance.below(units.len());
    let (mut authority, authority_name, short) = units.get(at).cloned().unwrap_or_default();
    let (violation, facts, basis) = FACTS.get(chance.below(FACTS.len())).copied().unwrap_or_default();
    let (mut kinds, content, fined, confiscated) = KINDS.get(chance.below(KINDS.len())).copied().unwrap_or_default();
    let (year, month, day) = (2025 + chance.below(2), 1 + chance.below(4), 1 + chance.below(28));
    let fine = 1 + chance.below(60_000);
    let (hour, street, house) = (8 + chance.below(9), chance.pick(&STREETS), 1 + chance.below(300));
    let mut document = format!("{short}罚〔{year}〕{number}号");
    let mut decided = format!("{year}/{month:02}/{day:02}");
    let mut valid_to = format!("{}/{month:02}/{day:02}", year + 1);
    let mut amount = if fined { format!("{}.{:02}", fine / 100, fine % 100) } else { String::new() };
    let (mut class, mut remark, mut source) = (
        "法人及非法人组织",
        if corrected { "更正" } else { "" },
        units.first().map(|unit| unit.0.clone()).unwrap_or_default(),
    );
    match mistake {
        Some(0) => {
            let last = uscc.pop().unwrap_or('0');
            uscc.push(if last == '1' { '2' } else { '1' });
        }
        Some(1) => decided = "2025-13-01".to_owned(),
        Some(2) => valid_to = "20250230".to_owned(),
        Some(3) => (kinds, amount) = ("罚款", String::new()),
        Some(4) => kinds = "训诫",
        Some(5) => document = String::new(),
        Some(6) => decided = "2099/12/31".to_owned(),
        Some(7) => class = "自然人",
        Some(8) => remark = "适用简易程序",
        Some(9) => amount = "五万".to_owned(),
        Some(10) => authority.replace_range(..1, "2"),
        Some(_) => source = units.get(1).map(|unit| unit.0.clone()).unwrap_or_default(),
        None => {}
    }
    let taken = if confiscated { format!("{}.{:02}", fine / 900, fine % 100) } else { String::new() };
    let quote = if number % 50 == 3 { "\"" } else { "" };
    let comma = if quote.is_empty() { "，" } else { "," };
    use std::fmt::Write as _;
    let _ = write!(
        text,
        "{name},{class},{uscc},,,,,,{representative},身份证,,,,{document},{violation},{quote}{year}年{month}月{day}日{hour}时许{comma}{authority_name}执法人员对位于{area}{street}{house}号的{name}进行检查{comma}{facts}，证据编号{evidence}。当事人的行为已构成违法，在规定期限内未提出陈述申辩。{quote},{basis},{kinds},{content}{fine_text},{amount},{taken},,{decided},{valid_to},,{authority_name},{authority},{source_name},{source},{remark}\r\n",
        representative = of_subject.pick(&["王例山", "李例海", "张拟云", "刘虚舟", "陈样青", "杨试远"]),
        evidence = chance.number() % 100_000_000,
        fine_text = if fined { format!("{fine}百元") } else { String::new() },
        source_name = units.first().map(|unit| unit.1).unwrap_or_default(),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_plan_gives_the_same_bytes_and_a_repetition_follows_a_good_row() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("a.csv"), folder.path().join("b.csv"));
        let expected = write(&one, 2_000, 7).unwrap();
        assert_eq!(write(&other, 2_000, 7).unwrap(), expected);
        let bytes = std::fs::read(&one).unwrap();
        assert_eq!(bytes, std::fs::read(&other).unwrap());
        assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), 2_001);
        assert!((500..700).contains(&(bytes.len() / 2_000)), "{} bytes a row", bytes.len() / 2_000);
        assert_eq!(expected.accepted + expected.unchanged + expected.rejected, 2_000);
        for number in 0..10_000 {
            if let Fate::Repeats { first, .. } = Fate::of(number) {
                assert!(first < number);
                assert_eq!(Fate::of(first), Fate::Good);
            }
        }
    }
}
