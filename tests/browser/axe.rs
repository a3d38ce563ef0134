//! axe-core, the accessibility checker, on the page that a browser shows. It is no part of the product: `.ci/run`
//! puts it into `target/axe/`.

#![allow(dead_code, reason = "each test binary uses its own part of this")]

use std::{
    env, fs,
    io::{self, Write as _},
    path::Path,
    sync::Once,
};

use serde_json::json;

use crate::driver::Browser;

/// Where `npm install --prefix target/axe axe-core` leaves it.
const FILE: &str = "target/axe/node_modules/axe-core/axe.min.js";
/// WCAG 2.2, levels A and AA.
const TAGS: [&str; 5] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/// What depends on the colours alone.
const OF_COLOURS: [&str; 2] = ["color-contrast", "link-in-text-block"];

/// The checker.
pub struct Axe(String);

/// What is looked at.
#[derive(Debug, Clone, Copy)]
pub enum Checks {
    /// Every rule of WCAG 2.2 AA that a program can decide.
    All,
    /// Those that other colours may break: for a page that passed the others in its first ones.
    Colours,
}

impl Axe {
    /// The checker, or `None` where it is not installed, which is said once, in one line.
    ///
    /// # Panics
    /// Where `PARVIS_REQUIRE_AXE=1` and it is not there.
    pub fn ready() -> Option<Axe> {
        static SAID: Once = Once::new();
        if let Ok(source) = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE)) {
            return Some(Axe(source));
        }
        let is_required = env::var("PARVIS_REQUIRE_AXE").is_ok_and(|value| value == "1");
        assert!(!is_required, "PARVIS_REQUIRE_AXE=1, but there is no {FILE}");
        // Straight to standard error: the test runner keeps what `eprintln!` says.
        SAID.call_once(|| {
            writeln!(io::stderr(), "skipped: axe-core (no {FILE}; .ci/run installs it with npm)").ok();
        });
        None
    }

    /// From now on each page that this browser opens has the checker from its beginning: sent once, not with each page.
    pub async fn stay(&self, browser: &Browser) {
        browser.tell("Page.addScriptToEvaluateOnNewDocument", json!({"source": self.0})).await;
    }

    /// What is wrong with the page as it stands, a line each. Scripts of a test are not bound by the page's content
    /// security policy; frames of it (mails in their sandbox) are not looked into.
    pub async fn wrong(&self, browser: &Browser, checks: Checks) -> Vec<String> {
        let only = match checks {
            Checks::All => format!("{{type: 'tag', values: {TAGS:?}}}"),
            Checks::Colours => format!("{{type: 'rule', values: {OF_COLOURS:?}}}"),
        };
        let run = format!(
            "return typeof axe !== 'undefined' && axe.run(document, {{
                runOnly: {only}, reporter: 'no-passes', iframes: false, preload: false,
            }}).then(found => found.violations.flatMap(rule => rule.nodes.map(node =>
                [rule.id, node.target.join(' '), node.html.slice(0, 160), node.failureSummary].join(' | '))))"
        );
        let mut wrong = browser.script(&run).await;
        if wrong == false {
            browser.script(&self.0).await;
            wrong = browser.script(&run).await;
        }
        wrong.as_array().unwrap().iter().map(|line| line.as_str().unwrap().replace('\n', " ")).collect()
    }
}
