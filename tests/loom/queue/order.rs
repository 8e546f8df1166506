//! The six rules, for both lines of a queue: who overtakes whom how often (P1), futures of one task (P2),
//! and waiters that are never polled again (P3). The rules themselves are those of the semaphore, and
//! explored there; here it is that items and slots follow them, with calls that cross from one line to
//! the other.

use std::mem;

use wakeful::queue::{TryRecvError, TrySendError};

use super::cast::*;

/// Pushes that wait get in one after the other, ahead of a newcomer, in whatever order they are polled.
#[test]
fn pushes_in_fifo() {
    model(UNBOUNDED, || {
        let queue = holding("x", 1, Fairness::FIFO);
        let [first, second] = ['a', 'b'].map(|name| queued(push(&queue, name)));
        spawn(move || assert_eq!(second.finish(), Ok(())));
        assert_eq!(get(&queue), 'x');
        assert_eq!(try_push(&queue, 'n'), Err(TrySendError::Full('n')));
        assert_eq!(first.finish(), Ok(()));
        assert_eq!(get(&queue), 'a');
        assert_eq!(try_push(&queue, 'n'), Err(TrySendError::Full('n')));
        assert_eq!(idle(&queue), "b");
    });
}

/// One item for one pop that waits: a newcomer finds none. A second item is beyond what is kept.
#[test]
fn pops_in_fifo() {
    model(UNBOUNDED, || {
        let queue = queue(2, Fairness::FIFO);
        let waiting = queued(pop(&queue));
        let thread = spawn(move || waiting.finish().expect("it is open"));
        put(&queue, 'a');
        assert_eq!(try_pop(&queue), Err(TryRecvError::Empty));
        put(&queue, 'b');
        let mine = get(&queue);
        let theirs = thread.join();
        assert_eq!(sorted([mine, theirs]), "ab");
        varies(mine == 'a', "it has the older one, not the newer one");
        assert_eq!(idle(&queue), "");
    });
}

/// Newcomers overtake a pop that waits as often as there is credit: once.
#[test]
fn pop_is_overtaken_once() {
    model(UNBOUNDED, || {
        let queue = queue(1, patient(1));
        let waiting = queued(pop(&queue));
        let thread = spawn_with(&queue, move |theirs| {
            put(&theirs, 'a');
            let overtook = try_pop(&theirs).is_ok();
            if overtook {
                put(&theirs, 'b');
                assert_eq!(try_pop(&theirs), Err(TryRecvError::Empty));
            }
            overtook
        });
        let got = waiting.finish().expect("it is open");
        let overtook = thread.join();
        assert_eq!(got, if overtook { 'b' } else { 'a' });
        varies(overtook, "a newcomer overtakes");
        assert_eq!(idle(&queue), "");
    });
}

/// The same of a push.
#[test]
fn push_is_overtaken_once() {
    model(UNBOUNDED, || {
        let queue = holding("x", 1, patient(1));
        let waiting = queued(push(&queue, 'w'));
        let thread = spawn_with(&queue, move |theirs| {
            assert_eq!(get(&theirs), 'x');
            let overtook = try_push(&theirs, 'n').is_ok();
            if overtook {
                assert_eq!(get(&theirs), 'n');
                assert_eq!(try_push(&theirs, 'm'), Err(TrySendError::Full('m')));
            }
            overtook
        });
        assert_eq!(waiting.finish(), Ok(()));
        let overtook = thread.join();
        varies(overtook, "a newcomer overtakes");
        assert_eq!(idle(&queue), "w");
    });
}

/// A task polled one pop, keeps it without polling it, and awaits another one: that gets through, though
/// the first is called (P2). In FIFO too.
#[test]
fn two_pops_of_one_task() {
    model(UNBOUNDED, || {
        let queue = queue(1, Fairness::FIFO);
        let kept = queued(pop(&queue));
        spawn_with(&queue, move |theirs| put(&theirs, 'a'));
        assert_eq!(kept.task.finish(&mut Box::pin(pop(&queue))), Some('a'));
        join_all();
        drop(kept);
        assert_eq!(idle(&queue), "");
    });
}

/// The same of two pushes: the second gets in, and the first when it is polled again. Bounded: they are
/// woken many times.
#[test]
fn two_pushes_of_one_task() {
    model(4, || {
        let queue = holding("x", 1, Fairness::FIFO);
        let kept = queued(push(&queue, 'a'));
        let thread = spawn_with(&queue, move |theirs| {
            [get(&theirs), block_on(pop(&theirs)).unwrap()]
        });
        let mut second = Box::pin(push(&queue, 'b'));
        assert_eq!(kept.task.finish(&mut second), Ok(()));
        assert_eq!(kept.finish(), Ok(()));
        assert_eq!(thread.join(), ['x', 'b']);
        assert_eq!(idle(&queue), "a");
    });
}

/// A pop was called and is never polled again: two arrivals get through, each to an item (P3). What the
/// first has popped it pushes again. Bounded: two that probe side by side are long.
#[test]
fn forgotten_pop() {
    model(3, || {
        let queue = queue(1, keeps(2));
        mem::forget(queued(pop(&queue)));
        put(&queue, 'a');
        spawn_with(&queue, move |theirs| pushes(&theirs, &pops(&theirs, 1)));
        let got = pops(&queue, 1);
        pushes(&queue, &got);
        join_all();
        assert_eq!(queue.len(), 1);
    });
}

/// A push was called and is never polled again: an arrival gets through, and what it pushes is popped,
/// and another one. Bounded, as above.
#[test]
fn forgotten_push() {
    model(3, || {
        let queue = holding("x", 1, keeps(2));
        mem::forget(queued(push(&queue, 'f')));
        assert_eq!(get(&queue), 'x');
        spawn_with(&queue, move |theirs| pushes(&theirs, "ab"));
        assert_eq!(pops(&queue, 2), "ab");
        join_all();
        assert!(queue.is_empty());
    });
}

/// A slow one may be passed over, and comes back to the front. Bounded, as above.
#[test]
fn slow_but_alive() {
    model(4, || {
        let queue = queue(2, keeps(2));
        let mut waiting = queued(pop(&queue));
        put(&queue, 'a');
        let thread = spawn_with(&queue, move |theirs| {
            let got = block_on(pop(&theirs)).expect("it is open");
            put(&theirs, 'c');
            got
        });
        let early = waiting.poll();
        put(&queue, 'b');
        let mine = early.unwrap_or_else(|| waiting.finish());
        let theirs = thread.join();
        saw(theirs == 'a', "it is passed over");
        saw(mine == Some('a'), "it answers in time");
        assert_ne!(mine, Some(theirs));
        assert_eq!(idle(&queue).len(), 1);
    });
}
