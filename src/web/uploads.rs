//! Files are taken where they are asked for, and nowhere else.

use rocket::{
    Data, Request,
    fairing::{Fairing, Info, Kind},
    fs::TempFile,
    http::{ContentType, Method},
};
use tokio::io::AsyncReadExt as _;

use crate::error::{Error, Result};

/// What a form without a file may hold, as `limits.form` has it, in bytes.
const FORM_BYTES_MAX: u64 = 256 * 1024;

/// Of a file's name, to be said back.
const NAME_CHARS_MAX: usize = 100;

/// What the file is called, without the folders that some browsers name, or that somebody made up.
pub fn name(file: &TempFile<'_>) -> String {
    let raw = file.raw_name().map_or("", |name| name.dangerous_unsafe_unsanitized_raw().as_str());
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect();
    if clean.trim_matches(['.', ' ']).is_empty() { "?".to_owned() } else { clean }
}

/// What the file holds; `None` where that is more than `most` bytes.
///
/// # Errors
/// Where it cannot be read.
pub async fn bytes(file: &TempFile<'_>, most: u64) -> Result<Option<Vec<u8>>> {
    if file.len() > most {
        return Ok(None);
    }
    let failed =
        |cause: std::io::Error| Error::Internal(format!("a file that was sent cannot be read: {cause}"));
    let mut bytes = Vec::with_capacity(usize::try_from(file.len()).unwrap_or_default());
    let mut stream = file.open().await.map_err(failed)?.take(most);
    stream.read_to_end(&mut bytes).await.map_err(failed)?;
    Ok(Some(bytes))
}

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

/// `/fr/office/miso/import`, `/fr/office/import`; files of a proposal, in the office and behind the link of the public
/// call.
fn takes_files(path: &str) -> bool {
    let segments: Vec<_> = path.split('/').collect();
    matches!(
        segments.as_slice(),
        ["", _, "office", "import"]
            | ["", _, "office", _, "import"]
            | ["", _, "office", _, "proposals", _, "files"]
            | ["", _, _, "call", _, "files"]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_taken_where_they_are_asked_for_alone() {
        for path in [
            "/fr/office/miso/import",
            "/fr/office/import",
            "/fr/office/miso/proposals/x/files",
            "/fr/miso/call/x/files",
        ] {
            assert!(takes_files(path), "{path}");
        }
        for path in [
            "/",
            "/fr/miso/register",
            "/fr/office/miso/sessions",
            "/fr/office/miso/import/x/draft",
            "/fr/import",
            "/fr/office/miso/proposals/x/files/y/removal",
            "/fr/office/miso/proposals/x",
            "/fr/miso/call",
        ] {
            assert!(!takes_files(path), "{path}");
        }
    }
}
