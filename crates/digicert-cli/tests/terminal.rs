//! Running the program at a terminal, as far as it can tell: a pseudo-terminal.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::eventually::readable;
use crate::program::Run;

/// Our end and that of a program.
fn pair() -> (File, File) {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let path = ptsname(&ours, Vec::new()).unwrap();
    let theirs = OpenOptions::new()
        .read(true)
        .write(true)
        .open(path.to_str().unwrap())
        .unwrap();
    (File::from(ours), theirs)
}

/// A program with a terminal for its questions; its standard output is a pipe.
pub(crate) struct AtTerminal {
    child: Child,
    terminal: File,
    seen: String,
}

impl AtTerminal {
    pub(crate) fn start(mut command: Command) -> Self {
        let (ours, theirs) = pair();
        let child = command
            .stdin(Stdio::from(theirs.try_clone().unwrap()))
            .stderr(Stdio::from(theirs))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // It has the other end open; that must end with the program.
        drop(command);
        Self {
            child,
            terminal: ours,
            seen: String::new(),
        }
    }

    /// What it shows on a terminal so wide.
    pub(crate) fn shown(mut command: Command, columns: u16) -> String {
        let (ours, theirs) = pair();
        let size = Winsize {
            ws_row: 50,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&theirs, size).unwrap();
        let child = command.stdout(Stdio::from(theirs)).spawn().unwrap();
        drop(command);
        let mut shown = Self {
            child,
            terminal: ours,
            seen: String::new(),
        };
        while shown.read() {}
        assert_eq!(shown.child.wait().unwrap().code(), Some(0));
        shown.seen.replace("\r\n", "\n")
    }

    /// Waits until the program asks.
    pub(crate) fn wait_for_question(&mut self) {
        while !self.seen.contains("[y/N]") {
            assert!(self.read(), "it ended without a question: {}", self.seen);
        }
    }

    pub(crate) fn answer(&mut self, text: &str) {
        writeln!(self.terminal, "{text}").unwrap();
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for the end; what it wrote to the terminal counts as standard error.
    pub(crate) fn end(mut self) -> Run {
        while self.read() {}
        let output = self.child.wait_with_output().unwrap();
        Run {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: self.seen.replace("\r\n", "\n"),
        }
    }

    /// Reads more; `false` once nobody has the other end open any more, which Linux reports as an
    /// error.
    fn read(&mut self) -> bool {
        readable(&self.terminal, "what it says at the terminal");
        let mut buffer = [0; 4096];
        match self.terminal.read(&mut buffer) {
            Ok(0) | Err(_) => false,
            Ok(read) => {
                self.seen += &String::from_utf8_lossy(&buffer[..read]);
                true
            }
        }
    }
}
