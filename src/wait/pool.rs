//! What a primitive has that waiters ask for, and how a wait ends.

use std::task::Waker;
use std::time::Duration;

use super::guarded::{Inside, Latched};
use super::line::Line;
use super::node::{NodeRef, State};
use super::shelf::Shelf;
use super::tally::Tally;
use super::wake::{FirstPanic, Spent, Undo};

/// Something countable, some of which is free, and the line of those who ask for it: the one permit of
/// a mutex, the permits of a semaphore, the items of a queue, its slots.
///
/// A queue has two pools behind one latch: a change of one may make a waiter of the other due.
pub(crate) trait Pool {
    /// What holds the latch.
    type Core;
    type Inside: Inside;
    type Front: Tally;
    /// What a waiter has with it: the item of a push.
    type Load;
    type Output;

    /// What the future is called in a message.
    const FUTURE: &'static str;

    /// Whether its waiters are stored in handles: they sleep on a shelf, nothing is kept for them, and
    /// at each poll they are arrivals.
    const STORED: bool = false;

    /// Whether somebody may become due when a waiter acquires: not where all are called as soon as
    /// enough is free, and nothing but what is free is waited for.
    const TAKING_CALLS: bool;

    /// How much `node` asks for.
    #[inline]
    fn need(node: NodeRef) -> u32 {
        node.need()
    }

    // Without the latch.

    /// Acquires, or learns that there is nothing to wait for, at once: the whole of the fast path.
    fn take_now(core: &Self::Core, need: u32, load: &mut Self::Load) -> Option<Self::Output>;

    /// Acquires as a newcomer would that does not wait, by all rules.
    #[inline]
    fn try_take(core: &Self::Core, need: u32, load: &mut Self::Load) -> Option<Self::Output> {
        Self::take_now(core, need, load)
    }

    /// Whether enough may be free for one that needs so much: a hint.
    fn seems_free(core: &Self::Core, need: u32) -> bool;

    /// Whether nobody waits, and a thread may look a moment longer before it queues: a hint.
    fn is_idle(core: &Self::Core) -> bool;

    fn latch(core: &Self::Core) -> Latched<'_, Self::Inside>;

    /// What a poll acquired is about to be returned: it was in [`doubt`](Self::doubt) and is not any more.
    fn decide(_: &Self::Core) {}

    /// Gives back what a poll of `node` acquired and could not return, since a waker panicked. It was in
    /// [`doubt`](Self::doubt) and is not any more.
    fn undo(core: &Self::Core, node: NodeRef, output: Self::Output);

    /// How long a call may be unanswered; `None` is forever.
    fn patience(core: &Self::Core) -> Option<Duration> {
        let mut latched = Self::latch(core);
        let patience = Self::line(&mut latched).patience;
        patience.duration()
    }

    // With the latch held.

    fn line(inside: &mut Self::Inside) -> &mut Line<Self::Front>;

    /// How much is free, kept or not.
    fn free(latched: &Latched<'_, Self::Inside>) -> usize;

    /// Whether the common paths may be taken: nothing rare is going on.
    fn is_plain(latched: &Latched<'_, Self::Inside>) -> bool;

    /// Whether what is free is kept for who was called.
    fn keeps(_: &Latched<'_, Self::Inside>) -> bool {
        true
    }

    /// What the wait of `node` has come to without acquiring anything.
    fn resolved(
        core: &Self::Core,
        latched: &mut Latched<'_, Self::Inside>,
        node: NodeRef,
    ) -> Option<Self::Output>;

    /// Foreign code is to run before what a poll acquired is returned: if that panics, it is given back.
    /// Until [`decide`](Self::decide) or [`undo`](Self::undo), nobody may learn that nothing will come.
    fn doubt(_: &mut Latched<'_, Self::Inside>) {}

    /// `node` acquires what it needs, which is free; it is in no line any more.
    fn take(latched: &mut Latched<'_, Self::Inside>, node: NodeRef) -> Self::Output;

    /// `node` was queued.
    fn queued(latched: &mut Latched<'_, Self::Inside>, _node: NodeRef) {
        Self::sync(latched);
    }

    /// `node` leaves for good, from wherever it is; it is unarmed.
    fn leave(latched: &mut Latched<'_, Self::Inside>, node: NodeRef) {
        match Self::shelf(latched) {
            Some((shelf, _)) => shelf.leave(node),
            None => Self::line(latched).leave(node),
        }
        Self::sync_all(latched);
    }

    /// The line has changed: sees to what the state word says of it.
    fn sync(latched: &mut Latched<'_, Self::Inside>);

    /// More than the line may have changed.
    fn sync_all(latched: &mut Latched<'_, Self::Inside>) {
        Self::sync(latched);
    }

    /// A newcomer has acquired something: the line is as it was, but for the credit of its first.
    #[inline]
    fn overtaken(_: &mut Latched<'_, Self::Inside>) {}

    /// Whether that may have made somebody due: nobody who waits for the same, since less of it is free.
    #[inline]
    fn overtaking_calls(_: &Latched<'_, Self::Inside>) -> bool {
        false
    }

    /// Where its stored waiters sleep, and the line that numbers them; `None` where they wait as all
    /// others do.
    fn shelf(_: &mut Self::Inside) -> Option<(&mut Shelf, &mut Line<Self::Front>)> {
        None
    }
}

/// The wait of `node` is over, which acquired `output`: settles, and gives it back if a waker panics. (It
/// `overtook` if it acquired as a newcomer.)
#[inline(always)]
pub(super) fn finish<'a, P: Pool>(
    core: &'a P::Core,
    mut latched: Latched<'a, P::Inside>,
    node: NodeRef,
    output: P::Output,
    overtook: bool,
) -> P::Output {
    node.end();
    let may_call = if overtook {
        P::overtaking_calls(&latched)
    } else {
        P::TAKING_CALLS || P::line(&mut latched).has_holes()
    };
    let due = if may_call { latched.due() } else { None };
    let Some(due) = due else {
        latched.release();
        return output;
    };
    P::doubt(&mut latched);
    let output = undone_by_panic::<P>(core, node, output);
    latched.call_and_wake(due);
    P::decide(core);
    output.keep()
}

/// The same with a clone of the waker that is not needed, whose drop may panic too.
#[cold]
pub(super) fn finish_and_drop<'a, P: Pool>(
    core: &'a P::Core,
    mut latched: Latched<'a, P::Inside>,
    node: NodeRef,
    output: P::Output,
    clone: Waker,
) -> P::Output {
    node.end();
    P::doubt(&mut latched);
    let output = undone_by_panic::<P>(core, node, output);
    let spent = Spent::both(Some(clone), None);
    latched.settle();
    drop(spent);
    P::decide(core);
    output.keep()
}

/// What a poll acquired, while foreign code runs: if that panics, it is given back, and the waiter may be
/// polled again as if for the first time.
#[inline]
pub(super) fn undone_by_panic<P: Pool>(
    core: &P::Core,
    node: NodeRef,
    output: P::Output,
) -> Undo<P::Output, impl FnMut(P::Output)> {
    Undo::new(output, move |output| {
        // It is in no line, and has no waker.
        node.initialise();
        P::undo(core, node, output);
    })
}

/// A waiter is dropped, in whatever state: nothing leads to it afterwards.
#[cold]
#[inline(never)]
pub(super) fn cancel<P: Pool>(core: &P::Core, node: NodeRef) {
    let mut latched = P::latch(core);
    if !P::STORED && node.state() == State::New {
        // It never queued, or was sent away to be polled again.
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
