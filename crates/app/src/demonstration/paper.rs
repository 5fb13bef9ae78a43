//! Papers of a demonstration (附件): made up throughout, of one page that says so, handed in by the same use case as any other.

use crate::paper::{File, Handing, hand_in};
use crate::{Result, Writer};
use credence_domain::rulebook::Rulebook;

/// Hands in a paper for an organisation and gives its digest; `word` makes it another than others.
///
/// # Errors
/// What handing in refuses, or a fault.
pub(super) fn hand_in_specimen(
    writer: &mut Writer,
    rulebook: &Rulebook,
    (by, uscc): (&str, &str),
    (name, word): (&str, &str),
) -> Result<String> {
    let file =
        File { content: specimen(word).into(), declared: "application/pdf".to_owned(), name: format!("{name}.pdf") };
    Ok(hand_in(writer, rulebook, Handing { by, unit: "" }, uscc, &file)?.paper.digest)
}

/// A document of one page, with the table of places that every reader asks for.
fn specimen(word: &str) -> Vec<u8> {
    let text = "BT /F1 28 Tf 40 110 Td (SPECIMEN / SHI LI) Tj ET";
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 360 220]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>".to_owned(),
        format!("<</Length {}>>stream\n{text}\nendstream", text.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut pdf = format!("%PDF-1.4\n% {word}\n");
    let mut places = String::new();
    for (number, object) in (1..).zip(&objects) {
        places.push_str(&format!("{:010} 00000 n \n", pdf.len()));
        pdf.push_str(&format!("{number} 0 obj{object}endobj\n"));
    }
    let (size, table) = (objects.len() + 1, pdf.len());
    pdf.push_str(&format!("xref\n0 {size}\n0000000000 65535 f \n{places}trailer<</Size {size}/Root 1 0 R>>\n"));
    pdf.push_str(&format!("startxref\n{table}\n%%EOF\n"));
    pdf.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::specimen;
    use credence_domain::paper::accept;

    #[test]
    fn a_specimen_is_what_it_says_and_tells_its_objects_places() {
        let pdf = specimen("甲");
        assert!(accept(&pdf, "application/pdf", "示例.pdf").is_ok());
        assert_ne!(pdf, specimen("乙"));
        let text = String::from_utf8(pdf).unwrap();
        let table = text.rsplit("startxref\n").next().and_then(|end| end.lines().next()).unwrap();
        assert!(text[table.parse::<usize>().unwrap()..].starts_with("xref\n0 6\n"));
        let places = text.lines().filter_map(|line| line.strip_suffix(" 00000 n "));
        for (number, place) in (1..).zip(places) {
            assert!(text[place.parse::<usize>().unwrap()..].starts_with(&format!("{number} 0 obj")), "{number}");
        }
    }
}
