//! The two permits: borrowed or owned, each for any number of the semaphore's permits.
//!
//! Neither has a `Drop` of its own: [`Held`] gives back, so that safe code can take a permit apart.

use std::fmt;
use std::sync::Arc;

use super::Semaphore;
use super::raw::RawSemaphore;
use crate::wait::Holder;

/// Permits that were taken out, and come back when dropped.
struct Held<L: Holder<RawSemaphore>> {
    semaphore: L,
    permits: usize,
}

impl<L: Holder<RawSemaphore>> Drop for Held<L> {
    #[inline]
    fn drop(&mut self) {
        self.semaphore.core().release(self.permits);
    }
}

/// One or more permits of a [`Semaphore`], which are returned when this is dropped.
///
/// It may be held across an `.await` and sent to another thread. It stays valid when the semaphore is
/// closed, and still counts when it is returned. Permits that are returned first pay what is
/// [owed](Semaphore::reduce_permits), and never make more than [`Semaphore::MAX_PERMITS`] free.
///
/// # Panics
///
/// Dropping it panics only if a waker does, after the permits were returned: see
/// [`Semaphore`](Semaphore#panics).
///
/// # Examples
///
/// ```
/// use wakeful::Semaphore;
///
/// let seats = Semaphore::new(5);
/// let mut group = seats.try_acquire_many(3).unwrap();
/// let one = group.split(1).unwrap();
/// assert_eq!((group.num_permits(), one.num_permits()), (2, 1));
/// group.merge(one);
/// drop(group);
/// assert_eq!(seats.available_permits(), 5);
/// ```
#[must_use = "the permits come back at once if this is not kept"]
pub struct SemaphorePermit<'a> {
    held: Held<&'a Semaphore>,
}

/// One or more permits that own an [`Arc`] of their semaphore; otherwise the same as [`SemaphorePermit`].
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use wakeful::Semaphore;
///
/// let semaphore = Arc::new(Semaphore::new(2));
/// let permit = Arc::clone(&semaphore).try_acquire_owned().unwrap();
/// assert!(Arc::ptr_eq(permit.semaphore(), &semaphore));
/// // The limit is one less from now on.
/// permit.forget();
/// assert_eq!(semaphore.available_permits(), 1);
/// ```
#[must_use = "the permits come back at once if this is not kept"]
pub struct OwnedSemaphorePermit {
    held: Held<Arc<Semaphore>>,
}

impl<'a> SemaphorePermit<'a> {
    /// These were just taken out.
    #[inline]
    pub(super) fn new(semaphore: &'a Semaphore, permits: u32) -> Self {
        let permits = permits as usize;
        Self {
            held: Held { semaphore, permits },
        }
    }

    /// Returns the semaphore that these permits belong to.
    pub fn semaphore(&self) -> &'a Semaphore {
        self.held.semaphore
    }
}

impl OwnedSemaphorePermit {
    /// These were just taken out.
    #[inline]
    pub(super) fn new(semaphore: Arc<Semaphore>, permits: u32) -> Self {
        let permits = permits as usize;
        Self {
            held: Held { semaphore, permits },
        }
    }

    /// Returns the semaphore that these permits belong to.
    pub fn semaphore(&self) -> &Arc<Semaphore> {
        &self.held.semaphore
    }
}

/// What both can do; `$same` is another leader to the same semaphore.
macro_rules! permits {
    ([$($generics:tt)*] $permit:ty, $name:literal, $held:ident => $same:expr) => {
        impl<$($generics)*> $permit {
            /// How many permits these are.
            pub fn num_permits(&self) -> usize {
                self.held.permits
            }

            /// Drops this without returning the permits, so that the semaphore has fewer from now on.
            ///
            /// Unlike returning them, this wakes nobody and synchronizes with nothing.
            pub fn forget(mut self) {
                self.held.permits = 0;
            }

            /// Takes over the permits of `other`.
            ///
            /// # Panics
            ///
            /// Panics if `other` belongs to another semaphore, or if the sum overflows a `usize`. The
            /// permits of `other` are then returned, and these stay as they were.
            #[track_caller]
            pub fn merge(&mut self, mut other: Self) {
                assert!(
                    std::ptr::eq::<Semaphore>(&*self.held.semaphore, &*other.held.semaphore),
                    "merging permits from different semaphore instances"
                );
                let sum = self.held.permits.checked_add(other.held.permits);
                self.held.permits = sum.expect("merging more permits than can be counted");
                other.held.permits = 0;
            }

            /// Splits off `n` permits. Returns `None`, and changes nothing, if there are fewer.
            ///
            /// All of them may be split off, or none: a permit may hold 0.
            pub fn split(&mut self, n: usize) -> Option<Self> {
                let rest = self.held.permits.checked_sub(n)?;
                let $held = &self.held;
                let held = Held { semaphore: $same, permits: n };
                self.held.permits = rest;
                Some(Self { held })
            }
        }

        impl<$($generics)*> fmt::Debug for $permit {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct($name)
                    .field("permits", &self.held.permits)
                    .finish_non_exhaustive()
            }
        }
    };
}

permits!([] SemaphorePermit<'_>, "SemaphorePermit", held => held.semaphore);
permits!([] OwnedSemaphorePermit, "OwnedSemaphorePermit", held => Arc::clone(&held.semaphore));
