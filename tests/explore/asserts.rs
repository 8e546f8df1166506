//! What the rules promise, in examples small enough to follow by hand.

use wakeful_rules::rules::Rules;
use wakeful_rules::waiter::{Got, Id, MOST, NEVER, Polled, State, Task};

pub(crate) fn ready<const N: usize>(woken: [Task; N]) -> Polled {
    Polled::new(Got::It(()), woken.to_vec())
}

fn pending<const N: usize>(woken: [Task; N]) -> Polled {
    Polled::new(Got::NotYet, woken.to_vec())
}

/// The rules, with each waiter polled by the task that it was made for.
pub(crate) struct Core(pub(crate) Rules);

impl Core {
    pub(crate) fn new(free: usize, limit: u32, patience: u32) -> Self {
        Self(Rules::new(free, limit, patience))
    }

    /// Of slots.
    pub(crate) fn of_slots() -> Self {
        Self(Rules::new(0, 0, NEVER).of_slots())
    }

    /// Sleeping waiters, one for each of the tasks 0, 1, 2, ..., that need this many permits each.
    pub(crate) fn sleepers<const N: usize>(&mut self, needs: [usize; N]) -> [Id; N] {
        let mut task = 0;
        needs.map(|need| {
            let id = self.0.newcomer(task, need);
            assert!(self.waits(id));
            task += 1;
            id
        })
    }

    /// One waiter for each of the tasks 0, 1, 2, ..., in this order.
    fn each<const N: usize>(&mut self) -> [Id; N] {
        std::array::from_fn(|task| self.0.newcomer(task as Task, 1))
    }

    pub(crate) fn poll(&mut self, id: Id) -> Polled {
        let polled = self.0.poll(id, self.0.waiter(id).task);
        self.0.assert_invariants();
        polled
    }

    pub(crate) fn gets_in(&mut self, id: Id) -> bool {
        self.poll(id).got == Got::It(())
    }

    pub(crate) fn waits(&mut self, id: Id) -> bool {
        self.poll(id).got == Got::NotYet
    }

    pub(crate) fn tries(&mut self, need: usize) -> bool {
        self.0.try_take(need) == Got::It(())
    }

    pub(crate) fn release(&mut self, permits: usize) -> Vec<Task> {
        let woken = self.0.release(permits);
        self.0.assert_invariants();
        woken
    }

    pub(crate) fn drop(&mut self, id: Id) -> Vec<Task> {
        let woken = self.0.drop(id);
        self.0.assert_invariants();
        woken
    }
}

/// A holder, a waiter that is called and never answers, and two arrivals that probe one after the other.
fn two_probers() -> (Core, [Id; 4]) {
    let mut c = Core::new(1, 0, 9);
    let [h, dead, a, b] = c.each();
    assert_eq!(c.poll(h), ready([]));
    assert_eq!(c.poll(dead), pending([]));
    assert_eq!(c.release(1), [1]);
    assert_eq!(c.poll(a), pending([2]));
    assert_eq!(c.poll(a), pending([2]));
    assert_eq!(c.poll(b), pending([3]));
    (c, [h, dead, a, b])
}

fn gets_in_within(c: &mut Core, id: Id, polls: u32) -> bool {
    (0..polls).any(|_| c.gets_in(id))
}

#[test]
fn the_latest_prober_is_polled_once_and_kept() {
    let (mut c, [_, _, a, _]) = two_probers();
    assert!(gets_in_within(&mut c, a, 9));
}

#[test]
fn the_latest_prober_is_dropped() {
    let (mut c, [_, _, a, b]) = two_probers();
    assert_eq!(c.poll(b), pending([3]));
    assert_eq!(c.poll(a), pending([]), "there is one prober, the latest");
    assert_eq!(c.drop(b), [2], "who sleeps just ahead probes on");
    assert!(gets_in_within(&mut c, a, 9));
}

/// Its waker is spent, until it is polled again.
#[test]
fn who_was_left_the_role_is_woken_once() {
    let (mut c, [_, dead, a, b]) = two_probers();
    let _ = (c.poll(b), c.poll(a));
    assert_eq!(c.drop(b), [2]);
    assert_eq!(c.drop(dead), [], "a is called");
    assert_eq!(c.0.waiter(a).state, State::Called);
    assert_eq!(c.poll(a), ready([]));
}

#[test]
fn the_role_is_left_to_the_first_too() {
    let mut s = Core::new(0, 1, 9);
    let big = s.0.newcomer(0, 2);
    let small = s.0.newcomer(1, 1);
    let _ = s.poll(big);
    assert_eq!(s.release(2), [0]);
    assert!(s.tries(1), "one overtakes");
    assert_eq!(s.poll(small), pending([1]));
    assert_eq!(s.poll(small), pending([1]));
    assert_eq!(s.0.prober, Some(small));
    assert_eq!(s.poll(big), pending([]));
    assert_eq!(s.drop(small), [0]);
    assert_eq!(s.0.prober, Some(big));
}

/// At the second meeting, so that nothing is kept for it.
#[test]
fn a_called_waiter_of_the_same_task_is_passed_over_whatever_is_free() {
    let mut c = Core::new(0, 0, 1);
    let (f1, w, n) = (c.0.newcomer(0, 1), c.0.newcomer(0, 3), c.0.newcomer(1, 1));
    let _ = c.poll(f1);
    assert_eq!(c.release(1), [0]);
    assert_eq!(c.poll(w), pending([0]));
    assert_eq!(c.0.waiter(f1).state, State::Called);
    assert_eq!(c.poll(w), pending([]));
    assert_eq!(c.0.waiter(f1).state, State::Passed);
    assert!(!c.gets_in(n));
    assert_eq!(c.drop(w), [1], "so nothing is kept for it");
    assert!(c.gets_in(n));
}

