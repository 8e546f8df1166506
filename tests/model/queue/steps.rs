//! The steps of those who push and pop.

use std::rc::Rc;
use std::time::Duration;

use wakeful::queue::{RecvTimeoutError, SendError, SendTimeoutError, TryRecvError, TrySendError};

use super::Task;
use super::channel::{Answer, Item, Verdict};
use super::items::Counted;
use super::pair::{CLOSING, Handle, Live, Mismatch, Pair, SLOTS};
use super::real::{Owner, Vessel, Wait, borrow};
use super::waits::Wish;

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

fn tried(got: Result<(), TrySendError<Counted>>) -> Answer {
    match got {
        Ok(()) => Answer::done(),
        Err(TrySendError::Full(item)) => Answer::new(Verdict::NotYet, [item.came_out()]),
        Err(TrySendError::Closed(item)) => Answer::new(Verdict::Closed, [item.came_out()]),
    }
}

impl Pair {
    /// Makes a future for a task, of the handle of that number; it is not polled yet, and is the last one
    /// of `live`. Says where it is, if there is such a handle.
    pub(super) fn start(&mut self, kind: Kind, task: Task, whose: usize) -> Option<usize> {
        let task = task + kind.line();
        let (wait, wish, of) = match kind {
            Kind::Pop | Kind::PopMany(_) => self.start_pop(kind, task, whose)?,
            _ => self.start_push(kind, task, whose)?,
        };
        self.made += 1;
        self.live.push(Live {
            wait: Box::pin(wait),
            of,
            wish,
            name: self.made,
            task,
            polled: false,
            woken: false,
        });
        Some(self.live.len() - 1)
    }

    fn start_pop(&mut self, kind: Kind, task: Task, whose: usize) -> Option<(Wait, Wish, Owner)> {
        let owner = Handle::of(&self.receivers, whose)?;
        // SAFETY: it goes into one `Live` with its owner.
        let receiver = unsafe { borrow(owner) };
        let (wait, wish) = match kind {
            Kind::PopMany(limit) => {
                let vessel = Vessel::new();
                // SAFETY: used by this future alone.
                let pop = receiver.recv_many(unsafe { vessel.to_fill() }, limit);
                (Wait::PopMany(pop, vessel), self.model.pop_many(task, limit))
            }
            _ => (Wait::Pop(receiver.recv()), self.model.pop(task)),
        };
        Some((wait, wish, Owner::Receiver(Rc::clone(owner))))
    }

    fn start_push(&mut self, kind: Kind, task: Task, whose: usize) -> Option<(Wait, Wish, Owner)> {
        let owner = Handle::of(&self.senders, whose)?;
        // SAFETY: it goes into one `Live` with its owner.
        let sender = unsafe { borrow(owner) };
        let mut of = Owner::Sender(Rc::clone(owner));
        let model = &mut self.model;
        let (wait, wish) = match kind {
            Kind::PushMany(count) => {
                let (made, items) = make(count);
                let wish = Wish::PushMany {
                    push: None,
                    rest: items.into(),
                    sent: 0,
                };
                (Wait::PushMany(sender.send_many(made)), wish)
            }
            Kind::Closed => (Wait::Closed(sender.closed()), model.closing()),
            // There are no slots to reserve.
            _ if model.is_rendezvous() => {
                let (made, item) = make_one();
                (Wait::Push(sender.send(made)), model.push(task, item))
            }
            Kind::Reserve => (Wait::Reserve(sender.reserve()), model.reserve(task, 1)),
            Kind::ReserveMany(slots) => {
                let reserve = sender.reserve_many(slots);
                (Wait::ReserveMany(reserve), model.reserve(task, slots))
            }
            Kind::ReserveOwned => {
                let reserve = sender.clone().reserve_owned();
                of = Owner::Nobody;
                (Wait::ReserveOwned(reserve), model.reserve_owned(task))
            }
            _ => {
                let (made, item) = make_one();
                (Wait::Push(sender.send(made)), model.push(task, item))
            }
        };
        Some((wait, wish, of))
    }

    /// Takes the item of a push back, which ends it.
    pub(super) fn take_back(&mut self, at: usize) -> Result<(), Mismatch> {
        let live = &mut self.live[at];
        let Some(item) = live.wait.as_mut().into_item() else {
            return self.drop_future(at);
        };
        let real = Answer::new(Verdict::Done, item.map(Counted::came_out));
        let name = live.name;
        let Wish::Push(id) = live.wish else {
            return Err(format!("f{name} is a push in reality alone"));
        };
        let model = Answer::new(Verdict::Done, self.model.cancel_push(id));
        drop(self.live.remove(at));
        self.compare(|| format!("take the item of f{name}"), &real, &model)
    }

    pub(super) fn try_push(&mut self, whose: usize, blocking: bool) -> Result<(), Mismatch> {
        let Some(sender) = Handle::of(&self.senders, whose) else {
            return Ok(());
        };
        let (made, item) = make_one();
        let real = tried(if blocking {
            match sender.blocking_send_timeout(made, Duration::ZERO) {
                Ok(()) => Ok(()),
                Err(SendTimeoutError::Timeout(item)) => Err(TrySendError::Full(item)),
                Err(SendTimeoutError::Closed(item)) => Err(TrySendError::Closed(item)),
            }
        } else {
            sender.try_send(made)
        });
        let model = self.model.try_push(item);
        self.compare(|| format!("try to push {item}"), &real, &model)
    }

    pub(super) fn force(&mut self, whose: usize) -> Result<(), Mismatch> {
        let sender = Handle::of(&self.senders, whose);
        let Some(sender) = sender.filter(|_| !self.model.is_rendezvous()) else {
            return Ok(());
        };
        let (made, item) = make_one();
        let real = match sender.force_send(made) {
            Ok(old) => Answer::new(Verdict::Done, old.map(Counted::came_out)),
            Err(SendError(item)) => Answer::new(Verdict::Closed, [item.came_out()]),
        };
        let model = self.model.force(item);
        self.compare(|| format!("force {item}"), &real, &model)
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
        self.compare(|| "try to pop".into(), &real, &model)
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
        self.compare(|| format!("try to pop {limit}"), &real, &model)
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
        let real = Answer::new(Verdict::Done, items.into_iter().map(Counted::came_out));
        self.compare(|| format!("drain, and close: {close}"), &real, &model)
    }
}

fn tried_pop(got: Result<Vec<Counted>, TryRecvError>) -> Answer {
    match got {
        Ok(items) => Answer::new(Verdict::Done, items.into_iter().map(Counted::came_out)),
        Err(TryRecvError::Empty) => Answer::new(Verdict::NotYet, []),
        Err(TryRecvError::Disconnected) => Answer::new(Verdict::Closed, []),
    }
}
