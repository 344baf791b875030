/**
 * Where `fortnight` starts.
 *
 * The database's native code crashes without a word on an old Node, so nothing may be imported that leads to it before
 * the version has been looked at: the rest of the program is imported below, dynamically. This file and node-version.ts
 * must stay readable to Node 20.
 */
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { carriedNode, nodeIsGoodEnough, runUnder, tooOldSentence } from './node-version.ts';

/**
 * Garbage is collected a megabyte at a time, in every thread. Left alone, V8 lets the space for new objects grow to 32
 * MB per thread and keeps it: a third of the memory of the daemon, for nothing that anybody would notice.
 */
const SMALL_NURSERY = '--semi-space-growth-factor=1';
/** A megabyte is collected faster by the thread itself than by four that must agree; a first index takes an eighth less. */
const BY_ITSELF = '--no-parallel-scavenge';

async function main(): Promise<number> {
  if (!nodeIsGoodEnough(process.versions.node)) {
    const carried = carriedNode(fileURLToPath(new URL('.', import.meta.url)));
    if (carried !== undefined) return runUnder(carried);
    process.stderr.write(`fortnight: ${tooOldSentence(process.versions.node)}\n`);
    return 69;
  }
  setFlagsFromString(SMALL_NURSERY);
  setFlagsFromString(BY_ITSELF);
  const { runFromProcess } = await import('./cli/process.ts');
  return runFromProcess();
}

// Not exitCode: a stray timer or descriptor must not keep a daemon that has stopped. What was written to a pipe, a file
// or a terminal is out by now (these writes are synchronous on Linux).
process.exit(await main());
