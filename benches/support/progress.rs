//! How far a run has come, where a person looks on: criterion speaks for its own part of each row, and a bar
//! for the rounds. It is drawn between batches, never during one.

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};
use std::time::{Duration, Instant};

pub(crate) struct Progress {
    rows: usize,
    done: usize,
    started: Instant,
    bar: ProgressBar,
}

impl Progress {
    pub(crate) fn new(rows: usize) -> Self {
        Progress {
            rows,
            done: 0,
            started: Instant::now(),
            bar: ProgressBar::hidden(),
        }
    }

    /// A round begins.
    pub(super) fn round(&mut self, round: usize, rounds: usize) {
        if round == 0 {
            let style = ProgressStyle::with_template("{prefix} {wide_bar} round {pos}/{len}{msg}");
            self.bar = ProgressBar::new(rounds as u64).with_style(style.expect("a valid template"));
            self.bar
                .set_prefix(format!("row {}/{}", self.done + 1, self.rows));
            self.bar.set_message(self.left());
        }
        self.bar.set_position(round as u64);
    }

    /// A row was measured, or criterion's filter left nothing of it.
    pub(super) fn row_done(&mut self) {
        self.bar.finish_and_clear();
        self.done += 1;
    }

    /// As if the rows to come took as long as those done; nothing after the first few.
    fn left(&self) -> String {
        const TOO_FEW: usize = 2;
        if self.done < TOO_FEW {
            return String::new();
        }
        let left = self.started.elapsed() * (self.rows - self.done) as u32 / self.done as u32;
        format!(
            ", {} left",
            HumanDuration(Duration::from_secs(left.as_secs()))
        )
    }
}
