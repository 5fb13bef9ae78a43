//! Names and contents of tiles under libFuzzer; the property is `credence_fuzz`'s.

#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| credence_fuzz::ledger::tile(data));
