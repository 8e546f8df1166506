//! Every schedule of a scenario: each state once, whichever way leads to it.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::rc::Rc;

use crate::promises::Promise;
use crate::waiter::{Id, State, Task, Waiter};
use crate::world::{Scenario, World};

/// More states than any scenario has.
const MOST: usize = 400_000;

/// How many states there are. `Err` tells the story of one that does not keep the promise.
pub fn explore(scenario: &Rc<Scenario>, promise: Promise) -> Result<usize, String> {
    let mut seen = HashSet::<Box<[u8]>, BuildHasherDefault<Mix>>::default();
    let mut key = Vec::new();
    let mut path: Vec<Task> = Vec::new();
    // With how many turns led there, of which the last was whose.
    let mut open: Vec<(World, usize, Task)> = vec![(scenario.start(), 0, 0)];
    while let Some((world, turns, last)) = open.pop() {
        path.truncate(turns.saturating_sub(1));
        path.extend((turns > 0).then_some(last));
        let broken = world.broken.map(String::from);
        let ends = world.ready.is_empty().then_some(promise.in_the_end);
        let broken = broken
            .or_else(|| (promise.always)(&world))
            .or_else(|| ends.and_then(|in_the_end| in_the_end(&world)));
        if let Some(broken) = broken {
            let queue = world.queue();
            return Err(format!(
                "{broken}: after the turns {path:?}, {queue}\n{scenario:?}"
            ));
        }
        world.key(&mut key);
        if seen.contains(key.as_slice()) {
            continue;
        }
        seen.insert(key.as_slice().into());
        if world.setting().without.is_none() {
            world.rules.assert_invariants();
        }
        if seen.len() > MOST {
            return Err(format!("it has no end: {scenario:?}"));
        }
        for &task in world.choices() {
            let mut next = world.clone();
            next.turn(task);
            open.push((next, turns + 1, task));
        }
    }
    Ok(seen.len())
}

impl World {
    /// What the future depends on: equal for two states from which all goes on alike.
    ///
    /// Of numbers that only grow it has what they are compared for: who stands ahead of whom, and whose
    /// call it was that somebody met last.
    fn key(&self, key: &mut Vec<u8>) {
        let rules = &self.rules;
        key.clear();
        key.push(rules.balance as u8);
        key.extend_from_slice(self.at());
        let ready = key.len();
        key.extend_from_slice(&self.ready);
        if !self.setting().fifo {
            key[ready..].sort_unstable();
        }
        key.push(u8::MAX);
        key.push(rules.prober.map_or(u8::MAX, |id| id as u8));
        key.push(rules.queue.len() as u8);
        key.extend(rules.queue.iter().map(|&id| id as u8));
        for waiter in &rules.waiters {
            let state = match waiter.state {
                State::Gone => State::Done,
                state => state,
            };
            key.push(state as u8);
            if matches!(state, State::New | State::Done) {
                continue;
            }
            let flags = u8::from(waiter.probed) + 2 * u8::from(waiter.is_awake);
            let met = |&id: &Id| {
                rules.waiter(id).state == State::Called && rules.waiter(id).call == waiter.met
            };
            let met = rules.queue.iter().copied().find(met);
            let mut ahead = 0;
            if waiter.state == State::Passed {
                let waits =
                    |x: &&Waiter| matches!(x.state, State::Asleep | State::Called | State::Passed);
                let others = rules.waiters.iter().filter(waits);
                ahead = others.filter(|x| x.ticket < waiter.ticket).count();
            }
            key.extend([flags, met.map_or(u8::MAX, |id| id as u8), ahead as u8]);
            for number in [waiter.overtaken, waiter.patience, waiter.grant] {
                // `NEVER` stays the greatest of all.
                let number = number.min(u16::MAX.into()) as u16;
                key.extend(number.to_le_bytes());
            }
        }
    }
}

/// A quick hash, good enough for short keys that nobody chooses to collide.
#[derive(Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            let mixed = self.0.rotate_left(5) ^ u64::from_le_bytes(word);
            self.0 = mixed.wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}
