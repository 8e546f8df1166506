//! Many short runs of a few threads, each of which must be that of a plain FIFO.
//!
//! Where nobody waits, what fails must have had to fail; where some do, it may also be that what is free is
//! kept for one of them; and a pop that wakes one may be in doubt.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;

use pollster::block_on;
use wakeful::queue::{Receiver, Sender, TryRecvError, TrySendError};
use wakeful::{Fairness, Queue};

use super::history::{Did, Done, Item, is_concurrent, is_linearizable, mark_doubts};
use crate::support::{Rng, Watchdog};

/// Runs of one round, and the most rounds.
const RUNS: usize = 100;
const ROUNDS: usize = 60;
const STEPS: u64 = 6;

#[derive(Clone, Copy, Debug)]
enum Step {
    TryPush,
    TryPop,
    Force,
    Drain,
    Len,
    /// With a step between, if it succeeds.
    Reserve,
    Push,
    Pop,
    BlockingPush,
    BlockingPop,
    Close,
}

use Step::*;

/// Those of whom nobody waits.
const TRIES: [Step; 8] = [TryPush, TryPush, TryPop, TryPop, Force, Drain, Len, Reserve];

/// Those of whom some wait.
const WAITS: [Step; 8] = [
    Push,
    Push,
    Pop,
    Pop,
    BlockingPush,
    BlockingPop,
    TryPush,
    TryPop,
];

/// One run: a channel, and what each thread does there.
struct Run {
    sender: Sender<Item>,
    receiver: Receiver<Item>,
    scripts: Vec<Vec<Step>>,
    waits: bool,
}

impl Run {
    fn new(room: usize, fairness: Fairness, waits: bool, threads: usize, random: &mut Rng) -> Self {
        let queue = match room {
            usize::MAX => Queue::unbounded(),
            room => Queue::bounded(room),
        };
        let (sender, receiver) = queue.with_fairness(fairness).into_channel();
        let steps = if waits { WAITS } else { TRIES };
        let mut scripts = vec![Vec::new(); threads];
        for script in &mut scripts {
            let len = 1 + random.u64(..STEPS);
            script.extend((0..len).map(|_| steps[random.u64(..8) as usize]));
        }
        if waits {
            // The first thread waits for nobody, and in the end it closes.
            let tries = scripts[0].iter_mut();
            tries.for_each(|step| *step = TRIES[random.u64(..5) as usize]);
            scripts[0].push(Close);
        }
        Self {
            sender,
            receiver,
            scripts,
            waits,
        }
    }

    fn play(&self, thread: usize, log: &mut Vec<Done>) {
        for (number, &step) in self.scripts[thread].iter().enumerate() {
            let item = (thread * 16 + number) as Item;
            if !matches!(step, Reserve) {
                log.push(Done::by(thread, || self.step(step, item)));
                continue;
            }
            let mut permit = None;
            log.push(Done::by(thread, || match self.sender.try_reserve() {
                Ok(got) => {
                    permit = Some(got);
                    Did::Reserve
                }
                Err(error) => self.refused(&error),
            }));
            if let Some(permit) = permit {
                log.push(Done::by(thread, || self.step(TryPop, item)));
                log.push(Done::by(thread, || {
                    if item % 4 == 0 {
                        drop(permit);
                        return Did::GiveBack;
                    }
                    permit.send(item);
                    Did::Fill(item)
                }));
            }
        }
    }

    fn step(&self, step: Step, item: Item) -> Did {
        let (sender, receiver) = (&self.sender, &self.receiver);
        match step {
            TryPush => match sender.try_send(item) {
                Ok(()) => Did::Push(item),
                Err(error) => self.refused(&error),
            },
            TryPop => match receiver.try_recv() {
                Ok(item) => Did::Pop(item),
                Err(TryRecvError::Empty) if self.waits => Did::KeptItem,
                Err(TryRecvError::Empty) => Did::Empty,
                Err(TryRecvError::Disconnected) => Did::Over,
            },
            Force => match sender.force_send(item) {
                // Every slot is reserved.
                Ok(Some(own)) if own == item => Did::Full,
                Ok(old) => Did::Force(item, old),
                Err(_) => Did::PushClosed,
            },
            Drain => Did::Drain(receiver.drain()),
            Len | Reserve => Did::Len(receiver.len()),
            Push => pushed(block_on(sender.send(item)).is_ok(), item),
            BlockingPush => pushed(sender.blocking_send(item).is_ok(), item),
            Pop => block_on(receiver.recv()).map_or(Did::Over, Did::Pop),
            BlockingPop => receiver.blocking_recv().map_or(Did::Over, Did::Pop),
            Close => Did::Close(sender.close()),
        }
    }

