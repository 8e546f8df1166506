//! A real queue and the model side by side: every step is made on both, and the two are compared.

use std::collections::VecDeque;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Context;

use wakeful::queue::{Receiver, Sender, WeakReceiver, WeakSender};
use wakeful::{Fairness, Queue};

use super::channel::{Answer, Channel, Handles, Item, UNBOUNDED, Verdict};
use super::items::{Counted, take_dropped};
use super::real::{Owner, Slots, Wait};
use super::waits::Wish;
use super::{Id, Task};
use crate::model::live::Graveyard;
use crate::model::tasks;
use crate::model::trace::{Trace, queue};

pub(super) use crate::model::pair::Mismatch;

/// So many tasks wait in one line: for items, for slots, for the closing; and those that are stored.
pub(super) const LINE: Task = 64;
pub(super) const SLOTS: Task = LINE;
pub(super) const CLOSING: Task = 2 * LINE;
pub(super) const STORED: Task = 3 * LINE;

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

/// A receiver with the waiter that it stores.
pub(super) struct Receiving {
    pub(super) real: Rc<Receiver<Counted>>,
    /// Its own among those that there are.
    pub(super) number: Task,
    pub(super) stored: Option<Id>,
    pub(super) task: Task,
    pub(super) woken: bool,
}

/// What there is of a channel. All of it is dropped by steps: after a mismatch or a panic it is left as it
/// is, so that nothing hides it.
pub(super) struct Pair {
    pub(super) model: Channel,
    pub(super) senders: ManuallyDrop<Vec<Rc<Sender<Counted>>>>,
    pub(super) receivers: ManuallyDrop<Vec<Receiving>>,
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
    trace: Trace,
}

impl Pair {
    pub(super) fn new(max: usize, fairness: Fairness, model: Channel, trace: Trace) -> Self {
        let queue = match max {
            UNBOUNDED => Queue::unbounded(),
            bound => Queue::bounded(bound),
        };
        let (sender, receiver) = queue.with_fairness(fairness).into_channel();
        let mut pair = Self {
            model,
            senders: ManuallyDrop::new(vec![Rc::new(sender)]),
            receivers: ManuallyDrop::default(),
            weak_senders: ManuallyDrop::default(),
            weak_receivers: ManuallyDrop::default(),
            live: ManuallyDrop::default(),
            held: ManuallyDrop::default(),
            forgotten: 0,
            buried: Vec::new(),
            made: 0,
            ready: VecDeque::new(),
            trace,
        };
        pair.keep_receiver(receiver);
        pair
    }

