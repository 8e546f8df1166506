//! Models of the queue. Each ends with nobody waiting, no slot missing, and every item accounted for:
//! popped once, left in the queue, or back with its sender.
//!
//! All that is done to a queue is done under its latch, so that there are few schedules: most
//! models need no bound. Items are memory that loom watches, throughout.
//!
//! | module | what it explores |
//! |---|---|
//! | `cast` | who plays: items that loom watches, pushes and pops that any thread can go on polling |
//! | `items` | what was written before a push, or before the closing, is seen after it |
//! | `sharing` | nothing lost, nothing twice, in order, with several pushers and poppers |
//! | `storage` | the ring that wraps around, and the list of rings |
//! | `cancel` | a waiter dropped in each state, and items taken back |
//! | `handles` | senders and receivers that go, and weak ones that come back |
//! | `close` | closing against everything, permits above all |
//! | `doubt` | pops that wake others while the queue is closed, and may put their items back |
//! | `joining` | those who wait until all items are done |
//! | `rendezvous` | capacity 0, where the waiting push is the item |
//! | `force` | pushing by force, and draining |
//! | `order` | the six rules on both lines (P1, P2, P3) |
//! | `ordered` | other orders, and weights |
//! | `stored` | waiters that outlive their futures |
//! | `blocking` | threads beside tasks, and deadlines |

mod blocking;
mod cancel;
mod cast;
mod close;
mod doubt;
mod force;
mod handles;
mod items;
mod joining;
mod order;
mod ordered;
mod rendezvous;
mod sharing;
mod storage;
mod stored;
