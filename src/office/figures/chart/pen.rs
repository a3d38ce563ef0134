//! What `plotters` draws with: not text and not pixels, but shapes that a template writes as SVG. So every text in it is
//! escaped as any other, nothing brings a style of its own, and the page's style sheet says what is light and dark.

use std::{convert::Infallible, fmt::Display};

use plotters::style::RGBAColor;
use plotters_backend::{
    BackendColor, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    text_anchor::{HPos, VPos},
};
use serde::Serialize;

use crate::error::{Error, Result};

/// Units of the drawing in one of the page: `plotters` counts in whole ones, and columns are narrow.
pub const FINE: i32 = 10;

/// What a shape is for; the style sheet says how that looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Ink {
    /// A figure.
    Bar,
    /// What a figure is a part of.
    Track,
    /// Lines to measure by.
    Grid,
    /// Words.
    Text,
    /// Words that are less important.
    Soft,
}

impl Ink {
    const ALL: [Ink; 5] = [Ink::Bar, Ink::Track, Ink::Grid, Ink::Text, Ink::Soft];

    /// The colour that stands for it on the way through `plotters`: nobody sees it.
    pub fn colour(self) -> RGBAColor {
        RGBAColor(Ink::ALL.iter().position(|ink| *ink == self).unwrap_or_default() as u8, 0, 0, 1.0)
    }

    fn of(colour: BackendColor) -> Ink {
        Ink::ALL.get(usize::from(colour.rgb.0)).copied().unwrap_or(Ink::Text)
    }
}

/// A line from one point to another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    x1: i32,
    y1: i32,
    x2: i32,
    y2: i32,
}

/// A filled rectangle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rect {
    x: i32,
    y: i32,
    width: i32,
    height: i32,
    ink: Ink,
    /// What it says to who points at it.
    pub said: Option<String>,
}

impl Rect {
    /// What it is for.
    pub fn ink(&self) -> Ink {
        self.ink
    }
}

/// Words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Words {
    x: i32,
    y: i32,
    anchor: &'static str,
    size: i32,
    ink: Ink,
    text: String,
}

/// A drawing, shape by shape.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct Sheet {
    pub lines: Vec<Line>,
    pub rects: Vec<Rect>,
    pub words: Vec<Words>,
}

/// Draws on a sheet of that size.
pub struct Pen<'s> {
    pub sheet: &'s mut Sheet,
    pub size: (u32, u32),
}

type Drawn = std::result::Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Pen<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    /// Nothing that we ask for is made of points.
    fn draw_pixel(&mut self, _: (i32, i32), _: BackendColor) -> Drawn {
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: (i32, i32), to: (i32, i32), style: &S) -> Drawn {
        if style.color().alpha > 0.0 {
            self.sheet.lines.push(Line { x1: from.0, y1: from.1, x2: to.0, y2: to.1 });
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = (i32, i32)>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let points: Vec<_> = path.into_iter().collect();
        points.windows(2).try_for_each(|pair| self.draw_line(pair[0], pair[1], style))
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        one: (i32, i32),
        other: (i32, i32),
        style: &S,
        _filled: bool,
    ) -> Drawn {
        let (left, right) = (one.0.min(other.0), one.0.max(other.0));
        let (top, bottom) = (one.1.min(other.1), one.1.max(other.1));
        self.sheet.rects.push(Rect {
            x: left,
            y: top,
            width: right - left,
            height: bottom - top,
            ink: Ink::of(style.color()),
            said: None,
        });
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: (i32, i32)) -> Drawn {
        let size = style.size().round() as i32;
        let (anchor, down) = (style.anchor().h_pos, style.anchor().v_pos);
        self.sheet.words.push(Words {
            x: at.0,
            y: at.1
                + match down {
                    // From the line that letters stand on.
                    VPos::Top => size * 3 / 4,
                    VPos::Center => size * 7 / 20,
                    VPos::Bottom => 0,
                },
            anchor: match anchor {
                HPos::Left => "start",
                HPos::Center => "middle",
                HPos::Right => "end",
            },
            size,
            ink: Ink::of(style.color()),
            text: text.to_owned(),
        });
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> std::result::Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let size = style.size();
        Ok(((text.chars().count() as f64 * size * 0.55) as u32, size as u32))
    }
}

/// What `plotters` could not draw is a mistake of ours.
pub fn drawn<T, E: Display>(result: std::result::Result<T, E>) -> Result<T> {
    result.map_err(|cause| Error::Internal(format!("a chart could not be drawn: {cause}")))
}
