/** The cameras beside their rows; on a phone as chips. Recording or not is said in words, never by a sign alone. */
import type { JSX } from 'preact';
import type { Camera } from '../../http/api/index.ts';
import { serverNow } from '../state/clock.ts';
import { useWords } from '../state/language.ts';
import type { Words } from '../texts/words.ts';
import { useStore, useValue, type Store } from '../state/store.ts';
import type { Scene } from '../timeline/scene.ts';
import type { Desk } from './desk.ts';
import { choose } from './moves.ts';

export function CameraRows({ desk, scene }: { desk: Desk; scene: Store<Scene> }): JSX.Element {
  const cameras = useValue(desk.cameras);
  const words = useWords();
  const { order, layout } = useValue(desk.stage);
  const hot = useStore(scene, (s) => s.hotCamera);
  return (
    <div class="camera-rows">
      {cameras.map((camera) => {
        const place = order.slice(0, layout).indexOf(camera.id);
        const state = stateOf(camera, words);
        return (
          <button
            key={camera.id}
            class="camera-row"
            data-hot={hot === camera.id}
            data-lost={state.lost}
            aria-pressed={place >= 0}
            onClick={() => {
              choose(desk, camera.id);
            }}
          >
            <span>
              <b>{camera.name[words.language]}</b>
              <small>{state.text}</small>
            </span>
            {place >= 0 ? <kbd>{place + 1}</kbd> : null}
          </button>
        );
      })}
    </div>
  );
}

export function CameraChips({ desk }: { desk: Desk }): JSX.Element {
  const { language, texts } = useWords();
  useValue(desk.stage);
  return (
    <div class="camera-chips" role="group" aria-label={texts.review.camera}>
      {desk.cameras.get().map((camera) => (
        <button
          key={camera.id}
          class="button"
          aria-pressed={desk.activeCamera === camera.id}
          onClick={() => {
            choose(desk, camera.id);
          }}
        >
          {camera.name[language]}
        </button>
      ))}
    </div>
  );
}

function stateOf(camera: Camera, { texts, time }: Words): { text: string; lost: boolean } {
  if (camera.retired) return { text: texts.review.retired, lost: false };
  if (camera.recording) return { text: texts.review.recording, lost: false };
  if (camera.lastEndMs === null) return { text: texts.review.neverRecorded, lost: true };
  const today = time.day(camera.lastEndMs) === time.day(serverNow());
  const since = today ? time.minute(camera.lastEndMs) : time.weekday(camera.lastEndMs);
  return { text: texts.review.noSignal(since), lost: true };
}
