//! What `diff` and `set` have in common: a file, the live state it is compared with, and what
//! comes of that.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use clap::Args;
use digicert_client::certcentral;
use digicert_types::certcentral::{SetSubaccountProductsRequest, SubaccountDetails};
use digicert_validate::render::JsonFinding;
use digicert_validate::{DocumentReport, Kind, Severity, SubaccountContext, Validator};
use serde::Serialize;

use crate::color;
use crate::failure::Failure;
use crate::price_change::{LiveState, PriceChange, fingerprint, render};
use crate::price_setting::{FormerStateOf, context, faults_of_former_state};
use crate::printable::printable;
use crate::request_file::RequestFile;

/// Rules whose findings stand in the change itself, where each product and price has its line.
const SHOWN_BY_THE_CHANGE: [&str; 3] = ["product-dropped", "price-jump", "self-billed-ignored"];

/// Which subaccount, and which file. To be flattened into a command's options.
#[derive(Debug, Args)]
pub(super) struct Compared {
    /// The account ID of the subaccount, as `digicert subaccount list` shows it
    #[arg(value_name = "ID", value_parser = crate::subaccount_id::parse)]
    pub(super) id: i64,

    /// The products that it is to have, in JSON or YAML, or `-` for standard input; `digicert
    /// schema set-products` describes it
    #[arg(short, long, value_name = "FILE")]
    pub(super) file: PathBuf,
}

/// A file that was checked without the service.
#[derive(Debug)]
pub(super) struct WantedFile {
    id: i64,
    path: PathBuf,
    file: RequestFile,
    pub(super) offline: DocumentReport,
}

/// A file and the live state, compared.
#[derive(Debug)]
pub(super) struct Comparison {
    pub(super) origin: String,
    pub(super) id: i64,
    pub(super) subaccount: SubaccountDetails,
    pub(super) live: LiveState,
    pub(super) request: SetSubaccountProductsRequest,
    pub(super) change: PriceChange,
    pub(super) document: DocumentReport,
    /// Whose former state the file says that it is.
    pub(super) former_state_of: Option<FormerStateOf>,
    path: PathBuf,
    file: RequestFile,
}

impl Compared {
    /// Reads the file and checks it as far as that goes without the service.
    pub(super) fn read(self) -> Result<WantedFile, Failure> {
        let file = RequestFile::read(&self.file, Kind::SetProducts)?;
        let offline = file.check(&Validator::new(), &context(None));
        Ok(WantedFile {
            id: self.id,
            path: self.file,
            file,
            offline,
        })
    }
}

impl WantedFile {
    /// The findings of a file with errors, for people.
    pub(super) fn shown(&self, color: bool) -> String {
        self.file.shown(&self.offline, color)
    }

    /// The findings alone, for programs.
    pub(super) fn shape(&self, origin: String) -> Shape<'_> {
        Shape {
            origin,
            subaccount_id: self.id,
            organization_name: None,
            file: self.path.display().to_string(),
            former_state_of: None,
            live_fingerprint: None,
            findings: findings(&self.offline),
            change: None,
        }
    }

    pub(super) fn refuse_errors(&self) -> Result<(), Failure> {
        self.file.refuse_errors(&self.offline)
    }

    /// Reads the live state and compares.
    pub(super) async fn compare(
        self,
        client: &certcentral::Client,
        origin: String,
    ) -> Result<Comparison, Failure> {
        let request: SetSubaccountProductsRequest = self.file.parse()?;
        let former_state_of = self.file.former_state_of()?;
        let subaccount = client.get_subaccount(self.id).await?;
        let live = LiveState::try_from(client.list_subaccount_products(self.id).await?)?;
        let change = PriceChange::of(&live, &request, subaccount.bill_parent);
        let mut known = SubaccountContext::default();
        known.bill_parent = subaccount.bill_parent;
        known.products = Some(live.reported().clone());
        let document = self.file.check(&Validator::new(), &context(Some(known)));
        let document = without_doubt_of_enabled(document, &request, &live);
        Ok(Comparison {
            origin,
            id: self.id,
            subaccount,
            live,
            request,
            change,
            document,
            former_state_of,
            path: self.path,
            file: self.file,
        })
    }
}

