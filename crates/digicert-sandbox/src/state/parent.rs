//! The parent account: its settings, and how it reports itself.

use digicert_types::certcentral::{Account, CertCentralType, CertTransparency, PricingModel};
use serde::{Deserialize, Serialize};

/// The account ID of the parent in the samples of the info page.
pub(crate) const ACCOUNT_ID: i64 = 1_122_331;
pub(crate) const ACCOUNT_NAME: &str = "Sandbox parent account";

const ORGANIZATION_ID: i64 = 3_344_555;
const CONTAINER_ID: i64 = 112_233;

/// The longest plan that the create page knows.
const LONGEST_PLAN: u8 = 6;

/// The longest plan of contracts of the kinds ELA and Flat Fee (create page).
const LONGEST_PLAN_OF_FLAT_CONTRACTS: u8 = 2;

/// A currency that DigiCert certainly bills in: every sample has it.
const DEFAULT_CURRENCY: &str = "USD";

/// The kind of contract that the parent account has with DigiCert.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Contract {
    /// Every certificate is paid for.
    #[default]
    Standard,
    /// An Enterprise License Agreement. Multi-year Plans have 2 years at most.
    Ela,
    /// A Flat Fee contract. Multi-year Plans have 2 years at most.
    FlatFee,
}

impl Contract {
    fn longest_plan(self) -> u8 {
        match self {
            Self::Standard => LONGEST_PLAN,
            Self::Ela | Self::FlatFee => LONGEST_PLAN_OF_FLAT_CONTRACTS,
        }
    }

    /// None of the values that are documented is known to be that of an ELA.
    fn pricing_model(self) -> Option<PricingModel> {
        match self {
            Self::Standard => Some(PricingModel::Percert),
            Self::FlatFee => Some(PricingModel::Flatfee),
            Self::Ela => None,
        }
    }
}

/// What DigiCert's account representative has set up for the parent account.
///
/// What is not set is as in a loaded state, or else that of a reseller with a standard contract in
/// USD, who may create subaccounts and order plans of up to 6 years.
///
/// ```
/// use digicert_sandbox::{ParentSettings, Sandbox};
///
/// let parent = ParentSettings::default().subaccounts_enabled(false);
/// let builder = Sandbox::builder().parent(parent);
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "settings take effect when they are given to a builder"]
pub struct ParentSettings {
    account_type: Option<CertCentralType>,
    contract: Option<Contract>,
    subaccounts_enabled: Option<bool>,
    max_multi_year_plan_length: Option<u8>,
    currency: Option<String>,
}

impl ParentSettings {
    /// The type of the account. Below a reseller, managed subaccounts report
    /// `is_reseller_customer`.
    pub fn account_type(mut self, account_type: CertCentralType) -> Self {
        self.account_type = Some(account_type);
        self
    }

    /// The kind of contract.
    pub fn contract(mut self, contract: Contract) -> Self {
        self.contract = Some(contract);
        self
    }

    /// Whether subaccounts can be created. Otherwise it is answered with 403 and
    /// `access_denied|missing_permission`.
    pub fn subaccounts_enabled(mut self, enabled: bool) -> Self {
        self.subaccounts_enabled = Some(enabled);
        self
    }

    /// The longest Multi-year Plan of the account in years, which is also the longest that a
    /// subaccount can be given. What is more than the [`contract`](Self::contract) allows, 6 or 2
    /// years, means that.
    pub fn max_multi_year_plan_length(mut self, years: u8) -> Self {
        self.max_multi_year_plan_length = Some(years);
        self
    }

    /// The currency of the account, such as `EUR`. DigiCert bills in it, and in USD: a product
    /// that a subaccount gets without prices has DigiCert's retail prices in these currencies,
    /// and costs 0 in all others.
    pub fn currency(mut self, code: impl Into<String>) -> Self {
        self.currency = Some(code.into());
        self
    }
}

/// The parent account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parent {
    account_type: CertCentralType,
    contract: Contract,
    subaccounts_enabled: bool,
    max_multi_year_plan_length: u8,
    currency: String,
}

impl Default for Parent {
    fn default() -> Self {
        Self {
            account_type: CertCentralType::Reseller,
            contract: Contract::default(),
            subaccounts_enabled: true,
            max_multi_year_plan_length: LONGEST_PLAN,
            currency: DEFAULT_CURRENCY.to_owned(),
        }
    }
}

impl Parent {
    /// This account with what the settings say.
    pub(crate) fn with(&self, settings: ParentSettings) -> Self {
        let account_type = settings.account_type;
        Self {
            account_type: account_type.unwrap_or_else(|| self.account_type.clone()),
            contract: settings.contract.unwrap_or(self.contract),
            subaccounts_enabled: settings
                .subaccounts_enabled
                .unwrap_or(self.subaccounts_enabled),
            max_multi_year_plan_length: settings
                .max_multi_year_plan_length
                .unwrap_or(self.max_multi_year_plan_length),
            currency: settings.currency.unwrap_or_else(|| self.currency.clone()),
        }
    }

    pub(crate) fn subaccounts_enabled(&self) -> bool {
        self.subaccounts_enabled
    }

    pub(crate) fn is_reseller(&self) -> bool {
        self.account_type == CertCentralType::Reseller
    }

    pub(crate) fn max_multi_year_plan_length(&self) -> i64 {
        let longest = self.contract.longest_plan();
        self.max_multi_year_plan_length.clamp(1, longest).into()
    }

    pub(crate) fn pricing_model(&self) -> Option<PricingModel> {
        self.contract.pricing_model()
    }

    /// Whether DigiCert sends bills in that currency, as far as the sandbox is concerned.
    pub(crate) fn is_billed_in(&self, currency: &str) -> bool {
        [self.currency.as_str(), DEFAULT_CURRENCY]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(currency))
    }

    /// The fields of the account page and of the recorded answer that the sandbox has a value
    /// for. A parent account has no `is_reseller_customer`.
    pub(crate) fn account(&self) -> Account {
        let mut account = common_fields();
        account.id = Some(ACCOUNT_ID);
        account.cert_central_type = Some(self.account_type.clone());
        account.pricing_model = self.pricing_model();
        account.primary_organization_id = Some(ORGANIZATION_ID);
        account.primary_organization_name = Some(ACCOUNT_NAME.to_owned());
        account.primary_organization_country = Some("us".to_owned());
        account.root_container_id = Some(CONTAINER_ID);
        account.billing_account_id = Some(ACCOUNT_ID);
        account.billing_account_name = Some(ACCOUNT_NAME.to_owned());
        account
    }
}

/// What `GET /account` says of every account, with the values of the recorded answer.
pub(crate) fn common_fields() -> Account {
    Account::builder()
        .make_renewal_calls(false)
        .express_install_enabled(false)
        .display_rep(false)
        .rep_photo_id(0)
        .balance_negative_limit(0)
        .cert_transparency(CertTransparency::Embed)
        .language_id(1)
        .migrated(false)
        .has_auth_key(false)
        .client_mgr_photo_id(0)
        .ent_support_plan("1")
        .default_country("us")
        .build()
}
