//! The four guards: borrowed or owned, for the whole value or mapped to a part of it.
//!
//! None of them implements `Drop`: [`Held`] unlocks, so that safe code can take one guard apart and build
//! another from its parts.

use std::fmt;
use std::marker::PhantomData;
use std::mem;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;
use std::sync::Arc;

use super::Mutex;
use super::raw::RawMutex;
use crate::sync::Access;
use crate::wait::Holder;

/// A held lock: unlocks when dropped. Its owner has exclusive access to the value.
struct Held<L: Holder<RawMutex>> {
    lock: L,
    access: Access,
}

impl<T: ?Sized, L: Holder<RawMutex> + Deref<Target = Mutex<T>>> Held<L> {
    /// The caller has just locked.
    #[inline]
    fn new(lock: L) -> Self {
        let access = lock.tracker.begin();
        Self { lock, access }
    }
}

impl<L: Holder<RawMutex>> Drop for Held<L> {
    #[inline]
    fn drop(&mut self) {
        self.access = Access::default();
        self.lock.core().unlock();
    }
}

impl<'a, T: ?Sized> Held<&'a Mutex<T>> {
    /// The same, without the type of the value.
    fn erase(mut self) -> Held<&'a RawMutex> {
        let (lock, access) = (&self.lock.raw, mem::take(&mut self.access));
        mem::forget(self);
        Held { lock, access }
    }
}

/// A guard that dereferences to the value of a [`Mutex`], and unlocks the mutex when dropped.
///
/// It may be held across an `.await` and sent to another thread.
///
/// # Panics
///
/// Dropping it panics only if a waker does, after unlocking: see [`Mutex`](Mutex#panics).
///
/// # Examples
///
/// ```
/// use wakeful::{Mutex, MutexGuard};
///
/// let pair = Mutex::new((1, "one"));
/// let mut number = MutexGuard::map(pair.blocking_lock(), |pair| &mut pair.0);
/// *number += 1;
/// drop(number);
/// assert_eq!(pair.into_inner(), (2, "one"));
/// ```
#[must_use = "the lock is released at once if the guard is not kept"]
pub struct MutexGuard<'a, T: ?Sized> {
    held: Held<&'a Mutex<T>>,
    /// As `Send` and `Sync` as an exclusive reference to the value; the reference to the mutex asks
    /// for `T: Send` besides, in both cases.
    _value: PhantomData<T>,
}

/// A [`MutexGuard`] for a part of the value: see [`MutexGuard::map`].
#[must_use = "the lock is released at once if the guard is not kept"]
pub struct MappedMutexGuard<'a, T: ?Sized> {
    /// Not a reference: a function that takes the guard by value and drops it would be left with a reference
    /// that must stay valid after the unlock.
    value: NonNull<T>,
    held: Held<&'a RawMutex>,
    _value: PhantomData<&'a mut T>,
}

/// A [`MutexGuard`] that owns an [`Arc`] of its mutex, and so has no lifetime: see [`Mutex::lock_owned`].
#[must_use = "the lock is released at once if the guard is not kept"]
pub struct OwnedMutexGuard<T: ?Sized> {
    held: Held<Arc<Mutex<T>>>,
    _value: PhantomData<T>,
}

/// An [`OwnedMutexGuard`] for a part of the value: see [`OwnedMutexGuard::map`].
#[must_use = "the lock is released at once if the guard is not kept"]
pub struct OwnedMappedMutexGuard<T: ?Sized, U: ?Sized = T> {
    value: NonNull<U>,
    held: Held<Arc<Mutex<T>>>,
    _value: PhantomData<*mut U>,
}

// SAFETY: the pointer is the only way to the part while the guard lives, as `&mut T` would be; what
// else it has, the raw mutex, may be used from any thread, and the whole value stays where it is.
unsafe impl<T: ?Sized + Send> Send for MappedMutexGuard<'_, T> {}
// SAFETY: as for `Send`: `&MappedMutexGuard` gives `&T` and nothing else.
unsafe impl<T: ?Sized + Sync> Sync for MappedMutexGuard<'_, T> {}
// SAFETY: as for `MappedMutexGuard`; besides, the last `Arc` may drop the whole value, hence `T: Send`.
unsafe impl<T: ?Sized + Send, U: ?Sized + Send> Send for OwnedMappedMutexGuard<T, U> {}
// SAFETY: `&OwnedMappedMutexGuard` gives `&U` and nothing else. `T: Send` as the shared `Arc` asks.
unsafe impl<T: ?Sized + Send, U: ?Sized + Sync> Sync for OwnedMappedMutexGuard<T, U> {}

