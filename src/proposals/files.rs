//! Pictures and material that somebody sends. What a file is, its content says, and neither its name nor what a browser
//! calls it. A picture is read and written afresh: what is not picture (where it was taken, scripts, another file behind
//! it) stays behind. Pure.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder,
    imageops::FilterType, metadata::Orientation,
};

/// The largest file that is taken, in bytes.
pub const FILE_BYTES_MAX: usize = 15 * 1024 * 1024;
/// The most files of one proposal.
pub const FILES_MAX: usize = 6;
/// What they may weigh together, in bytes.
pub const FILES_BYTES_MAX: i64 = 40 * 1024 * 1024;
/// The longest name of a file, in characters.
pub const NAME_CHARS_MAX: usize = 100;

/// The longest side of a picture that is read, in pixels.
const SIDE_MAX: u32 = 12_000;
/// The most pixels of a picture that is read.
const PIXELS_MAX: u64 = 40_000_000;
/// What reading one may take of the memory, in bytes.
const DECODED_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// The longest side of a picture that is kept, in pixels: sharp on a wide screen.
const KEPT_SIDE: u32 = 2_000;
/// How well it is kept, of 100.
const JPEG_QUALITY: u8 = 85;
/// How far behind its beginning a PDF says what it is, and how far before its end that it is over, in bytes.
const PDF_END: usize = 2_048;

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Shown on the pages of the proposal; one each. The public page of the session does not have it.
    Picture,
    /// To be read.
    Material,
}

impl Kind {
    /// The word in the table, and in message keys.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Picture => "picture",
            Kind::Material => "material",
        }
    }
}

/// What a file is, as we keep it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// A picture without holes.
    Jpeg,
    /// A picture through which one may see.
    Png,
    /// A document.
    Pdf,
}

impl Media {
    /// The type that it is served with.
    pub fn code(self) -> &'static str {
        match self {
            Media::Jpeg => "image/jpeg",
            Media::Png => "image/png",
            Media::Pdf => "application/pdf",
        }
    }

    /// The type of that name.
    pub fn parse(code: &str) -> Option<Media> {
        [Media::Jpeg, Media::Png, Media::Pdf].into_iter().find(|media| media.code() == code)
    }

    /// What such a file is for.
    pub fn kind(self) -> Kind {
        match self {
            Media::Jpeg | Media::Png => Kind::Picture,
            Media::Pdf => Kind::Material,
        }
    }

    /// The ending of the name that it is served under.
    pub fn ending(self) -> &'static str {
        match self {
            Media::Jpeg => "jpg",
            Media::Png => "png",
            Media::Pdf => "pdf",
        }
    }
}

