//! The subaccounts that a creation may have made, as the service lists them.

use digicert_client::certcentral;
use digicert_types::certcentral::{CreateSubaccountRequest, SubaccountDetails, SubaccountSummary};

use super::{made_by_others, request};
use crate::advised_command;
use crate::existing_subaccount::of_organization;
use crate::failure::Failure;
use crate::ledger::{Entry, EntryId, Ledger};
use crate::subaccount_name::is_same;
use crate::table::{Column, Table};

/// The subaccounts that the creation may have made: of the same organization and type, not older
/// than it, and not known to have been made by another one.
pub(crate) async fn candidates(
    client: &certcentral::Client,
    ledger: &Ledger,
    entry: &Entry,
) -> Result<Vec<SubaccountSummary>, Failure> {
    let Some(request) = request(entry) else {
        return Ok(Vec::new());
    };
    let mut found = of_organization(client, &request.organization.name).await??;
    keep_type(&mut found, &request);
    let others = made_by_others(ledger, entry)?;
    found.retain(|subaccount| {
        let day = subaccount.date_created.as_deref().and_then(day);
        day.is_none_or(|day| day >= entry.month_before.as_str())
            && subaccount.account_id.is_none_or(|id| !others.contains(&id))
    });
    Ok(found)
}

/// Leaves those of the type that a request asks for.
pub(crate) fn keep_type(found: &mut Vec<SubaccountSummary>, request: &CreateSubaccountRequest) {
    let wanted = request.account_type.to_string();
    found.retain(|subaccount| {
        let kind = subaccount.account_type.as_ref().map(ToString::to_string);
        kind.is_none_or(|kind| is_same(&kind, &wanted))
    });
}

/// Why the creation cannot have made this subaccount, as the service describes it. What is not
/// known speaks against nothing.
pub(crate) fn speaks_against(
    ledger: &Ledger,
    entry: &Entry,
    found: &SubaccountDetails,
) -> Result<Option<String>, Failure> {
    let differs = |name: Option<&str>, asked: &str| name.is_some_and(|name| !is_same(name, asked));
    let kind = found.account_type.as_ref().map(ToString::to_string);
    let organization = found.organization_name.as_deref();
    let child = found.child_name.as_deref();
    if let Some(request) = request(entry) {
        let asked = &request.organization.name;
        if differs(organization, asked) {
            let organization = organization.unwrap_or_default();
            return Ok(Some(format!(
                "it is of {organization}, and {asked} was asked for"
            )));
        }
        let asked = request.account_type.to_string();
        if differs(kind.as_deref(), &asked) {
            let kind = kind.unwrap_or_default();
            return Ok(Some(format!(
                "its type is {kind}, and {asked} was asked for"
            )));
        }
        let asked = request.child_name.as_deref().unwrap_or_default();
        if !asked.is_empty() && differs(child, asked) {
            let child = child.unwrap_or_default();
            return Ok(Some(format!(
                "its name is {child}, and {asked} was asked for"
            )));
        }
    }
    let created = found.date_created.as_deref();
    if let Some(day) = created.and_then(day)
        && day < entry.month_before.as_str()
    {
        return Ok(Some(format!(
            "it was created on {day}, long before this entry"
        )));
    }
    let others = made_by_others(ledger, entry)?;
    let is_others = found.account_id.is_some_and(|id| others.contains(&id));
    Ok(is_others.then(|| "another entry of this ledger created it".to_owned()))
}

/// The day of a time as the service writes it, `2018-11-29 01:48:04`; none if it is written
/// otherwise, because what cannot be compared says nothing about its age.
fn day(time: &str) -> Option<&str> {
    const LIKE: &[u8] = b"dddd-dd-dd";
    let (day, rest) = time.split_at_checked(LIKE.len())?;
    let is_day = day.bytes().zip(LIKE).all(|(is, like)| match like {
        b'd' => is.is_ascii_digit(),
        _ => is == *like,
    });
    let is_time = rest.is_empty() || rest.starts_with([' ', 'T']);
    (is_day && is_time).then_some(day)
}

/// The subaccounts that may be the one, for people.
pub(crate) fn listed(candidates: &[SubaccountSummary], color: bool) -> String {
    if candidates.is_empty() {
        return "The service lists no subaccount that it could have made. \
                One may still appear there.\n"
            .to_owned();
    }
    let table = table(candidates, color);
    format!("The service lists what it may have made:\n\n{table}")
}

/// The command that says which subaccount it was: the only one that it can have been, if there is one.
pub(crate) fn settled_as_created(
    entry: EntryId,
    candidates: Option<&[SubaccountSummary]>,
) -> String {
    let id = match candidates {
        Some([only]) => only.account_id.map(|id| id.to_string()),
        _ => None,
    };
    let id = id.as_deref().unwrap_or("ID");
    advised_command::on_ledger(&format!("history settle {entry} --created {id}"))
}

/// Subaccounts as a table.
pub(crate) fn table(subaccounts: &[SubaccountSummary], color: bool) -> String {
    const COLUMNS: [Column; 4] = [
        Column::Right("ID"),
        Column::Left("TYPE"),
        Column::Left("ORGANIZATION"),
        Column::Left("CREATED"),
    ];
    let mut table = Table::new(&COLUMNS);
    for subaccount in subaccounts {
        let kind = subaccount.account_type.as_ref().map(ToString::to_string);
        table.row([
            subaccount
                .account_id
                .map(|id| id.to_string())
                .unwrap_or_default(),
            kind.unwrap_or_default(),
            subaccount.organization_name.clone().unwrap_or_default(),
            subaccount.date_created.clone().unwrap_or_default(),
        ]);
    }
    table.text(color)
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn only_a_day_that_can_be_compared_says_how_old_something_is() {
        for (time, expected) in [
            ("2018-11-29 01:48:04", Some("2018-11-29")),
            ("2018-11-29T01:48:04+00:00", Some("2018-11-29")),
            ("2018-11-29", Some("2018-11-29")),
            ("29-11-2018 01:48:04", None),
            ("11/29/2018", None),
            ("29 Nov 2018", None),
            ("1543456084", None),
            ("2018-11-291", None),
            ("zwölf Uhr", None),
            ("", None),
        ] {
            assert_eq!(day(time), expected, "{time}");
        }
    }
}
