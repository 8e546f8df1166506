//! Closing against everything: a push learns of it and gets its item back; a pop gets what is still there and
//! what permits still send, and then learns of it, too.

use wakeful::queue::{OwnedPermit, Receiver, Sender, TryRecvError};

use super::cast::*;

/// Waits for all threads: it is closed for all that ask then, and idle. Returns what was left in it.
#[track_caller]
pub(super) fn closed(queue: &Shared) -> String {
    join_all();
    assert!(queue.is_closed() && !queue.close());
    assert_eq!(block_on(push(queue, 'z')), Err('z'));
    let left = idle(queue);
    assert_eq!(try_pop(queue), Err(TryRecvError::Disconnected));
    left
}

fn spawn_close(queue: &Shared) {
    spawn_with(queue, move |theirs| assert!(theirs.close()));
}

#[test]
fn against_a_push() {
    model(UNBOUNDED, || {
        let queue = queue(1, Fairness::DEFAULT);
        spawn_close(&queue);
        let pushed = block_on(push(&queue, 'a'));
        assert_eq!(closed(&queue), if pushed.is_ok() { "a" } else { "" });
        saw(pushed.is_ok(), "it is in time");
        saw(pushed == Err('a'), "it is too late");
    });
}

/// Two that wait for a slot both have their items back.
#[test]
fn against_pushes_that_wait() {
    model(UNBOUNDED, || {
        let queue = holding("x", 1, Fairness::DEFAULT);
        let [first, second] = ['a', 'b'].map(|name| queued(push(&queue, name)));
        spawn_close(&queue);
        assert_eq!(second.finish(), Err('b'));
        assert_eq!(first.finish(), Err('a'));
        assert_eq!(closed(&queue), "x");
    });
}

/// One that waits was called, and is polled before or after the closing: its item is in the queue, or
/// comes back.
#[test]
fn against_a_called_push() {
    model(UNBOUNDED, || {
        let queue = holding("x", 1, Fairness::DEFAULT);
        let waiting = queued(push(&queue, 'a'));
        assert_eq!(get(&queue), 'x');
        spawn_close(&queue);
        let pushed = waiting.finish();
        assert_eq!(closed(&queue), if pushed.is_ok() { "a" } else { "" });
        saw(pushed.is_ok(), "it is in time");
        saw(pushed == Err('a'), "it is too late");
    });
}

/// A pop makes room for it at the same time. Bounded: three threads.
#[test]
fn against_a_pop_and_a_push() {
    model(4, || {
        let queue = holding("x", 1, Fairness::DEFAULT);
        let pushes = spawn_with(&queue, move |theirs| block_on(push(&theirs, 'a')));
        spawn_close(&queue);
        assert_eq!(get(&queue), 'x');
        let pushed = pushes.join();
        assert_eq!(closed(&queue), if pushed.is_ok() { "a" } else { "" });
    });
}

/// All that wait for an item learn of it, though they are more than are woken at once.
#[test]
fn against_pops_that_wait() {
    model(UNBOUNDED, || {
        let queue = queue(1, Fairness::DEFAULT);
        let [first, second] = [(); 2].map(|()| queued(pop(&queue)));
        spawn_close(&queue);
        assert_eq!(second.finish(), None);
        assert_eq!(first.finish(), None);
        assert_eq!(closed(&queue), "");
    });
}

/// Some go and one comes while those in line are being woken. Bounded: three threads.
#[test]
fn against_many_pops() {
    model(4, || {
        let queue = queue(1, Fairness::DEFAULT);
        let [first, second] = [(); 2].map(|()| queued(pop(&queue)));
        spawn_close(&queue);
        spawn(move || drop(first));
        assert_eq!(block_on(pop(&queue)), None);
        assert_eq!(second.finish(), None);
        assert_eq!(closed(&queue), "");
    });
}

/// Once closed, nothing is kept: of a pop that was called for the item and one that arrives, the first to be
/// polled takes it, and the other learns of the closing.
#[test]
fn keeps_nothing() {
    model(UNBOUNDED, || {
        let queue = queue(1, Fairness::FIFO);
        let waits = queued(pop(&queue));
        put(&queue, 'a');
        let thread = spawn_with(&queue, move |theirs| {
            theirs.close();
            try_pop(&theirs).ok()
        });
        let mine = waits.finish();
        let theirs = thread.join();
        one_has('a', mine, theirs);
        saw(mine.is_some(), "who was called has it");
        saw(theirs.is_some(), "the newcomer has it");
        assert_eq!(closed(&queue), "");
    });
}

