//! A block of slots for items, allocated and freed without the latch.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::mem::ManuallyDrop;
use std::ptr::{self, NonNull, null_mut};

/// A block: its slots follow this header.
#[repr(C)]
pub(super) struct Block<T> {
    /// The neighbours in a chain; `previous` dangles in the first block of one.
    pub(super) next: *mut Block<T>,
    pub(super) previous: *mut Block<T>,
    items: usize,
    _items: [T; 0],
}

/// An empty block, exclusively owned.
pub(super) struct OwnBlock<T>(NonNull<Block<T>>);

impl<T> OwnBlock<T> {
    fn layout(items: usize) -> Layout {
        let slots = Layout::array::<T>(items);
        let whole = slots.and_then(|slots| Layout::new::<Block<T>>().extend(slots));
        let (layout, _) = whole.expect("a block of a queue fits into the address space");
        layout.pad_to_align()
    }

    pub(super) fn new(items: usize) -> Self {
        let layout = Self::layout(items);
        // SAFETY: the layout has the size of a header at least.
        let block = unsafe { alloc(layout) }.cast::<Block<T>>();
        let Some(block) = NonNull::new(block) else {
            handle_alloc_error(layout);
        };
        let header = Block {
            next: null_mut(),
            previous: null_mut(),
            items,
            _items: [],
        };
        // SAFETY: allocated a moment ago, with room for it.
        unsafe { block.write(header) };
        Self(block)
    }

    /// How many items it can hold.
    pub(super) fn items(&self) -> usize {
        items_of(self.0.as_ptr())
    }

    pub(super) fn into_raw(self) -> *mut Block<T> {
        ManuallyDrop::new(self).0.as_ptr()
    }
}

impl<T> Drop for OwnBlock<T> {
    fn drop(&mut self) {
        let layout = Self::layout(self.items());
        // SAFETY: allocated with this layout.
        unsafe { dealloc(self.0.as_ptr().cast(), layout) };
    }
}

/// The first slot of an allocated block, and the end of its slots.
pub(super) fn slots<T>(block: *mut Block<T>) -> (*mut T, *mut T) {
    // SAFETY: the slots follow the header, aligned.
    let first = unsafe { (&raw mut (*block)._items).cast() };
    (first, further(first, items_of(block)))
}

/// How many items an allocated block can hold.
pub(super) fn items_of<T>(block: *mut Block<T>) -> usize {
    // SAFETY: allocated with its header.
    unsafe { (*block).items }
}

/// The pointer `by` slots further; for zero-sized items, slots are counted in bytes.
#[inline(always)]
pub(super) fn further<T>(slot: *mut T, by: usize) -> *mut T {
    if size_of::<T>() == 0 {
        slot.wrapping_byte_add(by)
    } else {
        slot.wrapping_add(by)
    }
}

/// The pointer one slot nearer to the start.
pub(super) fn nearer<T>(slot: *mut T) -> *mut T {
    if size_of::<T>() == 0 {
        slot.wrapping_byte_sub(1)
    } else {
        slot.wrapping_sub(1)
    }
}

/// A pointer to the item of a slot.
#[inline(always)]
pub(super) fn item_of<T>(slot: *mut T) -> *mut T {
    if size_of::<T>() == 0 {
        ptr::dangling_mut()
    } else {
        slot
    }
}

/// Takes the first block out of a chain that is exclusively owned.
pub(super) fn take_first<T>(chain: &mut *mut Block<T>) -> Option<OwnBlock<T>> {
    let first = NonNull::new(*chain)?;
    // SAFETY: the caller owns the chain.
    *chain = unsafe { (*first.as_ptr()).next };
    Some(OwnBlock(first))
}
