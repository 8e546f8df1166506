//! Everything in random order, hand-polled, against a list: no item is lost, doubled or reordered, no
//! call is lost, and in the end nobody sleeps who need not.

use std::collections::VecDeque;
use std::mem;

use wakeful::queue::TryRecvError::{Disconnected, Empty};
use wakeful::queue::TrySendError::Full;
use wakeful::queue::{Pop, Push, SendError};
use wakeful::{Fairness, Queue};

use super::wakes;
use crate::support::{KINDS, Rng, Waiting};

for_each_fairness!(many_pops_and_items_and_every_third_pop_is_cancelled);

/// A queue, those who wait at it, and what has to come out of it.
struct Play<'a> {
    queue: &'a Queue<usize>,
    /// In the order of their first polls, each with its item, how often it was woken when it was last
    /// polled, and whether its item was taken.
    pushes: Vec<(Waiting<Push<'a, usize>>, usize, usize, bool)>,
    pops: Vec<(Waiting<Pop<'a, usize>>, usize)>,
    expected: VecDeque<usize>,
    next: usize,
}

impl<'a> Play<'a> {
    fn new(queue: &'a Queue<usize>) -> Self {
        Self {
            queue,
            pushes: Vec::new(),
            pops: Vec::new(),
            expected: VecDeque::new(),
            next: 0,
        }
    }

    fn is_rendezvous(&self) -> bool {
        self.queue.max_capacity() == 0
    }

    fn popped(&mut self, item: usize) {
        let oldest = if self.is_rendezvous() {
            let offer = self.pushes.iter_mut().find(|push| !push.3);
            let (_, item, _, taken) = offer.expect("something was pushed");
            *taken = true;
            Some(*item)
        } else {
            self.expected.pop_front()
        };
        assert_eq!(Some(item), oldest, "reordered, lost or doubled");
    }

    fn push(&mut self) {
        let item = self.next;
        self.next += 1;
        let mut push = Waiting::new(self.queue.push(item));
        match push.poll() {
            Some(pushed) => {
                pushed.expect("open");
                self.expected.push_back(item);
            }
            None => self.pushes.push((push, item, 0, false)),
        }
    }

    fn try_push(&mut self) {
        match self.queue.try_push(self.next) {
            Ok(()) => self.expected.push_back(self.next),
            Err(error) => assert_eq!(error, Full(self.next)),
        }
        self.next += 1;
    }

    fn pop(&mut self) {
        let mut pop = Waiting::new(self.queue.pop());
        match pop.poll() {
            Some(item) => self.popped(item.expect("open")),
            None => self.pops.push((pop, 0)),
        }
    }

    fn try_pop(&mut self) {
        match self.queue.try_pop() {
            Ok(item) => self.popped(item),
            Err(error) => assert_eq!(error, Empty),
        }
    }

    fn poll_push(&mut self, at: usize) {
        let (push, item, seen, taken) = &mut self.pushes[at];
        *seen = push.wakes();
        let (item, taken) = (*item, *taken);
        if let Some(pushed) = push.poll() {
            pushed.expect("open");
            assert_eq!(taken, self.is_rendezvous(), "ready exactly if taken");
            drop(self.pushes.remove(at));
            if !taken {
                self.expected.push_back(item);
            }
        } else {
            assert!(!taken, "it does not know that its item was taken");
        }
    }

    fn poll_pop(&mut self, at: usize) {
        let (pop, seen) = &mut self.pops[at];
        *seen = pop.wakes();
        if let Some(item) = pop.poll() {
            drop(self.pops.remove(at));
            self.popped(item.expect("open"));
        }
    }

    fn cancel_push(&mut self, at: usize, random: &mut Rng) {
        let (mut push, item, _, taken) = self.pushes.remove(at);
        if random.u64(..2) == 0 {
            let back = push.future().into_item();
            assert_eq!(back, (!taken).then_some(item));
        }
    }

    fn step(&mut self, random: &mut Rng) {
        let mut any = |len: usize| (len > 0).then(|| random.u64(..len as u64) as usize);
        let (push, pop) = (any(self.pushes.len()), any(self.pops.len()));
        match (random.u64(..12), push, pop) {
            (0 | 1, ..) => self.push(),
            (2, ..) => self.try_push(),
            (3 | 4, ..) => self.pop(),
            (5, ..) => self.try_pop(),
            (6, Some(at), _) => self.poll_push(at),
            (7, _, Some(at)) => self.poll_pop(at),
            (8, Some(at), _) => self.cancel_push(at, random),
            (9, _, Some(at)) => drop(self.pops.remove(at)),
            (10, ..) if !self.is_rendezvous() => {
                let item = self.next;
                self.next += 1;
                self.expected.push_back(item);
                if let Some(oldest) = self.queue.force_push(item).expect("open") {
                    assert_eq!(Some(oldest), self.expected.pop_front());
                }
            }
            (11, ..) if random.u64(..10) == 0 && !self.is_rendezvous() => {
                assert_eq!(self.queue.drain(), Vec::from(mem::take(&mut self.expected)));
            }
            _ => drop(self.poll_one_woken()),
        }
        assert_eq!(self.queue.len(), self.expected.len());
    }

    /// Polls one of those who were woken since they were polled; whether there was one.
    fn poll_one_woken(&mut self) -> bool {
        let (mut pushes, mut pops) = (self.pushes.iter(), self.pops.iter());
        let push = pushes.position(|(push, _, seen, _)| push.wakes() > *seen);
        let pop = pops.position(|(pop, seen)| pop.wakes() > *seen);
        match (push, pop) {
            (Some(at), _) => self.poll_push(at),
            (None, Some(at)) => self.poll_pop(at),
            (None, None) => return false,
        }
        true
    }

    /// All who are woken are polled: then nobody sleeps beside what it waits for.
    fn settle(&mut self) {
        let polls = (0..100_000).take_while(|_| self.poll_one_woken()).count();
        assert!(polls < 100_000, "they wake themselves forever");
        let (no_push, no_pop) = (self.pushes.is_empty(), self.pops.is_empty());
        if self.is_rendezvous() {
            assert!(no_push || no_pop, "they do not meet");
        } else {
            assert!(no_pop || self.queue.is_empty(), "beside an item");
            assert!(no_push || self.queue.is_full(), "beside a slot");
        }
    }

    /// Whoever is left gets through as soon as there is what it waits for.
    fn end(mut self) {
        self.settle();
        for _ in 0..10_000 {
            if !self.pops.is_empty() {
                self.push();
            } else if !self.pushes.is_empty() || !self.queue.is_empty() {
                self.pop();
            } else {
                break;
            }
            self.settle();
        }
        assert!(self.pushes.is_empty() && self.pops.is_empty() && self.expected.is_empty());
    }
}

/// A queue of one of these capacities, and what else is random.
fn seeded(seed: u64, capacities: &[usize]) -> (Rng, Queue<usize>) {
    let mut random = Rng::with_seed(seed);
    let fairness = KINDS[random.usize(..KINDS.len())];
    let capacity = capacities[random.usize(..capacities.len())];
    println!("seed {seed}, capacity {capacity}, {fairness:?}");
    (random, Queue::bounded(capacity).with_fairness(fairness))
}

#[test]
fn no_item_and_no_call_is_lost_in_any_order() {
    for seed in 0..600 {
        let (mut random, queue) = seeded(seed, &[0, 0, 1, 1, 2, 3, usize::MAX]);
        let mut play = Play::new(&queue);
        for step in 0..200 {
            play.step(&mut random);
            if step % 50 == 49 {
                play.settle();
            }
        }
        play.end();
    }
}

/// The same, closed at some moment: every item comes out or comes back, and nobody is left.
#[test]
fn no_item_is_lost_when_it_is_closed_at_any_moment() {
    for seed in 0..600 {
        let (mut random, queue) = seeded(seed, &[0, 1, 2, 3]);
        let mut play = Play::new(&queue);
        (0..random.u64(..100)).for_each(|_| play.step(&mut random));
        let before: Vec<_> = play.pops.iter().map(|(pop, _)| pop.wakes()).collect();
        assert!(queue.close());
        for ((mut pop, _), before) in play.pops.drain(..).zip(before) {
            assert!(before > 0 || pop.wakes() == 1, "closing wakes every pop");
            let oldest = play.expected.pop_front();
            assert_eq!(pop.poll(), Some(oldest), "nothing is kept");
        }
        for (mut push, item, _, taken) in play.pushes.drain(..) {
            assert!(push.wakes() > 0, "closing wakes every push");
            let pushed = push.poll().expect("it is closed");
            let expected = if taken { Ok(()) } else { Err(SendError(item)) };
            assert_eq!(pushed, expected);
        }
        assert_eq!(play.expected, queue.drain());
        assert_eq!(queue.try_pop(), Err(Disconnected));
    }
}

/// A thousand pops, of which every third is cancelled while a thousand items come.
fn many_pops_and_items_and_every_third_pop_is_cancelled(fairness: Fairness) {
    let queue = Queue::unbounded().with_fairness(fairness);
    let mut pops: Vec<_> = (0..1000).map(|_| super::pop_asleep(&queue)).collect();
    for item in 0..1000 {
        queue.try_push(item).unwrap();
    }
    assert_eq!(wakes(&pops), [1; 1000]);
    let mut nth = 0..;
    pops.retain(|_| nth.next().unwrap() % 3 != 2);
    for (item, pop) in pops.iter_mut().enumerate() {
        assert_eq!(pop.poll(), Some(Some(item)));
    }
    assert_eq!(queue.len(), 333);
    assert_eq!(queue.try_pop(), Ok(667), "kept for nobody");
}
