/** Steps of the protocols left out or in the wrong order: the crash tests must notice each. */
import type { Mutation } from './bundle.ts';

const DURABLE = /answer\(\{\s*of: 'durable',[\s\S]*?\n {4}\}\);/;

/** Only a power cut shows these: a kill loses nothing that was written. */
export const MUTATIONS = {
  'synchronous=NORMAL': [
    { file: 'db/open.ts', from: "'synchronous = FULL', 2", to: "'synchronous = NORMAL', 1" },
  ],
  'no directory fsync': [
    { file: 'disk/erase.ts', from: 'for (const dir of this.#dirs.values()) dir.fsync();', to: '' },
  ],
  'T2 before D': [
    {
      file: 'root-calls.ts',
      from: DURABLE,
      to: "answer({ of: 'durable', failure: undefined }); setTimeout(() => batch.makeDurable(), 300);",
    },
    { file: 'root-calls.ts', from: '    batch.close();\n', to: '' },
  ],
} as const satisfies Record<string, readonly Mutation[]>;

/** A kill shows these. */
export const KILL_MUTATIONS = {
  'nothing is settled at start': [
    {
      file: 'retention/delete-protocol.ts',
      from: 'store.unfinishedIntents(rootId)',
      to: 'store.unfinishedIntents(rootId).slice(0, 0)',
    },
  ],
  'no intent before the unlink': [
    {
      file: 'db/retention/sweep.ts',
      from: 'markDeleting.run(seq, JSON.stringify(taken));',
      to: 'setTimeout(() => markDeleting.run(seq, JSON.stringify(taken)), 0);',
    },
  ],
} as const satisfies Record<string, readonly Mutation[]>;
