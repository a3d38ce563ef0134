//! Pictures for the documentation: few colours, few bytes.

use std::collections::HashMap;

/// Enough for the edges of letters and a colour a theme.
const COLOURS_MAX: usize = 64;

/// That part of the height of the picture, with the colours that it has most of; each other one becomes the nearest
/// of them.
pub fn small(png: &[u8], part: f64) -> Vec<u8> {
    let whole = image::load_from_memory(png).unwrap().to_rgb8();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of its height")]
    let height = (f64::from(whole.height()) * part.clamp(0.0, 1.0)).round() as u32;
    let picture = image::imageops::crop_imm(&whole, 0, 0, whole.width(), height).to_image();
    let mut counts: HashMap<[u8; 3], usize> = HashMap::new();
    for pixel in picture.pixels() {
        *counts.entry(pixel.0).or_default() += 1;
    }
    let mut colours: Vec<_> = counts.iter().map(|(colour, count)| (*count, *colour)).collect();
    colours.sort_unstable_by(|a, b| b.cmp(a));
    colours.truncate(COLOURS_MAX);
    let nearest = |colour: &[u8; 3]| {
        let distance = |other: &[u8; 3]| -> u32 {
            colour.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum()
        };
        (0..colours.len()).min_by_key(|at| distance(&colours[*at].1)).unwrap()
    };
    let known: HashMap<_, _> =
        counts.keys().map(|colour| (*colour, u8::try_from(nearest(colour)).unwrap())).collect();
    let pixels: Vec<u8> = picture.pixels().map(|pixel| known[&pixel.0]).collect();

    let mut small = Vec::new();
    let mut encoder = png::Encoder::new(&mut small, picture.width(), picture.height());
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(colours.iter().flat_map(|(_, colour)| *colour).collect::<Vec<_>>());
    encoder.set_compression(png::Compression::High);
    // Neighbours in a palette have nothing to do with one another.
    encoder.set_filter(png::Filter::NoFilter);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    small
}
