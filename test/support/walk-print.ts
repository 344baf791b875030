/** Prints the steps of a walk as JSON, for tests that need a mount namespace of their own. */
import { openRootDir } from '../../src/disk/handle.ts';
import { walk } from '../../src/disk/walk.ts';

const root = openRootDir(process.argv[2] ?? '');
const steps = [...walk(root)].map((step) =>
  step.is === 'refused'
    ? { is: step.is, path: step.path, reason: step.reason }
    : { is: step.is, path: step.path },
);
process.stdout.write(JSON.stringify(steps));
