//! What a future of the queue does when it is polled, and when it is dropped.

use std::collections::VecDeque;

use super::channel::Channel;
use super::stored::Side;
use super::{Answer, Id, Item, Task, Verdict};
use crate::model::seen::What;
use crate::model::waiter::State;

/// A future, as the model knows it.
#[derive(Clone, Debug)]
pub(crate) enum Wish {
    Push(Id),
    PushMany {
        /// The push of the item in hand.
        push: Option<Id>,
        rest: VecDeque<Item>,
        sent: usize,
    },
    Reserve(Id),
    /// For more slots than there will ever be.
    ReserveTooMany,
    /// It counts as a sender.
    ReserveOwned(Id),
    Pop(Id),
    PopMany(Id, usize),
    Closed(Id),
}

impl Wish {
    /// In which line it waits, and as whom.
    pub(super) fn place(&self) -> Option<(Side, Id)> {
        match *self {
            Self::Pop(id) | Self::PopMany(id, _) => Some((Side::Pops, id)),
            Self::Push(id) | Self::Reserve(id) | Self::ReserveOwned(id) => Some((Side::Pushes, id)),
            Self::PushMany { push, .. } => Some((Side::Pushes, push?)),
            Self::ReserveTooMany | Self::Closed(_) => None,
        }
    }
}

impl Channel {
    /// Who wants slots, with or without an item in hand.
    pub(super) fn new_push(&mut self, task: Task, slots: usize, item: Option<Item>) -> Id {
        self.in_hand.push(item);
        self.pushes.newcomer(task, slots)
    }

    pub(super) fn push(&mut self, task: Task, item: Item) -> Wish {
        Wish::Push(self.new_push(task, self.need(item), Some(item)))
    }

    pub(super) fn reserve(&mut self, task: Task, slots: usize) -> Wish {
        if slots > self.max {
            Wish::ReserveTooMany
        } else {
            Wish::Reserve(self.new_push(task, slots, None))
        }
    }

    pub(super) fn reserve_owned(&mut self, task: Task) -> Wish {
        self.handles.senders += 1;
        Wish::ReserveOwned(self.new_push(task, 1, None))
    }

    pub(crate) fn closing(&mut self) -> Wish {
        self.next_closing += 1;
        Wish::Closed(self.next_closing)
    }

    pub(crate) fn poll(&mut self, wish: &mut Wish, task: Task) -> Answer {
        match wish {
            Wish::Push(id) => self.poll_push(*id, task),
            Wish::PushMany { push, rest, sent } => self.poll_push_many(push, rest, sent, task),
            Wish::Reserve(id) => self.poll_reserve(*id, task),
            Wish::ReserveTooMany => Verdict::Closed.into(),
            Wish::ReserveOwned(id) => {
                let answer = self.poll_reserve(*id, task);
                if answer.verdict == Verdict::Closed {
                    self.drop_sender();
                }
                answer
            }
            Wish::Pop(id) => self.poll_pop(*id, task),
            Wish::PopMany(id, limit) => self.poll_pop_many(*id, *limit, task),
            Wish::Closed(id) => self.poll_closed(*id, task),
        }
    }

    pub(crate) fn drop(&mut self, wish: Wish) {
        match wish {
            Wish::Push(id) => {
                let item = self.cancel_push(id);
                self.dropped.extend(item);
            }
            Wish::PushMany { push, rest, .. } => {
                let item = push.and_then(|id| self.cancel_push(id));
                self.dropped.extend(item.into_iter().chain(rest));
            }
            Wish::Reserve(id) => drop(self.cancel_push(id)),
            Wish::ReserveTooMany => {}
            Wish::ReserveOwned(id) => {
                self.cancel_push(id);
                self.drop_sender();
            }
            Wish::Pop(id) | Wish::PopMany(id, _) => {
                self.woken.extend(self.pops.drop(id));
            }
            Wish::Closed(id) => self.closings.retain(|&(waits, _)| waits != id),
        }
    }

