//! Programmes from files: a folder, CSV, frab XML and JSON.
