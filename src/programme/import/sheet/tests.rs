//! Workbooks as offices write them, and as somebody would who means ill.

use std::io::{Cursor, Write as _};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::*;

/// A ZIP file of these parts.
fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        let method = if bytes.len() > 200 { SimpleFileOptions::default() } else { stored };
        writer.start_file(*name, method).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const TYPES: &[u8] = b"<Types/>";
const RELS: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &[u8] = br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const BOOK_RELS: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// A workbook whose only sheet is this XML, beside other parts.
fn xlsx(sheet: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let parts: [(&str, &[u8]); 5] = [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELS),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    zipped(&[&parts, more].concat())
}

fn sheet(rows: &str) -> String {
    format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
    )
}

fn ods(content: &str) -> Vec<u8> {
    let content = format!(
        r#"<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>{content}</office:spreadsheet></office:body></office:document-content>"#
    );
    ods_of(&content)
}

fn ods_of(content: &str) -> Vec<u8> {
    zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest/>"),
        ("content.xml", content.as_bytes()),
    ])
}

fn cells(bytes: &[u8]) -> Vec<(u64, Vec<String>)> {
    let sheets = read("t", bytes).unwrap();
    sheets[0].rows.iter().map(|row| (row.line, row.cells.clone())).collect()
}

fn refused(bytes: &[u8]) -> String {
    read("t", bytes).unwrap_err().message
}

fn headed(bytes: &[u8]) -> (Vec<String>, Vec<Vec<String>>) {
    let sheets = read("t", bytes).unwrap();
    let (table, _) = table("t", &sheets, None).unwrap();
    (table.headings, table.rows.into_iter().map(|row| row.cells).collect())
}

fn texts(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

#[test]
fn dates_times_lengths_and_numbers_of_excel_are_the_texts_that_one_types() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let format = |format: &str| Format::new().set_num_format(format);
    let at = ExcelDateTime::from_ymd(2027, 4, 19).unwrap();
    sheet.write_datetime_with_format(0, 0, &at, &format("dd.mm.yyyy")).unwrap();
    let time = ExcelDateTime::from_hms(9, 20, 0).unwrap();
    sheet.write_datetime_with_format(0, 1, &time, &format("hh:mm")).unwrap();
    sheet
        .write_datetime_with_format(0, 2, at.and_hms(9, 20, 0).unwrap(), &format("yyyy-mm-dd hh:mm"))
        .unwrap();
    sheet.write_number_with_format(0, 3, 1.5, &format("[h]:mm")).unwrap();
    sheet.write_number(0, 4, 80).unwrap();
    sheet.write_boolean(0, 5, true).unwrap();
    sheet.write_string(0, 6, "=1+1\nund so").unwrap();
    let formula = rust_xlsxwriter::Formula::new("=1+1").set_result("2");
    sheet.write_formula(0, 7, formula).unwrap();
    sheet.write_string(2, 0, "_x0041_ \u{e9}").unwrap();

    assert_eq!(
        cells(&book.save_to_buffer().unwrap()),
        [
            (
                1,
                texts(&[
                    "2027-04-19",
                    "09:20",
                    "2027-04-19 09:20",
                    "36:00",
                    "80",
                    "true",
                    "=1+1\nund so",
                    "2"
                ])
            ),
            (3, texts(&["_x0041_ \u{e9}"])),
        ]
    );
}

#[test]
fn the_same_is_read_from_libreoffice_with_repeated_and_covered_cells() {
    let row = r#"<table:table-row table:number-rows-repeated="2">
        <table:table-cell office:value-type="date" office:date-value="2027-04-19"><text:p>19 avril</text:p></table:table-cell>
        <table:table-cell office:value-type="time" office:time-value="PT09H20M00S"><text:p>09:20</text:p></table:table-cell>
        <table:table-cell table:number-columns-repeated="2"/>
        <table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="80"><text:p>80,00</text:p></table:table-cell>
        <table:table-cell office:value-type="string"><office:annotation><text:p>a note</text:p></office:annotation><text:p>A &amp; <text:span>B</text:span><text:s text:c="2"/>C</text:p><text:p>D</text:p></table:table-cell>
        <table:covered-table-cell office:value-type="string"><text:p>under</text:p></table:covered-table-cell>
        <table:table-cell office:value-type="boolean" office:boolean-value="true"/>
        </table:table-row>"#;
    let table = format!(
        r#"<table:table table:name="S"><table:table-row table:number-rows-repeated="1048570"/>{row}</table:table>"#
    );
    assert_eq!(refused(&ods(&table)), "has more than 20000 rows; at most 20000 are read");
    let table = table.replace("1048570", "3");
    let line = texts(&["2027-04-19", "09:20", "", "", "80", "80", "A & B  C\nD", "", "true"]);
    assert_eq!(cells(&ods(&table)), [(4, line.clone()), (5, line)]);
}

