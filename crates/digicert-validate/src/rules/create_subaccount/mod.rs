//! Rules on the request to create a subaccount, `DC1xx`.

mod child_name_too_long;
mod country_codes;
mod country_unknown;
mod email_malformed;
mod enforce_bill_parent_ignored;
mod grandchild_type_repeated;
mod managed_key_shown_once;
mod multi_year_plan_no_longer_sold;
mod multi_year_plan_out_of_range;
mod multi_year_plan_over_contract;
mod multi_year_plan_over_parent;
mod required_text_empty;
mod text_control_character;

pub(crate) use child_name_too_long::ChildNameTooLong;
pub(crate) use country_unknown::CountryUnknown;
pub(crate) use email_malformed::EmailMalformed;
pub(crate) use enforce_bill_parent_ignored::EnforceBillParentIgnored;
pub(crate) use grandchild_type_repeated::GrandchildTypeRepeated;
pub(crate) use managed_key_shown_once::ManagedKeyShownOnce;
pub(crate) use multi_year_plan_no_longer_sold::MultiYearPlanNoLongerSold;
pub(crate) use multi_year_plan_out_of_range::MultiYearPlanOutOfRange;
pub(crate) use multi_year_plan_over_contract::MultiYearPlanOverContract;
pub(crate) use multi_year_plan_over_parent::MultiYearPlanOverParent;
pub(crate) use required_text_empty::RequiredTextEmpty;
pub(crate) use text_control_character::TextControlCharacter;
