//! Standard output as the commands see it: buffered, and content to be read only in part.

use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, StdoutLock, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use terminal_size::terminal_size_of;

use crate::failure::Failure;
use crate::standard_error;

/// How much is written at once, unless somebody looks on.
const BUFFER: usize = 64 * 1024;

/// Whether anything was written.
static HAS_BEGUN: AtomicBool = AtomicBool::new(false);

/// Standard output. `| head` closes the pipe early: that is no failure, and the rest is dropped.
#[derive(Debug)]
pub(crate) struct StandardOutput(BufWriter<UntilClosed<StdoutLock<'static>>>);

impl StandardOutput {
    pub(crate) fn new() -> Self {
        let out = io::stdout().lock();
        // On a terminal, lines appear when they are written, and in order with standard error.
        let capacity = if out.is_terminal() { 0 } else { BUFFER };
        Self(BufWriter::with_capacity(capacity, UntilClosed(out)))
    }

    /// Whether anything was written, by whomever.
    pub(crate) fn has_begun() -> bool {
        HAS_BEGUN.load(Ordering::Relaxed)
    }

    /// Writes a text that is there as a whole.
    pub(crate) fn print(text: &str) -> Result<(), Failure> {
        let mut out = Self::new();
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        written.map_err(not_written)
    }

    /// Writes what has happened already, so that a full disk may neither hide it nor change the exit
    /// code: if standard output takes no more, standard error gets the essence of it.
    pub(crate) fn print_or_say(text: Result<String, Failure>, essence: &str) {
        if let Err(failure) = text.and_then(|text| Self::print(&text)) {
            standard_error::show(&format!("warning: {failure}\n{essence}"));
        }
    }
}

/// How many columns there are, if it is a terminal.
pub(crate) fn terminal_width() -> Option<usize> {
    let out = io::stdout();
    let (width, _) = terminal_size_of(&out).filter(|_| out.is_terminal())?;
    (width.0 > 0).then_some(usize::from(width.0))
}

/// What to say when it takes no more, for another reason than that nobody reads.
#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub(crate) fn not_written(error: io::Error) -> Failure {
    Failure::new(format!("cannot write to standard output: {error}"))
}

impl Write for StandardOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !bytes.is_empty() {
            HAS_BEGUN.store(true, Ordering::Relaxed);
        }
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Takes everything and drops it once nobody reads any more.
#[derive(Debug)]
struct UntilClosed<W>(W);

impl<W: Write> Write for UntilClosed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(bytes.len()),
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            flushed => flushed,
        }
    }
}
