//! A file between its upload and its import: what somebody has chosen for it, and what would become of it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{ColumnMap, Field, Options, Source};
use crate::programme::Draft;

/// A file that waits.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// Its identity, and its address.
    pub id: Uuid,
    /// Whose it is.
    pub user: Uuid,
    /// The slug of the programme.
    pub programme: String,
    /// What it is called.
    pub name: String,
    /// What it holds; `None` once it was taken.
    pub source: Option<Arc<Source>>,
    /// SHA-256 of its bytes.
    pub digest: String,
    /// What was chosen so far.
    pub choices: Choices,
    /// What became of it.
    pub outcome: Option<Outcome>,
    /// When it came.
    pub created_at: DateTime<Utc>,
}

/// One of the files that wait, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its identity.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// What a person chooses for a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// Of a workbook.
    pub sheet: Option<String>,
    /// The field of each column, by its heading in our own files; empty for one that is not read. `None`: nobody has
    /// said it yet.
    pub columns: Option<Vec<String>>,
    /// The zone of a programme that is made from the file, over what the file says.
    #[serde(default)]
    pub timezone: Option<Tz>,
    /// Sessions that the file does not have are withdrawn.
    pub remove_missing: bool,
}

/// What an import has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Sessions that were not there.
    pub added: usize,
    /// Sessions of which anything is different.
    pub changed: usize,
    /// Sessions withdrawn.
    pub removed: usize,
}

impl Choices {
    /// What the importer is to do with the file.
    pub fn options(&self, slug: &str) -> Options {
        let columns = self.columns.as_ref().map(|columns| {
            let fields = columns.iter().enumerate();
            ColumnMap::of_columns(fields.filter_map(|(at, code)| Some((at, Field::parse(code)?))))
        });
        Options {
            slug: slug.to_owned(),
            map: columns,
            sheet: self.sheet.clone(),
            timezone: self.timezone,
            remove_missing: self.remove_missing,
        }
    }

    /// A field that two columns are said to be.
    pub fn said_twice(&self) -> Option<Field> {
        let fields = || self.columns.iter().flatten().filter_map(|code| Field::parse(code));
        fields().find(|field| fields().filter(|other| other == field).count() > 1)
    }
}

/// Names what a preview was made of: the file, the choices, and the draft as it was. What is imported is what was
/// looked at, or nothing.
pub fn seal(file: &Kept, draft: Option<&Draft>) -> String {
    let parts = (&file.id, &file.digest, &file.choices, draft);
    digest(&serde_json::to_vec(&parts).expect("these are plain data"))
}

/// SHA-256, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_one_column() {
        let choices = |columns: &[&str]| Choices {
            columns: Some(columns.iter().map(|code| (*code).to_owned()).collect()),
            ..Choices::default()
        };
        assert_eq!(choices(&["title", "", "", "date"]).said_twice(), None);
        assert_eq!(choices(&["title", "date", "title"]).said_twice(), Some(Field::Title));
    }
}
