//! `digicert validate`: its options, and which exit code comes of what is found. How many files
//! are gone through is in `check.rs`, the rules are in `digicert-validate`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use digicert_validate::render::{Style, Summary};
use digicert_validate::{Context, Severity, Validator};

use crate::check::Check;
use crate::context_file;
use crate::failure::Failure;
use crate::outcome::Outcome;

/// Check request documents, offline
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  Check two documents:
      digicert validate acme.yaml acme-products.json

  Check all documents of a folder, against what is known of the account:
      digicert validate --context account.json subaccounts/

  Check what another program writes:
      make-prices | digicert validate --kind set-products -

  In GitHub Actions, with warnings that fail the job:
      digicert validate --format github --deny warnings subaccounts/

Exit codes:
  0  nothing wrong; notes never count, warnings only with `--deny warnings`
  1  findings that count
  2  wrong usage, an unreadable file or a bad configuration; what could be read was checked")]
pub(crate) struct Options {
    /// JSON or YAML files, folders, or `-` for standard input
    ///
    /// Folders are searched for .json, .yaml and .yml files, in the order of names; hidden folders
    /// and links to folders are passed over.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// What the documents are, when it cannot be told from the content
    #[arg(long, value_name = "KIND")]
    kind: Option<Kind>,

    /// What is known besides the documents, in JSON or YAML; `digicert schema context` describes it
    #[arg(long, value_name = "FILE")]
    context: Option<PathBuf>,

    /// How to print the findings
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,

    /// Let warnings make the exit code 1, as errors do
    #[arg(long, value_name = "WHAT")]
    deny: Option<Denied>,

    /// Switch a rule off, by name or code; may be given several times
    #[arg(long, value_name = "RULE")]
    off: Vec<String>,

    /// Give the findings of a rule another severity: error, warning or note; may be given several
    /// times
    #[arg(long, value_name = "RULE=SEVERITY", value_parser = raise)]
    raise: Vec<(String, Severity)>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    /// The body that creates a subaccount
    CreateSubaccount,
    /// The body that sets products and prices of a subaccount
    SetProducts,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON object
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Denied {
    /// Findings that are warnings
    Warnings,
}

impl Options {
    pub(crate) fn run(self, color: bool) -> Result<Outcome, Failure> {
        if self
            .files
            .iter()
            .filter(|file| is_standard_input(file))
            .count()
            > 1
        {
            return Err(Failure::new(
                "standard input can be read only once: give one `-`",
            ));
        }
        let check = Check {
            validator: self.validator()?,
            kind: self.kind.map(Into::into),
            context: match &self.context {
                Some(path) => context_file::read(path)?,
                None => Context::default(),
            },
            style: self.format.style(color),
        };
        let (summary, is_complete) = check.run(&self.files)?;
        Ok(self.outcome(&summary, is_complete))
    }

    fn validator(&self) -> Result<Validator, Failure> {
        let mut validator = Validator::new();
        for rule in &self.off {
            validator = validator.off(rule).map_err(Failure::from_display)?;
        }
        for (rule, severity) in &self.raise {
            let raised = validator.raise(rule, *severity);
            validator = raised.map_err(Failure::from_display)?;
        }
        Ok(validator)
    }

    fn outcome(&self, summary: &Summary, is_complete: bool) -> Outcome {
        let warnings_count = matches!(self.deny, Some(Denied::Warnings));
        if !is_complete {
            Outcome::Unusable
        } else if summary.errors > 0 || (warnings_count && summary.warnings > 0) {
            Outcome::Findings
        } else {
            Outcome::Done
        }
    }
}

fn is_standard_input(file: &PathBuf) -> bool {
    file == Path::new("-")
}

/// Reads `RULE=SEVERITY`.
fn raise(text: &str) -> Result<(String, Severity), String> {
    let (rule, severity) = text.split_once('=').ok_or("give RULE=SEVERITY")?;
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    let known = severities
        .into_iter()
        .find(|known| known.as_str() == severity);
    let severity = known.ok_or("the severity is one of error, warning and note")?;
    Ok((rule.to_owned(), severity))
}

impl From<Kind> for digicert_validate::Kind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::CreateSubaccount => Self::CreateSubaccount,
            Kind::SetProducts => Self::SetProducts,
        }
    }
}

impl Format {
    fn style(self, color: bool) -> Style {
        match self {
            Self::Human => Style::Human { color },
            Self::Json => Style::Json,
            Self::Sarif => Style::Sarif,
            Self::Github => Style::Github,
        }
    }
}