    pub(super) fn keep_receiver(&mut self, receiver: Receiver<Counted>) {
        let is_free = |&number: &Task| self.receivers.iter().all(|it| it.number != number);
        let number = (0..).find(is_free).expect("there are few");
        self.receivers.push(Receiving {
            real: Rc::new(receiver),
            number,
            stored: None,
            task: 0,
            woken: false,
        });
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

    /// Ends the borrow and leaves the waiter as it is, for ever.
    pub(super) fn forget(&mut self, at: usize, graveyard: &mut Graveyard) -> Result<(), Mismatch> {
        let Live {
            wait, wish, name, ..
        } = self.live.remove(at);
        graveyard.bury(wait);
        self.forgotten += 1;
        self.buried.extend(self.model.in_hand_of(&wish));
        self.says_nothing(|| format!("forget f{name}"))
    }

    pub(super) fn says_nothing(&mut self, step: impl Fn() -> String) -> Result<(), Mismatch> {
        self.compare(step, &Answer::done(), &Answer::done())
    }

    pub(super) fn compare(
        &mut self,
        step: impl Fn() -> String,
        real: &Answer,
        model: &Answer,
    ) -> Result<(), Mismatch> {
        let really = tasks::take_woken();
        let (mut woken, dropped) = self.model.end_of_step();
        self.may_wake_stored(&really, &mut woken);
        let real = (real, sorted(really, place), sorted(take_dropped(), |&x| x));
        let model = (model, sorted(woken, place), sorted(dropped, |&x| x));
        self.trace.line(|| {
            let queues = [&self.model.pops, &self.model.pushes].map(queue);
            format!(
                "{}: {}; model: {:?} pops: {} pushes: {}",
                step(),
                tell(&real),
                self.model.items(),
                queues[0],
                queues[1]
            )
        });
        if real != model {
            let (real, model) = (tell(&real), tell(&model));
            return Err(format!("{}: really {real}, by the model {model}", step()));
        }
        if let Some(what) = self.differs() {
            return Err(format!("{}: {what}", step()));
        }
        for task in real.1 {
            if !self.ready.contains(&task) {
                self.ready.push_back(task);
            }
            let mine = |live: &&mut Live| live.task == task && live.polled;
            self.live
                .iter_mut()
                .filter(mine)
                .for_each(|live| live.woken = true);
            let mine = |it: &&mut Receiving| it.task == task && it.stored.is_some();
            self.receivers
                .iter_mut()
                .filter(mine)
                .for_each(|it| it.woken = true);
        }
        self.model.assert_invariants();
        Ok(())
    }

    /// Stored waiters may be woken for nothing: that harms nobody.
    fn may_wake_stored(&mut self, really: &[Task], by_model: &mut Vec<Task>) {
        let is_stored = |task: &Task| *task >= STORED;
        let mut more: Vec<Task> = really.iter().copied().filter(is_stored).collect();
        for task in by_model.iter().filter(|task| is_stored(task)) {
            if let Some(at) = more.iter().position(|other| other == task) {
                more.remove(at);
            }
        }
        for &task in &more {
            self.model.stored_is_awake(task);
        }
        by_model.extend(more);
    }

    /// What the real one says of itself that is not so in the model.
    fn differs(&self) -> Option<String> {
        let model = &self.model;
        let by_model = (
            model.len(),
            model.capacity(),
            model.max,
            model.closed,
            model.handles,
        );
        macro_rules! says {
            ($handle:expr, $senders:ident, $weak_senders:ident) => {{
                let handle = $handle;
                let handles = Handles {
                    senders: handle.sender_count(),
                    receivers: handle.receiver_count(),
                    weak_senders: handle.$weak_senders(),
                    ..model.handles
                };
                assert_eq!(handle.is_empty(), handle.len() == 0);
                assert_eq!(handle.is_full(), handle.capacity() == 0);
                assert_eq!(handle.$senders(), handle.sender_count());
                (
                    handle.len(),
                    handle.capacity(),
                    handle.max_capacity(),
                    handle.is_closed(),
                    handles,
                )
            }};
        }
        let mut really = Vec::new();
        if let Some(sender) = self.senders.first() {
            really.push(says!(sender, strong_count, weak_count));
        }
        if let Some(Receiving { real, .. }) = self.receivers.first() {
            let mut says = says!(real, sender_strong_count, sender_weak_count);
            says.4.weak_receivers = real.weak_count();
            really.push(says);
        }
        let weak = self
            .weak_senders
            .first()
            .map(|weak| (weak.strong_count(), weak.weak_count()));
        let handles = model.handles;
        if weak.is_some_and(|counts| counts != (handles.senders, handles.weak_senders)) {
            return Some(format!(
                "a weak sender counts {weak:?}, by the model {handles:?}"
            ));
        }
        let weak = self
            .weak_receivers
            .first()
            .map(|weak| (weak.strong_count(), weak.weak_count()));
        if weak.is_some_and(|counts| counts != (handles.receivers, handles.weak_receivers)) {
            return Some(format!(
                "a weak receiver counts {weak:?}, by the model {handles:?}"
            ));
        }
        let differs = really.into_iter().find(|says| *says != by_model)?;
        Some(format!("it says {differs:?}, by the model {by_model:?}"))
    }
}

/// Those of one line are woken in order, but for stored ones.
fn place(task: &Task) -> Task {
    if *task < STORED { *task / LINE } else { *task }
}

fn sorted<T, K: Ord>(mut all: Vec<T>, by: impl Fn(&T) -> K) -> Vec<T> {
    all.sort_by_key(by);
    all
}

fn tell((answer, woken, dropped): &(&Answer, Vec<Task>, Vec<Item>)) -> String {
    let Answer {
        verdict,
        items,
        count,
    } = answer;
    format!("{verdict:?} {items:?} {count}, woke {woken:?}, dropped {dropped:?}")
}
