//! Wakers that re-enter the queue in `wake`, `clone` and `drop`: no internal lock is held then, so
//! nothing deadlocks (the watchdog would tell), nothing is corrupted, and no call is lost.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex as StdMutex};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use wakeful::Fairness;

use crate::support::lines::{COUNTED, Got, Line, Side};
use crate::support::{Hooks, KINDS, Task, Waiting, Watchdog, past, poll_with};

const UNITS: usize = 2;

type Future = Pin<Box<dyn std::future::Future<Output = Option<Got<'static>>> + Send>>;

/// Everybody that takes part, where a hook can reach them. The line is leaked, for futures that borrow
/// it to go everywhere.
struct Stage {
    line: &'static Line,
    held: StdMutex<Vec<Got<'static>>>,
    waiters: StdMutex<Vec<Waiting<Future>>>,
    left: AtomicUsize,
}

/// What a waker does to the queue that it is called by. Each but `close` leaves as many units.
type Action = fn(&Stage);

const ACTIONS: [(&str, Action); 12] = [
    ("nothing", |_| {}),
    ("looks", |stage| {
        assert!(format!("{:?}", stage.line.sender).contains("Queue"));
        assert!(stage.line.receiver.len() + stage.line.sender.capacity() <= UNITS);
    }),
    ("tries", |stage| {
        drop([stage.line.try_take(), stage.line.try_take()])
    }),
    ("tries the other side", |stage| match stage.line.side {
        Side::Items => assert!(stage.line.sender.try_reserve_many(UNITS + 1).is_err()),
        _ => {
            let _ = stage.line.receiver.try_recv_many(&mut Vec::new(), 0);
        }
    }),
    ("releases", Stage::release),
    ("releases one", |stage| {
        let one = stage.held.lock().expect("no panic").pop();
        drop(one);
    }),
    ("queues another", Stage::queue),
    ("queues a stored one", |stage| {
        let mut handle = stage.line.receiver.clone();
        let waker = Waker::from(Task::new());
        let mut context = std::task::Context::from_waker(&waker);
        if let Poll::Ready(Some(item)) = handle.poll_recv(&mut context) {
            drop(handle);
            // As it was, unless it is closed.
            let _ = stage.line.sender.force_send(item);
        }
    }),
    ("waits for the closing", |stage| {
        let mut closed = Waiting::new(stage.line.sender.closed());
        assert_eq!(closed.is_pending(), !stage.line.sender.is_closed());
    }),
    ("drops who is first", |stage| {
        let mut waiters = stage.waiters.lock().expect("no panic");
        let first = (!waiters.is_empty()).then(|| waiters.remove(0));
        drop(waiters);
        drop(first);
    }),
    ("drops who is last", |stage| {
        let last = stage.waiters.lock().expect("no panic").pop();
        drop(last);
    }),
    ("closes", |stage| {
        stage.line.sender.close();
    }),
];

impl Stage {
    fn new(side: Side, fairness: Fairness, calls: usize) -> Arc<Self> {
        let line: &'static Line = Box::leak(Box::new(Line::new(side, UNITS, fairness)));
        Arc::new(Self {
            line,
            held: StdMutex::new(line.hold(UNITS)),
            waiters: StdMutex::default(),
            left: AtomicUsize::new(calls),
        })
    }

    fn wait(&self) -> Future {
        Box::pin(self.line.wait_or_closed())
    }

    /// One more in line, in a task that only counts.
    fn queue(&self) {
        let mut waiter = Waiting::new(self.wait());
        if waiter.is_pending() {
            self.waiters.lock().expect("no panic").push(waiter);
        }
    }

    fn release(&self) {
        let held = std::mem::take(&mut *self.held.lock().expect("no panic"));
        drop(held);
    }

    fn take_waiters(&self) -> Vec<Waiting<Future>> {
        std::mem::take(&mut *self.waiters.lock().expect("no panic"))
    }

    fn hook(self: &Arc<Self>, action: Action) -> impl Fn() + Send + Sync + 'static {
        let stage = Arc::clone(self);
        move || {
            let spend = |left: usize| left.checked_sub(1);
            if stage.left.fetch_update(SeqCst, SeqCst, spend).is_ok() {
                action(&stage);
            }
        }
    }

    /// Everybody is polled when woken, and only then; in the end nobody is left.
    fn everybody_gets_through(&self, own: &mut Own, waker: &Waker, task: &Task) {
        self.release();
        let mut seen = 0;
        for _ in 0..100 {
            for mut waiter in self.take_waiters() {
                if waiter.wakes() == 0 || waiter.is_pending() {
                    self.waiters.lock().expect("no panic").push(waiter);
                }
            }
            if task.wakes() > std::mem::replace(&mut seen, task.wakes()) {
                poll_own(own, waker);
            }
        }
        assert!(own.is_none(), "it sleeps beside what is free");
        assert!(
            self.take_waiters().is_empty(),
            "some sleep beside what is free"
        );
        if !self.line.sender.is_closed() {
            self.line.assert_idle(UNITS);
        }
    }
}

