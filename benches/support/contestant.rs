//! A contestant: a way to acquire something shared and to release it, behind one trait, so that all run
//! literally the same code.

pub(crate) trait Contestant: 'static {
    const NAME: &'static str;
    /// What a row says about the shared thing, such as how many permits it has.
    type Setting: Copy + Send + Sync + 'static;
    /// The shared thing, behind an `Arc`.
    type Shared: Clone + Send + Sync + 'static;
    /// What one task requests.
    type Need: Copy + Send + 'static;
    /// What a task holds until it releases it.
    type Held<'a>: Send;
    /// What a task remembers while it holds.
    type Seen: Send;

    fn new(setting: Self::Setting) -> Self::Shared;
    /// What the task of this number, counted from 0, requests each time.
    fn need(setting: Self::Setting, task: u64) -> Self::Need;
    /// The operation that is measured, up to the acquisition.
    fn take(shared: &Self::Shared, need: Self::Need)
    -> impl Future<Output = Self::Held<'_>> + Send;
    fn see(held: &Self::Held<'_>) -> Self::Seen;
    fn give_back(held: Self::Held<'_>, seen: Self::Seen);
    /// The final state of the shared thing, and what it should be after that many operations.
    fn outcome(
        shared: &Self::Shared,
        setting: Self::Setting,
        operations: u64,
    ) -> impl Future<Output = (u64, u64)> + Send;
}
