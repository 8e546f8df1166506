//! The fairness rules, one by one, over everything that is waited for in a line. Where a test guards a
//! rule, it says which.

mod answering;
mod coming_back;
mod deadline;
mod executors;
pub(crate) mod futurelock;
mod joined;
mod overtaking;
pub(crate) mod patience;
mod probing;
