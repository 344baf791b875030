/** Joins what concerns files nobody owns: the list for people, and the sweep by the rules of the sources. */
import { FortnightError } from '../base/errors.ts';
import {
  compileLayout,
  type CompiledLayout,
  type PathMeaning,
  type Reading,
} from '../clips/layouts/index.ts';
import type { SourceConfig } from '../config/config.ts';
import type { Reserve } from '../db/reserve.ts';
import { createUnownedStore } from '../db/retention/unowned.ts';
import type { ListedFile, UnownedList } from '../db/retention/unowned-list.ts';
import { displayName } from '../disk/handle.ts';
import type { UnownedPage, UnownedQuery } from '../http/api/index.ts';
import { UnownedSweep, type UnownedDeps, type UnownedStore } from '../retention/unowned-sweep.ts';
import type { Rooms } from './rooms.ts';

const PAGE = 200;

/** A page of the list as people get it. Throws `invalid` for a cursor that is none. */
export function unownedPage(list: UnownedList, query: UnownedQuery): UnownedPage {
  const limit = query.limit ?? PAGE;
  const after = query.cursor === undefined ? undefined : fromCursor(query.cursor);
  const files = list.page({ rootId: query.root, reason: query.reason, after, limit });
  const last = files.at(-1);
  return {
    files: files.map((file) => ({
      ...file,
      path: displayName(file.path),
      pathBytes: Buffer.from(file.path, 'latin1').toString('base64url'),
      seenMs: Math.max(0, file.seenMs),
    })),
    nextCursor: last === undefined || files.length < limit ? null : toCursor(last),
  };
}

function toCursor({ rootId, path }: Pick<ListedFile, 'rootId' | 'path'>): string {
  return Buffer.from(`${rootId}\0${path}`, 'latin1').toString('base64url');
}

function fromCursor(cursor: string): { rootId: string; path: string } {
  const [rootId = '', path] = Buffer.from(cursor, 'base64url').toString('latin1').split('\0');
  if (path === undefined) throw new FortnightError('invalid', 'the cursor is not one of this list');
  return { rootId, path };
}

/** The sweep over one source at a time. */
export function joinUnownedSweep(
  rooms: Pick<Rooms, 'state' | 'roots' | 'sweeping' | 'retention' | 'inForce' | 'config' | 'log' | 'events'>,
): UnownedSweep {
  const { state, roots, sweeping, retention, inForce, config, log, events } = rooms;
  const sources = new Map(config.sources.map((s) => [s.id, ruleOf(s)]));
  const deps: UnownedDeps = {
    store: withReserve(createUnownedStore(state.db, state.audit), state.reserve),
    eraser: sweeping.client,
    gate: sweeping.gate,
    sights: (rootId, paths) => sweeping.client.sights(rootId, paths),
    circumstances: (rootId, path) => {
      const source = sources.get(rootId);
      const reading = source && readingOf(source, path);
      if (source === undefined || reading === 'owned') return undefined;
      const { cameraIds, layout } = source;
      return { reading, maxClipMs: layout.maxClipMs, cameraIds, holds: state.holdSet.inForce() };
    },
    blocked: (rootId) => [
      ...(state.reserve.gone ? (['audit_reserve_gone'] as const) : []),
      ...roots.blocked(rootId),
      ...(sweeping.store.breakerSinceMs(rootId) === null ? [] : (['breaker'] as const)),
    ],
    timesBelievable: () => retention.timesBelievable(),
    nowMs: () => retention.nowMs(),
    retentionMs: () => inForce.ms(),
    onEnd: (rootId, ends) => {
      events.unownedEnded({ rootId, ends });
    },
    failing: (rootId, why) => {
      roots.markFailing(rootId, why, 'not_durable');
    },
    doubt: (rootId, why) => {
      log.warn('root_doubt', { rootId, why });
      void roots.check();
    },
  };
  return new UnownedSweep(deps);
}

interface Rule {
  readonly layout: CompiledLayout;
  readonly cameras: Readonly<Record<string, string>>;
  readonly cameraIds: ReadonlySet<string>;
}

function ruleOf(source: SourceConfig): Rule {
  const { cameras } = source;
  const layout = compileLayout({ ...source, cameras: Object.keys(cameras) });
  return { layout, cameras, cameraIds: new Set(Object.values(cameras)) };
}

/** `owned`: by the configuration of today the path is a clip of a camera, or the recorder's own business. */
function readingOf({ layout, cameras }: Rule, path: string): Reading | 'owned' | undefined {
  const meaning: PathMeaning | undefined = layout.read(path);
  switch (meaning?.is) {
    case 'clip':
      return Object.hasOwn(cameras, meaning.reading.recorderCamera) ? 'owned' : meaning.reading;
    case 'companion':
      return 'owned';
    case 'sidecar':
      return meaning.alone;
    case 'unfinished':
      return meaning.abandoned;
    case undefined:
      return undefined;
  }
}

/** A deletion is recorded also on a full disk, as long as the reserve lasts. */
function withReserve(store: UnownedStore, reserve: Reserve): UnownedStore {
  return {
    ...store,
    begin: (rootId, paths, judge) => reserve.use(() => store.begin(rootId, paths, judge)),
    finish: (...args) => {
      reserve.use(() => {
        store.finish(...args);
      });
    },
  };
}
