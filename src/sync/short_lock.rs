//! The short internal lock over std: a byte, held for a few instructions and never across foreign code.
//!
//! One compare-and-swap to lock, one plain store to unlock: that is what makes a queue, which takes it in
//! every operation, as fast as those that have no lock. The price is that the holder does not know of
//! those who wait for it. They spin, each time twice as long as before: each look takes the byte, and all
//! that lies beside it, out of the cache of the holder. After some ten microseconds, since the holder must
//! have lost its processor, they give theirs away, and at last they sleep, so that no priority keeps the
//! holder from going on.
//!
//! Besides, it carries a few bits from whoever unlocks it to whoever locks it next. The models run on
//! loom's mutex; this file has a model of its own, on loom's atomics.

use std::time::Duration;

use super::{AtomicU8, MOST_SPINS, Ordering, const_fn, for_models, sleep, yield_now};
use Ordering::{Acquire, Relaxed, Release};

const LOCKED: u8 = 1;
/// Above it, the bits that are carried.
const CARRIED_SHIFT: u32 = 1;

const YIELDS: u32 = 16;
const NAP: Duration = Duration::from_micros(50);

#[derive(Debug)]
pub(crate) struct ShortLock(AtomicU8);

/// Holds a [`ShortLock`] until dropped.
pub(crate) struct ShortGuard<'a> {
    lock: &'a ShortLock,
    /// What the byte says when it is unlocked.
    left: u8,
}

impl ShortLock {
    const_fn! {
        /// Unlocked, and carrying these bits.
        pub(crate) const fn carrying(bits: u8) -> Self {
            Self(AtomicU8::new(bits << CARRIED_SHIFT))
        }
    }

    /// The bits that it carries at this moment, as far as that can be known without locking it.
    #[cfg_attr(wakeful_loom, expect(dead_code, reason = "its model does not"))]
    #[inline]
    pub(crate) fn peek(&self) -> u8 {
        // Ordering: a hint, on which nothing depends.
        self.0.load(Relaxed) >> CARRIED_SHIFT
    }

    /// Whoever finds it locked spins for so long at first.
    #[inline]
    pub(crate) fn lock(&self, first_spins: u32) -> ShortGuard<'_> {
        // Ordering: what it says is confirmed by the compare-and-swap.
        let left = self.0.load(Relaxed) & !LOCKED;
        // Ordering: Acquire pairs with the Release of the unlocking store.
        match self
            .0
            .compare_exchange(left, left | LOCKED, Acquire, Relaxed)
        {
            Ok(_) => ShortGuard { lock: self, left },
            Err(_) => self.lock_slow(BackOff::new(first_spins)),
        }
    }

    #[cold]
    fn lock_slow(&self, mut back_off: BackOff) -> ShortGuard<'_> {
        loop {
            // Ordering: as in `lock`, both.
            let left = self.0.load(Relaxed);
            if left & LOCKED == 0
                && self
                    .0
                    .compare_exchange_weak(left, left | LOCKED, Acquire, Relaxed)
                    .is_ok()
            {
                return ShortGuard { lock: self, left };
            }
            back_off.wait();
        }
    }
}

/// How long somebody has waited, and waits next.
struct BackOff {
    spins: u32,
    yields: u32,
}

impl BackOff {
    fn new(first_spins: u32) -> Self {
        Self {
            spins: first_spins,
            yields: 0,
        }
    }

    fn wait(&mut self) {
        if self.spins <= MOST_SPINS {
            (0..self.spins).for_each(|_| std::hint::spin_loop());
            self.spins *= 2;
        } else if self.yields < YIELDS {
            self.yields += 1;
            yield_now();
        } else {
            sleep(NAP);
        }
    }
}

impl ShortGuard<'_> {
    /// The bits that the lock carries.
    #[inline]
    pub(crate) fn carried(&self) -> u8 {
        self.left >> CARRIED_SHIFT
    }

    #[inline]
    pub(crate) fn carry(&mut self, bits: u8) {
        self.left = bits << CARRIED_SHIFT;
    }
}

impl Drop for ShortGuard<'_> {
    #[inline]
    fn drop(&mut self) {
        // Ordering: Release pairs with the Acquire of whoever locks it next.
        self.lock.0.store(self.left, Release);
    }
}

for_models! {
    /// The lock that no other model runs on, for its own.
    #[derive(Debug)]
    pub struct ShortLockInModel(ShortLock);

    impl Default for ShortLockInModel {
        fn default() -> Self {
            Self(ShortLock::carrying(0))
        }
    }

    impl ShortLockInModel {
        /// Locks it; `f` is given the bits that it carries, and gives those that it shall carry.
        pub fn with(&self, f: impl FnOnce(u8) -> u8) {
            let mut locked = self.0.lock(1);
            let carried = locked.carried();
            locked.carry(f(carried));
        }
    }
}
