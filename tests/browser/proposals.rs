//! A partner proposes on a phone, an editor reviews and accepts, and it is published: as one sees it, without scripts.

use parvis::{identity::Role, programme};

use crate::{
    builders::{miso, on_day, session},
    driver::{Browser, Scheme, Scripts, Size},
    site::Site,
};

/// The page in both languages, light and dark.
async fn look(browser: &Browser, site: &Site, path: &str, name: &str) {
    for lang in ["fr", "en"] {
        for (scheme, word) in [(Scheme::Light, "light"), (Scheme::Dark, "dark")] {
            browser.prefer(scheme).await;
            browser.goto(&site.url(&format!("/{lang}/{path}"))).await;
            assert_eq!(browser.overflow().await, 0, "{path} is wider than the window");
            browser.screenshot(&format!("proposals-{name}-{lang}-{word}")).await;
        }
    }
}

/// A picture to send.
fn picture() -> tempfile::NamedTempFile {
    let file = tempfile::Builder::new().suffix(".jpg").tempfile().unwrap();
    let image = image::RgbImage::from_fn(1_200, 700, |x, y| {
        image::Rgb([u8::try_from(x / 5).unwrap_or(255), u8::try_from(y / 3).unwrap_or(255), 120])
    });
    image.save_with_format(file.path(), image::ImageFormat::Jpeg).unwrap();
    file
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_partner_proposes_on_a_phone_an_editor_accepts_and_the_public_reads_it() {
    let Some(phone) = Browser::open(Size::Phone, Scripts::Off, Scheme::Light).await else { return };
    let desk = Browser::open(Size::Desktop, Scripts::Off, Scheme::Light).await.unwrap();
    let sessions = (0..4).map(|at| on_day(session(&format!("s-{at}"), 12), at)).collect();
    let mut draft = miso(sessions);
    draft.programme.call = programme::Call {
        opens: Some("2020-01-01T09:00:00".parse().unwrap()),
        closes: None,
        text: "Nous cherchons **des ateliers** pour tous les âges.".to_owned(),
    };
    let site = Site::with(&[draft]).await;
    look(&phone, &site, "miso/call", "call-390").await;

    site.sign_in_as(&phone, ("partenaire@example.org", "Dominique Exemple"), Role::Partner).await;
    phone.goto(&site.url("/fr/office/miso")).await;
    assert_eq!(phone.text("h1").await, "Vos propositions");
    look(&phone, &site, "office/miso/proposals", "own-390").await;
    phone.goto(&site.url("/fr/office/miso/proposals")).await;
    phone.click(".top .button").await;
    phone.screenshot("proposals-new-390-fr").await;
    phone.fill("#f-title", "Un jardin commun").await;
    phone.fill("#f-description", "**Venez** nombreux.").await;
    phone.click("button[value=send]").await;
    assert!(phone.text(".mistakes").await.contains("Jour"), "what is missing is said");
    phone.screenshot("proposals-mistakes-390-fr").await;
    phone.script("document.querySelector('#f-date').value = '2027-04-21'").await;
    phone.script("document.querySelector('#f-start').value = '18:30'").await;
    phone.click("button[value=send]").await;
    assert_eq!(phone.text("h1").await, "Un jardin commun");
    let file = picture();
    phone.find("#f-file").await.send_keys(file.path().to_str().unwrap()).await.unwrap();
    phone.click("#upload button").await;
    assert_eq!(phone.count(".proposal-picture img").await, 1);
    phone.fill("#f-comment", "Nous pouvons aussi venir le soir.").await;
    phone.click("section[aria-labelledby=talk] button").await;
    let one = phone.url().await.path().trim_start_matches("/fr/").to_owned();
    look(&phone, &site, &one, "one-390").await;
    // A change of a session that is published.
    phone.goto(&site.url("/fr/office/miso/proposals/sessions/s-1/change")).await;
    phone.fill("#f-title", "Session s-1, en plein air").await;
    phone.click("button[value=send]").await;
    let change = phone.url().await.path().trim_start_matches("/fr/").to_owned();
    phone.goto(&site.url("/fr/office/miso/proposals/sessions/s-1")).await;
    phone.screenshot("proposals-session-390-fr").await;

    site.sign_in(&desk).await;
    look(&desk, &site, "office/miso/proposals", "list-1280").await;
    look(&desk, &site, &one, "review-1280").await;
    look(&desk, &site, &change, "change-1280").await;
    look(&desk, &site, &format!("{change}/decision/accept"), "decide-1280").await;
    desk.goto(&site.url("/fr/office/miso/proposals/partners")).await;
    desk.click("td form .button").await;
    look(&desk, &site, "office/miso/proposals/partners", "partners-1280").await;
    desk.goto(&site.url(&format!("/fr/{one}/decision/accept"))).await;
    assert!(desk.text(".letter").await.contains("Dominique Exemple"));
    desk.click("button[value=send]").await;
    assert!(desk.text(".notice").await.contains("C’est décidé"));
    desk.goto(&site.url("/fr/office/miso/publish")).await;
    assert!(desk.text("main").await.contains("Un jardin commun"));
    desk.click("main form.form p button").await;
    phone.goto(&site.url("/fr/miso/sessions/un-jardin-commun")).await;
    assert_eq!(phone.text("h1").await, "Un jardin commun");
    phone.close().await;
    desk.close().await;
}
