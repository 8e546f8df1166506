//! [`Fairness`], and the rules by which everything in this crate waits. They are stated only here; the rest of
//! the crate cites them by number.

use std::time::Duration;

use crate::sync::{DEFAULT_LIMIT, DEFAULT_PATIENCE, MOST_PATIENCE, TICK_NANOS};

/// How often others may overtake a waiter, and how long a woken waiter may take to respond.
///
/// A release hands nothing over: it frees the resource and wakes the waiters at the front of the queue. Until
/// they run, a running task may take what is free, which is what makes unfair locks fast. `Fairness` bounds
/// this with two numbers:
///
/// - the [**limit**](Self::limit): how often later arrivals and `try_*` calls may acquire ahead of the first
///   waiter;
/// - the [**patience**](Self::patience): how long something is kept for a waiter that was woken but has not
///   been polled. It makes a future that is never polled again harmless.
///
/// Every `new` takes [`Fairness::DEFAULT`]; [`Fairness::FIFO`] is tokio's order.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use wakeful::{Fairness, Mutex};
///
/// // First come, first served, exactly as in tokio.
/// static LEDGER: Mutex<u64> = Mutex::with_fairness(0, Fairness::FIFO);
/// // At most 8 later arrivals get in before the task that has waited longest.
/// static CACHE: Mutex<Vec<u8>> = Mutex::with_fairness(Vec::new(), Fairness::overtakes(8));
///
/// let patience = Duration::from_millis(1);
/// assert_eq!(Fairness::overtakes(8).with_patience(patience).patience(), patience);
/// assert_eq!(Fairness::FIFO.limit(), 0);
/// ```
///
/// A task that keeps a lock future without polling it does not lock itself out:
///
/// ```
/// use std::future::ready;
/// use wakeful::{Fairness, Mutex};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let mutex = Mutex::with_fairness((), Fairness::FIFO);
/// let held = mutex.lock().await;
/// let mut first = Box::pin(mutex.lock());
/// tokio::select! {
///     biased;
///     _ = &mut first => unreachable!("it is held"),
///     _ = ready(()) => {} // gives up on `first`, but does not drop it
/// }
/// drop(held);
/// drop(mutex.lock().await); // with tokio's mutex, this hangs
/// # }
/// ```
///
/// # Terms
///
/// Each resource is a number of *units*, with one queue of waiters that need one or more of them: the lock of a
/// mutex is one unit, a semaphore's permits are units, and so are the items of a queue and its slots.
///
/// | term | meaning |
/// |---|---|
/// | task | What a waker wakes. Two futures belong to the same task if the wakers they were last polled with have equal [`data`](std::task::Waker::data) and [`vtable`](std::task::Waker::vtable). |
/// | arrival | A future at its first poll, a thread that begins to block, or a handle used as a `Stream` or `Sink`, at each poll. Unless it acquires at once, it waits. A `try_*` call never waits and is not an arrival. |
/// | called | Of a waiter: woken because enough is free for it, and not polled since. |
/// | answers | A called waiter answers by being polled: it acquires, or answers *in vain*. |
/// | kept | Of units: free, but only for the waiters that were called. |
/// | credit | How many times others may still acquire ahead of a waiter while it is first. It starts at the limit. |
/// | passed over | Of a waiter: removed from the queue because its call went unanswered. It comes back when it is polled. |
/// | patience | How long a call may go unanswered before an arrival passes over the called waiter. |
/// | prober | The one arrival that keeps waking itself until what is kept is taken, or is no longer kept. |
///
/// # The rules
///
/// 1. **Release.** A release frees units and hands them to nobody. It *calls* waiters from the front, and
///    stops at the first one whose need, added to the needs of those already called, exceeds what is free. A waiter
///    is called once, until it answers. For the slots of a queue, at most 1 + log₂(free) waiters are called at a
///    time, and each that answers calls the next.
/// 2. **Answer.** When a called waiter is polled, it takes what it needs if that much is free beyond the needs
///    of the called ones ahead of it. Otherwise it goes back to sleep in its old place.
/// 3. **Credit.** Later arrivals, queued or not, and `try_*` calls may acquire ahead of the first waiter; each
///    such acquisition uses up one unit of the first waiter's credit. An answer in vain halves the remaining
///    credit of the waiter that answered. Once the first waiter has no credit left, what is free is *kept* for
///    the waiters that were called. An acquisition costs nothing if every waiter ahead of it was called and it
///    leaves enough for them all.
/// 4. **Own task.** A waiter that is polled in vain behind a called waiter of its own task wakes itself, once.
///    If it then meets the same call again, still unanswered, the called waiter is not being polled: it is
///    *passed over*, which means that it leaves the queue and the next waiters are called. This happens at the
///    second meeting, not at the first, because the branches of a `join!` are one task and are polled one after
///    another. An arrival that wakes itself for this may still probe afterwards (rule 5).
/// 5. **Probing.** An arrival that finds enough free, but kept for a called waiter, wakes itself. If its second
///    poll finds the same, it becomes the *prober*, replacing any earlier one, and keeps waking itself while
///    that lasts. (A `Stream` or `Sink` does the same, but replaces nobody.) The first such meeting with a call
///    starts that call's clock; a later meeting passes over the called waiter if the call has gone unanswered
///    for the patience.
///    - If a prober is dropped, the sleeping waiter just ahead of it is woken and becomes the prober.
///    - A blocked thread always answers, so a prober never passes it over. A thread that probes sleeps for some
///      tens of microseconds between checks.
///    - A wait with a deadline checks again, as an arrival would, when twice the patience is left, and once
///      more when the deadline expires. A call that is older than such a wait counts as unanswered since the
///      wait began.
/// 6. **Coming back.** When a waiter that was passed over is polled, it comes back to its old place in order of
///    arrival, with the credit it had left. Each time a prober passes it over, the patience with it is
///    multiplied by eight, up to a second, so a waiter that is slow but alive soon stops being passed over.
///
/// While called waiters answer in time, rules 4 to 6 cost next to nothing: a future reads the clock only when
/// its poll meets an unanswered call. (A thread that blocks and a
/// [`send_until`](crate::queue::Sender::send_until) also read it once, when they begin to wait.)
///
/// # What follows
///
/// **P1: overtaking is bounded.** *While a waiter that answers its calls within the patience is first, later
/// arrivals and `try_*` calls acquire ahead of it at most [`limit`](Self::limit) times in all, whatever threads
/// and executors they run on.*
///
/// An acquisition ahead of the first waiter either leaves enough for it or costs it a unit of credit (rule 3),
/// and credit never grows during a wait. Once there is none left, nobody takes what the first waiter needs:
/// units accumulate until there are enough, the waiter is called, and its answer succeeds. So a request for
/// many permits is never starved by small ones. No first waiter is woken in vain more than 1 + log₂(limit)
/// times (never, if the limit is 0), because each time halves its credit. Futures of one task that are all
/// polled at every turn all make progress: between two polls of one, the called one is polled too, so rule 4
/// passes nobody over.
///
/// **P2: no futurelock inside a task.** *A task polled one future, keeps it without polling it, and awaits
/// another on the same primitive. Once the first is called, and is among the first 16 called waiters, the
/// second gets through at its second poll, whatever the fairness.*
///
/// Its first poll meets the call and wakes the task; its second meets the same call and passes it over
/// (rule 4). That needs no clock, so it holds for [`Fairness::FIFO`] too.
///
/// **P3: a called waiter that is never polled again delays no arrival forever**, if the patience is finite. *An
/// arrival that finds enough free, but kept, takes it once the patience has expired (once for each such waiter
/// ahead of it), unless another waiter takes it first; then it waits like any other.*
///
/// The arrival, or a later one, keeps waking itself until that changes (rule 5). So some poll meets the call
/// after it has gone unanswered for the patience, and passes it over. The next waiter to be called answers or
/// is passed over in its turn, and the queue ahead of the arrival is finite. For the slots of a queue, *d*
/// calls that are never answered hold nobody up while at least 2<sup>*d*</sup> slots are free, because one more
/// waiter is called (rule 1).
///
/// All of this is checked twice: with the rules as a sequential program, on every schedule of small scenarios,
/// and with loom models of the code. Remove any one of the rules, and some scenario breaks a promise.
///
/// # Limits
///
/// - **The same task means the same waker.** `FuturesUnordered`, and `join_all` of many futures, poll each
///   future with a waker of its own: P3 covers those, P2 does not. The same goes for a task whose wakers are
///   made from an `Arc` in several places: their vtables may differ, as
///   [`will_wake`](std::task::Waker::will_wake) warns. All tasks that share one waker, or use
///   [`Waker::noop`](std::task::Waker::noop), count as one task: a waiter of theirs may be passed over although
///   its task is alive. It comes back to its place.
/// - **A sleeper needs an arrival.** A waiter that was queued while too little was free does not probe. If it
///   sleeps behind a called waiter that is never polled again, only the next arrival gets it moving, and a
///   `try_*` call is not an arrival, however often it is repeated. A thread that waits with a timeout of more
///   than twice the patience gets itself moving. [`send_until`](crate::queue::Sender::send_until) does not know
///   its deadline in advance: at the end, it takes a slot that is kept for a call made before the send, but not
///   one kept for a later call. A runtime's timeout around a future is invisible to this crate.
/// - **One call at a time.** A prober times one unanswered call after another, so each forgotten waiter costs a
///   full patience, which rule 6 may have multiplied.
/// - **A thread is waited for.** A called thread that does not get to run, because it is stopped or has a low
///   priority, holds up the waiters behind it, whatever the patience.
/// - **Only calls are passed over.** A waiter that needs more than is free is not called. It holds up the
///   waiters behind it, whether it is polled or not.
/// - **FIFO has no P3.** Because its patience never expires, a called future that another task has forgotten
///   holds everyone up, as in tokio.
/// - **Patience is stored in microseconds**, rounded up to eleven significant bits. From about half an hour on,
///   it never expires. Where there is no clock (`wasm32-unknown-unknown`), and in loom models, checks of the
///   call are counted instead, one nanosecond each, and rule 6 multiplies up to 4,096 of them.
/// - **A poll inspects few waiters.** It looks for its own task among the first 16 called waiters, and at no
///   more than 64 waiters for anything else.
///   - If a called waiter beyond the first 64 is polled while less is free than *all* called waiters need, that
///     waiter counts as overtaking even if it leaves enough for those ahead. If the first waiter has no credit
///     left, it goes back to sleep instead, and is not called again before it is among the first 64. Meanwhile,
///     arrivals pay for overtaking it, or wait for more than one patience.
///   - A waiter that comes back to a place more than 64 from both ends becomes the 65th.
///   - If many waiters answer in vain, the last of them cleans up for all, in steps between which others get
///     in.
/// - **Some calls ignore the rules.** [`force_push`](crate::Queue::force_push) takes slots that are kept,
///   [`drain`](crate::Queue::drain) items, and a semaphore's `forget_permits` and `reduce_permits` permits. The
///   waiters that they were kept for may then answer in vain.
/// - **Streams and sinks** ([`Receiver`](crate::queue::Receiver) as a `Stream`,
///   [`Sender`](crate::queue::Sender) as a `Sink`) wait beside the queue, and nothing is kept for them, so P1
///   does not cover them. If the stored items of a weighted channel need different amounts, a light one beyond
///   the first 64 of them may sleep beside enough room until the next item leaves.
///
/// # Sources
///
/// Futurelock was named and analysed in Oxide's [RFD 609](https://rfd.shared.oxide.computer/rfd/0609).
/// [tokio#6450](https://github.com/tokio-rs/tokio/issues/6450) and
/// [tokio#7892](https://github.com/tokio-rs/tokio/issues/7892) report it.
/// [tokio#4612](https://github.com/tokio-rs/tokio/issues/4612) reports a branch of a `join!` that starves
/// another. (That branch acquires permits that are always free. It never yields here either: a loop that never
/// has to wait needs a [`yield_now`](crate::yield_now) of its own.)
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Fairness {
    pub(crate) limit: u16,
    patience: Duration,
}

