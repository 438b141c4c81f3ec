//! Creating one subaccount of a plan, once. What the custodian says of it is in `custodian_report`,
//! giving it its products in `first_products`.

use digicert_types::certcentral::SubaccountType;

use super::custodian_report::{created, doubt_of_key};
use super::goes_on::GoesOn;
use super::item_result::ItemResult;
use super::report::Happened;
use super::{Applying, Before};
use crate::advised_command;
use crate::custodian::{Job, KEY_OUT, KeyDestination, KeyFate, LastLook, commission};
use crate::earlier_creation;
use crate::existing_subaccount::{EXISTS, Siblings, siblings};
use crate::failure::Failure;
use crate::ledger::{EndingKind, Entry, EntryId};
use crate::manifest::{Creation, Subaccount, Target};
use crate::plan::{Claims, CreationsInLedger, PlannedCreation, indistinct, request_sha256};
use crate::stop::STOPPED;

/// A subaccount that was created, now or before.
pub(super) struct Created {
    pub(super) id: i64,
    /// By this run, and not by an earlier one: nobody has ordered anything with it yet.
    pub(super) is_new: bool,
    pub(super) happened: Happened,
}

impl Applying<'_> {
    pub(super) async fn create(
        &self,
        planned: &PlannedCreation,
        subaccount: Option<&Subaccount>,
        before: &Before,
    ) -> Happened {
        let Some(subaccount) = subaccount else {
            return Happened::not_in_manifests();
        };
        let Target::Creation(creation) = &subaccount.target else {
            return Happened::refused_here("it is not a creation any more");
        };
        if request_sha256(&creation.request) != planned.request_sha256 {
            return Happened::refused_here("this program makes another request of the manifests");
        }
        let created = match self.created_once(planned, creation).await {
            Ok(created) => created,
            Err(happened) => return happened,
        };
        let mut happened = self
            .give_products(&created, planned, subaccount, before)
            .await;
        happened.subaccount_id = Some(created.id);
        happened.key_in = created.happened.key_in;
        happened.products_entry = happened.entry;
        happened.entry = created.happened.entry;
        let result = created.happened.result.followed_by(happened.result);
        if result == ItemResult::PartlyDone {
            let why = happened.message.take().unwrap_or_default();
            happened.message = Some(format!(
                "it was created, but its products are not set: {why}"
            ));
            if happened.result != ItemResult::NotSent {
                happened.goes_on = GoesOn::Otherwise;
            }
        }
        let rest = [created.happened.message, happened.message.take()];
        let rest: Vec<_> = rest.into_iter().flatten().collect();
        happened.message = (!rest.is_empty()).then(|| rest.join("; "));
        happened.result = result;
        happened
    }

    /// The subaccount: of an earlier run if there was one, else a new one.
    async fn created_once(
        &self,
        planned: &PlannedCreation,
        creation: &Creation,
    ) -> Result<Created, Happened> {
        let origin = &self.plan.head.origin;
        let fingerprint = &planned.request_sha256;
        let known = earlier_creation::of_document(
            self.ledger,
            origin,
            self.plan.head.account_id,
            fingerprint,
        );
        let known = known.map_err(|failure| Happened::failed(&failure))?;
        for entry in &known {
            match self.stop.unless_asked(self.of_former(entry)).await {
                None => return Err(Happened::stopped()),
                Some(former) => {
                    if let Some(created) = former? {
                        return Ok(created);
                    }
                }
            }
        }
        let look = async || siblings(&self.client, &creation.request).await;
        let found = match self.read(look).await {
            None => return Err(Happened::stopped()),
            Some(Err(error)) => return Err(Happened::of_error(error)),
            Some(Ok(Err(untold))) => return Err(Happened::refused_here(untold.to_string())),
            Some(Ok(Ok(found))) => found,
        };
        self.refuse_existing(creation, &found)
            .map_err(|happened| *happened)?;
        let newest_known = known.last().map(|entry| entry.id);
        let last_look = found.once_more();
        let created = self.commission(planned, creation, newest_known, last_look);
        created
            .await
            .map_err(|failure| self.not_created(&failure, fingerprint))?
    }

    /// The custodian has sent nothing, or is on its own.
    fn not_created(&self, failure: &Failure, fingerprint: &str) -> Happened {
        let happened = match failure.result() {
            STOPPED => Happened::stopped(),
            EXISTS => Happened::failed(&failure.with_end("; make a new plan")),
            _ => Happened::failed(failure),
        };
        match earlier_creation::of_this_run(self.ledger, fingerprint) {
            Some(begun) => happened.entry(begun.id),
            None => happened,
        }
    }

    /// Refuses what may be the subaccount that is to be created.
    fn refuse_existing(&self, creation: &Creation, found: &Siblings) -> Result<(), Box<Happened>> {
        if let Some(one) = found.of_name.first() {
            let message = format!(
                "there is one of that organization and child_name meanwhile ({one}); make a new plan"
            );
            return Err(Box::new(Happened::refused_here(message)));
        }
        if found.indistinct().is_empty() {
            return Ok(());
        }
        let ledger = CreationsInLedger::read(self.ledger, &self.plan.head.origin);
        let mut ledger = ledger.map_err(|error| Box::new(Happened::failed(&error.into())))?;
        ledger.keep_account(self.plan.head.account_id);
        let claims = Claims::of(self.manifest, &ledger);
        let mut others = found.indistinct().iter();
        match others.find(|other| !claims.have(other, creation)) {
            Some(other) => Err(Box::new(Happened::refused_here(indistinct(other)))),
            None => Ok(()),
        }
    }

    /// What an earlier creation from the same document came to; `None` if it came to nothing.
    async fn of_former(&self, entry: &Entry) -> Result<Option<Created>, Happened> {
        let failed = |failure: Failure| Happened::failed(&failure).entry(entry.id);
        let waited = earlier_creation::after_the_custodian(self.ledger, entry.clone()).await;
        let entry = waited.map_err(failed)?;
        let came_to_nothing = matches!(
            entry.ending(),
            Some(EndingKind::Refused | EndingKind::NotSent | EndingKind::NotDone)
        );
        if came_to_nothing {
            return Ok(None);
        }
        let entry = self.asked_by_its_key(entry).await?;
        match entry.subaccount_id.filter(|_| !entry.is_unfinished()) {
            Some(id) => Ok(Some(created_before(id, &entry))),
            None => Err(self.open(&entry)),
        }
    }

    /// The entry as it is once a key that is there has said whose it is.
    async fn asked_by_its_key(&self, entry: Entry) -> Result<Entry, Happened> {
        let failed = |failure: Failure| Happened::failed(&failure).entry(entry.id);
        let key = earlier_creation::key(&entry);
        if !entry.is_unfinished() && !matches!(key, KeyFate::Lost { .. } | KeyFate::Missing { .. })
        {
            return Ok(entry);
        }
        let settled = earlier_creation::settle_by_its_key(self.ledger, &entry).await;
        settled.map_err(failed)?;
        let now = self
            .ledger
            .entry(entry.id)
            .map_err(|error| failed(error.into()))?;
        Ok(now.unwrap_or(entry))
    }

    /// An earlier creation of which nobody knows what it made.
    fn open(&self, entry: &Entry) -> Happened {
        let id = entry.id;
        let message = if self.ledger.is_under_way(entry).unwrap_or_default() {
            format!("entry {id} is still under way, and nothing was sent now; try again later")
        } else {
            let settle = how_to_settle(id);
            format!("entry {id} may have created it, and nothing was sent now; {settle}")
        };
        Happened::new(ItemResult::Unknown)
            .entry(id)
            .because(message)
    }

    async fn commission(
        &self,
        planned: &PlannedCreation,
        creation: &Creation,
        newest_known: Option<EntryId>,
        last_look: LastLook,
    ) -> Result<Result<Created, Happened>, Failure> {
        let key_place = match &creation.key_out {
            Some(path) => KeyDestination::File(std::path::absolute(path).unwrap_or(path.clone())),
            None => KeyDestination::None,
        };
        let job = Job {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            ledger: self.ledger.path().to_owned(),
            run: self.ledger.run().to_owned(),
            part_of: Some(self.plan.sha256.clone()),
            origin: self.plan.head.origin.clone(),
            account_id: self.plan.head.account_id,
            summary: format!("{} subaccount for {}", planned.account_type, planned.name),
            request: creation.request.clone(),
            fingerprint: planned.request_sha256.clone(),
            key_place,
            newest_known,
            last_look: Some(last_look),
            api_key: self.service.certcentral_key()?.clone(),
        };
        let end = commission(&job, &self.client, &self.stop).await?;
        let is_managed = creation.request.account_type == SubaccountType::Managed;
        Ok(created(end, is_managed).map_err(|happened| *happened))
    }
}

/// A subaccount of an earlier run. That its key is nowhere is said every time.
fn created_before(id: i64, entry: &Entry) -> Created {
    let mut happened = Happened::new(ItemResult::DoneBefore).entry(entry.id);
    let key = earlier_creation::key(entry);
    let is_rescued = matches!(key, KeyFate::Rescued { .. });
    let doubt = doubt_of_key(&mut happened, key, true, false).filter(|_| !is_rescued);
    if let Some(doubt) = doubt {
        happened.result = ItemResult::Unknown;
        happened.message = Some(match entry.detail.text(KEY_OUT) {
            Some(path) => format!("{doubt}; once it is in {path}, the same command takes it"),
            None => doubt,
        });
    }
    Created {
        id,
        is_new: false,
        happened,
    }
}

/// What to do about a creation of which nobody knows what it came to.
pub(super) fn how_to_settle(entry: EntryId) -> String {
    let settle = |end: &str| advised_command::on_ledger(&format!("history settle {entry} {end}"));
    format!(
        "`{}` tells the ledger which subaccount it made, and `{}` that it made none",
        settle("--created ID"),
        settle("--not-created")
    )
}
