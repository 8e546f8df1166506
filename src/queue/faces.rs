//! What can be waited for at a queue, each a [`Resource`]: items, slots, its closing; items and slots
//! for stored waiters too.

use std::marker::PhantomData;
use std::sync::Arc;
use std::task::Waker;

use super::Queue;
use super::core::{Core, Face, LockedState, Refusal, Shut};
use super::sides::{ItemSide, SlotSide};
use super::state::{Giving, State};
use crate::wait::crowd::Need;
use crate::wait::line::Queued;
use crate::wait::polling::Polling;
use crate::wait::stock::{call_others, poll_again, poll_new};
use crate::wait::stored::{leave_shelf, poll_stored};
use crate::wait::wake::FirstPanic;
use crate::wait::{Holder, Node, Polled, Resource, Step, start_again};

/// To wait for an item.
pub(crate) enum Items {}
/// To wait for slots, with an item or to reserve them.
pub(crate) enum Slots {}
/// As [`Items`], for a waiter that is stored.
pub(crate) enum StoredItems {}
/// As [`Slots`], for a waiter that is stored.
pub(crate) enum StoredSlots {}
/// To wait for the closing.
pub(crate) enum Closing {}

/// What leads to a queue.
pub(crate) trait Leads {
    type Item;

    fn core(&self) -> &Core<Self::Item>;
}

impl<T> Leads for &Queue<T> {
    type Item = T;

    #[inline]
    fn core(&self) -> &Core<T> {
        &self.core
    }
}

impl<T> Leads for Arc<Queue<T>> {
    type Item = T;

    #[inline]
    fn core(&self) -> &Core<T> {
        &self.core
    }
}

/// `H`, which leads to a queue, to wait there for `K`.
pub(crate) struct To<K, H>(pub(super) H, PhantomData<fn(K)>);

impl<K, H> To<K, H> {
    #[inline]
    pub(super) fn new(holder: H) -> Self {
        Self(holder, PhantomData)
    }
}

impl<K, H: Leads> Holder for To<K, H>
where
    Face<K, H::Item>: Resource,
{
    type Resource = Face<K, H::Item>;

    #[inline]
    fn resource(&self) -> &Self::Resource {
        self.0.core().face()
    }
}

impl<T> Resource for Face<Items, T> {
    type Ask = Need;
    type Got = Option<T>;
    const FUTURE: &'static str = "the future of a queue's pop";

    #[inline]
    fn take_idle(&self, _: &mut Need) -> Option<Option<T>> {
        self.core.pop_at_once()
    }

    fn try_take(&self, _: &mut Need) -> Option<Option<T>> {
        self.core.try_pop()
    }

    fn poll_new(&self, node: Node<Need>, waker: &Waker, always_answers: bool) -> Polled<Option<T>> {
        let lock = || ItemSide(self.core.lock());
        poll_new(lock, node, waker, always_answers, |got| {
            self.core.undo_pop(node, got)
        })
    }

    fn poll_again(
        &self,
        node: Node<Need>,
        waker: &Waker,
        always_answers: bool,
    ) -> Polled<Option<T>> {
        let lock = || ItemSide(self.core.lock());
        poll_again(lock, node, waker, always_answers, false, |got| {
            self.core.undo_pop(node, got);
        })
    }

    fn cancel(&self, node: Node<Need>) {
        self.core.cancel(node, |state| {
            let heir = state.heir_among_streams(node);
            let old = state.pops.line.get_mut(node).disarm();
            state.pops.leave(node);
            [heir, old]
        });
    }
}

impl<T> Resource for Face<Slots, T> {
    type Ask = Giving<T>;
    type Got = Result<(), Shut>;
    const FUTURE: &'static str = "the future of a queue's push";

    #[inline]
    fn take_idle(&self, giving: &mut Giving<T>) -> Option<Result<(), Shut>> {
        let given = self.core.give_at_once(giving)?;
        Some(given.map_err(|_| Shut))
    }

    fn try_take(&self, giving: &mut Giving<T>) -> Option<Result<(), Shut>> {
        self.core.give_now(giving)
    }

    fn poll_new(
        &self,
        node: Node<Giving<T>>,
        waker: &Waker,
        always_answers: bool,
    ) -> Polled<Result<(), Shut>> {
        if self.core.is_rendezvous() {
            return self.core.poll_offer(node, waker, always_answers);
        }
        let lock = || SlotSide(self.core.lock());
        poll_new(lock, node, waker, always_answers, |got| {
            self.core.undo_push(node, got)
        })
    }

