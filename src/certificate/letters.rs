//! From a text to lines of glyphs: which letters the font has, in which direction they run, where a line ends.

use std::{ops::Range, sync::OnceLock};

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, UnicodeBuffer};
use unicode_bidi::BidiInfo;

/// DejaVu Sans (fonts/LICENSE-DejaVu.txt): Latin, Greek, Cyrillic, Arabic, Hebrew, Armenian, Georgian and more.
static PLAIN: &[u8] = include_bytes!("../../fonts/DejaVuSans.ttf");
static BOLD: &[u8] = include_bytes!("../../fonts/DejaVuSans-Bold.ttf");

/// Which of the two fonts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Face {
    Plain,
    Bold,
}

struct Loaded {
    shapes: rustybuzz::Face<'static>,
    font: Font,
}

impl Face {
    fn loaded(self) -> &'static Loaded {
        static FONTS: OnceLock<[Loaded; 2]> = OnceLock::new();
        let load = |bytes: &'static [u8]| Loaded {
            shapes: rustybuzz::Face::from_slice(bytes, 0).expect("the font is in the binary and is one"),
            font: Font::new(bytes.into(), 0).expect("the font is in the binary and is one"),
        };
        let [plain, bold] = FONTS.get_or_init(|| [load(PLAIN), load(BOLD)]);
        match self {
            Face::Plain => plain,
            Face::Bold => bold,
        }
    }

    /// The font as the PDF takes it.
    pub(super) fn font(self) -> Font {
        self.loaded().font.clone()
    }
}

/// A piece of a line that runs in one direction.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub text: String,
    pub glyphs: Vec<KrillaGlyph>,
    /// For a letter size of 1.
    pub width: f32,
}

/// Runs from left to right, as they are seen.
pub(super) type Line = Vec<Run>;

/// The lines of a text that is at most so wide, for a letter size of 1. Lines end at blanks, and within a word only
/// where it fills a line by itself.
pub(super) fn lines(face: Face, text: &str, width: f32) -> Vec<Line> {
    let text = readable(face, text);
    let bidi = BidiInfo::new(&text, None);
    let Some(paragraph) = bidi.paragraphs.first() else { return Vec::new() };
    let line = |range: Range<usize>| {
        let (levels, runs) = bidi.visual_runs(paragraph, range);
        let run = |run: Range<usize>| {
            let direction =
                if levels[run.start].is_rtl() { Direction::RightToLeft } else { Direction::LeftToRight };
            shape(face, &text[run], direction)
        };
        runs.into_iter().map(run).collect()
    };
    breaks(face, &text, width).into_iter().map(line).collect()
}

/// The ranges of the lines, without the blanks between them.
fn breaks(face: Face, text: &str, width: f32) -> Vec<Range<usize>> {
    let blank = advance(face, " ");
    let mut lines: Vec<Range<usize>> = Vec::new();
    let mut used = 0.0;
    let mut at = 0;
    for word in text.split(' ') {
        let start = at;
        at += word.len() + 1;
        for part in parts(face, word, width) {
            let part = start + part.start..start + part.end;
            let wide = advance(face, &text[part.clone()]);
            match lines.last_mut() {
                Some(last) if part.start == start && used + blank + wide <= width => {
                    used += blank + wide;
                    last.end = part.end;
                }
                _ => {
                    used = wide;
                    lines.push(part);
                }
            }
        }
    }
    lines
}

/// A word, in as many parts as it fills lines.
fn parts(face: Face, word: &str, width: f32) -> Vec<Range<usize>> {
    let fits = advance(face, word) <= width;
    let (mut parts, mut start, mut used) = (Vec::new(), 0, 0.0);
    for (at, letter) in word.char_indices().filter(|_| !fits) {
        let wide = advance(face, letter.encode_utf8(&mut [0; 4]));
        if used + wide > width && at > start {
            parts.push(start..at);
            (start, used) = (at, 0.0);
        }
        used += wide;
    }
    parts.push(start..word.len());
    parts
}

fn advance(face: Face, text: &str) -> f32 {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    let shaped = rustybuzz::shape(&face.loaded().shapes, &[], buffer);
    let units: i32 = shaped.glyph_positions().iter().map(|glyph| glyph.x_advance).sum();
    em(face, units)
}

