//! Files are taken where they are asked for, and nowhere else.

use rocket::{
    Data, Request,
    fairing::{Fairing, Info, Kind},
    http::{ContentType, Method},
};

/// What a form without a file may hold, as `limits.form` has it, in bytes.
const FORM_BYTES_MAX: u64 = 256 * 1024;

/// Lets large forms with files (`multipart/form-data`) pass to the pages that ask for files. To every other page such a
/// form is data of no kind that it knows: what is allowed to files (`limits.data-form`) is not allowed to its fields.
pub struct Uploads;

#[rocket::async_trait]
impl Fairing for Uploads {
    fn info(&self) -> Info {
        Info { name: "uploads", kind: Kind::Request }
    }

    async fn on_request(&self, request: &mut Request<'_>, data: &mut Data<'_>) {
        let is_multipart = request.content_type().is_some_and(|kind| kind.is_form_data());
        if !is_multipart {
            return;
        }
        let is_asked_for = request.method() == Method::Post && takes_files(request.uri().path().as_str());
        if !is_asked_for && !is_small(request, data).await {
            request.replace_header(ContentType::Binary);
        }
    }
}

/// Mail programs unsubscribe with such forms of a few bytes.
async fn is_small(request: &Request<'_>, data: &mut Data<'_>) -> bool {
    match request.headers().get_one("Content-Length").map(str::parse::<u64>) {
        Some(Ok(length)) => length <= FORM_BYTES_MAX,
        Some(Err(_)) => false,
        None => {
            data.peek(512).await;
            data.peek_complete()
        }
    }
}

/// `/fr/office/miso/import`, `/fr/office/import`.
fn takes_files(path: &str) -> bool {
    let segments: Vec<_> = path.split('/').collect();
    matches!(segments.as_slice(), ["", _, "office", "import"] | ["", _, "office", _, "import"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_taken_by_the_import_alone() {
        assert!(takes_files("/fr/office/miso/import") && takes_files("/fr/office/import"));
        for path in [
            "/",
            "/fr/miso/register",
            "/fr/office/miso/sessions",
            "/fr/office/miso/import/x/draft",
            "/fr/import",
        ] {
            assert!(!takes_files(path), "{path}");
        }
    }
}
