//! Polling a waiter for a number of something: how it takes what it needs, goes to sleep, and what it
//! does for others meanwhile. This is `poll` of the rules, for everything that is counted.

pub(crate) mod quick;

use std::mem;
use std::task::Waker;

use super::crowd::{Crowd, Needs, Price, Stand};
use super::polling::{Polled, Polling, Step};
use super::waiter::{Node, State};

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

/// Somebody was called.
pub(crate) struct Called<A> {
    /// Who, if it stands in the crowd of this side.
    pub(crate) node: Option<Node<A>>,
    pub(crate) waker: Option<Waker>,
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
            crowd.enqueue(node, poll.always_answers);
            poll.is_new = true;
        }
        State::Passed => crowd.come_back(node),
        State::Called => crowd.answered_in_vain(node),
        State::Asleep | State::Done => {}
    }
}