    /// A push or reserve ends, and gives back what it has in hand.
    pub(crate) fn cancel_push(&mut self, id: Id) -> Option<Item> {
        self.taken.retain(|&taken| taken != id);
        if self.is_rendezvous() && self.pushes.queue.contains(&id) {
            self.count(What::OfferWithdrawn);
            self.pops.take(1);
        }
        self.woken.extend(self.pushes.drop(id));
        self.in_hand[id].take()
    }

    /// What a future has in hand.
    pub(crate) fn in_hand_of(&self, wish: &Wish) -> Option<Item> {
        match wish {
            Wish::Push(id) => self.in_hand[*id],
            _ => None,
        }
    }

    pub(super) fn poll_push(&mut self, id: Id, task: Task) -> Answer {
        if let Some(at) = self.taken.iter().position(|&taken| taken == id) {
            self.taken.remove(at);
            return Answer::done();
        }
        let is_new = self.pushes.is(id, State::New);
        if let Some(item) = self.in_hand[id].filter(|&item| is_new && self.passes(item)) {
            self.in_hand[id] = None;
            self.pushes.leave(id, State::Done);
            return self.passes_by(item);
        }
        let offers = self.is_rendezvous() && is_new;
        match self.poll_rules(Side::Pushes, id, task) {
            Verdict::Done => {
                let item = self.in_hand[id].take().expect("it was not taken back");
                self.arrives(item);
                Answer::done()
            }
            Verdict::NotYet => {
                if offers {
                    self.calls_pops(1);
                }
                Verdict::NotYet.into()
            }
            Verdict::Closed => Answer::new(Verdict::Closed, self.in_hand[id].take()),
        }
    }

    fn poll_reserve(&mut self, id: Id, task: Task) -> Answer {
        let verdict = self.poll_rules(Side::Pushes, id, task);
        let slots = match verdict {
            Verdict::Done => self.pushes.waiter(id).need,
            Verdict::NotYet | Verdict::Closed => 0,
        };
        self.reserved += slots;
        Answer::from(verdict).counted(slots)
    }

    pub(super) fn poll_pop(&mut self, id: Id, task: Task) -> Answer {
        match self.poll_rules(Side::Pops, id, task) {
            Verdict::Done => Answer::new(Verdict::Done, [self.leaves()]),
            refused => refused.into(),
        }
    }

    fn poll_rules(&mut self, side: Side, id: Id, task: Task) -> Verdict {
        let rules = match side {
            Side::Pops => &mut self.pops,
            Side::Pushes => &mut self.pushes,
        };
        let mut polled = rules.poll(id, task);
        if rules.woke_itself {
            self.own = polled.woken.pop();
        }
        // A poll that passes a waiter over calls others before it takes anything itself.
        if !rules.waiter(id).is_guest {
            if let Some(before) = rules.had_spare.take() {
                self.woken.extend(polled.woken.drain(..before));
                self.wake_all_stored(side, None);
            }
        }
        self.woken.extend(polled.woken);
        polled.got.into()
    }

    fn poll_push_many(
        &mut self,
        push: &mut Option<Id>,
        rest: &mut VecDeque<Item>,
        sent: &mut usize,
        task: Task,
    ) -> Answer {
        loop {
            let Some(id) = *push else {
                let Some(item) = rest.pop_front() else {
                    return Answer::done().counted(*sent);
                };
                *push = Some(self.new_push(task, 1, Some(item)));
                continue;
            };
            let answer = self.poll_push(id, task);
            match answer.verdict {
                Verdict::Done => (*push, *sent) = (None, *sent + 1),
                Verdict::NotYet => return answer,
                Verdict::Closed => {
                    let items = answer.items.into_iter().chain(rest.drain(..));
                    return Answer::new(Verdict::Closed, items).counted(*sent);
                }
            }
            self.wake_stored();
        }
    }

    fn poll_closed(&mut self, id: Id, task: Task) -> Answer {
        self.closings
            .retain(|&(waits, _)| waits != id || !self.closed);
        if self.closed {
            return Answer::done();
        }
        match self.closings.iter_mut().find(|(waits, _)| *waits == id) {
            Some(closing) => closing.1 = task,
            None => self.closings.push((id, task)),
        }
        Verdict::NotYet.into()
    }
}
