//! A multi-producer, multi-consumer queue: bounded, unbounded or rendezvous.
//!
//! Use it as one shared object, [`Queue`], or as a channel ([`bounded`], [`unbounded`]), which closes when the
//! last [`Sender`] or the last [`Receiver`] is dropped.
//!
//! ```
//! # futures::executor::block_on(async {
//! use wakeful::queue;
//!
//! let (sender, receiver) = queue::bounded(16);
//! sender.send("hello").await.unwrap();
//! drop(sender);
//! assert_eq!(receiver.recv().await, Some("hello"));
//! assert_eq!(receiver.recv().await, None);
//! # });
//! ```
//!
//! Pushes wait for slots and pops for items, by the rules of [`Fairness`](crate::Fairness): bounded overtaking,
//! and no futurelock. No item is handed to a waiting pop, and none is taken out of a waiting push (except with
//! a capacity of 0): items move only when their push or pop is polled. [`Queue`] documents what is promised,
//! for channels too.
//!
//! # Worker pool and graceful shutdown
//!
//! Every accepted job runs: dropping the last sender closes the channel, and the workers drain it before they
//! stop.
//!
//! ```
//! use wakeful::queue;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let (jobs, inbox) = queue::bounded::<u32>(8);
//! let workers: Vec<_> = (0..3)
//!     .map(|_| {
//!         let inbox = inbox.clone();
//!         tokio::spawn(async move {
//!             let mut done = 0;
//!             while let Some(job) = inbox.recv().await {
//!                 done += job;
//!                 tokio::task::yield_now().await;
//!             }
//!             done
//!         })
//!     })
//!     .collect();
//! for job in 1..=100 {
//!     jobs.send(job).await.unwrap();
//! }
//! drop(jobs);
//! let mut done = 0;
//! for worker in workers {
//!     done += worker.await.unwrap();
//! }
//! assert_eq!(done, 5050);
//! # }
//! ```
//!
//! # A timeout that gives the item back
//!
//! An item whose push was cancelled was never received and never will be (unless the capacity is 0), so it can
//! be sent again, or elsewhere, without arriving twice. Any runtime's timer will do:
//!
//! ```
//! use std::time::Duration;
//! use wakeful::queue::{self, SendUntilError};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let (sender, receiver) = queue::bounded(1);
//! sender.send("first").await.unwrap();
//! let timeout = tokio::time::sleep(Duration::from_millis(1));
//! let late = sender.send_until("second", timeout).await;
//! assert_eq!(late, Err(SendUntilError::Interrupted("second")));
//! # drop(receiver);
//! # }
//! ```
//!
//! [`Push::into_item`] does the same for a push in a `select!`.
//!
//! # Overwriting the oldest
//!
//! ```
//! use wakeful::Queue;
//!
//! let last_three = Queue::bounded(3);
//! for reading in 1..=5 {
//!     last_three.force_push(reading).unwrap();
//! }
//! assert_eq!(last_three.drain(), [3, 4, 5]);
//! ```
//!
//! # Bounded in bytes
//!
//! [`Queue::weighted`] bounds a queue by the total weight of its items:
//!
//! ```
//! use wakeful::Queue;
//!
//! # futures::executor::block_on(async {
//! let frames = Queue::weighted(64 * 1024, Vec::len);
//! frames.push(vec![0_u8; 1500]).await.unwrap();
//! assert_eq!(frames.capacity(), 64 * 1024 - 1500);
//! # });
//! ```
//!
//! # Most urgent first
//!
//! ```
//! use wakeful::queue::PriorityQueue;
//!
//! # futures::executor::block_on(async {
//! let (jobs, inbox) = PriorityQueue::bounded(16).into_channel();
//! for job in [(1, "tidy up"), (3, "answer"), (2, "prefetch")] {
//!     jobs.send(job).await.unwrap();
//! }
//! assert_eq!(inbox.recv().await, Some((3, "answer")));
//! # });
//! ```
//!
//! # Batches
//!
//! ```
//! use wakeful::Queue;
//!
//! # futures::executor::block_on(async {
//! let log = Queue::unbounded();
//! log.push_many(["a", "b", "c", "d"]).await.unwrap();
//! let mut lines = Vec::new();
//! // Waits for one item, and takes the others that are there.
//! assert_eq!(log.pop_many(&mut lines, 100).await, 4);
//! # });
//! ```
//!
//! # Rendezvous
//!
//! With a capacity of 0, a push completes when its item has been received:
//!
//! ```
//! # futures::executor::block_on(async {
//! use wakeful::queue;
//!
//! let (give, take) = queue::bounded(0);
//! let giving = async {
//!     give.send("in person").await.unwrap();
//!     "it was received"
//! };
//! let (told, item) = futures::join!(giving, take.recv());
//! assert_eq!((told, item), ("it was received", Some("in person")));
//! # });
//! ```

