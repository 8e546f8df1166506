//! What a waiter for slots has with it: an item, or nothing yet.

use crate::wait::Asks;
use crate::wait::crowd::{Need, Needs};

/// What a waiter for slots asks for.
#[derive(Debug)]
pub(crate) struct Giving<T> {
    need: Need,
    pub(super) load: Load<T>,
}

/// What shall go into the slots.
#[derive(Debug)]
pub(super) enum Load<T> {
    Item(T),
    /// An item that is in the queue by now, or beyond.
    Delivered,
    /// Nothing yet: they are reserved.
    Nothing,
}

impl<T> Giving<T> {
    pub(super) fn item(item: T) -> Self {
        Self {
            need: Need::new(1),
            load: Load::Item(item),
        }
    }

    pub(super) fn slots(number: u32) -> Self {
        Self {
            need: Need::new(number),
            load: Load::Nothing,
        }
    }

    /// How many slots it reserves.
    pub(super) fn slots_reserved(&self) -> usize {
        match self.load {
            Load::Nothing => self.need.number() as usize,
            Load::Item(_) | Load::Delivered => 0,
        }
    }

    /// Its item, if it is still there.
    pub(super) fn take_item(&mut self) -> Option<T> {
        if !matches!(self.load, Load::Item(_)) {
            return None;
        }
        match std::mem::replace(&mut self.load, Load::Delivered) {
            Load::Item(item) => Some(item),
            Load::Delivered | Load::Nothing => None,
        }
    }
}

impl<T> Asks for Giving<T> {
    #[inline]
    fn number(&self) -> u32 {
        self.need.number()
    }
}

impl<T> Needs for Giving<T> {
    #[inline]
    fn need(&self) -> &Need {
        &self.need
    }

    #[inline]
    fn need_mut(&mut self) -> &mut Need {
        &mut self.need
    }
}

/// What a push or a reserve comes to when the queue is closed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Shut;
