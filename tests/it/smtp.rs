//! A mail server on loopback that speaks SMTP (RFC 5321) and does what a test tells it to.

#![allow(dead_code, reason = "each file of tests uses its own part of this")]

use std::{
    collections::{HashMap, VecDeque},
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use data_encoding::BASE64;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What the server does with a mail to some address instead of taking it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Answers `RCPT` with this code.
    Refuse(u16),
    /// Takes the text, then answers with this code.
    RefuseText(u16),
    /// Never answers `RCPT`.
    Stall,
    /// Takes the text and hangs up instead of answering: the mail has arrived.
    DropAfterText,
}

/// Where a conversation stands when something happens to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Greeting,
    Hello,
    Sender,
    Recipient,
    Data,
    /// The text has come to its end.
    End,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blow {
    /// This code instead of what is usual.
    Answer(u16),
    /// The line is cut.
    Cut,
}

/// A mail that has arrived.
#[derive(Debug, Clone)]
pub struct Received {
    pub sender: String,
    pub recipient: String,
    pub raw: Vec<u8>,
}

#[derive(Default)]
struct State {
    received: Vec<Received>,
    always: HashMap<String, Trouble>,
    next: HashMap<String, VecDeque<Trouble>>,
    connections: usize,
    blow: Option<(Stage, Blow)>,
    greeting: Option<&'static str>,
    /// As `user:password`.
    login: Option<String>,
}

impl State {
    fn trouble(&mut self, recipient: &str) -> Option<Trouble> {
        let next = self.next.get_mut(recipient).and_then(VecDeque::pop_front);
        next.or_else(|| self.always.get(recipient).copied())
    }
}

/// Serves until it is dropped.
pub struct SmtpServer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl SmtpServer {
    pub async fn start() -> SmtpServer {
        SmtpServer::start_at(0).await
    }

    /// On that port: a server that comes back.
    pub async fn start_at(port: u16) -> SmtpServer {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let task = tokio::spawn(serve(listener, Arc::clone(&state)));
        SmtpServer { address, state, task }
    }

    /// A port where nobody is.
    pub async fn nobody() -> u16 {
        TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
    }

    /// As `parvis.mail.url` takes it.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Every mail that has arrived, in its order.
    pub fn messages(&self) -> Vec<Received> {
        self.state.lock().unwrap().received.clone()
    }

    /// Every mail to that address.
    pub fn messages_to(&self, recipient: &str) -> Vec<Received> {
        let state = self.state.lock().unwrap();
        state.received.iter().filter(|mail| mail.recipient == recipient).cloned().collect()
    }

    /// How often somebody has connected.
    pub fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    /// Refuses every mail to that address with this code.
    pub fn reject(&self, recipient: &str, code: u16) {
        self.always(recipient, Trouble::Refuse(code));
    }

    /// Makes this trouble with every mail to that address.
    pub fn always(&self, recipient: &str, trouble: Trouble) {
        self.state.lock().unwrap().always.insert(recipient.to_owned(), trouble);
    }

    /// Makes this trouble with the next mail to that address.
    pub fn once(&self, recipient: &str, trouble: Trouble) {
        self.state.lock().unwrap().next.entry(recipient.to_owned()).or_default().push_back(trouble);
    }

    /// Takes mails to that address again.
    pub fn accept(&self, recipient: &str) {
        let mut state = self.state.lock().unwrap();
        state.always.remove(recipient);
        state.next.remove(recipient);
    }

    /// From now on this happens to every conversation; `None`: nothing any more.
    pub fn strike(&self, blow: Option<(Stage, Blow)>) {
        self.state.lock().unwrap().blow = blow;
    }

    /// Greets with this line instead of welcoming, until told otherwise.
    pub fn greet(&self, line: Option<&'static str>) {
        self.state.lock().unwrap().greeting = line;
    }

    /// Wants this login before it takes a mail.
    pub fn want_login(&self, user: &str, password: &str) {
        self.state.lock().unwrap().login = Some(format!("{user}:{password}"));
    }

    /// Takes mails from everybody again.
    pub fn want_no_login(&self) {
        self.state.lock().unwrap().login = None;
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, state: Arc<Mutex<State>>) {
    // Ended with the server: a dead server's lines are dead too.
    let mut lines = tokio::task::JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        state.lock().unwrap().connections += 1;
        let state = Arc::clone(&state);
        lines.spawn(async move {
            // A client that hangs up has ended its conversation.
            let _ = Conversation { stream: BufReader::new(stream), state, logged_in: false }.hold().await;
        });
    }
}

struct Conversation {
    stream: BufReader<TcpStream>,
    state: Arc<Mutex<State>>,
    logged_in: bool,
}

