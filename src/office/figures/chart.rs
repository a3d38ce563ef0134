//! Charts, drawn on the server: columns over time, and bars of parts. Each has its table beside it, which says the same
//! to who sees no picture.

mod pen;

use plotters::{
    prelude::{ChartBuilder, IntoDrawingArea as _, Rectangle, Text},
    style::{
        Color as _, IntoFont as _, RGBAColor, TextStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};
use serde::Serialize;

use crate::error::Result;
use pen::{FINE, Ink, Pen, Sheet, drawn};

/// Of a chart of bars, in units of the page: its width, a bar with its words, and the bar alone.
const BARS_WIDTH: i32 = 380;
const BAR_ROW: i32 = 38;
const BAR_HEIGHT: i32 = 10;
/// Words above a bar, in characters: what is longer is cut, and stands whole in the table.
const BAR_CHARS: usize = 48;
/// Letters, in units of the page.
const LETTERS: i32 = 13;
/// Room for a date under a column, in units of the page.
const DATE_WIDTH: i32 = 62;
const NONE: RGBAColor = RGBAColor(0, 0, 0, 0.0);

/// A chart, as a template writes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chart {
    /// What it shows, in a sentence.
    title: String,
    width: i32,
    height: i32,
    #[serde(flatten)]
    sheet: Sheet,
}

/// A column: what stands under it, how high it is, and what it says to who points at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Under it, where there is room.
    pub label: String,
    /// Not less than nothing.
    pub value: i64,
    /// The whole truth about it.
    pub said: String,
}

/// A bar: what it is, what is written at its end, and how much of its track is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Above it.
    pub label: String,
    /// Above its end.
    pub said: String,
    /// The part.
    pub part: i64,
    /// Of so much.
    pub whole: i64,
}

fn words(size: i32, ink: Ink, across: HPos, down: VPos) -> TextStyle<'static> {
    let font = ("sans-serif", size * FINE).into_font();
    TextStyle { font, color: ink.colour().to_backend_color(), pos: Pos::new(across, down) }
}

/// Columns beside each other, on a sheet of that width and height.
pub fn columns(title: String, (width, height): (i32, i32), columns: &[Column]) -> Result<Chart> {
    let mut sheet = Sheet::default();
    let top = columns.iter().map(|column| column.value).max().unwrap_or_default().max(1);
    let count = columns.len().max(1);
    let size = ((width * FINE) as u32, (height * FINE) as u32);
    let area = Pen { sheet: &mut sheet, size }.into_drawing_area();
    let mut chart = drawn(
        ChartBuilder::on(&area)
            .margin_top(8 * FINE)
            .margin_right(4 * FINE)
            .x_label_area_size(24 * FINE)
            .y_label_area_size((12 + 8 * top.to_string().len() as i32) * FINE)
            .build_cartesian_2d(0.0..count as f64, 0..top),
    )?;
    let soft = words(LETTERS - 1, Ink::Soft, HPos::Right, VPos::Center);
    drawn(
        chart
            .configure_mesh()
            .disable_x_mesh()
            .disable_x_axis()
            .y_labels(if top < 4 { top as usize + 1 } else { 4 })
            .y_label_style(soft)
            .axis_style(NONE)
            .bold_line_style(Ink::Grid.colour())
            .light_line_style(NONE)
            .draw(),
    )?;
    let bar = |(at, column): (usize, &Column)| {
        let left = at as f64;
        Rectangle::new([(left + 0.14, 0), (left + 0.86, column.value)], Ink::Bar.colour().filled())
    };
    drawn(chart.draw_series(columns.iter().enumerate().map(bar)))?;
    // Dates stand under columns as far apart as they need to be.
    let plot = chart.plotting_area();
    let (across, _) = plot.dim_in_pixel();
    let room = (i64::from(across) / i64::from(DATE_WIDTH * FINE)).max(1) as usize;
    let step = count.div_ceil(room);
    for (at, column) in columns.iter().enumerate().step_by(step) {
        let (x, y) = plot.map_coordinate(&(at as f64 + 0.5, 0));
        let style = words(LETTERS - 1, Ink::Soft, HPos::Center, VPos::Top);
        drawn(area.draw(&Text::new(column.label.clone(), (x, y + 7 * FINE), style)))?;
    }
    drop(chart);
    drop(area);
    say(&mut sheet, columns.iter().map(|column| column.said.as_str()));
    Ok(Chart { title, width: width * FINE, height: height * FINE, sheet })
}

