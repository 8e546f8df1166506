//! The four guards: borrowed or owned, of the whole value or mapped to a part of it.
//!
//! None of them has a `Drop` of its own: [`Held`] unlocks, so that a guard can be taken apart and put
//! together as another one in safe code.

use std::fmt;
use std::marker::PhantomData;
use std::mem;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;
use std::sync::Arc;

use super::Mutex;
use super::raw::RawMutex;
use crate::sync::Access;

/// A lock that is held: unlocks when dropped. Whoever has one has the value to itself.
struct Held<L: HasRaw> {
    lock: L,
    access: Access,
}

/// What leads to a raw mutex: a reference to it or to a mutex, or an `Arc` of one.
trait HasRaw {
    fn raw(&self) -> &RawMutex;
}

impl HasRaw for &RawMutex {
    #[inline]
    fn raw(&self) -> &RawMutex {
        self
    }
}

impl<T: ?Sized> HasRaw for &Mutex<T> {
    #[inline]
    fn raw(&self) -> &RawMutex {
        &self.raw
    }
}

impl<T: ?Sized> HasRaw for Arc<Mutex<T>> {
    #[inline]
    fn raw(&self) -> &RawMutex {
        &self.raw
    }
}

impl<L: HasRaw> Drop for Held<L> {
    #[inline]
    fn drop(&mut self) {
        self.access.end();
        self.lock.raw().unlock();
    }
}

impl<'a, T: ?Sized> Held<&'a Mutex<T>> {
    /// The same, without the type of the value.
    fn erase(mut self) -> Held<&'a RawMutex> {
        let (lock, access) = (&self.lock.raw, self.access.take());
        mem::forget(self);
        Held { lock, access }
    }
}

/// The lock of a [`Mutex`], held: leads to the value, and unlocks when dropped.
///
/// # Memory ordering
///
/// What was done to the value under one guard happens before whatever is done under the next.
#[must_use = "the lock is released at once if the guard is not kept"]
pub struct MutexGuard<'a, T: ?Sized> {
    held: Held<&'a Mutex<T>>,
    /// As `Send` and `Sync` as an exclusive reference to the value; the reference to the mutex asks
    /// for `T: Send` besides, in both cases.
    _value: PhantomData<T>,
}

/// A [`MutexGuard`] that leads to a part of the value: see [`MutexGuard::map`].
#[must_use = "the lock is released at once if the guard is not kept"]
pub struct MappedMutexGuard<'a, T: ?Sized> {
    /// Not a reference, which would have to stay valid after the lock was released in a call that
    /// takes the guard by value.
    value: NonNull<T>,
    held: Held<&'a RawMutex>,
    _value: PhantomData<&'a mut T>,
}

/// A guard that keeps its mutex alive: see [`Mutex::lock_owned`].
#[must_use = "the lock is released at once if the guard is not kept"]
pub struct OwnedMutexGuard<T: ?Sized> {
    held: Held<Arc<Mutex<T>>>,
    _value: PhantomData<T>,
}

/// An [`OwnedMutexGuard`] of a `Mutex<T>` that leads to a part of the value: see
/// [`OwnedMutexGuard::map`].
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

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    /// The caller has just locked.
    #[inline]
    pub(super) fn new(mutex: &'a Mutex<T>) -> Self {
        let access = mutex.tracker.begin();
        Self {
            held: Held {
                lock: mutex,
                access,
            },
            _value: PhantomData,
        }
    }

    /// The mutex that is locked.
    pub fn mutex(this: &Self) -> &'a Mutex<T> {
        this.held.lock
    }

    /// Makes a guard of a part of the value.
    pub fn map<U: ?Sized>(
        mut this: Self,
        part: impl FnOnce(&mut T) -> &mut U,
    ) -> MappedMutexGuard<'a, U> {
        let value = NonNull::from(part(&mut this));
        MappedMutexGuard {
            value,
            held: this.held.erase(),
            _value: PhantomData,
        }
    }

    /// Makes a guard of a part of the value, if there is one.
    ///
    /// # Errors
    ///
    /// Gives the guard back, still locked, where `part` returns `None`.
    pub fn try_map<U: ?Sized>(
        mut this: Self,
        part: impl FnOnce(&mut T) -> Option<&mut U>,
    ) -> Result<MappedMutexGuard<'a, U>, Self> {
        match part(&mut this).map(NonNull::from) {
            None => Err(this),
            Some(value) => Ok(MappedMutexGuard {
                value,
                held: this.held.erase(),
                _value: PhantomData,
            }),
        }
    }
}

