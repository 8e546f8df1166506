//! The load of a waiter for slots: a push carries its item, a reserve nothing.

/// What a waiter for slots carries.
pub(crate) enum Load<T> {
    /// An item to be pushed, which weighs what the waiter needs.
    Item(T),
    /// An item to be pushed, which fills no slot. It needs a free one only if others wait.
    Weightless(T),
    /// The item has left: it was pushed, or given back.
    Left,
    /// Nothing: slots are to be reserved.
    Reserve,
}

impl<T> Load<T> {
    /// Takes its item, if it still has one.
    #[inline]
    pub(in crate::queue) fn take(&mut self) -> Option<T> {
        if !matches!(self, Self::Item(_) | Self::Weightless(_)) {
            return None;
        }
        match std::mem::replace(self, Self::Left) {
            Self::Item(item) | Self::Weightless(item) => Some(item),
            Self::Left | Self::Reserve => None,
        }
    }

    /// How many slots its item fills, if it waits for this many.
    #[inline]
    pub(in crate::queue) fn weight(&self, need: u32) -> u32 {
        match self {
            Self::Weightless(_) => 0,
            _ => need,
        }
    }

    /// Its item, after the push was refused.
    #[inline]
    pub(in crate::queue) fn unsent(&mut self) -> T {
        self.take().expect("what was refused is still there")
    }
}
