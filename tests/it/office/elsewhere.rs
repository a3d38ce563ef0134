//! Two programmes in one house: what is of the one is not there below the address of the other, also for who may do
//! everything in both; and trying has written nothing.

use parvis::{
    identity::{Membership, Role, Staff, session as signed, store},
    locale::Lang,
};
use rocket::http::Status;

use super::{
    import,
    proposals::{PDF, WHOLE, filled, jpeg, propose, two_partners, upload, way},
};
use crate::{
    bad_input::{difference, dump},
    builders::session,
    harness::{App, Member},
    html::Found,
};

const ANA: &str = "ana@example.org";

/// `miso`, where Ana is registered, and `autre`, which has organisations, a theme and places of the same names.
async fn two_programmes(app: &App) {
    app.publish(&two_partners(vec![session("s-0", 1)])).await;
    let mut other = two_partners(vec![session("ailleurs", 3)]);
    other.programme.slug = "autre".to_owned();
    app.publish(&other).await;
    app.register(ANA, &["s-0"]).await;
    app.deliver().await;
}

/// Somebody who speaks for the same organisation in both.
async fn partner_in_both(app: &App) -> Member<'_> {
    let in_both = ["miso", "autre"].map(|slug| Membership {
        programme: app.house().publications.current(slug).unwrap().id,
        organisation: "collectif".to_owned(),
    });
    let staff = Staff {
        id: app.tokens.id(app.now()),
        email: "lou@example.org".to_owned(),
        name: "Lou Exemple".to_owned(),
        lang: Lang::Fr,
        role: Role::Partner,
        organisations: in_both.into(),
    };
    let mut tx = app.pool.begin().await.unwrap();
    assert!(store::add(&mut tx, &staff, app.now()).await.unwrap());
    let token = signed::open(&mut tx, &app.tokens, staff.id, "Firefox", app.now()).await.unwrap();
    tx.commit().await.unwrap();
    app.member(staff.id, token)
}

/// The same address below the other programme.
fn elsewhere(path: &str) -> String {
    assert!(path.starts_with("/fr/office/miso/"), "{path}");
    path.replace("/miso/", "/autre/")
}

/// A page that opens where it is, and nowhere else.
async fn is_only_here(member: &Member<'_>, path: &str) {
    assert_eq!(member.get(path).await.status, Status::Ok, "{path}");
    let there = elsewhere(path);
    assert_eq!(member.get(&there).await.status, Status::NotFound, "{there}");
}

/// A form that finds nothing below the other programme.
async fn finds_nothing(member: &Member<'_>, path: &str, fields: &[(&str, &str)]) {
    let there = elsewhere(path);
    assert_eq!(member.post(&there, fields).await.status, Status::NotFound, "{there}");
}