impl Conversation {
    async fn hold(mut self) -> std::io::Result<()> {
        match self.blow(Stage::Greeting) {
            Some(Blow::Answer(code)) => return self.say(&refusal(code, "")).await,
            Some(Blow::Cut) => return Ok(()),
            None => {}
        }
        let greeting = self.state.lock().unwrap().greeting;
        self.say(greeting.unwrap_or("220 mail.example.org ESMTP")).await?;
        if greeting.is_some() {
            return Ok(());
        }
        let (mut sender, mut recipient, mut trouble) = (String::new(), String::new(), None);
        while let Some(line) = self.hear().await? {
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
            let stage = match verb.as_str() {
                "EHLO" | "HELO" => Some(Stage::Hello),
                "MAIL" => Some(Stage::Sender),
                "RCPT" => Some(Stage::Recipient),
                "DATA" => Some(Stage::Data),
                _ => None,
            };
            match stage.and_then(|stage| self.blow(stage)) {
                Some(Blow::Cut) => return Ok(()),
                Some(Blow::Answer(code)) => {
                    self.say(&refusal(code, &recipient)).await?;
                    continue;
                }
                None => {}
            }
            match verb.as_str() {
                "EHLO" | "HELO" => {
                    let login = self.state.lock().unwrap().login.is_some();
                    let auth = if login { "250-AUTH PLAIN\r\n" } else { "" };
                    self.say(&format!("250-mail.example.org\r\n{auth}250 8BITMIME")).await?;
                }
                "AUTH" => self.log_in(&line).await?,
                "MAIL" if self.may_send() => {
                    sender = address(&line);
                    self.say("250 2.1.0 OK").await?;
                }
                "MAIL" => self.say("530 5.7.0 Authentication required").await?,
                "RCPT" => {
                    recipient = address(&line);
                    trouble = self.state.lock().unwrap().trouble(&recipient);
                    match trouble {
                        Some(Trouble::Refuse(code)) => self.say(&refusal(code, &recipient)).await?,
                        Some(Trouble::Stall) => tokio::time::sleep(Duration::from_secs(3600)).await,
                        Some(Trouble::RefuseText(_) | Trouble::DropAfterText) | None => {
                            self.say("250 2.1.5 OK").await?;
                        }
                    }
                }
                "DATA" => {
                    self.say("354 Go on").await?;
                    let raw = self.text().await?;
                    let blow = self.blow(Stage::End);
                    let answer = match (trouble, blow) {
                        (_, Some(Blow::Answer(code))) | (Some(Trouble::RefuseText(code)), _) => Some(code),
                        _ => None,
                    };
                    if let Some(code) = answer {
                        self.say(&refusal(code, &recipient)).await?;
                        continue;
                    }
                    let received = Received { sender: sender.clone(), recipient: recipient.clone(), raw };
                    self.state.lock().unwrap().received.push(received);
                    if trouble == Some(Trouble::DropAfterText) || blow == Some(Blow::Cut) {
                        return Ok(());
                    }
                    self.say("250 2.0.0 Taken").await?;
                }
                "NOOP" | "RSET" => self.say("250 2.0.0 OK").await?,
                "QUIT" => return self.say("221 2.0.0 Bye").await,
                _ => self.say("500 5.5.2 What?").await?,
            }
        }
        Ok(())
    }

    /// What happens to conversations there, if anything.
    fn blow(&self, at: Stage) -> Option<Blow> {
        self.state.lock().unwrap().blow.filter(|(stage, _)| *stage == at).map(|(_, blow)| blow)
    }

    async fn log_in(&mut self, line: &str) -> std::io::Result<()> {
        let given = line.rsplit(' ').next().unwrap_or_default();
        let given =
            String::from_utf8(BASE64.decode(given.as_bytes()).unwrap_or_default()).unwrap_or_default();
        let given = given.trim_start_matches('\0').replace('\0', ":");
        self.logged_in = self.state.lock().unwrap().login.as_ref() == Some(&given);
        let answer = if self.logged_in { "235 2.7.0 Welcome" } else { "535 5.7.8 Wrong user or password" };
        self.say(answer).await
    }

    fn may_send(&self) -> bool {
        self.logged_in || self.state.lock().unwrap().login.is_none()
    }

    async fn say(&mut self, line: &str) -> std::io::Result<()> {
        self.stream.write_all(format!("{line}\r\n").as_bytes()).await?;
        self.stream.flush().await
    }

    async fn hear(&mut self) -> std::io::Result<Option<String>> {
        let mut line = String::new();
        let heard = self.stream.read_line(&mut line).await?;
        Ok((heard > 0).then(|| line.trim_end().to_owned()))
    }

    /// Up to the single dot; doubled dots are one (RFC 5321, section 4.5.2).
    async fn text(&mut self) -> std::io::Result<Vec<u8>> {
        let mut text = Vec::new();
        loop {
            let mut line = Vec::new();
            if self.stream.read_until(b'\n', &mut line).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            match line.as_slice() {
                b".\r\n" => return Ok(text),
                [b'.', rest @ ..] => text.extend_from_slice(rest),
                line => text.extend_from_slice(line),
            }
        }
    }
}

/// Real servers repeat the address; what we keep of it must not.
fn refusal(code: u16, recipient: &str) -> String {
    format!("{code} {}.1.1 <{recipient}> not now", code / 100)
}

fn address(line: &str) -> String {
    let from = line.find('<').map_or(0, |at| at + 1);
    line[from..line.find('>').unwrap_or(line.len())].to_owned()
}
