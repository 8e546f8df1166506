//! What the futures of all primitives implement alike.

/// Projects to a field that is pinned as the whole is: only for types that never move it, and that implement neither
/// `Unpin` nor a `Drop` that would.
macro_rules! pinned {
    ($whole:ident.$field:ident) => {{
        let whole: std::pin::Pin<&mut _> = $whole;
        // SAFETY: the types that this is for never move the field.
        unsafe { whole.map_unchecked_mut(|whole| &mut whole.$field) }
    }};
}
pub(crate) use pinned;

/// Implements what all futures with a field `wait` share.
macro_rules! waits {
    ([$($generics:tt)*] $future:ty, $name:literal) => {
        impl<$($generics)*> FusedFuture for $future {
            fn is_terminated(&self) -> bool {
                self.wait.is_done()
            }
        }

        impl<$($generics)*> std::fmt::Debug for $future {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.wait.fmt_future($name, f)
            }
        }
    };
}
pub(crate) use waits;
