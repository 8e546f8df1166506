//! The load of a waiter for slots: a push carries its item, a reserve nothing.

/// What a waiter for slots carries.
pub(crate) enum Load<T> {
    /// An item to be pushed.
    Item(T),
    /// The item has left: it was pushed, or given back.
    Left,
    /// Nothing: slots are to be reserved.
    Reserve,
}

impl<T> Load<T> {
    /// Takes its item, if it still has one.
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

    /// Its item, after the push was refused.
    #[inline]
    pub(in crate::queue) fn unsent(&mut self) -> T {
        self.take().expect("what was refused is still there")
    }
}
