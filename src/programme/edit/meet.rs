//! Two editors at once. A form carries a digest of each field as it was when it was opened; what is different when it
//! comes back was changed by somebody else meanwhile. The second editor is shown it, field by field, and loses nothing.
//!
//! Digests rather than a time of change: an import that writes a row as it was is in nobody's way, and two people on
//! two themes of one document do not meet.

use crate::programme::cells::Cells;

/// What a form had seen, as it carries it: a digest a field, parted by dots.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen(Vec<(String, String)>);

/// A field that somebody else has changed since the form was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theirs {
    /// Which.
    pub field: &'static str,
    /// What they wrote.
    pub theirs: String,
    /// What stands in the form that came back.
    pub typed: String,
    /// Whether the second editor has changed it as well.
    pub both: bool,
}

impl Seen {
    /// What somebody sees who opens a form now.
    pub fn of(cells: &Cells) -> Seen {
        Seen(cells.iter().map(|(field, cell)| ((*field).to_owned(), digest(cell))).collect())
    }

    /// As a form sends it back; what is none of ours says nothing.
    pub fn parse(text: &str) -> Seen {
        let pair =
            |part: &str| part.split_once(':').map(|(field, digest)| (field.to_owned(), digest.to_owned()));
        Seen(text.split(' ').filter_map(pair).collect())
    }

    fn get(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == field).map(|(_, digest)| digest.as_str())
    }
}

impl std::fmt::Display for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, (field, digest)) in self.0.iter().enumerate() {
            let part = if at == 0 { "" } else { " " };
            write!(f, "{part}{field}:{digest}")?;
        }
        Ok(())
    }
}

/// What others have changed since `seen`, among the fields that were `typed`. What both wrote alike is no difference.
pub fn meet(seen: &Seen, now: &Cells, typed: &Cells) -> Vec<Theirs> {
    let of = |(field, typed): (&&'static str, &String)| {
        let theirs = now.get(*field)?;
        let before = seen.get(field)?;
        if digest(theirs) == before || theirs == typed {
            return None;
        }
        let both = digest(typed) != before;
        Some(Theirs { field, theirs: theirs.clone(), typed: typed.clone(), both })
    };
    typed.iter().filter_map(of).collect()
}

/// What the form shows then: what only they changed as they wrote it, everything else as it was typed.
pub fn merged(typed: &Cells, theirs: &[Theirs]) -> Cells {
    let mut merged = typed.clone();
    for other in theirs.iter().filter(|other| !other.both) {
        merged.insert(other.field, other.theirs.clone());
    }
    merged
}

/// Short: it tells texts apart, it protects nothing (FNV-1a).
fn digest(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{:010x}", hash >> 24)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(title: &str, text: &str) -> Cells {
        Cells::from([("title", title.to_owned()), ("abstract", text.to_owned())])
    }

    #[test]
    fn what_only_the_other_changed_is_taken_and_what_both_changed_is_shown() {
        let seen = Seen::parse(&Seen::of(&cells("Forum", "Un texte.")).to_string());
        let now = cells("Forum ouvert", "Leur texte.");

        let met = meet(&seen, &now, &cells("Forum", "Mon texte."));

        assert_eq!(
            met.iter().map(|one| (one.field, one.both)).collect::<Vec<_>>(),
            [("abstract", true), ("title", false)]
        );
        assert_eq!(merged(&cells("Forum", "Mon texte."), &met), cells("Forum ouvert", "Mon texte."));
        let again = Seen::of(&now);
        assert_eq!(meet(&again, &now, &cells("Forum ouvert", "Mon texte.")), [], "and can save then");
    }

    #[test]
    fn who_writes_alike_or_alone_meets_nobody() {
        let before = cells("Forum", "Un texte.");
        let seen = Seen::of(&before);
        assert_eq!(meet(&seen, &before, &cells("Autre", "Un texte.")), []);
        assert_eq!(meet(&seen, &cells("Autre", "Un texte."), &cells("Autre", "Un texte.")), []);
        assert_eq!(meet(&Seen::parse("nonsense"), &before, &cells("A", "b")), [], "a form without memory");
    }
}
