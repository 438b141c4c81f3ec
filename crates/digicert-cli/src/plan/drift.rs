//! What a subaccount that is there has otherwise than the `create` that it came from says. None of the
//! calls changes these fields, so a plan tells of them and does nothing about them.
//!
//! Compared is what the file says and the service answers. What either of them leaves out is not
//! guessed: `allowed_grandchildren`, for one, is in no answer. Who is meant by a `create` is decided
//! elsewhere, by organization, `child_name` and type.

use std::fmt;

use digicert_types::certcentral::{
    AccountType, CreateSubaccountRequest, MasterUser, NewOrganization, NewUser, Organization,
    SubaccountDetails,
};
use digicert_validate::Severity;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Spot;

/// What to do about it.
const REMEDY: &str = "digicert cannot change it: change it in CertCentral, or in the file";

/// A field of a `create` that the subaccount has otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Drift {
    pub(crate) at: Spot,
    pub(crate) name: String,
    pub(crate) subaccount_id: i64,
    #[serde(flatten)]
    pub(crate) differs: Differs,
    pub(crate) help: String,
}

impl Drift {
    pub(crate) fn new(at: Spot, name: String, subaccount_id: i64, differs: Differs) -> Self {
        Self {
            at,
            name,
            subaccount_id,
            differs,
            help: REMEDY.to_owned(),
        }
    }
}

/// Without what to do about it, which is the same for all of them.
impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, id) = (&self.name, self.subaccount_id);
        write!(f, "{name}, subaccount {id}: {}", self.differs)
    }
}

/// A field, and what either side has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Differs {
    /// As in the body of a creation: `organization.address`.
    pub(crate) field: String,
    /// A warning if it decides what may be set.
    pub(crate) severity: Severity,
    /// What the service has. Both are left out if they are about a person: plans go into pull requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) live: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) in_file: Option<Value>,
    /// What hangs on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) matters: Option<String>,
}

impl Differs {
    fn new(field: &str, live: Value, in_file: Value) -> Self {
        Self {
            field: field.to_owned(),
            severity: Severity::Note,
            live: Some(live),
            in_file: Some(in_file),
            matters: None,
        }
    }

    fn of_person(field: &str) -> Self {
        Self {
            field: field.to_owned(),
            severity: Severity::Note,
            live: None,
            in_file: None,
            matters: None,
        }
    }

    fn because(self, matters: &str) -> Self {
        Self {
            severity: Severity::Warning,
            matters: Some(matters.to_owned()),
            ..self
        }
    }

    /// Where it stands in the body of a creation.
    pub(crate) fn pointer(&self) -> String {
        format!("/{}", self.field.replace('.', "/"))
    }
}

impl fmt::Display for Differs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = &self.field;
        match (&self.live, &self.in_file) {
            (Some(live), Some(in_file)) => {
                write!(f, "{field} is {live}, and {in_file} in the file")?;
            }
            _ => write!(f, "{field} is another one than in the file")?,
        }
        match &self.matters {
            Some(matters) => write!(f, "; {matters}"),
            None => Ok(()),
        }
    }
}

/// Everything that differs, in the order of the fields of a creation.
pub(super) fn differences(
    request: &CreateSubaccountRequest,
    live: &SubaccountDetails,
) -> Vec<Differs> {
    let mut found: Vec<_> = account_type(request, live).into_iter().collect();
    found.extend(
        different("bill_parent", live.bill_parent, request.bill_parent).map(|differs| {
            differs.because("it decides who pays, and whether currency and prices hold")
        }),
    );
    // The service says that it leaves this out where it is `false`.
    let enforced = live.enforce_bill_parent.or(Some(false));
    found.extend(different(
        "enforce_bill_parent",
        enforced,
        request.enforce_bill_parent,
    ));
    if let Some(user) = &live.master_user {
        found.extend(of_user(&request.user, user));
    }
    if let Some(organization) = &live.organization {
        found.extend(of_organization(&request.organization, organization));
    }
    found.extend(different(
        "max_allowed_multi_year_plan_length",
        live.max_allowed_multi_year_plan_length,
        request.max_allowed_multi_year_plan_length,
    ));
    found
}

