//! All that the sandbox remembers, and the changes that it goes through.
//!
//! Nothing here knows of HTTP. A change is prepared first and made then, so it either happens as a
//! whole or not at all.

mod date_created;
mod document;
mod error;
mod identifiers;
mod packed_products;
mod parent;
mod partner;
mod product_name;
mod products;
mod shared;
mod subaccount;
mod subaccount_record;

use std::collections::BTreeMap;

use digicert_types::certcentral::{
    Account, CreateSubaccountRequest, SetSubaccountProductsRequest, SubaccountType,
};
use digicert_types::{Amount, CertCentralApiKey, PartnerApiKey};

use crate::clock::Clock;
use crate::keys::{KeyOwner, KeyRing, made_up};

use self::identifiers::Identifiers;

pub use self::document::StateDocument;
pub use self::error::StateError;
pub(crate) use self::parent::Parent;
pub use self::parent::{Contract, ParentSettings};
pub(crate) use self::partner::PartnerAccount;
pub use self::partner::PartnerSubaccount;
pub(crate) use self::products::ProductsReport;
pub(crate) use self::shared::SharedState;
#[cfg(feature = "persistence")]
pub(crate) use self::shared::Store;
pub(crate) use self::subaccount::Subaccount;

/// One parent account with its subaccounts, and one Partner Subscriptions account with its
/// subaccounts.
#[derive(Debug)]
pub(crate) struct State {
    clock: Clock,
    certcentral_key: CertCentralApiKey,
    partner_key: PartnerApiKey,
    parent: Parent,
    keys: KeyRing,
    identifiers: Identifiers,
    /// By account ID, which is the order of creation.
    subaccounts: BTreeMap<i64, Subaccount>,
    /// By ID. The parent is always there.
    partner_accounts: BTreeMap<i64, PartnerAccount>,
}

/// A change that is prepared, and cannot fail any more.
#[derive(Debug)]
pub(crate) enum Change {
    /// A subaccount as it is from now on, new or not.
    Subaccount(Box<Subaccount>),
    /// An account of the Partner Subscriptions API as it is from now on, new or not.
    PartnerAccount(PartnerAccount),
    /// Everything but the keys of the two parent accounts.
    Everything(Box<StateDocument>),
}

impl State {
    /// With what a document has, if there is one, and with these settings.
    pub(crate) fn new(
        document: Option<StateDocument>,
        settings: ParentSettings,
        certcentral_key: CertCentralApiKey,
        partner_key: PartnerApiKey,
        clock: Clock,
    ) -> Result<Self, StateError> {
        let mut state = Self {
            clock,
            certcentral_key,
            partner_key,
            parent: Parent::default(),
            keys: KeyRing::default(),
            identifiers: Identifiers::default(),
            subaccounts: BTreeMap::new(),
            partner_accounts: BTreeMap::new(),
        };
        let document = document.unwrap_or_else(|| Self::empty(Parent::default()));
        let change = state.loaded(document)?;
        state.apply(change);
        state.parent = state.parent.with(settings);
        Ok(state)
    }

    fn empty(parent: Parent) -> StateDocument {
        StateDocument::new(parent, Vec::new(), vec![PartnerAccount::parent()])
    }

    /// All of it, as it is now.
    pub(crate) fn document(&self) -> StateDocument {
        StateDocument::new(
            self.parent.clone(),
            self.subaccounts.values().cloned().collect(),
            self.partner_accounts.values().cloned().collect(),
        )
    }

    /// Everything as a document has it.
    pub(crate) fn loaded(&self, document: StateDocument) -> Result<Change, StateError> {
        document.check()?;
        if document.has_key(&self.certcentral_key, &self.partner_key) {
            return Err(StateError::key_of_a_parent());
        }
        Ok(Change::Everything(Box::new(document)))
    }

    /// Nothing but the parent accounts.
    pub(crate) fn reset(&self) -> Change {
        Change::Everything(Box::new(Self::empty(self.parent.clone())))
    }

    /// Makes a change.
    fn apply(&mut self, change: Change) {
        match change {
            Change::Subaccount(subaccount) => self.put_subaccount(*subaccount),
            Change::PartnerAccount(account) => {
                self.partner_accounts.insert(account.id, account);
            }
            Change::Everything(document) => self.replace(*document),
        }
    }

    fn replace(&mut self, document: StateDocument) {
        self.parent = document.parent;
        self.keys = KeyRing::default();
        self.keys
            .add(self.certcentral_key.clone(), KeyOwner::Parent);
        self.identifiers = Identifiers::default();
        self.subaccounts = BTreeMap::new();
        for subaccount in document.subaccounts {
            self.put_subaccount(subaccount);
        }
        let accounts = document.partner_accounts.into_iter();
        self.partner_accounts = accounts.map(|account| (account.id, account)).collect();
    }

    fn put_subaccount(&mut self, subaccount: Subaccount) {
        let (id, ids) = (subaccount.id, subaccount.ids);
        let key = subaccount.api_key.clone();
        let is_new = self.subaccounts.insert(id, subaccount).is_none();
        if is_new {
            self.identifiers.pass(ids);
            if let Some(key) = key {
                self.keys.add(key, KeyOwner::Subaccount(id));
            }
        }
    }

    pub(crate) fn owner(&self, key: &CertCentralApiKey) -> Option<KeyOwner> {
        self.keys.owner(key)
    }

