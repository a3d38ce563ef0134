//! The draft in the office: every field's mistake at its field, two editors at once, what is live at once, series,
//! cancelling with a reason, what an export gives back.

use std::collections::BTreeMap;

use parvis::{
    audit,
    exchange::csv::{Dialect, full_csv},
    identity::Role,
    programme::{
        self, Capacity, Draft, DraftSession, Status,
        import::{self, Files, Options},
    },
    publication,
};
use rocket::http::Status as Http;
use scraper::{Html, Selector};

use crate::{
    builders::{miso, on_day, session},
    harness::{App, Member, Page},
};

pub mod pages;

/// Every field of the first form of a page that has a `seen`, as a browser would send it back.
pub fn form_of(page: &Page) -> Vec<(String, String)> {
    let html = Html::parse_document(&page.body);
    let of = |selector: &str| Selector::parse(selector).unwrap();
    let form = html
        .select(&of("form"))
        .find(|form| form.select(&of("input[name=seen]")).next().is_some())
        .expect("a form of the draft");
    let mut fields = Vec::new();
    for field in form.select(&of("input, select, textarea")) {
        let value = field.value();
        let Some(name) = value.attr("name") else { continue };
        match (value.name(), value.attr("type")) {
            ("input", Some("checkbox")) if value.attr("checked").is_none() => {}
            ("input", Some("checkbox")) => {
                fields.push((name.to_owned(), value.attr("value").unwrap_or("on").to_owned()));
            }
            ("select", _) => {
                let chosen = field.select(&of("option[selected]")).next();
                let chosen = chosen.or_else(|| field.select(&of("option")).next());
                let chosen = chosen.and_then(|option| option.value().attr("value")).unwrap_or_default();
                fields.push((name.to_owned(), chosen.to_owned()));
            }
            ("textarea", _) => {
                let text: String = field.text().collect();
                // A browser drops the first line end of a textarea, and sends the others as CRLF.
                let text = text.strip_prefix('\n').unwrap_or(&text).replace('\n', "\r\n");
                fields.push((name.to_owned(), text));
            }
            _ => fields.push((name.to_owned(), value.attr("value").unwrap_or_default().to_owned())),
        }
    }
    fields
}

/// The form with these fields as somebody types them.
pub fn typed(form: &[(String, String)], other: &[(&str, &str)]) -> Vec<(String, String)> {
    let kept = form.iter().filter(|(name, _)| !other.iter().any(|(other, _)| other == name)).cloned();
    kept.chain(other.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))).collect()
}

pub async fn send(member: &Member<'_>, path: &str, form: &[(String, String)]) -> Page {
    let fields: Vec<(&str, &str)> =
        form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    member.post(path, &fields).await
}

/// The mistakes of a page, by the id of their field.
pub fn mistakes(page: &Page) -> Vec<String> {
    let html = Html::parse_document(&page.body);
    let links = Selector::parse(".mistakes a").unwrap();
    let mut found: Vec<String> = html
        .select(&links)
        .filter_map(|link| link.value().attr("href"))
        .map(|href| href.trim_start_matches("#f-").to_owned())
        .collect();
    found.sort();
    found
}

pub async fn draft_of(app: &App) -> Draft {
    let mut db = app.pool.acquire().await.unwrap();
    programme::store::load(&mut db, "miso").await.unwrap().unwrap().1
}

pub async fn one(app: &App, slug: &str) -> DraftSession {
    draft_of(app).await.sessions.into_iter().find(|one| one.session.slug == slug).unwrap()
}

async fn actions(app: &App) -> Vec<(String, String)> {
    let mut db = app.pool.acquire().await.unwrap();
    let lines = audit::store::lines(&mut db, &Default::default(), 50).await.unwrap();
    let mut lines: Vec<_> = lines.into_iter().map(|line| (line.action, line.subject)).collect();
    lines.retain(|(action, _)| {
        action.starts_with("session.") || action.contains("theme") || action.contains("settings")
    });
    lines
}

const FORUM: &str = "/fr/office/miso/sessions/forum";

