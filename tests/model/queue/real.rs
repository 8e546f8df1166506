//! The real futures and permits, each with the handle that it borrows from.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::vec::IntoIter;

use wakeful::queue::{
    Closed, OwnedPermit, Permit, PermitIterator, Pop, PopMany, Push, PushMany, PushManyError,
    Receiver, Reserve, ReserveMany, ReserveOwned, SendError, Sender,
};

use super::channel::{Answer, Verdict};
use super::items::Counted;

/// A future of the queue.
pub(super) enum Wait {
    Push(Push<'static, Counted>),
    PushMany(PushMany<'static, Counted, IntoIter<Counted>>),
    Reserve(Reserve<'static, Counted>),
    ReserveMany(ReserveMany<'static, Counted>),
    ReserveOwned(ReserveOwned<Counted>),
    Pop(Pop<'static, Counted>),
    PopMany(PopMany<'static, Counted>, Vessel),
    Closed(Closed<'static, Counted>),
}

/// Slots that were got.
pub(super) enum Slots {
    One(Permit<'static, Counted>),
    Many(PermitIterator<'static, Counted>),
    Owned(OwnedPermit<Counted>),
}

/// The handle that a future or a permit borrows from, if it does.
#[derive(Clone)]
pub(super) enum Owner {
    Nobody,
    Sender(Rc<Sender<Counted>>),
    Receiver(Rc<Receiver<Counted>>),
}

impl Owner {
    pub(super) fn is_sender(&self, sender: &Rc<Sender<Counted>>) -> bool {
        matches!(self, Self::Sender(own) if Rc::ptr_eq(own, sender))
    }

    pub(super) fn is_receiver(&self, receiver: &Rc<Receiver<Counted>>) -> bool {
        matches!(self, Self::Receiver(own) if Rc::ptr_eq(own, receiver))
    }
}

/// A borrow of `handle` that does not end.
///
/// # Safety
///
/// Who borrows is gone, or forgotten, before the last clone of `handle` is.
pub(super) unsafe fn borrow<H>(handle: &Rc<H>) -> &'static H {
    // SAFETY: the value stays where it is until the last clone is dropped.
    unsafe { &*Rc::as_ptr(handle) }
}

/// What a `pop_many` fills.
pub(super) struct Vessel(*mut Vec<Counted>);

impl Vessel {
    pub(super) fn new() -> Self {
        Self(Box::into_raw(Box::default()))
    }

    /// # Safety
    ///
    /// It is used by one future, which is gone, or forgotten, before this is used otherwise.
    pub(super) unsafe fn to_fill(&self) -> &'static mut Vec<Counted> {
        // SAFETY: it came out of a box, and nothing else leads to it meanwhile.
        unsafe { &mut *self.0 }
    }
}

impl Drop for Vessel {
    fn drop(&mut self) {
        // SAFETY: it came out of a box, and the future that filled it was dropped or forgotten before.
        drop(unsafe { Box::from_raw(self.0) });
    }
}

pub(super) fn pushed(got: Result<(), SendError<Counted>>) -> Answer {
    match got {
        Ok(()) => Answer::done(),
        Err(SendError(item)) => Answer::new(Verdict::Closed, [item.came_out()]),
    }
}

pub(super) fn popped(got: Option<Counted>) -> Answer {
    match got {
        Some(item) => Answer::new(Verdict::Done, [item.came_out()]),
        None => Answer::new(Verdict::Closed, []),
    }
}

fn pushed_many(got: Result<usize, PushManyError<Counted, IntoIter<Counted>>>) -> Answer {
    match got {
        Ok(sent) => Answer::done().counted(sent),
        Err(PushManyError { sent, item, rest }) => {
            let items = [item].into_iter().chain(rest).map(Counted::came_out);
            Answer::new(Verdict::Closed, items).counted(sent)
        }
    }
}

fn reserved<P>(
    got: Result<P, SendError<()>>,
    slots: impl FnOnce(P) -> (Slots, usize),
) -> (Answer, Option<Slots>) {
    match got {
        Ok(permits) => {
            let (slots, count) = slots(permits);
            (Answer::done().counted(count), Some(slots))
        }
        Err(SendError(())) => (Answer::new(Verdict::Closed, []), None),
    }
}

pub(super) fn many(permits: PermitIterator<'static, Counted>) -> (Slots, usize) {
    let count = permits.len();
    (Slots::Many(permits), count)
}

impl Wait {
    /// Polls it, and says what it came to and which slots it got.
    pub(super) fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> (Answer, Option<Slots>) {
        macro_rules! poll {
            ($future:ident) => {
                // SAFETY: each is pinned as the whole is.
                match unsafe { Pin::new_unchecked($future) }.poll(cx) {
                    Poll::Ready(got) => got,
                    Poll::Pending => return (Answer::new(Verdict::NotYet, []), None),
                }
            };
        }
        // SAFETY: nothing is moved out of it.
        match unsafe { self.get_unchecked_mut() } {
            Self::Push(push) => (pushed(poll!(push)), None),
            Self::PushMany(push) => (pushed_many(poll!(push)), None),
            Self::Reserve(reserve) => reserved(poll!(reserve), |permit| (Slots::One(permit), 1)),
            Self::ReserveMany(reserve) => reserved(poll!(reserve).map_err(SendError::from), many),
            Self::ReserveOwned(reserve) => {
                reserved(poll!(reserve), |permit| (Slots::Owned(permit), 1))
            }
            Self::Pop(pop) => (popped(poll!(pop)), None),
            Self::PopMany(pop, vessel) => {
                let count = poll!(pop);
                // SAFETY: it is done, and does not look at it again.
                let items: Vec<_> = unsafe { vessel.to_fill() }.drain(..).collect();
                assert_eq!(count, items.len());
                let items = items.into_iter().map(Counted::came_out);
                (Answer::new(Verdict::Done, items), None)
            }
            Self::Closed(closed) => {
                poll!(closed);
                (Answer::done(), None)
            }
        }
    }

    /// Takes the item back, if it is a push.
    pub(super) fn into_item(self: Pin<&mut Self>) -> Option<Option<Counted>> {
        // SAFETY: nothing is moved out of it.
        match unsafe { self.get_unchecked_mut() } {
            // SAFETY: it is pinned as the whole is.
            Self::Push(push) => Some(unsafe { Pin::new_unchecked(push) }.into_item()),
            _ => None,
        }
    }
}
