//! The latch of each primitive, with all that it leaves out by itself in the other models (see
//! `src/sync/with_loom.rs`): those who find it taken, and loads of the state word that give older
//! values. There are many more schedules then, so that these are few and short.

use std::future::poll_fn;
use std::sync::Arc;

use wakeful::{Queue, Semaphore, explore_latch, queue};

use crate::support::*;

fn bare_model(bound: usize, f: impl Fn() + Send + Sync + 'static) {
    explore_latch(|| model(bound, f));
}

/// Two that contend wait for each other by the latch.
#[test]
fn of_a_mutex() {
    bare_model(UNBOUNDED, || {
        let mutex = shared(Fairness::DEFAULT);
        spawn_with(&mutex, move |theirs| enter(&theirs, 't'));
        enter(&mutex, 'm');
        assert_eq!(idle(&mutex).len(), 2);
    });
}

/// A release loses no call, even if another thread has the latch. Bounded: three threads.
#[test]
fn of_a_mutex_with_a_newcomer() {
    bare_model(1, || {
        let (mutex, held) = locked::<Shared>(Fairness::DEFAULT);
        spawn_with(&mutex, move |theirs| enter(&theirs, 'w'));
        let newcomer = spawn_with(&mutex, move |theirs| barge(&theirs, 'n'));
        drop(held);
        let barged = newcomer.join();
        assert_eq!(idle(&mutex).len(), 1 + usize::from(barged));
    });
}

/// Bounded, as above.
#[test]
fn of_a_semaphore() {
    bare_model(2, || {
        let semaphore = Arc::new(Semaphore::with_fairness(0, Fairness::DEFAULT));
        let thread = spawn_with(&semaphore, move |theirs| {
            block_on(theirs.acquire()).map(|permit| permit.forget())
        });
        semaphore.add_permits(1);
        semaphore.add_permits(1);
        let tried = semaphore.try_acquire().map(|permit| permit.forget());
        assert!(thread.join().is_ok());
        semaphore.assert_idle(usize::from(tried.is_err()));
    });
}

/// Bounded, as above.
#[test]
fn of_a_semaphore_that_closes() {
    bare_model(2, || {
        let semaphore = Arc::new(Semaphore::with_fairness(0, Fairness::DEFAULT));
        let thread = spawn_with(&semaphore, move |theirs| {
            block_on(theirs.acquire()).map(|permit| permit.forget())
        });
        spawn_with(&semaphore, move |theirs| theirs.add_permits(1));
        semaphore.close();
        let got = thread.join();
        join_all();
        semaphore.assert_idle(usize::from(got.is_err()));
    });
}

fn written() -> Watched {
    let item = Watched::default();
    item.write();
    item
}

/// A pop waits, and a push calls it. Bounded, as above.
#[test]
fn of_a_queue() {
    bare_model(2, || {
        let queue = Arc::new(Queue::bounded(2));
        spawn_with(&queue, move |theirs| {
            assert!(theirs.try_push(written()).is_ok());
            assert!(theirs.try_push(written()).is_ok());
        });
        for _ in 0..2 {
            assert_eq!(block_on(queue.pop()).unwrap().read(), 1);
        }
        join_all();
        queue.assert_idle();
    });
}

/// A push waits, and a pop calls it. Bounded, as above.
#[test]
fn of_a_queue_of_one() {
    bare_model(2, || {
        let queue = Arc::new(Queue::bounded(1));
        assert!(queue.try_push(written()).is_ok());
        spawn_with(&queue, move |theirs| {
            assert!(block_on(theirs.push(written())).is_ok())
        });
        assert_eq!(queue.try_pop().unwrap().read(), 1);
        join_all();
        assert_eq!(queue.try_pop().unwrap().read(), 1);
        queue.assert_idle();
    });
}

mod orderings {
    use super::*;

    /// Nothing but the latch orders: one at a time, each after the one before it.
    #[test]
    fn push_and_pop() {
        bare_model(UNBOUNDED, || {
            let queue = Arc::new(Queue::bounded(2));
            spawn_with(&queue, move |theirs| {
                assert!(theirs.try_push(written()).is_ok());
            });
            let popped = queue.try_pop();
            if let Ok(item) = &popped {
                assert_eq!(item.read(), 1);
            }
            join_all();
            assert_eq!(queue.len(), usize::from(popped.is_err()));
        });
    }

    /// Of a pop that is kept and one that waits because it may not be, who is second sees who was first.
    /// (At a rendezvous and with a stored waiter there are few changes of the word in between: loom knows
    /// but the last seven.)
    #[test]
    fn kept_and_waited_for() {
        bare_model(UNBOUNDED, || {
            let (sender, mut receiver) = queue::bounded(0);
            let (other, task) = (receiver.clone(), Task::new());
            let mut poll = || task.poll(&mut Box::pin(poll_fn(|cx| receiver.poll_recv(cx))));
            assert!(poll().is_none());
            let theirs = sender.clone();
            let push = queued(async move { theirs.send(1).await });
            let thread = spawn(move || other.try_recv());
            sender.close();
            let mine = poll();
            let wakes = task.wakes();
            let theirs = thread.join();
            assert!(mine != Some(Some(1)) || theirs.is_err());
            if mine.is_none() {
                assert!(task.wakes() > wakes, "nobody told it");
                assert_eq!(poll(), Some(None));
            }
            saw(mine.is_none(), "the pop is in doubt");
            saw(mine == Some(None), "the pop is decided");
            drop(push);
        });
    }

    /// Who learns by a look at the word that a queue is closed sees what was done before. (Here a look
    /// is always at the latest.)
    #[test]
    fn closed_and_asked() {
        model(UNBOUNDED, || {
            hand_over(
                Arc::new(Queue::<()>::bounded(1)),
                |queue| assert!(queue.close()),
                |queue| queue.is_closed(),
                |queue| queue.assert_idle(),
            );
        });
    }
}
