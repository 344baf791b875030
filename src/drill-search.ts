/**
 * The search of the deletion drill, as a process of its own: the daemon must never open the file of its index beside
 * SQLite, since closing any descriptor of it drops SQLite's locks; and a descriptor into a hung mount hangs whoever looks
 * at it. Question and answer are one JSON document each.
 *
 *   drill-search.js <question>
 */
import { join } from 'node:path';
import { filesContain, isOpen } from './disk/traces.ts';

export interface SearchQuestion {
  readonly stateDir: string;
  /** The daemon. */
  readonly pid: number;
  readonly names: readonly string[];
  /** Hexadecimal; empty: unknown. */
  readonly fingerprint: string;
  /** `<device>:<inode>`. */
  readonly files: readonly string[];
}

export interface SearchAnswer {
  readonly pages: boolean;
  readonly descriptor: boolean;
}

const { stateDir, pid, names, fingerprint, files } = JSON.parse(process.argv[2] ?? '') as SearchQuestion;
const needles = [...names.map((n) => Buffer.from(n, 'latin1')), Buffer.from(fingerprint, 'hex')];
const answer: SearchAnswer = {
  pages: filesContain(
    ['index.db', 'index.db-wal'].map((name) => join(stateDir, name)),
    needles.filter((n) => n.length > 0),
  ),
  descriptor: isOpen(pid, new Set(files)),
};
process.stdout.write(JSON.stringify(answer));
