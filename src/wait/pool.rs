//! What a primitive has that waiters ask for, and the one way to end a change of it: call who is due,
//! release the latch, wake.

use std::task::Waker;
use std::time::Duration;

use super::guarded::{Inside, Latched};
use super::line::Line;
use super::node::{NodeRef, State};
use super::tally::Tally;
use super::wake::{FirstPanic, Spent, WakeBatch, wake};
use crate::sync::WOKEN_AT_ONCE;

/// Something countable, some of which is free, and the line of those who ask for it: the one permit of
/// a mutex, the permits of a semaphore, the items of a queue, its slots.
///
/// A queue has two pools behind one latch, so what a pool calls may wait for the other.
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
    fn try_take(core: &Self::Core, need: u32, load: &mut Self::Load) -> Option<Self::Output>;

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
        Self::line(latched).leave(node);
        Self::sync(latched);
    }

    /// The line has changed: sees to what the state word says of it.
    fn sync(latched: &mut Latched<'_, Self::Inside>);

    /// A newcomer has acquired something: the line is as it was, but for the credit of its first.
    #[inline]
    fn overtaken(_: &mut Latched<'_, Self::Inside>) {}

    /// Whether somebody may be due then.
    #[inline]
    fn overtaking_calls(latched: &mut Latched<'_, Self::Inside>) -> bool {
        Self::line(latched).has_holes()
    }

    /// Who is to be called next, whatever it waits for.
    fn due(latched: &Latched<'_, Self::Inside>) -> Option<Due>;

    /// Calls who is due: whom to wake, unless its waker was used up, or nobody was called.
    fn call(latched: &mut Latched<'_, Self::Inside>, due: Due) -> Option<Waker>;

    /// A stored waiter is polled; whether it gives way to another of its task.
    fn answer_stored(_: &mut Latched<'_, Self::Inside>, _node: NodeRef, _waker: &Waker) -> bool {
        unreachable!("nothing is stored here")
    }

    /// A stored waiter that gives way counts as woken: it wakes itself.
    fn await_turn(_: &mut Latched<'_, Self::Inside>, _node: NodeRef) {
        unreachable!("nothing is stored here")
    }

    /// Puts a stored waiter to sleep on its shelf; `false` if there is none here, and it queues.
    fn shelve(_: &mut Latched<'_, Self::Inside>, _node: NodeRef) -> bool {
        unreachable!("nothing is stored here")
    }

    /// The prober is gone, and nobody in line inherits its role: a stored waiter does, and is to be
    /// woken.
    fn stored_heir(_: &mut Latched<'_, Self::Inside>) -> Option<Waker> {
        None
    }
}

/// What is to be done next before the latch may be released for good.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Due {
    /// To call this waiter: of a queue, a pop.
    First(NodeRef),
    /// To call this push or reserve of a queue.
    Second(NodeRef),
    /// Anything else, which takes a closer look.
    Rare,
}

/// Ends a change of what is free: calls who is due, releases the latch, wakes.
#[inline(always)]
pub(crate) fn settle<'a, P: Pool>(core: &'a P::Core, latched: Latched<'a, P::Inside>) {
    match P::due(&latched) {
        Some(due) => call_and_wake::<P>(core, latched, due),
        None => latched.release(),
    }
}

/// Ends it where somebody is due: most often one, and nobody is then.
#[inline(never)]
pub(crate) fn call_and_wake<'a, P: Pool>(
    core: &'a P::Core,
    mut latched: Latched<'a, P::Inside>,
    due: Due,
) {
    let waker = P::call(&mut latched, due);
    if P::due(&latched).is_some() {
        return settle_many::<P>(core, latched, waker);
    }
    latched.release();
    if let Some(waker) = waker {
        wake(waker);
    }
}

#[cold]
#[inline(never)]
fn settle_many<'a, P: Pool>(
    core: &'a P::Core,
    latched: Latched<'a, P::Inside>,
    waker: Option<Waker>,
) {
    let mut panic = FirstPanic::default();
    settle_and::<P>(core, latched, waker, &mut panic);
    panic.go_on();
}

