//! A table, in plain text for the terminal and in Markdown for a file.

use std::fmt::{self, Display, Formatter};

pub(super) struct Table {
    pub(super) title: String,
    pub(super) headings: Vec<String>,
    /// What each line is called, and its cells.
    pub(super) lines: Vec<(String, Vec<String>)>,
}

impl Table {
    pub(super) fn new<'a>(
        title: String,
        headings: &[&str],
        lines: impl Iterator<Item = (&'a str, Vec<String>)>,
    ) -> Self {
        Table {
            title,
            headings: headings.iter().map(|&heading| heading.to_owned()).collect(),
            lines: lines
                .map(|(name, cells)| (name.to_owned(), cells))
                .collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty() || self.headings.is_empty()
    }

    pub(super) fn markdown(&self) -> String {
        // A mark is no emphasis, a parameter no tag.
        let line = |name: &str, cells: &[String]| format!("| {name} | {} |\n", cells.join(" | "));
        let escaped = |text: String| text.replace('*', "\\*").replace('<', "\\<");
        let mut text = escaped(format!("{}\n\n", self.title.replace('\n', ". ")));
        text += &escaped(line("", &self.headings));
        text += &format!("|---|{}\n", "---:|".repeat(self.headings.len()));
        for (name, cells) in &self.lines {
            text += &escaped(line(name, cells));
        }
        text
    }
}

/// Columns are as wide as their widest cell.
impl Display for Table {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let names = self.lines.iter().map(|(name, _)| name.len());
        let first = names.max().unwrap_or(0);
        let width = |column: usize| {
            let cells = self.lines.iter().map(|(_, cells)| cells[column].len());
            cells
                .chain([self.headings[column].len()])
                .max()
                .unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.headings.len()).map(width).collect();
        let mut line = |name: &str, cells: &[String]| {
            write!(f, "\n{name:first$}")?;
            let mut cells = cells.iter().zip(&widths);
            cells.try_for_each(|(cell, width)| write!(f, "  {cell:>width$}"))
        };
        line(&self.title, &[])?;
        line("", &self.headings)?;
        let mut lines = self.lines.iter();
        lines.try_for_each(|(name, cells)| line(name, cells))
    }
}
