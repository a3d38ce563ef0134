//! Every page: each GET route of the application, in each language, with no session, one, and eighty.
//!
//! A new route without a line in [`TABLE`] fails. `look.rs` says what must be true of any page, `crawl.rs`
//! follows the links of the demo, `checked.rs` has axe-core look at each in a browser.

mod checked;
mod crawl;
mod crowded;
mod forms;
mod look;
mod office;
mod proposals;

use std::collections::BTreeMap;

use chrono::NaiveTime;
use parvis::{
    audit::Actor,
    identity::Role,
    locale::Lang,
    programme::{
        self, Access, Capacity, DraftSession, Format, PressRelease, Registration, RegistrationTime,
        Status as Held,
    },
    registration::{attendance, certificate, message, reminders, store, thanks},
    tokens::Purpose,
};
use rocket::http::{Header, Method, Status};

use crate::{
    builders::{miso, on_day, session},
    harness::{App, BASE_URL, Given as _, Page, TestDb},
};
use look::Look;

/// What a route answers with.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    /// A page for everybody: canonical address, twins, `ETag`.
    Public,
    /// A page of one person, or a form: for no cache and no search engine.
    Private,
    /// A file with an `ETag`.
    File,
    /// A file behind a secret link.
    Secret,
    /// A page of the office, as an owner sees it: without a session one is sent to sign in.
    Office,
    /// A file of the office, for who is signed in alone.
    OfficeFile,
    /// An address of the office that leads on, with 303.
    OfficeWay,
    /// Whatever; with this status.
    Plain(Status),
}
use Kind::{File, Office, OfficeFile, OfficeWay, Plain, Private, Public, Secret};

