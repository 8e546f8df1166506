//! The two permits: borrowed or owned, each for any number of the semaphore's permits.
//!
//! Neither implements `Drop`: [`Held`] returns the permits, so that safe code can take a permit apart.

use std::fmt;
use std::sync::Arc;

use super::Semaphore;
use crate::wait::Holder;

/// Permits that are out, and are returned when dropped.
struct Held<L: Holder<Semaphore>> {
    semaphore: L,
    permits: usize,
}

impl<L: Holder<Semaphore>> Drop for Held<L> {
    #[inline]
    fn drop(&mut self) {
        self.semaphore.core().release(self.permits);
    }
}

/// A number of permits of a [`Semaphore`], which are returned when this is dropped.
///
/// It may be held across an `.await` and sent to another thread. It stays valid when the semaphore is closed,
/// and still counts when it is returned. Returned permits first pay off what is
/// [owed](Semaphore::reduce_permits). They never make more than [`Semaphore::MAX_PERMITS`] free: any excess is
/// lost.
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

/// A [`SemaphorePermit`] that owns an [`Arc`] of its semaphore, and so has no lifetime.
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
    /// The permits have been acquired.
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
    /// The permits have been acquired.
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

/// The methods of both; `$same` is another pointer to the same semaphore.
macro_rules! permits {
    ([$($generics:tt)*] $permit:ty, $name:literal, $held:ident => $same:expr) => {
        impl<$($generics)*> $permit {
            /// Returns how many permits this holds.
            pub fn num_permits(&self) -> usize {
                self.held.permits
            }

            /// Forgets the permits: they are not returned, so the semaphore has fewer from now on.
            ///
            /// This wakes nobody and synchronizes with nothing.
            pub fn forget(mut self) {
                self.held.permits = 0;
            }

            /// Moves the permits of `other` into this one.
            ///
            /// # Panics
            ///
            /// Panics if `other` belongs to another semaphore, or if the sum overflows a `usize`. Then the
            /// permits of `other` are returned, and this one is unchanged.
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
            /// Either part may be empty: a permit may hold 0 permits.
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
