//! The words of files, in French, English and German: headings, formats, languages, yes and no.

use super::map::Field;
use crate::programme::{Access, Format as Kind};

/// Lower case, without accents, words parted by one space: how words are compared.
pub fn plain(text: &str) -> String {
    let ascii = deunicode::deunicode(text).to_lowercase();
    let words: Vec<_> = ascii.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.join(" ")
}

/// The field that a heading names.
pub(super) fn field(heading: &str) -> Option<Field> {
    let plain = plain(heading);
    let code = Field::ALL.into_iter().find(|field| field.code().replace('_', " ") == plain);
    code.or_else(|| {
        HEADINGS.iter().find(|(_, words)| words.contains(&plain.as_str())).map(|(field, _)| *field)
    })
}

const HEADINGS: [(Field, &[&str]); 28] = [
    (Field::Slug, &["identifiant", "reference"]),
    (Field::Title, &["titre", "intitule", "nom", "name", "titel", "event", "evenement", "bezeichnung"]),
    (Field::Theme, &["thematique", "semaine", "track", "parcours", "themes", "thema"]),
    (Field::Format, &["type", "genre", "formats", "type de session"]),
    (Field::Date, &["jour", "day", "datum", "dates"]),
    (
        Field::Start,
        &[
            "debut",
            "heure de debut",
            "heure debut",
            "heure",
            "start time",
            "time start",
            "starts",
            "begin",
            "from",
            "uhrzeit",
            "beginn",
        ],
    ),
    (
        Field::End,
        &["fin", "heure de fin", "heure fin", "end time", "time end", "ends", "until", "to", "ende"],
    ),
    (Field::Language, &["langue", "langues", "languages", "sprache"]),
    (Field::Place, &["lieu", "salle", "room", "location", "venue", "endroit", "ort", "raum"]),
    (Field::Online, &["en ligne", "distance", "a distance", "visio", "virtual", "remote"]),
    (
        Field::JoinUrl,
        &[
            "lien visio",
            "lien de connexion",
            "adresse de connexion",
            "join link",
            "meeting link",
            "lien zoom",
        ],
    ),
    (Field::Capacity, &["capacite", "places", "seats", "nombre de places", "jauge", "platze", "kapazitat"]),
    (Field::Registration, &["inscription", "inscriptions", "sign up", "signup", "anmeldung"]),
    (
        Field::Hosts,
        &[
            "organisation",
            "organisations",
            "organisateur",
            "organisateurs",
            "host",
            "partenaire",
            "partenaires",
            "partners",
            "veranstalter",
        ],
    ),
    (
        Field::Speakers,
        &[
            "intervenants",
            "intervenant",
            "intervenantes",
            "intervenant es",
            "speaker",
            "persons",
            "orateurs",
            "avec",
            "vortragende",
            "referenten",
            "referentinnen",
        ],
    ),
    (Field::Abstract, &["resume", "accroche", "chapeau", "summary"]),
    (Field::Description, &["texte", "text", "details", "descriptif", "beschreibung"]),
    (Field::Tags, &["mots cles", "mot cle", "etiquettes", "keywords", "tag", "stichworte", "schlagworte"]),
    (Field::Access, &["acces", "accessibilite", "accessibility"]),
    (Field::Status, &["statut", "etat", "state"]),
    (Field::Opens, &["ouverture", "ouverture des inscriptions", "registration opens"]),
    (Field::Closes, &["fermeture", "cloture", "cloture des inscriptions", "registration closes"]),
    (Field::Queue, &["file d attente", "liste d attente", "waiting list"]),
    (Field::Held, &["places reservees", "reserve", "held seats"]),
    (Field::TextLanguage, &["langue du texte", "language of text"]),
    (Field::Recording, &["enregistrement", "lien de l enregistrement", "recording link", "video", "replay"]),
    (Field::Minutes, &["compte rendu", "synthese", "proces verbal", "outcome", "takeaways"]),
    (Field::CancelReason, &["motif", "motif d annulation", "raison", "reason", "reason for cancellation"]),
];

/// The field that some word of a heading names: « Titre de l’atelier », "Start of the session". The first in this
/// order that is there.
pub(super) fn field_within(heading: &str) -> Option<Field> {
    let plain = plain(heading);
    let words: Vec<_> = plain.split(' ').collect();
    let starts = |stem: &&str| words.iter().any(|word| word.starts_with(*stem));
    WITHIN.iter().find(|(_, stems)| stems.iter().any(starts)).map(|(field, _)| *field)
}

