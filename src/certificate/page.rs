//! Pages: where each line stands, and what it is for who listens.

use std::num::NonZeroU16;

use krilla::{
    Document,
    action::{Action, LinkAction},
    annotation::{Annotation, LinkAnnotation, Target},
    color::luma,
    geom::{PathBuilder, Point, Rect},
    num::NormalizedF32,
    page::PageSettings,
    paint::{Fill, FillRule},
    surface::Surface,
    tagging::{
        Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, Node, SpanTag, Tag, TagGroup, TagTree,
    },
};

use super::letters::{self, Face, Line};

/// A4, in points.
const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
/// White on each side.
const MARGIN: f32 = 72.0;
/// From one line to the next, in letter sizes.
const LEADING: f32 = 1.4;
/// From the top of a line to its letters' feet, in letter sizes.
const FEET: f32 = 1.05;
/// Letters of what stands at the foot of several pages.
const FOOT_SIZE: f32 = 9.0;

/// What a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Role<'r> {
    /// Whose certificate it is.
    Programme,
    /// The title.
    Heading,
    /// A paragraph.
    Text,
    /// A paragraph of an entry of the list.
    Item,
    /// An address that can be pressed.
    Link(&'r str),
}

/// A paragraph, and the lines of it that have been drawn.
struct Paragraph<'p> {
    role: Role<'p>,
    title: String,
    lang: Option<String>,
    /// The entry that it belongs to.
    item: Option<usize>,
    drawn: Vec<Node>,
}

enum What {
    Line { paragraph: usize, face: Face, size: f32, line: Line },
    Rule,
}

struct Placed {
    page: usize,
    /// The upper edge.
    y: f32,
    what: What,
}

/// Pages that are being filled.
pub(super) struct Pages<'p> {
    lang: &'p str,
    page: usize,
    y: f32,
    items: usize,
    in_item: bool,
    paragraphs: Vec<Paragraph<'p>>,
    placed: Vec<Placed>,
}

