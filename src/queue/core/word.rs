//! The state word of a queue.
//!
//! | bit | name | meaning |
//! |---|---|---|
//! | 0 | `LATCHED` | see [`StateWord`](crate::sync::StateWord) |
//! | 1 | `POP_LINE` | a pop waits: an arriving pop may have to pay credit |
//! | 2 | `POP_SLEEP` | one of them is not called: a push may have to call it |
//! | 3 | `PUSH_LINE` | a push or reserve waits |
//! | 4 | `PUSH_SLEEP` | one of them is not called |
//! | 5 | `FULL` | with `PUSH_SLEEP`: no slot is free, a hint for pushes; without it, nothing |
//! | 6 | `CLOSED` | |
//! | 7 | `EMPTY` | no item is queued: a hint for pops |
//! | 8 | `RARE` | a stored waiter sleeps, an item was put back, a join is due, or there is no storage |
//! | 9 | `SPECIAL` | storage is not a plain FIFO buffer (set for good): the fast and the straight paths do not apply |
//!
//! The bits of a line change only when a waiter queues, is called, answers or leaves. While none of `RARE`,
//! `SPECIAL` and `CLOSED` is set, and no push sleeps, a push takes the latch, checks `len`, and writes; if a pop
//! sleeps, it may then have to call it.

use crate::wait::{Line, Tally};

pub(in crate::queue) const POP_LINE: usize = 1 << 1;
pub(in crate::queue) const POP_SLEEP: usize = 1 << 2;
pub(in crate::queue) const PUSH_LINE: usize = 1 << 3;
pub(in crate::queue) const PUSH_SLEEP: usize = 1 << 4;
pub(in crate::queue) const FULL: usize = 1 << 5;
pub(in crate::queue) const CLOSED: usize = 1 << 6;
pub(in crate::queue) const EMPTY: usize = 1 << 7;
pub(in crate::queue) const RARE: usize = 1 << 8;
pub(in crate::queue) const SPECIAL: usize = 1 << 9;

/// The bits of a line: whether anybody waits in it, and whether any waiter sleeps.
#[inline]
pub(in crate::queue) fn line_bits<F: Tally>(line: &Line<F>, queued: usize, sleep: usize) -> usize {
    if line.is_empty() {
        0
    } else if line.has_sleepers() {
        queued | sleep
    } else {
        queued
    }
}
