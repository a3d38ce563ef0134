//! The office: who may open what. Every route of it stands in [`TABLE`]; a new one without a line fails.

mod again;
mod commands;
mod door;
pub mod draft;
mod elsewhere;
mod figures;
mod hostile;
pub mod identity;
mod import;
mod lists;
mod log;
mod mails;
mod pages;
mod people;
mod press;
pub mod proposals;
mod publish;
mod readers;
mod team;
mod together;

use std::collections::BTreeSet;

use parvis::{
    identity::Role,
    office::{Right, may},
};
use rocket::http::{Method, Status};

use crate::{
    builders::{miso, session},
    harness::{App, Given as _, OFFICE_COOKIE, Page, TestDb},
};

/// Who a route is for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum For {
    /// Whoever is not signed in, too.
    Everybody,
    /// Everybody who is signed in.
    Anybody,
    /// Whose role has the right.
    With(Right),
}
use For::{Anybody, Everybody, With};

const SEE: For = For::With(Right::SeeRegistrations);
const WRITE: For = For::With(Right::WritePress);
const MARK: For = For::With(Right::MarkAttendance);
const CHANGE: For = For::With(Right::ChangeRegistrations);

/// Each route of the office, an address that stands for it, and who may use it. `{p}` is the programme `miso`,
/// `{s}` its only session, `{id}` the id of nothing.
const TABLE: &[(Method, &str, &str, For)] = &[
    (Method::Get, "/<lang>/office/<slug>/sessions", "/fr/office/{p}/sessions", For::With(Right::SeeDraft)),
    (Method::Post, "/<lang>/office/<slug>/sessions", "/fr/office/{p}/sessions", For::With(Right::EditDraft)),
    (
        Method::Get,
        "/<lang>/office/<slug>/sessions/<session>",
        "/fr/office/{p}/sessions/{s}",
        For::With(Right::EditDraft),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/sessions/<session>",
        "/fr/office/{p}/sessions/{s}",
        For::With(Right::EditDraft),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/sessions/<session>/time",
        "/fr/office/{p}/sessions/{s}/time",
        For::With(Right::EditDraft),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/sessions/<session>/time",
        "/fr/office/{p}/sessions/{s}/time",
        For::With(Right::EditDraft),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/sessions/<session>/<act>",
        "/fr/office/{p}/sessions/{s}/copy",
        For::With(Right::EditDraft),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/sessions/<session>/<act>",
        "/fr/office/{p}/sessions/{s}/withdrawal",
        For::With(Right::EditDraft),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/new/session?<date>",
        "/fr/office/{p}/new/session",
        For::With(Right::EditDraft),
    ),
    (Method::Get, "/<lang>/office/<slug>/<area>", "/fr/office/{p}/themes", For::With(Right::SeeDraft)),
    (Method::Post, "/<lang>/office/<slug>/<area>", "/fr/office/{p}/places", For::With(Right::EditDraft)),
    (
        Method::Get,
        "/<lang>/office/<slug>/<area>/<item>",
        "/fr/office/{p}/themes/lab",
        For::With(Right::EditDraft),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/<area>/<item>",
        "/fr/office/{p}/themes/lab",
        For::With(Right::EditDraft),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/<area>/<item>/removal",
        "/fr/office/{p}/themes/lab/removal",
        For::With(Right::EditDraft),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/<area>/<item>/removal",
        "/fr/office/{p}/themes/lab/removal",
        For::With(Right::EditDraft),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/new/<area>",
        "/fr/office/{p}/new/places",
        For::With(Right::EditDraft),
    ),
    (Method::Get, "/<lang>/office/<slug>/<area>", "/fr/office/{p}/press", For::With(Right::SeeDraft)),
    (Method::Post, "/<lang>/office/<slug>/<area>", "/fr/office/{p}/press", WRITE),
    (Method::Get, "/<lang>/office/<slug>/<area>/<item>", "/fr/office/{p}/press/annonce", WRITE),
    (Method::Post, "/<lang>/office/<slug>/<area>/<item>", "/fr/office/{p}/press/annonce", WRITE),
    (
        Method::Get,
        "/<lang>/office/<slug>/<area>/<item>/removal",
        "/fr/office/{p}/press/annonce/removal",
        WRITE,
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/<area>/<item>/removal",
        "/fr/office/{p}/press/annonce/removal",
        WRITE,
    ),
    (Method::Get, "/<lang>/office/<slug>/new/<area>", "/fr/office/{p}/new/press", WRITE),
    (Method::Get, "/<lang>/office/<slug>/settings", "/fr/office/{p}/settings", For::With(Right::EditDraft)),
    (Method::Post, "/<lang>/office/<slug>/settings", "/fr/office/{p}/settings", For::With(Right::EditDraft)),
    (Method::Get, "/<lang>/office/<slug>/weeks?<week>", "/fr/office/{p}/weeks", For::With(Right::SeeDraft)),
    (
        Method::Get,
        "/<lang>/office/<slug>/colours.css",
        "/fr/office/{p}/colours.css",
        For::With(Right::SeeDraft),
    ),
    (Method::Get, "/<lang>/office/programmes/new", "/fr/office/programmes/new", For::With(Right::EditDraft)),
    (Method::Post, "/<lang>/office/programmes", "/fr/office/programmes", For::With(Right::EditDraft)),
    (Method::Get, "/<lang>/office/sign-in", "/fr/office/sign-in", Everybody),
    (Method::Post, "/<lang>/office/sign-in", "/fr/office/sign-in", Everybody),
    (Method::Get, "/<lang>/office/sign-in/code", "/fr/office/sign-in/code", Everybody),
    (Method::Post, "/<lang>/office/sign-in/code", "/fr/office/sign-in/code", Everybody),
    (Method::Get, "/<lang>/office/password", "/fr/office/password", Everybody),
    (Method::Post, "/<lang>/office/password", "/fr/office/password", Everybody),
    (Method::Get, "/<lang>/office/password/<token>", "/fr/office/password/x", Everybody),
    (Method::Post, "/<lang>/office/password/<token>", "/fr/office/password/x", Everybody),
    (Method::Get, "/<lang>/office/mailed-link", "/fr/office/mailed-link", Everybody),
    (Method::Post, "/<lang>/office/mailed-link", "/fr/office/mailed-link", Everybody),
    (Method::Get, "/<lang>/office/mailed-link/<token>", "/fr/office/mailed-link/x", Everybody),
    (Method::Post, "/<lang>/office/mailed-link/<token>", "/fr/office/mailed-link/x", Everybody),
    (Method::Get, "/<lang>/office/invitation/<token>", "/fr/office/invitation/x", Everybody),
    (Method::Post, "/<lang>/office/invitation/<token>", "/fr/office/invitation/x", Everybody),
    (Method::Get, "/<lang>/office/account", "/fr/office/account", Anybody),
    (Method::Post, "/<lang>/office/account/name", "/fr/office/account/name", Anybody),
    (Method::Post, "/<lang>/office/account/password", "/fr/office/account/password", Anybody),
    (
        Method::Post,
        "/<lang>/office/account/sessions/<id>/end",
        "/fr/office/account/sessions/{id}/end",
        Anybody,
    ),
    (
        Method::Post,
        "/<lang>/office/account/sessions/end-others",
        "/fr/office/account/sessions/end-others",
        Anybody,
    ),
    (Method::Get, "/<lang>/office/account/second-step", "/fr/office/account/second-step", Anybody),
    (Method::Post, "/<lang>/office/account/second-step", "/fr/office/account/second-step", Anybody),
    (
        Method::Get,
        "/<lang>/office/account/second-step/picture.svg",
        "/fr/office/account/second-step/picture.svg",
        Anybody,
    ),
    (
        Method::Post,
        "/<lang>/office/account/second-step/confirmation",
        "/fr/office/account/second-step/confirmation",
        Anybody,
    ),
    (
        Method::Post,
        "/<lang>/office/account/second-step/codes",
        "/fr/office/account/second-step/codes",
        Anybody,
    ),
    (
        Method::Post,
        "/<lang>/office/account/second-step/removal",
        "/fr/office/account/second-step/removal",
        Anybody,
    ),
    (Method::Get, "/<lang>/office/users", "/fr/office/users", With(Right::ManageUsers)),
    (Method::Post, "/<lang>/office/users", "/fr/office/users", With(Right::ManageUsers)),
    (Method::Get, "/<lang>/office/users/<id>", "/fr/office/users/{id}", With(Right::ManageUsers)),
    (Method::Post, "/<lang>/office/users/<id>/role", "/fr/office/users/{id}/role", With(Right::ManageUsers)),
    (
        Method::Post,
        "/<lang>/office/users/<id>/organisations",
        "/fr/office/users/{id}/organisations",
        With(Right::ManageUsers),
    ),
    (
        Method::Post,
        "/<lang>/office/users/<id>/invitation",
        "/fr/office/users/{id}/invitation",
        With(Right::ManageUsers),
    ),
    (
        Method::Post,
        "/<lang>/office/users/<id>/second-step-removal",
        "/fr/office/users/{id}/second-step-removal",
        With(Right::ManageUsers),
    ),
    (
        Method::Post,
        "/<lang>/office/users/<id>/disabling",
        "/fr/office/users/{id}/disabling",
        With(Right::ManageUsers),
    ),
    (
        Method::Post,
        "/<lang>/office/users/<id>/enabling",
        "/fr/office/users/{id}/enabling",
        With(Right::ManageUsers),
    ),
    (
        Method::Post,
        "/<lang>/office/users/figures-links",
        "/fr/office/users/figures-links",
        With(Right::ManageUsers),
    ),
    (
        Method::Post,
        "/<lang>/office/users/figures-links/<id>/revocation",
        "/fr/office/users/figures-links/{id}/revocation",
        With(Right::ManageUsers),
    ),
    (Method::Get, "/<lang>/office/join/<token>", "/fr/office/join/x", Everybody),
    (Method::Post, "/<lang>/office/join/<token>", "/fr/office/join/x", Everybody),
    (Method::Get, "/<lang>/office/joining/<token>", "/fr/office/joining/x", Everybody),
    (Method::Post, "/<lang>/office/joining/<token>", "/fr/office/joining/x", Everybody),
    (Method::Get, "/<lang>/office/<slug>/proposals", "/fr/office/{p}/proposals", With(Right::Propose)),
    (Method::Post, "/<lang>/office/<slug>/proposals", "/fr/office/{p}/proposals", With(Right::Propose)),
    (
        Method::Get,
        "/<lang>/office/<slug>/proposals/new",
        "/fr/office/{p}/proposals/new",
        With(Right::Propose),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/proposals/<id>",
        "/fr/office/{p}/proposals/{id}",
        With(Right::Propose),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/proposals/<id>",
        "/fr/office/{p}/proposals/{id}",
        With(Right::Propose),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/proposals/<id>/edit",
        "/fr/office/{p}/proposals/{id}/edit",
        With(Right::Propose),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/proposals/<id>/comments",
        "/fr/office/{p}/proposals/{id}/comments",
        With(Right::Propose),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/proposals/<id>/withdrawal",
        "/fr/office/{p}/proposals/{id}/withdrawal",
        With(Right::Propose),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/proposals/<id>/return",
        "/fr/office/{p}/proposals/{id}/return",
        With(Right::Propose),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/proposals/<id>/files",
        "/fr/office/{p}/proposals/{id}/files",
        With(Right::Propose),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/proposals/<id>/files/<file>",
        "/fr/office/{p}/proposals/{id}/files/{id}",
        With(Right::Propose),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/proposals/<id>/files/<file>/removal",
        "/fr/office/{p}/proposals/{id}/files/{id}/removal",
        With(Right::Propose),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/proposals/<id>/decision/<act>",
        "/fr/office/{p}/proposals/{id}/decision/accept",
        With(Right::Review),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/proposals/<id>/decision/<act>",
        "/fr/office/{p}/proposals/{id}/decision/accept",
        With(Right::Review),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/proposals/partners",
        "/fr/office/{p}/proposals/partners",
        With(Right::Review),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/proposals/partners/<organisation>/link",
        "/fr/office/{p}/proposals/partners/collectif/link",
        With(Right::Review),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/proposals/partners/<organisation>/revocation",
        "/fr/office/{p}/proposals/partners/collectif/revocation",
        With(Right::Review),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/proposals/partners/invitations",
        "/fr/office/{p}/proposals/partners/invitations",
        With(Right::Review),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/proposals/sessions/<session>",
        "/fr/office/{p}/proposals/sessions/{s}",
        With(Right::Propose),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/proposals/sessions/<session>",
        "/fr/office/{p}/proposals/sessions/{s}",
        With(Right::Propose),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/proposals/sessions/<session>/change",
        "/fr/office/{p}/proposals/sessions/{s}/change",
        With(Right::Propose),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/proposals/sessions/<session>/access-needs",
        "/fr/office/{p}/proposals/sessions/{s}/access-needs",
        With(Right::Propose),
    ),
    (Method::Post, "/<lang>/office/sign-out", "/fr/office/sign-out", Anybody),
    (Method::Get, "/<lang>/office", "/fr/office", Anybody),
    (Method::Get, "/<lang>/office/<slug>", "/fr/office/{p}", Anybody),
    (Method::Get, "/<lang>/office/<slug>/publish", "/fr/office/{p}/publish", For::With(Right::SeeDraft)),
    (Method::Post, "/<lang>/office/<slug>/publish", "/fr/office/{p}/publish", For::With(Right::Publish)),
    (
        Method::Post,
        "/<lang>/office/<slug>/publish/plan",
        "/fr/office/{p}/publish/plan",
        For::With(Right::Publish),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/publish/plan/withdrawal",
        "/fr/office/{p}/publish/plan/withdrawal",
        For::With(Right::Publish),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/publish/mails/<session>/<kind>",
        "/fr/office/{p}/publish/mails/{s}/changed",
        For::With(Right::SeeDraft),
    ),
    (Method::Get, "/<lang>/office/<slug>/releases", "/fr/office/{p}/releases", For::With(Right::SeeDraft)),
    (
        Method::Get,
        "/<lang>/office/<slug>/releases/<number>",
        "/fr/office/{p}/releases/1",
        For::With(Right::SeeDraft),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/releases/<number>/publication",
        "/fr/office/{p}/releases/1/publication",
        For::With(Right::Publish),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/figures?<asked..>",
        "/fr/office/{p}/figures",
        With(Right::SeeFigures),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/figures/<file>?<dialect>&<asked..>",
        "/fr/office/{p}/figures/days.csv",
        With(Right::SeeFigures),
    ),
    (Method::Get, "/<lang>/office/figures-link/<token>?<asked..>", "/fr/office/figures-link/x", Everybody),
    (
        Method::Get,
        "/<lang>/office/figures-link/<token>/<file>?<dialect>&<asked..>",
        "/fr/office/figures-link/x/days.csv",
        Everybody,
    ),
    (Method::Get, "/<lang>/office/log", "/fr/office/log", For::With(Right::SeeLog)),
    (Method::Get, "/<lang>/office/log.csv", "/fr/office/log.csv", For::With(Right::SeeLog)),
    (Method::Get, "/<lang>/office/<slug>/log", "/fr/office/{p}/log", For::With(Right::SeeLog)),
    (Method::Get, "/<lang>/office/<slug>/log.csv", "/fr/office/{p}/log.csv", For::With(Right::SeeLog)),
    (Method::Get, "/<lang>/office/<slug>/registrations?<asked..>", "/fr/office/{p}/registrations", SEE),
    (
        Method::Get,
        "/<lang>/office/<slug>/registrations/<session>?<asked..>",
        "/fr/office/{p}/registrations/{s}",
        SEE,
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/registrations/<session>/registrations.csv?<dialect>",
        "/fr/office/{p}/registrations/{s}/registrations.csv",
        SEE,
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/registrations/<session>/access-needs",
        "/fr/office/{p}/registrations/{s}/access-needs",
        SEE,
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/registrations/<session>/seats",
        "/fr/office/{p}/registrations/{s}/seats",
        CHANGE,
    ),
    (Method::Get, "/<lang>/office/<slug>/door", "/fr/office/{p}/door", MARK),
    (Method::Get, "/<lang>/office/<slug>/door/<session>?<asked..>", "/fr/office/{p}/door/{s}", MARK),
    (Method::Get, "/<lang>/office/<slug>/door/<session>/live", "/fr/office/{p}/door/{s}/live", MARK),
    (Method::Post, "/<lang>/office/<slug>/door/<session>/marks", "/fr/office/{p}/door/{s}/marks", MARK),
    (Method::Post, "/<lang>/office/<slug>/door/<session>/walk-ins", "/fr/office/{p}/door/{s}/walk-ins", MARK),
    (Method::Get, "/<lang>/office/<slug>/people?<asked..>", "/fr/office/{p}/people", SEE),
    (Method::Post, "/<lang>/office/<slug>/people", "/fr/office/{p}/people", CHANGE),
    (Method::Get, "/<lang>/office/<slug>/people/new?<asked..>", "/fr/office/{p}/people/new", CHANGE),
    (Method::Get, "/<lang>/office/<slug>/people/to-call", "/fr/office/{p}/people/to-call", SEE),
    (
        Method::Post,
        "/<lang>/office/<slug>/people/to-call/<call>?<back>",
        "/fr/office/{p}/people/to-call/018f0000-0000-7000-8000-000000000000",
        CHANGE,
    ),
    (Method::Get, "/<lang>/office/<slug>/people/<id>?<asked..>", "/fr/office/{p}/people/x", SEE),
    (Method::Get, "/<lang>/office/<slug>/people/<id>/slip", "/fr/office/{p}/people/x/slip", SEE),
    (
        Method::Post,
        "/<lang>/office/<slug>/people/<id>/cancellations",
        "/fr/office/{p}/people/x/cancellations",
        CHANGE,
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/people/<id>/transfers",
        "/fr/office/{p}/people/x/transfers",
        CHANGE,
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/people/<id>/promotions",
        "/fr/office/{p}/people/x/promotions",
        CHANGE,
    ),
    (Method::Post, "/<lang>/office/<slug>/people/<id>/mails", "/fr/office/{p}/people/x/mails", CHANGE),
    (Method::Post, "/<lang>/office/<slug>/people/<id>/contact", "/fr/office/{p}/people/x/contact", CHANGE),
    (Method::Get, "/<lang>/office/mails?<asked..>", "/fr/office/mails", With(Right::SeeMails)),
    (Method::Post, "/<lang>/office/mails/retries", "/fr/office/mails/retries", With(Right::ChangeMails)),
    (Method::Get, "/<lang>/office/mails/<id>?<done>", "/fr/office/mails/{nil}", With(Right::SeeMails)),
    (Method::Get, "/<lang>/office/mails/<id>/page", "/fr/office/mails/{nil}/page", With(Right::SeeMails)),
    (
        Method::Post,
        "/<lang>/office/mails/<id>/retries",
        "/fr/office/mails/{nil}/retries",
        With(Right::ChangeMails),
    ),
    (
        Method::Post,
        "/<lang>/office/mails/<id>/repeats",
        "/fr/office/mails/{nil}/repeats",
        With(Right::ChangeMails),
    ),
    (
        Method::Post,
        "/<lang>/office/mails/<id>/aborts",
        "/fr/office/mails/{nil}/aborts",
        With(Right::ChangeMails),
    ),
    (Method::Get, "/<lang>/office/<slug>/mails?<asked..>", "/fr/office/{p}/mails", With(Right::SeeMails)),
    (
        Method::Post,
        "/<lang>/office/<slug>/mails/retries",
        "/fr/office/{p}/mails/retries",
        With(Right::ChangeMails),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/mails/messages",
        "/fr/office/{p}/mails/messages",
        With(Right::ChangeMails),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/mails/messages/new?<about>",
        "/fr/office/{p}/mails/messages/new?about=session:{s}",
        With(Right::ChangeMails),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/mails/messages",
        "/fr/office/{p}/mails/messages",
        With(Right::ChangeMails),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/mails/messages/<id>?<done>",
        "/fr/office/{p}/mails/messages/{nil}",
        With(Right::ChangeMails),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/mails/messages/<id>/edit",
        "/fr/office/{p}/mails/messages/{nil}/edit",
        With(Right::ChangeMails),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/mails/messages/<id>",
        "/fr/office/{p}/mails/messages/{nil}",
        With(Right::ChangeMails),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/mails/messages/<id>/preview/<reads>",
        "/fr/office/{p}/mails/messages/{nil}/preview/fr",
        With(Right::ChangeMails),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/mails/messages/<id>/tests",
        "/fr/office/{p}/mails/messages/{nil}/tests",
        With(Right::ChangeMails),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/mails/messages/<id>/sending",
        "/fr/office/{p}/mails/messages/{nil}/sending",
        With(Right::ChangeMails),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/mails/messages/<id>/removal",
        "/fr/office/{p}/mails/messages/{nil}/removal",
        With(Right::ChangeMails),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/mails/texts",
        "/fr/office/{p}/mails/texts",
        With(Right::ChangeMails),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/mails/texts/<code>?<kept>",
        "/fr/office/{p}/mails/texts/reminder",
        With(Right::ChangeMails),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/mails/texts/<code>/preview/<reads>",
        "/fr/office/{p}/mails/texts/reminder/preview/en",
        With(Right::ChangeMails),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/mails/texts/<code>",
        "/fr/office/{p}/mails/texts/reminder",
        With(Right::ChangeMails),
    ),
    (Method::Get, "/<lang>/office/<slug>/data?<done>", "/fr/office/{p}/data", With(Right::SeeDraft)),
    (
        Method::Post,
        "/<lang>/office/<slug>/data/retention",
        "/fr/office/{p}/data/retention",
        With(Right::EraseData),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/data/erasure",
        "/fr/office/{p}/data/erasure",
        With(Right::EraseData),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/data/archive.zip",
        "/fr/office/{p}/data/archive.zip",
        With(Right::SeeDraft),
    ),
    (Method::Post, "/<lang>/office/<slug>/data/people", "/fr/office/{p}/data/people", With(Right::EraseData)),
    (
        Method::Get,
        "/<lang>/office/<slug>/data/people/<id>",
        "/fr/office/{p}/data/people/{nil}",
        With(Right::EraseData),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/data/people/<id>/data.json",
        "/fr/office/{p}/data/people/{nil}/data.json",
        With(Right::EraseData),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/data/people/<id>/erasure",
        "/fr/office/{p}/data/people/{nil}/erasure",
        With(Right::EraseData),
    ),
    (Method::Get, "/<lang>/office/import", "/fr/office/import", For::With(Right::Import)),
    (Method::Post, "/<lang>/office/import", "/fr/office/import", For::With(Right::Import)),
    (Method::Get, "/<lang>/office/<slug>/import", "/fr/office/{p}/import", For::With(Right::Import)),
    (Method::Post, "/<lang>/office/<slug>/import", "/fr/office/{p}/import", For::With(Right::Import)),
    (
        Method::Get,
        "/<lang>/office/<slug>/import/<file>?<changed>",
        "/fr/office/{p}/import/00000000-0000-7000-8000-000000000000",
        For::With(Right::Import),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/import/<file>/choices",
        "/fr/office/{p}/import/00000000-0000-7000-8000-000000000000/choices",
        For::With(Right::Import),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/import/<file>/draft",
        "/fr/office/{p}/import/00000000-0000-7000-8000-000000000000/draft",
        For::With(Right::Import),
    ),
    (
        Method::Post,
        "/<lang>/office/<slug>/import/<file>/deletion",
        "/fr/office/{p}/import/00000000-0000-7000-8000-000000000000/deletion",
        For::With(Right::Import),
    ),
    (Method::Get, "/<lang>/office/<slug>/export", "/fr/office/{p}/export", For::With(Right::SeeDraft)),
    (
        Method::Get,
        "/<lang>/office/<slug>/export/<file>",
        "/fr/office/{p}/export/sessions.csv",
        For::With(Right::SeeDraft),
    ),
    (
        Method::Get,
        "/<lang>/office/<slug>/export/<file>",
        "/fr/office/{p}/export/registrations.csv",
        For::With(Right::SeeRegistrations),
    ),
];