/// Each GET route, and the addresses that stand for it. `{lang}` is each language, `{session}` each session of the
/// programme, `{agenda}`, `{feed}`, `{reminders}` and `{order}` a registered person's; without one, such an address is left out.
const TABLE: &[(&str, Kind, &[&str])] = &[
    ("/?<lang>", Plain(Status::SeeOther), &["/", "/?lang=en", "/?lang=xx"]),
    ("/<lang>", Public, &["/{lang}/"]),
    ("/<lang>/accessibility", Public, &["/{lang}/accessibility"]),
    ("/<lang>/privacy", Public, &["/{lang}/privacy"]),
    (
        "/<lang>/<slug>",
        Public,
        &[
            "/{lang}/miso",
            "/{lang}/miso?q=session&open=1&online=1&format=workshop",
            "/{lang}/miso?q=zzz&theme=lab&day=2027-04-20&access=step-free",
            "/{lang}/miso?theme=none&format=%3Cb%3E&day=never&page=%F0%9F%8E%89&q=%22%3E%3Cscript%3E",
        ],
    ),
    ("/<lang>/<slug>/sessions/<session>", Public, &["/{lang}/miso/sessions/{session}"]),
    ("/<lang>/<slug>/themes/<theme>", Public, &["/{lang}/miso/themes/lab", "/{lang}/miso/themes/vide"]),
    ("/<lang>/<slug>/organisations/<organisation>", Public, &["/{lang}/miso/organisations/collectif"]),
    ("/<lang>/<slug>/changes", Public, &["/{lang}/miso/changes"]),
    ("/<lang>/<slug>/press", Public, &["/{lang}/miso/press"]),
    ("/<lang>/<slug>/press/<release>", Public, &["/{lang}/miso/press/annonce"]),
    (
        "/<lang>/<slug>/register",
        Private,
        &[
            "/{lang}/miso/register",
            "/{lang}/miso/register?session=none",
            "/{lang}/miso/register?session={session}",
        ],
    ),
    ("/<lang>/<slug>/orders/<token>", Private, &["/{lang}/miso/orders/{order}"]),
    ("/<lang>/agenda/<token>", Private, &["/{lang}/agenda/{agenda}", "/{lang}/agenda/{agenda}?done=1"]),
    (
        "/<lang>/agenda/<token>/offers/<session>",
        Private,
        &["/{lang}/agenda/{agenda}/offers/{had}", "/{lang}/agenda/{agenda}/offers/{offered}"],
    ),
    ("/<lang>/confirm/<token>", Private, &["/{lang}/confirm/{confirm}"]),
    ("/<lang>/agenda/<token>/calendar.ics", Secret, &["/{lang}/agenda/{feed}/calendar.ics"]),
    (
        "/<lang>/agenda/<token>/sessions",
        Private,
        &[
            "/{lang}/agenda/{agenda}/sessions",
            "/{lang}/agenda/{agenda}/sessions?session=nope/nope",
            "/{lang}/agenda/{agenda}/sessions?session=miso/{session}",
        ],
    ),
    (
        "/<lang>/agenda/<token>/certificates/<file>",
        Secret,
        &["/{lang}/agenda/{agenda}/certificates/{attended}.pdf"],
    ),
    (
        "/<lang>/agenda/<token>/certificates/<programme>/<file>",
        Secret,
        &["/{lang}/agenda/{agenda}/certificates/{attended}/s-0.pdf"],
    ),
    (
        "/<lang>/certificates",
        Private,
        &["/{lang}/certificates", "/{lang}/certificates?code=", "/{lang}/certificates?x=%3Cb%3E"],
    ),
    ("/<lang>/certificates/<code>", Private, &["/{lang}/certificates/{code}"]),
    (
        "/<lang>/feedback/<token>",
        Private,
        &["/{lang}/feedback/{feedback}", "/{lang}/feedback/{feedback}?done=1"],
    ),
    ("/<lang>/agenda/<token>/erasure", Private, &["/{lang}/agenda/{agenda}/erasure"]),
    ("/<lang>/agenda/<token>/data.json", Secret, &["/{lang}/agenda/{agenda}/data.json"]),
    (
        "/<lang>/link",
        Private,
        &[
            "/{lang}/link",
            "/{lang}/link?done=sent",
            "/{lang}/link?done=renewed",
            "/{lang}/link?done=erased",
            "/{lang}/link?done=%3Cb%3E",
        ],
    ),
    (
        "/<lang>/office/sign-in",
        Private,
        &[
            "/{lang}/office/sign-in",
            "/{lang}/office/sign-in?done=out&next=/fr/office/users",
            "/{lang}/office/sign-in?next=%3Cb%3E",
        ],
    ),
    // Without a password that was right there is nothing to add a code to; with one see `office.rs` beside this.
    ("/<lang>/office/sign-in/code", Plain(Status::SeeOther), &["/{lang}/office/sign-in/code"]),
    ("/<lang>/office/password", Private, &["/{lang}/office/password", "/{lang}/office/password?done=sent"]),
    ("/<lang>/office/password/<token>", Private, &["/{lang}/office/password/{office-reset}"]),
    (
        "/<lang>/office/mailed-link",
        Private,
        &["/{lang}/office/mailed-link", "/{lang}/office/mailed-link?done=sent"],
    ),
    ("/<lang>/office/mailed-link/<token>", Private, &["/{lang}/office/mailed-link/{office-link}"]),
    ("/<lang>/office/invitation/<token>", Private, &["/{lang}/office/invitation/{office-invitation}"]),
    (
        "/<lang>/office/join/<token>",
        Private,
        &["/{lang}/office/join/{joining}", "/{lang}/office/join/{joining}?done=sent"],
    ),
    ("/<lang>/office/joining/<token>", Private, &["/{lang}/office/joining/{joining-answer}"]),
    (
        "/<lang>/office/<slug>/proposals",
        Office,
        &[
            "/{lang}/office/miso/proposals",
            "/{lang}/office/miso/proposals?state=accepted",
            "/{lang}/office/miso/proposals?state=%3Cb%3E&done=same",
        ],
    ),
    // The team writes into the draft itself.
    ("/<lang>/office/<slug>/proposals/new", OfficeWay, &["/{lang}/office/miso/proposals/new"]),
    (
        "/<lang>/office/<slug>/proposals/<id>",
        Office,
        &[
            "/{lang}/office/miso/proposals/{proposal}",
            "/{lang}/office/miso/proposals/{proposal}?done=said",
            "/{lang}/office/miso/proposals/{proposal-change}",
        ],
    ),
    ("/<lang>/office/<slug>/proposals/<id>/edit", Office, &["/{lang}/office/miso/proposals/{proposal}/edit"]),
    (
        "/<lang>/office/<slug>/proposals/<id>/decision/<act>",
        Office,
        &[
            "/{lang}/office/miso/proposals/{proposal}/decision/accept",
            "/{lang}/office/miso/proposals/{proposal}/decision/discuss",
            "/{lang}/office/miso/proposals/{proposal}/decision/refuse",
            "/{lang}/office/miso/proposals/{proposal-change}/decision/accept",
        ],
    ),
    (
        "/<lang>/office/<slug>/proposals/<id>/files/<file>",
        OfficeFile,
        &["/{lang}/office/miso/proposals/{proposal-file}"],
    ),
    (
        "/<lang>/office/<slug>/proposals/partners",
        Office,
        &["/{lang}/office/miso/proposals/partners", "/{lang}/office/miso/proposals/partners?done=link"],
    ),
    (
        "/<lang>/office/<slug>/proposals/sessions/<session>",
        Office,
        &["/{lang}/office/miso/proposals/sessions/{told}"],
    ),
    (
        "/<lang>/office/<slug>/proposals/sessions/<session>/access-needs",
        Office,
        &["/{lang}/office/miso/proposals/sessions/{told}/access-needs"],
    ),
    (
        "/<lang>/office/<slug>/proposals/sessions/<session>/change",
        OfficeWay,
        &["/{lang}/office/miso/proposals/sessions/{told}/change"],
    ),
    ("/<lang>/office/account", Office, &["/{lang}/office/account", "/{lang}/office/account?done=name"]),
    ("/<lang>/office/account/second-step", Office, &["/{lang}/office/account/second-step"]),
    (
        "/<lang>/office/account/second-step/picture.svg",
        OfficeFile,
        &["/{lang}/office/account/second-step/picture.svg"],
    ),
    ("/<lang>/office/users", Office, &["/{lang}/office/users", "/{lang}/office/users?done=invited"]),
    ("/<lang>/office/users/<id>", Office, &["/{lang}/office/users/{office-person}"]),
    ("/<lang>/office", Office, &["/{lang}/office"]),
    (
        "/<lang>/office/<slug>/sessions",
        Office,
        &[
            "/{lang}/office/miso/sessions",
            "/{lang}/office/miso/sessions?q=session&look=warnings&sort=title&page=2",
            "/{lang}/office/miso/sessions?theme=%3Cb%3E&state=all&q=%22%3E%3Cscript%3E&done=removed",
        ],
    ),
    (
        "/<lang>/office/<slug>/sessions/<session>",
        Office,
        &["/{lang}/office/miso/sessions/{session}", "/{lang}/office/miso/sessions/{session}?done=saved"],
    ),
    (
        "/<lang>/office/<slug>/sessions/<session>/time",
        Office,
        &["/{lang}/office/miso/sessions/{session}/time"],
    ),
    (
        "/<lang>/office/<slug>/sessions/<session>/<act>",
        Office,
        &[
            "/{lang}/office/miso/sessions/{session}/copy",
            "/{lang}/office/miso/sessions/{session}/series",
            "/{lang}/office/miso/sessions/{session}/cancellation",
            "/{lang}/office/miso/sessions/{session}/return",
            "/{lang}/office/miso/sessions/{session}/withdrawal",
            "/{lang}/office/miso/sessions/{session}/removal",
        ],
    ),
    (
        "/<lang>/office/<slug>/new/session?<date>",
        Office,
        &["/{lang}/office/miso/new/session", "/{lang}/office/miso/new/session?date=2027-04-20"],
    ),
    (
        "/<lang>/office/<slug>/<area>",
        Office,
        &[
            "/{lang}/office/miso/themes",
            "/{lang}/office/miso/places",
            "/{lang}/office/miso/organisations",
            "/{lang}/office/miso/press",
            "/{lang}/office/miso/press?done=added",
            "/{lang}/office/miso/themes?q=%22%3E%3Cb%3E&sort=-sessions&page=99",
            "/{lang}/office/miso/press?q=communique&sort=-press",
        ],
    ),
    (
        "/<lang>/office/<slug>/<area>/<item>",
        Office,
        &[
            "/{lang}/office/miso/themes/lab",
            "/{lang}/office/miso/places/maison",
            "/{lang}/office/miso/organisations/collectif",
            "/{lang}/office/miso/press/annonce",
        ],
    ),
    (
        "/<lang>/office/<slug>/<area>/<item>/removal",
        Office,
        &["/{lang}/office/miso/themes/lab/removal", "/{lang}/office/miso/press/annonce/removal"],
    ),
    (
        "/<lang>/office/<slug>/new/<area>",
        Office,
        &[
            "/{lang}/office/miso/new/themes",
            "/{lang}/office/miso/new/places",
            "/{lang}/office/miso/new/organisations",
            "/{lang}/office/miso/new/press",
            "/{lang}/office/miso/new/press?with=annonce&language=en",
            "/{lang}/office/miso/new/press?with=%3Cb%3E&language=%22%3E%3Cscript%3E",
        ],
    ),
    ("/<lang>/office/<slug>/settings", Office, &["/{lang}/office/miso/settings"]),
    (
        "/<lang>/office/<slug>/weeks?<week>",
        Office,
        &["/{lang}/office/miso/weeks", "/{lang}/office/miso/weeks?week=2027-04-26"],
    ),
    ("/<lang>/office/<slug>/colours.css", OfficeFile, &["/fr/office/miso/colours.css"]),
    ("/<lang>/office/programmes/new", Office, &["/{lang}/office/programmes/new"]),
    ("/<lang>/office/<slug>", OfficeWay, &["/{lang}/office/miso"]),
    (
        "/<lang>/office/<slug>/publish",
        Office,
        &[
            "/{lang}/office/miso/publish",
            "/{lang}/office/miso/publish?done=planned",
            "/{lang}/office/miso/publish?done=%3Cb%3E",
        ],
    ),
    (
        "/<lang>/office/<slug>/publish/mails/<session>/<kind>",
        Office,
        &["/{lang}/office/miso/publish/mails/{told}/changed"],
    ),
    (
        "/<lang>/office/<slug>/releases",
        Office,
        &["/{lang}/office/miso/releases", "/{lang}/office/miso/releases?older=1"],
    ),
    (
        "/<lang>/office/<slug>/releases/<number>",
        Office,
        &["/{lang}/office/miso/releases/1", "/{lang}/office/miso/releases/2?done=published"],
    ),
    (
        "/<lang>/office/<slug>/figures?<asked..>",
        Office,
        &[
            "/{lang}/office/miso/figures",
            "/{lang}/office/miso/figures?organisation=collectif&sort=queue",
            "/{lang}/office/miso/figures?organisation=%3Cb%3E&sort=%22%3E&page=99",
        ],
    ),
    (
        "/<lang>/office/<slug>/figures/<file>?<dialect>&<asked..>",
        OfficeFile,
        &["/{lang}/office/miso/figures/sessions.csv", "/{lang}/office/miso/figures/days.csv?dialect=excel"],
    ),
    (
        "/<lang>/office/figures-link/<token>?<asked..>",
        Private,
        &[
            "/{lang}/office/figures-link/{figures}",
            "/{lang}/office/figures-link/{figures}?organisation=collectif&page=2",
        ],
    ),
    (
        "/<lang>/office/figures-link/<token>/<file>?<dialect>&<asked..>",
        Secret,
        &["/{lang}/office/figures-link/{figures}/summary.csv"],
    ),
    ("/<lang>/office/log", Office, &["/{lang}/office/log", "/{lang}/office/log?who=command&subject=%3Cb%3E"]),
    (
        "/<lang>/office/<slug>/log",
        Office,
        &["/{lang}/office/miso/log", "/{lang}/office/miso/log?action=nothing"],
    ),
    ("/<lang>/office/log.csv", OfficeFile, &["/{lang}/office/log.csv"]),
    ("/<lang>/office/<slug>/log.csv", OfficeFile, &["/{lang}/office/miso/log.csv"]),
    (
        "/<lang>/office/<slug>/registrations?<asked..>",
        Office,
        &[
            "/{lang}/office/miso/registrations",
            "/{lang}/office/miso/registrations?q=session&sort=fill&show=all",
            "/{lang}/office/miso/registrations?q=%3Cb%3E&sort=queue&page=99",
            "/{lang}/office/miso/registrations?theme=%22%3E%3Cb%3E&day=2027-04-19&show=all",
        ],
    ),
    (
        "/<lang>/office/<slug>/registrations/<session>?<asked..>",
        Office,
        &[
            "/{lang}/office/miso/registrations/{session}",
            "/{lang}/office/miso/registrations/{session}?state=cancelled&said=live",
            "/{lang}/office/miso/registrations/{session}?state=needs&after=-1",
        ],
    ),
    (
        "/<lang>/office/<slug>/registrations/<session>/registrations.csv?<dialect>",
        OfficeFile,
        &["/{lang}/office/miso/registrations/{session}/registrations.csv"],
    ),
    (
        "/<lang>/office/<slug>/registrations/<session>/access-needs",
        Office,
        &["/{lang}/office/miso/registrations/{session}/access-needs"],
    ),
    ("/<lang>/office/<slug>/door", Office, &["/{lang}/office/miso/door"]),
    (
        "/<lang>/office/<slug>/door/<session>?<asked..>",
        Office,
        &[
            "/{lang}/office/miso/door/{session}",
            "/{lang}/office/miso/door/{session}?q=ana",
            "/{lang}/office/miso/door/{session}?q=CCCC-CCCC&show=missing",
            "/{lang}/office/miso/door/{session}?q=%3Cb%3E&show=%22%3E%3Cscript%3E&page=99&said=nope",
        ],
    ),
    ("/<lang>/office/<slug>/door/<session>/live", OfficeFile, &["/{lang}/office/miso/door/{session}/live"]),
    (
        "/<lang>/office/<slug>/people?<asked..>",
        Office,
        &[
            "/{lang}/office/miso/people",
            "/{lang}/office/miso/people?q=ana&whom=unreached",
            "/{lang}/office/miso/people?q=%3Cb%3E&after=nope",
        ],
    ),
    ("/<lang>/office/<slug>/people/to-call", Office, &["/{lang}/office/miso/people/to-call"]),
    (
        "/<lang>/office/<slug>/people/new?<asked..>",
        Office,
        &[
            "/{lang}/office/miso/people/new",
            "/{lang}/office/miso/people/new?session={session}",
            "/{lang}/office/miso/people/new?person={person}&session=nope",
        ],
    ),
    (
        "/<lang>/office/<slug>/people/<id>?<asked..>",
        Office,
        &[
            "/{lang}/office/miso/people/{person}",
            "/{lang}/office/miso/people/{person}?said=moved",
            "/{lang}/office/miso/people/{person}?move={had}",
        ],
    ),
    ("/<lang>/office/<slug>/people/<id>/slip", Office, &["/{lang}/office/miso/people/{person}/slip"]),
    (
        "/<lang>/office/mails?<asked..>",
        Office,
        &[
            "/{lang}/office/mails",
            "/{lang}/office/mails?state=sent&kind=order&to=ana%40example.org&day=2027-03-01",
            "/{lang}/office/mails?state=%3Cb%3E&kind=x&to=%22%3E%3Cscript%3E&day=never&before=x",
        ],
    ),
    (
        "/<lang>/office/mails/<id>?<done>",
        Office,
        &["/{lang}/office/mails/{mail}", "/{lang}/office/mails/{mail}?done=late"],
    ),
    ("/<lang>/office/mails/<id>/page", OfficeFile, &["/{lang}/office/mails/{mail}/page"]),
    (
        "/<lang>/office/<slug>/mails?<asked..>",
        Office,
        &[
            "/{lang}/office/miso/mails",
            "/{lang}/office/miso/mails?state=failed",
            "/{lang}/office/miso/mails?tried=2",
        ],
    ),
    ("/<lang>/office/<slug>/mails/messages", Office, &["/{lang}/office/miso/mails/messages"]),
    (
        "/<lang>/office/<slug>/mails/messages/new?<about>",
        Office,
        &[
            "/{lang}/office/miso/mails/messages/new",
            "/{lang}/office/miso/mails/messages/new?about=session:{session}",
        ],
    ),
    (
        "/<lang>/office/<slug>/mails/messages/<id>?<done>",
        Office,
        &[
            "/{lang}/office/miso/mails/messages/{message}",
            "/{lang}/office/miso/mails/messages/{message}?done=test",
        ],
    ),
    (
        "/<lang>/office/<slug>/mails/messages/<id>/edit",
        Office,
        &["/{lang}/office/miso/mails/messages/{message}/edit"],
    ),
    (
        "/<lang>/office/<slug>/mails/messages/<id>/preview/<reads>",
        OfficeFile,
        &["/{lang}/office/miso/mails/messages/{message}/preview/en"],
    ),
    ("/<lang>/office/<slug>/mails/texts", Office, &["/{lang}/office/miso/mails/texts"]),
    (
        "/<lang>/office/<slug>/mails/texts/<code>?<kept>",
        Office,
        &[
            "/{lang}/office/miso/mails/texts/confirmed",
            "/{lang}/office/miso/mails/texts/waiting",
            "/{lang}/office/miso/mails/texts/mixed",
            "/{lang}/office/miso/mails/texts/promoted",
            "/{lang}/office/miso/mails/texts/offered",
            "/{lang}/office/miso/mails/texts/expired",
            "/{lang}/office/miso/mails/texts/cancelled",
            "/{lang}/office/miso/mails/texts/changed",
            "/{lang}/office/miso/mails/texts/reminder?kept=1",
            "/{lang}/office/miso/mails/texts/thanks",
        ],
    ),
    (
        "/<lang>/office/<slug>/mails/texts/<code>/preview/<reads>",
        OfficeFile,
        &["/{lang}/office/miso/mails/texts/{mailtext}/preview/fr"],
    ),
    (
        "/<lang>/office/<slug>/data?<done>",
        Office,
        &["/{lang}/office/miso/data", "/{lang}/office/miso/data?done=days"],
    ),
    ("/<lang>/office/<slug>/data/archive.zip", OfficeFile, &["/fr/office/miso/data/archive.zip"]),
    ("/<lang>/office/<slug>/data/people/<id>", Office, &["/{lang}/office/miso/data/people/{person}"]),
    (
        "/<lang>/office/<slug>/data/people/<id>/data.json",
        OfficeFile,
        &["/{lang}/office/miso/data/people/{person}/data.json"],
    ),
    ("/<lang>/office/import", Office, &["/{lang}/office/import"]),
    ("/<lang>/office/<slug>/import", Office, &["/{lang}/office/miso/import"]),
    (
        "/<lang>/office/<slug>/import/<file>?<changed>",
        Office,
        &["/{lang}/office/miso/import/{import}", "/{lang}/office/miso/import/{import}?changed=1"],
    ),
    ("/<lang>/office/<slug>/export", Office, &["/{lang}/office/miso/export"]),
    (
        "/<lang>/office/<slug>/export/<file>",
        OfficeFile,
        &[
            "/{lang}/office/miso/export/sessions.csv",
            "/{lang}/office/miso/export/sessions.xlsx",
            "/{lang}/office/miso/export/registrations.csv",
            "/{lang}/office/miso/export/registrations.xlsx",
        ],
    ),
    (
        "/<lang>/<slug>/call",
        Private,
        &["/{lang}/miso/call", "/{lang}/miso/call?done=sent", "/{lang}/miso/call?done=erased"],
    ),
    (
        "/<lang>/<slug>/call/<token>",
        Private,
        &["/{lang}/miso/call/{call}", "/{lang}/miso/call/{call}?done=said"],
    ),
    ("/<lang>/<slug>/call/<token>/edit", Private, &["/{lang}/miso/call/{call}/edit"]),
    ("/<lang>/unsubscribe/<token>", Private, &["/{lang}/unsubscribe/{reminders}"]),
    ("/<lang>/<slug>/calendar.ics", File, &["/{lang}/miso/calendar.ics"]),
    ("/<lang>/<slug>/themes/<theme>/calendar.ics", File, &["/{lang}/miso/themes/lab/calendar.ics"]),
    (
        "/<lang>/<slug>/sessions/<session>/calendar.ics",
        File,
        &["/{lang}/miso/sessions/{session}/calendar.ics"],
    ),
    ("/<lang>/<slug>/opening.ics", File, &["/{lang}/miso/opening.ics"]),
    ("/<lang>/<slug>/sessions/<session>/opening.ics", File, &["/{lang}/miso/sessions/{session}/opening.ics"]),
    ("/<lang>/<slug>/colours.css", File, &["/{lang}/miso/colours.css", "/{lang}/miso/colours.css?r=1"]),
    ("/<lang>/<slug>/schedule.xml", File, &["/{lang}/miso/schedule.xml"]),
    ("/<lang>/<slug>/schedule.json", File, &["/{lang}/miso/schedule.json"]),
    ("/<lang>/<slug>/sessions.csv", File, &["/{lang}/miso/sessions.csv"]),
    ("/<lang>/<slug>/changes.atom", File, &["/{lang}/miso/changes.atom"]),
    ("/<lang>/<slug>/press.atom", File, &["/{lang}/miso/press.atom"]),
    ("/static/<name>", File, &["{static}"]),
    ("/favicon.ico", File, &["/favicon.ico"]),
    ("/robots.txt", Plain(Status::Ok), &["/robots.txt"]),
    ("/sitemap.xml", Plain(Status::Ok), &["/sitemap.xml"]),
    // No contact is set in tests.
    ("/.well-known/security.txt", Plain(Status::NotFound), &["/.well-known/security.txt"]),
    ("/healthz", Plain(Status::Ok), &["/healthz"]),
    ("/readyz", Plain(Status::Ok), &["/readyz"]),
    // A request without a peer may not watch.
    ("/metrics", Plain(Status::NotFound), &["/metrics"]),
];

