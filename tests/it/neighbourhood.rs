//! What lies beside the common case: values and tasks that stay on their thread, items of no size and of
//! a mebibyte, and wakers that several tasks share.
//!
//! Tried: guards, permits, futures and handles of `Rc` values in tokio's `LocalSet` and the `LocalPool`
//! of `futures`; a thread per core, each with tasks that stay there, around primitives that all share;
//! items of no size that count their drops, through every verb; items of 1 MiB, by value on a large stack
//! and boxed, and a mutex of one; `Waker::noop` and one counting waker for all waiters of a line, polled
//! in both directions, and for those of several threads.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::thread;

use futures::StreamExt;
use futures::executor::LocalPool;
use futures::future::LocalBoxFuture;
use futures::task::LocalSpawnExt;
use tokio::task::LocalSet;
use wakeful::queue::{self, Receiver, Sender, TryRecvError, TrySendError};
use wakeful::{Fairness, Mutex, OwnedMutexGuard, Queue, Semaphore, yield_now};

use crate::support::lines::{ALL, Line, Wait};
use crate::support::{KINDS, Task, Waiting, Watchdog, poll_with, sleeping, tokio_here};

/// Runs tasks that stay on this thread, to the end of them all.
type Executor = fn(Vec<LocalBoxFuture<'static, ()>>);

const LOCAL: [Executor; 2] = [
    |tasks| {
        let set = LocalSet::new();
        let tasks: Vec<_> = tasks
            .into_iter()
            .map(|task| set.spawn_local(task))
            .collect();
        tokio_here().block_on(set.run_until(async {
            for task in tasks {
                task.await.expect("no panic");
            }
        }));
    },
    |tasks| {
        let mut pool = LocalPool::new();
        for task in tasks {
            pool.spawner().spawn_local(task).expect("it runs");
        }
        pool.run();
    },
];

#[test]
#[allow(clippy::arc_with_non_send_sync, reason = "owned locks take an `Arc`")]
fn values_that_stay_on_their_thread_are_locked_across_awaits() {
    let _watchdog = Watchdog::new("tasks of one thread");
    for run in LOCAL {
        for fairness in KINDS {
            let mutex = Arc::new(Mutex::with_fairness(Rc::new(Cell::new(0)), fairness));
            let tasks = (0..6).map(|nth| -> LocalBoxFuture<'static, ()> {
                let mutex = Arc::clone(&mutex);
                Box::pin(async move {
                    for _ in 0..20 {
                        if nth % 2 == 0 {
                            let guard = mutex.lock().await;
                            let before = guard.get();
                            yield_now().await;
                            guard.set(before + 1);
                        } else {
                            let guard = Arc::clone(&mutex).lock_owned().await;
                            let cell = OwnedMutexGuard::map(guard, |value| value);
                            let before = cell.get();
                            yield_now().await;
                            cell.set(before + 1);
                        }
                    }
                })
            });
            run(tasks.collect());
            assert_eq!(mutex.try_lock().expect("free").get(), 120);
        }
    }
}

