//! Pictures and material of a proposal: taken, shown, taken away.

use rocket::{
    FromForm, Request,
    form::{Errors, Form},
    fs::TempFile,
    get,
    http::{ContentType, Header, Status},
    post,
    response::{self, Responder},
};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::{by, find, home, one, open, side};
use crate::{
    audit::Facts,
    db::Conn,
    error::{Error, Result},
    locale::{Lang, text},
    office::{Right, Room, draft::Here, guard::Signed},
    proposals::{
        self, Proposal,
        files::{self, FILE_BYTES_MAX, FILES_BYTES_MAX, FILES_MAX, Kind, Media, Refused, Taken},
        logged, store,
    },
    web::{
        form::FormState,
        guards::{RateLimited, SameOrigin},
        reply::{Private, Sent},
        uploads,
    },
};

/// Pictures are read one after the other: what one of them may take of the memory, all of them take together.
static TURN: Semaphore = Semaphore::const_new(1);

/// What the form sends.
#[derive(FromForm)]
pub struct Upload<'r> {
    file: TempFile<'r>,
}

/// A form with a file, or why it could not be read.
pub type Received<'r> = std::result::Result<Form<Upload<'r>>, Errors<'r>>;

#[post("/<lang>/office/<slug>/proposals/<id>/files", data = "<sent>", rank = 7)]
#[expect(clippy::too_many_arguments, reason = "what the address, the form and the guards say")]
pub async fn take(
    _same: SameOrigin,
    _limit: RateLimited,
    signed: Signed,
    lang: Lang,
    slug: &str,
    id: &str,
    room: Room<'_>,
    sent: Received<'_>,
) -> Result<Private<Sent>> {
    let here = open(&room, &signed, Right::Propose, lang, slug).await?;
    let mut db = room.db().await?;
    let proposal = find(&mut db, &here, id).await?;
    if !proposal.state.may_edit(side(here.staff)) {
        return Err(Error::NotFound);
    }
    drop(db);
    let wrong = match received(sent).await? {
        Ok(file) => {
            let mut tx = room.house.pool.begin().await?;
            match keep(&mut tx, &here, &proposal, &file).await? {
                Kept::Done => {
                    tx.commit().await?;
                    return Ok(Private(Sent::Done(format!("{}?done=file#files", home(&here, proposal.id)))));
                }
                Kept::Late => {
                    return Ok(Private(Sent::Done(format!("{}?done=late#files", home(&here, proposal.id)))));
                }
                // Nobody waits for the turn to write while a page is drawn.
                Kept::Full => tx.rollback().await?,
            }
            let most = [("n", FILES_MAX.into()), ("most", (FILES_BYTES_MAX / 1024 / 1024).into())];
            text(lang, "proposal-file-many", &most)
        }
        Err(why) => sentence(lang, why),
    };
    let mut form = FormState::default();
    form.refuse("file", wrong);
    let html = one::draw(&mut room.db().await?, &here, &proposal, None, form).await?;
    Ok(Private(Sent::Mistakes(html)))
}

/// The file as it will be kept, or why not.
async fn received(sent: Received<'_>) -> Result<std::result::Result<Taken, Refused>> {
    let sent = match sent {
        Ok(sent) => sent.into_inner(),
        Err(errors) => {
            let is_large = errors.iter().any(|error| error.status() == Status::PayloadTooLarge);
            return Ok(Err(if is_large { Refused::Large } else { Refused::Empty }));
        }
    };
    let name = uploads::name(&sent.file);
    let most = u64::try_from(FILE_BYTES_MAX).unwrap_or(u64::MAX);
    // Who waits for the turn holds a file on the disk, and no memory.
    let _turn = TURN.acquire().await.map_err(|_| Error::Busy("pictures"))?;
    let Some(bytes) = uploads::bytes(&sent.file, most).await? else { return Ok(Err(Refused::Large)) };
    let done = tokio::task::spawn_blocking(move || files::take(&name, &bytes)).await;
    done.map_err(|cause| Error::Internal(format!("a picture could not be read: {cause}")))
}

/// What became of a file that was sent.
enum Kept {
    /// It is there.
    Done,
    /// The proposal was decided meanwhile.
    Late,
    /// There is no room for it.
    Full,
}

/// Keeps the file, if there is room for it; a picture takes the place of the one before. Who decides on the proposal has to
/// look again. The caller commits where it is done, and only there.
async fn keep(db: &mut Conn, here: &Here<'_>, proposal: &Proposal, file: &Taken) -> Result<Kept> {
    let (house, now) = (here.room.house, here.room.now);
    if !store::touch(db, proposal.id, now).await? {
        return Ok(Kept::Late);
    }
    let mut known = store::files::of(db, proposal.id).await?;
    let mut was = Facts::default();
    if file.media.kind() == Kind::Picture {
        for old in known.iter().filter(|old| old.kind() == Kind::Picture) {
            store::files::remove(db, proposal.id, old.id).await?;
            was = logged::file(old.id, old.media(), old.size);
        }
        known.retain(|old| old.kind() != Kind::Picture);
    }
    let size = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
    let all = known.iter().map(|file| file.size).sum::<i64>().saturating_add(size);
    if known.len() >= FILES_MAX || all > FILES_BYTES_MAX {
        return Ok(Kept::Full);
    }
    let id = house.tokens.id(now);
    store::files::add(db, (id, proposal.id), file, now).await?;
    let facts = (was, logged::file(id, file.media, size));
    proposals::log(db, house, by(here), "proposal.file", (proposal, facts), now).await?;
    Ok(Kept::Done)
}

