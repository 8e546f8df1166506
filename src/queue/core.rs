//! A queue as its operations see it: each is one critical section under the short lock, and then the
//! wakers of those whom it called.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use super::giving::Giving;
use super::state::{SEEMS_EMPTY, SEEMS_FULL, State};
use super::storage::Fifo;
use crate::fairness::Fairness;
use crate::sync::{WOKEN_AT_ONCE, const_fn};
use crate::wait::crowd::Stand;
use crate::wait::line::Queued;
use crate::wait::polling::UndoneByPanic;
use crate::wait::wake::{FirstPanic, WakeBatch, wake};
use crate::wait::{Asks, Guarded, Locked, Node};

/// Whether there is no storage, and the rest. What is used most lies in its first cache line.
#[repr(align(64))]
pub(crate) struct Core<T>(Guarded<bool, State<T>>);

/// The state, with the short lock held. When that is released, it carries what there is to care for.
pub(super) struct LockedState<'a, T>(Locked<'a, State<T>>);

impl<T> Deref for LockedState<'_, T> {
    type Target = State<T>;

    #[inline]
    fn deref(&self) -> &State<T> {
        &self.0
    }
}

impl<T> DerefMut for LockedState<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut State<T> {
        &mut self.0
    }
}

impl<T> Drop for LockedState<'_, T> {
    #[inline]
    fn drop(&mut self) {
        let bits = self.0.settle();
        self.0.carry(bits);
    }
}

/// Why nothing was pushed.
pub(super) enum Refusal {
    Full,
    Closed,
}

impl<T> Core<T> {
    const_fn! {
        pub(super) const fn new(max: usize, fairness: Fairness) -> Self {
            Self(Guarded::new(max == 0, State::new(max, fairness)))
        }
    }

    /// Nobody waits yet.
    pub(super) const fn set_fairness(&mut self, fairness: Fairness) {
        self.0.inside_mut().set_fairness(fairness);
    }

