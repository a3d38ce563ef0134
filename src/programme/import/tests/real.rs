//! Files that other people's programs wrote, and our seed.

use std::{collections::BTreeSet, path::PathBuf, time::Instant};

use super::*;

/// Real files stand beside the project where it is developed, and nowhere else.
fn shared() -> Option<PathBuf> {
    let mut folder = Some(Path::new(env!("CARGO_MANIFEST_DIR")));
    while let Some(here) = folder {
        let data = here.join("../shared/data");
        if data.is_dir() {
            return Some(data);
        }
        folder = here.parent();
    }
    println!("skipped: no shared/data beside the project");
    None
}

#[test]
fn real_schedules_are_read_whole_and_twice_the_same() {
    let Some(data) = shared() else { return };
    for (file, sessions, themes, places) in [
        ("fosdem-2007.xml", 215, 25, 18),
        ("fosdem-2012.xml", 442, 37, 23),
        ("fosdem-2020.xml", 872, 71, 35),
        ("fosdem-2024.xml", 674, 0, 26),
        ("voc-frab-camp2019.json", 79, 0, 2),
        ("voc-pretalx-rc3.json", 48, 0, 5),
        ("voc-pretalx-democon.json", 36, 0, 2),
        ("voc-hub-schedule2.json", 2, 7, 2),
        ("voc-invalid-example.json", 1, 1, 1),
    ] {
        let (format, files) = read(&data.join("schedules").join(file), None).unwrap();
        let clock = Instant::now();
        let first = run(None, &files, format);
        println!("{file}: {:?}; {:?}", clock.elapsed(), said(&first.notices));
        assert_eq!(counts(&first), (sessions, 0, 0), "{file}");
        assert_eq!(first.draft.places.len(), places, "{file}");
        if themes > 0 {
            assert_eq!(first.draft.themes.len(), themes, "{file}");
        }
        let slugs: BTreeSet<_> = first.draft.sessions.iter().map(|it| &it.session.slug).collect();
        assert_eq!(slugs.len(), sessions, "{file}");
        assert!(slugs.iter().all(|slug| is_slug(slug)), "{file}");
        for session in first.draft.sessions.iter().map(|it| &it.session) {
            let text = format!("{} {}", session.r#abstract, session.description).to_lowercase();
            for tag in
                ["<p>", "</p", "<ul", "<li", "<br", "<a ", "</a", "<em>", "<strong", "<h1", "<h2", "<script"]
            {
                assert!(!text.contains(tag), "{file} {}: {tag}", session.slug);
            }
        }
        let again = run(Some(&first.draft), &files, format);
        assert_eq!(counts(&again), (0, 0, 0), "{file}");
        assert_eq!(again.draft, first.draft, "{file}");
        let table = one("sessions.csv", &round::written(&first.draft, b','));
        assert_eq!(run(Some(&first.draft), &table, Format::Csv).draft, first.draft, "{file}");
    }
}

#[test]
fn real_tables_of_others_give_messages_and_no_panic() {
    let Some(data) = shared() else { return };
    for entry in fs::read_dir(data.join("csv/quirks")).unwrap() {
        let path = entry.unwrap().path();
        let (format, files) = read(&path, None).unwrap();
        let problems = run_with(None, &files, format, &options()).expect_err("none is a programme of ours");
        println!("{}", said(&problems).join("\n"));
        assert!(!problems.is_empty(), "{}", path.display());
    }
}

#[test]
fn the_dates_of_a_real_festival_that_nobody_can_read_are_said_row_by_row() {
    let Some(data) = shared() else { return };
    let path = data.join("geneva/opengeneva-2018-events-full.derived.csv");
    let (format, files) = read(&path, None).unwrap();
    let map = "title = \"event_title\"\ndate = \"when_start\"\nstart = \"when_start\"\nend = \"when_end\"\n\
               description = \"event_description\"\nhosts = \"institution\"\nplace = \"location_address\"\n";
    let with_map = Options { map: Some(ColumnMap::parse("map.toml", map).unwrap()), ..options() };
    let problems = run_with(None, &files, format, &with_map).unwrap_err();
    println!("{}", said(&problems).join("\n"));
    let lines: Vec<_> =
        problems.iter().map(|problem| (problem.line.unwrap(), problem.column.as_deref().unwrap())).collect();
    let unreadable = [15, 17, 24, 25, 28];
    assert_eq!(
        lines.iter().filter(|(_, column)| *column == "when_start").map(|(line, _)| *line).collect::<Vec<_>>(),
        unreadable
    );

    // With those rows put right, all 28 are there.
    let mut text = String::from_utf8(files.only().unwrap().1.to_vec()).unwrap();
    for (wrong, right) in [
        ("14-04 08:30-20:00", "14-04-2018 08:30"),
        ("15-04 08:30-18:30", "15-04-2018 18:30"),
        ("14-04 14:00", "14-04-2018 14:00"),
        ("14-04 18:00", "14-04-2018 18:00"),
        ("14-04 - afternoon", "14-04-2018"),
        ("14-04 evening/night", ""),
        ("10-04 - morning", "10-04-2018"),
        ("11-04- afternoon", ""),
        ("13-04 morning", "13-04-2018"),
        ("14-04 night", ""),
        ("14-04 afternoon", "14-04-2018 16:00"),
    ] {
        text = text.replace(wrong, right);
    }
    let imported = run_with(None, &one("og.csv", &text), Format::Csv, &with_map).unwrap();
    assert_eq!(imported.added, 28);
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
