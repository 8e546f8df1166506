//! Resizing: permits added, and taken out for good.

use super::Semaphore;

impl Semaphore {
    /// Adds `n` permits, and calls the waiters for whom enough is free now. What is owed is paid first.
    ///
    /// They count after [`close`](Semaphore::close) too.
    ///
    /// # Panics
    ///
    /// Panics, and changes nothing, if more than [`Semaphore::MAX_PERMITS`] would be free. If a waker
    /// panics, the permits have been added: see [`Semaphore`](Semaphore#panics).
    ///
    /// # Memory ordering
    ///
    /// It synchronizes with the acquisitions that follow.
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
            self.raw.try_add(n),
            "number of added permits ({n}) would overflow MAX_PERMITS ({})",
            Self::MAX_PERMITS
        );
    }

    /// Takes up to `n` free permits out for good, kept ones included, and returns how many.
    ///
    /// It never panics, and costs nobody credit: waiters that were called just find less.
    ///
    /// # Memory ordering
    ///
    /// The calls by which these permits came back or were added synchronize with this one.
    ///
    /// # Examples
    ///
    /// ```
    /// let semaphore = wakeful::Semaphore::new(3);
    /// assert_eq!(semaphore.forget_permits(5), 3);
    /// ```
    pub fn forget_permits(&self, n: usize) -> usize {
        self.raw.forget(n)
    }

    /// Takes exactly `n` permits out for good. What is not free now is owed: permits that come back or are
    /// added pay for it before any waiter gets them.
    ///
    /// This lowers a limit while it is in use: permits that are out stay valid, and no new ones are given
    /// out until the new limit holds.
    ///
    /// # Panics
    ///
    /// Panics, and changes nothing, if more than [`Semaphore::MAX_PERMITS`] would be owed.
    ///
    /// # Memory ordering
    ///
    /// As [`Semaphore::forget_permits`].
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
            self.raw.try_reduce(n),
            "number of reduced permits ({n}) would make the semaphore owe more than MAX_PERMITS ({})",
            Self::MAX_PERMITS
        );
    }
}
