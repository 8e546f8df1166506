//! What a primitive that is waited for is made of: a state word, and what the short lock guards.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;

use super::line::{Nudged, Queued};
use super::waiter::Node;
use super::wake::FirstPanic;
use crate::sync::{ShortGuard, ShortLock, UnsafeCell, const_fn};

/// What the short lock guards.
pub(crate) trait Inside {
    /// For how long whoever finds the lock taken spins at first: measured.
    const FIRST_SPINS: u32;
}

/// The word, the short lock, and what that lock guards.
#[repr(C)]
pub(crate) struct Guarded<W, X> {
    short: ShortLock,
    pub(crate) word: W,
    inside: UnsafeCell<X>,
}

/// The inside, with the short lock held.
pub(crate) struct Locked<'a, X> {
    /// Not a reference, which would have to stay exclusive to the end of a call that takes this by
    /// value and releases the short lock on the way.
    inside: NonNull<X>,
    short: ShortGuard<'a>,
    _inside: PhantomData<&'a mut X>,
}

// SAFETY: `&Guarded` leads to the inside by way of the short lock only, which gives it to one thread
// at a time: a `Send` of it. `W` is shared.
unsafe impl<W: Sync, X: Send> Sync for Guarded<W, X> {}

impl<X> Deref for Locked<'_, X> {
    type Target = X;

    #[inline]
    fn deref(&self) -> &X {
        // SAFETY: the short lock is held as long as `self` lives, and there is no other way to the
        // inside than through one of these.
        unsafe { self.inside.as_ref() }
    }
}

impl<X> DerefMut for Locked<'_, X> {
    #[inline]
    fn deref_mut(&mut self) -> &mut X {
        // SAFETY: as in `deref`, and `self` is borrowed exclusively.
        unsafe { self.inside.as_mut() }
    }
}

impl<X> Locked<'_, X> {
    /// The bits that the short lock carries.
    #[inline]
    pub(crate) fn carried(&self) -> u8 {
        self.short.carried()
    }

    #[inline]
    pub(crate) fn carry(&mut self, bits: u8) {
        self.short.carry(bits);
    }
}

impl<W, X> Guarded<W, X> {
    const_fn! {
        pub(crate) const fn new(word: W, inside: X) -> Self {
            Self::carrying(0, word, inside)
        }
    }

    const_fn! {
        /// The short lock carries these bits at first.
        pub(crate) const fn carrying(bits: u8, word: W, inside: X) -> Self {
            Self {
                word,
                short: ShortLock::carrying(bits),
                inside: UnsafeCell::new(inside),
            }
        }
    }

    /// The bits that the short lock carries at this moment: a hint.
    #[inline]
    pub(crate) fn peek(&self) -> u8 {
        self.short.peek()
    }

    /// What the short lock guards, when nobody else can see it.
    pub(crate) const fn inside_mut(&mut self) -> &mut X {
        self.inside.get_mut()
    }
}

impl<W, X: Inside> Guarded<W, X> {
    #[inline]
    pub(crate) fn lock(&self) -> Locked<'_, X> {
        let short = self.short.lock(X::FIRST_SPINS);
        // SAFETY: a pointer to a field is not null.
        let inside = unsafe { NonNull::new_unchecked(self.inside.get()) };
        Locked {
            inside,
            short,
            _inside: PhantomData,
        }
    }

    /// `node` is about to leave for good: if it is the prober, whoever sleeps just ahead of it probes
    /// from now on, and is woken.
    pub(crate) fn pass_role_on<'a, A>(
        &'a self,
        mut locked: Locked<'a, X>,
        node: Node<A>,
        panic: &mut FirstPanic,
    ) -> Locked<'a, X>
    where
        X: Queued<A>,
    {
        // While one heir is woken, another prober may be dropped and leave the role to this waiter.
        while let Some(heir) = locked.line().heir(node) {
            locked = self.nudge(locked, node, heir, panic);
        }
        locked
    }

    /// Wakes `heir`, which probes from now on instead of `node`. The waker is woken by reference and
    /// taken back, since the heir may have to be called later; `node` keeps its place in line until
    /// then, so that the heir can be found again.
    fn nudge<'a, A>(
        &'a self,
        mut locked: Locked<'a, X>,
        node: Node<A>,
        heir: Node<A>,
        panic: &mut FirstPanic,
    ) -> Locked<'a, X>
    where
        X: Queued<A>,
    {
        let Some(waker) = locked.line().nudge(heir) else {
            return locked;
        };
        drop(locked);
        panic.catch(|| waker.wake_by_ref());
        let mut locked = self.lock();
        let nudged = locked.line().after_nudge(node, heir, waker);
        if let Nudged::TakenBack = nudged {
            return locked;
        }
        drop(locked);
        panic.catch(|| match nudged {
            Nudged::Wake(waker) => waker.wake(),
            Nudged::Drop(waker) => drop(waker),
            Nudged::TakenBack => {}
        });
        self.lock()
    }
}
