//! How often each rule made a difference, so that a test can tell that it tested something.

macro_rules! seen {
    ($($(#[$where:meta])* $group:ident: { $($(#[$doc:meta])* $what:ident,)+ })+) => {
        /// What can be seen in a run.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum What {
            $($($(#[$doc])* $what,)+)+
        }

        $(
            $(#[$where])*
            pub const $group: [What; [$(What::$what),+].len()] = [$(What::$what),+];
        )+

        const ALL: usize = [$($(What::$what),+),+].len();
    };
}

seen! {
    /// What there is where one permit is all.
    OF_ONE: {
        /// An acquisition cost the first waiter credit.
        Overtaken,
        /// Enough was free but kept for called waiters, and a `try_*` failed.
        Kept,
        /// A called waiter was polled and found too little.
        AnsweredInVain,
        /// A future of the same task met a called one for the first time, and woke itself.
        MetSameTask,
        /// A called waiter was passed over by a future of its own task.
        PassedSameTask,
        /// A called waiter was passed over for want of patience.
        PassedByProbe,
        /// A poll that finds enough free but kept woke its own task.
        Probe,
        /// A dropped prober left its role to the one ahead.
        RolePassedOn,
        /// Who was passed over came back to the front.
        CameBackFirst,
        /// Who was passed over came back to a place behind others.
        CameBackBehind,
        /// Who was passed over came back ahead of a called one.
        CameBackAheadOfCalled,
    }
    /// What takes several, or a close.
    OF_MANY: {
        /// A called waiter sleeps again ahead of others who are called.
        Hole,
        /// Permits were taken ahead of called waiters, or behind them, and enough was left for all.
        LeftEnough,
        /// One event called several waiters.
        CalledSeveral,
        /// The first slept, for want of permits, and was dropped: that called one behind it.
        HeadGaveWay,
        /// More permits were taken out for good than were free.
        Owed,
        /// A debt was paid off, and what was left called somebody.
        PaidOff,
        /// Permits were forgotten that were kept for a called waiter.
        TakenFromCalled,
        /// It was closed while somebody slept.
        ClosedOnSleeper,
        /// It was closed while somebody was called and had not come.
        ClosedOnCalled,
    }
    /// What there is where items are stored, only what is specific to a queue.
    OF_STORAGE: {
        /// Enough slots were free for more waiters than are called at a time.
        CalledFew,
        /// The oldest item was thrown out for a new one.
        ThrownOut,
        /// Every slot was reserved, so that nothing could be thrown out.
        AllReserved,
        /// A batch left items to pops that were called.
        LeftToCalled,
        /// Waiting pops were woken because no more may come.
        Flushed,
        /// The last permit came back to a closed queue.
        LastPermit,
        /// Items were dropped with the last receiver.
        Deserted,
        /// A stored waiter was woken.
        StoredWoken,
    }
    /// What there is where several waiters are stored.
    OF_STORED: {
        /// A stored waiter found an item that was kept, and woke itself.
        StoredProbes,
        /// The same, while another did so.
        StoredProbeTogether,
        /// A stored waiter gave way to another of its task.
        StoredGaveWay,
        /// It met the same one again, and went on.
        StoredWentOn,
    }
    /// What there is where several pushes are stored.
    OF_SINKS: {
        /// A stored push was woken.
        SinkWoken,
        /// A stored push found a slot that was kept, and woke itself.
        SinkProbes,
        /// The same, while another did so.
        SinkProbeTogether,
        /// A stored push gave way to another of its task.
        SinkGaveWay,
        /// It met the same one again, and went on.
        SinkWentOn,
        /// A stored push was taken as an offer.
        SinkOffered,
    }
    /// What there is where a push that waits is the item.
    OF_RENDEZVOUS: {
        /// An item was taken out of a push that waits.
        OfferTaken,
        /// A push that was an item was dropped.
        OfferWithdrawn,
    }
}

/// A tally.
#[derive(Clone, Copy, Debug)]
pub struct Seen([u32; ALL]);

impl Default for Seen {
    fn default() -> Self {
        Self([0; ALL])
    }
}

impl Seen {
    pub fn count(&mut self, what: What) {
        self.0[what as usize] += 1;
    }

    pub fn times(&self, what: What) -> u32 {
        self.0[what as usize]
    }

    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += theirs;
        }
    }
}
