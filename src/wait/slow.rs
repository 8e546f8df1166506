//! Polling a waiter by all six rules, in every case: stored waiters, closed primitives, unanswered calls. A
//! poll is one critical section, interrupted only to clone the waker, or to wake a full batch of called
//! waiters.

use std::mem;
use std::task::{Poll, Waker};

use super::guarded::{Due, Latched};
use super::node::{NodeRef, Stage, State, mark};
use super::pool::{Pool, undone_by_panic};
use super::rules::Unanswered;
use super::wake::{FirstPanic, Spent, WakeBatch};
use crate::sync::{Since, WOKEN_AT_ONCE};

/// The result of polling a waiter.
enum Polled<T> {
    Ready(T),
    Asleep,
    /// It must be polled again soon (rules 4 and 5).
    Again,
}

/// Why a critical section ends.
enum Step {
    /// The poll has a result, and nobody is due.
    Done,
    /// The waker has to be cloned, which is foreign code.
    Clone,
    /// The batch of wakers is full.
    Wake,
}

/// A poll, between its critical sections.
struct Polling<'a, P: Pool> {
    core: &'a P::Core,
    node: NodeRef,
    waker: &'a Waker,
    blocked: bool,
    /// Whether it may begin to probe: this is its first or its last poll, or it is stored.
    arrives: bool,
    /// When its wait began, if this may be its last poll.
    waits_since: Option<Since>,
    /// Whether it leaves what is free to another stored waiter of its task.
    gives_way: bool,
    clone: Option<Waker>,
    /// Wakers that are not needed any more.
    spent: Spent,
    woken: WakeBatch<2>,
    /// Whether a batch was woken already.
    wakes: bool,
    /// Whether somebody may be due.
    calls: bool,
    /// Its result, once nothing is left to do but to call.
    polled: Option<Polled<P::Output>>,
    /// Whether it acquired something.
    acquired: bool,
    /// Whether that is in doubt.
    in_doubt: bool,
}

#[cold]
#[inline(never)]
pub(super) fn poll_by_all_rules<P: Pool>(
    core: &P::Core,
    node: NodeRef,
    waker: &Waker,
    blocked: bool,
    clone: Option<Waker>,
    waits_since: Option<Since>,
) -> Poll<P::Output> {
    let mut polling = Polling::<P> {
        core,
        node,
        waker,
        blocked,
        arrives: P::STORED || waits_since.is_some(),
        waits_since,
        gives_way: false,
        clone,
        spent: Spent::new(),
        woken: WakeBatch::new(),
        wakes: false,
        calls: false,
        polled: None,
        acquired: false,
        in_doubt: false,
    };
    let mut panic = FirstPanic::default();
    loop {
        let mut latched = P::prepare(core, P::latch(core));
        match polling.step(&mut latched) {
            Step::Done => {
                if polling.runs_foreign_code() {
                    polling.doubt(&mut latched);
                }
                break;
            }
            Step::Clone => {
                drop(latched);
                polling.clone = Some(waker.clone());
            }
            Step::Wake => {
                polling.doubt(&mut latched);
                latched.drop_unsettled();
                polling.wakes = true;
                let woken = mem::replace(&mut polling.woken, WakeBatch::new());
                panic.catch(|| woken.wake_all());
            }
        }
    }
    polling.spent.put(polling.clone);
    let wakes = polling.wakes || !polling.woken.is_empty();
    let wake = |mut panic: FirstPanic| {
        panic.catch(|| polling.woken.wake_all());
        panic.catch(|| drop(polling.spent));
        panic.go_on();
    };
    match polling.polled.expect("it has come to something") {
        Polled::Ready(mut output) => {
            node.end(Stage::Done);
            let undone = undone_by_panic::<P>(core, node, &mut output);
            wake(panic);
            if polling.in_doubt {
                P::decide(core);
            }
            mem::forget(undone);
            Poll::Ready(output)
        }
        polled => {
            wake(panic);
            // A waker that ran may have parked this thread, and used up the wake-up that it waits for.
            let may_be_woken = blocked && wakes;
            if may_be_woken || matches!(polled, Polled::Again) {
                return node.poll_again(waker, blocked);
            }
            Poll::Pending
        }
    }
}

