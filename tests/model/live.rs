//! Futures that borrow without end, some of them forgotten.

use std::alloc::{Layout, dealloc};
use std::pin::Pin;
use std::rc::Rc;

/// A borrow that does not end.
///
/// # Safety
///
/// Who borrows is gone, or forgotten, before the last clone of `owner` is.
pub(super) unsafe fn borrow<T>(owner: &Rc<T>) -> &'static T {
    // SAFETY: the value stays where it is until the last clone is dropped.
    unsafe { &*Rc::as_ptr(owner) }
}

/// The memory of forgotten futures. So that leak checkers stay quiet, it is freed after the primitive that they
/// waited for, without dropping them.
#[derive(Default)]
pub(crate) struct Graveyard(Vec<(*mut u8, Layout)>);

impl Graveyard {
    /// Ends the borrow of a future and leaves it as it is.
    pub(super) fn bury<T: ?Sized>(&mut self, future: Pin<Box<T>>) {
        let layout = Layout::for_value(&*future);
        // SAFETY: the future is not moved, and it is never dropped.
        let future = unsafe { Pin::into_inner_unchecked(future) };
        self.0.push((Box::into_raw(future).cast(), layout));
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
