//! What the importer says, in the reader's language.
//!
//! The importer speaks English: its sentences are for the command line and for logs. The messages `said-…` hold the
//! same sentences with `$a`, `$b`, `$c`, `$d` for what changes in them; the English ones are what a sentence is known
//! by, so they stand in no second place. A sentence that is not there stays English, and a test looks for such.

use std::sync::OnceLock;

use crate::locale::{self, Lang};

/// What changes in a sentence.
const VALUES: [&str; 4] = ["a", "b", "c", "d"];
/// Around a value's name, where the sentence is known by.
const MARK: char = '\u{1}';
/// What is only for the command line.
const TAILS: [&str; 4] = [
    "; --map says which column is what",
    ", or say which with --map",
    "; --timezone says another",
    ", --sheet says another",
];

/// A sentence of the importer in that language.
pub fn said(lang: Lang, sentence: &str) -> String {
    let bare = TAILS.iter().find_map(|tail| sentence.strip_suffix(tail)).unwrap_or(sentence);
    if lang == Lang::En {
        return bare.to_owned();
    }
    let known = sentences().iter().find_map(|known| Some((known.key.as_str(), known.values_in(bare)?)));
    match known {
        Some((key, values)) => {
            let values: Vec<_> = values.iter().map(|(name, value)| (*name, (*value).into())).collect();
            locale::text(lang, key, &values)
        }
        None => bare.to_owned(),
    }
}

/// A sentence with gaps.
struct Sentence {
    key: String,
    /// What stands before the first gap.
    start: String,
    /// Each gap's value, and what stands behind it.
    gaps: Vec<(&'static str, String)>,
}

/// Those with the most words of their own first.
fn sentences() -> &'static [Sentence] {
    static SENTENCES: OnceLock<Vec<Sentence>> = OnceLock::new();
    SENTENCES.get_or_init(|| {
        let keys = locale::keys(Lang::En).into_iter().filter(|key| key.starts_with("said-"));
        let mut sentences: Vec<_> = keys.map(Sentence::of).collect();
        sentences.sort_by_key(|sentence| {
            let words: usize = sentence.gaps.iter().map(|(_, words)| words.len()).sum();
            std::cmp::Reverse(sentence.start.len() + words)
        });
        sentences
    })
}

impl Sentence {
    fn of(key: String) -> Sentence {
        let marked = VALUES.map(|name| format!("{MARK}{name}{MARK}"));
        let values: Vec<_> =
            VALUES.iter().zip(&marked).map(|(name, mark)| (*name, mark.as_str().into())).collect();
        let text = locale::text(Lang::En, &key, &values);
        let mut parts = text.split(MARK);
        let start = parts.next().unwrap_or_default().to_owned();
        let mut gaps = Vec::new();
        while let (Some(name), Some(words)) = (parts.next(), parts.next()) {
            let name = VALUES.into_iter().find(|known| *known == name).unwrap_or_default();
            gaps.push((name, words.to_owned()));
        }
        Sentence { key, start, gaps }
    }

