//! Threads that block, beside tasks, in the same line. Under loom a deadline that is not
//! `Duration::MAX` has passed at once: such a wait polls once, sees that it is too late, and cancels.

use wakeful::queue::RecvTimeoutError;

use super::cast::*;

fn push_blocking(queue: &Shared, name: char) -> Result<(), char> {
    refused(queue.blocking_push(Item::new(name)))
}

fn pop_blocking(queue: &Shared) -> Option<char> {
    queue.blocking_pop().map(Item::read)
}

fn pop_in_time(queue: &Shared) -> Result<char, RecvTimeoutError> {
    queue.blocking_pop_timeout(SOON).map(Item::read)
}

/// Bounded: twice as long is far more than twice as many schedules.
#[test]
fn two_threads() {
    model(4, || {
        let queue = queue(1, Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| {
            "ab".chars()
                .try_for_each(|name| push_blocking(&theirs, name))
        });
        let got = [pop_blocking(&queue), pop_blocking(&queue)];
        assert_eq!(got, [Some('a'), Some('b')]);
        assert_eq!(thread.join(), Ok(()));
        assert_eq!(idle(&queue), "");
    });
}

/// A thread and a task wait for an item each. Bounded: three threads.
#[test]
fn thread_and_task() {
    model(3, || {
        let queue = queue(2, Fairness::DEFAULT);
        let one = spawn_with(&queue, move |theirs| pop_blocking(&theirs));
        let two = spawn_with(&queue, move |theirs| block_on(pop(&theirs)));
        put_all(&queue, "ab");
        let got = [one, two].map(|thread| thread.join().expect("it is open"));
        assert_eq!(sorted(got), "ab");
        assert_eq!(idle(&queue), "");
    });
}

#[test]
fn closed_while_one_pops() {
    model(UNBOUNDED, || {
        let queue = queue(1, Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| pop_blocking(&theirs));
        assert!(queue.close());
        assert_eq!(thread.join(), None);
        queue.assert_idle();
    });
}

#[test]
fn closed_while_one_pushes() {
    model(UNBOUNDED, || {
        let queue = holding("x", 1, Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| push_blocking(&theirs, 'a'));
        assert!(queue.close());
        assert_eq!(thread.join(), Err('a'));
        queue.assert_idle();
    });
}

/// It has the item, or the item stays.
#[test]
fn pop_too_late() {
    model(UNBOUNDED, || {
        let queue = queue(1, Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| pop_in_time(&theirs));
        put(&queue, 'a');
        let got = thread.join();
        saw(got == Err(RecvTimeoutError::Timeout), "it is too late");
        saw(got == Ok('a'), "it is in time");
        assert_eq!(idle(&queue), if got.is_ok() { "" } else { "a" });
    });
}

/// Its item is in the queue, or comes back; if it comes back, it is never received.
#[test]
fn push_too_late() {
    model(UNBOUNDED, || {
        let queue = holding("x", 1, Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| {
            push_in_time(&theirs, 'a').expect("it is open")
        });
        assert_eq!(get(&queue), 'x');
        let pushed = thread.join();
        varies(pushed, "it is in time");
        assert_eq!(idle(&queue), if pushed { "a" } else { "" });
    });
}

/// Who waits behind one that gives up gets the call that was for it. Bounded: three threads.
#[test]
fn too_late_ahead_of_another() {
    model(3, || {
        let queue = queue(2, Fairness::FIFO);
        let hasty = spawn_with(&queue, move |theirs| pop_in_time(&theirs).is_ok());
        let patient = spawn_with(&queue, move |theirs| block_on(pop(&theirs)));
        put_all(&queue, "ab");
        let got = hasty.join();
        assert!(patient.join().is_some());
        assert_eq!(idle(&queue).len(), usize::from(!got));
    });
}

#[test]
fn too_late_against_close() {
    model(UNBOUNDED, || {
        let queue = holding("x", 1, Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| push_in_time(&theirs, 'a'));
        assert!(queue.close());
        let pushed = thread.join();
        saw(pushed == Ok(false), "it is too late");
        saw(pushed == Err('a'), "it is closed");
        assert_eq!(get(&queue), 'x');
        queue.assert_idle();
    });
}

/// Zero tries once and never waits; `MAX` waits forever.
#[test]
fn zero_and_max() {
    model(UNBOUNDED, || {
        let queue = queue(1, Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| {
            let tried = theirs.blocking_pop_timeout(Duration::ZERO);
            let got = tried.or_else(|_| theirs.blocking_pop_timeout(Duration::MAX));
            got.map(Item::read)
        });
        put(&queue, 'a');
        assert_eq!(thread.join(), Ok('a'));
        assert_eq!(idle(&queue), "");
    });
}

/// A thread that finds the item there, but kept, probes by yielding, and gets it past a pop that does
/// not answer (P3).
#[test]
fn thread_that_probes() {
    model(UNBOUNDED, || {
        let queue = queue(2, keeps(2));
        let mut waiting = queued(pop(&queue));
        put(&queue, 'a');
        let thread = spawn_with(&queue, move |theirs| {
            let got = pop_blocking(&theirs);
            put(&theirs, 'b');
            got
        });
        let mine = waiting.poll().or_else(|| waiting.poll());
        let mine = mine.unwrap_or_else(|| waiting.finish());
        if mine == Some('a') {
            put(&queue, 'b');
        }
        let theirs = thread.join();
        assert_ne!(mine, theirs);
        queue.assert_idle();
    });
}
