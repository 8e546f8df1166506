//! Items that tell whether each of them was dropped exactly once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

/// Knows how often each of its items was dropped.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    drops: Vec<Arc<AtomicUsize>>,
}

#[derive(Debug)]
pub(super) struct Item {
    pub(super) number: usize,
    panics: bool,
    drops: Arc<AtomicUsize>,
}

impl Drop for Item {
    fn drop(&mut self) {
        self.drops.fetch_add(1, SeqCst);
        assert!(!self.panics, "item {}", self.number);
    }
}

/// Equal if their numbers are.
impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl PartialEq<usize> for Item {
    fn eq(&self, number: &usize) -> bool {
        self.number == *number
    }
}

impl Ledger {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// The next item; they are numbered from 0.
    pub(super) fn item(&mut self) -> Item {
        self.drops.push(Arc::default());
        Item {
            number: self.drops.len() - 1,
            panics: false,
            drops: Arc::clone(&self.drops[self.drops.len() - 1]),
        }
    }

    /// The next item, whose drop panics.
    pub(super) fn loud(&mut self) -> Item {
        self.loud_if(true)
    }

    /// The next item, whose drop panics or not.
    pub(super) fn loud_if(&mut self, panics: bool) -> Item {
        let mut item = self.item();
        item.panics = panics;
        item
    }

    /// Whether this one was dropped, which may be so but once.
    pub(super) fn is_dropped(&self, number: usize) -> bool {
        let drops = self.drops[number].load(SeqCst);
        assert!(drops <= 1, "item {number} was dropped {drops} times");
        drops == 1
    }

    /// How many were dropped.
    pub(super) fn dropped(&self) -> usize {
        (0..self.drops.len())
            .filter(|&number| self.is_dropped(number))
            .count()
    }

    pub(super) fn assert_all_dropped(&self) {
        let left: Vec<_> = (0..self.drops.len())
            .filter(|&nth| !self.is_dropped(nth))
            .collect();
        assert!(left.is_empty(), "never dropped: {left:?}");
    }
}
