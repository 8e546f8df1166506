//! Models of the semaphore. Each ends with the count of what is free when everybody has finished, and
//! with nobody waiting; on the way, no more permits are out than there are.
//!
//! | module | what it explores |
//! |---|---|
//! | `cast` | who plays: a room of seats, waiters, and memory that loom watches |
//! | `orderings` | each `Acquire` and `Release`, with nothing else that could order |
//! | `sharing` | never more permits out than there are |
//! | `release` | permits that come back while somebody queues, one by one and many at once |
//! | `unequal` | requests for few and for many |
//! | `cancel` | a waiter dropped in each state |
//! | `close` | closing against everything |
//! | `resize` | fewer and more permits while they are in use |
//! | `order` | FIFO, and credit: who may overtake whom how often (P1) |
//! | `unanswered` | called waiters that are slow, forgotten, or of one's own task (P2, P3) |
//! | `holes` | called ones that sleep again ahead of other called ones |
//! | `wakers` | wakers that change, that come too often, that re-enter |
//! | `blocking` | threads beside tasks, and deadlines |
//! | `permits` | permits split, merged, owned, and sent to other threads |

#[cfg(not(only_orderings))]
mod blocking;
#[cfg(not(only_orderings))]
mod cancel;
pub(crate) mod cast;
#[cfg(not(only_orderings))]
mod close;
#[cfg(not(only_orderings))]
mod holes;
#[cfg(not(only_orderings))]
mod order;
mod orderings;
#[cfg(not(only_orderings))]
mod permits;
#[cfg(not(only_orderings))]
mod release;
#[cfg(not(only_orderings))]
mod resize;
#[cfg(not(only_orderings))]
mod sharing;
#[cfg(not(only_orderings))]
mod unanswered;
#[cfg(not(only_orderings))]
mod unequal;
#[cfg(not(only_orderings))]
mod wakers;
