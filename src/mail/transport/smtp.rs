//! SMTP with a few connections kept open. lettre speaks; we keep the connections, because only so can a
//! refused login be told from a refused mail.

use std::{fmt, net::IpAddr, sync::Mutex, time::Duration};

use lettre::{
    Message,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::ClientId,
    },
};
use tokio::time::{Instant, timeout, timeout_at};

use super::{
    failure::{Failure, Step, scrub},
    setting::{Encryption, Server},
};

/// To connect, greet, encrypt and log in.
const CONNECT: Duration = Duration::from_secs(10);
/// For the conversation about one mail.
const CONVERSATION: Duration = Duration::from_secs(35);
/// For all of it together: kept connections that do not answer any more, a new one, the conversation. The worker ends
/// well before another may claim the mail.
pub(super) const DELIVERY: Duration = Duration::from_secs(45);
/// To see whether a kept connection is still there.
const STILL_THERE: Duration = Duration::from_secs(2);
/// A connection that was not used for so long is not trusted.
const IDLE: Duration = Duration::from_secs(30);
/// Connections kept between mails.
const KEPT_MAX: usize = 8;

/// One mail server.
pub(super) struct Smtp {
    server: Server,
    own_name: ClientId,
    connect: Duration,
    conversation: Duration,
    delivery: Duration,
    kept: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

impl Smtp {
    pub fn new(server: Server, own_name: &str) -> Smtp {
        Smtp {
            server,
            own_name: client_id(own_name),
            connect: CONNECT,
            conversation: CONVERSATION,
            delivery: DELIVERY,
            kept: Mutex::default(),
        }
    }

    pub async fn send(&self, message: &Message) -> Result<(), Failure> {
        let end = Instant::now() + self.delivery;
        let too_long = |_| Failure::Unreachable { why: "no answer in time".to_owned() };
        let mut connection = timeout_at(end, self.connection()).await.map_err(too_long)??;
        let end = end.min(Instant::now() + self.conversation);
        match timeout_at(end, converse(&mut connection, message)).await {
            Ok(Ok(())) => {
                self.keep(connection);
                Ok(())
            }
            Ok(Err((step, error))) => {
                // After any error the line is closed; politely, where it still hears us.
                let _ = timeout(STILL_THERE, connection.abort()).await;
                Err(in_conversation(step, &error, message))
            }
            Err(_) => Err(Failure::Broken { why: "no answer in time".to_owned() }),
        }
    }

    pub async fn close(&self) {
        for (mut connection, _) in self.take_all() {
            let _ = timeout(STILL_THERE, connection.quit()).await;
        }
    }

    /// With so much less patience: for tests.
    pub fn with_patience(self, whole: Duration) -> Smtp {
        let at_most = |patience: Duration| patience.min(whole);
        let (connect, conversation) = (at_most(self.connect), at_most(self.conversation));
        Smtp { connect, conversation, delivery: whole, ..self }
    }

    /// A kept connection that still answers, or a new one.
    async fn connection(&self) -> Result<AsyncSmtpConnection, Failure> {
        loop {
            let kept = self.kept.lock().expect("nobody panics while holding this lock").pop();
            let Some((mut connection, since)) = kept else { break };
            if since.elapsed() < IDLE
                && timeout(STILL_THERE, connection.test_connected()).await.unwrap_or(false)
            {
                return Ok(connection);
            }
        }
        match timeout(self.connect, self.connect()).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(Failure::Unreachable { why: cause(&error) }),
            Err(_) => Err(Failure::Unreachable { why: "no answer in time".to_owned() }),
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let Server { host, port, encryption, login } = &self.server;
        let parameters = || TlsParameters::new(host.clone());
        let implicit = match encryption {
            Encryption::Implicit => Some(parameters()?),
            Encryption::Required | Encryption::Opportunistic | Encryption::None => None,
        };
        let address = (host.as_str(), *port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, Some(self.connect), &self.own_name, implicit, None)
                .await?;
        let upgrade = match encryption {
            Encryption::Required => true,
            Encryption::Opportunistic => connection.can_starttls(),
            Encryption::Implicit | Encryption::None => false,
        };
        if upgrade {
            connection.starttls(parameters()?, &self.own_name).await?;
        }
        if let Some(login) = login {
            let credentials = Credentials::new(login.user.clone(), login.password.clone());
            connection.auth(DEFAULT_MECHANISMS, &credentials).await?;
        }
        Ok(connection)
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        let mut kept = self.kept.lock().expect("nobody panics while holding this lock");
        if !connection.has_broken() && kept.len() < KEPT_MAX {
            kept.push((connection, Instant::now()));
        }
    }

