//! Who is `Send`, `Sync`, `Unpin`, `UnwindSafe` and `RefUnwindSafe`, and who is not.

use std::cell::Cell;
use std::panic::{RefUnwindSafe, UnwindSafe};

use wakeful::Queue;
use wakeful::queue::{
    Closed, Join, LifoQueue, OwnedPermit, Permit, PermitIterator, Pop, PopMany, PriorityQueue,
    Push, PushMany, PushManyError, Receiver, RecvTimeoutError, Reserve, ReserveMany, ReserveOwned,
    SendError, SendTimeoutError, SendUntil, SendUntilError, Sender, TryRecvError, TrySendError,
    UnboundedSender, WeakReceiver, WeakSender, WeakUnboundedSender, WeakWeightedSender,
    WeightedPush, WeightedPushMany, WeightedPushManyError, WeightedQueue, WeightedSendError,
    WeightedSendTimeoutError, WeightedSendUntil, WeightedSendUntilError, WeightedSender,
    WeightedTrySendError,
};

use crate::support::auto_traits::{Both, Neither, SendOnly, SyncOnly};
use crate::support::implements;

/// Not `UnwindSafe`, nor `RefUnwindSafe`.
type Torn = &'static mut Cell<u8>;

type PermitOf<T> = Permit<'static, T>;
type PermitsOf<T> = PermitIterator<'static, T>;
type Pushing<T> = Push<'static, T>;
type PushingMany<T> = PushMany<'static, T, std::vec::IntoIter<T>>;
type PushingManyWeighed<T> = WeightedPushMany<'static, T, std::vec::IntoIter<T>>;
type UntilWeighed<T> = WeightedSendUntil<'static, T, std::future::Ready<()>>;
type PushingWeighed<T> = WeightedPush<'static, T>;
type Popping<T> = Pop<'static, T>;
type PoppingMany<T> = PopMany<'static, T>;
type Reserving<T> = Reserve<'static, T>;
type ReservingMany<T> = ReserveMany<'static, T>;
type Closing<T> = Closed<'static, T>;
type Joining<T> = Join<'static, T>;
type Until<T> = SendUntil<'static, T, std::future::Ready<()>>;
type ManyError<T> = PushManyError<T, std::vec::IntoIter<T>>;
type ManyWeighedError<T> = WeightedPushManyError<T, std::vec::IntoIter<T>>;

/// Whether each of several types over `$value` implements a trait.
macro_rules! each {
    ([$($of:ident),* $(,)?]<$value:ty>: $trait:path) => {
        [$(implements!($of<$value>: $trait)),*]
    };
}

macro_rules! shared {
    ($value:ty: $trait:path) => {
        each!([
            Queue, LifoQueue, PriorityQueue, WeightedQueue,
            Sender, Receiver, WeakWeightedSender, UnboundedSender, WeakSender, WeakReceiver, WeakUnboundedSender,
            PermitOf, PermitsOf, OwnedPermit, WeightedSender,
        ]<$value>: $trait)
    };
}

macro_rules! futures {
    ($value:ty: $trait:path) => {
        each!([
            Pushing, Popping, Reserving, ReservingMany, ReserveOwned, Closing, Joining,
            Until, PushingWeighed, UntilWeighed,
        ]<$value>: $trait)
    };
}

macro_rules! errors {
    ($value:ty: $trait:path) => {
        each!([SendError, TrySendError, SendTimeoutError, SendUntilError, ManyError, WeightedSendError, WeightedTrySendError, WeightedSendTimeoutError, WeightedSendUntilError, ManyWeighedError]
            <$value>: $trait)
    };
}

/// A queue moves items from thread to thread, and never shares one: `T: Send` is enough, and needed.
#[test]
fn queues_handles_and_permits_go_where_items_may_be_sent() {
    assert_eq!(shared!(Both: Send), [true; 15]);
    assert_eq!(shared!(Both: Sync), [true; 15]);
    assert_eq!(shared!(SendOnly: Send), [true; 15]);
    assert_eq!(shared!(SendOnly: Sync), [true; 15]);
    assert_eq!(shared!(SyncOnly: Send), [false; 15]);
    assert_eq!(shared!(SyncOnly: Sync), [false; 15]);
    assert_eq!(shared!(Neither: Send), [false; 15]);
    assert_eq!(shared!(Neither: Sync), [false; 15]);
}

/// `Sync` as tokio's send is: a shared push leads to nothing.
#[test]
fn futures_go_where_items_may_be_sent() {
    assert_eq!(futures!(Both: Send), [true; 10]);
    assert_eq!(futures!(Both: Sync), [true; 10]);
    assert_eq!(futures!(SendOnly: Send), [true; 10]);
    assert_eq!(futures!(SyncOnly: Send), [false; 10]);
    assert_eq!(futures!(SyncOnly: Sync), [false; 10]);
    assert_eq!(futures!(Neither: Send), [false; 10]);
    assert_eq!(futures!(Neither: Sync), [false; 10]);
    assert!(implements!(Popping<SendOnly>: Sync));
}

/// Those that hold more than a waiter go where that may go as well.
#[test]
fn futures_of_many_go_where_their_iterator_or_vector_may() {
    assert!(implements!(PushingMany<Both>: Send) && implements!(PushingMany<Both>: Sync));
    assert!(implements!(PushingMany<SendOnly>: Send));
    // Its iterator holds items.
    assert!(!implements!(PushingMany<SendOnly>: Sync));
    assert!(!implements!(PushingMany<Neither>: Send));
    assert!(implements!(PushingManyWeighed<SendOnly>: Send));
    assert!(implements!(PushingManyWeighed<Both>: Sync));
    assert!(!implements!(PushingManyWeighed<SendOnly>: Sync));
    assert!(implements!(PoppingMany<Both>: Send) && implements!(PoppingMany<Both>: Sync));
    assert!(implements!(PoppingMany<SendOnly>: Send));
    // Its vector holds items.
    assert!(!implements!(PoppingMany<SendOnly>: Sync));
    type WithRc = PushMany<'static, u8, std::iter::Once<Neither>>;
    assert!(!implements!(WithRc: Send) && !implements!(WithRc: Sync));
    type UntilRc = SendUntil<'static, u8, std::future::Ready<Neither>>;
    assert!(!implements!(UntilRc: Send) && !implements!(UntilRc: Sync));
}

#[test]
fn errors_are_as_what_they_give_back() {
    assert_eq!(errors!(Both: Send), [true; 10]);
    assert_eq!(errors!(SendOnly: Send), [true; 10]);
    assert_eq!(errors!(SendOnly: Sync), [false; 10]);
    assert_eq!(errors!(SyncOnly: Send), [false; 10]);
    assert!(implements!(TryRecvError: Send) && implements!(RecvTimeoutError: Sync));
}

#[test]
fn futures_are_pinned_and_all_else_is_not() {
    type Pinned = std::marker::PhantomPinned;
    assert_eq!(shared!(Pinned: Unpin)[4..], [true; 11]);
    assert!(implements!(Queue<Both>: Unpin));
    assert_eq!(futures!(Both: Unpin), [false; 10]);
    assert!(!implements!(PushingMany<Both>: Unpin) && !implements!(PoppingMany<Both>: Unpin));
}

#[test]
fn queues_handles_and_permits_are_unwind_safe_for_every_item() {
    assert_eq!(shared!(Torn: UnwindSafe), [true; 15]);
    assert_eq!(shared!(Torn: RefUnwindSafe), [true; 15]);
    assert_eq!(shared!(Both: UnwindSafe), [true; 15]);
}
