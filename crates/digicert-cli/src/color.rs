//! Whether to use colours, and the few that the commands use by themselves.

use std::io::{self, IsTerminal as _};

use clap::ValueEnum;

/// When to use colours.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ColorChoice {
    Auto,
    Always,
    Never,
}

impl ColorChoice {
    /// Whether standard output gets colours. What the command line says wins over `NO_COLOR`.
    pub(crate) fn for_standard_output(self) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => io::stdout().is_terminal() && !is_refused(),
        }
    }
}

/// Whether the environment refuses colours, as <https://no-color.org> has it.
fn is_refused() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    set("NO_COLOR") || std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Bold, if `color` says so.
pub(crate) fn bold(text: &str, color: bool) -> String {
    paint("1", text, color)
}

/// For code within a text.
pub(crate) fn code(text: &str, color: bool) -> String {
    paint("36", text, color)
}

/// For what comes.
pub(crate) fn added(text: &str, color: bool) -> String {
    paint("32", text, color)
}

/// For what goes, and for what is dangerous.
pub(crate) fn removed(text: &str, color: bool) -> String {
    paint("1;31", text, color)
}

/// For what stays and is changed.
pub(crate) fn changed(text: &str, color: bool) -> String {
    paint("33", text, color)
}

/// For what is as it should be.
pub(crate) fn good(text: &str, color: bool) -> String {
    paint("32", text, color)
}

/// For what should be looked at.
pub(crate) fn doubtful(text: &str, color: bool) -> String {
    paint("33", text, color)
}

/// For what does not work.
pub(crate) fn bad(text: &str, color: bool) -> String {
    paint("1;31", text, color)
}

fn paint(parameters: &str, text: &str, color: bool) -> String {
    if color {
        format!("\x1b[{parameters}m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}
