//! Where the storage has seams: the ring that wraps around, and the list of rings of a long queue.

use std::sync::Arc;

use wakeful::Queue;

use super::cast::*;

/// One item lies in the last place of the ring, the next one in the first.
#[test]
fn wrap_around() {
    model(UNBOUNDED, || {
        let queue = queue(2, Fairness::DEFAULT);
        for name in "xyz".chars() {
            put(&queue, name);
            assert_eq!(get(&queue), name);
        }
        spawn_with(&queue, move |theirs| put_all(&theirs, "ab"));
        assert_eq!(pops(&queue, 2), "ab");
        assert_eq!(idle(&queue), "");
    });
}

/// How many of these fit into a block of a long queue, which has 15 KiB.
const RING: u64 = 15;
type Large = [u64; 128];

/// A queue to which 1 to `last` were pushed, and in which `left` of them remain.
fn unbounded(last: u64, left: u64) -> Arc<Queue<Large>> {
    let queue = Arc::new(Queue::unbounded());
    send(&queue, 1..=last);
    for expected in 1..=last - left {
        assert_eq!(queue.try_pop().map(number), Ok(expected));
    }
    queue
}

fn send(queue: &Queue<Large>, numbers: std::ops::RangeInclusive<u64>) {
    for number in numbers {
        assert!(queue.try_push([number; 128]).is_ok());
    }
}

/// The number, if it is the same all over.
fn number(large: Large) -> u64 {
    assert_eq!(large, [large[0]; 128], "torn");
    large[0]
}

/// Waits for all threads. What is left in the end.
fn rest(queue: &Queue<Large>) -> Vec<u64> {
    join_all();
    queue.assert_idle();
    queue.drain().into_iter().map(number).collect()
}

/// The front is drained and the last ring moves up, so that what comes then goes there, and what comes
/// before goes to the ring behind.
#[test]
fn from_ring_to_ring() {
    model(UNBOUNDED, || {
        let queue = unbounded(RING + 1, 2);
        spawn_with(&queue, move |theirs| send(&theirs, RING + 2..=RING + 4));
        let tried = (0..5).filter_map(|_| queue.try_pop().ok().map(number));
        let mut popped: Vec<u64> = tried.collect();
        saw(popped.len() == 5, "all are popped while they come");
        popped.extend(rest(&queue));
        assert!(popped.into_iter().eq(RING..=RING + 4));
    });
}

/// The front is drained and the next ring moves up, while that one fills and another one is begun.
#[test]
fn moving_up_beside_a_new_ring() {
    model(UNBOUNDED, || {
        let queue = unbounded(2 * RING - 1, RING);
        spawn_with(&queue, move |theirs| send(&theirs, 2 * RING..=2 * RING + 1));
        for expected in RING..=RING + 1 {
            assert_eq!(queue.try_pop().map(number), Ok(expected));
        }
        assert!(rest(&queue).into_iter().eq(RING + 2..=2 * RING + 1));
    });
}

/// Two who send where a ring ends. Bounded: three threads.
#[test]
fn two_senders_at_the_end_of_a_ring() {
    model(3, || {
        let queue = unbounded(RING - 1, RING - 1);
        for first in [100, 200] {
            spawn_with(&queue, move |theirs| send(&theirs, first..=first + 1));
        }
        assert_eq!(queue.try_pop().map(number), Ok(1));
        let left = rest(&queue);
        assert!(left[..13].iter().copied().eq(2..=RING - 1));
        for first in [100, 200] {
            let own = left.iter().filter(|&&number| number / 100 == first / 100);
            assert!(own.eq(&[first, first + 1]), "each one's come in its order");
        }
        assert_eq!(left.len(), 17);
    });
}

/// Many at once, out of two rings, while the second one fills.
#[test]
fn many_out_of_two_rings() {
    model(UNBOUNDED, || {
        let queue = unbounded(RING + 1, RING + 1);
        spawn_with(&queue, move |theirs| send(&theirs, RING + 2..=RING + 3));
        let mut popped = Vec::new();
        assert!(queue.try_pop_many(&mut popped, 17).is_ok());
        let numbers = popped.into_iter().map(number).chain(rest(&queue));
        assert!(numbers.eq(1..=RING + 3));
    });
}
