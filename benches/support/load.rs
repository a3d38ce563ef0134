//! The load: a closed loop over real connections, in a process of its own, so that its work is not the server's.
//! A bench starts itself again for it, with the plan on standard input and the report on standard output.

#![allow(dead_code, reason = "some benches let every load end by itself")]

use std::{
    cell::RefCell,
    collections::BTreeMap,
    env,
    io::{self, ErrorKind, Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr},
    process::{Child, ChildStdin, Command, Stdio},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use tokio::{net::TcpStream, task::LocalSet};

use super::http;

/// The first argument of a process that is a load.
const WORD: &str = "load";
/// How long a load without an end of its own may take.
const LONGEST: Duration = Duration::from_secs(180);

/// What is asked.
#[derive(Serialize, Deserialize)]
pub struct Plan {
    /// On this machine; of several, each connection has one in its turn.
    pub ports: Vec<u16>,
    /// Each sends its next request when it has its answer.
    pub connections: usize,
    /// So long, over and over; `None`: each request once.
    pub seconds: Option<f64>,
    /// Whole requests.
    pub requests: Vec<String>,
}

/// What came back.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Report {
    /// Answers read to their end.
    pub answers: u64,
    /// From the first request to the last answer.
    pub seconds: f64,
    /// Answers by status.
    pub statuses: BTreeMap<u16, u64>,
    /// Milliseconds that half of the answers, 99 of 100, and all took.
    pub p50: f64,
    /// See `p50`.
    pub p99: f64,
    /// See `p50`.
    pub max: f64,
}

impl Report {
    /// Answers a second.
    pub fn rate(&self) -> f64 {
        self.answers as f64 / self.seconds
    }
}

impl Plan {
    /// Runs it in another process.
    pub fn run(&self) -> Report {
        self.start().report()
    }

    /// Starts it in another process.
    pub fn start(&self) -> Running {
        let own = env::current_exe().expect("a bench knows its own file");
        let mut child = Command::new(own)
            .arg(WORD)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it can be started again");
        let mut input = child.stdin.take().expect("piped");
        writeln!(input, "{}", serde_json::to_string(self).expect("plain data"))
            .expect("the load reads its plan");
        Running { child, input }
    }
}

/// A load on its way. It ends by itself, or when nobody holds the other end of its input any more.
pub struct Running {
    child: Child,
    input: ChildStdin,
}

impl Running {
    /// What came back, once it has ended by itself.
    pub fn report(self) -> Report {
        let Running { child, input } = self;
        let report = Running::read(child);
        drop(input);
        report
    }

    /// Ends it, and gives what came back so far.
    pub fn end(self) -> Report {
        let Running { child, input } = self;
        drop(input);
        Running::read(child)
    }

    fn read(child: Child) -> Report {
        let output = child.wait_with_output().expect("the load ends");
        assert!(output.status.success(), "the load failed: {}", output.status);
        serde_json::from_slice(&output.stdout).expect("a report")
    }
}

/// True where this process was a load, and has been.
pub fn was_one() -> bool {
    if env::args().nth(1).as_deref() != Some(WORD) {
        return false;
    }
    let mut plan = String::new();
    io::stdin().read_line(&mut plan).expect("a plan");
    let plan: Plan = serde_json::from_str(&plan).expect("a plan");
    let let_go = Arc::new(AtomicBool::new(false));
    thread::spawn({
        let let_go = Arc::clone(&let_go);
        move || {
            io::stdin().read_to_end(&mut Vec::new()).ok();
            let_go.store(true, Ordering::Relaxed);
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let report = runtime.block_on(LocalSet::new().run_until(all(plan, let_go)));
    println!("{}", serde_json::to_string(&report).expect("plain data"));
    true
}

/// What the connections of a load share.
struct Shared {
    plan: Plan,
    until: Instant,
    /// Nobody waits for it any more.
    let_go: Arc<AtomicBool>,
    next: RefCell<usize>,
    report: RefCell<(Report, Vec<f64>)>,
}

async fn all(plan: Plan, let_go: Arc<AtomicBool>) -> Report {
    let mut streams = Vec::new();
    for number in 0..plan.connections {
        streams.push(
            connect(plan.ports[number % plan.ports.len()]).await.expect("the server takes connections"),
        );
    }
    let since = Instant::now();
    let until = since + plan.seconds.map_or(LONGEST, Duration::from_secs_f64);
    let shared =
        Rc::new(Shared { plan, until, let_go, next: RefCell::default(), report: RefCell::default() });
    let tasks: Vec<_> =
        streams.into_iter().map(|stream| tokio::task::spawn_local(one(stream, Rc::clone(&shared)))).collect();
    for task in tasks {
        task.await.expect("a connection's task").expect("the server answers");
    }
    let (mut report, mut took) = shared.report.take();
    report.seconds = since.elapsed().as_secs_f64();
    took.sort_by(f64::total_cmp);
    let at = |part: f64| took.get(((took.len() as f64 - 1.0) * part).round() as usize).copied();
    (report.p50, report.p99, report.max) =
        (at(0.5).unwrap_or(0.0), at(0.99).unwrap_or(0.0), at(1.0).unwrap_or(0.0));
    report
}

async fn connect(port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

impl Shared {
    fn next(&self) -> Option<&str> {
        let mut next = self.next.borrow_mut();
        let requests = &self.plan.requests;
        let over = self.let_go.load(Ordering::Relaxed)
            || Instant::now() >= self.until
            || (self.plan.seconds.is_none() && *next >= requests.len());
        let request = &requests[*next % requests.len()];
        *next += 1;
        (!over).then_some(request)
    }
}

async fn one(stream: TcpStream, shared: Rc<Shared>) -> io::Result<()> {
    let mut buffer = vec![0; 256 * 1024];
    while let Some(request) = shared.next() {
        let since = Instant::now();
        send(&stream, request.as_bytes()).await?;
        let status = receive(&stream, &mut buffer).await?;
        let (report, took) = &mut *shared.report.borrow_mut();
        report.answers += 1;
        *report.statuses.entry(status).or_default() += 1;
        took.push(since.elapsed().as_secs_f64() * 1e3);
    }
    Ok(())
}

async fn send(stream: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match stream.try_write(bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(cause) if cause.kind() == ErrorKind::WouldBlock => stream.writable().await?,
            Err(cause) => return Err(cause),
        }
    }
    Ok(())
}

/// Reads one answer to its end; what its body says is nobody's business here.
async fn receive(stream: &TcpStream, buffer: &mut [u8]) -> io::Result<u16> {
    let mut filled = 0;
    let head = loop {
        filled += read(stream, &mut buffer[filled..]).await?;
        if let Some(head) = http::head(&buffer[..filled]) {
            break head;
        }
    };
    let mut left = (head.len + head.body) - filled;
    while left > 0 {
        let room = left.min(buffer.len());
        left -= read(stream, &mut buffer[..room]).await?;
    }
    Ok(head.status)
}

async fn read(stream: &TcpStream, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        stream.readable().await?;
        match stream.try_read(buffer) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Err(cause) if cause.kind() == ErrorKind::WouldBlock => {}
            done => return done,
        }
    }
}
