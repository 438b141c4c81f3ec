//! The pipe from the program that asks for a subaccount: the job, then leave to send it. While it is
//! open, the subaccount is still wanted; its end says that it is not, or that the program is gone.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::thread;

use tokio::sync::watch;
use zeroize::Zeroizing;

/// What leave looks like.
pub(super) const LEAVE: &[u8] = b"go\n";

/// Whoever has given the job.
#[derive(Debug)]
pub(super) struct Asker(watch::Receiver<Word>);

/// What was said last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Nothing,
    Leave,
    Gone,
}

impl Asker {
    /// Reads the job, which is a line, and listens from then on.
    pub(super) fn listen() -> io::Result<(Zeroizing<Vec<u8>>, Self)> {
        let mut input = standard_input()?;
        let job = line(&mut input)?;
        let (say, said) = watch::channel(Word::Nothing);
        // A thread of its own: it ends with the process, whatever it waits for.
        thread::spawn(move || {
            let mut buffer = [0; LEAVE.len()];
            loop {
                match input.read(&mut buffer) {
                    Ok(0) => break,
                    Ok(_) => drop(say.send_replace(Word::Leave)),
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    Err(_) => break,
                }
            }
            say.send_replace(Word::Gone);
        });
        Ok((job, Self(said)))
    }

    /// Waits for leave; gives `false` if there is to be none.
    pub(super) async fn gives_leave(&self) -> bool {
        let mut said = self.0.clone();
        let word = said.wait_for(|word| *word != Word::Nothing).await;
        word.is_ok_and(|word| *word == Word::Leave)
    }

    /// Waits until it is not wanted any more.
    pub(super) async fn is_gone(&self) {
        // Without the thread nobody could say so.
        let mut said = self.0.clone();
        let _ = said.wait_for(|word| *word == Word::Gone).await;
    }

    pub(super) fn wants_it(&self) -> bool {
        *self.0.borrow() != Word::Gone
    }
}

/// Without a buffer, which would keep the key that is in the job.
#[cfg(unix)]
fn standard_input() -> io::Result<File> {
    use std::os::fd::AsFd as _;

    io::stdin().as_fd().try_clone_to_owned().map(File::from)
}

#[cfg(windows)]
fn standard_input() -> io::Result<File> {
    use std::os::windows::io::AsHandle as _;

    io::stdin().as_handle().try_clone_to_owned().map(File::from)
}

/// The bytes up to the end of the first line. Whoever writes them writes no more before they are read.
fn line(input: &mut File) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut text = Zeroizing::new(Vec::with_capacity(MAX_JOB));
    let mut part = Zeroizing::new([0; 4096]);
    while text.last() != Some(&b'\n') {
        match input.read(&mut *part) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(length) => text.extend_from_slice(part.get(..length).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(text)
}

/// So much needs no other place in memory, where a key would stay.
const MAX_JOB: usize = 256 * 1024;
