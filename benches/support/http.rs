//! As much of HTTP/1.1 as a load needs: where an answer ends, and what its head says.

#![allow(dead_code, reason = "each bench uses its own part of this")]

/// The head of an answer.
pub struct Head {
    /// 200, 303, 304…
    pub status: u16,
    /// Bytes of the head, and of the body behind it.
    pub len: usize,
    /// Bytes of the body.
    pub body: usize,
}

/// The head, once it is all there. Answers without `Content-Length` are not for this load.
pub fn head(bytes: &[u8]) -> Option<Head> {
    let len = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&bytes[..len]).expect("our heads are ASCII");
    let status: u16 = text[9..12].parse().expect("a status line");
    let length = headers(text).find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let body = match status {
        204 | 304 => 0,
        _ => length.map(|(_, value)| value.parse().expect("a number")).expect("an answer says its length"),
    };
    Some(Head { status, len, body })
}

/// The header lines of a head.
pub fn headers(head: &str) -> impl Iterator<Item = (&str, &str)> {
    head.lines().skip(1).filter_map(|line| line.split_once(':')).map(|(name, value)| (name, value.trim()))
}

/// A request without a body.
pub fn get(path: &str, lines: &[(&str, &str)]) -> String {
    let lines: String = lines.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n")
}

/// A form as a browser sends it from one of our own pages.
pub fn post(path: &str, fields: &[(&str, &str)]) -> String {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}
