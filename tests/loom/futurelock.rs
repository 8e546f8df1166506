//! Futures of one task never wait for each other (P2): a task polls F1, keeps it without polling it,
//! and awaits F2 on the same mutex. In FIFO too.

use wakeful::Fairness;

use crate::support::*;

/// Awaits F2 while F1, which is `kept`, is not polled; then finishes or drops F1.
fn await_second<L: Lock>(mutex: &L, task: &Task, mut kept: Waiting<L>, and_first: bool) {
    let mut second = mutex.wait();
    sign(task.finish(&mut second), '2');
    if and_first {
        sign(task.finish(&mut kept), '1');
    }
}

/// F1 is called before, while or after F2 is polled.
fn against_release<L: Lock>(fairness: Fairness, and_first: bool) {
    let mutex = L::open(fairness);
    let held = take(&mutex);
    let task = Task::new();
    let first = task.waits(&mutex);
    let thread = spawn_with(&mutex, move |theirs| {
        await_second(&theirs, &task, first, and_first)
    });
    drop(held);
    thread.join().unwrap();
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
    let mutex = shared(fairness);
    let held = mutex.try_lock().unwrap();
    let task = Task::new();
    let first = task.waits(&mutex);
    drop(held);
    let thread = spawn_with(&mutex, move |theirs| {
        await_second(&theirs, &task, first, false)
    });
    let barged = barge(&mutex, 'b');
    enter(&mutex, 'n');
    thread.join().unwrap();
    assert_eq!(idle(&mutex).len(), 2 + usize::from(barged));
}

#[test]
fn fifo_with_a_newcomer() {
    model(7, || with_a_newcomer(Fairness::FIFO));
}

#[test]
fn fifo_with_a_newcomer_unbounded() {
    unbounded_model(|| with_a_newcomer(Fairness::FIFO));
}

/// Bounded: with credit and patience there is more to explore.
#[test]
fn default_with_a_newcomer() {
    model(3, || with_a_newcomer(Fairness::DEFAULT));
}

/// In line: F1, another task, F2. The release calls F1, which wakes the task; its F2 lets the other
/// one pass, and gets in after it. Bounded: three threads.
fn another_in_between(fairness: Fairness) {
    let mutex = shared(fairness);
    let held = mutex.try_lock().unwrap();
    let (task, other) = (Task::new(), Task::new());
    let first = task.waits(&mutex);
    let mut between = other.waits(&mutex);
    let one = spawn_with(&mutex, move |theirs| {
        await_second(&theirs, &task, first, false)
    });
    let two = spawn(move || sign(other.finish(&mut between), 'o'));
    drop(held);
    one.join().unwrap();
    two.join().unwrap();
    let log = idle(&mutex);
    assert_eq!(log.len(), 2);
    assert!(fairness != Fairness::FIFO || before(&log, 'o', '2'));
}

#[test]
fn fifo_with_another_in_between() {
    model(3, || another_in_between(Fairness::FIFO));
}

#[test]
fn default_with_another_in_between() {
    model(3, || another_in_between(Fairness::DEFAULT));
}

/// Two tasks with such a pair each, and a call to one of them. Bounded: four waiters.
#[test]
fn two_tasks_of_two_futures() {
    model(4, || {
        let mutex = shared(Fairness::FIFO);
        let held = mutex.try_lock().unwrap();
        let (one, two) = (Task::new(), Task::new());
        let (first, second) = (one.waits(&mutex), two.waits(&mutex));
        drop(held);
        let thread = spawn_with(&mutex, move |theirs| {
            await_second(&theirs, &one, first, false)
        });
        await_second(&mutex, &two, second, false);
        thread.join().unwrap();
        assert_eq!(idle(&mutex), ['2', '2']);
    });
}

/// The task drops F1 as it awaits F2, as `select!` does in the end.
#[test]
fn first_dropped_before_the_second_is_awaited() {
    model(UNBOUNDED, || {
        let mutex = shared(Fairness::FIFO);
        let held = mutex.try_lock().unwrap();
        let task = Task::new();
        let first = task.waits(&mutex);
        let mut second = task.waits(&mutex);
        let thread = spawn(move || {
            let early = task.poll(&mut second);
            drop(first);
            sign(early.unwrap_or_else(|| task.finish(&mut second)), '2');
        });
        drop(held);
        thread.join().unwrap();
        assert_eq!(idle(&mutex), ['2']);
    });
}

/// Polls both in turn until both are in, as `join!` does.
fn join(task: &Task, mut branches: [(Waiting, char); 2]) {
    let mut done = [false; 2];
    while done != [true; 2] {
        for ((waiting, who), done) in branches.iter_mut().zip(&mut done) {
            if !*done {
                if let Some(guard) = task.poll(waiting) {
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
/// call of the first, which answers in the same turn and so is not passed over. Another thread comes. Bounded: all are woken many times.
#[test]
fn joined_and_not_passed_over() {
    model(5, || {
        let mutex = shared(Fairness::FIFO);
        let held = mutex.try_lock().unwrap();
        let task = Task::new();
        let first = task.waits(&mutex);
        let second = task.waits(&mutex);
        let thread = spawn(move || join(&task, [(second, '2'), (first, '1')]));
        drop(held);
        enter(&mutex, 't');
        thread.join().unwrap();
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
        let mutex = shared(Fairness::FIFO);
        let held = mutex.try_lock().unwrap();
        let task = Task::new();
        let kept = task.waits(&mutex);
        drop(held);
        let second = task.waits(&mutex);
        assert_eq!(task.wakes(), 2, "it was called, and met the call once");
        let third = task.waits(&mutex);
        assert!(mutex.try_lock().is_err(), "it is still kept");
        let thread = spawn_with(&mutex, move |theirs| enter(&theirs, 't'));
        join(&task, [(second, '2'), (third, '3')]);
        thread.join().unwrap();
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
