//! Who came, from a file as somebody at the door writes it: one address a line, or a table. Pure.

use std::collections::HashMap;

use crate::{
    programme::import::{Problem, plain, table},
    registration::{PEOPLE_MAX, contact::Code, person::Email},
};

/// Headings of the column with the addresses, as [`plain`] has them.
const EMAIL: [&str; 8] =
    ["email", "e mail", "mail", "courriel", "adresse", "adresse e mail", "adresse email", "email address"];
/// The heading of our export's column with the codes of people who have no address.
const CODE: [&str; 1] = ["code"];
/// Headings of the column that says who came; the first that is there counts. `attendance` is our own export's.
const PRESENT: [&str; 10] = [
    "present",
    "present e",
    "presence",
    "presences",
    "presents",
    "came",
    "venu",
    "venu e",
    "attended",
    "attendance",
];
/// The heading of our export that says which session a row is about.
const SESSION: [&str; 1] = ["session"];

/// Who came to a session. Whoever is not named did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// The file's name, for messages.
    pub file: String,
    /// Once an address.
    pub marks: Vec<Mark>,
    /// People who came and are not registered.
    pub walk_ins: i64,
    /// What was guessed.
    pub notices: Vec<Problem>,
}

/// What the file says of one address, or code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The line on which it stands.
    pub line: u64,
    /// An address in lower case, its domain in ASCII; or the code of somebody without one.
    pub contact: String,
    /// Who came of those for whom it is registered.
    pub came: Came,
}

/// How many of a registration's people came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// Everybody.
    All,
    /// So many; at least one.
    Some(i64),
    /// Nobody.
    Nobody,
}

impl List {
    /// True where, by the file, nobody came at all.
    pub fn is_of_nobody(&self) -> bool {
        self.walk_ins == 0 && self.marks.iter().all(|mark| mark.came == Came::Nobody)
    }
}

/// Reads a file: our export of registrations with a column `present`, any table with a column of addresses, or one
/// address a line; the code of somebody without an address stands for one. In a list, `+3` are three people who are not registered; in a table, a row without an address
/// that is marked present is one. `session` is the slug: rows that name another one are left out.
///
/// # Errors
/// Everything that is wrong, line by line.
pub fn read(file: &str, bytes: &[u8], session: &str) -> Result<List, Vec<Problem>> {
    let (text, guessed) = table::decode(file, bytes).map_err(|problem| vec![problem])?;
    let mut found = Reading { file, marks: HashMap::new(), walk_ins: 0, problems: Vec::new() };
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'))
        .unwrap_or_default();
    if first.contains('@') || first.starts_with('+') || Code::parse(first).is_some() {
        found.lines(&text);
    } else {
        found.table(&text, session);
    }
    let mut marks: Vec<_> = found.marks.into_values().collect();
    marks.sort_by_key(|mark| mark.line);
    match found.problems.as_slice() {
        [] => Ok(List {
            file: file.to_owned(),
            marks,
            walk_ins: found.walk_ins,
            notices: guessed.into_iter().collect(),
        }),
        _ => Err(found.problems),
    }
}

struct Reading<'f> {
    file: &'f str,
    marks: HashMap<String, Mark>,
    walk_ins: i64,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    fn wrong(&mut self, line: u64, value: &str, message: &str) {
        self.problems.push(Problem::new(self.file, message).line(line).value(value));
    }

    fn lines(&mut self, text: &str) {
        for (line, typed) in (1..).zip(text.lines()) {
            let typed = typed.trim().trim_end_matches([',', ';']);
            match typed
                .strip_prefix('+')
                .filter(|_| !typed.contains('@'))
                .map(|more| more.trim().parse::<i64>())
            {
                _ if typed.is_empty() || typed.starts_with('#') => {}
                Some(Ok(more @ 0..=10_000)) => self.walk_ins += more,
                Some(_) => self.wrong(
                    line,
                    typed,
                    "is no number of people; write +3 for three who are not registered",
                ),
                None => {
                    let address = typed.split_once('<').map_or(typed, |(_, rest)| rest.trim_end_matches('>'));
                    self.mark(line, address, Came::All);
                }
            }
        }
    }

    fn table(&mut self, text: &str, session: &str) {
        let table = match table::parse(self.file, text, table::REGISTRATIONS) {
            Ok(table) => table,
            Err(problem) => return self.problems.push(problem),
        };
        self.problems.extend(table.problems);
        let headings: Vec<_> = table.headings.iter().map(|heading| plain(heading)).collect();
        let find = |names: &[&str]| names.iter().find_map(|name| headings.iter().position(|it| it == name));
        let Some(email) = find(&EMAIL) else {
            let message = format!(
                "has no column `email`; its headings are {}. Without headings: one address a line",
                table.headings.join(", ")
            );
            return self.problems.push(Problem::new(self.file, message).line(1));
        };
        let (present, of, code) = (find(&PRESENT), find(&SESSION), find(&CODE));
        let about = |cell: &str| cell.is_empty() || cell == session;
        let mut rows =
            table.rows.iter().filter(|row| of.is_none_or(|of| about(row.cells[of].trim()))).peekable();
        if rows.peek().is_none() && !table.rows.is_empty() {
            let message = format!("has no row of the session `{session}`");
            return self.problems.push(Problem::new(self.file, message));
        }
        for row in rows {
            let cell = present.map(|at| row.cells[at].trim());
            let Some(came) = cell.map_or(Some(Came::All), came) else {
                let message = "is neither yes nor no; write 1 for who came, how many came of a group, or leave it empty";
                self.wrong(row.line, cell.unwrap_or_default(), message);
                continue;
            };
            let code = code.map_or("", |at| row.cells[at].trim());
            let known_by =
                Some(row.cells[email].trim()).filter(|address| !address.is_empty()).unwrap_or(code);
            match (known_by, came) {
                // An erased person's row in our own export; or an empty one.
                ("", Came::Nobody) => {}
                ("", Came::All) => self.walk_ins += 1,
                ("", Came::Some(people)) => self.walk_ins += people,
                (address, came) => self.mark(row.line, address, came),
            }
        }
    }

    fn mark(&mut self, line: u64, address: &str, came: Came) {
        let code = Code::parse(address).map(|code| code.as_str().to_owned());
        let Some(contact) =
            code.or_else(|| Email::parse(address).ok().map(|email| email.as_str().to_owned()))
        else {
            let message = "is no e-mail address; write it as in the list of registrations, or leave it empty \
                           for somebody who is not registered";
            return self.wrong(line, address, message);
        };
        match self.marks.get(&contact) {
            Some(known) if known.came == came => {}
            Some(known) => {
                let message = format!("is marked otherwise in line {}; keep one of the two", known.line);
                self.wrong(line, address, &message);
            }
            None => {
                self.marks.insert(contact.clone(), Mark { line, contact, came });
            }
        }
    }
}

