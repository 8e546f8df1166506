//! Nothing is lost or received twice, and items leave in the order in which they came, however pushes and pops
//! interleave.

use std::sync::Arc;

use wakeful::Queue;

use super::cast::*;

/// Bounded: twice as long is far more than twice as many schedules.
fn one_slot(fairness: Fairness) {
    let queue = queue(1, fairness);
    spawn_with(&queue, move |theirs| pushes(&theirs, "ab"));
    assert_eq!(pops(&queue, 2), "ab");
    assert_eq!(idle(&queue), "");
}

models! {
    two_items_through_one_slot: 4, one_slot(Fairness::DEFAULT);
    two_items_through_one_slot_in_fifo: 4, one_slot(Fairness::FIFO);
}

/// Bounded: three threads.
#[test]
fn two_senders_into_one_slot() {
    model(3, || {
        let queue = queue(1, Fairness::DEFAULT);
        spawn_with(&queue, move |theirs| pushes(&theirs, "a"));
        spawn_with(&queue, move |theirs| pushes(&theirs, "b"));
        let got = pops(&queue, 1);
        assert_eq!(sorted((got + &idle(&queue)).chars()), "ab");
    });
}

/// Each receiver gets one. Bounded: three threads.
#[test]
fn two_receivers() {
    model(3, || {
        let queue = queue(2, Fairness::DEFAULT);
        let threads = [(); 2].map(|()| spawn_with(&queue, move |theirs| pops(&theirs, 1)));
        put_all(&queue, "ab");
        let got = threads.map(|thread| thread.join()).concat();
        assert_eq!(sorted(got.chars()), "ab");
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
        let theirs = thread.join();
        let got = [mine, theirs].into_iter().flatten().flatten();
        assert_eq!(sorted(got), "ab");
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
        spawn_with(&queue, move |theirs| put(&theirs, 't'));
        put(&queue, 'm');
        let got = get(&queue);
        assert_eq!(sorted(idle(&queue).chars().chain([got])), "mt");
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
        let theirs = thread.join();
        assert_eq!(sorted([mine, theirs]), "ab");
        assert_eq!(idle(&queue), "c");
    });
}

/// One takes what is there, up to two, while two come.
#[test]
fn many_at_once() {
    model(UNBOUNDED, || {
        let queue = queue(2, Fairness::DEFAULT);
        spawn_with(&queue, move |theirs| put_all(&theirs, "ab"));
        let mut items = Vec::new();
        let popped = block_on(queue.pop_many(&mut items, 2));
        assert_eq!(popped, items.len());
        saw(popped == 1, "it comes for the first");
        saw(popped == 2, "it comes for both");
        join_all();
        let got: String = items.into_iter().map(Item::read).collect();
        assert_eq!(got + &idle(&queue), "ab");
    });
}

/// Many take no more than those who were called leave: here one of two.
#[test]
fn many_beside_one_that_waits() {
    model(UNBOUNDED, || {
        let queue = queue(2, Fairness::FIFO);
        let waiting = queued(pop(&queue));
        let thread = spawn(move || waiting.finish().expect("it is open"));
        put_all(&queue, "ab");
        let mut items = Vec::new();
        assert_eq!(queue.try_pop_many(&mut items, 5).unwrap(), 1);
        let mine = items.pop().unwrap().read();
        saw(mine == 'a', "the other one has not answered yet");
        let theirs = thread.join();
        assert_eq!(sorted([mine, theirs]), "ab");
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
        assert!(thread.join());
        queue.assert_idle();
    });
}
