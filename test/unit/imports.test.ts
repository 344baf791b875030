import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type IConfiguration, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratch, type Scratch } from '../tools/scratch.ts';

const REPOSITORY = new URL('../..', import.meta.url).pathname;
const RULES = new URL('../../.dependency-cruiser.mjs', import.meta.url).href;

async function violations(baseDir: string): Promise<string[]> {
  const { forbidden, options } = ((await import(RULES)) as { default: IConfiguration }).default;
  const settings = {
    ...options!,
    ruleSet: { forbidden },
    validate: true,
    baseDir,
  } as ICruiseOptions;
  const { output } = await cruise(['src'], settings);
  const { summary } = output as ICruiseResult;
  return summary.violations.map((v) => `${v.rule.name}: ${v.from} -> ${v.to}`);
}

describe('imports', () => {
  it('go only downwards, and what belongs to one room stays in it', async () => {
    expect(await violations(REPOSITORY)).toEqual([]);
  });
});

describe('the import rules', () => {
  /** A small program that breaks each rule on purpose. */
  const BROKEN: Readonly<Record<string, string>> = {
    'base/clock.ts': "import '../config/load.ts';",
    'base/range.ts': 'export {};',
    'config/load.ts': "import '../http/server.ts';",
    'http/server.ts': "import '../db/open.ts'; import '../app.ts';",
    'db/open.ts': "import '../observe/log.ts';",
    'observe/log.ts': 'export {};',
    'retention/decide.ts': "import 'node:fs'; import '../db/open.ts'; import '../retention/sweeper.ts';",
    'retention/sweeper.ts': "import '../retention/decide.ts';",
    'holds/lonely.ts': 'export {};',
    'audit/one.ts': "import type { Other } from '../access/other.ts'; export type One = Other;",
    'access/other.ts': "import type { One } from '../audit/one.ts'; export type Other = One;",
    'clips/here.ts': "import type { There } from './there.ts'; export type Here = There;",
    'clips/there.ts': "import type { Here } from './here.ts'; export type There = Here;",
    'media/thumbnails.ts': "import '../nowhere.ts';",
    'web/main.ts': "import '../base/range.ts'; import '../http/server.ts';",
    'cli/check/check.ts': "import '../../db/open.ts';",
    'app.ts': "import './cli/check/check.ts'; import './web/main.ts'; import './media/thumbnails.ts';",
  };
  let broken: Scratch;
  let found: string[];

  beforeAll(async () => {
    broken = scratch();
    for (const [file, code] of Object.entries(BROKEN)) {
      mkdirSync(join(broken.path, 'src', file, '..'), { recursive: true });
      writeFileSync(join(broken.path, 'src', file), code);
    }
    writeFileSync(join(broken.path, 'tsconfig.json'), '{ "include": ["src"] }');
    found = await violations(broken.path);
  });
  afterAll(() => {
    broken.remove();
  });

  it.each([
    'no-cycles: src/retention/decide.ts',
    'no-cycles-between-rooms: src/access/other.ts',
    'no-orphans: src/holds/lonely.ts',
    'no-unresolvable: src/media/thumbnails.ts',
    'base-imports-nothing: src/base/clock.ts',
    'config-imports-base-only: src/config/load.ts',
    'domain-below-adapters: src/retention/decide.ts',
    'http-stays-apart: src/http/server.ts',
    'db-stays-apart: src/db/open.ts',
    'only-the-top-wires: src/http/server.ts',
    'check-stands-alone: src/cli/check/check.ts -> src/db/open.ts',
    'pure-files-import-pure-files: src/retention/decide.ts -> src/retention/sweeper.ts',
    'pure-files-touch-nothing: src/retention/decide.ts',
    'the-page-imports-types-of-the-api: src/web/main.ts -> src/base/range.ts',
    'the-page-imports-types-only: src/web/main.ts -> src/http/server.ts',
    'nobody-imports-the-page: src/app.ts',
  ])('notice %s', (expected) => {
    expect(found.filter((v) => v.startsWith(expected))).not.toEqual([]);
  });

  it('leave types that refer to one another within a room alone', () => {
    expect(found.filter((v) => v.includes('src/clips/'))).toEqual([]);
  });
});
