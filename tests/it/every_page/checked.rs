//! axe-core on every page of [`TABLE`], in Chromium: light and dark, on a desk and on a phone, in each language, signed
//! out, as an owner and as a partner, and on forms that came back with mistakes.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
};

use parvis::{identity::Role, locale::Lang, mail::transport::Mailer, tokens::Tokens, world::World};

use super::{
    Kind::{Office, Private, Public},
    TABLE, addresses, office, proposals, start,
};
use crate::{
    axe::{Axe, Checks},
    driver::{Browser, Scheme, Scripts, Size},
    harness::{App, Given as _, OFFICE_COOKIE, TestDb},
    http::Served,
};

/// One session of each sort.
const SESSIONS: usize = 12;
/// Those whose own pages are looked at: one that people are in, a cancelled one, one with a title without end.
const LOOKED_AT: [&str; 3] = ["s-0", "s-3", "s-8"];
/// Forms that are sent empty, and come back with what is missing.
const MISTAKEN: [&str; 12] = [
    "/{lang}/miso/register?session=s-9",
    "/{lang}/link",
    "/{lang}/miso/call",
    "/{lang}/office/sign-in",
    "/{lang}/office/users",
    "/{lang}/office/programmes/new",
    "/{lang}/office/import",
    "/{lang}/office/miso/new/session",
    "/{lang}/office/miso/new/themes",
    "/{lang}/office/miso/people/new",
    "/{lang}/office/miso/mails/messages/new",
    "/{lang}/office/miso/proposals/{proposal}/decision/accept",
];

/// Forms that come back because somebody else was there in between.
const CROSSED: [&str; 2] = ["/{lang}/office/miso/sessions/s-0", "/{lang}/office/miso/publish"];
/// Where the codes for paper are shown, once.
const CODES: &str = "/{lang}/office/account/second-step";