impl<'a, T: ?Sized> MappedMutexGuard<'a, T> {
    /// Makes a guard of a part of this part.
    pub fn map<U: ?Sized>(
        mut this: Self,
        part: impl FnOnce(&mut T) -> &mut U,
    ) -> MappedMutexGuard<'a, U> {
        let value = NonNull::from(part(&mut this));
        MappedMutexGuard {
            value,
            held: this.held,
            _value: PhantomData,
        }
    }

    /// Makes a guard of a part of this part, if there is one.
    ///
    /// # Errors
    ///
    /// Gives the guard back, still locked, where `part` returns `None`.
    pub fn try_map<U: ?Sized>(
        mut this: Self,
        part: impl FnOnce(&mut T) -> Option<&mut U>,
    ) -> Result<MappedMutexGuard<'a, U>, Self> {
        match part(&mut this).map(NonNull::from) {
            None => Err(this),
            Some(value) => Ok(MappedMutexGuard {
                value,
                held: this.held,
                _value: PhantomData,
            }),
        }
    }
}

impl<T: ?Sized> OwnedMutexGuard<T> {
    /// The caller has just locked.
    #[inline]
    pub(super) fn new(mutex: Arc<Mutex<T>>) -> Self {
        let access = mutex.tracker.begin();
        Self {
            held: Held {
                lock: mutex,
                access,
            },
            _value: PhantomData,
        }
    }

    /// The mutex that is locked.
    pub fn mutex(this: &Self) -> &Arc<Mutex<T>> {
        &this.held.lock
    }

    /// Makes a guard of a part of the value.
    pub fn map<U: ?Sized>(
        mut this: Self,
        part: impl FnOnce(&mut T) -> &mut U,
    ) -> OwnedMappedMutexGuard<T, U> {
        let value = NonNull::from(part(&mut this));
        OwnedMappedMutexGuard {
            value,
            held: this.held,
            _value: PhantomData,
        }
    }

    /// Makes a guard of a part of the value, if there is one.
    ///
    /// # Errors
    ///
    /// Gives the guard back, still locked, where `part` returns `None`.
    pub fn try_map<U: ?Sized>(
        mut this: Self,
        part: impl FnOnce(&mut T) -> Option<&mut U>,
    ) -> Result<OwnedMappedMutexGuard<T, U>, Self> {
        match part(&mut this).map(NonNull::from) {
            None => Err(this),
            Some(value) => Ok(OwnedMappedMutexGuard {
                value,
                held: this.held,
                _value: PhantomData,
            }),
        }
    }
}

impl<T: ?Sized, U: ?Sized> OwnedMappedMutexGuard<T, U> {
    /// Makes a guard of a part of this part.
    pub fn map<S: ?Sized>(
        mut this: Self,
        part: impl FnOnce(&mut U) -> &mut S,
    ) -> OwnedMappedMutexGuard<T, S> {
        let value = NonNull::from(part(&mut this));
        OwnedMappedMutexGuard {
            value,
            held: this.held,
            _value: PhantomData,
        }
    }

    /// Makes a guard of a part of this part, if there is one.
    ///
    /// # Errors
    ///
    /// Gives the guard back, still locked, where `part` returns `None`.
    pub fn try_map<S: ?Sized>(
        mut this: Self,
        part: impl FnOnce(&mut U) -> Option<&mut S>,
    ) -> Result<OwnedMappedMutexGuard<T, S>, Self> {
        match part(&mut this).map(NonNull::from) {
            None => Err(this),
            Some(value) => Ok(OwnedMappedMutexGuard {
                value,
                held: this.held,
                _value: PhantomData,
            }),
        }
    }
}

/// What every guard is: a pointer to a value, shown as the value.
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
