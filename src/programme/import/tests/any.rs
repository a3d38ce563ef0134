//! Whatever stands in a file, it is answered.

use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_are_answered_and_never_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for format in [Format::Csv, Format::FrabXml, Format::FrabJson] {
            let _ = run_with(None, &Files::new([("x".to_owned(), bytes.clone())]), format, &options());
        }
        let files = ["programme.toml", "sessions.csv", "press/abc.md"].map(|name| (name.to_owned(), bytes.clone()));
        let _ = run_with(None, &Files::new(files), Format::Folder, &options());
        Format::guess(Path::new("x"), &bytes);
    }

    #[test]
    fn any_cells_are_answered_and_never_a_panic(cells in proptest::collection::vec("\\PC{0,12}|[0-9:hT. -]{0,16}|[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{1,4}", 25)) {
        let row: Vec<_> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        let _ = run_with(None, &one("x.csv", &format!("{HEAD}\n{}\n", row.join(","))), Format::Csv, &options());
    }

    #[test]
    fn any_schedule_is_answered_and_never_a_panic(values in proptest::collection::vec("\\PC{0,20}|[0-9:T+.-]{0,25}", 8)) {
        let v: Vec<_> = values.iter().map(|value| quick_xml::escape::escape(value.as_str()).into_owned()).collect();
        let xml = format!(
            "<schedule><conference><title>{}</title><day_change>{}</day_change></conference><day date=\"{}\"><event id=\"{}\">\
             <title>T</title><start>{}</start><duration>{}</duration><date>{}</date><description>{}</description></event></day></schedule>",
            v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]
        );
        let _ = run_with(None, &one("x.xml", &xml), Format::FrabXml, &options());
    }
}
