//! Waiting on the calling thread.

use std::task::Waker;

use crate::sync::{Deadline, Parker, yield_now};

/// What a poll on behalf of a thread came to.
pub(crate) enum Turn<T> {
    Ready(T),
    /// To be polled again when the waker was woken.
    Park,
    /// To be polled again soon, without being woken.
    Yield,
}

/// Polls until ready or too late. A deadline that has passed already allows one poll.
pub(crate) fn block_on<T>(
    deadline: Deadline,
    mut poll: impl FnMut(&Waker) -> Turn<T>,
) -> Option<T> {
    let parker = Parker::of_this_thread();
    loop {
        parker.reset();
        match poll(&parker.waker) {
            Turn::Ready(value) => return Some(value),
            Turn::Park if parker.spin() || deadline.park() => {}
            Turn::Yield if !deadline.has_passed() => yield_now(),
            Turn::Park | Turn::Yield => return None,
        }
    }
}