on_both_engines! {
    async fn a_proposal_is_of_one_programme_also_for_a_partner_of_two(app: App) {
        two_programmes(&app).await;
        let (lou, editor) = (partner_in_both(&app).await, app.signed_in(Role::Editor).await);
        let one = propose(&lou, &WHOLE).await;
        way(&upload(&lou, &one, "a.pdf", PDF).await);
        let file = Found::on(&lou.get(&one).await.body).attributes(".proposal-files a", "href").remove(0);
        let theirs = way(&lou.post("/fr/office/autre/proposals", &WHOLE).await);
        for member in [&lou, &editor] {
            assert_eq!(member.get(&theirs).await.status, Status::Ok, "they do have rights there");
        }
        let before = dump(&app).await;

        for path in [one.clone(), format!("{one}/edit"), file.clone()] {
            is_only_here(&lou, &path).await;
        }
        for path in [&one, &file, &format!("{one}/decision/accept"), &format!("{one}/decision/refuse")] {
            is_only_here(&editor, path).await;
        }
        for path in ["", "/comments", "/withdrawal", "/return"] {
            finds_nothing(&lou, &format!("{one}{path}"), &[&WHOLE[..], &[("comment", "Bonjour")]].concat()).await;
        }
        finds_nothing(&lou, &format!("{file}/removal"), &[]).await;
        assert_eq!(upload(&lou, &elsewhere(&one), "b.jpg", &jpeg()).await.status, Status::NotFound);
        finds_nothing(&editor, &format!("{one}/comments"), &[("comment", "Bonjour")]).await;
        for act in ["accept", "refuse", "discuss"] {
            let path = format!("{one}/decision/{act}");
            let decided = filled(&editor.get(&path).await, "form.wide", &[("act", "send")]);
            let decided: Vec<_> = decided.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            finds_nothing(&editor, &path, &decided).await;
        }
        // Nor is a file below another proposal.
        let moved = format!("{theirs}/files/{}", file.rsplit('/').next().unwrap());
        assert_eq!(lou.get(&moved).await.status, Status::NotFound);
        assert_eq!(lou.post(&format!("{moved}/removal"), &[]).await.status, Status::NotFound);
        // What they host there is another session.
        for path in ["sessions/s-0", "sessions/s-0/change", "sessions/s-0/access-needs"] {
            is_only_here(&lou, &format!("/fr/office/miso/proposals/{path}")).await;
        }
        finds_nothing(&lou, "/fr/office/miso/proposals/sessions/s-0", &WHOLE).await;
        assert_eq!(difference(&before, &dump(&app).await), Vec::<String>::new());
    }

    async fn a_message_is_of_one_programme_and_is_sent_from_no_other(app: App) {
        two_programmes(&app).await;
        let editor = app.signed_in(Role::Editor).await;
        let fields = [("about", "programme"), ("to", "both"), ("subject_fr", "Note"), ("text_fr", "Bonjour")];
        let there = way(&editor.post("/fr/office/miso/mails/messages", &fields).await);
        let theirs = way(&editor.post("/fr/office/autre/mails/messages", &fields).await);
        assert_eq!(editor.get(&theirs).await.status, Status::Ok, "there are messages there");
        let seen = Found::on(&editor.get(&there).await.body).attributes("input[name=seen]", "value").remove(0);
        let before = dump(&app).await;

        for path in ["", "/edit", "/preview/fr"] {
            is_only_here(&editor, &format!("{there}{path}")).await;
        }
        finds_nothing(&editor, &there, &fields).await;
        for act in ["tests", "sending", "removal"] {
            finds_nothing(&editor, &format!("{there}/{act}"), &[("seen", &seen)]).await;
        }

        assert_eq!(difference(&before, &dump(&app).await), Vec::<String>::new());
        let sent = editor.post(&format!("{there}/sending"), &[("seen", &seen)]).await;
        assert_eq!(sent.location(), format!("{there}?done=sent"), "from its own address it is");
        assert_eq!(app.mails_to(ANA).await.len(), 2);
    }

    async fn a_person_s_data_are_found_copied_and_erased_from_their_programme_alone(app: App) {
        two_programmes(&app).await;
        let owner = app.signed_in(Role::Owner).await;
        let home = "/fr/office/miso/data/people";
        let there = way(&owner.post(home, &[("email", ANA)]).await);
        assert!(there.starts_with(home), "{there}");
        let before = dump(&app).await;

        let nobody = owner.post(&elsewhere(home), &[("email", ANA)]).await;
        assert_eq!(nobody.status, Status::UnprocessableEntity, "{}", nobody.location());
        is_only_here(&owner, &there).await;
        let copy = owner.get(&elsewhere(&format!("{there}/data.json"))).await;
        assert_eq!((copy.status, copy.body.contains(ANA)), (Status::NotFound, false));
        finds_nothing(&owner, &format!("{there}/erasure"), &[("email", ANA)]).await;

        assert_eq!(difference(&before, &dump(&app).await), Vec::<String>::new());
        assert!(owner.get(&format!("{there}/data.json")).await.body.contains(ANA));
    }

    async fn a_file_that_was_sent_to_one_programme_is_taken_into_no_other(app: App) {
        two_programmes(&app).await;
        let owner = app.signed_in(Role::Owner).await;
        let table = b"title,date\nUne nouvelle,2027-04-20\n";
        let sent = async |slug: &str| {
            let path = format!("/fr/office/{slug}/import");
            way(&import::send(&owner, &path, "a.csv", table).await)
        };
        let (here, theirs) = (sent("miso").await, sent("autre").await);
        assert_eq!(owner.get(&theirs).await.status, Status::Ok, "one may import there");
        let fields = Found::on(&owner.get(&here).await.body).fields("form.save");
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let before = dump(&app).await;

        is_only_here(&owner, &here).await;
        finds_nothing(&owner, &format!("{here}/choices"), &[("column", "title"), ("column", "date")]).await;
        finds_nothing(&owner, &format!("{here}/draft"), &fields).await;
        finds_nothing(&owner, &format!("{here}/deletion"), &[]).await;

        assert_eq!(difference(&before, &dump(&app).await), Vec::<String>::new());
        assert_eq!(owner.post(&format!("{here}/draft"), &fields).await.location(), here, "and into its own it is");
        let list = Found::on(&owner.get("/fr/office/miso/sessions").await.body);
        assert!(list.texts("tbody th a").contains(&"Une nouvelle".to_owned()));
    }

    async fn who_is_to_be_called_is_noted_as_told_from_their_programme_alone(app: App) {
        two_programmes(&app).await;
        let desk = app.signed_in(Role::Desk).await;
        let people = "/fr/office/miso/people";
        let rosa = [("name", "Rosa"), ("phone", "022 123 45 67"), ("session", "s-0"), ("key", "k")];
        let warned = Found::on(&desk.post(people, &rosa).await.body);
        let seen = warned.attributes("input[name=seen]", "value").remove(0);
        way(&desk.post(people, &[&rosa[..], &[("seen", &seen)]].concat()).await);
        let agenda = app.agenda_path(ANA).await;
        app.post(&format!("{agenda}/cancellations"), &[("session", "miso/s-0")]).await;
        app.deliver().await;
        let calls = async |path: &str| {
            let page = Found::on(&desk.get(path).await.body);
            page.attributes(".card form[action*='/to-call/']", "action")
        };
        let list = format!("{people}/to-call");
        let open = calls(&list).await;
        assert_eq!(open.len(), 1);
        let told = open[0].split('?').next().unwrap();
        let before = dump(&app).await;

        for back in ["", "?back=person"] {
            let answer = desk.post(&elsewhere(&format!("{told}{back}")), &[]).await;
            assert_eq!((answer.status, answer.location()), (Status::SeeOther, &*elsewhere(&list)), "as what is done");
        }

        assert_eq!(difference(&before, &dump(&app).await), Vec::<String>::new(), "it is open, and no line says otherwise");
        assert_eq!((calls(&list).await, calls(&elsewhere(&list)).await), (open.clone(), vec![]));
        way(&desk.post(told, &[]).await);
        assert_eq!(calls(&list).await, Vec::<String>::new());
    }
}
