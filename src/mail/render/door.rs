//! The code that is shown at the door, and its picture: a small PNG inside the mail, which asks nobody for it.

use std::io::Write as _;

use flate2::{Compression, Crc, write::ZlibEncoder};
use qrcodegen::{QrCode, QrCodeEcc};

use crate::{
    mail::{Kind, Letter},
    programme::Status,
};

/// Modules of white around the code; readers need them.
const BORDER: i32 = 4;
/// Pixels of a module: about three centimetres on a telephone.
const SCALE: i32 = 6;

/// The code, in a mail that somebody brings along: one that says that they have a seat, where the session takes place
/// among people.
pub(super) fn code(letter: &Letter) -> Option<&str> {
    let brings = match letter.kind {
        Kind::Order | Kind::Promoted | Kind::Reminder => true,
        Kind::Offered
        | Kind::Expired
        | Kind::Confirm
        | Kind::Cancelled
        | Kind::Link
        | Kind::Changed
        | Kind::Thanks
        | Kind::Message
        | Kind::Invitation
        | Kind::Password
        | Kind::SignIn
        | Kind::Joining
        | Kind::Proposal => false,
    };
    let has_door = letter.data.items.iter().any(|item| {
        let session = &item.session;
        let is_online = session.online && session.place.is_empty();
        item.outcome.has_seat() && session.status == Status::Scheduled && !is_online
    });
    letter.data.door_code.as_deref().filter(|_| brings && has_door)
}

/// What the HTML calls the picture.
pub(super) fn address(letter: &Letter) -> String {
    format!("cid:{}", id(letter))
}

/// The picture's Content-ID, without its angle brackets: the same for the same letter.
pub(super) fn id(letter: &Letter) -> String {
    format!("door.{}@parvis", letter.id)
}

/// The code as a QR code: letters and digits alone, as they are stored, which makes the smallest there is. Dark on
/// white, whatever the colours of the mail program are.
pub(super) fn picture(code: &str) -> Option<Vec<u8>> {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let drawn = QrCode::encode_text(&plain, QrCodeEcc::Medium).ok()?;
    let side = (drawn.size() + 2 * BORDER) * SCALE;
    let is_dark = |x: i32, y: i32| drawn.get_module(x / SCALE - BORDER, y / SCALE - BORDER);
    let mut pixels = Vec::new();
    for y in 0..side {
        // Each line says first how it is filtered: not at all. Then a bit a pixel, white set.
        pixels.push(0);
        for first in (0..side).step_by(8) {
            let bits = (0..8).filter(|bit| first + bit < side && !is_dark(first + bit, y));
            pixels.push(bits.fold(0, |byte, bit| byte | 0x80_u8 >> bit));
        }
    }
    png(u32::try_from(side).ok()?, &pixels)
}

/// A square picture of one bit a pixel (W3C PNG, third edition, 5 and 11.2).
fn png(side: u32, pixels: &[u8]) -> Option<Vec<u8>> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    packed.write_all(pixels).ok()?;
    let packed = packed.finish().ok()?;
    let mut header = [side.to_be_bytes(), side.to_be_bytes()].concat();
    // One bit, grey; the only method of compression, of filters; not interlaced.
    header.extend([1, 0, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, content) in [(b"IHDR", header.as_slice()), (b"IDAT", &packed), (b"IEND", &[])] {
        let mut check = Crc::new();
        check.update(name);
        check.update(content);
        file.extend(u32::try_from(content.len()).ok()?.to_be_bytes());
        file.extend(name);
        file.extend(content);
        file.extend(check.sum().to_be_bytes());
    }
    Some(file)
}
