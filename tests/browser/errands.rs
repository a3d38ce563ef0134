//! The office by the keyboard alone, without scripts: what is done now and then. Inviting somebody, planning a
//! publication, holding seats, moving and cancelling a person, a mail's own words, a press release, erasing. Each at a desk or
//! on a telephone; that nothing lies over what has the focus, `keyboard.rs` asks at both.

use chrono::{NaiveDate, NaiveTime};
use parvis::{
    identity::Role,
    locale::{Lang, text},
};

use crate::{
    builders::{miso, on_day, session},
    driver::{Browser, Scheme, Scripts, Size},
    keys::{DOWN, enter, type_into, walk_to},
    site::{Site, say},
};

/// Two sessions on two days.
async fn site(browser: &Browser) -> Site {
    let site = Site::with(&[miso(vec![session("atelier", 12), on_day(session("forum", 12), 1)])]).await;
    site.sign_in(browser).await;
    site
}

/// The area of the programme's office, by its navigation.
async fn area(browser: &Browser, site: &Site, area: &str) {
    browser.goto(&site.url("/fr/office/miso/sessions")).await;
    enter(browser, &format!(".desk-nav a[href$='/{area}']")).await;
}

/// The notice that says so is on the page.
async fn says(browser: &Browser, sentence: &str) {
    assert_eq!(browser.text("main .notice[role=status]").await, sentence);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_is_invited_and_people_are_erased_by_keyboard_at_a_desk() {
    let Some(browser) = Browser::open(Size::Desktop, Scripts::Off, Scheme::Light).await else { return };
    let site = site(&browser).await;
    site.register("ana@example.org", "atelier").await;
    site.register("ben@example.org", "atelier").await;

    browser.goto(&site.url("/fr/office/miso/sessions")).await;
    enter(&browser, ".desk-who summary").await;
    enter(&browser, ".desk-who a[href$='/office/users']").await;
    type_into(&browser, "#f-email", "lou@example.org").await;
    walk_to(&browser, "#f-role").await;
    let role = "return document.activeElement.value";
    for _ in 0..Role::ALL.len() {
        if browser.script(role).await == Role::Press.code() {
            break;
        }
        browser.press(DOWN).await;
    }
    site.see(&browser, "errands-invite").await;
    enter(&browser, "form[action$='/office/users'] button").await;
    says(&browser, &say(Lang::Fr, "users-done-invited")).await;
    let team = browser.text("tbody").await;
    assert!(team.contains("lou@example.org") && team.contains(&say(Lang::Fr, "role-press")), "{team}");

    // One person, who asks for it; then everybody.
    area(&browser, &site, "data").await;
    type_into(&browser, "#f-email", "ana@example.org").await;
    enter(&browser, "form[action$='/data/people'] button").await;
    type_into(&browser, "#f-email", "ana@example.org").await;
    site.see(&browser, "errands-erase").await;
    enter(&browser, "form[action$='/erasure'] button").await;
    says(&browser, &say(Lang::Fr, "data-person-erased")).await;
    assert!(site.person("ana@example.org").await.is_none() && site.person("ben@example.org").await.is_some());
    type_into(&browser, "#f-slug", "miso").await;
    type_into(&browser, "#f-early", " ").await;
    enter(&browser, "form[action$='/data/erasure'] button").await;
    says(&browser, &say(Lang::Fr, "data-erased")).await;
    assert_eq!(site.person("ben@example.org").await, None);
    browser.close().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seats_are_held_and_a_person_is_moved_and_cancelled_by_keyboard_on_a_phone() {
    let Some(browser) = Browser::open(Size::Phone, Scripts::Off, Scheme::Dark).await else { return };
    let site = site(&browser).await;
    site.register("ana@example.org", "atelier").await;

    area(&browser, &site, "registrations").await;
    enter(&browser, "tbody a[href$='/registrations/atelier']").await;
    type_into(&browser, "#group-1", "presse").await;
    type_into(&browser, "#seats-1", "2").await;
    site.see(&browser, "errands-hold").await;
    enter(&browser, "form[action$='/seats'] button").await;
    says(&browser, &say(Lang::Fr, "office-reg-said-live")).await;
    let held = text(Lang::Fr, "office-reg-held-for", &[("group", "presse".into())]);
    let counted = browser.text(".counts div:last-child").await;
    assert_eq!(counted, format!("{}\n2", held.replace('\u{a0}', " ")), "as a browser says it");

    enter(&browser, "[aria-labelledby=who] tbody th a").await;
    enter(&browser, "a[href*='?move=atelier']").await;
    // Where the page is opened at the session, the choice may have the focus already.
    if browser.script("return document.activeElement.id").await != "to-atelier" {
        walk_to(&browser, "#to-atelier").await;
    }
    browser.press(DOWN).await;
    site.see(&browser, "errands-move").await;
    enter(&browser, "form[action$='/transfers'] button").await;
    says(&browser, &say(Lang::Fr, "office-person-said-moved")).await;
    assert_eq!(browser.count("article#s-forum .pill").await, 1);
    enter(&browser, "#s-forum details:has(form) > summary").await;
    enter(&browser, "#s-forum form[action$='/cancellations'] button").await;
    says(&browser, &say(Lang::Fr, "office-person-said-cancelled")).await;
    assert_eq!(browser.count("article#s-forum, article#s-atelier").await, 0);
    browser.close().await;
    site.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_gets_its_words_and_a_press_release_is_planned_by_keyboard_at_a_desk() {
    let Some(browser) = Browser::open(Size::Desktop, Scripts::Off, Scheme::Light).await else { return };
    let site = site(&browser).await;

    area(&browser, &site, "mails").await;
    enter(&browser, ".top a[href$='/texts']").await;
    enter(&browser, "a[href$='/texts/confirmed']").await;
    type_into(&browser, "#f-intro_fr", "Bravo {name}, c’est noté.").await;
    site.see(&browser, "errands-text").await;
    enter(&browser, ".save button").await;
    says(&browser, &say(Lang::Fr, "office-text-kept")).await;
    site.register("ana@example.org", "atelier").await;
    let subject = text(Lang::Fr, "mail-order-subject-confirmed", &[("title", "Session atelier".into())]);
    let told = site.mail("ana@example.org", &subject).await;
    assert!(told.text.contains("Bravo Une autre personne, c’est noté."), "{}", told.text);

    area(&browser, &site, "press").await;
    enter(&browser, ".top a[href$='/new/press']").await;
    type_into(&browser, "#f-title", "Un mois pour essayer").await;
    type_into(&browser, "#f-place", "Genève").await;
    walk_to(&browser, "#f-date").await;
    browser.type_day(NaiveDate::from_ymd_opt(2027, 3, 1).unwrap()).await;
    type_into(&browser, "#f-text", "Quatre semaines, cent sessions.").await;
    site.see(&browser, "errands-press").await;
    enter(&browser, ".save button").await;
    says(&browser, &say(Lang::Fr, "office-draft-done-added")).await;

    enter(&browser, ".desk-nav a[href$='/publish']").await;
    walk_to(&browser, "#f-day").await;
    browser.type_day(NaiveDate::from_ymd_opt(2027, 3, 3).unwrap()).await;
    walk_to(&browser, "#f-time").await;
    browser.type_time(NaiveTime::from_hms_opt(8, 30, 0).unwrap()).await;
    site.see(&browser, "errands-plan").await;
    enter(&browser, "button[formaction$='/plan']").await;
    says(&browser, &say(Lang::Fr, "publish-done-planned")).await;
    assert!(browser.text("main .notice:has(form)").await.contains("3 mars"));
    enter(&browser, "form[action$='/plan/withdrawal'] button").await;
    says(&browser, &say(Lang::Fr, "publish-done-unplanned")).await;
    browser.close().await;
    site.end().await;
}
