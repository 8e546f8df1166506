//! Polling a waiter: the common paths, each straight to its end. Whatever else turns up goes by
//! [`poll_by_all_rules`].
//!
//! | | under the latch |
//! |---|---|
//! | a first poll takes | admitted as a newcomer; takes; settles |
//! | a first poll queues | too little is free; queued at the end |
//! | a called one takes | admitted; leaves the line; takes; settles |
//! | a called one answers in vain | too little is free; sleeps again in its old place |
//!
//! A waker is cloned before the latch is taken, and only when it is likely to be needed.

use std::task::Waker;

use super::node::{NodeRef, State};
use super::pool::{Pool, finish, settle};
use super::slow::poll_by_all_rules;
use super::wake::Spent;

/// What polling a waiter came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Polled<T> {
    Ready(T),
    Asleep,
    /// To be polled again soon, without being woken (rules 4 and 5).
    Again,
}

impl<T> Polled<T> {
    #[inline]
    fn asleep(again: bool) -> Self {
        if again { Self::Again } else { Self::Asleep }
    }
}

/// Polls `node` for the first time, when there was no taking at once; `blocked` is a blocked thread.
#[inline(never)]
pub(super) fn poll_first<P: Pool>(
    core: &P::Core,
    node: NodeRef,
    waker: &Waker,
    blocked: bool,
) -> Polled<P::Output> {
    let need = node.need();
    if P::STORED {
        return poll_by_all_rules::<P>(core, node, waker, blocked, None);
    }
    if P::seems_free(core, need) {
        let mut latched = P::latch(core);
        let free = P::free(&latched);
        if P::is_plain(&latched) && P::line(&mut latched).admit_newcomer(need, free) {
            let output = P::take(&mut latched, node);
            P::sync(&mut latched);
            return Polled::Ready(finish::<P>(core, latched, node, output));
        }
    }
    let clone = waker.clone();
    let mut latched = P::latch(core);
    let free = P::free(&latched);
    if P::is_plain(&latched) {
        let line = P::line(&mut latched);
        if line.admit_newcomer(need, free) {
            let output = P::take(&mut latched, node);
            P::sync(&mut latched);
            let _spent = Spent::of(clone);
            return Polled::Ready(finish::<P>(core, latched, node, output));
        }
        if line.called_of_task(node, waker).is_none() {
            line.enqueue(node, blocked, clone, waker);
            let probes = free >= need as usize && line.begins_probing(node);
            P::queued(&mut latched, node);
            return Polled::asleep(probes);
        }
    }
    drop(latched);
    poll_by_all_rules::<P>(core, node, waker, blocked, Some(clone))
}

/// Polls `node` again, which was polled before and is not done.
#[inline(never)]
pub(super) fn poll_again<P: Pool>(
    core: &P::Core,
    node: NodeRef,
    waker: &Waker,
    blocked: bool,
) -> Polled<P::Output> {
    let need = node.need();
    if P::STORED {
        return poll_by_all_rules::<P>(core, node, waker, blocked, None);
    }
    if P::seems_free(core, need) {
        let mut latched = P::latch(core);
        let free = P::free(&latched);
        let answers = node.state() == State::Called && P::is_plain(&latched);
        let line = P::line(&mut latched);
        if answers && line.admit_called(node, free) {
            line.leave_called(node);
            let output = P::take(&mut latched, node);
            P::sync(&mut latched);
            return Polled::Ready(finish::<P>(core, latched, node, output));
        }
        drop(latched);
        return poll_by_all_rules::<P>(core, node, waker, blocked, None);
    }
    let clone = waker.clone();
    let mut latched = P::latch(core);
    let free = P::free(&latched);
    if P::is_plain(&latched) && free < need as usize {
        let line = P::line(&mut latched);
        if line.is_first(node) || line.called_of_task(node, waker).is_none() {
            if node.state() == State::Called {
                line.answer_in_vain(node);
                line.settle(node, false, false);
                node.get().arm(clone, waker);
                let has_holes = line.has_holes();
                P::sync(&mut latched);
                // Without holes nobody becomes due by that: too little is free for this one, which stands
                // ahead of who would be next.
                if has_holes {
                    settle::<P>(core, latched);
                }
                return Polled::Asleep;
            }
            if node.state() == State::Asleep && node.get().would_wake(waker) {
                line.settle(node, false, false);
                drop(latched);
                drop(clone);
                return Polled::Asleep;
            }
        }
    }
    drop(latched);
    poll_by_all_rules::<P>(core, node, waker, blocked, Some(clone))
}
