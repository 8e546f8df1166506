//! Wakers that re-enter the semaphore in `wake`, `clone` and `drop`: no internal lock is held then, so
//! nothing deadlocks (the watchdog would tell), nothing is corrupted, and no call is lost.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex as StdMutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use wakeful::{AcquireOwned, Fairness, OwnedSemaphorePermit, Semaphore};

use super::assert_idle;
use crate::support::{Hooks, KINDS, Task, Waiting, Watchdog, past, poll_with};

const TOTAL: u32 = 3;

/// Everybody that takes part, where a hook can reach them.
struct Stage {
    semaphore: Arc<Semaphore>,
    permit: StdMutex<Option<OwnedSemaphorePermit>>,
    waiters: StdMutex<Vec<Waiting<AcquireOwned>>>,
    left: AtomicUsize,
}

/// What a waker does to the semaphore that it is called by. Each but `close` leaves as many permits.
type Action = fn(&Stage);

const ACTIONS: [(&str, Action); 11] = [
    ("nothing", |_| {}),
    ("looks", |stage| {
        assert!(format!("{:?}", stage.semaphore).contains("Semaphore"));
    }),
    ("tries to acquire", |stage| {
        drop(stage.semaphore.try_acquire_many(TOTAL));
        drop(stage.semaphore.try_acquire());
    }),
    ("releases", Stage::release),
    ("releases one", |stage| {
        let mut permit = stage.permit.lock().expect("no panic");
        let one = permit.as_mut().and_then(|permit| permit.split(1));
        drop(permit);
        drop(one);
    }),
    ("resizes", |stage| {
        stage.semaphore.reduce_permits(2);
        let forgotten = stage.semaphore.forget_permits(1);
        stage.semaphore.add_permits(2 + forgotten);
    }),
    ("queues another", |stage| stage.queue(1)),
    ("queues a large one", |stage| stage.queue(TOTAL)),
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
    ("closes", |stage| stage.semaphore.close()),
];

impl Stage {
    fn new(fairness: Fairness, calls: usize) -> Arc<Self> {
        let semaphore = Arc::new(Semaphore::with_fairness(TOTAL as usize, fairness));
        let permit = Arc::clone(&semaphore).try_acquire_many_owned(TOTAL);
        Arc::new(Self {
            semaphore,
            permit: StdMutex::new(permit.ok()),
            waiters: StdMutex::default(),
            left: AtomicUsize::new(calls),
        })
    }

    fn acquire(&self, n: u32) -> Waiting<AcquireOwned> {
        Waiting::new(Arc::clone(&self.semaphore).acquire_many_owned(n))
    }

    /// One more in line, in a task that only counts.
    fn queue(&self, n: u32) {
        let mut waiter = self.acquire(n);
        if waiter.is_pending() {
            self.waiters.lock().expect("no panic").push(waiter);
        }
    }

    fn release(&self) {
        let permit = self.permit.lock().expect("no panic").take();
        drop(permit);
    }

    fn take_waiters(&self) -> Vec<Waiting<AcquireOwned>> {
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
        assert!(own.is_none(), "it sleeps beside free permits");
        assert!(self.take_waiters().is_empty(), "some sleep beside them");
        if self.semaphore.is_closed() {
            assert_eq!(self.semaphore.available_permits(), TOTAL as usize);
        } else {
            assert_idle(&self.semaphore, TOTAL as usize);
        }
    }
}

/// The future whose waker re-enters, until it is done.
type Own = Option<Pin<Box<AcquireOwned>>>;

fn poll_own(own: &mut Own, waker: &Waker) {
    let polled = own.as_mut().map(|future| poll_with(waker, future.as_mut()));
    if let Some(Poll::Ready(permit)) = polled {
        *own = None;
        drop(permit);
    }
}

/// How the waker comes to be woken.
#[derive(Clone, Copy, PartialEq, Debug)]
enum WokenBy {
    Release,
    /// The one ahead of it, which is called or too large, is dropped.
    Cancelling,
    /// Permits are added, which are taken out again.
    Adding,
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

    let mut ahead = stage.acquire(TOTAL);
    let has_ahead = matches!(by, WokenBy::Cancelling | WokenBy::Prober) && ahead.is_pending();
    let own = Arc::clone(&stage.semaphore).acquire_many_owned(2);
    let mut own: Own = Some(Box::pin(own));
    poll_own(&mut own, &waker);
    stage.queue(1);
    stage.queue(TOTAL);
    poll_own(&mut own, Waker::noop()); // drops the first
    poll_own(&mut own, &waker);
    match by {
        WokenBy::Adding => {
            stage.semaphore.add_permits(2);
            stage.semaphore.reduce_permits(2);
        }
        WokenBy::Closing => stage.semaphore.close(),
        _ => {}
    }
    stage.release();
    if by == WokenBy::Prober && has_ahead {
        drop(stage.take_waiters());
        let mut prober = stage.acquire(1);
        let _ = prober.is_pending() && prober.is_pending();
        drop(prober);
        past(PATIENCE);
        stage.everybody_gets_through_behind(ahead, own, &waker, &task);
        return;
    }
    drop(ahead);
    stage.everybody_gets_through(own, &waker, &task);
}

