//! What people with bad intentions, bad keyboards or bad spreadsheets send us: taken as text, or refused with a
//! reason, and harmless wherever it comes out again.

mod requests;
mod secrets;
mod words;

use std::collections::BTreeMap;

use parvis::programme::{
    Draft,
    import::{self, Files, Format, Imported, Options, Problem},
};

use crate::harness::App;

/// Imports a programme folder into nothing.
fn imported(programme: &toml::Table, sessions: &[BTreeMap<&str, String>]) -> Result<Imported, Vec<Problem>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let columns: Vec<&str> = sessions[0].keys().copied().collect();
    table.write_record(&columns).unwrap();
    for session in sessions {
        table.write_record(columns.iter().map(|column| session[column].as_str())).unwrap();
    }
    let files = Files::new([
        ("programme.toml".to_owned(), toml::to_string(programme).unwrap().into_bytes()),
        ("sessions.csv".to_owned(), table.into_inner().unwrap()),
        ("press/annonce.md".to_owned(), words::PRESS.replace("HOSTILE", words::HOSTILE).into_bytes()),
    ]);
    let options = Options { slug: "miso".to_owned(), ..Options::default() };
    let mut number = 0;
    import::import(None, &files, Format::Folder, &options, &mut || {
        number += 1;
        uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number)
    })
}

/// What a person sees after the import was published.
async fn published(app: &App, draft: &Draft) {
    assert!(app.publish(draft).await.release.is_some());
}
