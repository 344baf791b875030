/** What may be done to the pins and copies of a state that is as it should be. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { OTHER_HOLD, type Damages } from './checked-state.ts';
import { DAY, T0 } from './footage.ts';

export const KEPT_DAMAGE = {
  pin_without_hold: [
    [
      'a second name that nobody keeps',
      /no hold keeps: .fortnight\/holds\/11111111-2222-4333-8444-555555555555\/7-x.pin/,
      (s) => {
        mkdirSync(s.f.path(`.fortnight/holds/${OTHER_HOLD}`));
        writeFileSync(s.f.path(`.fortnight/holds/${OTHER_HOLD}/7-x.pin`), 'x');
      },
    ],
  ],
  mirror_left: [
    [
      'the copy of a hold that is over',
      /the copy of hold .*, which is over, is still there/,
      (s) => {
        s.place({ ...s.hold, version: 2, act: 'released', releasedMs: T0 - DAY, endsMs: T0 - DAY });
      },
    ],
  ],
  pin_without_clip: [
    [
      'a second name that no clip has',
      /no clip has: .fortnight\/holds\/.*\/7-x.pin/,
      (s) => {
        mkdirSync(s.f.path(`.fortnight/holds/${s.hold.holdId}`), { recursive: true });
        writeFileSync(s.f.path(`.fortnight/holds/${s.hold.holdId}/7-x.pin`), 'x');
      },
    ],
  ],
  stray_overdue: [
    [
      'a listed copy that nothing keeps any more',
      /nothing keeps: .fortnight\/copies\/7-x.copy/,
      (s) => {
        mkdirSync(s.f.path('.fortnight/copies'));
        writeFileSync(s.f.path('.fortnight/copies/7-x.copy'), 'x');
        s.run("INSERT INTO stray VALUES (1, '.fortnight/copies/7-x.copy', 1, 0, NULL)");
        s.place({ ...s.hold, version: 2, act: 'released', releasedMs: T0, endsMs: T0 });
        rmSync(s.f.path(`.fortnight/holds/${s.hold.holdId}.json`));
        // Nobody can set the time of a change back: the clock of the state is years ahead of it.
        s.run('UPDATE retention_clock SET r_ms = ?', Date.UTC(2096, 0, 1));
        s.run('UPDATE clip SET due_ms = ?, parked = 0', Date.UTC(2096, 0, 1));
      },
    ],
  ],
  pin_missing: [
    [
      'a second name that somebody removed',
      /the second name of clip 3 under hold .* is gone/,
      (s) => {
        s.run('INSERT INTO pin VALUES (3, ?, 99, 1, 1, NULL)', s.hold.holdId);
      },
    ],
  ],
  copy_without_clip: [
    [
      'a copy that nobody knows of',
      /a copy that no clip has: .fortnight\/copies\/7-x.copy/,
      (s) => {
        mkdirSync(s.f.path('.fortnight/copies'));
        writeFileSync(s.f.path('.fortnight/copies/7-x.copy'), 'x');
      },
    ],
  ],
  copy_missing: [
    [
      'a copy that somebody removed',
      /the copy of clip 3 is gone or was written to/,
      (s) => {
        s.run(
          "INSERT INTO copy (clip_id, root_n, source_n, source_ino, size_bytes, state, ino, mtime_ns, sha256, made_ms) VALUES (3, 1, 1, 99, 5, 1, 98, 0, x'00', 0)",
        );
      },
    ],
  ],
  held_not_pinned: [
    [
      'a clip that was never pinned',
      /1 clips under hold .* have no second name/,
      (s) => {
        const at = s.hold.terms.window.fromMs;
        s.f.add('cam/held.mp4', { startMs: at, endMs: at + 10_000, camera: 'hall' });
      },
    ],
    [
      'a clip whose file is not the one that is pinned',
      /1 clips under hold .* have no second name/,
      (s) => {
        const at = s.hold.terms.window.fromMs;
        const id = s.f.add('cam/held.mp4', { startMs: at, endMs: at + 10_000, camera: 'hall' });
        s.run('INSERT INTO pin VALUES (?, ?, 99, 1, 1, NULL)', id, s.hold.holdId);
      },
    ],
  ],
} as const satisfies Damages;
