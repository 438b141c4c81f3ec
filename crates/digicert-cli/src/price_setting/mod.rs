//! Setting the products of one subaccount, once somebody has seen and allowed what that changes: the
//! former state is kept and the change entered in the ledger; only if the live state still is the one
//! that was shown it is sent, then read back and compared, and its end entered. If it has to be sent
//! again, the live state is read again before. Meanwhile nobody else sets the products of the same
//! subaccount with the same ledger.
//!
//! The service has neither versions nor conditions for writes, so between the last look and the
//! write another editor can still come in; it is as short as it can be: nothing is written down
//! between the two, for which a ledger may have to be waited for, and both are let through by the
//! limits before the look is sent. What is shown, asked and said is for the commands.

mod allowed;
mod attempts;
mod former_state_file;
mod former_state_of;
mod last_look;
mod restore;
mod rules;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::time::Duration;

use digicert_client::certcentral;
use digicert_types::certcentral::SetSubaccountProductsRequest;

use crate::failure::Failure;
use crate::ledger::{
    Action, Detail, Ending, EndingKind, EntryId, Exclusive, KnownFrom, Ledger, LedgerError,
    NewEntry,
};
use crate::outcome::Outcome;
use crate::price_change::{LiveState, PriceChange, fingerprint, render};
use crate::requested_wait::NotBefore;
use crate::stop::Stop;

pub(crate) use allowed::Allowed;
pub(crate) use former_state_file::FormerStatePlace;
pub(crate) use former_state_of::{FormerStateOf, Member, without_member};
pub(crate) use last_look::Stale;
pub(crate) use restore::restore;
pub(crate) use rules::{context, faults_of_former_state};

/// Where the ledger has the file with the former state.
pub(crate) const FORMER_STATE: &str = "former_state";

/// Where the ledger says that the subaccount was known to pay for itself.
pub(crate) const SELF_BILLED_DETAIL: &str = "self_billed";

/// Where the ledger has the fingerprint of the former state.
pub(crate) const FORMER_FINGERPRINT: &str = "former_fingerprint";

/// A setting that was shown and allowed.
#[derive(Debug)]
pub(crate) struct PriceSetting<'a> {
    pub(crate) origin: &'a str,
    pub(crate) subaccount_id: i64,
    /// For the file with the former state.
    pub(crate) subaccount_name: Option<&'a str>,
    pub(crate) request: &'a SetSubaccountProductsRequest,
    /// The change that was shown, and the live state that it begins from.
    pub(crate) change: &'a PriceChange,
    pub(crate) shown: &'a LiveState,
    pub(crate) former_state: FormerStatePlace,
    /// What the setting is a part of, such as the ID of a plan.
    pub(crate) part_of: Option<String>,
    pub(crate) stop: &'a Stop,
    /// The longest wait before another try. The service may ask for any; what is longer is not waited
    /// for.
    pub(crate) patience: Duration,
}

/// What became of a setting.
#[derive(Debug)]
pub(crate) enum Set {
    /// The live state is no longer the one that was shown. Nothing was sent.
    Stale(Box<Stale>),
    Sent(Box<SentSetting>),
}

/// A setting that was sent, and what was written down of it.
#[derive(Debug)]
pub(crate) struct SentSetting {
    pub(crate) end: SettingEnd,
    /// The file that restores the former state.
    pub(crate) former_state: PathBuf,
    pub(crate) entry: EntryId,
    /// Why the ledger does not have the end. It has the beginning.
    pub(crate) unrecorded: Option<LedgerError>,
}

impl SentSetting {
    /// Whether the service refused the key, by its last answer.
    pub(crate) fn is_access_denied(&self) -> bool {
        match &self.end {
            SettingEnd::Not(failure)
            | SettingEnd::Taken(Seen::Nothing(failure))
            | SettingEnd::Unknown(_, Seen::Nothing(failure)) => failure.is_access_denied(),
            SettingEnd::Taken(_) | SettingEnd::Unknown(..) => false,
        }
    }

    /// Until when the service wants no more requests.
    pub(crate) fn not_before(&self) -> Option<NotBefore> {
        match &self.end {
            SettingEnd::Unknown(failure, Seen::Nothing(again)) => {
                failure.not_before().max(again.not_before())
            }
            SettingEnd::Not(failure)
            | SettingEnd::Taken(Seen::Nothing(failure))
            | SettingEnd::Unknown(failure, _) => failure.not_before(),
            SettingEnd::Taken(_) => None,
        }
    }
}

/// How a setting that was sent ended.
#[derive(Debug)]
pub(crate) enum SettingEnd {
    /// Nothing was changed: the service refused, or nothing reached it.
    Not(Failure),
    /// The service took the request.
    Taken(Seen),
    /// No answer says whether it was carried out.
    Unknown(Failure, Seen),
}

/// What the service reports after the request was sent.
#[derive(Debug)]
pub(crate) enum Seen {
    /// What was asked for.
    Fulfilled(LiveState),
    /// Something else: the change that is left to do.
    Left(PriceChange, LiveState),
    /// Nothing, for this reason.
    Nothing(Failure),
    /// Nothing, because Ctrl-C has ended it before.
    NotLooked,
}

