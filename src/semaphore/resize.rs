//! Resizing: permits added, and taken out for good.

use super::Semaphore;

impl Semaphore {
    /// Adds permits, and calls the waiters for whom there are enough now. What is owed is paid first.
    ///
    /// They count after [`close`](Semaphore::close) too.
    ///
    /// # Panics
    ///
    /// Panics, and nothing is changed, if more than [`Semaphore::MAX_PERMITS`] would be free. If a waker
    /// panics, the permits were added: see [`Semaphore`](Semaphore#panics).
    ///
    /// # Memory ordering
    ///
    /// What was done before happens before what is done by whoever acquires afterwards.
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

    /// Takes permits that are free out for good, up to `n`, kept ones among them, and says how many. It
    /// never panics, and it overtakes nobody: those called find less.
    ///
    /// # Memory ordering
    ///
    /// What was done before those came back or were added happens before what is done after this.
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

    /// Takes exactly `n` permits out for good. What is not free now is owed: permits that come back or
    /// are added pay for it before anybody waiting gets them.
    ///
    /// With it, a limit can be lowered while it is in use: those who have permits keep them, and nobody
    /// gets new ones until so few are out that the new limit holds.
    ///
    /// # Panics
    ///
    /// Panics, and nothing is changed, if more than [`Semaphore::MAX_PERMITS`] would be owed.
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
