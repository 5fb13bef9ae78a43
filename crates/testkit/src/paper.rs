//! Files such as people hand in (附件), as short as they can be and made up throughout: what is in them is the word that they are given.

/// A document of one empty page.
#[must_use]
pub fn pdf(word: &str) -> Vec<u8> {
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>";
    let text = format!(
        "%PDF-1.4\n% {word}\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj{page}endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    );
    text.into_bytes()
}

/// The beginning of a photograph.
#[must_use]
pub fn jpeg(word: &str) -> Vec<u8> {
    [b"\xff\xd8\xff\xe0\x00\x10JFIF\0", word.as_bytes(), b"\xff\xd9"].concat()
}

/// The beginning of a picture.
#[must_use]
pub fn png(word: &str) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0", word.as_bytes()].concat()
}

/// A ZIP that names these files and holds none of them.
#[must_use]
pub fn zip(names: &[&str]) -> Vec<u8> {
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    for name in names {
        let length = (name.len() as u16).to_le_bytes();
        let place = (zip.len() as u32).to_le_bytes();
        zip.extend([b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0", &[0; 12][..], &length, &[0; 2], name.as_bytes()].concat());
        directory
            .extend([b"PK\x01\x02\x14\0\x14\0", &[0; 20][..], &length, &[0; 12], &place, name.as_bytes()].concat());
    }
    let count = (names.len() as u16).to_le_bytes();
    let (size, place) = ((directory.len() as u32).to_le_bytes(), (zip.len() as u32).to_le_bytes());
    zip.extend(directory);
    zip.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count, &size, &place, &[0; 2]].concat());
    zip
}

/// A document of the national standard for layouts.
#[must_use]
pub fn ofd(word: &str) -> Vec<u8> {
    zip(&["Doc_0/Document.xml", "OFD.xml", word])
}
