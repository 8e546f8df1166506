//! What the mutex benchmark is made of, one idea a file.

pub(crate) mod contestant;
pub(crate) mod field;
pub(crate) mod measure;
pub(crate) mod mode;
pub(crate) mod race;
pub(crate) mod report;
pub(crate) mod rows;
pub(crate) mod statistics;
pub(crate) mod waits;
pub(crate) mod workload;
