//! Parvis as people run it: the real program, in a process of its own.

#![allow(dead_code, reason = "each bench uses its own part of this")]

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::http;

/// How long a server may take to answer for the first time.
const START: Duration = Duration::from_secs(60);
/// How often a start is looked at.
const LOOK: Duration = Duration::from_millis(2);
/// `/proc` counts a process's time in hundredths of a second, on every Linux that we know.
const TICKS: f64 = 100.0;

/// A running process that listens; it ends with this value.
pub struct Server {
    pub port: u16,
    child: Child,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// Parvis with these arguments, in that folder, with no settings but these. Its log goes to a file there, as a
/// service's does.
pub fn parvis(folder: &Path, args: &[&str], settings: &[(&str, String)]) -> Command {
    let log = fs::File::create(folder.join("log")).expect("a file in our own folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_parvis"));
    command.args(args).envs(settings.iter().map(|(name, value)| (*name, value)));
    command.env("TMPDIR", folder).current_dir(folder).stdout(Stdio::null()).stderr(log);
    command
}

/// The same on a disk whose every sync takes 2 ms, as real ones do: `slow.c`; see [`can_be_slow`].
pub fn slowly(mut command: Command) -> Command {
    command.env("LD_PRELOAD", slow_disk());
    command
}

fn slow_disk() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("slow.so")
}

/// Makes the slow disk; false where there is no C compiler that can.
pub fn can_be_slow() -> bool {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/support/slow.c");
    let compile =
        Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(slow_disk()).arg(source).status();
    compile.is_ok_and(|status| status.success())
}

/// A port that nobody had a moment ago.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}

impl Server {
    /// Starts it, and returns when it has answered that page, with how long that took.
    pub fn start(mut command: Command, port: u16, page: &str) -> (Server, Duration) {
        let since = Instant::now();
        let child = command.spawn().expect("the program can be started");
        let mut server = Server { port, child };
        while since.elapsed() < START {
            if try_get(port, page, &[]).is_some_and(|answer| answer.status < 500) {
                return (server, since.elapsed());
            }
            if let Ok(Some(ended)) = server.child.try_wait() {
                panic!("{command:?} ended: {ended}");
            }
            thread::sleep(LOOK);
        }
        panic!("{command:?} does not answer");
    }

    /// One that says its port itself, and is there when this is called.
    pub fn running(child: Child, port: u16) -> Server {
        Server { port, child }
    }

    /// One page, as it comes.
    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        try_get(self.port, path, headers).expect("the server answers")
    }

    /// Seconds of processor time so far.
    pub fn cpu(&self) -> f64 {
        let stat =
            fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("Linux, and a process");
        let fields = stat.rsplit_once(')').expect("the name stands in parentheses").1;
        let ticks =
            fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<f64>().expect("a number"));
        ticks.sum::<f64>() / TICKS
    }

    /// `VmRSS`, `VmHWM`: megabytes.
    pub fn memory(&self, line: &str) -> f64 {
        let status =
            fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("Linux, and a process");
        let found = status.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(':'));
        let kilobytes = found.and_then(|text| text.split_whitespace().next()).expect("a line of `status`");
        kilobytes.parse::<f64>().expect("a number") / 1024.0
    }

    /// What it has given to the system to write until now, in kilobytes; to other programs as well.
    pub fn written(&self) -> f64 {
        let counts =
            fs::read_to_string(format!("/proc/{}/io", self.child.id())).expect("Linux, and a process");
        let found = counts.lines().find_map(|text| text.strip_prefix("wchar: "));
        found.and_then(|bytes| bytes.parse::<f64>().ok()).expect("a line of `io`") / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// `None` where nobody answers, yet.
fn try_get(port: u16, path: &str, headers: &[(&str, &str)]) -> Option<Answer> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
    stream.write_all(http::get(path, headers).as_bytes()).ok()?;
    let mut bytes = Vec::new();
    let mut piece = [0; 64 * 1024];
    let head = loop {
        let read = stream.read(&mut piece).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&piece[..read]);
        if let Some(head) = http::head(&bytes) {
            break head;
        }
    };
    let mut body = bytes.split_off(head.len);
    let filled = body.len();
    body.resize(head.body, 0);
    stream.read_exact(&mut body[filled..]).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let headers = http::headers(&text).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Some(Answer { status: head.status, headers, body })
}