/// Beginnings of words. What says more goes first: « heure de fin » is an end, « nom du lieu » a place.
const WITHIN: [(Field, &[&str]); 22] = [
    (Field::Slug, &["identifiant", "slug", "id", "kennung"]),
    (Field::TextLanguage, &["textsprache"]),
    (Field::Language, &["langue", "language", "sprache"]),
    (Field::Capacity, &["place", "capacit", "seats", "jauge", "platz", "kapazit", "teilnehmerzahl"]),
    (Field::JoinUrl, &["visio", "zoom", "teams", "join", "connexion"]),
    (Field::Recording, &["enregistrement", "recording", "replay", "aufzeichnung"]),
    (
        Field::Speakers,
        &["intervenant", "speaker", "orateur", "oratrice", "vortragend", "referent", "animateur"],
    ),
    (Field::Hosts, &["organis", "partenaire", "partner", "host", "veranstalt", "porteur"]),
    (Field::Place, &["lieu", "salle", "adresse", "room", "venue", "location", "ort", "raum"]),
    (Field::Registration, &["inscription", "registration", "anmeldung"]),
    (Field::End, &["fin", "end", "ende", "until", "bis"]),
    (Field::Date, &["date", "jour", "day", "datum", "tag"]),
    (Field::Start, &["debut", "heure", "horaire", "start", "begin", "time", "uhrzeit", "zeit"]),
    (Field::Theme, &["theme", "thematique", "thema", "semaine", "axe", "track", "parcours"]),
    (Field::Format, &["format", "type", "typ", "genre"]),
    (
        Field::Abstract,
        &["resume", "accroche", "chapeau", "abstract", "summary", "untertitel", "subtitle", "sous"],
    ),
    (Field::Description, &["descri", "beschreib", "contenu", "content", "inhalt"]),
    (Field::Tags, &["mots", "etiquette", "keyword", "tags", "stichwort", "schlagwort"]),
    (Field::Access, &["acces", "barriere"]),
    (Field::Status, &["statut", "status", "etat"]),
    (Field::Online, &["ligne", "online", "distance"]),
    (Field::Title, &["titre", "intitule", "title", "titel", "nom", "name", "atelier"]),
];

/// The format that a word names.
pub(super) fn format(word: &str) -> Option<Kind> {
    let plain = plain(word);
    let code = Kind::ALL.into_iter().find(|kind| kind.code().replace('-', " ") == plain);
    code.or_else(|| FORMATS.iter().find(|(_, words)| words.contains(&plain.as_str())).map(|(kind, _)| *kind))
}

const FORMATS: [(Kind, &[&str]); 8] = [
    (Kind::Conference, &["conferences", "lecture", "talk", "expose", "keynote", "presentation", "vortrag"]),
    (Kind::Workshop, &["atelier", "ateliers", "workshops", "formation", "training", "hands on"]),
    (Kind::OpenForum, &["forum ouvert", "forum", "barcamp", "bof", "open space"]),
    (Kind::RoundTable, &["table ronde", "tables rondes", "panel", "debat", "discussion", "podium"]),
    (Kind::Testimony, &["temoignage", "temoignages", "testimonial", "recit"]),
    (
        Kind::OpenDay,
        &[
            "portes ouvertes",
            "porte ouverte",
            "journee portes ouvertes",
            "open house",
            "open doors",
            "visite",
        ],
    ),
    (Kind::Hackathon, &["hackathons", "hack"]),
    (Kind::Other, &["autre", "autres", "divers"]),
];

/// The format that the type of a frab event comes nearest to; [`Kind::Other`] where none does.
pub(super) fn format_near(kind: &str) -> Kind {
    if let Some(kind) = format(kind) {
        return kind;
    }
    let plain = plain(kind);
    let near: [(&str, Kind); 17] = [
        ("hackathon", Kind::Hackathon),
        ("workshop", Kind::Workshop),
        ("atelier", Kind::Workshop),
        ("tutorial", Kind::Workshop),
        ("certification", Kind::Workshop),
        ("panel", Kind::RoundTable),
        ("podium", Kind::RoundTable),
        ("table ronde", Kind::RoundTable),
        ("open forum", Kind::OpenForum),
        ("meetup", Kind::OpenForum),
        ("keynote", Kind::Conference),
        ("lecture", Kind::Conference),
        ("talk", Kind::Conference),
        ("conference", Kind::Conference),
        ("vortrag", Kind::Conference),
        ("maintrack", Kind::Conference),
        ("devroom", Kind::Conference),
    ];
    near.into_iter().find(|(word, _)| plain.contains(word)).map_or(Kind::Other, |(_, kind)| kind)
}

/// Yes, no, or a word that is neither.
pub(super) fn yes(text: &str) -> Option<bool> {
    if text.is_empty() {
        return Some(false);
    }
    match plain(text).as_str() {
        "true" | "yes" | "y" | "oui" | "o" | "1" | "x" | "vrai" | "ja" | "en ligne" | "online" => Some(true),
        "false" | "no" | "n" | "non" | "0" | "faux" | "nein" | "sur place" => Some(false),
        _ => None,
    }
}

