//! The pool of items: what pops wait for.

use std::collections::VecDeque;
use std::marker::PhantomData;

use super::state::State;
use super::word::{CLOSED, EMPTY, POP_LINE, POP_SLEEP, PUSH_SLEEP, RARE, SPECIAL, line_bits};
use super::{Core, LatchedState};
use crate::wait::{Guarded, Line, Needs, NodeRef, Pool, Shelf};

/// The items of a queue; `STORED` if the waiter is stored in a handle.
pub(crate) struct Items<T, const STORED: bool = false>(PhantomData<T>);

impl<T, const STORED: bool> Pool for Items<T, STORED> {
    type Core = Core<T>;
    type Inside = State<T>;
    type Front = Needs;
    type Load = ();
    type Output = Option<T>;

    const FUTURE: &'static str = "the future of a queue's pop";
    const STORED: bool = STORED;
    const TAKING_CALLS: bool = true;

    #[inline]
    fn need(_: NodeRef) -> u32 {
        1
    }

    #[inline(always)]
    fn take_now(core: &Core<T>, _: u32, (): &mut ()) -> Option<Option<T>> {
        core.pop_idle()
    }

    fn try_take(core: &Core<T>, _: u32, (): &mut ()) -> Option<Option<T>> {
        core.try_pop()
    }

    #[inline]
    fn seems_free(core: &Core<T>, _: u32) -> bool {
        core.peek() & (EMPTY | RARE | CLOSED) != EMPTY
    }

    fn is_idle(core: &Core<T>) -> bool {
        core.peek() & (POP_LINE | RARE | SPECIAL | CLOSED) == 0
    }

    #[inline(always)]
    fn guarded(core: &Core<T>) -> &Guarded<State<T>> {
        &core.guarded
    }

    #[inline]
    fn prepare<'a>(core: &'a Core<T>, latched: LatchedState<'a, T>) -> LatchedState<'a, T> {
        core.without_garbage(latched)
    }

    #[inline]
    fn doubt(latched: &mut LatchedState<'_, T>) {
        latched.doubt();
    }

    #[inline]
    fn decide(core: &Core<T>) {
        core.decide();
    }

    fn undo(core: &Core<T>, _: NodeRef, output: &mut Option<T>) {
        if let Some(item) = output.take() {
            core.put_back(VecDeque::from([item]), 0);
        }
    }

    #[inline]
    fn line(state: &mut State<T>) -> &mut Line<Needs> {
        &mut state.pops
    }

    #[inline]
    fn free(latched: &LatchedState<'_, T>) -> usize {
        match latched.word & (RARE | SPECIAL) {
            0 => latched.storage.buffer.len(),
            _ => latched.ready(),
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
        Self::is_direct(latched) && latched.storage.buffer.has_head_or_wraps()
    }

    fn keeps(latched: &LatchedState<'_, T>) -> bool {
        latched.word & CLOSED == 0
    }

    fn resolved(
        core: &Core<T>,
        latched: &mut LatchedState<'_, T>,
        _: NodeRef,
    ) -> Option<Option<T>> {
        core.is_over(latched).then_some(None)
    }

    #[inline(always)]
    fn take<const STRAIGHT: bool>(latched: &mut LatchedState<'_, T>, _: NodeRef) -> Option<T> {
        if STRAIGHT {
            Some(Core::pop_here_from(latched))
        } else {
            Core::pop_from(latched)
        }
    }

    #[inline]
    fn queued(latched: &mut LatchedState<'_, T>, _: NodeRef) {
        latched.word |= POP_LINE | POP_SLEEP;
    }

    #[inline]
    fn sync(latched: &mut LatchedState<'_, T>) {
        let bits = line_bits(&latched.pops, POP_LINE, POP_SLEEP);
        latched.word = latched.word & !(POP_LINE | POP_SLEEP) | bits;
    }

    fn sync_all(latched: &mut LatchedState<'_, T>) {
        latched.word = latched.word(latched.word);
    }

    /// Having fewer items makes no pop due.
    #[inline]
    fn overtaking_calls(latched: &LatchedState<'_, T>) -> bool {
        latched.word & PUSH_SLEEP != 0
    }

    fn shelf(state: &mut State<T>) -> Option<(&mut Shelf, &mut Line<Needs>)> {
        STORED.then_some((&mut state.streams, &mut state.pops))
    }
}
