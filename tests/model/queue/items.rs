//! What really goes through a queue: items that write down how they end.
//!
//! An item owns nothing, so that one in a forgotten future is no leak.

use std::cell::RefCell;
use std::cmp::Ordering;

use super::Item;
use crate::model::answer::rank;

thread_local! {
    /// Of each item, whether it is in the queue or in a future: it did not come out, and was not dropped.
    static INSIDE: RefCell<Vec<bool>> = const { RefCell::new(Vec::new()) };
    /// Those dropped since somebody looked.
    static DROPPED: RefCell<Vec<Item>> = const { RefCell::new(Vec::new()) };
}

/// An item.
#[derive(Debug)]
pub(super) struct Counted(Item);

impl Counted {
    pub(super) fn new() -> Self {
        INSIDE.with_borrow_mut(|inside| {
            inside.push(true);
            Self(inside.len() as Item - 1)
        })
    }

    pub(super) fn item(&self) -> Item {
        self.0
    }

    /// It came out of the queue.
    pub(super) fn came_out(self) -> Item {
        let item = self.0;
        std::mem::forget(self);
        ends(item);
        item
    }
}

impl Ord for Counted {
    fn cmp(&self, other: &Self) -> Ordering {
        rank(self.0).cmp(&rank(other.0))
    }
}

impl PartialOrd for Counted {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Counted {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Counted {}

impl Drop for Counted {
    fn drop(&mut self) {
        ends(self.0);
        DROPPED.with_borrow_mut(|dropped| dropped.push(self.0));
    }
}

fn ends(item: Item) {
    let was = INSIDE.with_borrow_mut(|inside| std::mem::take(&mut inside[item as usize]));
    assert!(was, "item {item} ends twice");
}

pub(in super::super) fn take_dropped() -> Vec<Item> {
    DROPPED.take()
}

/// Those that did not end.
pub(super) fn inside() -> Vec<Item> {
    INSIDE.with_borrow(|inside| {
        let is_inside = |&item: &Item| inside[item as usize];
        (0..inside.len() as Item).filter(is_inside).collect()
    })
}

/// Forgets what an earlier run left behind.
pub(in super::super) fn reset() {
    INSIDE.take();
    DROPPED.take();
}
