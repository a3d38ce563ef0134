//! The themes' colours as a style sheet: the CSP allows no inline style. Text in a theme's colour keeps the
//! contrast that WCAG 2.2 asks for, whatever colour was chosen.

use crate::programme::Theme;

/// Of the page, light and dark (`--paper` in the style sheet).
const PAPER: [[f64; 3]; 2] = [[251.0, 250.0, 247.0], [20.0, 22.0, 26.0]];
/// What text needs against its ground (WCAG 2.2, success criterion 1.4.3).
const CONTRAST_MIN: f64 = 4.5;

/// `.theme-{slug}` with `--theme` (bands) and `--theme-ink` (text), light and dark.
pub fn css(themes: &[Theme]) -> String {
    themes
        .iter()
        .map(|theme| {
            let colour = parse(&theme.colour)
                .or_else(|| parse(&Theme::default_colour()))
                .unwrap_or([71.0, 85.0, 105.0]);
            let light = readable(colour, PAPER[0], [0.0; 3]);
            let dark = readable(colour, PAPER[1], [255.0; 3]);
            format!(
                ".theme-{} {{ --theme: {}; --theme-ink: light-dark({}, {}); }}\n",
                theme.slug,
                hex(colour),
                hex(light),
                hex(dark)
            )
        })
        .collect()
}

/// How well white letters can be read on a colour; `None` for what is no colour.
pub fn contrast_with_white(colour: &str) -> Option<f64> {
    parse(colour).map(|colour| contrast(colour, [255.0; 3]))
}

fn parse(colour: &str) -> Option<[f64; 3]> {
    let digits = colour.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok().map(f64::from);
    Some([part(0)?, part(2)?, part(4)?])
}

fn hex(colour: [f64; 3]) -> String {
    let [r, g, b] = colour.map(|part| part.round().clamp(0.0, 255.0) as u8);
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// The colour, mixed with `towards` in steps of a twentieth until it can be read on `ground`.
fn readable(colour: [f64; 3], ground: [f64; 3], towards: [f64; 3]) -> [f64; 3] {
    let mixed = |step: u8| {
        let share = f64::from(step) / 20.0;
        std::array::from_fn(|at| colour[at] * (1.0 - share) + towards[at] * share)
    };
    (0..=20).map(mixed).find(|mixed| contrast(*mixed, ground) >= CONTRAST_MIN).unwrap_or(towards)
}

/// WCAG 2.2's contrast ratio.
fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    a.max(b) / a.min(b)
}

/// WCAG 2.2's relative luminance.
fn luminance(colour: [f64; 3]) -> f64 {
    let [r, g, b] = colour.map(|part| {
        let part = part / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn theme(colour: &str) -> Theme {
        Theme {
            slug: "lab".to_owned(),
            title: String::new(),
            starts: None,
            ends: None,
            colour: colour.to_owned(),
            summary: String::new(),
        }
    }

    #[test]
    fn a_dark_colour_stays_on_light_paper_and_a_light_one_is_darkened() {
        assert_eq!(
            css(&[theme("#0b6e4f")]),
            ".theme-lab { --theme: #0b6e4f; --theme-ink: light-dark(#0b6e4f, #48927b); }\n"
        );
        assert!(css(&[theme("red; } body { display: none")]).contains("--theme: #475569;"));
    }

    proptest! {
        #[test]
        fn every_colour_can_be_read(r in 0u8.., g in 0u8.., b in 0u8..) {
            let colour = [r, g, b].map(f64::from);
            prop_assert!(contrast(readable(colour, PAPER[0], [0.0; 3]), PAPER[0]) >= CONTRAST_MIN);
            prop_assert!(contrast(readable(colour, PAPER[1], [255.0; 3]), PAPER[1]) >= CONTRAST_MIN);
        }
    }
}
