//! A real queue that is bounded by weight beside its model.

use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::task::{Context, Poll};

use wakeful::queue::{Pop, TryRecvError, WeightedPush, WeightedQueue, WeightedTrySendError};
use wakeful::{Fairness, Queue};

use super::channel::{Channel, Order};
use super::items::Counted;
use super::real::popped;
use super::waits::Wish;
use super::{Answer, Id, Item, Rules, Task, Verdict};
use crate::model::answer::weight;
use crate::model::drive::{Bytes, fairness, next, steps, told};
use crate::model::live::Graveyard;
use crate::model::pair::{self, Mismatch, Subject};
use crate::model::seen::Seen;
use crate::model::trace::{Trace, queue};

const BOUNDS: [usize; 8] = [4, 1, 2, 3, 5, 6, 8, 9];
const TASKS: [u8; 4] = [4, 3, 8, 16];
/// Futures of one run that are alive at a time.
const LIVE: usize = 12;
/// See [`Subject::LINE`].
const LINE: Task = 64;

type Pair = pair::Pair<Beside>;

struct Beside {
    model: Channel,
    /// Boxed, so that it stays where it is. It is dropped by `end` alone.
    real: ManuallyDrop<Box<WeightedQueue<Counted>>>,
}

enum Wait {
    Push(Pin<Box<WeightedPush<'static, Counted>>>),
    Pop(Pin<Box<Pop<'static, Counted>>>),
}

struct Waiting {
    real: Wait,
    wish: Wish,
}

/// Runs the steps. On a mismatch or a panic it returns the story of the run.
pub(crate) fn check(bytes: &[u8]) -> Result<Seen, String> {
    told(bytes, run)
}

fn run(mut bytes: Bytes, trace: &Trace) -> Result<Seen, Mismatch> {
    let fairness = fairness(&mut bytes);
    let header = next(&mut bytes);
    let tasks = TASKS[header % TASKS.len()];
    let max = BOUNDS[header / TASKS.len() % BOUNDS.len()];
    trace.line(|| format!("room for a weight of {max}, {fairness:?}"));
    let mut pair = Pair::new(Beside::new(max, fairness), trace.clone());
    steps(&mut bytes, |byte, more| pair.step(tasks, byte, more))?;
    while !pair.live.is_empty() {
        pair.drop_future(0)?;
    }
    pair.drain(false)?;
    pair.end()
}

impl Pair {
    /// One step: its kind in the low bits of the byte, of whom in the high ones.
    fn step(&mut self, tasks: u8, byte: u8, more: &mut Bytes) -> Result<(), Mismatch> {
        let (kind, whom) = (byte & 15, byte >> 4);
        match kind {
            0..=3 if self.live.len() < LIVE => {
                let item = Counted::new();
                let wish = self.model.push(whom % tasks, item.item());
                let real = Box::pin(self.real().push(item));
                self.start(whom % tasks, Wait::Push(real), wish, kind > 0)
            }
            4 | 5 if self.live.len() < LIVE => {
                let task = LINE + whom % tasks;
                let wish = Wish::Pop(self.model.pops.newcomer(task, 1));
                let real = Box::pin(self.real().pop());
                self.start(task, Wait::Pop(real), wish, true)
            }
            6 => self.try_push(),
            7 | 8 => self.try_pop(1),
            9 => self.try_pop(usize::from(whom)),
            10 if whom == 0 => self.drain(false),
            10 if whom == 1 => self.drain(true),
            10 if whom == 2 => self.close(),
            11 => self.turn(),
            _ if self.live.is_empty() => Ok(()),
            12 if self.live[usize::from(whom) % self.live.len()].polled => {
                let at = usize::from(whom) % self.live.len();
                if next(more) % 4 == 0 {
                    self.forget(at)
                } else {
                    self.drop_future(at)
                }
            }
            13 => {
                let at = self.pick(true, whom.into());
                self.poll_on(at, usize::from(whom) + 1)
            }
            _ => {
                let at = self.pick(kind == 14, whom.into());
                let task = self.live[at].task;
                self.poll(at, task).map(drop)
            }
        }
    }

    fn start(&mut self, task: Task, real: Wait, wish: Wish, polls: bool) -> Result<(), Mismatch> {
        let at = self.adopt(task, Waiting { real, wish });
        if polls {
            self.poll(at, task)?;
        }
        Ok(())
    }

    fn try_push(&mut self) -> Result<(), Mismatch> {
        let item = Counted::new();
        let (number, heavy) = (item.item(), weight(item.item()) > self.model.max);
        let real = match self.real().try_push(item) {
            Ok(()) => Answer::done(),
            Err(refusal) => {
                let verdict = match refusal {
                    WeightedTrySendError::Full(_) => Verdict::NotYet,
                    _ if heavy == matches!(refusal, WeightedTrySendError::Closed(_)) => {
                        return Err(format!("try to push {number}: {refusal}"));
                    }
                    _ => Verdict::Closed,
                };
                Answer::new(verdict, [refusal.into_inner().came_out()])
            }
        };
        let model = if heavy {
            Answer::new(Verdict::Closed, [number])
        } else {
            self.model.try_push(number)
        };
        self.compare(|| format!("try to push {number}"), real, model)
    }

    fn try_pop(&mut self, limit: usize) -> Result<(), Mismatch> {
        let mut items = Vec::new();
        let real = match self.real().try_pop_many(&mut items, limit) {
            Ok(_) => Answer::new(Verdict::Done, items.into_iter().map(Counted::came_out)),
            Err(TryRecvError::Empty) => Verdict::NotYet.into(),
            Err(TryRecvError::Disconnected) => Verdict::Closed.into(),
        };
        let model = self.model.try_pop_many(limit);
        self.compare(|| format!("try to pop {limit}"), real, model)
    }

    fn drain(&mut self, closes: bool) -> Result<(), Mismatch> {
        let (items, model) = if closes {
            (self.real().close_and_drain(), self.model.close_and_drain())
        } else {
            (self.real().drain(), self.model.drain())
        };
        let real = Answer::new(Verdict::Done, items.into_iter().map(Counted::came_out));
        self.compare(|| format!("drain, and close: {closes}"), real, model)
    }

    fn close(&mut self) -> Result<(), Mismatch> {
        self.real().close();
        self.model.close();
        self.says_nothing(|| "close".into())
    }
}

impl Beside {
    fn new(max: usize, fairness: Fairness) -> Self {
        let queue = Queue::weighted(max, |item: &Counted| weight(item.item()));
        Self {
            model: Channel::new(max, Order::Weighted, fairness),
            real: ManuallyDrop::new(Box::new(queue.with_fairness(fairness))),
        }
    }

    fn real(&self) -> &'static WeightedQueue<Counted> {
        // SAFETY: what borrows it is dropped before it, or never.
        unsafe { &*std::ptr::from_ref::<WeightedQueue<_>>(&self.real) }
    }
}

impl Subject for Beside {
    type Wait = Waiting;
    type Held = ();

