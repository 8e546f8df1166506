//! How often each rule made a difference, so that a test can tell that it tested something.

/// What can be seen in a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum What {
    /// An acquisition cost the first waiter credit.
    Overtaken,
    /// Enough was free but kept for called waiters, and a `try_*` failed.
    Kept,
    /// A called waiter was polled and found too little.
    AnsweredInVain,
    /// A called waiter was passed over by a future of its own task.
    PassedSameTask,
    /// A called waiter was passed over for want of patience.
    PassedByProbe,
    /// A poll that finds enough free but kept woke its own task.
    Probe,
    /// A dropped prober left its role to the one ahead.
    RolePassedOn,
    /// Who was the first when it was passed over came back.
    CameBackFirst,
    /// Who was not the first when it was passed over came back.
    CameBackBehind,
    /// Who was the first came back ahead of a called one.
    CameBackAheadOfCalled,
}

/// All of them.
pub(crate) const ALL: [What; 10] = [
    What::Overtaken,
    What::Kept,
    What::AnsweredInVain,
    What::PassedSameTask,
    What::PassedByProbe,
    What::Probe,
    What::RolePassedOn,
    What::CameBackFirst,
    What::CameBackBehind,
    What::CameBackAheadOfCalled,
];

/// A tally.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Seen([u32; ALL.len()]);

impl Seen {
    pub(crate) fn count(&mut self, what: What) {
        self.0[what as usize] += 1;
    }

    pub(crate) fn times(&self, what: What) -> u32 {
        self.0[what as usize]
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += theirs;
        }
    }
}
