//! The parent account: its settings, and how it reports itself.

use digicert_types::certcentral::{Account, CertCentralType, CertTransparency, PricingModel};

/// The account ID of the parent in the samples of the info page.
pub(crate) const ACCOUNT_ID: i64 = 1_122_331;
pub(crate) const ACCOUNT_NAME: &str = "Sandbox parent account";

const ORGANIZATION_ID: i64 = 3_344_555;
const CONTAINER_ID: i64 = 112_233;

/// The longest plan that the create page knows.
const LONGEST_PLAN: u8 = 6;

/// What DigiCert's account representative has set up for the parent account.
///
/// ```
/// use digicert_sandbox::{ParentSettings, Sandbox};
///
/// let parent = ParentSettings::default().subaccounts_enabled(false);
/// let builder = Sandbox::builder().parent(parent);
/// ```
#[derive(Clone, Debug)]
#[must_use = "settings take effect when they are given to a builder"]
pub struct ParentSettings {
    account_type: CertCentralType,
    subaccounts_enabled: bool,
    max_multi_year_plan_length: u8,
}

impl Default for ParentSettings {
    /// A reseller that may create subaccounts and order plans of up to 6 years.
    fn default() -> Self {
        Self {
            account_type: CertCentralType::Reseller,
            subaccounts_enabled: true,
            max_multi_year_plan_length: LONGEST_PLAN,
        }
    }
}

impl ParentSettings {
    /// The type of the account. Below a reseller, managed subaccounts report
    /// `is_reseller_customer`.
    pub fn account_type(mut self, account_type: CertCentralType) -> Self {
        self.account_type = account_type;
        self
    }

    /// Whether subaccounts can be created. Otherwise it is answered with 403 and
    /// `access_denied|missing_permission`.
    pub fn subaccounts_enabled(mut self, enabled: bool) -> Self {
        self.subaccounts_enabled = enabled;
        self
    }

    /// The longest Multi-year Plan of the account in years, which is also the longest that a
    /// subaccount can be given. Contracts of the kinds ELA and Flat Fee have 2. More than 6
    /// means 6.
    pub fn max_multi_year_plan_length(mut self, years: u8) -> Self {
        self.max_multi_year_plan_length = years.min(LONGEST_PLAN);
        self
    }
}

/// The parent account.
#[derive(Debug)]
pub(crate) struct Parent {
    settings: ParentSettings,
}

impl Parent {
    pub(crate) fn new(settings: ParentSettings) -> Self {
        Self { settings }
    }

    pub(crate) fn subaccounts_enabled(&self) -> bool {
        self.settings.subaccounts_enabled
    }

    pub(crate) fn is_reseller(&self) -> bool {
        self.settings.account_type == CertCentralType::Reseller
    }

    pub(crate) fn max_multi_year_plan_length(&self) -> i64 {
        self.settings.max_multi_year_plan_length.into()
    }

    /// The fields of the account page and of the recorded answer that the sandbox has a value
    /// for. A parent account has no `is_reseller_customer`.
    pub(crate) fn account(&self) -> Account {
        let mut account = common_fields();
        account.id = Some(ACCOUNT_ID);
        account.cert_central_type = Some(self.settings.account_type.clone());
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
        .pricing_model(PricingModel::Percert)
        .cert_transparency(CertTransparency::Embed)
        .language_id(1)
        .migrated(false)
        .has_auth_key(false)
        .client_mgr_photo_id(0)
        .ent_support_plan("1")
        .default_country("us")
        .build()
}
