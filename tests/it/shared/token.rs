//! The token of `std::thread::park` is the caller's: no blocking verb takes it, or leaves one behind.
//! A wait parks on a token of the thread's own, which a wait nested in it must not take either.
//!
//! Tried besides, of the same kind: a token that comes while the verb waits; waits that time out or
//! learn of a closing; nested waits of every verb, in the waker of a pop that a waiting push meets, two
//! deep, and within one with a deadline; waits in the destructors of thread locals that were made before
//! and after the thread first waited; executors whose first poll blocks after it was woken, one that has
//! nothing but the thread's token among them.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Barrier, Mutex as StdMutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use wakeful::{Fairness, Queue};

use crate::support::lines::{Got, Line, Side, cases};
use crate::support::loud::asleep_with;
use crate::support::{Hooks, LONG, Watchdog, poll_with, tokio_here};

cases!(BLOCKING:
    a_verb_that_need_not_wait_leaves_it_alone,
    a_verb_that_waits_leaves_it_alone,
    a_verb_that_gets_nothing_leaves_it_alone,
    no_verb_leaves_one_behind,
    a_wait_nested_in_a_waker_takes_no_wake_up_of_the_outer_one,
    a_waker_that_blocks_holds_up_only_its_thread,
    destructors_of_thread_locals_can_wait,
    an_executor_that_was_woken_before_polls_again,
    a_wait_that_is_polled_goes_on_beside_blocking_ones,
);

/// Long enough for a thread to park, as a rule.
const MOMENT: Duration = Duration::from_millis(10);

/// How each verb is called.
const TIMEOUTS: [Option<Duration>; 3] = [None, Some(LONG), Some(Duration::MAX)];

/// Runs it with each of them, all at once: they mostly sleep.
fn each_timeout(test: impl Fn(Option<Duration>) + Sync) {
    thread::scope(|scope| {
        for timeout in TIMEOUTS {
            let test = &test;
            scope.spawn(move || test(timeout));
        }
    });
}

/// What a verb waits for, and a place for others to meet.
struct World {
    line: &'static Line,
    held: StdMutex<Vec<Got<'static>>>,
    offers: Queue<u32>,
}

impl World {
    /// There is nothing of what is waited for. It is leaked, for every thread and waker to use.
    fn none(side: Side) -> &'static Self {
        let line: &'static _ = Box::leak(Box::new(Line::new(side, 1, Fairness::DEFAULT)));
        Box::leak(Box::new(Self {
            line,
            held: StdMutex::new(line.hold(1)),
            offers: Queue::bounded(0),
        }))
    }

    /// There is what each verb needs.
    fn give(&self) {
        self.held.lock().unwrap().clear();
    }

    /// Blocks, until the timeout if there is one; returns whether it got what it needs.
    fn waits(&self, timeout: Option<Duration>) -> bool {
        match timeout {
            None => self.line.blocking_wait_or_closed().is_some(),
            Some(timeout) => self.line.blocking_wait_for(timeout).is_some(),
        }
    }
}

/// Takes the token of this thread; whether it had one.
fn token() -> bool {
    let start = Instant::now();
    thread::park_timeout(Duration::from_secs(2));
    start.elapsed() < Duration::from_secs(1)
}

/// On a thread of its own, which nothing else unparks. `meanwhile` goes on when it has started.
fn on_a_thread<T: Send + 'static>(
    run: impl FnOnce() -> T + Send + 'static,
    meanwhile: impl FnOnce(&Thread),
) -> T {
    let _watchdog = Watchdog::new("a thread that waits");
    let thread = thread::spawn(run);
    thread::sleep(MOMENT); // so that it waits as a rule
    meanwhile(thread.thread());
    thread.join().expect("no panic")
}

/// Waits on a thread that has a token, which has it still afterwards.
fn leaves_it_alone(wait: impl FnOnce() + Send + 'static, meanwhile: impl FnOnce()) {
    let waits = move || {
        thread::current().unpark();
        wait();
        token()
    };
    assert!(on_a_thread(waits, |_| meanwhile()), "it took the token");
}

fn a_verb_that_need_not_wait_leaves_it_alone(side: Side) {
    each_timeout(|timeout| {
        let world = World::none(side);
        world.give();
        leaves_it_alone(move || assert!(world.waits(timeout)), || {});
    });
}

fn a_verb_that_waits_leaves_it_alone(side: Side) {
    each_timeout(|timeout| {
        let world = World::none(side);
        leaves_it_alone(move || assert!(world.waits(timeout)), || world.give());
        // Or it comes meanwhile.
        let world = World::none(side);
        let waits = move || {
            assert!(world.waits(timeout));
            token()
        };
        let kept = on_a_thread(waits, |thread| {
            thread.unpark();
            thread::sleep(MOMENT);
            world.give();
        });
        assert!(kept);
    });
}

fn a_verb_that_gets_nothing_leaves_it_alone(side: Side) {
    for timeout in [Duration::ZERO, MOMENT] {
        let world = World::none(side);
        leaves_it_alone(move || assert!(!world.waits(Some(timeout))), || {});
    }
    if side.is_mutex() {
        return; // it is not closed
    }
    each_timeout(|timeout| {
        let world = World::none(side);
        let wait = move || assert!(!world.waits(timeout));
        leaves_it_alone(wait, || assert!(world.line.close()));
    });
}

fn no_verb_leaves_one_behind(side: Side) {
    let world = World::none(side);
    let parks = move || {
        assert!(world.waits(None));
        let start = Instant::now();
        thread::park_timeout(MOMENT);
        start.elapsed()
    };
    let slept = on_a_thread(parks, |_| world.give());
    assert!(slept >= MOMENT, "{slept:?}");
}

