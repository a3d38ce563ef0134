//! Rebuilds the crate when a file that it embeds is added.

fn main() {
    // Without these, a new file does not rebuild the crate that embeds it.
    for folder in ["migrations", "templates", "locales", "static", "seed"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
