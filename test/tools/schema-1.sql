-- The index of Fortnight. STRICT everywhere: a wrong type is an error at the write, not a surprise at the read.
-- Times are UTC milliseconds since 1970 (INTEGER) unless said otherwise. "Byte string": a file name as the disk has
-- it, each byte one code point (latin1), so that names which are not text survive unchanged.
-- Changes come as numbered migrations (migrate.ts); `PRAGMA user_version` is the number of the last one applied.

-- One row per installation: who we are.
CREATE TABLE install (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  install_id    TEXT    NOT NULL,              -- UUID; stands in every root's marker
  path_key      BLOB    NOT NULL,              -- 32 bytes; key of the salted path hashes in receipts
  created_ms    INTEGER NOT NULL
) STRICT;

-- The retention clock, one row, written each minute (retention-clock.ts).
CREATE TABLE retention_clock (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  r_ms          INTEGER NOT NULL,              -- last value; never goes back
  boot_id       TEXT    NOT NULL,              -- boot in which it was written
  boot_ms       INTEGER NOT NULL,              -- boot time at which it was written
  wall_ms       INTEGER NOT NULL,              -- wall clock at that moment, to notice steps
  budget_from_ms INTEGER NOT NULL,             -- r at which the current 24 h of rule (d) began
  budget_used_ms INTEGER NOT NULL CHECK (budget_used_ms >= 0), -- gap accepted under rule (d) since then
  suspect_since_ms INTEGER,                    -- r when wall and r came apart; NULL: they agree
  anchored      INTEGER NOT NULL CHECK (anchored IN (0,1)), -- 1: was synchronised or confirmed at least once
  vouched       INTEGER NOT NULL DEFAULT 0 CHECK (vouched IN (0,1)), -- 1: somebody vouched for the clock in this boot
  sure_from_ms  INTEGER NOT NULL DEFAULT 0,    -- where the clock was last sure: what ended later and is newer than the next
  sure_clip_id  INTEGER NOT NULL DEFAULT 0,    -- moves by a gap that is accepted (the highest clip.id then)
  sure_behind_ms INTEGER NOT NULL DEFAULT 0    -- and by this: how far behind r the wall clock has been believed since
) STRICT;

-- Every retention that was configured, so that a shorter one counts only a day after somebody confirmed it.
CREATE TABLE retention_step (
  from_ms       INTEGER PRIMARY KEY,           -- retention clock
  retention_ms  INTEGER NOT NULL CHECK (retention_ms > 0)
) STRICT;

-- The retention that clip.due_ms was computed with; one row.
CREATE TABLE retention_applied (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  retention_ms  INTEGER NOT NULL
) STRICT;

-- Cameras ever configured; never removed (retired ones stay until empty and beyond, for receipts).
CREATE TABLE camera (
  n             INTEGER PRIMARY KEY,           -- small number used in the big tables
  id            TEXT    NOT NULL UNIQUE        -- configured stable id
) STRICT;

-- Roots ever enrolled: one per source.
CREATE TABLE root (
  n             INTEGER PRIMARY KEY,
  id            TEXT    NOT NULL UNIQUE,       -- source id
  path          TEXT    NOT NULL,              -- configured absolute path at the last start
  root_uuid     TEXT,                          -- from the marker; NULL until enrolled
  enrolled_ms   INTEGER,
  state         TEXT    NOT NULL CHECK (state IN ('online','offline','foreign','readonly','failing','adopting','recovery')),
  state_since_ms INTEGER NOT NULL,
  adoption_since_ms INTEGER,                   -- first contact with footage, waiting; NULL: none pending
  adoption_confirmed INTEGER NOT NULL DEFAULT 0 CHECK (adoption_confirmed IN (0,1)),
  trust_names   INTEGER NOT NULL DEFAULT 0 CHECK (trust_names IN (0,1)), -- a person said: mtimes were reset by copying
  breaker_since_ms INTEGER,                    -- breaker open since; NULL: closed
  last_sweep_ms INTEGER,                       -- r of the last completed sweep
  last_reconcile_ms INTEGER,                   -- wall clock of the last completed full reconcile
  self_test     TEXT,                          -- JSON of the last self-test; NULL: not run yet
  failing       TEXT,                          -- JSON {place, bootId, why}: an fsync failed or a call hung there; NULL: not so
  recovery_seq  INTEGER,                       -- number of the hold version its marker knew and we did not; NULL: no recovery
  recovery_confirmed INTEGER NOT NULL DEFAULT 0 CHECK (recovery_confirmed IN (0,1)), -- a person confirmed the list of holds; the marker is to follow
  unowned_files INTEGER NOT NULL DEFAULT 0     -- files that belong to no clip, of the last full reconcile
) STRICT;

