//! More called at once than anybody looks through (64), answering in any order, while others barge
//! and the limit changes: nobody is left asleep beside what is free.

use std::mem;
use std::time::Duration;

use futures::future::FusedFuture;
use wakeful::{Acquire, Fairness, Semaphore, SemaphorePermit};

use super::{asleep, called, hold, hold_all, of_all_kinds, wakes, with_each};
use crate::support::{KINDS, LONG, Rng, Task, Waiting, Watchdog, without_credit};

struct Deep<'a> {
    semaphore: &'a Semaphore,
    random: Rng,
    sleepers: Vec<Waiting<Acquire<'a>>>,
    permits: Vec<SemaphorePermit<'a>>,
    owed: usize,
    most: u64,
}

/// Who of the woken is polled next.
#[derive(Clone, Copy, Debug)]
enum Order {
    Forward,
    Reverse,
    Random,
}

impl<'a> Deep<'a> {
    fn queue(&mut self) {
        let n = 1 + self.random.u64(..self.most) as u32;
        let mut waiting = Waiting::new(self.semaphore.acquire_many(n));
        match waiting.poll() {
            Some(permit) => self.permits.push(permit.expect("open")),
            None => self.sleepers.push(waiting),
        }
    }

    fn pick(&mut self, order: Order) -> Option<usize> {
        let mut woken = (0..self.sleepers.len()).filter(|&at| self.sleepers[at].is_woken());
        match order {
            Order::Forward => woken.next(),
            Order::Reverse => woken.next_back(),
            Order::Random => {
                let woken: Vec<_> = woken.collect();
                let at = self.random.usize(..woken.len().max(1));
                woken.get(at).copied()
            }
        }
    }

    fn poll(&mut self, at: usize) -> Option<SemaphorePermit<'a>> {
        let permit = self.sleepers[at].poll()?.expect("open");
        self.sleepers.remove(at);
        Some(permit)
    }

    /// Those woken are polled until nobody is; what they get goes back at once if `release`.
    fn settle(&mut self, order: Order, release: bool) {
        while let Some(at) = self.pick(order) {
            let permit = self.poll(at);
            self.permits.extend(permit.filter(|_| !release));
        }
    }

    fn step(&mut self, order: Order) {
        match self.random.u64(..12) {
            0..=3 => {
                if let Some(at) = self.pick(order) {
                    let permit = self.poll(at);
                    let keeps = self.random.u64(..2) == 0;
                    self.permits.extend(permit.filter(|_| keeps));
                }
            }
            4 => {
                let n = 1 + self.random.u64(..30) as u32;
                self.permits.extend(self.semaphore.try_acquire_many(n));
            }
            5 | 6 if !self.permits.is_empty() => {
                let at = self.random.usize(..self.permits.len());
                drop(self.permits.swap_remove(at));
            }
            7 if self.owed < 100 => {
                let n = self.random.usize(..20);
                self.semaphore.reduce_permits(n);
                self.owed += n;
            }
            8 => self.semaphore.add_permits(std::mem::take(&mut self.owed)),
            9 => self.owed += self.semaphore.forget_permits(3),
            10 if !self.sleepers.is_empty() => {
                let at = self.random.usize(..self.sleepers.len());
                if self.random.u64(..4) == 0 {
                    drop(self.sleepers.remove(at));
                } else {
                    // A poll that nobody asked for.
                    let permit = self.poll(at);
                    self.permits.extend(permit);
                }
            }
            _ => self.queue(),
        }
    }
}

fn plunge(seed: u64) {
    let mut random = Rng::with_seed(seed);
    let kinds = [KINDS[0], KINDS[1], KINDS[3], Fairness::overtakes(1)];
    let fairness = kinds[random.usize(..4)];
    let order = [Order::Forward, Order::Reverse, Order::Random][random.usize(..3)];
    println!("seed {seed}, {fairness:?}, {order:?}");
    let total = 80 + random.usize(..150);
    let semaphore = Semaphore::with_fairness(total, fairness);
    let mut deep = Deep {
        semaphore: &semaphore,
        random,
        sleepers: Vec::new(),
        permits: Vec::new(),
        owed: 0,
        most: 1 + seed % 3,
    };
    let held = hold_all(&semaphore);
    for _ in 0..total {
        deep.queue();
    }
    drop(held);
    for _ in 0..3 {
        for _ in 0..150 {
            deep.step(order);
        }
        if deep.most == 1 {
            deep.settle(order, false);
            let (asleep, free) = (deep.sleepers.len(), semaphore.available_permits());
            assert!(
                asleep == 0 || free == 0,
                "{asleep} sleep beside {free} free"
            );
        }
    }
    deep.permits.clear();
    semaphore.add_permits(mem::take(&mut deep.owed));
    deep.settle(order, true);
    let (left, free) = (deep.sleepers.len(), semaphore.available_permits());
    assert_eq!(left, 0, "some sleep beside {free} free");
    assert_eq!(free, total, "permits are lost or made");
    drop(hold_all(&semaphore));
}

