/** The timeline in words: gaps and holds of the view, for those who cannot use the canvas. */
import type { JSX } from 'preact';
import { useWords } from '../state/language.ts';
import { useStore, type Store } from '../state/store.ts';
import { toldGaps } from '../timeline/footage.ts';
import type { Scene } from '../timeline/scene.ts';

interface Entry {
  readonly key: string;
  readonly camera: string;
  readonly what: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const MOST = 500;

export function AsList({
  scene,
  onSeek,
}: {
  scene: Store<Scene>;
  onSeek: (ms: number) => void;
}): JSX.Element {
  const { texts, time } = useWords();
  const { review } = texts;
  const shown = useStore(scene, (s) => s);
  const entries = entriesOf(shown);
  return (
    <section class="as-list" aria-label={review.listTitle}>
      <h2>{review.listTitle}</h2>
      {entries.length === 0 ? <p class="muted">{review.listEmpty}</p> : null}
      <table>
        <thead>
          <tr>
            <th>{review.camera}</th>
            <th>{review.what}</th>
            <th>{review.from}</th>
            <th>{review.to}</th>
            <th>{review.length}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((e) => (
            <tr key={e.key}>
              <td>{e.camera}</td>
              <td>{e.what}</td>
              <td>
                <button
                  class="link"
                  onClick={() => {
                    onSeek(e.fromMs);
                  }}
                >
                  {time.moment(e.fromMs)}
                </button>
              </td>
              <td>{time.moment(e.toMs)}</td>
              <td>{time.span(e.toMs - e.fromMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function entriesOf({ coverage, cameras, view, words }: Scene): Entry[] {
  const { review, shared } = words.texts;
  const visible = (s: { fromMs: number; toMs: number }): boolean =>
    s.toMs > view.fromMs && s.fromMs < view.toMs;
  const entries = cameras.flatMap((camera) => {
    const known = coverage.cameras.find((c) => c.cameraId === camera.id);
    const entry = (s: { fromMs: number; toMs: number }, what: string): Entry => ({
      key: `${camera.id} ${what} ${String(s.fromMs)}`,
      camera: camera.name,
      what,
      fromMs: s.fromMs,
      toMs: s.toMs,
    });
    const told = { nowMs: coverage.nowMs, recording: camera.recording };
    const gaps = known === undefined ? [] : toldGaps(known, told).filter(visible);
    const holds = (known?.holds ?? []).filter(visible);
    return [
      ...gaps.map((g) => entry(g, g.reason === 'deleted' ? shared.deleted : review.gap)),
      ...holds.map((h) => entry(h, review.heldFor(h.caseRef))),
    ];
  });
  return entries.sort((a, b) => a.fromMs - b.fromMs).slice(0, MOST);
}