    fn poll_again(
        &self,
        node: Node<Giving<T>>,
        waker: &Waker,
        always_answers: bool,
    ) -> Polled<Result<(), Shut>> {
        if self.core.is_rendezvous() {
            return self.core.poll_offer(node, waker, always_answers);
        }
        let lock = || SlotSide(self.core.lock());
        poll_again(lock, node, waker, always_answers, false, |got| {
            self.core.undo_push(node, got);
        })
    }

    fn cancel(&self, node: Node<Giving<T>>) {
        self.core.cancel(node, |state| {
            let heir = state.heir_among_sinks(node);
            let old = state.pushes.line.get_mut(node).disarm();
            state.leave_pushes(node);
            [heir, old]
        });
    }
}

impl<T> Resource for Face<StoredItems, T> {
    type Ask = Need;
    type Got = Option<T>;
    const FUTURE: &'static str = "a queue's stored pop";

    #[inline]
    fn take_idle(&self, _: &mut Need) -> Option<Option<T>> {
        self.core.pop_at_once()
    }

    fn try_take(&self, _: &mut Need) -> Option<Option<T>> {
        self.core.try_pop()
    }

    fn poll_new(&self, node: Node<Need>, waker: &Waker, always_answers: bool) -> Polled<Option<T>> {
        let lock = || ItemSide(self.core.lock());
        poll_stored(lock, node, waker, always_answers, |got| {
            self.core.undo_pop(node, got)
        })
    }

    fn poll_again(
        &self,
        node: Node<Need>,
        waker: &Waker,
        always_answers: bool,
    ) -> Polled<Option<T>> {
        self.poll_new(node, waker, always_answers)
    }

    fn cancel(&self, node: Node<Need>) {
        let mut side = ItemSide(self.core.lock());
        let old = side.0.streams.get_mut(node).disarm();
        let heir = leave_shelf(&mut side, node);
        self.core.finish_with(side.0, heir, old);
    }
}

impl<T> Resource for Face<StoredSlots, T> {
    type Ask = Giving<T>;
    type Got = Result<(), Shut>;
    const FUTURE: &'static str = "a queue's stored push";

    #[inline]
    fn take_idle(&self, giving: &mut Giving<T>) -> Option<Result<(), Shut>> {
        let given = self.core.give_at_once(giving)?;
        Some(given.map_err(|_| Shut))
    }

    fn try_take(&self, giving: &mut Giving<T>) -> Option<Result<(), Shut>> {
        self.core.give_now(giving)
    }

    fn poll_new(
        &self,
        node: Node<Giving<T>>,
        waker: &Waker,
        always_answers: bool,
    ) -> Polled<Result<(), Shut>> {
        if self.core.is_rendezvous() {
            return self.core.poll_offer(node, waker, always_answers);
        }
        let lock = || SlotSide(self.core.lock());
        poll_stored(lock, node, waker, always_answers, |got| {
            self.core.undo_push(node, got)
        })
    }

    fn poll_again(
        &self,
        node: Node<Giving<T>>,
        waker: &Waker,
        always_answers: bool,
    ) -> Polled<Result<(), Shut>> {
        self.poll_new(node, waker, always_answers)
    }

    fn cancel(&self, node: Node<Giving<T>>) {
        let mut side = SlotSide(self.core.lock());
        if side.0.is_rendezvous() {
            drop(side);
            return Resource::cancel(self.core.face::<Slots>(), node);
        }
        let old = side.0.sinks.get_mut(node).disarm();
        let heir = leave_shelf(&mut side, node);
        self.core.finish_with(side.0, heir, old);
    }
}

impl<T> Resource for Face<Closing, T> {
    type Ask = ();
    type Got = ();
    const FUTURE: &'static str = "the future of a queue's closed";

    fn take_idle(&self, (): &mut ()) -> Option<()> {
        self.core.lock().is_closed().then_some(())
    }

    fn try_take(&self, ask: &mut ()) -> Option<()> {
        self.take_idle(ask)
    }

