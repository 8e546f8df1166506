//! The facade over std and parking_lot.

use std::sync::Arc;
use std::sync::LazyLock;
use std::task::{Wake, Waker};
use std::time::{Duration, Instant};

use parking_lot_core::{
    DEFAULT_PARK_TOKEN, DEFAULT_UNPARK_TOKEN, FilterOp, ParkResult, ParkToken, UnparkResult, park,
    unpark_filter, unpark_one,
};

use super::latch::LATCHED;

use Ordering::{Acquire, Relaxed, Release, SeqCst};
pub(crate) use std::sync::atomic::{AtomicUsize, AtomicUsize as Counter, Ordering};

/// The limit of `Fairness::DEFAULT`, whose docs give the measurements.
pub(crate) const DEFAULT_LIMIT: u16 = 1024;
/// The patience of `Fairness::DEFAULT`, whose docs give the reasons.
pub(crate) const DEFAULT_PATIENCE: Duration = Duration::from_micros(500);

/// Checks are counted where there is no clock, and under a fuzzer, whose runs must not depend on time.
pub(super) const COUNTS_LOOKS: bool = cfg!(any(
    fuzzing,
    all(target_family = "wasm", target_os = "unknown")
));

/// How many are woken at a time when many are.
pub(crate) const WOKEN_AT_ONCE: usize = 16;

/// The longest that a thread spins for a latch, at a time, before it parks.
const MOST_SPINS: u32 = 400;
/// After spinning for longer than this, it yields: the holder may be waiting for this very processor. Yielding
/// sooner makes eight threads on two processors take up to seven times as long, because holders are mostly running.
const BEFORE_YIELDING: u32 = 100;
/// How long a thread parks for a latch before it checks again, at first and at most.
const FIRST_NAP: Duration = Duration::from_micros(100);
const LAST_NAP: Duration = Duration::from_millis(10);

/// How long a thread that has to wait spins before its first check.
const FIRST_SPINS: u32 = 8;
/// How many times it does that, each time for twice as long as before.
const SPINS: u32 = 4;
/// After this many useless spins in a row, it spins only every `SPINS_EVERY`th time.
const MOST_MISSES: usize = 32;
const SPINS_EVERY: usize = 16;

/// How long a thread that probes sleeps between checks.
const PROBE_PAUSE: Duration = Duration::from_micros(30);

/// How many threads are parked on latches, or about to be.
static PARKED: AtomicUsize = AtomicUsize::new(0);

/// How long a thread has waited for a latch, and waits next.
pub(super) struct BackOff {
    spins: u32,
    nap: Duration,
}

impl BackOff {
    pub(super) fn new(first_spins: u32) -> Self {
        Self {
            spins: first_spins,
            nap: FIRST_NAP,
        }
    }

    /// One turn of waiting for the latch of this word.
    pub(super) fn wait(&mut self, word: &AtomicUsize) {
        // Ordering: Relaxed, for a hint; a read-modify-write takes the latch afterwards.
        let is_taken = || word.load(Relaxed) & LATCHED != 0;
        while self.spins <= MOST_SPINS {
            (0..self.spins).for_each(|_| std::hint::spin_loop());
            if is_taken() && self.spins > BEFORE_YIELDING {
                std::thread::yield_now();
            }
            self.spins *= 2;
            if !is_taken() {
                return;
            }
        }
        // Ordering: SeqCst, so that a release sees it as soon as possible; see `latch.rs` for the race that is
        // left.
        PARKED.fetch_add(1, SeqCst);
        let until = Instant::now() + self.nap;
        match park_at(word, on_latch(), is_taken, || count_off(1), Some(until)) {
            ParkResult::TimedOut => self.nap = (2 * self.nap).min(LAST_NAP),
            ParkResult::Unparked(_) => self.spins = MOST_SPINS / 2,
            ParkResult::Invalid => count_off(1),
        }
    }
}

/// Takes `threads` off the count of threads that are parked on latches.
fn count_off(threads: usize) {
    // Ordering: Relaxed, for a count that orders nothing.
    PARKED.fetch_sub(threads, Relaxed);
}

