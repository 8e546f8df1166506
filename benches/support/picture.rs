//! A picture of a family of rows: a panel for each row, a line for each contestant, the best one first. A dot
//! is the median of the rounds; its bar goes from the least to the greatest.
//!
//! The ground is left transparent and every colour is of middling lightness, so that a picture can be read
//! on a light page and on a dark one.

use super::Subject;
use super::measure::{Measured, Rounds};
use super::row::Family;
use super::statistics::median;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

type Canvas<'a> = DrawingArea<SVGBackend<'a>, Shift>;

const GREY: RGBColor = RGBColor(0x77, 0x77, 0x77);
/// Ours, in the order in which the field has them.
const OURS: [RGBColor; 2] = [RGBColor(0xd9, 0x48, 0x0f), RGBColor(0x1c, 0x7e, 0xd6)];

const FONT: &str = "sans-serif";
/// plotters makes text smaller than it is asked to, by this.
const PIXEL: f64 = 1.24;
const WIDTH: u32 = 860;
const COLUMNS: usize = 2;
const TITLE: u32 = 36;
const HEADING: u32 = 26;
const LINE: u32 = 18;
const AXIS: u32 = 24;
const GAP: u32 = 14;
/// Of a letter, about; there is no font here to measure it by.
const LETTER: usize = 7;
const FIGURES: u32 = 66;

/// One contestant's line.
struct Line {
    name: &'static str,
    least: f64,
    middle: f64,
    greatest: f64,
}

impl Line {
    fn new(rounds: &Rounds, family: Family) -> Self {
        let values = match family {
            Family::Waits => &rounds.worst,
            _ => &rounds.nanoseconds,
        };
        let values = values.iter().copied();
        Line {
            name: rounds.name,
            least: values.clone().fold(f64::INFINITY, f64::min),
            middle: median(values.clone()),
            greatest: values.fold(0.0, f64::max),
        }
    }
}

struct Frame {
    scale: (f64, f64),
    /// The room for the contestants' names.
    names: u32,
}

/// Widens the range until it has two powers of ten, which are what is labelled.
fn scale(mut least: f64, mut greatest: f64) -> (f64, f64) {
    const MARGIN: f64 = 1.05;
    let power = |exponent| 10_f64.powi(exponent);
    let mut first = least.log10().ceil() as i32;
    let mut last = greatest.log10().floor() as i32;
    while last <= first {
        if least / power(first - 1) < power(last + 1) / greatest {
            first -= 1;
            least = power(first) / MARGIN;
        } else {
            last += 1;
            greatest = power(last) * MARGIN;
        }
    }
    (least, greatest)
}

impl Frame {
    fn decades(&self) -> f64 {
        (self.scale.1 / self.scale.0).log10()
    }
}

struct Panel {
    title: &'static str,
    lines: Vec<Line>,
}

impl Panel {
    fn new(measured: &Measured) -> Self {
        let results = measured.results.iter();
        let mut lines: Vec<Line> = results
            .map(|rounds| Line::new(rounds, measured.family))
            .collect();
        lines.sort_by(|one, other| one.middle.total_cmp(&other.middle));
        Panel {
            title: measured.row,
            lines,
        }
    }

    fn height(&self) -> u32 {
        HEADING + LINE * self.lines.len() as u32 + AXIS + GAP
    }
}

