//! The real channel of a bounded queue against the reference model: bytes become steps of a few tasks.
//!
//! `cargo +nightly fuzz run queue_bounded -- -max_total_time=60`
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/model/mod.rs"]
mod model;

use model::queue::drive::{Storage, check};

fuzz_target!(|bytes: &[u8]| {
    check(Storage::Bounded, bytes).unwrap_or_else(|story| panic!("{story}"));
});
