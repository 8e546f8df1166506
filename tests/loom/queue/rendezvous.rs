//! Capacity 0: a push that waits *is* the item, until a pop that is polled takes it out. The hand-over is
//! the completion, so that either side may go at any moment, and the item is with exactly one of them.

use wakeful::queue::TryRecvError;

use super::cast::*;

fn meeting(fairness: Fairness) -> Shared {
    queue(0, fairness)
}

#[test]
fn push_and_pop() {
    model(UNBOUNDED, || {
        let queue = meeting(Fairness::DEFAULT);
        spawn_with(&queue, move |theirs| pushes(&theirs, "a"));
        assert_eq!(pops(&queue, 1), "a");
        assert_eq!(idle(&queue), "");
    });
}

/// Each waits for the other one twice. Bounded: twice as long is far more than twice as many schedules.
#[test]
fn two_items() {
    model(3, || {
        let queue = meeting(Fairness::FIFO);
        spawn_with(&queue, move |theirs| pushes(&theirs, "ab"));
        assert_eq!(pops(&queue, 2), "ab");
        assert_eq!(idle(&queue), "");
    });
}

/// Of two that push, one waits already; one pops once and then closes. Bounded: three threads.
#[test]
fn two_senders() {
    model(3, || {
        let queue = meeting(Fairness::DEFAULT);
        let first = queued(push(&queue, 'a'));
        let one = spawn(move || first.finish());
        let two = spawn_with(&queue, move |theirs| block_on(push(&theirs, 'b')));
        let got = get(&queue);
        queue.close();
        assert_eq!(got, 'a', "in order");
        assert_eq!(one.join(), Ok(()));
        assert_eq!(two.join(), Err('b'));
        queue.assert_idle();
    });
}

/// Of two that pop, one waits already; one pushes once and then closes. Bounded: three threads.
#[test]
fn two_receivers() {
    model(3, || {
        let queue = meeting(Fairness::DEFAULT);
        let first = queued(pop(&queue));
        let one = spawn(move || first.finish());
        let two = spawn_with(&queue, move |theirs| block_on(pop(&theirs)));
        pushes(&queue, "a");
        queue.close();
        let got = [one, two].map(|thread| thread.join());
        assert!(matches!(got, [Some('a'), None] | [None, Some('a')]));
        queue.assert_idle();
    });
}

/// In line: `a`, `b`; one is dropped while one pops: it gets the first, or the second if that is gone.
#[test]
fn push_dropped_against_a_pop() {
    model(UNBOUNDED, || {
        let queue = meeting(Fairness::DEFAULT);
        let [first, second] = ['a', 'b'].map(|name| queued(push(&queue, name)));
        spawn(move || drop(first));
        let got = get(&queue);
        join_all();
        saw(got == 'a', "it is taken out in time");
        saw(got == 'b', "it goes first");
        if got == 'a' {
            assert_eq!(get(&queue), 'b');
        }
        assert_eq!(try_pop(&queue), Err(TryRecvError::Empty));
        assert_eq!(second.finish(), Ok(()));
        assert_eq!(idle(&queue), "");
    });
}

/// The item is taken back out of the push, or has been taken out by the pop.
fn push_taken_back(takes: fn(&Shared) -> Option<char>) {
    let queue = meeting(Fairness::DEFAULT);
    let mut waiting = queued(queue.push(Item::new('a')));
    let thread = spawn_with(&queue, move |theirs| takes(&theirs));
    let mine = waiting.future.as_mut().into_item().map(Item::read);
    let theirs = thread.join();
    one_has('a', mine, theirs);
    varies(theirs.is_some(), "it is taken out in time");
    drop(waiting);
    assert_eq!(idle(&queue), "");
}

models! {
    push_taken_back_against_a_pop: UNBOUNDED, push_taken_back(|queue| try_pop(queue).ok());
    both_polled_and_dropped: UNBOUNDED, push_taken_back(pop_once);
}

/// It is polled once more: it is done exactly if it was taken out.
#[test]
fn push_polled_against_a_pop() {
    model(UNBOUNDED, || {
        let queue = meeting(Fairness::DEFAULT);
        let mut waiting = queued(push(&queue, 'a'));
        let thread = spawn_with(&queue, move |theirs| get(&theirs));
        let early = waiting.poll();
        varies(early.is_some(), "it was taken out");
        assert_eq!(early.unwrap_or_else(|| waiting.finish()), Ok(()));
        assert_eq!(thread.join(), 'a');
        assert_eq!(idle(&queue), "");
    });
}

/// Of two pops that wait, the first is dropped while a push comes, or when it was called for it: the
/// other one takes the item.
fn pop_dropped(called: bool) {
    let queue = meeting(Fairness::DEFAULT);
    let [first, second] = [(); 2].map(|()| queued(pop(&queue)));
    let push = || queued(push(&queue, 'a'));
    let early = called.then(push);
    spawn(move || drop(first));
    let waiting = early.unwrap_or_else(push);
    assert_eq!(second.finish(), Some('a'));
    assert_eq!(waiting.finish(), Ok(()));
    assert_eq!(idle(&queue), "");
}

models! {
    queued_pop_dropped_against_a_push: UNBOUNDED, pop_dropped(false);
    called_pop_dropped_against_another: UNBOUNDED, pop_dropped(true);
}

/// Both sides go at once: nobody is left.
#[test]
fn both_dropped() {
    model(UNBOUNDED, || {
        let queue = meeting(Fairness::FIFO);
        let waiting = queued(pop(&queue));
        let offer = queued(push(&queue, 'a'));
        spawn(move || drop(waiting));
        drop(offer);
        assert_eq!(idle(&queue), "");
    });
}

/// It is closed while a push waits and one tries to pop.
#[test]
fn closed_against_a_pop() {
    model(UNBOUNDED, || {
        let queue = meeting(Fairness::DEFAULT);
        let waiting = queued(push(&queue, 'a'));
        let thread = spawn_with(&queue, move |theirs| theirs.close());
        let got = try_pop(&queue).ok();
        let pushed = waiting.finish();
        assert_eq!(pushed.is_ok(), got == Some('a'));
        saw(pushed.is_ok(), "it is taken out in time");
        saw(pushed == Err('a'), "it comes back");
        assert!(thread.join());
        assert_eq!(try_pop(&queue), Err(TryRecvError::Disconnected));
        queue.assert_idle();
    });
}

/// The last receiver goes: the push has its item back.
#[test]
fn last_receiver() {
    model(UNBOUNDED, || {
        let (sender, receiver) = channel(0, Fairness::DEFAULT);
        spawn(move || drop(receiver));
        assert_eq!(refused(block_on(sender.send(Item::new('a')))), Err('a'));
    });
}

/// Threads meet, too.
#[test]
fn blocking() {
    model(UNBOUNDED, || {
        let queue = meeting(Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| {
            refused(theirs.blocking_push(Item::new('a')))
        });
        assert_eq!(queue.blocking_pop().map(Item::read), Some('a'));
        assert_eq!(thread.join(), Ok(()));
        assert_eq!(idle(&queue), "");
    });
}

/// A push that is too late gives its item back, unless it was taken out before that.
#[test]
fn too_late_against_a_pop() {
    model(UNBOUNDED, || {
        let queue = meeting(Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| push_in_time(&theirs, 'a'));
        let got = try_pop(&queue).ok();
        let in_time = thread.join().expect("nobody closes it");
        assert_eq!(got, in_time.then_some('a'));
        varies(in_time, "it is in time");
        assert_eq!(idle(&queue), "");
    });
}
