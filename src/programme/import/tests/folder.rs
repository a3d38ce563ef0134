//! Programme folders: the programme's own source, read strictly.

use super::*;
use crate::programme::edit::frame::{self, Kind};

#[test]
fn in_a_folder_an_unknown_name_is_a_mistake_and_so_is_everything_in_programme_toml() {
    let sessions = "slug,title,date,theme,place,hosts\nune,Une,2027-04-19,labo,rive,hug|cern\n";
    assert_eq!(
        refused(&folder(PROGRAMME, sessions), Format::Folder),
        [
            "sessions.csv:2: theme \"labo\": is no theme of programme.toml; it has: lab",
            "sessions.csv:2: hosts \"hug|cern\": \"cern\" is no organisation of programme.toml; it has: hug",
        ]
    );
    let toml = "slug = \"miso\"\ntitle = 3\ntimezone = \"Europe/Geneva\"\nlanguages = [\"fr\"]\nstarts = 2027-05-01\n\
                ends = 2027-04-01\ncolour = 1\n[rules]\ncapacity = -1\nopens = 2027-03-28T02:30:00\n\
                [[themes]]\nslug = \"lab\"\ncolour = \"red\"\n[[themes]]\nslug = \"lab\"\ntitle = \"b\"\n\
                [[organisations]]\nslug = \"hug\"\nname = \"x\"\nurl = \"javascript:x\"\n";
    assert_eq!(
        refused(&folder(toml, "slug,title,date\nune,Une,2027-02-31\n"), Format::Folder),
        [
            "programme.toml:1: ends \"2027-04-01\": is before starts (2027-05-01)",
            "programme.toml:2: title \"3\": must be a text in quotes",
            "programme.toml:3: timezone \"Europe/Geneva\": is no time zone; write it as Europe/Zurich",
            "programme.toml:7: colour: is no key of ours; here stand: slug, title, tagline, summary, timezone, languages, starts, ends, contact, rules, call, themes, places, organisations",
            "programme.toml:9: rules.capacity \"-1\": must be a whole number from 0 to 1000000",
            "programme.toml:11: themes.title: is missing here",
            "programme.toml:13: themes.colour \"red\": is no colour; write it as #0b6e4f",
            "programme.toml:14: slug \"lab\": stands above already; each has a slug of its own",
            "programme.toml:20: organisations.url \"javascript:x\": is no web address; write it as https://example.org/page",
            "sessions.csv:2: date \"2027-02-31\": there is no such day: that month has 28 days; write it as 2027-04-19 or 19.04.2027",
        ]
    );
}

#[test]
fn press_files_bring_their_front_matter_and_the_newest_is_first() {
    let release = |date: &str| {
        format!("+++\ntitle = \"Ouverture\"\nplace = \"Genève\"\ndate = {date}\n+++\n\nBonjour.\n")
    };
    let mut files = folder(PROGRAMME, "slug,title,date\n");
    files.0.insert("press/ouverture.md".to_owned(), release("2027-04-15").into_bytes());
    files.0.insert("press/annonce.md".to_owned(), release("2027-04-01").into_bytes());
    let draft = run(None, &files, Format::Folder).draft;
    let slugs: Vec<_> =
        draft.press.iter().map(|it| (it.slug.as_str(), it.language.as_str(), it.body.as_str())).collect();
    assert_eq!(slugs, [("ouverture", "fr", "Bonjour."), ("annonce", "fr", "Bonjour.")]);

    files.0.insert("press/sans.md".to_owned(), b"Bonjour".to_vec());
    files.0.insert("press/date.md".to_owned(), release("\"hier\"").into_bytes());
    assert_eq!(
        refused(&files, Format::Folder),
        [
            "press/date.md:4: date \"hier\": is no date; write it as 2027-04-19 or 19.04.2027",
            "press/sans.md:1: must begin with TOML between two lines of +++: title, place, date, language",
        ]
    );
}

