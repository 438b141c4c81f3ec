//! `digicert subaccount list`: all subaccounts, printed page by page as they arrive.

use clap::Args;
use digicert_types::certcentral::{ListSubaccountsQuery, SubaccountSummary};
use digicert_validate::nearest;

use crate::asynchronous;
use crate::existing_subaccount::MAX_SEARCHED;
use crate::failure::Failure;
use crate::failure_in_json;
use crate::outcome::Outcome;
use crate::output_format::OutputFormat;
use crate::service::{ServiceOptions, SubaccountPages, USUAL_PAGE};
use crate::standard_output::{StandardOutput, terminal_width};
use crate::table::{Column, Table};

const COLUMNS: [Column; 5] = [
    Column::Right("ACCOUNT ID"),
    Column::Left("TYPE"),
    Column::Left("CREATED"),
    Column::Left("ORGANIZATION"),
    Column::Left("ACCOUNT MANAGER"),
];

/// What the service can sort by.
pub(crate) const SORTABLE: [&str; 5] = [
    "account_id",
    "account_type",
    "organization_name",
    "date_created",
    "account_manager",
];

/// List all subaccounts
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  The twenty newest ones:
      digicert subaccount list --sort=-date_created --limit 20

  The IDs of all that have to do with Toledo, for a script:
      digicert subaccount list --search Toledo --format json | jq '.subaccounts[].account_id'")]
pub(crate) struct Options {
    /// Only those whose organization has this in its name
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,

    /// Only those whose organization has exactly this name
    #[arg(long, value_name = "NAME", conflicts_with = "search")]
    name: Option<String>,

    /// What to sort by, the most important first, with a minus sign for downwards: `account_id`,
    /// `account_type`, `organization_name`, `date_created`, `account_manager`
    #[arg(
        long,
        value_name = "PROPERTIES",
        value_delimiter = ',',
        default_value = "account_id",
        allow_hyphen_values = true,
        value_parser = property
    )]
    sort: Vec<String>,

    /// Only so many of them: the first ones, as they are sorted
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,

    /// How many to ask for at once
    #[arg(long, value_name = "N", default_value_t = USUAL_PAGE, value_parser = clap::value_parser!(u32).range(1..))]
    page_size: u32,

    /// How to print them
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: OutputFormat,

    #[command(flatten)]
    service: ServiceOptions,
}

impl Options {
    pub(crate) fn run(self, color: bool) -> Result<Outcome, Failure> {
        self.refuse_what_is_too_long()?;
        let query = self.query();
        let service = self.service.service()?;
        let client = service.certcentral()?;
        let mut output = match self.format {
            OutputFormat::Human => {
                Output::Human(Table::new(&COLUMNS).fitting(terminal_width()), color)
            }
            OutputFormat::Json => Output::Json(service.origin()),
        };
        asynchronous::run(async {
            let mut pages = SubaccountPages::new(&client, query);
            let most = self.limit.map_or(usize::MAX, |limit| limit as usize);
            let mut count = 0;
            loop {
                match pages.next().await {
                    Ok(Some(mut page)) => {
                        page.truncate(most - count);
                        output.page(&page, count)?;
                        count += page.len();
                        if count == most {
                            break output.end(count);
                        }
                    }
                    Ok(None) => break output.end(count),
                    Err(failure) => break Err(output.broken_off(count, failure)),
                }
            }
        })?;
        Ok(Outcome::Done)
    }

    /// All of it stands in the address of the request.
    fn refuse_what_is_too_long(&self) -> Result<(), Failure> {
        for (option, text) in [("--search", &self.search), ("--name", &self.name)] {
            let length = text.as_ref().map_or(0, |text| text.chars().count());
            if length > MAX_SEARCHED {
                return Err(Failure::new(format!(
                    "the text of `{option}` has {length} characters, and at most {MAX_SEARCHED} have \
                     room in the address of the request; `--search` finds a name by a part of it"
                )));
            }
        }
        let mut sort = self.sort.iter();
        while let Some(property) = sort.next() {
            if sort.as_slice().contains(property) {
                return Err(Failure::new(format!("`--sort` names `{property}` twice")));
            }
        }
        Ok(())
    }

