//! Partners' proposals: written, sent, talked about, decided; changes of sessions; files; who may see what; joining.

mod attacks;
mod call;
mod confirmed;
mod decisions;
mod forgotten;
mod joining;
mod late;
mod seen;
mod together;

use parvis::identity::{Membership, Role, Staff, session as signed, store};
use rocket::http::{ContentType, Method, Status};

use crate::{
    harness::{App, Member, Page, page},
    html::Found,
};

/// A small picture, with a block that says where it was taken, and a page hidden behind it.
pub fn jpeg() -> Vec<u8> {
    let image = image::RgbImage::from_fn(60, 40, |x, y| image::Rgb([(x * 4) as u8, (y * 6) as u8, 90]));
    let mut plain = Vec::new();
    let written = image::DynamicImage::from(image);
    written.write_to(&mut std::io::Cursor::new(&mut plain), image::ImageFormat::Jpeg).unwrap();
    let block = b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0GPSLatitude 46.2044";
    let mut all = plain[..2].to_vec();
    all.extend([0xff, 0xe1]);
    all.extend(u16::try_from(block.len() + 2).unwrap().to_be_bytes());
    all.extend(block);
    all.extend(&plain[2..]);
    all.extend(b"<html><script>alert(1)</script>");
    all
}

/// A document of nothing.
pub const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";

const HOME: &str = "/fr/office/miso/proposals";

/// A form with one file, as a browser sends it; it lies about what the file is.
fn with_file(name: &str, bytes: &[u8]) -> (ContentType, Vec<u8>) {
    let name = name.replace('"', "%22");
    let mut body = format!(
        "--x--y\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: image/svg+xml\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--x--y--\r\n");
    (ContentType::new("multipart", "form-data").with_params(("boundary", "x--y")), body)
}

/// Sends a file of a proposal, signed in.
pub async fn upload(member: &Member<'_>, proposal: &str, name: &str, bytes: &[u8]) -> Page {
    let (multipart, body) = with_file(name, bytes);
    let path = format!("{proposal}/files");
    page(member.request(Method::Post, &path).header(multipart).body(body).dispatch().await).await
}

/// The same without an account.
pub async fn send_file(app: &App, path: &str, name: &str, bytes: &[u8]) -> Page {
    let (multipart, body) = with_file(name, bytes);
    let request = app.client.post(path.to_owned()).header(multipart);
    let request = request.header(rocket::http::Header::new("Sec-Fetch-Site", "same-origin"));
    page(request.body(body).dispatch().await).await
}

/// What the public call's form says.
pub fn to_call(email: &str) -> Vec<(&str, &str)> {
    [&WHOLE[..], &[("name", "Lou Exemple"), ("email", email), ("organisation", "Café"), ("consent", "1")]]
        .concat()
}

/// Proposes through the public call, and gives the address that the mail bears. Nobody has confirmed it yet.
pub async fn asked(app: &App, email: &str) -> String {
    let sent = app.post("/fr/miso/call", &to_call(email)).await;
    assert_eq!(sent.location(), "/fr/miso/call?done=sent", "{}", sent.body);
    let mail = app.mails_to(email).await.pop().unwrap().text;
    let link = mail.split_whitespace().find(|word| word.contains("/call/")).unwrap();
    link[crate::harness::BASE_URL.len()..].to_owned()
}

/// Confirms it from its mailbox.
pub async fn confirm(app: &App, link: &str) -> Page {
    app.post(&format!("{link}/confirmation"), &[]).await
}

/// The same, confirmed from its mailbox.
pub async fn called(app: &App, email: &str) -> String {
    let link = asked(app, email).await;
    assert_eq!(way(&confirm(app, &link).await), link);
    link
}

/// What a whole proposal says.
pub const WHOLE: [(&str, &str); 6] = [
    ("title", "Un jardin commun"),
    ("date", "2027-04-21"),
    ("start", "18:30"),
    ("theme", "lab"),
    ("description", "**Venez** nombreux."),
    ("act", "send"),
];

/// Where the answer leads, without what it says; it must be 303.
pub fn way(page: &Page) -> String {
    assert_eq!(page.status, Status::SeeOther, "{}", page.body);
    page.location().split(['?', '#']).next().unwrap().to_owned()
}

/// Proposes that, and gives the address of it.
pub async fn propose(partner: &Member<'_>, fields: &[(&str, &str)]) -> String {
    way(&partner.post(HOME, fields).await)
}

/// The form of a page as it stands, with these fields otherwise.
pub fn filled(page: &Page, form: &str, others: &[(&str, &str)]) -> Vec<(String, String)> {
    assert_eq!(page.status, Status::Ok, "{}", page.body);
    let mut fields = Found::on(&page.body).fields(form);
    fields.retain(|(name, _)| !others.iter().any(|(other, _)| other == name));
    fields.extend(others.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    fields
}

/// Sends fields.
pub async fn send(member: &Member<'_>, path: &str, fields: &[(String, String)]) -> Page {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    member.post(path, &fields).await
}

/// Decides with the words of the house.
pub async fn decide(member: &Member<'_>, proposal: &str, act: &str, others: &[(&str, &str)]) -> Page {
    let path = format!("{proposal}/decision/{act}");
    let fields = filled(&member.get(&path).await, "form.wide", others);
    send(member, &path, &fields).await
}

/// A second partner, of another organisation.
pub async fn other_partner(app: &App) -> Member<'_> {
    let programme = app.house().publications.current("miso").unwrap().id;
    let staff = Staff {
        id: app.tokens.id(app.now()),
        email: "autre@example.org".to_owned(),
        name: "Dominique Autre".to_owned(),
        lang: parvis::locale::Lang::En,
        role: Role::Partner,
        organisations: vec![Membership { programme, organisation: "voisins".to_owned() }],
    };
    let mut tx = app.pool.begin().await.unwrap();
    let id = match store::by_email(&mut tx, &staff.email).await.unwrap() {
        Some(known) => known.id,
        None => {
            assert!(store::add(&mut tx, &staff, app.now()).await.unwrap());
            staff.id
        }
    };
    let token = signed::open(&mut tx, &app.tokens, id, "Firefox", app.now()).await.unwrap();
    tx.commit().await.unwrap();
    app.member(id, token)
}

/// The programme with a second organisation.
pub fn two_partners(sessions: Vec<parvis::programme::DraftSession>) -> parvis::programme::Draft {
    let mut draft = crate::builders::miso(sessions);
    let second = parvis::programme::Organisation {
        slug: "voisins".to_owned(),
        name: "Les Voisins".to_owned(),
        ..draft.organisations[0].clone()
    };
    draft.organisations.push(second);
    draft
}
