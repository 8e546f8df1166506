//! The figures of a run, kept: a picture for each family of rows, and the tables in `RESULTS.md`, where each
//! benchmark replaces its own section.

use super::Subject;
use super::facts::facts;
use super::measure::Measured;
use super::picture;
use super::row::Family;
use super::table::Table;
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;

const HEAD: &str = "# Results

Each section is one run of one benchmark, which wrote it. A dot is the median of the rounds, the bar goes from
the best round to the worst. Scales are logarithmic, and shorter is better everywhere.
";
/// In the order of the sections.
const BENCHMARKS: [&str; 3] = ["mutex", "semaphore", "queue"];

#[derive(Default)]
pub(super) struct Results {
    /// Pictures, by the name of their file.
    pictures: Vec<(String, String)>,
    tables: String,
}

impl Results {
    pub(super) fn add<S>(&mut self, subject: &Subject<S>, rows: &[Measured], tables: &[Table]) {
        for family in Family::ALL {
            let rows: Vec<&Measured> = rows.iter().filter(|row| row.family == family).collect();
            if rows.is_empty() {
                continue;
            }
            let file = format!("{}-{}.svg", subject.name, family.name()).replace(' ', "-");
            let file = file.replace("waits-waits", "waits");
            self.pictures
                .push((file, picture::draw(subject, family, &rows)));
        }
        for table in tables {
            self.tables += &format!("\n{}", table.markdown());
        }
        if let (Some(note), false) = (subject.note, tables.is_empty()) {
            self.tables += &format!("\n{}\n", note.replace('*', "\\*"));
        }
    }

    pub(super) fn write(&self, folder: &Path, benchmark: &str) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        for (file, picture) in &self.pictures {
            fs::write(folder.join(file), picture)?;
        }
        let path = folder.join("RESULTS.md");
        let before = fs::read_to_string(&path).unwrap_or_default();
        let mut text = HEAD.to_owned();
        for name in BENCHMARKS {
            let section = if name == benchmark {
                Some(self.section(name))
            } else {
                section(&before, name).map(str::to_owned)
            };
            text.extend(section.map(|section| format!("\n{section}\n")));
        }
        fs::write(path, text)
    }

    fn section(&self, name: &str) -> String {
        let mut text = format!("## {name}\n\n{}", facts(name));
        for (file, _) in &self.pictures {
            let alt = file.trim_end_matches(".svg").replace('-', " ");
            write!(text, "\n![{alt}]({file})\n").expect("a string takes it");
        }
        text += &self.tables;
        text.trim_end().to_owned()
    }
}

/// The section of this name, up to the next.
fn section<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let start = text.find(&format!("## {name}\n"))?;
    let section = &text[start..];
    let end = section[1..]
        .find("\n## ")
        .map_or(section.len(), |end| end + 1);
    Some(section[..end].trim_end())
}
