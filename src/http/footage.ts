/**
 * The way of footage out of the house (I7): a place among the running streams, the file opened by descriptor, the
 * record durable, everything asked once more, and only then the first byte. Leaving the place is the last act, after
 * the descriptor is closed: no open descriptor is ever unknown to those who must close it (I9).
 */
import type { Clip } from '../clips/clip.ts';
import { maySee, type Sight } from '../access/may-see.ts';
import { purposeOf, touchPurpose } from '../access/purpose.ts';
import type { Session } from '../access/session.ts';
import type { StreamPlace } from '../access/streams.ts';
import type { Admission } from '../access/viewing.ts';
import { FortnightError } from '../base/errors.ts';
import type { HttpDeps, OpenFootage } from './deps.ts';
import { Refusal } from './problems.ts';

/** What a request for footage stands on. */
export interface Looking {
  readonly deps: HttpDeps;
  readonly session: Session;
  readonly clipId: number;
}

/** The clip, or the refusal with its reason: `not_found`, or `gone` from its due moment on. */
export function clipToSee({ deps, session, clipId }: Looking): Clip {
  const sight = sightOf({ deps, session, clipId });
  if (sight.see === 'yes') return sight.clip;
  if (sight.see === 'unknown') throw new FortnightError('not_found', 'there is no such clip');
  const { reason, atMs } = sight;
  throw new Refusal('gone', 'this footage is gone', {
    details: { reason, ...(atMs === null ? {} : { atMs }) },
  });
}

/** Takes a place, runs `work`, leaves the place. Throws `too_many_requests`. */
export async function withPlace(
  looking: Looking,
  work: (place: StreamPlace) => Promise<void>,
): Promise<void> {
  const place = looking.deps.access.streams.enter(looking.clipId, looking.session);
  try {
    await work(place);
  } finally {
    place.leave();
  }
}

/** Opens the clip's file, runs `work`, closes the file. Throws `clip_unavailable` when it is not there or not itself. */
export async function withFile(looking: Looking, work: (file: OpenFootage) => Promise<void>): Promise<void> {
  const file = await looking.deps.footage.open(looking.clipId);
  if (file === undefined)
    throw new FortnightError('clip_unavailable', 'the disk of this footage is not there');
  try {
    demandIdentity(looking, file);
    await work(file);
  } finally {
    await file.close();
  }
}

/**
 * Writes the record of this look, then asks everything again: waiting took time. Throws `audit_unavailable`.
 * `place` is that of a stream; a still holds no file open and needs none.
 */
export async function admit(looking: Looking, clip: Clip, place?: StreamPlace): Promise<Admission> {
  const { deps, session } = looking;
  const nowMs = deps.clock.nowMs();
  const purpose = purposeOf(session, nowMs);
  if (purpose === undefined) throw new FortnightError('purpose_missing', 'state why you look first');
  const growingTo = clip.state === 'recording' ? nowMs : 0;
  const range = { fromMs: clip.startMs, toMs: Math.max(clip.endMs, growingTo, clip.startMs + 1) };
  const { cameraId } = clip;
  const admission = await deps.access.views.admit({ session, purpose, cameraId, range, nowMs });
  clipToSee(looking);
  if (place?.signal.aborted === true || !deps.access.sessions.isLive(session, deps.clock.nowMs()))
    throw new FortnightError('unauthenticated', 'the session has ended');
  return admission;
}

/** Counts bytes that left, and keeps session and purpose awake: who watches is not idle. */
export function counter(looking: Looking, admission: Admission): (bytes: number) => void {
  const { deps, session } = looking;
  return (bytes) => {
    const nowMs = deps.clock.nowMs();
    admission.count(bytes, nowMs);
    deps.access.sessions.touch(session, nowMs);
    touchPurpose(session, nowMs);
    deps.events.footageSent({ bytes });
  };
}

/** What running streams are asked every second: is the session alive, the purpose in force, the clip not due? */
export function mayGoOn(deps: HttpDeps, stream: StreamPlace): boolean {
  const nowMs = deps.clock.nowMs();
  const { session, clipId } = stream;
  if (!deps.access.sessions.isLive(session, nowMs) || purposeOf(session, nowMs) === undefined) return false;
  return sightOf({ deps, session, clipId }).see === 'yes';
}

function sightOf({ deps, session, clipId }: Looking): Sight {
  const parts = { clips: deps.clips, currentHolds: () => deps.holds.inForce() };
  const { userName } = session.account;
  return maySee(parts, clipId, { userName, nowMs: deps.clock.nowMs() });
}

/** In doubt about identity: do not show (I16). A recorder may have given the name to another recording. */
function demandIdentity({ deps, clipId }: Looking, file: OpenFootage): void {
  const known = deps.clips.location(clipId);
  const unchanged = known?.sizeBytes === file.sizeBytes && known.mtimeNs === file.mtimeNs;
  const growing = (): boolean => deps.clips.clip(clipId)?.state === 'recording';
  const same = known?.ino === file.ino && (unchanged || growing());
  if (!same) throw new FortnightError('clip_unavailable', 'the file is not the one that was indexed');
}