/// Handles, permits and streams of a channel of `Rc`s, each in a task of its own.
#[test]
fn values_that_stay_on_their_thread_go_through_channels() {
    let _watchdog = Watchdog::new("tasks of one thread");
    for run in LOCAL {
        for capacity in [0, 1, 8, usize::MAX] {
            let (sender, receiver) = channel(capacity);
            let sum = Rc::new(Cell::new(0));
            let mut tasks: Vec<LocalBoxFuture<'static, ()>> = Vec::new();
            for nth in 0..4 {
                let sender: Sender<Rc<u32>> = sender.clone();
                tasks.push(Box::pin(async move {
                    for item in 0..25 {
                        let item = Rc::new(item);
                        if nth == 0 && capacity > 0 {
                            sender.reserve().await.expect("open").send(item);
                        } else if nth == 1 && capacity > 0 {
                            let owned = sender.clone().reserve_owned();
                            drop(owned.await.expect("open").send(item));
                        } else {
                            sender.send(item).await.expect("open");
                        }
                    }
                }));
            }
            drop(sender);
            for nth in 0..3 {
                let mut receiver: Receiver<Rc<u32>> = receiver.clone();
                let sum = Rc::clone(&sum);
                let add = move |item: Rc<u32>| {
                    assert_eq!(Rc::strong_count(&item), 1);
                    sum.set(sum.get() + *item);
                };
                tasks.push(Box::pin(async move {
                    match nth {
                        0 => {
                            while let Some(item) = receiver.next().await {
                                add(item)
                            }
                        }
                        1 => {
                            while let Some(item) = receiver.recv().await {
                                add(item)
                            }
                        }
                        _ => {
                            let mut to = Vec::new();
                            while receiver.recv_many(&mut to, 3).await > 0 {
                                to.drain(..).for_each(&add);
                            }
                        }
                    }
                }));
            }
            drop(receiver);
            run(tasks);
            assert_eq!(sum.get(), 4 * (0..25).sum::<u32>(), "{capacity}");
        }
    }
}

/// Each thread has tasks of its own, which share cells with each other, and primitives with all threads.
#[test]
fn a_thread_per_core_shares_what_may_be_shared() {
    let _watchdog = Watchdog::new("a thread per core");
    for fairness in KINDS {
        let total = Arc::new(Mutex::with_fairness(0, fairness));
        let two = Arc::new(Semaphore::with_fairness(2, fairness));
        let (sender, receiver) = Queue::bounded(2).with_fairness(fairness).into_channel();
        let threads: Vec<_> = (0..4)
            .map(|core| {
                let (total, two) = (Arc::clone(&total), Arc::clone(&two));
                let (sender, receiver) = (sender.clone(), receiver.clone());
                thread::spawn(move || {
                    let mine = Rc::new(RefCell::new(0));
                    let mut tasks: Vec<LocalBoxFuture<'static, ()>> = Vec::new();
                    for _ in 0..3 {
                        let (mine, sender) = (Rc::clone(&mine), sender.clone());
                        let (total, two) = (Arc::clone(&total), Arc::clone(&two));
                        tasks.push(Box::pin(async move {
                            for _ in 0..20 {
                                let permit = two.acquire().await.expect("open");
                                let mut guard = total.lock().await;
                                yield_now().await;
                                *guard += 1;
                                *mine.borrow_mut() += 1;
                                drop((guard, permit));
                                sender.send(1).await.expect("open");
                            }
                        }));
                    }
                    drop(sender);
                    let (mine_too, receiver) = (Rc::clone(&mine), receiver);
                    tasks.push(Box::pin(async move {
                        for _ in 0..60 {
                            let one = receiver.recv().await.expect("as many come");
                            *mine_too.borrow_mut() += one;
                        }
                    }));
                    LOCAL[core % 2](tasks);
                    assert_eq!(*mine.borrow(), 120, "core {core}");
                })
            })
            .collect();
        drop((sender, receiver));
        for thread in threads {
            thread.join().expect("no panic");
        }
        assert_eq!(*total.try_lock().expect("free"), 240);
        assert_eq!(two.available_permits(), 2);
    }
}

thread_local! {
    static DROPS: Cell<usize> = const { Cell::new(0) };
}

/// An item of no size; dropped on the thread that made it.
#[derive(Debug, PartialEq)]
struct Nothing;

impl Drop for Nothing {
    fn drop(&mut self) {
        DROPS.set(DROPS.get() + 1);
    }
}

/// How many were dropped since.
fn drops() -> usize {
    DROPS.take()
}

fn channel<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    match capacity {
        usize::MAX => Queue::unbounded().into_channel(),
        _ => queue::bounded(capacity),
    }
}

