//! Headers of department files under libFuzzer; the property is `credence_fuzz`'s.

#![no_main]
use credence_domain::rulebook::Rulebook;
use std::sync::LazyLock;

static RULEBOOK: LazyLock<Rulebook> = LazyLock::new(|| credence_app::rulebook::shipped().expect("the rulebook"));

libfuzzer_sys::fuzz_target!(|data: &[u8]| credence_fuzz::domain::header(&RULEBOOK, data));
