//! Where the storage has seams: the ring that wraps around, and the list of rings of a long queue.

use std::sync::Arc;

use wakeful::{Fairness, Queue};

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
        let theirs = queue.clone();
        let thread = spawn(move || "ab".chars().for_each(|name| put(&theirs, name)));
        assert_eq!(pops(&queue, 2), "ab");
        thread.join().unwrap();
        assert_eq!(idle(&queue), "");
    });
}

/// Two of these fill a ring, so that every second one is the first of a ring.
type Large = [u64; 256];

fn unbounded(numbers: std::ops::RangeInclusive<u64>) -> Arc<Queue<Large>> {
    let queue = Arc::new(Queue::unbounded());
    send(&queue, numbers);
    queue
}

fn send(queue: &Queue<Large>, numbers: std::ops::RangeInclusive<u64>) {
    for number in numbers {
        assert!(queue.try_push([number; 256]).is_ok());
    }
}

/// The number, if it is the same all over.
fn number(large: Large) -> u64 {
    assert_eq!(large, [large[0]; 256], "torn");
    large[0]
}

/// What is left in the end.
fn rest(queue: &Queue<Large>) -> Vec<u64> {
    queue.assert_idle();
    queue.drain().into_iter().map(number).collect()
}

/// From one ring to the next and the one after it: rings are appended, drained, and used again. (Nobody
/// waits: the stacks that loom has are too small for futures of such items.)
#[test]
fn from_ring_to_ring() {
    let all = Witness::default();
    let seen = all.clone();
    model(UNBOUNDED, move || {
        let queue = unbounded(1..=1);
        let theirs = queue.clone();
        let thread = spawn(move || send(&theirs, 2..=5));
        let tried = (0..5).filter_map(|_| queue.try_pop().ok().map(number));
        let mut popped: Vec<u64> = tried.collect();
        thread.join().unwrap();
        seen.saw(popped.len() == 5);
        popped.extend(rest(&queue));
        assert_eq!(popped, [1, 2, 3, 4, 5]);
    });
    all.expect("all are popped while they come");
}

/// The front is drained and the next ring moves up, while the last one fills and another one is begun.
#[test]
fn moving_up_beside_a_new_ring() {
    model(UNBOUNDED, || {
        let queue = unbounded(1..=3);
        let theirs = queue.clone();
        let thread = spawn(move || send(&theirs, 4..=6));
        for expected in 1..=3 {
            assert_eq!(queue.try_pop().map(number), Ok(expected));
        }
        thread.join().unwrap();
        assert_eq!(rest(&queue), [4, 5, 6]);
    });
}

/// Two who send where a ring ends. Bounded: three threads.
#[test]
fn two_senders_at_the_end_of_a_ring() {
    model(3, || {
        let queue = unbounded(1..=1);
        let threads = [10, 20].map(|first| {
            let theirs = queue.clone();
            spawn(move || send(&theirs, first..=first + 1))
        });
        assert_eq!(queue.try_pop().map(number), Ok(1));
        for thread in threads {
            thread.join().unwrap();
        }
        let left = rest(&queue);
        for first in [10, 20] {
            let own = left.iter().filter(|&&number| number / 10 == first / 10);
            assert!(own.eq(&[first, first + 1]), "each one's come in its order");
        }
        assert_eq!(left.len(), 4);
    });
}

/// Many at once, out of two rings, while the second one fills.
#[test]
fn many_out_of_two_rings() {
    model(UNBOUNDED, || {
        let queue = unbounded(1..=3);
        let theirs = queue.clone();
        let thread = spawn(move || send(&theirs, 4..=5));
        let mut popped = Vec::new();
        assert!(queue.try_pop_many(&mut popped, 4).is_ok());
        thread.join().unwrap();
        let numbers: Vec<u64> = popped.into_iter().map(number).chain(rest(&queue)).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5]);
    });
}
