//! Civil days in what programs send: `2026-04-10` and no other form, though more could be read, so that what is taken is what
//! the interface document says. Departments' files have forms of their own (`credence_domain::record::value`).

use credence_domain::record::value::iso_date;
use jiff::civil::Date;
use serde::de::{Deserialize, Deserializer, Error};

/// Reads a day.
///
/// # Errors
/// For text that is no day, or in another form.
pub fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    iso_date(&String::deserialize(from)?).ok_or_else(|| D::Error::custom("no day"))
}

/// Reads a day that may be missing.
///
/// # Errors
/// As [`read`].
pub fn read_optional<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    text.map(|text| iso_date(&text).ok_or_else(|| D::Error::custom("no day"))).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Asked {
        #[serde(default, deserialize_with = "read_optional")]
        on: Option<Date>,
    }

    fn asked(text: &str) -> Option<Option<Date>> {
        serde_json::from_str::<Asked>(text).ok().map(|asked| asked.on)
    }

    #[test]
    fn a_day_has_one_form() {
        assert_eq!(asked(r#"{"on":"2026-04-10"}"#), Some(Some(jiff::civil::date(2026, 4, 10))));
        assert_eq!((asked("{}"), asked(r#"{"on":null}"#)), (Some(None), Some(None)));
        for wrong in
            ["20260410", "2026-04-10T00:00:00", "+002026-04-10", "-009999-01-01", "2026-02-30", " 2026-04-10", ""]
        {
            assert_eq!(asked(&format!(r#"{{"on":"{wrong}"}}"#)), None, "{wrong}");
        }
    }
}