pub(super) fn draw<S>(subject: &Subject<S>, family: Family, rows: &[&Measured]) -> String {
    let panels: Vec<Panel> = rows.iter().map(|measured| Panel::new(measured)).collect();
    let lines = || panels.iter().flat_map(|panel| &panel.lines);
    let least = lines().map(|line| line.least).fold(f64::INFINITY, f64::min);
    let greatest = lines().map(|line| line.greatest).fold(0.0, f64::max);
    let names = lines().map(|line| line.name.len()).max().unwrap_or(0);
    // The same for all panels, so that they can be compared.
    let frame = Frame {
        scale: scale(least / 1.2, greatest * 1.2),
        names: (names * LETTER + 14) as u32,
    };
    // Waits span many decades.
    let columns = match family {
        Family::Waits => 1,
        _ => COLUMNS.min(panels.len()),
    };
    let shelves: Vec<&[Panel]> = panels.chunks(columns).collect();
    let heights: Vec<u32> = shelves
        .iter()
        .map(|shelf| shelf.iter().map(Panel::height).max().unwrap_or(0))
        .collect();

    let ours: Vec<&str> = subject.field.ours.iter().map(|ours| ours.name).collect();
    let cost = match family {
        Family::Waits => format!("from {} to having it", subject.words.call),
        _ => format!("time per {}", subject.words.cost),
    };
    let title = format!("{}, {}: {cost}", subject.name, family.title());

    let marked = lines().any(|line| line.name.ends_with('*'));
    let note = subject.note.filter(|_| marked);
    let foot = note.map_or(0, |_| LINE);

    let mut picture = String::new();
    {
        let size = (WIDTH, TITLE + heights.iter().sum::<u32>() + foot);
        let canvas = SVGBackend::with_string(&mut picture, size).into_drawing_area();
        text(
            &canvas,
            &title,
            (0, TITLE as i32 / 2),
            HPos::Left,
            GREY,
            15.0,
        );
        let width = WIDTH / columns as u32;
        let mut top = TITLE;
        for (shelf, height) in shelves.iter().zip(heights) {
            for (column, panel) in shelf.iter().enumerate() {
                let corner = (column as u32 * width, top);
                let area = canvas.clone().shrink(corner, (width, panel.height() - GAP));
                draw_panel(&area, panel, &ours, &frame);
            }
            top += height;
        }
        if let Some(note) = note {
            let middle = (top + foot / 2) as i32;
            text(&canvas, note, (0, middle), HPos::Left, GREY, 11.0);
        }
        canvas.present().expect("a string takes it");
    }
    picture
}

fn draw_panel(area: &Canvas<'_>, panel: &Panel, ours: &[&str], frame: &Frame) {
    text(
        area,
        panel.title,
        (0, HEADING as i32 / 2),
        HPos::Left,
        GREY,
        13.0,
    );
    let lines = panel.lines.len();
    let mut chart = ChartBuilder::on(area)
        .margin_top(HEADING)
        .margin_right(FIGURES)
        .margin_left(frame.names)
        .x_label_area_size(AXIS)
        .build_cartesian_2d(
            (frame.scale.0..frame.scale.1).log_scale(),
            0.0..lines as f64,
        )
        .expect("a panel has room");
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .bold_line_style(GREY.mix(0.4))
        .light_line_style(GREY.mix(0.15))
        .axis_style(GREY.mix(0.4))
        .x_labels(5)
        .max_light_lines(if frame.decades() < 3.0 { 9 } else { 0 })
        .x_label_formatter(&|&nanoseconds| time(nanoseconds))
        .x_label_style((FONT, 11.0 * PIXEL).into_font().color(&GREY))
        .draw()
        .expect("a string takes it");
    for (index, line) in panel.lines.iter().enumerate() {
        let y = lines as f64 - index as f64 - 0.5;
        let place = ours.iter().position(|&ours| ours == line.name);
        let colour = place.map_or(GREY, |place| OURS[place % OURS.len()]);
        let bar = vec![(line.least, y), (line.greatest, y)];
        let elements = [
            PathElement::new(bar, colour.stroke_width(2)).into_dyn(),
            Circle::new((line.middle, y), 4, colour.filled()).into_dyn(),
        ];
        chart.draw_series(elements).expect("a string takes it");
        let (left, _) = chart.plotting_area().get_base_pixel();
        let (_, middle) = chart.backend_coord(&(line.middle, y));
        let (x, top) = area.get_base_pixel();
        let middle = middle - top;
        let right = area.dim_in_pixel().0 as i32;
        text(
            area,
            line.name,
            (left - x - 8, middle),
            HPos::Right,
            colour,
            12.0,
        );
        text(
            area,
            &time(line.middle),
            (right - 8, middle),
            HPos::Right,
            colour,
            12.0,
        );
    }
}

fn text(area: &Canvas<'_>, words: &str, at: (i32, i32), side: HPos, colour: RGBColor, size: f64) {
    let style = (FONT, size * PIXEL)
        .into_font()
        .color(&colour)
        .pos(Pos::new(side, VPos::Center));
    let drawn = area.draw(&Text::new(words.to_owned(), at, style));
    drawn.expect("a string takes it");
}

fn time(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        ..1e3 => (nanoseconds, "ns"),
        ..1e6 => (nanoseconds / 1e3, "µs"),
        _ => (nanoseconds / 1e6, "ms"),
    };
    if value < 9.95 && value.fract() != 0.0 {
        format!("{value:.1} {unit}")
    } else {
        format!("{value:.0} {unit}")
    }
}
