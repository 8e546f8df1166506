//! The short internal lock over std: a byte, held for a few instructions and never across foreign code.
//!
//! One compare-and-swap to lock, one plain store to unlock: that is what makes a queue, which takes it in
//! every operation, as fast as those that have no lock. The price is that the holder does not know of
//! those who wait for it. They spin, but for less than a microsecond; then, since the holder must have
//! lost its processor, they give theirs away, and at last they sleep, so that no priority keeps the holder
//! from going on. (parking_lot's lock in this place: 9 ns more for a push and a pop.)
//!
//! Besides, it tells whoever locks it whether what it guards was left *busy*. The models run on loom's
//! mutex; this file has a model of its own, on loom's atomics.

use std::time::Duration;

use super::{AtomicU8, Ordering, const_fn, sleep, yield_now};
use Ordering::{Acquire, Relaxed, Release};

const LOCKED: u8 = 1;
const BUSY: u8 = 1 << 1;

/// Each time twice as many spins as before.
const SPIN_ROUNDS: u32 = 5;
const YIELDS: u32 = 16;
const NAP: Duration = Duration::from_micros(50);

pub(crate) struct ShortLock(AtomicU8);

/// Holds a [`ShortLock`] until dropped.
pub(crate) struct ShortGuard<'a> {
    lock: &'a ShortLock,
    /// What the byte says when it is unlocked.
    left: u8,
}

impl ShortLock {
    const_fn! {
        pub(crate) const fn new() -> Self {
            Self(AtomicU8::new(0))
        }
    }

    #[inline]
    pub(crate) fn lock(&self) -> ShortGuard<'_> {
        // Ordering: Acquire pairs with the Release of the unlocking store.
        match self.0.compare_exchange(0, LOCKED, Acquire, Relaxed) {
            Ok(_) => ShortGuard {
                lock: self,
                left: 0,
            },
            Err(_) => self.lock_slow(),
        }
    }

    #[cold]
    fn lock_slow(&self) -> ShortGuard<'_> {
        let mut round = 0;
        loop {
            // Ordering: what it says is confirmed by the compare-and-swap.
            let left = self.0.load(Relaxed);
            // Ordering: as in `lock`.
            if left & LOCKED == 0
                && self
                    .0
                    .compare_exchange_weak(left, left | LOCKED, Acquire, Relaxed)
                    .is_ok()
            {
                return ShortGuard { lock: self, left };
            }
            back_off(round);
            round += 1;
        }
    }
}

fn back_off(round: u32) {
    if round < SPIN_ROUNDS {
        for _ in 0..1 << round {
            std::hint::spin_loop();
        }
    } else if round < SPIN_ROUNDS + YIELDS {
        yield_now();
    } else {
        sleep(NAP);
    }
}

impl ShortGuard<'_> {
    /// Whether whoever had it last did not leave it busy.
    #[inline]
    pub(crate) fn is_quiet(&self) -> bool {
        self.left == 0
    }

    #[inline]
    pub(crate) fn leave_busy(&mut self, busy: bool) {
        self.left = if busy { BUSY } else { 0 };
    }
}

impl Drop for ShortGuard<'_> {
    #[inline]
    fn drop(&mut self) {
        // Ordering: Release pairs with the Acquire of whoever locks it next.
        self.lock.0.store(self.left, Release);
    }
}