/// A type that nobody here knows. One that is known, and another one, is not the subaccount that is
/// meant.
fn account_type(request: &CreateSubaccountRequest, live: &SubaccountDetails) -> Option<Differs> {
    let live = live.account_type.as_ref()?;
    let AccountType::Unknown(unknown) = live else {
        return None;
    };
    let wanted = request.account_type.to_string();
    (!is_same(Meaning::Text, unknown.as_str(), &wanted)).then(|| {
        Differs::new("account_type", unknown.as_str().into(), wanted.into())
            .because("it decides what may be set")
    })
}

fn different<T: PartialEq + Into<Value>>(
    field: &str,
    live: Option<T>,
    in_file: Option<T>,
) -> Option<Differs> {
    let (live, in_file) = (live?, in_file?);
    (live != in_file).then(|| Differs::new(field, live.into(), in_file.into()))
}

fn of_user(user: &NewUser, live: &MasterUser) -> Vec<Differs> {
    use Meaning::{Telephone, Text};

    let fields = [
        (
            "user.first_name",
            Text,
            &live.first_name,
            Some(&user.first_name),
        ),
        (
            "user.last_name",
            Text,
            &live.last_name,
            Some(&user.last_name),
        ),
        ("user.email", Text, &live.email, Some(&user.email)),
        (
            "user.job_title",
            Text,
            &live.job_title,
            user.job_title.as_ref(),
        ),
        (
            "user.telephone",
            Telephone,
            &live.telephone,
            user.telephone.as_ref(),
        ),
    ];
    let differing = fields
        .into_iter()
        .filter(|(_, meaning, live, in_file)| texts(*meaning, live.as_ref(), *in_file).is_some());
    differing
        .map(|(field, ..)| Differs::of_person(field))
        .collect()
}

fn of_organization(organization: &NewOrganization, live: &Organization) -> Vec<Differs> {
    use Meaning::{Code, Telephone, Text};

    let NewOrganization {
        assumed_name,
        address,
        address2,
        zip,
        city,
        state,
        country,
        telephone,
        ..
    } = organization;
    let fields = [
        (
            "assumed_name",
            Text,
            &live.assumed_name,
            assumed_name.as_ref(),
        ),
        ("address", Text, &live.address, Some(address)),
        ("address2", Text, &live.address2, address2.as_ref()),
        ("zip", Text, &live.zip, Some(zip)),
        ("city", Text, &live.city, Some(city)),
        ("state", Code, &live.state, Some(state)),
        ("country", Code, &live.country, Some(country)),
        ("telephone", Telephone, &live.telephone, telephone.as_ref()),
    ];
    let differing = fields
        .into_iter()
        .filter_map(|(field, meaning, live, in_file)| {
            let (live, in_file) = texts(meaning, live.as_ref(), in_file)?;
            let field = format!("organization.{field}");
            Some(Differs::new(&field, live.into(), in_file.into()))
        });
    differing.collect()
}

/// `OH`, `NSW`; a name is longer.
const LONGEST_CODE: usize = 3;

/// What two texts are compared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// Neither letter case nor space around or between words makes a difference.
    Text,
    /// The same; and a code and a name are not compared, because the service takes and gives both.
    Code,
    /// Only digits and letters count.
    Telephone,
}

/// Both, if both are there and differ.
fn texts<'t>(
    meaning: Meaning,
    live: Option<&'t String>,
    in_file: Option<&'t String>,
) -> Option<(&'t str, &'t str)> {
    let is_there = |text: &&str| !text.trim().is_empty();
    let live = live.map(String::as_str).filter(is_there)?;
    let in_file = in_file.map(String::as_str).filter(is_there)?;
    (!is_same(meaning, live, in_file)).then_some((live, in_file))
}

