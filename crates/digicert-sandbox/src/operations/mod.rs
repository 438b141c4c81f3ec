//! The operations of the OpenAPI documents, one file each. Each one finds out who asks, whether
//! they may, and what they want, in that order; then it reads or changes the state and answers.

mod create_subaccount;
mod get_account;
mod get_subaccount;
mod link_billing_account;
mod list_subaccount_products;
mod list_subaccounts;
mod set_subaccount_products;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;

use crate::answer::Refusal;

pub(crate) use self::create_subaccount::create_subaccount;
pub(crate) use self::get_account::get_account;
pub(crate) use self::get_subaccount::get_subaccount;
pub(crate) use self::link_billing_account::link_billing_account;
pub(crate) use self::list_subaccount_products::list_subaccount_products;
pub(crate) use self::list_subaccounts::list_subaccounts;
pub(crate) use self::set_subaccount_products::set_subaccount_products;

/// The part of a path that names a subaccount, as it was sent: text of any kind, or nothing that
/// can be read.
type SubaccountId = Result<Path<String>, PathRejection>;

/// The ID in a path. What is no number names no subaccount.
fn subaccount_id(sent: SubaccountId) -> Result<i64, Refusal> {
    let text = sent.map(|Path(text)| text).unwrap_or_default();
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let id = is_number.then(|| text.parse().ok()).flatten();
    id.ok_or_else(Refusal::unknown_subaccount)
}
