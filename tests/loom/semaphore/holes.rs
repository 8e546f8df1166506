//! Called ones that find too little and sleep again, ahead of others that have not answered yet: holes
//! in the front.

use std::mem;

use wakeful::Fairness;

use super::cast::*;

/// Two are called, the first for two permits and the second for one; then there is only one.
struct Scene {
    room: Room,
    tasks: [Task; 2],
    large: Seeker,
    small: Seeker,
}

fn scene(fairness: Fairness) -> Scene {
    let room = room(3, fairness);
    let held = room.take(3);
    let tasks = [Task::new(), Task::new()];
    let large = room.seeker(&tasks[0], 2);
    let small = room.seeker(&tasks[1], 1);
    drop(held);
    Scene {
        room,
        tasks,
        large,
        small,
    }
}

/// A newcomer takes two and gives them back, and then the large one answers again.
#[test]
fn newcomer() {
    model(4, || {
        let Scene {
            room,
            tasks: [one, two],
            mut large,
            mut small,
        } = scene(Fairness::overtakes(1).with_patience(Duration::MAX));
        let thread = spawn_with(&room, move |theirs| theirs.seat(&two, &mut small, 's'));
        let newcomer = room.try_acquire(2).ok();
        let early = one.poll(&mut large);
        let overtaken = newcomer.is_some() && early.is_none();
        drop(newcomer);
        match early {
            Some(permit) => room.sit(permit.unwrap(), 'L'),
            None => room.seat(&one, &mut large, 'L'),
        }
        thread.join().unwrap();
        drop(large);
        let book = room.idle(3);
        saw(
            overtaken && book == ['L', 's'],
            "the small one waits for the large one",
        );
        saw(overtaken && book == ['s', 'L'], "it does not");
    });
}

/// The permits are taken out for good, and others added. Bounded: three threads.
#[test]
fn reduced_and_added() {
    model(3, || {
        let Scene {
            room,
            tasks: [one, two],
            mut large,
            mut small,
        } = scene(Fairness::FIFO);
        let (theirs, others) = (room.clone(), room.clone());
        let one = spawn(move || theirs.seat(&one, &mut large, 'L'));
        let two = spawn(move || others.seat(&two, &mut small, 's'));
        room.semaphore.reduce_permits(2);
        room.semaphore.add_permits(1);
        one.join().unwrap();
        two.join().unwrap();
        assert_eq!(room.idle(2).len(), 2);
    });
}

/// The first is a hole already when it goes: the second, which may have answered in vain or not, is
/// called again if it has.
fn hole_that_goes(small_answered: bool) {
    let Scene {
        room,
        tasks: [one, two],
        mut large,
        mut small,
    } = scene(Fairness::FIFO);
    room.semaphore.reduce_permits(2);
    assert!(one.poll(&mut large).is_none());
    if small_answered {
        assert!(two.poll(&mut small).is_none(), "the large one is first");
    }
    let thread = spawn(move || drop(large));
    room.seat(&two, &mut small, 's');
    thread.join().unwrap();
    drop(small);
    assert_eq!(room.idle(1), ['s']);
}

#[test]
fn first_goes_ahead_of_a_called_one() {
    model(UNBOUNDED, || hole_that_goes(false));
}

#[test]
fn first_goes_ahead_of_a_sleeper() {
    model(UNBOUNDED, || hole_that_goes(true));
}

/// The hole is called again by what comes back, while the one behind it answers, goes, or sleeps.
#[test]
fn called_again() {
    model(UNBOUNDED, || {
        let Scene {
            room,
            tasks: [one, two],
            mut large,
            mut small,
        } = scene(Fairness::FIFO);
        let taken = room.semaphore.forget_permits(2);
        assert_eq!(taken, 2);
        assert!(one.poll(&mut large).is_none());
        let thread = spawn_with(&room, move |theirs| theirs.seat(&two, &mut small, 's'));
        room.semaphore.add_permits(1);
        room.seat(&one, &mut large, 'L');
        thread.join().unwrap();
        drop(large);
        assert_eq!(room.idle(2), ['L', 's']);
    });
}

/// The called one behind the hole goes while the hole is called again.
#[test]
fn last_of_the_front_goes() {
    model(UNBOUNDED, || {
        let Scene {
            room,
            tasks: [one, _],
            mut large,
            small,
        } = scene(Fairness::FIFO);
        room.semaphore.reduce_permits(2);
        assert!(one.poll(&mut large).is_none());
        let third = Task::new();
        let mut behind = room.seeker(&third, 1);
        let thread = spawn(move || drop(small));
        room.semaphore.add_permits(1);
        room.seat(&one, &mut large, 'L');
        room.seat(&third, &mut behind, 'b');
        thread.join().unwrap();
        drop((large, behind));
        assert_eq!(room.idle(2), ['L', 'b']);
    });
}

/// The one behind the hole is forgotten. What it asked for is kept until the patience is over; the hole
/// gets what it asks for without that.
#[test]
fn forgotten_behind_a_hole() {
    model(4, || {
        let Scene {
            room,
            tasks: [one, _],
            mut large,
            small,
        } = scene(Fairness::overtakes(0).with_patience(looks(1)));
        mem::forget(small);
        room.semaphore.reduce_permits(2);
        assert!(one.poll(&mut large).is_none());
        let thread = spawn_with(&room, move |theirs| theirs.seat(&one, &mut large, 'L'));
        room.semaphore.add_permits(1);
        // As it comes first, or the large one is in.
        room.enter(1, 'a');
        thread.join().unwrap();
        assert_eq!(room.semaphore.available_permits(), 2);
    });
}

/// Three are called; the middle one sleeps again. The first goes, the last answers, what is missing
/// comes back. Bounded: three threads.
#[test]
fn in_the_middle() {
    model(3, || {
        let room = room(4, Fairness::FIFO);
        let held = room.take(4);
        let tasks = [Task::new(), Task::new(), Task::new()];
        let first = room.seeker(&tasks[0], 1);
        let mut middle = room.seeker(&tasks[1], 2);
        let mut last = room.seeker(&tasks[2], 1);
        drop(held);
        room.semaphore.reduce_permits(2);
        assert!(tasks[1].poll(&mut middle).is_none());
        let [_, two, three] = tasks;
        let (theirs, others) = (room.clone(), room.clone());
        let goes = spawn(move || drop(first));
        let answers = spawn(move || theirs.seat(&three, &mut last, 'c'));
        others.seat(&two, &mut middle, 'b');
        goes.join().unwrap();
        answers.join().unwrap();
        drop(middle);
        assert_eq!(room.idle(2).len(), 2);
    });
}
