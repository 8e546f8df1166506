//! Whatever is waited for in a line, as one thing, since the same rules hold for each: units are free,
//! are taken, and come back. And a test of a case for every verb that waits, by [`cases`].

use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use wakeful::queue::{OwnedPermit, Permit, PermitIterator, Receiver, Sender};
use wakeful::{
    Fairness, Mutex, MutexGuard, OwnedMutexGuard, OwnedSemaphorePermit, Queue, Semaphore,
    SemaphorePermit,
};

use super::{KINDS, Task, Waiting};

/// Who waits for what, and by which verb.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Side {
    /// Locks wait for a mutex: the one unit there is.
    Lock,
    LockOwned,
    /// Acquires wait for permits.
    Permits,
    /// A unit is three of them.
    ManyPermits,
    PermitsOwned,
    ManyPermitsOwned,
    /// Pops wait for items, which come back as pushes.
    Pops,
    /// Pushes wait for slots, which come back as pops.
    Pushes,
    /// The same of a channel.
    Items,
    Slots,
    /// Reserves wait for slots, which come back as permits that are dropped.
    Reserves,
    ReservesOwned,
}

use Side::*;

/// One verb for each line, for tests with one unit.
pub(crate) const ALL: [Side; 5] = [Lock, Permits, Items, Slots, Reserves];
/// Those for which a thread may block.
pub(crate) const BLOCKING: [Side; 4] = [Lock, Permits, Items, Slots];

/// Makes a test of each case, which is a function of a [`Side`], for every verb that waits, for `COUNTED`
/// ones, for those that are `BLOCKING` (or `CLOSABLE_BLOCKING`), that wait for what is `RELEASED` (a slot is
/// freed by a pop, which is undone if it panics), or that may ask for `UNEQUAL` numbers.
macro_rules! cases {
    ($group:ident: $($case:ident),+ $(,)?) => { $(cases! { @$group $case })+ };
    (@VERBS $case:ident) => { cases! { @of $case:
        mutex_lock Lock, mutex_lock_owned LockOwned,
        semaphore_acquire Permits, semaphore_acquire_many ManyPermits,
        semaphore_acquire_owned PermitsOwned, semaphore_acquire_many_owned ManyPermitsOwned,
        queue_pop Pops, queue_push Pushes, queue_recv Items, queue_send Slots,
        queue_reserve Reserves, queue_reserve_owned ReservesOwned
    } };
    (@COUNTED $case:ident) => { cases! { @of $case:
        semaphore_acquire Permits, semaphore_acquire_many ManyPermits,
        semaphore_acquire_owned PermitsOwned, semaphore_acquire_many_owned ManyPermitsOwned,
        queue_pop Pops, queue_push Pushes, queue_recv Items, queue_send Slots,
        queue_reserve Reserves, queue_reserve_owned ReservesOwned
    } };
    (@BLOCKING $case:ident) => { cases! { @of $case:
        mutex_lock Lock, mutex_lock_owned LockOwned,
        semaphore_acquire Permits, semaphore_acquire_many ManyPermits,
        semaphore_acquire_owned PermitsOwned, semaphore_acquire_many_owned ManyPermitsOwned,
        queue_pop Pops, queue_push Pushes, queue_recv Items, queue_send Slots
    } };
    (@CLOSABLE_BLOCKING $case:ident) => { cases! { @of $case:
        semaphore_acquire Permits, semaphore_acquire_many ManyPermits,
        semaphore_acquire_owned PermitsOwned, semaphore_acquire_many_owned ManyPermitsOwned,
        queue_pop Pops, queue_push Pushes, queue_recv Items, queue_send Slots
    } };
    (@RELEASED $case:ident) => { cases! { @of $case:
        mutex_lock Lock, mutex_lock_owned LockOwned,
        semaphore_acquire Permits, semaphore_acquire_many ManyPermits,
        semaphore_acquire_owned PermitsOwned, semaphore_acquire_many_owned ManyPermitsOwned,
        queue_pop Pops, queue_recv Items, queue_reserve Reserves, queue_reserve_owned ReservesOwned
    } };
    (@UNEQUAL $case:ident) => { cases! { @of $case:
        semaphore_acquire Permits, semaphore_acquire_owned PermitsOwned, queue_reserve Reserves
    } };
    (@of $case:ident: $($name:ident $side:ident),+) => {
        mod $case {
            $(#[test]
            fn $name() {
                super::$case($crate::support::lines::Side::$side);
            })+
        }
    };
}