    fn take_all(&self) -> Vec<(AsyncSmtpConnection, Instant)> {
        std::mem::take(&mut *self.kept.lock().expect("nobody panics while holding this lock"))
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.server)
    }
}

/// lettre's own `send` writes the text and the dot behind it apart. The kernel then keeps the dot back until the text is
/// acknowledged, which the other side delays, too: 40 ms a mail.
async fn converse(connection: &mut AsyncSmtpConnection, message: &Message) -> Result<(), (Step, Error)> {
    let from = Mail::new(message.envelope().from().cloned(), Vec::new());
    connection.command(from).await.map_err(|error| (Step::Sender, error))?;
    hand_over(connection, message).await.map_err(|error| (Step::Mail, error))
}

async fn hand_over(connection: &mut AsyncSmtpConnection, message: &Message) -> Result<(), Error> {
    for recipient in message.envelope().to() {
        connection.command(Rcpt::new(recipient.clone(), Vec::new())).await?;
    }
    connection.command(Data).await?;
    connection.command(text_and_dot(&message.formatted())).await?;
    Ok(())
}

/// The text with doubled dots at the beginnings of lines (RFC 5321, section 4.5.2), and the dot that ends it. What we
/// write is ASCII.
fn text_and_dot(message: &[u8]) -> String {
    let text = String::from_utf8_lossy(message);
    let mut stuffed = String::with_capacity(text.len() + 64);
    for line in text.split_inclusive("\r\n") {
        if line.starts_with('.') {
            stuffed.push('.');
        }
        stuffed.push_str(line);
    }
    if !stuffed.ends_with("\r\n") {
        stuffed.push_str("\r\n");
    }
    stuffed + ".\r\n"
}

fn client_id(name: &str) -> ClientId {
    match name.trim_matches(['[', ']']).parse() {
        Ok(IpAddr::V4(address)) => ClientId::Ipv4(address),
        Ok(IpAddr::V6(address)) => ClientId::Ipv6(address),
        Err(_) => ClientId::Domain(name.to_owned()),
    }
}

/// An error while this mail was talked about.
fn in_conversation(step: Step, error: &Error, message: &Message) -> Failure {
    let Some(code) = error.status() else {
        return Failure::Broken { why: cause(error) };
    };
    let code = u16::from(code);
    let answer = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let private: Vec<_> = message.envelope().to().iter().map(|address| address.user()).collect();
    Failure::answered(step, code, &answer, &private)
}

/// What stands behind an error of the line or of the login. A server may repeat our user's name in it.
fn cause(error: &Error) -> String {
    scrub(&error.to_string(), &[])
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };

    use super::*;

    /// What comes of a mail to a server that gives these answers, one a command, and then is silent.
    async fn after(answers: &'static [&'static str]) -> Failure {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            for answer in answers {
                stream.write_all(answer.as_bytes()).await.unwrap();
                let _ = stream.read(&mut [0; 4096]).await;
            }
            std::future::pending::<()>().await;
        });
        let server = Server { host: "127.0.0.1".to_owned(), port, encryption: Encryption::None, login: None };
        let moment = Duration::from_millis(200);
        let smtp = Smtp { connect: moment, conversation: moment, ..Smtp::new(server, "example.org") };
        let message = Message::builder()
            .from("a@example.org".parse().unwrap())
            .to("b@example.org".parse().unwrap())
            .body(String::new())
            .unwrap();
        smtp.send(&message).await.unwrap_err()
    }

    #[test]
    fn a_dot_alone_does_not_end_a_mail() {
        assert_eq!(text_and_dot(b".\r\n..a\r\nb."), "..\r\n...a\r\nb.\r\n.\r\n");
        assert_eq!(text_and_dot(b"a\r\n"), "a\r\n.\r\n");
    }

    #[tokio::test]
    async fn a_silent_server_is_left_and_where_it_fell_silent_decides() {
        let why = || "no answer in time".to_owned();
        assert_eq!(after(&[]).await, Failure::Unreachable { why: why() });
        assert_eq!(after(&["220 a\r\n"]).await, Failure::Unreachable { why: why() });
        assert_eq!(after(&["220 a\r\n", "250 a\r\n"]).await, Failure::Broken { why: why() });
        let all_but_the_last = &["220 a\r\n", "250 a\r\n", "250 b\r\n", "250 c\r\n", "354 d\r\n"];
        assert_eq!(after(all_but_the_last).await, Failure::Broken { why: why() });
    }
}
