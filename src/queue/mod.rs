//! A multi-producer multi-consumer queue, bounded, unbounded or rendezvous: as one shared object,
//! [`Queue`], or as a channel, whose [`Sender`] and [`Receiver`] close it when the last of either side is
//! dropped.
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
//! Two lines wait at a queue, one for slots and another for items, each by the rules of
//! [`Fairness`](crate::Fairness): bounded overtaking, and no futurelock. An item is handed to no pop that
//! waits, and taken out of no push that waits (a capacity of 0 excepted): whoever is called takes its
//! turn when it is polled, and one that is not polled any more is passed over. [`Queue`] says all of this
//! precisely; what is said there holds for channels too.
//!
//! # Worker pool and graceful shutdown
//!
//! Every job that was accepted runs: dropping the last sender closes the channel, and the workers drain
//! it before they end.
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
//! An item whose push was cancelled was never received and never will be, so it can be sent elsewhere, or
//! again, and does not arrive twice. Any timer of any runtime will do:
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
//! # Batches
//!
//! ```
//! use wakeful::Queue;
//!
//! # futures::executor::block_on(async {
//! let log = Queue::unbounded();
//! log.push_many(["a", "b", "c", "d"]).await.unwrap();
//! let mut lines = Vec::new();
//! // Waits for one, and takes what else there is.
//! assert_eq!(log.pop_many(&mut lines, 100).await, 4);
//! # });
//! ```
//!
//! # Rendezvous
//!
//! With a capacity of 0, a push is ready when its item was received:
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
//!
//! # The files
//!
//! | file | its one idea |
//! |---|---|
//! | `storage` | where items lie; knows nothing of waiting |
//! | `object`, `verbs` | the type; pushing and popping one item |
//! | `state` | where storage and waiting meet; what is in it (`contents`), whom to call (`calls`), offers |
//! | `core` | the operations: one critical section each, and the wakers after it |
//! | `sides` | items and slots, as their waiters see them |
//! | `faces`: `items`, `slots`, `closing` | what can be waited for |
//! | `giving` | what a waiter for slots has with it |
//! | `batches`, `blocking` | many items at a time; threads |
//! | `push`, `pop`, `reserve`, `permit` | futures and permits |
//! | `sender` (`reserving`), `receiver`, `unbounded`, `weak`, `sink` (`stored_push`) | the handles |

mod batches;
mod blocking;
mod buffer;
mod closing;
mod core;
mod error;
mod items;
mod object;
mod permit;
mod pop;
mod push;
mod receiver;
mod reserve;
mod reserving;
mod sender;
#[cfg(feature = "futures-sink")]
mod sink;
mod slots;
mod state;
#[cfg(feature = "futures-sink")]
mod stored_push;
mod unbounded;
mod verbs;
mod weak;

pub use closing::Closed;
pub use error::{
    PushManyError, RecvTimeoutError, SendError, SendTimeoutError, SendUntilError, TryRecvError,
    TrySendError,
};
pub use object::Queue;
pub use permit::{OwnedPermit, Permit, PermitIterator};
pub use pop::{Pop, PopMany};
pub use push::{Push, PushMany, SendUntil};
pub use receiver::Receiver;
pub use reserve::{Reserve, ReserveMany, ReserveOwned};
pub use sender::Sender;
pub use unbounded::UnboundedSender;
pub use weak::{WeakReceiver, WeakSender, WeakUnboundedSender};

/// A bounded channel: [`Queue::bounded`] with handles. A capacity of 0 makes it a rendezvous.
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

/// An unbounded channel: [`Queue::unbounded`] with handles, of which [`UnboundedSender`] never waits.
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
