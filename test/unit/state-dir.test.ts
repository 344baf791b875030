import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeStateDir } from '../../src/app/state.ts';
import { scratch } from '../tools/scratch.ts';

it('a state directory that cannot be made is told with what makes it, not as a defect', () => {
  const dir = scratch();
  makeStateDir(join(dir.path, 'var', 'fortnight'));
  expect(statSync(join(dir.path, 'var', 'fortnight')).mode & 0o777).toBe(0o700);
  writeFileSync(join(dir.path, 'file'), '');
  const impossible = join(dir.path, 'file', 'state');
  expect(() => {
    makeStateDir(impossible);
  }).toThrow(
    expect.objectContaining({
      code: 'state_unsafe',
      message: `the state directory "${impossible}" cannot be made: ENOTDIR`,
      hint: expect.stringContaining(impossible) as string,
    }),
  );
  dir.remove();
});