    fn query(&self) -> ListSubaccountsQuery {
        // A leading percent sign stands for: contains.
        let contained = self.search.as_ref().map(|text| format!("%{text}"));
        let page_size = self.page_size.min(self.limit.unwrap_or(u32::MAX));
        ListSubaccountsQuery::builder()
            .maybe_filters_search(contained.or(self.name.clone()))
            .sort(self.sort.join(","))
            .limit(i64::from(page_size))
            .build()
    }
}

/// Checks a property to sort by: the service is not known to say that it does not have one.
fn property(text: &str) -> Result<String, String> {
    let name = text.strip_prefix('-').unwrap_or(text);
    if SORTABLE.contains(&name) {
        return Ok(text.to_owned());
    }
    Err(match nearest(name, SORTABLE) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("the properties are {}", SORTABLE.join(", ")),
    })
}

/// Where the pages go.
enum Output<'a> {
    Human(Table<'a>, bool),
    /// With the origin.
    Json(String),
}

impl Output<'_> {
    /// Prints a page after so many others.
    fn page(&mut self, page: &[SubaccountSummary], before: usize) -> Result<(), Failure> {
        let text = match self {
            Self::Human(table, color) => {
                for subaccount in page {
                    table.row(cells(subaccount));
                }
                table.take_text(*color)
            }
            Self::Json(origin) => {
                let head = head(origin)?;
                let head = if before == 0 { head.as_str() } else { "" };
                entries(page, before, head)?
            }
        };
        StandardOutput::print(&text)
    }

    fn end(&self, count: usize) -> Result<(), Failure> {
        match (self, count) {
            (Self::Human(..), 0) => StandardOutput::print("No subaccounts.\n"),
            (Self::Human(..), _) => Ok(()),
            (Self::Json(origin), 0) => {
                StandardOutput::print(&format!("{}], \"count\": 0}}\n", head(origin)?))
            }
            (Self::Json(_), _) => StandardOutput::print(&format!("\n], \"count\": {count}}}\n")),
        }
    }

    /// What was printed of an object is ended, so that it can be read, and says that it is not all.
    fn broken_off(&self, count: usize, failure: Failure) -> Failure {
        if let (Self::Json(_), 1..) = (self, count)
            && let Ok(members) = failure_in_json::members(&failure)
        {
            let end = format!("\n], \"count\": {count},\n{members}\n}}\n");
            StandardOutput::print_or_say(Ok(end), "");
        }
        failure
    }
}

/// The beginning of an object whose list is written piece by piece.
fn head(origin: &str) -> Result<String, Failure> {
    let origin = json(&origin)?;
    Ok(format!(
        r#"{{"format_version": 1, "origin": {origin}, "subaccounts": ["#
    ))
}

/// A line for each subaccount.
fn entries(page: &[SubaccountSummary], before: usize, head: &str) -> Result<String, Failure> {
    let mut text = head.to_owned();
    for (index, subaccount) in page.iter().enumerate() {
        let comma = if before + index == 0 { "" } else { "," };
        text.extend([comma, "\n  ", &json(subaccount)?]);
    }
    Ok(text)
}

fn json(value: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string(value)
        .map_err(|error| Failure::new(format!("cannot be written as JSON: {error}")))
}

fn cells(subaccount: &SubaccountSummary) -> [String; 5] {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let shown = |value: Option<String>| value.unwrap_or_default();
    [
        shown(subaccount.account_id.map(|id| id.to_string())),
        shown(subaccount.account_type.as_ref().map(ToString::to_string)),
        text(&subaccount.date_created),
        text(&subaccount.organization_name),
        text(&subaccount.account_manager),
    ]
}