pub(crate) use cases;

impl Side {
    /// Whether waiters are called few at a time: no more than 1 + log2 of what is free.
    pub(crate) fn calls_few(self) -> bool {
        matches!(self, Pushes | Slots | Reserves | ReservesOwned)
    }

    /// How many of `waiters` are called by `free` units that come back at once.
    pub(crate) fn called_at_once(self, free: usize, waiters: usize) -> usize {
        let few = if self.calls_few() {
            (usize::BITS - free.leading_zeros()) as usize
        } else {
            free
        };
        waiters.min(free).min(few)
    }

    /// Whether a thread may wait by it, too.
    pub(crate) fn blocks(self) -> bool {
        !matches!(self, Reserves | ReservesOwned)
    }

    pub(crate) fn is_mutex(self) -> bool {
        matches!(self, Lock | LockOwned)
    }

    pub(crate) fn is_semaphore(self) -> bool {
        matches!(
            self,
            Permits | ManyPermits | PermitsOwned | ManyPermitsOwned
        )
    }

    /// As many units as wanted, or the one there is.
    pub(crate) fn units(self, wanted: usize) -> usize {
        if self.is_mutex() { 1 } else { wanted }
    }

    /// How many are got where `n` are asked for: one, unless several may be.
    pub(crate) fn asked(self, n: usize) -> usize {
        if self.is_semaphore() || self == Reserves {
            n
        } else {
            1
        }
    }

    /// How many permits are a unit.
    fn permits(self) -> usize {
        if matches!(self, ManyPermits | ManyPermitsOwned) {
            3
        } else {
            1
        }
    }
}

/// What a mutex holds: taken in two steps, so that two at once are noticed.
#[derive(Debug, Default)]
struct Value {
    is_taken: bool,
    times: u64,
}

impl Value {
    fn take(&mut self) {
        assert!(!mem::replace(&mut self.is_taken, true), "two at once");
        self.times += 1;
    }
}

/// One line, and what it is part of.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) side: Side,
    mutex: Mutex<Value>,
    mutex_of_many: Arc<Mutex<Value>>,
    pub(crate) semaphore: Semaphore,
    semaphore_of_many: Arc<Semaphore>,
    queue: Queue<usize>,
    pub(crate) sender: Sender<usize>,
    pub(crate) receiver: Receiver<usize>,
}

/// A unit that was taken; it comes back when this is dropped.
#[derive(Debug)]
pub(crate) struct Got<'a> {
    line: &'a Line,
    held: Held<'a>,
}

/// What comes back by itself.
#[derive(Debug)]
#[allow(dead_code, reason = "to be dropped")]
enum Held<'a> {
    /// Something of a queue, which was full or empty.
    Nothing,
    /// What was merged with others.
    Merged,
    Lock(MutexGuard<'a, Value>),
    LockOwned(OwnedMutexGuard<Value>),
    Permits(SemaphorePermit<'a>),
    PermitsOwned(OwnedSemaphorePermit),
    Slot(Permit<'a, usize>),
    Slots(PermitIterator<'a, usize>),
    SlotOwned(OwnedPermit<usize>),
}

impl Held<'_> {
    fn if_some<T>(item: Option<T>) -> Option<Self> {
        item.map(|_| Self::Nothing)
    }

    fn if_ok<T, E>(result: Result<T, E>) -> Option<Self> {
        Self::if_some(result.ok())
    }
}

impl Drop for Got<'_> {
    fn drop(&mut self) {
        let line = self.line;
        match &mut self.held {
            Held::Lock(value) => value.is_taken = false,
            Held::LockOwned(value) => value.is_taken = false,
            Held::Nothing if !line.is_closed() => match line.side {
                Pops => line.queue.try_push(0).expect("there is a slot"),
                Items => line.sender.try_send(0).expect("there is a slot"),
                _ => line.take_an_item(),
            },
            _ => {}
        }
    }
}

impl Got<'_> {
    /// Gives half of several permits back, and takes those of another.
    pub(crate) fn split_and_merge(&mut self, other: Option<Self>) {
        let other = other.map(|mut other| mem::replace(&mut other.held, Held::Merged));
        match &mut self.held {
            Held::Permits(permit) => {
                let half = permit.split(permit.num_permits() / 2);
                if let Some(Held::Permits(other)) = other {
                    permit.merge(other);
                }
                drop(half.expect("of all"));
            }
            Held::PermitsOwned(permit) => {
                let half = permit.split(permit.num_permits() / 2);
                if let Some(Held::PermitsOwned(other)) = other {
                    permit.merge(other);
                }
                drop(half.expect("of all"));
            }
            _ => {}
        }
    }
}

