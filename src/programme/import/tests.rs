//! Whole imports from bytes. Real files are read in `tests/it/formats/`.

mod any;
mod folder;
mod frab;

use chrono::NaiveDate;

use super::*;
use crate::programme::{
    Access, Capacity, DraftSession, Format as Kind, Live, QueueMode, Registration, RegistrationTime, Session,
    Status,
};

const HEAD: &str = "slug,title,theme,format,date,start,end,language,place,online,join_url,capacity,registration,hosts,\
                    speakers,abstract,description,tags,access,status,opens,closes,queue,held,text_language";

const PROGRAMME: &str = r##"
slug = "miso"
title = "MISO"
timezone = "Europe/Zurich"
languages = ["fr", "en"]
starts = 2027-04-19
ends = 2027-05-14
[rules]
capacity = 60
opens = 2027-04-01T09:00:00
quiet = ["21:00", "08:00"]
[[themes]]
slug = "lab"
title = "Le LAB"
colour = "#0B6E4F"
[[places]]
slug = "rive"
name = "Bibliothèque de la Rive"
latitude = 46.2
longitude = 6
[[organisations]]
slug = "hug"
name = "Hôpitaux"
url = "https://example.org"
"##;

fn options() -> Options {
    Options { slug: "miso".to_owned(), ..Options::default() }
}

fn one(name: &str, text: &str) -> Files {
    Files::new([(name.to_owned(), text.as_bytes().to_vec())])
}

fn folder(programme: &str, sessions: &str) -> Files {
    Files::new([
        ("programme.toml".to_owned(), programme.as_bytes().to_vec()),
        ("sessions.csv".to_owned(), sessions.as_bytes().to_vec()),
    ])
}

fn run_with(
    existing: Option<&Draft>,
    files: &Files,
    format: Format,
    options: &Options,
) -> Result<Imported, Vec<Problem>> {
    let mut number = 0;
    import(existing, files, format, options, &mut || {
        number += 1;
        Uuid::from_u128(number)
    })
}

fn run(existing: Option<&Draft>, files: &Files, format: Format) -> Imported {
    run_with(existing, files, format, &options())
        .unwrap_or_else(|problems| panic!("{}", said(&problems).join("\n")))
}

fn said(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(Problem::to_string).collect()
}

fn refused(files: &Files, format: Format) -> Vec<String> {
    said(&run_with(None, files, format, &options()).unwrap_err())
}

fn csv(existing: Option<&Draft>, text: &str) -> Imported {
    run(existing, &one("sessions.csv", text), Format::Csv)
}

fn counts(imported: &Imported) -> (usize, usize, usize) {
    (imported.added, imported.changed, imported.removed)
}

#[test]
fn a_row_with_every_field_becomes_a_session_with_every_field() {
    let row = "ete,Un été,lab,workshop|round-table,2027-04-20,10:30,12:00,fr|en,rive,true,https://example.org/j,80,\
               invitation,hug,Équipe A|B\\|C,Bref.,'- un,libre,step-free|Tram 12,cancelled,2027-04-01T09:00,\
               2027-04-19,offer,partner:5|press:2,fr";
    let imported = run(None, &folder(PROGRAMME, &format!("{HEAD}\n{row}\n")), Format::Folder);

    let draft = imported.draft;
    let day = |day| NaiveDate::from_ymd_opt(2027, 4, day).unwrap();
    let DraftSession { session, live } = draft.sessions[0].clone();
    assert_eq!(
        session,
        Session {
            slug: "ete".to_owned(),
            id: Uuid::from_u128(1),
            title: "Un été".to_owned(),
            theme: Some("lab".to_owned()),
            formats: vec![Kind::Workshop, Kind::RoundTable],
            date: day(20),
            start: day(20).and_hms_opt(10, 30, 0).map(|at| at.time()),
            end: day(20).and_hms_opt(12, 0, 0),
            languages: vec!["fr".to_owned(), "en".to_owned()],
            place: Some("rive".to_owned()),
            online: true,
            hosts: vec!["hug".to_owned()],
            speakers: vec!["Équipe A".to_owned(), "B|C".to_owned()],
            r#abstract: "Bref.".to_owned(),
            description: "- un".to_owned(),
            tags: vec!["libre".to_owned()],
            access: vec![Access::StepFree, Access::Text("Tram 12".to_owned())],
            status: Status::Cancelled,
            text_language: Some("fr".to_owned()),
            recording: None,
            minutes: String::new(),
            cancel_reason: String::new(),
        }
    );
    assert_eq!(
        live,
        Live {
            join_url: Some("https://example.org/j".to_owned()),
            capacity: Capacity::Seats(80),
            registration: Registration::Invitation,
            opens: day(1).and_hms_opt(9, 0, 0).map(RegistrationTime::At),
            closes: day(19).and_hms_opt(23, 59, 0).map(RegistrationTime::At),
            queue: Some(QueueMode::Offer),
            held: [("partner".to_owned(), 5), ("press".to_owned(), 2)].into(),
        }
    );
    assert_eq!(draft.themes[0].colour, "#0b6e4f");
    assert_eq!(draft.places[0].longitude, Some(6.0));
    assert_eq!(draft.programme.rules.opens, day(1).and_hms_opt(9, 0, 0).map(RegistrationTime::At));
}

#[test]
fn the_same_file_twice_changes_nothing_and_ids_stay() {
    let text = "title;Jour;Début\nUn;19.04.2027;9h\nDeux;20.04.2027;\nUn;21.04.2027;9h30\n";
    let first = csv(None, text);
    assert_eq!(counts(&first), (3, 0, 0));
    let slugs: Vec<_> = first.draft.sessions.iter().map(|it| it.session.slug.as_str()).collect();
    assert_eq!(slugs, ["un-00", "deux", "un-00-2"].map(|slug| if slug == "un-00" { "un-00" } else { slug }));

    let second = csv(Some(&first.draft), text);
    assert_eq!(counts(&second), (0, 0, 0));
    assert_eq!(second.draft, first.draft);
}

