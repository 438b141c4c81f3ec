//! `digicert products show`: what a subaccount may order now, and at what price.

use clap::Args;
use digicert_types::certcentral::{
    PricingMethod, SubaccountPrice, SubaccountProduct, SubaccountProducts,
};
use digicert_types::{Amount, QuotableInteger};
use serde::Serialize;

use crate::asynchronous;
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::output_format::{OutputFormat, Versioned, json_text};
use crate::price_change::{LiveState, former_state, with_unknown_prices};
use crate::service::ServiceOptions;
use crate::sheet::Sheet;
use crate::standard_error;
use crate::standard_output::StandardOutput;
use crate::table::{Column, Table};

const COLUMNS: [Column; 5] = [
    Column::Left("PRODUCT"),
    Column::Right("YEARS"),
    Column::Right("COST"),
    Column::Right("NAME MORE"),
    Column::Right("WILDCARD MORE"),
];

const NO_LIST: &str =
    "The service does not say which products are switched on: its answer has no list `products`.\n";

/// Show what a subaccount may order, and at what price
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The account ID of the subaccount, as `digicert subaccount list` shows it
    #[arg(value_name = "ID", value_parser = crate::subaccount_id::parse)]
    id: i64,

    /// Print the request document that would set these products again, as `digicert products set`
    /// takes it
    #[arg(long, conflicts_with = "format")]
    as_request: bool,

    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: OutputFormat,

    #[command(flatten)]
    service: ServiceOptions,
}

#[derive(Serialize)]
struct Shown<'a> {
    origin: String,
    subaccount_id: i64,
    #[serde(flatten)]
    live: Live<'a>,
}

/// As the service reports it; a list without products is a list, and none is none.
#[derive(Serialize)]
struct Live<'a> {
    currency: Option<&'a str>,
    pricing_method: Option<&'a str>,
    balance_negative_limit: Option<i64>,
    products: Option<&'a [SubaccountProduct]>,
}

impl Options {
    pub(crate) fn run(self, color: bool) -> Result<Outcome, Failure> {
        let service = self.service.service()?;
        let client = service.certcentral()?;
        let read = async { Ok(client.list_subaccount_products(self.id).await?) };
        let live = asynchronous::run(read)?;
        let text = match self.format {
            _ if self.as_request => as_request(&LiveState::try_from(live)?)?,
            OutputFormat::Human => human(&live, color),
            OutputFormat::Json => Versioned::first(Shown {
                origin: service.origin(),
                subaccount_id: self.id,
                live: Live::of(&live),
            })
            .text()?,
        };
        StandardOutput::print(&text)?;
        Ok(Outcome::Done)
    }
}

impl<'a> Live<'a> {
    fn of(live: &'a SubaccountProducts) -> Self {
        Self {
            currency: live.currency.as_deref(),
            pricing_method: live.pricing_method.as_ref().map(PricingMethod::as_str),
            balance_negative_limit: live.balance_negative_limit.map(QuotableInteger::value),
            products: live.products.as_deref(),
        }
    }
}

/// What is missing in it is said beside it.
fn as_request(live: &LiveState) -> Result<String, Failure> {
    for name_id in with_unknown_prices(live) {
        standard_error::say(&format!(
            "warning: a price of `{name_id}` cannot be read, so the request does not have it"
        ));
    }
    json_text(&former_state(live))
}

fn human(live: &SubaccountProducts, color: bool) -> String {
    let mut sheet = Sheet::new();
    sheet.line("Currency", live.currency.as_ref());
    sheet.shown("Pricing", live.pricing_method.as_ref());
    let limit = live.balance_negative_limit;
    sheet.shown(
        "Balance may go below zero by",
        limit.map(QuotableInteger::value),
    );
    let head = sheet.text(color);
    let Some(products) = &live.products else {
        return head + NO_LIST;
    };
    if products.is_empty() {
        return head + "No product is switched on.\n";
    }
    let mut table = Table::new(&COLUMNS);
    for product in products {
        add(&mut table, product);
    }
    let between = if head.is_empty() { "" } else { "\n" };
    head + between + &table.text(color)
}

/// A row for each term; the product is named in the first one.
fn add(table: &mut Table<'_>, product: &SubaccountProduct) {
    let names = [&product.product_name_id, &product.product_name];
    let name = names.into_iter().flatten().next();
    let name = name.map_or("", String::as_str);
    let prices = product.prices.as_deref().unwrap_or_default();
    if prices.is_empty() {
        table.row([name, "", "", "", ""]);
    }
    for (index, price) in prices.iter().enumerate() {
        let name = if index == 0 { name } else { " " };
        table.row(cells(name, price));
    }
}

fn cells(name: &str, price: &SubaccountPrice) -> [String; 5] {
    let money = |amount: Option<Amount>| amount.map(|amount| amount.to_string());
    [
        name.to_owned(),
        price
            .lifetime
            .map(|years| years.to_string())
            .unwrap_or_default(),
        money(price.cost).unwrap_or_default(),
        money(price.additional_fqdn_cost).unwrap_or_default(),
        money(price.additional_wildcard_cost).unwrap_or_default(),
    ]
}
