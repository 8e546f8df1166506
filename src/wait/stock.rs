//! Polling a waiter for a number of something: how it takes what it needs, goes to sleep, and what it
//! does for others meanwhile. This is `poll` of the rules, for everything that is counted.

use std::mem;
use std::task::Waker;

use super::crowd::{Crowd, Needs, Price, Stand};
use super::line::Unanswered;
use super::polling::{Polled, Polling, Step, UndoneByPanic};
use super::waiter::{Node, State};
use super::wake::{Spent, wake};

/// What is waited for, with the short lock held, as the waiters of one crowd see it.
pub(crate) trait Stock {
    type Ask: Needs;
    type Got;
    /// What it looked like, where it changes beside the short lock too.
    type Seen: Copy;

    fn crowd(&mut self) -> &mut Crowd<Self::Ask>;

    fn look(&mut self) -> Self::Seen;

    fn free(&self, seen: Self::Seen) -> usize;

    /// What the wait of `node` has come to, if that is decided already.
    fn over(&mut self, node: Node<Self::Ask>, seen: Self::Seen) -> Option<Self::Got>;

    /// What somebody pays who stands there and needs so many; `None` if they are not to be had.
    #[inline]
    fn price(&mut self, seen: Self::Seen, stand: Stand<Self::Ask>, need: u32) -> Option<Price> {
        let free = self.free(seen);
        self.crowd().price(stand, need, free)
    }

    /// `node` takes what it needs and pays; `None` if it does not look like `seen` any more.
    fn take(&mut self, node: Node<Self::Ask>, seen: Self::Seen, price: Price) -> Option<Self::Got>;

    /// Somebody is going to wait; `false` if it does not look like `seen` any more.
    fn await_more(&mut self, seen: Self::Seen) -> bool;

    /// Somebody has left the line.
    fn after_leaving(&mut self);

    /// Calls the next who is to be called.
    fn call_next(&mut self) -> Option<Called<Self::Ask>>;