#[test]
fn an_absent_column_leaves_its_field_and_an_empty_one_clears_it() {
    let first = csv(None, "slug,title,date,start,capacity,tags,theme\nete,Été,2027-04-19,10:00,80,a|b,Lab\n");
    let second = csv(Some(&first.draft), "slug,tags\nete,\n");
    assert_eq!(counts(&second), (0, 1, 0));

    let mut expected = first.draft.sessions[0].clone();
    expected.session.tags.clear();
    assert_eq!(second.draft.sessions, [expected]);
}

#[test]
fn a_session_that_the_file_does_not_have_stays_unless_it_is_said_otherwise() {
    let first = csv(None, "slug,title,date\nune,Une,2027-04-19\ndeux,Deux,2027-04-20\n");
    let files = one("sessions.csv", "slug,title,date\ndeux,Deux,2027-04-20\n");

    let kept = run(Some(&first.draft), &files, Format::Csv);
    assert_eq!((counts(&kept), kept.missing.clone()), ((0, 0, 0), vec!["une".to_owned()]));

    let remove = Options { remove_missing: true, ..options() };
    let gone = run_with(Some(&first.draft), &files, Format::Csv, &remove).unwrap();
    assert_eq!((counts(&gone), gone.missing.len()), ((0, 0, 1), 0));
    assert_eq!(gone.draft.sessions[1].session.status, Status::Withdrawn);
    let again = run_with(Some(&gone.draft), &files, Format::Csv, &remove).unwrap();
    assert_eq!(counts(&again), (0, 0, 0));

    let back = csv(Some(&gone.draft), "slug,title,date\nune,Une,2027-04-19\ndeux,Deux,2027-04-20\n");
    assert_eq!(counts(&back), (0, 1, 0));
    assert_eq!(back.draft.sessions[0].session.status, Status::Scheduled);
}

#[test]
fn a_lone_csv_makes_the_programme_and_its_themes_places_and_hosts() {
    let imported = csv(
        None,
        "title,date,theme,place,hosts\nA b,2027-04-21,Le Lab,Salle 1,HUG|Ville\nC d,2027-04-19,le lab,,ville\n",
    );
    let draft = imported.draft;
    assert_eq!(draft.programme.title, "Miso");
    let day = |day| NaiveDate::from_ymd_opt(2027, 4, day).unwrap();
    assert_eq!((draft.programme.starts, draft.programme.ends), (day(19), day(21)));
    assert_eq!(draft.themes.iter().map(|it| it.slug.as_str()).collect::<Vec<_>>(), ["le-lab"]);
    assert_eq!(draft.places[0].name, "Salle 1");
    assert_eq!(draft.organisations.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["HUG", "Ville"]);
    assert_eq!(draft.sessions[1].session.hosts, ["ville"]);
}

#[test]
fn everything_wrong_in_a_table_is_said_at_once_with_line_column_and_value() {
    let text = "slug,title,date,start,end,capacity,format,online,registration,held\n\
                Bad Slug,T,2027-04-19,,,,,,,\n\
                une,,31.02.2027,,,,,,,\n\
                deux,Deux,2027-03-28,2:30,,,,,,\n\
                trois,Trois,2027-04-19,midi,2027-04-18 10:00,-1,jeu,peut-être,ici,a\n\
                une,Une,2027-04-19,,,,,,,\n";
    assert_eq!(
        refused(&one("s.csv", text), Format::Csv),
        [
            "s.csv:2: slug \"Bad Slug\": a slug has 3 to 100 of a-z, 0-9 and -, starts with a letter or digit",
            "s.csv:3: title \"\": is empty; it needs 1 to 300 characters",
            "s.csv:3: date \"31.02.2027\": there is no such day: that month has 28 days; write it as 2027-04-19 or 19.04.2027",
            "s.csv:4: start \"2:30\": this time does not exist on 2027-03-28 in Europe/Zurich: summer time skips it; take one an hour later or earlier",
            "s.csv:5: format \"jeu\": \"jeu\" is no format; it is one or more, parted by |, of: conference, workshop, open-forum, round-table, testimony, open-day, hackathon, other",
            "s.csv:5: online \"peut-être\": is neither yes nor no; write true, or leave it empty",
            "s.csv:5: start \"midi\": is no time; write it as 10:30 or 10h30, or leave it empty while it is not known",
            "s.csv:5: end \"2027-04-18 10:00\": ends before the session begins (2027-04-19 00:00:00)",
            "s.csv:5: capacity \"-1\": is no number of seats; write 0 to 1000000, unlimited, or nothing for the programme's rule",
            "s.csv:5: registration \"ici\": must be open, closed, invitation, none, or a web address (https://…)",
            "s.csv:5: held \"a\": \"a\" is no group and number; write it as partner:5|press:2",
            "s.csv:6: slug \"une\": stands on line 3 already; each session has a slug of its own",
        ]
    );
}

#[test]
fn a_reserved_slug_is_refused() {
    let options = Options { slug: "press".to_owned(), ..Options::default() };
    assert!(run_with(None, &one("a.csv", "title,date\n"), Format::Csv, &options).is_err());
}

#[test]
fn a_table_without_sessions_makes_no_programme() {
    let problems = run_with(None, &one("a.csv", "title,date\n"), Format::Csv, &options()).unwrap_err();
    let messages: Vec<_> = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages, ["holds no sessions, so there is no programme to make of it"]);
}
