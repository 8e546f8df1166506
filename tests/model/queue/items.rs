//! What really goes through a queue: items that write down how they end.
//!
//! An item owns nothing, so that one in a forgotten future is no leak.

use std::cell::RefCell;

use super::channel::Item;

/// Where an item is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    /// In the queue or in a future.
    Inside,
    /// It came out.
    Out,
    /// It was dropped inside.
    Dropped,
}

thread_local! {
    static FATES: RefCell<Vec<Fate>> = const { RefCell::new(Vec::new()) };
    /// Those dropped since somebody looked.
    static DROPPED: RefCell<Vec<Item>> = const { RefCell::new(Vec::new()) };
}

/// An item.
#[derive(Debug)]
pub(super) struct Counted(Item);

impl Counted {
    pub(super) fn new() -> Self {
        FATES.with_borrow_mut(|fates| {
            fates.push(Fate::Inside);
            Self(fates.len() as Item - 1)
        })
    }

    pub(super) fn item(&self) -> Item {
        self.0
    }

    /// It came out of the queue.
    pub(super) fn came_out(self) -> Item {
        let item = self.0;
        std::mem::forget(self);
        ends(item, Fate::Out);
        item
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        ends(self.0, Fate::Dropped);
        DROPPED.with_borrow_mut(|dropped| dropped.push(self.0));
    }
}

fn ends(item: Item, fate: Fate) {
    let was = FATES.with_borrow_mut(|fates| std::mem::replace(&mut fates[item as usize], fate));
    assert_eq!(was, Fate::Inside, "item {item} ends twice");
}

pub(super) fn take_dropped() -> Vec<Item> {
    DROPPED.take()
}

/// Those that did not end.
pub(super) fn inside() -> Vec<Item> {
    FATES.with_borrow(|fates| {
        let is_inside = |&item: &Item| fates[item as usize] == Fate::Inside;
        (0..fates.len() as Item).filter(is_inside).collect()
    })
}

/// Forgets what an earlier run left behind.
pub(super) fn reset() {
    FATES.take();
    DROPPED.take();
}
