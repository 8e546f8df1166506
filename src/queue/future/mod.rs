//! The futures of a queue, and the permits that some of them give.

pub(super) mod event;
pub(super) mod many;
pub(super) mod permit;
pub(super) mod pop;
pub(super) mod push;
pub(super) mod reserve;

pub use event::{Closed, Join};
pub use many::PushMany;
pub use permit::{OwnedPermit, Permit, PermitIterator};
pub use pop::{Pop, PopMany};
pub use push::{Push, SendUntil};
pub use reserve::{Reserve, ReserveMany, ReserveOwned};