#[test]
fn headings_are_found_below_a_title_and_columns_under_one_heading_are_one() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let format = Format::new();
    sheet.merge_range(0, 0, 0, 2, "Programme du mois", &format).unwrap();
    sheet.merge_range(0, 3, 0, 5, "Intervenants", &format).unwrap();
    for (column, text) in ["Date", "Titre", "Lieu", "1", "2", "3"].iter().enumerate() {
        sheet.write_string(1, column as u16, *text).unwrap();
    }
    sheet.merge_range(2, 0, 4, 0, "19.04.2027", &format).unwrap();
    for (row, title) in [(2, "Une"), (3, "Deux"), (4, "Trois"), (5, "Quatre")] {
        sheet.write_string(row, 1, title).unwrap();
        sheet.write_string(row, 3, "A. Rochat").unwrap();
    }
    sheet.write_string(3, 4, "B. Favre").unwrap();
    sheet.write_string(5, 0, "20.04.2027").unwrap();

    let (headings, rows) = headed(&book.save_to_buffer().unwrap());
    assert_eq!(headings, ["Date", "Titre", "Lieu", "Intervenants"]);
    assert_eq!(
        rows,
        [
            texts(&["19.04.2027", "Une", "", "A. Rochat"]),
            texts(&["19.04.2027", "Deux", "", "A. Rochat|B. Favre"]),
            texts(&["19.04.2027", "Trois", "", "A. Rochat"]),
            texts(&["20.04.2027", "Quatre", "", "A. Rochat"]),
        ]
    );
}

#[test]
fn of_several_sheets_the_first_that_looks_like_sessions_is_read_and_another_where_it_is_named() {
    let mut book = Workbook::new();
    for (name, headings) in
        [("Notes", ["à faire", "qui"]), ("Semaine 1", ["titre", "date"]), ("Semaine 2", ["titre", "date"])]
    {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (column, text) in headings.iter().enumerate() {
            sheet.write_string(0, column as u16, *text).unwrap();
            sheet.write_string(1, column as u16, name).unwrap();
        }
    }
    let sheets = read("t.xlsx", &book.save_to_buffer().unwrap()).unwrap();
    let first = |name| table("t.xlsx", &sheets, name).unwrap().0.rows[0].cells[0].clone();
    assert_eq!((first(None), first(Some("Semaine 2"))), ("Semaine 1".to_owned(), "Semaine 2".to_owned()));
    let problem = table("t.xlsx", &sheets, Some("Semaine 9")).unwrap_err();
    assert_eq!(
        problem.to_string(),
        "t.xlsx: \"Semaine 9\": has no such sheet; it has: Notes, Semaine 1, Semaine 2"
    );
}

#[test]
fn an_error_of_a_formula_is_a_mistake_and_no_title() {
    let rows = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>titre</t></is></c></row><row r="2"><c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>"#;
    let sheets = read("t", &xlsx(&sheet(rows), &[])).unwrap();
    let (table, _) = table("t", &sheets, None).unwrap();
    assert_eq!(table.problems[0].line, Some(2));
    assert_eq!(table.problems[0].value.as_deref(), Some("#DIV/0!"));
}

