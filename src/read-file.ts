/** Reading what is in a clip: fingerprint and probe of one pass over the bytes. */
import type { ClipKind } from './clips/clip.ts';
import type { Content } from './clips/change.ts';
import type { DirHandle } from './disk/handle.ts';
import { lacksPicture } from './clips/media-info.ts';
import { meetFile, readContent, type FileToRead, type Probing } from './disk/read-content.ts';
import type { Met } from './ingest/tree.ts';
import { probeFile, probeStill } from './media/probe.ts';

/** The content of a file; undefined when it is not as it was listed. `mounts`: see readContent. */
export function readFile(
  dir: DirHandle,
  file: FileToRead,
  how: { readonly mounts: boolean; readonly blindly: boolean },
): Content | undefined {
  const probe = how.blindly ? NO_PROBE : probing;
  return contentOf(file.kind, readContent(dir, file, { mounts: how.mounts, probe }));
}

/** A file met for the first time, and its content; see meetFile. */
export function meet(
  dir: DirHandle,
  file: { readonly name: string; readonly kind: ClipKind; readonly sinceMs: number },
  mounts: boolean,
): Met | undefined {
  const met = meetFile(dir, file, { mounts, probe: probing });
  return met && { stat: met.stat, content: contentOf(file.kind, met.content) };
}

const NO_PROBE: Probing = () => ({ ok: false, reason: 'given up', arbiter: false });

const probing: Probing = ({ fd, sizeBytes, kind, head, tail }) =>
  kind === 'still' ? probeStill(fd, sizeBytes, { head, tail }) : probeFile(fd, sizeBytes, { head, tail });

/** A still has no structure that could be incomplete; a recorder writes it at once. */
function contentOf(kind: ClipKind, read: ReturnType<typeof readContent>): Content | undefined {
  if (read === undefined) return undefined;
  const { fingerprint, probe } = read;
  const still = kind === 'still';
  if (probe.ok) {
    const { info, complete } = probe;
    return { fingerprint, media: info, arbiter: !still && lacksPicture(info), complete: still || complete };
  }
  return { fingerprint, media: null, arbiter: !still && probe.arbiter, complete: still };
}