/// The routes that a form is sent to, each once.
pub fn posts() -> Vec<&'static str> {
    let routes: BTreeSet<_> =
        TABLE.iter().filter(|(method, ..)| *method == Method::Post).map(|(_, route, ..)| *route).collect();
    routes.into_iter().collect()
}

/// An id that nothing has.
const NOTHING: &str = "0190a000-0000-7000-8000-000000000000";

/// The roles that people have, and what a route says to each; beneath, what it says to who is not signed in.
const ROLES: [Role; 5] = Role::OF_PEOPLE;

async fn publish(app: &App) {
    app.publish(&miso(vec![session("s-0", 3)])).await;
}

fn fill(address: &str) -> String {
    let nil = uuid::Uuid::nil().to_string();
    address.replace("{p}", "miso").replace("{s}", "s-0").replace("{nil}", &nil).replace("{id}", NOTHING)
}

// Reads a list in memory: no engine.
#[tokio::test]
async fn each_route_of_the_office_is_in_the_table() {
    let app = App::given(TestDb::sqlite().await).await;
    let is_office = |path: &str| path == "/<lang>/office" || path.starts_with("/<lang>/office/");
    let routes = app.client.rocket().routes().filter(|route| is_office(route.uri.path()));
    let routes: BTreeSet<_> = routes.map(|route| format!("{} {}", route.method, route.uri)).collect();
    let table: BTreeSet<_> = TABLE.iter().map(|(method, route, ..)| format!("{method} {route}")).collect();

    assert_eq!(table, routes, "the table, the application");
}