#[test]
fn both_readers_of_libreoffice_say_the_same_of_a_whole_file() {
    use calamine::{Data, Ods, Reader as _};
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data/schedules/voc-schedule-example.ods");
    let Ok(bytes) = std::fs::read(path) else {
        eprintln!("skipped: ../shared is not there");
        return;
    };
    let ours = read("t", &bytes).unwrap();
    let theirs = Ods::new(Cursor::new(&bytes)).unwrap().worksheet_range("Sheet1").unwrap();
    let mut compared = 0;
    for row in &ours[0].rows {
        for (column, cell) in row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let line = u32::try_from(row.line - 1).unwrap();
            match theirs.get_value((line, u32::try_from(column).unwrap())) {
                Some(Data::DateTimeIso(text)) => assert_eq!(*cell, value::iso_moment(text)),
                Some(Data::DurationIso(text)) => assert_eq!(*cell, value::iso_duration(text)),
                Some(other) => assert_eq!(*cell, other.to_string()),
                None => panic!("only we saw {cell:?} on line {}", row.line),
            }
            compared += 1;
        }
    }
    let seen = theirs.used_cells().filter(|(_, _, cell)| !cell.to_string().trim().is_empty()).count();
    assert!(compared > 80 && compared == seen, "{compared} of {seen}");
}

#[test]
fn what_is_no_workbook_or_a_broken_one_ends_with_a_sentence() {
    let whole = xlsx(&sheet("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"), &[]);
    assert!(read("t", &whole).is_ok());
    for bytes in [&b""[..], b"PK", b"PK\x03\x04", b"PK\x05\x06", &zipped(&[("a.txt", b"a")]), b"titre,date\n"]
    {
        assert_eq!(refused(bytes), "is no workbook; save it as .xlsx, .ods or CSV (UTF-8)");
    }
    // Cut off, or with one byte changed, at every place: anything but a panic.
    for at in 0..whole.len() {
        let _ = read("t", &whole[..at]);
        let mut changed = whole.clone();
        changed[at] ^= 0x21;
        let _ = read("t", &changed);
    }
    assert!(refused(&xlsx("<worksheet><sheetData><row>", &[])).starts_with("cannot be read as a workbook"));
    assert!(refused(&xlsx(&sheet(""), &[])).starts_with("is an empty workbook"));
    // Calamine goes on for ever here.
    let cut = ods_of("<a xmlns:table=\"t\"><table:table table:name=\"S\"><table:table-row>");
    assert_eq!(refused(&cut), "cannot be read as a workbook: it ends too soon; open it and save it again");
}

