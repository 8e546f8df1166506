//! What stands outside the fairness rules: pushing by force, and draining. Both are one step.

use wakeful::queue::bounded;

use super::cast::*;

fn force(queue: &Shared, name: char) -> Option<char> {
    let thrown_out = queue.force_push(Item::new(name));
    thrown_out.expect("it is open").map(Item::read)
}

/// The pop has the oldest, or the newcomer threw it out; it is never both, and never neither.
#[test]
fn force_against_a_pop() {
    model(UNBOUNDED, || {
        let queue = holding("x", 1, Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| get(&theirs));
        let out = force(&queue, 'f');
        let got = thread.join();
        saw(got == 'x', "the pop has it");
        saw(out == Some('x'), "it is thrown out");
        match out {
            Some(out) => assert_eq!((out, got, idle(&queue)), ('x', 'f', String::new())),
            None => assert_eq!((got, idle(&queue)), ('x', "f".to_owned())),
        }
    });
}

/// A pop that waits gets what is forced, the older one or the newer one.
#[test]
fn force_twice_to_a_pop_that_waits() {
    model(UNBOUNDED, || {
        let queue = queue(1, Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| pops(&theirs, 1));
        assert_eq!(force(&queue, 'a'), None);
        let out = force(&queue, 'b');
        let got = thread.join();
        saw(got == "a", "it gets the older one");
        saw(got == "b", "it gets the newer one");
        let out: String = out.into_iter().collect();
        assert_eq!(sorted((got + &out + &idle(&queue)).chars()), "ab");
    });
}

#[test]
fn two_by_force() {
    model(UNBOUNDED, || {
        let queue = holding("x", 1, Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| force(&theirs, 't'));
        let mine = force(&queue, 'm');
        let theirs = thread.join();
        let out = mine.into_iter().chain(theirs);
        assert_eq!(sorted(out.chain(idle(&queue).chars())), "mtx");
    });
}

/// A push that was called finds its slot taken by force, or takes it first and is thrown out: it gets in
/// either way, if only with the next pop.
#[test]
fn force_against_a_called_push() {
    model(UNBOUNDED, || {
        let queue = holding("x", 1, Fairness::FIFO);
        let mut waiting = queued(push(&queue, 'w'));
        assert_eq!(get(&queue), 'x');
        let thread = spawn_with(&queue, move |theirs| force(&theirs, 'f'));
        let early = waiting.poll();
        let out = thread.join();
        saw(early.is_none(), "its slot is taken");
        saw(out == Some('w'), "it is thrown out");
        assert_eq!(get(&queue), 'f');
        assert_eq!(early.unwrap_or_else(|| waiting.finish()), Ok(()));
        assert_eq!(idle(&queue), if out.is_none() { "w" } else { "" });
    });
}

/// It gives back its own where every slot is reserved, and takes the one that is given back.
#[test]
fn force_against_a_permit() {
    model(UNBOUNDED, || {
        let (sender, receiver) = bounded(1);
        let permit = sender.clone().try_reserve_owned().unwrap();
        spawn(move || drop(permit));
        let back = sender.force_send('f').unwrap();
        join_all();
        assert!(matches!(back, None | Some('f')));
        assert_eq!(receiver.try_recv().is_ok(), back.is_none());
        varies(back.is_some(), "it comes too early");
        assert_eq!(sender.capacity(), 1);
    });
}

fn drained(queue: &Shared) -> String {
    queue.drain().into_iter().map(Item::read).collect()
}

/// What is drained is all that there is at one moment, and the pushes that it makes room for are called.
#[test]
fn drain_against_pushes_that_wait() {
    model(UNBOUNDED, || {
        let queue = holding("xy", 2, Fairness::FIFO);
        let [first, second] = ['a', 'b'].map(|name| queued(push(&queue, name)));
        let thread = spawn_with(&queue, move |theirs| drained(&theirs));
        assert_eq!(first.finish(), Ok(()));
        assert_eq!(second.finish(), Ok(()));
        assert_eq!(thread.join(), "xy");
        assert_eq!(idle(&queue), "ab");
    });
}

/// It takes what is kept, too: a pop that was called for it waits on, and gets the next one.
#[test]
fn drain_against_a_called_pop() {
    model(UNBOUNDED, || {
        let queue = queue(1, Fairness::FIFO);
        let mut waiting = queued(pop(&queue));
        put(&queue, 'a');
        let thread = spawn_with(&queue, move |theirs| drained(&theirs));
        let early = waiting.poll().flatten();
        let out = thread.join();
        saw(early == Some('a'), "the pop is in time");
        saw(out == "a", "it is drained");
        assert_eq!(early.is_none(), out == "a");
        if early.is_none() {
            put(&queue, 'b');
            assert_eq!(waiting.finish(), Some('b'));
        }
        assert_eq!(idle(&queue), "");
    });
}
