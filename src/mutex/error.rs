//! The error of `try_lock`.

use crate::error::messages;

/// The error of [`Mutex::try_lock`](crate::Mutex::try_lock): the mutex is locked, or kept for a woken waiter.
#[derive(Debug)]
pub struct TryLockError(pub(super) ());

messages!(TryLockError: Self(()) => "operation would block");
