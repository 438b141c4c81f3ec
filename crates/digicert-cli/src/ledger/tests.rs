//! What the ledger promises: nothing that was written is lost or changed, and no file is harmed.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use rusqlite::Connection;
use tempfile::TempDir;

use super::*;

struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("state/digicert/ledger.sqlite")
    }

    fn open(&self) -> Ledger {
        Ledger::open(&self.path()).unwrap()
    }

    /// Makes the file with another program's hands.
    fn write(&self, content: &[u8]) {
        fs::create_dir_all(self.path().parent().unwrap()).unwrap();
        fs::write(self.path(), content).unwrap();
    }

    /// Why it is not opened; and it is as it was.
    fn refusal(&self) -> String {
        let before = fs::read(self.path()).unwrap();
        let refusal = Ledger::open(&self.path()).unwrap_err().to_string();
        assert_eq!(
            fs::read(self.path()).unwrap(),
            before,
            "changed by {refusal}"
        );
        refusal
    }
}

fn creation() -> NewEntry {
    let mut entry = NewEntry::new(
        Action::CreateSubaccount,
        "https://www.digicert.com",
        "managed subaccount for Example Company, LLC",
    );
    entry.account_id = Some(1_122_331);
    entry.request = Some(r#"{"account_type":"managed"}"#.to_owned());
    entry.fingerprint = Some("0123abcd".to_owned());
    entry.detail = Detail::default().with("key_out", "/home/jo/acme.key");
    entry
}

#[test]
fn an_entry_and_its_ending_come_back_as_they_were_written() {
    let place = Place::new();
    let ledger = place.open();
    let id = ledger.begin(&creation()).unwrap();
    let detail = Detail::default().with("key_in", "/home/jo/acme.key");
    let ending = Ending::done()
        .subaccount(Some(1_122_334))
        .detail(detail.clone());
    ledger.end(id, &ending).unwrap();

    let entry = place.open().entry(id).unwrap().unwrap();
    assert_eq!(entry.run, ledger.run());
    assert_eq!(entry.action, Action::CreateSubaccount);
    assert_eq!(entry.origin, "https://www.digicert.com");
    assert_eq!(entry.account_id, Some(1_122_331));
    assert_eq!(entry.subaccount_id, Some(1_122_334));
    assert_eq!(entry.summary, creation().summary);
    assert_eq!(entry.request, creation().request);
    assert_eq!(entry.fingerprint, creation().fingerprint);
    assert_eq!(entry.detail.text("key_out"), Some("/home/jo/acme.key"));
    assert_eq!(entry.program, env!("CARGO_PKG_VERSION"));
    assert!(entry.who.contains('@'), "{}", entry.who);
    let ended = entry.ended.unwrap();
    assert_eq!(
        (ended.kind, ended.known_from),
        (EndingKind::Done, KnownFrom::Answer)
    );
    assert_eq!(ended.detail, detail);
    // RFC 3339 in UTC, of one length, so that comparing text compares times.
    for time in [&entry.begun_at, &ended.at] {
        assert_eq!(time.len(), "2026-01-31T23:59:59.999Z".len(), "{time}");
        assert!(time.ends_with('Z') && time.as_bytes()[10] == b'T', "{time}");
    }
    assert!(entry.begun_at <= ended.at);
}

#[test]
fn what_has_no_ending_or_an_unknown_one_is_unfinished_until_it_is_settled() {
    let place = Place::new();
    let ledger = place.open();
    let [interrupted, unknown, nameless, done, refused] =
        std::array::from_fn(|_| ledger.begin(&creation()).unwrap());
    ledger
        .end(unknown, &Ending::new(EndingKind::Unknown).because("late"))
        .unwrap();
    // It created a subaccount, and nobody knows which.
    ledger.end(nameless, &Ending::done()).unwrap();
    ledger
        .end(done, &Ending::done().subaccount(Some(9)))
        .unwrap();
    ledger
        .end(refused, &Ending::new(EndingKind::Refused).because("no"))
        .unwrap();

    let unfinished = || {
        let filter = Filter {
            unfinished: true,
            ..Filter::default()
        };
        let entries = ledger.entries(&filter).unwrap();
        assert!(entries.iter().all(Entry::is_unfinished));
        entries.iter().map(|entry| entry.id).collect::<Vec<_>>()
    };
    assert_eq!(unfinished(), [interrupted, unknown, nameless]);

    let settled = Ending::done()
        .known_from(KnownFrom::User)
        .subaccount(Some(7));
    ledger.end(unknown, &settled).unwrap();
    ledger
        .end(nameless, &Ending::done().subaccount(Some(8)))
        .unwrap();
    assert_eq!(unfinished(), [interrupted]);
    let entry = ledger.entry(unknown).unwrap().unwrap();
    assert_eq!(
        (entry.ending(), entry.subaccount_id),
        (Some(EndingKind::Done), Some(7))
    );
}

#[test]
fn each_filter_selects_what_it_names() {
    let place = Place::new();
    let ledger = place.open();
    let created = ledger.begin(&creation()).unwrap();
    ledger
        .end(created, &Ending::done().subaccount(Some(7)))
        .unwrap();
    let mut entry = NewEntry::new(Action::SetProducts, "http://127.0.0.1:8700", "3 products");
    entry.subaccount_id = Some(7);
    entry.part_of = Some("plan".to_owned());
    let set = ledger.begin(&entry).unwrap();

    let all = Filter::default();
    for (filter, expected) in [
        (all.clone(), &[created, set][..]),
        (
            Filter {
                id: Some(set),
                ..all.clone()
            },
            &[set],
        ),
        (
            Filter {
                action: Some(Action::CreateSubaccount),
                ..all.clone()
            },
            &[created],
        ),
        (
            Filter {
                origin: Some("http://127.0.0.1:8700".into()),
                ..all.clone()
            },
            &[set],
        ),
        (
            Filter {
                subaccount_id: Some(7),
                ..all.clone()
            },
            &[created, set],
        ),
        (
            Filter {
                subaccount_id: Some(8),
                ..all.clone()
            },
            &[],
        ),
        (
            Filter {
                fingerprint: Some("0123abcd".into()),
                ..all.clone()
            },
            &[created],
        ),
        (
            Filter {
                part_of: Some("plan".into()),
                ..all.clone()
            },
            &[set],
        ),
        (
            Filter {
                unfinished: true,
                ..all
            },
            &[set],
        ),
    ] {
        let found = ledger.entries(&filter).unwrap();
        let found: Vec<_> = found.iter().map(|entry| entry.id).collect();
        assert_eq!(found, expected, "{filter:?}");
    }
}

#[test]
fn what_is_written_is_neither_changed_nor_removed() {
    let place = Place::new();
    let ledger = place.open();
    let id = ledger.begin(&creation()).unwrap();
    ledger.end(id, &Ending::done()).unwrap();
    for statement in [
        "UPDATE entry SET who = 'nobody'",
        "DELETE FROM entry",
        "UPDATE ending SET outcome = 'refused'",
        "DELETE FROM ending",
    ] {
        let refused = ledger.connection.execute(statement, []).unwrap_err();
        assert!(
            refused.to_string().contains("only ever added to"),
            "{statement}: {refused}"
        );
    }
    assert!(
        ledger.end(EntryId(99), &Ending::done()).is_err(),
        "an ending of nothing"
    );
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;

    let place = Place::new();
    place.open().begin(&creation()).unwrap();
    let mode = fs::metadata(place.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let beside = fs::read_dir(place.path().parent().unwrap())
        .unwrap()
        .count();
    assert_eq!(beside, 1, "one file, when nobody writes");
}

#[test]
fn many_programs_write_at_once_and_nothing_is_lost() {
    const EACH: usize = 8;
    let place = Place::new();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                // Making it is part of the race.
                let ledger = place.open();
                for _ in 0..EACH {
                    let id = ledger.begin(&creation()).unwrap();
                    ledger.end(id, &Ending::done()).unwrap();
                }
            });
        }
    });
    let entries = place.open().entries(&Filter::default()).unwrap();
    assert_eq!(entries.len(), 4 * EACH);
    assert!(
        entries
            .iter()
            .all(|entry| entry.ending() == Some(EndingKind::Done))
    );
}

