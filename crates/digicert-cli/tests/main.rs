//! The program `digicert`, run as a user runs it: one file for each topic.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod advised_commands;
mod apply;
#[cfg(target_os = "linux")]
mod apply_killed_at_random;
#[cfg(unix)]
mod apply_under_way;
#[cfg(unix)]
mod at_work;
mod billing_link;
mod canary;
mod catalogue;
mod closed_port;
mod create;
mod credentials;
mod doctor;
mod documentation;
mod drift;
mod eventually;
mod evil_names;
mod example_manifests;
mod examples;
mod exit_codes;
mod failures_in_json;
mod formats;
mod former_states;
#[cfg(target_os = "linux")]
mod full_disk;
mod help;
mod history;
mod hostile;
mod in_between;
mod json_shapes;
mod key_as_document;
#[cfg(target_os = "linux")]
mod killed_at_random;
#[cfg(unix)]
mod last_look;
#[cfg(unix)]
mod last_look_of_creation;
mod many_files;
mod meant_account;
mod mistaken_files;
mod moved_links;
#[cfg(unix)]
mod no_files;
mod on_sandbox;
mod options;
mod plan;
mod plan_shown;
mod products_diff;
#[cfg(unix)]
mod products_set;
mod profiles;
mod program;
mod reads;
mod renamed;
mod schemas;
mod second_creation;
mod service_failures;
mod skipped;
mod sources;
#[cfg(unix)]
mod stopped;
#[cfg(unix)]
mod terminal;
#[cfg(unix)]
mod throttled;
mod unknown_outcome;
#[cfg(unix)]
mod untold;
