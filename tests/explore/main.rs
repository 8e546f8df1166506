//! Every schedule of small scenarios, on the rules as a sequential program: none breaks a promise.
//!
//! The same program runs beside the real primitives in `tests/it/differential.rs`.
//!
//! | file | its one idea |
//! |---|---|
//! | `script` | what tasks do, in words |
//! | `world` | a few tasks that run their scripts over the rules |
//! | `search` | every schedule: each state once |
//! | `watch` | P1 as somebody sees it who trusts the rules in nothing |
//! | `promises` | who gets in (P2, P3) |
//! | `cases` | the scenarios |
//! | `every` | every scenario in every setting |
//! | `needed` | take any rule out, and a promise is broken |
//! | `asserts`, `asserts_many` | examples small enough to follow by hand |
#![cfg(not(wakeful_loom))]

mod asserts;
mod asserts_many;
mod cases;
mod every;
#[path = "../model/mod.rs"]
mod model;
mod needed;
mod promises;
mod script;
mod search;
mod watch;
mod world;
