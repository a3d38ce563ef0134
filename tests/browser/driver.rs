//! Chromium, driven over WebDriver: one `chromedriver` a test process, a fresh window for each test. A browser that a test
//! has closed takes in the next: to start one takes longer than most of what is done in it.
//!
//! As with the database server of `tests/it/postgres.rs`, a watchdog shell holds the other end of a pipe to
//! this process and ends every browser when the pipe closes.

#![allow(dead_code, reason = "not every test uses all of it")]

use std::{
    env, fs,
    io::{self, Write as _},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{ChildStdin, Command, Stdio},
    sync::{Mutex, OnceLock},
    thread,
    time::{Duration, Instant},
};

use chrono::{NaiveDate, NaiveTime};
use data_encoding::BASE64;
use fantoccini::{
    Client, ClientBuilder, Locator,
    elements::Element,
    wd::{WebDriverCompatibleCommand, WindowHandle},
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

/// How long chromedriver may take to answer for the first time.
const START: Duration = Duration::from_secs(60);
/// How long an element that a test waits for may take to appear.
const APPEAR: Duration = Duration::from_secs(10);
/// How long what leads elsewhere may take to lead there.
const LEAD: Duration = Duration::from_secs(20);

/// Whether the element leads to another page. Where it does, the window writes down whether the page's own script takes
/// the click or the form in hand, or the browser finds a field that is wrong: its listeners come after the page's.
const LEADS: &str = "
    const leads = arguments[0].closest(\"a[href]:not([href^='#']), form button:not([type=button]), form input:not([type=checkbox], [type=radio], [type=file])\") !== null;
    if (leads) {
        globalThis.parvisStays = false;
        const stays = () => { globalThis.parvisStays = true; };
        const heard = (event) => { if (event.defaultPrevented) stays(); };
        for (const kind of ['click', 'submit']) addEventListener(kind, heard, { once: true });
        addEventListener('invalid', stays, { capture: true, once: true });
    }
    return leads";

/// True where the pictures are wanted that tests can take: `PARVIS_LOOK=1`.
pub fn wants_pictures() -> bool {
    env::var("PARVIS_LOOK").is_ok_and(|value| value == "1")
}

/// The colours in which a page is seen: both where there are pictures; what fits in one, fits in the other.
pub fn schemes() -> &'static [(Scheme, &'static str)] {
    let both = &[(Scheme::Light, "light"), (Scheme::Dark, "dark")];
    if wants_pictures() { both } else { &both[..1] }
}

/// What the visitor has in hand.
#[derive(Debug, Clone, Copy)]
pub enum Size {
    /// 390 by 844, touched.
    Phone,
    /// 320 by 640, touched: also a desktop window that is enlarged to 400 % (WCAG 2.2, 1.4.10).
    Narrow,
    /// 1280 by 900.
    Desktop,
    /// 1000 by 840: as wide as a picture in a page of documentation.
    Picture,
}

/// Whether the visitor's browser runs scripts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scripts {
    On,
    Off,
}

/// The colours that the visitor prefers.
#[derive(Debug, Clone, Copy)]
pub enum Scheme {
    Light,
    Dark,
}

/// A browser window. [`Browser::close`] ends it; otherwise it ends with the test.
pub struct Browser {
    client: Client,
    scripts: Scripts,
    profile: TempDir,
}

/// A browser that no test has: an empty window, without cookies. Each is some hundred megabytes.
struct Idle {
    session: String,
    scripts: Scripts,
    profile: TempDir,
}

static IDLE: Mutex<Vec<Idle>> = Mutex::new(Vec::new());
const IDLE_MAX: usize = 4;

struct Driver {
    port: u16,
    chromium: PathBuf,
    home: PathBuf,
    /// Open as long as this process lives.
    _watchdog: ChildStdin,
}

impl Browser {
    /// A new window, or `None` where there is no Chromium, which is said once, in one line.
    ///
    /// # Panics
    /// Where `PARVIS_REQUIRE_BROWSER=1` and there is none.
    pub async fn open(size: Size, scripts: Scripts, scheme: Scheme) -> Option<Browser> {
        let driver = driver().as_ref()?;
        let browser = match idle(scripts) {
            Some(idle) => Browser::take_over(driver, idle).await,
            None => Browser::start(driver, scripts).await,
        };
        browser.resize(size).await;
        browser.prefer(scheme).await;
        Some(browser)
    }