impl Fairness {
    /// First come, first served, with a patience that never expires: tokio's order, and tokio's weakness.
    ///
    /// A task still cannot futurelock itself ([P2](Fairness#what-follows)), but a called future that another
    /// task has forgotten holds everyone up.
    pub const FIFO: Self = Self::overtakes(0).with_patience(Duration::MAX);

    /// A limit of 1,024 and a patience of 500 µs, which every `new` uses: fast, and still bounded.
    ///
    /// The limit trades the longest wait for throughput. When 8 tasks on two workers locked a mutex for a short
    /// critical section, a lock took 11 ns and the longest wait was 0.6 ms; with [`FIFO`](Self::FIFO), 90 ns
    /// and 0.07 ms. `BENCH_CHOICES=1 cargo bench -p wakeful-benches --bench mutex`, in the repository, measures
    /// other limits.
    ///
    /// The patience is much longer than a thread takes to wake up, so a live waiter is rarely passed over, and
    /// short enough that a forgotten one hardly matters.
    ///
    /// In loom models it is `overtakes(1)` with a patience of 2 ns, so that every path is short.
    pub const DEFAULT: Self = Self::overtakes(DEFAULT_LIMIT);

    /// Lets others acquire ahead of the first waiter at most `k` times, with the default patience.
    #[must_use]
    pub const fn overtakes(k: u16) -> Self {
        Self {
            limit: k,
            patience: DEFAULT_PATIENCE,
        }
    }

