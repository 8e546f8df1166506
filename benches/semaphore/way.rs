//! The ways to ask for permits.

use std::sync::Arc;

/// A call that asks a semaphore for permits. Nobody has to offer every one.
pub(crate) trait Way<S: 'static>: 'static {
    type Permit<'a>: Permit;

    fn ask(semaphore: &Arc<S>, permits: u32) -> impl Future<Output = Self::Permit<'_>> + Send;
}

/// The call for one permit.
pub(crate) struct One;
/// The call for several permits.
pub(crate) struct Many;
/// The call for one permit that owns its share of the semaphore.
pub(crate) struct Owned;

/// What a call's future gives: a permit, or a result that has one.
pub(crate) trait Permit: Send {
    fn granted(&self) -> bool {
        true
    }
}

impl<P: Send, E: Send> Permit for Result<P, E> {
    fn granted(&self) -> bool {
        self.is_ok()
    }
}

/// How many permits nobody holds.
pub(crate) trait Available: Send + Sync + 'static {
    fn available(&self) -> usize;
}
