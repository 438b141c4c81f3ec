//! One subaccount: what it was created from, and the answers that are about it.

use std::time::SystemTime;

use digicert_types::certcentral::{
    Account, AccountType, Container, CreateSubaccountRequest, CreatedSubaccount, CreatedUser,
    MasterUser, Organization, OrganizationStatus, SetSubaccountProductsRequest, SubaccountDetails,
    SubaccountSummary, SubaccountType, UserType,
};
use digicert_types::{Amount, CertCentralApiKey};

use super::date_created::date_created;
use super::identifiers::SubaccountIds;
use super::parent::{self, Parent};
use super::products::{Billed, DefaultPrices, ProductSettings, ProductsReport};

/// A subaccount of the parent account, with its user, its organization and its container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subaccount {
    /// The account ID.
    pub(crate) id: i64,
    pub(crate) date_created: Box<str>,
    pub(super) ids: SubaccountIds,
    /// What it was created from.
    pub(super) request: CreateSubaccountRequest,
    pub(super) max_multi_year_plan_length: i64,
    /// Only a managed subaccount has one.
    pub(super) api_key: Option<CertCentralApiKey>,
    pub(super) products: ProductSettings,
    /// Of the account, or of the one container that it has.
    pub(super) balance: Amount,
}

impl Subaccount {
    /// Fills in what the request left out and the create page defines.
    pub(crate) fn new(
        ids: SubaccountIds,
        mut request: CreateSubaccountRequest,
        api_key: Option<CertCentralApiKey>,
        longest_plan_of_parent: i64,
        now: SystemTime,
    ) -> Self {
        let max_multi_year_plan_length = request
            .max_allowed_multi_year_plan_length
            .unwrap_or(longest_plan_of_parent);
        request.organization.country = request.organization.country.to_lowercase();
        Self {
            id: ids.account,
            date_created: date_created(now).into(),
            ids,
            request,
            max_multi_year_plan_length,
            api_key,
            products: ProductSettings::none(),
            balance: Amount::ZERO,
        }
    }

    /// The same subaccount with other products. If that changes its currency, its balance is 0
    /// from now on, whatever the currency is changed to later (set products page).
    pub(crate) fn with_products(&self, request: &SetSubaccountProductsRequest) -> Self {
        let mut changed = self.clone();
        changed.products.replace(request, self.billed());
        let currency = self.products.currency();
        if !changed.products.currency().eq_ignore_ascii_case(currency) {
            changed.balance = Amount::ZERO;
        }
        changed
    }

