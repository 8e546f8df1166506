//! Many at once: `push_many` is one push after another, `pop_many` one pop with what is free besides.

use futures::future::FusedFuture;
use wakeful::queue::TryRecvError::Empty;
use wakeful::queue::{self, PushManyError};
use wakeful::{Fairness, Queue};

use super::items::Ledger;
use super::{
    asleep, assert_idle, assert_terminated, filled, full, pop_asleep, push_asleep, ready, wakes,
};
use crate::support::lines::Side;
use crate::support::{Waiting, panics};

for_each_fairness!(
    push_many_goes_on_as_slots_come,
    a_cancelled_push_many_drops_the_item_in_hand_and_no_other,
    a_pop_many_that_waited_takes_what_came_meanwhile,
    a_cancelled_pop_many_took_nothing,
    a_new_pop_many_leaves_what_is_kept,
    a_called_pop_many_leaves_what_is_kept_for_those_behind,
    one_pop_many_calls_a_few_pushes_and_each_that_answers_the_next,
);

#[test]
fn push_many_pushes_all_and_says_how_many() {
    let queue = Queue::bounded(10);
    assert_eq!(ready(queue.push_many(0..7)).unwrap(), 7);
    assert_eq!(ready(queue.push_many(0..0)).unwrap(), 0);
    assert!(queue.drain().into_iter().eq(0..7));
    let (sender, receiver) = queue::unbounded();
    assert_eq!(sender.send_many(0..1000).unwrap(), 1000);
    assert_eq!(receiver.len(), 1000);
}

/// Each is an arrival of its own: it goes on as slots come, and others push in between.
fn push_many_goes_on_as_slots_come(fairness: Fairness) {
    let queue = Queue::bounded(2).with_fairness(fairness);
    let mut many = asleep(queue.push_many(0..5));
    assert_eq!(queue.len(), 2);
    let mut other = push_asleep(&queue, 10);
    assert_eq!([queue.try_pop(), queue.try_pop()], [Ok(0), Ok(1)]);
    assert_eq!((many.wakes(), other.wakes()), (1, 1));
    assert_eq!(other.poll(), Some(Ok(())), "its slot is its own");
    assert!(many.is_pending(), "the next waits behind");
    assert_eq!(queue.drain(), [10, 2]);
    assert_eq!(many.poll().unwrap().unwrap(), 5);
    assert_eq!(queue.drain(), [3, 4]);
    assert_idle(&queue);
}

/// kanal PR 62: a batch gave the wrong element back.
#[test]
fn a_closed_push_many_tells_what_was_sent_what_was_not_and_what_is_left() {
    for room in 0..4 {
        let queue = Queue::bounded(room.max(1));
        if room == 0 {
            queue.try_push(99).unwrap();
        }
        let mut many = asleep(queue.push_many(10..16));
        queue.close();
        assert_eq!(many.wakes(), 1);
        let PushManyError { sent, item, rest } = many.poll().unwrap().unwrap_err();
        assert_eq!((sent, item), (room, 10 + room));
        assert!(rest.eq(11 + room..16));
        assert!(many.future().is_terminated());
        assert_eq!(queue.drain().len(), room.max(1));
    }
}

/// How many are popped without waiting, in either way.
fn pop_many_now(queue: &Queue<usize>, tries: bool, to: &mut Vec<usize>, limit: usize) -> usize {
    if tries {
        queue.try_pop_many(to, limit).expect("there are some")
    } else {
        ready(queue.pop_many(to, limit))
    }
}

/// Dropping it drops the item in hand and leaves the rest in the iterator.
fn a_cancelled_push_many_drops_the_item_in_hand_and_no_other(fairness: Fairness) {
    let mut ledger = Ledger::new();
    let mut items: Vec<_> = (0..5).map(|_| ledger.item()).collect();
    let mut iterator = items.drain(..);
    let queue = Queue::bounded(2).with_fairness(fairness);
    let many = asleep(queue.push_many(&mut iterator));
    assert_eq!(ledger.dropped(), 0);
    drop(many);
    assert_eq!((ledger.dropped(), ledger.is_dropped(2)), (1, true));
    assert!(iterator.map(|item| item.number).eq([3, 4]));
    assert!(queue.drain().iter().map(|item| item.number).eq([0, 1]));
    ledger.assert_all_dropped();
}

