//! Polling a waiter that outlives its futures: it is stored in a handle, so that nobody knows whether
//! it will be polled again. It stands in a line of its own, its *shelf*, as long as it sleeps; nothing
//! is kept for it, and its call stands for nobody else's. Otherwise it is an arrival at each poll.

use std::task::Waker;

use super::crowd::Stand;
use super::line::Line;
use super::polling::{Polled, Polling, Step};
use super::stock::{Stock, Unfinished, finish_calls};
use super::waiter::Node;

/// A stock that has stored waiters beside its crowd.
pub(crate) trait Shelved: Stock {
    /// Where they sleep.
    fn shelf(&mut self) -> &mut Line<Self::Ask>;

    /// The number of the latest news for all of them.
    fn news(&self) -> u32;
}

/// Polls a stored waiter.
pub(crate) fn poll_stored<S: Shelved>(
    lock: impl Fn() -> S,
    node: Node<S::Ask>,
    waker: &Waker,
    always_answers: bool,
    undo: impl FnOnce(S::Got),
) -> Polled<S::Got> {
    let mut unfinished = Unfinished::Nothing;
    Polling::new(node, waker, always_answers, None)
        .run(|poll| step(&mut lock(), poll, &mut unfinished), undo)
}

/// A stored waiter is dropped; if it was the prober, somebody is to be woken instead.
pub(crate) fn leave_shelf<S: Shelved>(stock: &mut S, node: Node<S::Ask>) -> Option<Waker> {
    stock.shelf().leave(node);
    let line = &mut stock.crowd().line;
    if !line.is_prober(node) {
        return None;
    }
    match line.bequeath() {
        None => stock.shelf().unshelve_last(),
        heir => heir,
    }
}

fn step<S: Shelved>(
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
        let over = stock.over(node, seen);
        let need = stock.crowd().number(node);
        let got = match (over, stock.price(seen, Stand::Behind, need)) {
            (None, Some(price)) => stock.take(node, seen, price),
            (over, _) => over,
        };
        if let Some(got) = got {
            poll.leave(stock.shelf());
            stock.crowd().line.end_probing(node);
            if stock.has_to_call() {
                *unfinished = Unfinished::CallsOnly(got);
                continue;
            }
            return Step::Done(Polled::Ready(got));
        }

        if poll.needs_clone(stock.shelf()) {
            return Step::Clone;
        }
        let news = stock.news();
        poll.is_new |= stock.shelf().shelve(node, news);
        let kept = stock.free(seen) >= need as usize;
        let crowd = stock.crowd();
        if let Some(probes) = crowd.heed(node, poll.waker, poll.is_new, kept) {
            return poll.settle(&mut crowd.line, probes);
        }
        // It is being polled, and needs no waking.
        let own = stock.shelf().get_mut(node).disarm();
        poll.keep_old(own);
        *unfinished = Unfinished::Calls;
    }
}
