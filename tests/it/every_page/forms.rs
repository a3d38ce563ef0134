//! Every form of the office, each of its text fields filled with what no field takes: a text without end, and one with a
//! sign that nobody can see and an element that would run. It is said at the field, everything else that was typed is
//! there still, and nothing of it runs.
//!
//! A form whose route is in neither list fails: somebody must say why it is not tried.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use parvis::identity::{Role, totp};
use rocket::{
    http::{ContentType, Header, Method, Status},
    local::asynchronous::LocalRequest,
};
use scraper::{ElementRef, Html, Selector};

use super::{
    Kind::{self, Office, Private},
    TABLE, addresses, office, proposals, start,
};
use crate::{
    harness::{App, Member, OFFICE_COOKIE, Page, page},
    html::Found,
    http::multipart,
    office::{
        draft::pages::is_hostile,
        identity::{Browser, PASSWORD, hired},
        posts,
    },
};

/// Characters of a text without end: below what a form may weigh, above what any field takes.
const LONG_CHARS: usize = 60_000;
const EVIL: &str = "\u{1}<svg onload=alert(1)>";
const SECOND_STEP: &str = "/fr/office/account/second-step";

/// Into these forms nothing is typed: they are a button, something to tick or to choose, a file.
const NOT_TYPED: [&str; 39] = [
    "/<lang>/office/<slug>/<area>/<item>/removal",
    "/<lang>/office/<slug>/door/<session>/marks",
    "/<lang>/office/<slug>/import",
    "/<lang>/office/<slug>/import/<file>/choices",
    "/<lang>/office/<slug>/import/<file>/deletion",
    "/<lang>/office/<slug>/import/<file>/draft",
    "/<lang>/office/<slug>/mails/messages/<id>/removal",
    "/<lang>/office/<slug>/mails/messages/<id>/sending",
    "/<lang>/office/<slug>/mails/messages/<id>/tests",
    "/<lang>/office/<slug>/mails/retries",
    "/<lang>/office/<slug>/people/<id>/cancellations",
    "/<lang>/office/<slug>/people/<id>/mails",
    "/<lang>/office/<slug>/people/<id>/promotions",
    "/<lang>/office/<slug>/people/<id>/transfers",
    "/<lang>/office/<slug>/people/to-call/<call>?<back>",
    "/<lang>/office/<slug>/proposals/<id>/files",
    "/<lang>/office/<slug>/proposals/<id>/files/<file>/removal",
    "/<lang>/office/<slug>/proposals/<id>/return",
    "/<lang>/office/<slug>/proposals/<id>/withdrawal",
    "/<lang>/office/<slug>/proposals/partners/<organisation>/link",
    "/<lang>/office/<slug>/proposals/partners/<organisation>/revocation",
    "/<lang>/office/<slug>/publish/plan/withdrawal",
    "/<lang>/office/account/second-step",
    "/<lang>/office/account/sessions/<id>/end",
    "/<lang>/office/account/sessions/end-others",
    "/<lang>/office/joining/<token>",
    "/<lang>/office/mailed-link/<token>",
    "/<lang>/office/mails/<id>/aborts",
    "/<lang>/office/mails/<id>/repeats",
    "/<lang>/office/mails/<id>/retries",
    "/<lang>/office/mails/retries",
    "/<lang>/office/sign-out",
    "/<lang>/office/users/<id>/disabling",
    "/<lang>/office/users/<id>/enabling",
    "/<lang>/office/users/<id>/invitation",
    "/<lang>/office/users/<id>/organisations",
    "/<lang>/office/users/<id>/role",
    "/<lang>/office/users/<id>/second-step-removal",
    "/<lang>/office/users/figures-links/<id>/revocation",
];

/// Fields whose mistakes are said at another one, which holds them or is the first of two that do not fit together.
const SAID_AT: [(&str, &str); 5] = [
    ("group", "held"),
    ("seats", "held"),
    // Nobody learns which of the two was wrong.
    ("password", "email"),
    ("password", "again"),
    ("again", "password"),
];

/// A form as a browser has it.
#[derive(Debug, Clone)]
struct Form {
    /// Where it can be sent: its own address, and those of its buttons.
    actions: Vec<String>,
    fields: Vec<Field>,
    has_file: bool,
}

#[derive(Debug, Clone)]
struct Field {
    name: String,
    value: String,
    by: By,
}

/// How somebody fills a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// Typed into.
    Text,
    /// Typed into, and never sent back.
    Password,
    /// Chosen, or not seen.
    Other,
}

/// Fields that another button of their form reads.
const NOT_READ: [(&str, &str); 2] =
    [("/<lang>/office/<slug>/publish", "day"), ("/<lang>/office/<slug>/publish", "time")];

