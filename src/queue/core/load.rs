//! A push waits with its item, a reserve with nothing.

/// What a waiter for slots has with it.
pub(crate) enum Load<T> {
    /// An item to be pushed.
    Item(T),
    /// An item that has left: it is in the queue, or beyond, or was given back.
    Left,
    /// Nothing: slots are to be reserved.
    Reserve,
}

impl<T> Load<T> {
    /// Its item, if it has one still.
    #[inline]
    pub(in crate::queue) fn take(&mut self) -> Option<T> {
        if !matches!(self, Self::Item(_)) {
            return None;
        }
        match std::mem::replace(self, Self::Left) {
            Self::Item(item) => Some(item),
            Self::Left | Self::Reserve => None,
        }
    }

    /// Its item, when the push was refused.
    #[inline]
    pub(in crate::queue) fn unsent(&mut self) -> T {
        self.take().expect("what was refused is still there")
    }
}
