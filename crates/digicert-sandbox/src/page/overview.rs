//! `GET /_sandbox/overview`: a page of the subaccounts with all that is known of each, for the
//! page at `/`. It shows subaccounts without a key, so it is no part of the API.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use digicert_types::Amount;
use digicert_types::certcentral::{Account, SubaccountDetails};
use serde::Serialize;

use crate::answer::{Refusal, invalid, json};
use crate::keys::KeyOwner;
use crate::request_log::RequestLog;
use crate::request_shape::Faults;
use crate::state::{ProductsReport, SharedState, State as AllState, Subaccount};

const DEFAULT_LIMIT: usize = 10;

/// What a browser can still show at once.
const LARGEST_LIMIT: usize = 100;

/// A part of the state.
#[derive(Debug, Serialize)]
struct Overview<'s> {
    account: Account,
    links: Vec<Link<'s>>,
    /// The number of the latest request in the log, so that the end of a long log can be asked for.
    latest_request: u64,
    /// How many subaccounts there are, and how many of them were searched for.
    total: usize,
    found: usize,
    offset: usize,
    limit: usize,
    subaccounts: Vec<Entry<'s>>,
}

#[derive(Debug, Serialize)]
struct Entry<'s> {
    details: SubaccountDetails,
    balance: Option<Amount>,
    products: ProductsReport<'s>,
}

/// An account of the Partner Subscriptions API, and which billing account pays for it.
#[derive(Debug, Serialize)]
struct Link<'s> {
    id: i64,
    name: &'s str,
    /// Whether its key may do anything.
    active: bool,
    /// The account that it is linked to itself.
    linked_to: Option<i64>,
    paid_by: Option<i64>,
}

/// Which part is asked for.
#[derive(Debug)]
struct Part {
    offset: usize,
    limit: usize,
    search: String,
}

pub(super) async fn overview(
    State(state): State<SharedState>,
    State(log): State<RequestLog>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let part = Part::from_query(query.as_deref().unwrap_or_default())?;
    let latest_request = *log.watch().borrow();
    let state = state.read();
    let all: Vec<_> = state.subaccounts(KeyOwner::Parent).collect();
    let mut found: Vec<_> = all.iter().filter(|one| part.is_searched_for(one)).collect();
    // The newest first: what was just created is what somebody looks for.
    found.reverse();
    let shown = found.iter().skip(part.offset).take(part.limit);
    let overview = Overview {
        account: state.account(KeyOwner::Parent),
        links: links(&state),
        latest_request,
        total: all.len(),
        found: found.len(),
        offset: part.offset,
        limit: part.limit,
        subaccounts: shown
            .map(|subaccount| Entry::new(subaccount, &state))
            .collect(),
    };
    Ok(json(StatusCode::OK, &overview))
}

fn links(state: &AllState) -> Vec<Link<'_>> {
    let accounts = state.partner_accounts().take(LARGEST_LIMIT);
    accounts
        .map(|account| Link {
            id: account.id,
            name: &account.name,
            active: account.active,
            linked_to: account.billing_account_id,
            paid_by: state.billing_account_id_of(account.id),
        })
        .collect()
}

impl<'s> Entry<'s> {
    fn new(subaccount: &'s Subaccount, state: &AllState) -> Self {
        Self {
            details: subaccount.details(),
            balance: state.balance(subaccount.id),
            products: subaccount.products(state.parent()),
        }
    }
}

impl Part {
    fn from_query(query: &str) -> Result<Self, Refusal> {
        let mut faults = Faults::default();
        let mut part = Self {
            offset: 0,
            limit: DEFAULT_LIMIT,
            search: String::new(),
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let count = value.parse().map_err(|_| "it must be a whole number");
            let read = match name.as_ref() {
                "search" => {
                    part.search = value.trim().to_lowercase();
                    continue;
                }
                "offset" => count.map(|offset| part.offset = offset),
                "limit" => count.map(|limit: usize| part.limit = limit.min(LARGEST_LIMIT)),
                _ => continue,
            };
            if let Err(reason) = read {
                faults.add(invalid(&name, reason));
            }
        }
        faults.into_result().map(|()| part)
    }

    /// Looks in the names and for the whole account ID.
    fn is_searched_for(&self, subaccount: &Subaccount) -> bool {
        let contains = |name: &str| name.to_lowercase().contains(&self.search);
        contains(subaccount.organization_name())
            || subaccount.child_name().is_some_and(contains)
            || self.search == subaccount.id.to_string()
    }
}
