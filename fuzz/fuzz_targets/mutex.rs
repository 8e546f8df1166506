//! The real mutex against the reference model: bytes become operations of a few tasks.
//!
//! `cargo +nightly fuzz run mutex -- -max_total_time=60`
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/model/mod.rs"]
mod model;

fuzz_target!(|bytes: &[u8]| {
    model::drive::check::<model::mutex::CountingMutex>(bytes)
        .unwrap_or_else(|story| panic!("{story}"));
});