#[test]
fn a_file_of_a_later_version_is_refused() {
    let place = Place::new();
    place
        .open()
        .connection
        .execute_batch("PRAGMA user_version = 2")
        .unwrap();
    let refusal = place.refusal();
    assert!(
        refusal.contains("later version of this program (form 2, this version knows 1)"),
        "{refusal}"
    );
    assert!(refusal.contains("update the program"), "{refusal}");
}

#[test]
fn a_database_of_another_program_is_refused() {
    let place = Place::new();
    place.write(b"");
    let other = Connection::open(place.path()).unwrap();
    other
        .execute_batch("CREATE TABLE bookmarks (address TEXT)")
        .unwrap();
    drop(other);
    let refusal = place.refusal();
    assert!(
        refusal.contains("not a ledger of this program"),
        "{refusal}"
    );
}

#[test]
fn a_damaged_file_is_refused_and_left_as_it_is() {
    let place = Place::new();
    let ledger = place.open();
    for _ in 0..50 {
        ledger.begin(&creation()).unwrap();
    }
    drop(ledger);
    let whole = fs::read(place.path()).unwrap();
    let mut overwritten = whole.clone();
    overwritten[4096 * 2..4096 * 3].fill(0xa5);
    for damaged in [
        &b"# my notes\n".repeat(100)[..],
        &whole[..whole.len() / 2],
        &overwritten,
    ] {
        place.write(damaged);
        let refusal = place.refusal();
        assert!(refusal.contains("is damaged"), "{refusal}");
        assert!(refusal.contains("restore it from a backup"), "{refusal}");
    }
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let place = Place::new();
    let error = Ledger::open(place.0.path()).unwrap_err().to_string();
    assert!(
        error.contains(&place.0.path().display().to_string()),
        "{error}"
    );
    assert!(error.contains("--ledger"), "{error}");
}

