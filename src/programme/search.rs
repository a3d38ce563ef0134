//! Full-text search over one release: an index in memory, French and English stems, accents folded, the last
//! word also as a beginning. Plain data in, positions out.

use tantivy::{
    DocAddress, Index as Tantivy, IndexReader, ReloadPolicy, TantivyDocument, TantivyError, Term,
    collector::TopDocs,
    directory::RamDirectory,
    query::{BooleanQuery, BoostQuery, FuzzyTermQuery, Occur, Query, TermQuery},
    schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{
        AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, StopWordFilter,
        TextAnalyzer, TokenStream as _, TokenizerManager,
    },
};

/// Of a query, so many words count; the others are not looked at.
pub const WORDS_MAX: usize = 12;
/// Of a query, so many characters count.
pub const QUERY_CHARS_MAX: usize = 200;
/// Longer words (addresses, mostly) are not indexed, in bytes.
const WORD_BYTES_MAX: usize = 60;
/// What tantivy may use while it builds; it does not keep it.
const BUILD_BYTES: usize = 15_000_000;

/// What can be found of one session.
#[derive(Debug, Clone, Default)]
pub struct Document<'a> {
    /// Weighs most.
    pub title: &'a str,
    /// Hosts, speakers, tags, place, theme: weighs more than the text.
    pub names: Vec<&'a str>,
    /// Abstract and description, as plain text.
    pub text: String,
}

/// An index over documents, which are known by their position.
pub struct Index {
    reader: IndexReader,
    fields: Fields,
    words: Words,
    size: usize,
}

/// Three readings of a text: as it stands, by French stems, by English stems; each for three weights.
#[derive(Clone, Copy)]
struct Fields {
    title: [Field; 3],
    names: [Field; 3],
    text: [Field; 3],
}

impl Fields {
    fn weighted(self) -> [([Field; 3], f32); 3] {
        [(self.title, 4.0), (self.names, 2.0), (self.text, 1.0)]
    }
}

impl Index {
    /// Indexes the documents in their order.
    ///
    /// # Errors
    /// Where tantivy refuses; with an index in memory that is a mistake of ours.
    pub fn new<'a>(documents: impl IntoIterator<Item = Document<'a>>) -> tantivy::Result<Index> {
        let (schema, fields) = schema();
        let mut writer = Tantivy::builder()
            .schema(schema)
            .tokenizers(tokenizers())
            .single_segment_index_writer::<TantivyDocument>(RamDirectory::create(), BUILD_BYTES)?;
        let mut size = 0;
        for document in documents {
            writer.add_document(to_tantivy(fields, &document))?;
            size += 1;
        }
        let index = writer.finalize()?;
        // Nobody writes to it any more, so there is nothing to reload.
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Index { reader, fields, words: Words::new(), size })
    }

    /// Positions of the documents that hold every word of the query, best first. Any text is a query; one
    /// without a word finds nothing.
    pub fn find(&self, query: &str) -> Vec<usize> {
        self.try_find(query).unwrap_or_else(|error| {
            log::error!("search: {error}");
            Vec::new()
        })
    }

    fn try_find(&self, query: &str) -> Result<Vec<usize>, TantivyError> {
        let words = self.words.of(query);
        if words.is_empty() || self.size == 0 {
            return Ok(Vec::new());
        }
        let last = words.len() - 1;
        let clauses = words
            .iter()
            .enumerate()
            .map(|(at, word)| (Occur::Must, self.word(word, at == last)))
            .collect::<Vec<_>>();
        let found = self
            .reader
            .searcher()
            .search(&BooleanQuery::new(clauses), &TopDocs::with_limit(self.size).order_by_score())?;
        // One segment, written in order: the number of a document is its position.
        Ok(found.into_iter().map(|(_, DocAddress { doc_id, .. })| doc_id as usize).collect())
    }

    /// A document holds a word where any of its fields does, in any of the three readings.
    fn word(&self, word: &Word, beginning: bool) -> Box<dyn Query> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for (fields, weight) in self.fields.weighted() {
            for (field, text) in fields.into_iter().zip([&word.plain, &word.french, &word.english]) {
                let query = TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs);
                clauses.push((Occur::Should, Box::new(BoostQuery::new(Box::new(query), weight))));
            }
            if beginning {
                let query =
                    FuzzyTermQuery::new_prefix(Term::from_field_text(fields[0], &word.plain), 0, true);
                clauses.push((Occur::Should, Box::new(BoostQuery::new(Box::new(query), weight * 0.5))));
            }
        }
        Box::new(BooleanQuery::new(clauses))
    }
}

fn to_tantivy(fields: Fields, document: &Document<'_>) -> TantivyDocument {
    let mut out = TantivyDocument::default();
    for field in fields.title {
        out.add_text(field, document.title);
    }
    for field in fields.names {
        for name in &document.names {
            out.add_text(field, name);
        }
    }
    for field in fields.text {
        out.add_text(field, &document.text);
    }
    out
}

const READINGS: [&str; 3] = ["plain", "fr", "en"];

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let mut three = |name: &str| {
        READINGS.map(|reading| {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer(reading)
                .set_index_option(IndexRecordOption::WithFreqs);
            builder.add_text_field(
                &format!("{name}_{reading}"),
                TextOptions::default().set_indexing_options(indexing),
            )
        })
    };
    let fields = Fields { title: three("title"), names: three("names"), text: three("text") };
    (builder.build(), fields)
}

fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::new();
    manager.register(READINGS[0], plain());
    manager.register(READINGS[1], stemmed(Language::French));
    manager.register(READINGS[2], stemmed(Language::English));
    manager
}

fn plain() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(WORD_BYTES_MAX))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build()
}

/// Folded before it is stemmed, so that « santé » and "sante" have the same stem.
fn stemmed(language: Language) -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(WORD_BYTES_MAX))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .filter(Stemmer::new(language))
        .build()
}

/// A word of a query, in the three readings.
#[derive(Debug)]
struct Word {
    plain: String,
    french: String,
    english: String,
}

/// How a query is read.
struct Words {
    split: TextAnalyzer,
    /// As `split`, without the words that say nothing.
    telling: [TextAnalyzer; 2],
    plain: TextAnalyzer,
    french: TextAnalyzer,
    english: TextAnalyzer,
}

impl Words {
    fn new() -> Words {
        let split = || {
            TextAnalyzer::builder(SimpleTokenizer::default())
                .filter(RemoveLongFilter::limit(WORD_BYTES_MAX))
                .filter(LowerCaser)
        };
        let telling = [Language::French, Language::English].map(|language| {
            let stop = StopWordFilter::new(language).expect("the feature `stopwords` has both languages");
            split().filter(stop).build()
        });
        Words {
            split: split().build(),
            telling,
            plain: plain(),
            french: stemmed(Language::French),
            english: stemmed(Language::English),
        }
    }

    /// Words that say nothing (« de la ») count only where there are no others.
    fn of(&self, query: &str) -> Vec<Word> {
        let query: String = query.chars().take(QUERY_CHARS_MAX).collect();
        let all = tokens(&self.split, &query);
        let tells = |word: &&String| self.telling.iter().all(|analyzer| !tokens(analyzer, word).is_empty());
        let telling: Vec<&String> = all.iter().filter(tells).collect();
        let chosen = if telling.is_empty() { all.iter().collect() } else { telling };
        chosen
            .into_iter()
            .take(WORDS_MAX)
            .map(|word| Word {
                plain: tokens(&self.plain, word).concat(),
                french: tokens(&self.french, word).concat(),
                english: tokens(&self.english, word).concat(),
            })
            .collect()
    }
}

fn tokens(analyzer: &TextAnalyzer, text: &str) -> Vec<String> {
    // The analyzer keeps buffers; a clone is what lets many readers share one index.
    let mut analyzer = analyzer.clone();
    let mut stream = analyzer.token_stream(text);
    let mut tokens = Vec::new();
    while let Some(token) = stream.next() {
        tokens.push(token.text.clone());
    }
    tokens
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn index() -> Index {
        let document = |title, names: &[&'static str], text: &str| Document {
            title,
            names: names.to_vec(),
            text: text.to_owned(),
        };
        Index::new([
            document("Santé et social", &["Équipe SocialUp"], "Des ateliers pour les soignantes."),
            document("Imaginer Genève en 2040", &["Département du territoire"], "Un atelier de prospective."),
            document(
                "Open data for cities",
                &["Maison des associations"],
                "Registering a project, together.",
            ),
            document("L’œuvre commune", &[], "Ce qui relie la santé aux quartiers."),
        ])
        .unwrap()
    }

    fn sorted(mut found: Vec<usize>) -> Vec<usize> {
        found.sort_unstable();
        found
    }

    #[test]
    fn words_are_found_by_stem_without_accents_and_from_their_beginning() {
        let index = index();

        assert_eq!(sorted(index.find("atelier")), [0, 1]);
        assert_eq!(sorted(index.find("ATELIERS")), [0, 1]);
        assert_eq!(index.find("sante"), [0, 3], "the title goes before the text");
        assert_eq!(index.find("santé"), [0, 3]);
        assert_eq!(index.find("registered projects"), [2], "English stems");
        assert_eq!(index.find("prospec"), [1], "the last word may be a beginning");
        assert_eq!(index.find("prospec atelier"), Vec::<usize>::new(), "the others may not");
        assert_eq!(index.find("oeuvre"), [3]);
        assert_eq!(index.find("l’œuvre"), [3]);
        assert_eq!(index.find("le département du territoire"), [1], "small words do not count");
        assert_eq!(index.find("santé prospective"), Vec::<usize>::new(), "every word must be there");
    }

    #[test]
    fn nothing_asked_and_nothing_there_find_nothing() {
        assert_eq!(index().find(""), Vec::<usize>::new());
        assert_eq!(index().find(" -\"*:()[]{}^~\\/ "), Vec::<usize>::new());
        assert_eq!(Index::new([]).unwrap().find("santé"), Vec::<usize>::new());
    }

    proptest! {
        #[test]
        fn any_text_is_a_query(text in any::<String>()) {
            let index = index();
            prop_assert!(index.find(&text).into_iter().all(|at| at < 4));
        }
    }

    #[test]
    fn ten_thousand_sessions_are_searched_in_a_moment() {
        let titles: Vec<String> = (0..10_000).map(|n| format!("Atelier {n} sur la santé sociale")).collect();
        let index = Index::new(titles.iter().map(|title| Document {
            title,
            names: vec!["Maison des associations"],
            text: "Une séance ouverte à toutes et à tous, gratuite, en ligne et sur place.".repeat(5),
        }))
        .unwrap();

        let before = std::time::Instant::now();
        assert_eq!(index.find("ateliers soci").len(), 10_000);
        // 50 ms in a release build; a debug build on a busy machine is given more.
        assert!(before.elapsed().as_millis() < 2_000, "{:?}", before.elapsed());
    }
}
