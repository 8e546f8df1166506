//! The steps of those who push and pop.

use std::time::Duration;

use wakeful::queue::{RecvTimeoutError, SendError, SendTimeoutError, TryRecvError, TrySendError};

use super::items::Counted;
use super::pair::{CLOSING, Handle, Mismatch, Pair, SLOTS, Waiting};
use super::real::{Owner, Slots, Wait, popped, pushed_many, refused, reserved};
use super::waits::Wish;
use super::{Answer, Item, Task, Verdict};
use crate::model::live::borrow;

/// What kind of future.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Push,
    PushMany(usize),
    Reserve,
    ReserveMany(usize),
    ReserveOwned,
    Pop,
    PopMany(usize),
    Closed,
}

impl Kind {
    /// Where its tasks begin: those of one line are not those of another.
    fn line(self) -> Task {
        match self {
            Self::Pop | Self::PopMany(_) => 0,
            Self::Closed => CLOSING,
            _ => SLOTS,
        }
    }
}

fn make(count: usize) -> (Vec<Counted>, Vec<Item>) {
    let made: Vec<_> = (0..count).map(|_| Counted::new()).collect();
    let items = made.iter().map(Counted::item).collect();
    (made, items)
}

pub(super) fn make_one() -> (Counted, Item) {
    let made = Counted::new();
    let item = made.item();
    (made, item)
}

impl Pair {
    /// Makes a future for a task, of the handle of that number; it is not polled yet, and is the last one
    /// of `live`. Says where it is, if there is such a handle.
    pub(super) fn start(&mut self, kind: Kind, task: Task, whose: usize) -> Option<usize> {
        let task = task + kind.line();
        let wait = match kind {
            Kind::Pop | Kind::PopMany(_) => self.start_pop(kind, task, whose)?,
            _ => self.start_push(kind, task, whose)?,
        };
        Some(self.adopt(task, wait))
    }

    fn start_pop(&mut self, kind: Kind, task: Task, whose: usize) -> Option<Waiting> {
        let owner = Handle::of(&self.receivers, whose)?;
        // SAFETY: the future goes into one `Waiting` with its owner.
        let receiver = unsafe { borrow(&owner) };
        let id = self.model.pops.newcomer(task, 1);
        let (real, wish) = match kind {
            Kind::PopMany(limit) => {
                let pop = async move {
                    let mut items = Vec::new();
                    let count = receiver.recv_many(&mut items, limit).await;
                    assert_eq!(count, items.len());
                    (all(items), None)
                };
                (Wait::new(pop), Wish::PopMany(id, limit))
            }
            _ => {
                let pop = receiver.recv();
                let pop = async { (popped(pop.await), None) };
                (Wait::new(pop), Wish::Pop(id))
            }
        };
        let of: Owner = Some(owner);
        Some(Waiting { real, of, wish })
    }

    fn start_push(&mut self, kind: Kind, task: Task, whose: usize) -> Option<Waiting> {
        let owner = Handle::of(&self.senders, whose)?;
        // SAFETY: the future goes into one `Waiting` with its owner.
        let sender = unsafe { borrow(&owner) };
        let mut of: Owner = Some(owner);
        let model = &mut self.model;
        let has_slots = !model.is_rendezvous();
        let (real, wish) = match kind {
            Kind::PushMany(count) => {
                let (made, items) = make(count);
                let push = sender.send_many(made);
                let push = async { (pushed_many(push.await), None) };
                let wish = Wish::PushMany {
                    push: None,
                    rest: items.into(),
                    sent: 0,
                };
                (Wait::new(push), wish)
            }
            Kind::Closed => {
                let closed = sender.closed();
                let closed = async {
                    closed.await;
                    (Answer::done(), None)
                };
                (Wait::new(closed), model.closing())
            }
            Kind::Reserve if has_slots => {
                let reserve = sender.reserve();
                let reserve = async { reserved(reserve.await.map(Slots::One)) };
                (Wait::new(reserve), model.reserve(task, 1))
            }
            Kind::ReserveMany(slots) if has_slots => {
                let reserve = sender.reserve_many(slots);
                let reserve = async { reserved(reserve.await.map(Slots::Many)) };
                (Wait::new(reserve), model.reserve(task, slots))
            }
            Kind::ReserveOwned if has_slots => {
                of = None;
                let reserve = sender.clone().reserve_owned();
                let reserve = async { reserved(reserve.await.map(Slots::Owned)) };
                (Wait::new(reserve), model.reserve_owned(task))
            }
            _ => {
                let (made, item) = make_one();
                let push = Box::pin(sender.send(made));
                (Wait::Push(push), model.push(task, item))
            }
        };
        Some(Waiting { real, of, wish })
    }

