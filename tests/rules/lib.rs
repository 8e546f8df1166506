//! The rules by which waiters wait, as a sequential program, and every schedule of small scenarios.
//!
//! A package of its own, so that the search is built optimised. The rules are
//! [`rules`] with what it is made of; the rest runs tasks over them:
//!
//! | file | its one idea |
//! |---|---|
//! | [`script`] | what tasks do, in words |
//! | [`world`] | a few tasks that run their scripts over the rules |
//! | [`search`] | every schedule: each state once |
//! | [`watch`] | P1 as somebody sees it who trusts the rules in nothing |
//! | [`promises`] | who gets in (P2, P3) |
//! | [`cases`] | the scenarios |

mod invariants;
mod parts;
mod permits;
mod probing;
mod queues;
pub mod rules;
pub mod seen;
pub mod waiter;
pub mod without;

pub mod cases;
pub mod promises;
pub mod script;
pub mod search;
pub mod watch;
pub mod world;