/// Why a file is not taken.
fn sentence(lang: Lang, why: Refused) -> String {
    let most = [("most", (FILE_BYTES_MAX / 1024 / 1024).into())];
    text(lang, &format!("proposal-file-{}", why.code()), &most)
}

#[get("/<lang>/office/<slug>/proposals/<id>/files/<file>", rank = 7)]
pub async fn serve(
    signed: Signed,
    lang: Lang,
    slug: &str,
    id: &str,
    file: &str,
    room: Room<'_>,
) -> Result<Private<Served>> {
    let here = open(&room, &signed, Right::Propose, lang, slug).await?;
    let mut db = room.db().await?;
    let proposal = find(&mut db, &here, id).await?;
    served(&mut db, proposal.id, file).await.map(Private)
}

/// That file of that proposal.
///
/// # Errors
/// [`Error::NotFound`] where it has none of that id.
async fn served(db: &mut Conn, proposal: Uuid, file: &str) -> Result<Served> {
    let id = Uuid::try_parse(file).map_err(|_| Error::NotFound)?;
    store::files::whole(db, proposal, id).await?.map(Served).ok_or(Error::NotFound)
}

/// A file that somebody has sent, as we serve it: with the type that we found, under a name of ours, and where nothing
/// in it runs or loads anything.
pub struct Served(Taken);

impl<'r> Responder<'r, 'static> for Served {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let file = self.0;
        let kind = match file.media {
            Media::Jpeg => ContentType::JPEG,
            Media::Png => ContentType::PNG,
            Media::Pdf => ContentType::PDF,
        };
        let disposition = disposition(&file);
        let mut response = (kind, file.bytes).respond_to(request)?;
        response.set_header(Header::new("Content-Disposition", disposition));
        response
            .set_raw_header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
        response.set_raw_header("Cross-Origin-Resource-Policy", "same-origin");
        Ok(response)
    }
}

/// Pictures are shown, documents are downloaded. The name is ASCII for who knows no better, and whole for the others;
/// its ending is ours.
fn disposition(file: &Taken) -> String {
    let ending = file.media.ending();
    let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
    let plain = crate::programme::slugify(stem);
    let whole: String =
        percent_encoding::utf8_percent_encode(stem, percent_encoding::NON_ALPHANUMERIC).to_string();
    let how = match file.media.kind() {
        Kind::Picture => "inline",
        Kind::Material => "attachment",
    };
    format!("{how}; filename=\"{plain}.{ending}\"; filename*=UTF-8''{whole}.{ending}")
}

#[post("/<lang>/office/<slug>/proposals/<id>/files/<file>/removal", rank = 7)]
pub async fn remove(
    _same: SameOrigin,
    signed: Signed,
    lang: Lang,
    slug: &str,
    id: &str,
    file: &str,
    room: Room<'_>,
) -> Result<Private<Sent>> {
    let here = open(&room, &signed, Right::Propose, lang, slug).await?;
    let mut tx = room.house.pool.begin().await?;
    let proposal = find(&mut tx, &here, id).await?;
    let file = Uuid::try_parse(file).map_err(|_| Error::NotFound)?;
    if !proposal.state.may_edit(side(here.staff)) || !store::touch(&mut tx, proposal.id, room.now).await? {
        // Decided meanwhile.
        return Ok(Private(Sent::Done(format!("{}?done=late#files", home(&here, proposal.id)))));
    }
    let known = store::files::of(&mut tx, proposal.id).await?;
    let was = known.iter().find(|known| known.id == file);
    let was = was.map(|was| logged::file(was.id, was.media(), was.size)).ok_or(Error::NotFound)?;
    if !store::files::remove(&mut tx, proposal.id, file).await? {
        return Err(Error::NotFound);
    }
    let facts = (&proposal, (was, Facts::default()));
    proposals::log(&mut tx, room.house, by(&here), "proposal.unfile", facts, room.now).await?;
    tx.commit().await?;
    Ok(Private(Sent::Done(format!("{}?done=unfile#files", home(&here, proposal.id)))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_served_under_a_name_that_breaks_no_header_and_has_our_ending() {
        let file = |name: &str, media| Taken { name: name.to_owned(), media, bytes: Vec::new() };
        assert_eq!(
            disposition(&file("Été \"là\".html", Media::Jpeg)),
            "inline; filename=\"ete-la.jpg\"; filename*=UTF-8''%C3%89t%C3%A9%20%22l%C3%A0%22.jpg"
        );
        assert_eq!(
            disposition(&file("a\"; x=y.exe", Media::Pdf)),
            "attachment; filename=\"a-x-y.pdf\"; filename*=UTF-8''a%22%3B%20x%3Dy.pdf"
        );
    }
}
