//! The steps of the waiters that handles store: of receivers as streams, and of senders as sinks.

use std::rc::Rc;
use std::task::{Context, Poll};

use super::Task;
use super::channel::{Answer, Verdict};
use super::pair::{Handle, Mismatch, Pair};
use super::real::popped;
use super::stored::Side;
use crate::model::tasks;

/// Which of those that nobody borrows from.
fn unborrowed<H>(handles: &[Handle<H>], whose: usize) -> Option<usize> {
    let is_unborrowed = |at: &usize| Rc::strong_count(&handles[*at].real) == 1;
    let all: Vec<usize> = (0..handles.len()).filter(is_unborrowed).collect();
    Some(all[whose.checked_rem(all.len())?])
}

impl Pair {
    /// Polls the stored waiter of a receiver, and again while it wakes itself, up to `times` in all.
    pub(super) fn poll_stored(
        &mut self,
        whose: usize,
        task: Task,
        times: u8,
    ) -> Result<(), Mismatch> {
        let Some(at) = unborrowed(&self.receivers, whose) else {
            return Ok(());
        };
        for round in 0..times {
            if round == 0 || self.receivers[at].woken {
                self.poll_receiver(at, task)?;
            }
        }
        Ok(())
    }

    /// Polls the waiter that this receiver stores, unless others borrow from it.
    fn poll_receiver(&mut self, at: usize, task: Task) -> Result<(), Mismatch> {
        let receiving = &mut self.receivers[at];
        let Some(receiver) = Rc::get_mut(&mut receiving.real) else {
            return Ok(());
        };
        let waker = tasks::waker(task);
        let real = match receiver.poll_recv(&mut Context::from_waker(&waker)) {
            Poll::Ready(got) => popped(got),
            Poll::Pending => Answer::new(Verdict::NotYet, []),
        };
        drop(waker);
        let id = *receiving
            .stored
            .get_or_insert_with(|| self.model.new_stored_pop(task));
        (receiving.task, receiving.woken) = (task, false);
        if real.verdict != Verdict::NotYet {
            receiving.stored = None;
        }
        let model = self.model.poll_stored(Side::Pops, id, task);
        self.compare(|| format!("task {task} polls receiver {at}"), &real, &model)
    }

    /// Whether the task of a stored waiter was woken, and has not polled it since.
    pub(super) fn is_stored_woken(&self) -> bool {
        self.receivers.iter().any(|its| its.woken) || self.senders.iter().any(|its| its.woken)
    }

    /// What is stored is polled by its task, if that was woken.
    pub(super) fn turn_stored(&mut self, task: Task) -> Result<(), Mismatch> {
        self.turn_stored_of(|its| its == task)
    }

    /// The same by every task.
    pub(super) fn turn_all_stored(&mut self) -> Result<(), Mismatch> {
        self.turn_stored_of(|_| true)
    }

    fn turn_stored_of(&mut self, which: impl Fn(Task) -> bool) -> Result<(), Mismatch> {
        for at in 0..self.receivers.len() {
            let Handle { task, woken, .. } = self.receivers[at];
            if woken && which(task) {
                self.poll_receiver(at, task)?;
            }
        }
        #[cfg(feature = "futures-sink")]
        for at in 0..self.senders.len() {
            let Handle { task, woken, .. } = self.senders[at];
            if woken && which(task) {
                self.poll_sink(at, task, 0)?;
            }
        }
        Ok(())
    }
}

#[cfg(feature = "futures-sink")]
mod sinks {
    use std::pin::Pin;
    use std::rc::Rc;
    use std::task::{Context, Poll};

    use futures_sink::Sink;

    use super::super::Task;
    use super::super::channel::{Answer, Verdict};
    use super::super::items::Counted;
    use super::super::pair::{Mismatch, Pair};
    use super::super::real::pushed;
    use super::super::steps::make_one;
    use super::super::stored::Side;
    use super::unborrowed;
    use crate::model::tasks;

    impl Pair {
        /// Lays an item into the hand of a sender, if that is empty, and polls it, and again while it wakes
        /// itself, up to `times` in all; or only lays it in.
        pub(in super::super) fn sink(
            &mut self,
            whose: usize,
            task: Task,
            how: u8,
            times: u8,
        ) -> Result<(), Mismatch> {
            let Some(at) = unborrowed(&self.senders, whose) else {
                return Ok(());
            };
            if self.senders[at].stored.is_none() {
                self.start_send(at, task)?;
                if how == 3 {
                    return Ok(());
                }
            }
            for round in 0..times {
                if round == 0 || self.senders[at].woken {
                    self.poll_sink(at, task, how)?;
                }
            }
            Ok(())
        }

        /// It has nothing in hand.
        fn start_send(&mut self, at: usize, task: Task) -> Result<(), Mismatch> {
            let sending = &mut self.senders[at];
            let sender = Rc::get_mut(&mut sending.real).expect("nobody borrows from it");
            let (made, item) = make_one();
            let real = pushed(Pin::new(sender).start_send(made));
            let mut model = self.model.try_push(item);
            if model.verdict == Verdict::NotYet {
                model = Answer::done();
                sending.stored = Some(self.model.new_stored_push(task, item));
            }
            self.compare(
                || format!("sender {at} starts to send {item}"),
                &real,
                &model,
            )
        }

        /// Polls the push that this sender stores, unless others borrow from it.
        pub(super) fn poll_sink(&mut self, at: usize, task: Task, how: u8) -> Result<(), Mismatch> {
            let sending = &mut self.senders[at];
            let Some(sender) = Rc::get_mut(&mut sending.real) else {
                return Ok(());
            };
            let poll = match how {
                1 => Sender::poll_ready,
                2 => Sender::poll_close,
                _ => Sender::poll_flush,
            };
            let waker = tasks::waker(task);
            let real = match poll(Pin::new(sender), &mut Context::from_waker(&waker)) {
                Poll::Ready(got) => pushed(got),
                Poll::Pending => Answer::new(Verdict::NotYet, []),
            };
            drop(waker);
            (sending.task, sending.woken) = (task, false);
            let stored = sending.stored;
            if real.verdict != Verdict::NotYet {
                sending.stored = None;
            }
            let model = match stored {
                Some(id) => self.model.poll_stored(Side::Pushes, id, task),
                None => Answer::done(),
            };
            self.compare(|| format!("task {task} polls sender {at}"), &real, &model)
        }
    }

    type Sender = wakeful::queue::Sender<Counted>;
}
