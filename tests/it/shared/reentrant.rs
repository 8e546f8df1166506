//! Wakers that re-enter what they are called by, in `wake`, `clone` and `drop`: no internal lock is held
//! then, so nothing deadlocks (the watchdog would tell), nothing is corrupted, and no call is lost.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex as StdMutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use wakeful::Fairness;

use crate::support::lines::{Got, Line, Side, WaitOrClosed, cases};
use crate::support::{Hooks, KINDS, Task, Waiting, Watchdog, past, poll_with, without_credit};

cases!(VERBS:
    a_waker_that_re_enters_when_it_is_woken,
    a_waker_that_re_enters_when_it_is_cloned,
    a_waker_that_re_enters_when_it_is_dropped,
    wakers_that_poll_their_futures_when_they_are_woken,
);
cases!(COUNTED: waiters_are_cancelled_while_a_batch_of_calls_goes_out);

const UNITS: usize = 3;

type Future = WaitOrClosed<'static>;

/// Leaked, for futures that borrow it to go everywhere.
fn line(side: Side, units: usize, fairness: Fairness) -> &'static Line {
    Box::leak(Box::new(Line::new(side, side.units(units), fairness)))
}

/// Everybody that takes part, where a hook can reach them.
struct Stage {
    line: &'static Line,
    units: usize,
    held: StdMutex<Vec<Got<'static>>>,
    waiters: StdMutex<Vec<Waiting<Future>>>,
    left: AtomicUsize,
}

/// What a waker does to what it is called by. Each but the closing leaves as many units.
type Action = fn(&Stage);

