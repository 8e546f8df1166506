//! The queue as a sequential program, and what drives it side by side with the real one.
//!
//! | file | its one idea |
//! |---|---|
//! | `channel` | the model: items in order, and the fairness rules twice: for items and for slots |
//! | `waits` | what a future of it does when it is polled and when it is dropped |
//! | `batches` | many items in one step |
//! | `closing` | handles, permits, and the end |
//! | `stored` | the waiters that handles store |
//! | `items` | what really went through, each counted |
//! | `real` | the real futures, each with the handle that it borrows |
//! | `pair` | the model beside the handles of the real one, and what these say of themselves |
//! | `steps`, `slots`, `handles`, `polls` | the steps: of those who push and pop, who reserve, of handles, and of what these store |
//! | `drive` | bytes become steps |
//! | `weighted` | the same for a queue that is bounded by weight, and has no handles here |
//! | `ending` | everything ends well |

mod batches;
mod channel;
mod closing;
pub(crate) mod drive;
mod ending;
mod handles;
pub(super) mod items;
mod pair;
mod polls;
mod real;
mod slots;
mod steps;
mod stored;
mod waits;
pub(crate) mod weighted;

use super::answer::{Answer, Item, Verdict};
use super::rules::Rules;
use super::waiter::{Id, Task, Waiter};
