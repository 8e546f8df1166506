//! What has bitten other mutexes, semaphores and channels, each by the issue that tells of it.
//!
//! Those with a module of their own are elsewhere: futurelock (tokio#6450, tokio#7892, RFD 609) in
//! `fairness::futurelock`, forgotten waiters (async-channel#45, tachyonix#1) in `forget`, cancelled ones
//! (bpo-27585, anyio#1145) in `cancel`, merged, stolen and needless wake-ups (async-lock#18, crossfire#22,
//! embassy#1204, thingbuf#83) in `order`, bounds of guards (futures-rs#2239, async-lock#50) in
//! `mutex::auto_traits`, foreign code under the lock (tokio#5429) in `reentrant`, `Duration::MAX` (flume
//! 0.12) in `blocking`. Of channels alone, in `queue`: lost items (kanal#24, kanal#50) in `cancel`, lost last
//! wake-ups (tokio#2854, tokio#8075, tokio#8260, local-sync#4) in `closing`, early returns (flume#140) in
//! `rendezvous`, memory that is never given back (tokio#7355, tokio#4031) in `alloc`.

use std::hint;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;

use wakeful::Fairness;

use crate::support::lines::{Line, Side, cases};
use crate::support::{Task, Waiting, wakes};

cases!(VERBS:
    a_release_that_races_with_the_first_poll_is_not_lost,
    the_last_waker_is_woken_and_no_earlier_one,
    a_call_is_answered_from_another_task,
    wakers_are_not_leaked,
);
cases!(COUNTED: units_that_come_back_one_by_one_call_one_each);

/// async-lock#18, async-std#452: two units came, and but one wake-up.
fn units_that_come_back_one_by_one_call_one_each(side: Side) {
    for line in Line::of_all_kinds(side, 3) {
        let mut held = line.hold(3);
        let mut waiters = [(); 4].map(|()| line.asleep());
        for expected in [[1, 0, 0, 0], [1, 1, 0, 0]] {
            held.pop();
            assert_eq!(wakes(&waiters), expected);
        }
        let got = (waiters[1].poll().unwrap(), waiters[0].poll().unwrap());
        assert_eq!(line.free(), 0);
        held.pop();
        assert_eq!(wakes(&waiters), [1, 1, 1, 0]);
        drop(got);
        assert_eq!(wakes(&waiters), [1, 1, 1, 1]);
        drop(waiters);
        line.assert_idle(3);
    }
}

fn a_release_that_races_with_the_first_poll_is_not_lost(side: Side) {
    for fairness in [Fairness::FIFO, Fairness::DEFAULT] {
        let line = Line::new(side, 1, fairness);
        let rounds = match side {
            side if side.is_mutex() => 20_000,
            side if side.is_semaphore() => 10_000,
            _ => 5_000,
        };
        race_with_the_first_poll(rounds, || line.hold(1), drop, || line.waiting());
    }
}

/// event-listener#138: the way of a release that sees nobody races with a waiter that registers.
pub(crate) fn race_with_the_first_poll<H, F: Future + ?Sized>(
    rounds: usize,
    hold: impl Fn() -> H + Sync,
    release: impl Fn(H) + Sync,
    waiting: impl Fn() -> Waiting<F>,
) {
    let meeting = Meeting::default();
    let mut lost = 0;
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..rounds {
                let held = hold();
                meeting.wait();
                release(held);
                meeting.wait();
                meeting.wait();
            }
        });
        for _ in 0..rounds {
            meeting.wait();
            let mut waiter = waiting();
            let got = waiter.poll();
            meeting.wait();
            lost += usize::from(got.is_none() && waiter.wakes() == 0);
            drop(got);
            drop(waiter);
            meeting.wait();
        }
    });
    assert_eq!(lost, 0, "asleep beside what is free");
}

/// Where two threads meet, again and again. They spin: who was asleep would come too late to race.
#[derive(Default)]
struct Meeting {
    came: AtomicUsize,
}

impl Meeting {
    /// Returns when the other is there, too.
    fn wait(&self) {
        let both = self.came.fetch_add(1, SeqCst) / 2 * 2 + 2;
        let mut spins = 0;
        while self.came.load(SeqCst) < both {
            spins += 1;
            if spins % 30 == 0 {
                assert!(spins < 100_000_000, "the other does not come");
                thread::yield_now(); // there may be fewer cores than threads
            } else {
                hint::spin_loop();
            }
        }
    }
}

/// tokio#4751: polled again with a different waker, of which the last counts.
fn the_last_waker_is_woken_and_no_earlier_one(side: Side) {
    let line = Line::new(side, 1, Fairness::DEFAULT);
    let held = line.hold(1);
    let mut waiter = line.asleep();
    let (middle, last) = (Task::new(), Task::new());
    for task in [&middle, &last, &middle, &last] {
        assert!(task.poll(waiter.future()).is_pending());
    }
    drop(held);
    let wakes = (waiter.wakes(), middle.wakes(), last.wakes());
    assert_eq!(wakes, (0, 0, 1), "it moved from task to task");
}

/// crossfire 2.0.9: a poll with another waker after the call takes the call with it.
fn a_call_is_answered_from_another_task(side: Side) {
    let line = Line::new(side, 1, Fairness::overtakes(3));
    let [mut waiter] = line.called();
    let barger = line.hold(1);
    let other = Task::new();
    assert!(other.poll(waiter.future()).is_pending(), "in vain");
    drop(barger);
    assert_eq!((waiter.wakes(), other.wakes()), (1, 1));
    assert!(other.poll(waiter.future()).is_ready());
}

/// Old wakers are let go: at once when replaced, and at the end.
fn wakers_are_not_leaked(side: Side) {
    let line = Line::new(side, 1, Fairness::DEFAULT);
    let held = line.hold(1);
    let mut waiter = line.asleep();
    let (old, new) = (Arc::clone(waiter.task()), Task::new());
    assert_eq!(Arc::strong_count(&old), 3);
    assert!(new.poll(waiter.future()).is_pending());
    assert_eq!(Arc::strong_count(&old), 2, "replaced");
    drop(held);
    assert_eq!(Arc::strong_count(&new), 1, "woken");
    assert!(new.poll(waiter.future()).is_ready());
    assert_eq!(Arc::strong_count(&new), 1);
    drop(waiter);
    assert_eq!(Arc::strong_count(&old), 1);
}