    fn refused<T>(&self, error: &TrySendError<T>) -> Did {
        match error {
            TrySendError::Full(_) if self.waits => Did::Kept,
            TrySendError::Full(_) => Did::Full,
            TrySendError::Closed(_) => Did::PushClosed,
        }
    }

    /// What is left when all are done.
    fn rest(&self, log: &mut Vec<Done>) {
        log.push(Done::by(0, || Did::Close(self.receiver.close())));
        while log.last().is_some_and(|done| done.did != Did::Over) {
            log.push(Done::by(0, || self.step(TryPop, 0)));
        }
    }
}

fn pushed(sent: bool, item: Item) -> Did {
    if sent {
        Did::Push(item)
    } else {
        Did::PushClosed
    }
}

/// So many threads begin a run together, each spinning, since they would wake one after another.
struct Together {
    came: AtomicUsize,
    threads: usize,
}

impl Together {
    fn wait(&self, run: usize) {
        self.came.fetch_add(1, SeqCst);
        while self.came.load(SeqCst) < (run + 1) * self.threads {
            thread::yield_now();
        }
    }
}

/// Plays the runs, and gives the history of each.
fn play(runs: &[Run], threads: usize) -> Vec<Vec<Done>> {
    let came = AtomicUsize::new(0);
    let together = Together { came, threads };
    let play = |thread| {
        let mut logs = Vec::new();
        for (number, run) in runs.iter().enumerate() {
            let mut log = Vec::new();
            together.wait(number);
            run.play(thread, &mut log);
            logs.push(log);
        }
        logs
    };
    let mut histories = vec![Vec::new(); runs.len()];
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads)
            .map(|thread| scope.spawn(move || play(thread)))
            .collect();
        let logs = others.into_iter().map(|other| other.join().unwrap());
        for logs in [play(0)].into_iter().chain(logs) {
            for (history, log) in histories.iter_mut().zip(logs) {
                history.extend(log);
            }
        }
    });
    histories
}

fn runs<const ROOM: usize>(waits: bool) {
    let _watchdog = Watchdog::new(format!("room for {ROOM}, some wait: {waits}"));
    let mut random = Rng::with_seed(ROOM as u64);
    let fairness = [Fairness::FIFO, Fairness::DEFAULT, Fairness::overtakes(1)];
    let mut concurrent = 0;
    for round in 0.. {
        let threads = 2 + round % 3;
        let new = |run| Run::new(ROOM, fairness[run % 3], waits, threads, &mut random);
        let runs: Vec<Run> = (0..RUNS).map(new).collect();
        for (run, mut history) in runs.iter().zip(play(&runs, threads)) {
            concurrent += usize::from(is_concurrent(&history));
            run.rest(&mut history);
            history.sort_by_key(|done| done.called);
            mark_doubts(&mut history);
            let is_fifo = is_linearizable::<ROOM>(&history);
            assert!(is_fifo, "room for {ROOM}: {history:#?}");
        }
        // Short as the steps are, and busy as the machine may be, some should meet.
        if round >= 2 && concurrent >= RUNS / 10 || round == ROUNDS {
            break;
        }
    }
    // Who waits meets those for whom it waits.
    assert!(!waits || concurrent > 0, "no two threads met");
}

#[test]
fn a_full_queue_of_one_is_linearizable() {
    runs::<1>(false);
    runs::<1>(true);
}

#[test]
fn a_short_queue_is_linearizable() {
    runs::<2>(false);
    runs::<2>(true);
    runs::<3>(true);
}

#[test]
fn an_unbounded_queue_is_linearizable() {
    runs::<{ usize::MAX }>(false);
    runs::<{ usize::MAX }>(true);
}