    fn poll_new(&self, node: Node<()>, waker: &Waker, always_answers: bool) -> Polled<()> {
        Polling::new(node, waker, always_answers, Some(waker.clone())).run(
            |poll| {
                let mut state = self.core.lock();
                let closed = state.is_closed();
                let line = &mut state.closings;
                if closed {
                    poll.leave(line);
                    return Step::Done(Polled::Ready(()));
                }
                if poll.needs_clone(line) {
                    return Step::Clone;
                }
                if !line.is_queued(node) {
                    line.enqueue(node, always_answers);
                }
                poll.settle(line, false)
            },
            |()| start_again(&mut self.core.lock().closings, node),
        )
    }

    fn poll_again(&self, node: Node<()>, waker: &Waker, always_answers: bool) -> Polled<()> {
        self.poll_new(node, waker, always_answers)
    }

    fn cancel(&self, node: Node<()>) {
        let mut state = self.core.lock();
        let old = state.closings.get_mut(node).disarm();
        state.closings.leave(node);
        self.core.finish_with(state, None, old);
    }
}

impl<T> Core<T> {
    #[inline]
    fn give_now(&self, giving: &mut Giving<T>) -> Option<Result<(), Shut>> {
        match self.try_give(giving) {
            Ok(()) => Some(Ok(())),
            Err(Refusal::Closed) => Some(Err(Shut)),
            Err(Refusal::Full) => None,
        }
    }

    /// Polls a push where there is no storage: the waiting push is the item.
    fn poll_offer(
        &self,
        node: Node<Giving<T>>,
        waker: &Waker,
        always_answers: bool,
    ) -> Polled<Result<(), Shut>> {
        let clone = Some(waker.clone());
        Polling::new(node, waker, always_answers, clone).run(
            |poll| {
                let mut side = SlotSide(self.lock());
                loop {
                    let state = &mut *side.0;
                    if let Some(got) = state.push_came_to(node) {
                        let old = state.pushes.line.get_mut(node).disarm();
                        poll.keep_old(old);
                        state.leave_pushes(node);
                        return Step::Done(Polled::Ready(got));
                    }
                    if poll.needs_clone(&state.pushes.line) {
                        return Step::Clone;
                    }
                    let sleeps = poll.settle(&mut state.pushes.line, false);
                    if !state.pushes.line.is_queued(node) {
                        state.offer(node, always_answers);
                        poll.is_new = true;
                    }
                    if !poll.is_new {
                        return sleeps;
                    }
                    if !call_others(&mut side, poll) {
                        return Step::Wake;
                    }
                    // Those calls may have been another's to make, and this waiter among them.
                    if side.0.pushes.line.get(node).would_wake(poll.waker) {
                        return sleeps;
                    }
                }
            },
            |_| {},
        )
    }

    /// A pop panicked when it had its item: that comes back, and it may be polled again.
    fn undo_pop(&self, node: Node<Need>, got: Option<T>) {
        start_again(&mut self.lock().pops.line, node);
        if let Some(item) = got {
            self.put_back(item);
        }
    }

    /// A push that panicked when its item was in the queue has pushed it; slots come back.
    fn undo_push(&self, node: Node<Giving<T>>, got: Result<(), Shut>) {
        let mut state = self.lock();
        let slots = state.pushes.line.get(node).ask.slots_reserved();
        start_again(&mut state.pushes.line, node);
        drop(state);
        if got.is_ok() && slots > 0 {
            self.unreserve(slots, None);
        }
    }

    /// A waiter leaves, which gives an heir to be woken, if there is one, and a waker to be dropped.
    fn cancel<A>(&self, node: Node<A>, leave: impl FnOnce(&mut State<T>) -> [Option<Waker>; 2])
    where
        State<T>: Queued<A>,
    {
        let mut panic = FirstPanic::default();
        let mut state = self.lock_to_leave(node, &mut panic);
        let [heir, old] = leave(&mut state);
        self.finish_and(state, &mut panic);
        panic.catch(|| heir.map_or((), Waker::wake));
        panic.catch(|| drop(old));
        panic.go_on();
    }

    /// Wakes whom the state has to call and an heir, and drops a waker.
    fn finish_with(&self, state: LockedState<'_, T>, heir: Option<Waker>, old: Option<Waker>) {
        let mut panic = FirstPanic::default();
        self.finish_and(state, &mut panic);
        panic.catch(|| heir.map_or((), Waker::wake));
        panic.catch(|| drop(old));
        panic.go_on();
    }
}