#[test]
fn a_bomb_is_refused_by_what_it_unpacks_to_and_not_by_what_it_says() {
    let zeros = vec![b' '; 130 * 1024 * 1024];
    let bomb =
        xlsx(&sheet("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"), &[("xl/media/image1.png", &zeros)]);
    assert!(bomb.len() < 1024 * 1024);
    assert!(refused(&bomb).starts_with("holds more than 128 MiB once it is unpacked"));
    // The same, and its directory says that it is small.
    let mut lying = bomb;
    let size = u32::try_from(zeros.len()).unwrap().to_le_bytes();
    let places: Vec<_> = (0..lying.len() - 4).filter(|at| lying[*at..*at + 4] == size).collect();
    assert!(!places.is_empty());
    for at in places {
        lying[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    let said = refused(&lying);
    assert!(said.starts_with("holds more than") || said.starts_with("cannot be read"), "{said}");
}

#[test]
fn a_text_that_is_too_long_and_more_text_than_any_workbook_holds_are_refused() {
    let text = "a".repeat(PIECE_BYTES_MAX);
    let cell = |texts: usize| {
        let runs = format!("<r><t>{}</t></r>", &text[..text.len() - 20_000]).repeat(texts);
        sheet(&format!(r#"<row r="1"><c r="A1" t="inlineStr"><is>{runs}</is></c></row>"#))
    };
    assert!(read("t", &xlsx(&cell(1), &[])).is_ok());
    assert_eq!(refused(&xlsx(&cell(40), &[])), "holds more than 32 MiB of text");
    let one = sheet(&format!(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>{text}{text}</t></is></c></row>"#));
    assert_eq!(refused(&xlsx(&one, &[])), "holds a text of more than 1 MiB");
    let named = format!(r#"<worksheet a="{text}{text}"/>"#);
    assert_eq!(refused(&xlsx(&named, &[])), "holds a text of more than 1 MiB");
    let long = format!("<text:p>{}</text:p>", "<text:s text:c=\"100\"/>".repeat(20_000));
    let cell = format!(
        r#"<table:table table:name="S"><table:table-row><table:table-cell office:value-type="string"><text:p>a</text:p>{long}<text:p>b</text:p></table:table-cell></table:table-row></table:table>"#
    );
    let length = cells(&ods(&cell))[0].1[0].len();
    assert!((PIECE_BYTES_MAX..PIECE_BYTES_MAX + 200).contains(&length), "{length}");
    let wide = format!(
        r#"<table:table table:name="S"><table:table-row>{}</table:table-row></table:table>"#,
        r#"<table:table-cell office:value-type="float" office:value="1"/>"#.repeat(300_000)
    );
    assert!(refused(&ods(&wide)).contains("more than 200 columns"));
}

#[test]
fn what_announces_or_repeats_too_much_is_refused_before_room_is_made_for_it() {
    let cell = sheet("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>");
    let announced = br#"<sst uniqueCount="1000000000000"><si><t>titre</t></si></sst>"#;
    assert!(
        refused(&xlsx(&cell, &[("xl/sharedStrings.xml", announced)]))
            .contains("announces 1000000000000 texts")
    );
    let fonts = format!("<styleSheet><fonts>{}</fonts></styleSheet>", "<font/>".repeat(600_000));
    assert!(refused(&xlsx(&cell, &[("xl/styles.xml", fonts.as_bytes())])).contains("more than any workbook"));
    // One text, shown a million times.
    let long = format!("<sst><si><t>{}</t></si></sst>", "a".repeat(30_000));
    let rows: String = (1..5_000)
        .map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>"))
        .collect();
    assert!(
        refused(&xlsx(&sheet(&rows), &[("xl/sharedStrings.xml", long.as_bytes())]))
            .contains("32 MiB of text")
    );
    let far = "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>";
    assert!(refused(&xlsx(&sheet(far), &[])).contains("more than 20000 rows"));
    let wide = "<row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row>";
    assert!(refused(&xlsx(&sheet(wide), &[])).contains("more than 200 columns"));
    let repeated = r#"<table:table table:name="S"><table:table-row table:number-rows-repeated="99999"><table:table-cell table:number-columns-repeated="199" office:value-type="float" office:value="1"/></table:table-row></table:table>"#;
    assert!(refused(&ods(repeated)).contains("more than 600000 cells"));
    let spaces = r#"<table:table table:name="S"><table:table-row><table:table-cell office:value-type="string"><text:p>a<text:s text:c="4000000000"/>b</text:p></table:table-cell></table:table-row></table:table>"#;
    assert_eq!(cells(&ods(spaces))[0].1[0].len(), 102);
}

#[test]
fn cells_that_are_shown_as_one_hold_no_more_than_a_sheet_does() {
    let area = |n: u32| Area { row: 1, column: n % 3, last_row: 99_999, last_column: n % 3 };
    let row = |line: u64| Row { line, cells: vec!["titre".to_owned(), "a".repeat(1_000)] };
    let sheet = Sheet {
        rows: (1..=90_000).map(row).collect(),
        merged: (0..90_000).map(area).collect(),
        ..Sheet::default()
    };
    let (table, _) = table("t", &[sheet], None).unwrap();
    assert_eq!(table.rows.len(), 89_999);
}

#[test]
fn a_document_that_defines_entities_is_refused_and_names_in_the_file_lead_nowhere() {
    let laughs = r#"<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;">]><worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&lol2;</t></is></c></row></sheetData></worksheet>"#;
    assert!(refused(&xlsx(laughs, &[])).contains("it defines entities of its own"));
    let laughs = r#"<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a xmlns:table="t"><table:table table:name="S"/></a>"#;
    assert!(refused(&ods_of(laughs)).contains("it defines entities of its own"));
    let named = xlsx(
        &sheet("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"),
        &[("../../etc/cron.d/x", b"x"), ("/absolute", b"x"), ("xl/../../y.xml", b"<y/>")],
    );
    assert_eq!(cells(&named), [(1, texts(&["1"]))]);
}
