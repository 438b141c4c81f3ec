//! The format of manifests for editors, as JSON Schema.
//!
//! These types describe; reading is by hand, so that every fault has its place. A test holds the
//! two together.

#![expect(dead_code, reason = "only their schemas are used")]

use std::collections::BTreeMap;

use digicert_types::QuotableInteger;
use digicert_types::certcentral::{
    CreateSubaccountRequest, ProductToSet, SetSubaccountProductsRequest,
};
use schemars::JsonSchema;

/// Price books, subaccounts and billing links. The files of a folder are read as one.
#[derive(JsonSchema)]
pub(crate) struct ManifestSchema {
    /// The version of this format: 1.
    #[schemars(range(min = 1, max = 1))]
    format_version: u32,
    /// The ID of the account whose subaccounts these are: with the key of another one nothing is
    /// planned and nothing is changed. One for all files of a folder.
    #[schemars(range(min = 1))]
    account_id: Option<i64>,
    /// The service that the account is at, by its region; any other is refused.
    region: Option<RegionSchema>,
    /// The same by its address, such as that of a sandbox: `http://127.0.0.1:8700`.
    origin: Option<String>,
    /// Products with prices, each list under a name that `price_book` refers to, in any file.
    #[serde(default)]
    price_books: BTreeMap<String, SetSubaccountProductsRequest>,
    /// The subaccounts that are looked after.
    #[serde(default)]
    subaccounts: Vec<SubaccountSchema>,
    /// Billing accounts to link to Partner Subscriptions accounts.
    #[serde(default)]
    billing_links: Vec<BillingLinkSchema>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum RegionSchema {
    Us,
    Eu,
}

/// A subaccount: `id` of one that is there, or `create`.
#[derive(JsonSchema)]
struct SubaccountSchema {
    /// Account ID of a subaccount that is there.
    #[schemars(range(min = 1))]
    id: Option<i64>,
    /// A subaccount that is to be created, unless there is one of that organization and
    /// `child_name`.
    create: Option<CreateSubaccountRequest>,
    /// The file that the key of a created managed subaccount is written to, relative to this file.
    /// A file that is there is never overwritten.
    key_out: Option<String>,
    /// The name of the price book that the subaccount gets.
    price_book: Option<String>,
    /// Products that take the place of those in the price book, or come besides.
    products: Option<Vec<ProductToSet>>,
    /// Products of the price book that the subaccount does not get, by `product_name_id`.
    without: Option<Vec<String>>,
    /// How far its balance may go below zero, in whole dollars, instead of what the price book
    /// says.
    balance_negative_limit: Option<QuotableInteger>,
}

/// The files of two keys; a key itself never stands here.
#[derive(JsonSchema)]
struct BillingLinkSchema {
    /// The file of the Partner Subscriptions API key, relative to this file: which account gets
    /// the link.
    partner_api_key_file: String,
    /// The file of the CertCentral API key, relative to this file: which billing account is
    /// linked. The link follows the creation that has this file as its `key_out`.
    api_key_file: String,
}