-- Directories that hold clips, so that a clip's row needs only its name.
CREATE TABLE dir (
  id            INTEGER PRIMARY KEY,
  root_n        INTEGER NOT NULL REFERENCES root (n),
  path          TEXT    NOT NULL,              -- byte string below the root, '' is the root itself
  scan_mtime_ns INTEGER,                       -- mtime when last listed without error; NULL: list again
  UNIQUE (root_n, path)
) STRICT;

-- What media look like; a camera yields few distinct rows.
CREATE TABLE media_format (
  id            INTEGER PRIMARY KEY,
  container     TEXT    NOT NULL,              -- ffprobe's first format name
  video_codec   TEXT    NOT NULL DEFAULT '',   -- '' is none or unknown, so that UNIQUE works
  width_px      INTEGER NOT NULL DEFAULT 0,
  height_px     INTEGER NOT NULL DEFAULT 0,
  frame_rate_milli INTEGER NOT NULL DEFAULT 0, -- frames per 1000 s
  audio_codec   TEXT    NOT NULL DEFAULT '',
  fragmented    INTEGER NOT NULL DEFAULT 0 CHECK (fragmented IN (0,1)),
  UNIQUE (container, video_codec, width_px, height_px, frame_rate_milli, audio_codec, fragmented)
) STRICT;

-- One row per file of footage that is there (or was, until its receipt).
CREATE TABLE clip (
  id            INTEGER PRIMARY KEY AUTOINCREMENT, -- public id; never used twice
  dir_id        INTEGER NOT NULL REFERENCES dir (id),
  name          TEXT    NOT NULL,              -- byte string, last component
  root_n        INTEGER NOT NULL,
  camera_n      INTEGER NOT NULL REFERENCES camera (n),
  kind          INTEGER NOT NULL CHECK (kind IN (0,1)),            -- 0 video, 1 still
  state         INTEGER NOT NULL CHECK (state IN (0,1,2,3)),       -- 0 recording, 1 live, 2 deleting, 3 gone_external
  start_ms      INTEGER NOT NULL,              -- believed recording, for showing
  end_ms        INTEGER NOT NULL CHECK (end_ms >= start_ms),
  end_from      INTEGER NOT NULL CHECK (end_from IN (0,1,2)),      -- 0 name, 1 mtime, 2 first seen
  -- Candidate intervals for holds: the envelope of all of them, and the list when there are several.
  cover_from_ms INTEGER NOT NULL,
  cover_to_ms   INTEGER NOT NULL CHECK (cover_to_ms > cover_from_ms),
  cover_class   INTEGER NOT NULL CHECK (cover_class IN (0,1,2)),   -- 0: envelope up to 2 h, 1: up to 49 h, 2: longer; bounds the search
  intervals     TEXT,                          -- JSON [[from,to],...]; NULL: the envelope is the only one
  due_ms        INTEGER,                       -- NULL while recording; overlong ones: when their oldest part is due
  first_seen_ms INTEGER NOT NULL,              -- retention clock
  finished_ms   INTEGER,                       -- first seen finished, retention clock; NULL while recording
  duration_ms   INTEGER,                       -- from the probe; NULL: unknown
  size_bytes    INTEGER NOT NULL CHECK (size_bytes >= 0),
  ino           INTEGER NOT NULL,              -- inode as a signed 64-bit number
  mtime_ns      INTEGER NOT NULL,              -- last seen mtime, nanoseconds
  fingerprint   BLOB,                          -- 16 bytes of SHA-256 over first and last 64 KiB; NULL while recording
  format_id     INTEGER REFERENCES media_format (id), -- NULL: unreadable
  flags         INTEGER NOT NULL DEFAULT 0,    -- bits, see clip-row.ts
  parked        INTEGER NOT NULL DEFAULT 0 CHECK (parked IN (0,1,2)), -- hint for the sweep, never a permission. 1: found held when due, skipped until a hold ends; 2: was so, and a hold has ended (not counted by the breaker)
  intent_seq    INTEGER,                       -- audit sequence of the deletion intent while deleting
  fail_count    INTEGER NOT NULL DEFAULT 0,    -- deletions refused so far
  retry_ms      INTEGER,                       -- retention clock before which no new intent is made; NULL: at once
  missing_ms    INTEGER,                       -- wall clock of the first scan that missed it; NULL: it is there
  UNIQUE (dir_id, name)
) STRICT;
-- Covers the sweep's questions and the counts of the status page: on a million rows a look-up per row takes seconds.
CREATE INDEX clip_due ON clip (root_n, due_ms, camera_n, parked, retry_ms, fail_count, dir_id) WHERE state = 1 AND parked <> 1;
CREATE INDEX clip_oldest ON clip (camera_n, end_ms) WHERE state = 1 AND parked <> 1;
CREATE INDEX clip_start ON clip (camera_n, start_ms);
CREATE INDEX clip_long ON clip (camera_n, start_ms) WHERE end_ms - start_ms > 7200000;
CREATE INDEX clip_cover ON clip (camera_n, cover_class, cover_from_ms, cover_to_ms, state, size_bytes, intervals);
CREATE INDEX clip_recording ON clip (root_n) WHERE state = 0;
CREATE INDEX clip_deleting ON clip (root_n, intent_seq) WHERE state = 2;
CREATE INDEX clip_gone ON clip (root_n, due_ms) WHERE state = 3;
CREATE INDEX clip_odd ON clip (root_n, size_bytes, flags) WHERE size_bytes = 0 OR flags & 8 <> 0; -- 8: undatable
CREATE INDEX clip_provisional ON clip (id) WHERE flags & 64 <> 0; -- 64: provisional_time
CREATE INDEX clip_ino ON clip (root_n, ino); -- a renamed file is known by its inode before its old name is missed
CREATE INDEX clip_refused ON clip (root_n) WHERE fail_count > 0;
CREATE INDEX clip_parked ON clip (id) WHERE parked = 1;