/// What a distance in the font's units is for a letter size of 1.
#[expect(clippy::cast_precision_loss, reason = "the units of a line are far fewer than 2^24")]
fn em(face: Face, units: i32) -> f32 {
    units as f32 / face.loaded().font.units_per_em()
}

fn shape(face: Face, text: &str, direction: Direction) -> Run {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    buffer.set_direction(direction);
    let shaped = rustybuzz::shape(&face.loaded().shapes, &[], buffer);
    // A cluster reaches to the next one in the text, whatever the direction.
    let starts: std::collections::BTreeSet<u32> =
        shaped.glyph_infos().iter().map(|info| info.cluster).collect();
    let end = |start: u32| starts.range(start + 1..).next().map_or(text.len(), |next| *next as usize);
    let mut width = 0.0;
    let mut glyphs = Vec::with_capacity(shaped.len());
    for (info, at) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
        let [advance, x, y, up] =
            [at.x_advance, at.x_offset, at.y_offset, at.y_advance].map(|it| em(face, it));
        width += advance;
        let range = info.cluster as usize..end(info.cluster);
        glyphs.push(KrillaGlyph::new(GlyphId::new(info.glyph_id), advance, x, y, up, range, None));
    }
    Run { text: text.to_owned(), glyphs, width }
}

/// The text on one line, without what the font has no picture of: such letters are written in Latin ones.
fn readable(face: Face, text: &str) -> String {
    let shapes = &face.loaded().shapes;
    let mut found = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() || letter == '\u{2028}' || letter == '\u{2029}' {
            found.push(' ');
        } else if matches!(letter, '\u{feff}' | '\u{fffe}' | '\u{ffff}') {
            // No letters: byte order marks and what can be none. A file that has one is refused by its writer.
        } else if shapes.glyph_index(letter).is_some_and(|glyph| glyph.0 != 0) {
            found.push(letter);
        } else if letter == '\u{202f}' {
            found.push('\u{a0}');
        } else {
            found.push_str(deunicode::deunicode_char(letter).unwrap_or_default());
        }
    }
    found.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str, width: f32) -> Vec<String> {
        let line = |line: Line| line.into_iter().map(|run| run.text).collect();
        lines(Face::Plain, text, width).into_iter().map(line).collect()
    }

    #[test]
    fn lines_end_at_blanks_and_within_a_word_only_where_it_must_be() {
        assert_eq!(texts("un deux  trois", 5.0), ["un deux", "trois"]);
        assert_eq!(texts("un\r\ndeux", 40.0), ["un deux"]);
        let long = texts(&"w".repeat(30), 8.0);
        assert!(long.len() > 2 && long.concat() == "w".repeat(30), "{long:?}");
        assert_eq!(texts("", 8.0), Vec::<String>::new());
        for line in lines(Face::Bold, &"mot et mots ".repeat(20), 12.0) {
            assert!(line.iter().map(|run| run.width).sum::<f32>() <= 12.0);
        }
    }

    #[test]
    fn every_letter_has_a_picture() {
        for text in [
            "Zoë Đorđević-Łukasz ș’œ",
            "Ольга Їжак",
            "Ελένη",
            "أحمد بن علي",
            "דנה",
            "Tigist ትግስት",
            "山田 花子",
            "e\u{301}🎉",
        ] {
            for face in [Face::Plain, Face::Bold] {
                let lines = lines(face, text, 100.0);
                let glyphs: Vec<_> = lines.iter().flatten().flat_map(|run| &run.glyphs).collect();
                assert!(
                    !glyphs.is_empty() && glyphs.iter().all(|glyph| glyph.glyph_id.to_u32() != 0),
                    "{text}"
                );
            }
        }
        assert_eq!(texts("山田 花子", 100.0), ["Shan Tian Hua Zi"]);
    }

    #[test]
    fn a_name_from_right_to_left_stands_in_its_own_order_among_others() {
        let line = &lines(Face::Plain, "Ana أحمد Kim", 100.0)[0];
        assert_eq!(line.iter().map(|run| run.text.as_str()).collect::<Vec<_>>(), ["Ana ", "أحمد", " Kim"]);
        let ranges: Vec<_> = line[1].glyphs.iter().map(|glyph| glyph.text_range.start).collect();
        assert!(
            ranges.is_sorted_by(|a, b| a >= b),
            "seen from the left, the last letter is the first: {ranges:?}"
        );
    }
}