/// The forms of a page that change something.
fn forms_of(page: &Page) -> Vec<Form> {
    let html = Html::parse_document(&page.body);
    let forms = Selector::parse("main form[method=post]").unwrap();
    html.select(&forms).map(form_of).collect()
}

fn form_of(form: ElementRef<'_>) -> Form {
    let (buttons, fields) = ("button", "input, select, textarea");
    let select = |what: &str| form.select(&Selector::parse(what).unwrap()).collect::<Vec<_>>();
    let said = |element: ElementRef<'_>, name: &str| element.attr(name).unwrap_or_default().to_owned();
    let elsewhere =
        select(buttons).into_iter().filter_map(|button| button.attr("formaction")).map(str::to_owned);
    let mut all: Vec<_> = select(fields).into_iter().filter_map(field_of).collect();
    // What the button says that sends it, rather than keeping a draft.
    let send = select(buttons).into_iter().find(|button| button.attr("value") == Some("send"));
    all.extend(send.map(|button| Field {
        name: said(button, "name"),
        value: said(button, "value"),
        by: By::Other,
    }));
    Form {
        actions: std::iter::once(said(form, "action")).chain(elsewhere).collect(),
        fields: all,
        has_file: !select("input[type=file]").is_empty(),
    }
}

/// `None` for what a browser would not send.
fn field_of(field: ElementRef<'_>) -> Option<Field> {
    let is_trap = field.ancestors().filter_map(ElementRef::wrap).any(|e| e.attr("class") == Some("trap"));
    let name = field.attr("name").filter(|_| !is_trap && field.attr("disabled").is_none())?.to_owned();
    let value = || field.attr("value").unwrap_or_default().to_owned();
    let (value, by) = match (field.value().name(), field.attr("type").unwrap_or("text")) {
        ("textarea", _) => {
            let text: String = field.text().collect();
            // A browser drops the first line end, and sends the others as CRLF.
            (text.strip_prefix('\n').unwrap_or(&text).replace('\n', "\r\n"), By::Text)
        }
        ("select", _) => {
            let options = Selector::parse("option").unwrap();
            let all: Vec<_> = field.select(&options).collect();
            let chosen = all.iter().find(|option| option.attr("selected").is_some()).or(all.first())?;
            (chosen.attr("value").unwrap_or_default().to_owned(), By::Other)
        }
        (_, "checkbox" | "radio") if field.attr("checked").is_none() => return None,
        (_, "file" | "submit" | "button") => return None,
        (_, "checkbox" | "radio") => (field.attr("value").unwrap_or("on").to_owned(), By::Other),
        (_, "hidden") => (value(), By::Other),
        (_, "password") => (value(), By::Password),
        _ => (value(), By::Text),
    };
    Some(Field { name, value, by })
}

/// Somebody in front of a browser, which has been given so many cookies.
struct Visitor<'a> {
    app: &'a App,
    cookies: Vec<(String, String)>,
}

impl Visitor<'_> {
    async fn get(&self, path: &str) -> Page {
        page(self.request(Method::Get, path).dispatch().await).await
    }

    async fn send(&self, action: &str, form: &Form) -> Page {
        let fields: Vec<_> = form.fields.iter().map(|one| (one.name.as_str(), one.value.as_str())).collect();
        let (kind, body) = match form.has_file {
            true => multipart("a.csv", b"title,date\nUne,2027-04-20\n", &fields),
            false => (ContentType::Form, crate::http::form(&fields).into_bytes()),
        };
        page(self.request(Method::Post, action).header(kind).body(body).dispatch().await).await
    }

    fn request(&self, method: Method, path: &str) -> LocalRequest<'_> {
        let request = self.app.client.req(method, path.to_owned());
        let request = request.header(Header::new("Sec-Fetch-Site", "same-origin"));
        self.cookies.iter().fold(request, |request, cookie| request.cookie(cookie.clone()))
    }
}

/// Somebody who is asked for a code each time they sign in: on their own pages, and in front of the door.
async fn with_second_step(app: &App) -> [Visitor<'_>; 2] {
    hired(app, "eve@example.org", Role::Editor).await;
    let (mut inside, mut outside) = (Browser::new(app), Browser::new(app));
    inside.sign_in("eve@example.org", PASSWORD).await;
    inside.post(SECOND_STEP, &[]).await;
    let secret = Found::on(&inside.get(SECOND_STEP).await.body).text("code.secret").replace(' ', "");
    let code = totp::code(&secret, app.now()).unwrap();
    let begun = inside.post(&format!("{SECOND_STEP}/confirmation"), &[("code", &code)]).await;
    assert_eq!(begun.status, Status::Ok, "{}", begun.body);
    outside.sign_in("eve@example.org", PASSWORD).await;
    [inside, outside].map(|browser| Visitor { app, cookies: browser.cookies })
}

