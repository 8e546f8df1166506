//! The handles of a channel.

mod channel;
pub(super) mod counted;
mod receiver;
mod reserving;
mod sender;
#[cfg(feature = "futures-sink")]
mod sink;
mod unbounded;
mod weak;

pub use receiver::Receiver;
pub use sender::Sender;
pub use unbounded::UnboundedSender;
pub use weak::{WeakReceiver, WeakSender, WeakUnboundedSender, WeakWeightedSender};
