//! P1 as somebody sees it who knows when each waiter arrived, and trusts the rules in nothing else.
//!
//! It looks at the states before and after an event, and needs no memory: if each later arrival that acquires
//! costs the first waiter one of its `k`, and none of them comes back, then no more than `k` do.

use crate::rules::Rules;
use crate::waiter::{Id, State};

/// A promise that was not kept, in words.
pub type Broken = &'static str;

/// What was so before an event.
pub struct Watch {
    /// Who wants to acquire, if it is a future.
    who: Option<Id>,
    was_called: bool,
    used: u32,
    need: usize,
    free: usize,
    /// Who arrived earlier and waits, with what is used up of its credit.
    ahead: Vec<(Id, u32)>,
}

impl Watch {
    pub fn before(rules: &Rules, who: Option<Id>, need: usize) -> Self {
        let ticket = |id: Id| rules.waiter(id).ticket;
        let own = who.map(ticket).filter(|&ticket| ticket > 0);
        let is_ahead = |&id: &Id| own.is_none_or(|own| ticket(id) < own);
        let ahead = rules.queue.iter().copied().filter(is_ahead);
        let used = |id| rules.waiter(id).overtaken;
        Self {
            who,
            was_called: who.is_some_and(|id| rules.waiter(id).state == State::Called),
            used: who.map_or(0, used),
            need,
            free: rules.free(),
            ahead: ahead.map(|id| (id, used(id))).collect(),
        }
    }

    /// `acquired` says whether it has what it wants.
    pub fn after(self, rules: &Rules, acquired: bool) -> Option<Broken> {
        if acquired {
            self.acquired(rules)
        } else {
            self.waits(rules)
        }
    }

    fn acquired(&self, rules: &Rules) -> Option<Broken> {
        // Those who were passed over in this very event do not count any more.
        let waits = |id| matches!(rules.waiter(id).state, State::Asleep | State::Called);
        let ahead = self.ahead.iter().filter(|&&(id, _)| waits(id));
        let wanted: usize = ahead.clone().map(|&(id, _)| rules.waiter(id).need).sum();
        if self.free >= wanted + self.need {
            return None;
        }
        let &(first, before) = ahead.min_by_key(|&&(id, _)| rules.waiter(id).ticket)?;
        let used = rules.waiter(first).overtaken;
        if used <= before {
            Some("a later arrival acquired, and that cost the first waiter nothing")
        } else if used > rules.limit {
            Some("more later arrivals acquired than may overtake")
        } else {
            None
        }
    }

    fn waits(&self, rules: &Rules) -> Option<Broken> {
        let used = rules.waiter(self.who?).overtaken;
        let (before, left) = (rules.limit - self.used, rules.limit.checked_sub(used)?);
        if left > before {
            Some("credit came back")
        } else if self.was_called && left > before / 2 {
            Some("an answer in vain did not halve the credit that is left")
        } else {
            None
        }
    }
}
