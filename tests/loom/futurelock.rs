//! Futures of one task never wait for each other (P2): a task polls F1, keeps it without polling it,
//! and awaits F2 on the same mutex. In FIFO too.

use crate::support::*;

/// Awaits F2 while F1, which is `kept`, is not polled; then finishes or drops F1.
fn await_second<L: Lock>(mutex: &L, kept: Waiting<L>, and_first: bool) {
    sign(kept.task.finish(&mut mutex.wait()), '2');
    if and_first {
        sign(kept.finish(), '1');
    }
}

/// F1 is called before, while or after F2 is polled.
fn against_release<L: Lock>(fairness: Fairness, and_first: bool) {
    let (mutex, held, [first]) = contended::<L, 1>(fairness);
    spawn_with(&mutex, move |theirs| {
        await_second(&theirs, first, and_first)
    });
    drop(held);
    assert_eq!(idle(&mutex).len(), 1 + usize::from(and_first));
}

fn fifo<L: Lock>() {
    against_release::<L>(Fairness::FIFO, false);
}

fn fifo_and_then_the_first<L: Lock>() {
    against_release::<L>(Fairness::FIFO, true);
}

fn default<L: Lock>() {
    against_release::<L>(Fairness::DEFAULT, false);
}

/// F1 is called, a newcomer barges or waits, and F2 comes.
fn with_a_newcomer(fairness: Fairness) {
    let (mutex, first) = called_waiter::<Shared>(fairness);
    spawn_with(&mutex, move |theirs| await_second(&theirs, first, false));
    let barged = barge(&mutex, 'b');
    enter(&mutex, 'n');
    assert_eq!(idle(&mutex).len(), 2 + usize::from(barged));
}

#[test]
fn fifo_with_a_newcomer_unbounded() {
    unbounded_model(|| with_a_newcomer(Fairness::FIFO));
}

/// In line: F1, another task, F2. The release calls F1, which wakes the task; its F2 lets the other
/// one pass, and gets in after it. Bounded: three threads.
fn another_in_between(fairness: Fairness) {
    let (mutex, held, [first, between]) = contended::<Shared, 2>(fairness);
    spawn_with(&mutex, move |theirs| await_second(&theirs, first, false));
    spawn(move || sign(between.finish(), 'o'));
    drop(held);
    let log = idle(&mutex);
    assert_eq!(log.len(), 2);
    assert!(fairness != Fairness::FIFO || before(&log, 'o', '2'));
}

models! {
    fifo_with_a_newcomer: 7, with_a_newcomer(Fairness::FIFO);
    /// Bounded: with credit and patience there is more to explore.
    default_with_a_newcomer: 3, with_a_newcomer(Fairness::DEFAULT);
    fifo_with_another_in_between: 3, another_in_between(Fairness::FIFO);
    default_with_another_in_between: 3, another_in_between(Fairness::DEFAULT);
}

/// Two tasks with such a pair each, and a call to one of them. Bounded: four waiters.
#[test]
fn two_tasks_of_two_futures() {
    model(4, || {
        let (mutex, held, [first, second]) = contended::<Shared, 2>(Fairness::FIFO);
        drop(held);
        spawn_with(&mutex, move |theirs| await_second(&theirs, first, false));
        await_second(&mutex, second, false);
        assert_eq!(idle(&mutex), ['2', '2']);
    });
}

/// The task drops F1 as it awaits F2, as `select!` does in the end.
#[test]
fn first_dropped_before_the_second_is_awaited() {
    model(UNBOUNDED, || {
        let (mutex, held, [first]) = contended::<Shared, 1>(Fairness::FIFO);
        let mut second = first.task.waits(&mutex);
        spawn(move || {
            let early = second.poll();
            drop(first);
            sign(early.unwrap_or_else(|| second.finish()), '2');
        });
        drop(held);
        assert_eq!(idle(&mutex), ['2']);
    });
}

/// Polls both in turn until both are in, as `join!` does. They are of one task.
fn join(mut branches: [(Waiting, char); 2]) {
    let task = branches[0].0.task.clone();
    let mut done = [false; 2];
    while done != [true; 2] {
        for ((waiting, who), done) in branches.iter_mut().zip(&mut done) {
            if !*done {
                if let Some(guard) = waiting.poll() {
                    sign(guard, *who);
                    *done = true;
                }
            }
        }
        if done != [true; 2] {
            task.sleep();
        }
    }
}

/// Both branches of a `join!` wait, and the second in line is polled first at every turn: it meets the
/// call of the first, which answers in the same turn and so is not passed over. Another thread comes.
/// Bounded: all are woken many times.
#[test]
fn joined_and_not_passed_over() {
    model(5, || {
        let (mutex, held, [first]) = contended::<Shared, 1>(Fairness::FIFO);
        let second = first.task.waits(&mutex);
        spawn(move || join([(second, '2'), (first, '1')]));
        drop(held);
        enter(&mutex, 't');
        let log = idle(&mutex);
        assert_eq!(log.len(), 3);
        assert!(before(&log, '1', '2') && before(&log, '1', 't'));
    });
}

/// A task keeps F1, which is called, and joins two more, beside another thread: the first meeting with
/// the call passes nobody over, the second does.
#[test]
fn joined_and_passed_over_at_the_second_meeting() {
    model(4, move || {
        let (mutex, kept) = called_waiter::<Shared>(Fairness::FIFO);
        let task = kept.task.clone();
        let second = task.waits(&mutex);
        assert_eq!(task.wakes(), 2, "it was called, and met the call once");
        let third = task.waits(&mutex);
        assert!(mutex.try_lock().is_err(), "it is still kept");
        spawn_with(&mutex, move |theirs| enter(&theirs, 't'));
        join([(second, '2'), (third, '3')]);
        join_all();
        drop(kept);
        let log = idle(&mutex);
        assert_eq!(log.len(), 3);
        assert_eq!(log[0], '2');
        assert!(before(&log, '3', 't'));
    });
}

of_both! {
    fifo: UNBOUNDED, UNBOUNDED;
    fifo_and_then_the_first: UNBOUNDED, UNBOUNDED;
    default: UNBOUNDED, UNBOUNDED;
}
