//! From the programme to a seat, and back: with and without scripts, on a phone and on a desktop, in both
//! languages, and once with the keyboard alone.

use parvis::{
    locale::{Lang, text},
    programme::{Draft, DraftSession},
};

use crate::{
    builders::{miso, on_day, session},
    driver::{Browser, Scheme, Scripts, Size},
    keys::{type_into, walk_to},
    site::{Site, say},
};

/// `ouverture` and `atelier` overlap; `petite` has one seat.
fn programme() -> Draft {
    let mut later = session("atelier", 20);
    later.session.start = later.session.start.map(|start| start + chrono::TimeDelta::minutes(30));
    later.session.end = later.session.end.map(|end| end + chrono::TimeDelta::minutes(30));
    let titled = |mut draft: DraftSession, title: &str| {
        title.clone_into(&mut draft.session.title);
        draft
    };
    miso(vec![
        titled(session("ouverture", 50), "Ouverture : à quoi sert un laboratoire ?"),
        titled(later, "Atelier de prospective"),
        titled(on_day(session("petite", 1), 1), "Une petite visite"),
    ])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_registers_and_cancels_on_a_phone() {
    registers_and_cancels(Size::Phone, Scripts::On, Lang::Fr, "phone").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_registers_and_cancels_on_a_desktop() {
    registers_and_cancels(Size::Desktop, Scripts::On, Lang::En, "desktop").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_registers_and_cancels_on_a_phone_without_scripts() {
    registers_and_cancels(Size::Phone, Scripts::Off, Lang::En, "phone-without-scripts").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_registers_and_cancels_on_a_desktop_without_scripts() {
    registers_and_cancels(Size::Desktop, Scripts::Off, Lang::Fr, "desktop-without-scripts").await;
}

async fn registers_and_cancels(size: Size, scripts: Scripts, lang: Lang, name: &str) {
    let Some(browser) = Browser::open(size, scripts, Scheme::Light).await else { return };
    let site = Site::with(&[programme()]).await;
    let there = Visit { site: &site, browser: &browser, lang, name };

    there.choose(scripts).await;
    there.mistake().await;
    there.send().await;
    site.register("bea@example.org", "petite").await;
    there.cancel().await;
    let subject = |title: &str| text(Lang::Fr, "mail-promoted-subject", &[("title", title.into())]);
    let mail = site.mail("bea@example.org", &subject("Une petite visite")).await;
    there.next_in_the_queue(&site.link(&mail, "/agenda/")).await;

    browser.close().await;
    site.end().await;
}

struct Visit<'s> {
    site: &'s Site,
    browser: &'s Browser,
    lang: Lang,
    name: &'s str,
}

impl Visit<'_> {
    fn say(&self, key: &str) -> String {
        say(self.lang, key)
    }

    async fn see(&self, step: &str) {
        self.site.see(self.browser, &format!("register-{}-{step}", self.name)).await;
    }

    /// Ticks three sessions in the programme; the bar counts them and looks for overlaps.
    async fn choose(&self, scripts: Scripts) {
        let browser = self.browser;
        browser.goto(&self.site.url(&format!("/{}/miso", self.lang.code()))).await;
        assert_eq!(browser.text("[data-chosen]").await, self.say("chosen-none"));

        let mut said = Vec::new();
        for slug in ["petite", "ouverture", "atelier"] {
            browser.click(&format!("input[value={slug}]")).await;
            said.push(browser.text("[data-chosen]").await);
        }

        let many = |n: i32| text(self.lang, "chosen-many", &[("n", n.into())]);
        let expected = match scripts {
            Scripts::On => [
                self.say("chosen-one"),
                format!("{} · {}", many(2), self.say("chosen-apart")),
                format!("{} · {}", many(3), self.say("chosen-overlap")),
            ],
            // The plain button of the form.
            Scripts::Off => [(); 3].map(|()| self.say("chosen-none")),
        };
        assert_eq!(said, expected);
        self.see("1-chosen").await;
        browser.click(".chosen button").await;
        let found = browser.count("input[name=session]:checked").await;
        assert_eq!(found, 3, "{}: {}", browser.url().await, browser.text("body").await);
        assert_eq!(browser.text(".notice.warn").await, self.say("register-overlap-warn"));
        assert_eq!(browser.count(".clash").await, 2, "each of the two says which other");
        self.see("2-form").await;
    }

    /// Sends nonsense: each mistake is said above and at its field, and everything typed is still there.
    async fn mistake(&self) {
        let browser = self.browser;
        browser.fill("[name=name]", "https://spam.example.org").await;
        browser.fill("[name=email]", "ana@").await;
        browser.fill("[name=access_needs]", "Une place près de la porte").await;
        browser.choose("[name=people]", "2").await;
        browser.click("input[value=atelier]").await;
        browser.click("form button[type=submit]").await;

        assert_eq!(browser.title().await, format!("{} · MISO", self.say("register-title-mistakes")));
        let mistakes = ["name-address", "email-shape", "register-consent-missing"].map(|key| self.say(key));
        assert_eq!(browser.text(".mistakes ul").await, mistakes.join("\n"));
        let focus = browser.script("return document.activeElement.className").await;
        assert_eq!(focus, "mistakes", "it is read out first");
        for (field, mistake) in ["name", "email", "consent"].into_iter().zip(mistakes) {
            let said = browser
                .script(&format!(
                    "const field = document.querySelector('[name={field}]');
                    const said = field.getAttribute('aria-describedby').split(' ');
                    return [field.getAttribute('aria-invalid'), said.map(id => document.getElementById(id).textContent).join('')]"
                ))
                .await;
            assert_eq!(said[0], "true", "{field}");
            assert!(said[1].as_str().unwrap().contains(&mistake), "{field}: {said}");
        }
        let kept = "return ['name', 'email', 'access_needs', 'people'].map(name => document.querySelector(`[name=${name}]`).value)";
        let typed = ["https://spam.example.org", "ana@", "Une place près de la porte", "2"];
        assert_eq!(browser.script(kept).await, serde_json::json!(typed));
        assert_eq!(browser.count("input[name=session]:checked").await, 2);
        self.see("3-mistakes").await;
        browser.click(".mistakes li:nth-child(2) a").await;
        assert_eq!(browser.script("return document.activeElement.name").await, "email");
    }

    /// Corrects it; the order page says what became of each session.
    async fn send(&self) {
        let browser = self.browser;
        browser.fill("[name=name]", "Ana Exemple").await;
        browser.fill("[name=email]", "ana@example.org").await;
        browser.choose("[name=people]", "1").await;
        browser.click("[name=consent]").await;
        browser.click("form button[type=submit]").await;

        assert_eq!(browser.text("h1").await, self.say("order-title"));
        assert!(browser.url().await.path().starts_with(&format!("/{}/miso/orders/", self.lang.code())));
        assert_eq!(browser.count(".state.confirmed").await, 2);
        self.see("4-order").await;
    }

    /// Follows the mail's link, and gives the only seat of the small session back.
    async fn cancel(&self) {
        let browser = self.browser;
        let subject = text(self.lang, "mail-order-subject-confirmed", &[("title", "MISO".into())]);
        let mail = self.site.mail("ana@example.org", &subject).await;
        browser.goto(&self.site.link(&mail, "/agenda/")).await;
        assert_eq!(browser.text("h1").await, self.say("agenda-title"));
        self.see("5-agenda").await;

        let line = ".agenda li:has([href$='/petite']) details";
        browser.click(&format!("{line} summary")).await;
        browser.click(&format!("{line} button")).await;

        assert_eq!(browser.text("[role=status]").await, text(self.lang, "agenda-done", &[("n", 1.into())]));
        assert_eq!(browser.count(".state.confirmed").await, 1);
        assert_eq!(browser.count("li.cancelled [href$='/petite']").await, 1);
        self.see("6-cancelled").await;
    }

    /// The person who waited has the seat now.
    async fn next_in_the_queue(&self, agenda: &str) {
        self.browser.goto(agenda).await;
        assert_eq!(self.browser.text(".agenda .state").await, say(Lang::Fr, "state-confirmed"));
        self.see("7-promoted").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_keyboard_alone_is_enough_and_one_always_sees_where_one_is() {
    let Some(browser) = Browser::open(Size::Desktop, Scripts::On, Scheme::Dark).await else { return };
    let site = Site::with(&[programme()]).await;
    browser.goto(&site.url("/fr/miso")).await;

    browser.tab().await;
    assert_eq!(browser.text(":focus").await, say(Lang::Fr, "skip-to-content"));
    site.see(&browser, "keyboard-1-skip").await;
    browser.enter().await;
    type_into(&browser, "input[value=petite]", " ").await;
    walk_to(&browser, ".chosen button").await;
    site.see(&browser, "keyboard-2-chosen").await;
    browser.enter().await;
    for (field, keys) in [("name", "Ana Exemple"), ("email", "ana@example.org"), ("consent", " ")] {
        type_into(&browser, &format!("[name={field}]"), keys).await;
    }
    walk_to(&browser, "form button[type=submit]").await;
    site.see(&browser, "keyboard-3-form").await;
    browser.enter().await;

    assert_eq!(browser.text(".state.confirmed").await, say(Lang::Fr, "state-confirmed"));
    browser.close().await;
    site.end().await;
}
