//! The pool of slots: what pushes (each with its item) and reserves wait for.

use std::marker::PhantomData;

use super::load::Load;
use super::state::State;
use super::word::{
    CLOSED, EMPTY, FULL, POP_SLEEP, PUSH_LINE, PUSH_SLEEP, RARE, SPECIAL, line_bits,
};
use super::{Core, LatchedState};
use crate::queue::error::{SendError, TrySendError};
use crate::wait::{Few, Guarded, Line, NodeRef, Pool, Shelf, State as Wait};

/// The slots of a queue; `STORED` if the waiter is stored in a handle.
pub(crate) struct Slots<T, const STORED: bool = false>(PhantomData<T>);

impl<T, const STORED: bool> Pool for Slots<T, STORED> {
    type Core = Core<T>;
    type Inside = State<T>;
    type Front = Few;
    type Load = Load<T>;
    type Output = Result<(), SendError<()>>;

    const FUTURE: &'static str = "the future of a queue's push";
    const STORED: bool = STORED;
    const TAKING_CALLS: bool = true;

    #[inline(always)]
    fn take_now(core: &Core<T>, _: u32, load: &mut Load<T>) -> Option<Self::Output> {
        core.push_idle(load).map(Ok)
    }

    fn try_take(core: &Core<T>, need: u32, load: &mut Load<T>) -> Option<Self::Output> {
        match core.try_push(need as usize, load) {
            Ok(()) => Some(Ok(())),
            Err(TrySendError::Closed(())) => Some(Err(SendError(()))),
            Err(TrySendError::Full(())) => None,
        }
    }

    #[inline]
    fn seems_free(core: &Core<T>, _: u32) -> bool {
        // Not both of the lower bits, and not the highest, which is `RARE`.
        core.peek() & (RARE | FULL | PUSH_SLEEP) < FULL | PUSH_SLEEP
    }

    fn is_idle(core: &Core<T>) -> bool {
        core.peek() & (PUSH_LINE | RARE | SPECIAL | CLOSED) == 0
    }

    #[inline(always)]
    fn guarded(core: &Core<T>) -> &Guarded<State<T>> {
        &core.guarded
    }

    #[inline]
    fn prepare<'a>(core: &'a Core<T>, latched: LatchedState<'a, T>) -> LatchedState<'a, T> {
        core.with_memory(latched)
    }

    /// If a push panicked after its item was in the queue, the push succeeded, and reports that when it is
    /// polled again. Reserved slots are given back.
    fn undo(core: &Core<T>, node: NodeRef, output: &mut Self::Output) {
        let reserves = matches!(core.latch().load(node), Load::Reserve);
        if output.is_ok() && reserves && node.need() > 0 {
            core.unreserve(node.need() as usize, None);
        }
    }

    #[inline]
    fn line(state: &mut State<T>) -> &mut Line<Few> {
        &mut state.pushes
    }

    #[inline]
    fn free(latched: &LatchedState<'_, T>) -> usize {
        match latched.word & (RARE | SPECIAL) {
            0 => latched.plain_room(),
            _ => latched.room(),
        }
    }

    #[inline]
    fn is_plain(latched: &LatchedState<'_, T>) -> bool {
        latched.word & (RARE | CLOSED) == 0
    }

    #[inline(always)]
    fn is_direct(latched: &LatchedState<'_, T>) -> bool {
        latched.word & (RARE | SPECIAL | CLOSED) == 0
    }

    #[inline(always)]
    fn is_straight(latched: &mut LatchedState<'_, T>) -> bool {
        Self::is_direct(latched) && latched.storage.buffer.has_slot_or_wraps()
    }

    fn resolved(
        _: &Core<T>,
        latched: &mut LatchedState<'_, T>,
        node: NodeRef,
    ) -> Option<Self::Output> {
        let closed = latched.word & CLOSED != 0;
        match latched.load(node) {
            Load::Left => Some(Ok(())),
            _ if closed => Some(Err(SendError(()))),
            _ => (node.need() == 0).then_some(Ok(())),
        }
    }

    #[inline(always)]
    fn take<const STRAIGHT: bool>(
        latched: &mut LatchedState<'_, T>,
        node: NodeRef,
    ) -> Self::Output {
        let load = latched.load(node);
        let weight = load.weight(node.need());
        match load.take() {
            Some(item) => {
                if STRAIGHT {
                    latched.push_here(item);
                } else {
                    latched.push(item, weight);
                }
                latched.word &= !EMPTY;
            }
            None => latched.reserve(node.need() as usize),
        }
        if latched.is_full() {
            latched.word |= FULL;
        }
        Ok(())
    }

    #[inline]
    fn queued(latched: &mut LatchedState<'_, T>, _: NodeRef) {
        latched.word |= PUSH_LINE | PUSH_SLEEP | FULL;
        if latched.is_rendezvous() {
            latched.offer();
        }
    }

    fn leave(latched: &mut LatchedState<'_, T>, node: NodeRef) {
        match node.state() {
            // It is unarmed.
            Wait::Served => drop(latched.served.cancel(node)),
            Wait::Asleep if latched.is_rendezvous() => {
                latched.pushes.leave(node);
                latched.withdraw();
            }
            _ if STORED && !latched.is_rendezvous() => latched.sinks.leave(node),
            _ => latched.pushes.leave(node),
        }
        Self::sync_all(latched);
    }

    #[inline]
    fn sync(latched: &mut LatchedState<'_, T>) {
        let bits = line_bits(&latched.pushes, PUSH_LINE, PUSH_SLEEP);
        latched.word = latched.word & !(PUSH_LINE | PUSH_SLEEP) | bits;
    }

    fn sync_all(latched: &mut LatchedState<'_, T>) {
        latched.word = latched.word(latched.word);
    }

    /// Having fewer slots makes no push due.
    #[inline]
    fn overtaking_calls(latched: &LatchedState<'_, T>) -> bool {
        latched.word & POP_SLEEP != 0
    }

    /// Without storage, a stored push is an offer like any other.
    fn shelf(state: &mut State<T>) -> Option<(&mut Shelf, &mut Line<Few>)> {
        let has_shelf = STORED && !state.is_rendezvous();
        has_shelf.then_some((&mut state.sinks, &mut state.pushes))
    }
}
