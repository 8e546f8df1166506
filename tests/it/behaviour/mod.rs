//! What a user of a mutex sees where nobody is unfair to anybody.

mod blocking;
mod fused;
mod guards;
mod locking;
mod panics;
mod shown;
mod token;
mod values;
