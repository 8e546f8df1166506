//! Wakers that panic: others are woken first, the first panic propagates, no item and no slot is lost,
//! and nothing propagates while the thread unwinds already, where a second panic would abort.

use std::pin::Pin;
use std::sync::Arc;
use std::task::Waker;

use wakeful::queue::{self, Sender};
use wakeful::{Fairness, Queue};

use super::{full, pop_asleep, push_asleep};
use crate::support::lines::Side;
use crate::support::{Hooks, KINDS, Task, Waiting, panics, poll_with, sleeping};

pub(super) fn panics_in_wake(said: &'static str) -> Waker {
    Hooks::default().on_wake(move || panic!("{said}")).waker()
}

/// Only while it is armed: a waker has to be dropped at last.
pub(super) fn panics_in_drop() -> (Waker, Arc<Task>) {
    let disarm = Task::new();
    let disarmed = Arc::clone(&disarm);
    let on_drop = move || assert!(disarmed.wakes() > 0, "in drop");
    (Hooks::default().on_drop(on_drop).waker(), disarm)
}

pub(super) fn asleep_with<F: Future>(waker: &Waker, future: F) -> Pin<Box<F>> {
    let mut future = Box::pin(future);
    assert!(poll_with(waker, future.as_mut()).is_pending());
    future
}

/// Slots that call a few at a time.
const FEW: usize = 50;
/// Slots that call many.
const MANY: usize = 1 << 30;

/// A crowd in line, of whom some panic when they are woken, in different batches.
struct Crowd<F> {
    quiet: Vec<Waiting<F>>,
    loud: Vec<Pin<Box<F>>>,
}

impl<F: Future> Crowd<F> {
    fn new(future: impl FnMut() -> F) -> Self {
        Self::of(50, future)
    }

    /// As many as so many slots call at once.
    fn called_by(slots: usize, future: impl FnMut() -> F) -> Self {
        Self::of(Side::Slots.called_at_once(slots, 50), future)
    }

    fn of(count: usize, mut future: impl FnMut() -> F) -> Self {
        let (mut quiet, mut loud) = (Vec::new(), Vec::new());
        for nth in 0..count {
            match nth {
                3 => loud.push(asleep_with(&panics_in_wake("the first"), future())),
                4 | 20 | 49 => loud.push(asleep_with(&panics_in_wake("a later one"), future())),
                _ => quiet.push(sleeping(&Task::new(), future())),
            }
        }
        Self { quiet, loud }
    }

    fn assert_all_woken(&self) {
        assert!(self.quiet.iter().all(|waiter| waiter.wakes() == 1));
    }

    /// What each comes to.
    fn outcomes(&mut self) -> Vec<F::Output> {
        let quiet = self
            .quiet
            .iter_mut()
            .map(|waiter| waiter.poll().expect("called"));
        let mut outcomes: Vec<_> = quiet.collect();
        for loud in &mut self.loud {
            match poll_with(Waker::noop(), loud.as_mut()) {
                std::task::Poll::Ready(outcome) => outcomes.push(outcome),
                std::task::Poll::Pending => panic!("called"),
            }
        }
        outcomes
    }
}

#[test]
fn all_others_are_woken_before_a_panic_propagates_from_what_makes_room() {
    for fairness in KINDS {
        for way in 0..3 {
            let (sender, receiver) =
                super::filled(Queue::bounded(FEW).with_fairness(fairness)).into_channel();
            let mut crowd = Crowd::called_by(FEW, || sender.send(7));
            let mut to = Vec::new();
            let said = panics(|| match way {
                0 => drop(receiver.drain()),
                1 => assert!(receiver.try_recv_many(&mut to, 50).is_ok()),
                _ => drop(Waiting::new(receiver.recv_many(&mut to, 50)).poll()),
            });
            assert_eq!(said, "the first", "{fairness:?}, {way}");
            if way == 0 {
                to = receiver.drain();
            }
            assert!(to.into_iter().eq(0..50), "no item is lost");
            crowd.assert_all_woken();
            let outcomes = crowd.outcomes();
            assert!(outcomes.iter().all(|pushed| pushed.is_ok()));
            assert_eq!(receiver.drain(), vec![7; outcomes.len()]);
        }
    }
}

