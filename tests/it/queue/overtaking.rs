//! P1, as far as it is of queues alone: requests for many slots, and that items and slots each have a
//! line of their own.

use wakeful::{Fairness, Queue};

use super::{asleep, channel, pop_called};
use crate::support::Waiting;

const LIMITS: [u16; 6] = [0, 1, 2, 3, 7, 1024];

/// A request for many slots is not starved by small ones, though it is asleep: too few are free.
#[test]
fn exactly_k_pushes_overtake_a_reserve_of_many_that_sleeps() {
    for k in LIMITS {
        let (sender, receiver) = channel(4, Fairness::overtakes(k));
        let held = sender.try_reserve().unwrap();
        let mut many = asleep(sender.reserve_many(4));
        for nth in 0..k {
            assert_eq!(sender.try_send(nth), Ok(()), "{k}");
            assert_eq!(receiver.try_recv(), Ok(nth));
        }
        assert!(sender.try_send(0).is_err(), "{k}: the next fails");
        let mut small = Waiting::new(sender.send(7));
        assert!(small.is_pending());
        assert_eq!(sender.capacity(), 3);
        drop(held);
        assert_eq!(many.wakes(), 1);
        drop(many.poll().unwrap().expect("they were kept"));
        assert_eq!(small.poll(), Some(Ok(())));
        assert_eq!(receiver.try_recv(), Ok(7));
    }
}

/// Items and slots each have a line of their own: credit for the one is none for the other.
#[test]
fn the_two_lines_know_nothing_of_each_other() {
    let queue = Queue::bounded(1).with_fairness(Fairness::overtakes(1));
    let mut pop = pop_called(&queue, 1);
    let mut push = asleep(queue.push(2));
    assert_eq!(queue.try_pop(), Ok(1), "the pop's credit");
    assert_eq!(queue.try_push(3), Ok(()), "the push's credit");
    assert!(queue.try_pop().is_err());
    assert_eq!(pop.poll(), Some(Some(3)));
    assert!(queue.try_push(4).is_err());
    assert_eq!(push.poll(), Some(Ok(())));
    assert_eq!(queue.try_pop(), Ok(2));
}
