//! `join` against everything: it completes once every item is done, and sees what the workers did.

use std::sync::Arc;

use super::cast::*;

/// A queue whose items are popped, but not done.
fn popped(items: &str) -> Shared {
    let queue = holding(items, 2, Fairness::DEFAULT);
    items.chars().for_each(|name| assert_eq!(get(&queue), name));
    queue
}

/// A join that waits is woken; one that comes later is ready at once.
#[test]
fn against_the_last_task() {
    model(UNBOUNDED, || {
        let queue = popped("x");
        spawn_with(&queue, |theirs| theirs.task_done());
        let task = Task::new();
        let mut join = Box::pin(queue.join());
        let first = task.poll(&mut join);
        if first.is_none() {
            task.sleep();
            task.finish(&mut join);
        }
        varies(first.is_some(), "it is done before");
        assert_eq!(idle(&queue), "");
    });
}

/// A join sees what two workers did.
#[test]
fn what_was_done_is_seen() {
    model(3, || {
        let queue = popped("xy");
        let written = Arc::new([Watched::default(), Watched::default()]);
        let shared = (queue.clone(), written.clone());
        for nth in [0, 1] {
            spawn_with(&shared, move |(queue, written)| {
                written[nth].write();
                queue.task_done();
            });
        }
        block_on(queue.join());
        assert_eq!([0, 1].map(|nth| written[nth].read()), [1, 1]);
        assert_eq!(idle(&queue), "");
    });
}

/// One more item is pushed before the waiting joins are polled: they complete all the same.
#[test]
fn against_the_next_item() {
    model(UNBOUNDED, || {
        let queue = popped("x");
        let [one, two] = [(); 2].map(|()| queued(queue.join()));
        spawn_with(&queue, |theirs| {
            theirs.task_done();
            put(&theirs, 'y');
        });
        two.finish();
        one.finish();
        assert_eq!(idle(&queue), "y");
    });
}

/// Of two joins, one is dropped while it is woken; the other is woken too.
#[test]
fn against_one_that_goes() {
    model(UNBOUNDED, || {
        let queue = popped("x");
        let goes = queued(queue.join());
        let waits = queued(queue.join());
        spawn_with(&queue, |theirs| theirs.task_done());
        drop(goes);
        waits.finish();
        assert_eq!(idle(&queue), "");
    });
}

/// Items that `close_and_drain` returns are done.
#[test]
fn against_the_closing() {
    model(UNBOUNDED, || {
        let queue = holding("x", 1, Fairness::DEFAULT);
        let join = queued(queue.join());
        spawn_with(&queue, |theirs| match try_pop(&theirs) {
            Ok(_) => theirs.task_done(),
            Err(_) => assert_eq!(block_on(pop(&theirs)), None),
        });
        drop(queue.close_and_drain());
        join.finish();
        assert_eq!(super::close::closed(&queue), "");
    });
}

/// A worker at one item, while another is pushed: both are done.
#[test]
fn against_a_worker() {
    model(3, || {
        let queue = holding("x", 2, Fairness::DEFAULT);
        spawn_with(&queue, |theirs| {
            for _ in 0..2 {
                assert!(block_on(pop(&theirs)).is_some());
                theirs.task_done();
            }
        });
        put(&queue, 'y');
        block_on(queue.join());
        assert_eq!(queue.len(), 0);
        assert_eq!(idle(&queue), "");
    });
}
