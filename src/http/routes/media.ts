/** Footage itself: the bytes of a clip, and one picture of it. */
import { hash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { ClipPath } from '../api/index.ts';
import type { OpenFootage } from '../deps.ts';
import { admit, clipToSee, counter, withFile, withPlace, type Looking } from '../footage.ts';
import { mediaHeaders } from '../media-type.ts';
import { Refusal } from '../problems.ts';
import { answerRange, rangeCounts, type RangeAnswer } from '../range.ts';
import { guarded, type Answer, type Call } from '../route.ts';
import { sendPart } from '../sender.ts';
import type { Session } from '../../access/session.ts';
import type { Clip } from '../../clips/clip.ts';

type ClipCall = Call<Session, { readonly id: number }, unknown, unknown>;

const VIDEO_TYPES = ['video/mp4', 'video/x-matroska', 'video/mp2t', 'video/x-msvideo', 'image/jpeg'];

export const clipMedia = guarded({
  method: 'GET',
  path: '/api/v1/clips/:id/media',
  summary: 'The bytes of a clip, or one range of them',
  allow: 'footage.view',
  needsPurpose: true,
  params: ClipPath,
  output: { status: 200, bytes: VIDEO_TYPES },
  handle: (call) => streaming(call, sendMedia),
});

export const clipPoster = guarded({
  method: 'GET',
  path: '/api/v1/clips/:id/poster',
  summary: 'One picture of a clip',
  allow: 'footage.view',
  needsPurpose: true,
  params: ClipPath,
  output: { status: 200, bytes: ['image/jpeg'] },
  handle: (call) => streaming(call, sendPoster),
});

function streaming(call: ClipCall, send: (call: ClipCall, res: ServerResponse) => Promise<void>): Answer {
  return { send: (res) => send(call, res) };
}

async function sendMedia(call: ClipCall, res: ServerResponse): Promise<void> {
  const looking: Looking = { deps: call.deps, session: call.session, clipId: call.params.id };
  const clip = clipToSee(looking);
  await withPlace(looking, async (place) => {
    await withFile(looking, async (file) => {
      const etag = etagOf(clip, file);
      const range = rangeOf(call, file, etag);
      if (call.head) {
        writeHead(call, res, { clip, file, etag, range });
        res.end();
        return;
      }
      const admission = await admit(looking, clip, place);
      writeHead(call, res, { clip, file, etag, range });
      const { from, to } = range.kind === 'part' ? range : { from: 0, to: file.sizeBytes };
      await sendPart(res, {
        fd: file.fd,
        from,
        to,
        signal: place.signal,
        onSent: counter(looking, admission),
      });
    });
  });
}

async function sendPoster(call: ClipCall, res: ServerResponse): Promise<void> {
  const looking: Looking = { deps: call.deps, session: call.session, clipId: call.params.id };
  const clip = clipToSee(looking);
  const picture = await call.deps.posters.poster(clip.id);
  if (!call.head) {
    const admission = await admit(looking, clip);
    counter(looking, admission)(picture.length);
  }
  res.setHeader('Content-Type', 'image/jpeg');
  res.setHeader('Content-Length', picture.length);
  res.end(call.head ? undefined : picture);
}

/** Strong, and of this content only: another file under the same name has another tag. */
function etagOf(clip: Clip, file: OpenFootage): string {
  const identity = [clip.id, file.ino, file.sizeBytes, file.mtimeNs].join(' ');
  return `"${hash('sha256', identity, 'base64url').slice(0, 22)}"`;
}

function rangeOf(
  call: ClipCall,
  file: OpenFootage,
  etag: string,
): Exclude<RangeAnswer, { kind: 'unsatisfiable' }> {
  const ifRange = call.req.headers['if-range'];
  const counts = !call.head && rangeCounts(typeof ifRange === 'string' ? ifRange : undefined, etag);
  const range = answerRange(counts ? call.req.headers.range : undefined, file.sizeBytes);
  if (range.kind !== 'unsatisfiable') return range;
  throw new Refusal('range_not_satisfiable', 'the clip is shorter', {
    headers: { 'content-range': `bytes */${String(file.sizeBytes)}` },
  });
}

interface Head {
  readonly clip: Clip;
  readonly file: OpenFootage;
  readonly etag: string;
  readonly range: Exclude<RangeAnswer, { kind: 'unsatisfiable' }>;
}

function writeHead(call: ClipCall, res: ServerResponse, head: Head): void {
  const { clip, file, etag, range } = head;
  const size = file.sizeBytes;
  const container = call.deps.clips.media(clip.id, false)?.container;
  for (const [name, value] of Object.entries(mediaHeaders(clip, container)))
    res.setHeader(name, value as string);
  res.setHeader('Accept-Ranges', 'bytes');
  res.setHeader('ETag', etag);
  // Opened in a tab of its own, footage runs nothing and reaches nothing.
  res.setHeader('Content-Security-Policy', "default-src 'none'; media-src 'self'; img-src 'self'; sandbox");
  if (range.kind === 'part') {
    res.statusCode = 206;
    res.setHeader('Content-Range', `bytes ${String(range.from)}-${String(range.to - 1)}/${String(size)}`);
    res.setHeader('Content-Length', range.to - range.from);
  } else {
    res.setHeader('Content-Length', size);
  }
}
