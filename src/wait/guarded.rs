//! What a primitive that is waited for is made of: a state word, and a line under the short lock.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;

use super::line::{Line, Nudged};
use super::waiter::Node;
use super::wake::FirstPanic;
use crate::fairness::Fairness;
use crate::sync::{ShortGuard, ShortLock, UnsafeCell, const_fn};

/// The word, the short lock, and what that lock guards.
pub(crate) struct Guarded<W, A, X = ()> {
    pub(crate) word: W,
    short: ShortLock,
    inside: UnsafeCell<Inside<A, X>>,
}

/// What the short lock guards: the line, and what else the primitive has to remember of it.
pub(crate) struct Inside<A, X> {
    pub(crate) line: Line<A>,
    pub(crate) extra: X,
}

/// The inside, with the short lock held.
pub(crate) struct Locked<'a, A, X = ()> {
    /// Not a reference, which would have to stay exclusive to the end of a call that takes this by
    /// value and releases the short lock on the way.
    inside: NonNull<Inside<A, X>>,
    _short: ShortGuard<'a>,
    _inside: PhantomData<&'a mut Inside<A, X>>,
}

// SAFETY: `&Guarded` leads to the inside by way of the short lock only, which gives it to one thread
// at a time: a `Send` of it. `W` is shared.
unsafe impl<W: Sync, A: Send, X: Send> Sync for Guarded<W, A, X> {}

impl<A, X> Deref for Locked<'_, A, X> {
    type Target = Inside<A, X>;

    #[inline]
    fn deref(&self) -> &Inside<A, X> {
        // SAFETY: the short lock is held as long as `self` lives, and there is no other way to the
        // inside than through one of these.
        unsafe { self.inside.as_ref() }
    }
}

impl<A, X> DerefMut for Locked<'_, A, X> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Inside<A, X> {
        // SAFETY: as in `deref`, and `self` is borrowed exclusively.
        unsafe { self.inside.as_mut() }
    }
}

impl<W, A, X> Guarded<W, A, X> {
    const_fn! {
        pub(crate) const fn new(word: W, fairness: Fairness, extra: X) -> Self {
            Self {
                word,
                short: ShortLock::new(),
                inside: UnsafeCell::new(Inside {
                    line: Line::new(fairness),
                    extra,
                }),
            }
        }
    }

    #[inline]
    pub(crate) fn lock(&self) -> Locked<'_, A, X> {
        let short = self.short.lock();
        // SAFETY: a pointer to a field is not null.
        let inside = unsafe { NonNull::new_unchecked(self.inside.get()) };
        Locked {
            inside,
            _short: short,
            _inside: PhantomData,
        }
    }

    /// `node` is about to leave for good: if it is the prober, whoever sleeps just ahead of it probes
    /// from now on, and is woken.
    pub(crate) fn pass_role_on<'a>(
        &'a self,
        mut locked: Locked<'a, A, X>,
        node: Node<A>,
        panic: &mut FirstPanic,
    ) -> Locked<'a, A, X> {
        // While one heir is woken, another prober may be dropped and leave the role to this waiter.
        while let Some(heir) = locked.line.heir(node) {
            locked = self.nudge(locked, node, heir, panic);
        }
        locked
    }

    /// Wakes `heir`, which probes from now on instead of `node`. The waker is woken by reference and
    /// taken back, since the heir may have to be called later; `node` keeps its place in line until
    /// then, so that the heir can be found again.
    fn nudge<'a>(
        &'a self,
        mut locked: Locked<'a, A, X>,
        node: Node<A>,
        heir: Node<A>,
        panic: &mut FirstPanic,
    ) -> Locked<'a, A, X> {
        let Some(waker) = locked.line.nudge(heir) else {
            return locked;
        };
        drop(locked);
        panic.catch(|| waker.wake_by_ref());
        let mut locked = self.lock();
        let nudged = locked.line.after_nudge(node, heir, waker);
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
