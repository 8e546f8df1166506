//! The intrusive line of waiters against a `Vec`: after each step the same order and front, the links
//! whole, the same ones due whatever is free, and the same called ones found ahead of everybody.
//!
//! `cargo +nightly fuzz run wait_queue -- -max_total_time=60`
#![no_main]

use libfuzzer_sys::fuzz_target;
use wakeful::Fairness;
use wakeful::fuzzing::LineUnderTest;

/// Fewer than are looked at in one operation.
const WAITERS: usize = 32;
const TASKS: usize = 5;
const MOST_FREE: usize = 32;
const LIMIT: u16 = 3;
/// A poll looks for its own task among no more called ones than this.
const CALLED_SEEN: usize = 16;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// It stands nowhere: it never came, or left.
    Away,
    Asleep,
    Called,
    Passed,
}

#[derive(Clone, Copy)]
struct Waiter {
    need: usize,
    task: usize,
    state: State,
    ticket: usize,
    credit: u16,
}

struct Model {
    waiters: Vec<Waiter>,
    order: Vec<usize>,
    /// How many of the first in line are the front.
    front: usize,
    tickets: usize,
}

// Two bytes a step: what is done and by whom, and how much is free.
fuzz_target!(|bytes: &[u8]| {
    let mut model = Model::new();
    let waiters = model.waiters.iter().map(|x| (x.need as u32, x.task));
    let mut line = LineUnderTest::new(Fairness::overtakes(LIMIT), waiters);
    for step in bytes.chunks_exact(2) {
        let (who, free) = (usize::from(step[0] >> 3), usize::from(step[1]) % MOST_FREE);
        match step[0] & 7 {
            0 => assert_eq!(line.enqueue(who), model.enqueue(who)),
            1 => assert_eq!(line.call(free), model.call(free)),
            2 => {
                while {
                    let called = line.call(free);
                    assert_eq!(called, model.call(free));
                    called.is_some()
                } {}
            }
            3 => assert_eq!(line.answer_in_vain(who), model.answer_in_vain(who)),
            4 => assert_eq!(line.pass_over(who), model.pass_over(who)),
            5 => assert_eq!(line.come_back(who), model.come_back(who)),
            6 => assert_eq!(line.take(who, free), model.take(who, free)),
            _ => match step[1] >> 6 {
                0 => assert_eq!(line.dismiss(who), model.dismiss(who)),
                _ => {
                    line.leave(who);
                    model.leave(who);
                }
            },
        }
        compare(&line, &model);
    }
});

fn compare(line: &LineUnderTest, model: &Model) {
    // Also asserts the invariants of the line.
    assert_eq!(line.order(), model.order);
    assert_eq!(line.front(), model.front);
    assert_eq!(line.kept(), model.kept());
    assert_eq!(line.holes(), model.holes());
    assert!(!line.is_untidy(), "there are too few waiters for that");
    for free in 0..MOST_FREE {
        assert_eq!(line.due(free), model.due(free), "{free} are free");
        let spare = line.spare_for_newcomer(free);
        assert_eq!(spare, model.spare_for_newcomer(free), "{free} are free");
    }
    for &who in &model.order {
        let called = line.called_of_its_task(who);
        assert_eq!(called, model.called_of_its_task(who), "ahead of {who}");
    }
}

impl Model {
    fn new() -> Self {
        let waiter = |who| Waiter {
            need: 1 + who * who % 4,
            task: who % TASKS,
            state: State::Away,
            ticket: 0,
            credit: 0,
        };
        Self {
            waiters: (0..WAITERS).map(waiter).collect(),
            order: Vec::new(),
            front: 0,
            tickets: 0,
        }
    }

    fn is(&self, who: usize, state: State) -> bool {
        self.waiters[who].state == state
    }

    fn needs(&self, of: &[usize]) -> usize {
        of.iter().map(|&who| self.waiters[who].need).sum()
    }

    fn place(&self, who: usize) -> Option<usize> {
        self.order.iter().position(|&x| x == who)
    }

    fn ahead(&self, who: usize) -> &[usize] {
        &self.order[..self.place(who).unwrap_or(self.order.len())]
    }