/// So many sorts of sessions there are, one after the other, and then again from the first.
const SORTS: usize = 10;

/// So many sessions of every kind, a day after the other.
fn sessions(count: usize) -> Vec<DraftSession> {
    (0..count).map(|at| on_day(a_session(at), i64::try_from(at / 4).unwrap())).collect()
}

fn a_session(at: usize) -> DraftSession {
    let mut draft = session(&format!("s-{at}"), 3);
    let (session, live) = (&mut draft.session, &mut draft.live);
    session.formats =
        vec![Format::ALL[at % Format::ALL.len()], Format::ALL[(at * 3 + 1) % Format::ALL.len()]];
    session.formats.dedup();
    session.access = vec![Access::StepFree, Access::Text("Entrée par la cour".to_owned())];
    session.tags = vec!["quartier".to_owned(), format!("thème {}", at % 5)];
    match at % SORTS {
        1 => (session.online, session.place) = (true, None),
        2 => session.online = true,
        3 => session.status = Held::Cancelled,
        4 => (session.start, session.end, session.theme) = (None, None, None),
        5 => session.end = session.end.map(|end| end + chrono::TimeDelta::days(2)),
        6 => live.registration = Registration::External("https://inscription.example.org/a".to_owned()),
        7 => live.registration = Registration::Invitation,
        8 => {
            session.text_language = Some("en".to_owned());
            session.title = "A very long title about everything that nobody ever wanted to know ".repeat(3);
            session.languages = vec!["en".to_owned(), "de".to_owned()];
            session.hosts = Vec::new();
        }
        9 => (session.end, live.capacity, session.place) = (None, Capacity::Unlimited, None),
        _ => session.start = NaiveTime::from_hms_opt(9, 30, 0),
    }
    draft
}