#[test]
fn items_of_no_size_are_counted_and_dropped_once_each() {
    const _: () = assert!(size_of::<Nothing>() == 0);
    // More than a block holds, and a bound that no memory could hold if they had a size.
    for capacity in [1, 2, 5_000, usize::MAX >> 24, usize::MAX] {
        drops();
        let (sender, receiver) = channel(capacity);
        let count = capacity.min(5_000);
        for nth in 0..count {
            assert_eq!((sender.len(), sender.try_send(Nothing)), (nth, Ok(())));
        }
        assert_eq!(sender.is_full(), count == capacity);
        if count == capacity {
            assert_eq!(sender.try_send(Nothing), Err(TrySendError::Full(Nothing)));
            assert_eq!(sender.force_send(Nothing).unwrap(), Some(Nothing));
            let send = sleeping(&Task::new(), sender.send(Nothing));
            // Two that came back, two compared with them.
            assert_eq!((drops(), receiver.len()), (4, count));
            drop(send);
            assert_eq!(drops(), 1);
        }
        assert_eq!(receiver.try_recv(), Ok(Nothing));
        assert_eq!(drops(), 2, "and the one compared with");
        sender.try_reserve().expect("a slot").send(Nothing);
        let mut to = Vec::new();
        let half = count.div_ceil(2);
        assert_eq!(receiver.try_recv_many(&mut to, half), Ok(half));
        assert_eq!((to.len(), receiver.len(), drops()), (half, count - half, 0));
        assert_eq!(receiver.drain().len(), count - half);
        assert_eq!(drops(), count - half);
        drop(to);
        assert_eq!(drops(), half);
        sender.try_send(Nothing).expect("a slot");
        drop(receiver);
        assert_eq!(drops(), 1, "with the last receiver");
        assert_eq!(sender.try_send(Nothing), Err(TrySendError::Closed(Nothing)));
    }
}

#[test]
fn items_of_no_size_meet() {
    drops();
    let queue = Queue::bounded(0);
    assert!(queue.try_push(Nothing).is_err());
    let mut pushes: Vec<_> = (0..5)
        .map(|_| sleeping(&Task::new(), queue.push(Nothing)))
        .collect();
    assert_eq!(drops(), 1, "the one that came back");
    assert!(queue.try_pop().is_ok());
    let mut to = Vec::new();
    let mut pop = Waiting::new(queue.pop_many(&mut to, 3));
    assert_eq!(pop.poll(), Some(3));
    drop(pop);
    assert_eq!((to.len(), drops()), (3, 1));
    for push in &mut pushes[..4] {
        assert_eq!(push.poll(), Some(Ok(())));
    }
    assert_eq!(pushes[4].future().into_item(), Some(Nothing));
    assert_eq!(queue.try_pop(), Err(TryRecvError::Empty));
    drop((pushes, to));
    // Three received, one taken back, one compared with.
    assert_eq!(drops(), 5);
}

/// A mebibyte, with a number at both its ends.
#[derive(Clone, PartialEq)]
struct Large([u8; 1 << 20]);

impl Large {
    fn new(number: u8) -> Self {
        let mut bytes = [0; 1 << 20];
        (bytes[0], bytes[(1 << 20) - 1]) = (number, number);
        Self(bytes)
    }

    fn number(&self) -> u8 {
        assert_eq!(self.0[0], self.0[(1 << 20) - 1]);
        self.0[0]
    }
}

/// On a thread whose stack holds a few dozen of them: without optimisation each move is a copy.
fn on_a_large_stack(run: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().stack_size(256 << 20).spawn(run);
    thread.expect("a thread").join().expect("no panic");
}