/// A file as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// What its sender called it: shown, never trusted.
    pub name: String,
    /// What it is.
    pub media: Media,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Why a file is not taken; each has a message `proposal-file-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// There is none.
    Empty,
    /// It is larger than [`FILE_BYTES_MAX`].
    Large,
    /// Neither a JPEG, PNG or WebP picture nor a PDF.
    Kind,
    /// A picture of more pixels than we read.
    Pixels,
    /// It says that it is one of them, and cannot be read.
    Broken,
}

impl Refused {
    /// The end of the message key.
    pub fn code(self) -> &'static str {
        match self {
            Refused::Empty => "empty",
            Refused::Large => "large",
            Refused::Kind => "kind",
            Refused::Pixels => "pixels",
            Refused::Broken => "broken",
        }
    }
}

/// The file as it will be kept. Takes long, and memory: one after the other, beside the requests.
///
/// # Errors
/// Why it is not taken.
pub fn take(name: &str, bytes: &[u8]) -> Result<Taken, Refused> {
    if bytes.is_empty() {
        return Err(Refused::Empty);
    }
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Refused::Large);
    }
    let (media, bytes) = match format_of(bytes) {
        Some(format) => picture(format, bytes)?,
        None if bytes.starts_with(b"%PDF-") => (Media::Pdf, document(bytes)?),
        None => return Err(Refused::Kind),
    };
    Ok(Taken { name: plain_name(name), media, bytes })
}

/// By its first bytes.
fn format_of(bytes: &[u8]) -> Option<ImageFormat> {
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some(ImageFormat::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(ImageFormat::Png),
        _ if is_webp => Some(ImageFormat::WebP),
        _ => None,
    }
}

/// The picture, upright, of a size for screens, and nothing else of the file.
fn picture(format: ImageFormat, bytes: &[u8]) -> Result<(Media, Vec<u8>), Refused> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    let is_small = width <= SIDE_MAX && height <= SIDE_MAX;
    if !is_small || u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(Refused::Pixels);
    }
    // What is decoded from here on is checked by nobody else: `from_decoder` takes what the picture asks for.
    limits().reserve(decoder.total_bytes()).map_err(refused)?;
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(refused)?;
    if image.width() > KEPT_SIDE || image.height() > KEPT_SIDE {
        image = image.resize(KEPT_SIDE, KEPT_SIDE, FilterType::Triangle);
    }
    // When it is small: turning makes a second one.
    image.apply_orientation(turned);
    let is_whole = |image: &DynamicImage| image.to_rgba8().pixels().all(|pixel| pixel.0[3] == u8::MAX);
    let mut written = Vec::new();
    let (media, done) = if !image.color().has_alpha() || is_whole(&image) {
        let encoder = JpegEncoder::new_with_quality(&mut written, JPEG_QUALITY);
        (Media::Jpeg, DynamicImage::from(image.to_rgb8()).write_with_encoder(encoder))
    } else {
        let whole = DynamicImage::from(image.to_rgba8());
        (Media::Png, whole.write_to(&mut Cursor::new(&mut written), ImageFormat::Png))
    };
    done.map_err(refused)?;
    Ok((media, written))
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(DECODED_BYTES_MAX);
    limits
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
fn refused(cause: image::ImageError) -> Refused {
    match cause {
        image::ImageError::Limits(_) => Refused::Pixels,
        _ => Refused::Broken,
    }
}

/// A PDF has its end; it is kept as it is, and only ever downloaded.
fn document(bytes: &[u8]) -> Result<Vec<u8>, Refused> {
    let end = &bytes[bytes.len().saturating_sub(PDF_END)..];
    let is_ended = end.windows(5).any(|part| part == b"%%EOF");
    if is_ended { Ok(bytes.to_vec()) } else { Err(Refused::Broken) }
}

/// What the file is called, without folders, and without what turns or hides the rest.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let clean: String = last.chars().filter(|c| !is_hidden(*c)).take(NAME_CHARS_MAX).collect();
    let clean = clean.trim();
    if clean.trim_matches('.').is_empty() { "?".to_owned() } else { clean.to_owned() }
}

#[cfg(test)]
mod tests {
    use image::{ImageBuffer, Rgb, Rgba};

    use super::*;

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let image = ImageBuffer::from_fn(width, height, |x, _| Rgb([u8::try_from(x % 255).unwrap(), 80, 90]));
        let mut bytes = Vec::new();
        DynamicImage::from(image).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Jpeg).unwrap();
        bytes
    }

    /// The picture with a block that says where it was taken, and that it lies on its side.
    fn with_exif(jpeg: &[u8]) -> Vec<u8> {
        let mut tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
        tiff.extend(b"GPSLatitude 46.2044 <script>alert(1)</script>");
        let mut block = b"Exif\0\0".to_vec();
        block.extend(tiff);
        let mut all = jpeg[..2].to_vec();
        all.extend([0xff, 0xe1]);
        all.extend(u16::try_from(block.len() + 2).unwrap().to_be_bytes());
        all.extend(block);
        all.extend(&jpeg[2..]);
        all
    }

    fn holds(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }

    fn size(bytes: &[u8]) -> (u32, u32) {
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap().into_dimensions().unwrap()
    }

    #[test]
    fn where_a_picture_was_taken_is_gone_and_it_stands_upright() {
        let sent = with_exif(&jpeg(40, 20));
        assert!(holds(&sent, b"GPSLatitude"), "it was there");

        let kept = take("été.jpg", &sent).unwrap();

        assert_eq!((kept.media, kept.name.as_str()), (Media::Jpeg, "été.jpg"));
        assert!(!holds(&kept.bytes, b"GPSLatitude") && !holds(&kept.bytes, b"Exif"));
        assert_eq!(size(&kept.bytes), (20, 40));
    }

    #[test]
    fn what_hides_behind_a_picture_stays_behind() {
        let mut sent = jpeg(30, 30);
        sent.extend(b"PK\x03\x04<html><script>alert(1)</script>");

        let kept = take("a.html", &sent).unwrap();

        assert!(!holds(&kept.bytes, b"<script>") && !holds(&kept.bytes, b"PK\x03\x04"));
        assert_eq!(kept.media, Media::Jpeg);
    }

    #[test]
    fn a_large_picture_is_made_small_and_one_with_holes_keeps_them() {
        let kept = take("a", &jpeg(3_000, 1_500)).unwrap();
        assert_eq!(size(&kept.bytes), (2_000, 1_000));

        let holes = ImageBuffer::from_pixel(8, 8, Rgba([1_u8, 2, 3, 100]));
        let mut png = Vec::new();
        DynamicImage::from(holes).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
        assert_eq!(take("a", &png).unwrap().media, Media::Png);
        let whole = ImageBuffer::from_pixel(8, 8, Rgba([1_u8, 2, 3, 255]));
        let mut webp = Vec::new();
        DynamicImage::from(whole).write_to(&mut Cursor::new(&mut webp), ImageFormat::WebP).unwrap();
        assert_eq!(take("a", &webp).unwrap().media, Media::Jpeg, "WebP is read as well");
    }

    #[test]
    fn what_only_says_that_it_is_a_picture_is_refused() {
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
        for (sent, why) in [
            (&b""[..], Refused::Empty),
            (svg, Refused::Kind),
            (b"<html><script>alert(1)</script>", Refused::Kind),
            (b"GIF89a\x01\x00\x01\x00", Refused::Kind),
            (b"MZ\x90\x00", Refused::Kind),
            (b"%PDF-1.7 and no end", Refused::Broken),
            (b"\xff\xd8\xff\xe0nonsense", Refused::Broken),
            (b"RIFF\x00\x00\x00\x00WEBPnonsense", Refused::Broken),
        ] {
            assert_eq!(take("a.jpg", sent), Err(why), "{sent:?}");
        }
        assert_eq!(take("a", &vec![b'%'; FILE_BYTES_MAX + 1]), Err(Refused::Large));
        assert!(take("a.pdf", b"%PDF-1.4\n%%EOF\n").is_ok());
    }

    #[test]
    fn a_picture_of_a_thousand_million_pixels_is_refused_before_it_is_read() {
        // A PNG that says 40,000 times 40,000 in its head.
        let mut png = Vec::new();
        let small = ImageBuffer::from_pixel(1, 1, Rgb([0_u8, 0, 0]));
        DynamicImage::from(small).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
        png[16..24].copy_from_slice(&[0, 0, 0x9c, 0x40, 0, 0, 0x9c, 0x40]);
        let crc = crc32(&png[12..29]);
        png[29..33].copy_from_slice(&crc.to_be_bytes());

        assert_eq!(take("a.png", &png), Err(Refused::Pixels));
        // And one that stays within the sides, but not within the pixels.
        png[16..24].copy_from_slice(&[0, 0, 0x2e, 0xe0, 0, 0, 0x2e, 0xe0]);
        let crc = crc32(&png[12..29]);
        png[29..33].copy_from_slice(&crc.to_be_bytes());
        assert_eq!(take("a.png", &png), Err(Refused::Pixels));
    }

    fn crc32(bytes: &[u8]) -> u32 {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        crc.sum()
    }

    #[test]
    fn a_name_is_one_line_of_what_can_be_seen() {
        for (sent, kept) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\Ana\\photo.jpg", "photo.jpg"),
            ("a\r\nContent-Type: text/html\u{202e}gpj.exe", "aContent-Type: text/htmlgpj.exe"),
            ("..", "?"),
            ("", "?"),
        ] {
            // `/` parts folders.
            let kept = kept.rsplit('/').next().unwrap();
            assert_eq!(plain_name(sent), kept);
        }
    }
}
