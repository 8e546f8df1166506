//! What the core asks of a primitive, and how a wait ends.

use std::mem;
use std::task::{Poll, Waker};
use std::time::Duration;

use super::guarded::{Due, Guarded, Inside, Latched};
use super::line::Line;
use super::node::{NodeRef, Stage, State};
use super::shelf::Shelf;
use super::tally::Tally;
use super::wake::{FirstPanic, OnPanic, Spent};

/// A resource that is counted in units, and the line of its waiters: the one permit of a mutex, the permits of
/// a semaphore, the items of a queue, its slots.
///
/// A queue has two pools behind one latch: a change of one may make a waiter of the other due.
pub(crate) trait Pool {
    /// What holds the latch.
    type Core;
    type Inside: Inside;
    type Front: Tally;
    /// What a waiter carries, such as the item of a push.
    type Load;
    type Output;

    /// The name of the future in panic messages.
    const FUTURE: &'static str;

    /// Whether its waiters are stored in handles: they sleep on a shelf, nothing is kept for them, and every
    /// poll is an arrival.
    const STORED: bool = false;

    /// Whether somebody may become due when a waiter acquires. Not if all waiters are called as soon as enough
    /// is free, and they wait for nothing else. Only if this is so may [`take_now`](Self::take_now) wake anybody.
    const TAKING_CALLS: bool;

    /// How many units `node` needs.
    #[inline]
    fn need(node: NodeRef) -> u32 {
        node.need()
    }

    // Without the latch.

    /// The fast path: acquires at once, or finds that there is nothing to wait for.
    fn take_now(core: &Self::Core, need: u32, load: &mut Self::Load) -> Option<Self::Output>;

    /// Acquires as a newcomer that does not wait, by all rules.
    #[inline]
    fn try_take(core: &Self::Core, need: u32, load: &mut Self::Load) -> Option<Self::Output> {
        Self::take_now(core, need, load)
    }

    /// Whether `need` units may be free: a hint.
    fn seems_free(core: &Self::Core, need: u32) -> bool;

    /// Whether nobody waits, so that a thread may spin before it queues: a hint.
    fn is_idle(core: &Self::Core) -> bool;

    /// The latch, and what it guards.
    fn guarded(core: &Self::Core) -> &Guarded<Self::Inside>;

    /// The latch was taken: prepares the inside for what follows.
    #[inline(always)]
    fn latched(latched: Latched<'_, Self::Inside>) -> Latched<'_, Self::Inside> {
        latched
    }

    #[inline(always)]
    fn latch(core: &Self::Core) -> Latched<'_, Self::Inside> {
        Self::latched(Self::guarded(core).latch())
    }