#[test]
fn all_others_are_woken_before_a_panic_propagates_from_permits() {
    for fairness in KINDS {
        let (sender, _receiver) = Queue::bounded(MANY).with_fairness(fairness).into_channel();
        let permits = sender.try_reserve_many(MANY).unwrap();
        let mut crowd = Crowd::called_by(MANY, || sender.send(7));
        assert_eq!(panics(|| drop(permits)), "the first");
        crowd.assert_all_woken();
        assert!(crowd.outcomes().into_iter().all(|pushed| pushed.is_ok()));
    }
}

#[test]
fn all_others_are_woken_before_a_panic_propagates_from_cancelling() {
    for fairness in KINDS {
        let (sender, receiver) =
            super::filled(Queue::bounded(FEW + 1).with_fairness(fairness)).into_channel();
        let large = sleeping(&Task::new(), sender.reserve_many(FEW + 1));
        let mut crowd = Crowd::called_by(FEW, || sender.send(7));
        assert_eq!(receiver.try_recv_many(&mut Vec::new(), FEW), Ok(FEW));
        assert_eq!(panics(|| drop(large)), "the first");
        crowd.assert_all_woken();
        assert!(crowd.outcomes().into_iter().all(|pushed| pushed.is_ok()));
    }
}

#[test]
fn all_others_are_woken_before_a_panic_propagates_from_every_closing() {
    for fairness in KINDS {
        for way in 0..4 {
            let (sender, receiver) = Queue::<u8>::bounded(1)
                .with_fairness(fairness)
                .into_channel();
            let queue = Queue::<u8>::bounded(1).with_fairness(fairness);
            match way {
                0 => {
                    let mut pops = Crowd::new(|| receiver.recv());
                    assert_eq!(panics(|| sender.close()), "the first");
                    pops.assert_all_woken();
                    assert!(pops.outcomes().iter().all(Option::is_none));
                }
                1 => {
                    let mut pops = Crowd::new(|| receiver.recv());
                    assert_eq!(panics(|| drop(sender)), "the first");
                    pops.assert_all_woken();
                    assert!(pops.outcomes().iter().all(Option::is_none));
                }
                2 => {
                    sender.try_send(1).unwrap();
                    let mut pushes = Crowd::new(|| sender.send(7));
                    let mut closings = Crowd::new(|| sender.closed());
                    assert_eq!(panics(|| drop(receiver)), "the first");
                    pushes.assert_all_woken();
                    closings.assert_all_woken();
                    assert!(pushes.outcomes().iter().all(Result::is_err));
                    assert_eq!(closings.outcomes().len(), 50);
                    assert_eq!((sender.len(), sender.receiver_count()), (0, 0));
                }
                _ => {
                    queue.try_push(1).unwrap();
                    let mut pushes = Crowd::new(|| queue.push(7));
                    assert_eq!(panics(|| queue.close_and_drain()), "the first");
                    pushes.assert_all_woken();
                    assert!(pushes.outcomes().iter().all(Result::is_err));
                    assert!(queue.is_closed());
                }
            }
        }
    }
}

#[test]
fn all_others_are_woken_before_a_panic_propagates_at_a_rendezvous() {
    let queue = Queue::bounded(0);
    let mut pushes = Crowd::new(|| queue.push(7));
    let mut to = Vec::new();
    assert_eq!(panics(|| queue.try_pop_many(&mut to, 50)), "the first");
    assert_eq!(to, [7; 50]);
    pushes.assert_all_woken();
    assert!(pushes.outcomes().into_iter().all(|pushed| pushed.is_ok()));
}

#[test]
fn while_unwinding_every_panic_of_a_waker_is_swallowed() {
    for way in 0..3 {
        let (sender, receiver) = Queue::<usize>::bounded(MANY).into_channel();
        let permits = (way == 0).then(|| sender.try_reserve_many(MANY).unwrap());
        let other = (way == 1).then(|| sender.clone());
        let pops = (way != 0).then(|| Crowd::new(|| receiver.recv()));
        let pushes = (way == 0).then(|| Crowd::called_by(MANY, || sender.send(7)));
        let last = (way == 2).then(|| CloseOnDrop(&sender));
        let said = panics(|| {
            let _dropped = (permits, other, last);
            panic!("the outer one");
        });
        assert_eq!(said, "the outer one");
        pushes.iter().for_each(Crowd::assert_all_woken);
        match pops {
            Some(pops) if way == 2 => pops.assert_all_woken(),
            Some(pops) => assert!(pops.quiet.iter().all(|pop| pop.wakes() == 0)),
            None => {}
        }
    }
}