/// The future whose waker re-enters, until it is done.
type Own = Option<Future>;

fn poll_own(own: &mut Own, waker: &Waker) {
    // Taken out, so that what it got is dropped when it is gone.
    let polled = own.as_mut().map(|future| poll_with(waker, future.as_mut()));
    if let Some(Poll::Ready(got)) = polled {
        *own = None;
        drop(got);
    }
}

/// How the waker comes to be woken.
#[derive(Clone, Copy, PartialEq, Debug)]
enum WokenBy {
    Release,
    /// The called one ahead of it is dropped.
    Cancelling,
    Closing,
    /// The prober behind it is dropped; the called one is not, and never answers.
    Prober,
}

/// A waker on whose clone, wake or drop something happens.
fn play(hooked: &str, action: Action, by: WokenBy, stage: &Arc<Stage>) {
    let task = Task::new();
    let counting = Arc::clone(&task);
    let in_wake = (hooked == "wake").then(|| stage.hook(action));
    let mut hooks = Hooks::default().on_wake(move || {
        counting.count();
        in_wake.iter().for_each(|hook| hook());
    });
    match hooked {
        "clone" => hooks = hooks.on_clone(stage.hook(action)),
        "drop" => hooks = hooks.on_drop(stage.hook(action)),
        _ => {}
    }
    let waker = hooks.waker();

    let has_ahead = matches!(by, WokenBy::Cancelling | WokenBy::Prober);
    let ahead: Vec<_> = (0..UNITS)
        .filter(|_| has_ahead)
        .map(|_| {
            let mut ahead = Waiting::new(stage.wait());
            assert!(ahead.is_pending());
            ahead
        })
        .collect();
    let mut own: Own = Some(stage.wait());
    poll_own(&mut own, &waker);
    stage.queue();
    stage.queue();
    poll_own(&mut own, Waker::noop()); // drops the first
    poll_own(&mut own, &waker);
    if by == WokenBy::Closing {
        stage.line.sender.close();
    }
    stage.release();
    if by == WokenBy::Prober {
        drop(stage.take_waiters());
        let mut prober = Waiting::new(stage.wait());
        let _ = prober.is_pending() && prober.is_pending();
        drop(prober);
        past(PATIENCE);
        // It gets through behind those who never answer, by probing.
        let mut seen = 0;
        let start = Instant::now();
        while own.is_some() && start.elapsed() < 5000 * PATIENCE {
            if task.wakes() > std::mem::replace(&mut seen, task.wakes()) {
                poll_own(&mut own, &waker);
            }
        }
        assert!(own.is_none(), "it sleeps beside what nobody answers for");
    }
    drop(ahead);
    stage.everybody_gets_through(&mut own, &waker, &task);
}

/// Enough patience for somebody to become the prober, and soon over.
const PATIENCE: Duration = Duration::from_millis(1);
const PATIENT: Fairness = Fairness::overtakes(0).with_patience(PATIENCE);

fn play_all(hooked: &str) {
    let by_others = [WokenBy::Release, WokenBy::Cancelling, WokenBy::Closing];
    let cases = KINDS
        .into_iter()
        .flat_map(|fairness| by_others.map(|by| (fairness, by)))
        .chain([(PATIENT, WokenBy::Prober)]);
    for (fairness, by) in cases {
        for side in COUNTED {
            for (what, action) in ACTIONS {
                for calls in [1, 2, 20] {
                    let case =
                        format!("{what} in {hooked}, {side:?}, {fairness:?}, {by:?}, {calls}");
                    println!("{case}");
                    let _watchdog = Watchdog::new(case);
                    play(hooked, action, by, &Stage::new(side, fairness, calls));
                }
            }
        }
    }
}

#[test]
fn a_waker_that_re_enters_when_it_is_woken() {
    play_all("wake");
}

#[test]
fn a_waker_that_re_enters_when_it_is_cloned() {
    play_all("clone");
}

#[test]
fn a_waker_that_re_enters_when_it_is_dropped() {
    play_all("drop");
}
