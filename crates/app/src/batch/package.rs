//! Why a package is not taken whose number or digest is not what it should be. Numbers run per unit and item without gaps, by
//! whichever way they come.

use crate::AppError;

/// The file is not the one that its sender describes.
#[must_use]
pub fn digest_differs() -> AppError {
    let text = "文件的SHA-256与所报的不一致，文件可能在传输中损坏，请重新报送";
    AppError::refused("digest_differs", "sha256", text)
}

/// The number was given to another file.
#[must_use]
pub fn reused(sequence: i64) -> AppError {
    let text = format!("序号{sequence}已用于另一数据包；重复报送须内容相同，新的内容请用下一序号");
    AppError::refused("sequence_reused", "sequence", text)
}

/// An earlier number is missing.
#[must_use]
pub fn gap(sequence: i64, next: i64) -> AppError {
    let text = format!("序号不连续：应为{next}，收到{sequence}；补齐缺少的数据包后再处理");
    AppError::refused("sequence_gap", "sequence", text)
}

/// The file has more or fewer rows than its sender says.
#[must_use]
pub fn rows_differ(rows: u64) -> AppError {
    let text = format!("数据文件的行数与清单所写的{rows}行不一致，请核对后重新报送");
    AppError::refused("rows_differ", "rows", text)
}
