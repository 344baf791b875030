/** The sheet of keys. */
import type { JSX } from 'preact';
import { Dialog } from '../parts/Dialog.tsx';
import { useTexts } from '../state/language.ts';

export function Help({ onClose }: { onClose: () => void }): JSX.Element {
  const { review, shared } = useTexts();
  const t = review.keyList;
  const keys: readonly (readonly [string, string])[] = [
    [t.playPause, 'space'],
    [t.jkl, 'J K L'],
    [t.picture, ', .'],
    [t.five, '← →'],
    [t.hour, 'PgUp PgDn'],
    [t.ends, 'Home End'],
    [t.zoom, '+ −'],
    [t.dayFortnight, 'D A'],
    [t.now, 'N'],
    [t.jump, 'T G'],
    [t.active, '↑ ↓'],
    [t.camera, '1–8'],
    [t.one, 'F'],
    [t.keys, '?'],
    [t.esc, 'Esc'],
  ];
  return (
    <Dialog class="help" title={review.keys} onClose={onClose}>
      <ul class="key-list">
        {keys.map(([what, press]) => (
          <li key={press}>
            <span>{what}</span>
            <span>
              {press.split(' ').map((k) => (
                <kbd key={k}>{k}</kbd>
              ))}
            </span>
          </li>
        ))}
      </ul>
      <div class="dialog-foot">
        <button class="button" onClick={onClose}>
          {shared.close}
        </button>
      </div>
    </Dialog>
  );
}
