//! What one run has of a real primitive: futures, some of them forgotten, and what they got.

use std::alloc::{Layout, dealloc};
use std::pin::Pin;

use super::primitive::Primitive;
use super::waiter::{Id, Task};

/// A future that somebody still has.
pub(crate) struct Live<'p, P: Primitive> {
    pub(crate) id: Id,
    pub(crate) task: Task,
    pub(crate) need: usize,
    pub(crate) polled: bool,
    /// Its task was woken since it was last polled.
    pub(crate) woken: bool,
    pub(super) future: Pin<Box<P::Wait<'p>>>,
}

/// What a future or a `try_*` got.
pub(crate) struct Holding<'p, P: Primitive> {
    pub(super) permits: usize,
    pub(super) real: P::Held<'p>,
}

/// The memory of forgotten futures, for whoever checks leaks: given back, undropped, after the
/// primitive that they waited for.
#[derive(Default)]
pub(crate) struct Graveyard(Vec<(*mut u8, Layout)>);

impl Graveyard {
    /// Ends the borrow of a future and leaves it as it is.
    pub(super) fn bury<T>(&mut self, future: Pin<Box<T>>) {
        // SAFETY: the future is not moved, and it is never dropped.
        let future = unsafe { Pin::into_inner_unchecked(future) };
        self.0
            .push((Box::into_raw(future).cast(), Layout::new::<T>()));
    }
}

impl Drop for Graveyard {
    fn drop(&mut self) {
        for (memory, layout) in self.0.drain(..) {
            // SAFETY: a box of this layout was taken apart in `bury`. The primitive and every other
            // future of it are gone, so that nobody follows a link to it any more.
            unsafe { dealloc(memory, layout) };
        }
    }
}
