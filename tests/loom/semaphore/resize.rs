//! Fewer and more permits while they are in use: what is owed is paid before anybody gets any.

use wakeful::Fairness;

use super::cast::*;

/// It takes the permit, or owes it until it comes back.
#[test]
fn reduce_against_try_acquire() {
    model(UNBOUNDED, || {
        let room = room(1, Fairness::DEFAULT);
        let thread = spawn_with(&room, move |theirs| theirs.semaphore.reduce_permits(1));
        let barged = room.barge(1, 'n');
        thread.join().unwrap();
        saw(!barged, "it is free");
        saw(barged, "it is taken");
        room.idle(0);
        room.semaphore.add_permits(1);
        room.idle(1);
    });
}

/// A waiter gets what was added afterwards.
#[test]
fn reduce_against_acquire() {
    model(UNBOUNDED, || {
        let room = room(2, Fairness::DEFAULT);
        let thread = spawn_with(&room, move |theirs| {
            theirs.semaphore.reduce_permits(2);
            theirs.semaphore.add_permits(1);
        });
        room.enter(1, 'a');
        thread.join().unwrap();
        assert_eq!(room.idle(1), ['a']);
    });
}

/// With a waiter that the permit would have been for. Called before it was taken away, or not, it
/// waits on.
fn reduce_against_release_with(fairness: Fairness) {
    let room = room(2, fairness);
    let (held, other) = (room.take(1), room.take(1));
    let task = Task::new();
    let mut waiting = room.seeker(&task, 1);
    let thread = spawn_with(&room, move |theirs| theirs.semaphore.reduce_permits(1));
    drop(held);
    thread.join().unwrap();
    assert!(
        task.poll(&mut waiting).is_none(),
        "what is owed comes first"
    );
    drop(other);
    room.seat(&task, &mut waiting, 'w');
    drop(waiting);
    assert_eq!(room.idle(1), ['w']);
}

#[test]
fn reduce_against_release() {
    model(UNBOUNDED, || reduce_against_release_with(Fairness::DEFAULT));
}

#[test]
fn reduce_against_release_in_fifo() {
    model(UNBOUNDED, || reduce_against_release_with(Fairness::FIFO));
}

/// More is owed than comes back first; what comes back last is for the waiter. Who pays, and in what
/// order, is all one.
#[test]
fn debt_is_paid_first() {
    model(UNBOUNDED, || {
        let room = room(2, Fairness::DEFAULT);
        let (one, two) = (room.take(1), room.take(1));
        let task = Task::new();
        let waiting = room.seeker(&task, 1);
        room.semaphore.reduce_permits(1);
        let thread = spawn(move || drop(one));
        drop(two);
        thread.join().unwrap();
        assert_eq!(task.wakes(), 1, "one is for the waiter");
        drop(waiting);
        room.idle(1);
    });
}

/// The same with nobody in line yet: the waiter comes while it is paid.
#[test]
fn debt_against_a_first_poll() {
    model(UNBOUNDED, || {
        let room = room(2, Fairness::DEFAULT);
        let held = room.take(2);
        room.semaphore.reduce_permits(1);
        let thread = spawn_with(&room, move |theirs| theirs.enter(1, 'w'));
        drop(held);
        thread.join().unwrap();
        assert_eq!(room.idle(1), ['w']);
    });
}

/// A batch pays first: of two waiters only one is called, until there is more.
#[test]
fn debt_and_a_batch() {
    model(UNBOUNDED, || {
        let room = room(2, Fairness::FIFO);
        let held = room.take(2);
        let tasks = [Task::new(), Task::new()];
        let seekers = tasks.each_ref().map(|task| room.seeker(task, 1));
        room.semaphore.reduce_permits(2);
        let thread = spawn_with(&room, move |theirs| theirs.semaphore.add_permits(1));
        drop(held);
        thread.join().unwrap();
        assert_eq!(tasks.each_ref().map(Task::wakes), [1, 0]);
        let [a, b] = seekers;
        drop(a);
        assert_eq!(tasks[1].wakes(), 1);
        drop(b);
        room.idle(1);
    });
}

/// Up and down, while one goes and one wants in. Bounded: three threads.
#[test]
fn under_load() {
    model(3, || {
        let room = room(1, Fairness::DEFAULT);
        let held = room.take(1);
        let (one, two) = (room.clone(), room.clone());
        let enters = spawn(move || one.enter(1, '1'));
        let resizes = spawn(move || {
            two.semaphore.add_permits(1);
            two.semaphore.reduce_permits(1);
        });
        drop(held);
        enters.join().unwrap();
        resizes.join().unwrap();
        assert_eq!(room.idle(1), ['1']);
    });
}

/// Added, taken away and added again under the nose of a waiter. Bounded: it may be called in vain.
#[test]
fn up_and_down_and_up() {
    model(4, || {
        let room = room(0, Fairness::DEFAULT);
        let thread = spawn_with(&room, move |theirs| {
            theirs.semaphore.add_permits(1);
            theirs.semaphore.reduce_permits(1);
            theirs.semaphore.add_permits(1);
        });
        room.enter(1, 'w');
        thread.join().unwrap();
        assert_eq!(room.idle(1), ['w']);
    });
}

/// It takes what is free and says how much.
#[test]
fn forget_against_try_acquire() {
    model(UNBOUNDED, || {
        let room = room(2, Fairness::DEFAULT);
        let thread = spawn_with(&room, move |theirs| theirs.semaphore.forget_permits(2));
        let barged = room.try_acquire(1).ok();
        let forgotten = thread.join().unwrap();
        assert_eq!(forgotten, 2 - usize::from(barged.is_some()));
        drop(barged);
        room.idle(2 - forgotten);
    });
}

/// What is kept for a called one is free, and so can be forgotten: it waits on.
#[test]
fn forget_against_a_called_one() {
    model(UNBOUNDED, || {
        let room = room(1, Fairness::DEFAULT);
        let held = room.take(1);
        let task = Task::new();
        let mut waiting = room.seeker(&task, 1);
        drop(held);
        let thread = spawn_with(&room, move |theirs| theirs.semaphore.forget_permits(1));
        let early = task.poll(&mut waiting);
        let forgotten = thread.join().unwrap();
        saw(early.is_none(), "it is forgotten first");
        saw(early.is_some(), "it is taken first");
        match early {
            Some(permit) => room.sit(permit.unwrap(), 'w'),
            None => {
                assert_eq!(forgotten, 1);
                room.semaphore.add_permits(1);
                room.seat(&task, &mut waiting, 'w');
                drop(waiting);
                room.idle(1);
                return;
            }
        }
        drop(waiting);
        room.idle(1 - forgotten);
    });
}

/// Two that forget the same permits, while one comes back to a line.
#[test]
fn forget_against_release() {
    model(UNBOUNDED, || {
        let room = room(1, Fairness::DEFAULT);
        let held = room.take(1);
        let task = Task::new();
        let mut waiting = room.seeker(&task, 1);
        let thread = spawn_with(&room, move |theirs| theirs.semaphore.forget_permits(1));
        drop(held);
        let forgotten = thread.join().unwrap();
        room.semaphore.add_permits(forgotten);
        room.seat(&task, &mut waiting, 'w');
        drop(waiting);
        assert_eq!(room.idle(1), ['w']);
    });
}
