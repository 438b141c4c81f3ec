//! Aligned tables: the same words on a terminal and in a pipe.

use unicode_width::UnicodeWidthStr as _;

use crate::color::bold;
use crate::printable::printable;

const BETWEEN_COLUMNS: &str = "  ";
/// What stands for a value that is not there.
const NOTHING: &str = "-";

/// A column and on which side its values begin.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Column {
    /// Words.
    Left(&'static str),
    /// Numbers.
    Right(&'static str),
}

/// A table with a head.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    columns: &'a [Column],
    rows: Vec<Vec<String>>,
}

impl<'a> Table<'a> {
    pub(crate) fn new(columns: &'a [Column]) -> Self {
        let rows = Vec::new();
        Self { columns, rows }
    }

    /// Adds a row, a value for each column. Control characters are escaped, and an empty value is
    /// shown as a dash.
    pub(crate) fn row(&mut self, values: impl IntoIterator<Item = impl AsRef<str>>) {
        let cells = values.into_iter().map(|value| match value.as_ref() {
            "" => NOTHING.to_owned(),
            value => printable(value).into_owned(),
        });
        self.rows.push(cells.collect());
    }

    /// The text, with the head if there is anything below it.
    pub(crate) fn text(&self, color: bool) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let widths = self.widths();
        let mut text = bold(&self.line(&self.head(), &widths), color) + "\n";
        for row in &self.rows {
            text += &self.line(row, &widths);
            text.push('\n');
        }
        text
    }

    fn head(&self) -> Vec<String> {
        self.columns
            .iter()
            .map(|column| column.title().to_owned())
            .collect()
    }

    fn widths(&self) -> Vec<usize> {
        let width = |(index, column): (usize, &Column)| {
            let cells = self.rows.iter().filter_map(|row| row.get(index));
            let widest = cells.map(|cell| cell.width()).max();
            widest.unwrap_or_default().max(column.title().width())
        };
        self.columns.iter().enumerate().map(width).collect()
    }

    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        let mut line = String::new();
        for ((cell, width), column) in cells.iter().zip(widths).zip(self.columns) {
            let padding = " ".repeat(width.saturating_sub(cell.width()));
            match column {
                Column::Left(_) => line.extend([cell.as_str(), &padding]),
                Column::Right(_) => line.extend([&padding, cell.as_str()]),
            }
            line += BETWEEN_COLUMNS;
        }
        line.trim_end().to_owned()
    }
}

impl Column {
    fn title(&self) -> &'static str {
        match self {
            Self::Left(title) | Self::Right(title) => title,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [
        Column::Left("NAME"),
        Column::Right("COST"),
        Column::Left("WHY"),
    ];

    #[test]
    fn words_begin_on_the_left_and_numbers_end_on_the_right() {
        let mut table = Table::new(&COLUMNS);
        table.row(["ssl_plus", "218", "new"]);
        table.row(["株式会社", "99999999.99", ""]);
        table.row(["", "", "\x1b[2J"]);
        let expected = "\
NAME             COST  WHY
ssl_plus          218  new
株式会社  99999999.99  -
-                   -  \\u{1b}[2J
";
        assert_eq!(table.text(false), expected);
    }

    #[test]
    fn nothing_has_no_head() {
        assert_eq!(Table::new(&COLUMNS).text(false), "");
    }
}
