//! The driver itself, shown on a small page of its own.

use rocket::{State, form::Form, response::content::RawHtml};

use crate::{
    driver::{Browser, Scheme, Scripts, Size},
    http::Served,
};

const PAGE: &str = r#"<!doctype html><html lang="fr"><meta name="viewport" content="width=device-width">
<title>Une page</title><style>body { color: black; background: white; height: 3000px }
@media (prefers-color-scheme: dark) { body { color: white; background: black } }</style>
<h1>Bonjour</h1><img src="http://127.0.0.2:9/x.png" alt=""><p id="script">sans script</p>
<form method="post" action="/"><input name="name"><button>Envoyer</button></form>
<script>document.getElementById("script").textContent = "avec script"</script></html>"#;

#[rocket::get("/")]
fn page(page: &State<&'static str>) -> RawHtml<&'static str> {
    RawHtml(page)
}

#[rocket::post("/", data = "<form>")]
fn greet(form: Form<String>) -> RawHtml<String> {
    RawHtml(format!("<!doctype html><title>Reçu</title><h1>{}</h1>", form.into_inner()))
}

async fn served() -> Served {
    let figment = rocket::Config::figment().merge(("port", 0)).merge(("log_level", "off"));
    Served::launch(rocket::custom(figment).manage(PAGE).mount("/", rocket::routes![page, greet])).await
}

#[rocket::async_test]
async fn a_form_is_filled_in_on_a_phone_without_scripts() {
    let page = served().await;
    let Some(browser) = Browser::open(Size::Phone, Scripts::Off, Scheme::Light).await else { return };
    browser.goto(&page.url("/")).await;

    assert_eq!(browser.text("#script").await, "sans script");
    assert_eq!(browser.script("return [innerWidth, innerHeight]").await, serde_json::json!([390, 844]));
    assert_eq!(browser.overflow().await, 0);
    browser.fill("[name=name]", "Ada").await;
    browser.click("button").await;

    assert_eq!(browser.text("h1").await, "Ada");
    assert_eq!(browser.title().await, "Reçu");
    browser.close().await;
    page.end().await;
}

#[rocket::async_test]
async fn a_page_is_seen_on_a_desktop_with_scripts_light_and_dark() {
    let page = served().await;
    let Some(browser) = Browser::open(Size::Desktop, Scripts::On, Scheme::Dark).await else { return };
    let colour = "return getComputedStyle(document.body).backgroundColor";
    browser.goto(&page.url("/")).await;

    assert_eq!(browser.text("#script").await, "avec script");
    assert_eq!(browser.script(colour).await, "rgb(0, 0, 0)");
    let misdeeds = browser.misdeeds(&page.url("/")).await;
    assert!(misdeeds.iter().any(|deed| deed == "asks http://127.0.0.2:9/x.png"), "{misdeeds:?}");
    assert!(
        misdeeds.iter().any(|deed| deed.starts_with("http://127.0.0.2:9/x.png - Failed")),
        "{misdeeds:?}"
    );
    browser.prefer(Scheme::Light).await;
    assert_eq!(browser.script(colour).await, "rgb(255, 255, 255)");

    let picture = std::fs::read(browser.picture("driver").await).unwrap();
    // The width and the height of a PNG stand at bytes 16 to 24 (W3C PNG, 11.2.1).
    let number = |at: usize| u32::from_be_bytes(picture[at..at + 4].try_into().unwrap());
    assert_eq!(number(16), 1280);
    assert!(number(20) >= 3000, "the whole page, not the window alone");
    browser.close().await;
    page.end().await;
}