    /// Takes the item of a push back, which ends it.
    pub(super) fn take_back(&mut self, at: usize) -> Result<(), Mismatch> {
        let live = &mut self.live[at];
        let Wait::Push(push) = &mut live.wait.real else {
            return self.drop_future(at);
        };
        let real = all(push.as_mut().into_item());
        let name = live.name;
        let Wish::Push(id) = live.wait.wish else {
            return Err(format!("f{name} is a push in reality alone"));
        };
        let model = Answer::new(Verdict::Done, self.model.cancel_push(id));
        drop(self.live.remove(at));
        self.compare(|| format!("take the item of f{name}"), real, model)
    }

    pub(super) fn try_push(&mut self, whose: usize, blocking: bool) -> Result<(), Mismatch> {
        let Some(sender) = Handle::of(&self.senders, whose) else {
            return Ok(());
        };
        let (made, item) = make_one();
        let sent = if blocking {
            let sent = sender.blocking_send_timeout(made, Duration::ZERO);
            sent.map_err(|error| match error {
                SendTimeoutError::Timeout(item) => TrySendError::Full(item),
                SendTimeoutError::Closed(item) => TrySendError::Closed(item),
            })
        } else {
            sender.try_send(made)
        };
        let real = match sent {
            Ok(()) => Answer::done(),
            Err(error) => Answer::new(refused(&error), [error.into_inner().came_out()]),
        };
        let model = self.model.try_push(item);
        self.compare(|| format!("try to push {item}"), real, model)
    }

    pub(super) fn force(&mut self, whose: usize) -> Result<(), Mismatch> {
        let sender = Handle::of(&self.senders, whose);
        let Some(sender) = sender.filter(|_| !self.model.is_rendezvous()) else {
            return Ok(());
        };
        let (made, item) = make_one();
        let real = match sender.force_send(made) {
            Ok(old) => all(old),
            Err(SendError(item)) => Answer::new(Verdict::Closed, [item.came_out()]),
        };
        let model = self.model.force(item);
        self.compare(|| format!("force {item}"), real, model)
    }

    pub(super) fn try_pop(&mut self, whose: usize, blocking: bool) -> Result<(), Mismatch> {
        let Some(receiver) = Handle::of(&self.receivers, whose) else {
            return Ok(());
        };
        let got = if blocking {
            let got = receiver.blocking_recv_timeout(Duration::ZERO);
            got.map_err(|error| match error {
                RecvTimeoutError::Timeout => TryRecvError::Empty,
                RecvTimeoutError::Disconnected => TryRecvError::Disconnected,
            })
        } else {
            receiver.try_recv()
        };
        let real = tried_pop(got.map(|item| vec![item]));
        let model = self.model.try_pop();
        self.compare(|| "try to pop".into(), real, model)
    }

    pub(super) fn try_pop_many(&mut self, whose: usize, limit: usize) -> Result<(), Mismatch> {
        let Some(receiver) = Handle::of(&self.receivers, whose) else {
            return Ok(());
        };
        let mut items = Vec::new();
        let got = receiver.try_recv_many(&mut items, limit);
        if got.unwrap_or(0) != items.len() {
            return Err(format!("{got:?} and {} items", items.len()));
        }
        let real = tried_pop(got.map(|_| items));
        let model = self.model.try_pop_many(limit);
        self.compare(|| format!("try to pop {limit}"), real, model)
    }

    pub(super) fn drain_all(&mut self, whose: usize, close: bool) -> Result<(), Mismatch> {
        let Some(receiver) = Handle::of(&self.receivers, whose) else {
            return Ok(());
        };
        let (items, model) = if close {
            (receiver.close_and_drain(), self.model.close_and_drain())
        } else {
            (receiver.drain(), self.model.drain())
        };
        let real = all(items);
        self.compare(|| format!("drain, and close: {close}"), real, model)
    }
}

/// These came out.
fn all(items: impl IntoIterator<Item = Counted>) -> Answer {
    Answer::new(Verdict::Done, items.into_iter().map(Counted::came_out))
}

fn tried_pop(got: Result<Vec<Counted>, TryRecvError>) -> Answer {
    match got {
        Ok(items) => all(items),
        Err(TryRecvError::Empty) => Verdict::NotYet.into(),
        Err(TryRecvError::Disconnected) => Verdict::Closed.into(),
    }
}