// A guard leads to the value and does not hold it.
impl<T: ?Sized> Unpin for MutexGuard<'_, T> {}
impl<T: ?Sized> Unpin for OwnedMutexGuard<T> {}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    /// The caller has just locked.
    #[inline]
    pub(super) fn new(mutex: &'a Mutex<T>) -> Self {
        Self {
            held: Held::new(mutex),
            _value: PhantomData,
        }
    }

    /// Returns the mutex that this guard locks.
    pub fn mutex(this: &Self) -> &'a Mutex<T> {
        this.held.lock
    }
}

impl<T: ?Sized> OwnedMutexGuard<T> {
    /// The caller has just locked.
    #[inline]
    pub(super) fn new(mutex: Arc<Mutex<T>>) -> Self {
        Self {
            held: Held::new(mutex),
            _value: PhantomData,
        }
    }

    /// Returns the mutex that this guard locks.
    pub fn mutex(this: &Self) -> &Arc<Mutex<T>> {
        &this.held.lock
    }
}

/// `map` and `try_map`: a guard becomes a guard for a part of its value.
macro_rules! maps {
    ([$($generics:tt)*] $guard:ty => $value:ident, $held:ident => $same:expr, $mapped:ident, $type:ty) => {
        impl<$($generics)*> $guard {
            /// Turns this guard into a guard for a part of the value.
            ///
            /// If `part` panics, the lock is released.
            pub fn map<Part, F>(mut this: Self, part: F) -> $type
            where
                Part: ?Sized,
                F: FnOnce(&mut $value) -> &mut Part,
            {
                let value = NonNull::from(part(&mut this));
                let $held = this.held;
                $mapped { value, held: $same, _value: PhantomData }
            }

            /// Turns this guard into a guard for a part of the value, if `part` returns one.
            ///
            /// # Errors
            ///
            /// Returns this guard, still locked, if `part` returns `None`. If it panics, the lock is
            /// released.
            pub fn try_map<Part, F>(mut this: Self, part: F) -> Result<$type, Self>
            where
                Part: ?Sized,
                F: FnOnce(&mut $value) -> Option<&mut Part>,
            {
                let Some(value) = part(&mut this).map(NonNull::from) else {
                    return Err(this);
                };
                let $held = this.held;
                Ok($mapped { value, held: $same, _value: PhantomData })
            }
        }
    };
}

maps!(['a, T: ?Sized] MutexGuard<'a, T> => T, held => held.erase(),
    MappedMutexGuard, MappedMutexGuard<'a, Part>);
maps!(['a, T: ?Sized] MappedMutexGuard<'a, T> => T, held => held,
    MappedMutexGuard, MappedMutexGuard<'a, Part>);
maps!([T: ?Sized] OwnedMutexGuard<T> => T, held => held,
    OwnedMappedMutexGuard, OwnedMappedMutexGuard<T, Part>);
maps!([T: ?Sized, U: ?Sized] OwnedMappedMutexGuard<T, U> => U, held => held,
    OwnedMappedMutexGuard, OwnedMappedMutexGuard<T, Part>);

/// What all guards have in common: they dereference to a value, and print as that value.
macro_rules! leads_to_value {
    ([$($generics:tt)*] $guard:ty => $value:ident, $this:ident, $pointer:expr) => {
        impl<$($generics)*> Deref for $guard {
            type Target = $value;

            #[inline]
            fn deref(&self) -> &$value {
                let $this = self;
                // SAFETY: the pointer leads to a value, or a part of one, whose lock is held.
                unsafe { &*$pointer }
            }
        }

        impl<$($generics)*> DerefMut for $guard {
            #[inline]
            fn deref_mut(&mut self) -> &mut $value {
                let $this = self;
                // SAFETY: as in `deref`, and nothing else leads to it while the guard lives.
                unsafe { &mut *$pointer }
            }
        }

        impl<$($generics)*> fmt::Debug for $guard
        where
            $value: fmt::Debug,
        {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&**self, f)
            }
        }

        impl<$($generics)*> fmt::Display for $guard
        where
            $value: fmt::Display,
        {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&**self, f)
            }
        }
    };
}

leads_to_value!([T: ?Sized] MutexGuard<'_, T> => T, this, this.held.lock.value.get());
leads_to_value!([T: ?Sized] OwnedMutexGuard<T> => T, this, this.held.lock.value.get());
leads_to_value!([T: ?Sized] MappedMutexGuard<'_, T> => T, this, this.value.as_ptr());
leads_to_value!([T: ?Sized, U: ?Sized] OwnedMappedMutexGuard<T, U> => U, this, this.value.as_ptr());