/// Foreign code: the iterator runs with no internal lock held, and may use the queue itself.
#[test]
fn the_iterator_may_use_the_queue() {
    let queue = Queue::bounded(3);
    let mut popped = Vec::new();
    let items = (0..10).inspect(|_| {
        if queue.is_full() {
            popped.push(queue.try_pop().unwrap());
        }
    });
    assert_eq!(ready(queue.push_many(items)).unwrap(), 10);
    assert_eq!((popped, queue.drain()), ((0..7).collect(), vec![7, 8, 9]));
}

#[test]
fn an_iterator_that_panics_leaves_what_was_pushed() {
    let queue = Queue::bounded(5);
    let items = (0..5).inspect(|&nth| assert!(nth < 3, "no more"));
    let mut many = Waiting::new(queue.push_many(items));
    assert_eq!(panics(|| many.poll().is_some()), "no more");
    assert_terminated(&mut many);
    assert_eq!(queue.drain(), [0, 1, 2]);
    assert_idle(&queue);
}

#[test]
fn pop_many_takes_up_to_its_limit_of_what_is_there() {
    for (limit, expected) in [(1, 1), (3, 3), (5, 5), (9, 5), (usize::MAX, 5)] {
        for tries in [false, true] {
            let queue = full(5);
            let mut to = vec![77];
            let popped = pop_many_now(&queue, tries, &mut to, limit);
            assert_eq!((popped, queue.len()), (expected, 5 - expected));
            assert_eq!(to[0], 77, "to the end");
            assert!(to[1..].iter().copied().eq(0..expected));
        }
    }
}

#[test]
fn pop_many_of_none_is_ready_at_once() {
    let queue = Queue::<u8>::bounded(1);
    let mut to = Vec::new();
    assert_eq!(ready(queue.pop_many(&mut to, 0)), 0);
    assert_eq!(queue.try_pop_many(&mut to, 0), Ok(0));
    assert_eq!(queue.try_pop_many(&mut to, 1), Err(Empty));
    queue.close();
    assert_eq!(ready(queue.pop_many(&mut to, 0)), 0);
    assert_eq!(ready(queue.pop_many(&mut to, 5)), 0);
}

fn a_pop_many_that_waited_takes_what_came_meanwhile(fairness: Fairness) {
    let queue = Queue::bounded(9).with_fairness(fairness);
    let mut to = Vec::new();
    let mut many = asleep(queue.pop_many(&mut to, 3));
    (0..5).for_each(|nth| queue.try_push(nth).unwrap());
    assert_eq!((many.wakes(), many.poll()), (1, Some(3)));
    assert!(many.future().is_terminated());
    drop(many);
    assert_eq!((to, queue.drain()), (vec![0, 1, 2], vec![3, 4]));
    assert_idle(&queue);
}

/// As long as it is not ready, nothing was taken; and its call goes on to the next.
fn a_cancelled_pop_many_took_nothing(fairness: Fairness) {
    let queue = Queue::bounded(9).with_fairness(fairness);
    let mut to = Vec::new();
    let many = asleep(queue.pop_many(&mut to, 3));
    let mut next = pop_asleep(&queue);
    queue.try_push(1).unwrap();
    assert_eq!((many.wakes(), next.wakes()), (1, 0));
    drop(many);
    assert_eq!((to.len(), queue.len()), (0, 1));
    assert_eq!((next.wakes(), next.poll()), (1, Some(Some(1))));
}

/// It takes those free beyond the needs of the other called pops.
fn a_new_pop_many_leaves_what_is_kept(fairness: Fairness) {
    for tries in [false, true] {
        let queue = Queue::bounded(9).with_fairness(fairness);
        let mut pops = [pop_asleep(&queue), pop_asleep(&queue)];
        (0..5).for_each(|nth| queue.try_push(nth).unwrap());
        assert_eq!(wakes(&pops), [1, 1]);
        let mut to = Vec::new();
        let popped = pop_many_now(&queue, tries, &mut to, 9);
        assert_eq!((popped, to), (3, vec![0, 1, 2]), "two are kept");
        let kept = pops.each_mut().map(Waiting::poll);
        assert_eq!(kept, [Some(Some(3)), Some(Some(4))]);
    }
}

/// The same for one that was called itself, credit or not: of what came for all of them it takes its
/// own, and what nobody was called for.
fn a_called_pop_many_leaves_what_is_kept_for_those_behind(fairness: Fairness) {
    for (items, expected) in [(1, 1), (2, 1), (3, 1), (4, 2), (6, 4)] {
        let queue = Queue::bounded(9).with_fairness(fairness);
        let mut to = Vec::new();
        let mut many = asleep(queue.pop_many(&mut to, 9));
        let mut pops = [pop_asleep(&queue), pop_asleep(&queue)];
        (0..items).for_each(|nth| queue.try_push(nth).unwrap());
        assert_eq!(many.poll(), Some(expected), "of {items}");
        drop(many);
        assert_eq!(to.len(), expected);
        let called = pops.each_ref().map(Waiting::wakes).iter().sum::<usize>();
        assert_eq!(called, (items - 1).min(2));
        for pop in &mut pops[..called] {
            assert!(pop.poll().is_some(), "it was kept");
        }
    }
}

