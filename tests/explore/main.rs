//! Every schedule of small scenarios, on the rules as a sequential program: none breaks a promise.
//!
//! The program and the search are the package `tests/rules`. The same program runs beside the real primitives
//! in `tests/it/differential.rs`.
//!
//! | file | its one idea |
//! |---|---|
//! | `every` | every scenario in every setting |
//! | `needed` | take any rule out, and a promise is broken |
//! | `asserts`, `asserts_many` | examples small enough to follow by hand |
#![cfg(not(wakeful_loom))]

mod asserts;
mod asserts_many;
mod every;
mod needed;
