/** Joins what shows a clip: opening its file, its poster, and the second opinion of ffprobe; and what ends all of that. */
import { join } from 'node:path';
import type { Access } from '../access/access.ts';
import { after } from '../base/delay.ts';
import type { Log } from '../base/log.ts';
import type { IndexWriter } from '../clips/index-writer.ts';
import { KeptOpen } from '../clips/kept-open.ts';
import type { OpenedClip } from '../clips/opened.ts';
import { createPosters, type Posters } from '../clips/posters.ts';
import type { ClipLocation, ClipReader } from '../clips/store.ts';
import { createPosterStore } from '../db/clips/derived.ts';
import { createDerivedFiles } from '../disk/derived-files.ts';
import type { RootClient } from '../disk/root-client.ts';
import type { CopyStore } from '../holds/keep/copies.ts';
import type { Inspector } from '../holds/keep/inspector.ts';
import type { Preserver } from '../holds/keep/preserver.ts';
import type { Verifier } from '../holds/keep/verifier.ts';
import type { PinStore } from '../holds/keep/pins.ts';
import { createMedia, type JobEnd, type Media } from '../media/media.ts';
import type { Tools } from '../media/tools.ts';
import { isSame, openAsKnown } from './open-as-known.ts';
import { SecondOpinion } from './second-opinion.ts';
import type { State } from './state.ts';

export interface FootageParts {
  readonly state: State;
  readonly log: Log;
  readonly nowMs: () => number;
  readonly reader: Pick<ClipReader, 'clip' | 'location'>;
  readonly client: () => Pick<RootClient, 'open'>;
  /** Where a clip is played from when its recorder took the original away. */
  readonly held: {
    readonly pins: Pick<PinStore, 'places'>;
    readonly copies: Pick<CopyStore, 'places'>;
    readonly preserver: Pick<Preserver, 'over'>;
    readonly inspector: Pick<Inspector, 'over' | 'stop'>;
    readonly verifier: Pick<Verifier, 'over'>;
  };
  readonly index: Pick<IndexWriter, 'setMedia'>;
  readonly access: () => Pick<Access, 'streams'>;
  readonly onJob: (end: JobEnd) => void;
  readonly findTools?: (() => Promise<Tools>) | undefined;
}

export interface JoinedFootage {
  readonly media: Media;
  readonly posters: Posters;
  /** Opens a clip's file; undefined when its root or its file is not there. */
  open(clipId: number): Promise<OpenedClip | undefined>;
  /** The same for somebody who looks, and will ask for more of it (kept-open.ts). */
  view(clipId: number): Promise<OpenedClip | undefined>;
  /** Asks ffprobe about clips that no probe in process could read; what it finds goes into the index. */
  arbitrate(clipIds: readonly number[]): void;
  /** X of the delete protocol: when it resolves, no descriptor, child or derived file of these clips is left. */
  close(clipIds: readonly number[], derivedFiles: readonly string[]): Promise<void>;
  /** Ends all jobs; new ones are refused. */
  stop(): Promise<void>;
}

export function joinFootage(parts: FootageParts): JoinedFootage {
  const { state, reader, log, held } = parts;
  const media = createMedia({ log, onJob: parts.onJob, findTools: parts.findTools });
  const files = createDerivedFiles(join(state.dir, 'derived'));
  const openFrom = async (clipId: number, location: ClipLocation): Promise<OpenedClip | undefined> => {
    const client = parts.client();
    const grows = (): boolean => reader.clip(clipId)?.state === 'recording';
    const original = await openAsKnown(client, location, grows);
    if (original !== undefined) return original;
    for (const place of held.pins.places(clipId)) {
      const pinned = await openAsKnown(client, { ...location, ...place });
      if (pinned !== undefined) return pinned;
    }
    for (const place of held.copies.places(clipId)) {
      const copy = await openAsKnown(client, { ...location, ...place });
      if (copy !== undefined) return copy;
    }
    return undefined;
  };
  const open = async (clipId: number): Promise<OpenedClip | undefined> => {
    const location = reader.location(clipId);
    const opened = location && (await openFrom(clipId, location));
    if (location === undefined || opened !== undefined) return opened;
    // Its recorder may have taken it away just now, and it became its pin or its copy while we looked.
    const now = reader.location(clipId);
    const moved = now !== undefined && (now.dir !== location.dir || now.ino !== location.ino);
    return moved ? openFrom(clipId, now) : undefined;
  };
  const kept = new KeptOpen({ open, isCurrent: (clipId, file) => isSettled(reader, clipId, file), after });
  const posters = createPosters({
    store: createPosterStore(state.db, parts.nowMs),
    files,
    open,
    make: ({ clipId, fd, outFile }) => media.makePoster({ fd, atMs: 0, outFile }, { key: String(clipId) }),
  });
  const second = new SecondOpinion({ media, open, index: parts.index, log });
  return {
    media,
    posters,
    open,
    view: (clipId) => kept.open(clipId),
    arbitrate: (ids) => {
      second.ask(ids);
    },
    close: async (clipIds, derivedFiles) => {
      if (clipIds.length > 0) {
        await Promise.all([
          parts
            .access()
            .streams.closeForClips(clipIds)
            .then(() => kept.closeForClips(clipIds)),
          second.end(clipIds),
          held.inspector.over(clipIds),
          held.verifier.over(clipIds),
          ...clipIds.map((id) => media.endJobs(String(id))),
        ]);
        await posters.over(clipIds);
        await held.preserver.over(clipIds);
      }
      await files.remove(derivedFiles);
    },
    stop: async () => {
      await kept.closeAll();
      await second.stop();
      await held.inspector.stop();
      await media.stop();
    },
  };
}

/** Of a file that still grows another range may be asked than there was when it was opened. */
function isSettled(reader: FootageParts['reader'], clipId: number, file: OpenedClip): boolean {
  const known = reader.location(clipId);
  return known !== undefined && isSame(file, known) && reader.clip(clipId)?.state === 'live';
}