/// Sends some, and receives them, in two tasks.
fn pass_on<T: 'static>(capacity: usize, make: fn(u8) -> T, number: fn(&T) -> u8) {
    let (sender, mut receiver) = channel(capacity);
    let sends = async {
        for nth in 0..12 {
            match nth % 3 {
                0 => sender.send(make(nth)).await.expect("open"),
                1 if capacity > 0 => {
                    sender.reserve().await.expect("open").send(make(nth));
                }
                _ => {
                    let sent = sender.send_many([make(nth)]).await;
                    assert_eq!(sent.expect("open"), 1);
                }
            }
        }
        sender.close();
    };
    let receives = async {
        let mut numbers = Vec::new();
        loop {
            let item = if numbers.len() % 2 == 0 {
                receiver.recv().await
            } else {
                receiver.next().await
            };
            match item {
                Some(item) => numbers.push(number(&item)),
                None => break numbers,
            }
        }
    };
    // Each future holds an item or two.
    let both = futures::future::join(Box::pin(sends), Box::pin(receives));
    let (_, numbers) = futures::executor::block_on(both);
    assert!(numbers.into_iter().eq(0..12), "{capacity}");
}

#[test]
fn items_of_a_mebibyte_arrive() {
    for capacity in [0, 1, 3, usize::MAX] {
        on_a_large_stack(move || pass_on(capacity, Large::new, Large::number));
        let boxed = |nth| Box::new(Large::new(nth));
        on_a_large_stack(move || pass_on(capacity, boxed, |item| item.number()));
    }
}

#[test]
fn items_of_a_mebibyte_come_back() {
    on_a_large_stack(|| {
        let (sender, receiver) = channel(1);
        sender.try_send(Large::new(1)).expect("a slot");
        let full = sender.try_send(Large::new(2));
        assert!(matches!(full, Err(TrySendError::Full(item)) if item.number() == 2));
        let thrown_out = sender.force_send(Large::new(3)).ok().flatten();
        assert_eq!(thrown_out.expect("the oldest").number(), 1);
        let mut send = sleeping(&Task::new(), sender.send(Large::new(4)));
        assert_eq!(send.future().into_item().expect("its own").number(), 4);
        let mut send = sleeping(&Task::new(), sender.send(Large::new(5)));
        receiver.close();
        let failed = send.poll().expect("closed").expect_err("closed");
        assert_eq!(failed.0.number(), 5);
        assert_eq!(receiver.blocking_recv().expect("queued").number(), 3);
        assert!(receiver.blocking_recv().is_none());
    });
}

/// A queue of large items holds none before it is used, and a bound is not allocated at once.
#[test]
fn a_large_bound_of_large_items_takes_no_memory() {
    let queue: Queue<Large> = Queue::bounded(1 << 30);
    assert_eq!((queue.capacity(), queue.len()), (1 << 30, 0));
    on_a_large_stack(move || {
        (0..3).for_each(|nth| queue.try_push(Large::new(nth)).expect("a slot"));
        assert_eq!(queue.try_pop().expect("queued").number(), 0);
        assert_eq!(queue.drain().len(), 2);
    });
}

static STATIC: Mutex<[u8; 1 << 20]> = Mutex::new([0; 1 << 20]);

#[test]
fn a_mutex_of_a_mebibyte_is_locked_in_place() {
    on_a_large_stack(lock_in_place);
}

fn lock_in_place() {
    let _watchdog = Watchdog::new("a mutex of a mebibyte");
    let shared: Arc<Mutex<[u8]>> = Arc::new(Mutex::new([0_u8; 1 << 20]));
    for mutex in [&STATIC as &Mutex<[u8]>, &shared] {
        thread::scope(|scope| {
            for at in 0..4 {
                scope.spawn(move || {
                    for turn in 0..50 {
                        let add = |bytes: &mut [u8]| {
                            bytes[at] += 1;
                            bytes[(1 << 20) - 1] += 1;
                        };
                        if turn % 2 == 0 {
                            add(&mut mutex.blocking_lock());
                        } else {
                            pollster::block_on(async { add(&mut mutex.lock().await) });
                        }
                    }
                });
            }
        });
        let bytes = mutex.try_lock().expect("free");
        assert_eq!((&bytes[..4], bytes[(1 << 20) - 1]), (&[50; 4][..], 200));
    }
    // The wait is as small as any: nothing of the value is in it.
    let small = size_of_val(&Mutex::new(()).lock());
    assert_eq!(size_of_val(&STATIC.lock()), small);
    assert!(size_of_val(&Arc::clone(&shared).lock_owned()) <= small + 8);
    let mut mutex = Mutex::new(Large::new(1));
    *mutex.get_mut() = Large::new(2);
    assert_eq!(mutex.into_inner().number(), 2);
}

