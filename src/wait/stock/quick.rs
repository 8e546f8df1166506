//! The short ways through a poll: what happens most often, with all that is needed made before the short
//! lock is taken. Whatever else turns up goes by the whole of the rules.

use std::task::Waker;

use super::{Stock, Unfinished, run};
use crate::wait::crowd::Stand;
use crate::wait::line::Unanswered;
use crate::wait::polling::{Polled, Polling, UndoneByPanic};
use crate::wait::waiter::Node;
use crate::wait::wake::{Spent, wake};

/// Polls a waiter for the first time, when there was no taking without a look at the line.
#[inline]
pub(crate) fn poll_new<S: Stock>(
    lock: impl Fn() -> S,
    node: Node<S::Ask>,
    waker: &Waker,
    always_answers: bool,
    undo: impl FnOnce(S::Got),
) -> Polled<S::Got> {
    // What is going to sleep needs a clone of the waker, better made before the short lock is taken.
    let clone = waker.clone();
    let mut stock = lock();
    let seen = stock.look();
    if stock.over(node, seen).is_none() {
        // Most often others wait, and it overtakes them or has but to sleep: nobody called is of its
        // task, to be passed over (rule 4).
        let need = stock.crowd().number(node);
        if let Some(price) = stock.price(seen, Stand::Behind, need) {
            if let Some(got) = stock.take(node, seen, price) {
                let poll = |clone| Polling::new(node, waker, always_answers, clone);
                return after_taking(lock, stock, Some(clone), got, poll, undo);
            }
        } else if stock.crowd().line.called_of_task(node, waker).is_none() && stock.await_more(seen)
        {
            let kept = stock.free(seen) >= need as usize;
            stock.crowd().enqueue(node, always_answers);
            let line = &mut stock.crowd().line;
            line.get_mut(node).arm_new(clone, waker);
            let probes = kept && matches!(line.probe(node, true), Unanswered::Probe);
            line.settle(node, true, probes);
            return Polled::asleep(probes);
        }
    }
    drop(stock);
    let poll = Polling::new(node, waker, always_answers, Some(clone));
    run(lock, poll, Unfinished::Nothing, undo)
}

/// Polls one that was polled before and is not done; `sleeps` if it is likely to sleep again.
#[inline]
pub(crate) fn poll_again<S: Stock>(
    lock: impl Fn() -> S,
    node: Node<S::Ask>,
    waker: &Waker,
    always_answers: bool,
    sleeps: bool,
    undo: impl FnOnce(S::Got),
) -> Polled<S::Got> {
    let mut clone = sleeps.then(|| waker.clone());
    let mut stock = lock();
    let seen = stock.look();
    // Most often it was called: it takes what it needs, or sleeps again if there is too little. Or it
    // probed, and finds the same.
    if stock.over(node, seen).is_none() && stock.crowd().line.is_queued(node) {
        let need = stock.crowd().number(node);
        let called = stock.crowd().line.is_called(node);
        match stock.price(seen, Stand::InLine(node), need) {
            // One who sleeps has a waker already, and should not have made a clone.
            Some(price) if called || clone.is_none() => {
                if let Some(got) = stock.take(node, seen, price) {
                    let spent = if called {
                        clone
                    } else {
                        stock.crowd().line.get_mut(node).disarm()
                    };
                    stock.crowd().leave(node);
                    stock.after_leaving();
                    let poll = |clone| Polling::new(node, waker, always_answers, clone);
                    return after_taking(lock, stock, spent, got, poll, undo);
                }
            }
            None if !called && has_but_to_sleep(&mut stock, node, waker, seen, need) => {
                let line = &mut stock.crowd().line;
                if line.get(node).would_wake(waker) {
                    line.settle(node, false, false);
                    return Polled::Asleep;
                }
            }
            None if clone.is_some() && has_but_to_sleep(&mut stock, node, waker, seen, need) => {
                let is_first = stock.crowd().line.is_first(node);
                stock.crowd().answered_in_vain(node);
                if !is_first && stock.has_to_call() {
                    drop(stock);
                    let poll = Polling::new(node, waker, always_answers, clone);
                    return run(lock, poll, Unfinished::Calls, undo);
                }
                let line = &mut stock.crowd().line;
                line.settle(node, false, false);
                if let Some(clone) = clone.take() {
                    line.get_mut(node).arm_new(clone, waker);
                }
                return Polled::Asleep;
            }
            _ => {}
        }
    }
    drop(stock);
    let poll = Polling::new(node, waker, always_answers, clone);
    run(lock, poll, Unfinished::Nothing, undo)
}

/// It has what it wants, and calls those who are to be: most often nobody, or one. `poll` is needed
/// if that is more. `spent` is a clone of its waker, not needed any more.
#[inline]
fn after_taking<'a, S: Stock>(
    lock: impl Fn() -> S,
    mut stock: S,
    spent: Option<Waker>,
    got: S::Got,
    poll: impl FnOnce(Option<Waker>) -> Polling<'a, S::Ask>,
    undo: impl FnOnce(S::Got),
) -> Polled<S::Got>
where
    S::Ask: 'a,
{
    let first = stock.call_next();
    let more = first.is_some() && stock.has_to_call();
    drop(stock);
    let waker = first.and_then(|called| called.waker);
    if more {
        let mut poll = poll(spent);
        if let Some(waker) = waker {
            poll.woken.push(waker);
        }
        return run(lock, poll, Unfinished::CallsOnly(got), undo);
    }
    let got = UndoneByPanic::new(Some(got), undo);
    let spent = Spent(spent);
    if let Some(waker) = waker {
        wake(waker);
    }
    drop(spent);
    match got.keep() {
        Some(got) => Polled::Ready(got),
        None => unreachable!("it was there a moment ago"),
    }
}

/// Whether one in line that can not have what it needs is to sleep, and nothing else.
#[inline]
fn has_but_to_sleep<S: Stock>(
    stock: &mut S,
    node: Node<S::Ask>,
    waker: &Waker,
    seen: S::Seen,
    need: u32,
) -> bool {
    let line = &stock.crowd().line;
    let alone = line.is_first(node) || line.called_of_task(node, waker).is_none();
    alone && stock.free(seen) < need as usize
}
