use std::cell::Cell;

use super::*;
use crate::error::Error;

#[test]
fn the_best_coding_that_a_visitor_takes_is_sent() {
    for (accepted, encoding) in [
        (None, Encoding::Identity),
        (Some(""), Encoding::Identity),
        (Some("gzip, deflate, br, zstd"), Encoding::Brotli),
        (Some("gzip"), Encoding::Gzip),
        (Some("GZIP;q=1.0, br;q=0.5"), Encoding::Gzip),
        (Some("br;q=0, gzip;q=0.1"), Encoding::Gzip),
        (Some("*"), Encoding::Brotli),
        (Some("*;q=0"), Encoding::Identity),
        (Some("identity, br;q=nonsense"), Encoding::Identity),
    ] {
        assert_eq!(choose(accepted), encoding, "{accepted:?}");
    }
}

#[test]
fn a_page_that_is_sent_once_is_compressed_quickly_and_holds_the_same_bytes() {
    let text: String = (0..4_000).map(|n| format!("<li>{} {n}</li>", n * 7919 % 1009)).collect();
    let new = || Prepared::new(4, Lang::Fr, ContentType::HTML, text.clone().into_bytes());
    let (kept, once) = (new(), Prepared { once: true, ..new() });
    let mut read = Vec::new();
    let mut brotli = brotli::Decompressor::new(once.encoded(Encoding::Brotli), 4096);
    std::io::Read::read_to_end(&mut brotli, &mut read).unwrap();

    assert_eq!(read, text.as_bytes());
    assert_eq!(once.etag(Encoding::Brotli), kept.etag(Encoding::Brotli));
    for encoding in [Encoding::Gzip, Encoding::Brotli] {
        let (quick, slow) = (once.encoded(encoding).len(), kept.encoded(encoding).len());
        assert!(slow < quick && quick < text.len() / 2, "{encoding:?}: {slow}, {quick}");
    }
}

#[test]
fn both_codings_hold_the_same_bytes_and_each_has_its_tag() {
    let text = "<p>Bonjour à toutes et à tous</p>".repeat(100);
    let page = Prepared::new(4, Lang::Fr, ContentType::HTML, text.clone().into_bytes());
    assert!(page.encoded(Encoding::Gzip).len() < text.len() / 5);
    assert!(page.encoded(Encoding::Brotli).len() < text.len() / 5);
    assert!(page.etag(Encoding::Identity).starts_with("\"4-fr-"));
    assert_ne!(page.etag(Encoding::Gzip), page.etag(Encoding::Brotli));
}

fn at(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_800_000_000_000 + millis).unwrap()
}

/// Pages with one page in them, and how often it was drawn.
struct One {
    pages: Pages,
    drawn: Cell<u32>,
}

impl One {
    fn ask(&self, release: i64, seats: u64, now: DateTime<Utc>, moment: Option<DateTime<Utc>>) -> String {
        let key = Key { programme: "miso".to_owned(), lang: Lang::Fr, path: String::new() };
        let draw = || {
            self.drawn.set(self.drawn.get() + 1);
            Ok((ContentType::HTML, format!("{}", self.drawn.get()).into_bytes()))
        };
        let reply =
            self.pages.get_or_draw(key, Stamp { release, seats, people: 0 }, now, || moment, draw).unwrap();
        String::from_utf8(reply.0.bytes().to_vec()).unwrap()
    }
}

#[test]
fn a_page_is_drawn_again_when_something_changed_and_at_most_twice_a_second() {
    let one = One { pages: Pages::new(), drawn: Cell::new(0) };

    assert_eq!(one.ask(1, 0, at(0), None), "1");
    assert_eq!(one.ask(1, 0, at(3_600_000), None), "1", "nothing changed");
    assert_eq!(one.ask(1, 1, at(3_600_000), None), "2", "seats changed");
    assert_eq!(one.ask(1, 2, at(3_600_400), None), "2", "again, within half a second");
    assert_eq!(one.ask(1, 2, at(3_600_500), None), "3", "half a second later");
    assert_eq!(one.ask(2, 2, at(3_601_001), Some(at(3_700_000))), "4", "a release, at once");
    assert_eq!(one.ask(2, 2, at(3_699_999), None), "4");
    assert_eq!(one.ask(2, 2, at(3_700_000), None), "5", "its moment has come");
}

#[test]
fn a_page_that_counts_people_is_drawn_again_when_they_are_counted_anew() {
    let (pages, drawn) = (Pages::new(), Cell::new(0));
    let ask = |people, now| {
        let key = Key { programme: "miso".to_owned(), lang: Lang::Fr, path: "/press".to_owned() };
        let draw = || {
            drawn.set(drawn.get() + 1);
            Ok((ContentType::HTML, format!("{people}").into_bytes()))
        };
        let stamp = Stamp { release: 1, seats: 0, people };
        let reply = pages.get_or_draw(key, stamp, now, || None, draw).unwrap();
        String::from_utf8(reply.0.bytes().to_vec()).unwrap()
    };

    assert_eq!([ask(0, at(0)), ask(0, at(60_000)), ask(4, at(120_000))], ["0", "0", "4"]);
    assert_eq!(drawn.get(), 2);
}

#[test]
fn a_request_that_holds_an_older_release_does_not_put_it_back() {
    let one = One { pages: Pages::new(), drawn: Cell::new(0) };

    assert_eq!(one.ask(2, 0, at(0), None), "1");
    assert_eq!(one.ask(1, 0, at(1), None), "2");
    assert_eq!(one.ask(2, 0, at(2), None), "1");
}

#[test]
fn what_could_not_be_drawn_is_tried_again() {
    let pages = Pages::new();
    let key = || Key { programme: "miso".to_owned(), lang: Lang::Fr, path: String::new() };
    let stamp = Stamp { release: 1, seats: 0, people: 0 };

    let failed = pages.get_or_draw(key(), stamp, at(0), || None, || Err(Error::NotFound));
    let drawn = pages.get_or_draw(key(), stamp, at(1), || None, || Ok((ContentType::HTML, b"a".to_vec())));

    assert!(matches!(failed, Err(Error::NotFound)));
    assert_eq!(drawn.unwrap().0.bytes(), b"a");
}
