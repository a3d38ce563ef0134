//! What stands in the file, read by a program of other people (`pdftotext`, `pdfinfo`), where it is installed. With
//! `PARVIS_KEEP_CERTIFICATES=FOLDER` the files are left there, to be looked at.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use super::*;

fn certificate(lang: Lang, name: &str, sessions: usize) -> Certificate {
    let session = |number: usize| Attended {
        title: format!("Atelier n° {number} : l’œuvre à plusieurs mains"),
        lang: (lang == Lang::En).then(|| "fr".to_owned()),
        when: "Lundi 19\u{a0}avril 2027, 10\u{a0}h – 12\u{a0}h".to_owned(),
        place: "Maison des associations".to_owned(),
        hosts: "Collectif, Association Đorđe".to_owned(),
    };
    Certificate {
        lang,
        programme: "Mois de l’innovation sociale ouverte 2027".to_owned(),
        name: name.to_owned(),
        sessions: (1..=sessions).map(session).collect(),
        issued_on: "20\u{a0}avril 2027".to_owned(),
        issued_at: "2027-04-20T08:00:00Z".parse().unwrap(),
        code: "ABCD-EFGH-IJKL-MNOP".to_owned(),
        verify_url: format!("https://parvis.example.org/{}/certificates/ABCD-EFGH-IJKL-MNOP", lang.code()),
    }
}

/// Keeps the file for whoever wants to look at it.
fn keep(name: &str, bytes: &[u8]) {
    if let Some(folder) = std::env::var_os("PARVIS_KEEP_CERTIFICATES") {
        std::fs::write(std::path::Path::new(&folder).join(name), bytes).unwrap();
    }
}

/// What a program says of the file; `None` where it is not installed.
fn says(program: &str, words: &[&str], pdf: &[u8]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.pdf");
    std::fs::File::create(&path).unwrap().write_all(pdf).unwrap();
    let mut command = Command::new(program);
    command.args(words.iter().map(|word| if *word == "FILE" { path.as_os_str() } else { word.as_ref() }));
    match command.stderr(Stdio::null()).output() {
        Ok(done) => Some(String::from_utf8(done.stdout).unwrap()),
        Err(_) => {
            println!("skipped: {program} is not installed");
            None
        }
    }
}

/// The text, its blanks made one.
fn text_of(pdf: &[u8]) -> Option<String> {
    let text = says("pdftotext", &["-enc", "UTF-8", "FILE", "-"], pdf)?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn it_says_who_attended_what_and_where_to_verify_it_in_both_languages() {
    for (lang, title, verb) in [
        (Lang::Fr, "Attestation de participation", "a pris part à la session suivante\u{a0}:"),
        (Lang::En, "Certificate of attendance", "took part in the following session:"),
    ] {
        let bytes = pdf(&certificate(lang, "Zoë Đorđević-Łukasz", 1)).unwrap();
        keep(&format!("one-{}.pdf", lang.code()), &bytes);
        assert!(bytes.starts_with(b"%PDF-1.7"));
        let Some(text) = text_of(&bytes) else { return };
        let verb = verb.replace('\u{a0}', " ");
        for part in [
            "Mois de l’innovation sociale ouverte 2027",
            title,
            "Zoë Đorđević-Łukasz",
            &verb,
            "Atelier n° 1 : l’œuvre à plusieurs mains",
            "Lundi 19 avril 2027, 10 h – 12 h",
            "Maison des associations",
            "Collectif, Association Đorđe",
            "20 avril 2027",
            "ABCD-EFGH-IJKL-MNOP",
            &format!("https://parvis.example.org/{}/certificates/ABCD-EFGH-IJKL-MNOP", lang.code()),
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let info = says("pdfinfo", &["FILE"], &bytes).unwrap();
        let of =
            |key: &str| info.lines().find_map(|line| line.strip_prefix(key)).map(|it| it.trim().to_owned());
        assert_eq!(of("Title:"), Some(format!("{title} – Mois de l’innovation sociale ouverte 2027")));
        assert_eq!((of("Tagged:"), of("Pages:")), (Some("yes".to_owned()), Some("1".to_owned())));
        let structure = says("pdfinfo", &["-struct-text", "FILE"], &bytes).unwrap();
        for tag in ["H1", "LI", "Link"] {
            assert!(structure.contains(tag), "{tag}: {structure}");
        }
    }
}

#[test]
fn long_names_many_sessions_and_every_alphabet_fit() {
    let long = "Anne-Sophie ".repeat(16) + "Đurđević";
    assert_eq!(long.chars().count(), 200);
    let mut many = certificate(Lang::Fr, &long, 14);
    many.sessions[0].title = "Un titre si long ".repeat(12).trim().to_owned();
    many.sessions[1].title = "x".repeat(200);
    let bytes = pdf(&many).unwrap();
    keep("many.pdf", &bytes);
    if let Some(text) = text_of(&bytes) {
        assert!(text.contains(&long), "{text}");
        assert!(text.contains("Un titre si long Un titre si long"));
        assert!(text.contains("Atelier n° 14"));
        let info = says("pdfinfo", &["FILE"], &bytes).unwrap();
        assert!(!info.contains("Pages:           1\n"), "{info}");
        assert_eq!(text.matches("IJKL-MNOP – ").count(), 3, "each of several pages says whose it is: {text}");
    }
    for name in ["Ольга Їжак", "Ελένη Παπά", "أحمد بن علي", "דנה לוי", "山田 花子", "e\u{301}mile"]
    {
        let bytes = pdf(&certificate(Lang::En, name, 2)).unwrap();
        keep(&format!("name-{}.pdf", deunicode::deunicode(name)), &bytes);
        let text = text_of(&bytes).unwrap_or_default();
        if name.starts_with(['О', 'Ε']) && !text.is_empty() {
            assert!(text.contains(name), "{text}");
        }
    }
}

#[test]
fn the_same_certificate_is_the_same_file_and_a_small_one() {
    let one = pdf(&certificate(Lang::Fr, "Ana Exemple", 3)).unwrap();
    assert_eq!(one, pdf(&certificate(Lang::Fr, "Ana Exemple", 3)).unwrap());
    assert!(one.len() < 100_000, "{} bytes", one.len());
}

#[test]
fn no_letter_at_all_leaves_anybody_without_a_certificate() {
    // What is pasted brings marks along that nobody sees; one in a session's name would be in everybody's file.
    let letters: Vec<char> = ['\u{20}'..='\u{6ff}', '\u{2000}'..='\u{20ff}', '\u{ef00}'..='\u{ffff}']
        .into_iter()
        .flatten()
        .chain(['\u{1f389}', '\u{e0041}', '\u{10ffff}'])
        .collect();
    for some in letters.chunks(2_048) {
        let text: String = some.iter().collect();
        assert!(pdf(&certificate(Lang::Fr, &text, 1)).is_ok(), "{:?}", some[0]);
    }
    for name in ["\u{feff}", "\u{ffff}", "Ana\u{feff}", "\u{200b}", "\u{ad}", "\u{202e}anA", "\u{301}", "🎉"]
    {
        let mut hostile = certificate(Lang::En, name, 1);
        hostile.sessions[0].title = name.to_owned();
        hostile.programme = name.to_owned();
        assert!(pdf(&hostile).is_ok(), "{name:?}");
    }
}
