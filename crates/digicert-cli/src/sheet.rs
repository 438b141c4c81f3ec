//! One thing with its properties, a line each: `Account ID   1122331`.

use unicode_width::UnicodeWidthStr as _;

use crate::color::bold;
use crate::printable::printable;

/// Labels and values, in the order in which they were added.
#[derive(Debug, Default)]
pub(crate) struct Sheet(Vec<(&'static str, String)>);

impl Sheet {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a line, unless there is no value. Control characters are escaped.
    pub(crate) fn line(&mut self, label: &'static str, value: Option<impl AsRef<str>>) {
        if let Some(value) = value {
            self.0.push((label, printable(value.as_ref()).into_owned()));
        }
    }

    /// The same for a value that is not a text.
    pub(crate) fn shown(&mut self, label: &'static str, value: Option<impl ToString>) {
        self.line(label, value.map(|value| value.to_string()));
    }

    /// The same for yes and no.
    pub(crate) fn yes_or_no(&mut self, label: &'static str, value: Option<bool>) {
        self.line(label, value.map(|value| if value { "yes" } else { "no" }));
    }

    /// Labels and values, safe to show.
    pub(crate) fn lines(&self) -> impl ExactSizeIterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(label, value)| (*label, value.as_str()))
    }

    pub(crate) fn text(&self, color: bool) -> String {
        let widths = self.0.iter().map(|(label, _)| label.width());
        let width = widths.max().unwrap_or_default();
        let line = |(label, value): &(&str, String)| {
            let padding = " ".repeat(width - label.width());
            format!("{}{padding}  {value}\n", bold(label, color))
        };
        self.0.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_below_each_other_and_what_is_not_there_has_no_line() {
        let mut sheet = Sheet::new();
        sheet.shown("Account ID", Some(1));
        sheet.line("Name", Some("Süd\x07"));
        sheet.line("Manager", None::<&str>);
        sheet.yes_or_no("Billed to the parent", Some(false));
        let expected = "\
Account ID            1
Name                  Süd\\u{7}
Billed to the parent  no
";
        assert_eq!(sheet.text(false), expected);
    }
}