/// The route that an address is for: of those that fit, the one with the most words of its own.
fn route_of(action: &str) -> &'static str {
    let path: Vec<_> = action.split('?').next().unwrap().split('/').collect();
    let fits = |route: &&&str| {
        let parts: Vec<_> = route.split('?').next().unwrap().split('/').collect();
        parts.len() == path.len()
            && parts.iter().zip(&path).all(|(part, word)| part.starts_with('<') || part == word)
    };
    let posts = posts();
    let own_words = |route: &&&str| route.split('/').filter(|part| !part.starts_with('<')).count();
    posts
        .iter()
        .filter(fits)
        .max_by_key(own_words)
        .copied()
        .unwrap_or_else(|| panic!("no route for {action}"))
}

/// What is wrong with the answer to a form whose field at this place was filled so.
fn wrong_with(answer: &Page, sent: &Form, at: usize) -> Option<String> {
    let field = &sent.fields[at];
    match answer.status.code {
        // Signs that nobody can see are left out of some texts, and what would run is words to us.
        303 if field.value == EVIL => return None,
        422 => {}
        code => return Some(format!("answers {code}")),
    }
    if is_hostile(answer) {
        return Some("would run".to_owned());
    }
    // The form as it came back: the one with that field.
    let is_it = |form: &Form| {
        form.actions[0] == sent.actions[0] && form.fields.iter().any(|one| one.name == field.name)
    };
    let Some(back) = forms_of(answer).into_iter().find(is_it) else {
        return Some("the form did not come back".to_owned());
    };
    let typed = |form: &Form| -> Vec<(String, String)> {
        let all = form.fields.iter().filter(|one| one.by == By::Text && one.name != field.name);
        all.map(|one| (one.name.clone(), one.value.trim().to_owned())).collect()
    };
    let kept = typed(&back);
    let lost: Vec<_> = typed(sent).into_iter().filter(|one| !kept.contains(one)).collect();
    if !lost.is_empty() {
        return Some(format!("lost {lost:?}"));
    }
    is_said_at(&Found::on(&answer.body), field, &back).err()
}

/// It is said at the field; or nothing is wrong with it, which is then there as it was typed, visible signs at least.
fn is_said_at(found: &Found, field: &Field, back: &Form) -> Result<(), String> {
    let name = field.name.strip_suffix("_other").unwrap_or(&field.name);
    let others = SAID_AT.iter().filter(|(known, _)| *known == name).map(|(_, other)| *other);
    let ids: Vec<_> = std::iter::once(name).chain(others).map(|name| format!("f-{name}")).collect();
    let links = found.attributes(".mistakes a", "href");
    let said = ids.iter().find(|id| links.contains(&format!("#{id}")));
    let leads = |id: &String| found.count(&format!("[id='{id}']")) == 1;
    // A form of one field says it there alone.
    let alone = format!("[name='{name}'][aria-invalid=true][aria-describedby$='-mistake']");
    let is_alone = found.count(&alone) == 1 && found.texts(".mistake").len() == 1;
    let visible = |text: &str| text.replace('\u{1}', "").trim().to_owned();
    let as_it_was = |one: &Field| one.name == field.name && visible(&one.value) == visible(&field.value);
    match said {
        Some(id) if leads(id) => Ok(()),
        Some(id) => Err(format!("#{id} leads nowhere")),
        None if is_alone || field.value == EVIL && back.fields.iter().any(as_it_was) => Ok(()),
        None => Err(format!("no link to {ids:?}, but to {links:?}")),
    }
}

struct Walk<'a> {
    app: &'a App,
    wrong: Vec<String>,
    /// Forms that were tried, by route and the names of their fields.
    tried: BTreeSet<(&'static str, String)>,
}