/// The programme `miso` of so many sessions, a person in them, and as many people in one of them as there are sessions;
/// what stands in their addresses.
async fn start(app: &App, count: usize) -> BTreeMap<&'static str, Vec<String>> {
    let mut draft = miso(sessions(count));
    draft.themes.push(parvis::programme::Theme {
        slug: "vide".to_owned(),
        title: "Rien encore".to_owned(),
        summary: String::new(),
        ..draft.themes[0].clone()
    });
    // Since before the time of the test: every session has the entry of its opening.
    draft.programme.rules.opens = Some(RegistrationTime::At("2027-02-01T09:00:00".parse().unwrap()));
    draft.programme.call = parvis::programme::Call {
        opens: Some("2027-02-01T09:00:00".parse().unwrap()),
        closes: None,
        text: "# Ce que nous cherchons\n\n- des ateliers".to_owned(),
    };
    draft.press.push(PressRelease {
        slug: "annonce".to_owned(),
        title: "Un mois pour essayer".to_owned(),
        place: "Genève".to_owned(),
        date: "2027-02-15".parse().unwrap(),
        language: "fr".to_owned(),
        body: "# Un titre\n\nTexte.\n\n#### Plus bas\n\n## Encore".to_owned(),
    });
    app.publish(&draft).await;
    // A second edition, so that there are changes.
    draft.programme.summary.push_str("\n\n### Pour qui ?\n\nPour tout le monde.");
    if let Some(first) = draft.sessions.first_mut() {
        first.session.title.push_str(" et suite");
        first.session.speakers.push("Une bibliothécaire".to_owned());
    }
    app.publish(&draft).await;

    let mut known = BTreeMap::from([
        ("{lang}", Lang::ALL.map(|lang| lang.code().to_owned()).to_vec()),
        ("{session}", visited(&draft.sessions)),
    ]);
    known.insert("{import}", office::sent(app, count).await);
    let home = Look::at("/fr/", Lang::Fr, &app.get("/fr/").await.body);
    let files = home.attributes("[href^='/static/']", "href").into_iter();
    known.insert("{static}", files.chain(home.attributes("[src]", "src")).collect());
    let chosen: Vec<&str> = ["s-0", "s-1", "s-2", "s-5"].into_iter().take(count).collect();
    if !chosen.is_empty() {
        let order = app.register("ana@example.org", &chosen).await;
        known.insert("{order}", vec![last_part(order.location())]);
        let agenda = app.agenda_path("ana@example.org").await;
        let feed = app.get(&agenda).await.body;
        let feed = feed.split("/calendar.ics").next().unwrap().rsplit('/').next().unwrap().to_owned();
        known.insert("{agenda}", vec![last_part(&agenda)]);
        known.insert("{feed}", vec![feed]);
        crowded::come(app, &crowded::session(count), count).await;
        known.extend(after(app).await);
        known.insert("{reminders}", vec![reminders_token(app, "ana@example.org").await]);
        known.insert("{had}", vec!["s-0".to_owned()]);
        let (confirm, offered) = pending(app, &draft).await;
        known.insert("{confirm}", vec![confirm]);
        known.insert("{offered}", vec![offered]);
        known.insert("{told}", vec![told(app).await]);
        known.extend(of_the_post(app).await);
    }
    known
}