pub(crate) type Wait<'a> = Pin<Box<dyn Future<Output = Got<'a>> + 'a>>;
/// One that may go to another thread; `None` if the line is closed.
pub(crate) type WaitOrClosed<'a> = Pin<Box<dyn Future<Output = Option<Got<'a>>> + Send + 'a>>;
type Ends<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
/// The two, in their tasks.
pub(crate) type Waiter<'a> = Waiting<dyn Future<Output = Got<'a>> + 'a>;
pub(crate) type WaiterOrClosed<'a> = Waiting<dyn Future<Output = Option<Got<'a>>> + Send + 'a>;

impl Line {
    /// One of each kind.
    pub(crate) fn of_all_kinds(side: Side, units: usize) -> impl Iterator<Item = Self> {
        Self::with_each(side, units, KINDS)
    }

    /// One with each of these; a test that fails says which was the last.
    pub(crate) fn with_each(
        side: Side,
        units: usize,
        fairness: impl IntoIterator<Item = Fairness>,
    ) -> impl Iterator<Item = Self> {
        fairness.into_iter().map(move |fairness| {
            println!("{fairness:?}");
            Self::new(side, units, fairness)
        })
    }

    /// So many units, all free.
    pub(crate) fn new(side: Side, units: usize, fairness: Fairness) -> Self {
        assert!(!side.is_mutex() || units == 1, "a mutex is one unit");
        let queue = || Queue::bounded(units).with_fairness(fairness);
        let (sender, receiver) = queue().into_channel();
        let permits = units * side.permits();
        let line = Self {
            side,
            mutex: Mutex::with_fairness(Value::default(), fairness),
            mutex_of_many: Arc::new(Mutex::with_fairness(Value::default(), fairness)),
            semaphore: Semaphore::with_fairness(permits, fairness),
            semaphore_of_many: Arc::new(Semaphore::with_fairness(permits, fairness)),
            queue: queue(),
            sender,
            receiver,
        };
        for _ in 0..units {
            match side {
                Pops => line.queue.try_push(0).expect("there is a slot"),
                Items => line.sender.try_send(0).expect("there is a slot"),
                _ => break,
            }
        }
        line
    }

    /// What owned guards and permits are taken of.
    fn of_many(&self) -> (Arc<Mutex<Value>>, Arc<Semaphore>) {
        (
            Arc::clone(&self.mutex_of_many),
            Arc::clone(&self.semaphore_of_many),
        )
    }

    /// The semaphore that this side waits for.
    pub(crate) fn semaphore(&self) -> &Semaphore {
        match self.side {
            Permits | ManyPermits => &self.semaphore,
            _ => &self.semaphore_of_many,
        }
    }

    pub(crate) fn free(&self) -> usize {
        match self.side {
            Lock => usize::from(!self.mutex.is_locked()),
            LockOwned => usize::from(!self.mutex_of_many.is_locked()),
            Pops => self.queue.len(),
            Pushes => self.queue.capacity(),
            Items => self.receiver.len(),
            Slots | Reserves | ReservesOwned => self.sender.capacity(),
            _ => self.semaphore().available_permits() / self.side.permits(),
        }
    }

    /// Frees a slot.
    pub(crate) fn take_an_item(&self) {
        let items = match self.side {
            Pops | Pushes => self.queue.try_pop(),
            _ => self.receiver.try_recv(),
        };
        assert_eq!(items, Ok(0), "there is an item");
    }

    /// How often a mutex was locked.
    pub(crate) fn times_locked(&self) -> u64 {
        let times = |mutex: &Mutex<Value>| mutex.try_lock().expect("free").times;
        times(&self.mutex) + times(&self.mutex_of_many)
    }