    /// What stands in the gaps of a sentence that is this one.
    fn values_in<'s>(&self, sentence: &'s str) -> Option<Vec<(&'static str, &'s str)>> {
        let mut rest = sentence.strip_prefix(self.start.as_str())?;
        let mut values = Vec::new();
        for (number, (name, words)) in self.gaps.iter().enumerate() {
            let is_last = number + 1 == self.gaps.len();
            let (value, after) = match (is_last, words.is_empty()) {
                (true, _) => (rest.strip_suffix(words.as_str())?, ""),
                (false, _) => rest.split_once(words.as_str())?,
            };
            values.push((*name, value));
            rest = after;
        }
        rest.is_empty().then_some(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::import::{Files, Format, Options, import};

    #[test]
    fn a_sentence_is_found_again_with_what_changes_in_it() {
        assert_eq!(
            said(
                Lang::Fr,
                "there is no such day: that month has 28 days; write it as 2027-04-19 or 19.04.2027"
            ),
            "ce jour n’existe pas\u{a0}: ce mois a 28\u{a0}jours\u{202f}; écrire 2027-04-19 ou 19.04.2027"
        );
        assert_eq!(said(Lang::En, "columns that are not read: a"), "columns that are not read: a");
        assert_eq!(
            said(Lang::En, "no zone is said, so times are taken to be in UTC; --timezone says another"),
            "no zone is said, so times are taken to be in UTC"
        );
        assert_eq!(said(Lang::Fr, "a sentence that nobody knows"), "a sentence that nobody knows");
    }

    #[test]
    fn every_mistake_of_a_table_is_said_in_french() {
        let head = "slug,title,theme,format,date,start,end,language,online,join_url,capacity,registration,status,opens,closes,queue,held,zzz";
        let rows = [
            "AB,Une,,atelier,2027-04-19,10:00,11:00,fr,,,,,,,,,,",
            "une,,,rien,31.02.2027,25:00,x,klingon,peut-être,x,-1,x,x,x,-7,x,x,",
            "une,U\u{1}ne,,,27/12/14,,,,,,,,,,,,,",
            "deux,Deux,,,2027-13-01,,,,,,,,,,,,,",
            "trois,Trois,,,0019-01-01,,,,,,,,,,,,a:1|a:2,",
            "quatre,Quatre,,,,,,,,,,,,,,,,",
            "cinq,Cinq,,,10:00,24:00,,,,,,,,,,,,",
            "six,Six,,,2027-03-28,02:30,2027-03-27 10:00,()\u{a0},,,,,,2027-04-02,2027-04-01,,,",
            "sept,Sept,,,2027-03-27,10:00,2027-03-20,,,,,,,9:00,,,,",
            "huit",
        ];
        let text = format!("{head}\n{}\n", rows.join("\n"));
        let mut sentences: Vec<String> = Vec::new();
        for (name, bytes) in [
            ("t.csv", text.into_bytes()),
            ("t.csv", b"a,b\n1,2\n".to_vec()),
            ("t.csv", b"titre,date,date\n".to_vec()),
            ("t.csv", b"slug\nune\n".to_vec()),
            ("t.csv", b"".to_vec()),
            ("t.csv", b"%PDF-1.7".to_vec()),
            ("t.csv", b"PK\x03\x04".to_vec()),
            ("t.csv", b"\xd0\xcf\x11\xe0".to_vec()),
            ("t.csv", b"\xc3\xa9t\xc3\xa9\n\xc3\xa9\nt\xe9l\n".to_vec()),
            ("t.csv", b"titre,date\n\"Une,2027-04-19\n\n".to_vec()),
            ("t.xml", b"<html></html>".to_vec()),
            ("t.xml", b"<schedule><day>".to_vec()),
            ("t.xml", b"<schedule></schedule>".to_vec()),
            ("t.json", b"{".to_vec()),
            ("t.json", b"{}".to_vec()),
            ("t.json", br#"{"results":[{"code":"A","state":"rejected"}]}"#.to_vec()),
            ("t.json", br#"{"results":[{"name":"A"}]}"#.to_vec()),
        ] {
            let format = Format::guess(std::path::Path::new(name), &bytes);
            let options = Options { slug: "miso".to_owned(), ..Options::default() };
            let files = Files::new([(name.to_owned(), bytes)]);
            match import(None, &files, format, &options, &mut uuid::Uuid::nil) {
                Ok(imported) => sentences.extend(imported.notices.into_iter().map(|notice| notice.message)),
                Err(problems) => sentences.extend(problems.into_iter().map(|problem| problem.message)),
            }
        }
        let english: Vec<_> =
            sentences.iter().filter(|sentence| said(Lang::Fr, sentence) == **sentence).collect();

        assert!(sentences.len() > 40, "{}", sentences.len());
        assert_eq!(english, Vec::<&String>::new());
    }
}
