//! P1 across executors: a waiter that answers within the patience is overtaken no more than `k` times,
//! however slowly its executor comes to poll it, and however fast others go.
//!
//! Where patience is counted in polls of a prober, which takes no microsecond each, it is overtaken
//! hundreds of thousands of times.

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex as StdMutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use wakeful::Fairness;

use crate::support::lines::{ALL, BLOCKING, Line, Side};
use crate::support::{Watchdog, tokio_here};

/// No default is below it.
const LEAST_PATIENCE: Duration = Duration::from_micros(200);
/// How long the thread has it: most of the time.
const HOLDS: Duration = Duration::from_micros(2);
/// How long each case goes on.
const LASTS: Duration = Duration::from_millis(30);

/// Notes when it is woken, and wakes the task.
struct Timed {
    task: Waker,
    woken: StdMutex<Option<Instant>>,
}

impl Wake for Timed {
    fn wake(self: Arc<Self>) {
        self.woken.lock().unwrap().get_or_insert_with(Instant::now);
        self.task.wake_by_ref();
    }
}

/// What a wait came to.
struct Waited {
    /// How many acquired between its first poll and its last.
    overtakers: u64,
    /// The longest time from a wake-up to the end of the poll that it led to.
    late: Duration,
}

/// Waits once; `acquired` is how often others have acquired, and `enough` are too many.
async fn wait(line: &Line, acquired: &AtomicU64, enough: u64) -> Waited {
    let mut waiting = line.wait();
    let mut timed: Option<Arc<Timed>> = None;
    let mut queued_at = None;
    let mut late = Duration::ZERO;
    poll_fn(|cx| {
        let timed = timed.get_or_insert_with(|| {
            Arc::new(Timed {
                task: cx.waker().clone(),
                woken: StdMutex::default(),
            })
        });
        let woken = timed.woken.lock().unwrap().take();
        let waker = Waker::from(Arc::clone(timed));
        let got = waiting.as_mut().poll(&mut Context::from_waker(&waker));
        // Only now it has answered for certain.
        late = late.max(woken.map_or(Duration::ZERO, |woken| woken.elapsed()));
        // What is counted late is too little: only who came after that is in.
        let now = acquired.load(SeqCst);
        let overtakers = now - *queued_at.get_or_insert(now);
        if got.is_ready() || overtakers > enough {
            return Poll::Ready(Waited { overtakers, late });
        }
        Poll::Pending
    })
    .await
}

fn spin(time: Duration) {
    let start = Instant::now();
    while start.elapsed() < time {}
}

/// A turn of its executor's other task.
async fn busy_turns(turn: Duration) {
    loop {
        spin(turn);
        tokio::task::yield_now().await;
    }
}

/// A waiter beside turns that long, and a thread that takes in a loop: how many of its waits count.
fn answers_in_time(side: Side, fairness: Fairness, turn: Duration, blocking: bool) -> usize {
    let line = Line::new(side, 1, fairness);
    let (acquired, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let most = u64::from(fairness.limit()) + 1;
    thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(SeqCst) {
                let got = if blocking {
                    line.blocking_wait()
                } else {
                    pollster::block_on(line.wait())
                };
                acquired.fetch_add(1, SeqCst);
                spin(HOLDS);
                drop(got);
            }
        });
        let waits = tokio_here().block_on(async {
            tokio::spawn(busy_turns(turn));
            let start = Instant::now();
            let mut waits = Vec::new();
            while start.elapsed() < LASTS {
                waits.push(wait(&line, &acquired, most).await);
                tokio::task::yield_now().await;
            }
            waits
        });
        stop.store(true, SeqCst);
        // One that was polled too late, on a machine that does something else, may be passed over.
        let patience = fairness.patience().max(LEAST_PATIENCE);
        let in_time = |waited: &&Waited| waited.late < patience * 3 / 4;
        let counted = waits.iter().filter(in_time);
        for Waited { overtakers, late } in counted.clone() {
            assert!(
                *overtakers <= most,
                "{side:?}, {fairness:?}, {turn:?}, blocking {blocking}: overtaken {overtakers} \
                 times, never later than {late:?}",
            );
        }
        counted.filter(|waited| !waited.late.is_zero()).count()
    })
}

/// Alone: the waits of two such tests at once are seldom answered in time.
static ALONE: StdMutex<()> = StdMutex::new(());

fn never_overtaken_too_often(sides: &[Side], blocking: bool) {
    let _alone = ALONE.lock();
    let _watchdog = Watchdog::new("a waiter beside a thread that takes in a loop");
    for &side in sides {
        for turn in [20, 50, 300].map(Duration::from_micros) {
            for k in [4, 1024] {
                // On a machine that is busy otherwise there may be none that counts.
                let counts = || answers_in_time(side, Fairness::overtakes(k), turn, blocking) > 0;
                let _ = (0..5).any(|_| counts());
            }
        }
    }
}

#[test]
fn beside_an_async_thread() {
    never_overtaken_too_often(&ALL, false);
}

#[test]
fn beside_a_thread_that_blocks() {
    never_overtaken_too_often(&BLOCKING, true);
}
