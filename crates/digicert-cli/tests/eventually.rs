//! Waiting for what another process does. It is looked for until it is there: the limit is only for
//! what hangs, so that a test says what it waited for.

use std::thread;
use std::time::{Duration, Instant};

/// Longer than anything takes on a busy machine.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// Waits until something is the case.
#[track_caller]
pub(crate) fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < LIMIT, "waited in vain: {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

#[cfg(unix)]
pub(crate) use said::{next_line, readable, says};

/// What a program says while it runs.
#[cfg(unix)]
mod said {
    use std::io::Read;
    use std::os::fd::AsFd;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    use super::LIMIT;

    /// Waits until there is something to read, or the end.
    #[track_caller]
    pub(crate) fn readable(from: &impl AsFd, what: &str) {
        let limit = Timespec::try_from(LIMIT).unwrap();
        let mut from = [PollFd::new(from, PollFlags::IN)];
        assert!(
            poll(&mut from, Some(&limit)).unwrap() > 0,
            "waited in vain: {what}"
        );
    }

    /// The next line. Not a byte more is read: the rest is for whoever reads on.
    #[track_caller]
    pub(crate) fn next_line(from: &mut (impl Read + AsFd)) -> String {
        line(from, "a line").unwrap()
    }

    /// Waits for a line with this in it.
    #[track_caller]
    pub(crate) fn says(from: &mut (impl Read + AsFd), part: &str) {
        let mut said = Vec::new();
        while !said.last().is_some_and(|line: &String| line.contains(part)) {
            let next = line(from, part);
            said.push(next.unwrap_or_else(|| panic!("it ended without {part}: {said:?}")));
        }
    }

    /// Nothing at the end.
    #[track_caller]
    fn line(from: &mut (impl Read + AsFd), what: &str) -> Option<String> {
        let mut line = Vec::new();
        let mut byte = [0];
        loop {
            readable(from, what);
            if from.read(&mut byte).unwrap() == 0 {
                break;
            }
            if byte == *b"\n" {
                return Some(String::from_utf8(line).unwrap());
            }
            line.push(byte[0]);
        }
        (!line.is_empty()).then(|| String::from_utf8(line).unwrap())
    }
}