/// A waiter meets a call twice, and is through.
fn gets_in_at_the_second_poll(c: &mut Core, id: Id) -> bool {
    !c.gets_in(id) && c.gets_in(id)
}

#[test]
fn who_comes_back_stands_in_its_old_place() {
    let mut c = Core::new(0, 0, 64);
    let (u, f, f2) = (c.0.newcomer(1, 1), c.0.newcomer(0, 1), c.0.newcomer(0, 1));
    let _ = (c.poll(u), c.poll(f), c.release(2));
    assert!(gets_in_at_the_second_poll(&mut c, f2));
    assert_eq!(c.0.waiter(f).state, State::Passed);
    assert!(!c.gets_in(f));
    assert_eq!(c.0.queue, [u, f]);
    assert!(c.gets_in(u));
}

/// `f` was first and passed over, and `w` called instead, but somebody overtook `w`.
#[test]
fn who_was_first_comes_back_ahead_of_a_called_one() {
    let mut c = Core::new(1, 1, 64);
    let [f, w, h] = c.each();
    let f2 = c.0.newcomer(0, 1);
    assert!(c.gets_in(h));
    assert_eq!(c.poll(f), pending([]));
    assert_eq!(c.poll(w), pending([]));
    assert_eq!(c.release(1), [0]);
    assert!(c.tries(1), "f has credit");
    assert_eq!(c.poll(f2), pending([0]), "f2 meets f");
    assert_eq!(c.release(1), [], "f is called already");
    assert_eq!(c.poll(f2), ready([1]), "passes f over and overtakes w");
    assert_eq!(c.poll(f), pending([]));
    assert_eq!(c.0.queue, [f, w]);
    assert_eq!(c.release(1), [0]);
    assert_eq!(c.0.called().collect::<Vec<_>>(), [f, w]);
    assert!(c.gets_in(f) && !c.gets_in(w));
}

#[test]
fn patience_grows_by_probing_alone() {
    let mut c = Core::new(1, 0, 64);
    let (f, h) = (c.0.newcomer(0, 1), c.0.newcomer(1, 1));
    let _ = (c.poll(h), c.poll(f), c.release(1));
    for _ in 0..9 {
        let x = c.0.newcomer(0, 1);
        assert!(gets_in_at_the_second_poll(&mut c, x) && !c.gets_in(f));
        c.release(1);
    }
    assert_eq!(c.0.waiter(f).grant, 64);
    for _ in 0..9 {
        let x = c.0.newcomer(2, 1);
        assert!(gets_in_within(&mut c, x, MOST + 2));
        let _ = (c.poll(f), c.release(1));
    }
    assert_eq!(c.0.waiter(f).grant, MOST, "and never to never");
}

#[test]
fn patience_never_is_never() {
    let mut c = Core::new(0, 0, NEVER);
    let [w, n] = c.each();
    let _ = (c.poll(w), c.release(1));
    assert_eq!(c.poll(n), pending([]));
    assert!(!gets_in_within(&mut c, n, 2 * MOST));
}

#[test]
fn a_blocked_thread_is_never_passed_over() {
    let mut c = Core::new(0, 0, 1);
    let (thread, n) = (c.0.blocking_newcomer(0, 1), c.0.newcomer(1, 1));
    let _ = (c.poll(thread), c.release(1));
    assert!(!gets_in_within(&mut c, n, 9) && c.gets_in(thread));
}

#[test]
fn who_was_passed_over_comes_back_to_the_front_and_more_patient() {
    let mut c = Core::new(0, 0, 1);
    let [a, b, n] = c.each();
    assert_eq!(c.poll(a), pending([]));
    assert_eq!(c.poll(b), pending([]));
    assert_eq!(c.release(1), [0]);
    assert_eq!(c.poll(b), pending([]), "b sleeps on");
    assert_eq!(c.poll(n), pending([2]), "the arrival probes");
    assert_eq!(c.poll(n), pending([1, 2]), "and passes a over");
    assert_eq!(c.0.waiter(a).state, State::Passed);
    assert!(c.gets_in(b), "b's turn");
    assert_eq!(c.poll(a), pending([]));
    assert_eq!(c.0.queue, [a, n]);
    assert_eq!(c.0.waiter(a).patience, 8);
}

#[test]
fn exactly_k_newcomers_get_in() {
    for k in 0..4 {
        let mut c = Core::new(0, k, 1);
        let [w] = c.each();
        let _ = (c.poll(w), c.release(1));
        for _ in 0..k {
            assert!(c.tries(1));
            c.release(1);
        }
        assert!(!c.tries(1) && c.gets_in(w));
    }
}

#[test]
fn each_answer_in_vain_halves_the_credit_that_is_left() {
    let mut c = Core::new(0, 8, 1);
    let [w] = c.each();
    let _ = (c.poll(w), c.release(1));
    let mut vain = 0;
    while c.tries(1) {
        assert!(!c.gets_in(w));
        vain += 1;
        c.release(1);
    }
    assert!(vain == 3 && c.gets_in(w));
}

#[test]
fn a_cancelled_large_head_lets_the_small_one_in() {
    let mut c = Core::new(1, 0, 1);
    let (big, small) = (c.0.newcomer(0, 3), c.0.newcomer(1, 1));
    assert!(!c.gets_in(big) && !c.gets_in(small));
    assert_eq!(c.drop(big), [1]);
    assert!(c.gets_in(small));
}
