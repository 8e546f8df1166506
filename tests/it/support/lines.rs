//! Whatever is waited for in a line, as one thing, since the same rules hold for each: units are free,
//! are taken, and come back.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use wakeful::queue::{Permit, Receiver, Sender};
use wakeful::{Fairness, Mutex, MutexGuard, Queue, Semaphore, SemaphorePermit};

use super::{Task, Waiting, sleeping};

/// Who waits for what.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Side {
    /// Locks wait for a mutex: the one unit there is.
    Lock,
    /// Acquires wait for permits.
    Permits,
    /// Pops wait for items, which come back as pushes.
    Items,
    /// Pushes wait for slots, which come back as pops.
    Slots,
    /// Reserves wait for slots, which come back as permits that are dropped.
    Reserves,
}

use Side::{Items, Lock, Permits, Reserves, Slots};

/// All of them, for tests with one unit.
pub(crate) const ALL: [Side; 5] = [Lock, Permits, Items, Slots, Reserves];
/// Those that may have several units.
pub(crate) const COUNTED: [Side; 4] = [Permits, Items, Slots, Reserves];
/// Those for which a thread may block.
pub(crate) const BLOCKING: [Side; 4] = [Lock, Permits, Items, Slots];
/// Those of a queue.
pub(crate) const SIDES: [Side; 3] = [Items, Slots, Reserves];

impl Side {
    /// Whether waiters are called few at a time: no more than 1 + log2 of what is free.
    pub(crate) fn calls_few(self) -> bool {
        matches!(self, Slots | Reserves)
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
}

/// One line, and what it is part of.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) side: Side,
    mutex: Mutex<()>,
    semaphore: Semaphore,
    pub(crate) sender: Sender<usize>,
    pub(crate) receiver: Receiver<usize>,
}

/// A unit that was taken; it comes back when this is dropped.
#[derive(Debug)]
pub(crate) struct Got<'a> {
    line: &'a Line,
    _held: Held<'a>,
}

/// What comes back by itself.
#[derive(Debug)]
#[allow(dead_code, reason = "to be dropped")]
enum Held<'a> {
    Nothing,
    Lock(MutexGuard<'a, ()>),
    Permit(SemaphorePermit<'a>),
    Slot(Permit<'a, usize>),
}

impl Drop for Got<'_> {
    fn drop(&mut self) {
        let Line {
            side,
            sender,
            receiver,
            ..
        } = self.line;
        match side {
            Lock | Permits | Reserves => {}
            _ if sender.is_closed() => {}
            Items => sender.try_send(0).expect("there is a slot"),
            Slots => assert_eq!(receiver.try_recv(), Ok(0), "there is an item"),
        }
    }
}

pub(crate) type Wait<'a> = Pin<Box<dyn Future<Output = Got<'a>> + 'a>>;

impl Line {
    /// So many units, all free.
    pub(crate) fn new(side: Side, units: usize, fairness: Fairness) -> Self {
        assert!(side != Lock || units == 1, "a mutex is one unit");
        let queue = Queue::bounded(units).with_fairness(fairness);
        let (sender, receiver) = queue.into_channel();
        if side == Items {
            (0..units).for_each(|_| sender.try_send(0).expect("there is a slot"));
        }
        Self {
            side,
            mutex: Mutex::with_fairness((), fairness),
            semaphore: Semaphore::with_fairness(units, fairness),
            sender,
            receiver,
        }
    }

    pub(crate) fn free(&self) -> usize {
        match self.side {
            Lock => usize::from(!self.mutex.is_locked()),
            Permits => self.semaphore.available_permits(),
            Items => self.receiver.len(),
            Slots | Reserves => self.sender.capacity(),
        }
    }

    fn got<'a>(&'a self, held: Held<'a>) -> Got<'a> {
        Got {
            line: self,
            _held: held,
        }
    }

    pub(crate) fn wait(&self) -> Wait<'_> {
        Box::pin(async { self.wait_or_closed().await.expect("open") })
    }

    /// `None` if it is closed.
    pub(crate) async fn wait_or_closed(&self) -> Option<Got<'_>> {
        let held = match self.side {
            Lock => Held::Lock(self.mutex.lock().await),
            Permits => Held::Permit(self.semaphore.acquire().await.ok()?),
            Items => {
                self.receiver.recv().await?;
                Held::Nothing
            }
            Slots => {
                self.sender.send(0).await.ok()?;
                Held::Nothing
            }
            Reserves => Held::Slot(self.sender.reserve().await.ok()?),
        };
        Some(self.got(held))
    }

    /// On this thread.
    pub(crate) fn blocking_wait(&self) -> Got<'_> {
        let held = match self.side {
            Lock => Held::Lock(self.mutex.blocking_lock()),
            Permits => Held::Permit(self.semaphore.blocking_acquire().expect("open")),
            Items => {
                self.receiver.blocking_recv().expect("open");
                Held::Nothing
            }
            Slots => {
                self.sender.blocking_send(0).expect("open");
                Held::Nothing
            }
            Reserves => unreachable!("no blocking call reserves"),
        };
        self.got(held)
    }

    /// On this thread, for so long.
    pub(crate) fn blocking_wait_for(&self, timeout: Duration) -> Option<Got<'_>> {
        let held = match self.side {
            Lock => Held::Lock(self.mutex.blocking_lock_timeout(timeout)?),
            Permits => Held::Permit(self.semaphore.blocking_acquire_timeout(timeout).ok()?),
            Items => {
                self.receiver.blocking_recv_timeout(timeout).ok()?;
                Held::Nothing
            }
            Slots => {
                self.sender.blocking_send_timeout(0, timeout).ok()?;
                Held::Nothing
            }
            Reserves => unreachable!("no blocking call reserves"),
        };
        Some(self.got(held))
    }

    /// Without waiting.
    pub(crate) fn try_take(&self) -> Option<Got<'_>> {
        let held = match self.side {
            Lock => Held::Lock(self.mutex.try_lock().ok()?),
            Permits => Held::Permit(self.semaphore.try_acquire().ok()?),
            Items => self.receiver.try_recv().ok().map(|_| Held::Nothing)?,
            Slots => self.sender.try_send(0).ok().map(|()| Held::Nothing)?,
            Reserves => Held::Slot(self.sender.try_reserve().ok()?),
        };
        Some(self.got(held))
    }

    /// Takes so many that are free.
    pub(crate) fn hold(&self, count: usize) -> Vec<Got<'_>> {
        let free = || self.try_take().expect("it is free");
        (0..count).map(|_| free()).collect()
    }

    /// A new waiter, not polled yet.
    pub(crate) fn waiting(&self) -> Waiting<Wait<'_>> {
        Waiting::new(self.wait())
    }

    /// A waiter polled once and asleep.
    pub(crate) fn asleep(&self) -> Waiting<Wait<'_>> {
        sleeping(&Task::new(), self.wait())
    }

    /// The same, in this task.
    pub(crate) fn asleep_in(&self, task: &Arc<Task>) -> Waiting<Wait<'_>> {
        sleeping(task, self.wait())
    }

    /// A new waiter of this task, not polled yet.
    pub(crate) fn waiting_in(&self, task: &Arc<Task>) -> Waiting<Wait<'_>> {
        Waiting::of(task, self.wait())
    }

    /// So many waiters asleep, then called by all units, as far as these go.
    pub(crate) fn called<const N: usize>(&self) -> [Waiting<Wait<'_>>; N] {
        let held = self.hold(self.free());
        let waiters = std::array::from_fn(|_| self.asleep());
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
}