    async fn start(driver: &Driver, scripts: Scripts) -> Browser {
        let profile = tempfile::Builder::new().prefix("profile-").tempdir_in(&driver.home).unwrap();
        let capabilities = capabilities(&driver.chromium, profile.path(), scripts);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver.url())
            .await
            .unwrap();
        Browser { client, scripts, profile }
    }

    async fn take_over(driver: &Driver, idle: Idle) -> Browser {
        let client = Client::with_existing_session(&driver.url(), &idle.session, HttpConnector::new()).await;
        Browser { client: client.unwrap(), scripts: idle.scripts, profile: idle.profile }
    }

    /// From now on the window is that large.
    pub async fn resize(&self, size: Size) {
        self.draw(size, 1.0).await;
    }

    /// So many dots of the screen are a pixel of the page, in each direction.
    async fn draw(&self, size: Size, dots: f64) {
        let (width, height, is_mobile) = match size {
            Size::Phone => (390, 844, true),
            Size::Narrow => (320, 640, true),
            Size::Desktop => (1280, 900, false),
            Size::Picture => (1000, 840, false),
        };
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": dots, "mobile": is_mobile});
        self.tell("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// The browser has that cookie from now on, wherever it goes on the host of that address.
    ///
    /// # Panics
    /// Where the browser refuses it.
    pub async fn carry(&self, address: &str, name: &str, value: &str) {
        // A browser takes loopback for as safe as https; a header of ours would be lost where an answer leads on.
        let cookie = json!({
            "name": name, "value": value, "url": address, "path": "/", "secure": true, "httpOnly": true,
        });
        let taken = self.tell("Network.setCookie", cookie).await;
        assert_eq!(taken["success"], json!(true), "the browser refuses the cookie");
    }

    /// From now on pages are drawn for these colours.
    pub async fn prefer(&self, scheme: Scheme) {
        let value = match scheme {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        };
        // Without smooth scrolling: what is clicked stands still.
        let features = json!({"media": "", "features": [
            {"name": "prefers-color-scheme", "value": value},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]});
        self.tell("Emulation.setEmulatedMedia", features).await;
    }

    /// From now on pages are drawn as on paper, until [`Browser::prefer`].
    pub async fn print(&self) {
        self.tell("Emulation.setEmulatedMedia", json!({"media": "print"})).await;
    }

    pub async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    pub async fn url(&self) -> Url {
        self.client.current_url().await.unwrap()
    }

    /// The tab that the visitor looks at, for [`Browser::to_tab`].
    pub async fn tab_of_now(&self) -> WindowHandle {
        self.client.window().await.unwrap()
    }

    /// Opens another tab, and looks at it: as large as a browser makes it.
    pub async fn another_tab(&self) -> WindowHandle {
        let new = self.client.new_window(true).await.unwrap().handle;
        self.to_tab(&new).await;
        new
    }

    pub async fn to_tab(&self, tab: &WindowHandle) {
        self.client.switch_to_window(tab.clone()).await.unwrap();
    }

    pub async fn title(&self) -> String {
        self.client.title().await.unwrap()
    }

    /// The element, which may still be on its way.
    ///
    /// # Panics
    /// Where it does not appear.
    pub async fn find(&self, selector: &str) -> Element {
        let found = self.client.wait().at_most(APPEAR).for_element(Locator::Css(selector)).await;
        found.unwrap_or_else(|error| panic!("`{selector}`: {error}"))
    }

    /// How many elements match now.
    pub async fn count(&self, selector: &str) -> usize {
        self.client.find_all(Locator::Css(selector)).await.unwrap().len()
    }

    /// The text that a person sees in the element. One that was found on a page that is just leaving is looked for
    /// again, on the next.
    pub async fn text(&self, selector: &str) -> String {
        let since = Instant::now();
        loop {
            match self.find(selector).await.text().await {
                Err(error) if error.is_stale_element_reference() && since.elapsed() < APPEAR => {}
                text => return text.unwrap(),
            }
        }
    }

    /// A click on the element, which is first brought to the middle of the window, as people do. What leads to
    /// another page has led there when this returns. What a script of ours takes in hand, and a form that the browser
    /// itself refuses, lead nowhere: nobody waits.
    pub async fn click(&self, selector: &str) {
        let element = self.find(selector).await;
        let found = serde_json::to_value(&element).unwrap();
        let bring = "arguments[0].scrollIntoView({block: 'center'})";
        self.client.execute(bring, vec![found]).await.unwrap();
        let before = self.before(&element).await;
        element.click().await.unwrap();
        self.follow(before).await;
    }

    /// Enter, on what has the focus: what leads to another page has led there when this returns.
    pub async fn enter(&self) {
        let element = self.client.active_element().await.unwrap();
        let before = self.before(&element).await;
        element.send_keys("\u{e007}").await.unwrap();
        self.follow(before).await;
    }

    /// The page that the element leads away from, read to its end; `None` if it leads nowhere.
    async fn before(&self, element: &Element) -> Option<Value> {
        let found = serde_json::to_value(element).unwrap();
        let leads = self.client.execute(LEADS, vec![found]).await.unwrap() == true;
        if leads { Some(self.read_to_its_end().await) } else { None }
    }

    /// Waits until there is another page, or it is known that there will be none.
    async fn follow(&self, before: Option<Value>) {
        let Some(before) = before else { return };
        let since = Instant::now();
        loop {
            match self.page().await {
                Some(now) if now != before => break,
                Some(_) if self.stays().await => break,
                Some(_) | None if since.elapsed() >= LEAD => panic!("leads nowhere: {}", self.url().await),
                Some(_) | None => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    }

    /// True where the page said no to what it was asked last: what [`LEADS`] has written down.
    async fn stays(&self) -> bool {
        let stays = "return globalThis.parvisStays === true";
        self.client.execute(stays, vec![]).await.is_ok_and(|stays| stays == true)
    }

    /// The page, once it is there: one that is still being read is told from no other.
    async fn read_to_its_end(&self) -> Value {
        let since = Instant::now();
        loop {
            match self.page().await {
                Some(page) => return page,
                None if since.elapsed() >= APPEAR => panic!("a page is not read to its end"),
                None => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    }

    /// What tells the page that has been read to its end from the one before it; `None` in between.
    async fn page(&self) -> Option<Value> {
        // Before a page comes there may be an empty one: every page of ours has something in it.
        let page = "return document.readyState === 'complete' && document.body?.firstElementChild ? performance.timeOrigin : null";
        self.client.execute(page, vec![]).await.ok().filter(|page| !page.is_null())
    }

    pub async fn fill(&self, selector: &str, text: &str) {
        let field = self.find(selector).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Chooses a file of this machine, as the window that the system opens does.
    pub async fn attach(&self, selector: &str, file: &Path) {
        self.find(selector).await.send_keys(file.to_str().unwrap()).await.unwrap();
    }

    /// Keys to whatever has the focus: `"\u{e004}"` is Tab, `"\u{e007}"` Enter (WebDriver, 17.4.2).
    pub async fn press(&self, keys: &str) {
        self.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// Tab, as the key itself: a field for a file would take what [`Browser::press`] sends for the name of a file.
    pub async fn tab(&self) {
        self.tab_with(0).await;
    }

    /// The way back.
    pub async fn shift_tab(&self) {
        self.tab_with(8).await;
    }

    async fn tab_with(&self, modifiers: u8) {
        // The focus moves when the key goes down; that it comes up again, thousands of times, nobody listens to.
        let key = json!({
            "type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9, "modifiers": modifiers,
        });
        self.tell("Input.dispatchKeyEvent", key).await;
    }

    /// Types a day into the field for one that has the focus: month, day, year, as our browser asks for it.
    pub async fn type_day(&self, day: NaiveDate) {
        self.type_keys(&day.format("%m%d%Y").to_string()).await;
    }

    /// The same for a time.
    pub async fn type_time(&self, time: NaiveTime) {
        self.type_keys(&time.format("%I%M%p").to_string()).await;
    }

    /// Types on the keyboard itself: a field for a day has parts of its own, which follow one another.
    async fn type_keys(&self, keys: &str) {
        for key in keys.chars().map(String::from) {
            self.tell("Input.dispatchKeyEvent", json!({"type": "keyDown", "key": key, "text": key})).await;
            self.tell("Input.dispatchKeyEvent", json!({"type": "keyUp", "key": key})).await;
        }
    }

    /// Says no to the question that the page asks in a window of its own.
    pub async fn refuse(&self) {
        let since = Instant::now();
        // The question comes when the page asks it.
        while let Err(none_yet) = self.client.dismiss_alert().await {
            assert!(since.elapsed() < APPEAR, "nothing is asked: {none_yet}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Chooses the option of that value.
    pub async fn choose(&self, selector: &str, value: &str) {
        self.find(selector).await.select_by_value(value).await.unwrap();
    }

    /// Everything since the last call that no page of ours may do: errors in the console, what the content
    /// security policy stopped, requests to another host than this one.
    pub async fn misdeeds(&self, host: &str) -> Vec<String> {
        let mut found = Vec::new();
        for entry in self.log("browser").await {
            let text = entry["message"].as_str().unwrap_or_default().to_owned();
            // A form with mistakes in it, shown again: that is its status.
            if entry["level"] == "SEVERE" && !text.contains("status of 422") {
                found.push(text);
            }
        }
        for entry in self.log("performance").await {
            let message: Value = serde_json::from_str(entry["message"].as_str().unwrap_or_default()).unwrap();
            let address = &message["message"]["params"]["request"]["url"];
            let Some(address) = address.as_str().and_then(|address| Url::parse(address).ok()) else {
                continue;
            };
            // Before the first page there is the browser's own.
            let is_ours =
                ["data", "chrome"].contains(&address.scheme()) || address.as_str().starts_with(host);
            if message["message"]["method"] == "Network.requestWillBeSent" && !is_ours {
                found.push(format!("asks {address}"));
            }
        }
        found
    }

    async fn log(&self, kind: &'static str) -> Vec<Value> {
        self.client.issue_cmd(Log(kind)).await.unwrap().as_array().cloned().unwrap_or_default()
    }

    /// Runs a script of the test, also where the page's own are off. `return` gives its value.
    pub async fn script(&self, script: &str) -> Value {
        self.client.execute(script, vec![]).await.unwrap()
    }

    /// By how many pixels the page is wider than the window: 0, or people must scroll sideways.
    pub async fn overflow(&self) -> i64 {
        let script = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        self.script(script).await.as_i64().unwrap()
    }

    /// A picture of the whole page, `target/screenshots/<name>.png`, where pictures are wanted: they take longer than
    /// what is done on the page.
    pub async fn screenshot(&self, name: &str) {
        if wants_pictures() {
            self.picture(name).await;
        }
    }

    /// The same, wanted or not.
    pub async fn picture(&self, name: &str) -> PathBuf {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/screenshots");
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!("{name}.png"));
        let page = self.tell("Page.getLayoutMetrics", json!({})).await["cssContentSize"].clone();
        let clip = json!({"x": 0, "y": 0, "width": page["width"], "height": page["height"], "scale": 1});
        let picture = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
        fs::write(&file, self.capture(picture).await).unwrap();
        file
    }

    /// The window, scrolled until the first element is at its top, as a sharp PNG; and how much of its height is
    /// above the end of the second.
    pub async fn view(&self, size: Size, from: &str, to: &str) -> (Vec<u8>, f64) {
        self.find(from).await;
        self.find(to).await;
        let frame = format!(
            "const box = one => document.querySelector(one).getBoundingClientRect();
            scrollTo(0, box({from:?}).top + scrollY - 20);
            return Math.min(1, (box({to:?}).bottom + 20) / innerHeight)"
        );
        let part = self.script(&frame).await.as_f64().unwrap();
        self.draw(size, 1.5).await;
        let picture = self.capture(json!({"format": "png"})).await;
        self.resize(size).await;
        (picture, part)
    }

    async fn capture(&self, how: Value) -> Vec<u8> {
        let taken = self.tell("Page.captureScreenshot", how).await;
        BASE64.decode(taken["data"].as_str().unwrap().as_bytes()).unwrap()
    }

    /// Gives a field its value past the keyboard: dates and times are typed otherwise in each country.
    pub async fn set(&self, selector: &str, value: &str) {
        self.find(selector).await;
        self.script(&format!("document.querySelector({selector:?}).value = {value:?}")).await;
    }

    /// A command of the DevTools protocol.
    pub async fn tell(&self, cmd: &'static str, params: Value) -> Value {
        self.client.issue_cmd(DevTools { cmd, params }).await.unwrap_or_else(|error| panic!("{cmd}: {error}"))
    }

    /// The window closes, and what it kept goes with it.
    pub async fn close(self) {
        if IDLE.lock().unwrap().len() >= IDLE_MAX {
            self.client.close().await.unwrap();
            return;
        }
        self.forget().await;
        let session = self.client.session_id().await.unwrap().expect("it has one");
        self.client.persist().await.unwrap();
        IDLE.lock().unwrap().push(Idle { session, scripts: self.scripts, profile: self.profile });
    }

    /// Another window, with nothing of the ones before: what a tab keeps, what it was told to pretend, what was written
    /// down of it, cookies, and what the site of the test keeps.
    async fn forget(&self) {
        let origin = self.url().await.origin();
        if origin.is_tuple() {
            let kept = json!({"origin": origin.ascii_serialization(), "storageTypes": "all"});
            self.tell("Storage.clearDataForOrigin", kept).await;
        }
        self.tell("Network.clearBrowserCookies", json!({})).await;
        let olds = self.client.windows().await.unwrap();
        let new = self.client.new_window(true).await.unwrap().handle;
        for old in olds {
            self.client.switch_to_window(old).await.unwrap();
            self.client.close_window().await.unwrap();
        }
        self.client.switch_to_window(new).await.unwrap();
        self.log("browser").await;
        self.log("performance").await;
    }
}

/// One of those that no test has.
fn idle(scripts: Scripts) -> Option<Idle> {
    let mut all = IDLE.lock().unwrap();
    let at = all.iter().position(|idle| idle.scripts == scripts)?;
    Some(all.remove(at))
}

impl Driver {
    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

#[derive(Debug)]
struct DevTools {
    cmd: &'static str,
    params: Value,
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (hyper::Method, Option<String>) {
        (hyper::Method::POST, Some(json!({"cmd": self.cmd, "params": self.params}).to_string()))
    }
}

/// What chromedriver wrote down since the last time.
#[derive(Debug)]
struct Log(&'static str);

impl WebDriverCompatibleCommand for Log {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (hyper::Method, Option<String>) {
        (hyper::Method::POST, Some(json!({"type": self.0}).to_string()))
    }
}

fn capabilities(chromium: &Path, profile: &Path, scripts: Scripts) -> serde_json::Map<String, Value> {
    let folder = format!("--user-data-dir={}", profile.display());
    let content = match scripts {
        Scripts::On => json!({}),
        Scripts::Off => json!({"profile.managed_default_content_settings.javascript": 2}),
    };
    let options = json!({
        "binary": chromium,
        "args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic",
            "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--hide-scrollbars", "--lang=en-US", folder,
        ],
        "prefs": content,
    });
    let logs = json!({"browser": "ALL", "performance": "ALL"});
    [("goog:chromeOptions", options), ("goog:loggingPrefs", logs)]
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect()
}

fn driver() -> &'static Option<Driver> {
    static DRIVER: OnceLock<Option<Driver>> = OnceLock::new();
    let driver = DRIVER.get_or_init(|| match start() {
        Ok(driver) => Some(driver),
        Err(reason) => {
            // Straight to standard error: the test runner keeps what `eprintln!` says.
            writeln!(io::stderr(), "skipped: the browser tests ({reason})").ok();
            None
        }
    });
    let required = env::var("PARVIS_REQUIRE_BROWSER").is_ok_and(|value| value == "1");
    assert!(driver.is_some() || !required, "PARVIS_REQUIRE_BROWSER=1, but there is no browser");
    driver
}

/// `$1` is chromedriver, `$2` the temporary folder. Standard input is the pipe to the tests. A field for a day asks for
/// it as the browser's language writes it, which is the same on each machine.
///
/// Browsers are in the shell's process group; a hard end comes last, for the shell, too.
const WATCHDOG: &str = r#"
cd "$2" || exit 1
HOME=$2 TMPDIR=$2 LANGUAGE=en_US "$1" --port=0 </dev/null >log 2>&1 &
trap '' INT TERM HUP
cat >/dev/null
kill -TERM 0
sleep 0.5
rm -rf "$2"
sleep 0.5
rm -rf "$2"
kill -KILL 0
"#;

fn start() -> Result<Driver, String> {
    let chromium = program(&["chromium", "chromium-browser", "google-chrome"]);
    let chromium = chromium.ok_or("no Chromium found; Debian: apt-get install chromium chromium-driver")?;
    let chromedriver = program(&["chromedriver"]).ok_or("no chromedriver found; Debian: chromium-driver")?;
    let home =
        tempfile::Builder::new().prefix("parvis-browser-").tempdir().map_err(|error| error.to_string())?;
    let mut command = Command::new("sh");
    command.args(["-c", WATCHDOG, "sh"]).arg(chromedriver).arg(home.path());
    command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| format!("sh: {error}"))?;
    let pipe = child.stdin.take().expect("it was asked to be piped");
    let port = wait_for_port(&home.path().join("log"))?;
    // From here on the watchdog removes the folder.
    Ok(Driver { port, chromium, home: home.keep(), _watchdog: pipe })
}

fn program(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> =
        env::split_paths(&path).chain(["/usr/bin".into(), "/usr/lib/chromium".into()]).collect();
    let files = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    files.into_iter().find(|file| file.is_file())
}

fn wait_for_port(log: &Path) -> Result<u16, String> {
    let since = Instant::now();
    while since.elapsed() < START {
        let said = fs::read_to_string(log).unwrap_or_default();
        let port = said.split("successfully on port ").nth(1).and_then(|rest| rest.split_once('.'));
        if let Some((port, _)) = port {
            return port.parse().map_err(|_| format!("chromedriver says {port}"));
        }
        thread::sleep(Duration::from_millis(20));
    }
    Err("chromedriver did not start".to_owned())
}