#[test]
fn nobody_is_stranded_in_a_long_front() {
    for seed in 0..300 {
        plunge(seed);
    }
}

/// In which order they answer.
const ORDERS: [fn(&mut [usize]); 3] = [
    |_| {},
    <[usize]>::reverse,
    |answers| Rng::with_seed(1).shuffle(answers),
];

/// So many are called, a barger takes some, and the far ones answer first, in this order.
fn far_ones_answer_first(count: u32, barged: u32, order: fn(&mut [usize])) {
    for limit in [1, 2, 5] {
        let semaphore = Semaphore::with_fairness(count as usize, Fairness::overtakes(limit));
        let held = hold_all(&semaphore);
        let mut waiters: Vec<_> = (0..count).map(|_| asleep(&semaphore, 1)).collect();
        drop(held);
        let barger = hold(&semaphore, barged);
        let mut permits = Vec::new();
        let mut far: Vec<_> = (60..count as usize).collect();
        order(&mut far);
        for &at in &far {
            permits.extend(waiters[at].poll());
        }
        drop(barger);
        for _ in 0..count {
            for at in far.iter().copied().chain(0..60) {
                let waiter = &mut waiters[at];
                if waiter.is_woken() && !waiter.future().is_terminated() {
                    permits.extend(waiter.poll());
                }
            }
        }
        let free = semaphore.available_permits();
        assert_eq!(free, 0, "{count}, {barged}, {limit}: some sleep beside it");
        assert_eq!(permits.len(), count as usize);
    }
}

#[test]
fn the_far_ones_answer_first_and_find_too_little() {
    for count in [66, 72, 100, 200] {
        for barged in [1, 5, 10, 50] {
            for order in ORDERS {
                far_ones_answer_first(count, barged, order);
            }
        }
    }
}

/// A hundred are called, one permit is gone, and one far back finds too little for all who were called.
fn one_far_back_came_in_vain(semaphore: &Semaphore, far: usize) -> [Waiting<Acquire<'_>>; 100] {
    let mut waiters = called(semaphore, [1; 100]);
    assert_eq!(semaphore.forget_permits(1), 1);
    assert!(waiters[far].is_pending());
    waiters
}

/// Nothing comes back meanwhile: it is those who acquire who have to look.
#[test]
fn who_came_in_vain_is_called_when_few_enough_are_ahead() {
    // Each is the first when it comes, or none is.
    for skipped in [0, 1] {
        let semaphore = Semaphore::with_fairness(100, Fairness::FIFO);
        let mut waiters = one_far_back_came_in_vain(&semaphore, 80);
        let mut permits = Vec::new();
        for waiter in &mut waiters[skipped..skipped + 17] {
            permits.push(waiter.poll().expect("enough is free"));
        }
        assert_eq!(waiters[80].wakes(), 2);
        permits.push(waiters[80].poll().expect("enough is free"));
    }
}

/// The last two come in vain, and there is enough for one of them beside all who are still called.
#[test]
fn who_came_in_vain_is_called_when_the_one_behind_it_does() {
    let semaphore = Semaphore::with_fairness(100, Fairness::FIFO);
    let mut waiters = one_far_back_came_in_vain(&semaphore, 98);
    assert!(waiters[99].is_pending());
    assert_eq!((waiters[98].wakes(), waiters[99].wakes()), (2, 1));
    assert!(waiters[98].poll().is_some());
}

/// The same where the one behind it asks for more than is free at all, and has but to sleep.
#[test]
fn who_came_in_vain_is_called_when_a_large_one_behind_it_has_but_to_sleep() {
    for semaphore in with_each([Fairness::FIFO, without_credit(LONG)], 300) {
        let held = hold_all(&semaphore);
        let mut waiters: Vec<_> = (0..100).map(|_| asleep(&semaphore, 1)).collect();
        let mut large = asleep(&semaphore, 200);
        drop(held);
        // Enough for all of the small ones, but not for all who were called.
        assert_eq!(semaphore.forget_permits(200), 200);
        assert!(waiters[99].is_pending());
        assert_eq!(waiters[99].wakes(), 1);
        assert!(large.is_pending());
        assert_eq!((waiters[99].wakes(), large.wakes()), (2, 1));
        assert!(waiters[99].poll().is_some());
    }
}

/// Three come in vain, far back, while all is gone; then all is back, and the one behind them, the last
/// one called, overtakes. Whoever takes calls all whom it uncovers, not just the next.
#[test]
fn who_takes_calls_all_who_came_in_vain_ahead_of_it() {
    let semaphore = Semaphore::with_fairness(100, Fairness::overtakes(4));
    let mut waiters = called(&semaphore, [1; 100]);
    assert_eq!(semaphore.forget_permits(100), 100);
    for waiter in &mut waiters[96..99] {
        assert!(waiter.is_pending());
    }
    semaphore.add_permits(100);
    let permit = waiters[99].poll().expect("the first has credit");
    assert_eq!(wakes(&waiters[96..]), [2, 2, 2, 1]);
    drop(permit);
}

