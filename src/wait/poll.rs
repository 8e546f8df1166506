//! Polling a waiter: the straight paths. If the latch is taken, a block of storage has ended, or anything else is
//! in the way, a poll takes the [`detour`](super::detour).
//!
//! | | under the latch |
//! |---|---|
//! | a first poll acquires | admitted as a newcomer; takes; calls who is due |
//! | a first poll queues | too little is free; queued at the end |
//! | a called waiter acquires | it is the first; leaves the line; takes; calls who is due |
//! | a called waiter answers in vain | too little is free; goes back to sleep in its old place |
//!
//! A waker is cloned before the latch is taken, and only when it is likely to be needed.
//!
//! Nothing here is called on the way, but only at the end of a path, as a tail call: so no path has to save
//! registers for what it seldom does. That is why the detours are functions of their own.

use std::task::{Poll, Waker};

use super::detour::{
    contended, poll_again_slow, poll_first_slow, queue_up_slow, settle_holes, sleep_again_slow,
};
use super::node::{NodeRef, State};
use super::pool::{Pool, finish};
use super::slow::poll_by_all_rules;

/// Polls `node` for the first time, after the fast path has failed; `BLOCKED`: by a thread that blocks.
#[inline(always)]
pub(super) fn poll_first<P: Pool, const BLOCKED: bool>(
    core: &P::Core,
    node: NodeRef,
    waker: &Waker,
) -> Poll<P::Output> {
    let need = P::need(node);
    if P::STORED || need == 0 {
        node.initialise();
        return poll_by_all_rules::<P>(core, node, waker, BLOCKED, None, None);
    }
    if !P::seems_free(core, need) {
        return queue_up::<P, BLOCKED>(core, node, waker);
    }
    let Some(mut latched) = P::latch_if_free(core) else {
        return contended::<P, _>(core, (node, waker), poll_first_slow::<P, BLOCKED>);
    };
    if P::is_straight(&mut latched) {
        let free = P::free(&latched);
        if P::line(&mut latched).admit_newcomer(need, free) {
            let output = P::take::<true>(&mut latched, node);
            P::overtaken(&mut latched);
            let may_call = P::overtaking_calls(&latched);
            return finish::<P>(core, latched, node, output, may_call);
        }
    }
    poll_first_slow::<P, BLOCKED>(core, latched, (node, waker))
}

/// The first poll found too little: clones the waker, checks once more, and queues.
#[inline(never)]
pub(super) fn queue_up<P: Pool, const BLOCKED: bool>(
    core: &P::Core,
    node: NodeRef,
    waker: &Waker,
) -> Poll<P::Output> {
    let clone = waker.clone();
    let Some(mut latched) = P::latch_if_free(core) else {
        return contended::<P, _>(core, (node, waker, clone), queue_up_slow::<P, BLOCKED>);
    };
    if P::is_direct(&latched) && P::free(&latched) < P::need(node) as usize {
        let line = P::line(&mut latched);
        if line.called_of_task(node, waker).is_none() {
            line.enqueue(node, BLOCKED, clone, waker);
            P::queued(&mut latched, node);
            return latched.release_and(|| Poll::Pending);
        }
    }
    queue_up_slow::<P, BLOCKED>(core, latched, (node, waker, clone))
}

/// Polls `node`, which was polled before and is not done.
#[inline(always)]
pub(super) fn poll_again<P: Pool, const BLOCKED: bool>(
    core: &P::Core,
    node: NodeRef,
    waker: &Waker,
) -> Poll<P::Output> {
    if P::STORED {
        return poll_by_all_rules::<P>(core, node, waker, BLOCKED, None, None);
    }
    if !P::seems_free(core, P::need(node)) {
        return sleep_again::<P, BLOCKED>(core, node, waker);
    }
    let Some(mut latched) = P::latch_if_free(core) else {
        return contended::<P, _>(core, (node, waker), poll_again_slow::<P, BLOCKED>);
    };
    if P::is_straight(&mut latched) && node.state() == State::Called {
        let free = P::free(&latched);
        let line = P::line(&mut latched);
        if line.admit_first(node, free) {
            line.leave_first(node);
            let output = P::take::<true>(&mut latched, node);
            P::sync(&mut latched);
            return finish::<P>(core, latched, node, output, P::TAKING_CALLS);
        }
    }
    poll_again_slow::<P, BLOCKED>(core, latched, (node, waker))
}

/// A later poll found too little: checks once more, and goes back to sleep.
#[inline(never)]
pub(super) fn sleep_again<P: Pool, const BLOCKED: bool>(
    core: &P::Core,
    node: NodeRef,
    waker: &Waker,
) -> Poll<P::Output> {
    let clone = waker.clone();
    let Some(mut latched) = P::latch_if_free(core) else {
        return contended::<P, _>(core, (node, waker, clone), sleep_again_slow::<P, BLOCKED>);
    };
    if node.state() == State::Called
        && P::is_direct(&latched)
        && P::free(&latched) < P::need(node) as usize
    {
        let line = P::line(&mut latched);
        if line.is_first(node) || line.called_of_task(node, waker).is_none() {
            let had_holes = line.has_holes();
            line.settle(node, false, false);
            line.answer_in_vain(node);
            node.arm(clone, waker);
            P::sync(&mut latched);
            if had_holes {
                return settle_holes::<P, BLOCKED>(latched, node, waker);
            }
            // This makes nobody due: there is too little for this waiter, which is ahead of the next one to
            // call.
            return latched.release_and(|| Poll::Pending);
        }
    }
    sleep_again_slow::<P, BLOCKED>(core, latched, (node, waker, clone))
}
