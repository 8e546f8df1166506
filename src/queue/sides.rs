//! The two sides of a queue, with its short lock held: items, which pops wait for, and slots, which
//! pushes and reserves wait for. What one side takes, the other side may be called for.

use super::core::LockedState;
use super::giving::{Giving, Shut};
use crate::wait::crowd::{Crowd, Need, Price, Stand};
use crate::wait::stock::{Called, Stock};
use crate::wait::stored::Shelved;
use crate::wait::{Line, Node};

/// As pops see it.
pub(super) struct ItemSide<'a, T>(pub(super) LockedState<'a, T>);

/// As pushes and reserves see it.
pub(super) struct SlotSide<'a, T>(pub(super) LockedState<'a, T>);

impl<T> Stock for ItemSide<'_, T> {
    type Ask = Need;
    type Got = Option<T>;
    type Seen = ();

    #[inline]
    fn crowd(&mut self) -> &mut Crowd<Need> {
        &mut self.0.pops
    }

    #[inline]
    fn look(&mut self) {}

    #[inline]
    fn free(&self, (): ()) -> usize {
        self.0.ready()
    }

    #[inline]
    fn over(&mut self, _: Node<Need>, (): ()) -> Option<Option<T>> {
        self.0.is_over().then_some(None)
    }

    #[inline]
    fn price(&mut self, (): (), stand: Stand<Need>, need: u32) -> Option<Price> {
        self.0.price_of_items(stand, need)
    }

    #[inline]
    fn take(&mut self, _: Node<Need>, (): (), price: Price) -> Option<Option<T>> {
        self.0.pops.pay(price);
        Some(self.0.pop())
    }

    #[inline]
    fn await_more(&mut self, (): ()) -> bool {
        true
    }

    #[inline]
    fn after_leaving(&mut self) {}

    #[inline]
    fn call_next(&mut self) -> Option<Called<Need>> {
        if let called @ Some(_) = self.0.call_pop() {
            return called;
        }
        let waker = match self.0.call_push() {
            Some(called) => called.waker,
            None => self.0.call_other()?,
        };
        Some(Called { node: None, waker })
    }

    #[inline]
    fn has_to_call(&mut self) -> bool {
        self.0.has_to_call()
    }
}

impl<T> Shelved for ItemSide<'_, T> {
    fn shelf(&mut self) -> &mut Line<Need> {
        &mut self.0.streams
    }

    fn news(&self) -> u32 {
        self.0.news_of_items()
    }
}

impl<T> Stock for SlotSide<'_, T> {
    type Ask = Giving<T>;
    type Got = Result<(), Shut>;
    type Seen = ();

    #[inline]
    fn crowd(&mut self) -> &mut Crowd<Giving<T>> {
        &mut self.0.pushes
    }

    #[inline]
    fn look(&mut self) {}

    #[inline]
    fn free(&self, (): ()) -> usize {
        self.0.room()
    }

    #[inline]
    fn over(&mut self, node: Node<Giving<T>>, (): ()) -> Option<Result<(), Shut>> {
        self.0.push_came_to(node)
    }

    #[inline]
    fn take(&mut self, node: Node<Giving<T>>, (): (), price: Price) -> Option<Self::Got> {
        self.0.pushes.pay(price);
        self.0.fill_for(node);
        Some(Ok(()))
    }

    #[inline]
    fn await_more(&mut self, (): ()) -> bool {
        true
    }

    #[inline]
    fn after_leaving(&mut self) {}

    #[inline]
    fn call_next(&mut self) -> Option<Called<Giving<T>>> {
        if let called @ Some(_) = self.0.call_push() {
            return called;
        }
        let waker = match self.0.call_pop() {
            Some(called) => called.waker,
            None => self.0.call_other()?,
        };
        Some(Called { node: None, waker })
    }

    #[inline]
    fn has_to_call(&mut self) -> bool {
        self.0.has_to_call()
    }
}

impl<T> Shelved for SlotSide<'_, T> {
    fn shelf(&mut self) -> &mut Line<Giving<T>> {
        &mut self.0.sinks
    }

    fn news(&self) -> u32 {
        self.0.news_of_slots()
    }
}
