//! What happened to each part of a plan, and what all of it comes to.

use std::path::PathBuf;

use serde::Serialize;

use super::goes_on::GoesOn;
use super::item_result::ItemResult;
use crate::failure::Failure;
use crate::ledger::{EntryId, LedgerError, TAKEN};
use crate::outcome::Outcome;
use crate::plan::{KeyInDoubt, Plan, PlannedChange, PlannedCreation, PlannedFailure, PlannedLink};
use crate::requested_wait::NotBefore;

/// The action of a creation.
const CREATE: &str = "create-subaccount";

/// One part of a plan, and how it ended.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Item {
    pub(crate) action: &'static str,
    /// What it is about, in words.
    pub(crate) subject: String,
    /// Where it is written.
    pub(crate) at: String,
    pub(crate) subaccount_id: Option<i64>,
    pub(crate) result: ItemResult,
    /// Why, or what else is to be known.
    pub(crate) message: Option<String>,
    /// The entry of the ledger.
    pub(crate) entry: Option<EntryId>,
    /// The entry of the products that a created subaccount gets.
    pub(crate) products_entry: Option<EntryId>,
    /// The file that brings the former state back.
    pub(crate) former_state: Option<PathBuf>,
    /// The command that does it.
    pub(crate) restore: Option<String>,
    /// Where the one-time key of a created subaccount is.
    pub(crate) key_in: Option<String>,
    #[serde(skip)]
    pub(super) is_access_denied: bool,
    /// Until when the service wants no more requests.
    #[serde(skip)]
    pub(super) not_before: Option<NotBefore>,
    /// Whether the plan has it; else only a new plan can.
    #[serde(skip)]
    is_planned: bool,
    /// What it takes until the same command does the rest.
    #[serde(skip)]
    goes_on: GoesOn,
}

/// What a part of a plan came to.
#[derive(Debug)]
pub(crate) struct Happened {
    pub(super) result: ItemResult,
    pub(super) message: Option<String>,
    pub(super) entry: Option<EntryId>,
    pub(super) products_entry: Option<EntryId>,
    pub(super) subaccount_id: Option<i64>,
    pub(super) former_state: Option<PathBuf>,
    pub(super) restore: Option<String>,
    pub(super) key_in: Option<String>,
    pub(super) is_access_denied: bool,
    pub(super) not_before: Option<NotBefore>,
    pub(super) goes_on: GoesOn,
}

impl Happened {
    pub(super) fn new(result: ItemResult) -> Self {
        Self {
            result,
            message: None,
            entry: None,
            products_entry: None,
            subaccount_id: None,
            former_state: None,
            restore: None,
            key_in: None,
            is_access_denied: false,
            not_before: None,
            goes_on: GoesOn::AtOnce,
        }
    }

    pub(super) fn because(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    pub(super) fn entry(mut self, entry: EntryId) -> Self {
        self.entry = Some(entry);
        self
    }

    /// A safety check of our own.
    pub(super) fn refused_here(message: impl Into<String>) -> Self {
        Self::new(ItemResult::Stale).because(message)
    }

    /// The manifests are those that the plan was made from, so this is for a plan of another
    /// program.
    pub(super) fn not_in_manifests() -> Self {
        Self::refused_here("it is not in the manifests any more")
    }

    /// Says why the end of its entry is not in the ledger, if it is not.
    pub(super) fn unrecorded(mut self, why: Option<LedgerError>) -> Self {
        if let Some(why) = why {
            let why = format!("the end is not in the ledger: {why}");
            self.message = Some(match self.message {
                Some(message) => format!("{message}; {why}"),
                None => why,
            });
        }
        self
    }

    /// A failure that says by its exit code what it is. What somebody else is at work on is left for the
    /// next run.
    pub(super) fn failed(failure: &Failure) -> Self {
        let mut happened = Self::new(match failure.result() {
            TAKEN => ItemResult::Left,
            _ => ItemResult::of_outcome(failure.outcome()),
        });
        happened.is_access_denied = failure.is_access_denied();
        happened.not_before = failure.not_before();
        // Whoever else is at work on it ends some time.
        if happened.result != ItemResult::Left && !failure.may_pass() {
            happened.goes_on = GoesOn::OncePutRight;
        }
        happened.because(failure.to_string())
    }

    /// A call that failed.
    pub(super) fn of_error(error: digicert_client::Error) -> Self {
        Self::failed(&error.into())
    }

    /// Given up before anything was sent.
    pub(super) fn stopped() -> Self {
        Self::new(ItemResult::Left)
    }
}

impl Item {
    fn new(action: &'static str, subject: String, at: String) -> Self {
        Self {
            action,
            subject,
            at,
            subaccount_id: None,
            result: ItemResult::Left,
            message: None,
            entry: None,
            products_entry: None,
            former_state: None,
            restore: None,
            key_in: None,
            is_access_denied: false,
            not_before: None,
            is_planned: true,
            goes_on: GoesOn::AtOnce,
        }
    }

    pub(super) fn of_change(planned: &PlannedChange) -> Self {
        let id = planned.subaccount_id;
        let subject = planned.subaccount();
        let mut item = Self::new("set-products", subject, planned.at.short());
        item.subaccount_id = Some(id);
        item
    }

    pub(super) fn of_creation(planned: &PlannedCreation) -> Self {
        Self::new(CREATE, planned.name.clone(), planned.at.short())
    }

