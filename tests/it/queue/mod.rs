//! Tests of the queue.

mod smoke;
