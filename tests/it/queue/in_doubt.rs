//! A pop wakes the push that it made room for. If that waker panics, the item comes back; until it has
//! returned, nobody may be told that a closed queue is drained.

use std::sync::{Arc, Mutex as StdMutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use wakeful::queue::TryRecvError::{Disconnected, Empty};
use wakeful::queue::{self, Pop, Receiver, RecvTimeoutError, Sender};

use super::asleep;
use super::stored::poll_recv;
use crate::support::loud::{asleep_with, panics_in_wake};
use crate::support::{Hooks, Task, Waiting, panics, poll_with};

type Popping = Box<dyn FnOnce() -> Vec<u32>>;

/// How many ways there are to pop the item of a queue.
const WAYS: usize = 10;
/// These find something where there is no storage, too.
const WAYS_TO_MEET: usize = 8;

/// A pop of the item 0, which `comes` when the pop that is to be called for it sleeps.
fn popping(way: usize, receiver: &'static Receiver<u32>, comes: impl FnOnce()) -> Popping {
    let mut pop = Waiting::new(receiver.recv());
    let mut many = Waiting::new(async {
        let mut to = Vec::new();
        receiver.recv_many(&mut to, 5).await;
        to
    });
    let (task, mut stream) = (Task::new(), receiver.clone());
    match way {
        2 => assert!(pop.is_pending()),
        // Its first poll takes everything there is, for good.
        4 => assert!(many.is_pending()),
        6 => assert_eq!(poll_recv(&task, &mut stream), None),
        _ => {}
    }
    comes();
    Box::new(move || match way {
        0 => receiver.try_recv().into_iter().collect(),
        1 | 2 => pop.poll().unwrap().into_iter().collect(),
        3 | 4 => many.poll().unwrap(),
        5 | 6 => Vec::from_iter(poll_recv(&task, &mut stream).unwrap()),
        7 => receiver.blocking_recv().into_iter().collect(),
        8 => receiver.drain(),
        _ => receiver.close_and_drain(),
    })
}

/// Another receiver, in each way to learn of the end.
enum Other {
    Try(&'static Receiver<u32>),
    Blocking(&'static Receiver<u32>),
    Recv(Waiting<Pop<'static, u32>>),
    Stream(Receiver<u32>, Arc<Task>),
}

impl Other {
    fn all(receiver: &'static Receiver<u32>) -> [Self; 4] {
        [
            Self::Try(receiver),
            Self::Blocking(receiver),
            Self::Recv(Waiting::new(receiver.recv())),
            Self::Stream(receiver.clone(), Task::new()),
        ]
    }

    /// What it is told, unless it is told to wait.
    fn ask(&mut self) -> Option<Option<u32>> {
        match self {
            Self::Try(receiver) => match receiver.try_recv() {
                Ok(item) => Some(Some(item)),
                Err(Disconnected) => Some(None),
                Err(Empty) => None,
            },
            Self::Blocking(receiver) => {
                match receiver.blocking_recv_timeout(Duration::from_millis(1)) {
                    Ok(item) => Some(Some(item)),
                    Err(RecvTimeoutError::Disconnected) => Some(None),
                    Err(RecvTimeoutError::Timeout) => None,
                }
            }
            Self::Recv(pop) => pop.poll(),
            Self::Stream(stream, task) => poll_recv(task, stream),
        }
    }

    /// How often it was woken, if it waits.
    fn wakes(&self) -> Option<usize> {
        match self {
            Self::Try(_) | Self::Blocking(_) => None,
            Self::Recv(pop) => Some(pop.wakes()),
            Self::Stream(_, task) => Some(task.wakes()),
        }
    }
}

/// What others were told while the waker ran, and how often they had been woken.
type Told = Vec<(Option<Option<u32>>, Option<usize>)>;

struct Scene {
    sender: Sender<u32>,
    receiver: &'static Receiver<u32>,
    others: Arc<StdMutex<Vec<Other>>>,
    told: Arc<StdMutex<Told>>,
}

impl Scene {
    fn new(capacity: usize, others: impl FnOnce(&'static Receiver<u32>) -> Vec<Other>) -> Self {
        let (sender, receiver) = queue::bounded(capacity);
        let receiver: &'static _ = Box::leak(Box::new(receiver));
        Self {
            sender,
            receiver,
            others: Arc::new(StdMutex::new(others(receiver))),
            told: Arc::default(),
        }
    }

    /// Woken, it closes the channel and has the others ask; then it panics, or not.
    fn waker(&self, loud: bool) -> Waker {
        let sender = self.sender.clone();
        let (others, told) = (Arc::clone(&self.others), Arc::clone(&self.told));
        let on_wake = move || {
            sender.close();
            let mut others = others.lock().unwrap();
            let asked = others.iter_mut().map(|other| (other.ask(), other.wakes()));
            told.lock().unwrap().extend(asked);
            drop(others);
            assert!(!loud, "in wake");
        };
        Hooks::default().on_wake(on_wake).waker()
    }

    /// Pops in this way, so that a push is woken with such a waker: what was popped, if that did not panic.
    fn pop(&self, way: usize, loud: bool) -> Option<Vec<u32>> {
        let waker = self.waker(loud);
        let meets = self.receiver.max_capacity() == 0;
        let mut push = None;
        let pops = popping(way, self.receiver, || {
            if !meets {
                self.sender.try_send(0).unwrap();
            }
            push = Some(asleep_with(&waker, self.sender.send((!meets).into())));
        });
        let popped = if loud {
            assert_eq!(panics(pops), "in wake");
            None
        } else {
            Some(pops())
        };
        let (told, others) = (self.told.lock().unwrap(), self.others.lock().unwrap());
        assert_eq!(told.len(), others.len(), "the push was woken");
        popped
    }

    /// What each is told in the end, who were told to wait before.
    fn ask_again(&self) -> Vec<Option<u32>> {
        let told = self.told.lock().unwrap();
        let mut others = self.others.lock().unwrap();
        let again = |(other, told): (&mut Other, &(_, Option<usize>))| {
            assert_eq!(told.0, None, "it may come back");
            if let Some(before) = told.1 {
                assert!(other.wakes() > Some(before), "nobody woke it");
            }
            other.ask().expect("it is decided")
        };
        others.iter_mut().zip(&*told).map(again).collect()
    }
}

/// Each way to pop beside each way to learn of the end.
fn for_all(run: impl Fn(usize, &Scene)) {
    for (capacity, ways) in [(1, WAYS), (0, WAYS_TO_MEET)] {
        for way in 0..ways {
            for nth in 0..4 {
                let other = |receiver| Other::all(receiver).into_iter().skip(nth).take(1).collect();
                run(way, &Scene::new(capacity, other));
            }
        }
    }
}

/// The first poll of `recv_many` takes for good: what is in the vector stays there.
const FOR_GOOD: usize = 3;

#[test]
fn the_end_is_told_when_the_pop_is_kept() {
    for_all(|way, scene| {
        assert_eq!(scene.pop(way, false), Some(vec![0]), "way {way}");
        if way == FOR_GOOD {
            return assert_eq!(scene.told.lock().unwrap()[0].0, Some(None));
        }
        assert_eq!(scene.ask_again(), [None], "way {way}");
    });
}

#[test]
fn an_item_that_is_put_back_comes_before_the_end() {
    for_all(|way, scene| {
        scene.pop(way, true);
        if way != FOR_GOOD {
            assert_eq!(scene.ask_again(), [Some(0)], "way {way}");
        }
        assert_eq!(scene.receiver.try_recv(), Err(Disconnected));
    });
}

/// All others wait: one of them has the item, and the rest learn of the end.
#[test]
fn all_who_wait_look_when_it_is_decided() {
    for way in (0..WAYS).filter(|&way| way != FOR_GOOD) {
        for loud in [false, true] {
            let scene = Scene::new(1, |receiver| {
                let two = [Other::all(receiver), Other::all(receiver)];
                let all = two.into_iter().flatten();
                all.filter(|other| other.wakes().is_some()).collect()
            });
            scene.pop(way, loud);
            let mut got = scene.ask_again();
            got.sort_unstable();
            let first = loud.then_some(0);
            assert_eq!(got, [None, None, None, first], "way {way}");
        }
    }
}

/// It is too late to put the item back then: it would come after the end.
#[test]
fn a_waker_that_panics_when_its_task_learns_of_the_end_costs_no_item() {
    let (sender, receiver) = queue::bounded(1);
    let receiver: &'static Receiver<u32> = Box::leak(Box::new(receiver));
    sender.try_send(0).unwrap();
    let waiting = Arc::new(StdMutex::new(None));
    let (closes, waits) = (sender.clone(), Arc::clone(&waiting));
    let waker = Hooks::default().on_wake(move || {
        closes.close();
        let loud = asleep_with(&panics_in_wake("told"), receiver.recv());
        let quiet = asleep(receiver.recv());
        *waits.lock().unwrap() = Some((loud, quiet));
    });
    let push = asleep_with(&waker.waker(), sender.send(1));
    assert_eq!(receiver.try_recv(), Ok(0));
    drop(push);
    let (mut loud, mut quiet) = waiting.lock().unwrap().take().expect("the push was woken");
    assert_eq!((quiet.wakes(), quiet.poll()), (1, Some(None)));
    assert_eq!(poll_with(Waker::noop(), loud.as_mut()), Poll::Ready(None));
}

/// While pops are in doubt a permit is out, too: the later of the two tells.
#[test]
fn a_permit_and_a_pop_in_doubt() {
    for sends in [false, true] {
        let (sender, receiver) = queue::bounded(2);
        let receiver: &'static Receiver<u32> = Box::leak(Box::new(receiver));
        sender.try_send(0).unwrap();
        let permit = StdMutex::new(Some(sender.clone().try_reserve_owned().unwrap()));
        let pop = Arc::new(StdMutex::new(Waiting::new(receiver.recv())));
        let (closes, pop_too) = (sender.clone(), Arc::clone(&pop));
        let waker = Hooks::default().on_wake(move || {
            closes.close();
            let mut pop = pop_too.lock().unwrap();
            assert!(pop.is_pending());
            let permit = permit.lock().unwrap().take().unwrap();
            let wakes = pop.wakes();
            if sends {
                permit.send(5);
                assert!(pop.wakes() > wakes);
                assert_eq!(pop.poll(), Some(Some(5)));
            } else {
                drop(permit);
                assert!(pop.is_pending(), "the item may come back");
            }
        });
        let push = asleep_with(&waker.waker(), sender.send(1));
        assert_eq!(receiver.try_recv(), Ok(0));
        drop(push);
        if !sends {
            assert_eq!(pop.lock().unwrap().poll(), Some(None));
        }
        assert_eq!(receiver.try_recv(), Err(Disconnected));
    }
}

/// What was decided while the queue was open is not waited for when it is closed.
#[test]
fn pops_that_were_kept_before_the_closing_leave_no_doubt() {
    let (sender, receiver) = queue::bounded(1);
    sender.try_send(0).unwrap();
    for n in 1..10 {
        let mut push = asleep(sender.send(n));
        assert_eq!(receiver.try_recv(), Ok(n - 1));
        assert_eq!(push.poll(), Some(Ok(())));
    }
    assert_eq!(receiver.try_recv(), Ok(9));
    let mut stream = receiver.clone();
    let task = Task::new();
    assert_eq!(poll_recv(&task, &mut stream), None);
    let mut pop = asleep(receiver.recv());
    sender.close();
    assert_eq!((pop.wakes(), task.wakes()), (1, 1));
    assert_eq!(receiver.try_recv(), Err(Disconnected));
    assert_eq!(pop.poll(), Some(None));
    assert_eq!(poll_recv(&task, &mut stream), Some(None));
}
