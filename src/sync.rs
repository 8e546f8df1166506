//! The facade over std and loom: the only place that knows which of the two is underneath.
//!
//! With `--cfg wakeful_loom` and the feature `loom`, everything that two threads can race on comes from loom,
//! so a model explores the code that ships. Without the cfg, no loom code is compiled in, and every item here
//! is a plain re-export or a zero-cost wrapper.

#[cfg(all(wakeful_loom, not(feature = "loom")))]
compile_error!(
    "`--cfg wakeful_loom` needs the feature `loom`: run with `--features wakeful/loom`, for example\n\
     RUSTFLAGS=\"--cfg wakeful_loom\" cargo test --release --features wakeful/loom --test your_models"
);

mod latch;
mod since;
#[cfg(all(wakeful_loom, feature = "loom"))]
mod with_loom;
#[cfg(not(all(wakeful_loom, feature = "loom")))]
mod with_std;

pub(crate) use latch::{LATCHED, StateWord};
pub(crate) use since::{MOST_PATIENCE, Since, TICK_NANOS};
#[cfg(all(wakeful_loom, feature = "loom"))]
pub use with_loom::explore_latch;
#[cfg(all(wakeful_loom, feature = "loom"))]
pub(crate) use with_loom::*;
#[cfg(not(all(wakeful_loom, feature = "loom")))]
pub(crate) use with_std::*;
/// Declares a `const fn`; a plain `fn` under loom, whose types have no `const` constructors.
#[cfg(not(wakeful_loom))]
macro_rules! const_fn {
    ($(#[$meta:meta])* $vis:vis const fn $($rest:tt)*) => {
        $(#[$meta])* $vis const fn $($rest)*
    };
}
#[cfg(wakeful_loom)]
macro_rules! const_fn {
    ($(#[$meta:meta])* $vis:vis const fn $($rest:tt)*) => {
        $(#[$meta])* $vis fn $($rest)*
    };
}
pub(crate) use const_fn;

/// Declares methods that exist only in models.
#[cfg(not(wakeful_loom))]
macro_rules! for_models {
    ($($item:tt)*) => {};
}
#[cfg(wakeful_loom)]
macro_rules! for_models {
    ($($item:tt)*) => { $($item)* };
}
pub(crate) use for_models;
