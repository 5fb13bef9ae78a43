//! Manifests of packages under libFuzzer; the property is `credence_fuzz`'s.

#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| credence_fuzz::app::manifest(data));