// | file | its one idea |
// |---|---|
// | `core/buffer` (`block`), `core/heap` (`moving`) | where items lie, first in first out or greatest first; they know nothing of wakers, locks or bounds |
// | `core/storage` | which of these, and the order in which items leave |
// | `core/state` | what the internal lock guards: where storage and waiting meet; the state word; `calls`: whom to call |
// | `core` (`one`) | the operations: each one critical section, and then the wakers; those of one item |
// | `core/doubt` | pops whose items may come back, and what that means for the end |
// | `core/items`, `core/slots` | what pops wait for, and what pushes and reserves wait for, as pools of the fair core |
// | `object` (`verbs`, `batches`, `blocking`, `ordered`) | `Queue`: how it is made and closed; one item; many; threads; other orders |
// | `weighted` | `WeightedQueue`, with its futures, its sender and its errors |
// | `future/push`, `many`, `pop`, `reserve`, `event` | the futures |
// | `future/permit` | reserved slots |
// | `handle/sender` (`reserving`), `receiver`, `unbounded`, `weak` | the handles |
// | `handle/channel`, `counted` | what all handles have in common; who counts them, so that the last one closes |
// | `handle/sink` | a sender as a `Sink`, and its stored push |
// | `error` | the errors |

mod core;
pub mod error;
mod future;
mod handle;
mod object;
mod weighted;

// By tokio's names.
#[doc(no_inline)]
pub use self::{bounded as channel, unbounded as unbounded_channel};

#[doc(inline)]
pub use error::{
    PushManyError, RecvTimeoutError, ReserveManyError, SendError, SendTimeoutError, SendUntilError,
    TryRecvError, TrySendError,
};
pub use future::{
    Closed, Join, OwnedPermit, Permit, PermitIterator, Pop, PopMany, Push, PushMany, Reserve,
    ReserveMany, ReserveOwned, SendUntil,
};
pub use handle::{
    Receiver, Sender, UnboundedSender, WeakReceiver, WeakSender, WeakUnboundedSender,
    WeakWeightedSender,
};
pub use object::Queue;
#[doc(inline)]
pub use object::ordered::{LifoQueue, PriorityQueue};
#[doc(inline)]
pub use weighted::WeightedQueue;
#[doc(inline)]
pub use weighted::error::{
    WeightedPushManyError, WeightedSendError, WeightedSendTimeoutError, WeightedSendUntilError,
    WeightedTrySendError,
};
#[doc(inline)]
pub use weighted::many::WeightedPushMany;
#[doc(inline)]
pub use weighted::push::{WeightedPush, WeightedSendUntil};
#[doc(inline)]
pub use weighted::sender::WeightedSender;

/// [`Receiver`] under tokio's name: bounded and unbounded channels have the same receiver.
pub type UnboundedReceiver<T> = Receiver<T>;

/// Creates a channel that holds at most `capacity` items; a capacity of 0 makes it a
/// [rendezvous](Queue::bounded).
///
/// It is a [`Queue::bounded`] with handles.
///
/// # Examples
///
/// ```
/// # futures::executor::block_on(async {
/// use wakeful::queue::{self, TrySendError};
///
/// let (sender, receiver) = queue::bounded(1);
/// sender.send(1).await.unwrap();
/// assert_eq!(sender.try_send(2), Err(TrySendError::Full(2)));
/// assert_eq!(receiver.recv().await, Some(1));
/// # });
/// ```
pub fn bounded<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    Queue::bounded(capacity).into_channel()
}

/// Creates an unbounded channel, whose [`UnboundedSender`] never waits.
///
/// It is a [`Queue::unbounded`] with handles. For another [`Fairness`](crate::Fairness), make a channel of a queue, whose
/// sender is a [`Sender`]: see [`Queue::into_channel`].
///
/// # Examples
///
/// ```
/// # futures::executor::block_on(async {
/// use wakeful::queue;
///
/// let (sender, receiver) = queue::unbounded();
/// sender.send("from anywhere, async or not").unwrap();
/// assert!(receiver.recv().await.is_some());
/// # });
/// ```
pub fn unbounded<T>() -> (UnboundedSender<T>, Receiver<T>) {
    let (sender, receiver) = Queue::unbounded().into_channel();
    (UnboundedSender::new(sender), receiver)
}
