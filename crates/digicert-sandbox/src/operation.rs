//! [`Operation`]: the calls of the API by the names of the OpenAPI documents, and which of them a
//! request is.

use std::fmt;
use std::str::FromStr;

use axum::http::Method;
use serde::{Serialize, Serializer};

/// A call of the API, by its `operationId` in the OpenAPI documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// `GET /account`
    GetAccount,
    /// `POST /account`
    CreateSubaccount,
    /// `GET /account/subaccount`
    ListSubaccounts,
    /// `GET /account/subaccount/{subaccount_id}`
    GetSubaccount,
    /// `GET /account/subaccount/{subaccount_id}/products`
    ListSubaccountProducts,
    /// `PUT /account/subaccount/{subaccount_id}/products`
    SetSubaccountProducts,
    /// `PUT /finance/account-link`
    LinkBillingAccount,
}

struct Row {
    operation: Operation,
    name: &'static str,
    method: Method,
    /// As the router has it.
    path: &'static str,
}

const fn row(operation: Operation, name: &'static str, method: Method, path: &'static str) -> Row {
    Row {
        operation,
        name,
        method,
        path,
    }
}

const ACCOUNT: &str = "/services/v2/account";
const SUBACCOUNTS: &str = "/services/v2/account/subaccount";
const SUBACCOUNT: &str = "/services/v2/account/subaccount/{subaccount_id}";
const PRODUCTS: &str = "/services/v2/account/subaccount/{subaccount_id}/products";
const ACCOUNT_LINK: &str = "/partner-subscription/api/v1/finance/account-link";

static TABLE: [Row; 7] = [
    row(Operation::GetAccount, "get_account", Method::GET, ACCOUNT),
    row(
        Operation::CreateSubaccount,
        "create_subaccount",
        Method::POST,
        ACCOUNT,
    ),
    row(
        Operation::ListSubaccounts,
        "list_subaccounts",
        Method::GET,
        SUBACCOUNTS,
    ),
    row(
        Operation::GetSubaccount,
        "get_subaccount",
        Method::GET,
        SUBACCOUNT,
    ),
    row(
        Operation::ListSubaccountProducts,
        "list_subaccount_products",
        Method::GET,
        PRODUCTS,
    ),
    row(
        Operation::SetSubaccountProducts,
        "set_subaccount_products",
        Method::PUT,
        PRODUCTS,
    ),
    row(
        Operation::LinkBillingAccount,
        "link_billing_account",
        Method::PUT,
        ACCOUNT_LINK,
    ),
];

impl Operation {
    /// All of them, in the order of the documents.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.operation)
    }

    /// Its name, such as `create_subaccount`.
    #[must_use]
    pub fn name(self) -> &'static str {
        let row = TABLE.iter().find(|row| row.operation == self);
        row.map_or("", |row| row.name)
    }

    /// The operation at a path of the router.
    pub(crate) fn at(method: &Method, path: &str) -> Option<Self> {
        let row = TABLE
            .iter()
            .find(|row| row.method == *method && row.path == path);
        row.map(|row| row.operation)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Operation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl FromStr for Operation {
    type Err = UnknownOperation;

    fn from_str(name: &str) -> Result<Self, UnknownOperation> {
        let row = TABLE.iter().find(|row| row.name == name);
        row.map(|row| row.operation).ok_or(UnknownOperation)
    }
}

/// A name that no operation has. It lists those that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownOperation;

impl fmt::Display for UnknownOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no such operation; there are ")?;
        for (index, row) in TABLE.iter().enumerate() {
            let separator = match index {
                0 => "",
                _ if index + 1 == TABLE.len() => " and ",
                _ => ", ",
            };
            write!(f, "{separator}{}", row.name)?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownOperation {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_others_are_told_what_there_is() {
        for operation in Operation::all() {
            assert_eq!(operation.name().parse(), Ok(operation));
        }
        let error = "create".parse::<Operation>().unwrap_err().to_string();
        assert!(error.contains("create_subaccount, "), "{error}");
        assert!(error.ends_with(" and link_billing_account"), "{error}");
    }
}
