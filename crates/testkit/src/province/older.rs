//! The header forms of 2015/2016 for permits and penalties: what counties without the newer form still send.

use super::file::{Column, Format, Sheet};

/// Columns of the old penalty form with the field of today's form that each fills.
const PENALTY: [(&str, &str); 21] = [
    ("CF_WSH", "CF_WSH"),
    ("CF_CFMC", "CF_CFMC"),
    ("CF_CFLB1", "CF_CFLB"),
    ("CF_CFLB2", "CF_CFLB2"),
    ("CF_SY", "CF_SY"),
    ("CF_YJ", "CF_YJ"),
    ("CF_XDR_MC", "CF_XDR_MC"),
    ("CF_XDR_SHXYM", "CF_XDR_SHXYM"),
    ("CF_XDR_ZDM", "CF_XDR_ZZJG"),
    ("CF_XDR_GSDJ", "CF_XDR_GSZC"),
    ("CF_XDR_SWDJ", "CF_XDR_SWDJ"),
    ("CF_XDR_SFZ", "CF_XDR_ZJHM"),
    ("CF_FR", "CF_FRDB"),
    ("CF_JG", "CF_NR"),
    ("CF_JDRQ", "CF_JDRQ"),
    ("CF_XZJG", "CF_CFJG"),
    ("CF_ZT", "CF_ZT"),
    ("DFBM", "DFBM"),
    ("SJC", "SJC"),
    ("BZ", "BZ"),
    ("GSQX", "GSQX"),
];

/// Columns of the old permit form.
const PERMIT: [(&str, &str); 18] = [
    ("XK_WSH", "XK_WSH"),
    ("XK_XMMC", "XK_XMMC"),
    ("XK_SPLB", "XK_XKLB"),
    ("XK_NR", "XK_NR"),
    ("XK_XDR", "XK_XDR_MC"),
    ("XK_XDR_SHXYM", "XK_XDR_SHXYM"),
    ("XK_XDR_ZDM", "XK_XDR_ZZJG"),
    ("XK_XDR_GSDJ", "XK_XDR_GSZC"),
    ("XK_XDR_SWDJ", "XK_XDR_SWDJ"),
    ("XK_XDR_SFZ", "XK_XDR_ZJHM"),
    ("XK_FR", "XK_FRDB"),
    ("XK_JDRQ", "XK_JDRQ"),
    ("XK_JZQ", "XK_YXQZI"),
    ("XK_XZJG", "XK_XKJG"),
    ("XK_ZT", "XK_ZT_2015"),
    ("DFBM", "DFBM"),
    ("SJC", "SJC"),
    ("BZ", "BZ"),
];

/// The sheet under the old headers of its item; `None` where the item never had such a form.
pub(super) fn write(sheet: &Sheet, item: &str, format: Format) -> Option<Vec<u8>> {
    let form: &[(&str, &str)] = match item {
        "penalty" => &PENALTY,
        "permit" => &PERMIT,
        _ => return None,
    };
    let dates = ["CF_JDRQ", "XK_JDRQ", "XK_JZQ"];
    let column =
        |(header, field): &(&'static str, &'static str)| Column { header, field, date: dates.contains(header) };
    Some(sheet.encode(form.iter().map(column).collect(), format))
}
