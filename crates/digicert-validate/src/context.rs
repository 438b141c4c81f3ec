//! What is known besides the request: the parent account, the subaccount as it is now, and what
//! the user has said yes to. Everything is optional; a rule that needs what is not there is silent.

use digicert_types::certcentral::SubaccountProducts;
use serde::{Deserialize, Serialize};

/// What the rules may know besides the request.
///
/// ```
/// use digicert_validate::Context;
///
/// let context: Context = serde_json::from_str(
///     r#"{
///         "parent": {"max_allowed_multi_year_plan_length": 3, "contract": "flat-fee"},
///         "subaccount": {"bill_parent": true, "products": {"currency": "USD", "products": []}},
///         "acknowledged": {"currency_change": true}
///     }"#,
/// )?;
/// assert!(context.acknowledged.currency_change);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Context {
    /// The account that owns the subaccount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<ParentContext>,
    /// The subaccount as it is now. Only for a request to set products.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subaccount: Option<SubaccountContext>,
    /// What the user has been shown and has said yes to.
    pub acknowledged: Acknowledged,
}

/// What is known of the parent account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ParentContext {
    /// The longest Multi-year Plan that the parent may order, in years.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_allowed_multi_year_plan_length: Option<i64>,
    /// The kind of its contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract: Option<Contract>,
}

/// The kind of contract that the parent has with DigiCert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Contract {
    /// Neither of the others.
    Standard,
    /// An Enterprise License Agreement: Multi-year Plans of 1 and 2 years only.
    Ela,
    /// A flat fee: Multi-year Plans of 1 and 2 years only.
    FlatFee,
}

/// What is known of the subaccount whose products are set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct SubaccountContext {
    /// Whether the parent pays for its orders; `false` is a self-billed subaccount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bill_parent: Option<bool>,
    /// Its currency and products now, as `GET /account/subaccount/{id}/products` answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub products: Option<SubaccountProducts>,
}

/// What the user has been shown and has said yes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Acknowledged {
    /// An empty list of products is meant: every product is to be switched off.
    pub disable_everything: bool,
    /// A changed currency is meant: the balance is to be reset to 0 for good.
    pub currency_change: bool,
}

impl Context {
    /// The products of the subaccount as they are now.
    pub(crate) fn current(&self) -> Option<&SubaccountProducts> {
        self.subaccount.as_ref()?.products.as_ref()
    }

    /// Whether the subaccount is known to pay for itself.
    pub(crate) fn is_self_billed(&self) -> bool {
        self.bill_parent() == Some(false)
    }

    /// Who pays, if it is known.
    pub(crate) fn bill_parent(&self) -> Option<bool> {
        self.subaccount.as_ref()?.bill_parent
    }
}
