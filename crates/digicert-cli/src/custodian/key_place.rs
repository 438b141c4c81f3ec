//! The place of a one-time key: opened before the request goes out, so that what is wrong with it
//! is known while nothing has happened.

use std::fs::{self, File};
use std::io::{self, PipeReader, PipeWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use digicert_types::CertCentralApiKey;
use tokio::process::{Child, Command};
use zeroize::Zeroizing;

use super::job::KeyDestination;
use crate::durable_file;
use crate::ledger::is_at;

/// How long a program may take to put the key away. Somebody may have to touch a token.
const COMMAND_ENDS_WITHIN: Duration = Duration::from_secs(300);

/// More than a key takes.
const ROOM: u64 = 4096;

/// A place that is ready for a key.
#[derive(Debug)]
#[cfg_attr(
    windows,
    expect(clippy::large_enum_variant, reason = "there is one, once")
)]
pub(super) enum OpenPlace {
    None,
    File {
        path: PathBuf,
        file: File,
    },
    Command {
        program: PathBuf,
        child: Child,
        input: Input,
    },
}

/// What a program reads the key from. The end that it reads is ours as well: what it has left there, it
/// has not read.
#[derive(Debug)]
pub(super) struct Input {
    writer: PipeWriter,
    reader: PipeReader,
}

impl OpenPlace {
    /// Opens it, or says what is wrong and what to do.
    pub(super) fn open(place: &KeyDestination) -> Result<Self, String> {
        match place {
            KeyDestination::None => Ok(Self::None),
            KeyDestination::File(path) => match durable_file::create_with_room(path, ROOM) {
                Ok(file) => Ok(Self::File {
                    path: path.clone(),
                    file,
                }),
                Err(error) => Err(cannot_create(path, &error)),
            },
            KeyDestination::Command(program) => start(program),
        }
    }

    /// Puts the key there; gives the place in words, or why that failed.
    pub(super) async fn keep(self, key: &CertCentralApiKey) -> Result<String, String> {
        let secret = key.expose_secret().as_bytes();
        match self {
            Self::None => Err("no key was expected, so there was no place for it".to_owned()),
            Self::File { path, file } => match durable_file::write(&file, &path, secret) {
                Ok(()) => Ok(path.display().to_string()),
                Err(error) => {
                    // Half a key looks like a key.
                    let _ = file.set_len(0);
                    remove_own(&file, &path);
                    Err(format!("{}: {error}", path.display()))
                }
            },
            Self::Command {
                program,
                child,
                input,
            } => give(&program, child, input, secret).await,
        }
    }

    /// Takes it away again: there is no key.
    pub(super) async fn abandon(self) {
        match self {
            Self::None => {}
            Self::File { path, file } => remove_own(&file, &path),
            // Killed, because at the end of its input it would store an empty key.
            Self::Command { mut child, .. } => drop(child.kill().await),
        }
    }
}

/// Removes the file that was opened for a key. Another one that has taken its place is somebody
/// else's, who may be about to write to it.
fn remove_own(file: &File, path: &Path) {
    if is_at(file, path) {
        remove_if_empty(path);
    }
}

/// Removes the file of a key that never came. What has something in it is left alone.
pub(crate) fn remove_if_empty(path: &Path) -> bool {
    is_empty_file(path) && fs::remove_file(path).is_ok()
}

fn is_empty_file(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() == 0)
}

fn cannot_create(path: &Path, error: &io::Error) -> String {
    let is_empty = is_empty_file(path);
    let path = path.display();
    match error.kind() {
        io::ErrorKind::AlreadyExists if is_empty => format!(
            "{path} exists, although it is empty, so an interrupted run may have left it; \
             remove it if `digicert history --unfinished` names no run that waits for it"
        ),
        io::ErrorKind::AlreadyExists => format!(
            "{path} exists, and a file that may hold a key is never overwritten; \
             move it away or name another file (--key-out, or `key_out` in a manifest)"
        ),
        io::ErrorKind::NotFound => {
            format!(
                "the folder of {path} does not exist; make it, or name another file (--key-out, or `key_out` in a manifest)"
            )
        }
        _ => format!(
            "cannot create {path}: {error}; name another file (--key-out, or `key_out` in a manifest)"
        ),
    }
}

fn start(program: &Path) -> Result<OpenPlace, String> {
    match try_to_start(program) {
        Ok((child, input)) => Ok(OpenPlace::Command {
            program: program.to_owned(),
            child,
            input,
        }),
        Err(error) => Err(format!(
            "cannot start {}: {error}; give --key-command a program that reads the key from \
             standard input, without arguments",
            program.display()
        )),
    }
}

fn try_to_start(program: &Path) -> io::Result<(Child, Input)> {
    let (reader, writer) = io::pipe()?;
    let mut command = Command::new(program);
    // Its own words may hold the key; its errors are for the user.
    command.stdin(reader.try_clone()?).stdout(Stdio::null());
    let mut child = command.spawn()?;
    match child.try_wait()? {
        Some(status) => Err(io::Error::other(format!("it ended at once, with {status}"))),
        None => Ok((child, Input { writer, reader })),
    }
}

async fn give(
    program: &Path,
    mut child: Child,
    input: Input,
    secret: &[u8],
) -> Result<String, String> {
    let program = program.display();
    let Input {
        mut writer,
        mut reader,
    } = input;
    // A pipe takes a key at once, whether somebody reads it or not.
    let written = writer.write_all(secret);
    drop(writer);
    let ended = tokio::time::timeout(COMMAND_ENDS_WITHIN, child.wait()).await;
    let mut left = Zeroizing::new(Vec::with_capacity(secret.len()));
    match (written, ended) {
        (_, Ok(Ok(status))) if !status.success() => Err(format!("{program} ended with {status}")),
        (Err(error), _) | (_, Ok(Err(error))) => Err(format!("{program}: {error}")),
        (Ok(()), Ok(Ok(_))) => match reader.read_to_end(&mut left) {
            Ok(0) => Ok(format!("given to {program}")),
            Ok(_) => Err(format!("{program} ended without having read the key")),
            Err(error) => Err(format!("{program}: {error}")),
        },
        (_, Err(_)) => Err(format!(
            "{program} did not end within {} seconds",
            COMMAND_ENDS_WITHIN.as_secs()
        )),
    }
}