const ACTIONS: [(&str, Action); 13] = [
    ("nothing", |_| {}),
    ("looks", |stage| {
        assert!(format!("{:?}", stage.line).contains("Semaphore"));
        assert!(stage.line.free() <= UNITS + 6, "as are added at most");
    }),
    ("tries", |stage| {
        drop(stage.line.try_take_many(UNITS));
        drop([stage.line.try_take(), stage.line.try_take()]);
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
    ("resizes", |stage| {
        let semaphore = stage.line.semaphore();
        semaphore.reduce_permits(2);
        let forgotten = semaphore.forget_permits(1);
        semaphore.add_permits(2 + forgotten);
    }),
    ("queues another", |stage| stage.queue(1)),
    ("queues a large one", |stage| stage.queue(UNITS)),
    ("queues a stored one, or waits for the closing", |stage| {
        let Line { sender, side, .. } = stage.line;
        let mut closed = Waiting::new(sender.closed());
        assert_eq!(closed.is_pending(), !sender.is_closed());
        if !matches!(side, Side::Items | Side::Slots | Side::Reserves) {
            return;
        }
        let mut handle = stage.line.receiver.clone();
        let waker = Waker::from(Task::new());
        if let Poll::Ready(Some(item)) = handle.poll_recv(&mut Context::from_waker(&waker)) {
            drop(handle);
            // As it was, unless it is closed.
            let _ = sender.force_send(item);
        }
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
        if !stage.line.side.is_mutex() {
            stage.line.close();
        }
    }),
];

impl Stage {
    fn new(side: Side, fairness: Fairness, calls: usize) -> Arc<Self> {
        let line = line(side, UNITS, fairness);
        Arc::new(Self {
            line,
            units: line.free(),
            held: StdMutex::new(line.hold(line.free())),
            waiters: StdMutex::default(),
            left: AtomicUsize::new(calls),
        })
    }

    fn wait(&self, n: usize) -> Future {
        self.line.wait_for_or_closed(n)
    }

    /// One more in line, in a task that only counts.
    fn queue(&self, n: usize) {
        let mut waiter = Waiting::new(self.wait(n));
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
        let left = self.take_waiters().len();
        assert_eq!(left, 0, "some sleep beside what is free");
        if !self.line.is_closed() {
            self.line.assert_idle(self.units);
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
    /// The called ones ahead of it are dropped.
    Cancelling,
    /// Permits are added, which are taken out again.
    Adding,
    Closing,
    /// The prober behind it is dropped; the called ones are not, and never answer.
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
    let mut ahead: Vec<_> = (0..if has_ahead { stage.units } else { 0 })
        .map(|_| Waiting::new(stage.wait(1)))
        .collect();
    assert!(ahead.iter_mut().all(Waiting::is_pending));
    let mut own: Own = Some(stage.wait(2));
    poll_own(&mut own, &waker);
    stage.queue(1);
    stage.queue(UNITS);
    poll_own(&mut own, Waker::noop()); // drops the first
    poll_own(&mut own, &waker);
    match by {
        WokenBy::Adding => {
            stage.line.semaphore().add_permits(6);
            stage.line.semaphore().reduce_permits(6);
        }
        WokenBy::Closing => drop(stage.line.close()),
        _ => {}
    }
    stage.release();
    if by == WokenBy::Prober {
        drop(stage.take_waiters());
        let mut prober = Waiting::new(stage.wait(1));
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
            thread::yield_now();
        }
        assert!(own.is_none(), "it sleeps beside what nobody answers for");
    }
    drop(ahead);
    stage.everybody_gets_through(&mut own, &waker, &task);
}

/// Enough patience for somebody to become the prober, and soon over.
const PATIENCE: Duration = Duration::from_millis(1);
/// How often the waker does it.
const CALLS: [usize; 4] = [1, 2, 3, 20];
const PATIENT: Fairness = without_credit(PATIENCE);

fn play_all(side: Side, hooked: &str) {
    let mut by_others = vec![WokenBy::Release, WokenBy::Cancelling];
    if side.is_semaphore() {
        by_others.push(WokenBy::Adding);
    }
    if !side.is_mutex() {
        by_others.push(WokenBy::Closing);
    }
    let cases = KINDS
        .into_iter()
        .flat_map(|fairness| by_others.iter().map(move |&by| (fairness, by)))
        .chain([(PATIENT, WokenBy::Prober)]);
    for (fairness, by) in cases {
        let _watchdog = Watchdog::new(format!("{hooked}, {fairness:?}, by {by:?}"));
        for (what, action) in ACTIONS {
            let play = |calls| {
                println!("{what} in {hooked}, {fairness:?}, by {by:?}, {calls}");
                play(hooked, action, by, &Stage::new(side, fairness, calls));
            };
            if by == WokenBy::Prober {
                // They wait for their patience, all at once.
                thread::scope(|scope| {
                    for calls in CALLS {
                        scope.spawn(move || play(calls));
                    }
                });
            } else {
                CALLS.into_iter().for_each(play);
            }
        }
    }
}

fn a_waker_that_re_enters_when_it_is_woken(side: Side) {
    play_all(side, "wake");
}

fn a_waker_that_re_enters_when_it_is_cloned(side: Side) {
    play_all(side, "clone");
}

fn a_waker_that_re_enters_when_it_is_dropped(side: Side) {
    play_all(side, "drop");
}

type Crowd = Arc<StdMutex<Vec<Option<Future>>>>;

/// So many, who do this when they are woken.
fn crowd(
    waits: impl Iterator<Item = Future>,
    woken: impl Fn(&Crowd, usize) + Clone + Send + Sync + 'static,
) -> Crowd {
    let crowd: Crowd = Arc::default();
    for (nth, mut future) in waits.enumerate() {
        let (crowd_too, woken) = (Arc::clone(&crowd), woken.clone());
        let waker = Hooks::default()
            .on_wake(move || woken(&crowd_too, nth))
            .waker();
        assert!(poll_with(&waker, future.as_mut()).is_pending());
        crowd.lock().unwrap().push(Some(future));
    }
    crowd
}

/// A batch of calls goes out, and each waker that is woken cancels another waiter: one called in this
/// batch or to be called in the next, or one behind. Those who are left get through.
fn waiters_are_cancelled_while_a_batch_of_calls_goes_out(side: Side) {
    for fairness in KINDS {
        for stride in [1, 7, 16, 17, 33] {
            let _watchdog = Watchdog::new("cancelling within a batch");
            let line = line(side, 60, fairness);
            let held = line.hold(60);
            let tasks = Arc::new([(); 100].map(|()| Task::new()));
            let tasks_too = Arc::clone(&tasks);
            let waits = (0..100).map(|_| line.wait_or_closed());
            let crowd = crowd(waits, move |crowd, nth| {
                tasks_too[nth].count();
                if nth % 2 == 0 {
                    let victim = crowd.lock().unwrap()[(nth + stride) % 100].take();
                    drop(victim);
                }
            });
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
            line.assert_idle(60);
        }
    }
}

/// An executor may poll in `wake`: the called ones take theirs before the call that woke them has
/// returned, and call others.
fn wakers_that_poll_their_futures_when_they_are_woken(side: Side) {
    let _watchdog = Watchdog::new("poll in wake");
    for fairness in KINDS {
        let line = line(side, 40, fairness);
        let units = line.free();
        let held = line.hold(units);
        let got = Task::new();
        let got_too = Arc::clone(&got);
        let waits = (0..90).map(|nth| line.wait_for_or_closed(1 + nth % 3));
        let _crowd = crowd(waits, move |crowd, nth| {
            let future = crowd.lock().unwrap()[nth].take();
            let Some(mut future) = future else { return };
            match Task::new().poll(future.as_mut()) {
                Poll::Ready(unit) => {
                    got_too.count();
                    drop(unit);
                }
                Poll::Pending => panic!("it was called"),
            }
        });
        drop(held);
        assert_eq!(got.wakes(), 90, "each let the next in");
        line.assert_idle(units);
    }
}
