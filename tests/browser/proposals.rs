//! A partner proposes on a phone, an editor reviews and accepts, and it is published: as one sees it, without scripts.

use parvis::{identity::Role, programme};

use crate::{
    builders::{miso, on_day, session},
    driver::{Browser, Scheme, Scripts, Size, schemes},
    site::Site,
};

/// The page in both languages, light and dark.
async fn look(browser: &Browser, site: &Site, path: &str, name: &str) {
    for lang in ["fr", "en"] {
        for (scheme, word) in schemes() {
            browser.prefer(*scheme).await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_no_account_confirms_from_their_mailbox_and_so_does_who_joins() {
    let Some(phone) = Browser::open(Size::Phone, Scripts::Off, Scheme::Light).await else { return };
    let desk = Browser::open(Size::Desktop, Scripts::Off, Scheme::Light).await.unwrap();
    let mut draft = miso(vec![session("s-0", 12)]);
    draft.programme.call.opens = Some("2020-01-01T09:00:00".parse().unwrap());
    let title = draft.programme.title.clone();
    let site = Site::with(&[draft]).await;

    phone.goto(&site.url("/fr/miso/call")).await;
    phone.click("button[value=send]").await;
    phone.screenshot("call-mistakes-390-fr").await;
    phone.fill("#f-name", "Lou Exemple").await;
    phone.fill("#f-email", "lou@example.org").await;
    phone.fill("#f-title", "Un jardin commun").await;
    phone.script("document.querySelector('#f-date').value = '2027-04-21'").await;
    phone.script("document.querySelector('#f-start').value = '18:30'").await;
    phone.click("#f-consent").await;
    phone.click("button[value=send]").await;
    assert!(phone.text(".notice").await.contains("confirmez"), "{}", phone.text("main").await);
    look(&phone, &site, "miso/call?done=sent", "call-sent-390").await;
    site.sign_in(&desk).await;
    desk.goto(&site.url("/fr/office/miso/proposals")).await;
    assert_eq!(desk.count("tbody tr").await, 0, "the team sees nothing of it");
    let mail = site.mail("lou@example.org", &format!("{title}\u{a0}: confirmez votre proposition")).await;
    let link = site.link(&mail, "/call/");
    let path = link[site.url("/fr/").len()..].to_owned();
    look(&phone, &site, &path, "call-confirm-390").await;
    desk.goto(&link).await;
    desk.screenshot("call-confirm-1280-fr").await;
    phone.goto(&link).await;
    phone.click(".panel .button").await;
    look(&phone, &site, &path, "call-mine-390").await;
    look(&desk, &site, "office/miso/proposals", "call-list-1280").await;
    assert_eq!(desk.count("tbody tr").await, 1);

    desk.goto(&site.url("/fr/office/miso/proposals/partners")).await;
    desk.click("td form .button").await;
    let join = desk.find("input.address").await.attr("value").await.unwrap().unwrap();
    let join = join[crate::harness::BASE_URL.len()..].to_owned();
    look(&phone, &site, &join["/fr/".len()..], "join-390").await;
    phone.goto(&site.url(&join)).await;
    phone.fill("#f-name", "Sacha Exemple").await;
    phone.fill("#f-email", "sacha@example.org").await;
    phone.click("main .button").await;
    phone.screenshot("join-sent-390-fr").await;
    let mail = site.mail("sacha@example.org", "Confirmez que vous rejoignez le bureau Parvis").await;
    let link = site.link(&mail, "/office/joining/");
    look(&phone, &site, &link[site.url("/fr/").len()..], "join-answer-390").await;
    phone.goto(&link).await;
    phone.click("main .button").await;
    phone.goto(&site.url("/fr/office/miso/proposals")).await;
    assert_eq!(phone.text("h1").await, "Vos propositions");
    phone.close().await;
    desk.close().await;
}
