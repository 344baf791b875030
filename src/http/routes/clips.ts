/** Clips one by one, for those who may see them. */
import { decide, maySeeIt } from '../../retention/decide.ts';
import type { Looker } from '../../access/may-see.ts';
import type { Clip } from '../../clips/clip.ts';
import { breathe } from '../../base/delay.ts';
import { FortnightError } from '../../base/errors.ts';
import type { ClipPageQuery } from '../../clips/store.ts';
import { ClipDetail, ClipPage, ClipPath, ClipQuery, type ClipView } from '../api/index.ts';
import type { HttpDeps } from '../deps.ts';
import { clipToSee } from '../footage.ts';
import { guarded } from '../route.ts';
import { windowOf } from '../window.ts';
import { demandCamera } from './cameras.ts';

export const clips = guarded({
  method: 'GET',
  path: '/api/v1/clips',
  summary: 'Clips of a camera in a window, by start, page by page',
  allow: 'footage.list',
  query: ClipQuery,
  output: { status: 200, json: ClipPage },
  handle: async ({ deps, session, query, nowMs }) => {
    const { camera: cameraId, cursor, limit } = query;
    demandCamera(deps, cameraId);
    const asked = { cameraId, window: windowOf(query), limit };
    const page = await shownPage(
      deps,
      cursor === undefined ? asked : { ...asked, after: readCursor(cursor) },
      { userName: session.account.userName, nowMs },
    );
    return { status: 200, json: page };
  },
});

/**
 * The next clips people may see. Clips that are due and still on the disk (a backlog can be many thousands) are passed
 * over here, in slices: a page is never empty while more follow.
 */
async function shownPage(deps: HttpDeps, query: ClipPageQuery, to: Looker): Promise<ClipPage> {
  let ask = query;
  for (;;) {
    const page = deps.clips.page(ask);
    const clips = page.flatMap((c) => shown(deps, c, to));
    const last = page.at(-1);
    if (last === undefined || page.length < ask.limit) return { clips, nextCursor: null };
    if (clips.length > 0) return { clips, nextCursor: `${String(last.startMs)}.${String(last.id)}` };
    ask = { ...ask, after: { startMs: last.startMs, id: last.id } };
    await breathe();
  }
}

export const clip = guarded({
  method: 'GET',
  path: '/api/v1/clips/:id',
  summary: 'One clip with its key frames',
  allow: 'footage.list',
  params: ClipPath,
  output: { status: 200, json: ClipDetail },
  handle: ({ deps, session, params, nowMs }) => {
    const found = clipToSee({ deps, session, clipId: params.id });
    const [view] = shown(deps, found, { userName: session.account.userName, nowMs });
    if (view === undefined) throw new FortnightError('not_found', 'there is no such clip');
    const keyFramesMs = [...(deps.clips.media(found.id, true)?.keyFramesMs ?? [])];
    return { status: 200, json: { ...view, keyFramesMs } };
  },
});

function readCursor(cursor: string): { startMs: number; id: number } {
  const [, startMs, id] = /^(\d{1,15})\.(\d{1,15})$/.exec(cursor) ?? [];
  if (startMs === undefined || id === undefined)
    throw new FortnightError('invalid', 'the cursor is not one of ours');
  return { startMs: Number(startMs), id: Number(id) };
}

/** The clip as this person sees it; nothing when they may not see it any more. */
function shown(deps: HttpDeps, of: Clip, { userName, nowMs }: Looker): ClipView[] {
  const decision = decide(of, deps.holds.inForce(), nowMs);
  const { id, cameraId, kind, state, startMs, endMs, sizeBytes, flags, dueMs } = of;
  if (!maySeeIt(decision, userName) || (state !== 'recording' && state !== 'live')) return [];
  const heldBy = decision.reasons.flatMap((r) => (r.code === 'held' ? [r.caseRef] : []));
  const base = { id, cameraId, kind, state, startMs, endMs, sizeBytes, flags: [...flags], dueMs, heldBy };
  return [{ ...base, media: mediaOf(deps, id) }];
}

function mediaOf(deps: HttpDeps, clipId: number): ClipView['media'] {
  const info = deps.clips.media(clipId, false);
  if (info === undefined) return null;
  const { container, videoCodec, audioCodec, widthPx, heightPx, frameRate, durationMs, fragmented } = info;
  return { container, videoCodec, audioCodec, widthPx, heightPx, frameRate, durationMs, fragmented };
}
