//! All subaccounts, a page at a time.

use std::collections::HashSet;

use digicert_client::Error;
use digicert_client::certcentral::Client;
use digicert_types::certcentral::{ListSubaccountsQuery, SubaccountList, SubaccountSummary};

use crate::failure::Failure;
use crate::outcome::Outcome;

/// As many as the sample of the documentation asks for; the most that is accepted is not known.
pub(crate) const USUAL_PAGE: u32 = 1000;

/// Goes through a list from its beginning. Each subaccount comes once, even if one that is created
/// meanwhile moves the others along.
#[derive(Debug)]
pub(crate) struct SubaccountPages<'a> {
    client: &'a Client,
    query: ListSubaccountsQuery,
    received: i64,
    new: i64,
    seen: HashSet<i64>,
    /// Whether the number of all is not relied on.
    until_nothing_comes: bool,
    is_complete: bool,
}

/// What the service sent next.
#[derive(Debug)]
pub(crate) enum Page {
    /// Some that had not come before.
    Subaccounts(Vec<SubaccountSummary>),
    /// That was all of them.
    End,
    /// It sends nothing new, again and again.
    Stuck,
    /// It says that there are more, and sends no more.
    EndsEarly,
    /// Its answer has no list, which is not an empty one.
    NoList,
}

impl<'a> SubaccountPages<'a> {
    /// What the query asks for, with its limit as the size of a page.
    pub(crate) fn new(client: &'a Client, mut query: ListSubaccountsQuery) -> Self {
        query.limit.get_or_insert(USUAL_PAGE.into());
        Self {
            client,
            query,
            received: 0,
            new: 0,
            seen: HashSet::new(),
            until_nothing_comes: false,
            is_complete: false,
        }
    }

    /// The same, until a page is empty: for whoever must miss none, even if the number of all is that
    /// of a page.
    pub(crate) fn until_nothing_comes(mut self) -> Self {
        self.until_nothing_comes = true;
        self
    }

    /// The next page, or none after the last one. A list without an end is a failure.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<SubaccountSummary>>, Failure> {
        match self.advance().await? {
            Page::Subaccounts(page) => Ok(Some(page)),
            Page::End => Ok(None),
            Page::Stuck => Err(Failure::ending(
                Outcome::Unusable,
                "the service sends the same page of subaccounts again and again, so the list would \
                 never end; what was printed may not be all of them",
            )),
            Page::EndsEarly => Err(Failure::ending(
                Outcome::Unusable,
                "the service says that it has more subaccounts than it lists; what was printed may \
                 not be all of them",
            )),
            Page::NoList => Err(Failure::ending(
                Outcome::Unusable,
                "the answer of the service has no list of subaccounts in it, so which there are is \
                 not known",
            )),
        }
    }

    /// The next page.
    pub(crate) async fn advance(&mut self) -> Result<Page, Error> {
        if self.is_complete {
            return Ok(Page::End);
        }
        self.query.offset = Some(self.received);
        let list = self.client.list_subaccounts(&self.query).await?;
        let total = list.page.as_ref().and_then(|page| page.total);
        let Some(page) = subaccounts(list) else {
            return Ok(Page::NoList);
        };
        let length = i64::try_from(page.len()).unwrap_or(i64::MAX);
        self.received = self.received.saturating_add(length);
        let new = self.new_ones(page);
        self.new += i64::try_from(new.len()).unwrap_or(i64::MAX);
        // The service may give fewer than were asked for; only nothing, or the number of all, says
        // that this was the end. What has come before counts once.
        let is_all = total.is_some_and(|total| self.new >= total);
        let ends_early = total.is_some_and(|total| self.new < total);
        if !new.is_empty() {
            self.is_complete = is_all && !self.until_nothing_comes;
            return Ok(Page::Subaccounts(new));
        }
        // One that sends the same once more, and has had room for all, knows no `offset`.
        let has_room = self.query.limit.is_some_and(|limit| length < limit);
        self.is_complete = match length {
            0 => !ends_early,
            _ => is_all && (has_room || !self.until_nothing_comes),
        };
        Ok(match (self.is_complete, length) {
            (true, _) => Page::End,
            (false, 0) => Page::EndsEarly,
            (false, _) => Page::Stuck,
        })
    }

    fn new_ones(&mut self, page: Vec<SubaccountSummary>) -> Vec<SubaccountSummary> {
        let is_new = |subaccount: &SubaccountSummary| {
            subaccount.account_id.is_none_or(|id| self.seen.insert(id))
        };
        page.into_iter().filter(is_new).collect()
    }
}

/// The documentation has two names for the array.
fn subaccounts(list: SubaccountList) -> Option<Vec<SubaccountSummary>> {
    match (list.subaccounts, list.child_accounts) {
        (Some(mut one), Some(other)) => {
            one.extend(other);
            Some(one)
        }
        (one, other) => one.or(other),
    }
}