/// The park token of threads that wait for a latch.
fn on_latch() -> ParkToken {
    ParkToken((&raw const PARKED).addr())
}

/// Whether a latch that is free counts as taken: now and then in debug builds, so that tests cover that.
#[inline]
pub(crate) fn pretends_to_be_taken() -> bool {
    static TIMES: AtomicUsize = AtomicUsize::new(0);
    // Ordering: Relaxed, for a count that orders nothing.
    cfg!(debug_assertions) && TIMES.fetch_add(1, Relaxed) % 5 == 4
}

/// The word, most likely.
#[inline]
pub(super) fn hint(word: &AtomicUsize) -> usize {
    // Ordering: Relaxed, because what follows confirms it.
    word.load(Relaxed)
}

/// Whether any thread may be parked on a latch.
#[inline]
pub(super) fn may_be_parked() -> bool {
    // Ordering: Relaxed; see `latch.rs` for what happens if this load comes too early.
    PARKED.load(Relaxed) != 0
}

/// The latch at this address was released: unparks one thread that waits for it.
#[cold]
#[inline(never)]
pub(super) fn unpark_latch(address: usize) {
    let mut found = false;
    // The word may be gone by now, and somebody else may park at its address.
    let first = |token| match (found, token == on_latch()) {
        (true, _) => FilterOp::Stop,
        (false, true) => {
            found = true;
            FilterOp::Unpark
        }
        (false, false) => FilterOp::Skip,
    };
    let count = |result: UnparkResult| {
        if result.unparked_threads > 0 {
            count_off(result.unparked_threads);
        }
        DEFAULT_UNPARK_TOKEN
    };
    // SAFETY: the key was the address of a word of ours; the closures neither panic nor park.
    unsafe { unpark_filter(address, first, count) };
}

/// Parks under the address of `word`, if `sleeps` still says so, until unparked or until the deadline.
fn park_at(
    word: &AtomicUsize,
    token: ParkToken,
    sleeps: impl FnOnce() -> bool,
    timed_out: impl FnOnce(),
    until: Option<Instant>,
) -> ParkResult {
    let key = std::ptr::from_ref(word).addr();
    // SAFETY: the key is the address of a word of ours; the closures neither panic nor park.
    unsafe { park(key, sleeps, || {}, |_, _| timed_out(), token, until) }
}

/// A compare-and-swap was lost: another processor has the word in its cache now, and can change it a few
/// times more in the time that it takes to fetch it from there.
#[inline]
pub(crate) fn leave_alone() {
    (0..16).for_each(|_| std::hint::spin_loop());
}

/// Checks now and then for something that may be there soon, for less time than it takes to put a thread to
/// sleep and to wake it.
pub(crate) fn spin<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    (0..SPINS).find_map(|round| {
        (0..FIRST_SPINS << round).for_each(|_| std::hint::spin_loop());
        look()
    })
}

/// Yields the processor once, and checks again: a thread that runs here meanwhile may free what this one needs. That
/// costs less than sleeping and being woken. (Yielding more often is no faster.)
pub(crate) fn give_way<T>(look: impl FnOnce() -> Option<T>) -> Option<T> {
    std::thread::yield_now();
    look()
}

/// Tells a model to run another thread; does nothing in a plain build.
#[inline]
pub(crate) fn yield_model() {}

/// Lets loom check exclusive access to a value; does nothing in a plain build.
pub(crate) struct Tracker;

/// One exclusive access to the value of a [`Tracker`], from `begin` until it is dropped.
#[derive(Default)]
pub(crate) struct Access(());

impl Tracker {
    pub(crate) const fn new() -> Self {
        Self
    }

    #[inline]
    pub(crate) fn begin(&self) -> Access {
        Access(())
    }
}

/// Microseconds, which wrap around after an hour.
pub(super) fn ticks() -> u32 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_micros() as u32
}

const EMPTY: usize = 0;
const PARKING: usize = 1;
const WOKEN: usize = 2;