    /// Whether it was the first to close it. There is no closing of a mutex.
    pub(crate) fn close(&self) -> bool {
        let was_open = !self.is_closed();
        match self.side {
            Lock | LockOwned => panic!("a mutex is not closed"),
            Pops | Pushes => assert_eq!(self.queue.close(), was_open),
            Items | Slots | Reserves | ReservesOwned => {
                assert_eq!(self.sender.close(), was_open);
            }
            _ => self.semaphore().close(),
        }
        was_open
    }

    pub(crate) fn is_closed(&self) -> bool {
        match self.side {
            Lock | LockOwned => false,
            Pops | Pushes => self.queue.is_closed(),
            Items | Slots | Reserves | ReservesOwned => self.sender.is_closed(),
            _ => self.semaphore().is_closed(),
        }
    }

    fn got<'a>(&'a self, mut held: Held<'a>) -> Got<'a> {
        match &mut held {
            Held::Lock(value) => value.take(),
            Held::LockOwned(value) => value.take(),
            _ => {}
        }
        Got { line: self, held }
    }

    pub(crate) fn wait(&self) -> Wait<'_> {
        self.wait_for(1)
    }

    /// Waits for `n` at once where a waiter may ask for several, and for one elsewhere.
    pub(crate) fn wait_for(&self, n: usize) -> Wait<'_> {
        self.wait_to(n, |got| got.expect("open"))
    }

    pub(crate) fn wait_or_closed(&self) -> WaitOrClosed<'_> {
        self.wait_for_or_closed(1)
    }

    pub(crate) fn wait_for_or_closed(&self, n: usize) -> WaitOrClosed<'_> {
        self.wait_to(n, |got| got)
    }

    /// Waits, and makes this of what it gets.
    fn wait_to<'a, T: 'a>(&'a self, n: usize, end: fn(Option<Got<'a>>) -> T) -> Ends<'a, T> {
        let permits = (n * self.side.permits()) as u32;
        let (semaphore, queue, sender) = (&self.semaphore, &self.queue, &self.sender);
        let (own_mutex, own) = self.of_many();
        let permit = |permit: Result<_, _>| permit.ok().map(Held::Permits);
        let owned = |permit: Result<_, _>| permit.ok().map(Held::PermitsOwned);
        match self.side {
            Lock => self.boxed(self.mutex.lock(), |value| Some(Held::Lock(value)), end),
            LockOwned => {
                let lock = own_mutex.lock_owned();
                self.boxed(lock, |value| Some(Held::LockOwned(value)), end)
            }
            Permits if n == 1 => self.boxed(semaphore.acquire(), permit, end),
            Permits | ManyPermits => self.boxed(semaphore.acquire_many(permits), permit, end),
            PermitsOwned if n == 1 => self.boxed(own.acquire_owned(), owned, end),
            PermitsOwned | ManyPermitsOwned => {
                self.boxed(own.acquire_many_owned(permits), owned, end)
            }
            Pops => self.boxed(queue.pop(), Held::if_some, end),
            Items => self.boxed(self.receiver.recv(), Held::if_some, end),
            Pushes => self.boxed(queue.push(0), Held::if_ok, end),
            Slots => self.boxed(sender.send(0), Held::if_ok, end),
            Reserves if n == 1 => {
                self.boxed(sender.reserve(), |slot| slot.ok().map(Held::Slot), end)
            }
            Reserves => {
                let reserve = sender.reserve_many(n);
                self.boxed(reserve, |slots| slots.ok().map(Held::Slots), end)
            }
            ReservesOwned => {
                let reserve = sender.clone().reserve_owned();
                self.boxed(reserve, |slot| slot.ok().map(Held::SlotOwned), end)
            }
        }
    }

    /// An async block could not be polled again when a poll has panicked.
    fn boxed<'a, F: Future + Send + 'a, T: 'a>(
        &'a self,
        wait: F,
        held: impl FnOnce(F::Output) -> Option<Held<'a>> + Send + 'a,
        end: fn(Option<Got<'a>>) -> T,
    ) -> Ends<'a, T> {
        Box::pin(wait.map(move |output| end(held(output).map(|held| self.got(held)))))
    }

    /// On this thread.
    pub(crate) fn blocking_wait(&self) -> Got<'_> {
        self.blocking_wait_or_closed().expect("open")
    }

    pub(crate) fn blocking_wait_or_closed(&self) -> Option<Got<'_>> {
        let permits = self.side.permits() as u32;
        let (own_mutex, own) = self.of_many();
        let held = match self.side {
            Lock => Held::Lock(self.mutex.blocking_lock()),
            LockOwned => Held::LockOwned(own_mutex.blocking_lock_owned()),
            Permits => Held::Permits(self.semaphore.blocking_acquire().ok()?),
            ManyPermits => Held::Permits(self.semaphore.blocking_acquire_many(permits).ok()?),
            PermitsOwned => Held::PermitsOwned(own.blocking_acquire_owned().ok()?),
            ManyPermitsOwned => Held::PermitsOwned(own.blocking_acquire_many_owned(permits).ok()?),
            Pops => Held::if_some(self.queue.blocking_pop())?,
            Items => Held::if_some(self.receiver.blocking_recv())?,
            Pushes => Held::if_ok(self.queue.blocking_push(0))?,
            Slots => Held::if_ok(self.sender.blocking_send(0))?,
            Reserves | ReservesOwned => unreachable!("no blocking call reserves"),
        };
        Some(self.got(held))
    }

    /// On this thread, until the timeout.
    pub(crate) fn blocking_wait_for(&self, timeout: Duration) -> Option<Got<'_>> {
        let permits = self.side.permits() as u32;
        let semaphore = &self.semaphore;
        let (own_mutex, own) = self.of_many();
        let held = match self.side {
            Lock => Held::Lock(self.mutex.blocking_lock_timeout(timeout)?),
            LockOwned => Held::LockOwned(own_mutex.blocking_lock_owned_timeout(timeout)?),
            Permits => Held::Permits(semaphore.blocking_acquire_timeout(timeout).ok()?),
            ManyPermits => {
                let acquired = semaphore.blocking_acquire_many_timeout(permits, timeout);
                Held::Permits(acquired.ok()?)
            }
            PermitsOwned => Held::PermitsOwned(own.blocking_acquire_owned_timeout(timeout).ok()?),
            ManyPermitsOwned => {
                let acquired = own.blocking_acquire_many_owned_timeout(permits, timeout);
                Held::PermitsOwned(acquired.ok()?)
            }
            Pops => Held::if_ok(self.queue.blocking_pop_timeout(timeout))?,
            Items => Held::if_ok(self.receiver.blocking_recv_timeout(timeout))?,
            Pushes => Held::if_ok(self.queue.blocking_push_timeout(0, timeout))?,
            Slots => Held::if_ok(self.sender.blocking_send_timeout(0, timeout))?,
            Reserves | ReservesOwned => unreachable!("no blocking call reserves"),
        };
        Some(self.got(held))
    }

    /// Without waiting.
    pub(crate) fn try_take(&self) -> Option<Got<'_>> {
        self.try_take_many(1)
    }

    /// So many at once, where that may be asked for: one otherwise.
    pub(crate) fn try_take_many(&self, n: usize) -> Option<Got<'_>> {
        let permits = (n * self.side.permits()) as u32;
        let (own_mutex, own) = self.of_many();
        let held = match self.side {
            Lock => Held::Lock(self.mutex.try_lock().ok()?),
            LockOwned => Held::LockOwned(own_mutex.try_lock_owned().ok()?),
            Permits if n == 1 => Held::Permits(self.semaphore.try_acquire().ok()?),
            Permits | ManyPermits => Held::Permits(self.semaphore.try_acquire_many(permits).ok()?),
            PermitsOwned if n == 1 => Held::PermitsOwned(own.try_acquire_owned().ok()?),
            PermitsOwned | ManyPermitsOwned => {
                Held::PermitsOwned(own.try_acquire_many_owned(permits).ok()?)
            }
            Pops => Held::if_ok(self.queue.try_pop())?,
            Items => Held::if_ok(self.receiver.try_recv())?,
            Pushes => Held::if_ok(self.queue.try_push(0))?,
            Slots => Held::if_ok(self.sender.try_send(0))?,
            Reserves if n == 1 => Held::Slot(self.sender.try_reserve().ok()?),
            Reserves => Held::Slots(self.sender.try_reserve_many(n).ok()?),
            ReservesOwned => Held::SlotOwned(self.sender.clone().try_reserve_owned().ok()?),
        };
        Some(self.got(held))
    }

    /// Takes units that are free.
    pub(crate) fn hold(&self, count: usize) -> Vec<Got<'_>> {
        let free = || self.try_take().expect("it is free");
        (0..count).map(|_| free()).collect()
    }

    /// The same, to be given back by one release where that can be.
    pub(crate) fn hold_at_once(&self, count: usize) -> Vec<Got<'_>> {
        if self.side.asked(count) == count {
            vec![self.try_take_many(count).expect("it is free")]
        } else {
            self.hold(count)
        }
    }

    /// A new waiter, not polled yet.
    pub(crate) fn waiting(&self) -> Waiter<'_> {
        self.waiting_for(1)
    }

    /// The same, for `n`.
    pub(crate) fn waiting_for(&self, n: usize) -> Waiter<'_> {
        Waiting::boxed(&Task::new(), self.wait_for(n))
    }

    /// The same, in this task.
    pub(crate) fn waiting_in(&self, task: &Arc<Task>) -> Waiter<'_> {
        Waiting::boxed(task, self.wait())
    }

    /// A waiter polled once and asleep.
    pub(crate) fn asleep(&self) -> Waiter<'_> {
        self.asleep_for(1)
    }

    /// The same, for `n`.
    pub(crate) fn asleep_for(&self, n: usize) -> Waiter<'_> {
        self.asleep_in_for(&Task::new(), n)
    }

    /// The same, in this task.
    pub(crate) fn asleep_in(&self, task: &Arc<Task>) -> Waiter<'_> {
        self.asleep_in_for(task, 1)
    }

    pub(crate) fn asleep_in_for(&self, task: &Arc<Task>, n: usize) -> Waiter<'_> {
        Waiting::sleeping(task, self.wait_for(n))
    }

    /// A new waiter that gets nothing if the line is closed.
    pub(crate) fn closable_unpolled(&self) -> WaiterOrClosed<'_> {
        Waiting::boxed(&Task::new(), self.wait_or_closed())
    }

    /// The same, polled once and asleep.
    pub(crate) fn closable(&self) -> WaiterOrClosed<'_> {
        self.closable_for(1)
    }

    /// The same, for `n`.
    pub(crate) fn closable_for(&self, n: usize) -> WaiterOrClosed<'_> {
        Waiting::sleeping(&Task::new(), self.wait_for_or_closed(n))
    }

    /// The same, in this task.
    pub(crate) fn closable_in(&self, task: &Arc<Task>) -> WaiterOrClosed<'_> {
        Waiting::sleeping(task, self.wait_or_closed())
    }

    /// `N` waiters that fell asleep and were then called, as far as the units go.
    pub(crate) fn called<const N: usize>(&self) -> [Waiter<'_>; N] {
        self.called_for([1; N])
    }

    /// The same, each for its own number of units.
    pub(crate) fn called_for<const N: usize>(&self, needs: [usize; N]) -> [Waiter<'_>; N] {
        let held = self.hold_at_once(self.free());
        let waiters = needs.map(|n| self.asleep_for(n));
        drop(held);
        waiters
    }

    /// The same, for one unit each, in these tasks.
    pub(crate) fn called_in<const N: usize>(&self, tasks: [&Arc<Task>; N]) -> [Waiter<'_>; N] {
        let held = self.hold_at_once(self.free());
        let waiters = tasks.map(|task| self.asleep_in(task));
        drop(held);
        waiters
    }

    /// All units are free and kept for nobody, and no waiter was left behind.
    pub(crate) fn assert_idle(&self, units: usize) {
        assert_eq!(self.free(), units, "{:?}", self.side);
        let held = self.hold(units);
        let waiter = self.asleep();
        drop(held);
        assert_eq!(waiter.wakes(), 1, "it is the first");
        drop(waiter);
        drop(self.hold(units));
    }
    /// No guard, permit or future still holds a reference.
    pub(crate) fn assert_unshared(&self) {
        let known = (
            Arc::strong_count(&self.mutex_of_many),
            Arc::strong_count(&self.semaphore_of_many),
            self.sender.sender_count(),
        );
        assert_eq!(known, (1, 1, 1), "{:?}", self.side);
    }
}
