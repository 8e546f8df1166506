//! One wait under the rules: its state, its credit and its patience.

/// Who polls: equal for two futures if they were last polled with wakers of the same data and vtable.
pub(crate) type Task = u8;

/// A waiter, by the order in which they were made.
pub(crate) type Id = usize;

/// The patience that probing never wears down.
pub(crate) const NEVER: u32 = u32::MAX;

/// The most that probing lets patience grow to.
pub(crate) const MOST: u32 = 4096;

/// How many times more patient a waiter comes back after probing passed it over.
const MORE: u32 = 8;

/// What a waiter is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum State {
    /// Not queued yet: never polled.
    New,
    /// Queued.
    Asleep,
    /// Queued, woken, and not polled since.
    Called,
    /// Woken, not polled since, and out of the queue.
    Passed,
    /// It acquired.
    Done,
    /// It was dropped.
    Gone,
    /// Out of the queue, woken or on its way to learn that all is closed, and not polled since.
    Failed,
}

/// What became of a wish for permits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Got<T = ()> {
    It(T),
    NotYet,
    Closed,
}

/// One wait.
#[derive(Clone, Debug)]
pub(crate) struct Waiter {
    pub(crate) task: Task,
    pub(crate) need: usize,
    pub(crate) state: State,
    /// How much of the credit is used up, by overtakers and by answers in vain.
    pub(crate) overtaken: u32,
    /// What is left of the patience of this call.
    pub(crate) patience: u32,
    /// The patience that the next call starts with.
    pub(crate) grant: u32,
    /// The number of its latest call.
    pub(super) call: u64,
    /// The number of the call that it probed last.
    pub(super) probe: u64,
    /// It probed at its first poll, and was not polled since.
    pub(super) probed: bool,
    /// It was the first when it was passed over.
    pub(super) was_first: bool,
    /// A guest left it its role: it was woken and not polled since, and no call has to wake it.
    pub(super) is_awake: bool,
    /// It never stands in the queue: it is stored where nobody knows whether it will be polled again.
    pub(super) is_guest: bool,
}

/// What a poll did: what was got, and the tasks that it woke, in order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Polled {
    pub(crate) got: Got,
    pub(crate) woken: Vec<Task>,
}

impl Waiter {
    pub(super) fn new(task: Task, need: usize, patience: u32) -> Self {
        Self {
            task,
            need,
            state: State::New,
            overtaken: 0,
            patience,
            grant: patience,
            call: 0,
            probe: 0,
            probed: false,
            was_first: false,
            is_awake: false,
            is_guest: false,
        }
    }

    /// Back to sleep, or on the way to what it needs, with the patience that the next call starts with.
    pub(super) fn sleep(&mut self) {
        self.state = State::Asleep;
        self.patience = self.grant;
    }

    /// One probe of its unanswered call; says whether its patience is at an end.
    pub(super) fn wear_down(&mut self) -> bool {
        self.patience -= 1;
        if self.patience > 0 {
            return false;
        }
        self.grant = self.grant.saturating_mul(MORE).min(MOST.max(self.grant));
        true
    }

    /// Halves what is left of its credit.
    pub(super) fn answered_in_vain(&mut self, limit: u32) {
        self.overtaken = limit - (limit - self.overtaken) / 2;
    }
}
