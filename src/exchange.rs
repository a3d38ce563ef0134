//! Other formats, outward: frab XML and JSON, CSV, XLSX, JSON-LD, Atom. Plain data in, text out.

pub mod atom;
pub mod csv;
mod frab;
pub mod frab_json;
pub mod frab_xml;
pub mod json_ld;
pub mod routes;
pub mod xlsx;

#[cfg(test)]
pub(crate) mod sample;

/// Text without what XML 1.0 can not hold, not even escaped.
fn xml_text(text: &str) -> String {
    let is_held = |c: &char| match c {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        c => !c.is_control() || ('\u{80}'..='\u{9f}').contains(c),
    };
    text.chars().filter(is_held).collect()
}
