//! Queues of other orders and of weighted items against the reference model: the first byte says which, and the rest
//! become steps of a few tasks.
//!
//! `cargo +nightly fuzz run queue_orders -- -max_total_time=60`
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/model/mod.rs"]
mod model;

use model::queue::drive::check_orders;

fuzz_target!(|bytes: &[u8]| {
    check_orders(bytes).unwrap_or_else(|story| panic!("{story}"));
});