struct CloseOnDrop<'a>(&'a Sender<usize>);

impl Drop for CloseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

#[test]
fn a_panic_in_clone_leaves_nobody_in_line() {
    for fairness in KINDS {
        let loud = Hooks::default().on_clone(|| panic!("in clone")).waker();
        let queue = super::filled(Queue::bounded(1).with_fairness(fairness));
        let mut new = Box::pin(queue.push(1));
        assert_eq!(
            panics(|| poll_with(&loud, new.as_mut()).is_ready()),
            "in clone"
        );
        let mut push = push_asleep(&queue, 2);
        assert_eq!(
            panics(|| poll_with(&loud, push.future()).is_ready()),
            "in clone"
        );
        assert_eq!(queue.try_pop(), Ok(0));
        assert_eq!(push.wakes(), 1, "it is first, and its waker the old one");
        assert_eq!(push.poll(), Some(Ok(())));
        assert_eq!(queue.try_pop(), Ok(2));
        assert!(
            poll_with(Waker::noop(), new.as_mut()).is_ready(),
            "it has its item still"
        );
        assert_eq!(queue.try_pop(), Ok(1));

        let mut new = Box::pin(queue.pop());
        assert_eq!(
            panics(|| poll_with(&loud, new.as_mut()).is_ready()),
            "in clone"
        );
        let mut pop = pop_asleep(&queue);
        assert_eq!(
            panics(|| poll_with(&loud, pop.future()).is_ready()),
            "in clone"
        );
        queue.try_push(3).unwrap();
        assert_eq!((pop.wakes(), pop.poll()), (1, Some(Some(3))));
        drop((new, pop, push));
        super::assert_idle(&queue);
    }
}

#[test]
fn a_panic_in_the_drop_of_a_cancelled_waker_leaves_nobody_in_line() {
    for unwinding in [false, true] {
        let queue = full(1);
        let (loud, disarm) = panics_in_drop();
        let cancelled = asleep_with(&loud, queue.push(1));
        let mut next = push_asleep(&queue, 2);
        let said = panics(|| {
            let _cancelled = cancelled;
            assert!(!unwinding, "the outer one");
        });
        disarm.count();
        let expected = if unwinding {
            "the outer one"
        } else {
            "in drop"
        };
        assert_eq!(said, expected);
        assert_eq!(queue.try_pop(), Ok(0));
        assert_eq!((next.wakes(), next.poll()), (1, Some(Ok(()))));
    }
}

/// A stored waiter that panics keeps no `recv` from being woken, nor the other way round.
#[test]
fn stored_waiters_panic_beside_others() {
    for loud_stored in [false, true] {
        let (sender, mut receiver) = queue::bounded(2);
        let other = receiver.clone();
        let (quiet, loud) = (Task::new(), panics_in_wake("in wake"));
        let quiet_waker = Waker::from(Arc::clone(&quiet));
        let wakers = if loud_stored {
            [&loud, &quiet_waker]
        } else {
            [&quiet_waker, &loud]
        };
        let mut context = std::task::Context::from_waker(wakers[0]);
        assert!(receiver.poll_recv(&mut context).is_pending());
        let mut recv = asleep_with(wakers[1], other.recv());
        assert_eq!(panics(|| sender.try_send(1)), "in wake");
        assert_eq!(quiet.wakes(), 1);
        assert!(poll_with(Waker::noop(), recv.as_mut()).is_ready());
        let again = pop_asleep_of(&other);
        drop(again);
    }
}

fn pop_asleep_of(receiver: &queue::Receiver<i32>) -> Waiting<queue::Pop<'_, i32>> {
    sleeping(&Task::new(), receiver.recv())
}

/// Called in vain meanwhile: the line is whole afterwards.
#[test]
fn a_panic_in_wake_leaves_the_line_whole() {
    let queue = Queue::bounded(2).with_fairness(Fairness::FIFO);
    let (mut first, second) = (pop_asleep(&queue), pop_asleep(&queue));
    let loud = asleep_with(&panics_in_wake("in wake"), queue.pop());
    let mut last = pop_asleep(&queue);
    queue.try_push(1).unwrap();
    queue.try_push(2).unwrap();
    assert_eq!(panics(|| drop(second)), "in wake");
    assert_eq!(first.poll(), Some(Some(1)));
    drop(loud);
    assert_eq!((last.wakes(), last.poll()), (1, Some(Some(2))));
}
