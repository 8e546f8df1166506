//! What the driver needs of a real primitive, to run it beside the rules.

use std::future::Future;

use wakeful::Fairness;

use super::pair::{Mismatch, Pair};
use super::rules::Rules;
use super::waiter::Got;

/// More bytes of the input; zeros at its end.
pub(crate) type Bytes<'b> = std::iter::Copied<std::slice::Iter<'b, u8>>;

pub(crate) fn next(bytes: &mut Bytes<'_>) -> usize {
    bytes.next().unwrap_or(0).into()
}

/// A real primitive that the rules describe.
pub(crate) trait Primitive: Sized + 'static {
    type Wait<'p>: Future;
    /// What is had until it is dropped.
    type Held<'p>;

    fn new(permits: usize, fairness: Fairness) -> Self;

    fn wait(&self, need: usize) -> Self::Wait<'_>;

    fn got<'p>(&'p self, output: <Self::Wait<'p> as Future>::Output) -> Got<Self::Held<'p>>;

    fn try_take(&self, need: usize) -> Got<Self::Held<'_>>;

    /// What it says of itself that is not so by the rules.
    fn differs(&self, rules: &Rules) -> Option<String>;
}

/// How bytes become what only this primitive has.
pub(crate) trait Driven: Primitive {
    /// Whether what only it has is tried twice as often.
    const RESIZES: bool;

    /// How many permits it starts with, and for how many tasks.
    fn begin(bytes: &mut Bytes<'_>) -> (usize, u8);

    /// How many permits an operation is about.
    fn need(bytes: &mut Bytes<'_>) -> usize;

    /// An operation that others do not have.
    fn other(pair: &mut Pair<'_, Self>, whom: usize, bytes: &mut Bytes<'_>)
    -> Result<(), Mismatch>;

    /// Makes enough free for whoever waits, if it can.
    fn enlarge(pair: &mut Pair<'_, Self>, most: usize) -> Result<(), Mismatch>;
}
