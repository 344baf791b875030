/** Opening a file of a root as the index knows it, and no other that has its name by now (I16). */
import { FortnightError } from '../base/errors.ts';
import type { OpenedClip } from '../clips/opened.ts';
import type { ClipLocation } from '../clips/store.ts';
import type { RootClient } from '../disk/root-client.ts';

/**
 * Undefined when the root cannot be used, when nothing is there, or when it is something else. `grows`: whether it is
 * still being written to, so that it may differ.
 */
export async function openAsKnown(
  client: Pick<RootClient, 'open'>,
  at: ClipLocation,
  grows: () => boolean = () => false,
): Promise<OpenedClip | undefined> {
  try {
    const opened = await client.open(at);
    if (opened === undefined || isSame(opened, at) || grows()) return opened;
    await opened.close();
    return undefined;
  } catch (error) {
    if (error instanceof FortnightError && error.code === 'root_refused') return undefined;
    throw error;
  }
}

export function isSame(opened: OpenedClip, known: ClipLocation): boolean {
  const { ino, sizeBytes, mtimeNs } = known;
  return opened.ino === ino && opened.sizeBytes === sizeBytes && opened.mtimeNs === mtimeNs;
}
