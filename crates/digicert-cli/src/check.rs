//! Checking many documents: several at once, findings in the order of the files, and no more in
//! memory than is being worked on.

use std::io::{self, IsTerminal as _};
use std::ops::ControlFlow;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use digicert_validate::render::{CheckedFile, Piece, Rendering, Style, Summary};
use digicert_validate::{Context, Kind, Validator};

use crate::failure::Failure;
use crate::files::{Files, NotRead, Source};
use crate::in_order::in_order;
use crate::price_setting::without_member;
use crate::progress::Progress;
use crate::standard_output::{StandardOutput, not_written};
use crate::{format, read};

/// How many files a thread takes at once: a few, so that threads seldom meet.
const FILES_AT_ONCE: usize = 8;
/// How much of its buffer a thread keeps for the next files.
const USUAL_SIZE: usize = 64 * 1024;

/// How documents are checked, and how the findings are shown.
#[derive(Debug)]
pub(crate) struct Check {
    pub(crate) validator: Validator,
    pub(crate) kind: Option<Kind>,
    pub(crate) context: Context,
    pub(crate) style: Style,
}

/// Some files and what is found in them. Its memory is used again for the next ones.
struct Batch {
    text: Vec<u8>,
    piece: Piece,
    unchecked: Vec<Unchecked>,
    files: usize,
}

/// What could not be checked, and why.
struct Unchecked {
    name: String,
    failure: Failure,
}

impl Check {
    /// Checks the files; gives the counts, and whether all of them could be read.
    pub(crate) fn run(&self, files: &[PathBuf]) -> Result<(Summary, bool), Failure> {
        let rendering = Rendering::begin(self.style, StandardOutput::new());
        let mut results = Results::new(rendering.map_err(not_written)?, Progress::new(files));
        let mut sources = Files::new(files.to_vec());
        let batches = std::iter::from_fn(|| {
            let batch: Vec<_> = sources.by_ref().take(FILES_AT_ONCE).collect();
            (!batch.is_empty()).then_some(batch)
        });
        in_order(
            batches,
            || Batch::new(self.style),
            |sources, batch| self.batch(sources, batch),
            |batch| results.take(batch),
        );
        results.finish()
    }

    fn batch(&self, sources: Vec<Result<Source, NotRead>>, batch: &mut Batch) {
        batch.clear();
        batch.files = sources.len();
        for source in sources {
            let checked = match source {
                Ok(source) => self.document(&source, batch),
                Err(NotRead { path, failure }) => Err(self.unchecked(Some(&path), failure)),
            };
            batch.unchecked.extend(checked.err());
        }
    }

    fn document(&self, source: &Source, batch: &mut Batch) -> Result<(), Unchecked> {
        let (path, read) = match source {
            Source::StandardInput => (None, read::standard_input(&mut batch.text)),
            Source::File(path) => (Some(path.as_path()), read::file(path, &mut batch.text)),
        };
        read.map_err(|failure| self.unchecked(path, failure))?;
        let text = &batch.text;
        let format = format::of(path, text);
        let document = self.validator.check(text, format, self.kind, &self.context);
        let document = without_member(document);
        let name = self.name(path);
        batch.piece.add(&CheckedFile {
            path: &name,
            document: &document,
            text,
        });
        Ok(())
    }

    fn unchecked(&self, path: Option<&Path>, failure: Failure) -> Unchecked {
        let name = self.name(path);
        Unchecked { name, failure }
    }

    /// The name of a file in the output. Services want it relative to the checkout, where they
    /// run the program.
    fn name(&self, path: Option<&Path>) -> String {
        let Some(path) = path else {
            let human = matches!(self.style, Style::Human { .. });
            return if human { "<stdin>" } else { "-" }.to_owned();
        };
        if matches!(self.style, Style::Sarif | Style::Github) {
            let folder = std::env::current_dir().unwrap_or_default();
            let path = path.strip_prefix(folder).unwrap_or(path);
            return path.display().to_string().replace(MAIN_SEPARATOR, "/");
        }
        path.display().to_string()
    }
}

impl Batch {
    fn new(style: Style) -> Self {
        Self {
            text: Vec::new(),
            piece: Piece::new(style),
            unchecked: Vec::new(),
            files: 0,
        }
    }

    fn clear(&mut self) {
        self.text.clear();
        self.text.shrink_to(USUAL_SIZE);
        self.piece.clear();
        self.unchecked.clear();
    }
}

/// Where the results go.
struct Results {
    rendering: Rendering<StandardOutput>,
    written: io::Result<()>,
    progress: Progress,
    shares_terminal: bool,
    is_complete: bool,
}

impl Results {
    fn new(rendering: Rendering<StandardOutput>, progress: Progress) -> Self {
        let shares_terminal = io::stdout().is_terminal();
        Self {
            rendering,
            written: Ok(()),
            progress,
            shares_terminal,
            is_complete: true,
        }
    }

    fn take(&mut self, batch: &mut Batch) -> ControlFlow<()> {
        let shows =
            !batch.unchecked.is_empty() || (self.shares_terminal && !batch.piece.is_empty());
        if shows {
            self.progress.hide();
        }
        for Unchecked { name, failure } in &batch.unchecked {
            failure.report();
            self.rendering.add_unchecked(name, failure.message());
            self.is_complete = false;
        }
        self.written = self.rendering.write(&batch.piece);
        self.progress.advance(batch.files);
        if self.written.is_ok() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    }

    fn finish(mut self) -> Result<(Summary, bool), Failure> {
        self.progress.hide();
        self.written.map_err(not_written)?;
        let (_, summary) = self.rendering.finish().map_err(not_written)?;
        Ok((summary, self.is_complete))
    }
}