/// The kind of access that a text names; anything else is shown as it was written.
pub(super) fn access(text: &str) -> Access {
    match plain(text).as_str() {
        "step free"
        | "accessible en fauteuil"
        | "fauteuil roulant"
        | "sans marche"
        | "sans marches"
        | "wheelchair"
        | "acces de plain pied" => Access::StepFree,
        "sign language" | "langue des signes" | "lsf" => Access::SignLanguage,
        "hearing loop" | "boucle magnetique" | "boucle auditive" | "induction loop" => Access::HearingLoop,
        "childcare" | "garde d enfants" | "garderie" | "creche" => Access::Childcare,
        "easy language"
        | "langage facile"
        | "langage simplifie"
        | "langage simplifie falc"
        | "langage clair"
        | "falc"
        | "facile a lire et a comprendre" => Access::EasyLanguage,
        "quiet room" | "espace calme" | "salle calme" => Access::QuietRoom,
        _ => Access::Text(text.to_owned()),
    }
}

/// Language codes of a cell's value: `fr`, `de-CH`, « français », "English & French".
pub(super) fn languages(text: &str) -> Result<Vec<String>, String> {
    let text = text.trim();
    if is_language_code(text) {
        return Ok(vec![text.to_lowercase()]);
    }
    let without_note = text.split('(').next().unwrap_or(text);
    let parts = without_note
        .split([',', ';', '/', '&', '+'])
        .flat_map(|part| part.split(" et "))
        .flat_map(|part| part.split(" and "))
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let mut codes = Vec::new();
    for part in parts {
        let code = language(part)
            .ok_or_else(|| "is no language; write codes such as fr, en, de, it, parted by |".to_owned())?;
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    if codes.is_empty() { Err("is no language; write a code such as fr".to_owned()) } else { Ok(codes) }
}

/// The code of one language.
pub(super) fn language(text: &str) -> Option<String> {
    let text = text.trim();
    if is_language_code(text) {
        return Some(text.to_lowercase());
    }
    let names: [(&str, &[&str]); 12] = [
        ("fr", &["francais", "french", "franzosisch"]),
        ("en", &["anglais", "english", "englisch"]),
        ("de", &["allemand", "german", "deutsch"]),
        ("it", &["italien", "italian", "italiano"]),
        ("es", &["espagnol", "spanish", "espanol"]),
        ("pt", &["portugais", "portuguese", "portugues"]),
        ("ar", &["arabe", "arabic"]),
        ("sq", &["albanais", "albanian"]),
        ("ti", &["tigrigna", "tigrinya"]),
        ("tr", &["turc", "turkish"]),
        ("uk", &["ukrainien", "ukrainian"]),
        ("nl", &["neerlandais", "dutch"]),
    ];
    let plain = plain(text);
    names.into_iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(code, _)| code.to_owned())
}

/// `fr`, `gsw`, `de-CH` (BCP 47, the part that we need).
fn is_language_code(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_in_french_and_english() {
        assert_eq!(field("Titre"), Some(Field::Title));
        assert_eq!(field("  Heure de début "), Some(Field::Start));
        assert_eq!(field("text_language"), Some(Field::TextLanguage));
        assert_eq!(field("Join URL"), Some(Field::JoinUrl));
        assert_eq!(field("Mots-clés"), Some(Field::Tags));
        assert_eq!(field("url_logo"), None);
        assert_eq!(field(""), None);
    }

    #[test]
    fn yes_and_no_are_said_in_many_ways() {
        for word in ["true", "Oui", "YES", "1", "x"] {
            assert_eq!(yes(word), Some(true), "{word}");
        }
        for word in ["", "false", "non", "0"] {
            assert_eq!(yes(word), Some(false), "{word}");
        }
        for word in ["peut-être", "?", "2"] {
            assert_eq!(yes(word), None, "{word}");
        }
    }

    #[test]
    fn languages_are_codes_or_names() {
        assert_eq!(languages("fr"), Ok(vec!["fr".to_owned()]));
        assert_eq!(languages("Français & Anglais (remix)"), Ok(vec!["fr".to_owned(), "en".to_owned()]));
        assert!(languages("klingonais").is_err());
        assert!(languages("()").is_err());
    }

    #[test]
    fn types_of_frab_events_find_the_nearest_format() {
        assert_eq!(format_near("Talk 30 min + 10min Q&A"), Kind::Conference);
        assert_eq!(format_near("Workshop 110min"), Kind::Workshop);
        assert_eq!(format_near("lightningtalk"), Kind::Conference);
        assert_eq!(format_near("performance"), Kind::Other);
        assert_eq!(format_near(""), Kind::Other);
    }
}
