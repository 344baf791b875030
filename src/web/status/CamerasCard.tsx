/** The cameras: recording or since when not, and the coverage of the last day where the role may see it. */
import type { JSX } from 'preact';
import type { Camera } from '../../http/api/index.ts';
import { serverNow } from '../state/clock.ts';
import { useWords } from '../state/language.ts';
import type { Words } from '../texts/words.ts';
import { DAY_MS, HOUR_MS } from '../time/zone.ts';
import { ticksIn } from '../timeline/ticks.ts';
import { Card } from './Card.tsx';
import type { StatusData } from './data.ts';

const WIDTH = 1000;
const HEIGHT = 17;
/** Room for the labels at both ends of the axis where it is narrowest: "yesterday 00:13", and "now". */
const AXIS_CLEAR = { startMs: 8.5 * HOUR_MS, endMs: 4 * HOUR_MS };

export function CamerasCard({ data }: { data: StatusData }): JSX.Element {
  const { texts } = useWords();
  const live = data.cameras.filter((c) => !c.retired);
  const recording = live.filter((c) => c.recording).length;
  const tone = recording < live.length ? 'bad' : 'ok';
  const chip = { tone, text: texts.status.recordingOf(recording, live.length) } as const;
  return (
    <Card icon="camera" title={texts.status.cameras} span={7} chip={chip}>
      <ul class="status-cameras">
        {data.cameras.map((camera) => (
          <Line key={camera.id} camera={camera} data={data} />
        ))}
      </ul>
      {data.coverage === undefined ? null : <Axis nowMs={data.coverage.nowMs} />}
    </Card>
  );
}

function Line({ camera, data }: { camera: Camera; data: StatusData }): JSX.Element {
  const words = useWords();
  const lost = !camera.recording && !camera.retired;
  return (
    <li data-lost={lost}>
      <span class={lost ? 'dot off' : 'dot'} />
      <span>{camera.name[words.language]}</span>
      <Strip camera={camera} data={data} />
      <span class="status-camera-state">{stateOf(camera, words)}</span>
    </li>
  );
}

function stateOf(camera: Camera, { texts, time }: Words): string {
  if (camera.retired) return texts.review.retired;
  if (camera.recording) return texts.status.recordingNow;
  return camera.lastEndMs === null
    ? texts.status.never
    : texts.status.silentSince(sinceWhen(camera.lastEndMs, time));
}

/** The time alone says enough within a day. */
function sinceWhen(ms: number, time: Words['time']): string {
  return serverNow() - ms < DAY_MS ? time.minute(ms) : time.day(ms);
}

/** The last day of a camera: recorded as a line, missing as a red bar. */
function Strip({ camera, data }: { camera: Camera; data: StatusData }): JSX.Element {
  const { coverage } = data;
  if (coverage === undefined) return <span class="status-strip" />;
  const from = coverage.nowMs - DAY_MS;
  const mine = coverage.cameras.find((c) => c.cameraId === camera.id);
  const box = (s: { fromMs: number; toMs: number }): { x: number; width: number } => {
    const x = (Math.max(0, s.fromMs - from) / DAY_MS) * WIDTH;
    return { x, width: Math.max(1.5, ((s.toMs - from) / DAY_MS) * WIDTH - x) };
  };
  const gaps = (mine?.gaps ?? []).filter((g) => g.reason === 'none' && g.toMs - g.fromMs >= 60_000);
  return (
    <svg
      class="status-strip"
      viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {(mine?.spans ?? []).map((s) => (
        <rect key={s.fromMs} {...box(s)} y={HEIGHT - 7} height="5" fill="var(--cov)" />
      ))}
      {gaps.map((g) => (
        <rect key={g.fromMs} {...box(g)} y="0" height={HEIGHT} fill="var(--danger)" />
      ))}
    </svg>
  );
}

/** Full hours where they lie, between a day ago and now. */
function Axis({ nowMs }: { nowMs: number }): JSX.Element {
  const { texts, time } = useWords();
  const day = { fromMs: nowMs - DAY_MS, toMs: nowMs };
  const hours = ticksIn(day, 6 * HOUR_MS, time.zone).filter(
    (at) => at - day.fromMs > AXIS_CLEAR.startMs && nowMs - at > AXIS_CLEAR.endMs,
  );
  return (
    <div class="status-axis">
      <span>{texts.status.yesterday(time.minute(day.fromMs))}</span>
      {hours.map((at) => (
        <span key={at} style={{ left: `${String(((at - day.fromMs) / DAY_MS) * 100)}%` }}>
          {time.minute(at)}
        </span>
      ))}
      <span>{texts.shared.now}</span>
    </div>
  );
}