/// Of two that close, one does it.
#[test]
fn against_closing() {
    model(UNBOUNDED, || {
        let queue = queue(1, Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| theirs.close());
        let mine = queue.close();
        assert!(mine != thread.join());
        assert_eq!(closed(&queue), "");
    });
}

/// Of two that wait for the closing, one is dropped meanwhile.
#[test]
fn against_those_who_wait_for_it() {
    model(UNBOUNDED, || {
        let queue = holding("x", 1, Fairness::DEFAULT);
        let goes = queued(queue.closed());
        let waits = queued(queue.closed());
        spawn_close(&queue);
        drop(goes);
        waits.finish();
        assert_eq!(closed(&queue), "x");
    });
}

/// What is queued is taken in the same step: an item is in there, or comes back.
#[test]
fn and_drain_against_a_push() {
    model(UNBOUNDED, || {
        let queue = holding("x", 2, Fairness::DEFAULT);
        let thread = spawn_with(&queue, move |theirs| block_on(push(&theirs, 'a')));
        let drained = queue.close_and_drain().into_iter().map(Item::read);
        let drained: String = drained.collect();
        let pushed = thread.join();
        assert_eq!(drained, if pushed.is_ok() { "xa" } else { "x" });
        assert_eq!(closed(&queue), "");
    });
}

/// A permit is out: what it sends still comes, and if it sends nothing, those that wait learn of that. Bounded:
/// three threads.
fn against_a_permit(sends: Option<char>) {
    let (sender, receiver) = channel(1, Fairness::DEFAULT);
    let theirs = sender.clone();
    let permit = sender.try_reserve_owned().expect("there is a slot");
    let thread = spawn(move || theirs.close());
    spawn(move || use_up(permit, sends));
    if sends.is_some() {
        assert_eq!(received(&receiver), sends);
    }
    assert_eq!(received(&receiver), None);
    assert!(thread.join());
    join_all();
    assert_eq!((receiver.len(), receiver.capacity()), (0, 1));
}

models! {
    against_a_permit_that_sends: 3, against_a_permit(Some('p'));
    against_a_permit_that_is_dropped: 3, against_a_permit(None);
}

/// A channel that was closed while such permits were out.
fn closed_with<const N: usize>() -> (Sender<Item>, Receiver<Item>, [OwnedPermit<Item>; N]) {
    let (sender, receiver) = channel(N, Fairness::DEFAULT);
    let reserve = |()| sender.clone().try_reserve_owned().expect("there is a slot");
    let permits = [(); N].map(reserve);
    sender.close();
    (sender, receiver, permits)
}

/// It is closed already, and two wait when the last permit comes back, or sends: then one of the two has the
/// item, and the other one learns that there will be no more.
fn last_permit(sends: Option<char>) {
    let (_sender, receiver, [permit]) = closed_with();
    let [first, second] = [(); 2].map(|()| queued(receiver.recv()));
    spawn(move || use_up(permit, sends));
    let two = second.finish().map(Item::read);
    let one = first.finish().map(Item::read);
    assert_eq!(one.or(two), sends);
    assert!(one.is_none() || two.is_none());
    join_all();
    assert_eq!(receiver.capacity(), 1);
}

models! {
    last_permit_against_pops_that_wait: UNBOUNDED, last_permit(None);
    last_permit_sends_to_pops_that_wait: UNBOUNDED, last_permit(Some('p'));
}

/// Two permits, of which one sends and the other does not: either may be the last. Bounded: three
/// threads.
#[test]
fn two_last_permits() {
    model(3, || {
        let (sender, receiver, [one, two]) = closed_with();
        spawn(move || use_up(one, Some('p')));
        spawn(move || use_up(two, None));
        assert_eq!(received(&receiver), Some('p'));
        assert_eq!(received(&receiver), None);
        join_all();
        assert_eq!(sender.capacity(), 2);
    });
}
