//! Other formats, outward: frab XML and JSON, CSV, JSON-LD, Atom.