impl Comparison {
    /// Which subaccount, what the rules say, what changes.
    pub(super) fn shown(&self, color: bool) -> String {
        let head = color::bold(&format!("Subaccount {}", self.name()), color);
        let findings = match self.file.shown(&self.further_findings(), color) {
            findings if findings.is_empty() => findings,
            findings => findings + "\n",
        };
        let dangers = render::dangers(&self.change.dangers(), color);
        let dangers = match dangers.as_str() {
            "" => dangers,
            // A currency that is ignored, and nothing else: nothing is sent.
            _ if self.change.is_empty() => String::new(),
            _ => format!("\nDangerous; each needs its word:\n{dangers}"),
        };
        let change = render::human(&self.change, color);
        format!("{head} at {}\n\n{findings}{change}{dangers}", self.origin)
    }

    /// What the change does not show itself, so that a long list of what is shown below does not hide
    /// it.
    fn further_findings(&self) -> DocumentReport {
        let mut document = self.document.clone();
        document.report.retain(|finding| {
            let is_shown = SHOWN_BY_THE_CHANGE.contains(&finding.rule.name);
            !is_shown || finding.severity == Severity::Error
        });
        document
    }

    /// The subaccount as people know it.
    pub(super) fn name(&self) -> String {
        match &self.subaccount.organization_name {
            Some(name) => format!("{} ({})", self.id, printable(name)),
            None => self.id.to_string(),
        }
    }

    /// The organization, and the name within it if it has one.
    pub(super) fn subaccount_name(&self) -> Option<String> {
        let organization = self.subaccount.organization_name.as_ref()?;
        Some(match &self.subaccount.child_name {
            Some(child) => format!("{organization} ({child})"),
            None => organization.clone(),
        })
    }

    pub(super) fn refuse_errors(&self) -> Result<(), Failure> {
        self.file.refuse_errors(&self.document)
    }

    /// Why the rules refuse the file of the former state; `now` is what the subaccount has by then.
    pub(super) fn faults_of_former_state(&self, now: Option<&LiveState>) -> Vec<String> {
        faults_of_former_state(&self.live, now, self.subaccount.bill_parent)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn shape(&self) -> Shape<'_> {
        Shape {
            origin: self.origin.clone(),
            subaccount_id: self.id,
            organization_name: self.subaccount.organization_name.as_deref(),
            file: self.path.display().to_string(),
            former_state_of: self.former_state_of.as_ref(),
            live_fingerprint: Some(fingerprint(&self.live)),
            findings: findings(&self.document),
            change: Some(&self.change),
        }
    }
}

/// Leaves out that our table does not know a product: the service does, which has it enabled now.
fn without_doubt_of_enabled(
    mut document: DocumentReport,
    request: &SetSubaccountProductsRequest,
    live: &LiveState,
) -> DocumentReport {
    let enabled = live.reported().products.iter().flatten();
    let enabled: HashSet<_> = enabled
        .filter_map(|product| product.product_name_id.as_deref())
        .collect();
    let is_enabled = |pointer: &str| {
        let index = pointer.split('/').nth(2)?.parse::<usize>().ok()?;
        let name_id = request.products.get(index)?.product_name_id.as_deref()?;
        Some(enabled.contains(name_id))
    };
    document.report.retain(|finding| {
        finding.rule.name != "product-unknown" || is_enabled(&finding.pointer) != Some(true)
    });
    document
}

/// The shape in JSON; part of what others script against.
#[derive(Debug, Serialize)]
pub(super) struct Shape<'a> {
    origin: String,
    subaccount_id: i64,
    organization_name: Option<&'a str>,
    file: String,
    /// Only if the file says that it is a former state.
    #[serde(skip_serializing_if = "Option::is_none")]
    former_state_of: Option<&'a FormerStateOf>,
    live_fingerprint: Option<String>,
    findings: Vec<JsonFinding<'a>>,
    /// `null` if the file has errors that leave nothing to compare.
    change: Option<&'a PriceChange>,
}

fn findings(document: &DocumentReport) -> Vec<JsonFinding<'_>> {
    let findings = document.report.findings().iter();
    findings.map(JsonFinding::from).collect()
}
