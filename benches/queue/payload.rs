//! What is sent: its number, in as many bytes as there are to carry.

pub(crate) trait Payload: Send + Unpin + 'static {
    fn of(number: u64) -> Self;
    fn number(&self) -> u64;
}

impl Payload for u64 {
    fn of(number: u64) -> Self {
        number
    }

    fn number(&self) -> u64 {
        *self
    }
}

/// 256 bytes, all of which have to arrive for the number to be right.
pub(crate) type Large = [u64; 32];

impl Payload for Large {
    fn of(number: u64) -> Self {
        [number; 32]
    }

    fn number(&self) -> u64 {
        self[0].midpoint(self[31])
    }
}
