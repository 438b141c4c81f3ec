//! The question before a change. It can be answered beforehand with `--yes`; a danger never can.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use crate::failure::Failure;

/// Asks on the terminal, and gives a failure unless the answer is yes. Nothing has happened then.
pub(crate) fn confirm(question: &str, is_answered: bool) -> Result<(), Failure> {
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
    let mut answer = String::new();
    let answered = asked.and_then(|()| io::stdin().lock().read_line(&mut answer));
    if answered.is_ok() && is_yes(&answer) {
        Ok(())
    } else {
        Err(not_confirmed("nothing was changed"))
    }
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