/// What a cell says; `None` for what cannot be understood.
fn came(cell: &str) -> Option<Came> {
    if let Ok(people) = cell.parse::<i64>() {
        return match people {
            0 => Some(Came::Nobody),
            1..=PEOPLE_MAX => Some(Came::Some(people)),
            _ => None,
        };
    }
    if ["✓", "✔", "☑", "✅", "☒", "+"].contains(&cell.trim_end_matches('\u{fe0f}')) {
        return Some(Came::All);
    }
    match plain(cell).as_str() {
        "" if cell.chars().all(|c| c.is_whitespace() || "-–—".contains(c)) => Some(Came::Nobody),
        "x" | "yes" | "y" | "oui" | "o" | "ja" | "true" | "vrai" | "ok" | "present" | "presente"
        | "present e" | "venu" | "venue" | "venu e" | "came" => Some(Came::All),
        "no" | "n" | "non" | "nein" | "false" | "faux" | "absent" | "absente" | "absent e" | "excuse"
        | "excusee" | "excuse e" | "no show" => Some(Came::Nobody),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(text: &str) -> Vec<(u64, String, Came)> {
        let list = read("t.csv", text.as_bytes(), "atelier").unwrap();
        list.marks.into_iter().map(|mark| (mark.line, mark.contact, mark.came)).collect()
    }

    fn mark(line: u64, email: &str, came: Came) -> (u64, String, Came) {
        (line, email.to_owned(), came)
    }

    #[test]
    fn one_address_a_line_is_enough() {
        let text = "\n# à l’entrée\nAna@Example.org\nBen <ben@exämple.org>;\n+ 3\nana@example.org\n+1\n";
        assert_eq!(
            marks(text),
            [mark(3, "ana@example.org", Came::All), mark(4, "ben@xn--exmple-cua.org", Came::All)]
        );
        assert_eq!(read("t", text.as_bytes(), "atelier").unwrap().walk_ins, 4);
    }

    #[test]
    fn our_own_export_with_a_column_more_is_taken_and_other_sessions_rows_are_not() {
        let text = "session;state;people;name;email;attendance;Présent·e\n\
                    atelier;confirmed;1;Ana;ana@example.org;;x\n\
                    atelier;confirmed;3;Ben;ben@example.org;present;2\n\
                    atelier;confirmed;1;Zoé;zoe@example.org;present;\n\
                    forum;confirmed;1;Kim;kim@example.org;;x\n\
                    atelier;confirmed;1;;;;\n\
                    ;;;;;;oui\n";
        assert_eq!(
            marks(text),
            [
                mark(2, "ana@example.org", Came::All),
                mark(3, "ben@example.org", Came::Some(2)),
                mark(4, "zoe@example.org", Came::Nobody)
            ]
        );
        assert_eq!(read("t", text.as_bytes(), "atelier").unwrap().walk_ins, 1);
        assert!(read("t", b"session,email\nforum,a@example.org\n", "atelier").is_err());
    }

    #[test]
    fn a_table_without_a_column_for_it_is_a_list_of_those_who_came() {
        assert_eq!(marks("Nom,Courriel\nAna,ana@example.org\n"), [mark(2, "ana@example.org", Came::All)]);
    }

    #[test]
    fn everything_that_is_wrong_is_said_with_its_line() {
        let text = "email,present\nana@example.org,1\nana@example.org,non\nnobody,1\nben@example.org,peut-être\n\
                    kim@example.org,12\n";
        let problems = read("t.csv", text.as_bytes(), "atelier").unwrap_err();
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [3, 4, 5, 6].map(Some));
        assert!(problems[0].message.contains("in line 2"), "{}", problems[0]);
        assert!(
            read("t.csv", b"nom,prenom\nA,B\n", "atelier").unwrap_err()[0].message.contains("nom, prenom")
        );
        assert!(read("t.csv", b"a@example.org\n+x\n", "atelier").is_err());
        assert!(read("t.csv", b"", "atelier").is_err());
    }
}