impl<'p> Pages<'p> {
    pub(super) fn new(lang: &'p str) -> Pages<'p> {
        Pages {
            lang,
            page: 0,
            y: MARGIN,
            items: 0,
            in_item: false,
            paragraphs: Vec::new(),
            placed: Vec::new(),
        }
    }

    /// White.
    pub(super) fn gap(&mut self, points: f32) {
        self.y += points;
    }

    /// What follows, so high, stays on one page.
    pub(super) fn keep(&mut self, points: f32) {
        if self.y + points > HEIGHT - MARGIN {
            self.page += 1;
            self.y = MARGIN;
        }
    }

    pub(super) fn begin_item(&mut self) {
        self.items += 1;
        self.in_item = true;
        self.keep(60.0);
    }

    pub(super) fn end_item(&mut self) {
        self.in_item = false;
    }

    /// A line over the whole width.
    pub(super) fn rule(&mut self) {
        self.y += 8.0;
        self.placed.push(Placed { page: self.page, y: self.y, what: What::Rule });
        self.y += 2.0;
    }

    /// A paragraph.
    pub(super) fn put(&mut self, role: Role<'p>, face: Face, size: f32, text: &str, lang: Option<&str>) {
        let paragraph = self.paragraphs.len();
        self.paragraphs.push(Paragraph {
            role,
            title: text.to_owned(),
            lang: lang.map(str::to_owned),
            item: self.in_item.then_some(self.items),
            drawn: Vec::new(),
        });
        for line in letters::lines(face, text, (WIDTH - 2.0 * MARGIN) / size) {
            self.keep(size * LEADING);
            let what = What::Line { paragraph, face, size, line };
            self.placed.push(Placed { page: self.page, y: self.y, what });
            self.y += size * LEADING;
        }
    }

    /// Draws everything, and says what is what. Where there are several pages, each bears the code.
    pub(super) fn draw(mut self, document: &mut Document, code: &str) -> TagTree {
        let count = self.page + 1;
        for number in 0..count {
            let settings = PageSettings::from_wh(WIDTH, HEIGHT).expect("a page is larger than nothing");
            let mut page = document.start_page_with(settings);
            let mut links = Vec::new();
            let mut surface = page.surface();
            for placed in self.placed.iter().filter(|placed| placed.page == number) {
                match &placed.what {
                    What::Rule => rule(&mut surface, placed.y),
                    What::Line { paragraph, face, size, line } => {
                        let index = *paragraph;
                        let paragraph = &mut self.paragraphs[index];
                        let lang = paragraph.lang.as_deref().unwrap_or(self.lang);
                        let id =
                            surface.start_tagged(ContentTag::Span(SpanTag::empty().with_lang(Some(lang))));
                        let wide = draw_line(&mut surface, MARGIN, placed.y, *face, *size, line);
                        surface.end_tagged();
                        paragraph.drawn.push(id.into());
                        if let Role::Link(address) = paragraph.role {
                            let area = Rect::from_xywh(MARGIN, placed.y, wide, size * LEADING);
                            links.extend(area.map(|area| (index, address, area)));
                        }
                    }
                }
            }
            if count > 1 {
                foot(&mut surface, &format!("{code} – {} / {count}", number + 1));
            }
            surface.finish();
            for (paragraph, address, area) in links {
                let target = Target::Action(Action::from(LinkAction::new(address.to_owned())));
                let link = Annotation::new_link(LinkAnnotation::new(area, target), Some(address.to_owned()));
                let id: Identifier = page.add_tagged_annotation(link);
                self.paragraphs[paragraph].drawn.push(id.into());
            }
            page.finish();
        }
        self.tree()
    }

    fn tree(self) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some(self.lang.to_owned()));
        let mut entries: Vec<(usize, Vec<Node>)> = Vec::new();
        let mut rest = self.paragraphs.into_iter().filter(|paragraph| !paragraph.drawn.is_empty()).peekable();
        while let Some(paragraph) = rest.next() {
            let item = paragraph.item;
            let group = group(paragraph);
            let Some(item) = item else {
                tree.push(group);
                continue;
            };
            match entries.last_mut().filter(|(number, _)| *number == item) {
                Some((_, groups)) => groups.push(group.into()),
                None => entries.push((item, vec![group.into()])),
            }
            if rest.peek().is_none_or(|next| next.item.is_none()) {
                let entry = |(_, groups)| {
                    let body = TagGroup::with_children(Tag::LBody, groups);
                    TagGroup::with_children(Tag::LI, vec![body.into()]).into()
                };
                let entries = std::mem::take(&mut entries).into_iter().map(entry).collect();
                tree.push(TagGroup::with_children(Tag::L(ListNumbering::None), entries));
            }
        }
        tree
    }
}

fn group(paragraph: Paragraph<'_>) -> TagGroup {
    match paragraph.role {
        Role::Heading => {
            TagGroup::with_children(Tag::Hn(NonZeroU16::MIN, Some(paragraph.title)), paragraph.drawn)
        }
        Role::Programme | Role::Text | Role::Item => TagGroup::with_children(Tag::P, paragraph.drawn),
        Role::Link(_) => {
            let link = TagGroup::with_children(Tag::Link, paragraph.drawn);
            TagGroup::with_children(Tag::P, vec![link.into()])
        }
    }
}

/// Draws a line, and says how wide it is.
fn draw_line(surface: &mut Surface<'_>, left: f32, top: f32, face: Face, size: f32, line: &Line) -> f32 {
    surface.set_fill(Some(ink(0)));
    let mut x = left;
    for run in line {
        let start = Point::from_xy(x, top + size * FEET);
        surface.draw_glyphs(start, &run.glyphs, face.font(), &run.text, size, false);
        x += run.width * size;
    }
    x - left
}

fn rule(surface: &mut Surface<'_>, y: f32) {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(MARGIN, y, WIDTH - 2.0 * MARGIN, 2.0).expect("it is wider than nothing"));
    let path = path.finish().expect("a rectangle is a path");
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
    surface.set_fill(Some(ink(0)));
    surface.draw_path(&path);
    surface.end_tagged();
}

fn foot(surface: &mut Surface<'_>, text: &str) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther)));
    for line in letters::lines(Face::Plain, text, WIDTH) {
        draw_line(surface, MARGIN, HEIGHT - MARGIN / 2.0, Face::Plain, FOOT_SIZE, &line);
    }
    surface.end_tagged();
}

fn ink(lightness: u8) -> Fill {
    Fill { paint: luma::Color::new(lightness).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}
