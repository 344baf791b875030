/**
 * The subject as a few plain files: it starts in a quarter of the time it needs from the sources. A mutation changes
 * one place of the program on the way, for the tests of the tests.
 */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const SRC = fileURLToPath(new URL('../../src/', import.meta.url));
const NODE_MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

export interface Mutation {
  /** Below src/. */
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
}

export interface Bundle {
  readonly entry: string;
  remove(): void;
}

/** With code of the machine in them: they stay where they are. */
const NATIVE = ['better-sqlite3', '@node-rs/argon2'];
/** Where each looks for the others: beside the directory of what is joined. */
const THREADS = {
  'root-worker': join(SRC, 'root-worker.ts'),
  'probe-worker': join(SRC, 'probe-worker.ts'),
  'scan-worker': join(SRC, 'scan-worker.ts'),
};

/** Calls are counted per thread: an fsync beside the others would be made by another. */
const AT_ONCE: Mutation = { file: 'base/file-calls.ts', from: 'files === systemFiles', to: 'false' };

/** What is killed: a life in one thread, or a sweep with its root thread. */
const SUBJECTS = {
  life: {
    file: 'subject.ts',
    plugins: [{ name: 'threads-in-place', enforce: 'pre', resolveId: inPlace }],
    changes: [AT_ONCE],
  },
  overlap: { file: 'overlap-subject.ts', plugins: [], changes: [] },
} as const;

/** Bundles a subject. Throws when a mutation finds nothing to change. */
export async function bundleSubject(
  mutations: readonly Mutation[] = [],
  subject: keyof typeof SUBJECTS = 'life',
): Promise<Bundle> {
  const { file, plugins, changes } = SUBJECTS[subject];
  const outDir = mkdtempSync(join(tmpdir(), 'fortnight-subject-'));
  const missed = new Set([...changes, ...mutations]);
  await build({
    configFile: false,
    logLevel: 'error',
    root: SRC,
    plugins: [
      ...plugins,
      { name: 'mutations', enforce: 'pre', transform: (code, id) => mutate({ code, id }, missed) },
    ],
    ssr: { noExternal: true, external: NATIVE },
    build: {
      ssr: true,
      target: 'node24',
      outDir,
      emptyOutDir: true,
      minify: true,
      rolldownOptions: {
        input: { 'app/subject': join(HERE, file), ...THREADS },
        output: { entryFileNames: '[name].js', chunkFileNames: 'app/[name].js' },
      },
    },
  });
  if (missed.size > 0) throw new Error(`nothing to change in ${[...missed].map((m) => m.file).join(', ')}`);
  // Otherwise Node reads every file twice to find out what it is.
  writeFileSync(join(outDir, 'package.json'), '{"type":"module"}');
  symlinkSync(NODE_MODULES, join(outDir, 'node_modules'));
  symlinkSync(join(SRC, 'db', 'schema.sql'), join(outDir, 'app', 'schema.sql'));
  return {
    entry: join(outDir, 'app', 'subject.js'),
    remove: () => {
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}

/** A file with the mutations that concern it, which are taken from the set; undefined when there are none. */
function mutate({ code, id }: { code: string; id: string }, left: Set<Mutation>): string | undefined {
  const here = [...left].filter((m) => id === join(SRC, m.file));
  let changed = code;
  for (const mutation of here) {
    const before = changed;
    changed = changed.replace(mutation.from, mutation.to);
    if (changed !== before) left.delete(mutation);
  }
  return changed === code ? undefined : changed;
}

function inPlace(id: string): string | null {
  return id === 'node:worker_threads' ? join(HERE, 'in-place-threads.ts') : null;
}