#[test]
fn asking_an_absent_ledger_does_not_make_one() {
    let place = Place::new();
    assert!(Ledger::open_existing(&place.path()).unwrap().is_none());
    assert!(!place.path().exists());
}

fn setting(subaccount_id: i64) -> NewEntry {
    let mut entry = NewEntry::new(
        Action::SetProducts,
        "https://www.digicert.com",
        "1 repriced",
    );
    entry.subaccount_id = Some(subaccount_id);
    entry
}

fn read(ledger: &Ledger, id: EntryId) -> Entry {
    ledger.entry(id).unwrap().unwrap()
}

#[test]
fn of_those_that_share_a_lock_the_newest_is_under_way_and_nothing_once_it_is_free() {
    let place = Place::new();
    let ledger = place.open();
    let interrupted = ledger.begin(&setting(7)).unwrap();
    let origin = setting(7).origin;
    let taken = crate::asynchronous::run(ledger.take(Exclusive::Setting(&origin, 7))).unwrap();
    let at_work = ledger.begin(&setting(7)).unwrap();
    let other = ledger.begin(&setting(8)).unwrap();
    let under_way = || {
        let all = [interrupted, at_work, other].into_iter();
        all.filter(|id| ledger.is_under_way(&read(&ledger, *id)).unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(under_way(), [at_work]);
    drop(taken);
    assert_eq!(under_way(), []);
}

#[test]
fn what_has_ended_since_it_was_read_is_neither_interrupted_nor_ended_again() {
    let place = Place::new();
    let ledger = place.open();
    let id = ledger.begin(&setting(7)).unwrap();
    let before = read(&ledger, id);
    ledger.end(id, &Ending::unknown("late")).unwrap();
    let (now, is_under_way) = ledger.as_it_stands(before.clone()).unwrap();
    assert_eq!(
        (now.ending(), is_under_way),
        (Some(EndingKind::Unknown), false)
    );
    assert!(
        !ledger
            .end_as_read(before.as_read(), &Ending::done())
            .unwrap()
    );
    assert_eq!(read(&ledger, id).ending(), Some(EndingKind::Unknown));
    assert!(ledger.end_as_read(now.as_read(), &Ending::done()).unwrap());
    assert!(
        !ledger
            .end_as_read(now.as_read(), &Ending::refused("no"))
            .unwrap()
    );
    assert_eq!(read(&ledger, id).ending(), Some(EndingKind::Done));
}

/// Not a test of its own: what `who_looks_while_a_ledger_is_made_sees_a_ledger` looks with.
#[test]
fn looks_at_one_ledger_after_the_other() {
    let Some(folder) = std::env::var_os("LEDGERS_TO_LOOK_AT").map(PathBuf::from) else {
        return;
    };
    for number in 1.. {
        let next = folder.join((number + 1).to_string());
        while !next.exists() {
            if folder.join("end").exists() {
                return;
            }
            let path = folder.join(number.to_string());
            if path.exists() {
                Ledger::check(&path).unwrap();
            }
        }
    }
}

#[test]
fn who_looks_while_a_ledger_is_made_sees_a_ledger() {
    const LEDGERS: usize = 40;
    let folder = tempfile::tempdir().unwrap();
    let looking: [_; 2] = std::array::from_fn(|_| {
        Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "ledger::tests::looks_at_one_ledger_after_the_other",
            ])
            .env("LEDGERS_TO_LOOK_AT", folder.path())
            .spawn()
            .unwrap()
    });
    for number in 1..=LEDGERS {
        let ledger = Ledger::open(&folder.path().join(number.to_string())).unwrap();
        ledger.begin(&creation()).unwrap();
    }
    fs::write(folder.path().join("end"), "").unwrap();
    for mut looking in looking {
        assert!(looking.wait().unwrap().success());
    }
}

/// Not a test of its own: what `what_began_is_there_after_kill_9` kills.
#[test]
fn writes_until_it_is_killed() {
    let Ok(path) = std::env::var("LEDGER_TO_WRITE") else {
        return;
    };
    let ledger = Ledger::open(path.as_ref()).unwrap();
    loop {
        let id = ledger.begin(&creation()).unwrap();
        println!("begun {id}");
        ledger.end(id, &Ending::done()).unwrap();
        println!("ended {id}");
    }
}

#[test]
fn what_began_is_there_after_kill_9() {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;

    let place = Place::new();
    for lines in [1, 2, 7, 20, 33] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "--nocapture",
                "ledger::tests::writes_until_it_is_killed",
            ])
            .env("LEDGER_TO_WRITE", place.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap()).lines();
        let said = output
            .map_while(Result::ok)
            .filter(|line| line.starts_with("begun") || line.starts_with("ended"));
        let said: Vec<_> = said.take(lines).collect();
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(said.len(), lines);

        let ledger = place.open();
        for line in said {
            let (what, id) = line.split_once(' ').unwrap();
            let entry = ledger.entry(id.parse().unwrap()).unwrap().unwrap();
            assert!(what == "begun" || entry.ended.is_some(), "{line} was lost");
        }
    }
}
