//! What somebody has said of a programme's columns, kept for the next file: pure.
//!
//! Files of one programme are alike and not the same: next week's has a column more. So a choice belongs to its heading,
//! and the whole row of headings only says which file's choices go first.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Field, Known, guess, kept::digest, table::Table, words::plain};

/// How the columns of a file were matched: each heading, folded, and its field; empty for one that is not read.
pub type Matched = BTreeMap<String, String>;

/// The field of each column of a table, to begin with: as somebody has matched a column of that heading, in the first
/// of these matchings that has one, else as it looks.
pub fn columns(table: &Table, matchings: &[Matched]) -> Vec<String> {
    let known = known(table, matchings);
    let guesses = guess(table, &known);
    let code = |(known, guess): (Known, Option<Field>)| match known {
        Known::Field(field) => field.code().to_owned(),
        Known::LeftOut => String::new(),
        Known::Nothing => guess.map(|field| field.code().to_owned()).unwrap_or_default(),
    };
    let guesses = guesses.into_iter().map(|guess| guess.map(|(field, _)| field));
    known.into_iter().zip(guesses).map(code).collect()
}

/// What is remembered of each column. A field that a newer choice has given to another column is not given again: that
/// column is left out, for somebody to look at.
fn known(table: &Table, matchings: &[Matched]) -> Vec<Known> {
    let keys = keys(table);
    let mut known = vec![Known::Nothing; keys.len()];
    let mut given = HashSet::new();
    for matched in matchings {
        for (known, key) in known.iter_mut().zip(&keys).filter(|(known, _)| **known == Known::Nothing) {
            let Some(code) = key.as_ref().and_then(|key| matched.get(key)) else { continue };
            *known = match Field::parse(code) {
                Some(field) if given.insert(field) => Known::Field(field),
                Some(_) => Known::LeftOut,
                None if code.is_empty() => Known::LeftOut,
                // A field that there is no more says nothing.
                None => Known::Nothing,
            };
        }
    }
    known
}

/// What to remember of a matching.
pub fn matched(table: &Table, columns: &[String]) -> Matched {
    let named = keys(table).into_iter().zip(columns);
    named.filter_map(|(key, code)| Some((key?, code.clone()))).collect()
}

/// Names a set of headings, in whatever order and spelling.
pub fn headings_key(table: &Table) -> String {
    let mut headings: Vec<_> = table.headings.iter().map(|heading| plain(heading)).collect();
    headings.sort();
    digest(headings.join("\n").as_bytes())
}

/// Under which word each column is remembered: its folded heading, and of several columns of one heading also which of
/// them it is. Columns without a word are not remembered.
fn keys(table: &Table) -> Vec<Option<String>> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let key = |heading: &String| {
        let plain = plain(heading);
        if plain.is_empty() {
            return None;
        }
        let count = seen.entry(plain.clone()).or_default();
        *count += 1;
        Some(if *count == 1 { plain } else { format!("{plain}\n{count}") })
    };
    table.headings.iter().map(key).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::programme::import::table::{SESSIONS, parse};

    fn said(headings: &str, columns: &[&str]) -> Matched {
        let table = parse("a.csv", headings, SESSIONS).unwrap();
        matched(&table, &columns.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>())
    }

    fn again(file: &str, matchings: &[Matched]) -> Vec<String> {
        columns(&parse("b.csv", file, SESSIONS).unwrap(), matchings)
    }

    #[test]
    fn what_was_matched_is_matched_again_in_any_order_and_spelling() {
        let first = parse("a.csv", "Intitulé long,Quand,Remarque\nUne,2027-04-19,x\n", SESSIONS).unwrap();
        let next = parse("b.csv", "quand,REMARQUE,intitule  long\n2027-04-20,y,Deux\n", SESSIONS).unwrap();

        assert_eq!(headings_key(&first), headings_key(&next));
        let known = said("Intitulé long,Quand,Remarque", &["title", "date", ""]);
        assert_eq!(columns(&next, &[known]), ["date", "", "title"]);
    }

    #[test]
    fn a_column_more_is_guessed_and_the_others_are_as_they_were() {
        let known = [said("Quoi,Titre,Quand", &["title", "", "date"])];
        assert_eq!(
            again("Quoi,Titre,Quand,Lieu\nUne,x,2027-04-19,Hall\n", &known),
            ["title", "", "date", "place"]
        );
        // What looks like a title is none where somebody has said which column is.
        assert_eq!(again("Intitulé,Quoi\nUne,Deux\n", &known), ["", "title"]);
    }

    #[test]
    fn of_two_choices_for_one_heading_the_first_holds_and_a_field_is_given_once() {
        let known = [said("Salle,Quoi", &["place", ""]), said("Où,Quoi", &["place", "title"])];
        assert_eq!(again("Où,Quoi,Salle\nHall,Une,Haute\n", &known), ["", "", "place"]);
        assert_eq!(again("Où,Quoi\nHall,Une\n", &known), ["place", ""]);
    }

    #[test]
    fn of_several_columns_of_one_heading_each_keeps_its_own() {
        let known = [said("Nom,Nom,", &["", "title", "date"])];
        assert_eq!(
            again("nom,NOM,\nAna,Une,2027-04-19\n", &known),
            ["", "title", "date"],
            "the last is guessed"
        );
        assert_eq!(again("nom\nAna\n", &known), [""]);
    }

    #[test]
    fn a_field_that_there_is_no_more_is_not_remembered() {
        let known = [Matched::from([("titre".to_owned(), "password".to_owned())])];
        assert_eq!(again("Titre\nUne\n", &known), ["title"]);
    }

    proptest! {
        #[test]
        fn no_field_is_two_columns_and_what_the_newest_choice_leaves_out_stays_out(
            headings in prop::collection::vec("(titre|date|lieu|salle|quoi|a)?", 1..6),
            chosen in prop::collection::vec(
                prop::collection::btree_map("titre|date|lieu|salle|quoi|a", "(title|date|place|description)?", 0..5),
                0..4,
            ),
        ) {
            let cells = vec!["Une séance".to_owned(); headings.len()];
            let row = crate::programme::import::table::Row { line: 2, cells };
            let table = Table { headings, rows: vec![row], problems: Vec::new() };

            let columns = columns(&table, &chosen);

            prop_assert_eq!(columns.len(), table.headings.len());
            let fields: Vec<_> = columns.iter().filter(|code| !code.is_empty()).collect();
            prop_assert_eq!(fields.iter().collect::<HashSet<_>>().len(), fields.len());
            for (heading, code) in table.headings.iter().zip(&columns) {
                let newest = chosen.iter().find_map(|matched| matched.get(heading));
                if newest.is_some_and(String::is_empty) {
                    let first = table.headings.iter().position(|other| other == heading).unwrap();
                    prop_assert_eq!(columns[first].as_str(), "", "{}", code);
                }
            }
        }
    }
}