    /// Returns the same limit with another patience. [`Duration::MAX`] never expires; with zero, a called
    /// waiter is passed over at the second meeting.
    #[must_use]
    pub const fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Returns how many times others may acquire ahead of the first waiter ([rule 3](Fairness#the-rules)).
    #[must_use]
    pub const fn limit(self) -> u16 {
        self.limit
    }

    /// Returns how long a call may go unanswered before an arrival passes over the called waiter ([rule
    /// 5](Fairness#the-rules)), before it is [rounded](Fairness#limits).
    #[must_use]
    pub const fn patience(self) -> Duration {
        self.patience
    }
}

impl Default for Fairness {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// A patience as primitives store it, in two bytes: ticks as a float of 11 significant bits, rounded up. From
/// 2^31 ticks on (about 36 minutes), it never expires.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Patience(u16);

const DIGITS: u32 = 11;

impl Patience {
    const NEVER: Self = Self(u16::MAX);
    /// Marks a line that has ended: nobody waits there any more.
    pub(crate) const ENDED: Self = Self(u16::MAX - 1);

    pub(crate) const fn new(patience: Duration) -> Self {
        let ticks = patience.as_nanos().div_ceil(TICK_NANOS);
        if ticks >= 1 << 31 {
            return Self::NEVER;
        }
        let (mut digits, mut shift) = (ticks as u32, 0);
        while digits >= 1 << DIGITS {
            digits = digits.div_ceil(2);
            shift += 1;
        }
        Self((shift << DIGITS | digits) as u16)
    }

    #[inline]
    pub(crate) const fn is_never(self) -> bool {
        self.0 >= Self::ENDED.0
    }

    /// `None` is never.
    pub(crate) fn duration(self) -> Option<Duration> {
        let nanos = u64::from(self.after(0)) * TICK_NANOS as u64;
        (!self.is_never()).then(|| Duration::from_nanos(nanos))
    }

    /// The patience in ticks of a waiter that probers have passed over `passes` times (rule 6).
    pub(crate) fn after(self, passes: u8) -> u32 {
        let digits = u32::from(self.0) & ((1 << DIGITS) - 1);
        let ticks = digits << (self.0 >> DIGITS);
        let grown = u64::from(ticks) << (3 * u32::from(passes).min(10));
        grown.min(u64::from(ticks.max(MOST_PATIENCE))) as u32
    }
}