/// Bars beneath each other, each in its track.
pub fn bars(title: String, bars: &[Bar]) -> Result<Chart> {
    let mut sheet = Sheet::default();
    let height = BAR_ROW * bars.len().max(1) as i32;
    let size = ((BARS_WIDTH * FINE) as u32, (height * FINE) as u32);
    let area = Pen { sheet: &mut sheet, size }.into_drawing_area();
    for (at, bar) in bars.iter().enumerate() {
        let (top, right) = (at as i32 * BAR_ROW * FINE, BARS_WIDTH * FINE);
        let line = top + (LETTERS + 2) * FINE;
        let label = words(LETTERS, Ink::Text, HPos::Left, VPos::Bottom);
        let said = words(LETTERS, Ink::Soft, HPos::Right, VPos::Bottom);
        let room = BAR_CHARS.saturating_sub(bar.said.chars().count());
        drawn(area.draw(&Text::new(cut(&bar.label, room), (0, line), label)))?;
        drawn(area.draw(&Text::new(bar.said.clone(), (right, line), said)))?;
        let (from, to) = (line + 5 * FINE, line + (5 + BAR_HEIGHT) * FINE);
        let track = Rectangle::new([(0, from), (right, to)], Ink::Track.colour().filled());
        drawn(area.draw(&track))?;
        let part = i64::from(right) * bar.part.clamp(0, bar.whole.max(0)) / bar.whole.max(1);
        let filled = Rectangle::new([(0, from), (part as i32, to)], Ink::Bar.colour().filled());
        drawn(area.draw(&filled))?;
    }
    drop(area);
    let said: Vec<_> = bars.iter().map(|bar| format!("{} – {}", bar.label, bar.said)).collect();
    say(&mut sheet, said.iter().map(String::as_str));
    Ok(Chart { title, width: BARS_WIDTH * FINE, height: height * FINE, sheet })
}

/// Gives each figure its words, in the order in which they were drawn.
fn say<'w>(sheet: &mut Sheet, words: impl Iterator<Item = &'w str>) {
    let figures = sheet.rects.iter_mut().filter(|rect| rect.ink() == Ink::Bar);
    figures.zip(words).for_each(|(rect, said)| rect.said = Some(said.to_owned()));
}

fn cut(text: &str, chars: usize) -> String {
    if text.chars().count() <= chars {
        return text.to_owned();
    }
    let kept: String = text.chars().take(chars.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_and_each_bar_is_there_and_says_what_it_is() {
        let days: Vec<_> = (0..40)
            .map(|n| Column { label: format!("{n}"), value: n % 7, said: format!("le {n}") })
            .collect();
        let chart = columns("Jours".to_owned(), (360, 200), &days).unwrap();
        let said: Vec<_> = chart.sheet.rects.iter().filter_map(|rect| rect.said.clone()).collect();
        assert_eq!(said, days.iter().map(|day| day.said.clone()).collect::<Vec<_>>());
        assert!(chart.sheet.lines.len() >= 3, "{:?}", chart.sheet.lines);

        let two = [("un", 1, 2), ("deux", 5, 4)].map(|(label, part, whole)| Bar {
            label: label.to_owned(),
            said: format!("{part}"),
            part,
            whole,
        });
        let chart = bars("Parts".to_owned(), &two).unwrap();
        let json = serde_json::to_value(&chart).unwrap();
        let widths: Vec<_> = json["rects"].as_array().unwrap().iter().map(|rect| &rect["width"]).collect();
        assert_eq!(widths, [3_800, 1_900, 3_800, 3_800], "half, and never more than the whole");
        assert_eq!(json["words"].as_array().unwrap().len(), 4);
    }

    #[test]
    fn nothing_at_all_can_be_drawn() {
        assert!(columns(String::new(), (360, 200), &[]).unwrap().sheet.rects.is_empty());
        assert!(bars(String::new(), &[]).unwrap().sheet.rects.is_empty());
    }

    #[test]
    fn a_long_name_is_cut() {
        assert_eq!(cut("Maison des associations", 7), "Maison…");
        assert_eq!(cut("Maison", 7), "Maison");
    }
}
