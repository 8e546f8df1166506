//! The real semaphore against the reference model: bytes become operations of a few tasks.
//!
//! `cargo +nightly fuzz run semaphore -- -max_total_time=60`
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/model/mod.rs"]
mod model;

fuzz_target!(|bytes: &[u8]| {
    model::drive::check::<wakeful::Semaphore>(bytes).unwrap_or_else(|story| panic!("{story}"));
});
