//! One wait under the rules: its state, its credit and its patience.

/// Who polls: equal for two futures if they were last polled with wakers of the same data and vtable.
pub type Task = u8;

/// A waiter, by the order in which they were made.
pub type Id = usize;

/// The patience that no look at the clock wears down.
pub const NEVER: u32 = u32::MAX;

/// The most that probing lets patience grow to.
pub const MOST: u32 = 4096;

/// How many times more patient a waiter comes back after probing passed it over.
const MORE: u32 = 8;

/// What a waiter is doing.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum State {
    /// Not queued yet: never polled.
    #[default]
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
pub enum Got<T = ()> {
    It(T),
    NotYet,
    Closed,
}

/// One wait.
#[derive(Clone, Default, Debug)]
pub struct Waiter {
    pub task: Task,
    pub need: usize,
    pub state: State,
    /// How much of the credit is used up, by overtakers and by answers in vain.
    pub overtaken: u32,
    /// How many more looks at the clock this call may go unanswered.
    pub patience: u32,
    /// The patience that the next call starts with.
    pub grant: u32,
    /// Its place by order of arrival, counted from 1: given when it is queued first, and kept.
    pub ticket: u32,
    /// The number of its latest call, counted from 1.
    pub call: u32,
    /// The number of the call that it last found unanswered.
    pub met: u32,
    /// It probed at its first poll, and was not polled since.
    pub probed: bool,
    /// A prober left it its role: it was woken and not polled since, and has no waker to be woken with
    /// again.
    pub is_awake: bool,
    /// It never stands in the queue: it is stored where nobody knows whether it will be polled again.
    pub is_guest: bool,
}

/// What a poll did: what was got, and the tasks that it woke, in order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Polled {
    pub got: Got,
    pub woken: Vec<Task>,
}

impl Polled {
    pub fn new(got: Got, woken: Vec<Task>) -> Self {
        Self { got, woken }
    }
}

impl Waiter {
    pub fn new(task: Task, need: usize, patience: u32) -> Self {
        Self {
            task,
            need,
            patience,
            grant: patience,
            ..Self::default()
        }
    }

    /// Back to sleep, or on the way to what it needs, with the patience that the next call starts with.
    pub fn sleep(&mut self) {
        self.state = State::Asleep;
        self.patience = self.grant;
    }

    /// One look at the clock while its call is unanswered; says whether its patience has run out.
    pub fn runs_out(&mut self) -> bool {
        self.patience = self.patience.saturating_sub(1);
        self.patience == 0
    }

    /// Probing passed it over: it comes back more patient.
    pub fn grow_patience(&mut self) {
        self.grant = self.grant.saturating_mul(MORE).min(MOST.max(self.grant));
    }

    /// Halves what is left of its credit.
    pub fn answered_in_vain(&mut self, limit: u32) {
        self.overtaken = limit - (limit - self.overtaken) / 2;
    }
}
