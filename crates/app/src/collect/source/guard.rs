//! What an XLSX workbook must not be before a reader of spreadsheets sees it: a zip bomb, a million members, a document
//! with its own entities, a window into other files.
//!
//! Every member is unpacked once into nothing, so that real sizes count and not declared ones.

use crate::{AppError, Result};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use zip::ZipArchive;

/// The most bytes of all members together.
pub const UNPACKED_MAX: u64 = 512 << 20;
/// The most bytes of the shared strings.
pub const STRINGS_MAX: u64 = 128 << 20;
/// The most members.
pub const MEMBERS_MAX: usize = 10_000;
/// The longest text or tag: a cell beyond it is no cell.
const RUN_MAX: u64 = 64 << 20;
/// Signature of a member's entry in the central directory.
const ENTRY: &[u8] = b"PK\x01\x02";
const BLOCK: usize = 64 << 10;

/// Refuses a workbook that is not safe to read; gives the unpacked size of its sheets.
///
/// # Errors
/// `xlsx_invalid`, `xlsx_too_large`, `xlsx_too_many_members`, `xlsx_external_link`, `xlsx_entities`; io.
pub fn inspect(path: &Path) -> Result<u64> {
    // Counted before the archive is opened: whoever opens it makes a record in memory for each member.
    if entries(path)? > MEMBERS_MAX {
        return Err(refused("xlsx_too_many_members", format!("工作簿内的部件超过{MEMBERS_MAX}个，请重新另存后报送")));
    }
    let mut archive = ZipArchive::new(BufReader::new(File::open(path)?)).map_err(|error| invalid(&error))?;
    let (mut whole, mut sheets) = (0u64, 0u64);
    for at in 0..archive.len() {
        let mut member = archive.by_index(at).map_err(|error| invalid(&error))?;
        let name = member.name().map_err(|error| invalid(&error))?.to_lowercase().replace('\\', "/");
        if name.contains("externallinks/") || name.ends_with("xl/connections.xml") {
            let text = "工作簿引用了外部文件或外部数据，请在“数据－编辑链接”中断开链接后另存";
            return Err(refused("xlsx_external_link", text));
        }
        let is_strings = name.ends_with("sharedstrings.xml");
        let limit = if is_strings { STRINGS_MAX } else { UNPACKED_MAX };
        let declared = member.size();
        let size = if declared > limit || whole + declared > UNPACKED_MAX {
            declared
        } else {
            read_through(&mut member, &name, limit.min(UNPACKED_MAX - whole), declared)?
        };
        whole = whole.saturating_add(size);
        if size > limit || whole > UNPACKED_MAX {
            let text = format!(
                "解压后超过上限（全部{}MB，共享字符串{}MB），请分成几个文件报送",
                UNPACKED_MAX >> 20,
                STRINGS_MAX >> 20
            );
            return Err(refused("xlsx_too_large", text));
        }
        if name.contains("worksheets/sheet") {
            sheets += size;
        }
    }
    Ok(sheets)
}

/// Unpacks a member into nothing and looks at what passes; stops a byte behind the limit.
fn read_through(member: &mut impl Read, name: &str, limit: u64, declared: u64) -> Result<u64> {
    let markup = name.ends_with(".xml") || name.ends_with(".rels") || name.ends_with(".vml");
    let mut block = vec![0; BLOCK];
    let mut tail: Vec<u8> = Vec::new();
    let (mut size, mut run) = (0u64, 0u64);
    loop {
        let length = member.read(&mut block).map_err(|error| invalid(&error))?;
        let read = block.get(..length).unwrap_or_default();
        if read.is_empty() || size > limit {
            return Ok(size);
        }
        size += length as u64;
        if !markup {
            continue;
        }
        if size == length as u64 && (read.starts_with(b"\xff\xfe") || read.starts_with(b"\xfe\xff")) {
            return Err(refused("xlsx_invalid", "工作簿内的文字不是UTF-8编码，请用Excel或WPS重新另存"));
        }
        tail.extend_from_slice(read);
        if holds_declaration(&tail) {
            let text = "工作簿内含有文档类型或实体定义（DTD），不予读取，请用Excel或WPS重新另存";
            return Err(refused("xlsx_entities", text));
        }
        if name.ends_with("sharedstrings.xml") {
            strings_are_plausible(&tail, declared)?;
        }
        // A word may stand across two blocks.
        tail.drain(..tail.len().saturating_sub(64));
        run = match memchr::memrchr(b'<', read) {
            Some(at) if memchr::memchr(b'<', read).is_some_and(|first| run + first as u64 <= RUN_MAX) => {
                (length - at) as u64
            }
            Some(_) => RUN_MAX + 1,
            None => run + length as u64,
        };
        if run > RUN_MAX {
            return Err(refused("xlsx_too_large", format!("有单元格超过{}MB，请删除后再报送", RUN_MAX >> 20)));
        }
    }
}

fn holds_declaration(text: &[u8]) -> bool {
    memchr::memchr_iter(b'!', text).any(|at| {
        let word = text.get(at + 1..).unwrap_or_default();
        let is = |known: &[u8]| word.get(..known.len()).is_some_and(|found| found.eq_ignore_ascii_case(known));
        at > 0 && text.get(at - 1) == Some(&b'<') && (is(b"DOCTYPE") || is(b"ENTITY"))
    })
}

/// The table of strings says how many it holds, and readers make room for that many before they read one: more than could
/// stand in it is a lie.
fn strings_are_plausible(text: &[u8], declared: u64) -> Result<()> {
    let said = memchr::memmem::find_iter(text, b"uniqueCount").map(|at| {
        let rest = text.get(at + b"uniqueCount".len()..).unwrap_or_default();
        let digits = rest.iter().skip_while(|byte| !byte.is_ascii_digit()).take_while(|byte| byte.is_ascii_digit());
        digits.fold(0u64, |value, digit| value.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
    });
    // The shortest string takes five bytes.
    if said.max().is_some_and(|said| said > declared / 5 + 1) {
        return Err(refused("xlsx_invalid", "共享字符串表声明的数量不可信，请用Excel或WPS重新另存"));
    }
    Ok(())
}

/// How many members the central directory can have.
fn entries(path: &Path) -> Result<usize> {
    let mut file = File::open(path)?;
    let finder = memchr::memmem::Finder::new(ENTRY);
    let mut held: Vec<u8> = Vec::with_capacity(BLOCK + ENTRY.len());
    let mut block = vec![0; BLOCK];
    let mut found = 0;
    loop {
        let length = file.read(&mut block)?;
        if length == 0 {
            return Ok(found);
        }
        held.extend_from_slice(block.get(..length).unwrap_or_default());
        found += finder.find_iter(&held).count();
        held.drain(..held.len().saturating_sub(ENTRY.len() - 1));
    }
}

fn refused(code: &'static str, text: impl Into<String>) -> AppError {
    AppError::refused(code, "file", text)
}

/// A file that is no readable workbook, with what its reader said.
pub fn invalid(error: &dyn std::fmt::Display) -> AppError {
    refused("xlsx_invalid", format!("不是有效的XLSX工作簿，请用Excel或WPS重新另存（{error}）"))
}