/// Whether an answer said that the service took the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Confirmed {
    Yes,
    No,
}

impl PriceSetting<'_> {
    /// Sets it. A failure says that nothing was sent.
    pub(crate) async fn set(
        &self,
        client: &certcentral::Client,
        ledger: &Ledger,
    ) -> Result<Set, Failure> {
        let mine = ledger.take(Exclusive::Setting(self.origin, self.subaccount_id));
        // Kept until the end is in the ledger.
        let _mine = self.stop.before_anything(mine).await?;
        let of = FormerStateOf::now(self.origin, self.subaccount_id, self.subaccount_name);
        let former_state = self.former_state.keep(of, self.shown)?;
        let entry = ledger.begin(&self.entry(&former_state)?)?;
        let look = async {
            let looked = self.last_look(client).await;
            looked.map_err(|failure| failure.with_end("; nothing was changed"))
        };
        let (live, client) = match self.stop.before_anything(look).await {
            Ok(looked) => looked,
            Err(failure) => {
                let ending = Ending::not_sent(failure.to_string());
                return Err(match ledger.end(entry, &ending) {
                    Ok(()) => failure,
                    Err(why) => failure.with_end(&format!(
                        "; the end of entry {entry} is not in the ledger: {why}"
                    )),
                });
            }
        };
        if !self.is_shown(&live) {
            let ending = Ending::new(EndingKind::NotDone).because(self.what_is_stale(&live));
            return Ok(Set::Stale(Box::new(Stale {
                what: self.what_is_stale(&live),
                live: live.products,
                entry,
                unrecorded: ledger.end(entry, &ending).err(),
            })));
        }
        let end = self.attempts(&client).await;
        Ok(Set::Sent(Box::new(SentSetting {
            // What has happened has happened, whether it can be written down or not.
            unrecorded: ledger.end(entry, &ending(&end)).err(),
            end,
            former_state,
            entry,
        })))
    }

    fn entry(&self, former_state: &std::path::Path) -> Result<NewEntry, Failure> {
        let summary = render::sentence(self.change);
        let mut entry = NewEntry::new(Action::SetProducts, self.origin, summary);
        entry.subaccount_id = Some(self.subaccount_id);
        let request = serde_json::to_string(self.request).map_err(Failure::from_display)?;
        entry.request = Some(request);
        entry.part_of.clone_from(&self.part_of);
        entry.detail = Detail::default()
            .with(FORMER_STATE, former_state.display().to_string())
            .with(FORMER_FINGERPRINT, fingerprint(self.shown));
        if self.change.self_billed {
            entry.detail = entry.detail.with(SELF_BILLED_DETAIL, true);
        }
        Ok(entry)
    }

    /// What the service has after the request.
    async fn look(&self, client: &certcentral::Client, confirmed: Confirmed) -> Seen {
        let look = client.list_subaccount_products(self.subaccount_id);
        match self.stop.outcome(look).await {
            Some(Ok(live)) => match LiveState::try_from(live) {
                Ok(live) => self.seen(live, confirmed),
                Err(untold) => Seen::Nothing(untold.into()),
            },
            Some(Err(error)) => Seen::Nothing(error.into()),
            None => Seen::NotLooked,
        }
    }

    /// Without an answer, a live state that is still the one that was shown is not fulfilled, even
    /// if all that is left are prices that the request leaves to DigiCert.
    fn seen(&self, live: LiveState, confirmed: Confirmed) -> Seen {
        let left = PriceChange::of(&live, self.request, self.change.bill_parent());
        let is_as_before = || fingerprint(&live) == fingerprint(self.shown);
        let is_believable = confirmed == Confirmed::Yes || left.is_empty() || !is_as_before();
        if left.is_fulfilled() && is_believable {
            Seen::Fulfilled(live)
        } else {
            Seen::Left(left, live)
        }
    }
}

fn ending(end: &SettingEnd) -> Ending {
    match end {
        SettingEnd::Taken(Seen::Fulfilled(_)) => Ending::done(),
        SettingEnd::Taken(Seen::Left(left, _)) => Ending::done().because(format!(
            "the service did not take everything: {}",
            render::sentence(left)
        )),
        SettingEnd::Taken(Seen::Nothing(failure)) => {
            Ending::done().because(format!("it could not be read back: {failure}"))
        }
        SettingEnd::Taken(Seen::NotLooked) => {
            Ending::done().because("it was not read back, because Ctrl-C ended it")
        }
        SettingEnd::Unknown(failure, Seen::Fulfilled(_)) => Ending::done()
            .because(failure.to_string())
            .known_from(KnownFrom::Lookup),
        SettingEnd::Unknown(failure, _) => Ending::unknown(failure.to_string()),
        SettingEnd::Not(failure) if failure.outcome() == Outcome::Refused => {
            Ending::refused(failure.to_string())
        }
        // It was sent, and then the live state was another one.
        SettingEnd::Not(failure) if failure.outcome() == Outcome::Unsafe => {
            Ending::new(EndingKind::NotDone).because(failure.to_string())
        }
        SettingEnd::Not(failure) => Ending::not_sent(failure.to_string()),
    }
}