-- Key frames of a clip, for seeking; unsigned 32-bit little-endian milliseconds.
CREATE TABLE key_frames (
  clip_id       INTEGER PRIMARY KEY REFERENCES clip (id) ON DELETE CASCADE,
  at_ms         BLOB    NOT NULL
) STRICT;

-- The recorder's own files about a clip (thumbnail, XML): unlinked in the same batch.
CREATE TABLE sidecar (
  id            INTEGER PRIMARY KEY,
  clip_id       INTEGER NOT NULL REFERENCES clip (id) ON DELETE CASCADE,
  dir_id        INTEGER NOT NULL REFERENCES dir (id),
  name          TEXT    NOT NULL,              -- byte string
  UNIQUE (dir_id, name)
) STRICT;
CREATE INDEX sidecar_clip ON sidecar (clip_id);

-- Files we made from a clip (posters, later segments and exports), below <state>/derived/. Registered before they are written.
CREATE TABLE derived (
  id            INTEGER PRIMARY KEY,
  clip_id       INTEGER NOT NULL REFERENCES clip (id),
  kind          TEXT    NOT NULL CHECK (kind IN ('poster','segment','transcode')),
  file          TEXT    NOT NULL UNIQUE,       -- name below <state>/derived/, made of random characters
  made_ms       INTEGER NOT NULL
) STRICT;
CREATE INDEX derived_clip ON derived (clip_id);

-- Merged spans of footage per camera and hour, filled in the background, dropped by the triggers below whenever a clip
-- of that hour changes. An absent row means "compute it", so it can never be wrong, only absent.
CREATE TABLE coverage_hour (
  camera_n      INTEGER NOT NULL,
  hour_ms       INTEGER NOT NULL,              -- start of the hour
  spans         BLOB    NOT NULL,              -- pairs of unsigned 32-bit: from, to in ms after hour_ms
  PRIMARY KEY (camera_n, hour_ms)
) STRICT, WITHOUT ROWID;

-- Running totals per camera, kept by triggers: a scrape must not count a million rows.
CREATE TABLE camera_total (
  camera_n      INTEGER PRIMARY KEY,
  clips         INTEGER NOT NULL,
  bytes         INTEGER NOT NULL
) STRICT;

CREATE TRIGGER clip_inserted AFTER INSERT ON clip BEGIN
  INSERT INTO camera_total VALUES (NEW.camera_n, 1, NEW.size_bytes)
    ON CONFLICT (camera_n) DO UPDATE SET clips = clips + 1, bytes = bytes + excluded.bytes;
  DELETE FROM coverage_hour WHERE camera_n = NEW.camera_n
    AND hour_ms BETWEEN NEW.start_ms - 3600000 AND NEW.end_ms;