fn is_same(meaning: Meaning, live: &str, in_file: &str) -> bool {
    let words = |text: &str| {
        let words: Vec<_> = text.split_whitespace().collect();
        words.join(" ").to_lowercase()
    };
    let alone = |text: &str| {
        let characters = text.chars().filter(|character| character.is_alphanumeric());
        characters.collect::<String>().to_lowercase()
    };
    let is_code = |text: &str| text.trim().chars().count() <= LONGEST_CODE;
    match meaning {
        Meaning::Code if is_code(live) != is_code(in_file) => true,
        Meaning::Text | Meaning::Code => words(live) == words(in_file),
        Meaning::Telephone => alone(live) == alone(in_file),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn request() -> CreateSubaccountRequest {
        serde_json::from_value(json!({
            "account_type": "managed", "allowed_grandchildren": [], "bill_parent": true,
            "enforce_bill_parent": false, "max_allowed_multi_year_plan_length": 3,
            "user": {"first_name": "Rita", "last_name": "Example", "email": "rita@example.com",
                     "telephone": "+1 801 555-0100"},
            "organization": {"name": "Acme", "address": "1 Example Street", "zip": "43604",
                             "city": "Toledo", "state": "OH", "country": "US"}}))
        .unwrap()
    }

    fn fields(live: Value) -> Vec<String> {
        let live = serde_json::from_value(live).unwrap();
        let found = differences(&request(), &live);
        found.into_iter().map(|differs| differs.field).collect()
    }

    #[test]
    fn what_means_the_same_is_no_difference() {
        let same = json!({
            "account_type": "managed", "bill_parent": "true", "enforce_bill_parent": false,
            "max_allowed_multi_year_plan_length": "3",
            "master_user": {"first_name": "rita ", "last_name": "EXAMPLE", "email": "Rita@Example.com",
                            "telephone": "+18015550100"},
            "organization": {"address": " 1  example street", "zip": 43604, "city": "TOLEDO",
                             "state": "Ohio", "country": "us"}});
        assert_eq!(fields(same), [""; 0]);
    }

    #[test]
    fn i7_what_is_not_answered_or_not_in_the_file_is_not_guessed() {
        assert_eq!(fields(json!({})), [""; 0]);
        let silent = json!({
            "account_type": null, "account_manager": "John Smith",
            "master_user": {"job_title": "Statistician", "email": null},
            "organization": {"telephone": "1", "address2": "Floor 2", "assumed_name": "A", "city": ""}});
        assert_eq!(fields(silent), [""; 0]);
    }

    #[test]
    fn everything_that_is_answered_is_compared() {
        let other = json!({
            "account_type": "distributor", "bill_parent": false, "enforce_bill_parent": true,
            "max_allowed_multi_year_plan_length": 6,
            "master_user": {"first_name": "R", "last_name": "E", "email": "r@example.com",
                            "telephone": "2"},
            "organization": {"address": "2 Example Street", "zip": "1", "city": "Lehi",
                             "state": "ut", "country": "ca"}});
        assert_eq!(
            fields(other),
            [
                "account_type",
                "bill_parent",
                "enforce_bill_parent",
                "user.first_name",
                "user.last_name",
                "user.email",
                "user.telephone",
                "organization.address",
                "organization.zip",
                "organization.city",
                "organization.state",
                "organization.country",
                "max_allowed_multi_year_plan_length",
            ]
        );
    }

    #[test]
    fn what_an_absent_enforce_bill_parent_means_is_documented() {
        let mut request = request();
        request.enforce_bill_parent = Some(true);
        let found = differences(&request, &SubaccountDetails::default());
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(
            found[0].to_string(),
            "enforce_bill_parent is false, and true in the file"
        );
    }
}
