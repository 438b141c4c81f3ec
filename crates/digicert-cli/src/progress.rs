//! A progress bar on standard error, for work that takes longer than one likes to wait blindly.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::files::Files;

/// How long the work may take without a bar.
const SHOWN_AFTER: Duration = Duration::from_secs(1);
const BETWEEN_DRAWINGS: Duration = Duration::from_millis(100);
const WIDTH: usize = 30;

/// How far the work has come.
#[derive(Debug)]
pub(crate) struct Progress {
    on_terminal: bool,
    arguments: Vec<PathBuf>,
    done: usize,
    /// 0 as long as it is not known.
    total: Option<Arc<AtomicUsize>>,
    next_drawing: Instant,
    visible: bool,
}

impl Progress {
    /// Of work on these arguments, that begins now.
    pub(crate) fn new(arguments: &[PathBuf]) -> Self {
        Self {
            on_terminal: io::stderr().is_terminal(),
            arguments: arguments.to_vec(),
            done: 0,
            total: None,
            next_drawing: Instant::now() + SHOWN_AFTER,
            visible: false,
        }
    }

    /// So many files more are done.
    pub(crate) fn advance(&mut self, files: usize) {
        self.done += files;
        if self.on_terminal && self.is_due(Instant::now()) {
            let total = self
                .total
                .get_or_insert_with(|| count(self.arguments.clone()));
            draw(&bar(self.done, total.load(Ordering::Relaxed)));
            self.visible = true;
        }
    }

    fn is_due(&mut self, now: Instant) -> bool {
        let is_due = now >= self.next_drawing;
        if is_due {
            self.next_drawing = now + BETWEEN_DRAWINGS;
        }
        is_due
    }

    /// Takes the bar away, so that something else can be written there.
    pub(crate) fn hide(&mut self) {
        if self.visible {
            draw("");
            self.visible = false;
        }
    }
}

/// Counts the files in the background: for the bar alone, nobody has to wait.
fn count(arguments: Vec<PathBuf>) -> Arc<AtomicUsize> {
    let total = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&total);
    thread::spawn(move || counted.store(Files::new(arguments).count(), Ordering::Relaxed));
    total
}

fn draw(bar: &str) {
    // Without standard error there is nobody to look at it.
    let _ = write!(io::stderr(), "\r\x1b[K{bar}");
}

fn bar(done: usize, total: usize) -> String {
    if total == 0 {
        return format!("checking: {done} files");
    }
    let filled = WIDTH * done.min(total) / total;
    format!(
        "checking [{:=<filled$}{:2$}] {done} of {total} files",
        "",
        "",
        WIDTH - filled
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_fills_from_left_to_right() {
        assert_eq!(bar(7, 0), "checking: 7 files");
        assert_eq!(
            bar(0, 9),
            "checking [                              ] 0 of 9 files"
        );
        assert_eq!(
            bar(3, 9),
            "checking [==========                    ] 3 of 9 files"
        );
        assert_eq!(
            bar(9, 9),
            "checking [==============================] 9 of 9 files"
        );
        // Files may have come since they were counted.
        assert_eq!(
            bar(12, 9),
            "checking [==============================] 12 of 9 files"
        );
    }

    #[test]
    fn the_bar_comes_after_a_second_and_then_ten_times_a_second() {
        let mut progress = Progress::new(&[]);
        let start = Instant::now();
        progress.next_drawing = start + SHOWN_AFTER;
        let milliseconds = [0, 999, 1000, 1050, 1099, 1100, 1500];
        let due = milliseconds.map(|time| progress.is_due(start + Duration::from_millis(time)));
        assert_eq!(due, [false, false, true, false, false, true, true]);
    }
}