#[test]
fn a_form_reads_a_release_to_the_press_as_the_folder_reads_its_file() {
    let file =
        |title: &str, date: &str, rest: &str| format!("+++\ntitle = '{title}'\ndate = {date}\n{rest}\n");
    let mut files = folder(PROGRAMME, "slug,title,date\n");
    for (name, file) in [
        ("annonce", file(" Un \"mois\" ", "2027-04-01", "+++\n\n+++ *Bonjour*\n\n- un\n\n")),
        ("opening", file("Opening", "\"15.04.2027\"", "language = 'English'\nplace = 'Geneva'\n+++")),
        ("ouverture", file("Ouverture", "2027-04-15", "place = ''\n+++\nC'est là.\n")),
    ] {
        files.0.insert(format!("press/{name}.md"), file.into_bytes());
    }
    let draft = run(None, &files, Format::Folder).draft;
    assert_eq!(draft.press.len(), 3);

    let mut made = Draft { press: Vec::new(), ..draft.clone() };
    for release in &draft.press {
        let mut cells = Kind::Press.cells(&draft, &release.slug).unwrap();
        cells.insert("slug", release.slug.clone());
        made = frame::put(&made, Kind::Press, None, &cells).unwrap().0;
    }

    assert_eq!(made, draft, "in its order, too");
}

#[test]
fn a_theme_that_a_kept_session_bears_outlives_the_folder_that_drops_it() {
    let both = "slug,title,date,theme\nune,Une,2027-04-19,lab\ndeux,Deux,2027-04-19,lab\n";
    let first = run(None, &folder(PROGRAMME, both), Format::Folder);
    let renamed = PROGRAMME.replace("slug = \"lab\"", "slug = \"labo\"");
    let second = run(
        Some(&first.draft),
        &folder(&renamed, "slug,title,date,theme\nune,Une,2027-04-19,labo\n"),
        Format::Folder,
    );
    let slugs: Vec<_> = second.draft.themes.iter().map(|it| it.slug.as_str()).collect();
    assert_eq!((slugs, second.missing), (vec!["labo", "lab"], vec!["deux".to_owned()]));
}

#[test]
fn the_seed_has_no_problem() {
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("seed/miso");
    if !seed.is_dir() {
        println!("skipped: no seed/miso yet");
        return;
    }
    let (format, files) = read(&seed, None).unwrap();
    let imported = run(None, &files, format);
    assert_eq!(said(&imported.notices), Vec::<String>::new());
}

#[test]
fn reminders_are_a_few_spans_each_once() {
    let with = |spans: &str| {
        let rules = format!("quiet = [\"21:00\", \"08:00\"]\nreminders = {spans}\n");
        folder(
            &PROGRAMME.replace("quiet = [\"21:00\", \"08:00\"]\n", &rules),
            "slug,title,date\nune,Une,2027-04-19\n",
        )
    };
    let taken = |spans| run(None, &with(spans), Format::Folder).draft.programme.rules.reminders;
    assert_eq!(taken("[\"1d\", \"60m\", \"30m\"]"), ["1d", "1h", "30m"]);

    let rule = "must be days (\"1d\" to \"30d\"), hours (\"1h\" to \"23h\") or minutes (\"5m\" to \"180m\")";
    for (spans, why) in [
        ("[\"1 day\"]", rule),
        ("[\"24h\"]", rule),
        ("[\"0d\"]", rule),
        ("[\"1h\", \"60m\"]", "names \"1h\" twice"),
        ("[\"1d\", \"2d\", \"3d\", \"4d\", \"5d\"]", "can be 4 at most"),
    ] {
        let said = refused(&with(spans), Format::Folder);
        assert!(matches!(&said[..], [one] if one.contains("reminders") && one.ends_with(why)), "{said:?}");
    }
}

#[test]
fn no_rule_is_a_number_that_nothing_can_be_added_to() {
    let most = i64::MAX;
    for rule in ["per_week", "per_programme", "offer_hours"] {
        let programme = PROGRAMME.replace("capacity = 60\n", &format!("capacity = 60\n{rule} = {most}\n"));
        let said = refused(&folder(&programme, "slug,title,date\nune,Une,2027-04-19\n"), Format::Folder);
        let why = format!("rules.{rule} \"{most}\": must be a whole number from 1 to ");
        assert!(matches!(&said[..], [one] if one.contains(&why)), "{said:?}");
    }
    let programme = PROGRAMME.replace("capacity = 60", &format!("capacity = {most}"));
    let said = refused(&folder(&programme, "slug,title,date\nune,Une,2027-04-19\n"), Format::Folder);
    assert!(matches!(&said[..], [one] if one.contains("rules.capacity")), "{said:?}");
}
