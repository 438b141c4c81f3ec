//! What the service says to the key, as far as reads tell.

use digicert_client::certcentral::Client;
use digicert_types::certcentral::{Account, ListSubaccountsQuery};

use super::Check;
use crate::failure::Failure;
use crate::meant_account::MeantAccount;
use crate::service::Service;

const KEY_ACCEPTED: &str = "key accepted";
const ACCOUNT: &str = "account";
const SUBACCOUNTS: &str = "subaccounts";
const CHANGES: &str = "changes";

/// Nothing is asked with a key, because of this.
pub(super) fn skip(why: &str, checks: &mut Vec<Check>) {
    checks.extend([KEY_ACCEPTED, SUBACCOUNTS].map(|check| Check::skipped(check, why)));
}

pub(super) async fn examine(service: &Service, reached: bool, checks: &mut Vec<Check>) {
    let why = match (reached, service.certcentral_key()) {
        (true, Ok(_)) => None,
        (true, Err(_)) => Some("there is no key to ask with"),
        (false, _) => Some("the service was not reached"),
    };
    if let Some(why) = why {
        return skip(why, checks);
    }
    let client = match service.certcentral() {
        Ok(client) => client,
        Err(failure) => {
            checks.push(Check::failed(KEY_ACCEPTED, failure.to_string()));
            return;
        }
    };
    match client.get_account().await.map_err(Failure::from) {
        Err(failure) => checks.push(Check::failed(KEY_ACCEPTED, failure.to_string())),
        Ok(account) => {
            checks.push(accepted(&account));
            let meant = service.meant_account();
            checks.extend(meant.map(|meant| is_meant(&meant, &account)));
            let listed = subaccounts(&client).await;
            checks.push(
                listed.unwrap_or_else(|failure| Check::failed(SUBACCOUNTS, failure.to_string())),
            );
            let message = "whether the key may change anything is not known before one tries: one that \
                       may only view reads the same";
            checks.push(Check::skipped(CHANGES, message));
        }
    }
}

/// Whether it is the account that the profile is for.
fn is_meant(meant: &MeantAccount, account: &Account) -> Check {
    match meant.compare(account) {
        Ok(agrees) => Check::ok(ACCOUNT, agrees),
        Err(differs) => Check::failed(ACCOUNT, differs).with_remedy(meant.remedy()),
    }
}

fn accepted(account: &Account) -> Check {
    let id = account
        .id
        .map_or("without an ID".to_owned(), |id| id.to_string());
    let name = account.primary_organization_name.as_deref();
    let name = name.unwrap_or_default();
    let separator = if name.is_empty() { "" } else { ", " };
    let message = format!("it belongs to the account {id}{separator}{name}");
    Check::ok(KEY_ACCEPTED, message)
}

async fn subaccounts(client: &Client) -> Result<Check, Failure> {
    let query = ListSubaccountsQuery::builder().limit(1_i64).build();
    let list = client.list_subaccounts(&query).await?;
    let total = list.page.and_then(|page| page.total);
    Ok(Check::ok(
        SUBACCOUNTS,
        match total {
            Some(total) => format!("they can be listed; there are {total}"),
            None => "they can be listed".to_owned(),
        },
    ))
}