END;
CREATE TRIGGER clip_deleted AFTER DELETE ON clip BEGIN
  UPDATE camera_total SET clips = clips - 1, bytes = bytes - OLD.size_bytes WHERE camera_n = OLD.camera_n;
  DELETE FROM coverage_hour WHERE camera_n = OLD.camera_n
    AND hour_ms BETWEEN OLD.start_ms - 3600000 AND OLD.end_ms;
END;
CREATE TRIGGER clip_changed AFTER UPDATE OF start_ms, end_ms, size_bytes, state, camera_n ON clip BEGIN
  UPDATE camera_total SET clips = clips - 1, bytes = bytes - OLD.size_bytes WHERE camera_n = OLD.camera_n;
  INSERT INTO camera_total VALUES (NEW.camera_n, 1, NEW.size_bytes)
    ON CONFLICT (camera_n) DO UPDATE SET clips = clips + 1, bytes = bytes + excluded.bytes;
  DELETE FROM coverage_hour WHERE camera_n = OLD.camera_n
    AND hour_ms BETWEEN OLD.start_ms - 3600000 AND OLD.end_ms;
  DELETE FROM coverage_hour WHERE camera_n = NEW.camera_n
    AND hour_ms BETWEEN NEW.start_ms - 3600000 AND NEW.end_ms;
END;