impl Walk<'_> {
    async fn page(&mut self, visitor: &Visitor<'_>, path: &str) {
        let page = visitor.get(path).await;
        for form in forms_of(&page) {
            let names: Vec<_> = form.fields.iter().map(|field| field.name.as_str()).collect();
            let names = names.join(" ");
            let is_new = |action: &&String| !self.tried.contains(&(route_of(action), names.clone()));
            let actions: Vec<&String> = form.actions.iter().filter(is_new).collect();
            if form.fields.iter().any(|field| field.by != By::Other) {
                self.form(visitor, path, &form, &actions).await;
                self.tried.extend(actions.into_iter().map(|action| (route_of(action), names.clone())));
            }
        }
    }

    /// Fills one field after the other, in a form that was opened anew, for each of its buttons: each with too much, which
    /// nothing takes, and then with what may be taken as words, and takes some forms away with it (a release that is out, a
    /// proposal that is decided).
    async fn form(&mut self, visitor: &Visitor<'_>, path: &str, first: &Form, actions: &[&String]) {
        let fields: Vec<&Field> = first.fields.iter().filter(|field| field.by != By::Other).collect();
        let mut is_taken = false;
        for (what, value) in [("too long", "x".repeat(LONG_CHARS)), ("hostile", EVIL.to_owned())] {
            for (action, name) in
                actions.iter().flat_map(|action| fields.iter().map(move |one| (action, &one.name)))
            {
                if NOT_READ.contains(&(route_of(action), name.as_str())) {
                    continue;
                }
                let forms = forms_of(&visitor.get(path).await).into_iter();
                let found = forms.filter(|form| form.actions == first.actions).find_map(|form| {
                    let at = form.fields.iter().position(|field| field.name == *name)?;
                    Some((form, at))
                });
                let Some((mut form, at)) = found else {
                    if !is_taken {
                        self.wrong.push(format!("{} `{name}` {what}: the form is gone", route_of(action)));
                    }
                    continue;
                };
                form.fields[at].value.clone_from(&value);
                // An address elsewhere is read only where registration is there.
                for one in form
                    .fields
                    .iter_mut()
                    .filter(|one| *name == "registration_other" && one.name == "registration")
                {
                    one.value = "external".to_owned();
                }
                let mut answer = visitor.send(action, &form).await;
                if answer.status == Status::TooManyRequests {
                    self.app.pass(TimeDelta::minutes(15));
                    answer = visitor.send(action, &form).await;
                }
                is_taken |= answer.status == Status::SeeOther;
                if let Some(wrong) = wrong_with(&answer, &form, at) {
                    self.wrong.push(format!("{} `{name}` {what}: {wrong}", route_of(action)));
                }
            }
        }
    }
}

on_both_engines! {
    async fn every_form_of_the_office_says_at_the_field_what_it_does_not_take_and_keeps_the_rest(app: App) {
        let mut known = start(&app, 1).await;
        let owner = app.signed_in(Role::Owner).await;
        known.extend(office::known(&app, &owner).await);
        known.extend(proposals::known(&app, 1).await);
        known.insert("{lang}", vec!["fr".to_owned()]);
        let partner = app.signed_in(Role::Partner).await;
        let pages = |of: Kind, known: &BTreeMap<&'static str, Vec<String>>| -> Vec<String> {
            let table = TABLE.iter().filter(|(route, kind, _)| *kind == of && route.starts_with("/<lang>/office"));
            table.flat_map(|(.., patterns)| *patterns).flat_map(|pattern| addresses(pattern, known)).collect()
        };
        let (public, inside) = (pages(Private, &known), pages(Office, &known));
        let of_partners: Vec<_> = proposals::OF_PARTNERS.iter().flat_map(|pattern| addresses(pattern, &known)).collect();
        let mut walk = Walk { app: &app, wrong: Vec::new(), tried: BTreeSet::new() };

        let signed_in = |who: Member<'_>| Visitor { app: &app, cookies: vec![(OFFICE_COOKIE.to_owned(), who.token)] };
        let [stepped, stepping] = with_second_step(&app).await;
        let visitors = [
            (stepped, vec![SECOND_STEP.to_owned()]),
            (stepping, vec!["/fr/office/sign-in/code".to_owned()]),
            (Visitor { app: &app, cookies: Vec::new() }, public),
            (signed_in(partner), of_partners),
            (signed_in(owner), inside),
        ];
        for (visitor, paths) in &visitors {
            for path in paths {
                walk.page(visitor, path).await;
            }
        }
        // What was taken of it stands on pages now.
        let mut read = String::new();
        for (visitor, paths) in &visitors {
            for path in paths {
                let page = visitor.get(path).await;
                if is_hostile(&page) {
                    walk.wrong.push(format!("{path} would run"));
                }
                read.push_str(&page.body);
            }
        }
        assert!(read.contains("&lt;svg onload=alert(1)&gt;"), "some of it is there");

        assert_eq!(walk.wrong, Vec::<String>::new());
        let tried: BTreeSet<_> = walk.tried.iter().map(|(route, _)| *route).collect();
        let not: Vec<_> = posts().into_iter().filter(|route| !tried.contains(route)).collect();
        assert_eq!(not, NOT_TYPED, "forms that nothing was typed into");
    }
}
