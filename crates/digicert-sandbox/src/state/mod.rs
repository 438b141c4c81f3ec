//! All that the sandbox remembers, and the changes that it goes through. In memory only.
//!
//! Nothing here knows of HTTP. A change either happens as a whole or not at all.

mod date_created;
mod identifiers;
mod parent;
mod product_name;
mod products;
mod subaccount;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use digicert_types::certcentral::{
    Account, CreateSubaccountRequest, SetSubaccountProductsRequest, SubaccountType,
};
use digicert_types::{CertCentralApiKey, PartnerApiKey};

use crate::clock::Clock;
use crate::keys::{KeyOwner, KeyRing, made_up};

use self::identifiers::Identifiers;
use self::parent::Parent;

pub use self::parent::ParentSettings;
pub(crate) use self::products::ProductSettings;
pub(crate) use self::subaccount::Subaccount;

/// The state, shared by all connections of one sandbox.
#[derive(Clone)]
pub(crate) struct SharedState(Arc<RwLock<State>>);

impl SharedState {
    pub(crate) fn new(state: State) -> Self {
        Self(Arc::new(RwLock::new(state)))
    }

    /// A panic while somebody else held the lock is no reason to stop serving.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for SharedState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedState").finish_non_exhaustive()
    }
}

/// One parent account with its subaccounts, and one Partner Subscriptions account.
#[derive(Debug)]
pub(crate) struct State {
    clock: Clock,
    parent: Parent,
    keys: KeyRing,
    partner_key: PartnerApiKey,
    /// The account that pays for the Partner Subscriptions account, once it is linked.
    billing_account: Option<KeyOwner>,
    identifiers: Identifiers,
    /// By account ID, which is the order of creation.
    subaccounts: BTreeMap<i64, Subaccount>,
}

impl State {
    pub(crate) fn new(
        settings: ParentSettings,
        certcentral_key: CertCentralApiKey,
        partner_key: PartnerApiKey,
        clock: Clock,
    ) -> Self {
        let mut keys = KeyRing::default();
        keys.add(certcentral_key, KeyOwner::Parent);
        Self {
            clock,
            parent: Parent::new(settings),
            keys,
            partner_key,
            billing_account: None,
            identifiers: Identifiers::new(),
            subaccounts: BTreeMap::new(),
        }
    }

    pub(crate) fn owner(&self, key: &CertCentralApiKey) -> Option<KeyOwner> {
        self.keys.owner(key)
    }

    pub(crate) fn is_partner_key(&self, key: &PartnerApiKey) -> bool {
        self.partner_key == *key
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

    /// Creates a subaccount below the parent account. The key is that of a managed subaccount;
    /// it is given out here and nowhere else.
    pub(crate) fn create_subaccount(
        &mut self,
        request: CreateSubaccountRequest,
    ) -> Result<(&Subaccount, Option<CertCentralApiKey>), getrandom::Error> {
        let key = match request.account_type {
            SubaccountType::Managed => Some(CertCentralApiKey::new(made_up("subaccount")?)),
            _ => None,
        };
        let ids = self.identifiers.next();
        if let Some(key) = key.clone() {
            self.keys.add(key, KeyOwner::Subaccount(ids.account));
        }
        let longest_plan = self.parent.max_multi_year_plan_length();
        let subaccount = Subaccount::new(ids, request, longest_plan, self.clock.now());
        let subaccount = self.subaccounts.entry(ids.account).or_insert(subaccount);
        Ok((subaccount, key))
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

    /// Replaces the products of a subaccount. Says whether there is such a subaccount.
    pub(crate) fn set_products(&mut self, id: i64, request: SetSubaccountProductsRequest) -> bool {
        let subaccount = self.subaccounts.get_mut(&id);
        subaccount.is_some_and(|subaccount| {
            subaccount.products.replace(request);
            true
        })
    }

    pub(crate) fn link_billing_account(&mut self, owner: KeyOwner) {
        self.billing_account = Some(owner);
    }

    /// The ID of the account that pays for the Partner Subscriptions account.
    pub(crate) fn billing_account_id(&self) -> Option<i64> {
        self.billing_account.map(|owner| match owner {
            KeyOwner::Parent => parent::ACCOUNT_ID,
            KeyOwner::Subaccount(id) => id,
        })
    }
}
