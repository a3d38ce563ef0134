//! Critical paths in real headless Chromium.
