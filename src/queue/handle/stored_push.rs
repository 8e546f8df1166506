//! The push that a sender keeps for its `Sink`.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use crate::queue::Queue;
use crate::queue::core::slots::Slots;
use crate::queue::error::SendError;
use crate::queue::future::push::pushed;
use crate::wait::WaitFuture;

type Stored<T> = WaitFuture<Slots<T, true>, Arc<Queue<T>>>;

/// The stored item, allocated when first needed.
pub(in crate::queue) struct StoredPush<T>(Option<Pin<Box<Stored<T>>>>);

impl<T> StoredPush<T> {
    pub(in crate::queue) fn new() -> Self {
        Self(None)
    }

    pub(in crate::queue) fn clear(&mut self) {
        self.0 = None;
    }

    pub(in crate::queue) fn is_pending(&self) -> bool {
        self.0.as_ref().is_some_and(|push| !push.is_done())
    }

    pub(in crate::queue) fn set(&mut self, push: Stored<T>) {
        match &mut self.0 {
            Some(stored) => stored.set(push),
            None => self.0 = Some(Box::pin(push)),
        }
    }

    pub(in crate::queue) fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), SendError<T>>> {
        match &mut self.0 {
            Some(push) if !push.is_done() => {
                let got = ready!(push.as_mut().poll(cx));
                Poll::Ready(pushed(got, push.as_mut().load()))
            }
            _ => Poll::Ready(Ok(())),
        }
    }
}