/// What a blocked thread parks on: a token of our own, so that the token of `std::thread::park` stays the
/// caller's.
struct Token {
    state: AtomicUsize,
    /// How many times in a row spinning was useless; only its own thread uses it.
    misses: AtomicUsize,
}

impl Token {
    /// Spins until woken. If that was useless the last few times, it spins only now and then, in case that has
    /// changed.
    fn spin(&self) -> bool {
        // Ordering: no other thread uses it.
        let misses = self.misses.load(Relaxed);
        if misses >= MOST_MISSES && misses % SPINS_EVERY != 0 {
            self.misses.store(misses.wrapping_add(1), Relaxed);
            return false;
        }
        // Ordering: a hint; `wait` takes the token.
        let woken = || (self.state.load(Relaxed) == WOKEN).then_some(());
        let woken = spin(woken).is_some();
        let misses = if woken { 0 } else { misses.wrapping_add(1) };
        self.misses.store(misses, Relaxed);
        woken
    }

    /// Waits until woken, or until that instant; `false` if that came first.
    fn wait(&self, until: Option<Instant>) -> bool {
        // Ordering: Acquire, twice, pairs with the Release in `wake_by_ref`: a woken thread sees why it was
        // woken.
        if self
            .state
            .compare_exchange(EMPTY, PARKING, Acquire, Acquire)
            .is_ok()
        {
            // Ordering: the token is taken below.
            let sleeps = || self.state.load(Relaxed) == PARKING;
            park_at(&self.state, DEFAULT_PARK_TOKEN, sleeps, || {}, until);
        }
        self.state.swap(EMPTY, Acquire) == WOKEN
    }
}

impl Wake for Token {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // Ordering: Release pairs with the Acquire in `wait`.
        if self.state.swap(WOKEN, Release) == PARKING {
            let key = std::ptr::from_ref(&self.state).addr();
            // SAFETY: the key is the address of a word of ours; the closure neither panics nor parks.
            unsafe { unpark_one(key, |_| DEFAULT_UNPARK_TOKEN) };
        }
    }
}

/// What wakes this thread: created once per thread, so that later waits allocate nothing.
#[derive(Clone)]
pub(crate) struct Parker {
    pub(crate) waker: Waker,
    token: Arc<Token>,
}

thread_local! {
    static PARKER: Parker = Parker::new();
}

impl Parker {
    fn new() -> Self {
        let token = Arc::new(Token {
            state: AtomicUsize::new(EMPTY),
            misses: AtomicUsize::new(0),
        });
        Self {
            waker: Arc::clone(&token).into(),
            token,
        }
    }

    pub(crate) fn of_this_thread() -> Self {
        // The destructor of another thread local may wait after this one was destroyed.
        PARKER.try_with(Self::clone).unwrap_or_else(|_| Self::new())
    }

    /// Waits until woken, or until the deadline; `false` if the deadline came first.
    pub(crate) fn park(&self, deadline: Deadline) -> bool {
        if self.token.spin() {
            return self.token.wait(None);
        }
        loop {
            if self.token.wait(deadline.0) {
                return true;
            }
            if deadline.has_passed() {
                return false;
            }
        }
    }

    /// Waits a moment, or until woken.
    pub(crate) fn pause(&self) {
        self.token.wait(Some(Instant::now() + PROBE_PAUSE));
    }
}

/// The instant at which a blocking wait gives up; `None` is never.
#[derive(Clone, Copy)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// A deadline past the end of the clock is never, and so is `Duration::MAX` where there is no clock.
    pub(crate) fn after(timeout: Duration) -> Self {
        if timeout == Duration::MAX {
            return Self(None);
        }
        Self(Instant::now().checked_add(timeout))
    }

    /// When a wait checks for an unanswered call ahead of it: early enough to pass it over, as a prober would,
    /// before it gives up.
    pub(crate) fn early(self, patience: impl FnOnce() -> Option<Duration>) -> Option<Self> {
        let at = self.0?.checked_sub(2 * patience()?)?;
        (at > Instant::now()).then_some(Self(Some(at)))
    }

    pub(crate) fn has_passed(self) -> bool {
        self.0.is_some_and(|at| at <= Instant::now())
    }
}
