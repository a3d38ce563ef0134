//! Import: a file is sent once, its columns are matched, what would change is shown, and all or nothing is taken.

mod changes;
mod file;
mod upload;

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use rocket::{Route, routes};
use tokio::{
    runtime::{Builder, Runtime},
    sync::{Semaphore, SemaphorePermit},
};
use uuid::Uuid;

use super::{Right, Room, frame::At, guard::Signed};
use crate::{
    db::Conn,
    error::{Error, Result},
    identity::Staff,
    locale::Lang,
    programme::{
        Draft,
        import::{
            Imported, Problem, Read, Source,
            kept::{Choices, Kept},
            store,
        },
    },
    web::page::Layout,
};

/// The largest file that the browser may send, in bytes; `config.rs` tells Rocket.
const UPLOAD_BYTES_MAX: u64 = 20 * 1024 * 1024;
/// Lines of a list on one page: who has more mistakes corrects these first.
const LIST_MAX: usize = 200;

/// Files are looked at one after the other: what one of them may take of the memory, all of them take together.
static TURN: Semaphore = Semaphore::const_new(1);

/// How long that thread stays when there is nothing to look at.
const KEEP_ALIVE: Duration = Duration::from_secs(60 * 60);

/// Where they are looked at: in one thread, which takes for a file what it had taken for the one before. Threads that
/// take turns would each keep theirs.
static READER: LazyLock<Runtime> = LazyLock::new(|| {
    let mut one = Builder::new_current_thread();
    let one = one.max_blocking_threads(1).thread_keep_alive(KEEP_ALIVE).thread_name("import");
    one.build().expect("without timers and sockets there is nothing that could fail")
});

/// The turn of who looks at a file: from before it is read until the page is drawn, and until what was begun aside has
/// ended, whoever has gone away meanwhile.
#[derive(Clone)]
struct Turn {
    _permit: Arc<SemaphorePermit<'static>>,
}

impl Turn {
    /// Waits for it; before a connection to the database is taken, which others can use meanwhile.
    async fn wait() -> Result<Turn> {
        let permit = TURN.acquire().await.map_err(|_| Error::Busy("import"))?;
        Ok(Turn { _permit: Arc::new(permit) })
    }
}

/// The routes of this area.
pub fn routes() -> Vec<Route> {
    routes![
        upload::show,
        upload::take,
        upload::show_new,
        upload::take_new,
        file::show,
        file::choose,
        file::import,
        file::discard
    ]
}

/// Where a file's pages are.
fn address(lang: Lang, slug: &str, file: Uuid) -> String {
    format!("/{}/office/{slug}/import/{file}", lang.code())
}

/// A file of this person's, and where its pages stand: below its programme, or in the office where there is none yet.
async fn find(
    db: &mut Conn,
    room: &Room<'_>,
    signed: &Signed,
    lang: Lang,
    (slug, file): (&str, &str),
) -> Result<(Kept, At)> {
    let staff = signed.with(Right::Import)?;
    let id = Uuid::try_parse(file).map_err(|_| Error::NotFound)?;
    let kept = store::find(db, id, staff.id, slug, room.now).await?.ok_or(Error::NotFound)?;
    let at = match At::programme(db, staff, lang, slug, "import").await {
        Ok((_, at)) => at,
        Err(Error::NotFound) => At::office(db, staff, lang, "import").await?,
        Err(cause) => return Err(cause),
    };
    Ok((kept, at))
}

/// The frame of a page at `path` below the programme of that slug, which there may not be yet.
fn frame(at: &At, room: &Room<'_>, staff: &Staff, (slug, path): (&str, &str), title: String) -> Layout {
    match at.programme {
        Some(_) => at.frame(room, staff, path, title),
        None => at.frame(room, staff, &format!("/{slug}{path}"), title),
    }
}

/// What an import of this file, of which that table was made, would make of the draft. The work is done beside the
/// requests.
async fn imported(
    room: &Room<'_>,
    turn: &Turn,
    kept: &Kept,
    source: Arc<Source>,
    read: Option<Arc<Read>>,
    draft: Option<Arc<Draft>>,
) -> Result<Result<Imported, Vec<Problem>>> {
    let (tokens, now) = (room.house.tokens.clone(), room.now);
    let (slug, name, choices): (String, String, Choices) =
        (kept.programme.clone(), kept.name.clone(), kept.choices.clone());
    aside(turn, move || {
        let mut new_id = || tokens.id(now);
        let (draft, options) = (draft.as_deref(), choices.options(&slug));
        match read {
            Some(read) => source.import_table(draft, &name, Some(&read), &options, &mut new_id),
            None => source.import(draft, &name, &options, &mut new_id),
        }
    })
    .await
}

/// Does something that takes long, beside the requests, in a thread for that alone.
async fn aside<T: Send + 'static>(turn: &Turn, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let turn = turn.clone();
    let done = READER
        .spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        })
        .await;
    done.map_err(|cause| Error::Internal(format!("the import ended: {cause}")))
}
