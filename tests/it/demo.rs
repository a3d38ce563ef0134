//! `parvis demo` as README has it typed: a process that says how to get into its office, lets two people in, and leaves
//! nothing.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use hyper::StatusCode;

use crate::{
    html::Found,
    http::{Answer, Visitor},
    process::ended,
    smtp::SmtpServer,
};

/// How long it may take to fill itself, or to end: it shares the machine with all other tests.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running demo. Killed when dropped.
struct Demo {
    child: Child,
    /// What it says, a line after the other.
    said: Receiver<String>,
}

impl Demo {
    /// Starts it in that folder, and has it put there what it would put among the machine's temporary files.
    fn start(port: u16, folder: &Path) -> Demo {
        let kept = ["PATH", "LLVM_PROFILE_FILE"];
        let kept = kept.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
        let kept: Vec<_> = kept.collect();
        let mut child = Command::new(env!("CARGO_BIN_EXE_parvis"))
            .args(["demo", "--port", &port.to_string()])
            .env_clear()
            .envs(kept)
            .env("TMPDIR", folder)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (tell, said) = channel();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| tell.send(line)));
        Demo { child, said }
    }

    /// What follows these words in the next line that begins with them.
    fn says(&self, words: &str) -> String {
        loop {
            let line =
                self.said.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("it does not say « {words} »"));
            if let Some(rest) = line.strip_prefix(words) {
                return rest.trim().to_owned();
            }
        }
    }

    /// Ctrl-C; it must end well.
    async fn ends(&mut self) {
        let told = Command::new("kill").arg("-INT").arg(self.child.id().to_string()).status().unwrap();
        assert!(told.success());
        let (status, _) = ended(&mut self.child).await;
        assert!(status.success(), "{status}");
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended long ago.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The address of its office, an address and a password, as the terminal says them.
fn way_in(line: &str) -> [&str; 3] {
    let (office, rest) = line.split_once("   address: ").unwrap();
    let (email, password) = rest.split_once("   password: ").unwrap();
    [office, email, password]
}

/// Signs in with them, by the page that the office leads to; gives the cookie.
async fn sign_in(visitor: &Visitor, [office, email, password]: [&str; 3]) -> String {
    let office = &office[office.find("/fr/").unwrap()..];
    let led = visitor.get(office).await;
    assert_eq!(led.status, StatusCode::SEE_OTHER, "{office}");
    let page = visitor.get(led.location()).await;
    let action = Found::on(page.text()).attributes("main form", "action").remove(0);
    let entered = visitor.post(&action, &[("email", email), ("password", password)]).await;
    assert_eq!((entered.status, entered.location()), (StatusCode::SEE_OTHER, office), "{}", entered.text());
    let cookies = entered.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
    let session =
        cookies.filter_map(|line| line.split(';').next()).find(|pair| pair.starts_with("parvis-office="));
    session.expect("a session").to_owned()
}

async fn get_as(visitor: &Visitor, session: &str, path: &str) -> Answer {
    let answer = visitor.send("GET", path, &[("cookie", session)], Default::default()).await.unwrap();
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_lets_two_people_into_its_office_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let port = SmtpServer::nobody().await;
    let mut demo = Demo::start(port, folder.path());
    let site = format!("http://localhost:{port}");
    assert!(demo.says("The demo: ").starts_with(&format!("{site}/fr/miso   its mails: {site}/demo/mails ")));
    let owner = demo.says("Its office, who runs it: ");
    let partner = demo.says("Its office, a partner: ");
    let (owner, partner) = (way_in(&owner), way_in(&partner));
    let office = format!("{site}/fr/office");
    assert_eq!([owner[0], partner[0]], [office.as_str(); 2]);
    let (visitor, since) = (Visitor::to(port), Instant::now());
    while visitor.try_get("/healthz").await.is_err() {
        assert!(since.elapsed() < PATIENCE, "it does not answer");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    for public in ["/fr/miso", "/en/miso", "/demo/mails"] {
        assert_eq!(visitor.get(public).await.status, StatusCode::OK, "{public}");
    }
    let session = sign_in(&visitor, owner).await;
    let sessions = get_as(&visitor, &session, "/fr/office/miso/sessions").await;
    assert_eq!(Found::on(sessions.text()).count("tbody th"), 50, "a page of a hundred sessions");
    let changes = get_as(&visitor, &session, "/fr/office/miso/publish").await;
    assert!(Found::on(changes.text()).count("#changes") > 0, "there is something to publish");
    let session = sign_in(&visitor, partner).await;
    let proposals = get_as(&visitor, &session, "/fr/office/miso/proposals").await;
    // Below them stand the sessions of their organisation.
    let own = "tbody th a[href*='/proposals/']:not([href*='/proposals/sessions/'])";
    assert_eq!(Found::on(proposals.text()).count(own), 2);

    assert!(fs::read_dir(folder.path()).unwrap().count() > 0, "its database stands there");
    demo.ends().await;
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
