//! An allocator that counts, thread by thread, how often it is used and how many bytes are held.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
    static BYTES: Cell<isize> = const { Cell::new(0) };
}

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn count(layout: Layout) {
    ALLOCATIONS.set(ALLOCATIONS.get() + 1);
    BYTES.set(BYTES.get() + layout.size() as isize);
}

fn uncount(layout: Layout) {
    BYTES.set(BYTES.get() - layout.size() as isize);
}

// SAFETY: the system's allocator does it all; a `Cell` that needs no destructor is counted up.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout);
        // SAFETY: the caller's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout);
        // SAFETY: the caller's.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        uncount(layout);
        count(Layout::from_size_align(size, layout.align()).unwrap_or(layout));
        // SAFETY: the caller's.
        unsafe { System.realloc(at, layout, size) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        uncount(layout);
        // SAFETY: the caller's.
        unsafe { System.dealloc(at, layout) }
    }
}

/// How often this thread allocates meanwhile.
pub(crate) fn allocations(run: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.get();
    run();
    ALLOCATIONS.get() - before
}

/// How many bytes more than before this thread holds afterwards.
pub(crate) fn bytes_held(run: impl FnOnce()) -> isize {
    let before = BYTES.get();
    run();
    BYTES.get() - before
}
