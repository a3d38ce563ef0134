//! What a file that somebody sends may take of the memory, measured by the kernel on the real program.

use std::{
    fs,
    io::{Cursor, Write as _},
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use hyper::StatusCode;
use parvis::{
    identity::{self, Role, Staff, session},
    locale::Lang,
    registration::desk::House,
};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{
    builders,
    harness::{OFFICE_COOKIE, TestDb},
    html::Found,
    http::{Answer, Visitor, multipart},
    process::{self, Process},
};

const IMPORT: &str = "/fr/office/miso/import";
/// What all files together may take beside what the server has anyway, in KiB: read, kept, and shown, by an allocator that
/// gives little back. One cell alone took 440 MiB before there was a limit to it.
const MORE_MAX: u64 = 240 * 1024;
/// How long one file may take, by a server that was built for tests, on a machine that is shared with all of them.
const PATIENCE: Duration = Duration::from_secs(120);

on_both_engines! {
    async fn no_file_takes_more_than_a_bounded_part_of_the_memory(db: TestDb) {
        if !cfg!(target_os = "linux") {
            println!("skipped: only Linux says in /proc how much memory a process had at most");
            return;
        }
        let house = process::publish(&db.pool().await, vec![builders::session("s-0", 3)]).await;
        let process = Process::serve(&db, "file:mails").await;
        let mut editor = Editor { visitor: process.visitor(), cookie: signed_in(&house).await, last: String::new() };
        // What the first visits bring into memory, whoever comes: pages, letters, a reader of each kind.
        editor.visit(IMPORT).await;
        for (name, bytes) in [("a.csv", b"titre,jour\nUne,2027-04-20\n".to_vec()), ("a.xlsx", xlsx(&row(1), &[]))] {
            editor.sends(name, bytes).await;
        }
        let before = peak(&process);

        for (name, bytes, said) in files() {
            let begun = Instant::now();
            let (size, answer) = (bytes.len() / 1024, editor.sends(name, bytes).await);
            let (took, more) = (begun.elapsed(), peak(&process) - before);
            println!("{name}: {size} KiB, {took:.1?}, {} MiB more so far", more / 1024);

            let answer = answer.replace('\u{a0}', " ");
            assert!(answer.contains(said), "{name}: {}", &answer[..answer.len().min(6_000)]);
            assert!(took < PATIENCE, "{name}: {took:?}");
            assert!(more < MORE_MAX, "{name}: {more} KiB more than before");
        }
        // The largest that is kept, looked at by many at once: one after the other.
        let looks = join_all((0..8).map(|_| editor.visit(&editor.last))).await;
        let more = peak(&process) - before;
        println!("eight looks at once: {} MiB more so far", more / 1024);
        assert!(looks.iter().all(|look| look.status == StatusCode::OK));
        assert!(more < MORE_MAX, "{more} KiB more than before");
    }
}

/// Files that hold more than they should, each with what is said of it.
fn files() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let far = r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    let million: String = (1..=1_000_000).map(row).collect();
    let text = |mib: usize| "a".repeat(mib * 1024 * 1024);
    let inline =
        |text: &str| format!(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>"#);
    let shared = format!("<sst>{}</sst>", format!("<si><t>{}</t></si>", "a".repeat(500_000)).repeat(100));
    let repeated = |rows: u32, columns: u32| {
        ods(&format!(
            r#"<table:table-row table:number-rows-repeated="{rows}"><table:table-cell table:number-columns-repeated="{columns}" office:value-type="float" office:value="1"/></table:table-row>"#
        ))
    };
    let mistakes = "x,31.02.2027,25h,x,-3\n".repeat(19_900);
    let values = ["0"; 9_000_000].join(",");
    vec![
        ("rows.csv", "Une,2027-04-20\n".repeat(1_000_000).into_bytes(), "a plus de 20000 lignes"),
        ("rows.xlsx", xlsx(&million, &[]), "a plus de 20000 lignes"),
        ("dimension.xlsx", xlsx(far, &[]), "a plus de 20000 lignes"),
        ("repeated.ods", repeated(1_000_000, 1), "a plus de 20000 lignes"),
        ("wide.ods", repeated(1_000_000, 199), "a plus de 600000 cellules"),
        (
            "bomb.xlsx",
            xlsx(&row(1), &[("xl/media/image1.png", text(600).as_bytes())]),
            "une fois décompressé",
        ),
        ("rows-to-the-end.xlsx", xlsx(&"<row/>".repeat(30_000_000), &[]), "une fois décompressé"),
        ("one-cell.xlsx", xlsx(&inline(&text(100)), &[]), "un texte de plus de 1 Mio"),
        (
            "texts.xlsx",
            xlsx(&row(1), &[("xl/sharedStrings.xml", shared.as_bytes())]),
            "plus de 32 Mio de texte",
        ),
        (
            "one-cell.csv",
            format!("titre,jour\n\"{}\",2027-04-20\n", text(19)).into_bytes(),
            "un texte de plus de 1 Mio",
        ),
        ("values.json", format!("[{values}]").into_bytes(), "a plus de 500000 valeurs"),
        (
            "elements.xml",
            format!("<schedule>{}</schedule>", "<track/>".repeat(2_000_000)).into_bytes(),
            "a plus de 500000 valeurs",
        ),
        // What is taken as far as a page, and is all wrong.
        (
            "mistakes.csv",
            format!("titre,jour,début,format,places\n{mistakes}").into_bytes(),
            "ce jour n’existe pas",
        ),
        ("cells.csv", format!("{}\n", ["a"; 200].join(",")).repeat(2_900).into_bytes(), ""),
        ("cells.ods", repeated(2_900, 200), ""),
    ]
}

/// An editor, at their browser.
struct Editor {
    visitor: Visitor,
    cookie: String,
    /// The page of the last file that was kept.
    last: String,
}

impl Editor {
    async fn visit(&self, path: &str) -> Answer {
        self.request("GET", path, &[], Vec::new()).await
    }

    async fn request(&self, method: &str, path: &str, more: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let mut headers = vec![("cookie", self.cookie.as_str()), ("sec-fetch-site", "same-origin")];
        headers.extend(more);
        self.visitor.send(method, path, &headers, body.into()).await.unwrap()
    }

    /// Sends a file; what is said of it at last, on its own page where there is one.
    async fn sends(&mut self, name: &str, bytes: Vec<u8>) -> String {
        let (kind, body) = multipart(name, &bytes, &[]);
        drop(bytes);
        let kind = kind.to_string();
        let answer = self.request("POST", IMPORT, &[("content-type", kind.as_str())], body).await;
        let answer = match answer.status {
            StatusCode::SEE_OTHER => {
                self.last = answer.location().to_owned();
                self.visit(&self.last).await
            }
            StatusCode::UNPROCESSABLE_ENTITY => answer,
            other => panic!("{name}: {other} {}", answer.text()),
        };
        let page = Found::on(answer.text());
        [page.texts(".mistakes"), page.texts("td[data-label=\"Ce qui ne va pas\"]"), page.texts(".top p")]
            .concat()
            .join("\n")
    }
}

async fn signed_in(house: &House) -> String {
    let now = house.clock.now();
    let (id, email) = (house.tokens.id(now), "editor@example.org".to_owned());
    let name = "Camille Exemple".to_owned();
    let staff = Staff { id, email, name, lang: Lang::Fr, role: Role::Editor, organisations: Vec::new() };
    let mut tx = house.pool.begin().await.unwrap();
    assert!(identity::store::add(&mut tx, &staff, now).await.unwrap());
    let token = session::open(&mut tx, &house.tokens, id, "Firefox, Linux", now).await.unwrap();
    tx.commit().await.unwrap();
    format!("{OFFICE_COOKIE}={token}")
}

/// The most memory that the process has had at once so far, in KiB.
fn peak(process: &Process) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn row(row: u32) -> String {
    format!(r#"<row r="{row}"><c r="A{row}"><v>1</v></c></row>"#)
}

/// A workbook of Excel's with these rows, beside other parts.
fn xlsx(rows: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let sheet = format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData></worksheet>"#
    );
    let parts: [(&str, &[u8]); 5] = [
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#),
        ("xl/workbook.xml", br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#),
        ("xl/_rels/workbook.xml.rels", br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    zipped(&[&parts, more].concat())
}

/// A workbook of LibreOffice's with these rows.
fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        r#"<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest/>"),
        ("content.xml", content.as_bytes()),
    ])
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
