//! Tasks as a mutex sees them: wakers that differ by their data pointer and write down who is woken.
//!
//! A waker owns nothing, so that one in a forgotten future is no leak; they are counted instead.

use std::cell::{Cell, RefCell};
use std::ptr::without_provenance;
use std::task::{RawWaker, RawWakerVTable, Waker};

use super::waiter::Task;

thread_local! {
    static WOKEN: RefCell<Vec<Task>> = const { RefCell::new(Vec::new()) };
    static WAKERS: Cell<isize> = const { Cell::new(0) };
}

static VTABLE: RawWakerVTable = RawWakerVTable::new(
    |data| {
        count(1);
        RawWaker::new(data, &VTABLE)
    },
    |data| {
        note(data);
        count(-1);
    },
    note,
    |_| count(-1),
);

fn note(data: *const ()) {
    // The address is the task and one, never followed.
    let task = data.addr() - 1;
    WOKEN.with_borrow_mut(|woken| woken.push(task as Task));
}

fn count(change: isize) {
    WAKERS.set(WAKERS.get() + change);
}

/// The waker of this task: the same data and vtable every time.
pub(crate) fn waker(task: Task) -> Waker {
    count(1);
    let data = without_provenance(usize::from(task) + 1);
    // SAFETY: the vtable's functions follow no pointer and touch thread-local state only; the drivers
    // keep a primitive and its wakers on one thread.
    unsafe { Waker::new(data, &VTABLE) }
}

/// Who was woken since the last call, in order.
pub(crate) fn take_woken() -> Vec<Task> {
    WOKEN.take()
}

/// How many wakers exist on this thread.
pub(crate) fn wakers() -> isize {
    WAKERS.get()
}

/// Forgets what an earlier run left behind.
pub(crate) fn reset() {
    WOKEN.take();
    WAKERS.set(0);
}
