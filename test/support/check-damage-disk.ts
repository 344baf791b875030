/** What may be done to holds and files of a state that is as it should be, and the sentence by which `check` names it. */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { signCheckpoint, type Checkpoint } from '../../src/audit/checkpoint.ts';
import { signVersion } from '../../src/holds/journal.ts';
import { MIRROR_KEY, OTHER_HOLD, type Checked, type Damages } from './checked-state.ts';
import { T0 } from './footage.ts';

/** The copy of the audit's head that the root was given. */
function head(s: Checked, checkpoint: Checkpoint): void {
  writeFileSync(s.f.path('.fortnight/head'), signCheckpoint(checkpoint, MIRROR_KEY));
}

export const DISK_DAMAGE = {
  journal_torn: [
    [
      'a torn line',
      /torn/,
      (s) => {
        appendFileSync(s.inState('holds.journal'), '{"mac":');
      },
    ],
  ],
  journal_unreadable: [
    [
      'a line that is no version',
      /line 2 .* cannot be read/,
      (s) => {
        appendFileSync(s.inState('holds.journal'), 'x\n');
      },
    ],
  ],
  journal_forged: [
    [
      'a line under another key',
      /line 2 .* not the one that was written/,
      (s) => {
        const line = signVersion({ seq: 2, version: s.hold }, Buffer.alloc(32, 1));
        appendFileSync(s.inState('holds.journal'), `${line}\n`);
      },
    ],
  ],
  hold_not_indexed: [
    [
      'a hold that only the journal has',
      /in the journal but not in the index/,
      (s) => s.journal.append({ ...s.hold, holdId: OTHER_HOLD }),
    ],
  ],
  hold_not_journaled: [
    [
      'a hold that only the index has',
      /in the index but not in the journal/,
      (s) => {
        writeFileSync(s.inState('holds.journal'), '');
      },
    ],
  ],
  hold_differs: [
    [
      'a hold with a narrower window in the index',
      /differs/,
      (s) => {
        s.run("UPDATE hold_version SET body = json_set(body, '$.terms.window.toMs', 1)");
      },
    ],
  ],
  mirror_foreign: [
    [
      'a planted mirror',
      /not of this installation/,
      (s) => {
        s.mirror(signVersion({ seq: 1, version: s.hold }, Buffer.alloc(32, 1)), { name: OTHER_HOLD });
      },
    ],
  ],
  mirror_missing: [
    [
      'a mirror taken away',
      /is missing or old/,
      (s) => {
        rmSync(s.f.path(`.fortnight/holds/${s.hold.holdId}.json`));
      },
    ],
  ],
  mirror_unknown: [
    [
      'a mirror of a hold the journal does not know',
      /the journal has not/,
      (s) => {
        const version = { ...s.hold, holdId: OTHER_HOLD };
        s.mirror(signVersion({ seq: 2, version }, MIRROR_KEY), { name: OTHER_HOLD });
      },
    ],
  ],
  root_ahead: [
    [
      'a root that has seen more holds',
      /does not know/,
      (s) => {
        s.mirror(signVersion({ seq: 1, version: s.hold }, MIRROR_KEY), { name: s.hold.holdId, seq: 9 });
      },
    ],
  ],
  audit_behind: [
    [
      'a root that has seen more records',
      /another record 9/,
      (s) => {
        head(s, { seq: 9, hash: 'ab'.repeat(32), rMs: T0 });
      },
    ],
    [
      'a root that has seen another record',
      /another record 2/,
      (s) => {
        head(s, { seq: 2, hash: 'ab'.repeat(32), rMs: T0 });
      },
    ],
  ],
  clip_without_file: [
    [
      'a clip without its file',
      /without its file: cam\/new.mp4/,
      (s) => {
        rmSync(s.f.path('cam/new.mp4'));
      },
    ],
  ],
  file_without_clip: [
    [
      'a file the index does not know',
      /know: cam\/x.mp4/,
      (s) => {
        writeFileSync(s.f.path('cam/x.mp4'), '');
      },
    ],
    [
      'one file of nobody more than were counted',
      /know: cam\//,
      (s) => {
        s.run('UPDATE root SET unowned_files = 1');
        writeFileSync(s.f.path('cam/x.mp4'), '');
        writeFileSync(s.f.path('cam/y.mp4'), '');
      },
    ],
  ],
  other_file: [
    [
      'a longer file under the name',
      /another file/,
      (s) => {
        appendFileSync(s.f.path('cam/new.mp4'), 'more');
      },
    ],
    [
      'a file of the same size on another inode',
      /another file/,
      (s) => {
        writeFileSync(s.f.path('cam/other'), readFileSync(s.f.path('cam/new.mp4')));
        renameSync(s.f.path('cam/other'), s.f.path('cam/new.mp4'));
      },
    ],
  ],
  content_changed: [
    [
      'other bytes in the file the index knows',
      /another file/,
      (s) => {
        s.run('UPDATE clip SET fingerprint = zeroblob(16)');
      },
    ],
  ],
  unreadable: [
    [
      'a directory too deep to be reached by its path',
      /cannot be listed \(ENAMETOOLONG\)/,
      (s) => {
        const nest = 'n=$(printf "d%.0s" {1..250}); for i in {1..20}; do mkdir $n && cd $n; done';
        spawnSync('bash', ['-c', nest], { cwd: s.f.path('cam') });
      },
    ],
  ],
  deleted_but_there: [
    [
      'a file back from its deletion',
      /calls deleted what is there: cam\/old.mp4/,
      (s) => {
        writeFileSync(s.f.path('cam/old.mp4'), Buffer.alloc(1000));
        utimesSync(s.f.path('cam/old.mp4'), T0 / 1000 - 86_400, T0 / 1000 - 86_400);
      },
    ],
  ],
  derived_without_row: [
    [
      'a picture left behind',
      /picture of no clip/,
      (s) => {
        writeFileSync(s.inState('derived/left.jpg'), 'x');
      },
    ],
  ],
  derived_without_file: [
    [
      'a picture that is gone',
      /is not there: poster/,
      (s) => {
        rmSync(s.inState('derived/poster.jpg'));
      },
    ],
  ],
  leftover: [
    [
      'footage left in our own directory',
      /nothing of ours belongs there: .fortnight\/drill\/x.mp4/,
      (s) => {
        mkdirSync(s.f.path('.fortnight/drill'));
        writeFileSync(s.f.path('.fortnight/drill/x.mp4'), 'x');
      },
    ],
  ],
} as const satisfies Damages;