    /// The account of the Partner Subscriptions API that a key belongs to.
    pub(crate) fn partner_account(&self, key: &PartnerApiKey) -> Option<&PartnerAccount> {
        let mut accounts = self.partner_accounts.values();
        accounts.find(|account| account.key.as_ref().unwrap_or(&self.partner_key) == key)
    }

    /// The accounts of the Partner Subscriptions API, the parent first.
    pub(crate) fn partner_accounts(&self) -> impl Iterator<Item = &PartnerAccount> {
        self.partner_accounts.values()
    }

    /// The account that a key belongs to, as `GET /account` reports it.
    pub(crate) fn account(&self, owner: KeyOwner) -> Account {
        let subaccount = match owner {
            KeyOwner::Parent => None,
            KeyOwner::Subaccount(id) => self.subaccounts.get(&id),
        };
        match subaccount {
            None => self.parent.account(),
            Some(subaccount) => subaccount.account(&self.parent),
        }
    }

    pub(crate) fn parent(&self) -> &Parent {
        &self.parent
    }

    /// Whether the account may create subaccounts. A subaccount with a key is a managed one, and
    /// nobody has enabled subaccounts for it.
    pub(crate) fn may_create_subaccounts(&self, owner: KeyOwner) -> bool {
        owner == KeyOwner::Parent && self.parent.subaccounts_enabled()
    }

    /// A new subaccount below the parent account. A managed one gets a key.
    pub(crate) fn new_subaccount(
        &self,
        request: CreateSubaccountRequest,
    ) -> Result<Subaccount, StateError> {
        let key = match request.account_type {
            SubaccountType::Managed => {
                let text = made_up("subaccount").map_err(StateError::random)?;
                Some(CertCentralApiKey::new(text))
            }
            _ => None,
        };
        let longest_plan = self.parent.max_multi_year_plan_length();
        let (ids, now) = (self.identifiers.next(), self.clock.now());
        Ok(Subaccount::new(ids, request, key, longest_plan, now))
    }

    /// The subaccounts of the account that asks. Only the parent has any.
    pub(crate) fn subaccounts(&self, owner: KeyOwner) -> impl Iterator<Item = &Subaccount> {
        let is_parent = owner == KeyOwner::Parent;
        self.subaccounts.values().filter(move |_| is_parent)
    }

    /// The subaccount with that ID, if the account that asks has it.
    pub(crate) fn subaccount(&self, owner: KeyOwner, id: i64) -> Option<&Subaccount> {
        match owner {
            KeyOwner::Parent => self.subaccounts.get(&id),
            KeyOwner::Subaccount(_) => None,
        }
    }

    /// The subaccount with other products.
    pub(crate) fn with_products(
        &self,
        id: i64,
        request: &SetSubaccountProductsRequest,
    ) -> Option<Change> {
        let subaccount = self.subaccounts.get(&id)?;
        let changed = subaccount.with_products(request);
        Some(Change::Subaccount(Box::new(changed)))
    }

    /// The balance of the subaccount with that ID.
    pub(crate) fn balance(&self, id: i64) -> Option<Amount> {
        Some(self.subaccounts.get(&id)?.balance)
    }

    /// The subaccount with another balance.
    pub(crate) fn with_balance(&self, id: i64, balance: Amount) -> Result<Change, StateError> {
        let subaccount = self.subaccounts.get(&id);
        let subaccount = subaccount.ok_or_else(|| StateError::unknown_subaccount(id))?;
        let mut changed = subaccount.clone();
        changed.balance = balance;
        Ok(Change::Subaccount(Box::new(changed)))
    }

    /// A new subaccount of the Partner Subscriptions account.
    pub(crate) fn new_partner_subaccount(
        &self,
        name: String,
    ) -> Result<(Change, PartnerSubaccount), StateError> {
        let key = PartnerApiKey::new(made_up("partner-subaccount").map_err(StateError::random)?);
        let last = self.partner_accounts.last_key_value();
        let id = last.map_or(partner::PARENT_ID, |(id, _)| *id) + 1;
        let account = PartnerAccount::subaccount(id, name, key.clone());
        Ok((
            Change::PartnerAccount(account),
            PartnerSubaccount { id, key },
        ))
    }

    /// The account of the Partner Subscriptions API whose key may do something from now on, or
    /// nothing.
    pub(crate) fn with_active_partner_key(
        &self,
        id: i64,
        active: bool,
    ) -> Result<Change, StateError> {
        let account = self.partner_accounts.get(&id);
        let account = account.ok_or_else(|| StateError::unknown_partner_account(id))?;
        Ok(Change::PartnerAccount(PartnerAccount {
            active,
            ..account.clone()
        }))
    }

    /// The ID of the account that pays for an account of the Partner Subscriptions API: the one
    /// that it is linked to, or else the one that its parent is linked to (finance page).
    pub(crate) fn billing_account_id_of(&self, partner_account_id: i64) -> Option<i64> {
        let account = self.partner_accounts.get(&partner_account_id)?;
        let parent = self.partner_accounts.get(&partner::PARENT_ID)?;
        account.billing_account_id.or(parent.billing_account_id)
    }

    /// The same for the parent of them.
    pub(crate) fn billing_account_id(&self) -> Option<i64> {
        self.billing_account_id_of(partner::PARENT_ID)
    }
}
