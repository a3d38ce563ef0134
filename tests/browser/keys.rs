//! The keyboard alone: Tab and the way back, Enter, Space, what is typed. Every stop must show that it has the focus, and
//! nothing may lie over it (WCAG 2.2: 2.1.1, 2.4.7, 2.4.11).

use std::time::Duration;

use serde_json::Value;

use crate::driver::Browser;

/// Enter, for [`Browser::press`].
pub const ENTER: &str = "\u{e007}";
/// An arrow, in a list of choices: the next one.
pub const DOWN: &str = "\u{e015}";
/// More stops than a page has.
const STOPS_MAX: usize = 200;
/// Pictures of the window after which what has the focus is in it.
const FRAMES_MAX: usize = 250;

/// What has the focus: whether it is what is looked for, whether it shows, whether it is in the window with nothing over
/// it, and its source. Of what is a third of a window high or more, a part is enough: its upper end, its middle, or its
/// lower end. So it is for a text of several lines: the browser brings the line that one writes on. In a mail's frame it is
/// the mail's own link that shows it, by the browser's ring; no style of the page around it can tell.
const LOOK: &str = "
    const here = document.activeElement;
    if (here === document.body) return null;
    const box = here.getClientRects()[0], style = getComputedStyle(here);
    const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    const heights = [(box.top + box.bottom) / 2];
    if (box.height > innerHeight / 3 || here.matches('textarea')) heights.push(top + 8, (top + bottom) / 2, bottom - 8);
    const is_seen = y => {
        const over = document.elementFromPoint((left + right) / 2, y);
        return !!over && (here.contains(over) || over.contains(here) && over.tagName !== 'HTML' && over.tagName !== 'BODY');
    };
    return {
        wanted: here.matches(WANTED),
        shown: here.matches('iframe') || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        sighted: heights.some(is_seen),
        source: here.outerHTML.slice(0, 120),
    }";

/// Presses Tab until that element has the focus, and looks at every stop on the way.
///
/// # Panics
/// Where Tab does not lead there.
pub async fn walk_to(browser: &Browser, selector: &str) {
    for _ in 0..STOPS_MAX {
        browser.tab().await;
        if stop(browser, selector).await.is_some_and(|stop| stop["wanted"] == true) {
            return;
        }
    }
    panic!("Tab does not lead to `{selector}`");
}

/// Walks there, then Enter: where that leads to another page, it is there.
pub async fn enter(browser: &Browser, selector: &str) {
    walk_to(browser, selector).await;
    browser.enter().await;
}

/// Walks there and types.
pub async fn type_into(browser: &Browser, selector: &str, keys: &str) {
    walk_to(browser, selector).await;
    browser.press(keys).await;
}

/// Walks through the whole page, and back again; says how many stops there are.
pub async fn walk_through(browser: &Browser) -> usize {
    let mut stops = 0;
    browser.tab().await;
    // After the last one there is the browser's own frame, where the page has no focus.
    while stop(browser, "html").await.is_some() {
        stops += 1;
        assert!(stops < STOPS_MAX, "Tab goes round in circles");
        browser.tab().await;
    }
    for at in 0..stops {
        browser.shift_tab().await;
        assert!(stop(browser, "html").await.is_some(), "the way back ends after {at} of {stops} stops");
    }
    stops
}

/// The stop that one is at, or `None` if nothing has the focus.
async fn stop(browser: &Browser, wanted: &str) -> Option<Value> {
    let look = LOOK.replace("WANTED", &format!("{wanted:?}"));
    let mut here = browser.script(&look).await;
    // The window follows the focus with its next picture.
    for _ in 0..FRAMES_MAX {
        if here.is_null() || here["sighted"] == true {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        here = browser.script(&look).await;
    }
    if here.is_null() {
        return None;
    }
    assert_eq!((&here["shown"], &here["sighted"]), (&true.into(), &true.into()), "shown, in sight: {here}");
    Some(here)
}
