//! What can be waited for at a queue, each a [`Resource`] in a file of its own: items, slots, its closing.

use std::marker::PhantomData;
use std::sync::Arc;
use std::task::Waker;

use super::Queue;
use super::core::{Core, Face, LockedState};
use super::state::State;
use crate::wait::line::Queued;
use crate::wait::wake::FirstPanic;
use crate::wait::{Holder, Node, Resource};

/// To wait for an item, in a future or stored in a handle.
pub(crate) enum Items<const STORED: bool = false> {}
/// To wait for slots, with an item or to reserve them, in a future or stored in a handle.
pub(crate) enum Slots<const STORED: bool = false> {}
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

impl<T> Core<T> {
    /// A waiter leaves, which gives an heir to be woken, if there is one, and a waker to be dropped.
    pub(super) fn cancel<A>(
        &self,
        node: Node<A>,
        leave: impl FnOnce(&mut State<T>) -> [Option<Waker>; 2],
    ) where
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
    pub(super) fn finish_with(
        &self,
        state: LockedState<'_, T>,
        heir: Option<Waker>,
        old: Option<Waker>,
    ) {
        let mut panic = FirstPanic::default();
        self.finish_and(state, &mut panic);
        panic.catch(|| heir.map_or((), Waker::wake));
        panic.catch(|| drop(old));
        panic.go_on();
    }
}
