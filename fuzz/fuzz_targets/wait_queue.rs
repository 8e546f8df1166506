//! The intrusive line of waiters against a `Vec`: after each step the same order, the links whole,
//! and the same called ones found ahead of everybody.
//!
//! `cargo +nightly fuzz run wait_queue -- -max_total_time=60`
#![no_main]

use libfuzzer_sys::fuzz_target;
use wakeful::fuzzing::LineUnderTest;

const WAITERS: usize = 32;
/// A poll looks for its own task among no more called ones than this.
const CALLED_SEEN: usize = 16;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    New,
    Asleep,
    Called,
    Passed { was_first: bool },
    Done,
}

struct Model {
    order: Vec<usize>,
    states: [State; WAITERS],
}

fuzz_target!(|bytes: &[u8]| {
    let mut line = LineUnderTest::new(WAITERS);
    let mut model = Model {
        order: Vec::new(),
        states: [State::New; WAITERS],
    };
    for &byte in bytes {
        let who = usize::from(byte >> 3);
        match byte & 7 {
            0 | 1 => assert_eq!(line.enqueue(who), model.enqueue(who)),
            2 => assert_eq!(line.call_first(), model.call_first()),
            3 => assert_eq!(line.sleep_again(who), model.sleep_again(who)),
            4 => assert_eq!(line.pass_over(who), model.pass_over(who)),
            5 | 6 => assert_eq!(line.come_back(who), model.come_back(who)),
            _ => {
                line.leave(who);
                model.leave(who);
            }
        }
        // Also asserts that the links lead back.
        assert_eq!(line.order(), model.order);
        for &who in &model.order {
            assert_eq!(
                line.called_ahead(who),
                model.called_ahead(who),
                "ahead of {who}"
            );
        }
    }
});

impl Model {
    fn place(&self, who: usize) -> Option<usize> {
        self.order.iter().position(|&x| x == who)
    }

    fn unlink(&mut self, who: usize) {
        self.order.retain(|&x| x != who);
    }

    fn enqueue(&mut self, who: usize) -> bool {
        let may = self.states[who] == State::New;
        if may {
            self.order.push(who);
            self.states[who] = State::Asleep;
        }
        may
    }

    fn call_first(&mut self) -> Option<usize> {
        let first = *self.order.first()?;
        let may = self.states[first] == State::Asleep;
        may.then(|| {
            self.states[first] = State::Called;
            first
        })
    }

    fn sleep_again(&mut self, who: usize) -> bool {
        let may = self.states[who] == State::Called;
        if may {
            self.states[who] = State::Asleep;
        }
        may
    }

    fn pass_over(&mut self, who: usize) -> bool {
        let may = self.states[who] == State::Called;
        if may {
            self.states[who] = State::Passed {
                was_first: self.place(who) == Some(0),
            };
            self.unlink(who);
        }
        may
    }

    /// To the front, or just behind the first if it was not itself the first.
    fn come_back(&mut self, who: usize) -> bool {
        let State::Passed { was_first } = self.states[who] else {
            return false;
        };
        let at = if was_first {
            0
        } else {
            self.order.len().min(1)
        };
        self.order.insert(at, who);
        self.states[who] = State::Asleep;
        true
    }

    fn leave(&mut self, who: usize) {
        self.unlink(who);
        self.states[who] = State::Done;
    }

    fn called_ahead(&self, who: usize) -> Vec<usize> {
        let ahead = self.order.iter().copied().take_while(|&x| x != who);
        let called = ahead.filter(|&x| self.states[x] == State::Called);
        called.take(CALLED_SEEN).collect()
    }
}