    pub(super) fn of_link(planned: &PlannedLink) -> Self {
        let subject = format!("billing link of {}", planned.partner_api_key_file.display());
        Self::new("link-billing-account", subject, planned.at.short())
    }

    /// What the plan leaves out. It ends as it ended when the plan was made.
    pub(super) fn of_failure(failure: &PlannedFailure) -> Self {
        let action = if failure.is_link {
            "link-billing-account"
        } else {
            "set-products"
        };
        let mut item = Self::new(action, failure.subaccount.clone(), failure.at.short());
        item.is_planned = false;
        item.result = ItemResult::of_outcome(failure.outcome());
        item.message = Some(format!("not planned: {}", failure.message));
        item
    }

    pub(super) fn happened(&mut self, happened: Happened) {
        self.result = happened.result;
        self.message = happened.message;
        self.entry = happened.entry;
        self.products_entry = happened.products_entry;
        self.subaccount_id = self.subaccount_id.or(happened.subaccount_id);
        self.former_state = happened.former_state;
        self.restore = happened.restore;
        self.key_in = happened.key_in;
        self.is_access_denied = happened.is_access_denied;
        self.not_before = happened.not_before;
        self.goes_on = happened.goes_on;
    }

    /// In one line.
    pub(crate) fn line(&self) -> String {
        let mut line = format!("{} ({}): {}", self.subject, self.at, self.result.as_str());
        if let (Some(id), CREATE) = (self.subaccount_id, self.action) {
            line += ", subaccount ";
            line += &id.to_string();
        }
        if let Some(place) = &self.key_in {
            line += ", its key in ";
            line += place;
        }
        if let Some(message) = &self.message {
            line += ": ";
            line += message;
        }
        line
    }
}

/// Everything that happened.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) items: Vec<Item>,
    /// Why it stopped before the end.
    pub(crate) stopped: Option<Stopped>,
    /// Subaccounts that are there, and have nothing to be done, but whose key may be nowhere.
    pub(crate) keys_in_doubt: Vec<KeyInDoubt>,
}

/// Why it stopped before the end.
#[derive(Debug)]
pub(crate) struct Stopped {
    pub(crate) why: String,
    /// What it takes to go on.
    goes_on: GoesOn,
}

impl Stopped {
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            goes_on: GoesOn::AtOnce,
        }
    }

    /// The same where more is needed to go on.
    pub(super) fn until(self, goes_on: GoesOn) -> Self {
        Self { goes_on, ..self }
    }
}

impl Report {
    /// One in which nothing has happened yet.
    pub(crate) fn of(plan: &Plan) -> Self {
        Self {
            keys_in_doubt: plan.tail.keys_in_doubt.clone(),
            ..Self::default()
        }
    }

    pub(super) fn add(&mut self, item: Item) {
        self.items.push(item);
    }

    /// The subaccount whose key a billing link waits for, if it is known by now.
    pub(super) fn created_for(&self, link: &PlannedLink) -> Option<i64> {
        let name = link.after_creation.as_ref()?;
        let is_it = |item: &&Item| item.action == CREATE && item.subject == *name;
        self.items.iter().find(is_it)?.subaccount_id
    }

    /// The worst of what happened, be it in an earlier run. What may have been done weighs more than
    /// what was stopped before.
    pub(crate) fn outcome(&self) -> Outcome {
        let weight = |outcome: &Outcome| (*outcome == Outcome::Unknown, *outcome);
        let outcomes = self.items.iter().map(|item| item.result.outcome());
        let doubts = self.keys_in_doubt.iter().map(|_| Outcome::Unknown);
        let worst = outcomes.chain(doubts).max_by_key(weight);
        worst.unwrap_or(Outcome::Done)
    }

    /// How many ended in each way, in the order from good to bad.
    pub(crate) fn counts(&self) -> Vec<(ItemResult, usize)> {
        let all = [
            ItemResult::Done,
            ItemResult::DoneBefore,
            ItemResult::Left,
            ItemResult::Different,
            ItemResult::NotReadBack,
            ItemResult::PartlyDone,
            ItemResult::NotSent,
            ItemResult::Refused,
            ItemResult::Unknown,
            ItemResult::Stale,
        ];
        let count = |ended| {
            self.items
                .iter()
                .filter(|item| item.result == ended)
                .count()
        };
        let counts = all.into_iter().map(|ended| (ended, count(ended)));
        counts.filter(|(_, count)| *count > 0).collect()
    }

    /// What it takes until the same command does something more.
    pub(crate) fn goes_on(&self) -> GoesOn {
        let planned = self.items.iter().filter(|item| item.is_planned);
        let of_items = planned
            .map(|item| item.goes_on.max(GoesOn::after(item.result)))
            .min();
        let of_items = of_items.unwrap_or(GoesOn::Otherwise);
        match &self.stopped {
            Some(stopped) => of_items.max(stopped.goes_on),
            None => of_items,
        }
    }

    /// The commands that bring back the former states of subaccounts that were there.
    pub(crate) fn ways_back(&self) -> impl Iterator<Item = &str> {
        let changes = self.items.iter().filter(|item| item.action != CREATE);
        changes.filter_map(|item| item.restore.as_deref())
    }

    /// Those that are not done.
    pub(crate) fn open(&self) -> impl Iterator<Item = &Item> {
        let is_open =
            |item: &&Item| !matches!(item.result, ItemResult::Done | ItemResult::DoneBefore);
        self.items.iter().filter(is_open)
    }
}
