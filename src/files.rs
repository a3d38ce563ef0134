//! Files that hold names, addresses and secret links: for their owner alone, whatever the umask says.

use std::{
    fs::{DirBuilder, File},
    io,
    path::Path,
};

/// A new file.
///
/// # Errors
/// Where something is there already, a link that leads nowhere included, and whatever the disk says.
pub fn create_new(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A folder, and those above it; one that is there stays as it is.
///
/// # Errors
/// What the disk says.
pub fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
