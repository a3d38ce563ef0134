//! A line to the test's PostgreSQL server that can be cut, or go silent, as networks do.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, UnixStream},
    task::JoinHandle,
};
use url::Url;

const OPEN: u8 = 0;
const SILENT: u8 = 1;
const CUT: u8 = 2;
/// How often a line looks at what has become of it.
const LOOK: Duration = Duration::from_millis(5);

/// Forwards until it is dropped.
pub struct Proxy {
    /// As `databases.main.url` takes it.
    pub url: String,
    state: Arc<AtomicU8>,
    task: JoinHandle<()>,
}

enum Server {
    Socket(PathBuf),
    Address(String),
}

impl Proxy {
    /// In front of the server of this address.
    pub async fn to(url: &str) -> Proxy {
        let (server, mut url) = taken_apart(url);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        let state = Arc::new(AtomicU8::new(OPEN));
        let task = tokio::spawn(serve(listener, Arc::new(server), Arc::clone(&state)));
        Proxy { url: url.into(), state, task }
    }

    /// Lines end, and new ones end at once.
    pub fn cut(&self) {
        self.state.store(CUT, Ordering::SeqCst);
    }

    /// Nothing passes any more, in either direction; nobody is told.
    pub fn silence(&self) {
        self.state.store(SILENT, Ordering::SeqCst);
    }

    /// All is well: silent lines go on where they stopped.
    pub fn restore(&self) {
        self.state.store(OPEN, Ordering::SeqCst);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The server, and the address without what says that it is a socket.
fn taken_apart(url: &str) -> (Server, Url) {
    let mut url = Url::parse(url).unwrap();
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let folder = pairs.iter().find(|(name, _)| name == "host").map(|(_, folder)| folder.clone());
    url.query_pairs_mut().clear().extend_pairs(pairs.iter().filter(|(name, _)| name != "host"));
    let port = url.port().unwrap_or(5432);
    let server = match folder.filter(|folder| folder.starts_with('/')) {
        Some(folder) => Server::Socket(PathBuf::from(folder).join(format!(".s.PGSQL.{port}"))),
        None => Server::Address(format!("{}:{port}", url.host_str().unwrap())),
    };
    (server, url)
}

async fn serve(listener: TcpListener, server: Arc<Server>, state: Arc<AtomicU8>) {
    // Ended with the proxy.
    let mut lines = tokio::task::JoinSet::new();
    loop {
        let (client, _) = listener.accept().await.unwrap();
        if state.load(Ordering::SeqCst) == CUT {
            continue;
        }
        let (server, state) = (Arc::clone(&server), Arc::clone(&state));
        lines.spawn(async move {
            match &*server {
                Server::Socket(path) => line(client, UnixStream::connect(path).await.unwrap(), &state).await,
                Server::Address(at) => line(client, TcpStream::connect(at).await.unwrap(), &state).await,
            }
        });
    }
}

async fn line(client: TcpStream, server: impl AsyncRead + AsyncWrite + Unpin, state: &AtomicU8) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = tokio::io::split(server);
    tokio::select! {
        () = forward(&mut from_client, &mut to_server, state) => {}
        () = forward(&mut from_server, &mut to_client, state) => {}
        () = async { while state.load(Ordering::SeqCst) != CUT { tokio::time::sleep(LOOK).await; } } => {}
    }
}

async fn forward(from: &mut (impl AsyncRead + Unpin), to: &mut (impl AsyncWrite + Unpin), state: &AtomicU8) {
    let mut some = vec![0; 16 * 1024];
    loop {
        let Ok(read @ 1..) = from.read(&mut some).await else { return };
        while state.load(Ordering::SeqCst) == SILENT {
            tokio::time::sleep(LOOK).await;
        }
        // Nothing passes once it is cut, however soon the line sees that.
        if state.load(Ordering::SeqCst) == CUT {
            return;
        }
        if to.write_all(&some[..read]).await.is_err() {
            return;
        }
    }
}
