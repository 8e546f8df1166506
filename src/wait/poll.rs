//! Polling a waiter: the common paths, each without a detour. Every other case goes to [`poll_by_all_rules`].
//!
//! | | under the latch |
//! |---|---|
//! | a first poll acquires | admitted as a newcomer; takes; settles |
//! | a first poll queues | too little is free; queued at the end |
//! | a called waiter acquires | admitted; leaves the line; takes; settles |
//! | a called waiter answers in vain | too little is free; goes back to sleep in its old place |
//!
//! A waker is cloned before the latch is taken, and only when it is likely to be needed.

use std::task::Waker;

use super::guarded::Latched;
use super::node::{NodeRef, State};
use super::pool::{Pool, finish, finish_and_drop};
use super::slow::{Polled, poll_by_all_rules};

/// Polls `node` for the first time, after the fast path has failed; `blocked` says that a thread blocks.
#[inline(always)]
pub(super) fn poll_first<P: Pool>(
    core: &P::Core,
    node: NodeRef,
    waker: &Waker,
    blocked: bool,
) -> Polled<P::Output> {
    let need = P::need(node);
    if P::STORED || need == 0 {
        node.initialise();
        return poll_by_all_rules::<P>(core, node, waker, blocked, None, None);
    }
    if P::seems_free(core, need) {
        let mut latched = P::latch(core);
        if P::is_plain(&latched) {
            let free = P::free(&latched);
            if P::line(&mut latched).admit_newcomer(need, free) {
                let output = P::take(&mut latched, node);
                P::overtaken(&mut latched);
                let may_call = P::overtaking_calls(&latched);
                return Polled::Ready(finish::<P>(core, latched, node, output, may_call));
            }
        }
        latched.release();
    }
    queue_up::<P>(core, node, waker, blocked)
}

/// The first poll found too little: clones the waker, checks once more, and queues.
#[inline(always)]
fn queue_up<P: Pool>(
    core: &P::Core,
    node: NodeRef,
    waker: &Waker,
    blocked: bool,
) -> Polled<P::Output> {
    let need = P::need(node);
    let clone = waker.clone();
    let mut latched = P::latch(core);
    if P::is_plain(&latched) {
        let free = P::free(&latched);
        let line = P::line(&mut latched);
        if line.admit_newcomer(need, free) {
            let output = P::take(&mut latched, node);
            P::sync(&mut latched);
            return Polled::Ready(finish_and_drop::<P>(core, latched, node, output, clone));
        }
        if line.called_of_task(node, waker).is_none() {
            line.enqueue(node, blocked, clone, waker);
            let probes = free >= need as usize && line.begins_probing(node);
            P::queued(&mut latched, node);
            latched.release();
            return if probes {
                Polled::again(waker, blocked)
            } else {
                Polled::Asleep
            };
        }
    }
    latched.release();
    node.initialise();
    poll_by_all_rules::<P>(core, node, waker, blocked, Some(clone), None)
}

/// Polls `node`, which was polled before and is not done.
#[inline(always)]
pub(super) fn poll_again<P: Pool>(
    core: &P::Core,
    node: NodeRef,
    waker: &Waker,
    blocked: bool,
) -> Polled<P::Output> {
    let need = P::need(node);
    if P::STORED {
        return poll_by_all_rules::<P>(core, node, waker, blocked, None, None);
    }
    if P::seems_free(core, need) {
        let mut latched = P::latch(core);
        // Acquiring may expose holes that must then be called.
        let may_call = P::TAKING_CALLS || P::line(&mut latched).has_holes();
        if let Some(output) = take_called::<P>(&mut latched, node) {
            return Polled::Ready(finish::<P>(core, latched, node, output, may_call));
        }
        latched.release();
    }
    sleep_again::<P>(core, node, waker, blocked)
}

/// A later poll found too little: checks once more, and goes back to sleep.
#[inline(always)]
fn sleep_again<P: Pool>(
    core: &P::Core,
    node: NodeRef,
    waker: &Waker,
    blocked: bool,
) -> Polled<P::Output> {
    let need = P::need(node);
    let clone = waker.clone();
    let mut latched = P::latch(core);
    if let Some(output) = take_called::<P>(&mut latched, node) {
        return Polled::Ready(finish_and_drop::<P>(core, latched, node, output, clone));
    }
    // If enough is free but kept, all rules apply, because this waiter may have to probe.
    if P::is_plain(&latched) && P::free(&latched) < need as usize {
        let line = P::line(&mut latched);
        let sleeps = match node.state() {
            State::Called => true,
            State::Asleep => node.would_wake(waker),
            _ => false,
        };
        if sleeps && (line.is_first(node) || line.called_of_task(node, waker).is_none()) {
            line.settle(node, false, false);
            if node.state() == State::Asleep {
                latched.release();
                drop(clone);
                return Polled::Asleep;
            }
            let had_holes = line.has_holes();
            line.answer_in_vain(node);
            node.arm(clone, waker);
            P::sync(&mut latched);
            // Without holes, this makes nobody due: there is too little for this waiter, which is ahead of the
            // next one to call.
            if !had_holes {
                latched.release();
                return Polled::Asleep;
            }
            latched.settle();
            // A waker that ran may have parked this thread, and used up the wake-up that it waits for.
            return if blocked {
                Polled::Again
            } else {
                Polled::Asleep
            };
        }
    }
    latched.release();
    poll_by_all_rules::<P>(core, node, waker, blocked, Some(clone), None)
}

/// `node` takes what it needs if it was called and is admitted, in the plain case.
#[inline(always)]
fn take_called<P: Pool>(latched: &mut Latched<'_, P::Inside>, node: NodeRef) -> Option<P::Output> {
    if node.state() != State::Called || !P::is_plain(latched) {
        return None;
    }
    let free = P::free(latched);
    let line = P::line(latched);
    if !line.admit_called(node, free) {
        return None;
    }
    line.leave_called(node);
    let output = P::take(latched, node);
    P::sync(latched);
    Some(output)
}