/// The same, where more foreign code follows. `first` is woken first.
pub(crate) fn settle_and<'a, P: Pool>(
    core: &'a P::Core,
    mut latched: Latched<'a, P::Inside>,
    first: Option<Waker>,
    panic: &mut FirstPanic,
) {
    let mut batch = WakeBatch::<WOKEN_AT_ONCE>::new();
    if let Some(first) = first {
        batch.push(first);
    }
    loop {
        let mut due = P::due(&latched);
        for _ in 0..WOKEN_AT_ONCE {
            let Some(next) = due.filter(|_| batch.has_room()) else {
                break;
            };
            let waker = P::call(&mut latched, next);
            due = P::due(&latched);
            match waker {
                Some(waker) => batch.push(waker),
                // Something was tidied up: enough for one time.
                None if next == Due::Rare => break,
                None => {}
            }
        }
        latched.drop_unsettled();
        panic.catch(|| batch.wake_all());
        if due.is_none() {
            return;
        }
        (latched, batch) = (P::latch(core), WakeBatch::new());
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
    node.get().end();
    let may_call = if overtook {
        P::overtaking_calls(&mut latched)
    } else {
        P::TAKING_CALLS || P::line(&mut latched).has_holes()
    };
    let due = if may_call { P::due(&latched) } else { None };
    let Some(due) = due else {
        latched.release();
        return output;
    };
    P::doubt(&mut latched);
    let output = UndoneByPanic::<P>::new(core, node, output);
    call_and_wake::<P>(core, latched, due);
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
    node.get().end();
    P::doubt(&mut latched);
    let output = UndoneByPanic::<P>::new(core, node, output);
    let spent = Spent::both(Some(clone), None);
    settle::<P>(core, latched);
    drop(spent);
    output.keep()
}

/// What a poll acquired, in doubt while foreign code runs: if that panics, it is given back, and the
/// waiter may be polled again as if for the first time.
pub(super) struct UndoneByPanic<'a, P: Pool> {
    core: &'a P::Core,
    node: NodeRef,
    output: Option<P::Output>,
}

impl<'a, P: Pool> UndoneByPanic<'a, P> {
    #[inline]
    pub(super) fn new(core: &'a P::Core, node: NodeRef, output: P::Output) -> Self {
        Self {
            core,
            node,
            output: Some(output),
        }
    }

    /// Nothing panicked.
    #[inline]
    pub(super) fn keep(mut self) -> P::Output {
        P::decide(self.core);
        self.take()
    }

    /// The same where nothing was in doubt.
    pub(super) fn keep_undoubted(mut self) -> P::Output {
        self.take()
    }

    #[inline]
    fn take(&mut self) -> P::Output {
        match self.output.take() {
            Some(output) => output,
            None => unreachable!("it is taken once"),
        }
    }
}

impl<P: Pool> Drop for UndoneByPanic<'_, P> {
    #[inline]
    fn drop(&mut self) {
        if let Some(output) = self.output.take() {
            // It is in no line, and has no waker.
            self.node.get().initialise();
            P::undo(self.core, self.node, output);
        }
    }
}

/// A waiter is dropped, in whatever state: nothing leads to it afterwards.
#[cold]
#[inline(never)]
pub(super) fn cancel<P: Pool>(core: &P::Core, node: NodeRef) {
    let mut latched = P::latch(core);
    if !P::STORED && node.state() == State::New {
        // It never queued, or was sent away to be polled again.
        return node.get().state.set(State::Done);
    }
    let heir = match P::line(&mut latched).bequeath(node, P::STORED) {
        Some(None) => P::stored_heir(&mut latched),
        heir => heir.flatten(),
    };
    let own = node.get().disarm();
    P::leave(&mut latched, node);
    debug_assert!(!matches!(node.state(), State::Asleep | State::Called));
    let mut panic = FirstPanic::default();
    settle_and::<P>(core, latched, heir, &mut panic);
    panic.catch(|| drop(own));
    panic.go_on();
}