/// Those whose own pages are visited: one of each sort, and the last. The lists have them all.
fn visited(sessions: &[DraftSession]) -> Vec<String> {
    let (first, rest) = sessions.split_at(sessions.len().min(SORTS));
    first.iter().chain(rest.last()).map(|one| one.session.slug.clone()).collect()
}

/// Ana has come to `s-0`; what that gives her.
async fn after(app: &App) -> [(&'static str, Vec<String>); 4] {
    let published = app.house().publications.current("miso").unwrap();
    let session = published.session("s-0").unwrap();
    let starts = session.starts_at(published.release.programme.timezone);
    let list = attendance::list::read("t", b"ana@example.org", "s-0").unwrap();
    let marked = attendance::mark(
        app.house(),
        Actor::Command,
        published.id,
        session.id,
        &list,
        attendance::Mode::Write,
        starts,
    );
    assert!(matches!(marked.await.unwrap(), attendance::Marked::Done(_)));
    let mut db = app.pool.acquire().await.unwrap();
    let ana = store::participant_by_email(&mut db, "ana@example.org").await.unwrap().unwrap();
    let code = certificate::store::of_person(&mut db, ana.id).await.unwrap().remove(0).code;
    let hers = store::registrations_of(&mut db, &[ana.id]).await.unwrap();
    let registration = hers.iter().find(|one| one.session == session.id).unwrap().id;
    let token = app.house().key.seal(Purpose::Feedback, registration, thanks::FEEDBACK_VERSION);
    drop(db);
    // The questions open when the session begins.
    app.pass(starts - app.now());
    [
        ("{attended}", vec!["miso".to_owned()]),
        ("{code}", vec![parvis::registration::certificate::readable(&code)]),
        ("{feedback}", vec![token]),
        ("{person}", vec![ana.id.to_string()]),
    ]
}

/// A mail, a message that is not sent, and a person, for the office.
async fn of_the_post(app: &App) -> [(&'static str, Vec<String>); 4] {
    let programme = app.house().publications.current("miso").unwrap().id;
    let mut tx = app.pool.begin().await.unwrap();
    let mail = parvis::mail::outbox::to(&mut tx, "ana@example.org").await.unwrap()[0].id;
    let words = message::Words { subject: "Note".to_owned(), text: "Bonjour {name}, {when}".to_owned() };
    let content = message::Content {
        about: message::About::Programme,
        to: message::To::Both,
        texts: [(Lang::Fr, words)].into(),
    };
    let id = app.tokens.id(app.now());
    message::store::keep(&mut tx, (id, "key"), programme, &content, id, app.now()).await.unwrap();
    let person = store::participant_by_email(&mut tx, "ana@example.org").await.unwrap().unwrap().id;
    tx.commit().await.unwrap();
    [
        ("{mail}", vec![mail.to_string()]),
        ("{message}", vec![id.to_string()]),
        ("{person}", vec![person.to_string()]),
        ("{mailtext}", vec!["thanks".to_owned()]),
    ]
}

/// What a reminder would bear.
pub(crate) async fn reminders_token(app: &App, email: &str) -> String {
    let house = app.house();
    let mut tx = app.pool.begin().await.unwrap();
    let person = store::participant_by_email(&mut tx, email).await.unwrap().unwrap().id;
    let programme = house.publications.current("miso").unwrap().id;
    let id = house.tokens.id(app.now());
    reminders::store::choices(&mut tx, programme, &[(person, id)]).await.unwrap();
    tx.commit().await.unwrap();
    house.key.seal(Purpose::Reminders, id, reminders::LINK_VERSION)
}

/// An order that waits for its link, and a session that Ana is offered a seat in.
async fn pending(app: &App, draft: &parvis::programme::Draft) -> (String, String) {
    let mut draft = draft.clone();
    let rules = draft.programme.rules.clone();
    let mut late = on_day(session("s-late", 1), 25);
    late.live.queue = Some(parvis::programme::QueueMode::Offer);
    draft.sessions.push(late);
    app.publish(&draft).await;
    app.register("zoe@example.org", &["s-late"]).await;
    app.register("ana@example.org", &["s-late"]).await;
    let zoe = app.agenda_path("zoe@example.org").await;
    app.post(&format!("{zoe}/cancellations"), &[("all", "1")]).await;
    draft.programme.rules.confirm = parvis::programme::Confirm::Link;
    app.publish(&draft).await;
    app.register("lea@example.org", &["s-late"]).await;
    let mail = app.mails_to("lea@example.org").await.pop().unwrap().text;
    let link = mail.split_whitespace().find(|word| word.contains("/confirm/")).unwrap();
    let token = last_part(link);
    draft.programme.rules = rules;
    app.publish(&draft).await;
    (token, "s-late".to_owned())
}

/// A session that the draft calls otherwise than the public, so that there is something to publish; somebody has a seat
/// in it.
async fn told(app: &App) -> String {
    let mut tx = app.pool.begin().await.unwrap();
    let (_, mut draft) = programme::store::load(&mut tx, "miso").await.unwrap().unwrap();
    let one = draft.sessions.iter_mut().find(|one| one.session.slug == "s-late").unwrap();
    one.session.title.push_str(", <autrement>");
    one.live.capacity = Capacity::Seats(2);
    programme::store::save(&mut tx, &draft, app.tokens.id(app.now()), app.now()).await.unwrap();
    tx.commit().await.unwrap();
    "s-late".to_owned()
}

fn last_part(path: &str) -> String {
    path.rsplit('/').next().unwrap().to_owned()
}

/// The addresses that the pattern stands for.
fn addresses(pattern: &str, known: &BTreeMap<&'static str, Vec<String>>) -> Vec<String> {
    let Some(open) = pattern.find('{') else { return vec![pattern.to_owned()] };
    let close = pattern[open..].find('}').unwrap() + open;
    let values = known.get(&pattern[open..=close]).map_or(&[][..], Vec::as_slice);
    let fill = |value: &String| format!("{}{value}{}", &pattern[..open], &pattern[close + 1..]);
    values.iter().flat_map(|value| addresses(&fill(value), known)).collect()
}

async fn every_route(app: &App, count: usize) {
    let mut known = start(app, count).await;
    let owner = app.signed_in(Role::Owner).await;
    known.extend(office::known(app, &owner).await);
    known.extend(proposals::known(app, count).await);
    let mut wrong = Vec::new();
    let mut visited = 0;
    for (_, kind, patterns) in TABLE {
        for path in patterns.iter().flat_map(|pattern| addresses(pattern, &known)) {
            if matches!(kind, Office | OfficeFile | OfficeWay) {
                wrong.extend(office::visit(app, &owner, *kind, &path).await);
                visited += 1;
                continue;
            }
            let page = app.get(&path).await;
            wrong.extend(visit(app, *kind, &path, &page).await);
            visited += 1;
        }
    }

    let partner = app.signed_in(Role::Partner).await;
    for path in proposals::OF_PARTNERS.iter().flat_map(|pattern| addresses(pattern, &known)) {
        wrong.extend(office::visit(app, &partner, Office, &path).await);
    }
    wrong.extend(office::second_step(app, &partner).await);

    assert_eq!(wrong, Vec::<String>::new(), "of {visited} addresses");
    assert!(visited > TABLE.len() + known["{session}"].len() * 4, "{visited} addresses");
}

async fn visit(app: &App, kind: Kind, path: &str, page: &Page) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut expect = |holds: bool, what: &dyn Fn() -> String| {
        if !holds {
            wrong.push(format!("{path}: {}", what()));
        }
    };
    let status = if let Plain(status) = kind { status } else { Status::Ok };
    expect(page.status == status, &|| format!("{} instead of {status}", page.status));

    let head = app.client.head(path.to_owned()).dispatch().await;
    expect(head.status() == page.status, &|| format!("HEAD answers {}", head.status()));
    let said = head.headers().get_one("content-type").unwrap_or_default().to_owned();
    expect(said == page.header("content-type"), &|| format!("HEAD says {said}"));
    expect(head.into_bytes().await.is_none_or(|body| body.is_empty()), &|| "HEAD has a body".to_owned());

    match kind {
        Public | File => {
            let etag = page.header("etag").to_owned();
            expect(!etag.is_empty(), &|| "no ETag".to_owned());
            let again =
                app.client.get(path.to_owned()).header(Header::new("If-None-Match", etag)).dispatch().await;
            expect(again.status() == Status::NotModified, &|| format!("known, and yet {}", again.status()));
        }
        Private | Secret => {
            let cache = page.header("cache-control");
            expect(cache == "private, no-store", &|| format!("may be kept: {cache}"));
            expect(page.header("x-robots-tag") == "noindex", &|| "may be found".to_owned());
            if path.ends_with(".json") {
                let data: serde_json::Value = serde_json::from_str(&page.body).unwrap_or_default();
                let (email, many) =
                    (&data["person"]["email"], data["registrations"].as_array().map(Vec::len));
                expect(email == "ana@example.org" && many > Some(0), &|| format!("not hers: {data}"));
                let kept = page.header("content-disposition");
                expect(kept.starts_with("attachment; filename="), &|| format!("is shown: {kept}"));
            }
        }
        Office | OfficeFile | OfficeWay | Plain(_) => {}
    }
    if matches!(kind, Public | Private) {
        let lang = Lang::parse(&path[1..3]).unwrap();
        let mut look = Look::at(path, lang, &page.body);
        wrong.append(&mut look.wrong);
        if kind == Public {
            wrong.extend(addressed(app, path, &look).await);
        }
    }
    wrong
}

/// The canonical address, the twins, the trailing slash.
async fn addressed(app: &App, path: &str, look: &Look<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    let (plain, query) = path.split_once('?').unwrap_or((path, ""));
    let canonical = vec![format!("{BASE_URL}{plain}")];
    if look.attributes("link[rel=canonical]", "href") != canonical {
        wrong.push(format!("{path}: canonical {:?}", look.attributes("link[rel=canonical]", "href")));
    }
    let twin = |lang: Lang| (lang.code().to_owned(), format!("{BASE_URL}/{}{}", lang.code(), &plain[3..]));
    let twins = BTreeMap::from(Lang::ALL.map(twin));
    if look.twins() != twins {
        wrong.push(format!("{path}: twins {:?}", look.twins()));
    }
    for twin in twins.values() {
        let answer = app.get(&twin[BASE_URL.len()..]).await;
        let back = Look::at(twin, Lang::Fr, &answer.body).twins();
        if answer.status != Status::Ok || back != twins {
            wrong.push(format!("{path}: its twin {twin} answers {}, with the twins {back:?}", answer.status));
        }
    }
    let other =
        if let Some(plain) = plain.strip_suffix('/') { plain.to_owned() } else { format!("{plain}/") };
    let slashed = app.get(&[other.as_str(), query].join(if query.is_empty() { "" } else { "?" })).await;
    let says = Look::at(path, Lang::Fr, &slashed.body).attributes("link[rel=canonical]", "href");
    if slashed.status != Status::Ok || says != canonical {
        wrong.push(format!("{other}: {}, canonical {says:?}", slashed.status));
    }
    wrong
}

// Reads a list in memory: no engine.
#[tokio::test]
async fn each_get_route_is_in_the_table() {
    let app = App::given(TestDb::sqlite().await).await;
    let gets = app.client.rocket().routes().filter(|route| route.method == Method::Get);
    let mut routes: Vec<_> = gets.map(|route| route.uri.to_string()).collect();
    let mut table: Vec<_> = TABLE.iter().map(|(route, ..)| (*route).to_owned()).collect();
    routes.sort();
    table.sort();

    assert_eq!(table, routes, "the table, the application");
}

on_both_engines! {
    async fn every_page_is_right_without_a_session(app: App) {
        every_route(&app, 0).await;
    }

    async fn every_page_is_right_with_one_session(app: App) {
        every_route(&app, 1).await;
    }

    async fn every_page_is_right_with_eighty_sessions(app: App) {
        every_route(&app, 80).await;
        crowded::is_so(&app, 80).await;
    }

    async fn what_is_not_there_says_so_and_shows_a_way_on(app: App) {
        let mut draft = miso(sessions(2));
        app.publish(&draft).await;
        app.register("ana@example.org", &["s-0"]).await;
        let agenda = app.agenda_path("ana@example.org").await;
        draft.sessions[1].session.status = Held::Withdrawn;
        app.publish(&draft).await;
        let mut wrong = Vec::new();
        let paths = [
            ("/en/miso/sessions/nope", Status::NotFound),
            ("/en/nope", Status::NotFound),
            ("/xx/", Status::NotFound),
            ("/nope/nope/nope/nope", Status::NotFound),
            ("/fr/miso/themes/nope", Status::NotFound),
            ("/fr/agenda/nope", Status::NotFound),
            ("/fr/miso/orders/nope", Status::NotFound),
            ("/fr/miso/sessions/s-1", Status::Gone),
            ("/en/miso/sessions/s-1", Status::Gone),
        ];
        for (path, status) in paths {
            wrong.extend(way_on(&app, path, status).await);
        }

        app.pool.close().await;
        wrong.extend(way_on(&app, &agenda, Status::ServiceUnavailable).await);
        let busy = app.get(&agenda).await;

        assert_eq!(wrong, Vec::<String>::new());
        assert!(busy.header("retry-after").parse::<u32>().is_ok(), "{:?}", busy.headers);
    }

    async fn the_start_page_and_the_map_of_the_site_are_kept_until_a_release_or_another_day(app: App) {
        let empty = [app.get("/fr/").await.body, app.get("/sitemap.xml").await.body];
        app.publish(&miso(sessions(1))).await;
        let published = [app.get("/fr/").await.body, app.get("/sitemap.xml").await.body];
        app.pass(chrono::TimeDelta::days(1_000));
        let over = app.get("/fr/").await.body;

        assert!(!empty.iter().any(|page| page.contains("/fr/miso")), "{empty:?}");
        assert!(published.iter().all(|page| page.contains("/fr/miso")), "{published:?}");
        assert!(!published[0].contains("Terminé") && over.contains("Terminé"), "{over}");
    }
}

async fn way_on(app: &App, path: &str, status: Status) -> Vec<String> {
    let page = app.get(path).await;
    let lang = path.get(1..3).and_then(Lang::parse).unwrap_or_default();
    let mut look = Look::at(path, lang, &page.body);
    look.expect(page.status == status, || format!("{} instead of {status}", page.status));
    let ways = look.attributes("main a[href]", "href");
    look.expect(!ways.is_empty(), || "no way on".to_owned());
    for way in ways {
        let answer = app.get(&way).await;
        look.expect(answer.status == Status::Ok, || format!("the way {way} answers {}", answer.status));
    }
    look.wrong
}