/// All are called, come in vain in this order, and are called again by one release, however far the
/// front had to retreat past sleepers. Were the first of them to snooze, those behind would get theirs.
fn all_came_in_vain(semaphore: &Semaphore, order: fn(&mut [usize])) {
    let (count, snoozing) = (200, 64);
    let mut waiters: Vec<_> = (0..count).map(|_| asleep(semaphore, 1)).collect();
    let mut answers: Vec<_> = (0..count).collect();
    order(&mut answers);
    for calls in 1..=3 {
        semaphore.add_permits(count);
        let all = waiters.iter().all(|waiter| waiter.wakes() == calls);
        assert!(all, "a release for all calls all, on round {calls}, too");
        if calls < 3 {
            assert_eq!(semaphore.forget_permits(count), count);
            for &at in &answers {
                assert!(waiters[at].is_pending());
            }
        }
    }
    let behind = &mut waiters[snoozing..];
    let permits: Vec<_> = behind.iter_mut().filter_map(Waiting::poll).collect();
    assert_eq!(permits.len(), count - snoozing);
    assert_eq!(semaphore.available_permits(), snoozing, "kept");
}

#[test]
fn a_release_for_all_who_came_in_vain_calls_all() {
    for order in ORDERS {
        of_all_kinds(0).for_each(|semaphore| all_came_in_vain(&semaphore, order));
    }
}

/// Tasks are shared, and patience may be zero: many are passed over, and come back to a front longer than any
/// walk.
fn plunge_of_few_tasks(seed: u64) {
    let mut random = Rng::with_seed(seed);
    let impatient = |credit| Fairness::overtakes(credit).with_patience(Duration::ZERO);
    let kinds = [
        Fairness::FIFO,
        impatient(0),
        impatient(1),
        Fairness::overtakes(3),
    ];
    let fairness = kinds[random.usize(..4)];
    let total = 70 + random.usize(..150);
    let tasks = [1, 3, 20, 500][random.usize(..4)];
    let most = 1 + random.u32(..3);
    println!("seed {seed}, {fairness:?}, {total} permits, {tasks} tasks, needs up to {most}");
    let tasks: Vec<_> = (0..tasks).map(|_| Task::new()).collect();
    let semaphore = Semaphore::with_fairness(total, fairness);
    let mut permits = vec![hold_all(&semaphore)];
    let mut sleepers: Vec<Waiting<Acquire<'_>>> = Vec::new();
    let mut owed = 0;
    for step in 0..3000 {
        let kind = random.u32(..if step < total { 4 } else { 24 });
        let mut answers = Vec::new();
        match kind {
            0..=3 => {
                let task = &tasks[random.usize(..tasks.len())];
                let need = 1 + random.u32(..most);
                sleepers.push(Waiting::of(task, semaphore.acquire_many(need)));
                answers.push(sleepers.len() - 1);
            }
            4 | 5 if !permits.is_empty() => {
                drop(permits.swap_remove(random.usize(..permits.len())));
            }
            6 => permits.clear(),
            7 => owed += semaphore.forget_permits(usize::MAX),
            8 => semaphore.add_permits(mem::take(&mut owed)),
            9 if owed < 100 => {
                let reduced = random.usize(..40);
                semaphore.reduce_permits(reduced);
                owed += reduced;
            }
            10 if !sleepers.is_empty() => {
                drop(sleepers.swap_remove(random.usize(..sleepers.len())));
            }
            11 => answers.extend((sleepers.len() / 2..sleepers.len()).rev()),
            12 => answers.extend(0..sleepers.len()),
            13..=20 if !sleepers.is_empty() => answers.push(random.usize(..sleepers.len())),
            _ => permits.extend(semaphore.try_acquire_many(1 + random.u32(..30))),
        }
        for at in answers {
            permits.extend(
                sleepers[at]
                    .poll()
                    .map(|permit| permit.expect("it is open")),
            );
        }
        sleepers.retain_mut(|sleeper| !sleeper.future().is_terminated());
    }
    permits.clear();
    semaphore.add_permits(owed);
    while let Some(at) = sleepers.iter().position(Waiting::is_woken) {
        if sleepers[at].poll().is_some() {
            sleepers.remove(at);
        }
    }
    let free = semaphore.available_permits();
    assert!(sleepers.is_empty(), "some sleep beside {free} free");
    assert_eq!(free, total, "permits are lost or made");
}

#[test]
fn nobody_is_stranded_in_a_long_front_of_few_tasks() {
    let _watchdog = Watchdog::new("a long front of few tasks");
    for seed in 0..100 {
        plunge_of_few_tasks(seed);
    }
}
