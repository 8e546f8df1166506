//! P3 for items and for slots: a called waiter that is never polled again delays no arrival for ever;
//! and what becomes of it when it is polled after all.

use wakeful::queue::SendError;
use wakeful::{Fairness, Queue};

use super::lines::{Line, SIDES, Side};
use super::{pop_asleep, push_called};
use crate::support::{Task, Waiting, sleeping};

const fn impatient(patience: u16) -> Fairness {
    Fairness::overtakes(0).with_patience(patience)
}

/// Polls an arrival as its task would, only when it was woken; says how many polls it took.
fn polls_until_taken(line: &Line, at_most: usize) -> Option<usize> {
    let mut arrival = line.waiting();
    (1..=at_most).find(|&nth| {
        let may_run = nth == 1 || arrival.wakes() == nth - 1;
        may_run && arrival.poll().is_some()
    })
}

#[test]
fn an_arrival_gets_through_after_exactly_the_patience() {
    for side in SIDES {
        for patience in [1, 2, 3, 16, 1000] {
            let line = Line::new(side, 1, impatient(patience));
            let [snoozing] = line.called();
            // Its first poll finds the call; so many more find it still unanswered.
            let expected = Some(1 + usize::from(patience));
            assert_eq!(polls_until_taken(&line, 10_000), expected, "{side:?}");
            assert_eq!(polls_until_taken(&line, 1), Some(1));
            drop(snoozing);
            line.assert_idle(1);
        }
    }
}

#[test]
fn an_arrival_that_finds_enough_beside_what_is_kept_does_not_wait() {
    for side in SIDES {
        let line = Line::new(side, 2, impatient(1));
        let [mut snoozing] = line.called();
        (0..10).for_each(|_| assert_eq!(polls_until_taken(&line, 1), Some(1)));
        drop(snoozing.poll().expect("it was kept"));
    }
}

#[test]
fn several_forgotten_ones_are_passed_over_one_by_one() {
    for side in SIDES {
        let line = Line::new(side, 10, impatient(2));
        let held = line.hold(10);
        let dead: Vec<_> = (0..10).map(|_| line.asleep().forget()).collect();
        drop(held);
        assert!(dead.iter().all(|task| task.wakes() == 1), "called at once");
        let mut got = Vec::new();
        for nth in 0..10 {
            let mut arrival = line.waiting();
            let unit = (0..3).find_map(|_| arrival.poll());
            got.push(unit.unwrap_or_else(|| panic!("{side:?}: {nth} is held up")));
        }
        got.clear();
        line.assert_idle(10);
    }
}

#[test]
fn one_forgotten_among_several_called_holds_up_nobody_for_ever() {
    for side in SIDES {
        for dead_one in 0..3 {
            let line = Line::new(side, 3, impatient(4));
            let mut waiters: Vec<_> = line.called::<3>().into();
            let _dead = waiters.remove(dead_one).forget();
            let alive: Vec<_> = waiters.iter_mut().map(|w| w.poll().unwrap()).collect();
            assert_eq!(line.free(), 1);
            assert_eq!(polls_until_taken(&line, 100), Some(5));
            drop(alive);
            line.assert_idle(3);
        }
    }
}

#[test]
fn by_default_a_forgotten_waiter_delays_nobody_for_long() {
    for side in SIDES {
        let line = Line::new(side, 1, Fairness::DEFAULT);
        let _dead = line.called::<1>().map(Waiting::forget);
        let patience = usize::from(Fairness::DEFAULT.patience());
        let arrivals = usize::from(Fairness::DEFAULT.limit()) + 100;
        let slow = (0..arrivals).filter(|nth| {
            let polls = polls_until_taken(&line, 1 + patience);
            polls.unwrap_or_else(|| panic!("{side:?}: {nth} is held up")) > 1
        });
        assert_eq!(slow.count(), 1, "one passes it over");
    }
}

/// async-channel#45, tachyonix#1, tachyonix#2: a forgotten waiter eats wakes for ever. With patience
/// never P3 does not hold, and this is what tokio does.
#[test]
fn in_fifo_a_forgotten_waiter_holds_everybody_up_for_ever() {
    for side in SIDES {
        let line = Line::new(side, 1, Fairness::FIFO);
        let _dead = line.called::<1>().map(Waiting::forget);
        let mut arrival = line.waiting();
        assert!((0..10_000).all(|_| arrival.is_pending()));
        assert_eq!(arrival.wakes(), 0, "it does not spin either");
        drop(arrival);
        assert!(line.try_take().is_none());
    }
}

#[test]
fn a_prober_that_is_dropped_hands_its_role_to_the_sleeper_ahead_of_it() {
    for side in SIDES {
        let line = Line::new(side, 1, impatient(4));
        let [snoozing, mut far, mut near] = line.called();
        assert_eq!((snoozing.wakes(), far.wakes(), near.wakes()), (1, 0, 0));
        let mut prober = line.waiting();
        assert!(prober.is_pending() && prober.is_pending(), "it probes");
        drop(prober);
        assert_eq!((far.wakes(), near.wakes()), (0, 1), "the nearest is woken");
        let probes = (1..=5).find(|_| near.is_pending() && far.wakes() == 1);
        assert!(probes.is_some(), "within the patience");
        drop(far.poll().expect("called instead"));
        drop(near.poll().expect("its turn"));
        drop(snoozing);
        line.assert_idle(1);
    }
}

