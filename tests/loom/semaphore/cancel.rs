//! A waiter dropped in each state it can be in: nothing that it was to have is lost.

use wakeful::Fairness;

use super::cast::*;

/// The only one in line goes as another one comes.
#[test]
fn alone_against_an_arrival() {
    model(UNBOUNDED, || {
        let room = room(1, Fairness::DEFAULT);
        let held = room.take(1);
        let waiting = room.seeker(&Task::new(), 1);
        drop(held);
        let thread = spawn(move || drop(waiting));
        room.enter(1, 'a');
        thread.join().unwrap();
        assert_eq!(room.idle(1), ['a']);
    });
}

/// Three in line for two permits that come back at once, and the first of them goes: the other two are
/// in, whether it was woken before or not.
fn batch_against_the_first(fairness: Fairness) {
    let room = room(2, fairness);
    let held = room.take(2);
    let first = room.seeker(&Task::new(), 1);
    let tasks = [Task::new(), Task::new()];
    let [mut second, mut third] = tasks.each_ref().map(|task| room.seeker(task, 1));
    let thread = spawn(move || drop(first));
    drop(held);
    room.seat(&tasks[0], &mut second, '2');
    room.seat(&tasks[1], &mut third, '3');
    thread.join().unwrap();
    drop((second, third));
    assert_eq!(room.idle(2), ['2', '3']);
}

#[test]
fn batch() {
    model(UNBOUNDED, || batch_against_the_first(Fairness::DEFAULT));
}

#[test]
fn batch_in_fifo() {
    model(UNBOUNDED, || batch_against_the_first(Fairness::FIFO));
}

/// Three actors: the batch, who goes, and who waits. Bounded: three threads.
#[test]
fn batch_of_three_actors() {
    model(3, || {
        let room = room(2, Fairness::DEFAULT);
        let held = room.take(2);
        let first = room.seeker(&Task::new(), 1);
        let tasks = [Task::new(), Task::new()];
        let [mut second, mut third] = tasks.each_ref().map(|task| room.seeker(task, 1));
        let goes = spawn(move || drop(first));
        let waits = spawn_with(&room, move |theirs| {
            theirs.seat(&tasks[0], &mut second, '2');
            theirs.seat(&tasks[1], &mut third, '3');
        });
        held.forget();
        room.semaphore.add_permits(2);
        goes.join().unwrap();
        waits.join().unwrap();
        assert_eq!(room.idle(2), ['2', '3']);
    });
}

/// Polled once more, and dropped, while they come back.
#[test]
fn polled_and_dropped() {
    model(UNBOUNDED, || {
        let room = room(2, Fairness::DEFAULT);
        let held = room.take(2);
        let (task, other) = (Task::new(), Task::new());
        let mut first = room.seeker(&task, 1);
        let mut second = room.seeker(&other, 1);
        let thread = spawn(move || {
            let polled = task.poll(&mut first);
            drop(first);
            polled.is_some()
        });
        drop(held);
        room.seat(&other, &mut second, '2');
        let polled = thread.join().unwrap();
        saw(polled, "it is in time");
        saw(!polled, "it is not");
        drop(second);
        assert_eq!(room.idle(2), ['2']);
    });
}

/// Both of the line go, on two threads, while both permits come back. Bounded: three threads.
#[test]
fn both_go() {
    model(5, || {
        let room = room(2, Fairness::DEFAULT);
        let held = room.take(2);
        let first = room.seeker(&Task::new(), 1);
        let second = room.seeker(&Task::new(), 1);
        let one = spawn(move || drop(first));
        let two = spawn(move || drop(second));
        drop(held);
        one.join().unwrap();
        two.join().unwrap();
        room.idle(2);
    });
}

/// A large one that waits for more than is free goes: the small ones behind it, for whom there is
/// enough, are woken, both of them.
#[test]
fn large_ahead_of_small() {
    model(UNBOUNDED, || {
        let room = room(3, Fairness::FIFO);
        let held = room.take(1);
        let large = room.seeker(&Task::new(), 3);
        let tasks = [Task::new(), Task::new()];
        let [mut a, mut b] = tasks.each_ref().map(|task| room.seeker(task, 1));
        let thread = spawn(move || drop(large));
        room.seat(&tasks[0], &mut a, 'a');
        room.seat(&tasks[1], &mut b, 'b');
        thread.join().unwrap();
        drop((a, b, held));
        assert_eq!(room.idle(3), ['a', 'b']);
    });
}

/// The same while what it waits for comes back, and a newcomer tries. Bounded: three threads.
#[test]
fn large_against_release() {
    model(3, || {
        let room = room(3, Fairness::FIFO);
        let held = room.take(1);
        let large = room.seeker(&Task::new(), 3);
        let tasks = [Task::new(), Task::new()];
        let [mut a, mut b] = tasks.each_ref().map(|task| room.seeker(task, 1));
        let goes = spawn(move || drop(large));
        let newcomer = spawn_with(&room, move |theirs| theirs.barge(2, 'n'));
        drop(held);
        room.seat(&tasks[0], &mut a, 'a');
        room.seat(&tasks[1], &mut b, 'b');
        goes.join().unwrap();
        let barged = newcomer.join().unwrap();
        drop((a, b));
        assert_eq!(room.idle(3).len(), 2 + usize::from(barged));
    });
}

/// A large one goes against its very first poll's being over: nobody else is in line, or one is.
#[test]
fn large_against_a_first_poll() {
    model(UNBOUNDED, || {
        let room = room(1, Fairness::FIFO);
        let large = room.seeker(&Task::new(), 2);
        let thread = spawn_with(&room, move |theirs| theirs.enter(1, 'w'));
        drop(large);
        thread.join().unwrap();
        assert_eq!(room.idle(1), ['w']);
    });
}

/// It is woken, and behind it one who fits beside it sleeps, because a third one needs too much. It
/// goes: the third is woken.
#[test]
fn called_ahead_of_larger() {
    model(UNBOUNDED, || {
        let room = room(2, Fairness::FIFO);
        let held = room.take(2);
        let small = room.seeker(&Task::new(), 1);
        let task = Task::new();
        let mut large = room.seeker(&task, 2);
        drop(held);
        let thread = spawn(move || drop(small));
        room.seat(&task, &mut large, 'L');
        thread.join().unwrap();
        drop(large);
        assert_eq!(room.idle(2), ['L']);
    });
}
