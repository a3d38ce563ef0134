//! Who asks: taken by every page of the office. Who is not signed in is sent to do so, and comes back.

use rocket::{
    Catcher, Request, Response, catch, catchers,
    http::{Method, Status},
    outcome::Outcome,
    request::{self, FromRequest},
    response::{self, Redirect, Responder},
};
use uuid::Uuid;

use super::{Right, may};
use crate::{
    config::Settings,
    error::{Error, Result},
    identity::{Staff, routes::cookies::Held, session, store::sessions},
    locale::Lang,
    registration::desk::House,
    web::language,
};

/// Somebody who is signed in. A page asks for its right: `let staff = signed.with(Right::EditDraft)?;`.
#[derive(Debug, Clone)]
pub struct Signed {
    staff: Staff,
    /// The session of this device.
    pub session: Uuid,
}

impl Signed {
    /// The person, where their role has this right.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn with(&self, right: Right) -> Result<&Staff> {
        if may(self.staff.role, right) { Ok(&self.staff) } else { Err(Error::Forbidden) }
    }

    /// The person, on a page that is open to everybody who is signed in: the start page, their own account.
    pub fn anybody(&self) -> &Staff {
        &self.staff
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Signed {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        match signed(request).await {
            Ok(Some(signed)) => Outcome::Success(signed),
            Ok(None) => Outcome::Error((Status::Unauthorized, ())),
            Err(cause) => {
                log::error!("who is signed in could not be read: {cause}");
                let passing = cause.is_passing();
                let status = if passing { Status::ServiceUnavailable } else { Status::InternalServerError };
                Outcome::Error((status, ()))
            }
        }
    }
}

async fn signed(request: &Request<'_>) -> Result<Option<Signed>> {
    let rocket = request.rocket();
    let (Some(house), Some(settings)) = (rocket.state::<House>(), rocket.state::<Settings>()) else {
        return Err(Error::Internal("something is not managed: see `signed`".to_owned()));
    };
    let Some(token) = Held::Session.value(settings, request.cookies()) else { return Ok(None) };
    let now = house.clock.now();
    let mut db = house.pool.acquire().await?;
    let Some((session, is_due)) = session::find(&mut db, &token, now).await? else { return Ok(None) };
    drop(db);
    if is_due {
        let mut tx = house.pool.begin().await?;
        sessions::seen(&mut tx, session.id, now).await?;
        tx.commit().await?;
    }
    Ok(Some(Signed { staff: session.staff, session: session.id }))
}

/// Where to go after signing in, if it is a page of the office: never another site, however it is spelled.
pub fn next_page(next: &str) -> Option<String> {
    let path = next.split(['?', '#']).next().unwrap_or_default();
    let mut segments = path.strip_prefix('/')?.split('/');
    let is_office = segments.next().and_then(Lang::parse).is_some() && segments.next() == Some("office");
    let is_plain = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
        && segments.all(|segment| !segment.is_empty() && !segment.starts_with('.') && !segment.contains('%'));
    (is_office && is_plain).then(|| next.to_owned())
}

/// For who is not signed in: 303 to where one signs in.
pub fn catchers() -> Vec<Catcher> {
    catchers![sign_in_first]
}

#[catch(401)]
fn sign_in_first(request: &Request<'_>) -> SignInFirst {
    SignInFirst(next_of(request).and_then(|next| next_page(&next)))
}

/// The page that was asked for; for a form, the page that it stood on.
fn next_of(request: &Request<'_>) -> Option<String> {
    match request.method() {
        Method::Get | Method::Head => Some(request.uri().to_string()),
        _ => {
            let from = url::Url::parse(request.headers().get_one("Referer")?).ok()?;
            let query = from.query().map(|query| format!("?{query}")).unwrap_or_default();
            Some(format!("{}{query}", from.path()))
        }
    }
}

struct SignInFirst(Option<String>);

impl<'r> Responder<'r, 'static> for SignInFirst {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let lang = language::of(request);
        let mut address = format!("/{}/office/sign-in", lang.code());
        let home = format!("/{}/office", lang.code());
        if let Some(next) = self.0.filter(|next| *next != home) {
            let query =
                url::form_urlencoded::Serializer::new(String::new()).append_pair("next", &next).finish();
            address = format!("{address}?{query}");
        }
        Response::build_from(Redirect::to(address).respond_to(request)?)
            .raw_header("Cache-Control", "private, no-store")
            .raw_header("X-Robots-Tag", "noindex")
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_one_goes_to_a_page_of_the_office_and_nowhere_else() {
        for next in ["/fr/office", "/en/office/miso/sessions?q=a%20b&page=2", "/fr/office/users"] {
            assert_eq!(next_page(next).as_deref(), Some(next));
        }
        for next in [
            "",
            "/",
            "/fr/miso",
            "/fr/officer",
            "/xx/office",
            "//evil.example.net",
            "//evil.example.net/fr/office",
            "/\\evil.example.net",
            "\\\\evil.example.net",
            "https://evil.example.net/fr/office",
            "https:/fr/office",
            "javascript:alert(1)",
            "/fr/office/..//evil.example.net",
            "/fr/office/../../evil",
            "/fr/office//evil.example.net",
            "/fr/office/%2e%2e/%2e%2e/evil",
            "/fr/office/%5cevil",
            "/fr/office\r\nSet-Cookie: a=b",
            "/fr/office?a=\\b",
            "/%66r/office",
            " /fr/office",
            "/fr/office/é",
        ] {
            assert_eq!(next_page(next), None, "{next}");
        }
    }
}
