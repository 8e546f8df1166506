//! Wakers that re-enter the mutex in `wake`, `clone` and `drop`: no internal lock is held then, so
//! nothing deadlocks (the watchdog would tell), nothing is corrupted, and no wake-up is lost.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex as StdMutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use wakeful::{Fairness, LockOwned, Mutex, OwnedMutexGuard};

use crate::support::{Hooks, KINDS, Task, Waiting, Watchdog, past, poll_with};

/// Everybody that takes part, where a hook can reach them.
struct Stage {
    mutex: Arc<Mutex<()>>,
    guard: StdMutex<Option<OwnedMutexGuard<()>>>,
    waiters: StdMutex<Vec<Waiting<LockOwned<()>>>>,
    left: AtomicUsize,
}

/// What a waker does to the mutex that it is called by.
type Action = fn(&Stage);

const ACTIONS: [(&str, Action); 7] = [
    ("nothing", |_| {}),
    ("looks", |stage| {
        assert!(format!("{:?} {}", stage.mutex, stage.mutex.is_locked()).contains("Mutex"));
    }),
    ("tries to lock", |stage| drop(stage.mutex.try_lock())),
    ("releases", Stage::release),
    ("queues another", Stage::queue),
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
];

impl Stage {
    fn new(fairness: Fairness, calls: usize) -> Arc<Self> {
        let mutex = Arc::new(Mutex::with_fairness((), fairness));
        let guard = Arc::clone(&mutex).try_lock_owned().expect("free");
        Arc::new(Self {
            mutex,
            guard: StdMutex::new(Some(guard)),
            waiters: StdMutex::default(),
            left: AtomicUsize::new(calls),
        })
    }

    fn lock(&self) -> Waiting<LockOwned<()>> {
        Waiting::new(Arc::clone(&self.mutex).lock_owned())
    }

    /// One more in line, in a task that only counts.
    fn queue(&self) {
        let mut waiter = self.lock();
        if waiter.is_pending() {
            self.waiters.lock().expect("no panic").push(waiter);
        }
    }

    fn release(&self) {
        let guard = self.guard.lock().expect("no panic").take();
        drop(guard);
    }

    fn take_waiters(&self) -> Vec<Waiting<LockOwned<()>>> {
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
    fn everybody_gets_through(&self, mut own: Own, waker: &Waker, task: &Task) {
        self.release();
        let mut seen = 0;
        for _ in 0..100 {
            for mut waiter in self.take_waiters() {
                if waiter.wakes() == 0 || waiter.is_pending() {
                    self.waiters.lock().expect("no panic").push(waiter);
                }
            }
            if task.wakes() > std::mem::replace(&mut seen, task.wakes()) {
                poll_own(&mut own, waker);
            }
        }
        assert!(own.is_none(), "it sleeps beside a free lock");
        assert!(self.take_waiters().is_empty(), "some sleep beside it");
        assert!(self.mutex.try_lock().is_ok(), "nobody has it in the end");
    }
}

/// The future whose waker re-enters, until it is done.
type Own = Option<Pin<Box<LockOwned<()>>>>;

fn poll_own(own: &mut Own, waker: &Waker) {
    let polled = own.as_mut().map(|future| poll_with(waker, future.as_mut()));
    if let Some(Poll::Ready(guard)) = polled {
        *own = None;
        drop(guard);
    }
}

/// How the waker comes to be woken.
#[derive(Clone, Copy, PartialEq, Debug)]
enum WokenBy {
    Release,
    /// The called one ahead of it is dropped.
    Cancelling,
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

    let mut ahead = stage.lock();
    let is_first = by == WokenBy::Release || !ahead.is_pending();
    let mut own: Own = Some(Box::pin(Arc::clone(&stage.mutex).lock_owned()));
    poll_own(&mut own, &waker);
    stage.queue();
    stage.queue();
    poll_own(&mut own, Waker::noop()); // drops the first
    poll_own(&mut own, &waker);
    stage.release();
    match by {
        _ if is_first => {}
        WokenBy::Release | WokenBy::Cancelling => drop(ahead),
        WokenBy::Prober => {
            drop(stage.take_waiters());
            let mut prober = stage.lock();
            let _ = prober.is_pending() && prober.is_pending();
            drop(prober);
            past(PATIENCE);
            stage.everybody_gets_through(own, &waker, &task);
            drop(ahead);
            return;
        }
    }
    stage.everybody_gets_through(own, &waker, &task);
}

/// Enough patience for somebody to become the prober, and soon over.
const PATIENCE: Duration = Duration::from_millis(1);
const PATIENT: Fairness = Fairness::overtakes(0).with_patience(PATIENCE);

fn play_all(hooked: &str) {
    let by_others = [WokenBy::Release, WokenBy::Cancelling];
    let cases = KINDS
        .into_iter()
        .flat_map(|fairness| by_others.map(|by| (fairness, by)))
        .chain([(PATIENT, WokenBy::Prober)]);
    for (fairness, by) in cases {
        for (what, action) in ACTIONS {
            for calls in [1, 2, 3, 20] {
                let case = format!("{what} in {hooked}, {fairness:?}, by {by:?}, {calls}");
                println!("{case}");
                let _watchdog = Watchdog::new(case);
                play(hooked, action, by, &Stage::new(fairness, calls));
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

/// An executor may poll in `wake`: the called one takes the lock before the release has returned.
#[test]
fn a_waker_that_polls_its_future_when_it_is_woken() {
    let _watchdog = Watchdog::new("poll in wake");
    for fairness in KINDS {
        let mutex = Arc::new(Mutex::with_fairness((), fairness));
        let held = Arc::clone(&mutex).try_lock_owned().expect("free");
        let slot = Arc::new(StdMutex::new(None));
        let got = Task::new();
        let waker = {
            let (slot, got) = (Arc::clone(&slot), Arc::clone(&got));
            let poll = move || {
                let future: Option<Pin<Box<LockOwned<()>>>> = slot.lock().expect("no panic").take();
                let mut future = future.expect("woken once");
                assert!(got.poll(future.as_mut()).is_ready());
                got.count();
            };
            Hooks::default().on_wake(poll).waker()
        };
        let mut future = Box::pin(Arc::clone(&mutex).lock_owned());
        assert!(poll_with(&waker, future.as_mut()).is_pending());
        *slot.lock().expect("no panic") = Some(future);
        let mut next = Waiting::new(Arc::clone(&mutex).lock_owned());
        assert!(next.is_pending());
        drop(held);
        assert_eq!(got.wakes(), 1, "it had the lock");
        assert_eq!(next.wakes(), 1, "and has let go of it");
        assert!(next.poll().is_some());
    }
}