    /// Whether somebody is to be called.
    fn has_to_call(&mut self) -> bool;
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

/// Somebody was called.
pub(crate) struct Called<A> {
    /// Who, if it stands in the crowd of this side.
    pub(crate) node: Option<Node<A>>,
    pub(crate) waker: Option<Waker>,
}

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
            let line = &mut stock.crowd().line;
            line.enqueue(node, always_answers);
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
        if let Some(price) = stock.price(seen, Stand::InLine(node), need) {
            // One who sleeps has a waker already.
            let taken = if called || clone.is_none() {
                stock.take(node, seen, price)
            } else {
                None
            };
            if let Some(got) = taken {
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
        } else if !has_but_to_sleep(&mut stock, node, waker, seen, need) {
            // By all rules.
        } else if !called {
            let line = &mut stock.crowd().line;
            if line.get(node).would_wake(waker) {
                line.settle(node, false, false);
                return Polled::Asleep;
            }
        } else if let Some(clone) = clone.take() {
            let is_first = stock.crowd().line.is_first(node);
            stock.crowd().answered_in_vain(node);
            if !is_first && stock.has_to_call() {
                drop(stock);
                let poll = Polling::new(node, waker, always_answers, Some(clone));
                return run(lock, poll, Unfinished::Calls, undo);
            }
            let line = &mut stock.crowd().line;
            line.settle(node, false, false);
            line.get_mut(node).arm_new(clone, waker);
            return Polled::Asleep;
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

/// What one poll has still to do when it must release the short lock on the way.
pub(crate) enum Unfinished<T> {
    Nothing,
    /// To call those who are to be.
    Calls,
    /// The same, when it has what it wants already.
    CallsOnly(T),
}

/// The whole of the rules, whatever the case.
#[cold]
fn run<S: Stock>(
    lock: impl Fn() -> S,
    poll: Polling<'_, S::Ask>,
    mut unfinished: Unfinished<S::Got>,
    undo: impl FnOnce(S::Got),
) -> Polled<S::Got> {
    poll.run(|poll| step(&mut lock(), poll, &mut unfinished), undo)
}

/// One critical section, which is one `poll` of the rules.
fn step<S: Stock>(
    stock: &mut S,
    poll: &mut Polling<'_, S::Ask>,
    unfinished: &mut Unfinished<S::Got>,
) -> Step<S::Got> {
    let node = poll.node;
    loop {
        if let Some(end) = finish_calls(stock, poll, unfinished) {
            return end;
        }

        let seen = stock.look();
        if let Some(got) = stock.over(node, seen) {
            leave(stock, poll);
            return Step::Done(Polled::Ready(got));
        }
        let need = stock.crowd().number(node);
        let line = &stock.crowd().line;
        let state = line.get(node).state();
        let stand = match state {
            State::New => Stand::Behind,
            State::Passed if line.would_be_first(node) => Stand::First,
            State::Passed => Stand::Second,
            State::Asleep | State::Called => Stand::InLine(node),
            State::Done => unreachable!("what is done is not polled"),
        };

        if let Some(price) = stock.price(seen, stand, need) {
            let Some(got) = stock.take(node, seen, price) else {
                continue;
            };
            leave(stock, poll);
            if stock.has_to_call() {
                *unfinished = Unfinished::CallsOnly(got);
                continue;
            }
            return Step::Done(Polled::Ready(got));
        }

        if poll.needs_clone(&stock.crowd().line) {
            return Step::Clone;
        }
        if !stock.await_more(seen) {
            continue;
        }
        fall_asleep(stock.crowd(), poll, state);
        if state == State::Called && stock.has_to_call() {
            *unfinished = Unfinished::Calls;
            continue;
        }
        let kept = stock.free(seen) >= need as usize;
        let crowd = stock.crowd();
        if let Some(probes) = crowd.heed(node, poll.waker, poll.is_new, kept) {
            return poll.settle(&mut crowd.line, probes);
        }
        *unfinished = Unfinished::Calls;
    }
}

fn leave<S: Stock>(stock: &mut S, poll: &mut Polling<'_, S::Ask>) {
    let crowd = stock.crowd();
    crowd.leave(poll.node);
    let own = crowd.line.get_mut(poll.node).disarm();
    poll.keep_old(own);
    stock.after_leaving();
}

/// Makes the calls that are left to make; `Some` if the critical section ends with them.
pub(super) fn finish_calls<S: Stock>(
    stock: &mut S,
    poll: &mut Polling<'_, S::Ask>,
    unfinished: &mut Unfinished<S::Got>,
) -> Option<Step<S::Got>> {
    if matches!(unfinished, Unfinished::Nothing) {
        return None;
    }
    if !call_others(stock, poll) {
        return Some(Step::Wake);
    }
    match mem::replace(unfinished, Unfinished::Nothing) {
        Unfinished::CallsOnly(got) => Some(Step::Done(Polled::Ready(got))),
        Unfinished::Nothing | Unfinished::Calls => None,
    }
}

/// Calls whoever is to be, but wakes not the one being polled; `false` if the batch is full before
/// that is everybody.
pub(crate) fn call_others<S: Stock>(stock: &mut S, poll: &mut Polling<'_, S::Ask>) -> bool {
    while poll.woken.has_room() {
        let Some(called) = stock.call_next() else {
            return true;
        };
        if called.node == Some(poll.node) {
            poll.keep_old(called.waker);
        } else if let Some(waker) = called.waker {
            poll.woken.push(waker);
        }
    }
    !stock.has_to_call()
}

/// Takes its place in line, its old one if it had one.
fn fall_asleep<A: Needs>(crowd: &mut Crowd<A>, poll: &mut Polling<'_, A>, state: State) {
    let node = poll.node;
    match state {
        State::New => {
            crowd.line.enqueue(node, poll.always_answers);
            poll.is_new = true;
        }
        State::Passed => crowd.come_back(node),
        State::Called => crowd.answered_in_vain(node),
        State::Asleep | State::Done => {}
    }
}
