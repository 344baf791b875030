import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/base/error-codes.ts';

const guide = readFileSync(new URL('../../docs/guide/errors.md', import.meta.url), 'utf8');

it('the guide explains every error code, with its HTTP status and its exit status', () => {
  const rows = [...guide.matchAll(/^\| `(\w+)` \| (\d+) \| (\d+) \| (.+?) \| (.+?) \|$/gm)];
  const documented = rows.map(([, code, status, exit]) => [
    code,
    { status: Number(status), exit: Number(exit) },
  ]);
  expect(documented).toEqual(Object.entries(ERROR_CODES));
});