/// Of what is kept, a newcomer with credit may take one, as any pop may.
#[test]
fn a_new_pop_many_may_overtake_by_one() {
    let queue = Queue::bounded(9).with_fairness(Fairness::overtakes(1));
    let mut pops = [pop_asleep(&queue), pop_asleep(&queue)];
    queue.try_push(1).unwrap();
    queue.try_push(2).unwrap();
    let mut to = Vec::new();
    assert_eq!(queue.try_pop_many(&mut to, 9), Ok(1));
    assert_eq!(queue.try_pop_many(&mut to, 9), Err(Empty));
    assert_eq!(pops[0].poll(), Some(Some(2)));
    assert!(pops[1].is_pending());
}

fn one_pop_many_calls_a_few_pushes_and_each_that_answers_the_next(fairness: Fairness) {
    let queue = filled(Queue::bounded(40).with_fairness(fairness));
    let mut pushes: Vec<_> = (40..90).map(|item| push_asleep(&queue, item)).collect();
    let mut to = Vec::new();
    assert_eq!(queue.try_pop_many(&mut to, 35), Ok(35));
    for free in (1..=35).rev() {
        let answered = 35 - free;
        let called = answered + Side::Slots.called_at_once(free, 50);
        let woken = (0..50).map(|nth| usize::from(nth < called));
        assert!(woken.eq(wakes(&pushes)), "{free} free");
        assert_eq!(pushes[answered].poll(), Some(Ok(())));
    }
    assert!(pushes[35..].iter().all(|push| push.wakes() == 0));
}

/// One that snoozes stops the others no longer than half of the slots are taken.
#[test]
fn d_pushes_that_snooze_hold_nobody_up_while_2_to_the_d_slots_are_free() {
    let queue = filled(Queue::bounded(40).with_fairness(Fairness::FIFO));
    let mut pushes: Vec<_> = (40..90).map(|item| push_asleep(&queue, item)).collect();
    let mut to = Vec::new();
    assert_eq!(queue.try_pop_many(&mut to, 35), Ok(35));
    // The first three snooze.
    let mut pushed = 0;
    for push in &mut pushes[3..] {
        if push.wakes() == 1 {
            assert_eq!(push.poll(), Some(Ok(())));
            pushed += 1;
        }
    }
    assert_eq!((pushed, queue.capacity()), (28, 7), "fewer than 8 are free");
    for push in &mut pushes[..3] {
        assert_eq!(push.poll(), Some(Ok(())), "they were kept for it");
    }
    for push in &mut pushes[31..35] {
        assert_eq!((push.wakes(), push.poll()), (1, Some(Ok(()))));
    }
    assert_eq!(queue.capacity(), 0);
}

/// Pushes of many wake in batches, each as many pops as there are items.
#[test]
fn one_push_many_calls_as_many_pops_as_it_has_items_for() {
    let queue = Queue::unbounded();
    let mut pops: Vec<_> = (0..50).map(|_| pop_asleep(&queue)).collect();
    assert_eq!(ready(queue.push_many(0..35)).unwrap(), 35);
    let expected: Vec<_> = (0..50).map(|nth| usize::from(nth < 35)).collect();
    assert_eq!(wakes(&pops), expected);
    for (item, pop) in pops[..35].iter_mut().enumerate() {
        assert_eq!(pop.poll(), Some(Some(item)));
    }
}

#[test]
fn a_rendezvous_takes_batches_from_the_line() {
    let queue = Queue::bounded(0);
    let mut many = asleep(queue.push_many(0..3));
    let mut other = push_asleep(&queue, 10);
    let mut to = Vec::new();
    assert_eq!(queue.try_pop_many(&mut to, 9), Ok(2));
    assert_eq!((many.is_pending(), other.poll()), (true, Some(Ok(()))));
    assert_eq!(ready(queue.pop_many(&mut to, 9)), 1);
    assert!(many.is_pending());
    assert_eq!(queue.blocking_pop(), Some(2));
    assert_eq!(many.poll().unwrap().unwrap(), 3);
    assert_eq!(to, [0, 10, 1]);
}
