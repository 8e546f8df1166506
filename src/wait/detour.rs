//! Polling a waiter where the [straight path](super::poll) is blocked: the latch was taken, a block of storage
//! has ended, there are holes, units are kept, or it is not the first waiter that answers. Rarer cases are left
//! to [`poll_by_all_rules`].
//!
//! Each function continues the path of the same name, with the latch that was taken there.

use std::task::{Poll, Waker};

use super::guarded::Latched;
use super::node::{NodeRef, State};
use super::poll::{queue_up, sleep_again};
use super::pool::{Pool, finish, finish_and_drop};
use super::slow::poll_by_all_rules;

/// The latch was taken: waits for it, and then goes on.
#[cold]
#[inline(never)]
pub(super) fn contended<'a, P: Pool, A>(
    core: &'a P::Core,
    arguments: A,
    then: impl FnOnce(&'a P::Core, Latched<'a, P::Inside>, A) -> Poll<P::Output>,
) -> Poll<P::Output>
where
    P::Inside: 'a,
{
    then(core, P::latch(core), arguments)
}

#[inline(never)]
pub(super) fn poll_first_slow<P: Pool, const BLOCKED: bool>(
    core: &P::Core,
    latched: Latched<'_, P::Inside>,
    (node, waker): (NodeRef, &Waker),
) -> Poll<P::Output> {
    let mut latched = P::prepare(core, latched);
    if let Some(output) = take_new::<P>(&mut latched, node) {
        P::overtaken(&mut latched);
        let may_call = P::overtaking_calls(&latched);
        return finish::<P>(core, latched, node, output, may_call);
    }
    latched.release();
    queue_up::<P, BLOCKED>(core, node, waker)
}

#[inline(never)]
pub(super) fn queue_up_slow<P: Pool, const BLOCKED: bool>(
    core: &P::Core,
    latched: Latched<'_, P::Inside>,
    (node, waker, clone): (NodeRef, &Waker, Waker),
) -> Poll<P::Output> {
    let mut latched = P::prepare(core, latched);
    if let Some(output) = take_new::<P>(&mut latched, node) {
        P::sync(&mut latched);
        return finish_and_drop::<P>(core, latched, node, output, clone);
    }
    if P::is_plain(&latched) {
        let kept = P::free(&latched) >= P::need(node) as usize;
        let line = P::line(&mut latched);
        if line.called_of_task(node, waker).is_none() {
            line.enqueue(node, BLOCKED, clone, waker);
            let probes = kept && line.begins_probing(node);
            P::queued(&mut latched, node);
            latched.release();
            return if probes {
                node.poll_again(waker, BLOCKED)
            } else {
                Poll::Pending
            };
        }
    }
    latched.release();
    node.initialise();
    poll_by_all_rules::<P>(core, node, waker, BLOCKED, Some(clone), None)
}

#[inline(never)]
pub(super) fn poll_again_slow<P: Pool, const BLOCKED: bool>(
    core: &P::Core,
    latched: Latched<'_, P::Inside>,
    (node, waker): (NodeRef, &Waker),
) -> Poll<P::Output> {
    let mut latched = P::prepare(core, latched);
    // Acquiring may expose holes that must then be called.
    let may_call = P::TAKING_CALLS || P::line(&mut latched).has_holes();
    if let Some(output) = take_called::<P>(&mut latched, node) {
        return finish::<P>(core, latched, node, output, may_call);
    }
    latched.release();
    sleep_again::<P, BLOCKED>(core, node, waker)
}

#[inline(never)]
pub(super) fn sleep_again_slow<P: Pool, const BLOCKED: bool>(
    core: &P::Core,
    latched: Latched<'_, P::Inside>,
    (node, waker, clone): (NodeRef, &Waker, Waker),
) -> Poll<P::Output> {
    let mut latched = P::prepare(core, latched);
    if let Some(output) = take_called::<P>(&mut latched, node) {
        return finish_and_drop::<P>(core, latched, node, output, clone);
    }
    // If enough is free but kept, all rules apply, because this waiter may have to probe.
    if P::is_plain(&latched) && P::free(&latched) < P::need(node) as usize {
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
                return Poll::Pending;
            }
            line.answer_in_vain(node);
            node.arm(clone, waker);
            P::sync(&mut latched);
            return settle_holes::<P, BLOCKED>(latched, node, waker);
        }
    }
    latched.release();
    poll_by_all_rules::<P>(core, node, waker, BLOCKED, Some(clone), None)
}

/// An answer in vain may have exposed holes that must then be called.
#[inline(never)]
pub(super) fn settle_holes<P: Pool, const BLOCKED: bool>(
    mut latched: Latched<'_, P::Inside>,
    node: NodeRef,
    waker: &Waker,
) -> Poll<P::Output> {
    P::line(&mut latched).drop_near_holes();
    latched.settle();
    if BLOCKED {
        // A waker that ran may have parked this thread, and used up the wake-up that it waits for.
        return node.poll_again(waker, BLOCKED);
    }
    Poll::Pending
}

/// `node`, which is new, takes what it needs if it is admitted, in the plain case.
#[inline(always)]
fn take_new<P: Pool>(latched: &mut Latched<'_, P::Inside>, node: NodeRef) -> Option<P::Output> {
    let free = P::free(latched);
    let admitted = P::is_plain(latched) && P::line(latched).admit_newcomer(P::need(node), free);
    admitted.then(|| P::take::<false>(latched, node))
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
    line.leave(node);
    let output = P::take::<false>(latched, node);
    P::sync(latched);
    Some(output)
}