    /// Takes the latch if it is free.
    #[inline(always)]
    fn latch_if_free(core: &Self::Core) -> Option<Latched<'_, Self::Inside>> {
        Self::guarded(core).latch_if_free().map(Self::latched)
    }

    /// Does what must precede a [`take`](Self::take) and cannot be done with the latch held: allocates or frees.
    /// Not needed where [`is_straight`](Self::is_straight). Everything may have changed in the meantime.
    fn prepare<'a>(
        _: &'a Self::Core,
        latched: Latched<'a, Self::Inside>,
    ) -> Latched<'a, Self::Inside> {
        latched
    }

    /// Ends the [`doubt`](Self::doubt): what a poll acquired is about to be returned.
    fn decide(_: &Self::Core) {}

    /// Ends the [`doubt`](Self::doubt): gives back what a poll of `node` acquired but cannot return, because a
    /// waker panicked.
    fn undo(core: &Self::Core, node: NodeRef, output: &mut Self::Output);

    /// How long a call may go unanswered; `None` is forever.
    fn patience(core: &Self::Core) -> Option<Duration> {
        let mut latched = Self::latch(core);
        let patience = Self::line(&mut latched).patience;
        patience.duration()
    }

    // With the latch held.

    fn line(inside: &mut Self::Inside) -> &mut Line<Self::Front>;

    /// How many units are free, kept or not.
    fn free(latched: &Latched<'_, Self::Inside>) -> usize;

    /// Whether the common paths may be taken: not while the primitive is closed, for example.
    fn is_plain(latched: &Latched<'_, Self::Inside>) -> bool;

    /// Whether the straight paths apply, too: not if the storage of a queue is special.
    #[inline(always)]
    fn is_direct(latched: &Latched<'_, Self::Inside>) -> bool {
        Self::is_plain(latched)
    }

    /// Whether, besides, the next [`take`](Self::take) stays within the current block of storage.
    #[inline(always)]
    fn is_straight(latched: &mut Latched<'_, Self::Inside>) -> bool {
        Self::is_direct(latched)
    }

    /// Whether free units are kept for called waiters.
    fn keeps(_: &Latched<'_, Self::Inside>) -> bool {
        true
    }

    /// The result of `node`'s wait if it ends without acquiring anything.
    fn resolved(
        core: &Self::Core,
        latched: &mut Latched<'_, Self::Inside>,
        node: NodeRef,
    ) -> Option<Self::Output>;

    /// Foreign code will run before a poll returns what it acquired, and if that panics, the poll gives it
    /// back. Until [`decide`](Self::decide) or [`undo`](Self::undo), nobody may be told that nothing more will
    /// come.
    fn doubt(_: &mut Latched<'_, Self::Inside>) {}

    /// `node` acquires what it needs, which is free. It has left the line. `STRAIGHT` says that the take
    /// [`is_straight`](Self::is_straight).
    fn take<const STRAIGHT: bool>(
        latched: &mut Latched<'_, Self::Inside>,
        node: NodeRef,
    ) -> Self::Output;

    /// `node` was queued.
    fn queued(latched: &mut Latched<'_, Self::Inside>, _node: NodeRef) {
        Self::sync(latched);
    }

    /// `node` leaves for good, in any state. Its waker was taken before.
    fn leave(latched: &mut Latched<'_, Self::Inside>, node: NodeRef) {
        match Self::shelf(latched) {
            Some((shelf, _)) => shelf.leave(node),
            None => Self::line(latched).leave(node),
        }
        Self::sync_all(latched);
    }

    /// The line has changed: updates its bits in the state word.
    fn sync(latched: &mut Latched<'_, Self::Inside>);

    /// More than the line may have changed: updates all bits of the state word.
    fn sync_all(latched: &mut Latched<'_, Self::Inside>) {
        Self::sync(latched);
    }

    /// A newcomer has acquired something: the line has not changed, except for the credit of its first waiter.
    #[inline]
    fn overtaken(_: &mut Latched<'_, Self::Inside>) {}

    /// Whether that may have made a waiter due: not one of this pool, of which less is free now.
    #[inline]
    fn overtaking_calls(_: &Latched<'_, Self::Inside>) -> bool {
        false
    }

    /// The shelf of its stored waiters, and the line that numbers them; `None` if they wait in the line.
    fn shelf(_: &mut Self::Inside) -> Option<(&mut Shelf, &mut Line<Self::Front>)> {
        None
    }
}

/// The wait of `node` is over, and `output` is its result: calls who is due, if anybody may be, and gives the
/// result back if a waker panics.
#[inline(always)]
pub(super) fn finish<'a, P: Pool>(
    core: &'a P::Core,
    latched: Latched<'a, P::Inside>,
    node: NodeRef,
    output: P::Output,
    may_call: bool,
) -> Poll<P::Output> {
    node.end(Stage::Done);
    let due = if may_call { latched.glance() } else { None };
    match due {
        None => latched.release_and(|| Poll::Ready(output)),
        Some(Due::First(due)) => finish_and_call::<P, false>(core, latched, node, output, due),
        Some(Due::Second(due)) => finish_and_call::<P, true>(core, latched, node, output, due),
        Some(Due::Rare) => finish_and_look::<P>(core, latched, node, output),
    }
}

/// The same if a waiter is due, of the first or the second line.
#[inline(never)]
fn finish_and_call<'a, P: Pool, const SECOND: bool>(
    core: &'a P::Core,
    latched: Latched<'a, P::Inside>,
    node: NodeRef,
    output: P::Output,
    due: NodeRef,
) -> Poll<P::Output> {
    let due = if SECOND {
        Due::Second(due)
    } else {
        Due::First(due)
    };
    call_and_return::<P>(core, latched, node, output, due)
}

/// The same if a glance cannot tell who is due.
#[inline(never)]
fn finish_and_look<'a, P: Pool>(
    core: &'a P::Core,
    latched: Latched<'a, P::Inside>,
    node: NodeRef,
    output: P::Output,
) -> Poll<P::Output> {
    match latched.due() {
        None => latched.release_and(|| Poll::Ready(output)),
        Some(due) => call_and_return::<P>(core, latched, node, output, due),
    }
}

/// Calls, and gives the result back if a waker panics.
#[inline(always)]
fn call_and_return<'a, P: Pool>(
    core: &'a P::Core,
    mut latched: Latched<'a, P::Inside>,
    node: NodeRef,
    mut output: P::Output,
    due: Due,
) -> Poll<P::Output> {
    P::doubt(&mut latched);
    let undone = undone_by_panic::<P>(core, node, &mut output);
    latched.call_and_wake(due);
    P::decide(core);
    mem::forget(undone);
    Poll::Ready(output)
}

/// Like [`finish`], with an unneeded clone of the waker, whose drop may panic too.
#[cold]
pub(super) fn finish_and_drop<'a, P: Pool>(
    core: &'a P::Core,
    mut latched: Latched<'a, P::Inside>,
    node: NodeRef,
    mut output: P::Output,
    clone: Waker,
) -> Poll<P::Output> {
    node.end(Stage::Done);
    P::doubt(&mut latched);
    let undone = undone_by_panic::<P>(core, node, &mut output);
    let spent = Spent::both(Some(clone), None);
    latched.settle();
    drop(spent);
    P::decide(core);
    mem::forget(undone);
    Poll::Ready(output)
}

/// What a poll acquired, while foreign code runs: if that panics, it is given back, and the waiter may be
/// polled again as if for the first time.
#[inline]
pub(super) fn undone_by_panic<P: Pool>(
    core: &P::Core,
    node: NodeRef,
    output: &mut P::Output,
) -> OnPanic<impl FnMut()> {
    OnPanic(move || {
        // It is in no line, and has no waker.
        node.initialise();
        P::undo(core, node, output);
    })
}

/// A waiter is dropped, in any state: nothing points to it afterwards.
#[cold]
#[inline(never)]
pub(super) fn cancel<P: Pool>(core: &P::Core, node: NodeRef) {
    let mut latched = P::latch(core);
    if !P::STORED && node.state() == State::New {
        // It never queued, or was removed to be polled again.
        return node.state.set(State::Done);
    }
    let heir = P::line(&mut latched).bequeath(node);
    let own = node.disarm();
    P::leave(&mut latched, node);
    debug_assert!(!matches!(node.state(), State::Asleep | State::Called));
    let mut panic = FirstPanic::default();
    latched.settle_and(heir, &mut panic);
    panic.catch(|| drop(own));
    panic.go_on();
}
