//! A table in plain text.

/// Prints a table whose columns are as wide as their widest cell, or nothing if it has none.
pub(super) fn print<'a>(
    title: &str,
    headings: &[&str],
    lines: impl Iterator<Item = (&'a str, Vec<String>)>,
) {
    let lines: Vec<(&str, Vec<String>)> = lines.collect();
    if lines.is_empty() || headings.is_empty() {
        return;
    }
    let first = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = lines.iter().map(|(_, cells)| cells[column].len());
        cells.chain([headings[column].len()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let print_line = |name: &str, cells: &mut dyn Iterator<Item = &str>| {
        print!("{name:first$}");
        for (cell, width) in cells.zip(&widths) {
            print!("  {cell:>width$}");
        }
        println!();
    };
    println!("\n{title}");
    print_line("", &mut headings.iter().copied());
    for (name, cells) in &lines {
        print_line(name, &mut cells.iter().map(String::as_str));
    }
}
