-- The ledger of the program `digicert`: who changed what, when, and how it ended. Anybody may read it:
--     sqlite3 ledger.sqlite 'SELECT * FROM history'
-- This is version 1 (`PRAGMA user_version`). A later version only adds to it.
--
-- No API key is ever in here: requests have none, and of answers only an ID is kept.

-- A change that was about to be requested. It is here, on the disk, before the request goes out;
-- so what has no ending was interrupted, and may have been carried out.
CREATE TABLE entry (
    -- Counts up and is never given to another entry.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Which run of the program it belongs to: 16 hexadecimal digits.
    run TEXT NOT NULL,
    -- RFC 3339 in UTC, with milliseconds.
    begun_at TEXT NOT NULL,
    -- user@host of who ran the program.
    who TEXT NOT NULL,
    -- The version of the program.
    program TEXT NOT NULL,
    -- `create-subaccount`, `set-products` or `link-billing-account`.
    action TEXT NOT NULL,
    -- Where the request went: scheme and host.
    origin TEXT NOT NULL,
    -- The account of the key that was used, if it is known.
    account_id INTEGER,
    -- The subaccount that was changed; NULL while one is being created.
    subaccount_id INTEGER,
    -- What was to be changed, in words.
    summary TEXT NOT NULL,
    -- The body of the request as JSON, if it has one.
    request TEXT,
    -- SHA-256 of the request's meaning, in hexadecimal: two files with the same content have the same.
    fingerprint TEXT,
    -- What the entry is a part of, such as the ID of a plan.
    part_of TEXT,
    -- What else is worth knowing, as a JSON object: where the key goes, where the former state is.
    detail TEXT
) STRICT;

CREATE INDEX entry_by_subaccount ON entry (subaccount_id);
CREATE INDEX entry_by_fingerprint ON entry (fingerprint);
CREATE INDEX entry_by_part_of ON entry (part_of);

-- How an entry ended. The last one counts: an `unknown` may be settled later.
CREATE TABLE ending (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    entry_id INTEGER NOT NULL REFERENCES entry (id),
    -- RFC 3339 in UTC, with milliseconds.
    ended_at TEXT NOT NULL,
    -- user@host of who ran the program.
    who TEXT NOT NULL,
    -- `done`: carried out. `not-done`: found later not to have been carried out.
    -- `refused`: the service said no. `not-sent`: nothing reached the service.
    -- `unknown`: sent, and no answer says whether it was carried out.
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'not-done', 'refused', 'not-sent', 'unknown')),
    -- How it is known: the program saw the `answer` or its absence, a `lookup` found it out later,
    -- or the `user` said so.
    known_from TEXT NOT NULL CHECK (known_from IN ('answer', 'lookup', 'user')),
    -- The subaccount that was created or changed.
    subaccount_id INTEGER,
    -- What there is to say about it, in words.
    message TEXT,
    -- What else is worth knowing, as a JSON object: where the key is.
    detail TEXT
) STRICT;

CREATE INDEX ending_by_entry ON ending (entry_id);
CREATE INDEX ending_by_subaccount ON ending (subaccount_id);

-- What is written stays as it was written.
CREATE TRIGGER entry_is_not_changed BEFORE UPDATE ON entry
BEGIN SELECT RAISE (ABORT, 'the ledger is only ever added to'); END;
CREATE TRIGGER entry_is_not_removed BEFORE DELETE ON entry
BEGIN SELECT RAISE (ABORT, 'the ledger is only ever added to'); END;
CREATE TRIGGER ending_is_not_changed BEFORE UPDATE ON ending
BEGIN SELECT RAISE (ABORT, 'the ledger is only ever added to'); END;
CREATE TRIGGER ending_is_not_removed BEFORE DELETE ON ending
BEGIN SELECT RAISE (ABORT, 'the ledger is only ever added to'); END;

-- Each entry with the ending that counts. `outcome` is NULL while there is none.
CREATE VIEW history AS
SELECT
    entry.id, entry.run, entry.begun_at, entry.who, entry.program, entry.action, entry.origin,
    entry.account_id, coalesce(ending.subaccount_id, entry.subaccount_id) AS subaccount_id,
    entry.summary, entry.request, entry.fingerprint, entry.part_of, entry.detail,
    ending.ended_at, ending.who AS ended_by, ending.outcome, ending.known_from, ending.message,
    ending.detail AS ending_detail
FROM entry
LEFT JOIN ending ON ending.id = (SELECT max(id) FROM ending WHERE entry_id = entry.id);
