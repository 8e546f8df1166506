//! The fairness rules, one by one. Where a test guards a rule, it names the line of `src` without
//! which it fails.

mod coming_back;
mod executors;
mod futurelock;
mod order;
mod overtaking;
mod patience;
mod probing;
