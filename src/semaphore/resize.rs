//! Resizing: adding permits, and removing them for good.

use super::Semaphore;
use super::word::Word;
use crate::wait::Latched;

impl Semaphore {
    /// Adds `n` permits, and wakes the waiters at the front that can acquire now.
    ///
    /// They first pay off what is [owed](Semaphore::reduce_permits). They also count after
    /// [`close`](Semaphore::close).
    ///
    /// # Panics
    ///
    /// Panics, and changes nothing, if more than [`Semaphore::MAX_PERMITS`] would be free. Also panics if a
    /// waker does, after the permits were added: see [`Semaphore`](Semaphore#panics).
    ///
    /// # Examples
    ///
    /// ```
    /// let semaphore = wakeful::Semaphore::new(1);
    /// semaphore.add_permits(4);
    /// assert_eq!(semaphore.available_permits(), 5);
    /// ```
    #[track_caller]
    pub fn add_permits(&self, n: usize) {
        assert!(
            self.give(|word| word.added(n)),
            "number of added permits ({n}) would overflow MAX_PERMITS ({})",
            Self::MAX_PERMITS
        );
    }

    /// Removes up to `n` free permits for good, and returns how many it removed.
    ///
    /// This includes permits kept for woken waiters, which then find fewer. It never waits and never panics.
    ///
    /// # Examples
    ///
    /// ```
    /// let semaphore = wakeful::Semaphore::new(3);
    /// assert_eq!(semaphore.forget_permits(5), 3);
    /// ```
    pub fn forget_permits(&self, n: usize) -> usize {
        let mut latched = self.guarded.latch();
        let word = Word(latched.word);
        let taken = word.free().min(n);
        latched.word = word.taken(taken).0;
        // Not settled: this makes no waiter due. One that is due already, because another thread is between two batches
        // of wakers, is left to that thread.
        latched.release();
        taken
    }

    /// Removes exactly `n` permits for good, even while they are held.
    ///
    /// Permits that are not free now are *owed*: permits that are returned or added later pay off the debt
    /// before any waiter gets one. So a limit can be lowered while it is in use: permits that are out stay
    /// valid, and no more are acquired until the new limit holds. It never waits.
    ///
    /// # Panics
    ///
    /// Panics, and changes nothing, if more than [`Semaphore::MAX_PERMITS`] would be owed.
    ///
    /// # Examples
    ///
    /// ```
    /// let limit = wakeful::Semaphore::new(3);
    /// let held = limit.try_acquire_many(3).unwrap();
    /// limit.reduce_permits(2);
    /// drop(held);
    /// assert_eq!(limit.available_permits(), 1);
    /// ```
    #[track_caller]
    pub fn reduce_permits(&self, n: usize) {
        assert!(
            self.change(|word| word.reduced(n), Latched::release),
            "number of reduced permits ({n}) would make the semaphore owe more than MAX_PERMITS ({})",
            Self::MAX_PERMITS
        );
    }
}