#[test]
fn who_was_first_comes_back_to_the_front() {
    for side in SIDES {
        let line = Line::new(side, 1, impatient(1));
        let [mut slow, mut next] = line.called();
        let mut prober = line.waiting();
        assert!(prober.is_pending() && prober.is_pending());
        assert_eq!(next.wakes(), 1, "slow was passed over");
        let got = next.poll().expect("called");
        assert!(slow.is_pending(), "it comes back");
        drop(got);
        assert_eq!((slow.wakes(), prober.wakes()), (2, 2), "slow is first");
        drop(slow.poll().expect("called"));
        drop(prober.poll().expect("its turn"));
        line.assert_idle(1);
    }
}

#[test]
fn after_probing_it_has_eight_times_the_patience() {
    for side in SIDES {
        for patience in [1, 2, 16] {
            let line = Line::new(side, 1, impatient(patience));
            let [mut slow] = line.called();
            let mut expected = usize::from(patience);
            while expected < 4096 {
                assert_eq!(polls_until_taken(&line, 1 + expected), Some(1 + expected));
                expected *= 8;
                let held = line.hold(1);
                assert!(slow.is_pending(), "it comes back");
                drop(held);
            }
            let polls = polls_until_taken(&line, 5000);
            assert_eq!(polls, Some(1 + 4096), "and that is the most");
        }
    }
}

/// `try_*` is no arrival: it passes nobody over, however often it is tried.
#[test]
fn trying_passes_nobody_over() {
    for side in SIDES {
        let line = Line::new(side, 1, impatient(2));
        let [mut snoozing] = line.called();
        assert!((0..100).all(|_| line.try_take().is_none()));
        drop(snoozing.poll().expect("it was kept"));
    }
}

/// One arrival every other turn, each holds for a turn, and is polled only when it was woken.
#[test]
fn every_arrival_gets_through_under_traffic() {
    for side in SIDES {
        for fairness in [
            Fairness::DEFAULT,
            Fairness::overtakes(16),
            Fairness::overtakes(0),
            Fairness::overtakes(0).with_patience(looks(1)),
            Fairness::overtakes(1).with_patience(looks(2)),
        ] {
            let held_up = held_up_under_traffic(side, fairness);
            assert!(
                held_up < 60,
                "{side:?}, {fairness:?}: {held_up} are held up"
            );
        }
    }
}

fn held_up_under_traffic(side: Side, fairness: Fairness) -> usize {
    let line = Line::new(side, 3, fairness);
    let held = line.hold(3);
    let _dead = [(); 3].map(|()| line.asleep().forget());
    let mut got = held;
    let mut arrivals: Vec<(Waiting<_>, Option<usize>)> = Vec::new();
    for turn in 0..900 {
        got.clear();
        if turn % 2 == 0 && turn < 600 {
            arrivals.push((line.waiting(), None));
        }
        arrivals.retain_mut(|(arrival, polled_at)| {
            if *polled_at == Some(arrival.wakes()) {
                return true;
            }
            *polled_at = Some(arrival.wakes());
            let unit = arrival.poll();
            let waits = unit.is_none();
            got.extend(unit);
            waits
        });
    }
    arrivals.len()
}

/// Once closed nothing is kept: whoever is polled first takes, though another one was called, alive or
/// forgotten, in FIFO too.
#[test]
fn once_closed_nothing_is_kept_for_anybody() {
    for forgets in [false, true] {
        for fairness in [Fairness::FIFO, impatient(9), Fairness::DEFAULT] {
            let queue = Queue::bounded(2).with_fairness(fairness);
            let (first, mut second) = (pop_asleep(&queue), pop_asleep(&queue));
            queue.try_push(1).unwrap();
            assert_eq!((first.wakes(), second.wakes()), (1, 0));
            queue.close();
            assert_eq!((first.wakes(), second.wakes()), (1, 1), "by the closing");
            let first = if forgets {
                Err(first.forget())
            } else {
                Ok(first)
            };
            assert_eq!(second.poll(), Some(Some(1)), "{fairness:?}");
            assert_eq!(Waiting::new(queue.pop()).poll(), Some(None));
            if let Ok(mut first) = first {
                assert_eq!(first.poll(), Some(None));
            }
        }
    }
}

/// Nor what a permit sends after the closing, while another one is out: whoever looks takes it, though
/// one that waits was called.
#[test]
fn once_closed_what_permits_send_is_kept_for_nobody() {
    for fairness in [Fairness::FIFO, impatient(9), Fairness::DEFAULT] {
        for way in 0..4 {
            let (sender, receiver) = Queue::bounded(2).with_fairness(fairness).into_channel();
            let (one, other) = (sender.try_reserve().unwrap(), sender.try_reserve().unwrap());
            receiver.close();
            let mut first = sleeping(&Task::new(), receiver.recv());
            let mut second = sleeping(&Task::new(), receiver.recv());
            one.send(1);
            assert_eq!((first.wakes(), second.wakes()), (1, 0));
            let mut many = Vec::new();
            let got = match way {
                0 => second.poll().flatten(),
                1 => receiver.try_recv().ok(),
                2 => Waiting::new(receiver.recv()).poll().flatten(),
                _ => receiver.try_recv_many(&mut many, 9).ok(),
            };
            assert_eq!(got, Some(1), "{fairness:?}, way {way}: it was kept");
            assert!(first.is_pending(), "in vain");
            drop(other);
            assert_eq!((first.wakes(), first.poll()), (2, Some(None)));
        }
    }
}

/// A called push fails when it is closed, and its slot is nobody's any more.
#[test]
fn once_closed_no_slot_is_kept_either() {
    let queue = super::full(1);
    let mut push = push_called(&queue, 7);
    queue.close();
    assert_eq!(queue.capacity(), 1);
    assert_eq!(push.poll(), Some(Err(SendError(7))));
    assert_eq!(Waiting::new(queue.push(8)).poll(), Some(Err(SendError(8))));
}