impl<P: Pool> Polling<'_, P> {
    fn step(&mut self, latched: &mut Latched<'_, P::Inside>) -> Step {
        let node = self.node;
        loop {
            if self.calls {
                if !self.call(latched) {
                    return Step::Wake;
                }
                self.calls = false;
            }
            match self.polled.take() {
                // It was itself called (further back than any walk goes), or removed to be polled again (a
                // queue was closed): poll it again now.
                Some(Polled::Asleep | Polled::Again)
                    if !self.gives_way && matches!(node.state(), State::Called | State::New) => {}
                Some(polled) => {
                    self.polled = Some(polled);
                    return Step::Done;
                }
                None => {}
            }

            let gives_way = self.gives_way(latched);
            if let Some(output) = P::resolved(self.core, latched, node) {
                self.leave(latched);
                self.end(Polled::Ready(output));
                continue;
            }
            self.arrives |= node.state() == State::New;
            if gives_way && !self.gives_way {
                self.gives_way = true;
                self.spent.put(node.disarm());
                if let Some((shelf, line)) = P::shelf(latched) {
                    shelf.await_turn(node, self.waker, line);
                    P::sync_all(latched);
                }
                self.end(Polled::Again);
                continue;
            }
            if self.is_admitted(latched) {
                self.leave(latched);
                let output = P::take::<false>(latched, node);
                P::sync(latched);
                self.acquired = true;
                self.end(Polled::Ready(output));
                continue;
            }

            if self.clone.is_none() && !node.would_wake(self.waker) {
                return Step::Clone;
            }
            self.sleep(latched);
            let kept = P::keeps(latched) && P::free(latched) >= node.need() as usize;
            let line = P::line(latched);
            if let (true, Some(since)) = (kept, self.waits_since) {
                line.date_call(node, since);
            }
            let mut arrives = self.arrives;
            let (again, probes) = match line.unanswered(node, self.waker, arrives, kept) {
                Unanswered::Sleep => (false, false),
                Unanswered::WakeItself => {
                    // It may still probe after its own task's waiter was passed over.
                    arrives |= node.has(mark::PROBED);
                    (true, kept && line.may_probe(node, arrives))
                }
                Unanswered::Probe => (true, true),
                Unanswered::PassedOver => {
                    P::sync(latched);
                    self.calls = true;
                    continue;
                }
            };
            line.settle(node, arrives, probes);
            self.end(if again { Polled::Again } else { Polled::Asleep });
        }
    }

    /// Sets the result; nothing is left to do but to call.
    fn end(&mut self, polled: Polled<P::Output>) {
        self.polled = Some(polled);
        self.calls = true;
    }

    /// Whether foreign code is still to run, or may have panicked already.
    fn runs_foreign_code(&self) -> bool {
        self.wakes || !self.woken.is_empty() || !self.spent.is_empty() || self.clone.is_some()
    }

    /// Foreign code runs next: what was acquired is in doubt from now on.
    fn doubt(&mut self, latched: &mut Latched<'_, P::Inside>) {
        if self.acquired && !self.in_doubt {
            P::doubt(latched);
            self.in_doubt = true;
        }
    }

    /// Whether it may acquire. If it was passed over, it comes back to its old place first.
    fn is_admitted(&self, latched: &mut Latched<'_, P::Inside>) -> bool {
        let (node, free) = (self.node, P::free(latched));
        if !P::keeps(latched) && free >= node.need() as usize {
            return true;
        }
        let line = P::line(latched);
        if P::STORED {
            return line.admit_newcomer(node.need(), free);
        }
        match node.state() {
            State::New => line.admit_newcomer(node.need(), free),
            State::Called => line.admit_called(node, free),
            State::Asleep => line.admit_queued(node, free),
            State::Passed => {
                line.come_back(node);
                P::sync(latched);
                P::line(latched).admit_queued(node, free)
            }
            State::Served | State::Done => unreachable!("what is done is not polled"),
        }
    }

    /// A stored waiter is polled: whether it gives way to another one of its task.
    fn gives_way(&self, latched: &mut Latched<'_, P::Inside>) -> bool {
        P::shelf(latched).is_some_and(|(shelf, _)| {
            shelf.answer(self.node);
            shelf.gives_way(self.node, self.waker)
        })
    }

    /// Goes to sleep, or stays asleep, with the waker it was polled with.
    fn sleep(&mut self, latched: &mut Latched<'_, P::Inside>) {
        let node = self.node;
        if !node.would_wake(self.waker) {
            self.spent.put(node.disarm());
        }
        // A stored waiter sleeps beside the line, where there is a shelf.
        let shelf = P::shelf(latched);
        let shelved = shelf.is_some();
        if let Some((shelf, line)) = shelf {
            shelf.shelve(node, line);
            P::sync_all(latched);
        } else if node.state() == State::Called {
            P::line(latched).answer_in_vain(node);
            P::line(latched).drop_near_holes();
            P::sync(latched);
        }
        if node.is_armed() {
            return;
        }
        let clone = self.clone.take();
        let clone = clone.expect("it has no waker, and so a clone was made");
        if !shelved && node.state() == State::New {
            P::line(latched).enqueue(node, self.blocked, clone, self.waker);
            P::queued(latched, node);
        } else {
            node.arm(clone, self.waker);
        }
    }

    /// Its wait is over.
    fn leave(&mut self, latched: &mut Latched<'_, P::Inside>) {
        let own = self.node.disarm();
        self.spent.put(own);
        P::leave(latched, self.node);
        P::line(latched).end_probing(self.node);
    }

    /// Calls all waiters that are due, without waking the one being polled; `false` if the batch fills up
    /// first.
    fn call(&mut self, latched: &mut Latched<'_, P::Inside>) -> bool {
        for _ in 0..WOKEN_AT_ONCE {
            let Some(due) = latched.due() else {
                return true;
            };
            if !self.woken.has_room() {
                return false;
            }
            let was_armed = self.node.is_armed();
            let waker = latched.call_due(due);
            if was_armed && !self.node.is_armed() {
                self.spent.put(waker);
            } else if let Some(waker) = waker {
                self.woken.push(waker);
            } else if due == Due::Rare {
                break; // something was tidied up: enough for one time
            }
        }
        latched.due().is_none()
    }
}
