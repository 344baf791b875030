/** What the threads of the roots are asked for and answer once. */
import { FortnightError } from '../base/errors.ts';
import { copyDir, type CopyDisk } from '../holds/keep/copies.ts';
import type { PinDisk } from '../holds/keep/pins.ts';
import type { StrayDisk } from '../holds/keep/strays.ts';
import type { RootClient } from './root-client.ts';
import type { RootAddress, RootAnswer, RootRequest } from './root-messages.ts';

export type Once = (rootId: string, request: RootRequest) => Promise<RootAnswer>;

export function nameCalls(once: Once): Pick<RootClient, 'emptyDirs' | 'sights' | 'removeDirs'> {
  return {
    emptyDirs: async (rootId) => {
      const answer = await once(rootId, { op: 'empty_dirs' });
      if (answer.of !== 'empty_dirs') throw refusal(answer);
      return answer.paths;
    },
    sights: async (rootId, paths) => {
      const answer = await once(rootId, { op: 'sight', paths });
      if (answer.of !== 'sights') throw refusal(answer);
      return answer.sights;
    },
    removeDirs: async (rootId, paths) => {
      const answer = await once(rootId, { op: 'remove_dirs', paths });
      if (answer.of !== 'removed') throw refusal(answer);
      return answer.dirs;
    },
  };
}

export function drillCalls(once: Once): Pick<RootClient, 'plant' | 'drillNames' | 'clearDrill'> {
  return {
    plant: async (rootId, clip) => {
      const answer = await once(rootId, { op: 'plant', clip });
      if (answer.of !== 'planted') throw refusal(answer);
      return answer.file;
    },
    drillNames: async (rootId) => {
      const answer = await once(rootId, { op: 'drill_names' });
      if (answer.of !== 'drill_names') throw refusal(answer);
      return answer.names;
    },
    clearDrill: async (rootId, names) => {
      const answer = await once(rootId, { op: 'drill_clear', names });
      if (answer.of !== 'drill_cleared') throw refusal(answer);
    },
  };
}

/** `source`: where clips may be read, when they are copied to another place. */
export function heldCalls(
  once: Once,
  source: (rootId: string) => RootAddress | undefined,
): PinDisk & CopyDisk {
  return {
    pin: async (rootId, holdId, tasks) => {
      const answer = await once(rootId, { op: 'pin', holdId, tasks });
      if (answer.of !== 'pinned') throw refusal(answer);
      return answer.results;
    },
    unpin: async (rootId, holdId, pins) => {
      const answer = await once(rootId, { op: 'unpin', holdId, pins });
      if (answer.of !== 'unpinned') throw refusal(answer);
    },
    prunePins: async (rootId) => {
      const answer = await once(rootId, { op: 'prune_pins' });
      if (answer.of !== 'unpinned') throw refusal(answer);
    },
    copy: async (at, tasks, keepFreeBytes) => {
      const { placeId, sourceId } = at;
      const from = placeId === sourceId ? undefined : source(sourceId);
      if (from === undefined && placeId !== sourceId)
        throw refusal({ of: 'refused', state: 'offline', why: 'the root of the clips is not online' });
      const answer = await once(placeId, { op: 'copy', tasks, keepFreeBytes, dir: copyDir(at), from });
      if (answer.of !== 'copied') throw refusal(answer);
      return answer.results;
    },
    readCopies: async (rootId, copies) => {
      const answer = await once(rootId, { op: 'read_copies', copies });
      if (answer.of !== 'copies_read') throw refusal(answer);
      return answer.readings;
    },
    hashOf: async (rootId, file) => {
      const answer = await once(rootId, { op: 'hash', file });
      if (answer.of !== 'hashed') throw refusal(answer);
      return answer.sha256;
    },
    renameCopy: async (placeId, names) => {
      const answer = await once(placeId, { op: 'rename_copy', ...names });
      if (answer.of !== 'copy_named') throw refusal(answer);
      return answer.done;
    },
    settleCopy: async (placeId, copy) => {
      const answer = await once(placeId, { op: 'settle_copy', copy });
      if (answer.of !== 'copy_named') throw refusal(answer);
      return answer.done;
    },
    removeCopies: async (rootId, copies) => {
      const answer = await once(rootId, { op: 'remove_copies', copies });
      if (answer.of !== 'unpinned') throw refusal(answer);
    },
  };
}

export function mirrorCalls(once: Once): Pick<RootClient, 'mirror' | 'mark' | 'dropMirrors' | 'readMirrors'> {
  const change = async (rootId: string, request: RootRequest): Promise<void> => {
    const answer = await once(rootId, request);
    if (answer.of !== 'mirrored') throw refusal(answer);
  };
  return {
    mirror: (rootId, file) => change(rootId, { op: 'mirror', ...file }),
    mark: (rootId, last) => change(rootId, { op: 'mark', ...last }),
    dropMirrors: (rootId, names) => change(rootId, { op: 'drop_mirrors', names }),
    readMirrors: async (rootId) => {
      const answer = await once(rootId, { op: 'read_mirrors' });
      if (answer.of !== 'mirrors') throw refusal(answer);
      return answer;
    },
  };
}

export function strayCalls(once: Once): StrayDisk {
  return {
    ownNames: async (rootId, dir) => {
      const answer = await once(rootId, { op: 'own_names', dir });
      if (answer.of !== 'own_names') throw refusal(answer);
      return answer;
    },
    adoptPins: async (rootId, holdId, pins) => {
      const answer = await once(rootId, { op: 'adopt_pins', holdId, pins });
      if (answer.of !== 'pinned') throw refusal(answer);
      return answer.results;
    },
    ends: async (placeId, paths) => {
      const answer = await once(placeId, { op: 'ends', paths });
      if (answer.of !== 'ends') throw refusal(answer);
      return answer.ends;
    },
  };
}

export function refusal(answer: RootAnswer): FortnightError {
  const why =
    answer.of === 'refused'
      ? answer.why
      : answer.of === 'failed' || answer.of === 'not_durable'
        ? answer.message
        : `unexpected ${answer.of}`;
  return new FortnightError('root_refused', `the root could not be used: ${why}`);
}