on_both_engines! {
    async fn a_programme_that_nothing_was_changed_in_is_not_the_one_that_was_changed_last(app: App) {
        app.publish(&miso(vec![session("forum", 12)])).await;
        app.pass(chrono::TimeDelta::minutes(1));
        let mut other = miso(Vec::new());
        other.programme.slug = "encore".to_owned();
        app.publish(&other).await;
        let editor = app.signed_in(Role::Editor).await;
        let order = async || {
            let mut db = app.pool.acquire().await.unwrap();
            let all = programme::store::titles(&mut db).await.unwrap();
            all.into_iter().map(|(_, slug, _)| slug).collect::<Vec<_>>()
        };
        app.pass(chrono::TimeDelta::minutes(1));
        for path in ["/fr/office/miso/settings", FORUM, "/fr/office/miso/places/maison"] {
            let form = form_of(&editor.get(path).await);
            assert_eq!(send(&editor, path, &form).await.location(), format!("{path}?done=same"));
        }
        assert_eq!(order().await, ["encore", "miso"]);

        let form = form_of(&editor.get(FORUM).await);
        let changed = send(&editor, FORUM, &typed(&form, &[("title", "Un autre forum")])).await;

        assert_eq!(changed.location(), format!("{FORUM}?done=saved"));
        assert_eq!(order().await, ["miso", "encore"]);
    }

    async fn a_form_that_is_sent_back_as_it_was_changes_nothing_and_writes_nothing(app: App) {
        let mut draft = miso(vec![session("forum", 12)]);
        let forum = &mut draft.sessions[0];
        forum.session.description = "# Titre\n\n- un\n- deux".to_owned();
        forum.session.speakers = vec!["Ana | Élite".to_owned(), "Bo".to_owned()];
        forum.session.end = forum.session.end.map(|end| end + chrono::TimeDelta::days(2));
        forum.live.registration = programme::Registration::External("https://example.org/ici".to_owned());
        app.publish(&draft).await;
        let editor = app.signed_in(Role::Editor).await;

        for path in [FORUM, "/fr/office/miso/themes/lab", "/fr/office/miso/places/maison", "/fr/office/miso/organisations/collectif", "/fr/office/miso/settings"] {
            let page = editor.get(path).await;
            let sent = send(&editor, path, &form_of(&page)).await;
            assert!(sent.location().ends_with("?done=same"), "{path}: {} {:?}", sent.status, mistakes(&sent));
        }

        assert_eq!(draft_of(&app).await, draft);
        assert_eq!(actions(&app).await, []);
    }

    async fn every_field_says_what_is_wrong_with_it_and_keeps_what_was_typed(app: App) {
        app.publish(&miso(vec![session("forum", 12)])).await;
        let editor = app.signed_in(Role::Editor).await;
        let form = form_of(&editor.get(FORUM).await);
        let wrong = [
            ("title", " "),
            ("theme", "nope"),
            ("format", "jam"),
            ("date", "31.02.2027"),
            ("start", "25:00"),
            ("end", "tantôt"),
            ("place", "nulle-part"),
            ("capacity", "beaucoup"),
            ("registration", "external"),
            ("registration_other", "javascript:alert(1)"),
            ("held", "presse"),
            ("opens", "hier"),
            ("closes", "-7w"),
            ("queue", "x"),
            ("join_url", "data:text/html,hello"),
            ("hosts", "inconnue"),
            ("speakers", "Ana\u{7}"),
            ("language_other", "klingonais"),
            ("text_language", "???"),
            ("recording", "ftp://example.org/"),
            ("abstract", "un\u{0}deux"),
        ];

        let sent = send(&editor, FORUM, &typed(&form, &wrong)).await;

        assert_eq!(sent.status, Http::UnprocessableEntity);
        assert_eq!(
            mistakes(&sent),
            [
                "abstract", "capacity", "closes", "date", "end", "format", "held", "hosts", "join_url", "language", "opens",
                "place", "queue", "recording", "registration", "speakers", "start", "text_language", "theme", "title"
            ]
        );
        let kept: BTreeMap<String, String> = form_of(&sent).into_iter().collect();
        for (name, value) in wrong.into_iter().filter(|(name, _)| !["speakers", "abstract"].contains(name)) {
            assert_eq!(kept.get(name).map(|kept| kept.trim()), Some(value.trim()), "{name}");
        }
        assert_eq!(one(&app, "forum").await, session("forum", 12));
    }

    async fn the_second_of_two_editors_is_shown_the_first_one_s_change_and_loses_nothing(app: App) {
        app.publish(&miso(vec![session("forum", 12)])).await;
        let (ana, bo) = (app.signed_in(Role::Editor).await, app.signed_in(Role::Owner).await);
        let (first, second) = (form_of(&ana.get(FORUM).await), form_of(&bo.get(FORUM).await));
        let saved = send(&ana, FORUM, &typed(&first, &[("title", "Titre d’Ana"), ("abstract", "Accroche d’Ana")])).await;
        assert!(saved.location().ends_with("?done=saved"), "{}", saved.status);

        let crossed = send(&bo, FORUM, &typed(&second, &[("abstract", "Accroche de Bo"), ("capacity", "30")])).await;

        assert_eq!(crossed.status, Http::Conflict);
        for said in ["Titre d’Ana", "Accroche d’Ana", "Accroche de Bo"] {
            assert!(crossed.body.contains(said), "{said}");
        }
        let form = form_of(&crossed);
        let saved = send(&bo, FORUM, &form).await;
        assert!(saved.location().ends_with("?done=saved"), "{}", saved.status);
        let forum = one(&app, "forum").await;
        assert_eq!(
            (forum.session.title.as_str(), forum.session.r#abstract.as_str(), forum.live.capacity),
            ("Titre d’Ana", "Accroche de Bo", Capacity::Seats(30))
        );
    }

    async fn two_people_on_two_themes_of_one_document_do_not_meet(app: App) {
        let mut draft = miso(Vec::new());
        draft.themes.push(programme::Theme { slug: "eau".to_owned(), title: "Eau".to_owned(), ..draft.themes[0].clone() });
        app.publish(&draft).await;
        let (ana, bo) = (app.signed_in(Role::Editor).await, app.signed_in(Role::Owner).await);
        let (lab, eau) = ("/fr/office/miso/themes/lab", "/fr/office/miso/themes/eau");
        let (first, second) = (form_of(&ana.get(lab).await), form_of(&bo.get(eau).await));
        let again = first.clone();

        send(&ana, lab, &typed(&first, &[("title", "Le laboratoire")])).await;
        let saved = send(&bo, eau, &typed(&second, &[("title", "L’eau")])).await;

        assert!(saved.location().ends_with("?done=saved"), "{}", saved.status);
        let titles: Vec<String> = draft_of(&app).await.themes.into_iter().map(|theme| theme.title).collect();
        assert_eq!(titles, ["Le laboratoire", "L’eau"]);
        let crossed = send(&bo, lab, &typed(&again, &[("title", "Labo")])).await;
        assert_eq!(crossed.status, Http::Conflict, "on the same one they do");
        assert_eq!(actions(&app).await.len(), 2);
    }

    async fn a_higher_capacity_serves_the_queue_at_once_and_the_title_waits_for_the_release(app: App) {
        app.publish(&miso(vec![session("forum", 1)])).await;
        app.register("a@example.org", &["forum"]).await;
        app.register("b@example.org", &["forum"]).await;
        let editor = app.signed_in(Role::Editor).await;
        let form = form_of(&editor.get(FORUM).await);

        let saved = send(&editor, FORUM, &typed(&form, &[("capacity", "2"), ("title", "Autre titre")])).await;

        assert!(saved.location().ends_with("?done=saved"), "{}", saved.status);
        let id = session("forum", 1).session.id;
        let seat = app.house().board.seat(id).unwrap();
        assert_eq!((seat.capacity, seat.taken, seat.waiting), (Some(2), 2, 0));
        assert_eq!(app.mails_to("b@example.org").await.len(), 2, "the queue, and the seat");
        assert!(app.get("/fr/miso/sessions/forum").await.body.contains("Session forum"));
        let done = publication::publish(app.house(), "miso", "").await.unwrap();
        assert_eq!(done.settings, 0, "what is live was in force");
        assert!(done.release.is_some());
        assert_eq!(app.broken().await, Vec::<String>::new());
    }

    async fn a_session_that_moves_shows_the_clash_before_it_is_saved(app: App) {
        let other = on_day(session("atelier", 5), 1);
        app.publish(&miso(vec![session("forum", 12), other])).await;
        let editor = app.signed_in(Role::Editor).await;
        let path = format!("{FORUM}/time");
        let form = form_of(&editor.get(&path).await);
        let moved = typed(&form, &[("date", "2027-04-20"), ("start", "10:30"), ("end", "11:30")]);

        let shown = send(&editor, &path, &moved).await;

        assert_eq!(shown.status, Http::UnprocessableEntity);
        assert!(shown.body.contains("Même lieu (Maison des associations), même organisation (Collectif) à 10\u{a0}h\u{a0}30\u{a0}: Session atelier\u{a0}· Session forum"), "{}", shown.body);
        assert_eq!(one(&app, "forum").await.session.date, crate::builders::first_day());
        let saved = send(&editor, &path, &form_of(&shown)).await;
        assert!(saved.location().ends_with("?done=saved"), "{}", saved.status);
        assert_eq!(one(&app, "forum").await.session.date.to_string(), "2027-04-20");
        assert_eq!(actions(&app).await, [("session.move".to_owned(), "session/forum".to_owned())]);
    }

    async fn a_cancelled_session_says_why_on_its_page_and_in_the_mail(app: App) {
        app.publish(&miso(vec![session("forum", 5)])).await;
        app.register("a@example.org", &["forum"]).await;
        let editor = app.signed_in(Role::Editor).await;

        // Why is said to everybody: nothing is cancelled without it.
        let mute = editor.post(&format!("{FORUM}/cancellation"), &[("cancel_reason", " \r\n ")]).await;
        assert_eq!((mute.status, mistakes(&mute).len()), (Http::UnprocessableEntity, 1), "{}", mute.body);
        assert_eq!(one(&app, "forum").await.session.status, Status::Scheduled);
        let done = editor.post(&format!("{FORUM}/cancellation"), &[("cancel_reason", "La salle est <fermée>.")]).await;
        assert!(done.location().ends_with("?done=cancelled"), "{}", done.status);
        assert!(!app.get("/fr/miso/sessions/forum").await.body.contains("fermée"), "not before it is published");
        publication::publish(app.house(), "miso", "").await.unwrap();
        publication::refresh(app.house()).await.unwrap();
        app.pass(chrono::TimeDelta::hours(1));
        app.run_due().await;

        assert!(app.get("/fr/miso/sessions/forum").await.body.contains("La salle est &lt;fermée&gt;."));
        let mails = app.mails_to("a@example.org").await;
        assert!(mails.last().unwrap().text.contains("Motif\u{a0}: La salle est <fermée>."), "{}", mails.last().unwrap().text);
        let back = editor.post(&format!("{FORUM}/return"), &[]).await;
        assert!(back.location().ends_with("?done=back"));
        let forum = one(&app, "forum").await.session;
        assert_eq!((forum.status, forum.cancel_reason.as_str()), (Status::Scheduled, ""));
    }

    async fn only_what_was_never_published_can_be_deleted(app: App) {
        app.publish(&miso(vec![session("forum", 5)])).await;
        let editor = app.signed_in(Role::Editor).await;
        let new = editor.post("/fr/office/miso/sessions", &[("title", "Été à l’eau"), ("date", "2027-04-20")]).await;
        assert!(new.location().ends_with("/sessions/ete-a-l-eau?done=added"), "{} {:?}", new.location(), mistakes(&new));

        let gone = editor.post("/fr/office/miso/sessions/ete-a-l-eau/removal", &[]).await;
        assert!(gone.location().ends_with("/sessions?done=removed"), "{}", gone.status);
        let refused = editor.post(&format!("{FORUM}/removal"), &[]).await;
        assert_eq!(refused.status, Http::NotFound);
        let withdrawn = editor.post(&format!("{FORUM}/withdrawal"), &[]).await;
        assert!(withdrawn.location().ends_with("?done=withdrawn"));

        let slugs: Vec<_> = draft_of(&app).await.sessions.iter().map(|one| (one.session.slug.clone(), one.session.status)).collect();
        assert_eq!(slugs, [("forum".to_owned(), Status::Withdrawn)]);
    }

    async fn a_series_is_looked_at_before_it_is_made(app: App) {
        app.publish(&miso(vec![session("forum", 5)])).await;
        let editor = app.signed_in(Role::Editor).await;
        let path = format!("{FORUM}/series");
        let plan = [("every", "1"), ("times", "3"), ("skip", "2027-05-03")];

        let looked = editor.post(&path, &plan).await;
        assert_eq!(looked.status, Http::Ok);
        assert!(looked.body.contains("Lundi 26\u{a0}avril 2027") && !looked.body.contains("Lundi 3\u{a0}mai 2027"), "{}", looked.body);
        assert_eq!(draft_of(&app).await.sessions.len(), 1);
        let made = editor.post(&path, &[&plan[..], &[("looked", "1")]].concat()).await;

        assert!(made.location().contains("/sessions?done=series"), "{}", made.status);
        let told: Vec<_> = draft_of(&app).await.sessions.iter().map(|one| format!("{} {}", one.session.slug, one.session.date)).collect();
        assert_eq!(told, ["forum 2027-04-19", "forum-2 2027-04-26", "forum-3 2027-05-10", "forum-4 2027-05-17"]);
        let wrong = editor.post(&path, &[("every", "x"), ("skip", "jamais")]).await;
        assert_eq!(mistakes(&wrong), ["every", "skip", "times"]);
    }

    async fn a_copy_has_an_identity_and_an_address_of_its_own(app: App) {
        app.publish(&miso(vec![session("forum", 5)])).await;
        let editor = app.signed_in(Role::Editor).await;

        let made = editor.post(&format!("{FORUM}/copy"), &[("title", "Forum du soir"), ("date", "2027-04-21")]).await;

        assert!(made.location().ends_with("/sessions/forum-du-soir?done=copied"), "{} {:?}", made.status, mistakes(&made));
        let (forum, copy) = (one(&app, "forum").await, one(&app, "forum-du-soir").await);
        assert_ne!(forum.session.id, copy.session.id);
        assert_eq!((copy.session.r#abstract, copy.live), (forum.session.r#abstract, forum.live));
        let missing = editor.post(&format!("{FORUM}/copy"), &[("title", "x"), ("date", "")]).await;
        assert_eq!((missing.status, mistakes(&missing)), (Http::UnprocessableEntity, vec!["date".to_owned()]));
        let both = editor.post(&format!("{FORUM}/copy"), &[("title", &*"x".repeat(301)), ("date", "31.02.2027")]).await;
        assert_eq!(mistakes(&both), ["date", "title"], "everything at once");
    }

    async fn an_edited_draft_is_exported_and_imported_without_a_difference(app: App) {
        app.publish(&miso(vec![session("forum", 5), on_day(session("atelier", 5), 1)])).await;
        let editor = app.signed_in(Role::Editor).await;
        let form = form_of(&editor.get(FORUM).await);
        let changed = typed(&form, &[
            ("title", "=1+1 | \"Forum\""),
            ("description", "Un\r\n\r\n- deux\r\n"),
            ("speakers", "Ana | Élite\r\n'Bo"),
            ("end", "01:30"),
            ("held", "presse:2\r\nparti:1"),
            ("access_other", "Chien d’aveugle"),
        ]);
        assert!(send(&editor, FORUM, &changed).await.location().ends_with("?done=saved"));
        editor.post("/fr/office/miso/sessions/atelier/cancellation", &[("cancel_reason", "Deux\r\nlignes")]).await;

        let draft = draft_of(&app).await;
        let files = Files::new([("sessions.csv".to_owned(), full_csv(&draft, Dialect::Plain))]);
        let options = Options { slug: "miso".to_owned(), ..Options::default() };
        let mut id = || panic!("nothing is new");
        let imported = import::import(Some(&draft), &files, import::Format::Csv, &options, &mut id).unwrap();

        assert_eq!((imported.added, imported.changed, imported.removed), (0, 0, 0));
        assert_eq!(draft.sessions[0].session.title, "=1+1 | \"Forum\"");
        assert_eq!(draft.sessions[1].session.cancel_reason, "Deux\nlignes");
    }

    async fn what_is_of_another_programme_is_not_there(app: App) {
        app.publish(&miso(vec![session("forum", 5)])).await;
        let mut other = miso(vec![session("secret", 5)]);
        other.programme.slug = "autre".to_owned();
        other.themes[0].slug = "leur".to_owned();
        other.sessions[0].session.theme = Some("leur".to_owned());
        app.publish(&other).await;
        let editor = app.signed_in(Role::Editor).await;

        for path in ["sessions/secret", "sessions/secret/time", "sessions/secret/copy", "sessions/secret/removal", "themes/leur", "themes/leur/removal", "sessions/forum/nonsense"] {
            let path = format!("/fr/office/miso/{path}");
            assert_eq!(editor.get(&path).await.status, Http::NotFound, "{path}");
            assert_eq!(editor.post(&path, &[("title", "x"), ("date", "2027-04-20")]).await.status, Http::NotFound, "{path}");
        }
        let secret = other.sessions.remove(0);
        let mut db = app.pool.acquire().await.unwrap();
        assert_eq!(programme::store::load(&mut db, "autre").await.unwrap().unwrap().1.sessions, [secret]);
    }

    async fn a_form_sent_to_an_area_that_does_not_exist_finds_nothing(app: App) {
        app.publish(&miso(vec![session("forum", 5)])).await;
        let editor = app.signed_in(Role::Editor).await;

        for path in ["xyz", "xyz/forum", "xyz/forum/removal", "new/xyz"] {
            let answer = editor.post(&format!("/fr/office/miso/{path}"), &[("title", "x")]).await;
            assert_eq!(answer.status, Http::NotFound, "{path}");
        }
    }

    async fn a_programme_is_made_in_the_browser_and_begins_with_its_settings(app: App) {
        let owner = app.signed_in(Role::Owner).await;
        let path = "/fr/office/programmes";
        let fields = [("title", "Festival"), ("slug", "festival"), ("starts", "2027-06-01"), ("ends", "2027-06-30"), ("timezone", "Europe/Paris"), ("languages", "fr")];

        let wrong = owner.post(path, &[("title", ""), ("slug", "office"), ("starts", "x"), ("timezone", "Mars")]).await;
        assert_eq!(wrong.status, Http::UnprocessableEntity);
        assert_eq!(mistakes(&wrong), ["ends", "slug", "starts", "timezone", "title"]);
        let made = owner.post(path, &fields).await;

        assert!(made.location().ends_with("/fr/office/festival/settings?done=made"), "{}", made.status);
        assert_eq!(owner.post(path, &fields).await.location(), made.location(), "its answer never came");
        let other = [&[("title", "Autre festival")], &fields[1..]].concat();
        assert_eq!(mistakes(&owner.post(path, &other).await), ["slug"]);
        assert_eq!(owner.get("/fr/office/festival/sessions").await.status, Http::Ok);
        assert_eq!(app.get("/fr/festival").await.status, Http::NotFound, "nobody has published it");
    }

    async fn a_theme_goes_only_when_no_session_bears_it(app: App) {
        app.publish(&miso(vec![session("forum", 5)])).await;
        let editor = app.signed_in(Role::Editor).await;
        let made = editor.post("/fr/office/miso/themes", &[("title", "Eau vive"), ("colour", "")]).await;
        assert!(made.location().ends_with("/themes?done=added"), "{:?}", mistakes(&made));

        let refused = editor.post("/fr/office/miso/themes/lab/removal", &[]).await;
        assert_eq!(refused.status, Http::UnprocessableEntity);
        assert!(refused.body.contains("Session forum"));
        let gone = editor.post("/fr/office/miso/themes/eau-vive/removal", &[]).await;

        assert!(gone.location().ends_with("/themes?done=removed"));
        assert_eq!(draft_of(&app).await.themes.len(), 1);
    }
}
