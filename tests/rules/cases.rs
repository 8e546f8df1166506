//! Small scenarios, by what they are about. Each is explored in every setting of its kind.

use crate::promises::{
    ALIVE, JOINED, P2, P3, P3_BY_MORE_NEWCOMERS, P3_BY_NEWCOMERS, Promise, SLOW,
};
use crate::waiter::NEVER;

/// How often later arrivals may overtake, and patience in looks.
pub const FAIRNESS: [(u32, u32); 9] = [
    (0, 1),
    (0, 2),
    (0, 3),
    (0, NEVER),
    (1, 1),
    (1, 2),
    (1, NEVER),
    (2, 1),
    (3, 1),
];

/// What each task does, with how many permits, and what must hold.
pub struct Case {
    pub about: &'static str,
    pub permits: usize,
    pub tasks: &'static [&'static [&'static str]],
    pub promise: Promise,
}

macro_rules! cases {
    ($($name:ident: $promise:expr => { $($about:literal, $permits:literal: $([$($branch:literal),+]),+;)+ })+) => {
        $(pub const $name: &[Case] = &[$(Case {
            about: $about,
            permits: $permits,
            tasks: &[$(&[$($branch),+]),+],
            promise: $promise,
        }),+];)+
    };
}

cases! {
    LIVE: ALIVE => {
        "three tasks", 1: ["hold a1, lock a2, hold a3"], ["hold b1, hold b2"], ["lock c1, hold c2"];
        "four tasks", 1: ["hold a1, lock a2"], ["hold b1"], ["lock c1"], ["hold d1"];
        "unequal needs", 3:
            ["hold a1 2, hold a2"], ["hold b1 3"], ["hold c1, lock c2"], ["hold d1 2"];
        "some try", 1: ["hold a1, try 1, hold a2"], ["hold b1, try 1"], ["try 1, lock c1, try 1"];
    }
    FOR_GOOD: ALIVE => {
        "three at once", 0:
            ["wait a1"], ["wait b1"], ["wait c1"], ["turn, add 3"], ["poll x1, turn, drop x1"];
        "one and two", 0:
            ["wait a1"], ["wait b1"], ["wait c1"], ["turn, add 1, turn, add 2"], ["poll x1, turn, drop x1"];
        "four at once", 0:
            ["wait a1"], ["wait b1"], ["wait c1"], ["turn, add 4"], ["poll x1, turn, drop x1"];
        "unequal, three at once", 0:
            ["wait a1"], ["wait b1 2"], ["turn, add 3"], ["poll x1 3, turn, drop x1"];
        "unequal, one and two", 0:
            ["wait a1"], ["wait b1 2"], ["turn, add 1, turn, add 2"], ["poll x1 3, turn, drop x1"];
        "unequal, four at once", 0:
            ["wait a1"], ["wait b1 2"], ["turn, add 4"], ["poll x1 3, turn, drop x1"];
    }
    SNOOZED: P2 => {
        "a snoozed future of the same task", 1:
            ["hold h"], ["turn, poll f1, hold f2, drop f1"], ["hold b1, hold b2"];
        "somebody alive between", 1:
            ["hold h1, hold h2"], ["hold b1"], ["turn, poll f1, hold f2, drop f1"], ["lock c1"];
        "unequal needs", 3:
            ["hold h 3"], ["turn, poll f1 2, hold f2, lock f3 3, drop f1"], ["hold b1, hold b2 2"];
        "two tasks that snooze", 1:
            ["hold h"], ["turn, poll f1, hold f2, drop f1"], ["turn, poll u1, hold u2, drop u1"];
    }
    CANCELLED: P2 => {
        "polled once and dropped", 1:
            ["hold a1, hold a2"], ["poll x1, turn, drop x1, poll x2, turn, drop x2"], ["hold b1, hold b2"];
        "a large one in front", 3:
            ["hold a1 2"], ["poll x1 3, turn, drop x1"], ["hold b1, hold b2 2"], ["hold c1"];
    }
    RESIZED: ALIVE => {
        "some permits are owed", 2:
            ["hold a1 2, lock a2"], ["hold b1"], ["turn, reduce 2, turn, add 2"], ["lock c1 2"];
        "taken from those called", 1: ["hold a1, hold a2"], ["hold b1 2"], ["reduce 1, turn, add 2"];
    }
    SLOTS: ALIVE => {
        "five for five", 0:
            ["wait a1"], ["wait b1"], ["wait c1"], ["wait d1"], ["wait e1"], ["turn, add 5"];
        "many, and a large one", 2:
            ["hold a1 2, wait a2"], ["wait b1 2"], ["wait c1"], ["turn, add 3"], ["poll x1, turn, drop x1"];
    }
    // Of slots, two calls that are never answered hold nobody up while four are free.
    SLOTS_TO_SPARE: P2 => {
        "two are never polled again", 0:
            ["poll dead1"], ["poll dead2"], ["wait a1"], ["wait b1"], ["wait c1"], ["turn, turn, add 6"];
    }
    FORGOTTEN: P3_BY_NEWCOMERS => {
        "one is never polled again", 1:
            ["hold h"], ["poll dead"], ["hold b1, hold b2"], ["hold c1, hold c2"];
        "two are never polled again", 1:
            ["hold h"], ["poll dead1, poll dead2"], ["hold b1, hold b2"], ["hold c1"];
        "unequal needs", 3:
            ["hold h 3"], ["poll dead1 2, poll dead2"], ["hold b1 2, hold b2"], ["hold c1 3"];
        "probers give up", 1:
            ["hold h"], ["poll dead"], ["poll x1, turn, poll x1, turn, drop x1"], ["lock c1"];
    }
    FORGOTTEN_BETWEEN: P3_BY_MORE_NEWCOMERS => {
        "dead, alive, dead", 1:
            ["hold h"], ["poll dead1"], ["lock b1, hold b2"], ["turn, poll dead2"], ["lock c1"];
        "dead and snoozed", 1:
            ["hold h"], ["poll dead"], ["turn, poll v1, lock v2, poll v1, turn, drop v1"], ["lock b1"];
    }
    // The one that gives up comes last. If it stood ahead, and yet looked last, as on several threads it
    // may, nobody would sleep ahead of it to probe on, and the arrival would wait for the next one.
    ARRIVALS: P3 => {
        "an arrival, and one that gives up", 0:
            ["poll dead, add 1"], ["after dead, wait a1"], ["after a1, poll x1, turn, poll x1, turn, drop x1"];
    }
    // Once the first is passed over, for its task, the next is called.
    ARRIVALS_OF_A_TASK: P3 => {
        "behind one of its own task, and a dead one", 0:
            ["poll v, after dead, add 1, lock f"], ["after v, poll dead"];
        "behind a dead one, and one of its own task", 0:
            ["poll dead"], ["after dead, poll v, turn, add 1, lock f"];
    }
    // They slept when the call was made, and nobody arrives.
    DEADLINES: P3 => {
        "a sleeper looks again", 0:
            ["poll dead"], ["after dead, poll t, turn, add 1, look t, wait t"];
        "one that others sleep beside", 0:
            ["poll dead"], ["after dead, wait a1, add 1"], ["after a1, poll t, turn, add 1, look t, lock t"];
    }
    LATE: SLOW => {
        "polled at every fourth turn", 1:
            ["hold h"],
            ["poll s, turn, turn, turn, poll s, turn, turn, turn, poll s, turn, turn, turn, wait s"],
            ["turn, hold a1, turn, hold a2, turn, hold a3, turn, hold a4"];
    }
    BRANCHES: JOINED => {
        "three of one task", 1: ["hold a0, hold a1", "hold b0, hold b1", "hold c0, hold c1"];
        "one of three is quick", 1: ["hold a0, hold a1", "lock b0, lock b1", "hold c0, hold c1"];
        "two and a task", 1: ["hold a0, hold a1", "hold b0, hold b1"], ["hold c0, hold c1"];
        "two and two", 1: ["hold a0, hold a1", "hold b0"], ["hold c0", "hold d0, hold d1"];
        "unequal needs", 3:
            ["hold a0 2, hold a1 2", "hold b0, hold b1", "hold c0 3"], ["hold d0 2"];
    }
}