    /// What it may order, as `GET …/products` reports it.
    pub(crate) fn products(&self, parent: &Parent) -> ProductsReport<'_> {
        let zero = DefaultPrices::Zero {
            longest_term: self.max_multi_year_plan_length,
        };
        let is_retail =
            self.billed() == Billed::Itself || parent.is_billed_in(self.products.currency());
        let default_prices = if is_retail {
            DefaultPrices::Retail
        } else {
            zero
        };
        self.products.report(default_prices)
    }

    pub(super) fn billed(&self) -> Billed {
        if self.bills_parent() {
            Billed::Parent
        } else {
            Billed::Itself
        }
    }

    pub(crate) fn organization_name(&self) -> &str {
        &self.request.organization.name
    }

    pub(crate) fn child_name(&self) -> Option<&str> {
        self.request.child_name.as_deref()
    }

    pub(crate) fn account_type(&self) -> AccountType {
        match self.request.account_type {
            SubaccountType::Retail => AccountType::Retail,
            SubaccountType::Enterprise => AccountType::Enterprise,
            SubaccountType::Reseller => AccountType::Reseller,
            SubaccountType::Managed => AccountType::Managed,
        }
    }

    /// The name of the manager. The sandbox has no users of the parent account, so it makes the
    /// name from the ID.
    pub(crate) fn account_manager(&self) -> Option<String> {
        let id = self.request.account_manager_user_id?;
        Some(format!("User {id}"))
    }

    fn bills_parent(&self) -> bool {
        self.request.bill_parent.unwrap_or(false)
    }

    /// Ignored when the parent is billed (create page).
    fn enforces_bill_parent(&self) -> bool {
        self.request.enforce_bill_parent.unwrap_or(false) && !self.bills_parent()
    }

    /// ID and name of the account that pays for orders.
    fn billing_account(&self) -> (i64, &str) {
        if self.bills_parent() {
            (parent::ACCOUNT_ID, parent::ACCOUNT_NAME)
        } else {
            (self.id, self.organization_name())
        }
    }

    /// The answer to its creation. No other answer has the key.
    pub(crate) fn created(&self) -> CreatedSubaccount {
        CreatedSubaccount::builder()
            .id(self.id)
            .account_type(self.account_type())
            .maybe_account_manager_user_id(self.request.account_manager_user_id)
            .bill_parent(self.bills_parent())
            .organization(self.organization())
            .user(self.user())
            .maybe_child_name(self.request.child_name.clone())
            .max_allowed_multi_year_plan_length(self.max_multi_year_plan_length)
            .allow_parent_order_renewal(self.request.allow_parent_order_renewal.unwrap_or(false))
            .maybe_api_key(self.api_key.clone())
            .build()
    }

    /// Its line in the list of subaccounts.
    pub(crate) fn summary(&self) -> SubaccountSummary {
        SubaccountSummary::builder()
            .account_id(self.id)
            .account_type(self.account_type())
            .organization_name(self.organization_name())
            .date_created(self.date_created.as_ref())
            .maybe_account_manager(self.account_manager())
            .build()
    }

    /// All about it.
    pub(crate) fn details(&self) -> SubaccountDetails {
        let (billing_account_id, billing_account_name) = self.billing_account();
        SubaccountDetails::builder()
            .account_id(self.id)
            .account_type(self.account_type())
            .organization_name(self.organization_name())
            .maybe_child_name(self.request.child_name.clone())
            .date_created(self.date_created.as_ref())
            .parent_account_id(parent::ACCOUNT_ID.to_string())
            .billing_account_name(billing_account_name)
            .billing_account_id(billing_account_id)
            .maybe_account_manager(self.account_manager())
            .bill_parent(self.bills_parent())
            .enforce_bill_parent(self.enforces_bill_parent())
            .max_allowed_multi_year_plan_length(self.max_multi_year_plan_length)
            .master_user(self.master_user())
            .organization(self.organization())
            .build()
    }

    /// How it reports itself to the owner of its own key. Its type is left out: of the types
    /// that this answer has, none is that of a managed subaccount.
    pub(crate) fn account(&self, parent: &Parent) -> Account {
        let (billing_account_id, billing_account_name) = self.billing_account();
        let mut account = parent::common_fields();
        account.id = Some(self.id);
        account.pricing_model = parent.pricing_model();
        account.is_reseller_customer = Some(parent.is_reseller());
        account.primary_organization_id = Some(self.ids.organization);
        account.primary_organization_name = Some(self.organization_name().to_owned());
        account.primary_organization_country = Some(self.request.organization.country.clone());
        account.root_container_id = Some(self.ids.container);
        account.billing_account_id = Some(billing_account_id);
        account.billing_account_name = Some(billing_account_name.to_owned());
        account
    }

    fn organization(&self) -> Organization {
        let sent = self.request.organization.clone();
        let display_name = match &sent.assumed_name {
            Some(assumed_name) => format!("{} ({assumed_name})", sent.name),
            None => sent.name.clone(),
        };
        Organization::builder()
            .id(self.ids.organization)
            .status(OrganizationStatus::Active)
            .container(self.container())
            .display_name(display_name)
            .is_active(true)
            .name(sent.name)
            .maybe_assumed_name(sent.assumed_name)
            .address(sent.address)
            .maybe_address2(sent.address2)
            .zip(sent.zip)
            .city(sent.city)
            .state(sent.state)
            .country(sent.country)
            .maybe_telephone(sent.telephone)
            .build()
    }

    fn container(&self) -> Container {
        Container::builder()
            .id(self.ids.container)
            .parent_id(0)
            .name(self.organization_name())
            .is_active(true)
            .build()
    }

    fn user(&self) -> CreatedUser {
        let sent = self.request.user.clone();
        CreatedUser::builder()
            .id(self.ids.user)
            .username(sent.username.unwrap_or_else(|| sent.email.clone()))
            .account_id(self.id)
            .first_name(sent.first_name)
            .last_name(sent.last_name)
            .email(sent.email)
            .maybe_job_title(sent.job_title)
            .maybe_telephone(sent.telephone)
            .type_(UserType::Standard)
            .build()
    }

    fn master_user(&self) -> MasterUser {
        let sent = self.request.user.clone();
        MasterUser::builder()
            .first_name(sent.first_name)
            .last_name(sent.last_name)
            .email(sent.email)
            .maybe_job_title(sent.job_title)
            .maybe_telephone(sent.telephone)
            .i18n_language_id("1")
            .container_id(self.ids.container.to_string())
            .build()
    }
}