/// Polls a pop of offers to sleep. When it is woken, it pops, and then does this on the thread that woke it.
fn pop_then(world: &'static World, then: impl FnOnce() + Send + 'static) {
    let then = StdMutex::new(Some(then));
    let waker = Hooks::default().on_wake(move || {
        let then = then.lock().unwrap().take();
        if let Some(then) = then {
            assert_eq!(world.offers.try_pop(), Ok(7), "which wakes the push");
            then();
        }
    });
    // It is forgotten where it sleeps: a later wake-up goes to nobody.
    std::mem::forget(asleep_with(&waker.waker(), world.offers.pop()));
}

/// A push at a rendezvous wakes a pop, and then parks. The pop takes the item in its waker, which wakes
/// the push; then the waker waits for something else on the same thread, and must not take that wake-up.
fn a_wait_nested_in_a_waker_takes_no_wake_up_of_the_outer_one(side: Side) {
    each_timeout(|timeout| {
        for outer in [None, Some(LONG)] {
            let world = World::none(side);
            pop_then(world, move || {
                assert!(world.waits(timeout), "the inner one")
            });
            let push = move || match outer {
                None => world.offers.blocking_push(7).expect("received"),
                Some(time) => {
                    let sent = world.offers.blocking_push_timeout(7, time);
                    sent.expect("received");
                }
            };
            leaves_it_alone(push, || world.give());
        }
    });
}

#[test]
fn two_nested_waits_take_no_wake_up_of_the_outer_ones() {
    let [first, second, last] = [(); 3].map(|()| World::none(Side::Items));
    let push = |world: &World| world.offers.blocking_push(7).expect("received");
    pop_then(first, move || push(second));
    pop_then(second, move || assert!(last.waits(None)));
    on_a_thread(move || push(first), |_| last.give());
}

/// A waker that blocks, in a push that does not.
fn a_waker_that_blocks_holds_up_only_its_thread(side: Side) {
    each_timeout(|timeout| {
        let world = World::none(side);
        let queue: &'static Queue<u32> = Box::leak(Box::new(Queue::bounded(2)));
        let waker = Hooks::default().on_wake(move || assert!(world.waits(timeout)));
        let mut pop = asleep_with(&waker.waker(), queue.pop());
        on_a_thread(
            move || queue.try_push(1).expect("there is a slot"),
            |_| {
                assert_eq!(queue.try_push(2), Ok(()));
                world.give();
            },
        );
        assert!(poll_with(Waker::noop(), pop.as_mut()).is_ready());
    });
}

/// Waits when the thread ends.
struct Waits(Option<(&'static World, Option<Duration>)>);

impl Drop for Waits {
    fn drop(&mut self) {
        if let Some((world, timeout)) = self.0.take() {
            assert!(world.waits(timeout), "in a destructor");
            world.offers.close();
        }
    }
}

thread_local! {
    static AT_THE_END: RefCell<Waits> = const { RefCell::new(Waits(None)) };
}

fn destructors_of_thread_locals_can_wait(side: Side) {
    each_timeout(|timeout| {
        for waited_before in [None, Some(true), Some(false)] {
            let world = World::none(side);
            let run = move || {
                let wait = || assert!(!World::none(side).waits(Some(Duration::from_nanos(1))));
                if waited_before == Some(true) {
                    wait();
                }
                AT_THE_END.replace(Waits(Some((world, timeout))));
                if waited_before == Some(false) {
                    wait();
                }
            };
            on_a_thread(run, |_| world.give());
            assert!(world.offers.is_closed(), "it waited to the end");
        }
    });
}

/// Is woken, then blocks, and is not ready before its second poll.
async fn woken_first(world: &World, timeout: Option<Duration>) {
    let mut polls = 0;
    poll_fn(|cx| {
        polls += 1;
        if polls == 1 {
            cx.waker().wake_by_ref();
            assert!(world.waits(timeout));
            return Poll::Pending;
        }
        Poll::Ready(())
    })
    .await;
}

/// The executor of the standard library's examples: it parks until it is unparked, and looks at nothing
/// else.
fn plain_block_on<F: Future>(future: F) -> F::Output {
    struct Unparks(Thread);
    impl Wake for Unparks {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unparks(thread::current())));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        thread::park();
    }
}

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;
type BlockOn = fn(Task);

fn an_executor_that_was_woken_before_polls_again(side: Side) {
    let executors: [BlockOn; 5] = [
        |task| plain_block_on(task),
        |task| pollster::block_on(task),
        |task| futures::executor::block_on(task),
        |task| async_io::block_on(task),
        |task| tokio_here().block_on(task),
    ];
    each_timeout(|timeout| {
        for block_on in executors {
            let world = World::none(side);
            let task = Box::pin(woken_first(world, timeout));
            on_a_thread(move || block_on(task), |_| world.give());
        }
    });
}

/// What is awaited under an executor that has nothing but the thread's token is not disturbed by what
/// other tasks on that thread block for.
fn a_wait_that_is_polled_goes_on_beside_blocking_ones(side: Side) {
    each_timeout(|timeout| {
        let (world, later) = (World::none(side), World::none(Side::Items));
        let polled = Arc::new(Barrier::new(2));
        let first_polled = Arc::clone(&polled);
        let task = async move {
            let mut recv = pin!(later.line.receiver.recv());
            assert!(futures::poll!(recv.as_mut()).is_pending());
            first_polled.wait();
            let item = futures::join!(recv, async { assert!(world.waits(timeout)) }).0;
            assert_eq!(item, Some(0));
        };
        let gives = |_: &Thread| {
            polled.wait();
            thread::sleep(MOMENT); // so that the thread blocks as a rule
            later.give(); // wakes the task
            thread::sleep(MOMENT);
            world.give();
        };
        on_a_thread(move || plain_block_on(task), gives);
    });
}
