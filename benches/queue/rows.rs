//! The workloads. `ct` is tokio's current-thread runtime, `mt2` its multi-thread runtime with two workers,
//! `mt8` with eight; `4 to 1` are four tasks that send and one that receives. One operation is one item, sent
//! and received; in a ping-pong, it is one item sent there and one sent back.
//!
//! A contestant that cannot do what a row needs is left out of it. The `threads` rows use blocking calls.

use crate::support::executor::Place;
use crate::support::row::{Row, Section};

/// A queue, and who uses it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Traffic {
    /// `None` is unbounded.
    pub(crate) capacity: Option<usize>,
    pub(crate) users: Users,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Users {
    /// One task sends an item and receives it, again and again.
    One,
    /// Some send and some receive, each in a task of its own.
    Tasks { senders: u64, receivers: u64 },
    /// Two tasks send each other one item.
    PingPong,
    /// Some send and some receive, each on a thread of its own.
    Threads { senders: u64, receivers: u64 },
    /// A thread that pushes or pops now and then, and this many threads of the lowest priority that do so all
    /// the time.
    Urgent { niced: u64 },
}

impl Traffic {
    pub(crate) fn receivers(self) -> u64 {
        match self.users {
            Users::One | Users::PingPong | Users::Urgent { .. } => 1,
            Users::Tasks { receivers, .. } | Users::Threads { receivers, .. } => receivers,
        }
    }

    pub(crate) fn on_threads(self) -> bool {
        matches!(self.users, Users::Threads { .. })
    }

    pub(crate) fn is_urgent(self) -> bool {
        matches!(self.users, Users::Urgent { .. })
    }

    /// Whether senders often wait: then it matters whether receivers may take their items.
    pub(crate) fn is_tight(self) -> bool {
        self.capacity.is_some_and(|capacity| capacity <= 16)
    }
}

pub(crate) static ROWS: [Row<Traffic>; 24] = {
    use Place::{CurrentThread, EightWorkers, TwoWorkers};
    [
        one("push+pop, one task, bounded 128", Some(128)),
        one("push+pop, one task, unbounded", None),
        tasks("ct spsc, bounded 128", CurrentThread, 1, 1, Some(128)),
        tasks("ct 4 to 1, bounded 128", CurrentThread, 4, 1, Some(128)),
        tasks("ct 4 to 4, bounded 128", CurrentThread, 4, 4, Some(128)),
        tasks("ct 4 to 1, bounded 1", CurrentThread, 4, 1, Some(1)),
        tasks("mt2 spsc, bounded 128", TwoWorkers, 1, 1, Some(128)),
        tasks("mt2 4 to 1, bounded 128", TwoWorkers, 4, 1, Some(128)),
        tasks("mt2 64 to 1, bounded 16", TwoWorkers, 64, 1, Some(16)),
        tasks("mt2 4 to 4, bounded 128", TwoWorkers, 4, 4, Some(128)),
        tasks("mt2 4 to 1, bounded 1", TwoWorkers, 4, 1, Some(1)),
        tasks("mt2 spsc, unbounded", TwoWorkers, 1, 1, None),
        tasks("mt2 4 to 1, unbounded", TwoWorkers, 4, 1, None),
        tasks("mt2 4 to 4, unbounded", TwoWorkers, 4, 4, None),
        tasks("mt8 4 to 1, bounded 128", EightWorkers, 4, 1, Some(128)),
        tasks("mt8 64 to 1, bounded 16", EightWorkers, 64, 1, Some(16)),
        tasks("mt8 4 to 4, bounded 128", EightWorkers, 4, 4, Some(128)),
        tasks("mt8 4 to 4, unbounded", EightWorkers, 4, 4, None),
        tasks("mt8 32 to 32, bounded 1", EightWorkers, 32, 32, Some(1)),
        ping_pong("ct ping-pong, capacity 1", CurrentThread),
        ping_pong("mt2 ping-pong, capacity 1", TwoWorkers),
        threads("threads spsc, bounded 128", 1, 1, Some(128)),
        threads("threads 4 to 4, bounded 128", 4, 4, Some(128)),
        threads("threads spsc, unbounded", 1, 1, None),
    ]
};

/// How long a sender waits until its item has left: the price of being fast but unfair.
pub(crate) static WAITS: [Row<Traffic>; 6] = {
    use Place::{CurrentThread, TwoWorkers};
    [
        tasks("ct 4 to 1, bounded 1", CurrentThread, 4, 1, Some(1)).with_timed_waits(),
        tasks("mt2 4 to 1, bounded 128", TwoWorkers, 4, 1, Some(128)).with_timed_waits(),
        tasks("mt2 64 to 1, bounded 16", TwoWorkers, 64, 1, Some(16)).with_timed_waits(),
        tasks("mt2 4 to 4, bounded 128", TwoWorkers, 4, 4, Some(128)).with_timed_waits(),
        tasks("mt2 4 to 1, bounded 1", TwoWorkers, 4, 1, Some(1)).with_timed_waits(),
        urgent("an urgent thread beside 15 niced ones", 15),
    ]
};

const fn urgent(name: &'static str, niced: u64) -> Row<Traffic> {
    let traffic = Traffic {
        capacity: Some(1024),
        users: Users::Urgent { niced },
    };
    busy(name, Place::Thread, 1, traffic).with_timed_waits()
}

const fn one(name: &'static str, capacity: Option<usize>) -> Row<Traffic> {
    let users = Users::One;
    Row::alone(name, Place::CurrentThread, Traffic { capacity, users })
}

const fn tasks(
    name: &'static str,
    place: Place,
    senders: u64,
    receivers: u64,
    capacity: Option<usize>,
) -> Row<Traffic> {
    let users = Users::Tasks { senders, receivers };
    busy(name, place, senders, Traffic { capacity, users })
}

const fn threads(
    name: &'static str,
    senders: u64,
    receivers: u64,
    capacity: Option<usize>,
) -> Row<Traffic> {
    let users = Users::Threads { senders, receivers };
    busy(name, Place::Thread, senders, Traffic { capacity, users })
}

const fn ping_pong(name: &'static str, place: Place) -> Row<Traffic> {
    let traffic = Traffic {
        capacity: Some(1),
        users: Users::PingPong,
    };
    busy(name, place, 1, traffic)
}

/// Those who send are the row's tasks: each sends as many items as a task does operations.
const fn busy(name: &'static str, place: Place, senders: u64, traffic: Traffic) -> Row<Traffic> {
    Row::contended(name, place, senders, Section::Nothing, traffic)
}