    #[inline]
    pub(super) fn lock(&self) -> LockedState<'_, T> {
        LockedState(self.0.lock())
    }

    /// The same, when `node` is about to leave: if it is the prober, its role is passed on.
    pub(super) fn lock_to_leave<A>(
        &self,
        node: Node<A>,
        panic: &mut FirstPanic,
    ) -> LockedState<'_, T>
    where
        State<T>: Queued<A>,
    {
        LockedState(self.0.pass_role_on(self.0.lock(), node, panic))
    }

    /// Whether there is no storage.
    #[inline]
    pub(super) fn is_rendezvous(&self) -> bool {
        self.0.word
    }

    /// Whether there is more to care for than the storage, as far as that can be known without the short
    /// lock.
    #[inline]
    pub(super) fn has_line(&self) -> bool {
        self.0.peek() != 0
    }

    /// Whether there is nothing to take, as far as that can be known without the short lock.
    #[inline]
    pub(super) fn has_none(&self, bit: u8) -> bool {
        self.0.peek() & bit != 0
    }

    /// Wakes whom the state has to call.
    #[inline]
    pub(super) fn finish(&self, mut locked: LockedState<'_, T>) {
        let Some(waker) = locked.call_any() else {
            return;
        };
        if !locked.has_to_call() {
            drop(locked);
            return waker.map_or((), wake);
        }
        let mut batch = WakeBatch::new();
        if let Some(waker) = waker {
            batch.push(waker);
        }
        let mut panic = FirstPanic::default();
        self.wake_many(locked, batch, &mut panic);
        panic.go_on();
    }

    #[cold]
    fn wake_many<'a>(
        &'a self,
        mut locked: LockedState<'a, T>,
        mut batch: WakeBatch<WOKEN_AT_ONCE>,
        panic: &mut FirstPanic,
    ) {
        loop {
            while batch.has_room() {
                match locked.call_any() {
                    Some(Some(waker)) => batch.push(waker),
                    Some(None) => {}
                    None => break,
                }
            }
            let done = !locked.has_to_call();
            drop(locked);
            panic.catch(|| batch.wake_all());
            if done {
                return;
            }
            (locked, batch) = (self.lock(), WakeBatch::new());
        }
    }

    /// The same, where more foreign code follows.
    pub(super) fn finish_and(&self, locked: LockedState<'_, T>, panic: &mut FirstPanic) {
        self.wake_many(locked, WakeBatch::new(), panic);
    }

    /// Pushes the item of `giving` where there is nothing but the storage to care for; `None` if a push
    /// had better be ready to sleep.
    #[inline]
    pub(super) fn give_at_once(&self, giving: &mut Giving<T>) -> Option<Result<(), Refusal>> {
        match self.0.peek() {
            0 => self.give_carelessly(giving).then_some(Ok(())),
            seems if seems & SEEMS_FULL != 0 => None,
            _ => match self.try_give_by_all_rules(giving) {
                Err(Refusal::Full) => None,
                given => Some(given),
            },
        }
    }

    /// Pushes the item of `giving`, if there is nothing but the storage to care for.
    #[inline]
    pub(super) fn give_carelessly(&self, giving: &mut Giving<T>) -> bool {
        if self.0.peek() != 0 {
            return false;
        }
        let mut locked = self.0.lock();
        if locked.carried() != 0 || !locked.has_room_to_spare() {
            return false;
        }
        let item = giving.take_item();
        item.map(|item| locked.push_carelessly(item)).is_some()
    }

    /// Takes the item out of `giving` and pushes it, unless it is kept out.
    #[inline]
    pub(super) fn try_give(&self, giving: &mut Giving<T>) -> Result<(), Refusal> {
        if self.give_carelessly(giving) {
            return Ok(());
        }
        self.try_give_by_all_rules(giving)
    }

    fn try_give_by_all_rules(&self, giving: &mut Giving<T>) -> Result<(), Refusal> {
        let mut locked = self.lock();
        if locked.is_closed() {
            return Err(Refusal::Closed);
        }
        let need = giving.number();
        if need == 0 {
            return Ok(());
        }
        let Some(price) = locked.price_of_slots(Stand::Behind, need) else {
            return Err(Refusal::Full);
        };
        locked.pushes.pay(price);
        locked.fill(giving);
        // If somebody's waker panics, what was pushed is in the queue, and reserved slots come back.
        let slots = Some(giving.slots_reserved()).filter(|&slots| slots > 0);
        let slots = UndoneByPanic::new(slots, |slots| self.unreserve(slots, None));
        self.finish(locked);
        slots.keep();
        Ok(())
    }

    /// Takes an item where there is nothing but the storage to care for; `None` if a pop had better be
    /// ready to sleep.
    #[inline]
    pub(super) fn pop_at_once(&self) -> Option<Option<T>> {
        match self.0.peek() {
            0 => self.pop_carelessly().map(Some),
            seems if seems & SEEMS_EMPTY != 0 => None,
            _ => self.try_pop_by_all_rules(),
        }
    }

    /// Takes an item, if there is nothing but the storage to care for.
    #[inline]
    pub(super) fn pop_carelessly(&self) -> Option<T> {
        if self.0.peek() != 0 {
            return None;
        }
        let mut locked = self.0.lock();
        if locked.carried() != 0 {
            return None;
        }
        locked.pop_carelessly()
    }

    /// Takes an item, unless it is kept; `None` if there is none and `Some(None)` if there will be none.
    #[inline]
    pub(super) fn try_pop(&self) -> Option<Option<T>> {
        match self.pop_carelessly() {
            None => self.try_pop_by_all_rules(),
            item => Some(item),
        }
    }

    fn try_pop_by_all_rules(&self) -> Option<Option<T>> {
        let mut locked = self.lock();
        let Some(price) = locked.price_of_items(Stand::Behind, 1) else {
            return locked.is_over().then_some(None);
        };
        locked.pops.pay(price);
        let item = locked.pop();
        let item = UndoneByPanic::new(item, |item| self.put_back(item));
        self.finish(locked);
        item.keep().map(Some)
    }

    /// Takes up to `limit` items that are not kept; `None` if there will be none.
    pub(super) fn try_pop_many(&self, to: &mut Vec<T>, limit: usize) -> Option<usize> {
        let mut locked = self.lock();
        let most = locked.buy_items(limit);
        if most == 0 {
            return if locked.is_over() { None } else { Some(0) };
        }
        let popped = locked.pop_many(to, most);
        self.finish(locked);
        Some(popped)
    }

    /// Takes up to `limit` items more, none that is kept.
    pub(super) fn pop_spare(&self, to: &mut Vec<T>, limit: usize) -> usize {
        let mut locked = self.lock();
        let spare = locked.spare_items(limit);
        if spare == 0 {
            return 0;
        }
        let popped = locked.pop_many(to, spare);
        self.finish(locked);
        popped
    }

    /// Undoes a pop that panicked.
    pub(super) fn put_back(&self, item: T) {
        let mut locked = self.lock();
        let rest = locked.put_back(item);
        let mut panic = FirstPanic::default();
        self.finish_and(locked, &mut panic);
        panic.catch(|| drop(rest));
        panic.go_on();
    }

    /// Wakes whom the state has to call; if that panics, puts back the `items` that were taken.
    pub(super) fn finish_or_put_back(
        &self,
        locked: LockedState<'_, T>,
        items: Fifo<T>,
    ) -> Option<Fifo<T>> {
        let items = UndoneByPanic::new(Some(items), |mut items| {
            let mut panic = FirstPanic::default();
            let mut locked = self.lock();
            locked.put_all_back(&mut items);
            self.finish_and(locked, &mut panic);
            panic.catch(|| drop(items));
            panic.go_on();
        });
        self.finish(locked);
        items.keep()
    }

    /// `false` if it was closed already.
    pub(super) fn close(&self) -> bool {
        let mut locked = self.lock();
        let first = locked.close();
        self.finish(locked);
        first
    }

    /// Nobody will ever receive.
    pub(super) fn desert(&self, mut locked: LockedState<'_, T>) {
        let items = locked.desert();
        let mut panic = FirstPanic::default();
        self.finish_and(locked, &mut panic);
        panic.catch(|| drop(items));
        panic.go_on();
    }

    /// Slots that were reserved are filled by `item`, or given back.
    pub(super) fn unreserve(&self, slots: usize, item: Option<T>) {
        let mut locked = self.lock();
        let rest = locked.unreserve(slots, item);
        match rest {
            None => self.finish(locked),
            rest => {
                let mut panic = FirstPanic::default();
                self.finish_and(locked, &mut panic);
                panic.catch(|| drop(rest));
                panic.go_on();
            }
        }
    }

    /// The queue as those see it who wait for `K`.
    #[inline]
    pub(super) fn face<K>(&self) -> &Face<K, T> {
        // SAFETY: `Face` is a transparent wrapper.
        unsafe { &*std::ptr::from_ref(self).cast() }
    }
}

/// A queue as those see it who wait for `K`.
#[repr(transparent)]
pub(crate) struct Face<K, T> {
    pub(super) core: Core<T>,
    _kind: PhantomData<fn(K)>,
}
