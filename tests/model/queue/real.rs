//! The real futures and permits, each with the handle that it borrows from.

use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::ptr::addr_eq;
use std::rc::Rc;
use std::task::{Context, Poll};

use wakeful::queue::{
    OwnedPermit, Permit, PermitIterator, Push, PushManyError, SendError, TrySendError,
};

use super::items::Counted;
use super::{Answer, Verdict};
use crate::model::live::Graveyard;

/// A future of the queue.
pub(super) enum Wait {
    /// One whose item can be taken back.
    Push(Pin<Box<Push<'static, Counted>>>),
    Other(Pin<Box<dyn Future<Output = Ended>>>),
}

/// What a future came to, and which slots it got.
pub(super) type Ended = (Answer, Option<Slots>);

/// Slots that were got.
pub(super) enum Slots {
    One(Permit<'static, Counted>),
    Many(PermitIterator<'static, Counted>),
    Owned(OwnedPermit<Counted>),
}

/// The handle that a future or a permit borrows from, if it does.
pub(super) type Owner = Option<Rc<dyn Any>>;

pub(super) fn borrows_from<H>(owner: &Owner, handle: &Rc<H>) -> bool {
    let is_handle = |owner: &Rc<dyn Any>| addr_eq(Rc::as_ptr(owner), Rc::as_ptr(handle));
    owner.as_ref().is_some_and(is_handle)
}

/// Why nothing was sent or reserved.
pub(super) fn refused<T>(error: &TrySendError<T>) -> Verdict {
    match error {
        TrySendError::Full(_) => Verdict::NotYet,
        TrySendError::Closed(_) => Verdict::Closed,
    }
}

pub(super) fn pushed(got: Result<(), SendError<Counted>>) -> Answer {
    match got {
        Ok(()) => Answer::done(),
        Err(SendError(item)) => Answer::new(Verdict::Closed, [item.came_out()]),
    }
}

pub(super) fn pushed_many<I: Iterator<Item = Counted>>(
    got: Result<usize, PushManyError<Counted, I>>,
) -> Answer {
    match got {
        Ok(sent) => Answer::done().counted(sent),
        Err(PushManyError { sent, item, rest }) => {
            let items = [item].into_iter().chain(rest).map(Counted::came_out);
            Answer::new(Verdict::Closed, items).counted(sent)
        }
    }
}

pub(super) fn popped(got: Option<Counted>) -> Answer {
    match got {
        Some(item) => Answer::new(Verdict::Done, [item.came_out()]),
        None => Verdict::Closed.into(),
    }
}

/// The same for those who reserved.
pub(super) fn reserved<E>(got: Result<Slots, E>) -> Ended {
    match got {
        Ok(slots) => (Answer::done().counted(slots.count()), Some(slots)),
        Err(_) => (Verdict::Closed.into(), None),
    }
}

impl Slots {
    pub(super) fn count(&self) -> usize {
        match self {
            Self::One(_) | Self::Owned(_) => 1,
            Self::Many(permits) => permits.len(),
        }
    }
}

impl Wait {
    pub(super) fn new(future: impl Future<Output = Ended> + 'static) -> Self {
        Self::Other(Box::pin(future))
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Ended {
        let polled = match self {
            Self::Push(push) => push.as_mut().poll(cx).map(|got| (pushed(got), None)),
            Self::Other(other) => other.as_mut().poll(cx),
        };
        match polled {
            Poll::Ready(ended) => ended,
            Poll::Pending => (Verdict::NotYet.into(), None),
        }
    }

    pub(super) fn bury(self, graveyard: &mut Graveyard) {
        match self {
            Self::Push(push) => graveyard.bury(push),
            Self::Other(other) => graveyard.bury(other),
        }
    }
}