/// Polls each in vain and in turn with one waker until it is ready, and then holds what it got for a
/// round; in which order they got it, and in how many rounds.
fn take_turns(
    line: &Line,
    waker: &Waker,
    mut waits: Vec<Option<Wait<'_>>>,
    backwards: bool,
) -> (Vec<usize>, usize) {
    let mut order = Vec::new();
    let mut rounds = 0;
    let mut held = Some(line.hold(1));
    while order.len() < waits.len() {
        rounds += 1;
        assert!(rounds < 100, "{:?}: {order:?}", line.side);
        let count = waits.len();
        let mut got = Vec::new();
        for nth in 0..count {
            let at = if backwards { count - 1 - nth } else { nth };
            let Some(wait) = &mut waits[at] else { continue };
            if let Poll::Ready(unit) = poll_with(waker, wait.as_mut()) {
                waits[at] = None;
                order.push(at);
                got.push(unit);
            }
        }
        held = None;
        drop(got);
    }
    drop(held);
    (order, rounds)
}

/// All waiters of a line are one task, if they are all polled with one waker: each gets its turn, in the
/// order of arrival if nobody may overtake.
#[test]
fn waiters_that_share_a_waker_take_turns() {
    for side in ALL {
        for fairness in KINDS {
            for backwards in [false, true] {
                for waker in [Waker::noop().clone(), Waker::from(Task::new())] {
                    let line = Line::new(side, 1, fairness);
                    let waits: Vec<_> = (0..10).map(|_| Some(line.wait())).collect();
                    let (order, rounds) = take_turns(&line, &waker, waits, backwards);
                    assert_eq!(order.len(), 10, "{side:?} {fairness:?}");
                    assert!(rounds <= 31, "{side:?} {fairness:?}: {rounds} rounds");
                    if fairness == Fairness::FIFO {
                        let arrivals = (0..10).map(|nth| if backwards { 9 - nth } else { nth });
                        assert!(order.iter().copied().eq(arrivals), "{side:?}: {order:?}");
                    }
                    line.assert_idle(1);
                }
            }
        }
    }
}

/// A shared waker wakes all, on whatever thread they are polled: none is lost, and no unit is given twice.
#[test]
fn threads_that_share_a_waker_get_their_turns() {
    let _watchdog = Watchdog::new("threads that share a waker");
    for fairness in KINDS {
        for waker in [Waker::noop().clone(), Waker::from(Task::new())] {
            let mutex = Mutex::with_fairness(0, fairness);
            let semaphore = Semaphore::with_fairness(1, fairness);
            let queue = Queue::bounded(1).with_fairness(fairness);
            thread::scope(|scope| {
                for _ in 0..3 {
                    scope.spawn(|| {
                        for _ in 0..100 {
                            *spin_on(&waker, mutex.lock()) += 1;
                            drop(spin_on(&waker, semaphore.acquire()));
                            spin_on(&waker, queue.push(1)).expect("open");
                            assert_eq!(spin_on(&waker, queue.pop()), Some(1));
                        }
                    });
                }
            });
            assert_eq!(*mutex.try_lock().expect("free"), 300, "{fairness:?}");
            assert_eq!((semaphore.available_permits(), queue.len()), (1, 0));
        }
    }
}

/// Polls until it is ready.
fn spin_on<F: Future>(waker: &Waker, future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = poll_with(waker, future.as_mut()) {
            return output;
        }
        thread::yield_now();
    }
}
