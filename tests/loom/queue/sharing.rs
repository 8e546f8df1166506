//! Nothing is lost, nothing comes twice, and items leave in the order in which they came, whoever
//! pushes and pops.

use std::sync::Arc;

use wakeful::queue::TryRecvError;
use wakeful::{Fairness, Queue};

use super::cast::*;

fn one_slot(fairness: Fairness) {
    let queue = queue(1, fairness);
    let thread = spawn_with(&queue, move |theirs| pushes(&theirs, "ab"));
    assert_eq!(pops(&queue, 2), "ab");
    thread.join().unwrap();
    assert_eq!(idle(&queue), "");
}

/// Bounded: twice as long is far more than twice as many schedules.
#[test]
fn two_items_through_one_slot() {
    model(4, || one_slot(Fairness::DEFAULT));
}

/// Bounded, as above.
#[test]
fn two_items_through_one_slot_in_fifo() {
    model(4, || one_slot(Fairness::FIFO));
}

/// Bounded: three threads.
#[test]
fn two_senders_into_one_slot() {
    model(3, || {
        let queue = queue(1, Fairness::DEFAULT);
        let threads =
            ["a", "b"].map(|name| spawn_with(&queue, move |theirs| pushes(&theirs, name)));
        let got = pops(&queue, 1);
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(sorted(&(got + &idle(&queue))), "ab");
    });
}

/// Each receiver gets one. Bounded: three threads.
#[test]
fn two_receivers() {
    model(3, || {
        let queue = queue(2, Fairness::DEFAULT);
        let threads = [(); 2].map(|()| spawn_with(&queue, move |theirs| pops(&theirs, 1)));
        put(&queue, 'a');
        put(&queue, 'b');
        let got: String = threads.map(|thread| thread.join().unwrap()).concat();
        assert_eq!(sorted(&got), "ab");
        assert_eq!(idle(&queue), "");
    });
}

/// Two that only try find, between them, whatever is there.
#[test]
fn two_that_try() {
    model(UNBOUNDED, || {
        let queue = holding("ab", 2, Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| [try_pop(&theirs), try_pop(&theirs)]);
        let mine = [try_pop(&queue), try_pop(&queue)];
        let theirs = thread.join().unwrap();
        let got = |tried: [Result<char, TryRecvError>; 2]| tried.into_iter().flatten();
        assert_eq!(
            sorted(&got(mine).chain(got(theirs)).collect::<String>()),
            "ab"
        );
        saw(mine[0].is_ok() && theirs[0].is_ok(), "each gets one");
        saw(mine[1].is_ok(), "one gets both");
        assert_eq!(idle(&queue), "");
    });
}

/// A push that is under way hides no item that is there.
#[test]
fn pop_beside_a_push() {
    model(UNBOUNDED, || {
        let queue = queue(2, Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| put(&theirs, 't'));
        put(&queue, 'm');
        let got = get(&queue);
        thread.join().unwrap();
        assert_eq!(sorted(&format!("{got}{}", idle(&queue))), "mt");
    });
}

/// A pop that is under way hides no slot that is free.
#[test]
fn push_beside_a_pop() {
    model(UNBOUNDED, || {
        let queue = holding("ab", 2, Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| get(&theirs));
        let mine = get(&queue);
        put(&queue, 'c');
        let theirs = thread.join().unwrap();
        assert_eq!(sorted(&format!("{mine}{theirs}")), "ab");
        assert_eq!(idle(&queue), "c");
    });
}

/// One takes what is there, up to two, while two come.
#[test]
fn many_at_once() {
    model(UNBOUNDED, || {
        let queue = queue(2, Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| {
            "ab".chars().for_each(|name| put(&theirs, name))
        });
        let mut items = Vec::new();
        let popped = block_on(queue.pop_many(&mut items, 2));
        assert_eq!(popped, items.len());
        saw(popped == 1, "it comes for the first");
        saw(popped == 2, "it comes for both");
        thread.join().unwrap();
        let got: String = items.into_iter().map(Item::read).collect();
        assert_eq!(got + &idle(&queue), "ab");
    });
}

/// Many take no more than those who were called leave: here one of two.
#[test]
fn many_beside_one_that_waits() {
    model(UNBOUNDED, || {
        let queue = queue(2, Fairness::FIFO);
        let task = Task::new();
        let mut waiting = task.queues(pop(&queue));
        let thread = spawn(move || task.finish(&mut waiting).expect("it is open"));
        put(&queue, 'a');
        put(&queue, 'b');
        let mut items = Vec::new();
        assert_eq!(queue.try_pop_many(&mut items, 5).unwrap(), 1);
        let mine = items.pop().unwrap().read();
        saw(mine == 'a', "the other one has not answered yet");
        let theirs = thread.join().unwrap();
        assert_eq!(sorted(&format!("{mine}{theirs}")), "ab");
        assert_eq!(idle(&queue), "");
    });
}

/// One sends many, one after another, each when there is a slot. Bounded, as above.
#[test]
fn many_sent_through_one_slot() {
    model(4, || {
        let queue = Arc::new(Queue::bounded(1));
        let thread = spawn_with(&queue, move |theirs| {
            block_on(theirs.push_many([1, 2])).is_ok_and(|sent| sent == 2)
        });
        for number in 1..=2 {
            assert_eq!(block_on(queue.pop()), Some(number));
        }
        assert!(thread.join().unwrap());
        queue.assert_idle();
    });
}
