//! A mail server that takes everything and keeps nothing, in a process of its own, and the load that sends it the same
//! bytes again and again: what SMTP itself costs. A bench starts itself again for the server.

use std::{
    env,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::Instant,
};

/// The first argument of a process that is the server.
const WORD: &str = "smtp-sink";

/// Runs until it is dropped.
pub struct Sink {
    child: Child,
    pub port: u16,
}

impl Sink {
    pub fn start() -> Sink {
        let mut child = Command::new(env::current_exe().expect("a bench knows its own file"))
            .arg(WORD)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it can be started again");
        let mut port = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut port).expect("it says its port");
        Sink { child, port: port.trim().parse().expect("a port") }
    }

    /// Sends one message so often over so many connections; mails a second.
    pub fn raw(&self, message: &[u8], times: usize, connections: usize) -> f64 {
        let since = Instant::now();
        thread::scope(|scope| {
            for at in 0..connections {
                let mine = times / connections + usize::from(at < times % connections);
                scope.spawn(move || send(self.port, message, mine).expect("the sink takes everything"));
            }
        });
        times as f64 / since.elapsed().as_secs_f64()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// True where this process was the server, and has been.
pub fn was_one() -> bool {
    if env::args().nth(1).is_none_or(|word| word != WORD) {
        return false;
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    println!("{}", listener.local_addr().expect("its address").port());
    for stream in listener.incoming() {
        let stream = stream.expect("a connection");
        // A client that hangs up has ended its conversation.
        thread::spawn(|| take(stream).ok());
    }
    true
}

fn take(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut input = BufReader::with_capacity(1 << 16, stream.try_clone()?);
    stream.write_all(b"220 sink ESMTP\r\n")?;
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        let answer: &[u8] = match line.get(..4).unwrap_or_default() {
            b"EHLO" => b"250-sink\r\n250 8BITMIME\r\n",
            b"DATA" => {
                stream.write_all(b"354 go on\r\n")?;
                while line != b".\r\n" {
                    line.clear();
                    if input.read_until(b'\n', &mut line)? == 0 {
                        return Ok(());
                    }
                }
                b"250 taken\r\n"
            }
            b"QUIT" => return stream.write_all(b"221 bye\r\n"),
            _ => b"250 ok\r\n",
        };
        stream.write_all(answer)?;
        line.clear();
    }
    Ok(())
}

/// As lettre does it: one command, one answer.
fn send(port: u16, message: &[u8], times: usize) -> io::Result<()> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_nodelay(true)?;
    let mut answer = [0; 512];
    let mut hear = |stream: &mut TcpStream| stream.read(&mut answer).map(|_| ());
    hear(&mut stream)?;
    let mut ask = |stream: &mut TcpStream, text: &[u8]| stream.write_all(text).and_then(|()| hear(stream));
    ask(&mut stream, b"EHLO bench\r\n")?;
    let mut body = message.to_vec();
    body.extend_from_slice(b"\r\n.\r\n");
    for _ in 0..times {
        ask(&mut stream, b"MAIL FROM:<programme@example.org>\r\n")?;
        ask(&mut stream, b"RCPT TO:<person@example.org>\r\n")?;
        ask(&mut stream, b"DATA\r\n")?;
        ask(&mut stream, &body)?;
    }
    ask(&mut stream, b"QUIT\r\n")
}