-- Files below a root that belong to no camera or no layout: counted and shown, deleted only by a confirmed rule of the
-- source (unowned_rule). At most 10,000 per root; root.unowned_files counts all.
CREATE TABLE unowned (
  root_n        INTEGER NOT NULL,
  path          TEXT    NOT NULL,              -- byte string below the root
  reason        TEXT    NOT NULL,              -- no_layout, no_camera, no_clip, unfinished, link, special, unreadable_dir, other_mount, too_deep
  size_bytes    INTEGER NOT NULL,
  seen_ms       INTEGER NOT NULL,              -- retention clock, its latest reading, when it was first seen as nobody's
  intent_seq    INTEGER,                       -- audit sequence of the intent while it is being deleted; NULL: it is not
  retry_ms      INTEGER,                       -- retention clock before which the rule does not look at it again; NULL: at once
  PRIMARY KEY (root_n, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX unowned_seen ON unowned (root_n, seen_ms) WHERE intent_seq IS NULL;
CREATE INDEX unowned_intent ON unowned (root_n, intent_seq) WHERE intent_seq IS NOT NULL;

-- The rule of a source for such files, as the configuration has it. It is in force when an administrator confirmed it.
CREATE TABLE unowned_rule (
  root_n        INTEGER PRIMARY KEY,
  delete_after_ms INTEGER NOT NULL CHECK (delete_after_ms > 0), -- by every evidence a file must be older
  configured_ms INTEGER NOT NULL,              -- retention clock of the start that found it in the configuration
  confirmed_by  TEXT,                          -- user name; NULL: waits
  confirmed_ms  INTEGER
) STRICT;

-- What is left of a deleted clip: enough to prove it, too little to name the file.
CREATE TABLE receipt (
  id            INTEGER PRIMARY KEY,
  clip_id       INTEGER NOT NULL,
  camera_n      INTEGER NOT NULL REFERENCES camera (n),
  start_ms      INTEGER NOT NULL,
  end_ms        INTEGER NOT NULL,
  due_ms        INTEGER NOT NULL,
  size_bytes    INTEGER NOT NULL,
  outcome       TEXT    NOT NULL CHECK (outcome IN ('deleted','deleted_recovered','already_gone','identity_changed','withdrawn_held','failed')),
  reason        TEXT    NOT NULL CHECK (reason IN ('retention','hold_released')),
  path_hash     BLOB    NOT NULL,              -- HMAC-SHA-256(path_key, root id NUL path), first 16 bytes
  intent_seq    INTEGER NOT NULL,
  terminal_seq  INTEGER NOT NULL,
  at_ms         INTEGER NOT NULL,              -- retention clock at T2
  links_left    INTEGER NOT NULL DEFAULT 0,    -- other names the content had when we removed ours: bytes may remain
  UNIQUE (clip_id, intent_seq)
) STRICT;
CREATE INDEX receipt_path ON receipt (path_hash);
CREATE INDEX receipt_time ON receipt (camera_n, start_ms);
CREATE INDEX receipt_at ON receipt (at_ms);

-- Holds, in immutable versions; the highest version of a hold counts. The journal has the same versions.
CREATE TABLE hold_version (
  hold_id       TEXT    NOT NULL,              -- UUID
  version       INTEGER NOT NULL CHECK (version >= 1),
  seq           INTEGER NOT NULL,              -- position in the journal, contiguous over all holds
  act           TEXT    NOT NULL,              -- what made it: placed, confirmed, asked, released ...
  by_user       TEXT    NOT NULL,
  at_ms         INTEGER NOT NULL,
  body          TEXT    NOT NULL,              -- the version as canonical JSON, as the journal has it (src/holds/version-json.ts)
  PRIMARY KEY (hold_id, version)
) STRICT, WITHOUT ROWID;

-- Pins: second names of held clips, <root>/.fortnight/holds/<hold>/<clip>-<inode>.pin (holds/keep/pins.ts). A row is durable
-- before its link is made and goes after the link has, so that nothing lies there that no row knows of.
CREATE TABLE pin (
  clip_id       INTEGER NOT NULL,              -- no reference: the pin may outlive the row of a clip that was replaced
  hold_id       TEXT    NOT NULL,
  ino           INTEGER NOT NULL,              -- of the file that is linked, as a signed 64-bit number
  root_n        INTEGER NOT NULL REFERENCES root (n),
  state         INTEGER NOT NULL CHECK (state IN (0,1,2,3)), -- 0 asked for (the link may be there), 1 made, 2 refused, 3 going
  why           TEXT,                          -- errno of the refusal; NULL: none
  PRIMARY KEY (clip_id, hold_id, ino)
) STRICT, WITHOUT ROWID;
CREATE INDEX pin_hold ON pin (hold_id, clip_id, state);
CREATE INDEX pin_refused ON pin (root_n, why) WHERE state = 2;

-- Copies of held clips, <root>/.fortnight/copies/<clip>-<inode of the source>.copy (holds/keep/copies.ts): what survives
-- truncation and overwriting in place. A row is durable before its file is begun, and goes after the file has.
CREATE TABLE copy (
  clip_id       INTEGER NOT NULL,              -- no reference: as of a pin
  root_n        INTEGER NOT NULL REFERENCES root (n),
  source_ino    INTEGER NOT NULL,              -- of the file that was copied, as a signed 64-bit number
  size_bytes    INTEGER NOT NULL,              -- a copy of another size is one of what the clip was before
  state         INTEGER NOT NULL CHECK (state IN (0,1,2,3,4)), -- 0 asked for (a part may be there), 1 made, 2 failed, 3 going, 4 the clip itself: its row names this file
  ino           INTEGER,                       -- of the copy itself, as a signed 64-bit number; NULL: not made
  mtime_ns      INTEGER,                       -- of the copy itself, when it was made
  sha256        BLOB,                          -- of every byte that was copied
  made_ms       INTEGER,                       -- retention clock
  why           TEXT,                          -- errno, or what was found instead; NULL: no failure
  -- What a full decode found (holds/keep/inspection.ts), or reading it again (holds/keep/verifier.ts).
  found         INTEGER CHECK (found IN (0,1,2,3,4)), -- 0 whole, 1 ends early, 2 errors, 3 could not be looked through, 4 no longer what was hashed; NULL: not looked yet
  found_ms      INTEGER,                       -- retention clock
  found_why     TEXT,                          -- of 3: no_ffmpeg, still, time, failed; NULL otherwise
  decoded_ms    INTEGER,                       -- how much of it decodes; NULL: unknown
  short_ms      INTEGER,                       -- how much earlier it ends than it ought to; 0: it does not
  errors        INTEGER,                       -- what the decoder complained of
  read_ms       INTEGER,                       -- retention clock when every byte was last found to be what was hashed; NULL: not since it was made
  PRIMARY KEY (clip_id, source_ino),
  CHECK (state NOT IN (1,4) OR (ino IS NOT NULL AND mtime_ns IS NOT NULL AND sha256 IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX copy_read ON copy (coalesce(read_ms, made_ms)) WHERE state IN (1,4);
CREATE INDEX copy_found ON copy (found, clip_id) WHERE state IN (1,4);

-- Strays: files among the pins and copies of a root that no other row leads to (holds/keep/strays.ts), as they were last seen.
CREATE TABLE stray (
  root_n        INTEGER NOT NULL REFERENCES root (n),
  path          TEXT    NOT NULL,              -- byte string below the root; names no footage
  size_bytes    INTEGER NOT NULL,
  seen_ms       INTEGER NOT NULL,              -- retention clock, when it was first seen
  intent_seq    INTEGER,                       -- audit sequence of the intent while it is being deleted; NULL: it is not
  PRIMARY KEY (root_n, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX stray_intent ON stray (root_n, intent_seq) WHERE intent_seq IS NOT NULL;

-- The audit chain (audit/entry.ts). No statement of this product updates or deletes a row, but for expiry,
-- which sets payload and salt to NULL.
CREATE TABLE audit (
  seq           INTEGER PRIMARY KEY,           -- contiguous from 1
  wall_ms       INTEGER NOT NULL,
  boot_id       TEXT    NOT NULL,
  boot_ms       INTEGER NOT NULL,
  kind          TEXT    NOT NULL,
  payload       TEXT,                          -- canonical JSON; NULL: expired
  salt          BLOB,
  payload_hash  BLOB    NOT NULL,
  prev_hash     BLOB    NOT NULL,
  hash          BLOB    NOT NULL,
  CHECK ((payload IS NULL) = (salt IS NULL))
) STRICT;
CREATE INDEX audit_time ON audit (wall_ms);
CREATE INDEX audit_kind ON audit (kind, seq);
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_no_change BEFORE UPDATE ON audit
  WHEN NEW.payload IS NOT NULL OR NEW.seq <> OLD.seq OR NEW.hash <> OLD.hash OR NEW.payload_hash <> OLD.payload_hash
    OR NEW.prev_hash <> OLD.prev_hash OR NEW.kind <> OLD.kind OR NEW.wall_ms <> OLD.wall_ms
    OR NEW.boot_id <> OLD.boot_id OR NEW.boot_ms <> OLD.boot_ms
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;

-- Accounts. Made by the CLI; never shared, never a default one.
CREATE TABLE account (
  id            INTEGER PRIMARY KEY,
  user_name     TEXT    NOT NULL UNIQUE,       -- lower case
  display_name  TEXT    NOT NULL,
  role          TEXT    NOT NULL CHECK (role IN ('security','facility','privacy','admin')),
  password_hash TEXT    NOT NULL,              -- PHC string, argon2id
  disabled      INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0,1)),
  language      TEXT    NOT NULL DEFAULT 'en',
  created_ms    INTEGER NOT NULL,
  changed_ms    INTEGER NOT NULL
) STRICT;

-- Sessions. The token itself is only in the cookie; here stands its hash.
CREATE TABLE session (
  token_hash    BLOB    PRIMARY KEY,           -- SHA-256 of the cookie value
  id            TEXT    NOT NULL UNIQUE,       -- public id, for the audit
  account_id    INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  csrf          TEXT    NOT NULL,              -- token every change must repeat
  created_ms    INTEGER NOT NULL,              -- retention clock (never steps back)
  used_ms       INTEGER NOT NULL,
  peer          TEXT    NOT NULL,
  purpose       TEXT,                          -- JSON {kind, note, caseRef}; NULL: none stated
  purpose_ms    INTEGER                        -- last activity under the purpose
) STRICT, WITHOUT ROWID;
CREATE INDEX session_account ON session (account_id, created_ms);

-- Open view windows: (session, camera, purpose, hour of footage). Ended ones are only in the audit.
CREATE TABLE view_window (
  id            INTEGER PRIMARY KEY,
  session_id    TEXT    NOT NULL,
  user_name     TEXT    NOT NULL,
  camera_n      INTEGER NOT NULL,
  hour_ms       INTEGER NOT NULL,
  purpose       TEXT    NOT NULL,
  start_seq     INTEGER NOT NULL,              -- audit sequence of its view_start
  UNIQUE (session_id, camera_n, purpose, hour_ms)
) STRICT;

-- Alarms that stand; they end with their cause.
CREATE TABLE alarm (
  code          TEXT    NOT NULL,
  subject       TEXT    NOT NULL DEFAULT '',   -- root id, camera id, hold id, or ''
  since_ms      INTEGER NOT NULL,
  detail        TEXT    NOT NULL DEFAULT '{}', -- JSON for the sentence's figures
  PRIMARY KEY (code, subject)
) STRICT, WITHOUT ROWID;