impl Stage {
    /// The same, behind one that never answers: it is dropped at last.
    fn everybody_gets_through_behind(
        &self,
        ahead: Waiting<AcquireOwned>,
        mut own: Own,
        waker: &Waker,
        task: &Task,
    ) {
        let mut seen = 0;
        for _ in 0..20 {
            if task.wakes() > std::mem::replace(&mut seen, task.wakes()) {
                poll_own(&mut own, waker);
            }
        }
        assert!(own.is_none(), "it sleeps beside what nobody answers for");
        drop(ahead);
        self.everybody_gets_through(own, waker, task);
    }
}

/// Enough patience for somebody to become the prober, and soon over.
const PATIENCE: Duration = Duration::from_millis(1);
const PATIENT: Fairness = Fairness::overtakes(0).with_patience(PATIENCE);

fn play_all(hooked: &str) {
    let by_others = [
        WokenBy::Release,
        WokenBy::Cancelling,
        WokenBy::Adding,
        WokenBy::Closing,
    ];
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

type Crowd = Arc<StdMutex<Vec<Option<Pin<Box<AcquireOwned>>>>>>;

/// A batch of calls goes out, and each waker that is woken cancels another waiter: one called in this
/// batch or to be called in the next, or one behind. Those who are left get through.
#[test]
fn waiters_are_cancelled_while_a_batch_of_calls_goes_out() {
    for fairness in KINDS {
        for stride in [1, 7, 16, 17, 33] {
            let _watchdog = Watchdog::new("cancelling within a batch");
            let semaphore = Arc::new(Semaphore::with_fairness(60, fairness));
            let held = Arc::clone(&semaphore).try_acquire_many_owned(60).unwrap();
            let crowd: Crowd = Arc::default();
            let tasks: Vec<_> = (0..100).map(|_| Task::new()).collect();
            for (nth, task) in tasks.iter().enumerate() {
                let (crowd_too, task) = (Arc::clone(&crowd), Arc::clone(task));
                let cancel = move || {
                    task.count();
                    if nth % 2 == 0 {
                        let victim = (nth + stride) % 100;
                        let victim = crowd_too.lock().unwrap()[victim].take();
                        drop(victim);
                    }
                };
                let waker = Hooks::default().on_wake(cancel).waker();
                let mut future = Box::pin(Arc::clone(&semaphore).acquire_owned());
                assert!(poll_with(&waker, future.as_mut()).is_pending());
                crowd.lock().unwrap().push(Some(future));
            }
            drop(held);
            let mut got_in = 0;
            for _ in 0..100 {
                for (nth, task) in tasks.iter().enumerate() {
                    let future = crowd.lock().unwrap()[nth].take();
                    let Some(mut future) = future else { continue };
                    if task.wakes() > 0 && task.poll(future.as_mut()).is_ready() {
                        got_in += 1;
                    } else {
                        crowd.lock().unwrap()[nth] = Some(future);
                    }
                }
            }
            let left = crowd.lock().unwrap().iter().flatten().count();
            assert_eq!(left, 0, "{fairness:?}, {stride}: some sleep");
            assert!(got_in >= 30, "{got_in}");
            assert_idle(&semaphore, 60);
        }
    }
}

/// An executor may poll in `wake`: the called ones take theirs before the release has returned.
#[test]
fn wakers_that_poll_their_futures_when_they_are_woken() {
    let _watchdog = Watchdog::new("poll in wake");
    for fairness in KINDS {
        let semaphore = Arc::new(Semaphore::with_fairness(40, fairness));
        let held = Arc::clone(&semaphore).try_acquire_many_owned(40).unwrap();
        let crowd: Crowd = Arc::default();
        let got = Task::new();
        for nth in 0..90 {
            let (crowd_too, got) = (Arc::clone(&crowd), Arc::clone(&got));
            let poll = move || {
                let future = crowd_too.lock().unwrap()[nth].take();
                let Some(mut future) = future else { return };
                match Task::new().poll(future.as_mut()) {
                    Poll::Ready(permit) => {
                        got.count();
                        drop(permit);
                    }
                    Poll::Pending => panic!("it was called"),
                }
            };
            let waker = Hooks::default().on_wake(poll).waker();
            let mut future =
                Box::pin(Arc::clone(&semaphore).acquire_many_owned(1 + nth as u32 % 3));
            assert!(poll_with(&waker, future.as_mut()).is_pending());
            crowd.lock().unwrap().push(Some(future));
        }
        drop(held);
        assert_eq!(got.wakes(), 90, "each let the next in");
        assert_idle(&semaphore, 40);
    }
}
