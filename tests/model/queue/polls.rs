//! The steps of the waiters that handles store: of receivers as streams, and of senders as sinks.

use std::rc::Rc;

use super::pair::{Ends, Handle, Mismatch, Pair};
use super::real::popped;
use super::stored::Side;
use super::{Task, Verdict};

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
        let Ends {
            receivers, model, ..
        } = &mut self.subject;
        let receiver = &mut receivers[at];
        let Some(real) = receiver.poll(task, |real, cx| real.poll_recv(cx).map(popped)) else {
            return Ok(());
        };
        let stored = &mut receiver.stored;
        let id = *stored.get_or_insert_with(|| model.pops.guest(task));
        if real.verdict != Verdict::NotYet {
            *stored = None;
        }
        let model = model.poll_stored(Side::Pops, id, task);
        self.compare(|| format!("task {task} polls receiver {at}"), real, model)
    }

    /// What is stored is polled by its task, if that was woken and is one of these.
    pub(super) fn turn_stored(&mut self, which: impl Fn(Task) -> bool) -> Result<(), Mismatch> {
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

    use futures_sink::Sink;

    use super::super::Answer;
    use super::super::items::Counted;
    use super::super::real::pushed;
    use super::super::steps::make_one;
    use super::*;

    impl Pair {
        /// Lays an item into the hand of a sender, if that is empty, and polls it, and again while it wakes
        /// itself, up to `times` in all; or only lays it in.
        pub(in super::super) fn poll_or_send(
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
            let Ends { senders, model, .. } = &mut self.subject;
            let sending = &mut senders[at];
            let sender = Rc::get_mut(&mut sending.real).expect("nobody borrows from it");
            let (made, item) = make_one();
            let real = pushed(Pin::new(sender).start_send(made));
            let mut answer = model.try_push(item);
            if answer.verdict == Verdict::NotYet {
                answer = Answer::done();
                sending.stored = Some(model.new_stored_push(task, item));
            }
            self.compare(
                || format!("sender {at} starts to send {item}"),
                real,
                answer,
            )
        }

        /// Polls the push that this sender stores, unless others borrow from it.
        pub(super) fn poll_sink(&mut self, at: usize, task: Task, how: u8) -> Result<(), Mismatch> {
            let Ends { senders, model, .. } = &mut self.subject;
            let sender = &mut senders[at];
            let poll = match how {
                1 => Sender::poll_ready,
                2 => Sender::poll_close,
                _ => Sender::poll_flush,
            };
            let polled = sender.poll(task, |real, cx| poll(Pin::new(real), cx).map(pushed));
            let Some(real) = polled else {
                return Ok(());
            };
            let stored = sender.stored;
            if real.verdict != Verdict::NotYet {
                sender.stored = None;
            }
            let model = match stored {
                Some(id) => model.poll_stored(Side::Pushes, id, task),
                None => Answer::done(),
            };
            self.compare(|| format!("task {task} polls sender {at}"), real, model)
        }
    }

    type Sender = wakeful::queue::Sender<Counted>;
}
