//! P2 and P3 with real executors and combinators: the futurelocks that were reported to tokio.
//!
//! Without rule 4 those that run with [`SAME_WAKER`] hang and end in the timeout; without rule 5 those
//! that run with [`OTHER_WAKER`].

use std::future::{Future, ready};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::future::{Either, join, select};
use futures::stream::FuturesUnordered;
use tokio::sync::oneshot;
use wakeful::{Fairness, Mutex, yield_now};

use crate::support::{hold, run_on_tokio, without_credit};

const SAME_WAKER: [Fairness; 3] = [
    Fairness::FIFO,
    Fairness::DEFAULT,
    without_credit(Duration::MAX),
];
/// A finite patience is what helps where combinators give each future a waker of its own.
const OTHER_WAKER: [Fairness; 3] = [
    Fairness::DEFAULT,
    Fairness::overtakes(0),
    without_credit(Duration::ZERO),
];

/// Runs on both runtimes of tokio; it has to end.
fn run<F: Future<Output = ()> + Send + 'static>(
    fairness: &[Fairness],
    story: impl Fn(Arc<Mutex<u32>>) -> F,
) {
    for &fairness in fairness {
        run_on_tokio(&format!("{fairness:?}: futurelock"), || {
            let mutex = Arc::new(Mutex::with_fairness(0, fairness));
            (story(Arc::clone(&mutex)), move || drop(hold(&mutex)))
        });
    }
}

/// Another task takes the lock, and holds it until told.
async fn held_elsewhere(mutex: &Arc<Mutex<u32>>) -> oneshot::Sender<()> {
    let (release, released) = oneshot::channel();
    let (locked, is_locked) = oneshot::channel();
    let mutex = Arc::clone(mutex);
    tokio::spawn(async move {
        let _guard = mutex.lock().await;
        locked.send(()).expect("awaited");
        released.await.expect("told");
    });
    is_locked.await.expect("locked");
    release
}

/// Has the holder let go, and waits until the mutex is free.
async fn let_go(release: oneshot::Sender<()>, mutex: &Mutex<u32>) {
    release.send(()).expect("held");
    while mutex.is_locked() {
        yield_now().await;
    }
}

async fn add_one(mutex: &Mutex<u32>) {
    *mutex.lock().await += 1;
}

/// RFD 609: `select!` on `&mut future1`, and in the handler a new lock, before and after the release.
#[test]
fn rfd_609_a_lock_in_the_handler_of_select() {
    run(&SAME_WAKER, |mutex| async move {
        for released_first in [false, true] {
            let release = held_elsewhere(&mutex).await;
            let mut future1: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(add_one(&mutex));
            tokio::select! {
                biased;
                () = &mut future1 => unreachable!("it is held"),
                () = ready(()) => {
                    if released_first {
                        let_go(release, &mutex).await;
                        add_one(&mutex).await;
                    } else {
                        join(add_one(&mutex), async { release.send(()).expect("held") }).await;
                    }
                }
            }
            future1.await;
        }
        assert_eq!(*mutex.lock().await, 4);
    });
}

/// tokio#6450: two waiters of one task, and the second is awaited.
#[test]
fn tokio_6450_the_second_waiter_is_awaited() {
    run(&SAME_WAKER, |mutex| async move {
        let release = held_elsewhere(&mutex).await;
        let mut future1 = pin!(mutex.lock());
        let mut future2 = pin!(mutex.lock());
        tokio::select! { biased; _ = &mut future1 => unreachable!(), () = ready(()) => {} }
        tokio::select! { biased; _ = &mut future2 => unreachable!(), () = ready(()) => {} }
        release.send(()).expect("held");
        drop(future2.await);
        drop(future1.await);
    });
}

/// tokio#7892: the second lock is awaited by a `block_on` inside of a poll, so with another waker.
#[test]
fn tokio_7892_block_on_in_a_poll() {
    run(&OTHER_WAKER, |mutex| async move {
        let release = held_elsewhere(&mutex).await;
        let mut future1 = pin!(mutex.lock());
        assert!(futures::poll!(&mut future1).is_pending());
        let_go(release, &mutex).await;
        pollster::block_on(add_one(&mutex));
        *mutex.blocking_lock() += 1;
        assert_eq!(*future1.await, 2);
    });
}

/// The other half of a `select`, kept by its caller; and a newcomer that may barge in.
#[test]
fn the_loser_of_a_futures_select_is_kept() {
    run(&SAME_WAKER, |mutex| async move {
        let release = held_elsewhere(&mutex).await;
        let lock = Box::pin(mutex.lock());
        let Either::Right(((), kept)) = select(lock, ready(())).await else {
            unreachable!("it is held");
        };
        let own = Arc::clone(&mutex);
        let newcomer = tokio::spawn(async move { add_one(&own).await });
        release.send(()).expect("held");
        add_one(&mutex).await;
        drop(kept);
        newcomer.await.expect("no panic");
        assert_eq!(*mutex.lock().await, 2);
    });
}

/// Branches of a `join!` share their waker: one keeps what it does not poll, the other locks.
#[test]
fn branches_of_join_do_not_hold_each_other_up() {
    run(&SAME_WAKER, |mutex| async move {
        let release = held_elsewhere(&mutex).await;
        let (done, is_done) = oneshot::channel::<()>();
        let keeps = async {
            let mut kept = pin!(mutex.lock());
            assert!(futures::poll!(&mut kept).is_pending());
            is_done.await.expect("the other branch got through");
            drop(kept.await);
        };
        let locks = async {
            release.send(()).expect("held");
            add_one(&mutex).await;
            done.send(()).expect("awaited");
        };
        tokio::join!(keeps, locks);
    });
}

/// A buffered stream polls its futures only while it is awaited; each has a waker of its own.
#[test]
fn the_body_of_a_loop_over_a_buffered_stream_locks() {
    run(&OTHER_WAKER, |mutex| async move {
        let own = Arc::clone(&mutex);
        let contender = tokio::spawn(async move {
            for _ in 0..200 {
                let _guard = own.lock().await;
                yield_now().await;
            }
        });
        let jobs = futures::stream::iter((0..100).map(|_| add_one(&mutex)));
        let mut buffered = pin!(jobs.buffer_unordered(3));
        while let Some(()) = buffered.next().await {
            add_one(&mutex).await;
        }
        contender.await.expect("no panic");
        assert_eq!(*mutex.lock().await, 200);
    });
}

/// A called future in a `FuturesUnordered` that nobody polls any more.
#[test]
fn futures_unordered_that_is_not_polled_holds_nobody_up() {
    run(&OTHER_WAKER, |mutex| async move {
        let release = held_elsewhere(&mutex).await;
        let mut unordered: FuturesUnordered<_> = (0..5).map(|_| mutex.lock()).collect();
        assert!(futures::poll!(unordered.next()).is_pending());
        let_go(release, &mutex).await;
        for _ in 0..5 {
            add_one(&mutex).await;
        }
        while let Some(guard) = unordered.next().await {
            drop(guard);
        }
    });
}
