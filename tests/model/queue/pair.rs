//! A real queue and the model side by side: every step is made on both, and the two are compared.

use std::collections::VecDeque;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Context;

use wakeful::queue::{Receiver, Sender, WeakReceiver, WeakSender};
use wakeful::{Fairness, Queue};

use super::channel::{Answer, Channel, Item, UNBOUNDED, Verdict};
use super::items::Counted;
use super::real::{Owner, Slots, Wait};
use super::waits::Wish;
use super::{Id, Task};
use crate::model::live::Graveyard;
use crate::model::seen::Seen;
use crate::model::tasks;
use crate::model::trace::Trace;

pub(super) use crate::model::pair::Mismatch;

/// So many tasks wait in one line: for items, for slots, for the closing.
pub(super) const LINE: Task = 64;
pub(super) const SLOTS: Task = LINE;
pub(super) const CLOSING: Task = 2 * LINE;

/// A future that somebody still has. It is dropped before what it borrows from.
pub(super) struct Live {
    pub(super) wait: Pin<Box<Wait>>,
    pub(super) of: Owner,
    pub(super) wish: Wish,
    pub(super) name: usize,
    pub(super) task: Task,
    pub(super) polled: bool,
    /// Its task was woken since it was last polled.
    pub(super) woken: bool,
}

/// Slots that somebody has, and what they borrow from.
pub(super) struct Holding {
    pub(super) slots: Slots,
    pub(super) of: Owner,
}

/// A handle with the waiter that it stores.
pub(super) struct Handle<H> {
    pub(super) real: Rc<H>,
    pub(super) stored: Option<Id>,
    pub(super) task: Task,
    pub(super) woken: bool,
}

impl<H> Handle<H> {
    pub(super) fn new(real: H) -> Self {
        Self {
            real: Rc::new(real),
            stored: None,
            task: 0,
            woken: false,
        }
    }

    /// Its task was woken.
    pub(super) fn wakes(&mut self, task: Task) {
        self.woken |= self.task == task && self.stored.is_some();
    }

    /// One of them.
    pub(super) fn of(handles: &[Self], whose: usize) -> Option<&Rc<H>> {
        let at = whose.checked_rem(handles.len())?;
        Some(&handles[at].real)
    }
}

/// What there is of a channel. All of it is dropped by steps: after a mismatch or a panic it is left as it
/// is, so that nothing hides it.
pub(super) struct Pair {
    pub(super) model: Channel,
    pub(super) senders: ManuallyDrop<Vec<Handle<Sender<Counted>>>>,
    pub(super) receivers: ManuallyDrop<Vec<Handle<Receiver<Counted>>>>,
    pub(super) weak_senders: ManuallyDrop<Vec<WeakSender<Counted>>>,
    pub(super) weak_receivers: ManuallyDrop<Vec<WeakReceiver<Counted>>>,
    pub(super) live: ManuallyDrop<Vec<Live>>,
    pub(super) held: ManuallyDrop<Vec<Holding>>,
    /// How many futures were forgotten.
    pub(super) forgotten: usize,
    /// The items that forgotten futures may have still.
    pub(super) buried: Vec<Item>,
    pub(super) made: usize,
    /// Tasks in order of waking.
    pub(super) ready: VecDeque<Task>,
    pub(super) trace: Trace,
}

impl Pair {
    pub(super) fn new(max: usize, fairness: Fairness, model: Channel, trace: Trace) -> Self {
        let queue = match max {
            UNBOUNDED => Queue::unbounded(),
            bound => Queue::bounded(bound),
        };
        let (sender, receiver) = queue.with_fairness(fairness).into_channel();
        Self {
            model,
            senders: ManuallyDrop::new(vec![Handle::new(sender)]),
            receivers: ManuallyDrop::new(vec![Handle::new(receiver)]),
            weak_senders: ManuallyDrop::default(),
            weak_receivers: ManuallyDrop::default(),
            live: ManuallyDrop::default(),
            held: ManuallyDrop::default(),
            forgotten: 0,
            buried: Vec::new(),
            made: 0,
            ready: VecDeque::new(),
            trace,
        }
    }

    /// Ends the run, when all of it was dropped by steps. Says what was seen.
    pub(super) fn end(self) -> Seen {
        drop(ManuallyDrop::into_inner(self.live));
        drop(ManuallyDrop::into_inner(self.held));
        drop(ManuallyDrop::into_inner(self.senders));
        drop(ManuallyDrop::into_inner(self.receivers));
        drop(ManuallyDrop::into_inner(self.weak_senders));
        drop(ManuallyDrop::into_inner(self.weak_receivers));
        self.model.tally()
    }

    /// Says whether it is done.
    pub(super) fn poll(&mut self, at: usize, task: Task) -> Result<Verdict, Mismatch> {
        let live = &mut self.live[at];
        (live.task, live.polled, live.woken) = (task, true, false);
        let waker = tasks::waker(task);
        let (mut real, slots) = live.wait.as_mut().poll(&mut Context::from_waker(&waker));
        drop(waker);
        let (name, of) = (live.name, live.of.clone());
        let model = self.model.poll(&mut live.wish, task);
        // A batch says 0 when it is closed, where others say so.
        let is_batch = matches!(live.wish, Wish::PopMany(..));
        if is_batch && real == Answer::done() && model.verdict == Verdict::Closed {
            real.verdict = Verdict::Closed;
        }
        let verdict = real.verdict;
        if verdict != Verdict::NotYet {
            drop(self.live.remove(at));
        }
        if let Some(slots) = slots {
            let of = match slots {
                Slots::Owned(_) => Owner::Nobody,
                Slots::One(_) | Slots::Many(_) => of,
            };
            self.held.push(Holding { slots, of });
        }
        self.compare(|| format!("task {task} polls f{name}"), &real, &model)?;
        Ok(verdict)
    }

    pub(super) fn drop_future(&mut self, at: usize) -> Result<(), Mismatch> {
        let Live {
            wait,
            of,
            wish,
            name,
            ..
        } = self.live.remove(at);
        drop(wait);
        drop(of);
        self.model.drop(wish);
        self.says_nothing(|| format!("drop f{name}"))
    }

    /// Ends the borrow and leaves the waiter as it is, forever.
    pub(super) fn forget(&mut self, at: usize, graveyard: &mut Graveyard) -> Result<(), Mismatch> {
        let Live {
            wait, wish, name, ..
        } = self.live.remove(at);
        graveyard.bury(wait);
        self.forgotten += 1;
        self.buried.extend(self.model.in_hand_of(&wish));
        self.says_nothing(|| format!("forget f{name}"))
    }
}