/// What is looked at, by whichever pair of eyes comes first.
struct Round {
    /// Of who looks, if the application knows them: the cookie's name and value.
    cookie: Option<(&'static str, String)>,
    steps: Vec<Step>,
    taken: AtomicUsize,
}

enum Step {
    Open(String),
    SendEmpty(String),
    SendCrossed(String),
    RenewCodes(String),
}

impl Round {
    fn new(cookie: Option<(&'static str, String)>, opened: Vec<String>, sent: Vec<String>) -> Round {
        let steps = opened.into_iter().map(Step::Open).chain(sent.into_iter().map(Step::SendEmpty)).collect();
        Round { cookie, steps, taken: AtomicUsize::new(0) }
    }

    fn and(mut self, step: fn(String) -> Step, paths: impl Iterator<Item = String>) -> Round {
        self.steps.extend(paths.map(step));
        self
    }

    /// The next step that nobody has taken.
    fn next(&self) -> Option<&Step> {
        self.steps.get(self.taken.fetch_add(1, Ordering::Relaxed))
    }
}

/// Where a page is seen, and what was found so far.
struct Eyes<'a> {
    browser: &'a Browser,
    axe: &'a Axe,
    served: &'a Served,
    wrong: Vec<String>,
    visited: usize,
}

impl<'a> Eyes<'a> {
    async fn new(browser: &'a Browser, axe: &'a Axe, served: &'a Served) -> Eyes<'a> {
        axe.stay(browser).await;
        Eyes { browser, axe, served, wrong: Vec::new(), visited: 0 }
    }

    /// One round after the other, as long as there is something in it that nobody looks at.
    async fn walk(&mut self, rounds: &[Round]) {
        for round in rounds {
            if let Some((name, value)) = &round.cookie {
                self.browser.carry(&self.served.url("/"), name, value).await;
            }
            while let Some(step) = round.next() {
                match step {
                    Step::Open(path) => self.visit(path).await,
                    Step::SendEmpty(path) => self.send_empty(path).await,
                    Step::SendCrossed(path) => self.send_crossed(path).await,
                    Step::RenewCodes(path) => self.renew_codes(path).await,
                }
            }
        }
    }

    /// Opens a page and looks at it: whole in the first language, once in the others, which have the same templates.
    async fn visit(&mut self, path: &str) {
        self.browser.goto(&self.served.url(path)).await;
        self.look(path).await;
    }

    /// Looks at the page that is open.
    async fn look(&mut self, path: &str) {
        self.visited += 1;
        self.check(path, "desk", Checks::All).await;
        if path.starts_with(&format!("/{}", Lang::Fr.code())) {
            self.browser.prefer(Scheme::Dark).await;
            self.check(path, "dark", Checks::Colours).await;
            self.browser.prefer(Scheme::Light).await;
        }
        self.browser.resize(Size::Phone).await;
        if path.starts_with(&format!("/{}", Lang::Fr.code())) {
            self.check(path, "phone", Checks::All).await;
        }
        let overflow = self.browser.overflow().await;
        if overflow > 0 {
            self.wrong.push(format!("{path}: {overflow} pixels wider than a phone"));
        }
        self.browser.resize(Size::Desktop).await;
        let misdeeds = self.browser.misdeeds(&self.served.url("/")).await;
        // A page that says that there is none, a form that somebody else was quicker with: that is its status. And of the
        // doors that were opened one after the other so many are still watched that the next one asks now and then.
        let is_known = |deed: &String| {
            deed.contains("status of 404")
                || path.ends_with(", crossed") && deed.contains("status of 409")
                || deed.contains("/live - ") && deed.contains("status of 503")
        };
        let misdeeds = misdeeds.into_iter().filter(|deed| !is_known(deed));
        self.wrong.extend(misdeeds.map(|deed| format!("{path}: {deed}")));
    }

    async fn check(&mut self, path: &str, how: &str, checks: Checks) {
        let wrong = self.axe.wrong(self.browser, checks).await;
        self.wrong.extend(wrong.into_iter().map(|wrong| format!("{path} ({how}): {wrong}")));
    }

    /// Sends the page's first form without filling it in; the browser would not.
    async fn send_empty(&mut self, path: &str) {
        let send = "const form = document.querySelector('main form[method=post]');
            for (const field of form.querySelectorAll('input:not([type=hidden]), textarea')) {
                if (field.type === 'checkbox') field.checked = false; else field.value = '';
            }
            form.submit()";
        self.do_and_look(path, send, "main .mistakes, main .mistake", "sent empty").await;
    }

    /// Sends the page's form as it would be sent by who has seen something else than what stands there now.
    async fn send_crossed(&mut self, path: &str) {
        let send = "const form = document.querySelector('main form:has([name=seen])');
            const seen = form.querySelector('[name=seen]'), title = form.querySelector('[name=title]');
            seen.value = seen.value.includes(':') ? seen.value.replace(/:[0-9a-f]+/g, ':0000000000') : 'other';
            if (title) title.value += ' !';
            form.submit()";
        self.do_and_look(path, send, "main .notice.warn[role=alert]", "crossed").await;
    }

    /// Asks for other codes for paper, and looks at them.
    async fn renew_codes(&mut self, path: &str) {
        let send = "document.querySelector('form[action$=\"/codes\"]').submit()";
        self.do_and_look(path, send, "main .codes code", "with codes").await;
    }

    /// Opens the page, does that to it, and looks at what comes of it once that is there.
    async fn do_and_look(&mut self, path: &str, script: &str, awaited: &str, said: &str) {
        self.browser.goto(&self.served.url(path)).await;
        self.browser.script(script).await;
        self.browser.find(awaited).await;
        self.look(&format!("{path}, {said}")).await;
    }
}

/// The pages of these kinds, in each language.
fn pages(known: &BTreeMap<&'static str, Vec<String>>, is_office: bool) -> Vec<String> {
    let wanted = TABLE.iter().filter(|(_, kind, _)| match kind {
        Public | Private => !is_office,
        Office => is_office,
        _ => false,
    });
    let all = wanted.flat_map(|(.., patterns)| *patterns).flat_map(|pattern| addresses(pattern, known));
    // The other languages have the same templates: there one session and no search is enough.
    let is_first = |path: &String| path.starts_with(&format!("/{}", Lang::Fr.code()));
    let is_enough =
        |path: &String| !path.contains('?') && !LOOKED_AT[1..].iter().any(|slug| path.contains(slug));
    all.filter(|path| is_first(path) || is_enough(path)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn axe_finds_nothing_on_any_page() {
    let Some(axe) = Axe::ready() else { return };
    let open = || Browser::open(Size::Desktop, Scripts::On, Scheme::Light);
    // One for each of two processors; more only wait for each other.
    let (Some(left), Some(right)) = (open().await, open().await) else { return };
    // On one engine: the walk beside this has visited each page on both, and a browser is slow.
    let app = App::given(TestDb::sqlite().await).await;
    let mut known = start(&app, SESSIONS).await;
    let owner = app.signed_in(Role::Owner).await;
    known.extend(office::known(&app, &owner).await);
    known.extend(proposals::known(&app, SESSIONS).await);
    known.insert("{session}", LOOKED_AT.map(str::to_owned).to_vec());
    // Another process on the same database, which a browser reaches.
    let world = World { clock: app.time.clock(), tokens: Tokens::seeded(3), mailer: Mailer::memory() };
    let served = Served::launch(parvis::rocket(app.db.figment(), world).unwrap()).await;
    let (behind, open): (Vec<_>, Vec<_>) =
        MISTAKEN.iter().flat_map(|pattern| addresses(pattern, &known)).partition(|path| is_behind(path));
    let nowhere = ["/fr/nope", "/fr/miso/sessions/nope", "/en/agenda/nope"].map(str::to_owned);
    let of_partners = proposals::OF_PARTNERS.iter().flat_map(|pattern| addresses(pattern, &known));
    let partner = app.signed_in(Role::Partner).await;
    office::takes_the_second_step(&app, &partner).await;
    let step = (office::STEP_COOKIE, office::step(&app, &partner).await);
    let asked: Vec<_> = addresses("/{lang}/office/sign-in/code", &known);
    let crossed = CROSSED.iter().flat_map(|pattern| addresses(pattern, &known));
    let rounds = [
        Round::new(None, [pages(&known, false), nowhere.to_vec()].concat(), open),
        Round::new(Some(step), asked.clone(), asked),
        Round::new(Some((OFFICE_COOKIE, owner.token)), pages(&known, true), behind)
            .and(Step::SendCrossed, crossed),
        Round::new(Some((OFFICE_COOKIE, partner.token)), of_partners.collect(), Vec::new())
            .and(Step::RenewCodes, addresses(CODES, &known).into_iter()),
    ];

    let mut eyes = [Eyes::new(&left, &axe, &served).await, Eyes::new(&right, &axe, &served).await];
    let [one, other] = &mut eyes;
    tokio::join!(one.walk(&rounds), other.walk(&rounds));

    let visited: usize = eyes.iter().map(|eyes| eyes.visited).sum();
    let wrong: Vec<_> = eyes.into_iter().flat_map(|eyes| eyes.wrong).collect();
    assert_eq!(wrong, Vec::<String>::new(), "of {visited} pages");
    assert!(visited > TABLE.len() * 2, "{visited} pages");
    left.close().await;
    right.close().await;
    served.end().await;
}

/// Only who is signed in sees it.
fn is_behind(path: &str) -> bool {
    path.contains("/office/") && !path.ends_with("/sign-in")
}