    fn unlink(&mut self, who: usize) {
        if let Some(place) = self.place(who) {
            self.order.remove(place);
            if place < self.front {
                self.front -= 1;
                self.tidy_up();
            }
        }
    }

    fn enqueue(&mut self, who: usize) -> bool {
        let may = self.is(who, State::Away);
        if may {
            self.tickets += 1;
            self.order.push(who);
            self.waiters[who] = Waiter {
                state: State::Asleep,
                ticket: self.tickets,
                credit: LIMIT,
                ..self.waiters[who]
            };
        }
        may
    }

    /// The first sleeper, if enough is free beyond what those ahead of it need.
    fn due(&self, free: usize) -> Option<usize> {
        let sleeps = |&&who: &&usize| self.is(who, State::Asleep);
        let first = *self.order.iter().find(sleeps)?;
        let needs = self.needs(self.ahead(first)) + self.waiters[first].need;
        (needs <= free).then_some(first)
    }

    fn call(&mut self, free: usize) -> Option<usize> {
        let due = self.due(free)?;
        self.waiters[due].state = State::Called;
        self.front = self.front.max(self.ahead(due).len() + 1);
        Some(due)
    }

    fn take(&mut self, who: usize, free: usize) -> bool {
        let ahead = self.ahead(who);
        let need = self.waiters[who].need;
        if self.is(who, State::Passed) || free < need {
            return false;
        }
        let all_called = ahead.iter().all(|&x| self.is(x, State::Called));
        if !all_called || self.needs(ahead) + need > free {
            let first = self.order[0];
            let Some(rest) = self.waiters[first].credit.checked_sub(1) else {
                return false;
            };
            self.waiters[first].credit = rest;
        }
        self.leave(who);
        true
    }

    /// It sleeps again in its old place.
    fn answer_in_vain(&mut self, who: usize) -> bool {
        let may = self.is(who, State::Called);
        if may {
            self.waiters[who].state = State::Asleep;
            self.waiters[who].credit /= 2;
            self.tidy_up();
        }
        may
    }

    fn pass_over(&mut self, who: usize) -> bool {
        let may = self.is(who, State::Called);
        if may {
            self.waiters[who].state = State::Passed;
            self.unlink(who);
        }
        may
    }

    /// To its old place, which may be in the front.
    fn come_back(&mut self, who: usize) -> bool {
        let may = self.is(who, State::Passed);
        if may {
            let ticket = self.waiters[who].ticket;
            let is_earlier = |&x: &usize| self.waiters[x].ticket < ticket;
            let place = self.order.partition_point(is_earlier);
            self.order.insert(place, who);
            self.front += usize::from(place < self.front);
            self.waiters[who].state = State::Asleep;
        }
        may
    }

    fn dismiss(&mut self, who: usize) -> bool {
        let may = self.place(who).is_some();
        if may {
            self.leave(who);
        }
        may
    }

    fn leave(&mut self, who: usize) {
        self.unlink(who);
        self.waiters[who].state = State::Away;
    }

    /// The front ends with a called one.
    fn tidy_up(&mut self) {
        let called = |&who: &usize| self.is(who, State::Called);
        let last = self.order[..self.front].iter().rposition(called);
        self.front = last.map_or(0, |last| last + 1);
    }

    fn kept(&self) -> usize {
        self.needs(&self.order[..self.front])
    }

    fn holes(&self) -> Vec<usize> {
        let mut front = self.order[..self.front].to_vec();
        front.retain(|&who| self.is(who, State::Asleep));
        front
    }

    fn spare_for_newcomer(&self, free: usize) -> usize {
        if self.order.iter().any(|&who| self.is(who, State::Asleep)) {
            return 0;
        }
        free.saturating_sub(self.needs(&self.order))
    }

    fn called_of_its_task(&self, who: usize) -> Option<usize> {
        let ahead = self.ahead(who).iter().copied();
        let called = ahead.filter(|&x| self.is(x, State::Called));
        let task = self.waiters[who].task;
        let mut seen = called.take(CALLED_SEEN);
        seen.find(|&x| self.waiters[x].task == task)
    }
}
