//! Which subaccounts a list asks for, and in which order: `filters[search]`, `sort`, `offset`
//! and `limit`.
//!
//! What the answer looks like is for `operations::list_subaccounts`.

use std::cmp::Ordering;

use memchr::memmem::Finder;

use crate::answer::{Refusal, invalid};
use crate::request_shape::Faults;
use crate::state::Subaccount;

/// What the sample of the list page shows. The service's own default is not known.
const DEFAULT_LIMIT: usize = 1000;

const SEARCH: &str = "filters[search]";

/// A request for a part of a list.
#[derive(Debug)]
pub(crate) struct Listing {
    search: Option<Search>,
    sort: Vec<(Property, Direction)>,
    pub(crate) offset: usize,
    pub(crate) limit: usize,
}

#[derive(Debug)]
enum Search {
    Equals(String),
    Contains(Box<Finder<'static>>),
}

#[derive(Clone, Copy, Debug)]
enum Property {
    AccountId,
    AccountType,
    OrganizationName,
    DateCreated,
    AccountManager,
}

#[derive(Clone, Copy, Debug)]
enum Direction {
    Upwards,
    Downwards,
}

impl Listing {
    /// Reads a query. Parameters that the service does not have are ignored, filters are not:
    /// a list that a filter left untouched would be taken for a filtered one.
    pub(crate) fn from_query(query: &str) -> Result<Self, Refusal> {
        let mut faults = Faults::default();
        let mut listing = Self {
            search: None,
            sort: Vec::new(),
            offset: 0,
            limit: DEFAULT_LIMIT,
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let read = match name.as_ref() {
                SEARCH => {
                    listing.search = Some(Search::new(&value));
                    Ok(())
                }
                "sort" => properties(&value).map(|sort| listing.sort = sort),
                "offset" => count(&value).map(|offset| listing.offset = offset),
                "limit" => count(&value).map(|limit| listing.limit = limit),
                other if other.starts_with("filters[") => Err(NO_SUCH_FILTER),
                _ => Ok(()),
            };
            if let Err(reason) = read {
                faults.add(invalid(known_name(&name), reason));
            }
        }
        faults.into_result().map(|()| listing)
    }

    /// The subaccounts of the page that is asked for, and how many there are on all pages.
    pub(crate) fn select<'s>(
        &self,
        subaccounts: impl Iterator<Item = &'s Subaccount>,
    ) -> (Vec<&'s Subaccount>, usize) {
        let mut found: Vec<_> = match &self.search {
            None => subaccounts.collect(),
            Some(search) => {
                // One for all names.
                let mut buffer = String::new();
                let matches = |subaccount: &&Subaccount| {
                    search.matches(subaccount.organization_name(), &mut buffer)
                };
                subaccounts.filter(matches).collect()
            }
        };
        self.sort(&mut found);
        let total = found.len();
        let page = found.into_iter().skip(self.offset).take(self.limit);
        (page.collect(), total)
    }

    /// Sorts as much as is shown. What is equal stays in the order of creation, which is that of
    /// the IDs.
    fn sort(&self, found: &mut [&Subaccount]) {
        if self.sort.is_empty() {
            return;
        }
        let compare = |one: &&Subaccount, other: &&Subaccount| {
            self.compare(one, other).then(one.id.cmp(&other.id))
        };
        let end = self.offset.saturating_add(self.limit);
        let shown = if end < found.len() {
            found.select_nth_unstable_by(end, compare).0
        } else {
            found
        };
        shown.sort_unstable_by(compare);
    }

    fn compare(&self, one: &Subaccount, other: &Subaccount) -> Ordering {
        let by_property = |&(property, direction): &(Property, Direction)| {
            let ordering = property.compare(one, other);
            match direction {
                Direction::Upwards => ordering,
                Direction::Downwards => ordering.reverse(),
            }
        };
        let mut orderings = self.sort.iter().map(by_property);
        orderings
            .find(|ordering| ordering.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

impl Search {
    /// Case does not count, as in the comparisons of most databases.
    fn new(text: &str) -> Self {
        match text.strip_prefix('%') {
            Some(text) => Self::Contains(Box::new(Finder::new(&text.to_lowercase()).into_owned())),
            None => Self::Equals(text.to_lowercase()),
        }
    }

    /// Whether a name is searched for. The buffer holds it in lower case meanwhile.
    fn matches(&self, name: &str, buffer: &mut String) -> bool {
        buffer.clear();
        if name.is_ascii() {
            buffer.push_str(name);
            buffer.make_ascii_lowercase();
        } else {
            buffer.push_str(&name.to_lowercase());
        }
        match self {
            Self::Equals(text) => buffer == text,
            Self::Contains(text) => text.find(buffer.as_bytes()).is_some(),
        }
    }
}

impl Property {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "account_id" => Self::AccountId,
            "account_type" => Self::AccountType,
            "organization_name" => Self::OrganizationName,
            "date_created" => Self::DateCreated,
            "account_manager" => Self::AccountManager,
            _ => return None,
        })
    }

    fn compare(self, one: &Subaccount, other: &Subaccount) -> Ordering {
        match self {
            Self::AccountId => one.id.cmp(&other.id),
            Self::AccountType => one
                .account_type()
                .as_str()
                .cmp(other.account_type().as_str()),
            Self::OrganizationName => one.organization_name().cmp(other.organization_name()),
            Self::DateCreated => one.date_created.cmp(&other.date_created),
            Self::AccountManager => one.account_manager().cmp(&other.account_manager()),
        }
    }
}

const NO_SUCH_FILTER: &str = "the sandbox knows no filter but filters[search]";

fn properties(text: &str) -> Result<Vec<(Property, Direction)>, &'static str> {
    let read = |name: &str| {
        let (name, direction) = match name.strip_prefix('-') {
            Some(name) => (name, Direction::Downwards),
            None => (name, Direction::Upwards),
        };
        Property::from_name(name).map(|property| (property, direction))
    };
    let sort: Option<_> = text.split(',').map(read).collect();
    sort.ok_or(
        "it must be a list, separated by commas, of account_id, account_type, \
         organization_name, date_created and account_manager, each with or without a minus sign",
    )
}

fn count(text: &str) -> Result<usize, &'static str> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let number: Option<i64> = is_number.then(|| text.parse().ok()).flatten();
    let count = number.and_then(|number| number.try_into().ok());
    count.ok_or("it must be a whole number from 0 to 9223372036854775807")
}

/// The name of a parameter as it may be repeated in an answer.
fn known_name(name: &str) -> &str {
    match name {
        "sort" | "offset" | "limit" => name,
        _ => "filters",
    }
}
