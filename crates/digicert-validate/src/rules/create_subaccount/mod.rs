//! Rules on the request to create a subaccount, `DC1xx`.

mod child_name_too_long;

pub(crate) use child_name_too_long::ChildNameTooLong;