    const LINE: Task = LINE;

    fn poll(
        &mut self,
        wait: &mut Waiting,
        task: Task,
        cx: &mut Context<'_>,
        _: &mut Vec<()>,
    ) -> [Answer; 2] {
        let too_heavy = match (&wait.real, self.model.in_hand_of(&wait.wish)) {
            (Wait::Push(_), Some(item)) if weight(item) > self.model.max => Some(item),
            _ => None,
        };
        let polled = match &mut wait.real {
            Wait::Push(push) => push.as_mut().poll(cx).map(|got| match got {
                Ok(()) => Answer::done(),
                Err(refusal) => Answer::new(Verdict::Closed, [refusal.into_inner().came_out()]),
            }),
            Wait::Pop(pop) => pop.as_mut().poll(cx).map(popped),
        };
        let real = match polled {
            Poll::Ready(answer) => answer,
            Poll::Pending => Verdict::NotYet.into(),
        };
        let model = match (too_heavy, &wait.wish) {
            (Some(item), &Wish::Push(id)) => {
                self.model.cancel_push(id);
                Answer::new(Verdict::Closed, [item])
            }
            _ => self.model.poll(&mut wait.wish, task),
        };
        [real, model]
    }

    fn cancel(&mut self, wait: Waiting) {
        drop(wait.real);
        self.model.drop(wait.wish);
    }

    fn forget(&mut self, wait: Waiting, graveyard: &mut Graveyard) {
        match wait.real {
            Wait::Push(push) => graveyard.bury(push),
            Wait::Pop(pop) => graveyard.bury(pop),
        }
    }

    fn give_back(_: &mut Pair, _: usize) -> Result<(), Mismatch> {
        Ok(())
    }

    fn end_of_step(&mut self) -> (Vec<Task>, Vec<Item>) {
        self.model.end_of_step()
    }

    fn differs(&self) -> Option<String> {
        let real = self.real();
        let real = (real.len(), real.capacity(), real.is_closed());
        let model = (self.model.len(), self.model.room(), self.model.closed);
        (real != model).then(|| {
            format!("length, capacity and closed are really {real:?}, by the model {model:?}")
        })
    }

    fn model_line(&self) -> String {
        let [pops, pushes] = [&self.model.pops, &self.model.pushes].map(queue);
        format!("room {} pops: {pops} pushes: {pushes}", self.model.room())
    }

    fn assert_invariants(&self) {
        self.model.assert_invariants();
    }

    fn place(&self, wait: &Waiting) -> Option<(&Rules, Id)> {
        match wait.wish {
            Wish::Push(id) => Some((&self.model.pushes, id)),
            Wish::Pop(id) => Some((&self.model.pops, id)),
            _ => None,
        }
    }

    fn end(self) -> Seen {
        drop(ManuallyDrop::into_inner(self.real));
        self.model.tally()
    }
}
