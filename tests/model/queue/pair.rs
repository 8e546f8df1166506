//! A real queue beside its model.

use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::rc::Rc;
use std::task::{Context, Poll};

use wakeful::queue::{LifoQueue, PriorityQueue, Receiver, Sender, WeakReceiver, WeakSender};
use wakeful::{Fairness, Queue};

use super::channel::{Channel, Handles, Order, UNBOUNDED};
use super::items::Counted;
use super::real::{Owner, Slots, Wait};
use super::stored::SIDES;
use super::waits::Wish;
use super::{Answer, Id, Item, Rules, Task, Verdict};
use crate::model::live::Graveyard;
use crate::model::pair::{self, Subject};
use crate::model::seen::Seen;
use crate::model::tasks;
use crate::model::trace::queue;

pub(super) use crate::model::pair::Mismatch;

/// So many tasks wait in one line: for items, for slots, for the closing.
pub(super) const LINE: Task = 64;
pub(super) const SLOTS: Task = LINE;
pub(super) const CLOSING: Task = 2 * LINE;

/// A future. It is dropped before what it borrows from.
pub(super) struct Waiting {
    pub(super) real: Wait,
    pub(super) of: Owner,
    pub(super) wish: Wish,
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
    fn wakes(&mut self, task: Task) {
        self.woken |= self.task == task && self.stored.is_some();
    }

    /// Polls what it stores, unless others borrow from it.
    pub(super) fn poll(
        &mut self,
        task: Task,
        poll: impl FnOnce(&mut H, &mut Context<'_>) -> Poll<Answer>,
    ) -> Option<Answer> {
        let real = Rc::get_mut(&mut self.real)?;
        (self.task, self.woken) = (task, false);
        let waker = tasks::waker(task);
        match poll(real, &mut Context::from_waker(&waker)) {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => Some(Verdict::NotYet.into()),
        }
    }

    /// One of them.
    pub(super) fn of(handles: &[Self], whose: usize) -> Option<Rc<H>> {
        let at = whose.checked_rem(handles.len())?;
        Some(Rc::clone(&handles[at].real))
    }
}

/// The model of a channel, and what there is of the real one. All of it is dropped by steps: after a mismatch
/// or a panic it is left as it is, so that nothing hides it.
pub(super) struct Ends {
    pub(super) model: Channel,
    pub(super) senders: ManuallyDrop<Vec<Handle<Sender<Counted>>>>,
    pub(super) receivers: ManuallyDrop<Vec<Handle<Receiver<Counted>>>>,
    pub(super) weak_senders: ManuallyDrop<Vec<WeakSender<Counted>>>,
    pub(super) weak_receivers: ManuallyDrop<Vec<WeakReceiver<Counted>>>,
    /// The items that forgotten futures may have still.
    pub(super) buried: Vec<Item>,
    steps: Cell<u32>,
}

pub(super) type Pair = pair::Pair<Ends>;

impl Ends {
    /// With one handle at each end.
    pub(super) fn new(max: usize, order: Order, fairness: Fairness) -> Self {
        macro_rules! channel {
            ($queue:ident) => {{
                let queue = match max {
                    UNBOUNDED => $queue::unbounded(),
                    bound => $queue::bounded(bound),
                };
                queue.with_fairness(fairness).into_channel()
            }};
        }
        let (sender, receiver) = match order {
            Order::Fifo => channel!(Queue),
            Order::Lifo => channel!(LifoQueue),
            Order::Priority => channel!(PriorityQueue),
            Order::Weighted => unreachable!("its senders are of another type"),
        };
        Self {
            model: Channel::new(max, order, fairness),
            senders: ManuallyDrop::new(vec![Handle::new(sender)]),
            receivers: ManuallyDrop::new(vec![Handle::new(receiver)]),
            weak_senders: ManuallyDrop::default(),
            weak_receivers: ManuallyDrop::default(),
            buried: Vec::new(),
            steps: Cell::new(0),
        }
    }
}

impl Subject for Ends {
    type Wait = Waiting;
    type Held = Holding;

    const LINE: Task = LINE;

