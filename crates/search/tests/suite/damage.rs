//! Whatever happens to the file, an answer never comes from bytes that were not written.

use super::{bytes, index};
use credence_search::{Base, Builder, Bytes, Entry, Position, Query};

fn entries() -> Vec<Entry> {
    (0..40)
        .map(|i| Entry {
            uscc: format!("91379900MA{i:08}"),
            names: vec![format!("云海市第{i}公司")],
            ..Entry::default()
        })
        .collect()
}

#[test]
fn any_changed_byte_and_any_cut_is_found_when_the_index_is_opened() {
    let whole = bytes(16, &entries());
    assert!(Base::open(Bytes::Memory(whole.clone())).is_ok());
    for at in (0..whole.len()).step_by(97).chain([whole.len() - 1]) {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        assert!(Base::open(Bytes::Memory(changed)).is_err(), "byte {at}");
        assert!(Base::open(Bytes::Memory(whole[..at].to_vec())).is_err(), "cut at {at}");
    }
}

#[test]
fn an_index_in_a_file_answers_as_one_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("names");
    std::fs::write(&path, bytes(16, &entries())).unwrap();
    let base = Base::open(Bytes::File(std::fs::File::open(&path).unwrap())).unwrap();
    assert_eq!((base.entries(), base.position()), (40, Position { size: 7, act: [7; 16] }));
    let query = Query::new("第3", 50).unwrap();
    assert_eq!(
        credence_search::Index::new(base).search(&query).unwrap(),
        index(16, &entries()).search(&query).unwrap()
    );
}

#[test]
fn codes_must_rise_and_have_eighteen_symbols() {
    let mut builder = Builder::new(Vec::new()).unwrap();
    let [first, second] = [&entries()[0], &entries()[1]].map(Clone::clone);
    builder.push(&second).unwrap();
    assert!(builder.push(&first).is_err());
    assert!(builder.push(&Entry { uscc: "9".to_owned(), ..Entry::default() }).is_err());
}
