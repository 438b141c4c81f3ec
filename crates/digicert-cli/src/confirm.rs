//! The question before a change. It can be answered beforehand with `--yes`; a danger never can.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::thread;

use tokio::sync::oneshot;

use crate::failure::Failure;
use crate::standard_error;
use crate::stop::Stop;

/// Asks on the terminal, and gives a failure unless the answer is yes. Nothing has happened then.
pub(crate) async fn confirm(question: &str, is_answered: bool, stop: &Stop) -> Result<(), Failure> {
    if is_answered {
        return Ok(());
    }
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return Err(not_confirmed(
            "nothing was changed: there is no terminal to ask at; `--yes` goes on without the question",
        ));
    }
    // The answer to a question that was not seen is no.
    let asked = write!(io::stderr(), "{question} [y/N] ").and_then(|()| io::stderr().flush());
    if asked.is_err() {
        return Err(not_confirmed("nothing was changed"));
    }
    match stop.unless_asked(answer()).await {
        Some(Some(answer)) if is_yes(&answer) => Ok(()),
        Some(_) => Err(not_confirmed("nothing was changed")),
        None => {
            // The line with the question ends, as an answer would have ended it.
            standard_error::show("\n");
            Err(stop.nothing_was_changed())
        }
    }
}

/// A line of standard input. It is read by a thread that nobody waits for at the end, because a
/// reader of a terminal cannot be told to give up.
async fn answer() -> Option<String> {
    let (send, line) = oneshot::channel();
    thread::spawn(move || {
        let mut answer = String::new();
        let read = io::stdin().lock().read_line(&mut answer);
        // Nobody may want it any more.
        let _ = send.send(read.is_ok().then_some(answer));
    });
    line.await.ok().flatten()
}

fn not_confirmed(message: &str) -> Failure {
    Failure::unsafe_to_go_on(message).with_result("not-confirmed")
}

fn is_yes(answer: &str) -> bool {
    let answer = answer.trim();
    answer.eq_ignore_ascii_case("y") || answer.eq_ignore_ascii_case("yes")
}

#[cfg(test)]
mod tests {
    use super::is_yes;

    #[test]
    fn only_a_plain_yes_is_one() {
        for (answer, expected) in [
            ("y\n", true),
            ("YES\r\n", true),
            ("yes please\n", false),
            ("n\n", false),
            ("\n", false),
            ("", false),
        ] {
            assert_eq!(is_yes(answer), expected, "{answer:?}");
        }
    }
}