fn is_for(whom: For, role: Role) -> bool {
    match whom {
        Everybody | Anybody => true,
        With(right) => may(role, right),
    }
}

#[test]
fn a_line_with_a_right_is_for_the_roles_that_have_it() {
    let roles = ROLES.map(|role| is_for(With(Right::MarkAttendance), role));

    assert_eq!(roles, [true, true, false, true, false], "{ROLES:?}");
}

/// Everything that an address can say of who asks.
fn opens(page: &Page) -> Result<bool, String> {
    match page.status.code {
        303 if page.location().contains("/office/sign-in?next=") => Ok(false),
        303 if page.location().ends_with("/office/sign-in") => Ok(false),
        401 | 403 => Ok(false),
        code if code < 500 => Ok(true),
        code => Err(format!("answers {code}")),
    }
}

on_both_engines! {
    async fn every_route_opens_to_each_role_that_may_and_to_no_other(app: App) {
        publish(&app).await;
        let mut wrong = Vec::new();
        for (method, route, address, whom) in TABLE {
            let path = fill(address);
            for role in ROLES {
                // Afresh each time: the one before may have signed out.
                let member = app.signed_in(role).await;
                let page = match method {
                    Method::Get => member.get(&path).await,
                    Method::Post => member.post(&path, &[]).await,
                    other => panic!("{other}: the office has GET and POST"),
                };
                let expected = is_for(*whom, role);
                if opens(&page) != Ok(expected) {
                    wrong.push(format!(
                        "{method} {route} as {}: {} {}",
                        role.code(),
                        page.status,
                        page.location()
                    ));
                }
                let is_forbidden = page.status == Status::Forbidden;
                if !expected && !is_forbidden {
                    wrong.push(format!("{method} {route} as {}: {} and not 403", role.code(), page.status));
                }
            }
            let stranger = match method {
                Method::Get => app.get(&path).await,
                _ => app.post(&path, &[]).await,
            };
            if opens(&stranger) != Ok(*whom == Everybody) {
                wrong.push(format!("{method} {route} as nobody: {} {}", stranger.status, stranger.location()));
            }
            // Another site's page cannot send it, whoever is signed in.
            if *method == Method::Post {
                let owner = app.signed_in(Role::Owner).await;
                let cross = app.client.post(path.clone()).header(rocket::http::ContentType::Form);
                let cross = cross.cookie((OFFICE_COOKIE, owner.token.clone()));
                let cross = cross.header(rocket::http::Header::new("Sec-Fetch-Site", "cross-site"));
                let answer = cross.dispatch().await.status();
                if answer != Status::Forbidden {
                    wrong.push(format!("{method} {route} from another site: {answer}"));
                }
            }
        }

        assert_eq!(wrong, Vec::<String>::new());
    }
}
