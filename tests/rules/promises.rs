//! What is promised: that everybody gets in whom nobody holds up, and who may be held up by whom.

use crate::seen::What;
use crate::waiter::NEVER;
use crate::world::{Setting, World};

/// More turns than newcomers need to get everybody going.
const TURNS: usize = 2000;

/// What is promised of each state, of those where nobody is ready in particular, and in which settings.
#[derive(Clone, Copy)]
pub struct Promise {
    pub given: fn(&Setting) -> bool,
    pub always: fn(&World) -> Option<String>,
    pub in_the_end: fn(&World) -> Option<String>,
}

/// All are served.
const SERVED: Promise = Promise {
    given: |_| true,
    always: |_| None,
    in_the_end: all_are_served,
};

/// All are served. Where all are alive and tasks run in the order of waking, nobody is passed over for
/// want of patience.
pub const ALIVE: Promise = Promise {
    always: nobody_is_late,
    ..SERVED
};

/// The same for the branches of one task, which are all polled at every turn: none is passed over for
/// another.
pub const JOINED: Promise = Promise {
    always: nobody_is_late_or_passed_by_its_own,
    ..SERVED
};

/// All others are served, whatever is snoozed or dropped (P2).
pub const P2: Promise = SERVED;

/// Somebody is called and never polled again. All others are served (P3).
pub const P3: Promise = Promise {
    given: |setting| setting.patience < NEVER,
    ..SERVED
};

/// Who came before the call needs newcomers to be set going. Each newcomer gets in.
pub const P3_BY_NEWCOMERS: Promise = Promise {
    in_the_end: each_newcomer_gets_in,
    ..P3
};

/// A newcomer may lose to somebody alive, and then wait in line until the next one comes.
pub const P3_BY_MORE_NEWCOMERS: Promise = Promise {
    in_the_end: newcomers_get_everybody_going,
    ..P3
};

/// Somebody is alive, but slow: it is passed over once, and then no more.
pub const SLOW: Promise = Promise {
    given: |setting| setting.patience < NEVER && setting.fifo,
    always: passed_over_once,
    ..SERVED
};

fn nobody_is_late(world: &World) -> Option<String> {
    let late = world.setting().fifo && world.rules.seen.times(What::PassedByProbe) > 0;
    late.then(|| "somebody was passed over though alive".into())
}

fn nobody_is_late_or_passed_by_its_own(world: &World) -> Option<String> {
    let passed = world.rules.seen.times(What::PassedSameTask) > 0;
    let passed = passed.then(|| "a branch was passed over though polled at every turn".into());
    passed.or_else(|| nobody_is_late(world))
}

fn passed_over_once(world: &World) -> Option<String> {
    let times = world.rules.seen.times(What::PassedByProbe);
    (times > 1).then(|| format!("somebody slow was passed over {times} times"))
}

fn all_are_served(world: &World) -> Option<String> {
    let stuck: Vec<usize> = world.stuck().collect();
    (!stuck.is_empty()).then(|| format!("scripts {stuck:?} are stuck"))
}

fn each_newcomer_gets_in(world: &World) -> Option<String> {
    newcomers(world, 0, true)
}

fn newcomers_get_everybody_going(world: &World) -> Option<String> {
    newcomers(world, 6, false)
}

fn newcomers(world: &World, more: u32, each_gets_in: bool) -> Option<String> {
    all_are_served(world)?;
    let mut world = world.clone();
    let mut turns = 0;
    for _ in 0..3 * (world.setting().overtakes + 1) + more {
        world.newcomer();
        while let Some(&task) = world.ready.first() {
            world.turn(task);
            turns += 1;
            if turns > TURNS {
                return Some("tasks wake each other without end".into());
            }
        }
        if each_gets_in && !world.newcomer_is_through() {
            return Some("a newcomer found no way through".into());
        }
        if let Some(broken) = world.broken {
            return Some(broken.into());
        }
    }
    all_are_served(&world)
}