    fn poll(
        &mut self,
        wait: &mut Waiting,
        task: Task,
        cx: &mut Context<'_>,
        held: &mut Vec<Holding>,
    ) -> [Answer; 2] {
        let (mut real, slots) = wait.real.poll(cx);
        let model = self.model.poll(&mut wait.wish, task);
        // A batch says 0 when it is closed, where others say so.
        let is_batch = matches!(wait.wish, Wish::PopMany(..));
        if is_batch && real == Answer::done() && model.verdict == Verdict::Closed {
            real.verdict = Verdict::Closed;
        }
        let of = wait.of.clone();
        held.extend(slots.map(|slots| Holding { slots, of }));
        [real, model]
    }

    fn cancel(&mut self, wait: Waiting) {
        drop(wait.real);
        drop(wait.of);
        self.model.drop(wait.wish);
    }

    fn forget(&mut self, wait: Waiting, graveyard: &mut Graveyard) {
        wait.real.bury(graveyard);
        self.buried.extend(self.model.in_hand_of(&wait.wish));
    }

    fn give_back(pair: &mut Pair, at: usize) -> Result<(), Mismatch> {
        pair.drop_slots(at)
    }

    fn turn(pair: &mut Pair, task: Task) -> Result<(), Mismatch> {
        pair.turn_stored(|its| its == task)
    }

    fn end_of_step(&mut self) -> (Vec<Task>, Vec<Item>) {
        self.model.end_of_step()
    }

    fn differs(&self) -> Option<String> {
        let model = &self.model;
        let (len, capacity) = (model.len(), model.capacity());
        let Handles {
            senders,
            receivers,
            weak_senders,
            weak_receivers,
        } = model.handles;
        macro_rules! compare {
            ($handle:expr, $($method:ident: $by_model:expr),+) => {
                if let Some(handle) = $handle {
                    $(
                        let (really, by_model) = (handle.$method(), $by_model);
                        if really != by_model {
                            let method = stringify!($method);
                            return Some(format!("{method} is {really}, by the model {by_model}"));
                        }
                    )+
                }
            };
        }
        let sender = self.senders.first().map(|it| &it.real);
        let receiver = self.receivers.first().map(|it| &it.real);
        compare!(
            sender,
            len: len, capacity: capacity, is_closed: model.closed,
            receiver_count: receivers, weak_count: weak_senders
        );
        compare!(
            receiver,
            len: len, capacity: capacity, is_closed: model.closed,
            sender_count: senders, weak_count: weak_receivers
        );
        // The rest follows from these, and each getter takes the lock.
        let steps = self.steps.get();
        self.steps.set(steps + 1);
        if steps % 8 != 0 {
            return None;
        }
        macro_rules! compare_strong {
            ($handle:expr, $($method:ident: $by_model:expr),+) => {
                compare!(
                    $handle,
                    is_empty: len == 0, is_full: capacity == 0, max_capacity: model.max,
                    sender_count: senders, receiver_count: receivers,
                    $($method: $by_model),+
                )
            };
        }
        compare_strong!(sender, strong_count: senders, weak_count: weak_senders);
        compare_strong!(
            receiver,
            sender_strong_count: senders,
            sender_weak_count: weak_senders,
            weak_count: weak_receivers
        );
        compare!(self.weak_senders.first(), strong_count: senders, weak_count: weak_senders);
        compare!(self.weak_receivers.first(), strong_count: receivers, weak_count: weak_receivers);
        None
    }

    fn model_line(&self) -> String {
        let [pops, pushes] = SIDES.map(|side| {
            let (shelf, rules) = self.model.shelf(side);
            let (asleep, called) = (&shelf.asleep, &shelf.called);
            let line = queue(rules);
            format!("{line} stored: asleep {asleep:?}, called {called:?}")
        });
        let items = &self.model.items;
        format!("{items:?} pops: {pops} pushes: {pushes}")
    }

    fn assert_invariants(&self) {
        self.model.assert_invariants();
    }

    fn wakes(&mut self, task: Task) {
        self.receivers.iter_mut().for_each(|it| it.wakes(task));
        self.senders.iter_mut().for_each(|it| it.wakes(task));
    }

    fn place(&self, wait: &Waiting) -> Option<(&Rules, Id)> {
        let (side, id) = wait.wish.place()?;
        Some((self.model.shelf(side).1, id))
    }

    fn end(self) -> Seen {
        drop(ManuallyDrop::into_inner(self.senders));
        drop(ManuallyDrop::into_inner(self.receivers));
        drop(ManuallyDrop::into_inner(self.weak_senders));
        drop(ManuallyDrop::into_inner(self.weak_receivers));
        self.model.tally()
    }
}
