//! Aligned tables: the same words on a terminal and in a pipe. One that is to fit a terminal breaks long
//! cells into lines.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr as _;

use crate::color::bold;
use crate::printable::printable;

const BETWEEN_COLUMNS: &str = "  ";
/// How narrow a column of words may become for the terminal's sake.
const NARROWEST: usize = 12;
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
    /// Of what was taken already, so that later rows stand below it.
    widths: Vec<usize>,
    /// How wide it may be at most.
    room: Option<usize>,
}

impl<'a> Table<'a> {
    pub(crate) fn new(columns: &'a [Column]) -> Self {
        Self {
            columns,
            rows: Vec::new(),
            widths: Vec::new(),
            room: None,
        }
    }

    /// The same, no wider than the terminal that it is printed on. In a pipe, a row stays a line.
    pub(crate) fn fitting(self, terminal: Option<usize>) -> Self {
        Self {
            room: terminal,
            ..self
        }
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
    pub(crate) fn text(mut self, color: bool) -> String {
        self.take_text(color)
    }

    /// The text of the rows since the last time, for a table that is printed in pieces: the head
    /// comes with the first one.
    pub(crate) fn take_text(&mut self, color: bool) -> String {
        let is_first = self.widths.is_empty();
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return String::new();
        }
        self.widen(&rows);
        let mut text = String::new();
        if is_first {
            let head: Vec<_> = self.columns.iter().map(Column::title).collect();
            text = bold(&self.line(&head), color) + "\n";
        }
        for row in &rows {
            for line in self.lines(row) {
                text += &self.line(&line);
                text.push('\n');
            }
        }
        text
    }

    /// Columns become as wide as what is to stand in them.
    fn widen(&mut self, rows: &[Vec<String>]) {
        let width = |(index, column): (usize, &Column)| {
            let cells = rows.iter().filter_map(|row| row.get(index));
            let widest = cells.map(|cell| cell.width()).max().unwrap_or_default();
            let before = self.widths.get(index).copied().unwrap_or_default();
            widest.max(column.title().width()).max(before)
        };
        self.widths = self.columns.iter().enumerate().map(width).collect();
        self.narrow();
    }

    /// Takes from the widest columns of words until all have room.
    fn narrow(&mut self) {
        let Some(room) = self.room else { return };
        let between = BETWEEN_COLUMNS.len() * self.columns.len().saturating_sub(1);
        while self.widths.iter().sum::<usize>() + between > room {
            let words = self.widths.iter_mut().zip(self.columns);
            let words = words.filter(|(width, column)| {
                matches!(column, Column::Left(_)) && **width > NARROWEST.max(column.title().width())
            });
            match words.max_by_key(|(width, _)| **width) {
                Some((width, _)) => *width -= 1,
                None => return,
            }
        }
    }

    /// A row in as many lines as its longest cell needs.
    fn lines(&self, row: &[String]) -> Vec<Vec<String>> {
        let in_column = |(cell, width): (&String, &usize)| -> Vec<String> {
            if cell.width() <= *width {
                return vec![cell.clone()];
            }
            let lines = textwrap::wrap(cell, *width);
            lines.into_iter().map(Cow::into_owned).collect()
        };
        let columns: Vec<_> = row.iter().zip(&self.widths).map(in_column).collect();
        let height = columns.iter().map(Vec::len).max().unwrap_or_default();
        let line = |index| {
            let cells = columns
                .iter()
                .map(|lines| lines.get(index).cloned().unwrap_or_default());
            cells.collect()
        };
        (0..height).map(line).collect()
    }

    fn line(&self, cells: &[impl AsRef<str>]) -> String {
        let mut line = String::new();
        for ((cell, width), column) in cells.iter().zip(&self.widths).zip(self.columns) {
            let cell = cell.as_ref();
            let padding = " ".repeat(width.saturating_sub(cell.width()));
            match column {
                Column::Left(_) => line.extend([cell, &padding]),
                Column::Right(_) => line.extend([&padding, cell]),
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
    fn a_table_in_pieces_has_one_head_and_stays_aligned() {
        let mut table = Table::new(&COLUMNS);
        table.row(["multi_domain", "218", "new"]);
        let head = table.take_text(false);
        table.row(["ssl", "1", "new"]);
        let expected =
            "NAME          COST  WHY\nmulti_domain   218  new\nssl              1  new\n";
        assert_eq!(head + &table.take_text(false), expected);
    }

    #[test]
    fn what_is_too_wide_for_the_terminal_goes_on_below_in_its_column() {
        let mut table = Table::new(&COLUMNS).fitting(Some(36));
        table.row(["ssl_plus", "218", "a new product for those who order it"]);
        table.row(["ssl", "1", "new"]);
        let expected = "\
NAME      COST  WHY
ssl_plus   218  a new product for
                those who order it
ssl          1  new
";
        assert_eq!(table.text(false), expected);
        // Numbers and heads are never broken, and words not to nothing.
        let mut narrow = Table::new(&COLUMNS).fitting(Some(1));
        narrow.row(["ssl_multi_domain", "218", "new"]);
        let expected = "NAME          COST  WHY\nssl_multi_do   218  new\nmain\n";
        assert_eq!(narrow.text(false), expected);
    }

    #[test]
    fn nothing_has_no_head() {
        assert_eq!(Table::new(&COLUMNS).text(false), "");
    }
}
