//! The lines of a queue as one thing, since the same rules hold for each: units are free, are taken,
//! and come back.

use std::pin::Pin;

use wakeful::queue::{Permit, Receiver, Sender};
use wakeful::{Fairness, Queue};

use crate::support::{Task, Waiting, sleeping};

/// Who waits for what.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Side {
    /// Pops wait for items, which come back as pushes.
    Items,
    /// Pushes wait for slots, which come back as pops.
    Slots,
    /// Reserves wait for slots, which come back as permits that are dropped.
    Reserves,
}

pub(super) const SIDES: [Side; 3] = [Side::Items, Side::Slots, Side::Reserves];

/// One line of a queue.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) side: Side,
    pub(super) sender: Sender<usize>,
    pub(super) receiver: Receiver<usize>,
}

/// A unit that was taken; it comes back when this is dropped.
#[derive(Debug)]
pub(super) struct Got<'a> {
    line: &'a Line,
    _permit: Option<Permit<'a, usize>>,
}

impl Drop for Got<'_> {
    fn drop(&mut self) {
        let Line {
            side,
            sender,
            receiver,
        } = self.line;
        match side {
            _ if sender.is_closed() => {}
            Side::Items => sender.try_send(0).expect("there is a slot"),
            Side::Slots => assert_eq!(receiver.try_recv(), Ok(0), "there is an item"),
            Side::Reserves => {}
        }
    }
}

pub(super) type Wait<'a> = Pin<Box<dyn Future<Output = Got<'a>> + 'a>>;

impl Line {
    /// So many units, all free.
    pub(super) fn new(side: Side, units: usize, fairness: Fairness) -> Self {
        let queue = Queue::bounded(units).with_fairness(fairness);
        let (sender, receiver) = queue.into_channel();
        if side == Side::Items {
            (0..units).for_each(|_| sender.try_send(0).expect("there is a slot"));
        }
        Self {
            side,
            sender,
            receiver,
        }
    }

    pub(super) fn free(&self) -> usize {
        match self.side {
            Side::Items => self.receiver.len(),
            Side::Slots | Side::Reserves => self.sender.capacity(),
        }
    }

    fn got<'a>(&'a self, permit: Option<Permit<'a, usize>>) -> Got<'a> {
        Got {
            line: self,
            _permit: permit,
        }
    }

    pub(super) fn wait(&self) -> Wait<'_> {
        Box::pin(async { self.wait_or_closed().await.expect("open") })
    }

    /// `None` if it is closed.
    pub(super) async fn wait_or_closed(&self) -> Option<Got<'_>> {
        match self.side {
            Side::Items => self.receiver.recv().await.map(|_| self.got(None)),
            Side::Slots => self.sender.send(0).await.ok().map(|()| self.got(None)),
            Side::Reserves => {
                let permit = self.sender.reserve().await.ok()?;
                Some(self.got(Some(permit)))
            }
        }
    }

    /// Without waiting.
    pub(super) fn try_take(&self) -> Option<Got<'_>> {
        match self.side {
            Side::Items => self.receiver.try_recv().ok().map(|_| self.got(None)),
            Side::Slots => self.sender.try_send(0).ok().map(|()| self.got(None)),
            Side::Reserves => {
                let permit = self.sender.try_reserve().ok()?;
                Some(self.got(Some(permit)))
            }
        }
    }

    /// Takes so many that are free.
    pub(super) fn hold(&self, count: usize) -> Vec<Got<'_>> {
        let free = || self.try_take().expect("it is free");
        (0..count).map(|_| free()).collect()
    }

    /// A new waiter, not polled yet.
    pub(super) fn waiting(&self) -> Waiting<Wait<'_>> {
        Waiting::new(self.wait())
    }

    /// A waiter polled once and asleep.
    pub(super) fn asleep(&self) -> Waiting<Wait<'_>> {
        sleeping(&Task::new(), self.wait())
    }

    /// So many waiters asleep, then called by all units, as far as these go.
    pub(super) fn called<const N: usize>(&self) -> [Waiting<Wait<'_>>; N] {
        let held = self.hold(self.free());
        let waiters = std::array::from_fn(|_| self.asleep());
        drop(held);
        waiters
    }

    /// All units are free and kept for nobody, and no waiter was left behind.
    pub(super) fn assert_idle(&self, units: usize) {
        assert_eq!(self.free(), units, "{:?}", self.side);
        let held = self.hold(units);
        let waiter = self.asleep();
        drop(held);
        assert_eq!(waiter.wakes(), 1, "it is the first");
        drop(waiter);
        drop(self.hold(units));
    }
}
