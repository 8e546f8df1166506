//! The rules with one taken out, for the tests that show that each of them is needed.

/// What is taken out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Without {
    /// Rule 1: who leaves the queue passes its call on.
    PassingOn,
    /// Rule 1: who answers calls the next, where only a few are called at a time.
    CallingTheNext,
    /// Rule 1: no more than a few are called for slots.
    Few,
    /// Rule 2: who was called in vain sleeps again in its old place.
    SleepingInPlace,
    /// Rule 3: later arrivals overtake the first waiter `k` times in all.
    Credit,
    /// Rule 3: each answer in vain halves what is left of the credit.
    Halving,
    /// Rule 4: a called waiter of the same task is passed over.
    OwnTask,
    /// Rule 4: not at once, but at the second meeting with the same call.
    SecondMeeting,
    /// Rule 4: who may probe still may, once the one of its task was passed over.
    ProbingOn,
    /// Rule 5: a called waiter whose patience has run out is passed over.
    Probing,
    /// Rule 5: the first meeting only starts the clock.
    StartingTheClock,
    /// Rule 5: an arrival that finds enough free, but kept, wakes itself.
    WakingItself,
    /// Rule 5: a dropped prober leaves its role to the sleeper just ahead of it.
    Heir,
    /// Rule 5: a wait with a deadline looks again, as an arrival does, before it gives up.
    Deadline,
    /// Rule 6: who was passed over joins the queue again when it is polled.
    ComingBack,
    /// Rule 6: to its old place.
    OldPlace,
    /// Rule 6: with what credit was left.
    CreditLeft,
    /// Rule 6: more patient.
    Growth,
}
