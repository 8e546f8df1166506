//! The progress bar, and the messages above it, on stderr. Without a terminal, there is no bar.

use std::fmt::Display;

use indicatif::style::TemplateError;
use indicatif::{ProgressBar, ProgressStyle};

#[derive(Clone, Debug)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    pub(crate) fn new() -> Result<Self, TemplateError> {
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len} files, {per_sec}")?;
        Ok(Self(ProgressBar::new(0).with_style(style)))
    }

    /// One more file to hash.
    pub(crate) fn found(&self) {
        self.0.inc_length(1);
    }

    /// One file fewer to hash.
    pub(crate) fn done(&self) {
        self.0.inc(1);
    }

    /// Reports what could not be read.
    pub(crate) fn name(&self, what: impl Display) {
        self.0.suspend(|| eprintln!("{what}"));
    }

    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
