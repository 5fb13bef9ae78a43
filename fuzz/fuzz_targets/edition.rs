//! Kept editions of the rulebook under libFuzzer; the property is `credence_fuzz`'s.

#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| credence_fuzz::domain::edition(data));
