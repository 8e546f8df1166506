//! The steps of handles: they come and go, and the last one closes the channel.

use std::rc::Rc;
use std::task::{Context, Poll};

use wakeful::queue::{Receiver, Sender};

use super::Task;
use super::channel::{Answer, Verdict};
use super::pair::{Mismatch, Pair, STORED};
use super::real::popped;
use crate::model::tasks;

/// Handles of one kind at a time.
const MOST: usize = 4;
/// So many tasks poll what one receiver stores, and nothing else.
const PER_RECEIVER: Task = 4;

impl Pair {
    pub(super) fn close(&mut self, by_sender: bool) -> Result<(), Mismatch> {
        let first = match (self.senders.first(), self.receivers.first()) {
            (Some(sender), _) if by_sender => sender.close(),
            (_, Some(receiver)) => receiver.real.close(),
            (Some(sender), None) => sender.close(),
            (None, None) => return Ok(()),
        };
        let verdict = if first {
            Verdict::Done
        } else {
            Verdict::Closed
        };
        let model = self.model.close();
        self.compare(|| "close".into(), &Answer::new(verdict, []), &model)
    }

    pub(super) fn clone_handle(&mut self, sender: bool) -> Result<(), Mismatch> {
        if sender && self.senders.len() < MOST {
            if let Some(sender) = self.senders.first().map(|sender| Sender::clone(sender)) {
                self.senders.push(Rc::new(sender));
                self.model.handles.senders += 1;
            }
        } else if !sender && self.receivers.len() < MOST {
            let clone = self.receivers.first().map(|it| Receiver::clone(&it.real));
            if let Some(receiver) = clone {
                self.keep_receiver(receiver);
                self.model.handles.receivers += 1;
            }
        }
        self.says_nothing(|| format!("clone a handle, a sender: {sender}"))
    }

    pub(super) fn downgrade(&mut self, sender: bool) -> Result<(), Mismatch> {
        if sender && self.weak_senders.len() < MOST {
            if let Some(weak) = self.senders.last().map(|sender| sender.downgrade()) {
                self.weak_senders.push(weak);
                self.model.handles.weak_senders += 1;
            }
        } else if !sender && self.weak_receivers.len() < MOST {
            if let Some(weak) = self.receivers.last().map(|it| it.real.downgrade()) {
                self.weak_receivers.push(weak);
                self.model.handles.weak_receivers += 1;
            }
        }
        self.says_nothing(|| format!("downgrade a handle, a sender: {sender}"))
    }

    /// A weak handle is upgraded, and then dropped.
    pub(super) fn upgrade(&mut self, sender: bool) -> Result<(), Mismatch> {
        let handles = self.model.handles;
        let (upgraded, lives) = if sender {
            let Some(weak) = self.weak_senders.pop() else {
                return Ok(());
            };
            self.model.handles.weak_senders -= 1;
            let upgraded = weak.upgrade();
            let strong = upgraded.is_some();
            self.senders.extend(upgraded.map(Rc::new));
            self.model.handles.senders += usize::from(strong);
            (strong, handles.senders > 0)
        } else {
            let Some(weak) = self.weak_receivers.pop() else {
                return Ok(());
            };
            self.model.handles.weak_receivers -= 1;
            let upgraded = weak.upgrade();
            let strong = upgraded.is_some();
            self.model.handles.receivers += usize::from(strong);
            if let Some(receiver) = upgraded {
                self.keep_receiver(receiver);
            }
            (strong, handles.receivers > 0)
        };
        if upgraded != lives {
            return Err(format!("upgraded: {upgraded}, but a handle lives: {lives}"));
        }
        self.says_nothing(|| format!("upgrade a handle, a sender: {sender}"))
    }

    /// A sender goes, and before it all that borrow from it.
    pub(super) fn drop_sender(&mut self, whose: usize) -> Result<(), Mismatch> {
        let Some(at) = whose.checked_rem(self.senders.len()) else {
            return Ok(());
        };
        let sender = self.senders.remove(at);
        while let Some(at) = self.live.iter().position(|live| live.of.is_sender(&sender)) {
            self.drop_future(at)?;
        }
        while let Some(at) = self.held.iter().position(|held| held.of.is_sender(&sender)) {
            self.drop_slots(at)?;
        }
        drop(Rc::into_inner(sender).expect("nobody borrows from it"));
        self.model.drop_sender();
        self.says_nothing(|| "drop a sender".into())
    }

    /// The same for a receiver, with the waiter that it stores.
    pub(super) fn drop_receiver(&mut self, whose: usize) -> Result<(), Mismatch> {
        let Some(at) = whose.checked_rem(self.receivers.len()) else {
            return Ok(());
        };
        let receiving = self.receivers.remove(at);
        let of = |live: &super::pair::Live| live.of.is_receiver(&receiving.real);
        while let Some(at) = self.live.iter().position(of) {
            self.drop_future(at)?;
        }
        drop(Rc::into_inner(receiving.real).expect("nobody borrows from it"));
        // The stored waiter goes first, lest the closing wakes it.
        if let Some(id) = receiving.stored {
            self.model.drop_stored(id);
        }
        self.model.drop_receiver();
        self.says_nothing(|| "drop a receiver".into())
    }

    /// Polls the stored waiter of a receiver that nobody borrows from, and again while it wakes itself, up to
    /// `times` in all.
    pub(super) fn poll_stored(
        &mut self,
        whose: usize,
        task: Task,
        times: u8,
    ) -> Result<(), Mismatch> {
        let unborrowed = |at: &usize| Rc::strong_count(&self.receivers[*at].real) == 1;
        let all: Vec<usize> = (0..self.receivers.len()).filter(unborrowed).collect();
        let Some(at) = whose.checked_rem(all.len()).map(|which| all[which]) else {
            return Ok(());
        };
        for round in 0..times {
            if round == 0 || self.receivers[at].woken {
                self.poll_stored_of(at, task)?;
            }
        }
        Ok(())
    }

    /// Polls the waiter that this receiver stores, unless others borrow from it.
    pub(super) fn poll_stored_of(&mut self, at: usize, task: Task) -> Result<(), Mismatch> {
        let receiving = &mut self.receivers[at];
        let Some(receiver) = Rc::get_mut(&mut receiving.real) else {
            return Ok(());
        };
        let task = STORED + receiving.number * PER_RECEIVER + task % PER_RECEIVER;
        let waker = tasks::waker(task);
        let real = match receiver.poll_recv(&mut Context::from_waker(&waker)) {
            Poll::Ready(got) => popped(got),
            Poll::Pending => Answer::new(Verdict::NotYet, []),
        };
        drop(waker);
        let id = *receiving
            .stored
            .get_or_insert_with(|| self.model.new_stored(task));
        (receiving.task, receiving.woken) = (task, false);
        if real.verdict != Verdict::NotYet {
            receiving.stored = None;
        }
        let model = self.model.poll_stored(id, task);
        self.compare(|| format!("task {task} polls a receiver"), &real, &model)
    }
}
